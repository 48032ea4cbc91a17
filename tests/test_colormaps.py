"""Colours: every built-in against matplotlib, and the door for anybody's own."""

import compare
import dems
import matplotlib
import matplotlib.colors
import numpy as np
import pytest
import vulkan_forge as vf


def drawn(cmap, values, vmin=0.0, vmax=1.0):
    """The colours of `values` (N,) as a renderer draws them, (N, 4) uint8."""
    dem = np.tile(np.asarray(values, np.float32), (2, 1))
    image = vf.render(
        dem,
        size=(dem.shape[1], 2),
        camera=vf.Camera.map(),
        cmap=cmap,
        vmin=vmin,
        vmax=vmax,
        lit=False,
        samples=1,
    )
    return np.asarray(image)[0]


def test_names():
    names = vf.colormap_supported()
    assert names[:3] == ["viridis", "magma", "terrain"] and len(set(names)) == len(names)
    wanted = {
        "viridis",
        "plasma",
        "inferno",
        "magma",
        "cividis",
        "turbo",
        "gray",
        "gist_earth",
        "terrain",
    }
    assert wanted <= set(names)
    assert set(names) <= set(matplotlib.colormaps)
    names.clear()
    assert vf.colormap_supported()[0] == "viridis", "callers get a list of their own"


@pytest.mark.gpu
@pytest.mark.parametrize("name", vf.colormap_supported())
def test_every_builtin_is_matplotlibs_byte_for_byte(name):
    """All 256 entries, taken at the middle of each."""
    values = dems.ramp()[0]
    expected = matplotlib.colormaps[name](values.astype(np.float64), bytes=True)
    np.testing.assert_array_equal(drawn(name, values), expected)


@pytest.mark.gpu
def test_the_ends_and_beyond():
    viridis = matplotlib.colormaps["viridis"]
    values = [-5.0, -1e-3, 0.0, 1 / 256, 0.5, 1 - 1 / 256, 1.0, 1.001, 7.0]
    np.testing.assert_array_equal(drawn("viridis", values), viridis(values, bytes=True))
    shifted = [200 + 100 * value for value in (0, 0.25, 0.5, 0.75, 1.0)]
    np.testing.assert_array_equal(
        drawn("viridis", shifted, 200.0, 300.0), viridis([0, 0.25, 0.5, 0.75, 1.0], bytes=True)
    )


@pytest.mark.gpu
def test_flat_dems_take_the_first_colour_as_matplotlibs_normalize_does():
    for cmap in ("terrain", "viridis"):
        np.testing.assert_array_equal(
            drawn(cmap, np.full(4, 7.0), None, None)[0], matplotlib.colormaps[cmap](0, bytes=True)
        )


def _own_maps():
    ramp = matplotlib.colors.LinearSegmentedColormap.from_list(
        "mine", ["navy", "white", "darkred"], N=100
    )
    listed = matplotlib.colors.ListedColormap(["#112233", (0.5, 0.25, 0.75), "orange", "k"])
    extremes = matplotlib.colormaps["cividis"].with_extremes(under="red", over="lime", bad="blue")
    return {
        "segmented, N = 100": ramp,
        "listed, N = 4": listed,
        "one colour": matplotlib.colors.ListedColormap(["#123456"]),
        "with extremes": extremes,
        "reversed": matplotlib.colormaps["terrain"].reversed(),
        "many": matplotlib.colormaps["turbo"].resampled(1000),
        "two": matplotlib.colormaps["gray"].resampled(2),
        "qualitative": matplotlib.colormaps["tab20"],
    }


@pytest.mark.gpu
@pytest.mark.parametrize("name", _own_maps())
def test_any_matplotlib_colormap(name):
    cmap = _own_maps()[name]
    values = np.concatenate([(np.arange(cmap.N) + 0.5) / cmap.N, [0.0, 1.0, -0.5, 1.5]])
    assert compare.difference(drawn(cmap, values), cmap(values, bytes=True)).max() <= 1


TABLE = np.array([[0, 0, 1], [1, 1, 1], [0.25, 0.5, 0.125]])
MIDDLES = [1 / 6, 1 / 2, 5 / 6]


@pytest.mark.gpu
@pytest.mark.parametrize(
    "cmap",
    [
        TABLE,
        TABLE.astype(np.float32),
        TABLE.tolist(),
        [tuple(row) for row in TABLE],
        np.hstack([TABLE, np.ones((3, 1))]),
        np.round(TABLE * 255).astype(np.uint8),
        ["#0000ff", "#ffffff", "#408020"],
        ["blue", "w", (0.25, 0.5, 0.125)],
        np.asfortranarray(TABLE),
        TABLE[::-1][::-1],
    ],
    ids=lambda cmap: f"{type(cmap).__name__} {np.asarray(cmap, object).shape}",
)
def test_lists_and_tables(cmap):
    expected = matplotlib.colors.ListedColormap(TABLE)(MIDDLES, bytes=True)
    assert compare.difference(drawn(cmap, MIDDLES), expected).max() <= 1


@pytest.mark.gpu
def test_a_table_that_is_a_builtin_draws_as_the_builtin():
    table = matplotlib.colormaps["magma"](np.arange(256), bytes=True)
    values = dems.ramp()[0]
    np.testing.assert_array_equal(drawn(table, values), drawn("magma", values))


@pytest.mark.gpu
@pytest.mark.parametrize(
    "cmap",
    ["no such colour", ["no such colour"], [(0, 0)], [(2, 0, 0)], 5, {"a": 1}, [[]]],
    ids=str,
)
def test_what_is_no_colormap(cmap):
    with pytest.raises(vf.InvalidInputError):
        drawn(cmap, MIDDLES)


@pytest.mark.gpu
def test_a_session_takes_the_same_colour_maps_as_render():
    heights = np.linspace(0, 100, 64, dtype=np.float32).reshape(8, 8)
    for cmap in ("magma", matplotlib.colormaps["magma"], ["black", "#ff8000", (1, 1, 1)]):
        renderer = vf.Renderer(32, 24)
        renderer.add_terrain(heights, colormap=cmap)
        renderer.set_camera(vf.Camera.fit(heights))
        expected = vf.render(heights, size=(32, 24), camera=vf.Camera.fit(heights), cmap=cmap)
        np.testing.assert_array_equal(renderer.render_rgba(), np.asarray(expected))


@pytest.mark.gpu
@pytest.mark.parametrize(
    "heights", [np.zeros((4, 4)), np.full((4, 4), np.nan)], ids=["flat", "holes"]
)
def test_one_end_of_the_range_is_enough_for_a_flat_tile(heights):
    for ends in ({"vmin": 0.0}, {"vmax": 0.0}):
        assert np.asarray(vf.render(heights, size=(8, 8), **ends)).shape == (8, 8, 4)
