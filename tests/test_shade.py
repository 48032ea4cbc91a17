"""The nadir map, and the drop-in for matplotlib's LightSource."""

import matplotlib
import numpy as np
import pytest
import vulkan_forge as vf
from dems import ridge, with_holes
from matplotlib.colors import LightSource as Theirs
from refusal import refused
from vulkan_forge import relief

pytestmark = pytest.mark.gpu

HILL = ridge(60, 75, seed=5, relief=400.0, noise=0.05)
far = pytest.mark.skipif(
    not hasattr(relief, "shadow_mask"), reason="needs the operators that look far"
)


@pytest.mark.parametrize("fraction", [1.0, 0.6, 1.8])
@pytest.mark.parametrize("where", [(315, 45), (20, 5), (200, 90), (-30, 70)])
def test_hillshade_is_matplotlibs(where, fraction):
    arguments = {"vert_exag": 1.7, "dx": 20, "dy": 35, "fraction": fraction}
    for dem in (HILL, HILL.astype(np.float64), np.round(HILL).astype(np.int16), HILL[:2, :3]):
        wanted = Theirs(*where).hillshade(dem, **arguments)
        found = vf.LightSource(*where).hillshade(dem, **arguments)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, wanted, atol=0.5 / 255)
    flat = np.full((5, 6), 3.0)
    np.testing.assert_allclose(
        vf.LightSource(*where).hillshade(flat), Theirs(*where).hillshade(flat), atol=1e-6
    )


@pytest.mark.parametrize("blend", ["hsv", "soft", "overlay"])
def test_shade_is_matplotlibs(blend):
    cmap = matplotlib.colormaps["gist_earth"]
    arguments = {"blend_mode": blend, "vert_exag": 2, "dx": 30, "dy": 30}
    wanted = Theirs(300, 40).shade(HILL, cmap, vmin=0, vmax=500, **arguments)
    found = vf.LightSource(300, 40).shade(HILL, cmap, vmin=0, vmax=500, **arguments)
    np.testing.assert_allclose(found, wanted, atol=1 / 255)
    rgb = np.random.default_rng(1).random((*HILL.shape, 3))
    wanted = Theirs(300, 40).shade_rgb(rgb, HILL, **arguments)
    np.testing.assert_allclose(
        vf.LightSource(300, 40).shade_rgb(rgb, HILL, **arguments), wanted, atol=1 / 255
    )


def test_holes_cost_only_themselves():
    holes = with_holes(HILL, fraction=0.01)
    found = vf.LightSource().hillshade(holes, dx=30, dy=30)
    assert np.isnan(found[np.isnan(holes)]).all() and np.isfinite(found).mean() > 0.7
    masked = vf.LightSource().hillshade(np.ma.masked_invalid(holes), dx=30, dy=30)
    np.testing.assert_array_equal(masked.mask, np.isnan(found))


def test_ambient_light_lifts_the_dark():
    plain = vf.LightSource(315, 30).hillshade(HILL, dx=30, dy=30)
    lifted = vf.LightSource(315, 30, ambient=0.25).hillshade(HILL, dx=30, dy=30)
    np.testing.assert_allclose(lifted, 0.25 + 0.75 * plain, atol=1e-12)
    refused(lambda: vf.LightSource(ambient=2), "ambient must be in 0..1")
    refused(lambda: vf.LightSource(shadows=1), "shadows must be True or False")


@far
def test_shadows_are_those_of_relief():
    plain = vf.LightSource(315, 15).hillshade(HILL, dx=30, dy=30)
    cast = vf.LightSource(315, 15, shadows=True).hillshade(HILL, dx=30, dy=30)
    shadow = relief.shadow_mask(HILL, azimuth=315, altitude=15, spacing=(30, 30)) == 1
    assert shadow.any() and (cast[shadow] == 0).all()
    np.testing.assert_array_equal(cast[~shadow], plain[~shadow])


def test_a_map_without_layers_is_the_colour_map():
    picture = vf.shade(HILL, (), cmap="viridis")
    assert picture.size == (75, 60)
    low, high = HILL.min(), HILL.max()
    wanted = matplotlib.colormaps["viridis"]((HILL - low) / (high - low), bytes=True)
    assert np.abs(np.asarray(picture).astype(int) - wanted).max() <= 2


def test_multiply_is_the_light_on_white(tmp_path):
    white = np.ones((2, 3))
    picture = vf.shade(HILL, ("hillshade",), cmap=white, spacing=(30, 30), azimuth=90)
    light = relief.hillshade(HILL, azimuth=90, spacing=(30, 30)).astype(np.float64)
    wanted = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    pixels = np.asarray(picture)
    assert np.abs(pixels[..., 0] - 255 * wanted).max() < 0.51
    assert (pixels[..., 3] == 255).all()
    picture.save(tmp_path / "map.png")
    np.testing.assert_array_equal(vf.png_to_numpy(tmp_path / "map.png"), pixels)


def test_layers_multiply_and_weaken():
    white, half = np.ones((2, 3)), np.full(HILL.shape, 0.5)
    for blend, wanted in (("soft", 255), ("overlay", 255), ("multiply", 188)):
        assert (
            np.asarray(vf.shade(HILL, (half,), cmap=white, blend=blend))[..., :3] == wanted
        ).all()
    once = np.asarray(vf.shade(HILL, (("slope", {"strength": 0.5}), half), cmap=white))
    slope = 1 - 0.5 * relief.slope(HILL).astype(np.float64) / 90
    light = 0.5 * slope
    wanted = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(once[..., 0] - 255 * wanted).max() < 0.52


@far
def test_every_layer_draws():
    names = ("hillshade", "sky_view", "slope", "shadow")
    pictures = [np.asarray(vf.shade(HILL, (name,), spacing=(30, 30))) for name in names]
    assert all(picture.shape == (60, 75, 4) for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == len(names)


def test_holes_have_the_background():
    holes = with_holes(HILL, fraction=0)
    picture = np.asarray(vf.shade(holes, ("hillshade",), background=(0, 0, 1, 0.5)))
    assert (picture[16, 20] == [0, 0, 255, 128]).all()


def test_bad_arguments_are_refused():
    refused(lambda: vf.shade(HILL, "hillshade"), "layers must be a sequence")
    refused(lambda: vf.shade(HILL, ("sky",)), "a layer must be one of", "'sky'")
    refused(lambda: vf.shade(HILL, ("slope",), blend="screen"), "blend must be one of")
    refused(lambda: vf.shade(HILL, (("slope", {"strength": 2}),)), "strength must be in 0..1")
    refused(lambda: vf.shade(HILL, (("slope", {"colour": 2}),)), "does not take")
    refused(lambda: vf.shade(HILL, (np.full(HILL.shape, 2.0),)), "values 0..1")
    refused(lambda: vf.shade(HILL, (np.zeros((3, 3)),)), "the DEM's shape")
