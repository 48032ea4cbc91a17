"""Ambient light times the part of the sky that is seen: closed forms, relief's own factor, and what must not change it."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from test_soft_sun import decoded, encoded

pytestmark = pytest.mark.gpu


def sky(dem, *, device=None, **more):
    """The part of the sky that each sample sees, from a white DEM in ambient light alone, straight from above."""
    rows, columns = dem.shape
    more = {"size": (columns, rows), "camera": vf.Camera.map(), "samples": 1} | more
    picture = vf.render(
        dem, cmap=["#ffffff"], ambient=1.0, ambient_occlusion=True, device=device, **more
    )
    return decoded(np.asarray(picture)[..., 0])


def near(found, wanted, steps=0.6):
    np.testing.assert_allclose(encoded(found), encoded(np.asarray(wanted)), atol=steps)


def test_level_ground_sees_all():
    assert np.all(sky(dems.plane(20, 30)) == 1)


@pytest.mark.parametrize("slope", [0.3, 1.0, 3.0])
def test_the_bottom_of_a_cone(slope):
    """The horizon stands at the slope's angle all around."""
    pit = -dems.cone(81, height=1000.0, slope=slope)
    found = sky(pit, radius=30.0)[40, 40]
    near(found, 1 - np.sin(np.arctan(slope)), 1.0)


@pytest.mark.parametrize("away", [3, 10])
def test_the_foot_of_an_endless_wall(away):
    """Along a bearing off the wall's normal by p the wall is away / cos p off."""
    dem = np.zeros((401, 60), np.float32)
    dem[:, 30:] = 12.0
    off = (np.arange(36_000) + 0.5) / 36_000 * np.pi - np.pi / 2
    wanted = 1 - np.mean(np.sin(np.arctan(12.0 * np.cos(off) / away))) / 2
    found = sky(dem, radius=200.0)[200, 30 - away]
    assert found == pytest.approx(wanted, abs=0.02)
    # From the rim of the plateau nothing rises.
    assert np.all(sky(dem, radius=200.0)[:, 31:] == 1)


@pytest.mark.parametrize("exaggeration", [1.0, 4.0])
def test_it_is_the_sky_view_factor_of_relief(exaggeration):
    dem = dems.ridge(60, 83, 5, spacing=(30.0, 20.0))
    named = {"radius": 400.0, "spacing": (30.0, 20.0), "vert_exag": exaggeration}
    wanted = vf.relief.sky_view_factor(dem, **named)
    assert wanted.min() < 0.97
    near(sky(dem, **named), wanted)


def test_only_the_ambient_share_is_dimmed():
    dem = dems.ridge(40, 50, 1)
    options = {"spacing": (30.0, 30.0), "size": (50, 40), "camera": vf.Camera.map()}
    options |= {"cmap": ["#ffffff"], "samples": 1, "altitude": 30.0}
    plain, shaded = (
        decoded(np.asarray(vf.render(dem, **options, ambient=0.4, ambient_occlusion=on))[..., 0])
        for on in (False, True)
    )
    factor = vf.relief.sky_view_factor(dem, radius=240.0, spacing=(30.0, 30.0))
    near(shaded, np.clip(plain - 0.4 * (1 - factor), 0, 1), 1.8)
    unlit = [
        np.asarray(vf.render(dem, **options, lit=False, ambient_occlusion=on))
        for on in (False, True)
    ]
    np.testing.assert_array_equal(*unlit)


def test_holes_hide_nothing_and_leave_no_fringe():
    dem = dems.plane(40, 44)
    dem[10:20, 12:30] = np.nan
    found = sky(dem, size=(440, 400))
    assert np.all(found == 1), "neighbours of a hole, or white background"
    ridge = dems.ridge(40, 44)
    holed = ridge.copy()
    holed[10:20, 12:30] = np.nan
    whole, parted = sky(ridge, radius=6.0), sky(holed, radius=6.0)
    # Ground is only taken away.
    assert np.all(parted >= whole - 1 / 255)
    far = np.ones(dem.shape, bool)
    far[3:27, 5:37] = False
    np.testing.assert_array_equal(whole[far], parted[far])


