"""Norms that are matplotlib's own objects: its colours for the same numbers, of the ground and of columns."""

import copy

import compare
import matplotlib
import matplotlib.colors as mc
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge._heights import Heights
from vulkan_forge._map._colourbar import scale_of
from vulkan_forge.vector._columns import colours
from vulkan_forge.vector._read import read

VIRIDIS = matplotlib.colormaps["viridis"].with_extremes(under="blue", over="red", bad="magenta")
HEIGHTS = np.concatenate([np.linspace(-500, 3000, 190), [0, 2000, 500, 1, 50, -1, 99, 2100, 2, 3]])
NORMS = {
    "log": mc.LogNorm(),
    "log from 100": mc.LogNorm(100, 2000),
    "log, clipped": mc.LogNorm(100, 2000, clip=True),
    "symlog": mc.SymLogNorm(10, base=10, vmin=-100, vmax=2000),
    "power": mc.PowerNorm(0.5, 100, 2000),
    "two slopes": mc.TwoSlopeNorm(500, 100, 2000),
    "centred": mc.CenteredNorm(100, 500),
    "clipped": mc.Normalize(0, 1000, clip=True),
    "classes": mc.BoundaryNorm([-100, 0, 500, 2000], 256),
    "open classes": mc.BoundaryNorm([-100, 0, 500, 2100], 256, extend="both"),
    "closed classes": mc.BoundaryNorm([-100, 0, 500, 2000], 256, clip=True),
    "function": mc.FuncNorm((np.log10, lambda x: 10**x), vmin=10, vmax=1000),
    "asinh": mc.AsinhNorm(10, vmin=-100, vmax=1000),
    "none": mc.NoNorm(),
}


def theirs(norm, numbers, cmap=VIRIDIS):
    with np.errstate(all="ignore"):
        return cmap(copy.deepcopy(norm)(np.ma.masked_invalid(numbers)), bytes=True)


def drawn(heights, norm, **words):
    dem = heights.reshape(-1, 10).astype(np.float32)
    words |= {"size": dem.shape[::-1], "camera": vf.Camera.map(), "lit": False, "samples": 1}
    return vf.render(dem, cmap=VIRIDIS, norm=norm, **words).rgba.reshape(-1, 4)


@pytest.mark.gpu
@pytest.mark.parametrize("name", NORMS)
def test_ground_is_coloured_as_there(name):
    """Below a norm's ends too, at 0 and at the borders of classes; whole numbers without a norm are entries."""
    norm = NORMS[name]
    heights = np.arange(-3, 197) if name == "none" else HEIGHTS
    for words in ({}, {"under": "lime"}):
        cmap = VIRIDIS.with_extremes(**words) if words else VIRIDIS
        off = compare.difference(drawn(heights, norm, **words), theirs(norm, heights, cmap))
        # What lies at the border of two colours may have either, but at one that is a class's.
        assert (off > 1).sum() <= 3
        assert off[190:].max() <= 3


@pytest.mark.gpu
@pytest.mark.parametrize("extend", ["neither", "max"])
def test_the_last_border_is_beyond_the_last_class(extend):
    """However wide the classes are, and however far from 0: whatever is rounded."""
    ends = [(-100, 2000), (0.1, 0.7), (-1e-3, 3), (1e6, 1e6 + 1), (-1e5 / 3, -1e5 / 7), (0, 9000.3)]
    for low, high in ends:
        low, high = float(np.float32(low)), float(np.float32(high))
        norm = mc.BoundaryNorm([low, 0.5 * (low + high), high], 256, extend=extend)
        near = min(np.nextafter(np.float32(high), -1e9), high - 1e-5 * (high - low))
        heights = np.repeat(np.array([low, high, near, high + 1], np.float32), 5)
        assert compare.difference(drawn(heights, norm), theirs(norm, heights)).max() <= 1, (
            low,
            high,
        )


@pytest.mark.gpu
def test_shares_without_a_norm_are_those_of_the_colour_map():
    heights = np.linspace(0.2, 0.7, 60)
    off = compare.difference(drawn(heights, mc.NoNorm()), theirs(mc.NoNorm(), heights))
    assert (off > 1).sum() <= 1


@pytest.mark.parametrize("name", NORMS)
def test_columns_are_coloured_as_there(name):
    """Over any range."""
    norm = NORMS[name]
    numbers = np.concatenate([HEIGHTS, [1e9, 2000, np.nan]])
    ours = colours(read(np.zeros((203, 2))), numbers, "color", cmap=VIRIDIS, norm=norm)
    np.testing.assert_array_equal(np.round(255 * ours), theirs(norm, numbers))


def test_whole_numbers_of_a_column_without_a_norm_are_entries():
    whole = np.array([-1, 0, 1, 2, 255, 256])
    for given in (whole, whole.astype(object)):
        ours = colours(read(np.zeros((6, 2))), given, "color", cmap=VIRIDIS, norm=mc.NoNorm())
        np.testing.assert_array_equal(np.round(255 * ours), VIRIDIS(whole, bytes=True))


def test_names_of_norms_reach_over_nine_decades_of_a_column():
    numbers = 10.0 ** np.arange(10)
    ours = colours(read(np.zeros((10, 2))), numbers, "color", norm="log")
    expected = colours(read(np.zeros((10, 2))), np.arange(10.0), "color")
    np.testing.assert_allclose(ours, expected, atol=0.01)


def test_colour_bars_begin_where_the_norm_does():
    marks = Heights(HEIGHTS.reshape(10, 20).astype(np.float32))
    for norm, low, under in ((mc.LogNorm(), 1, False), (mc.LogNorm(10, 200), 10, True)):
        scale = scale_of(marks, {"norm": norm, "cmap": VIRIDIS})
        assert scale.heights[0] == pytest.approx(low) and (scale.under is not None) == under
    scale = scale_of(marks, {"norm": mc.NoNorm(), "cmap": VIRIDIS})
    assert scale.heights[[0, -1]] == pytest.approx([-0.5, 255.5])
