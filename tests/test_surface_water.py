"""Water: where it lies, how far one sees into it, shadow and sun on it."""

from __future__ import annotations

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from surface_twins import WHITE, directions, encoded, eye, linear

pytestmark = pytest.mark.gpu

BLUE = (0.0, 0.0, 1.0)
MAP = vf.Camera.map()


def drawn(dem, *, cells=8, **options):
    rows, columns = dem.shape
    size = (cells * columns, cells * rows)
    return vf.render(dem, **{"size": size, "camera": MAP, "cmap": WHITE, "samples": 1, **options})


@pytest.mark.parametrize("samples", [1, 4])
def test_the_shore_is_where_the_ground_meets_the_level(samples, each_device):
    dem = dems.plane(12, 40, gradient=(0.5, 0.0), level=0.0)
    for level in (-3.0, 0.3, 4.11):
        water = vf.Water(level, colour=BLUE, clarity=1e-6)
        picture = drawn(dem, lit=False, water=water, samples=samples, device=each_device)
        row = 1 - linear(np.asarray(picture)[48, 8:-8, 0])
        assert (np.asarray(picture)[48, 8:-8, 2] == 255).all()
        # Metres of the row that are water, from the ground's left edge, half a cell and eight pixels in.
        wet = row.sum() / 8 - 19
        assert wet == pytest.approx(level / 0.5, abs=0.12 if samples == 1 else 0.1)
        between = (row > 0.01) & (row < 0.99)
        assert between.sum() <= 2, "soft over a pixel or two, no more"


def test_depth_tints_and_dry_ground_stays_as_it_is(each_device):
    dem = dems.plane(12, 40, gradient=(0.5, 0.0), level=0.0)
    plain = drawn(dem, lit=False, device=each_device, aovs=("elevation",))
    wet = drawn(
        dem,
        lit=False,
        water=vf.Water(2, colour=BLUE, clarity=6),
        device=each_device,
        aovs=("elevation",),
    )
    height = plain.aovs["elevation"].astype(float)
    assert np.array_equal(
        height, wet.aovs["elevation"], equal_nan=True
    ), "numbers look through water"
    dry = ~(height < 2)
    assert np.array_equal(np.asarray(wet)[dry], np.asarray(plain)[dry]) and dry.any()
    deep = height < 1.8
    # Koschmieder's ln 0.05, from water that hides 55 % where it is shallow.
    clear = 0.45 * np.exp(np.log(0.05) / 6 * (2 - height[deep]))
    assert np.abs(np.asarray(wet)[deep][:, 0] - encoded(clear)).max() < 1


def test_oblique_lines_of_sight_see_less_deep():
    dem = np.zeros((40, 40), np.float32)
    camera = vf.Camera.orbit((0, 0, 0), 300, 200, 30, fov=4)
    for exaggeration in (1, 3):
        shown = vf.render(
            dem, size=(40, 30), camera=camera, cmap=WHITE, lit=False, samples=1,
            vert_exag=exaggeration, water=vf.Water(0.5 / exaggeration, colour=BLUE, clarity=3 / exaggeration),
        )  # fmt: skip
        way = 0.5 / np.sin(np.radians(30))
        clear = 0.45 * np.exp(np.log(0.05) / 3 * way)
        assert np.asarray(shown)[15, 20, 0] == pytest.approx(encoded(clear), abs=1.5)


def test_a_lake_that_is_level_at_the_level_is_all_water(each_device):
    dem = dems.plane(20, 30, gradient=(2.0, 1.0), level=512.7)
    dem[5:15, 6:20] = 512.7
    camera = vf.Camera.orbit((0, 0, 512.7), 60, 205, 30)
    water = vf.Water(512.7, colour=BLUE)
    pictures = [vf.render(dem, size=(200, 150), camera=view, cmap=WHITE, lit=False, samples=1, water=water,
                          aovs=("elevation", "ground"), device=each_device) for view in (MAP, camera)]  # fmt: skip
    for picture in pictures:
        at = picture.aovs["ground"]
        lake = (
            (picture.aovs["elevation"] == np.float32(512.7))
            & (np.abs(at[..., 0] + 2) < 6)
            & (np.abs(at[..., 1]) < 4)
        )
        colours = np.unique(np.asarray(picture)[lake], axis=0)
        assert lake.sum() > 300 and len(colours) <= 2, colours
        assert colours[:, 0].max() < 200


