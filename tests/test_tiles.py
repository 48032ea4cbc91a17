"""Tiles of a picture that meet nothing are not drawn: nobody may be able to tell."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu

SPACING = (30.0, 30.0)
DEM = dems.ridge(97, 130)
HOLES = DEM.copy()
HOLES[30:50, 40:90] = np.nan
HOLES[0, :7] = np.nan


TALL = dems.ridge(97, 130) * 9  # whose edge is far above its lowest ground


def depth_of(image):
    return image.aovs["depth"]


CAMERAS = {
    "from above": vf.Camera.orbit((0.0, 0.0, 150.0), 6000.0, 225.0, 35.0, 35.0),
    "small and far": vf.Camera.orbit((0.0, 0.0, 150.0), 90_000.0, 10.0, 20.0, 35.0),
    "beside it": vf.Camera.orbit((6000.0, 2000.0, 100.0), 5000.0, 250.0, 15.0, 35.0),
    "along the horizon": vf.Camera.orbit((0.0, 0.0, 150.0), 5000.0, 100.0, 0.0, 35.0),
    "inside, below the peaks": vf.Camera.look_at(
        (300.0, -200.0, 200.0), (0.0, 900.0, 150.0), fov=80.0
    ),
    "from below": vf.Camera.orbit((0.0, 0.0, 150.0), 4000.0, 300.0, -30.0, 45.0),
    "straight down": vf.Camera.orbit((0.0, 0.0, 0.0), 8000.0, 0.0, 90.0, 40.0),
    "map with a margin": vf.Camera.map((-4000.0, -3000.0, 4000.0, 3000.0)),
    "away from it": vf.Camera.look_at((0.0, -9000.0, 4000.0), (0.0, -20_000.0, 4500.0)),
}


@pytest.mark.parametrize("view", CAMERAS)
@pytest.mark.parametrize("dem", [DEM, HOLES], ids=["whole", "holes"])
@pytest.mark.parametrize("base", [None, True])
def test_what_is_met_does_not_depend_on_whether_all_tiles_are_drawn(dem, view, base, each_device):
    # Before a sky every tile is drawn.
    given = {"size": (203, 117), "camera": CAMERAS[view], "spacing": SPACING, "base": base}
    given["detail"] = "exact"  # far cells may end a pixel off where the numbers end
    plain = vf.render(
        dem, **given, samples=1, background="white", aovs=("depth",), device=each_device
    )
    sky = vf.render(dem, **given, samples=1, background="sky", device=each_device)
    # Numbers come from a walk of their own, without tiles.
    met = np.isfinite(depth_of(plain))
    np.testing.assert_array_equal(plain.rgba[met], sky.rgba[met])
    assert (plain.rgba[~met] == 255).all()
    if met.any():
        # What a pixel knows of its place is the picture's own depth.
        for row, column in np.argwhere(met).tolist()[:: met.sum() // 20 + 1]:
            assert plain.ground_at(column, row) == sky.ground_at(column, row) is not None
    if not met.all():
        for row, column in np.argwhere(~met).tolist()[:: (~met).sum() // 20 + 1]:
            assert plain.ground_at(column, row) is sky.ground_at(column, row) is None


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("dem", [TALL, DEM, HOLES], ids=["tall", "whole", "holes"])
def test_a_picture_shows_ground_just_where_its_numbers_do(dem, seed):
    # Mostly grazing, many of them through the DEM's upright sides, where tiles are left out that are beneath the ground from one side
    # to the other.
    random = np.random.default_rng(seed)
    target = random.uniform((-2500, -2000, -100), (2500, 2000, 300))
    altitude = random.choice([random.uniform(-8, 8), random.uniform(8, 60)])
    fov, distance = random.uniform(5, 60), random.uniform(200, 20_000)
    camera = vf.Camera.orbit(target, distance, random.uniform(0, 360), altitude, fov)
    image = vf.render(
        dem,
        size=(211, 120),
        camera=camera,
        spacing=SPACING,
        samples=1,
        background="white",
        aovs=("depth",),
        detail="exact",
    )
    met = np.isfinite(depth_of(image))
    assert ((image.rgba[..., :3] == 255).all(2) == ~met).all()


@pytest.mark.parametrize("seed", range(24))
def test_level_ground_is_seen_from_straight_above(seed, each_device):
    """A tile's lowest ray ends where the DEM is lowest: by rounding it must not end above it."""
    random = np.random.default_rng(seed)
    dem = np.full((150, 200), random.uniform(-50, 3000), np.float32)
    if seed % 2:
        dem[50:75] += np.float32(random.uniform(1, 500))
    exaggeration = float(random.choice([1.0, 1.5, 2.0, 3.0]))
    target = (0.0, 0.0, exaggeration * float(dem[0, 0]))
    camera = vf.Camera.orbit(target, random.uniform(2000, 12_000), 0, 90, 40)
    given = {"size": (100, 60), "spacing": SPACING, "camera": camera, "device": each_device}
    given["detail"] = "exact"
    image = vf.render(
        dem, **given, vert_exag=exaggeration, samples=1, background="white", aovs=("depth",)
    )
    met = np.isfinite(depth_of(image))
    assert met.any()
    assert ((image.rgba[..., :3] == 255).all(2) == ~met).all()


