"""A sun that is a disc: its shadows against the disc cut by an exact horizon, and what must not change."""

import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu


def light(dem, **more):
    """Linear light of the direct sun on a white DEM, one pixel for each sample, from straight above."""
    rows, columns = dem.shape
    more = {"size": (columns, rows), "camera": vf.Camera.map(), "ambient": 0.0, "samples": 1} | more
    picture = vf.render(dem, cmap=["#ffffff"], **more)
    return decoded(np.asarray(picture)[..., 0])


def decoded(bytes_):
    return ref.srgb_decode(np.asarray(bytes_, np.float64) / 255)


def encoded(x):
    return 255 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.clip(x, 0, 1) ** (1 / 2.4) - 0.055)


def close(found, wanted, steps=1.0):
    """Both linear light; equal to so many steps of a byte."""
    np.testing.assert_allclose(encoded(found), encoded(wanted), atol=steps + 0.5)


def disc(altitude, radius, count=400):
    """Points of the sun's disc: tangents of azimuth from the middle, and altitudes in degrees; and their cosine on the level."""
    rho = np.tan(np.radians(radius))
    axis = (np.arange(count) + 0.5) / count * 2 - 1
    x, y = (part.ravel() for part in np.meshgrid(axis, axis))
    inside = x**2 + y**2 < 1
    x, y = rho * x[inside], rho * y[inside]
    a = np.radians(altitude)
    ahead, up = np.cos(a) - y * np.sin(a), np.sin(a) + y * np.cos(a)
    return x / ahead, np.degrees(np.arctan2(up, np.hypot(ahead, x))), up