@pytest.mark.parametrize("holes", [False, True])
def test_large_dems_are_seen_in_blocks(holes):
    """A valley of 1500 x 1500 samples: nearly the factor of each sample, in the right place, the mirror image mirrored."""
    n = 1500
    x = (np.arange(n, dtype=np.float32) - 500) / 60
    dem = np.tile(-80 * np.exp(-(x**2)), (n, 1)).astype(np.float32)
    if holes:
        dem[700:801, 400:] = np.nan
    wanted = vf.relief.sky_view_factor(dem, radius=48.0)
    found, mirrored = sky(dem, radius=48.0), sky(np.ascontiguousarray(dem[:, ::-1]), radius=48.0)
    ground = ~np.isnan(dem)
    assert wanted[ground].min() < 0.8
    # At the edges of DEM and hole nothing is known on one side, from the first row or the first two.
    off = np.abs(found - wanted)[3:-3, 3:-3][ground[3:-3, 3:-3]]
    assert np.mean(off > 0.02) <= (0.002 if holes else 0) and off.mean() < 0.002
    np.testing.assert_allclose(mirrored[:, ::-1][ground], found[ground], atol=0.006)


def test_sessions_keep_the_map_and_follow_the_radius(renderer):
    dem = dems.ridge(50, 60, 2)
    camera = vf.Camera.fit(dem, spacing=(30.0, 30.0))

    def wanted(**more):
        picture = vf.render(
            dem, spacing=(30.0, 30.0), size=(64, 48), camera=camera, cmap="viridis", **more
        )
        return np.asarray(picture)

    renderer.add_terrain(dem, (30.0, 30.0))
    renderer.set_camera(camera)
    for radius in (None, 60.0, 500.0, None):
        renderer.set_ambient_occlusion(True, radius)
        for _ in range(2):
            found = renderer.render_rgba()
            np.testing.assert_array_equal(found, wanted(ambient_occlusion=True, radius=radius))
    renderer.set_ambient_occlusion(False)
    np.testing.assert_array_equal(renderer.render_rgba(), wanted())
    renderer.set_ambient_occlusion(True)
    renderer.add_terrain(dem[::-1].copy(), (30.0, 30.0))
    renderer.set_camera(camera)
    other = renderer.render_rgba()
    renderer.set_ambient_occlusion(False)
    assert np.any(other != renderer.render_rgba())


def test_drivers_agree(two_devices):
    dem = dems.ridge(60, 70, 3)
    dem[20:24, 30:36] = np.nan
    one, other = (
        sky(dem, spacing=(30.0, 30.0), size=(210, 180), device=name) for name in two_devices
    )
    near(one, other, 1.1)


@pytest.mark.parametrize("radius", [0, -1.0, np.nan, np.inf, "far", True, 10**400])
def test_a_wrong_radius_is_refused(radius, renderer):
    with pytest.raises(vf.InvalidInputError, match="radius must be"):
        vf.render(np.zeros((2, 2)), ambient_occlusion=True, radius=radius, size=(4, 4))
    with pytest.raises(vf.InvalidInputError, match="radius must be"):
        renderer.set_ambient_occlusion(True, radius)


def test_other_wrong_arguments_are_refused(renderer):
    with pytest.raises(vf.InvalidInputError, match="radius must come with ambient occlusion"):
        vf.render(np.zeros((2, 2)), radius=3.0, size=(4, 4))
    with pytest.raises(vf.InvalidInputError, match="ambient_occlusion must be True or False"):
        vf.render(np.zeros((2, 2)), ambient_occlusion=1, size=(4, 4))
    with pytest.raises(vf.InvalidInputError, match="enabled must be True or False"):
        renderer.set_ambient_occlusion("yes")


@pytest.mark.parametrize("shape", [(2, 2), (2, 9), (9, 2)])
@pytest.mark.parametrize("radius", [None, 1e-3, 1e9])
def test_smallest_dems_and_any_radius(shape, radius):
    assert np.all(sky(np.zeros(shape, np.float32), radius=radius) == 1)
    assert np.all(sky(np.full(shape, np.nan, np.float32), radius=radius) == 1)
