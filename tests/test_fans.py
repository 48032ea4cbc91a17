"""Several samples a pixel of far ground, which walk together: as good as if each had walked alone."""

import functools

import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from kept import Kept

pytestmark = pytest.mark.gpu

SHAPE = (2100, 2300)  # more than four million samples: smaller DEMs have no far cells
CELL = 10.0
SIZE = (240, 160)
FINE = 4


def orbit(azimuth, altitude, distance=30_000.0, fov=40.0):
    return vf.Camera.orbit((0.0, 0.0, 1000.0), distance, azimuth, altitude, fov)


CAMERAS = {
    "from above": orbit(205.0, 40.0),
    "from the front": orbit(180.0, 25.0),
    "grazing": orbit(33.0, 4.0),
    "steep": orbit(225.0, 80.0),
    "straight down": orbit(180.0, 90.0),
    "inside": vf.Camera.look_at((-9000.0, -7000.0, 6500.0), (3000.0, 2000.0, 0.0), fov=50.0),
}


def hills() -> np.ndarray:
    rng = np.random.default_rng(7)
    return (dems.rough(*SHAPE, 3) + rng.normal(0.0, 6.0, SHAPE)).astype(np.float32)


@pytest.fixture(scope="module")
def rough() -> Kept:
    return Kept(hills())


@pytest.fixture(scope="module")
def holed() -> Kept:
    heights = hills()
    heights[300:900, 700:1500] = np.nan
    return Kept(heights)


LOOK = {"shadows": False, "background": (0, 0, 0, 0), "vert_exag": 2.0, "spacing": (CELL, CELL)}


def draw(heights, camera, samples, size=SIZE, **given):
    given = {"camera": camera, "samples": samples, "size": size, **LOOK, **given}
    return heights.draw(**given) if isinstance(heights, Kept) else vf.render(heights, **given)


def linear(image):
    """Premultiplied linear light and coverage, (H, W, 4)."""
    rgba = np.asarray(image) / 255.0
    colour = ref.srgb_decode(rgba[..., :3])
    return np.concatenate([colour * rgba[..., 3:], rgba[..., 3:]], axis=-1)


def averaged(heights, camera, **given):
    """The picture of sixteen rays a pixel, each of which walks alone."""
    width, height = SIZE
    fine = linear(draw(heights, camera, 1, (FINE * width, FINE * height), **given))
    return fine.reshape(height, FINE, width, FINE, 4).mean(axis=(1, 3))


def off(image, expected, where=slice(None)):
    return np.sqrt(((linear(image) - expected)[where] ** 2).mean())


@pytest.mark.parametrize("name", CAMERAS)
def test_samples_that_walk_together_are_as_good_as_alone(rough, name, each_device):
    """With a base the same rays walk alone: sixteen of them are what four, either way, come near to."""
    given = {"camera": CAMERAS[name], "device": each_device}
    one, four, sixteen = (draw(rough, samples=n, **given) for n in (1, 4, 16))
    alone = {n: draw(rough, samples=n, base=True, **given) for n in (1, 4, 16)}
    expected = linear(alone[16])
    # Where neither the base's walls are seen nor anything near them.
    walls = (np.asarray(alone[1]) != np.asarray(one)).any(axis=-1) | (expected[..., 3] < 1)
    padded = np.pad(walls, 2)
    height, width = walls.shape
    near = np.any(
        [padded[i : i + height, j : j + width] for i in range(5) for j in range(5)], axis=0
    )
    assert (~near).mean() > 0.05
    by_four = off(alone[4], expected, ~near)
    # Colour goes by means of cells that samples share: up to a fifth more than 1 was seen, and 0.9.
    assert off(four, expected, ~near) < 1.25 * by_four < 0.65 * off(one, expected, ~near)
    assert off(sixteen, expected, ~near) < 0.95 * by_four


@pytest.mark.parametrize("name", CAMERAS)
def test_what_is_covered_in_part_is_so_as_far_as_alone(holed, name, each_device):
    """At the DEM's edges, before the sky and in holes."""
    given = {"camera": CAMERAS[name], "device": each_device}
    expected = averaged(holed, **given)[..., 3]
    one, four = (linear(draw(holed, samples=n, **given))[..., 3] - expected for n in (1, 4))
    partly = (expected > 0) & (expected < 1)
    assert partly.sum() > 100
    assert np.abs(four).mean() < 0.8 * np.abs(one).mean()
    # A hole of far cells is smaller than it should be, by less than a pixel; samples do not make it smaller.
    assert abs(four[partly].mean()) < abs(one[partly].mean()) + 0.02
    assert abs(four.mean()) < abs(one.mean()) + 0.0006


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("name", CAMERAS)
def test_edges_are_covered_as_by_rays_that_walk_alone(rough, holed, name, holes, each_device):
    """As they all do where there may be water. A ray that meets nothing says nothing of the others of its pixel."""
    heights = holed if holes else rough
    given = {"camera": CAMERAS[name], "samples": 4, "device": each_device}
    together, alone = (
        linear(draw(heights, **given, **water))[..., 3] for water in ({}, {"water": -1e6})
    )
    assert ((alone > 0) & (alone < 1)).sum() > 100
    assert (np.abs(together - alone) > 0.1).sum() <= 12


