"""Ranges, norms and levels: the colours that matplotlib and xarray give the same heights."""

import compare
import dems
import matplotlib
import matplotlib.colors as mc
import matplotlib.ticker
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused
from vulkan_forge._heights import Heights
from vulkan_forge._levels import nice

RNG = np.random.default_rng(7)


def drawn(dem, **options):
    """The map of a DEM, one pixel for each cell, unlit: (H, W, 4) uint8."""
    dem = np.asarray(dem, np.float32)
    size = (dem.shape[1], dem.shape[0])
    options = {"cmap": "viridis", "background": (0, 0, 0, 0)} | options
    return vf.render(dem, size=size, camera=vf.Camera.map(), lit=False, samples=1, **options).rgba


def same(actual, expected, share=1.0):
    """Colours within 1/255, at least on this share of the pixels."""
    wrong = compare.difference(actual, expected) > 1
    assert wrong.mean() <= 1 - share, f"{wrong.sum()} of {wrong.size} differ"


# --- robust -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(40, 30), (1100, 1000)])  # on one thread, on two
def test_robust_ends_are_numpys_percentiles(shape):
    dem = (RNG.standard_normal(shape) * 500).astype(np.float32)
    dem[RNG.random(shape) < 0.1] = np.nan
    expected = np.nanpercentile(dem.astype(np.float64), [2, 98])
    np.testing.assert_allclose(Heights(dem).robust_ends, expected, rtol=1e-12)
    assert Heights(dem).ends == (np.nanmin(dem), np.nanmax(dem))


@pytest.mark.gpu
def test_robust_is_xarrays():
    """A spike and a pit take no colours from the rest."""
    dem = dems.ridge(30, 31, 2)
    dem[3, 4], dem[20, 9] = 9000, -9000
    low, high = np.percentile(dem, [2, 98])
    np.testing.assert_array_equal(drawn(dem, robust=True), drawn(dem, vmin=low, vmax=high))
    np.testing.assert_array_equal(
        drawn(dem, robust=True, vmin=50.0), drawn(dem, vmin=50.0, vmax=high)
    )
    colours = [len(np.unique(drawn(dem, robust=on).reshape(-1, 4), axis=0)) for on in (False, True)]
    assert colours[0] < 30 < 150 < colours[1]


# --- norms --------------------------------------------------------------------------------------------

NORMS = {
    "linear": ("linear", {}, lambda low, high: mc.Normalize(low, high)),
    "log": ("log", {}, lambda low, high: mc.LogNorm(low, high)),
    "symlog": ("symlog", {}, lambda low, high: mc.SymLogNorm(2, vmin=low, vmax=high, base=10)),
    "symlog of its own": (
        ("symlog", 50.0),
        {},
        lambda low, high: mc.SymLogNorm(50, vmin=low, vmax=high, base=10),
    ),
    "power": ("power", {}, lambda low, high: mc.PowerNorm(0.5, low, high)),
    "power of its own": (("power", 2.0), {}, lambda low, high: mc.PowerNorm(2.0, low, high)),
    "two-slope": (
        "two-slope",
        {"vcenter": 400.0},
        lambda low, high: mc.TwoSlopeNorm(400.0, low, high),
    ),
    "vcenter": (None, {"vcenter": 400.0}, lambda low, high: mc.TwoSlopeNorm(400.0, low, high)),
    "a pair": (("two-slope", 400.0), {}, lambda low, high: mc.TwoSlopeNorm(400.0, low, high)),
}


@pytest.mark.gpu
@pytest.mark.parametrize("name", NORMS)
def test_named_norms_are_matplotlibs(name):
    norm, more, truth = NORMS[name]
    low, high = (-800.0, 3000.0) if "symlog" in name else (100.0, 3000.0)
    # Not on the table's own steps, nor far from them in any part of the range.
    heights = np.linspace(low, high, 4000).reshape(40, 100).astype(np.float32)
    expected = matplotlib.colormaps["viridis"](truth(low, high)(heights.astype(float)), bytes=True)
    actual = drawn(heights, norm=norm, vmin=low, vmax=high, **more)
    # A height on the border of two entries may take either: 256 borders among 4000 heights.
    same(actual, expected, share=0.995)
    assert compare.difference(actual, expected).max() <= 4


