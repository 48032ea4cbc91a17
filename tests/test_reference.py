"""The reference caster against closed forms and against plain marching: the truth must itself be true."""

import dems
import numpy as np
import pytest
import reference as ref


def test_plane_is_hit_where_algebra_says():
    heights = dems.plane(12, 17, gradient=(0.3, -0.2), level=5.0, spacing=(2.0, 3.0))
    terrain = ref.Terrain(heights, (2.0, 3.0), exaggeration=1.5)
    camera = ref.LookAt((3.0, -40.0, 50.0), (0.5, 1.0, 6.0))
    size = (24, 18)
    picture = ref.render(terrain, camera, size)
    origin, direction = camera.rays(ref.pixel_centres(size), size, terrain)
    gx, gy, level = 0.45, -0.3, 7.5
    depth = (level + gx * origin[:, 0] + gy * origin[:, 1] - origin[:, 2]) / (
        direction[:, 2] - gx * direction[:, 0] - gy * direction[:, 1]
    )
    point = origin + depth[:, None] * direction
    inside = (np.abs(point[:, 0]) <= 16) & (np.abs(point[:, 1]) <= 16.5)
    seen = inside.reshape(18, 24)
    assert 50 < seen.sum() < seen.size
    np.testing.assert_array_equal(np.isfinite(picture.depth), seen)
    np.testing.assert_allclose(picture.depth[seen], depth[inside], rtol=1e-6)
    np.testing.assert_allclose(picture.ground[seen], point[inside, :2], atol=1e-4)
    np.testing.assert_allclose(picture.elevation[seen], point[inside, 2] / 1.5, atol=1e-4)
    normal = np.array([-gx, -gy, 1]) / np.linalg.norm([gx, gy, 1])
    np.testing.assert_allclose(picture.normal[seen], np.tile(normal, (seen.sum(), 1)), atol=1e-6)


def test_known_ray_through_one_twisted_patch():
    """z = s t on the unit square; the diagonal ray from (0, 0, 1) to (1, 1, 0) has z = 1 - q, s = t = q."""
    terrain = ref.Terrain(np.array([[0.0, 0.0], [0.0, 1.0]]))
    origin = np.array([[-0.5, 0.5, 1.0]])
    hits = ref.trace(terrain, origin, np.array([[1.0, -1.0, -1.0]]), 0, np.inf)
    assert hits.parameter[0] == pytest.approx((np.sqrt(5) - 1) / 2, abs=1e-14)


def test_both_roots_of_one_patch_count():
    """A saddle crossed twice by a level ray: the nearer root wins, and `near` reaches the other one."""
    terrain = ref.Terrain(np.array([[0.0, 1.0], [1.0, 0.0]]))
    origin, direction = np.array([[-0.5, -0.5, 0.6]]), np.array([[1.0, 1.0, 0.0]])
    # along s = q, t = 1 - q: z = s + t - 2 s t = 1 - 2 q (1 - q)
    first, second = np.sort(np.roots([2, -2, 0.4]))
    assert ref.trace(terrain, origin, direction, 0, np.inf).parameter[0] == pytest.approx(first)
    assert ref.trace(terrain, origin, direction, 0.5, np.inf).parameter[0] == pytest.approx(second)
    assert not ref.trace(terrain, origin, direction, 0.8, np.inf).found[0]
    assert not ref.trace(terrain, origin, direction, 0, 0.1).found[0]


@pytest.mark.parametrize("seed", range(3))
def test_against_marching(seed):
    """Nothing lies before a hit, and a hit lies on the surface, by bilinear sampling along each ray."""
    spacing = (30.0, 20.0)
    terrain = ref.Terrain(dems.ridge(13, 11, seed, spacing=spacing), spacing)
    camera = ref.orbit((0, 0, 100), 600, 40 + 100 * seed, 12)
    size = (20, 15)
    points = ref.pixel_centres(size)
    origin, direction = camera.rays(points, size, terrain)
    hits = ref.trace(terrain, origin, direction, 0, np.inf)
    assert 30 < hits.found.sum() < len(points)
    z = terrain.z
    for k in range(len(points)):
        depth = np.linspace(1, 1200, 12000)
        at = origin[k] + depth[:, None] * direction[k]
        u, v = at[:, 0] / 30 + 5, 6 - at[:, 1] / 20
        inside = (u >= 0) & (u <= 10) & (v >= 0) & (v <= 12)
        j, i = np.clip(u.astype(int), 0, 9), np.clip(v.astype(int), 0, 11)
        s, t = u - j, v - i
        ground = (z[i, j] * (1 - s) + z[i, j + 1] * s) * (1 - t)
        ground += (z[i + 1, j] * (1 - s) + z[i + 1, j + 1] * s) * t
        above = at[:, 2] - ground
        crossing = np.flatnonzero((above[:-1] * above[1:] < 0) & inside[:-1] & inside[1:])
        if len(crossing):
            assert hits.parameter[k] <= depth[crossing[0] + 1]
        if hits.found[k]:
            assert np.interp(hits.parameter[k], depth, above) == pytest.approx(0, abs=0.05)
            assert not len(crossing) or hits.parameter[k] >= depth[crossing[0]] - 0.2


