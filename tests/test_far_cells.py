"""Pictures whose pixels are wider than cells: nothing shines through the ground, and shadows lie where they must."""

import functools

import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from far_ground import CELL, HEIGHT, SHAPE, SIZE, TOWER, draw, eroded, from_above, sunlit, towers
from kept import Kept

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def tower() -> Kept:
    return Kept(towers())


@pytest.mark.parametrize("samples", [1, 4])
def test_no_ray_slips_through_rough_ground(samples, each_device):
    """Neighbouring far cells have surfaces that do not meet; a ray between them is on the ground all the same."""
    rng = np.random.default_rng(5)
    heights = (dems.rough(*SHAPE, 3) + rng.normal(0.0, 25.0, SHAPE)).astype(np.float32)
    given = {"samples": samples, "device": each_device}
    image = draw(heights, vert_exag=3.0, aovs=("depth",), **given)
    ground = np.isfinite(image.aovs["depth"])
    inside = eroded(ground)
    assert inside.mean() > 0.2
    seen_through = inside & (np.asarray(image)[..., 3] < 255)
    assert seen_through.sum() == 0, f"{seen_through.sum()} of {inside.sum()} pixels"


FOV = 40.0
LOW = {
    "over the rim": vf.Camera.orbit((0.0, 0.0, 300.0), 22_000.0, 33.0, 6.0, FOV),
    "under the rim": vf.Camera.orbit((0.0, 0.0, 0.0), 18_000.0, 200.0, 1.5, FOV),
    "inside": vf.Camera.look_at((-8000.0, -6000.0, 2500.0), (3000.0, 2000.0, 0.0), fov=FOV),
    "from above": vf.Camera.orbit((0.0, 0.0, 0.0), 10_000.0, 120.0, 40.0, FOV),
}


@pytest.fixture(scope="module")
def grounds() -> dict[str, Kept]:
    hills = dems.rough(*SHAPE, 3)
    steps = (np.round(hills / 150) * 150).astype(np.float32)
    sea = np.maximum(hills, np.median(hills))
    return {"hills": Kept(hills), "steps": Kept(steps), "sea": Kept(sea)}


@pytest.mark.parametrize("shadows", [False, True])
@pytest.mark.parametrize("view", LOW)
def test_near_and_far_ground_meet(grounds, view, shadows, each_device):
    """Rays go over patches and, where they met none, on over far cells. Where there is water they do both in one go."""
    size = (640, 360)
    given = {"camera": LOW[view], "size": size, "shadows": shadows, "device": each_device}
    given |= {"vert_exag": 2.0, "altitude": 25.0}
    heights = grounds["hills"]
    image = draw(heights, aovs=("depth",), **given)
    depth = image.aovs["depth"]
    ground = np.isfinite(depth)
    far_from = CELL * size[1] / np.tan(np.radians(FOV / 2))
    assert (ground & (depth < far_from)).mean() > 0.02
    assert (ground & (depth > 1.1 * far_from)).mean() > 0.02
    drawn = np.asarray(image)[..., 3] > 0
    assert (drawn & eroded(~ground)).sum() == 0 and (~drawn & eroded(ground)).sum() == 0
    in_one_go = np.asarray(draw(heights, water=-1e6, **given))
    # Within a hundredth of that depth they see the one or the other, and so they do over ridges there.
    between = ~eroded((depth < 0.99 * far_from) | (depth > 1.02 * far_from))
    judged = eroded(ground) & ~between
    assert judged.sum() > 0.5 * ground.sum()
    assert ((np.asarray(image) != in_one_go).any(axis=-1) & judged).sum() <= 20


def check_drawn(heights, at_most=0, **given):
    """What is drawn is what a ray through the middle of its pixel meets in exact patches, but for its neighbours."""
    image = draw(heights, aovs=("depth",), size=(300, 200), **given)
    ground = np.isfinite(image.aovs["depth"])
    drawn = np.asarray(image)[..., 3] > 0
    around = [eroded(eroded(place)) for place in (ground, ~ground)]
    missing, false = (around[0] & ~drawn).sum(), (around[1] & drawn).sum()
    assert missing <= at_most and false <= at_most, f"{missing} missing, {false} false"
    return ground.mean()