@pytest.mark.gpu
@pytest.mark.parametrize("name", NORMS)
def test_a_name_and_the_object_give_the_same(name):
    norm, more, truth = NORMS[name]
    dem = dems.ridge(20, 21, 1) + np.float32(120)
    dem[0, 0] = 900.0
    low, high = float(dem.min()), float(dem.max())
    same(drawn(dem, norm=norm, **more), drawn(dem, norm=truth(low, high)), share=0.99)


@pytest.mark.gpu
def test_open_ends_of_norms():
    """As matplotlib's autoscale: log starts at the least height above 0, two slopes surround the centre."""
    dem = np.linspace(-50, 400, 90).reshape(9, 10).astype(np.float32)
    least = float(dem[dem > 0].min())
    np.testing.assert_array_equal(drawn(dem, norm="log"), drawn(dem, norm="log", vmin=least))
    below = drawn(dem, norm="log", under="#010203")[dem < 0]
    assert (below == [1, 2, 3, 255]).all()
    np.testing.assert_array_equal(
        drawn(dem, vcenter=500.0), drawn(dem, vcenter=500.0, vmax=500.0 + 550.0)
    )
    for norm in ("log", "symlog", "power"):
        assert (drawn(np.full((3, 3), 7.0), norm=norm) == drawn(np.full((3, 3), 7.0))[0, 0]).all()


@pytest.mark.gpu
def test_norms_reach_lists_of_colours_too():
    dem = np.linspace(1, 100, 100).reshape(10, 10)
    colours = ["#000000", "#808080", "#ffffff"]
    expected = mc.ListedColormap(colours)(mc.LogNorm(1, 100)(dem), bytes=True)
    same(drawn(dem, cmap=colours, norm="log"), expected, share=0.98)


@pytest.mark.gpu
def test_any_of_matplotlibs_norms_colours_what_lies_just_below():
    """Not see-through, as a logarithm of what is far below would be."""
    dem = np.array([[50.0, 100.0], [500.0, 1000.0]])
    expected = matplotlib.colormaps["viridis"](mc.LogNorm(100, 1000)(dem), bytes=True)
    same(drawn(dem, norm=mc.LogNorm(100, 1000)), expected)


@pytest.mark.gpu
@pytest.mark.parametrize("norm", [mc.LogNorm(100, 1000), mc.PowerNorm(0.5, 100, 1000)])
def test_any_of_matplotlibs_norms_goes_with_a_maps_own_ends(norm):
    dem = np.array([[50.0, 150.0], [500.0, 1200.0]])
    cmap = matplotlib.colormaps["viridis"].with_extremes(under="red", over="lime")
    same(drawn(dem, cmap=cmap, norm=norm), cmap(norm(dem), bytes=True))


# --- levels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_nice_levels_are_matplotlibs(seed):
    rng = np.random.default_rng(seed)
    low = float(rng.uniform(-500, 3000))
    high = low + float(10 ** rng.uniform(0, 3.5))
    count = int(rng.integers(2, 30))
    expected = matplotlib.ticker.MaxNLocator(count - 1).tick_values(low, high)
    np.testing.assert_allclose(nice(low, high, count), expected, atol=1e-9)


@pytest.mark.parametrize("ends", [(0.0, 100.0), (200.0, 1000.0), (-3.0, 3.0), (1999.9, 2000.1)])
def test_ends_that_are_round_stay(ends):
    for count in (3, 5, 6, 11):
        expected = matplotlib.ticker.MaxNLocator(count - 1).tick_values(*ends)
        np.testing.assert_allclose(nice(*ends, count), expected, atol=1e-9)


def xarrays(dem, **options):
    """What xarray would draw: its colour map and norm, applied."""
    utils = pytest.importorskip("xarray.plot.utils")
    found = utils._determine_cmap_params(
        np.asarray(dem, np.float64), cmap=matplotlib.colormaps["viridis"], center=False, **options
    )
    return found["cmap"](found["norm"](np.asarray(dem, np.float64)), bytes=True)


