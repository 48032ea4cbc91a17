"""What is published as a crate has all that its build reads, and no more than a Rust user wants."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READ = ("build", "src", "shaders")  # by cargo, by the build script, and by `include_bytes!`


@pytest.fixture(scope="module")
def packaged() -> set[str]:
    if not shutil.which("cargo"):
        pytest.skip("cargo is missing")
    command = ["cargo", "package", "--list", "--allow-dirty", "--locked", "--offline"]
    env = os.environ | {"CARGO_TERM_COLOR": "never"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_package_has_all_that_is_compiled(packaged):
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in READ
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert len(wanted) > 200
    assert not wanted - packaged


def test_whatever_a_source_takes_in_is_packaged(packaged):
    taken = 0
    for path in (ROOT / "src").rglob("*.rs"):
        for name in re.findall(r'include_(?:bytes|str)!\("([^"]+)"\)', path.read_text("utf-8")):
            file = (path.parent / name).resolve().relative_to(ROOT).as_posix()
            assert file in packaged, f"{path.name} takes in {file}"
            taken += 1
    assert taken >= 2


def test_the_build_script_reads_no_other_folder():
    script = (ROOT / "build" / "main.rs").read_text("utf-8")
    assert set(re.findall(r"rerun-if-changed=(\w+)", script)) <= set(READ)
    assert set(re.findall(r'\.join\("(\w+)"\)', script)) <= {*READ, "include"}


def test_examples_for_rust_and_nothing_of_python_go_with_it(packaged):
    # One in a crate of its own, such as that of winit, is no part of this one.
    own = [path for path in (ROOT / "examples").rglob("*.rs") if "src" not in path.parts]
    examples = {path.relative_to(ROOT).as_posix() for path in own}
    assert len(examples) >= 3 and examples <= packaged
    assert {"LICENSE", "README.md", "Cargo.toml"} <= packaged
    assert not [name for name in packaged if name.endswith((".py", ".png", ".tif"))]