@functools.lru_cache(1)
def with_a_low_rim(azimuth) -> Kept:
    heights = np.full(SHAPE, 400.0, np.float32)
    # Behind the rim a row of pits, so that no tile knows at once that it is beneath all ground.
    rim, pits = {
        0.0: (np.s_[:4], np.s_[9, 4::9]),
        90.0: (np.s_[:, -4:], np.s_[4::9, -10]),
        180.0: (np.s_[-4:], np.s_[-10, 4::9]),
        270.0: (np.s_[:, :4], np.s_[4::9, 9]),
    }[azimuth]
    heights[rim] = 0.0
    heights[pits] = -500.0
    return Kept(heights)


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("azimuth", [0.0, 90.0, 180.0, 270.0])
def test_what_lies_behind_a_low_rim_is_not_seen_from_beneath_it(azimuth, samples, each_device):
    """There the surface of far cells, followed to the edge, falls far below the rim: rays beneath that are not above it."""
    heights = with_a_low_rim(azimuth)
    out = 11_500.0 if azimuth in (90.0, 270.0) else 10_500.0
    angle = np.radians(azimuth)
    target = (out * np.sin(angle), out * np.cos(angle), -300.0)
    camera = vf.Camera.orbit(target, 9000.0, azimuth, 0.0, 40.0)
    given = {"camera": camera, "device": each_device, "vert_exag": 3.0, "aovs": ("depth",)}
    image = draw(heights, samples=samples, size=(300, 200), **given)
    ground = np.isfinite(image.aovs["depth"])
    assert 0.1 < ground.mean() < 0.9
    near = np.pad(ground, 2)
    height, width = ground.shape
    near = np.any([near[i : i + height, j : j + width] for i in range(5) for j in range(5)], axis=0)
    assert ((np.asarray(image)[..., 3] > 0) & ~near).sum() == 0


def test_a_wall_seen_end_on_keeps_both_its_sides(each_device):
    """Upright edges: it is to the side of a pixel's middle that their samples differ."""
    wall = np.full(SHAPE, 0.0, np.float32)
    wall[300:1800, 1100:1160] = 1500.0
    heights = Kept(wall)
    given = {"camera": orbit(180.0, 20.0, 26_000.0), "device": each_device, "vert_exag": 1.0}
    expected = averaged(heights, **given)
    assert off(draw(heights, samples=4, **given), expected) < 0.7 * off(
        draw(heights, samples=1, **given), expected
    )


@pytest.fixture(scope="module")
def waves() -> Kept:
    x, y = np.arange(SHAPE[1]), np.arange(SHAPE[0])[:, None]
    return Kept((300 * np.sin(x / 130.0) * np.cos(y / 170.0) + 900).astype(np.float32))


@pytest.mark.parametrize("name", CAMERAS)
def test_a_pixels_place_on_the_ground_does_not_depend_on_its_samples(waves, name, each_device):
    given = {"camera": CAMERAS[name], "device": each_device, "vert_exag": 1.0}
    one, four = (draw(waves, samples=n, aovs=("ground", "depth"), **given) for n in (1, 4))
    width, height = SIZE
    places = [(column, row) for row in range(3, height, 11) for column in range(5, width, 13)]
    seen = [(one.ground_at(*place), four.ground_at(*place)) for place in places]
    known = [(np.array(a), np.array(b)) for a, b in seen if a is not None and b is not None]
    assert len(known) > 20
    assert sum((a is None) != (b is None) for a, b in seen) <= 1
    apart = np.array([np.linalg.norm(a - b) for a, b in known])
    # A pixel is some 140 m wide at 30 km; along the ground it is longer the flatter one looks.
    assert np.percentile(apart, 95) < 140.0, np.percentile(apart, [50, 95, 100])
    assert np.median(apart) < 20.0


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (16, 16), (9, 65)])
@pytest.mark.parametrize("samples", [2, 8, 16])
def test_any_size_and_count_of_samples(rough, size, samples, each_device):
    given = {"camera": orbit(205.0, 60.0, 60_000.0), "samples": samples, "size": size}
    image = draw(rough, device=each_device, **given)
    again = draw(rough, device=each_device, **given)
    np.testing.assert_array_equal(np.asarray(image), np.asarray(again))
    alone = draw(rough, device=each_device, base=True, **given)
    assert np.asarray(image).shape == (size[1], size[0], 4)
    assert np.abs(linear(image) - linear(alone)).mean() < 0.02


@pytest.mark.parametrize(
    "given",
    [
        {"shadows": True, "altitude": 30.0},
        {"shadows": True, "altitude": 30.0, "sun_radius": 3.0},
        {
            "drape": np.kron(np.indices((32, 32)).sum(0) % 2, np.ones((8, 8)))[..., None].repeat(
                3, 2
            )
        },
        {"water": True},
        {"haze": 20_000.0},
        {"background": "sky"},
        {"contours": 500.0},
        {"ambient_occlusion": True},
        {"cmap": ["#00000000", "#ffffffff"]},
    ],
    ids=lambda given: next(reversed(given)),
)
def test_scenery_lies_on_samples_that_walk_together(rough, given):
    """Nearer to sixteen samples of the same than one is; how samples of bare ground are is tested above."""
    if "water" in given:
        mask = np.zeros(SHAPE, bool)
        mask[900:1300, 600:1700] = True
        given = {"water": mask}
    if "drape" in given:
        given = {"drape": (255 * given["drape"]).astype(np.uint8)}
    camera = CAMERAS["from above"]
    expected = linear(draw(rough, camera, 16, **given))
    one, four = (off(draw(rough, camera, n, **given), expected) for n in (1, 4))
    assert 0 < four < 0.6 * one, (one, four)
    assert (np.asarray(draw(rough, camera, 4, **given)) != np.asarray(draw(rough, camera, 4))).any()
