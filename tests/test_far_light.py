"""Light on rough ground whose cells are smaller than pixels: that of its facets, as they face the eye and the sun."""

import functools

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import in_sheets, same
from surface_twins import encoded, linear

pytestmark = pytest.mark.gpu

CELL = 10.0
SIDE = 513
SIZE = (96, 64)
AMBIENT = 0.35


@functools.lru_cache(1)
def rough() -> np.ndarray:
    """Ground as rough at all scales as mountains are, and steeper: half of its slopes are above 0.9."""
    rng = np.random.default_rng(5)
    wave = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    wave[0, 0] = 1.0
    field = rng.standard_normal(wave.shape) + 1j * rng.standard_normal(wave.shape)
    heights = np.fft.irfft2(field * wave**-1.8, s=(SIDE, SIDE))
    slope = np.median(np.hypot(*np.gradient(heights)))
    return (0.9 * CELL / slope * heights).astype(np.float32)


@functools.lru_cache(1)
def city() -> np.ndarray:
    """Flat roofs at many heights over level ground: a few patches are walls."""
    rng = np.random.default_rng(2)
    heights = np.zeros((SIDE, SIDE), np.float32)
    for row in range(0, SIDE, 24):
        for column in range(0, SIDE, 20):
            block = (slice(row + 4, row + 16), slice(column + 4, column + 14))
            heights[block] = rng.uniform(30.0, 200.0)
    return heights


def light(heights, elevation, size=SIZE, **given):
    """Linear light on white ground, NaN beside it."""
    camera = vf.Camera.orbit((0.0, 0.0, float(np.nanmean(heights))), 6600.0, 225.0, elevation, 30.0)
    look = {"camera": camera, "size": size, "spacing": (CELL, CELL), "cmap": ["#ffffff"]}
    look |= {"ambient": AMBIENT, "background": (0, 0, 0, 0), "samples": 4}
    rgba = vf.render(heights, **(look | given)).rgba / 255.0
    return np.where(rgba[..., 3] == 1.0, linear(rgba[..., 0]), np.nan)


def off_exact(heights, elevation, **given):
    """What a picture is off from 64 samples of exact patches a pixel, in 255ths: its mean, and the root of its mean square."""
    width, height = SIZE
    exact = light(heights, elevation, (4 * width, 4 * height), detail="exact", **given)
    exact = exact.reshape(height, 4, width, 4).mean(axis=(1, 3))
    error = encoded(light(heights, elevation, **given)) - encoded(exact)
    error = error[np.isfinite(error)]
    assert error.size > 1500
    return error.mean(), np.sqrt((error**2).mean())


SUNS = [(45.0, 225.0), (45.0, 45.0), (20.0, 285.0), (20.0, 135.0)]


@pytest.mark.parametrize("shadows", [False, True])
def test_rough_ground_is_as_light_as_its_facets(shadows):
    """As one slope, that of its maxima, it is off by 5.2 of 255 on the mean, by 16 against the sun, and by 13 in each pixel."""
    off = [
        off_exact(rough(), elevation, altitude=altitude, azimuth=azimuth, shadows=shadows)
        for altitude, azimuth in SUNS
        for elevation in (12.0, 35.0, 70.0)
    ]
    bias, deviation = np.array(off).T
    assert np.abs(bias).mean() < 1.8, bias
    assert np.abs(bias).max() < 4.0, bias
    assert deviation.mean() < 9.7, deviation


def test_cells_that_are_no_squares_are_as_rough():
    """Every other column is left out: the slopes along rows are those of twice the way."""
    given = {"altitude": 45.0, "azimuth": 45.0, "shadows": True}
    narrow = off_exact(rough()[:, ::2], 35.0, spacing=(2 * CELL, CELL), **given)
    assert abs(narrow[0]) < 4.0, narrow


