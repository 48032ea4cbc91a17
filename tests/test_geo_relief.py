"""Relief operators on DEMs, paths and DataArrays: right scale in, place and kind kept on the way out."""

import pickle

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge import relief

rasterio = pytest.importorskip("rasterio")
pytestmark = pytest.mark.gpu
HEIGHTS = dems.ridge(40, 50, noise=0.05)


@pytest.fixture
def path(tmp_path):
    return geotiffs.write(tmp_path / "dem.tif", HEIGHTS)


def test_a_raster_comes_out_in_its_place(path, tmp_path):
    expected = relief.hillshade(HEIGHTS, spacing=(30, 30), azimuth=200)
    assert isinstance(expected, np.ndarray)
    with rasterio.open(path) as file:
        for dem in (path, file, vf.open(path)):
            shade = relief.hillshade(dem, azimuth=200, north="grid")
            assert isinstance(shade, vf.Raster) and shade.name == "hillshade"
            np.testing.assert_array_equal(shade.data, expected)
            assert shade.bounds == tuple(file.bounds) and shade.crs == file.crs
    shade.save(tmp_path / "shade.tif")
    with rasterio.open(tmp_path / "shade.tif") as file:
        np.testing.assert_array_equal(file.read(1), expected)
        assert tuple(file.bounds) == shade.bounds and np.isnan(file.nodata)


def test_degrees_are_metres_row_by_row(tmp_path):
    path, heights = geotiffs.degrees(tmp_path / "g.tif", north=65.0, step=0.05)
    dem = vf.open(path)
    slope = relief.slope(path).data
    rows = dem.spacing_by_row
    for i in (1, 30, 58):
        alone = relief.slope(heights, spacing=tuple(rows[i]))
        np.testing.assert_allclose(slope[i], alone[i], rtol=1e-3)
    assert (
        relief.slope(path).unit == "degree" and relief.slope(path, unit="percent").unit == "percent"
    )


def test_web_mercator_row_by_row(tmp_path):
    from rasterio.transform import from_origin

    path = geotiffs.write(
        tmp_path / "m.tif",
        HEIGHTS,
        crs="EPSG:3857",
        transform=from_origin(1e6, 9e6, 20000, 20000),
    )
    rows = vf.open(path).spacing_by_row
    assert rows[-1, 0] > 1.1 * rows[0, 0]
    slope = relief.slope(vf.open(path)).data
    for i in (0, 20, 39):
        alone = relief.slope(HEIGHTS, spacing=tuple(rows[i]))
        np.testing.assert_allclose(slope[i], alone[i], rtol=2e-3)


def test_feet_count_in_metres(path):
    metres = relief.slope(path).data
    feet = vf.DEM(
        HEIGHTS / np.float32(0.3048), bounds=vf.open(path).bounds, crs="EPSG:32611", z_unit="ft"
    )
    np.testing.assert_allclose(relief.slope(feet).data, metres, rtol=1e-4)
    assert relief.tri(feet).unit == "m"
    np.testing.assert_allclose(relief.tri(feet).data, relief.tri(path).data, rtol=1e-4)


def test_a_stack_is_a_dict_of_rasters(path):
    made = relief.stack(path, ["slope", ("hillshade", {"azimuth": 10})], north="grid")
    assert list(made) == ["slope", "hillshade"]
    for name, raster in made.items():
        assert isinstance(raster, vf.Raster) and raster.name == name
    np.testing.assert_array_equal(made["slope"].data, relief.slope(path).data)


def test_every_operator_takes_a_path_and_can_be_pickled(path):
    for name in relief.__all__:
        operator = getattr(relief, name)
        assert pickle.loads(pickle.dumps(operator)) is operator
    for name in ("aspect", "tri", "tpi", "roughness", "curvature"):
        grid = {"north": "grid"} if name == "aspect" else {}
        np.testing.assert_array_equal(
            getattr(relief, name)(path, **grid).data,
            getattr(relief, name)(HEIGHTS, spacing=(30, 30)),
        )


