"""`Image.save`: the suffix says what is written, and files that are open already take a PNG."""

import io
import sys

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def picture():
    return vf.render(dems.ridge(12, 12), size=(40, 30), background=(0.2, 0.4, 0.6, 0.5))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "PNG"), ("a.PNG", "PNG"), ("b.jpg", "JPEG"), ("b.JPEG", "JPEG"), ("c.webp", "WEBP")],
)
def test_the_suffix_is_what_is_written(picture, tmp_path, name, kind):
    picture.save(tmp_path / name)
    with PillowImage.open(tmp_path / name) as file:
        assert file.format == kind
        read = np.asarray(file.convert("RGBA"))
    if kind != "JPEG":
        np.testing.assert_array_equal(read, picture.rgba)
        return
    alpha = picture.rgba[..., 3:] / 255
    on_white = picture.rgba[..., :3] * alpha + 255 * (1 - alpha)
    assert np.abs(read[..., :3] - on_white).mean() < 2


@pytest.mark.parametrize("name", ["a", "a.", "a.bmp", "a.png.gz", ".png", "ä.jpgg"])
def test_other_suffixes_and_none_are_refused(picture, tmp_path, name):
    with pytest.raises(vf.InvalidInputError, match=r"path must end in one of \.png, \.jpg"):
        picture.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_open_files(picture, tmp_path):
    memory = io.BytesIO()
    picture.save(memory)
    with open(tmp_path / "raw", "wb", buffering=0) as file:
        picture.save(file)
    assert (tmp_path / "raw").read_bytes() == memory.getvalue() == picture._repr_png_()
    with pytest.raises(vf.InvalidInputError, match="open for bytes"):
        picture.save(io.StringIO())
    with open(tmp_path / "raw", "rb") as file, pytest.raises(vf.ImageFileError):
        picture.save(file)


def test_without_pillow_a_png_is_a_png_and_a_jpeg_is_refused(picture, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    picture.save(tmp_path / "a.png")
    with pytest.raises(vf.MissingExtraError, match="JPEG needs PIL"):
        picture.save(tmp_path / "a.jpg")
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_a_file_that_cannot_be_written_stays_as_it_was(picture, tmp_path):
    (tmp_path / "a.jpg").mkdir()
    with pytest.raises(vf.ImageFileError, match="regular file"):
        picture.save(tmp_path / "a.jpg")
    with pytest.raises(vf.ImageFileError):
        picture.save(tmp_path / "none" / "a.webp")


def test_words_that_callers_match(tmp_path):
    wanted = r"unsupported array; expected uint8 \(H,W\), \(H,W,3\) or \(H,W,4\)"
    for array in (np.ones((4, 4)), np.ones(4, np.uint8), np.ones((2, 2, 5), np.uint8)):
        with pytest.raises(vf.InvalidInputError, match=wanted):
            vf.numpy_to_png(tmp_path / "x.png", array)
    with pytest.raises(
        vf.InvalidInputError, match=r"expected last dimension to be 3 \(RGB\) or 4 \(RGBA\)"
    ):
        vf.numpy_to_png(tmp_path / "x.png", np.ones((4, 4, 2), np.uint8))
    with pytest.raises(vf.InvalidInputError, match="spacing components must be finite and > 0"):
        vf.grid_generate(3, 3, spacing=(0, 1))


def test_a_mask_of_water_is_checked_when_it_is_given(renderer):
    renderer.add_terrain(dems.ridge(12, 10))
    with pytest.raises(vf.InvalidInputError, match="water mask must have the DEM's shape"):
        renderer.set_water(np.ones((3, 4), bool))
    renderer.set_water(np.ones(dems.ridge(12, 10).shape, bool))
    renderer.set_water(None)


@pytest.mark.parametrize("value", [np.datetime64("2020-01-01"), np.timedelta64(3), np.str_("3")])
def test_dates_and_texts_of_numpy_are_no_numbers(renderer, value):
    for call in (
        lambda: renderer.set_sun(value, 3.0),
        lambda: vf.Camera.map((0, 0, value, 2)),
        lambda: vf.render(dems.ridge(12, 12), size=(8, 8), ambient=value),
        lambda: vf.relief.slope(dems.ridge(12, 12), spacing=(value, 1)),
        lambda: vf.render(dems.ridge(12, 12), size=(8, 8), levels=value),
    ):
        with pytest.raises(vf.InvalidInputError):
            call()
