"""Pictures against the brute-force caster of reference.py: the same pixels, one ray each."""

import dataclasses

import compare
import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu

SIZE = (144, 108)
SQUARE = (30.0, 30.0)
ALL = ("depth", "elevation", "normal", "ground")


def check(terrain, camera, style=ref.Style(), *, size=SIZE, view=None, share=0.999, seen=0.1):
    """Colours and AOVs; `seen` guards against a scene that shows hardly any ground."""
    image = compare.render(terrain, camera, size, style, view=view, aovs=ALL)
    expected = compare.assert_same_picture(image, terrain, camera, size, style, share=share)
    compare.assert_same_aovs(image, expected, terrain, share=share)
    compare.assert_watertight(image, expected, terrain, camera, size)
    covered = float(np.isfinite(expected.depth).mean())
    assert covered >= seen
    return expected


@pytest.mark.parametrize("seed", range(12))
def test_perspective_from_everywhere(seed):
    rng = np.random.default_rng(seed)
    spacing = tuple(rng.uniform(10, 50, 2))
    rows, columns = rng.integers(5, 24, 2)
    heights = dems.ridge(rows, columns, seed, spacing=spacing)
    if seed % 3 == 2:
        heights = dems.with_holes(heights, seed)
    terrain = ref.Terrain(heights, spacing, rng.uniform(0.3, 2.5))
    distance = np.hypot(*terrain.footprint) * rng.uniform(1.2, 2.0)
    target = (rng.uniform(-50, 50), rng.uniform(-50, 50), 100 * terrain.exaggeration)
    azimuth, altitude, fov = rng.uniform(0, 360), rng.uniform(10, 80), rng.uniform(25, 60)
    camera = ref.orbit(target, distance, azimuth, altitude, fov)
    style = ref.Style(
        cmap=["viridis", "magma", "terrain"][seed % 3],
        azimuth=rng.uniform(0, 360),
        altitude=rng.uniform(5, 85),
        ambient=rng.uniform(0, 1),
        exposure=rng.uniform(0.5, 2),
        background=(0.1, 0.2, 0.3, 0.4),
    )
    view = vf.Camera.orbit(target, distance, azimuth, altitude, fov)
    check(terrain, camera, style, view=view, seen=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_perspective_from_everywhere_at_length(seed):
    test_perspective_from_everywhere(seed)


@pytest.mark.parametrize("seed", range(3))
def test_map_of_part_of_the_dem(seed):
    """Bounds that fall on no sample, partly outside, and stretch x and y differently."""
    spacing = (30.0, 18.0)
    terrain = ref.Terrain(
        dems.with_holes(dems.ridge(19, 23, seed, spacing=spacing), seed), spacing, 1.3
    )
    west, north = 100.0 + 40 * seed, 60.0 + 30 * seed
    check(terrain, ref.Map(bounds=(-west, -130.5, 361.0, north)), ref.Style(altitude=25))


def test_shadows_change_the_picture_and_are_the_references():
    terrain = ref.Terrain(dems.ridge(21, 24, 5), SQUARE, 1.5)
    camera = ref.orbit((0, 0, 150), 1200, 200, 50)
    for azimuth, altitude in [(90, 8), (315, 20), (180, 45), (10, 2)]:
        style = ref.Style(azimuth=azimuth, altitude=altitude, ambient=0.1)
        shadowed = check(terrain, camera, style)
        open_sky = check(terrain, camera, dataclasses.replace(style, shadows=False))
        if altitude < 40:
            assert (compare.difference(shadowed.rgba, open_sky.rgba) > 8).mean() > 0.02


@pytest.mark.parametrize("exaggeration", [0.01, 1.0, 40.0])
def test_exaggeration(exaggeration):
    terrain = ref.Terrain(dems.ridge(15, 15, 8), SQUARE, exaggeration)
    top = 300 * exaggeration
    camera = ref.orbit((0, 0, top / 2), max(900, 1.2 * top), 130, 35)
    check(terrain, camera, ref.Style(lit=exaggeration < 10), seen=0.01)


@pytest.mark.parametrize("spacing", [(90.0, 10.0), (7.0, 70.0), (0.001, 0.0015), (3e4, 2e4)])
def test_cells_of_every_shape_and_size(spacing):
    relief = 4 * min(spacing)
    terrain = ref.Terrain(dems.ridge(14, 17, 2, relief=relief, spacing=spacing), spacing)
    extent = float(np.hypot(*terrain.footprint))
    check(terrain, ref.orbit((0, 0, relief / 2), 1.6 * extent, 250, 30), seen=0.01)


def test_heights_far_from_zero():
    """A plateau at 5000 m with 3 m of relief: float32 has half a millimetre there."""
    heights = dems.ridge(16, 16, 4, relief=3.0, spacing=(1.0, 1.0)) + np.float32(5000)
    terrain = ref.Terrain(heights)
    check(terrain, ref.orbit((0, 0, 5001.5), 30, 30, 40), share=0.985)
    check(terrain, ref.Map(bounds=(-7, -6, 6, 7)), share=0.985)


@pytest.mark.parametrize(
    ("eye", "target"),
    [
        ((0, -200, 260), (0, 300, 120)),  # inside the bounding box, above ground
        ((150, 120, 200), (-300, -250, 50)),  # below the peaks, between them
        ((5.5, 7.5, 330), (5.5, 200, 0)),  # over the highest ground, looking steeply down
        ((-200, 0, 130), (200, 0, 130)),  # level
        ((-3000, 10, 180), (0, 0, 150)),  # from far, almost level
    ],
)
def test_cameras_in_and_near_the_box(eye, target):
    terrain = ref.Terrain(dems.ridge(22, 20, 1), SQUARE)
    check(terrain, ref.LookAt(eye, target, fov=60.0 if abs(eye[0]) < 1000 else 15.0))


@pytest.mark.parametrize("eye", [(40, -60, -300), (400, 500, -150), (0.1, 0.2, -50)])
def test_from_underneath(eye):
    """The surface is seen from both sides, and shaded alike: light belongs to the ground, not to the eye."""
    terrain = ref.Terrain(dems.with_holes(dems.ridge(18, 18, 6), 6, 0.03), SQUARE)
    check(terrain, ref.LookAt(eye, (10, 10, 100), fov=70.0))


@pytest.mark.parametrize("altitude", [0.5, 1.5, 3.0])
def test_grazing(altitude):
    terrain = ref.Terrain(dems.ridge(24, 24, 9, relief=60.0), SQUARE)
    check(
        terrain, ref.orbit((0, 0, 60), 900, 305, altitude, 30), ref.Style(altitude=4), share=0.998
    )


def test_rays_along_rows_columns_and_diagonals():
    """Rays exactly on cell borders: no leaks, no turning round; the normal there is either patch's."""
    terrain = ref.Terrain(dems.ridge(17, 17, 3), SQUARE)
    for eye in [
        (0, -700, 200),
        (-700, 0, 200),
        (-600, -600, 250),
        (30, -700, 200),
        (15, -700, 200),
    ]:
        check(
            terrain,
            ref.LookAt(eye, (eye[0] if eye[1] == -700 else 0, 0, 120)),
            size=(145, 109),
            share=0.992,
        )


def test_straight_down_perspective():
    terrain = ref.Terrain(dems.ridge(20, 26, 7), (30.0, 20.0))
    view = vf.Camera.orbit((15, -20, 100), 900, 77, 90, 40)
    check(terrain, ref.orbit((15, -20, 100), 900, 77, 90, 40), view=view)


def test_camera_roll():
    terrain = ref.Terrain(dems.ridge(20, 20, 10), SQUARE)
    check(terrain, ref.LookAt((-500, -500, 600), (0, 0, 100), up=(0.8, -0.3, 0.4)))


def sea_and_mesa():
    """A floor at the DEM's least height and a table at its greatest, where a clip to the DEM's box ends rays."""
    heights = np.clip(dems.ridge(22, 26, 15, relief=400.0, spacing=SQUARE), 120, 330)
    assert (heights == 120).mean() > 0.2 and (heights == 330).mean() > 0.02
    return heights


@pytest.mark.parametrize(
    "heights",
    [
        sea_and_mesa(),
        sea_and_mesa() - np.float32(120),
        np.round(dems.ridge(22, 26, 16, spacing=SQUARE) / 60) * np.float32(60),
        dems.wall(22, 26, height=200.0, column=12),
        dems.plane(22, 26, gradient=(0.3, 0.1), spacing=SQUARE),
        np.full((22, 26), 0.1, np.float32),
    ],
    ids=["sea and mesa", "sea at zero", "terraces", "wall", "tilted plane", "level plane"],
)
@pytest.mark.parametrize("altitude", [4, 25, 70])
def test_level_ground_has_no_pinholes(each_device, heights, altitude):
    terrain, size = ref.Terrain(heights, SQUARE), (96, 72)
    for azimuth in (0.0, 225.0, 301.7):
        camera = ref.orbit((0, 0, 150), 850, azimuth, altitude, 45)
        style = ref.Style(altitude=25, azimuth=250, background=(0, 0, 0, 0))
        image = compare.render(terrain, camera, size, style, aovs=("depth",), device=each_device)
        expected = ref.render(terrain, camera, size, dataclasses.replace(style, lit=False))
        compare.assert_watertight(image, expected, terrain, camera, size)
        fine = np.asarray(
            compare.render(terrain, camera, size, style, samples=16, device=each_device)
        )
        sees_through = (fine[..., 3] < 255) & np.isfinite(expected.depth)
        inner = ~outline(expected.depth)
        for y, x in np.argwhere(sees_through & inner)[:20]:
            grid = np.stack(np.meshgrid(*2 * [(np.arange(12) + 0.5) / 12]), axis=-1).reshape(-1, 2)
            whole = ref.brute_force(terrain, camera, size, np.add(grid, (x, y))).found.all()
            assert (
                not whole
            ), f"pixel ({x}, {y}) of {(sees_through & inner).sum()} lets the background through"


def outline(depth):
    """Pixels beside one that sees nothing, and the picture's own border."""
    nothing = np.pad(np.isnan(depth), 1, constant_values=True)
    rows, columns = depth.shape
    return np.any(
        [nothing[i : i + rows, j : j + columns] for i in range(3) for j in range(3)], axis=0
    )


def test_two_by_two():
    """One twisted patch, alone in the world."""
    terrain = ref.Terrain(np.array([[0, 10], [12, -3]], np.float32), (10.0, 10.0))
    for azimuth in (20, 110, 200, 290):
        check(terrain, ref.orbit((0, 0, 5), 30, azimuth, 25), seen=0.05)
    check(terrain, ref.Map(), size=(40, 40))


def test_a_wall_hides_what_is_behind_it():
    terrain = ref.Terrain(dems.wall(20, 30, height=500.0, column=15), (10.0, 10.0))
    picture = check(terrain, ref.LookAt((-400, 5, 60), (0, 5, 40), fov=20.0), seen=0.3)
    assert np.nanmax(picture.ground[..., 0]) < 10


def test_colour_range_is_in_dem_heights():
    terrain = ref.Terrain(dems.ridge(16, 16, 11), SQUARE, 2.0)
    camera = ref.orbit((0, 0, 200), 1200, 45, 40)
    check(terrain, camera, ref.Style(cmap="viridis", vmin=120.0, vmax=180.0, lit=False))


def test_negative_heights_and_low_sun_from_below():
    terrain = ref.Terrain(dems.ridge(16, 16, 12) - np.float32(700), SQUARE)
    camera = ref.orbit((0, 0, -550), 1000, 45, 40)
    check(terrain, camera, ref.Style(altitude=0.0))
    check(terrain, camera, ref.Style(altitude=90.0))


def test_larger_than_one_pyramid_tile():
    """131 x 77 cells: no level of a power-of-two pyramid fits, so its borders are all ragged."""
    terrain = ref.Terrain(dems.with_holes(dems.ridge(77, 131, 13), 13, 0.01), SQUARE)
    check(terrain, ref.orbit((0, 0, 150), 4000, 220, 18, 45), ref.Style(altitude=15), size=(96, 54))


@pytest.mark.parametrize("altitude", [15, 60])
def test_clip_planes_of_the_session(altitude):
    """What lies nearer than znear or farther than zfar in view depth is not there."""
    terrain = ref.Terrain(dems.ridge(21, 24, 5), SQUARE)
    camera = ref.orbit((0, 0, 150), 1000, 200, altitude)
    camera = dataclasses.replace(camera, near=900.0, far=1100.0)
    renderer = vf.Renderer(*SIZE)
    renderer.add_terrain(terrain.heights, SQUARE, 1.0, "terrain")
    renderer.set_camera_look_at(
        camera.eye, camera.target, camera.up, camera.fov, camera.near, camera.far
    )
    renderer.set_sun(45.0, 315.0)
    renderer.set_samples(1)
    renderer.set_detail("exact")
    renderer.set_normals("patch")
    clipped = compare.assert_same_picture(renderer.render(), terrain, camera, SIZE)
    whole = ref.render(terrain, dataclasses.replace(camera, near=0.0, far=np.inf), SIZE)
    assert np.isfinite(clipped.depth).sum() < 0.9 * np.isfinite(whole.depth).sum()


def test_ground_at_agrees_with_the_aovs():
    terrain = ref.Terrain(dems.ridge(16, 16, 14), SQUARE, 1.7)
    camera = ref.orbit((0, 0, 150), 1000, 100, 40)
    image = compare.render(terrain, camera, SIZE, aovs=("ground", "elevation"))
    for x, y in [(72, 54), (40, 60), (100, 70), (0, 0), (143, 107)]:
        ground, elevation = image.aovs["ground"][y, x], image.aovs["elevation"][y, x]
        found = image.ground_at(x, y)
        if np.isnan(elevation):
            assert found is None
        else:
            assert found == pytest.approx((*ground, elevation * 1.7), rel=1e-5, abs=1e-3)
    assert image.ground_at(72, 54) is not None and image.ground_at(0, 0) is None
