"""The solid block: a box's closed form, and that no ray ever goes through what is solid."""

from __future__ import annotations

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from surface_twins import directions, eye, ground_under, linear

pytestmark = pytest.mark.gpu

ALL = ("depth", "elevation", "normal", "ground")
SIZE = (96, 64)
CAMERAS = {
    "above": vf.Camera.orbit((0, 0, 80), 90, 215, 40),
    "aside": vf.Camera.orbit((0, 0, 80), 80, 80, 2),
    "below": vf.Camera.orbit((0, 0, 80), 90, 320, -50),
    "along the grid": vf.Camera.look_at((0, -90, 80), (0, 0, 80)),
}


@pytest.mark.parametrize("name", CAMERAS)
@pytest.mark.parametrize("exaggeration", [1.0, 2.0])
def test_level_ground_on_a_base_is_a_box(name, exaggeration, each_device):
    dem = np.full((21, 31), 100 / exaggeration, np.float32)
    camera = CAMERAS[name]
    picture = vf.render(
        dem,
        size=SIZE,
        camera=camera,
        vert_exag=exaggeration,
        base=vf.Base(depth=30 / exaggeration),
        aovs=ALL,
        background=(0, 0, 0, 0),
        samples=1,
        device=each_device,
    )
    ray, origin = directions(camera, SIZE), eye(camera)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = (np.array([-15, -10, 70]) - origin) / ray
        high = (np.array([15, 10, 100]) - origin) / ray
    enter, leave = np.fmin(low, high), np.fmax(low, high)
    depth = enter.max(axis=-1)
    found = (depth < leave.min(axis=-1)) & (depth > 0)
    got = picture.aovs["depth"]
    # A ray along an edge may fall on either side.
    assert (found != np.isfinite(got)).mean() < 0.003 and found.mean() > 0.1
    both = found & np.isfinite(got)
    assert np.abs(got - depth)[both].max() < 2e-3
    point = origin + depth[..., None] * ray
    assert np.abs(picture.aovs["elevation"] * exaggeration - point[..., 2])[both].max() < 2e-3
    assert np.abs(picture.aovs["ground"] - point[..., :2])[both].max() < 2e-3
    axis = enter.argmax(axis=-1)
    normal = np.eye(3)[axis] * -np.sign(np.take_along_axis(ray, axis[..., None], -1))
    edge = np.sort(enter, axis=-1)
    clear = both & (edge[..., 2] - edge[..., 1] > 0.01)
    assert np.abs(picture.aovs["normal"] - normal)[clear].max() < 1e-6
    assert len({tuple(n) for n in normal[clear]}) >= (1 if name == "along the grid" else 2)
    row, column = np.argwhere(clear)[len(np.argwhere(clear)) // 2]
    assert picture.ground_at(int(column), int(row)) == pytest.approx(
        tuple(point[row, column]), abs=2e-3
    )


def assert_solid(picture, dem, spacing, camera, floor):
    """Nothing before a hit lies inside the solid, and each hit lies on it."""
    ray, origin = directions(camera, picture.size[::1]), eye(camera)
    depth = picture.aovs["depth"].astype(float)
    extent = np.hypot(*(np.array(dem.shape[::-1]) * spacing))
    furthest = np.linalg.norm(origin) + extent
    for share in (np.arange(400) + 0.5) / 400:
        t = share * np.where(np.isnan(depth), furthest, depth - 0.02 * spacing[0])
        point = origin + t[..., None] * ray
        surface = ground_under(dem, spacing, point[..., :2])
        inside = (point[..., 2] < surface - 0.02) & (point[..., 2] > floor + 0.02)
        # Within a thousandth of a cell of a border rounding decides.
        inside &= ~np.isnan(ground_under(dem, spacing, point[..., :2] + 1e-3)) & ~np.isnan(
            ground_under(dem, spacing, point[..., :2] - 1e-3)
        )
        assert not inside.any(), np.argwhere(inside)[:5]
    hit = np.isfinite(depth)
    point = origin + depth[..., None] * ray
    surface = np.fmax.reduce(
        [
            ground_under(dem, spacing, point[..., :2] + np.array(d))
            for d in [(0, 0), (2e-3, 2e-3), (-2e-3, -2e-3), (2e-3, -2e-3), (-2e-3, 2e-3)]
        ]
    )
    wrong = hit & ~((point[..., 2] < surface + 0.1) & (point[..., 2] > floor - 0.1))
    assert not wrong.any(), np.argwhere(wrong)[:5]
    normal = picture.aovs["normal"]
    wall = hit & (np.abs(normal[..., 2]) < 1e-6)
    assert wall.sum() > 50
    cell = point[..., :2] / spacing + (np.array(dem.shape[::-1]) - 1) / 2
    off = np.abs(cell - np.round(cell))
    across = np.abs(normal[..., :2]).argmax(axis=-1)
    assert np.take_along_axis(off, across[..., None], -1)[wall].max() < 1e-3


@pytest.mark.parametrize("bearing", [10, 100, 205, 300])
@pytest.mark.parametrize("altitude", [-35, 3, 25, 60])
def test_no_ray_goes_through_the_solid(bearing, altitude, each_device):
    spacing = (3.0, 2.0)
    dem = dems.with_holes(dems.ridge(22, 26, relief=25.0, spacing=spacing), fraction=0.03)
    camera = vf.Camera.orbit((0, 0, 8), 110, bearing, altitude)
    picture = vf.render(
        dem,
        size=(120, 80),
        camera=camera,
        spacing=spacing,
        base=vf.Base(depth=12),
        aovs=("depth", "normal"),
        samples=1,
        device=each_device,
    )
    assert_solid(picture, dem, np.array(spacing), camera, np.nanmin(dem) - 12)


def test_ground_seen_from_above_looks_the_same_with_a_base():
    dem = dems.with_holes(dems.ridge(24, 28), fraction=0.0)
    # Not the camera that is used by itself: it makes room for the walls.
    camera = vf.Camera.orbit((0, 0, float(np.nanmean(dem))), 2200, 225, 35)
    options = {
        "size": (160, 100),
        "spacing": (30, 30),
        "aovs": ALL,
        "samples": 1,
        "camera": camera,
    }
    plain = vf.render(dem, **options)
    solid = vf.render(dem, **options, base=True)
    top = solid.aovs["normal"][..., 2] > 0.01
    same = top & (np.abs(solid.aovs["depth"] - plain.aovs["depth"]) < 1e-2)
    # What is ground with a base is ground without one, in the same light.
    assert (top & ~same).sum() == 0 and same.mean() > 0.1
    assert np.array_equal(np.asarray(solid)[same], np.asarray(plain)[same])


def test_holes_go_right_through():
    dem = dems.ridge(24, 28)
    dem[8:14, 9:16] = np.nan
    for samples in (1, 4):
        options = {
            "size": (280, 240),
            "camera": vf.Camera.map(),
            "background": (0, 0, 0, 0),
            "samples": samples,
        }
        solid, plain = (np.asarray(vf.render(dem, **options, base=base)) for base in (True, False))
        assert np.array_equal(solid[..., 3], plain[..., 3])
        # A floor makes the range of heights larger, and by a hair what counts as on the ground.
        assert (solid != plain).any(axis=-1).mean() < 1e-3


def test_walls_are_lit_by_their_direction_and_shadow_nothing():
    dem = np.full((21, 31), 100, np.float32)
    dem[8:14, 9:16] = np.nan
    options = {"size": SIZE, "camera": CAMERAS["above"], "aovs": ("normal",), "samples": 1}
    base = vf.Base(30, "#808080")
    unlit = vf.render(dem, base=base, lit=False, **options)
    lit = vf.render(dem, base=base, azimuth=240, altitude=30, shadows=False, **options)
    sun = np.array(
        [np.sin(np.radians(240)), np.cos(np.radians(240)), np.tan(np.radians(30))]
    ) * np.cos(np.radians(30))
    normal = unlit.aovs["normal"]
    wall = np.isfinite(normal[..., 2]) & (normal[..., 2] == 0)
    factor = 0.35 + 0.65 * np.clip(normal @ sun, 0, 1)
    expected = linear(np.asarray(unlit)[..., 0]) * factor
    assert (
        wall.sum() > 200 and np.abs(linear(np.asarray(lit)[..., 0]) - expected)[wall].max() < 0.006
    )
    shadowed = vf.render(dem, base=base, azimuth=240, altitude=30, **options)
    top = normal[..., 2] > 0.5
    assert np.array_equal(np.asarray(shadowed)[top], np.asarray(lit)[top])
    outer = wall & (np.abs(normal @ sun - np.max(normal[wall] @ sun)) < 1e-6)
    darker = (np.asarray(shadowed).astype(int) < np.asarray(lit).astype(int) - 1).any(axis=-1)
    # Sunlit walls of the outside have the sun; of a hole's some are in the shadow of its other side.
    assert 0 <= (darker & outer).sum() < 0.5 * outer.sum()


def test_walls_have_the_whole_sky():
    dem = dems.ridge(24, 28, relief=60.0)
    options = {"size": (160, 120), "base": vf.Base(20), "aovs": ("normal",), "samples": 1}
    options |= {"camera": vf.Camera.orbit((0, 0, 20), 90, 205, 12)}
    plain = vf.render(dem, **options)
    shaded = np.asarray(vf.render(dem, **options, ambient_occlusion=True))
    normal = plain.aovs["normal"][..., 2]
    wall = normal == 0
    assert wall.sum() > 1000 and np.array_equal(shaded[wall], np.asarray(plain)[wall])
    assert (shaded[normal > 0] < np.asarray(plain)[normal > 0]).any(axis=-1).mean() > 0.1


def test_the_floor_follows_depth_and_by_default_the_dem():
    dem = dems.ridge(24, 28, relief=100.0)
    camera = vf.Camera.orbit((0, 0, 0), 1500, 215, 0)
    low, high = float(dem.min()), float(dem.max())

    def lowest(base):
        shown = vf.render(
            dem,
            size=(200, 150),
            camera=camera,
            spacing=(30, 30),
            base=base,
            aovs=("elevation",),
            samples=1,
        )
        return float(np.nanmin(shown.aovs["elevation"]))

    assert lowest(vf.Base(60)) == pytest.approx(low - 60, abs=4)
    assert lowest(True) == pytest.approx(low - max(0.2 * (high - low), 0.03 * 27 * 30), abs=4)
    with pytest.raises(vf.InvalidInputError, match="depth of a base must put its floor below"):
        vf.render(dem * 1e5, size=(8, 8), base=vf.Base(1e-3))


def test_a_large_dem_joins_its_walls(each_device):
    """Small cells are met as a whole in the picture and exactly in the numbers; both see the same block."""
    dem = dems.rough(2060, 2060, relief=250.0)
    camera = vf.Camera.orbit((0, 0, 100), 3300, 205, 20)
    picture = vf.render(
        dem,
        size=(300, 180),
        camera=camera,
        base=vf.Base(depth=100, colour=(1, 0, 0)),
        cmap=np.array([[0, 0, 1], [0, 0, 1]], np.float32),
        lit=False,
        background=(0, 0, 0, 0),
        aovs=("depth", "normal"),
        samples=1,
        device=each_device,
    )
    pixels, depth = np.asarray(picture), picture.aovs["depth"]
    assert ((pixels[..., 3] > 0) != np.isfinite(depth)).mean() < 0.002
    wall = np.isfinite(depth) & (picture.aovs["normal"][..., 2] == 0)
    red = pixels[..., 0] > pixels[..., 2]
    assert wall.sum() > 1000 and (wall != red).mean() < 0.004
    # And each pixel that differs lies at the wall's edge.
    inner = wall.copy()
    for axis in (0, 1):
        for step in (1, -1):
            inner &= np.roll(wall, step, axis)
    assert red[inner].all()
    outside = ~wall
    for axis in (0, 1):
        for step in (1, -1):
            outside &= np.roll(~wall, step, axis)
    assert not red[outside].any()
