"""Haze and backgrounds: Koschmieder's law, the sky's gradient, edges over anything."""

from __future__ import annotations

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from surface_twins import BLACK, WHITE, directions, encoded, eye, linear

pytestmark = pytest.mark.gpu

SIZE = (160, 110)
OBLIQUE = vf.Camera.orbit((0, 0, 100), 2500, 215, 18)
LOG = -np.log(0.05)
SKY = {"zenith": (0.1, 0.2, 0.6), "horizon": (0.8, 0.7, 0.5), "below": (0.3, 0.3, 0.2)}


def hazy(haze, *, cmap=WHITE, camera=OBLIQUE, **options):
    dem = dems.ridge(33, 41, relief=400.0, spacing=(60, 60))
    picture = vf.render(
        dem, size=SIZE, camera=camera, spacing=(60, 60), cmap=cmap, lit=False, samples=1,
        haze=haze, aovs=("depth", "elevation"), **options,
    )  # fmt: skip
    return picture, dem


def sight(picture, camera=OBLIQUE):
    """Length (H, W) of the lines of sight."""
    return picture.aovs["depth"] * np.linalg.norm(directions(camera, SIZE), axis=-1)


@pytest.mark.parametrize("visibility", [300.0, 2000.0, 20_000.0, 1e9])
def test_light_dies_off_as_koschmieder_has_it(visibility, each_device):
    """White ground before black haze leaves what comes through."""
    picture, _ = hazy(vf.Haze(visibility, colour="black"), device=each_device)
    length = sight(picture)
    ground = np.isfinite(length)
    expected = encoded(np.exp(-LOG * length[ground] / visibility))
    assert np.abs(np.asarray(picture)[ground][:, 0] - expected).max() < 0.75
    # And the other way round: black ground in white haze.
    picture, _ = hazy(vf.Haze(visibility, colour="white"), cmap=BLACK, device=each_device)
    expected = encoded(1 - np.exp(-LOG * length[ground] / visibility))
    assert np.abs(np.asarray(picture)[ground][:, 1] - expected).max() < 0.75


@pytest.mark.parametrize("height", [5.0, 120.0, 3000.0, 1e7])
@pytest.mark.parametrize("exaggeration", [1.0, 2.5])
def test_haze_thins_out_with_height(height, exaggeration):
    picture, dem = hazy(vf.Haze(1500, height, "black"), vert_exag=exaggeration)
    check_density(picture, dem, OBLIQUE, height, exaggeration)


def test_haze_is_as_thick_uphill_as_downhill():
    dem = dems.plane(40, 40, gradient=(0.0, 0.9), level=0.0, spacing=(60, 60))
    camera = vf.Camera.look_at((0, -500, dem.min() + 700), (0, 900, dem.max()), fov=40)
    picture = vf.render(
        dem, size=SIZE, camera=camera, spacing=(60, 60), cmap=WHITE, lit=False, samples=1,
        haze=vf.Haze(3000, 300, "black"), aovs=("depth", "elevation"),
    )  # fmt: skip
    higher = picture.aovs["elevation"] > eye(camera)[2] + 50
    assert higher.sum() > 1000
    check_density(picture, dem, camera, 300, 1.0, visibility=3000)


def check_density(picture, dem, camera, height, exaggeration, visibility=1500):
    length, origin = sight(picture, camera), eye(camera)[2] / exaggeration
    ground = np.isfinite(length) & (np.indices(length.shape).sum(axis=0) % 9 == 0)
    # The integral of the density along the line of sight, by the midpoint rule in its logarithm's own steps.
    share = (np.arange(4000) + 0.5) / 4000
    top = picture.aovs["elevation"][ground][:, None]
    density = np.exp(-(origin + share * (top - origin) - dem.min()) / height).mean(axis=1)
    expected = encoded(np.exp(-LOG * length[ground] / visibility * density))
    assert np.abs(np.asarray(picture)[ground][:, 0] - expected).max() < (
        1.0 if height > 10 else 2.5
    )


def test_a_map_sees_haze_from_above():
    camera = vf.Camera.map()
    plain, dem = hazy(None, camera=camera)
    uniform, _ = hazy(vf.Haze(500, colour="black"), camera=camera)
    assert np.array_equal(uniform, plain)
    layered, _ = hazy(vf.Haze(500, 80, "black"), camera=camera, vert_exag=2)
    height = layered.aovs["elevation"]
    ground = np.isfinite(height)
    depth = LOG / 500 * 2 * 80 * np.exp(-(height[ground] - dem.min()) / 80)
    assert np.abs(np.asarray(layered)[ground][:, 0] - encoded(np.exp(-depth))).max() < 0.75
    assert np.array_equal(np.asarray(layered)[~ground], np.asarray(plain)[~ground])
    under, over = (
        hazy(haze, camera=camera, background=vf.Sky(**SKY))[0] for haze in (None, vf.Haze(500, 80))
    )
    assert np.array_equal(np.asarray(under)[~ground], np.asarray(over)[~ground]) and (~ground).any()


