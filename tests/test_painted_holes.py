"""`bad=`: holes painted as ground that goes on from their rims."""

import compare
import dems
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

pytestmark = pytest.mark.gpu
RED = (255, 0, 0, 255)


def holed(rows=40, columns=70):
    """Hills with holes inside, single missing samples, and a corner that is missing."""
    dem = dems.with_holes(dems.rough(rows, columns, 3), 2, 0.01)
    dem[:12, 50:] = np.nan
    return dem


def hole_patches(dem):
    """(H - 1, W - 1) bool: patches with a missing corner."""
    lost = np.isnan(dem)
    return lost[:-1, :-1] | lost[:-1, 1:] | lost[1:, :-1] | lost[1:, 1:]


def middles(dem, **options):
    """One pixel in the middle of each patch, unlit, from above: (H - 1, W - 1, 4) uint8."""
    rows, columns = dem.shape
    camera = vf.Camera.map((-(columns - 1) / 2, -(rows - 1) / 2, (columns - 1) / 2, (rows - 1) / 2))
    options = {"lit": False, "samples": 1, "background": (0, 0, 0, 0)} | options
    return vf.render(dem, size=(columns - 1, rows - 1), camera=camera, **options)


def test_exactly_the_holes_are_painted(each_device):
    dem = holed()
    holes = hole_patches(dem)
    plain = middles(dem, device=each_device).rgba
    painted = middles(dem, bad="#ff0000", device=each_device).rgba
    assert (plain[holes, 3] == 0).all()
    assert (painted[holes] == RED).all()
    np.testing.assert_array_equal(painted[~holes], plain[~holes])


def test_a_dem_without_holes_stays_as_it_is():
    dem = dems.ridge(20, 30)
    camera = vf.Camera.fit(dem)
    plain, painted = (
        vf.render(dem, size=(64, 48), camera=camera, bad=bad) for bad in (None, "#f00")
    )
    np.testing.assert_array_equal(plain.rgba, painted.rgba)


def test_nothing_is_seen_through_a_painted_hole():
    dem = holed()
    whole = np.where(np.isnan(dem), np.nanmin(dem), dem)
    options = {
        "size": (96, 72),
        "camera": vf.Camera.orbit((0, 0, 100), 2600, 160, 60),
        "background": (0, 0, 0, 0),
        "spacing": (30.0, 30.0),
    }
    ground = vf.render(whole, **options).rgba[..., 3]
    painted = vf.render(dem, bad="#f00", **options).rgba[..., 3]
    inside = ground == 255
    inside &= (
        np.roll(inside, 3, 0)
        & np.roll(inside, -3, 0)
        & np.roll(inside, 3, 1)
        & np.roll(inside, -3, 1)
    )
    assert inside.sum() > 1000 and (painted[inside] == 255).mean() > 0.999


def test_aovs_of_a_painted_hole():
    """No elevation, but depth, normal and ground of what is drawn; elsewhere all as without."""
    dem = holed()
    holes = hole_patches(dem)
    names = ("depth", "elevation", "normal", "ground")
    plain, painted = (middles(dem, bad=bad, aovs=names).aovs for bad in (None, "#f00"))
    assert np.isnan(painted["elevation"][holes]).all() and not np.isnan(painted["depth"]).any()
    assert not np.isnan(painted["normal"]).any() and not np.isnan(painted["ground"]).any()
    for name in names:
        np.testing.assert_array_equal(painted[name][~holes], plain[name][~holes])
    filled = -painted["depth"][holes]  # a map's depth is minus the height
    assert np.nanmin(dem) <= filled.min() and filled.max() <= np.nanmax(dem)


def test_the_surface_goes_on_from_the_rim():
    """Over a plane with a hole it is that plane, nearly: lit, the hole is as bright as the ground beside it."""
    dem = dems.plane(60, 60, gradient=(0.5, -0.3))
    dem[20:40, 15:45] = np.nan
    light = (
        middles(dem, bad="#ffffff", cmap=["#ffffff"], lit=True, samples=4).rgba[..., 0].astype(int)
    )
    assert np.abs(light[22:37, 17:42] - light[5, 5]).max() <= 16
    assert np.abs(light - light[5, 5]).mean() < 3


