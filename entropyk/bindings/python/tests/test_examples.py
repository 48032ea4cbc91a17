"""What the README and the examples say runs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

BINDINGS = Path(__file__).parents[1]
README = BINDINGS.parents[1] / "README.md"


def test_the_readmes_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("4.")


def test_the_wheels_readme_is_the_same() -> None:
    assert (BINDINGS / "README.md").read_bytes() == README.read_bytes()


def test_the_simple_example(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(BINDINGS / "examples" / "simple_cycle.py"), run_name="__main__")
    assert capsys.readouterr().out.startswith("COP 4.6")