# Straight down through the middle of cells beside steps, and from far away.
LEVELS = {
    "steps": vf.Camera.orbit((1834.0, 2216.0, 148.0), 8192.0, 0.0, 90.0, 70.0),
    "steps from higher": vf.Camera.orbit((1915.0, 6112.0, 457.0), 10_889.0, 90.0, 90.0, 40.0),
    "sea": vf.Camera.orbit((7019.0, 1169.0, 243.0), 4232.0, 0.0, 90.0, 70.0),
    "sea from far away": vf.Camera.orbit((-4852.0, 4676.0, 535.0), 32_741.0, 90.0, 90.0, 10.0),
}


@pytest.mark.parametrize("view", LEVELS)
def test_the_lowest_ground_beside_steps_is_drawn(grounds, view, each_device):
    """There the surface through the maxima of four cells falls below all ground."""
    heights = grounds[view.split()[0]]
    scale = 2.0 if view == "sea from far away" else 1.0
    assert check_drawn(heights, camera=LEVELS[view], vert_exag=scale, device=each_device) > 0.5


# Of hills and of steps of 150 m, exaggerated: (target, distance, azimuth, altitude, fov), exaggeration.
EDGES = {
    "hills from beneath": (((-6259.0, 1141.0, 248.0), 14_256.0, 0.0, -1.875, 40.0), 3.0),
    "hills from beneath, farther": (((-6198.0, -7155.0, 211.0), 26_246.0, 54.3, -1.95, 70.0), 3.0),
    "hills along the rim": (((4632.0, 4042.0, 493.0), 16_448.0, 5.18, -2.98, 40.0), 3.0),
    "steps from above": (((1975.0, 8054.0, 109.0), 8262.0, 0.0, 30.6, 40.0), 1.0),
    "steps from far away": (((5740.0, 2054.0, 417.0), 44_619.0, 336.3, 10.8, 10.0), 3.0),
}


@pytest.mark.parametrize("view", EDGES)
def test_edges_are_as_high_as_the_ground_there(grounds, view, each_device):
    """No higher, where the surface through maxima is, and no lower: a ray that comes in knows from the patch whether it is beneath it."""
    heights = grounds[view.split()[0]]
    orbit, exaggeration = EDGES[view]
    # A single high sample hides more than its pixel, by design: no ridge is lost.
    at_most = 12 if view.startswith("steps") else 0
    given = {"camera": vf.Camera.orbit(*orbit), "vert_exag": exaggeration, "device": each_device}
    assert check_drawn(heights, at_most=at_most, **given) > 0.05


@pytest.fixture(scope="module")
def scattered() -> Kept:
    heights = dems.rough(*SHAPE, 3)
    heights[400:900, 600:1500] = np.nan
    heights[np.random.default_rng(4).random(SHAPE) < 1e-3] = np.nan
    return Kept(heights)


@pytest.mark.parametrize("altitude", [90.0, 50.0, 25.0])
def test_ground_beside_scattered_holes_is_drawn(scattered, altitude, each_device):
    """Steep ground too, of which a ray that comes from a hole meets what lies above its height."""
    for distance in (3500.0, 8000.0):
        camera = vf.Camera.orbit((-7000.0, -6000.0, 500.0), distance, 320.0, altitude, 70.0)
        given = {"vert_exag": 3.0, "device": each_device}
        assert check_drawn(scattered, at_most=2, camera=camera, **given) > 0.3


@pytest.mark.parametrize("thickness", [9000.0, 12_000.0])
def test_rays_that_come_out_of_the_ground_far_away(thickness, each_device):
    """Through the upright side of a plateau, out beyond patches but before the sun's map knows the cells: no ground inside it."""
    rows, columns = 4200, 4400  # so many that the map is of the pyramid's second level
    north = ((rows - 1) / 2 - np.arange(rows)) * CELL
    profile = np.where(
        north < thickness - rows * CELL / 2, 800.0, np.where(north < 8000, -400, 900)
    )
    heights = Kept(np.repeat(profile.astype(np.float32)[:, None], columns, axis=1))
    # Where level ground would be seen, it would be far.
    camera = vf.Camera.look_at((0.0, -25_000.0, 290.0), (0.0, 0.0, 1010.0), fov=40.0)
    given = {"camera": camera, "size": (160, 360), "azimuth": 180.0, "device": each_device}
    given |= {"altitude": 25.0}
    without, image = (draw(heights, shadows=shadows, **given) for shadows in (False, True))
    places = [(column, row) for column in range(0, 160, 16) for row in range(150, 240, 2)]
    seen = [image.ground_at(*place) for place in places]
    assert sum(ground is not None for ground in seen) > 200
    assert seen == [without.ground_at(*place) for place in places]


