"""Elevation with its geography: files in, cell sizes, units, holes, odd transforms, warnings."""

import math
import os
import subprocess
import sys
import warnings

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

rasterio = pytest.importorskip("rasterio")
from rasterio.transform import Affine, from_origin  # noqa: E402
from rasterio.warp import transform as project  # noqa: E402

HEIGHTS = dems.ridge(40, 50)


def refusal(call, *parts, kind=vf.InvalidInputError):
    """The message of a refusal, with what was expected, what was got, and a cure."""
    with pytest.raises(kind) as caught:
        call()
    message = str(caught.value)
    for part in ("got", *parts):
        assert part in message, message
    return message


# --- reading ------------------------------------------------------------------------------------------


def test_a_projected_geotiff(tmp_path):
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS)
    dem = vf.open(path)
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    assert dem.spacing == (30.0, 30.0)
    assert dem.bounds == (400000, 3800000 - 40 * 30, 400000 + 50 * 30, 3800000)
    assert dem.extent == (400000, 401500, 3798800, 3800000)
    assert dem.crs == rasterio.crs.CRS.from_epsg(32611) and dem.z_unit == "m"
    assert dem.transform == from_origin(400000, 3800000, 30, 30)
    assert dem.stats()[:2] == (HEIGHTS.min(), HEIGHTS.max())


def test_int16_with_nodata_and_user_nodata(tmp_path):
    data = np.full((4, 5), 100, np.int16)
    data[1, 2] = 32767
    dem = vf.open(geotiffs.write(tmp_path / "a.tif", data, nodata=32767))
    assert np.isnan(dem.data[1, 2]) and np.isnan(dem.data).sum() == 1
    path = geotiffs.write(tmp_path / "b.tif", data)
    with pytest.warns(vf.VerticalScaleWarning, match="nodata=32767"):
        assert not np.isnan(vf.open(path).data).any()
    assert np.isnan(vf.open(path, nodata=32767).data).sum() == 1


def test_float_with_nan_and_a_float_nodata_that_float64_writes_otherwise(tmp_path):
    with pytest.warns(vf.VerticalScaleWarning, match=r"nodata=-3.40282347e\+38"):
        vf.DEM(np.full((4, 4), np.finfo(np.float32).min), bounds=(0, 0, 4, 4), crs="EPSG:32611")
    data = HEIGHTS.copy()
    data[0, 0] = np.nan
    data[3, 4] = -3.4e38
    dem = vf.open(geotiffs.write(tmp_path / "a.tif", data, nodata=-3.4e38))
    assert np.isnan(dem.data[0, 0]) and np.isnan(dem.data[3, 4])
    assert np.isnan(dem.data).sum() == 2
    dem = vf.open(geotiffs.write(tmp_path / "b.tif", data), nodata=-3.4e38)
    assert np.isnan(dem.data).sum() == 2


def test_scale_and_offset(tmp_path):
    data = np.arange(20, dtype=np.int16).reshape(4, 5)
    data[0, 0] = -9999
    path = geotiffs.write(tmp_path / "s.tif", data, nodata=-9999, scales=[0.1], offsets=[5.0])
    dem = vf.open(path)
    expected = (data * 0.1 + 5).astype(np.float32)
    expected[0, 0] = np.nan
    np.testing.assert_allclose(dem.data, expected, rtol=1e-6)


@pytest.mark.parametrize("word", ["scales", "offsets"])
def test_a_scale_that_is_no_number_makes_no_holes(word, tmp_path):
    path = geotiffs.write(tmp_path / "n.tif", HEIGHTS, **{word: [float("nan")]})
    refused(lambda: vf.open(path), "scale and offset of band 1", "nan")


def test_bands(tmp_path):
    path = geotiffs.write(tmp_path / "m.tif", np.stack([HEIGHTS, HEIGHTS + 7]))
    np.testing.assert_array_equal(vf.open(path, band=2).data, HEIGHTS + 7)
    for band in (0, 3, -1, 1.0, True, "1"):
        refusal(lambda band=band: vf.open(path, band=band), "1..2", repr(band))


def test_no_file_no_raster_and_no_path(tmp_path):
    refusal(lambda: vf.open(tmp_path / "none.tif"), "none.tif", kind=vf.ImageFileError)
    text = tmp_path / "text.tif"
    text.write_text("no raster")
    refusal(lambda: vf.open(text), "text.tif", kind=OSError)
    refusal(lambda: vf.open(HEIGHTS), "as_dem")
    whole = geotiffs.write(tmp_path / "w.tif", np.random.default_rng(0).random((200, 200)))
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[: 200 * 200 * 4])
    refusal(lambda: vf.open(cut), "cut.tif", kind=vf.ImageFileError)