@pytest.mark.gpu
@pytest.mark.parametrize(
    "options",
    [
        {"levels": 7},
        {"levels": 2},
        {"levels": 40},
        {"levels": 6, "robust": True},
        {"levels": 6, "vmin": 0.0, "vmax": 250.0},
        {"levels": 5, "vmax": 250.0},
        {"levels": [0, 50, 75, 200, 300, 600]},
        {"levels": [100, 120, 200]},
        {"levels": [-10, 100]},
        {"levels": [0, 100, 200], "extend": "both"},
        {"levels": [100, 150, 200], "extend": "neither"},
        {"levels": [100, 150, 200], "extend": "min"},
        {"levels": [100, 150, 200], "extend": "max"},
    ],
    ids=str,
)
def test_levels_are_xarrays(options):
    dem = dems.ridge(40, 41, 3)
    actual, expected = drawn(dem, **options), xarrays(dem, **options)
    opaque = expected[..., 3] > 0
    np.testing.assert_array_equal(actual[..., 3] > 0, opaque)
    same(actual[opaque], expected[opaque], share=0.999)


@pytest.mark.gpu
def test_bands_have_their_own_colours():
    """As many colours as bands: each its own; the borders lie where they were asked for."""
    colours = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], float)
    dem = np.array([[0.0, 9.99, 10.0, 10.01, 49.0, 50.0, 50.1, 99.0, 100.0]] * 2)
    actual = drawn(dem, cmap=colours, levels=[0, 10, 50, 100])[0, :, :3]
    band = [0, 0, 1, 1, 1, 2, 2, 2, 2]
    np.testing.assert_array_equal(actual, (255 * colours[band]).astype(np.uint8))


@pytest.mark.gpu
def test_levels_of_level_ground_and_of_none():
    for dem in (np.full((4, 4), 5.0), np.full((4, 4), np.nan)):
        drawn(dem, levels=5)
        drawn(dem, levels=[0, 1, 2])
        drawn(dem, robust=True)
        drawn(dem, norm="symlog")


# --- colours beyond -----------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize(
    "cmap",
    ["viridis", "terrain_r", matplotlib.colormaps["cividis"], ["#112233", "#445566"]],
    ids=["name", "reversed", "colour map", "colours"],
)
def test_under_and_over(cmap):
    dem = np.linspace(0, 100, 64).reshape(8, 8)
    plain = drawn(dem, cmap=cmap, vmin=20.0, vmax=70.0)
    actual = drawn(dem, cmap=cmap, vmin=20.0, vmax=70.0, under="#ff8000", over=(0.2, 0.4, 0.6, 1))
    assert (actual[dem < 20] == [255, 128, 0, 255]).all()
    assert (actual[dem > 70] == [51, 102, 153, 255]).all()
    within = (dem >= 20) & (dem <= 70)
    np.testing.assert_array_equal(actual[within], plain[within])


@pytest.mark.gpu
def test_under_can_be_see_through():
    dem = np.linspace(0, 100, 64).reshape(8, 8)
    for nothing in ("none", (0, 0, 0, 0)):
        actual = drawn(dem, vmin=20.0, under=nothing)
        np.testing.assert_array_equal(actual[..., 3] == 0, dem < 20)


@pytest.mark.gpu
def test_under_works_with_levels_and_norms():
    dem = np.linspace(1, 100, 64).reshape(8, 8)
    for more in ({"levels": [20, 50, 100]}, {"norm": "log", "vmin": 20.0}):
        assert (drawn(dem, under="#0a141e", **more)[dem < 20] == [10, 20, 30, 255]).all()


@pytest.mark.gpu
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"vmin": 50.0},
        {"robust": True},
        {"norm": "log"},
        pytest.param({"norm": mc.PowerNorm(0.3)}, id="PowerNorm"),
        {"vcenter": 100.0},
        {"levels": 6},
        {"levels": [50, 100, 150], "extend": "min"},
        {"vmax": 100.0, "over": "#ff0000"},
    ],
    ids=str,
)
def test_a_session_colours_as_render_does(options):
    dem = dems.ridge(30, 31, 2)
    session = vf.Renderer(31, 30)
    session.add_terrain(dem, colormap="magma")
    session.set_height_range(1.0, 2.0)
    session.set_colormap("viridis", **options)
    session.set_camera(vf.Camera.map())
    session.set_samples(1)
    session.set_ambient(1.0)
    session.set_background((0, 0, 0, 0))
    np.testing.assert_array_equal(session.render_rgba(), drawn(dem, **options))