def test_a_dem_that_is_kept_has_the_pictures_of_render(tower):
    """Whatever came before: so other tests here may keep theirs."""
    for given in (
        {"azimuth": 20.0, "altitude": 30.0, "samples": 4},
        {"shadows": False, "cmap": "viridis", "vmin": 0.0, "base": True, "sun_radius": 3.0},
        {"aovs": ("depth",), "camera": vf.Camera.map(), "detail": "exact"},
    ):
        kept, sent = draw(tower, **given), draw(towers(), **given)
        np.testing.assert_array_equal(kept, sent)
        assert set(kept.aovs) == set(sent.aovs)
        for name in kept.aovs:
            np.testing.assert_array_equal(kept.aovs[name], sent.aovs[name])


@pytest.mark.parametrize("altitude", [12.0, 35.0, 70.0])
@pytest.mark.parametrize(
    "azimuth", [0.0, 33.0, 45.0, 90.0, 118.0, 180.0, 215.5, 270.0, 315.0, 341.0]
)
def test_a_towers_shadow_is_as_long_as_it_is_high(tower, azimuth, altitude):
    """On level ground: its footprint, moved away from the sun by up to height / tan(altitude)."""
    image = draw(tower, azimuth=azimuth, altitude=altitude, aovs=("ground", "elevation"))
    dark = np.asarray(draw(tower, azimuth=azimuth, altitude=-10.0))[..., 0].astype(int)
    bright = np.asarray(draw(tower, shadows=False, azimuth=azimuth, altitude=altitude))[..., 0]
    level = image.aovs["elevation"] < 100.5
    lit = np.asarray(image)[..., 0] > (np.median(dark[level]) + np.median(bright[level])) / 2
    x, y = np.moveaxis(image.aovs["ground"], -1, 0).astype(float)
    # The picture may be half a pixel off: not where the tower's rim is near.
    level = eroded(level)
    rows, columns = SHAPE
    west, east = (np.array([TOWER[1].start, TOWER[1].stop - 1]) - (columns - 1) / 2) * CELL
    north, south = ((rows - 1) / 2 - np.array([TOWER[0].start, TOWER[0].stop - 1])) * CELL
    towards = np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
    reach = HEIGHT / np.tan(np.radians(altitude))

    def hidden(grown):
        # Towards the sun the ray is over the footprint for these distances.
        first, last = np.full(x.shape, 0.0), np.full(x.shape, reach + grown)
        for place, way, low, high in ((x, towards[0], west, east), (y, towards[1], south, north)):
            if abs(way) < 1e-12:
                outside = (place < low - grown) | (place > high + grown)
                last = np.where(outside, -np.inf, last)
                continue
            a, b = np.sort([(low - grown - place) / way, (high + grown - place) / way], axis=0)
            first, last = np.maximum(first, a), np.minimum(last, b)
        return first < last

    # A pixel covers some 45 m; a border may be off by one, and by a cell.
    border = 70.0
    must, may = hidden(-border), hidden(border)
    assert (level & must).sum() > 100 or altitude == 70.0
    assert not (
        level & must & lit
    ).any(), f"{(level & must & lit).sum()} pixels should be in shadow"
    wrong = level & ~may & ~lit
    assert not wrong.any(), f"{wrong.sum()} pixels should be in the sun"


@pytest.fixture(scope="module")
def ridge() -> Kept:
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    return Kept((900 * np.exp(-(((x - 1150 - 0.3 * (y - 1050)) / 70.0) ** 2))).astype(np.float32))


