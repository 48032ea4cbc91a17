"""docs/why.md: what it claims, run as a reader would."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from vulkan_forge.cli import main

pytest.importorskip("rasterio")
pytestmark = pytest.mark.gpu
TEXT = (Path(__file__).resolve().parent.parent / "docs" / "why.md").read_text(encoding="utf-8")


def test_every_line_of_it_runs(tmp_path, monkeypatch):
    script = tmp_path / "why.py"
    script.write_text("\n".join(re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    out = done.stdout
    assert "look like degrees" in out and "4 x 4" in out and "did you mean 'viridis'" in out
    assert re.search(r"^[0-3] of 255 at most$", out, re.M), out
    assert re.search(r"^True EPSG:4326$", out, re.M), out
    assert int(re.search(r"^(\d+) steps of alpha", out, re.M)[1]) > 2
    monkeypatch.chdir(tmp_path)
    for line in re.findall(r"^vf (.+)$", TEXT, re.M):
        assert main(line.split()) == 0
