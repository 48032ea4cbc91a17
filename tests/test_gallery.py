"""The gallery: a picture for every option, and a page that says how each was drawn."""

import inspect
import sys
from pathlib import Path

import pytest
import vulkan_forge as vf
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "gallery"
sys.path.insert(0, str(ROOT / "tools"))

import gallery  # noqa: E402
from gallery_table import ROWS, SETTING  # noqa: E402

# What says how large, of what cells and on what to draw, not what it looks like.
NO_LOOKS = {"dem", "size", "spacing", "device", "prefer_software"}


def test_every_option_has_a_picture():
    options = set(inspect.signature(vf.render).parameters) - NO_LOOKS
    shown = [set(row.shows.split()) for row in ROWS]
    assert set().union(*shown) == options, "a new option needs a row in tools/gallery_table"
    for row, words in zip(ROWS, shown, strict=True):
        missing = {word for word in words if f"{word}=" not in row.code + SETTING}
        assert not missing, f"{row.name} does not use {missing}"
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_the_page_is_what_the_table_makes():
    assert (FOLDER / "README.md").read_text(
        encoding="utf-8"
    ) == gallery.readme(), "run `python3 dev.py gallery` and look at what changed"


def test_pictures_are_there_and_small():
    files = {path.stem: path for path in FOLDER.glob("*.jpg")}
    assert set(files) == {row.name for row in ROWS}
    assert all(path.stat().st_size <= gallery.MOST_BYTES for path in files.values())
    assert sum(path.stat().st_size for path in files.values()) < 6_500_000
    for path in files.values():
        with Image.open(path) as picture:
            assert picture.size == (960, 600), path.name


@pytest.mark.gpu
def test_rows_draw_what_is_committed():
    """The plain setting, as its JPEG has it: within what JPEG loses."""
    import numpy as np

    drawn = gallery.draw(ROWS[0]).astype(float)
    with Image.open(FOLDER / "plain.jpg") as picture:
        committed = np.asarray(picture.convert("RGB")).astype(float)
    assert np.abs(drawn - committed).mean() < 2