def test_there_is_no_water_over_holes():
    dem = np.zeros((30, 30), np.float32)
    dem[10:18, 8:20] = np.nan
    for camera in (MAP, vf.Camera.orbit((0, 0, 0), 60, 205, 40)):
        options = {"size": (180, 120), "camera": camera, "samples": 1, "background": (0, 0, 0, 0)}
        plain = np.asarray(vf.render(dem, **options))
        wet = np.asarray(vf.render(dem, **options, water=vf.Water(0.05, colour=BLUE)))
        # A sheet of five centimetres: at its rims, seen from the side, it hides no pixel to speak of.
        assert ((plain[..., 3] > 0) != (wet[..., 3] > 0)).mean() < 0.002
        assert (plain[..., 3] == 0).sum() > 200


def test_shadows_fall_on_the_surface():
    dem = np.full((24, 48), -20, np.float32)
    dem[:, 10:12] = 30
    sun = {"azimuth": 270, "altitude": 45, "ambient": 0.25, "shadows": True}
    shown = drawn(dem, water=vf.Water(0, colour=(1, 1, 1), clarity=1e-6, glint=0), **sun)
    light = linear(np.asarray(shown)[96, :, 0])
    # The wall's top, 30 above the water, shades 30 metres of it: from x = 11.5 cells of the map's west side.
    x = (np.arange(light.size) + 0.5) / 8 - 0.5
    lit = 0.25 + 0.75 * np.sin(np.radians(45))
    assert np.allclose(light[(x > 13) & (x < 40.5)], 0.25, atol=0.006)
    assert np.allclose(light[(x > 41.5) & (x < 46)], lit, atol=0.006)


def test_the_sun_glints_where_a_mirror_would_show_it(each_device):
    dem = np.full((80, 80), -50, np.float32)
    camera = vf.Camera.look_at((0, -60, 40), (0, 0, 0), fov=60)
    options = {
        "size": (200, 150),
        "camera": camera,
        "samples": 1,
        "azimuth": 0,
        "altitude": 40,
        "device": each_device,
    }
    dark = (0.0, 0.0, 0.0)
    shown = linear(
        np.asarray(vf.render(dem, **options, water=vf.Water(0, colour=dark, clarity=1e-6)))[..., 0]
    )
    without = linear(
        np.asarray(
            vf.render(dem, **options, water=vf.Water(0, colour=dark, clarity=1e-6, glint=0))
        )[..., 0]
    )
    ray = directions(camera, (200, 150))
    mirrored = ray * [1, 1, -1] / np.linalg.norm(ray, axis=-1, keepdims=True)
    sun = np.array([0, np.cos(np.radians(40)), np.sin(np.radians(40))])
    point = eye(camera) - eye(camera)[2] / ray[..., 2:] * ray
    over = (np.abs(point[..., 0]) < 39) & (np.abs(point[..., 1]) < 39) & (ray[..., 2] < 0)
    nearness = np.where(over, mirrored @ sun, -1)
    best = np.unravel_index(nearness.argmax(), nearness.shape)
    shown, without = np.where(over, shown, 0), np.where(over, without, 0)
    row, column = np.mean(np.argwhere(shown > 0.95 * shown.max()), axis=0)
    assert nearness.max() > 0.999 and np.hypot(row - best[0], column - best[1]) < 4
    assert shown.max() > 0.3 and without[over].max() == 0
    # It is gone in the dark.
    night = vf.render(
        dem, **{**options, "altitude": -10}, water=vf.Water(0, colour=dark, clarity=1e-6)
    )
    assert np.asarray(night)[over][:, :3].max() == 0


