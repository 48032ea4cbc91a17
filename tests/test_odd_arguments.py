"""Arguments that trip Python itself: each is refused like any other wrong one, in few words."""

import datetime

import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

DEM = np.zeros((4, 5), np.float32)
PLACE = (46.5, 8.0)


class Hostile:
    """Whatever is asked of it fails."""

    def __float__(self):
        raise RuntimeError("no float")

    def __index__(self):
        raise KeyError("no index")

    def __repr__(self):
        raise RuntimeError("no repr")


def draw(**options):
    return vf.render(DEM, size=(16, 16), samples=1, **options)


ODD = [10**400, 10**5000, True, Hostile(), [Hostile()] * 4, np.zeros((3, 3)), list(range(9999)), 1j]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize(
    "name", ["norm", "vcenter", "extend", "levels", "under", "over", "time", "cmap", "robust"]
)
def test_odd_values_are_refused_in_few_words(name, odd):
    if odd is True and name == "robust":
        return
    beside = {"extend": {"levels": 3}, "time": {"position": PLACE}}.get(name, {})
    if name == "cmap" and isinstance(odd, np.ndarray):
        return  # three black bands
    assert len(refused(lambda: draw(**{name: odd}, **beside))) < 500


@pytest.mark.parametrize("odd", [*ODD, "1", None], ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize("name", ["bounds", "extent", "opacity", "blend"])
def test_a_drape_refuses_odd_values_in_few_words(name, odd):
    image = np.zeros((2, 2, 3), np.uint8)
    allowed = odd is None and name in ("bounds", "extent")
    if not allowed:
        assert len(refused(lambda: vf.Drape(image, **{name: odd}))) < 500


@pytest.mark.parametrize("time", [0, 1.5, True, 2**70, np.float16(3), [10**400], np.zeros(1)])
def test_a_number_is_no_time(time):
    refused(lambda: draw(time=time, position=PLACE), "ISO 8601")
    renderer = vf.Renderer(16, 16)
    refused(lambda: renderer.set_sun_time(time, PLACE), "ISO 8601")


@pytest.mark.parametrize(
    "time",
    [datetime.datetime.max, np.datetime64("300000-01-01"), np.datetime64(2**62, "Y")],
)
def test_a_time_beyond_the_suns_tables_is_refused(time):
    refused(lambda: draw(time=time, position=PLACE), "6000")


@pytest.mark.parametrize("position", [(True, 8.0), (46.5, np.complex64(1)), ("1", "2"), (91, 0)])
def test_a_position_is_two_numbers(position):
    refused(lambda: draw(time="2026-06-21T12:00", position=position), "must be")


@pytest.mark.parametrize("path", ["no\0file.png", "\ud800.png"])
def test_a_drape_from_an_impossible_path_is_refused(path):
    refused(lambda: draw(drape=path), "path", kind=vf.ImageFileError)


@pytest.mark.parametrize("cmap", [int, lambda: 1], ids=["int", "lambda"])
def test_a_callable_that_gives_no_colours_is_no_colour_map(cmap):
    refused(lambda: draw(cmap=cmap), "colour map")


def test_a_dem_from_an_impossible_path_is_refused():
    pytest.importorskip("rasterio")
    refused(lambda: vf.render("\ud800.tif"), "path", kind=vf.ImageFileError)