def test_windows_and_bounds(tmp_path):
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS)
    whole = vf.open(path)
    part = vf.open(path, window=((3, 13), (5, 25)))
    np.testing.assert_array_equal(part.data, HEIGHTS[3:13, 5:25])
    assert part.bounds == (400150, 3800000 - 390, 400750, 3800000 - 90)
    np.testing.assert_array_equal(vf.open(path, bounds=part.bounds).data, part.data)
    np.testing.assert_array_equal(whole.crop(part.bounds).data, part.data)
    assert whole.crop(part.bounds).bounds == part.bounds
    window = rasterio.windows.Window(5, 3, 20, 10)
    np.testing.assert_array_equal(vf.open(path, window=window).data, part.data)
    refusal(lambda: vf.open(path, window=((3, 99), (0, 5))), "40 rows")
    refusal(lambda: vf.open(path, bounds=(0, 0, 1, 1)), "400000")
    refusal(lambda: vf.open(path, bounds=(1, 0, 0, 1)), "left < right")
    refusal(lambda: vf.open(path, window=window, bounds=part.bounds), "both")


def test_overviews_warn(tmp_path):
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS)
    with pytest.warns(vf.DecimationWarning, match="2 x 2"):
        dem = vf.open(path, overview=2)
    assert dem.shape == (20, 25) and dem.spacing == (60.0, 60.0)
    assert dem.bounds == vf.open(path).bounds
    np.testing.assert_allclose(dem.data[0, 0], HEIGHTS[:2, :2].mean(), rtol=1e-6)
    assert vf.open(path, overview="auto").shape == (40, 50)
    for bad in (0, 1.5, "some", True):
        refusal(lambda bad=bad: vf.open(path, overview=bad), "overview", repr(bad))


# --- odd transforms -----------------------------------------------------------------------------------


def test_south_up_is_turned(tmp_path):
    transform = Affine(30, 0, 400000, 0, 30, 3798800)
    path = geotiffs.write(tmp_path / "s.tif", HEIGHTS[::-1], transform=transform)
    dem = vf.open(path)
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    assert dem.bounds == (400000, 3798800, 401500, 3800000) and dem.data.flags.c_contiguous
    part = vf.open(path, bounds=(400000, 3799700, 400300, 3800000))
    np.testing.assert_array_equal(part.data, HEIGHTS[:10, :10])


def test_columns_that_run_west_are_turned(tmp_path):
    transform = Affine(-30, 0, 401500, 0, -30, 3800000)
    dem = vf.open(geotiffs.write(tmp_path / "w.tif", HEIGHTS[:, ::-1], transform=transform))
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    assert dem.bounds == (400000, 3798800, 401500, 3800000)


def test_rotated_is_refused_and_the_cure_works(tmp_path):
    across, down = 30 * math.cos(math.radians(20)), 30 * math.sin(math.radians(20))
    transform = Affine(across, down, 400000, down, -across, 3800000)
    path = geotiffs.write(tmp_path / "r.tif", HEIGHTS, transform=transform)
    assert "20 degrees" in refusal_of_rotation(path)
    with rasterio.open(path) as file, rasterio.vrt.WarpedVRT(file, crs=file.crs, nodata=-1) as vrt:
        dem = vf.as_dem(vrt)
    assert dem.shape[0] > 40 and np.isnan(dem.data[0, 0])
    assert abs(np.nanmax(dem.data) - HEIGHTS.max()) < 20


def refusal_of_rotation(path):
    with pytest.raises(vf.InvalidInputError, match="WarpedVRT") as caught:
        vf.open(path)
    return str(caught.value)


@pytest.mark.parametrize("shape", [(1, 50), (50, 1), (1, 1)])
def test_a_line_of_cells_is_no_surface(shape, tmp_path):
    dem = vf.open(geotiffs.write(tmp_path / "l.tif", np.zeros(shape, np.float32)))
    assert dem.shape == shape
    with pytest.raises(vf.InvalidInputError, match="at least 2 x 2"):
        vf.Camera.fit(dem)


# --- sizes of cells -----------------------------------------------------------------------------------


def test_degrees_against_proj(tmp_path):
    pyproj = pytest.importorskip("pyproj")
    path, _ = geotiffs.degrees(tmp_path / "g.tif", north=60.0, step=0.01)
    dem = vf.open(path)
    rows = dem.spacing_by_row
    assert rows.shape == (60, 2)
    geod = pyproj.Geod(ellps="WGS84")
    _, y = dem._grid.coordinates
    for i in (0, 30, 59):
        east = geod.inv(10.0, y[i], 10.01, y[i])[2]
        north = geod.inv(10.0, y[i] - 0.005, 10.0, y[i] + 0.005)[2]
        np.testing.assert_allclose(rows[i], (east, north), rtol=1e-6)
    middle = (60.0 + 59.4) / 2
    np.testing.assert_allclose(dem.spacing[0], geod.inv(10, middle, 10.01, middle)[2], rtol=1e-6)


