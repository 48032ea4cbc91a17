"""Relief that looks far, against closed forms, NumPy twins and outside truth (RVT, gdal_viewshed)."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys

import horizon_twins as twins
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused
from vulkan_forge import _vulkan_forge, relief
from vulkan_forge._engines import with_engine

pytestmark = pytest.mark.gpu


def ground(
    seed: int, rows: int = 61, columns: int = 83, holes: float = 0.0, rough=2.0
) -> np.ndarray:
    """Hills of all sizes, a few metres high on cells of 1 m."""
    rng = np.random.default_rng(seed)
    waves = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None, :])
    waves[0, 0] = np.inf
    noise = rng.normal(size=waves.shape) + 1j * rng.normal(size=waves.shape)
    dem = np.fft.irfft2(noise * waves**-rough, s=(rows, columns))
    dem = (5 * dem / max(dem.std(), 1e-9)).astype(np.float32)
    dem[rng.random(dem.shape) < holes] = np.nan
    return dem


SHAPES = [(1, 1), (1, 9), (9, 1), (2, 2), (7, 65), (8, 64), (33, 130), (61, 83)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("radius", "directions", "spacing"),
    [(5.0, 16, (1.0, 1.0)), (12.0, 7, (1.0, 2.0)), (1000.0, 3, (3.0, 1.0)), (1.0, 360, (1.0, 1.0))],
)
def test_horizons_equal_their_twin(shape, radius, directions, spacing):
    dem = ground(sum(shape), *shape, holes=0.05)
    if directions == 360:
        dem = dem[:12, :12]
    wanted = twins.horizon_slopes(dem, min(radius, 600), directions, spacing)
    angles = relief.horizon_angles(dem, radius=radius, directions=directions, spacing=spacing)
    np.testing.assert_allclose(angles, np.degrees(np.arctan(wanted)), atol=2e-4)
    arguments = {"radius": radius, "directions": directions, "spacing": spacing}
    svf = np.mean(1 - np.sin(np.arctan(np.maximum(wanted, 0))), axis=0)
    np.testing.assert_allclose(relief.sky_view_factor(dem, **arguments), svf, atol=2e-6)
    opened = np.mean(90 - np.degrees(np.arctan(wanted)), axis=0)
    np.testing.assert_allclose(relief.openness(dem, **arguments), opened, atol=2e-4)
    upturned = relief.openness(dem, negative=True, **arguments)
    np.testing.assert_array_equal(upturned, relief.openness(-dem, **arguments))


@pytest.mark.parametrize("sky", ["uniform", "overcast"])
def test_sky_illumination_equals_its_twin(sky):
    dem = ground(3, holes=0.02)
    wanted = twins.sky_illumination(dem, 9.0, 16, (1.0, 1.5), sky)
    found = relief.sky_illumination(dem, radius=9.0, sky=sky, spacing=(1.0, 1.5))
    np.testing.assert_allclose(found, wanted, atol=3e-6)


def test_local_dominance_equals_its_twin():
    dem = ground(4, holes=0.02)
    wanted = twins.local_dominance(dem, 4, 9, 16)
    found = relief.local_dominance(dem, min_radius=4, radius=9, directions=16)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.parametrize("azimuth", [0, 17, 45, 89.5, 90, 123, 180, 200, 225, 270, 300, 315, 359])
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (1.0, 2.7183)])
def test_shadow_equals_its_twin(azimuth, spacing):
    for altitude, shape in ((5.0, (61, 83)), (30.0, (83, 61)), (60.0, (1, 40))):
        dem = ground(int(azimuth), *shape, holes=0.03)
        margin = twins.shadow_margin(dem, azimuth, altitude, spacing)
        mask = relief.shadow_mask(dem, azimuth=azimuth, altitude=altitude, spacing=spacing)
        np.testing.assert_array_equal(np.isnan(mask), np.isnan(dem))
        clear = np.abs(margin) > 1e-4
        np.testing.assert_array_equal(mask[clear], margin[clear] > 0)


@pytest.mark.parametrize("place", [(0, 0), (30, 41), (60, 82), (12, 70)])
def test_viewshed_equals_its_twin(place):
    dem = ground(5, holes=0.02)
    # Holes beside the observer have no sight line of their own.
    for south, east in ((1, 0), (0, 1), (-1, -1), (-1, 1)):
        if 0 < place[0] < 60 and 0 < place[1] < 82:
            dem[place[0] + south, place[1] + east] = np.nan
    dem[place] = 3.0
    x, y = place[1] - 41.0, 30.0 - place[0]
    for height, target, curvature in ((2.0, 0.0, False), (0.0, 1.0, False), (3.0, 0.5, True)):
        margin = twins.view_margin(dem, *place, height, target, curvature=float(curvature))
        seen = relief.viewshed(
            dem, x=x, y=y, height=height, target_height=target, curvature=curvature
        )
        np.testing.assert_array_equal(np.isnan(seen), np.isnan(dem))
        clear = np.abs(margin) > 1e-4
        np.testing.assert_array_equal(seen[clear], margin[clear] >= 0)


def test_cones_pits_walls_and_planes():
    y, x = np.mgrid[-30:31, -30:31].astype(np.float64)
    cone = -np.hypot(x, y) * np.tan(np.radians(25))
    assert relief.openness(cone, radius=20)[30, 30] == pytest.approx(115, abs=1e-4)
    assert relief.openness(cone, radius=20, negative=True)[30, 30] == pytest.approx(65, abs=1e-4)
    assert relief.sky_view_factor(cone, radius=20)[30, 30] == 1.0
    pit = relief.sky_view_factor(-cone, radius=20)[30, 30]
    assert pit == pytest.approx(1 - np.sin(np.radians(25)), abs=1e-6)
    # A wall of 10 m in the north: seen from 5 m before it in one direction of four.
    wall = np.zeros((61, 61))
    wall[20] = 10
    angles = relief.horizon_angles(wall, radius=30, directions=4)[:, 25, 30]
    np.testing.assert_allclose(angles, [np.degrees(np.arctan2(10, 5)), 0, 0, 0], atol=1e-4)
    shadow = relief.shadow_mask(wall, azimuth=0, altitude=45)
    np.testing.assert_array_equal(shadow[:, 30], (np.arange(61) > 20) & (np.arange(61) < 30))
    # A plane hides itself from a sun below its own steepness, behind it; it has no other shadow.
    plane = x * np.tan(np.radians(20))
    assert np.all(relief.shadow_mask(plane, azimuth=90, altitude=19)[:, :-1] == 1)
    assert np.all(relief.shadow_mask(plane, azimuth=90, altitude=21) == 0)
    assert np.all(relief.shadow_mask(plane, azimuth=270, altitude=1) == 0)
    opened = relief.openness(plane, radius=10, directions=8)[15:-15, 15:-15]
    np.testing.assert_allclose(opened, 90, atol=1e-4)
    # The sky over an endless plane: (1 + cos slope) / 2.
    light = relief.sky_illumination(plane, radius=20, directions=360)[25:-25, 25:-25]
    np.testing.assert_allclose(light, (1 + np.cos(np.radians(20))) / 2, atol=4e-3)
    seen = relief.viewshed(wall, x=0, y=20, height=2)
    assert np.all(seen[:21] == 1) and np.all(seen[21:] == 0)
    over = relief.viewshed(wall, x=0, y=20, height=2, target_height=100)
    assert np.all(over == 1)


def test_flat_ground_is_open():
    flat = np.full((20, 30), 7, np.int16)
    assert np.all(relief.sky_view_factor(flat, radius=5) == 1)
    np.testing.assert_allclose(relief.openness(flat, radius=5), 90)
    np.testing.assert_allclose(
        relief.sky_illumination(flat, radius=5, sky="overcast"), 1, rtol=1e-6
    )
    np.testing.assert_allclose(relief.local_dominance(flat, radius=8), 1, rtol=1e-6)
    assert np.all(relief.shadow_mask(flat, azimuth=33, altitude=1) == 0)
    assert np.all(relief.shadow_mask(flat, azimuth=33, altitude=0) == 1)
    assert np.all(relief.shadow_mask(flat, azimuth=33, altitude=90) == 0)
    assert np.all(relief.viewshed(flat, x=0, y=0) == 1)


CALLS = {
    "sky_view_factor": {"radius": 3.0},
    "openness": {"radius": 3.0},
    "horizon_angles": {"radius": 3.0},
    "sky_illumination": {"radius": 3.0},
    "local_dominance": {"radius": 3.0},
    "shadow_mask": {"azimuth": 10.0, "altitude": 20.0},
}


@pytest.mark.parametrize("name", CALLS)
def test_any_input(name):
    operator, arguments = getattr(relief, name), CALLS[name]
    for shape in ((1, 1), (1, 5), (5, 1), (6, 7)):
        assert np.all(np.isnan(operator(np.full(shape, np.nan), **arguments)))
        assert np.all(np.isfinite(operator(np.zeros(shape, np.uint8), **arguments)))
    dem = ground(6)
    wanted = operator(dem, **arguments)
    for same in (dem.astype(np.float64), np.asfortranarray(dem), np.ma.array(dem), dem.tolist()):
        np.testing.assert_array_equal(operator(same, **arguments), wanted)
    masked = np.ma.array(dem, mask=dem > 4)
    np.testing.assert_array_equal(
        operator(masked, **arguments), operator(np.where(dem > 4, np.nan, dem), **arguments)
    )
    huge = operator(dem * np.float32(1e30), **arguments)
    assert np.all(np.isfinite(huge))
    refused(lambda: operator(np.where(dem > 4, np.inf, dem), **arguments), "infinite")
    refused(lambda: operator(dem, **arguments, spacing=(0, 1)), "spacing")


@pytest.mark.parametrize("name", [*CALLS, "viewshed"])
def test_an_exaggeration_is_a_factor_on_heights(name):
    operator = getattr(relief, name)
    arguments = CALLS.get(name, {"x": 3.0, "y": -4.0})
    dem = ground(12, holes=0.02)
    found, wanted = operator(dem, vert_exag=4.0, **arguments), operator(4.0 * dem, **arguments)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    assert np.nanmax(np.abs(found - operator(dem, **arguments))) > 0.1


@pytest.mark.parametrize("radius", [0, -1.0, 0.99, np.nan, np.inf, None, "10", True])
def test_bad_radii_are_refused(radius):
    dem = ground(1)
    for operator in (relief.sky_view_factor, relief.horizon_angles, relief.local_dominance):
        message = refused(functools.partial(operator, dem, radius=radius), "radius")
        number = isinstance(radius, int | float) and not isinstance(radius, bool)
        assert ("one cell" if number else "real number") in message


def test_bad_arguments_are_refused():
    dem = ground(1)
    refused(lambda: relief.openness(dem, radius=3, directions=0), "directions")
    refused(lambda: relief.openness(dem, radius=3, negative=1), "negative")
    refused(lambda: relief.sky_illumination(dem, radius=3, sky="blue"), "blue")
    refused(lambda: relief.local_dominance(dem, radius=3, height=0), "height")
    refused(lambda: relief.shadow_mask(dem, azimuth=np.nan, altitude=3), "azimuth")
    refused(lambda: relief.shadow_mask(dem, azimuth=0, altitude=91), "altitude")
    refused(lambda: relief.viewshed(dem, x=1e9, y=0), "centre")
    refused(lambda: relief.viewshed(dem, x=0, y=np.nan), "centre")
    refused(lambda: relief.viewshed(np.where(dem > -99, np.nan, dem), x=0, y=0), "hole")
    refused(lambda: relief.viewshed(dem, x=0, y=0, height=-1), "height")
    refused(lambda: relief.viewshed(dem, x=0, y=0, max_distance=0), "max_distance")
    refused(lambda: relief.viewshed(dem, x=0, y=0, refraction=0.1), "curvature")
    sun = {"latitude": 46, "longitude": 8}
    refused(lambda: relief.sun_hours(dem, start="2026-02-02", end="2026-02-01", **sun), "order")
    refused(lambda: relief.sun_hours(dem, start="noon", end="2026-02-01", **sun), "time")
    refused(lambda: relief.sun_position("2026-02-01", 91, 0), "latitude")


def compiled(name, dem, *arguments, **named):
    function = getattr(_vulkan_forge, name)
    named = {"spacing": (1.0, 1.0), "vert_exag": 1.0} | named
    return with_engine(None, False, lambda engine: function(engine, dem, *arguments, **named))


@pytest.mark.parametrize("cells", [1, 700, 5000])
def test_blocks_change_no_byte(cells):
    dem = ground(8, 150, 83, holes=0.01)
    looking = {"radius": 14.0, "directions": 16, "up": 0.0, "block_cells": cells}
    for quantity in ("sky_view_factor", "openness", "overcast"):
        found = compiled("_relief_horizon", dem, quantity, **looking)
        whole = compiled("_relief_horizon", dem, quantity, **looking | {"block_cells": None})
        np.testing.assert_array_equal(found, whole)
    angles = compiled("_relief_horizon_angles", dem, **looking)
    np.testing.assert_array_equal(angles, relief.horizon_angles(dem, radius=14.0))
    ring = {"min_radius": 3.0, "radius": 9.0, "directions": 16, "height": 1.7}
    found = compiled("_relief_dominance", dem, **ring, block_cells=cells)
    np.testing.assert_array_equal(
        found, compiled("_relief_dominance", dem, **ring, block_cells=None)
    )
    for azimuth in (20.0, 110.0, 225.0):
        sun = {"azimuth": azimuth, "altitude": 15.0}
        found = compiled("_relief_shadow_mask", dem, **sun, block_lines=1 + cells // 100)
        np.testing.assert_array_equal(found, relief.shadow_mask(dem, **sun))


def test_what_is_too_long_for_one_dispatch_goes_in_several():
    """400 directions: more turns of a loop than one invocation may make."""
    dem = ground(9, 30, 100)
    wanted = twins.openness(dem, 100, 400)
    found = relief.openness(dem, radius=100, directions=400)
    np.testing.assert_allclose(found, wanted, atol=1e-3)


@pytest.mark.parametrize("name", [*CALLS, "viewshed"])
def test_one_device_as_another(name, two_devices):
    dem = ground(10, 70, 90, holes=0.02)
    dem[35, 45] = 0
    arguments = CALLS.get(name, {"x": 0.0, "y": 0.0})
    one, other = (getattr(relief, name)(dem, **arguments, device=device) for device in two_devices)
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_mirrored_ground_has_mirrored_results():
    dem = ground(11)
    for mirror in (np.flipud, np.fliplr):
        found = relief.sky_view_factor(mirror(dem), radius=9)
        np.testing.assert_allclose(found, mirror(relief.sky_view_factor(dem, radius=9)), atol=1e-6)
    np.testing.assert_array_equal(
        relief.shadow_mask(np.fliplr(dem), azimuth=-40, altitude=10),
        np.fliplr(relief.shadow_mask(dem, azimuth=40, altitude=10)),
    )


def test_shadow_agrees_with_the_picture():
    """A nadir picture without ambient light is black where the sun is hidden, cell for pixel."""
    dem = ground(12, 200, 200, rough=3.0)
    for azimuth in (0.0, 33.0, 290.0):
        camera = vf.Camera.map()
        image = vf.render(
            dem, size=(200, 200), camera=camera, cmap="gray", vmin=-1e6, vmax=-1e5, ambient=0.0,
            samples=1, azimuth=azimuth, altitude=20.0,
        )  # fmt: skip
        black = np.asarray(image)[..., 0] == 0
        mask = relief.shadow_mask(dem, azimuth=azimuth, altitude=20.0) == 1
        assert np.mean(black == mask) > 0.97


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="rvt-py is for older Pythons")
@pytest.mark.filterwarnings("ignore:Please import `distance_transform_edt`:DeprecationWarning")
def test_agrees_with_rvt():
    from rvt import vis

    dem = ground(13, 90, 110) * 3
    for radius in (5, 10, 25):
        wanted = vis.sky_view_factor(dem, 2.0, compute_opns=True, svf_r_max=radius)
        inner = np.s_[radius:-radius, radius:-radius]
        arguments = {"radius": 2.0 * radius, "spacing": (2.0, 2.0)}
        svf = relief.sky_view_factor(dem, **arguments)
        np.testing.assert_allclose(svf[inner], wanted["svf"][inner], atol=5e-6)
        opened = relief.openness(dem, **arguments)
        np.testing.assert_allclose(opened[inner], wanted["opns"][inner], atol=3e-4)
    # 8 bearings: on others RVT rounds halves of a cell one way or the other.
    wanted = vis.local_dominance(dem, 5, 12, angular_res=45)
    found = relief.local_dominance(dem, min_radius=5, radius=12, directions=8)
    np.testing.assert_allclose(found[12:-12, 12:-12], wanted[12:-12, 12:-12], rtol=1e-4)


@pytest.mark.skipif(
    not shutil.which("gdal_viewshed"), reason="gdal_viewshed is not installed (gdal-bin)"
)
@pytest.mark.parametrize("curved", [False, True])
def test_agrees_with_gdal_viewshed(tmp_path, curved):
    dem, cell = ground(14, 150, 170) * 10, 30.0
    (tmp_path / "dem.bin").write_bytes(dem.astype("<f4").tobytes())
    (tmp_path / "dem.hdr").write_text(
        "ENVI\nsamples = 170\nlines = 150\nbands = 1\ndata type = 4\nbyte order = 0\ninterleave = bsq\n"
        f"map info = {{UTM, 1, 1, {-85 * cell + 500000}, {75 * cell + 4000000}, {cell}, {cell}, 17, North, WGS-84}}\n"
    )
    x, y = 10.5 * cell, -20.5 * cell
    command = [
        "gdal_viewshed",
        "-q",
        "-of",
        "ENVI",
        "-oz",
        "20",
        "-tz",
        "1",
        "-cc",
        "0.85714" if curved else "0",
    ]
    command += [
        "-ox",
        str(500000 + x),
        "-oy",
        str(4000000 + y),
        str(tmp_path / "dem.bin"),
        str(tmp_path / "out.bin"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    wanted = np.fromfile(tmp_path / "out.bin", np.uint8).reshape(150, 170) == 255
    found = relief.viewshed(
        dem, x=x, y=y, height=20, target_height=1, spacing=(cell, cell), curvature=curved,
        refraction=0.14286 if curved else 0.0,
    )  # fmt: skip
    assert 0.02 < wanted.mean() < 0.98
    assert np.mean(wanted == (found == 1)) > 0.999
