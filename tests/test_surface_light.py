"""Light on the surface: `normals=` and `detail=`."""

import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
PATCHES = 8
PIXELS = 16  # of a cell


def linear(bytes_):
    return ref.srgb_decode(np.asarray(bytes_, np.float64) / 255)


def hills(rows=PATCHES + 1, columns=PATCHES + 1, seed=3):
    return np.random.default_rng(seed).normal(0, 0.35, (rows, columns)).astype(np.float32)


def light(dem, **more):
    """Linear light on white ground of unit cells from straight above, PIXELS pixels a cell, the first and last sample in the corners."""
    rows, columns = dem.shape
    half = np.array([columns - 1, rows - 1]) / 2
    camera = vf.Camera.map((-half[0], -half[1], half[0], half[1]))
    size = (PIXELS * (columns - 1), PIXELS * (rows - 1))
    more = {"shadows": False, "azimuth": 300, "altitude": 55} | more
    picture = vf.render(
        dem, camera=camera, size=size, samples=1, ambient=0.0, cmap=["#ffffff"], **more
    )
    return linear(np.asarray(picture)[..., 0])


def central(dem):
    """d height / d column and d height / d row at the samples; one-sided where a neighbour is missing."""
    return [
        (
            np.stack([np.gradient(line) for line in np.moveaxis(dem.astype(float), axis, 1)]).T
            if axis == 0
            else np.stack([np.gradient(line) for line in dem.astype(float)])
        )
        for axis in (1, 0)
    ]


def twin(dem, azimuth=300, altitude=55):
    """The light at the pixels' middles: slopes of the samples, bilinear in between."""
    place = [(np.arange(PIXELS * (side - 1)) + 0.5) / PIXELS for side in dem.shape]
    row, column = np.meshgrid(*place, indexing="ij")
    i, j = row.astype(int), column.astype(int)
    v, u = row - i, column - j

    def between(z):
        return (z[i, j] * (1 - u) + z[i, j + 1] * u) * (1 - v) + (
            z[i + 1, j] * (1 - u) + z[i + 1, j + 1] * u
        ) * v

    east, south = (between(slope) for slope in central(dem))
    bearing, up = np.radians(azimuth), np.radians(altitude)
    sun = np.cos(up) * np.sin(bearing), np.cos(up) * np.cos(bearing), np.sin(up)
    length = np.sqrt(east**2 + south**2 + 1)
    return np.maximum((-east * sun[0] + south * sun[1] + sun[2]) / length, 0)


def test_smooth_light_is_that_of_the_samples_slopes():
    dem = hills()
    np.testing.assert_allclose(light(dem), twin(dem), atol=0.006)


def test_smooth_light_has_no_edges_between_patches():
    dem = hills()

    def jumps(picture):
        """Greatest second difference across borders between patches, and elsewhere."""
        bend = np.abs(np.diff(picture, 2, axis=1))
        border = np.arange(PIXELS, picture.shape[1], PIXELS)
        at_border = bend[:, np.r_[border - 1, border - 2]]
        return at_border.max(), np.delete(bend, np.r_[border - 1, border - 2], axis=1).max()

    assert jumps(light(dem, normals="patch"))[0] > 0.2
    assert jumps(light(dem))[0] < 0.06