@pytest.mark.parametrize("azimuth", [20.0, 110.0])
def test_near_and_far_ground_lie_in_the_same_shadow(ridge, azimuth):
    """A low camera: patches before it, far cells beyond, and a ridge's shadow across both."""
    heights = ridge.heights
    camera = vf.Camera.look_at((-1500.0, -11_500.0, 2200.0), (0.0, 0.0, 0.0), fov=45.0)
    given = {"camera": camera, "size": (360, 170)}
    lit = sunlit(ridge, azimuth, 18.0, **given)
    image = draw(ridge, azimuth=azimuth, altitude=18.0, aovs=("ground", "normal"), **given)
    ground = image.aovs["ground"].reshape(-1, 2).astype(float)
    known = np.flatnonzero(np.isfinite(ground[:, 0]))
    u = ground[known, 0] / CELL + (SHAPE[1] - 1) / 2
    v = (SHAPE[0] - 1) / 2 - ground[known, 1] / CELL
    step = np.array([np.sin(np.radians(azimuth)), -np.cos(np.radians(azimuth))])
    rise = np.tan(np.radians(18.0)) * CELL

    def height(u, v):
        inside = (u >= 0) & (u <= SHAPE[1] - 1) & (v >= 0) & (v <= SHAPE[0] - 1)
        i = np.clip(v.astype(int), 0, SHAPE[0] - 2)
        j = np.clip(u.astype(int), 0, SHAPE[1] - 2)
        s, t = u - j, v - i
        north = heights[i, j] * (1 - s) + heights[i, j + 1] * s
        south = heights[i + 1, j] * (1 - s) + heights[i + 1, j + 1] * s
        return np.where(inside, north * (1 - t) + south * t, -np.inf)

    start = height(u, v)
    margin = np.full(start.shape, -np.inf)
    for distance in np.arange(0.5, 900 / rise + 2):
        above = height(u + distance * step[0], v + distance * step[1]) - distance * rise
        margin = np.maximum(margin, above - start)
    expected = np.ones(lit.shape, bool)
    expected.ravel()[known] = margin < 0
    sun = np.array([step[0], -step[1], np.tan(np.radians(18.0))])
    facing = (image.aovs["normal"].astype(float) @ sun) > 0.1
    judged = facing & eroded(eroded(expected) | eroded(~expected))
    assert judged.mean() > 0.3 and (judged & ~expected).sum() > 600
    assert (lit == expected)[judged].mean() > 0.999


# A DEM as wide as it is high, and two that are long: 150 km by 3.
WALLS = [(SHAPE, azimuth) for azimuth in (0.0, 180.0, 90.0, 270.0)]
WALLS += [((15_000, 300), 180.0), ((300, 15_000), 90.0)]