@pytest.mark.parametrize("samples", [1, 2, 4, 16])
@pytest.mark.parametrize(
    "background",
    # The second lies half-way between bytes, the last two are hardly there.
    [(0.2, 0.4, 0.6, 1.0), (0.5, 0.1, 0.9, 0.5), (1.0, 0.0, 0.25, 0.0), (0.9, 0.9, 0.1, 0.002)],
)
def test_the_background_is_one_colour_beside_the_ground_and_far_from_it(background, samples):
    camera = CAMERAS["from above"]
    image = vf.render(
        DEM,
        size=(200, 120),
        camera=camera,
        spacing=SPACING,
        samples=samples,
        background=background,
        aovs=("depth",),
    )
    # Pixels that no ray of is near the ground: what the centre sees there, and around.
    depth = depth_of(image)
    empty = np.isnan(depth)
    for axis in (0, 1):
        for step in (-2, -1, 1, 2):
            empty &= np.isnan(np.roll(depth, step, axis))
    # Some of these are in tiles with ground, some in tiles without.
    tiles = np.isfinite(depth).reshape(15, 8, 25, 8).any((1, 3))
    with_ground = tiles.repeat(8, 0).repeat(8, 1)
    assert (empty & with_ground).sum() > 100 and (empty & ~with_ground).sum() > 5000
    red, green, blue, alpha = (int(np.float32(channel) * 255 + 0.5) for channel in background)
    expected = [red, green, blue, alpha] if background[3] > 0 else [0, 0, 0, 0]
    assert (image.rgba[empty] == expected).all()


@pytest.mark.parametrize("size", [(1, 1), (7, 9), (8, 8), (65, 3), (3, 65), (1000, 1), (1, 1000)])
@pytest.mark.parametrize("samples", [1, 4])
def test_pictures_of_any_size_have_all_their_pixels(size, samples):
    # Seen from straight above, with a frame narrower than the DEM, everything is ground.
    camera = vf.Camera.orbit((0.0, 0.0, 0.0), 100.0, 0.0, 90.0, 40.0)
    dem = dems.plane(90, 3000, level=0.0)
    narrow = camera if size[0] <= 2 * size[1] else vf.Camera.map((-500.0, -0.4, 500.0, 0.4))
    image = vf.render(
        dem, size=size, camera=narrow, samples=samples, background=(1, 0, 1, 1), lit=False
    )
    assert (image.rgba != (255, 0, 255, 255)).any(2).all()


@pytest.mark.slow
def test_a_picture_of_many_bands_is_the_middle_of_no_other():
    # More tiles than a list holds: in bands, each a list of its own.
    camera = CAMERAS["from above"]
    large = vf.render(
        DEM, size=(4400, 1600), camera=camera, spacing=SPACING, samples=1, aovs=("depth",)
    )
    small = vf.render(
        DEM, size=(440, 160), camera=camera, spacing=SPACING, samples=1, aovs=("depth",)
    )
    # A pixel of the small picture has its centre on a corner of four pixels of the large one.
    seen = (large.rgba[..., :3] != 255).any(2)
    share = seen.reshape(160, 10, 440, 10).mean((1, 3))
    inside = (small.rgba[..., :3] != 255).any(2)
    assert (share[inside] > 0).all() and (share[~inside] < 1).all()
    whole = share == 1
    near, far = depth_of(large)[5::10, 5::10], depth_of(small)
    # But for a few at the edge of a ridge, half a pixel further on.
    assert (np.abs(near[whole] / far[whole] - 1) < 0.02).mean() > 0.99


@pytest.mark.parametrize("view", CAMERAS)
@pytest.mark.parametrize("level", [60.0, 150.0, 400.0])
def test_no_water_is_left_out(view, level):
    # Water is seen through the DEM's edge too, where no ground is. Before a sky every tile is drawn.
    white = vf.Sky(zenith="white", horizon="white", below="white")
    given = {"size": (203, 117), "camera": CAMERAS[view], "spacing": SPACING, "water": level}
    plain = vf.render(HOLES, **given, samples=1, background="white")
    sky = vf.render(HOLES, **given, samples=1, background=white)
    # A sky is dithered by half a byte.
    assert np.abs(plain.rgba.astype(int) - sky.rgba).max() <= 1