@pytest.mark.parametrize("background", [(0.2, 0.4, 0.6, 1), (0, 0, 0, 0), (0.2, 0.4, 0.6, 0.5)])
def test_plain_backgrounds_stay_as_they_are(background):
    clear, _ = hazy(None, background=background)
    veiled, _ = hazy(vf.Haze(1000), background=background)
    behind = np.isnan(clear.aovs["depth"])
    assert np.array_equal(np.asarray(veiled)[behind], np.asarray(clear)[behind])
    assert np.array_equal(np.asarray(veiled)[..., 3], np.asarray(clear)[..., 3])
    if background[3] == 1:
        # Without a colour of its own, haze fades ground into the background.
        far, _ = hazy(vf.Haze(1.0), background=background)
        assert (np.asarray(far) == np.asarray(far)[0, 0]).all()


def test_haze_and_sky_meet_at_the_horizon(each_device):
    """Endless haze in an endless distance: what is far below the horizon has the colour of what is just above it."""
    camera = vf.Camera.look_at((0, 0, 900), (0, 1000, 900), fov=40)
    for haze in (vf.Haze(20_000), vf.Haze(20_000, 300.0), vf.Haze(20_000, colour=(0.9, 0.2, 0.2))):
        shown = vf.render(
            dems.plane(),
            size=(30, 301),
            camera=camera,
            background=vf.Sky(**SKY),
            haze=haze,
            samples=1,
            device=each_device,
        )
        column = np.asarray(shown)[:, 15, :3].astype(int)
        colour = 255 * np.array(haze.colour or SKY["horizon"])
        assert np.abs(column[151:] - colour).max() <= 1, "below the horizon all is haze"
        assert (
            np.abs(column[149] - colour).max() <= 24 and np.abs(np.diff(column, axis=0)).max() <= 24
        )
        assert np.abs(column[0] - column[150]).max() > 20


def sky_colour(direction):
    sine = direction[..., 2] / np.linalg.norm(direction, axis=-1)
    rest = ((1 - np.abs(sine)) ** 4)[..., None]
    other = np.where(
        sine[..., None] < 0, linear(np.array(SKY["below"])), linear(np.array(SKY["zenith"]))
    )
    return other + (linear(np.array(SKY["horizon"])) - other) * rest


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("pitch", [-300, 0, 400])
def test_the_sky_is_a_gradient_without_bands(pitch, samples, each_device):
    camera = vf.Camera.look_at((0, 0, 5000), (0, 1000, 5000 + pitch), fov=50)
    size = (192, 256)
    shown = np.asarray(
        vf.render(
            dems.plane(),
            size=size,
            camera=camera,
            background=vf.Sky(**SKY),
            samples=samples,
            device=each_device,
        )
    )
    assert (shown[..., 3] == 255).all()
    exact = encoded(sky_colour(directions(camera, size)))
    off = shown[..., :3] - exact
    # Rounding is half a byte, the pattern another; on the mean over its 8 x 8 pixels nothing is left.
    assert np.abs(off).max() < 1.1
    blocks = off.reshape(32, 8, 24, 8, 3).mean(axis=(1, 3))
    assert np.abs(blocks).max() < 0.2 and np.sqrt((blocks**2).mean()) < 0.04
    assert (np.unique(shown[:, 96, 0]).size) > 20


def test_a_sky_leaves_the_ground_as_it_is_and_a_map_has_what_is_below():
    dem = dems.ridge(20, 30)
    plain = vf.render(dem, size=SIZE, samples=1, aovs=("depth",), spacing=(30, 30))
    sky = vf.render(dem, size=SIZE, samples=1, background=vf.Sky(**SKY), spacing=(30, 30))
    ground = np.isfinite(plain.aovs["depth"])
    assert np.array_equal(np.asarray(sky)[ground], np.asarray(plain)[ground])
    above = vf.render(
        dem,
        size=SIZE,
        camera=vf.Camera.map((-90, -90, 90, 90)),
        background=vf.Sky(**SKY),
        samples=1,
    )
    behind = np.asarray(above)[:10, :10, :3]
    assert np.abs(behind - 255 * np.array(SKY["below"])).max() <= 1


@pytest.mark.parametrize("samples", [4, 16])
def test_transparent_edges_are_right_over_any_colour(samples, each_device):
    """A picture over nothing, laid on a colour in linear light, is the picture drawn on that colour."""
    dem = dems.with_holes(dems.ridge(24, 30), fraction=0.02)
    options = {
        "size": SIZE, "spacing": (30, 30), "samples": samples, "device": each_device, "base": True, "contours": 40, "water": 40.0,
    }  # fmt: skip
    cut = np.asarray(vf.render(dem, background="transparent", **options))
    alpha = cut[..., 3:] / 255
    edges = ((alpha > 0) & (alpha < 1)).sum()
    assert edges > 150
    for colour in [(1, 1, 1), (0.9, 0.1, 0.3), (0.2, 0.5, 0.9), (0.5, 0.5, 0.5)]:
        expected = np.asarray(vf.render(dem, background=colour, **options))[..., :3]
        laid = encoded(linear(cut[..., :3]) * alpha + linear(np.array(colour)) * (1 - alpha))
        # Half a byte of rounding in colour, in alpha and in the sum.
        assert np.abs(laid - expected).max() < 1.6
        assert (np.abs(laid - expected) > 1).mean() < 1e-3