def test_a_mask_is_water_at_the_ground_s_own_height(each_device):
    dem = dems.ridge(20, 30)
    mask = np.zeros(dem.shape, bool)
    mask[4:12, 6:17] = True
    options = {"aovs": ("elevation", "normal"), "device": each_device}
    plain = drawn(dem, lit=False, **options)
    wet = drawn(dem, lit=False, water=vf.Water(mask=mask, colour=BLUE), **options)
    for name in options["aovs"]:
        assert np.array_equal(plain.aovs[name], wet.aovs[name], equal_nan=True)
    covered = 1 - linear(np.asarray(wet)[..., 0])
    centres = covered[4::8, 4::8]
    assert (centres[mask] == 1).all() and centres[1:-1, 1:-1][~mask[1:-1, 1:-1]].max() == 0
    # A shore half-way between samples: as large as the samples' own cells, but for the rounded corners.
    assert covered.sum() / 64 == pytest.approx(mask.sum(), rel=0.01)
    # Lit, it is level: as bright wherever the sun shines.
    lit = drawn(
        dem, water=vf.Water(mask=mask, colour=(0.5, 0.5, 0.5), glint=0), shadows=False, **options
    )
    inner = np.asarray(lit)[40:90, 56:128, 0]
    assert inner.max() - inner.min() <= 1


def test_the_cut_side_of_water_is_seen_into():
    dem = np.full((30, 30), -10, np.float32)
    dem[:, 15:] = 6
    camera = vf.Camera.look_at((-60, -4, 3), (0, 0, -3), fov=40)
    options = {
        "size": (160, 120),
        "camera": camera,
        "cmap": WHITE,
        "lit": False,
        "samples": 1,
        "base": vf.Base(4, (1, 0, 0)),
    }
    wet = np.asarray(vf.render(dem, **options, water=vf.Water(0, colour=BLUE, clarity=30))).astype(
        int
    )
    shown = vf.render(dem, **options, aovs=("elevation", "normal"))
    dry, height = np.asarray(shown).astype(int), shown.aovs["elevation"]
    ray = directions(camera, (160, 120))
    side = eye(camera) + ray * ((-14.5 - eye(camera)[0]) / ray[..., :1])
    over = np.abs(side[..., 1]) < 14.4
    into = over & (side[..., 2] < -0.1) & (side[..., 2] > -9.9)
    # Through the side everything is blue and less bright; below the bed there is the base's wall as it was.
    assert (
        into.sum() > 500
        and (wet[into][:, 0] < dry[into][:, 0]).all()
        and (wet[into][:, 2] == 255).all()
    )
    below = over & (side[..., 2] < -10.1) & np.isfinite(height)
    assert below.sum() > 100 and np.array_equal(wet[below], dry[below])


@pytest.mark.parametrize("azimuth", [176, 185, 200])
def test_a_dry_wall_at_the_level_of_a_lake_is_as_without_it(azimuth):
    dem = (40 + 60 * np.random.default_rng(0).random((65, 65))).astype(np.float32)
    dem[20:45, 20:45] = 0
    options = {
        "size": (600, 300),
        "camera": vf.Camera.orbit((0, -32, 60), 100, azimuth, 8, fov=40),
        "base": vf.Base(20),
        "vert_exag": 6,
        "samples": 1,
        "ambient_occlusion": True,  # gave away which pixels took themselves for water
        "radius": 16,
    }
    dry = vf.render(dem, **options, aovs=("normal",))
    wet = np.asarray(vf.render(dem, **options, water=10.0))
    wall = dry.aovs["normal"][..., 2] == 0
    assert wall.sum() > 50_000
    assert np.array_equal(wet[wall], np.asarray(dry)[wall])


def test_no_glint_in_the_shade():
    dem = np.full((80, 80), -50, np.float32)
    dem[:3] = 150  # keeps the sun from all of the water
    options = {
        "size": (120, 90),
        "camera": vf.Camera.look_at((0, -60, 40), (0, 0, 0), fov=60),
        "samples": 1,
        "azimuth": 0,
        "altitude": 40,
        "shadows": True,
    }
    shown, without = (
        np.asarray(vf.render(dem, **options, water=vf.Water(0, clarity=1e-6, glint=glint))).astype(
            int
        )
        for glint in (0.8, 0.0)
    )
    assert np.abs(shown - without).max() <= 1
    sunny = vf.render(dem, **{**options, "shadows": False}, water=vf.Water(0, clarity=1e-6))
    assert (np.asarray(sunny)[..., 0] > without[..., 0] + 20).sum() > 50