def test_beside_a_hole_slopes_are_one_sided():
    dem = hills()
    dem[4, 4] = np.nan
    found = light(dem)
    ground = np.s_[: 3 * PIXELS, :]
    # The row of samples beside the hole has slopes towards it from the other side.
    near = dem.copy()
    near[4] = 2 * dem[3] - dem[2]
    wanted = twin(near)[
        2 * PIXELS : 3 * PIXELS, 3 * PIXELS + PIXELS // 2 : 5 * PIXELS - PIXELS // 2
    ]
    strip = found[2 * PIXELS : 3 * PIXELS, 3 * PIXELS + PIXELS // 2 : 5 * PIXELS - PIXELS // 2]
    middle = np.s_[:, PIXELS // 2 - 1 : PIXELS // 2 + 1]
    np.testing.assert_allclose(strip[middle], wanted[middle], atol=0.03)
    assert np.isfinite(found[ground]).all()


def test_facets_and_normals_of_arrays_are_the_patches():
    dem = hills()
    view = {"camera": vf.Camera.map((-4, -4, 4, 4)), "size": (64, 64), "aovs": ("normal",)}
    smooth, patch = (vf.render(dem, normals=normals, **view) for normals in ("smooth", "patch"))
    assert np.array_equal(smooth.aovs["normal"], patch.aovs["normal"])
    assert not np.array_equal(smooth.rgba, patch.rgba)


def test_pixels_as_large_as_cells_show_no_difference():
    dem = hills(40, 50)
    pictures = [
        vf.render(dem, camera=vf.Camera.map(), size=(50, 40), normals=normals).rgba
        for normals in ("smooth", "patch")
    ]
    assert np.array_equal(*pictures)


def test_no_shadow_of_a_facet_on_a_convex_hill():
    """A sun that just passes over the hill's side: what faces it by its smooth slope is lit, facet or not."""
    row, column = np.mgrid[-10:11, -10:11]
    hill = -0.02 * (row**2 + column**2)
    more = {"altitude": 8.0, "azimuth": 300}
    shadows = light(hill, shadows=True, **more)
    plain = light(hill, **more)
    inner = np.s_[PIXELS:-PIXELS, PIXELS:-PIXELS]
    hidden = (shadows < plain - 0.01)[inner]
    assert hidden.mean() < 0.002, hidden.mean()


@pytest.mark.parametrize("sun_radius", [0.0, 0.27])
def test_few_specks_under_a_low_sun(sun_radius):
    """Whole metres on all but level ground: facets face away from a sun that the smooth slope sees, and an
    eighth of this would lie in their shadow. A hundredth may: there the smooth slope itself rises above the ray.
    """
    steps = np.random.default_rng(1).uniform(-0.75, 0.75, (24, 24)).round()
    more = {"altitude": 10.0, "sun_radius": sun_radius}
    dem = (0.2 * steps).astype(np.float32)
    plain = light(dem, **more)
    hidden = (light(dem, shadows=True, **more) < plain / 2) & (plain > 0.02)
    assert hidden.mean() < 0.01, hidden.mean()


def hidden_from_afar(dem, every, azimuth, altitude, least=1.75):
    """Where some patch farther off than `least` cells hides the sun; of each `every`th pixel."""

    def height(row, column):
        i, j = (
            np.clip(place.astype(int), 0, side - 2)
            for place, side in zip((row, column), dem.shape, strict=True)
        )
        v, u = row - i, column - j
        north, south = (dem[k, j] * (1 - u) + dem[k, j + 1] * u for k in (i, i + 1))
        return north * (1 - v) + south * v

    places = [(np.arange(0, PIXELS * (side - 1), every) + 0.5) / PIXELS for side in dem.shape]
    row, column = np.meshgrid(*places, indexing="ij")
    bearing, rise = np.radians(azimuth), np.tan(np.radians(altitude))
    last = np.array(dem.shape) - 1
    start, hidden = height(row, column), np.zeros(row.shape, bool)
    for way in np.arange(least, np.ptp(dem) / rise + 1, 0.125):
        north, east = row - way * np.cos(bearing), column + way * np.sin(bearing)
        inside = (np.minimum(north, east) >= 0) & (north <= last[0]) & (east <= last[1])
        hidden |= inside & (height(north, east) > start + way * rise + 1e-3)
    return hidden


@pytest.mark.parametrize("sun_radius", [0.0, 0.27])
def test_shadows_of_a_few_cells_are_those_of_facets(sun_radius):
    """Of spurs and gullies as wide: smooth light neither takes them away nor leaves shreds of them."""
    row, column = np.mgrid[0:32, 0:32] * 2 * np.pi / 32
    rng = np.random.default_rng(4)
    waves = zip(*rng.integers(3, 7, (2, 9)), rng.uniform(0, 7, 9), strict=True)
    dem = sum(0.4 * np.cos(down * row + across * column + phase) for down, across, phase in waves)
    sun = {"altitude": 24.0, "azimuth": 208}
    plain = light(dem, **sun)[::4, ::4]
    dark = light(dem, shadows=True, sun_radius=sun_radius, **sun)[::4, ::4] < 0.6 * plain
    wanted = hidden_from_afar(dem, 4, sun["azimuth"], sun["altitude"]) & (plain > 0.02)
    assert wanted.mean() > 0.03
    assert np.count_nonzero(wanted & ~dark) < 0.005 * np.count_nonzero(wanted)


def test_a_ridge_beyond_a_hole_throws_its_whole_shadow():
    """Where no slope is known on the way, patches say what hides the sun."""
    dem = np.zeros((9, 17), np.float32)
    dem[:, 8] = 1.0
    dem[4, 10] = np.nan
    hole, whole = (
        light(ground, shadows=True, altitude=30.0, azimuth=270)[4 * PIXELS - 2, 11 * PIXELS :]
        for ground in (dem, np.nan_to_num(dem))
    )
    np.testing.assert_allclose(hole[2:], whole[2:], atol=0.02)


@pytest.mark.parametrize(("height", "samples"), [(0.6, 1), (2.0, 3)])
def test_a_narrow_ridge_throws_its_whole_shadow(height, samples):
    dem = np.zeros((5, 33), np.float32)
    dem[:, 8 : 8 + samples] = height
    row = light(dem, shadows=True, altitude=10.0, azimuth=270)[2 * PIXELS]
    dark = np.flatnonzero(row < 0.05) / PIXELS
    end = 7 + samples + height / np.tan(np.radians(10))
    assert dark.max() == pytest.approx(end, abs=0.1)
    assert np.ptp(dark) * PIXELS == len(dark) - 1


@pytest.mark.parametrize("name", ["detail", "normals"])
def test_other_words_are_refused(name):
    with pytest.raises(vf.InvalidInputError, match=f'^{name} must be (one of )?"'):
        vf.render(hills(), **{name: "much"})
    session = vf.Renderer(8, 8)
    with pytest.raises(vf.InvalidInputError, match=f'^{name} must be (one of )?"'):
        getattr(session, f"set_{name}")("much")


def test_a_session_has_both():
    dem = dems.ridge(120, 150, 4)
    camera = vf.Camera.orbit((0, 0, 0), 700, 225, 30)
    session = vf.Renderer(96, 64)
    session.add_terrain(dem, colormap="terrain")
    session.set_camera(camera)
    for detail in ("exact", "auto"):
        for normals in ("patch", "smooth"):
            session.set_detail(detail)
            session.set_normals(normals)
            one = vf.render(dem, camera=camera, size=(96, 64), detail=detail, normals=normals)
            assert np.array_equal(session.render_rgba(), one.rgba), (detail, normals)


def test_far_colour_is_that_of_the_mean_height():
    """Rough ground whose cells are far below a pixel. Its maxima would be lighter by 10 and more; of exact patches more of
    the tops are seen than of the hollows, by some 2."""
    rough = np.random.default_rng(5).uniform(0, 100, (400, 400)).astype(np.float32)
    rough += np.linspace(0, 900, 400, dtype=np.float32)
    look = {
        "camera": vf.Camera.orbit((0, 0, 500), 6000, 225, 50),
        "lit": False,
        "size": (96, 64),
        "spacing": (10, 10),
    }
    look |= {"background": (0, 0, 0, 0), "vmin": 0, "vmax": 1000}
    colours = [f"#{v:02x}{v:02x}{v:02x}" for v in range(256)]
    look["cmap"] = colours
    auto, exact = (
        vf.render(rough, detail=detail, samples=16, **look).rgba.astype(float)
        for detail in ("auto", "exact")
    )
    both = (auto[..., 3] == 255) & (exact[..., 3] == 255)
    bias = (auto - exact)[both][:, 0].mean()
    assert abs(bias) < 3, bias
    assert both.sum() > 500


def test_a_sun_in_the_zenith_casts_no_shadows():
    """Of no pixel, of near ground or far; but things over the ground do, and a sun that is a disc may."""
    far = dems.ridge(160, 200, 5)
    view = {"size": (64, 48), "camera": vf.Camera.fit(far), "altitude": 90.0}
    with_shadows, without = (vf.render(far, shadows=on, **view).rgba for on in (True, False))
    np.testing.assert_array_equal(with_shadows, without)
    flat = np.zeros((9, 9), np.float32)
    ball = vf.Points(np.zeros((1, 2)), height=3.0, size=2.0)
    view = {"size": (64, 48), "altitude": 90.0, "layers": [ball], "cmap": ["#ffffff"]}
    shaded, open_ = (vf.render(flat, shadows=on, **view).rgba for on in (True, False))
    assert (shaded != open_).any(axis=2).sum() > 20