def test_few_walls_do_not_make_flat_roofs_rough():
    """By the mean square of its slopes alone the town would be off by 20 and more."""
    for elevation in (12.0, 35.0):
        bias, _ = off_exact(city(), elevation, altitude=45.0, azimuth=225.0, shadows=False)
        assert abs(bias) < 6.0, bias


@pytest.mark.parametrize("sun_radius", [0.0, 4.0])
def test_a_plane_is_lit_as_its_patches_are(sun_radius, each_device):
    row, column = np.mgrid[:SIDE, :SIDE]
    plane = (3.7 * column - 1.9 * row).astype(np.float32)
    for shadows in (False, True):
        given = {"altitude": 25.0, "azimuth": 300.0, "shadows": shadows, "device": each_device}
        given["sun_radius"] = sun_radius
        far, exact = (light(plane, 40.0, detail=detail, **given) for detail in ("auto", "exact"))
        both = np.isfinite(far) & np.isfinite(exact)
        assert both.sum() > 1500
        assert np.abs(encoded(far) - encoded(exact))[both].max() < 1.01


@pytest.mark.parametrize("altitude", [90.0, 89.9999, 89.0])
def test_a_sun_overhead_is_hidden_from_nothing(altitude):
    """Of each pixel at 90 degrees shadows have another word; on the mean they have not."""
    given = {"altitude": altitude, "azimuth": 30.0}
    shaded, plain = (light(rough(), 40.0, shadows=shadows, **given) for shadows in (True, False))
    both = np.isfinite(shaded)
    assert abs((encoded(shaded) - encoded(plain))[both].mean()) < 0.6


def test_a_small_sun_is_one_of_no_width():
    given = {"altitude": 20.0, "azimuth": 285.0, "shadows": False}
    point, disc = (light(rough(), 35.0, sun_radius=radius, **given) for radius in (0.0, 0.05))
    both = np.isfinite(point)
    assert np.abs(encoded(point) - encoded(disc))[both].max() < 1.01


def test_a_mirrored_dem_gives_a_mirrored_picture():
    def seen(heights, sign):
        camera = vf.Camera.orbit((0.0, 0.0, 0.0), 6600.0, sign * 30.0, 35.0, 30.0)
        look = {"size": SIZE, "spacing": (CELL, CELL), "cmap": ["#ffffff"], "shadows": False}
        look |= {"camera": camera, "azimuth": sign * 75.0, "altitude": 30.0, "samples": 1}
        return vf.render(heights, **look).rgba[..., 0].astype(int)

    # Slopes are those of some patches alone, which are others in a mirror.
    heights = rough() - rough().mean()
    difference = seen(heights, 1) - seen(heights[:, ::-1].copy(), -1)[:, ::-1]
    assert abs(difference.mean()) < 0.2, difference.mean()
    assert difference.std() < 4.0, difference.std()


@pytest.mark.parametrize(("level", "distances"), [(1, (5000.0, 16_000.0)), (2, (16_000.0,))])
@pytest.mark.parametrize("holes", [False, True])
def test_in_sheets_it_is_lit_as_in_memory(level, distances, holes):
    heights = rough()[:400, :500].copy()
    if holes:
        heights[100:160, 200:300] = np.nan
        heights[7::40, 11::50] = np.nan
    large = in_sheets(heights, (4, level), spacing=(CELL, CELL))
    for distance in distances:
        camera = vf.Camera.orbit((0.0, 0.0, 0.0), distance, 250.0, 30.0, 30.0)
        look = {"camera": camera, "size": SIZE, "samples": 1, "altitude": 25.0}
        same(vf.render(large, **look), vf.render(heights, spacing=(CELL, CELL), **look))


def test_two_drivers_light_it_alike(two_devices):
    given = {"altitude": 20.0, "azimuth": 285.0}
    one, other = (light(rough(), 35.0, device=device, **given) for device in two_devices)
    both = np.isfinite(one) & np.isfinite(other)
    assert (np.abs(encoded(one) - encoded(other))[both] > 1.01).mean() < 1e-3