def test_web_mercator_is_undone(tmp_path):
    (x,), (y,) = project("EPSG:4326", "EPSG:3857", [10.0], [60.0])
    path = geotiffs.write(
        tmp_path / "m.tif", HEIGHTS, crs="EPSG:3857", transform=from_origin(x, y, 60, 60)
    )
    dx, dy = vf.open(path).spacing
    assert 29.8 < dx < 30.3 and 29.8 < dy < 30.3


def test_utm_keeps_its_nominal_cells(tmp_path):
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS)
    assert (vf.open(path).spacing_by_row == 30.0).all()


def test_feet_on_the_map_and_in_height(tmp_path):
    path = geotiffs.write(
        tmp_path / "f.tif",
        HEIGHTS,
        crs="EPSG:2229",  # California zone 5, US survey feet
        transform=from_origin(6500000, 1900000, 100, 100),
    )
    with pytest.warns(vf.VerticalScaleWarning, match="z_unit='ft'"):
        dem = vf.open(path)
    np.testing.assert_allclose(dem.spacing, (30.48006096, 30.48006096), rtol=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dem = vf.open(path, z_unit="US survey foot")
    assert dem.z_factor == pytest.approx(1200 / 3937)
    np.testing.assert_allclose(dem.metres, HEIGHTS * np.float32(1200 / 3937))


def test_the_unit_of_heights_from_the_band_and_from_a_compound_crs(tmp_path):
    path = geotiffs.write(tmp_path / "b.tif", HEIGHTS, units=["ft"])
    assert vf.open(path).z_factor == 0.3048
    assert vf.open(path, z_unit="m").z_factor == 1.0
    path = geotiffs.write(tmp_path / "c.tif", HEIGHTS, crs="EPSG:32611+6360")  # NAVD88 in ftUS
    assert vf.open(path).z_factor == pytest.approx(1200 / 3937)
    assert vf.open(path).spacing == (30.0, 30.0)
    refusal(lambda: vf.open(path, z_unit="furlong"), "furlong", "z_unit='m'")


def test_the_moon_is_smaller(tmp_path):
    moon = "+proj=longlat +R=1737400 +no_defs"
    transform = from_origin(0, 0.25, 0.01, 0.01)
    dem = vf.open(geotiffs.write(tmp_path / "m.tif", HEIGHTS, crs=moon, transform=transform))
    np.testing.assert_allclose(dem.spacing, (math.radians(0.01) * 1737400,) * 2, rtol=1e-4)


# --- warnings -----------------------------------------------------------------------------------------


def test_no_crs_warns_and_spacing_silences(tmp_path):
    path = geotiffs.write(tmp_path / "n.tif", HEIGHTS, crs=None)
    with pytest.warns(vf.CRSMissingWarning, match="spacing="):
        assert vf.open(path).spacing == (30.0, 30.0)
    with pytest.warns(vf.CRSMissingWarning) as said:
        vf.Camera.fit(path)
    assert said[0].filename == __file__  # it points at the caller
    assert vf.open(path, spacing=(5, 6)).spacing == (5.0, 6.0)
    assert vf.open(path, crs="EPSG:32611").crs is not None


def test_degrees_without_crs_would_be_spikes(tmp_path):
    transform = from_origin(10.0, 47.0, 1 / 1200, 1 / 1200)
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS, crs=None, transform=transform)
    with (
        pytest.warns(vf.CRSMissingWarning, match="EPSG:4326"),
        pytest.warns(vf.VerticalScaleWarning, match="slope"),
    ):
        vf.open(path)


def test_heights_in_millimetres_would_be_spikes(tmp_path):
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS * 50)
    with pytest.warns(vf.VerticalScaleWarning, match="slope"):
        vf.open(path)
    assert vf.open(path, z_unit="cm").z_factor == 0.01


def test_a_plain_raster_without_any_place(tmp_path):
    path = geotiffs.write(tmp_path / "p.tif", HEIGHTS, crs=None, transform=Affine.identity())
    dem = vf.open(path)
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    assert dem.spacing == (1.0, 1.0) and dem.crs is None


# --- as_dem and DEM -----------------------------------------------------------------------------------


