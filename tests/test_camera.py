"""Camera mathematics: matrices by their definition, and the picture they stand for. No device."""

import pickle

import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.camera

EYES = [((10, 20, 30), (1, 2, 3)), ((-500, 0, 2), (0, 0, 0)), ((3, 3, -40), (3.5, 2, 1))]


def textbook_view(eye, target, up):
    right, upward, forward = ref.LookAt(eye, target, up).basis()
    view = np.eye(4)
    view[:3, :3] = right, upward, -forward
    view[:3, 3] = -view[:3, :3] @ np.asarray(eye, float)
    return view


@pytest.mark.parametrize(("eye", "target"), EYES)
@pytest.mark.parametrize("up", [(0, 0, 1), (0, 1, 0), (1, 2, 5)])
def test_look_at(eye, target, up):
    expected = textbook_view(eye, target, up)
    for view in (vf.camera_look_at(eye, target, up), vf.Camera.look_at(eye, target, up).view()):
        assert view.shape == (4, 4) and view.dtype == np.float32 and view.flags.c_contiguous
        np.testing.assert_allclose(view, expected, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(view @ [*eye, 1], [0, 0, 0, 1], atol=1e-3)
    ahead = view @ [*target, 1]
    assert ahead[2] < 0 and abs(ahead[:2]).max() < 1e-3


@pytest.mark.parametrize(
    ("fov", "aspect", "near", "far"), [(45, 1.5, 0.1, 100), (100, 0.5, 3, 4), (1, 1, 1, 1e6)]
)
def test_perspective(fov, aspect, near, far):
    f = 1 / np.tan(np.radians(fov) / 2)
    for space, z, w in [
        ("wgpu", far / (near - far), near * far / (near - far)),
        ("gl", (far + near) / (near - far), 2 * far * near / (near - far)),
    ]:
        expected = np.zeros((4, 4))
        expected[0, 0], expected[1, 1], expected[2, 2], expected[2, 3], expected[3, 2] = (
            f / aspect,
            f,
            z,
            w,
            -1,
        )
        actual = vf.camera_perspective(fov, aspect, near, far, space)
        assert actual.dtype == np.float32
        np.testing.assert_allclose(actual, expected, rtol=1e-6)
    np.testing.assert_array_equal(
        vf.camera_perspective(fov, aspect, near, far, "vulkan"),
        vf.camera_perspective(fov, aspect, near, far),
    )


@pytest.mark.parametrize(("space", "ends"), [("wgpu", (0, 1)), ("vulkan", (0, 1)), ("gl", (-1, 1))])
def test_clip_planes_are_the_ends_of_depth_and_y_is_up(space, ends):
    matrix = vf.camera_perspective(50, 1.3, 2, 90, space)
    for depth, end in zip((2, 90), ends, strict=True):
        clip = matrix @ [0, 0, -depth, 1]
        assert clip[2] / clip[3] == pytest.approx(end, abs=1e-5) and clip[3] == pytest.approx(depth)
    top = matrix @ [0, 5 * np.tan(np.radians(25)), -5, 1]
    assert top[1] / top[3] == pytest.approx(1, abs=1e-6)


def test_view_proj_is_the_product():
    given = ((10, 20, 30), (1, 2, 3), (0, 0, 1))
    for space in ("wgpu", "gl"):
        product = vf.camera_perspective(40, 1.7, 0.5, 900, space).astype(float) @ vf.camera_look_at(
            *given
        )
        np.testing.assert_allclose(
            vf.camera_view_proj(*given, 40, 1.7, 0.5, 900, space), product, rtol=1e-5, atol=1e-5
        )


@pytest.mark.parametrize(("eye", "target"), EYES)
def test_rays_and_matrices_are_one_camera(eye, target):
    """A point along the ray of a pixel is projected back to that pixel."""
    size, fov = (64, 48), 50.0
    points = np.array([[0.5, 0.5], [63.5, 0.5], [31.7, 40.2], [10.0, 47.5]])
    origin, direction = ref.LookAt(eye, target, fov=fov).rays(points, size, None)
    camera = vf.Camera.look_at(eye, target, fov=fov)
    world = np.c_[origin + 17.0 * direction, np.ones(len(points))]
    for space in ("wgpu", "gl"):
        clip = world @ (camera.projection(size[0] / size[1], space).astype(float) @ camera.view()).T
        ndc = clip[:, :2] / clip[:, 3:]
        pixel = np.c_[(ndc[:, 0] + 1) / 2 * size[0], (1 - ndc[:, 1]) / 2 * size[1]]
        np.testing.assert_allclose(pixel, points, atol=2e-3)
        np.testing.assert_allclose(clip[:, 3], 17.0, rtol=1e-4)


def test_orbit_is_look_at_from_its_bearing():
    for azimuth, altitude in [(0, 0), (90, 0), (225, 35), (300, -20), (10, 89)]:
        outwards = ref.direction_to(azimuth, altitude)
        eye = np.array([5, 6, 7]) + 100 * outwards
        np.testing.assert_allclose(
            vf.Camera.orbit((5, 6, 7), 100, azimuth, altitude).view(),
            vf.Camera.look_at(eye, (5, 6, 7)).view(),
            atol=2e-4,
        )


@pytest.mark.parametrize("azimuth", [0, 45, 180, 271.5])
def test_straight_down_north_is_up(azimuth):
    view = vf.Camera.orbit((0, 0, 0), 10, azimuth, 90).view()
    expected = np.eye(4)
    expected[2, 3] = -10
    np.testing.assert_array_equal(view, expected)


def test_quarter_turns_are_exact():
    for turn, (x, y) in enumerate([(0, 1), (1, 0), (0, -1), (-1, 0)]):
        for laps in (-1, 0, 2):
            view = vf.Camera.orbit((0, 0, 0), 8, 90 * turn + 360 * laps, 0).view()
            np.testing.assert_array_equal(view[2], [x, y, 0, -8])
            np.testing.assert_array_equal(view[1], [0, 0, 1, 0])


def test_map_projection_stretches_its_bounds():
    camera = vf.Camera.map((-10, 5, 30, 25))
    for aspect in (0.5, 2.0):
        for space in ("wgpu", "gl"):
            matrix = camera.projection(aspect, space).astype(float) @ camera.view()
            for x, y, ndc in [(-10, 5, (-1, -1)), (30, 25, (1, 1)), (10, 15, (0, 0))]:
                clip = matrix @ [x, y, 123.0, 1]
                np.testing.assert_allclose(clip[:2] / clip[3], ndc, atol=1e-6)


def _places(camera, points, aspect):
    clip = (
        np.c_[points, np.ones(len(points))]
        @ (camera.projection(aspect).astype(float) @ camera.view()).T
    )
    assert (clip[:, 3] > 0).all()
    return clip[:, :2] / clip[:, 3:], clip[:, 3].min()


def _ground(dem):
    """Samples that are corners of patches without a hole."""
    known = ~np.isnan(dem)
    solid = known[1:, 1:] & known[1:, :-1] & known[:-1, 1:] & known[:-1, :-1]
    corner = np.zeros(dem.shape, bool)
    for rows in (slice(1, None), slice(-1)):
        for columns in (slice(1, None), slice(-1)):
            corner[rows, columns] |= solid
    return corner


@pytest.mark.parametrize("seed", range(24))
def test_fit_fills_the_frame_and_cuts_nothing(seed):
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(3, 700 if seed < 3 else 60, 2)
    spacing, exaggeration = tuple(rng.uniform(5, 90, 2)), rng.uniform(0.2, 1.5)
    dem = dems.ridge(rows, columns, seed, spacing=spacing) + np.float32(rng.uniform(-3000, 3000))
    if seed % 2:
        dem[rng.random(dem.shape) < 0.1] = np.nan
    altitude = (5, 90, rng.uniform(5, 90))[seed % 3]
    camera = vf.Camera.fit(
        dem, rng.uniform(0, 360), altitude, rng.uniform(10, 60), spacing, exaggeration
    )
    x = (np.arange(columns) - (columns - 1) / 2) * spacing[0]
    y = ((rows - 1) / 2 - np.arange(rows)) * spacing[1]
    points = np.stack([*np.meshgrid(x, y), dem * exaggeration], axis=-1)[_ground(dem)]
    for aspect in (0.05, 0.3, 0.8, 1.0, 16 / 9, 3.0, 20.0):
        places, nearest = _places(camera, points, aspect)
        ends = np.array([places.min(axis=0), places.max(axis=0)])
        if nearest < 2e-3 * np.ptp(points, axis=0).max():  # no eye goes nearer to the ground
            assert aspect > 4 and abs(ends).max() < 0.975
            continue
        assert 0.96 < abs(ends).max() < 0.975, f"{ends} at {aspect}"
        np.testing.assert_allclose(ends[0], -ends[1], atol=0.01, err_msg="centred")


def test_fit_of_odd_dems():
    for dem in (
        np.zeros((5, 5)),
        np.full((5, 5), np.nan),
        np.zeros((2, 300)),
        np.full((3, 3), 8000.0),
    ):
        assert np.isfinite(vf.Camera.fit(dem.astype(np.float32)).view()).all()
    integers = np.arange(12, dtype=np.int16).reshape(3, 4)
    assert vf.Camera.fit(integers) == vf.Camera.fit(integers.astype(np.float32))
    masked = np.ma.masked_greater(integers, 7)
    assert vf.Camera.fit(masked) == vf.Camera.fit(np.ma.filled(masked.astype(np.float32), np.nan))


def test_fit_is_a_value():
    dem = dems.ridge(30, 40)
    camera, same = (vf.Camera.fit(dem, 200, 30) for _ in range(2))
    assert camera == same and hash(camera) == hash(same)
    assert pickle.loads(pickle.dumps(camera)) == camera
    assert camera != vf.Camera.fit(dem, 200, 30, vert_exag=2)
    assert repr(camera) == "Camera.fit(dem, azimuth=200.0, altitude=30.0, fov=35.0)"


@pytest.mark.gpu
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"base": True},
        {"base": vf.Base(900)},
        {"bad": "red"},
        {"bad": "red", "base": True},
        {"water": 2000.0},
    ],
)
def test_fit_has_all_that_is_drawn_in_frame(options):
    dem = dems.ridge(60, 80, 3, spacing=(30, 30)).copy()
    row, column = np.indices(dem.shape)
    dem[row + column < 50] = np.nan
    for size, altitude in (((150, 60), 40), ((60, 150), 10), ((100, 100), 80)):
        camera = vf.Camera.fit(dem, 200, altitude, spacing=(30, 30))
        picture = vf.render(
            dem, size=size, camera=camera, spacing=(30, 30), background=(0, 0, 0, 0), **options
        )
        drawn = picture.rgba[..., 3] > 0
        assert not np.concatenate([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]]).any()
        taken = [np.ptp(np.flatnonzero(drawn.any(axis=axis))) + 1 for axis in (0, 1)]
        assert max(taken[0] / size[0], taken[1] / size[1]) > 0.92, (size, altitude)


def test_cameras_are_values():
    one, same = (vf.Camera.look_at((1, 2, 3), (0, 0, 0)) for _ in range(2))
    assert one == same and one != vf.Camera.look_at((1, 2, 4), (0, 0, 0)) and one != "camera"
    with pytest.raises(AttributeError):
        one.fov = 3
    view = one.view()
    view[:] = 0
    assert one.view().any()
    assert eval(f"vf.{one!r}") == one  # a value's repr makes it again


def test_vectors_may_be_any_sequence_of_numbers():
    expected = vf.Camera.look_at((1.0, 2.0, 3.0), (0.0, 0.0, 0.0))
    for eye in (
        [1, 2, 3],
        np.array([1, 2, 3]),
        np.array([1, 2, 3], np.float32),
        (np.int8(1), 2, 3.0),
    ):
        assert vf.Camera.look_at(eye, (0, 0, 0)) == expected
