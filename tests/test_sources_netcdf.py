"""netCDF as GDAL reads it: several variables, degrees without a grid mapping, and coordinates that it does not take."""

import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

rasterio = pytest.importorskip("rasterio")
xarray = pytest.importorskip("xarray")
pytest.importorskip("rasterio.vrt")

pytest.importorskip("scipy")  # writes netCDF for xarray
with rasterio.Env() as env:
    if "netCDF" not in env.drivers():
        pytest.skip("rasterio was built without netCDF", allow_module_level=True)

HEIGHTS = np.add.outer(np.arange(24.0), 2 * np.arange(30.0)).astype(np.float32)
POLE = {
    "grid_mapping_name": "rotated_latitude_longitude",
    "grid_north_pole_latitude": 39.25,
    "grid_north_pole_longitude": -162.0,
}


def dataset(y, x, units, more=None, **variables):
    """Coordinates as (name, values) with their units; one variable z, and others."""
    named = {y[0]: (y[0], y[1], {"units": units[0]}), x[0]: (x[0], x[1], {"units": units[1]})}
    heights = {"z": HEIGHTS} | variables
    kept = {name: ((y[0], x[0]), data, more or {}) for name, data in heights.items()}
    return xarray.Dataset(kept, coords=named)


def in_degrees(path, turned=1, **variables):
    y, x = 50 - np.arange(24) / 100, 10 + np.arange(30) / 100
    units = "degrees_north", "degrees_east"
    dataset(("lat", y[::turned]), ("lon", x), units, **variables).to_netcdf(path)
    return path


def test_several_variables_are_named_and_one_is_read(tmp_path):
    path = in_degrees(tmp_path / "two.nc", slope=HEIGHTS * 2)
    message = refused(lambda: vf.open(path), "one raster", ":z'", ":slope'")
    name = message.rpartition("vf.open('")[2].partition("'")[0]
    np.testing.assert_array_equal(vf.open(name).data, HEIGHTS)
    np.testing.assert_array_equal(vf.open(name[:-1] + "slope").data, HEIGHTS * 2)
    np.testing.assert_array_equal(vf.open(in_degrees(tmp_path / "one.nc")).data, HEIGHTS)


@pytest.mark.parametrize("turned", [1, -1])
def test_degrees_are_known_by_their_unit_as_in_an_array(turned, tmp_path):
    path = in_degrees(tmp_path / "d.nc", turned)
    dem = vf.open(path)
    assert dem.crs.to_epsg() == 4326
    assert dem.spacing == pytest.approx((718.67, 1112.27), abs=0.02)
    with xarray.open_dataset(path) as file:
        array = vf.as_dem(file["z"].load())
    assert array.bounds == pytest.approx(dem.bounds) and array.crs == dem.crs
    np.testing.assert_array_equal(array.data, dem.data)


@pytest.mark.parametrize(
    ("names", "unit", "more", "crs"),
    [
        (("rlat", "rlon"), "degrees", {"grid_mapping": "pole"}, True),
        (("y", "x"), "km", {}, False),
    ],
)
def test_coordinates_that_gdal_leaves_are_not_lost_in_silence(names, unit, more, crs, tmp_path):
    rows, columns = 100.0 - np.arange(24), np.arange(30.0)
    rows = rows / 10 if crs else rows
    made = dataset((names[0], rows), (names[1], columns), (unit, unit), more)
    if crs:
        made["pole"] = ((), 0, POLE)
    path = tmp_path / "c.nc"
    made.to_netcdf(path)
    refused(
        lambda: vf.open(path), "transform", f"{names[1]} in {unit}", "decode_coords='all')['z']"
    )
    assert vf.open(path, spacing=(5, 5)).spacing == (5.0, 5.0)
    with xarray.open_dataset(path, decode_coords="all") as file:  # the cure of the message
        dem = vf.as_dem(file["z"].load())
    assert dem.spacing[1] == pytest.approx(11120, rel=1e-2) if crs else dem.spacing == (1000, 1000)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_two_dimensional_coordinates_want_warping(tmp_path):
    lat = np.add.outer(50 - np.arange(24) / 100, np.arange(30) / 1000)
    lon = np.add.outer(np.arange(24) / 1000, 10 + np.arange(30) / 100)
    coords = {
        "lat": (("y", "x"), lat, {"units": "degrees_north", "standard_name": "latitude"}),
        "lon": (("y", "x"), lon, {"units": "degrees_east", "standard_name": "longitude"}),
    }
    path = tmp_path / "swath.nc"
    xarray.Dataset({"z": (("y", "x"), HEIGHTS)}, coords=coords).to_netcdf(path)
    refused(lambda: vf.open(path), "longitude and latitude", "WarpedVRT", "spacing=")
    with (
        rasterio.open(path) as swath,
        rasterio.vrt.WarpedVRT(swath, src_crs="EPSG:4326", crs="EPSG:4326", nodata=-1) as warped,
    ):  # the cure of the message
        dem = vf.as_dem(warped)
    left, bottom, right, top = dem.bounds
    assert left < 10.15 < right and bottom < 49.9 < top and dem.crs.to_epsg() == 4326
    assert np.nanmax(dem.data) > 70