def test_a_dataarray_stays_one_and_lazy(path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("dask")
    array = vf.open(path).to_xarray()
    shade = relief.hillshade(array)
    assert isinstance(shade, xarray.DataArray) and shade.name == "hillshade"
    np.testing.assert_array_equal(shade.values, relief.hillshade(path).data)
    assert vf.as_dem(shade).bounds == vf.open(path).bounds  # coordinates and system came along
    lazy = relief.hillshade(array.chunk(y=13, x=17))
    assert lazy.chunks is not None
    np.testing.assert_allclose(lazy.values, shade.values, atol=1e-6)
    degrees = vf.DEM(HEIGHTS, bounds=(10, 46, 10.05, 46.04), crs="EPSG:4326").to_xarray()
    np.testing.assert_allclose(
        relief.slope(degrees.chunk(y=13)).values, relief.slope(degrees).values, rtol=1e-5
    )


FAR = {
    "sky_view_factor": {"radius": 200},
    "openness": {"radius": 200},
    "local_dominance": {"radius": 200},
    "sky_illumination": {"radius": 200, "north": "grid"},
    "shadow_mask": {"azimuth": 90, "altitude": 20, "north": "grid"},
    "viewshed": {"x": 0, "y": 0},
}


@pytest.mark.parametrize("name", FAR)
def test_what_looks_far_keeps_its_place(name, path):
    operator = getattr(relief, name)
    found = operator(path, **FAR[name])
    assert isinstance(found, vf.Raster) and found.crs is not None
    np.testing.assert_array_equal(found.data, operator(HEIGHTS, spacing=(30, 30), **FAR[name]))
    assert operator(vf.open(path).to_xarray(), **FAR[name]).dims == ("y", "x")


def test_the_sun_stands_where_the_dem_lies(path):
    from rasterio.warp import transform

    left, bottom, right, top = vf.open(path).bounds
    lon, lat = transform("EPSG:32611", "EPSG:4326", [(left + right) / 2], [(bottom + top) / 2])
    day = {"start": "2026-06-21T14:00:00Z", "end": "2026-06-22T02:00:00Z", "step": 120}
    there = relief.sun_hours(HEIGHTS, spacing=(30, 30), latitude=lat[0], longitude=lon[0], **day)
    turned = relief.sun_hours(path, **day).data  # grid north lies 0.6 degrees west of true north
    assert (turned == there).mean() > 0.8 and np.abs(turned - there).mean() < 0.1
    elsewhere = relief.sun_hours(path, latitude=lat[0], longitude=lon[0] + 90, **day)
    assert np.abs(elsewhere.data - there).max() > 1


def test_the_accessor_has_every_operator(path):
    import vulkan_forge.xarray

    assert set(vulkan_forge.xarray.operators()) == set(relief.__all__) - {"sun_position"}


def test_a_shaded_map_keeps_its_place(path, tmp_path):
    layers = ["hillshade", "slope", ("sky_view", {"strength": 0.5}), "shadow"]
    expected = vf.shade(HEIGHTS, layers, spacing=(30, 30))
    for dem in (path, vf.open(path), vf.open(path).to_xarray()):
        picture = vf.shade(dem, layers, north="grid")
        np.testing.assert_array_equal(picture.rgba, expected.rgba)
    picture.save(tmp_path / "map.tif")
    with rasterio.open(path) as source, rasterio.open(tmp_path / "map.tif") as file:
        assert file.bounds == source.bounds and file.crs == source.crs
    feet = vf.DEM(
        HEIGHTS / np.float32(0.3048), bounds=vf.open(path).bounds, crs="EPSG:32611", z_unit="ft"
    )
    assert (
        np.abs(vf.shade(feet, layers, north="grid").rgba.astype(int) - expected.rgba).mean() < 0.5
    )