def test_far_cells_know_their_holes():
    """A large DEM, whose small cells are met as a whole: painted within a pixel of where holes are."""
    dem = dems.rough(2100, 2100, 4, relief=150.0)
    dem[900:1100, 500:1500] = np.nan
    camera = vf.Camera.orbit((0, 0, 0), 3000, 200, 50)
    seen = vf.render(
        dem, size=(160, 120), camera=camera, bad="#f00", lit=False, samples=1, cmap=["#00f"],
        background=(0, 0, 0, 0), aovs=("ground", "elevation"),
    )  # fmt: skip
    x, y = np.moveaxis(seen.aovs["ground"], -1, 0)
    deep = (np.abs(x) < 470) & (y > -40) & (y < 130)  # by more than a pixel inside
    outside = (np.abs(x) > 540) | (y < -70) | (y > 170)
    outside &= ~np.isnan(x)
    assert deep.sum() > 200 and outside.sum() > 3000
    assert (seen.rgba[deep] == RED).all(axis=-1).mean() > 0.97
    assert (seen.rgba[outside] == (0, 0, 255, 255)).all(axis=-1).mean() > 0.97
    assert np.isnan(seen.aovs["elevation"][deep]).mean() > 0.97


def test_a_translucent_colour_and_none():
    dem = holed()
    holes = hole_patches(dem)
    half = middles(dem, bad=(1, 0, 0, 0.5)).rgba[holes]
    assert (np.abs(half.astype(int) - (255, 0, 0, 128)) <= 1).all()
    for nothing in (None, "none", (1, 0, 0, 0)):
        np.testing.assert_array_equal(middles(dem, bad=nothing).rgba, middles(dem).rgba)


def test_all_is_hole():
    seen = middles(np.full((8, 9), np.nan), bad="#f00").rgba
    assert (seen == RED).all()


def test_a_session_paints_and_reads_its_own_heights():
    dem = holed()
    session = vf.Renderer(70, 40)
    session.add_terrain(dem)
    session.set_camera(vf.Camera.map())
    session.set_background((0, 0, 0, 0))
    plain = session.render_rgba()
    session.set_bad("#f00")
    painted = session.render_rgba()
    assert (painted[..., 3] > plain[..., 3]).any()
    np.testing.assert_array_equal(session.read_full_height_texture(), dem)
    np.testing.assert_array_equal(session.debug_read_height_patch(45, 5, 20, 30), dem[5:35, 45:65])
    camera = vf.Camera.map()
    same = vf.render(
        dem, size=(70, 40), camera=camera, cmap="viridis", bad="#f00", background=(0, 0, 0, 0)
    )
    np.testing.assert_array_equal(painted, same.rgba)
    stats = session.terrain_stats()
    assert stats[:2] == (np.nanmin(dem), np.nanmax(dem))
    session.set_colormap("viridis")
    np.testing.assert_array_equal(session.render_rgba(), painted)
    session.set_bad("#0f0")
    assert (session.render_rgba()[painted[..., 0] == 255][:, 1] > 0).all()
    session.set_bad(None)
    np.testing.assert_array_equal(session.render_rgba(), plain)
    refused(lambda: session.set_bad((2, 0, 0)), "bad")
    np.testing.assert_array_equal(session.render_rgba(), plain)


def test_sky_light_of_painted_holes():
    """The sky that the painted surface sees, in a session as in one call, before and after an upload."""
    dem = holed()
    light = {"ambient_occlusion": True, "radius": 8.0, "ambient": 1.0}
    whole = vf.render(
        dem, size=(70, 40), camera=vf.Camera.map(), cmap="viridis", bad="#fff", **light
    ).rgba
    session = vf.Renderer(70, 40)
    session.add_terrain(dem)
    session.set_camera(vf.Camera.map())
    session.render_rgba()
    session.set_bad("#fff")
    session.set_ambient(1.0)
    session.set_ambient_occlusion(True, 8.0)
    np.testing.assert_array_equal(session.render_rgba(), whole)
    deep = whole[3:9, 55:66, :3]  # in the missing corner
    assert deep.min() > 120  # a smooth slope, open to the sky
    session.set_bad(None)
    plain = vf.render(dem, size=(70, 40), camera=vf.Camera.map(), cmap="viridis", **light).rgba
    np.testing.assert_array_equal(session.render_rgba(), plain)


def test_drapes_lie_on_painted_holes_and_lines_do_not():
    dem = holed()
    holes = hole_patches(dem)
    image = np.full((4, 4, 3), (10, 200, 30), np.uint8)
    assert (middles(dem, bad="#f00", drape=image).rgba == (10, 200, 30, 255)).all()
    lines = middles(dem, bad="#f00", contours=5.0).rgba
    assert (lines[holes] == RED).all()


def test_two_drivers_agree(two_devices):
    dem, camera = holed(), vf.Camera.fit(holed(), 200, 30)
    both = [
        vf.render(dem, size=(96, 64), camera=camera, bad="#f00", device=device)
        for device in two_devices
    ]
    assert (compare.difference(*both) > 1).mean() <= 0.001


@pytest.mark.parametrize("bad", [(1, 2, 3), (0, 0), 5, "no such colour", (float("nan"), 0, 0)])
def test_what_is_no_colour(bad):
    refused(lambda: vf.render(holed(), size=(8, 8), bad=bad), "bad")