@functools.lru_cache(1)
def wall(shape, along):
    """A wall in the middle, with its rows and columns."""
    heights = np.full(shape, 100.0, np.float32)
    row, column = (slice(side // 2 - 10, side // 2 + 10) for side in shape)
    heights[(row, slice(None)) if along else (slice(None), column)] += HEIGHT
    return Kept(heights), row, column


@pytest.mark.parametrize("samples", [1, 4, 16])
@pytest.mark.parametrize(("shape", "azimuth"), WALLS)
def test_a_walls_penumbra_is_the_part_of_the_disc_above_it(shape, azimuth, samples):
    """Of a disc of radius 1 what lies above a level line at -u: 1/2 + (u sqrt(1 - u^2) + asin u) / pi."""
    altitude, radius = 30.0, 5.0
    rows, columns = shape
    along = azimuth in (0.0, 180.0)
    heights, row, column = wall(shape, along)
    given = {"azimuth": azimuth, "altitude": altitude, "sun_radius": radius, "samples": samples}
    image = draw(heights, aovs=("ground", "elevation"), **given)

    def linear(picture):
        return ref.srgb_decode(np.asarray(picture)[..., 0] / 255.0)

    level = image.aovs["elevation"] < 100.5
    dark = np.median(linear(draw(heights, azimuth=azimuth, altitude=-20.0))[level])
    bright = np.median(linear(draw(heights, shadows=False, **given))[level])
    light = (linear(image) - dark) / (bright - dark)
    place = np.moveaxis(image.aovs["ground"], -1, 0).astype(float)[1 if along else 0]
    # The side of the wall away from the sun, and the distance from there, away from the sun.
    if along:
        side = ((rows - 1) / 2 - (row.stop - 1 if azimuth == 0.0 else row.start)) * CELL
        distance = side - place if azimuth == 0.0 else place - side
    else:
        side = ((column.start if azimuth == 90.0 else column.stop - 1) - (columns - 1) / 2) * CELL
        distance = side - place if azimuth == 90.0 else place - side
    behind = eroded(level) & (distance > 150.0)
    horizon = np.degrees(np.arctan2(HEIGHT, np.maximum(distance, 1.0)))
    u = np.clip((altitude - horizon) / radius, -1.0, 1.0)
    expected = 0.5 + (u * np.sqrt(1 - u * u) + np.arcsin(u)) / np.pi
    error = np.abs(light - expected)[behind]
    partly = ((expected > 0.02) & (expected < 0.98))[behind]
    assert partly.sum() > 400
    assert np.percentile(error, 99) < 0.06, f"off by {error.max():.3f}"
    assert error.mean() < 0.01


@pytest.fixture(scope="module")
def slotted() -> Kept:
    heights = (100 + np.random.default_rng(2).normal(0.0, 3.0, SHAPE)).astype(np.float32)
    for first in range(300, 1800, 300):
        heights[first : first + 150, 200:2100] = np.nan
    return Kept(heights)


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize(("azimuth", "altitude"), [(180.0, 3.0), (268.0, 6.0), (266.0, 20.0)])
def test_a_hole_is_open_from_all_sides(slotted, azimuth, altitude, samples, each_device):
    """Long holes, looked along: what exact rays see through them, the picture shows, and no rim where there is none."""
    camera = vf.Camera.orbit((0.0, 0.0, 0.0), 30_000.0, azimuth, altitude, 35.0)
    given = {"camera": camera, "size": (640, 240), "samples": samples, "device": each_device}
    image = draw(slotted, aovs=("depth",), **given)
    ground = np.isfinite(image.aovs["depth"])
    drawn = np.asarray(image)[..., 3] > 0
    assert 0.01 < ground.mean() < 0.9
    assert (drawn & eroded(~ground)).sum() <= 5
    assert (~drawn & eroded(ground)).sum() == 0


@pytest.mark.parametrize("sun_radius", [0.0, 3.0])
def test_walls_of_a_base_have_the_sun_that_they_face(tower, sun_radius, each_device):
    """The ground is what it is without a base; its walls stand at the DEM's edge, where nothing hides the sun."""
    given = {"azimuth": 215.0, "altitude": 25.0, "sun_radius": sun_radius, "device": each_device}
    given["camera"] = vf.Camera.orbit((0.0, 0.0, 100.0), 26_000.0, 200.0, 25.0, 60.0)
    block = np.asarray(draw(tower, base=True, **given))
    open_below = np.asarray(draw(tower, **given))
    walls = (block != open_below).any(axis=-1)
    assert 0.001 < walls.mean() < 0.05
    # Below the ground, along two sides of it: nothing else has changed.
    ground = open_below[..., 3] > 0
    assert (walls & eroded(ground)).sum() < 20
    lit = np.asarray(draw(tower, base=True, shadows=False, **given))
    np.testing.assert_array_equal(block[walls], lit[walls])
    dark = np.asarray(draw(tower, base=True, **{**given, "altitude": -10.0}))
    assert (block[walls].astype(int) > dark[walls]).all(axis=0)[0]


def test_the_sun_may_move_and_come_back():
    """What is kept of one sun never lights a picture of another; nor does it matter what came before."""
    heights = dems.rough(*SHAPE, 8)
    suns = [(315.0, 30.0), (80.0, 20.0)]
    fresh = {
        (azimuth, altitude, turn): np.asarray(
            draw(heights, azimuth=azimuth, altitude=altitude, camera=from_above(200.0 + turn))
        )
        for azimuth, altitude in suns
        for turn in (0, 30)
    }
    renderer = vf.Renderer(*SIZE)
    renderer.add_terrain(heights, (CELL, CELL), 1.0, "gray")
    renderer.set_colormap("gray", vmin=-1500.0, vmax=1500.0)
    renderer.set_samples(1)
    renderer.set_background((0, 0, 0, 0))
    for azimuth, altitude in 2 * suns:
        renderer.set_sun(altitude, azimuth)
        for turn in (0, 30):
            renderer.set_camera(from_above(200.0 + turn))
            np.testing.assert_array_equal(renderer.render_rgba(), fresh[azimuth, altitude, turn])


@pytest.fixture(scope="module")
def holed_tower() -> Kept:
    heights = towers()
    heights[300:700, 500:1700] = np.nan
    heights[:, :40] = np.nan
    return Kept(heights)


@pytest.mark.parametrize(
    "sun", [(0.0, 90.0), (45.0, 89.999), (10.0, 0.0), (225.0, 0.01), (90.0, -5.0)]
)
@pytest.mark.parametrize(("holes", "radius"), [(False, 0.0), (True, 0.0), (True, 4.0)])
def test_any_sun_gives_a_picture(tower, holed_tower, sun, holes, radius, each_device):
    heights = holed_tower if holes else tower
    given = {"azimuth": sun[0], "altitude": sun[1], "sun_radius": radius, "device": each_device}
    image = draw(heights, aovs=("elevation",), **given)
    rgba = np.asarray(image)
    ground = np.isfinite(image.aovs["elevation"])
    drawn = rgba[..., 3] > 0
    assert (drawn != ground).mean() < 0.01
    top = drawn & (image.aovs["elevation"] > 999.0)
    without = np.asarray(draw(heights, shadows=False, **given))
    assert np.abs(rgba[top].astype(int) - without[top]).max() <= 1