def test_from_beneath_the_surface_one_sees_as_far_as_that():
    dem = np.full((60, 60), -40, np.float32)
    camera = vf.Camera.look_at((0, -8, -10), (0, 0, -4), fov=8)
    shown = vf.render(
        dem, size=(40, 30), camera=camera, lit=False, samples=1, background="white",
        water=vf.Water(0, colour=BLUE, clarity=60),
    )  # fmt: skip
    ray = directions(camera, (40, 30))
    way = 10 / ray[..., 2] * np.linalg.norm(ray, axis=-1)
    clear = 0.7 * np.exp(np.log(0.05) / 60 * way)
    assert np.abs(np.asarray(shown)[..., 0] - encoded(clear)).max() < 1.5


def test_walls_of_a_hole_stay_dry():
    dem = np.zeros((40, 40), np.float32)
    dem[14:26, 12:28] = np.nan
    camera = vf.Camera.orbit((0, 0, 0), 60, 205, 40)
    options = {"size": (200, 150), "camera": camera, "cmap": WHITE, "lit": False, "samples": 1}
    options |= {"base": vf.Base(20, (1, 0, 0))}
    dry = vf.render(dem, **options, aovs=("normal", "elevation"))
    wet = np.asarray(vf.render(dem, **options, water=vf.Water(0.02, colour=BLUE)))
    inner = (dry.aovs["normal"][..., 2] == 0) & (np.indices((150, 200))[0] < 90)
    assert inner.sum() > 1000
    assert (wet[inner] != np.asarray(dry)[inner]).any(axis=-1).mean() < 0.02


def test_the_cut_side_leaves_light_to_the_ground_behind():
    dem = dems.plane(30, 30, gradient=(0.8, 0.3), level=-14.0)
    camera = vf.Camera.look_at((-60, -4, 0), (0, 0, -8), fov=40)
    options = {"size": (120, 90), "camera": camera, "cmap": WHITE, "samples": 1, "shadows": False}
    dry = vf.render(dem, **options, aovs=("elevation",))
    water = vf.Water(0, colour="black", clarity=1e9, glint=0)
    wet = linear(np.asarray(vf.render(dem, **options, water=water))[..., 0])
    ray = directions(camera, (120, 90))
    side = eye(camera) + ray * ((-14.5 - eye(camera)[0]) / ray[..., :1])
    into = (side[..., 2] < -0.3) & (dry.aovs["elevation"] < -0.5) & (np.abs(side[..., 1]) < 14)
    assert into.sum() > 200
    # Clear water hides three tenths where it is cut.
    np.testing.assert_allclose(
        wet[into], 0.7 * linear(np.asarray(dry)[..., 0])[into], rtol=0.02, atol=0.004
    )


def test_haze_lies_before_the_surface_not_before_the_bed():
    dem = np.full((400, 400), -50, np.float32)
    camera = vf.Camera.look_at((0, -150, 40), (0, -40, 0), fov=12)
    shown = vf.render(
        dem, size=(40, 30), camera=camera, lit=False, samples=1,
        water=vf.Water(0, colour="black", clarity=1e-6), haze=vf.Haze(600, colour="white"),
    )  # fmt: skip
    ray = directions(camera, (40, 30))
    way = -40 / ray[..., 2] * np.linalg.norm(ray, axis=-1)
    hidden = 1 - np.exp(np.log(0.05) * way / 600)
    assert np.abs(np.asarray(shown)[..., 0] - encoded(hidden)).max() < 1.5


def test_a_mask_lies_where_it_does_from_afar_too():
    dem = dems.plane(400, 400, gradient=(0.02, 0.01), level=0.0)
    mask = np.zeros(dem.shape, bool)
    mask[90:310, 120:330] = True
    camera = vf.Camera.orbit((0, 0, 0), 3000, 205, 60, fov=9)
    places = []
    for detail in ("auto", "exact"):
        options = {
            "size": (60, 45),
            "camera": camera,
            "cmap": WHITE,
            "lit": False,
            "detail": detail,
        }
        shown = vf.render(dem, **options, samples=16, water=vf.Water(mask=mask, colour=BLUE))
        covered = 1 - linear(np.asarray(shown)[..., 0]) * (np.asarray(shown)[..., 3] > 0)
        covered = np.where(np.asarray(shown)[..., 2] == 255, covered, 0)
        places.append([(axis * covered).sum() / covered.sum() for axis in np.indices((45, 60))])
    np.testing.assert_allclose(*places, atol=0.1)