def test_hemisphere_from_above_and_its_normals():
    radius = 40.0
    terrain = ref.Terrain(dems.hemisphere(61, radius=radius))
    picture = ref.render(terrain, ref.Map(), (61, 61))
    x, y = picture.ground[..., 0], picture.ground[..., 1]
    inner = np.hypot(x, y) < 0.6 * radius
    ball = np.sqrt(radius**2 - x[inner] ** 2 - y[inner] ** 2)
    np.testing.assert_allclose(picture.elevation[inner], ball, atol=1e-4)
    expected = np.stack([x[inner], y[inner], ball], axis=1) / radius
    assert np.abs(picture.normal[inner] - expected).max() < 0.03  # facets of one cell
    np.testing.assert_allclose(picture.depth, -picture.elevation)


def test_map_at_the_dems_own_size_reads_every_sample():
    heights = dems.ridge(9, 14, 3)
    picture = ref.render(ref.Terrain(heights, (10.0, 25.0), 2.0), ref.Map(), (14, 9))
    np.testing.assert_allclose(picture.elevation, heights, atol=1e-9)


def test_wall_shadow_has_the_length_of_trigonometry():
    """Sun in the west at altitude 30: a 10 m ridge throws 10 / tan 30 m to the east."""
    terrain = ref.Terrain(dems.wall(8, 60, height=10.0, column=20))
    style = ref.Style(azimuth=270, altitude=30, ambient=0.2)
    size = (590, 8)
    camera = ref.Map(bounds=(-29.5, -3.5, 29.5, 3.5))
    lit = ref.render(terrain, camera, size, style).rgba[4, :, 0].astype(int)
    open_sky = ref.render(terrain, camera, size, ref.Style(**{**style.__dict__, "shadows": False}))
    shadowed = lit < open_sky.rgba[4, :, 0]
    x = (np.flatnonzero(shadowed) + 0.5) / 10 - 29.5 - (20 - 29.5)
    assert x.min() == pytest.approx(1.0, abs=0.11)  # the lee side faces away: dark without a shadow
    assert x.max() == pytest.approx(10 / np.tan(np.radians(30)), abs=0.11)


@pytest.mark.parametrize("sun", [(37, 20), (180, 3), (270, 45), (0, 0), (90, 90)])
@pytest.mark.parametrize("holes", [False, True])
def test_shadows_are_second_rays(sun, holes):
    """Passing through the surface and a second ray's hit are one thing."""
    spacing = (30.0, 20.0)
    heights = dems.ridge(12, 13, 4, spacing=spacing)
    terrain = ref.Terrain(dems.with_holes(heights, 4) if holes else heights, spacing)
    points = np.random.default_rng(0).uniform(1, 39, (400, 2))
    origin, direction = ref.Map().rays(points, (40, 40), terrain)
    hits = ref.trace(terrain, origin, direction, -np.inf, np.inf)
    point, normal = ref.surface(terrain, hits)
    toward = ref.direction_to(*sun)
    start = point + 1e-6 * normal
    again = ref.trace(terrain, start, np.broadcast_to(toward, start.shape), 0, np.inf)
    lit = normal @ toward > 1e-3
    np.testing.assert_array_equal(
        ref.in_shadow(terrain, hits, point, toward)[lit], again.found[lit]
    )
    assert again.found[lit].any() == (sun[1] < 60)


def test_light_through_a_hole():
    """Under a table from its open edge: free while it meets nothing, blocked where it comes up through the top."""
    heights = np.zeros((3, 12))
    heights[:, 6:] = 50.0
    heights[:, 4:7] = np.nan
    terrain = ref.Terrain(heights)
    down = np.array([[0.0, 0.0, -1.0]])
    hits = ref.trace(terrain, np.array([[-4.0, 0.2, 5.0]]), down, 0, np.inf)
    point, _ = ref.surface(terrain, hits)
    for azimuth, altitude, dark in [
        (90, 10, False),
        (90, 80.5, True),
        (90, 89, False),
        (270, 10, False),
    ]:
        assert ref.in_shadow(terrain, hits, point, ref.direction_to(azimuth, altitude))[0] == dark


def test_holes_and_closed_borders():
    heights = np.zeros((3, 4))
    heights[0, 3] = np.nan
    terrain = ref.Terrain(heights)
    down = np.array([0.0, 0.0, -1.0])
    for x, y, found in [
        (1.0, 0.5, False),  # inside the patch with the hole
        (0.5, 0.5, True),  # on the border of the hole: the western patch is whole
        (1.0, 0.0, True),  # on its southern border
        (1.5, 0.0, True),  # a corner of the DEM whose other patch is whole
        (1.5, 1.0, False),  # the hole itself
        (-1.5, 1.0, True),  # the DEM's own corner
        (-1.5001, 1.0, False),
    ]:
        hits = ref.trace(terrain, np.array([[x, y, 5.0]]), down[None], 0, np.inf)
        assert hits.found[0] == found, (x, y)


def test_srgb_round_trip_is_the_identity_on_bytes():
    code = np.arange(256) / 255
    np.testing.assert_array_equal(
        ref.to_bytes(ref.srgb_encode(ref.srgb_decode(code))), np.arange(256)
    )
    assert ref.srgb_encode(0.5) == pytest.approx(0.735357, abs=1e-6)


def test_directions():
    np.testing.assert_allclose(ref.direction_to(90, 0), [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(ref.direction_to(0, 0), [0, 1, 0], atol=1e-15)
    np.testing.assert_allclose(ref.direction_to(123, 90), [0, 0, 1], atol=1e-15)
    right, up, _ = ref.orbit((0, 0, 0), 10, 200, 90).basis()
    np.testing.assert_allclose(right, [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(up, [0, 1, 0], atol=1e-15)