@pytest.mark.gpu
def test_a_session_refuses_and_keeps_its_colours():
    session = vf.Renderer(8, 8)
    with pytest.raises(vf.InvalidInputError, match="no terrain uploaded"):
        session.set_colormap("viridis")
    session.add_terrain(DEM)
    before = session.render_rgba()
    for options in ({"robust": 1}, {"levels": [1]}, {"vmin": float("nan")}, {"vmin": 5, "vmax": 5}):
        refused(lambda options=options: session.set_colormap("viridis", **options))
    refused(lambda: session.set_colormap("virdis"), "Unknown colormap", "viridis")
    with pytest.raises(TypeError):
        session.set_colormap("viridis", vmim=5.0)
    np.testing.assert_array_equal(session.render_rgba(), before)


# --- refusals -----------------------------------------------------------------------------------------

DEM = dems.ridge(6, 7) + np.float32(1)


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"robust": True, "vmin": 0.0, "vmax": 1.0}, ("robust", "vmin and vmax")),
        ({"robust": 1}, ("robust must be True or False",)),
        ({"norm": mc.LogNorm(), "vmin": 1.0}, ("expected norm, or vmin and vmax",)),
        ({"norm": mc.LogNorm(), "robust": True}, ("expected norm",)),
        ({"norm": "logarithm"}, ("linear, log, symlog, power, two-slope", "'logarithm'")),
        ({"norm": "log", "vmin": 0.0}, ("vmin > 0", "symlog")),
        ({"norm": ("log", 3)}, ("takes no parameter",)),
        ({"norm": ("power", 0)}, ("gamma must be > 0",)),
        ({"norm": ("power", "x")}, ("gamma must be a real number",)),
        ({"norm": ("symlog", -1)}, ("linthresh must be > 0",)),
        ({"norm": "two-slope"}, ("vcenter",)),
        ({"norm": ("two-slope", 5), "vcenter": 5}, ("once",)),
        ({"norm": "log", "vcenter": 5}, ("two-slope", "leave one out")),
        ({"vcenter": float("nan")}, ("vcenter must be a real number",)),
        ({"vcenter": True}, ("vcenter must be a real number",)),
        ({"vcenter": 5.0, "vmin": 6.0}, ("between vmin and vmax",)),
        ({"norm": "power", "vmin": 5.0, "vmax": 5.0}, ("vmin must be less than vmax",)),
        ({"norm": "power", "vmin": 1e9}, ("vmin must be less than vmax",)),
        ({"norm": "power", "vmin": 1e300}, ("vmin must be a real number",)),
        ({"norm": 5}, ("matplotlib Normalize",)),
        ({"levels": 5, "norm": "log"}, ("norm or levels",)),
        ({"levels": [0, 1], "vmin": 0.0}, ("its own ends",)),
        ({"levels": [0, 1], "robust": True}, ("its own ends",)),
        ({"levels": 1}, ("2 to 1024",)),
        ({"levels": 10**30}, ("2 to 1024",)),
        ({"levels": True}, ("an int or a list",)),
        ({"levels": "5"}, ("an int or a list",)),
        ({"levels": [5]}, ("each greater than the one before",)),
        ({"levels": [5, 5]}, ("each greater than the one before",)),
        ({"levels": [0, float("inf")]}, ("finite in float32",)),
        ({"levels": 2.5}, ("an int or a list",)),
        ({"extend": "both"}, ("goes with levels",)),
        ({"levels": 5, "extend": "left"}, ("neither, min, max, both", "'left'")),
        ({"under": "#12345"}, ("under",)),
        ({"over": (1, 2, 3)}, ("over must be a colour", "0..1")),
        ({"under": 5}, ("under must be a colour",)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_contradictions_are_refused(options, words):
    refused(lambda: vf.render(DEM, size=(8, 8), **options), *words)


@pytest.mark.gpu
@pytest.mark.parametrize(
    "norm", ["log", "power", mc.LogNorm(), mc.PowerNorm(0.5), mc.SymLogNorm(1.0)]
)
def test_level_ground_and_none_have_colours_with_any_norm(norm):
    words = {"size": (8, 8), "camera": vf.Camera.map(), "lit": False, "norm": norm}
    level = np.asarray(vf.render(np.full((4, 4), 7.0), cmap=["red", "blue"], **words))
    assert (level[2:6, 2:6] == (255, 0, 0, 255)).all()
    assert (np.asarray(vf.render(np.full((4, 4), np.nan), **words)) == 255).all()