@pytest.mark.parametrize(
    ("altitude", "radius"), [(20.0, 3.0), (45.0, 1.0), (8.0, 5.0), (30.0, 12.0)]
)
def test_penumbra_of_a_long_wall(altitude, radius):
    """Its light goes from nothing at h / tan(a + r) to all at h / tan(a - r), as a circle's segments grow."""
    height, at = 40.0, 40
    full, none = (height / np.tan(np.radians(altitude + side * radius)) for side in (-1, 1))
    dem = np.zeros((5, int(full * 1.2) + at + 9), np.float32)
    dem[:, at] = height
    # Endless: the wall's ends are beyond the disc's sides as far as its shadow.
    dem = np.repeat(
        dem[:1],
        2 * int(full * np.tan(np.radians(radius)) / np.cos(np.radians(altitude + radius))) + 9,
        axis=0,
    )
    found = light(dem, azimuth=270.0, altitude=altitude, sun_radius=radius)[dem.shape[0] // 2]
    away = np.arange(dem.shape[1]) - at
    aside, altitudes, up = disc(altitude, radius)
    for column in np.flatnonzero(away > 2):
        # Along a bearing that is off by `aside` the wall is further off.
        horizon = np.degrees(np.arctan2(height, away[column] * np.hypot(1, aside)))
        wanted = np.sum(np.where(altitudes > horizon, up, 0)) / up.size
        assert abs(encoded(found[column]) - encoded(wanted)) < 4.5, column
        if away[column] < none - 1:
            assert found[column] == 0
        if away[column] > full + 1:
            assert abs(encoded(found[column]) - encoded(np.sin(np.radians(altitude)))) <= 1
    rising = found[at + 2 :]
    assert np.all(np.diff(rising) >= -1e-9)


def test_penumbra_of_a_wall_s_end_is_as_wide_as_the_disc_and_even():
    """An upright edge: from a distance d the light goes from nothing to all within 2 d tan(r)."""
    dem = np.zeros((161, 200), np.float32)
    dem[:81, 20] = 400.0
    altitude, radius = 30.0, 4.0
    found = light(dem, azimuth=270.0, altitude=altitude, sun_radius=radius, samples=16)
    column = 120
    half = np.tan(np.radians(radius)) / np.cos(np.radians(altitude)) * (column - 20)
    profile = found[:, column] / np.sin(np.radians(altitude))
    rows = np.arange(161) - 80.5
    across = np.clip(rows / half, -1, 1)
    wanted = 1 - (np.arccos(across) - across * np.sqrt(1 - across**2)) / np.pi
    profile, wanted = profile[40:160], wanted[40:160]
    np.testing.assert_allclose(profile, wanted, atol=0.06)
    assert np.all(np.diff(profile) >= -0.01)
    # No steps: neighbours differ by little more than the exact profile's do.
    assert np.max(np.diff(profile)) < 2.5 * np.max(np.diff(wanted))


@pytest.mark.parametrize("altitude", [0.5, 3.0, 45.0, 89.0, 90.0])
def test_a_plane_in_full_sun_has_the_light_of_a_point(altitude):
    gradient = (0.1, -0.2)
    dem = dems.plane(24, 30, gradient=gradient)
    hard = light(dem, azimuth=160.0, altitude=altitude)
    for radius in (0.01, 0.27, min(3.0, altitude)):
        soft = light(dem, azimuth=160.0, altitude=altitude, sun_radius=radius)
        np.testing.assert_array_equal(soft.min(), soft.max())
        if altitude > 0.5:
            close(soft, hard, 0.5)


@pytest.mark.parametrize("seed", range(2))
def test_a_small_disc_is_a_point(seed):
    dem = dems.ridge(90, 110, seed)
    options = {"spacing": (30.0, 30.0), "size": (220, 180), "altitude": 25.0, "samples": 1}
    hard = np.asarray(vf.render(dem, **options))
    soft = np.asarray(vf.render(dem, **options, sun_radius=0.01))
    lit = np.asarray(vf.render(dem, **options, shadows=False))
    assert 0.03 < np.mean(np.any(hard != lit, axis=2)) < 0.8
    off = np.abs(hard.astype(int) - soft).max(axis=2)
    # Off the edges of shadows, where a pixel in a thousand may lie.
    assert np.mean(off <= 1) > 0.995


@pytest.mark.parametrize("gradient", [0.36, 0.3639, 0.364, 0.37])
@pytest.mark.parametrize("radius", [0.05, 1.0])
def test_no_acne_where_light_grazes(gradient, radius):
    """A plane that all but turns its back on the sun, at odd directions and on high ground."""
    dem = dems.plane(200, 200, gradient=(gradient, 0.0), level=4000.0)
    found = light(dem, azimuth=270.0 + 180.0, altitude=20.0, sun_radius=radius)
    assert found.max() - found.min() <= 2 / 255
    turned = light(dem, azimuth=95.0, altitude=20.0, sun_radius=radius)
    assert turned.max() - turned.min() <= 2 / 255


def test_the_sun_sets_evenly():
    """On the level the light of a disc goes to nothing as its upper edge goes under."""
    flat = np.zeros((8, 8), np.float32)
    altitudes = np.linspace(3, -3, 25)
    found = np.array([light(flat, altitude=a, sun_radius=2.0)[4, 4] for a in altitudes])
    assert np.all(np.diff(found) <= 0)
    assert np.all(found[altitudes > -1.6] > 0) and np.all(found[altitudes <= -2] == 0)
    for altitude, value in zip(altitudes, found, strict=True):
        _, _, up = disc(altitude, 2.0)
        close(value, np.mean(np.maximum(up, 0)), 2.0)


@pytest.mark.parametrize("radius", [0.0, 0.5])
def test_a_sun_under_the_horizon_leaves_ambient_light(radius):
    dem = dems.ridge(20, 24)
    day = vf.render(dem, spacing=(30, 30), size=(64, 48), lit=False, samples=1)
    night = vf.render(
        dem, spacing=(30, 30), size=(64, 48), samples=1, altitude=-0.6, sun_radius=radius
    )
    ground = np.asarray(day)[..., :3] != 255
    wanted = encoded(0.35 * decoded(np.asarray(day)[..., :3]))
    np.testing.assert_allclose(np.asarray(night)[..., :3][ground], wanted[ground], atol=1.5)


@pytest.mark.parametrize("samples", [1, 4, 16])
def test_drivers_agree(samples, two_devices):
    dem = dems.ridge(60, 70, 3)
    dem[20:24, 30:36] = np.nan
    pictures = [
        np.asarray(
            vf.render(
                dem,
                spacing=(30, 30),
                size=(120, 90),
                altitude=20.0,
                sun_radius=2.0,
                samples=samples,
                device=name,
            )
        )
        for name in two_devices
    ]
    for other in pictures[1:]:
        assert np.abs(pictures[0].astype(int) - other).max() <= 1


@pytest.mark.parametrize("radius", [0.0, 2.0])
def test_far_cells_fade_like_exact_ones(radius):
    """A DEM so large that far cells are met as a whole: its shadows have the same penumbra, and level ground no specks."""
    n = 2304
    x = np.arange(n, dtype=np.float32)
    dem = np.tile(60 * np.exp(-(((x - 700) / 40) ** 2)), (n, 1)).astype(np.float32)
    options = {"camera": vf.Camera.orbit((0, 0, 0), 4000, 180, 60), "size": (480, 320)}
    options |= {"azimuth": 270.0, "altitude": 8.0, "sun_radius": radius, "samples": 1}
    options |= {"cmap": ["#ffffff"]}
    far = np.asarray(vf.render(dem, **options))[..., 0].astype(int)
    exact = np.asarray(vf.render(dem[::2, ::2], spacing=(2.0, 2.0), **options))[..., 0].astype(int)
    # East of the ridge: its shadow's edge, and what is behind that.
    inner = (slice(80, 240), slice(200, 360))
    assert exact[inner].min() < 165 < 175 < exact[inner].max()
    off = np.abs(far - exact)[inner]
    assert np.mean(off <= 3) > 0.995
    assert np.abs(np.diff(far[inner][:, 60:], axis=0)).max() <= 1


@pytest.mark.parametrize("value", [-0.1, 15.01, np.nan, np.inf, "1", True, 10**400])
def test_radius_out_of_range_is_refused(value):
    with pytest.raises(vf.InvalidInputError, match="sun_radius must be"):
        vf.render(np.zeros((2, 2)), sun_radius=value, size=(4, 4))
    with pytest.raises(vf.InvalidInputError, match="sun_radius must be"):
        vf.Renderer(4, 4).set_sun_radius(value)


def test_a_session_draws_what_render_draws():
    dem = dems.ridge(40, 44)
    camera = vf.Camera.fit(dem, spacing=(30.0, 30.0))
    wanted = vf.render(
        dem, spacing=(30.0, 30.0), size=(80, 60), camera=camera, sun_radius=2.0, cmap="viridis"
    )
    session = vf.Renderer(80, 60)
    session.add_terrain(dem, (30.0, 30.0))
    session.set_camera(camera)
    session.set_sun_radius(2.0)
    np.testing.assert_array_equal(session.render_rgba(), np.asarray(wanted))


@pytest.mark.parametrize("azimuth", [225.0, 200.0, 135.0])
def test_walls_of_a_base_are_lit_evenly(azimuth):
    """Seen from the south-west: a small disc lights them as a point does, and no ground dims them."""
    dem = dems.ridge(30, 33)
    options = {"spacing": (30.0, 30.0), "size": (160, 120), "samples": 1, "base": True}
    options |= {"azimuth": azimuth, "altitude": 20.0, "cmap": ["#ffffff"]}
    options |= {"camera": vf.Camera.orbit((0, 0, 0), 1900, 225, 15)}
    bare = np.asarray(vf.render(dem, **options | {"base": False, "lit": False}))
    block = np.asarray(vf.render(dem, **options | {"lit": False}))
    wall = np.any(bare != block, axis=2)
    assert wall.sum() > 500
    hard = np.asarray(vf.render(dem, **options)).astype(int)
    soft = np.asarray(vf.render(dem, **options, sun_radius=0.02, ambient_occlusion=True))
    off = np.abs(hard - soft).max(axis=2)[wall]
    assert np.mean(off <= 2) > 0.99


def test_a_summit_hides_no_part_of_the_sun():
    """On a convex hill nothing hides the sun, least of all where rays to it leave the DEM's heights within a cell."""
    row, column = np.mgrid[0:41, 0:41].astype(np.float32)
    hill = 400 - 0.05 * ((row - 19.7) ** 2 + (column - 20.2) ** 2)
    more = {"azimuth": 300.0, "altitude": 6.0, "sun_radius": 3.0, "size": (164, 164)}
    close(light(hill, **more), light(hill, shadows=False, **more), steps=0.5)