def test_as_dem_of_everything(tmp_path):
    path = geotiffs.write(tmp_path / "d.tif", HEIGHTS)
    expected = vf.open(path)
    with rasterio.open(path) as file:
        triple = (file.read(1), file.transform, file.crs)
        for source in (expected, path, str(path), file, triple):
            dem = vf.as_dem(source)
            np.testing.assert_array_equal(dem.data, HEIGHTS)
            assert dem.bounds == expected.bounds and dem.crs == expected.crs
    assert vf.as_dem(expected) is expected
    for source in (HEIGHTS, HEIGHTS.tolist(), np.ma.array(HEIGHTS), np.asfortranarray(HEIGHTS)):
        dem = vf.as_dem(source)
        np.testing.assert_array_equal(dem.data, HEIGHTS)
        assert dem.spacing == (1.0, 1.0) and dem.crs is None
    assert vf.as_dem(HEIGHTS, spacing=(3, 4)).spacing == (3.0, 4.0)
    assert vf.as_dem(expected, spacing=(3, 4)).spacing == (3.0, 4.0)
    assert vf.as_dem(expected, z_unit="ft").z_factor == 0.3048
    refusal(lambda: vf.as_dem(HEIGHTS, band=2), "band")
    refusal(lambda: vf.as_dem(object()), "object")


def test_a_dem_needs_no_rasterio_without_a_crs():
    dem = vf.DEM(HEIGHTS, spacing=(10, 20), nodata=float(HEIGHTS[0, 0]))
    assert dem.spacing == (10.0, 20.0) and np.isnan(dem.data[0, 0])
    assert dem.bounds == (-250.0, -400.0, 250.0, 400.0)
    assert "40x50" in repr(dem) and dem._repr_png_().startswith(b"\x89PNG")


def test_a_dem_refuses():
    refusal(lambda: vf.DEM(HEIGHTS, crs="EPSG:32611"), "place")
    refusal(lambda: vf.DEM(HEIGHTS, crs="EPSG:0", bounds=(0, 0, 1, 1)), "EPSG:0")
    refusal(lambda: vf.DEM(HEIGHTS, bounds=(0, 0, 1, 1), extent=(0, 1, 0, 1)), "bounds and extent")
    refusal(lambda: vf.DEM(HEIGHTS, spacing=(0, 1)), "spacing")
    refusal(lambda: vf.DEM(HEIGHTS, spacing=5), "spacing")
    refusal(lambda: vf.DEM(HEIGHTS, bounds=(0, 0, np.nan, 1)), "bounds")
    refusal(lambda: vf.DEM(HEIGHTS, nodata="x"), "nodata")
    refusal(lambda: vf.DEM(HEIGHTS[None]), "2-D")
    refusal(lambda: vf.DEM(HEIGHTS, spacing=(1, 1)).reproject(), "crs")
    refusal(
        lambda: vf.DEM(HEIGHTS, crs="EPSG:4326", bounds=(500000, 0, 500100, 4000)), "90 degrees"
    )


def test_reproject_there_and_back(tmp_path):
    dem = vf.open(geotiffs.write(tmp_path / "d.tif", dems.ridge(120, 150, noise=0)))
    degrees = dem.reproject("EPSG:4326")
    assert degrees.crs.is_geographic and abs(degrees.spacing[1] - 30) < 6
    back = degrees.reproject()
    assert back.crs == dem.crs and abs(back.spacing[0] - 30) < 3
    assert abs(np.nanmean(back.data) - dem.data.mean()) < 3
    refusal(lambda: dem.reproject(resampling="best"), "bilinear")


def test_interfaces_share_memory():
    dem = vf.DEM(HEIGHTS, spacing=(1, 1))
    for view in (np.asarray(dem), np.from_dlpack(dem)):
        assert np.shares_memory(view, dem.data)
    assert np.asarray(dem, np.float64).dtype == np.float64

    class Interface:
        __array_interface__ = dem.__array_interface__

    assert np.shares_memory(np.asarray(Interface()), dem.data)


def test_the_import_is_light(tmp_path):
    """No extra and no room is imported before it is used, and the whole takes less than 90 ms beyond NumPy, on a busy machine too."""
    script = (
        "import numpy, sys, time; start = time.process_time(); import vulkan_forge;"
        "print(1000 * (time.process_time() - start));"
        "heavy = 'rasterio xarray dask matplotlib av jupyter_rfb ipywidgets argparse click pyproj';"
        "heavy += ' vulkan_forge.geo vulkan_forge.vector._layer vulkan_forge.relief vulkan_forge.benchmark';"
        "assert not set(heavy.split()) & set(sys.modules), sys.modules.keys()"
    )
    # As installed, that is with compiled bytecode, which some environments forbid to write.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    times = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        times.append(float(done.stdout))
    assert min(times) < 90, times


@pytest.mark.parametrize("package", [vf, vf.geo, vf.vector], ids=lambda package: package.__name__)
def test_what_is_imported_late_is_there(package):
    names = set(package.__all__)
    assert names <= set(dir(package))
    assert all(getattr(package, name) is getattr(package, name) for name in names)
    with pytest.raises(
        AttributeError, match=f"module '{package.__name__}' has no attribute 'Peaks'"
    ):
        package.Peaks  # noqa: B018
