"""Files of every kind and what they say of place, missing cells and heights; each with its true value."""

import warnings

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

rasterio = pytest.importorskip("rasterio")
from rasterio.control import GroundControlPoint as Point  # noqa: E402
from rasterio.enums import ColorInterp  # noqa: E402
from rasterio.rpc import RPC  # noqa: E402
from rasterio.transform import from_origin  # noqa: E402

HEIGHTS = dems.ridge(40, 50, relief=100.0)
PLACE = {"transform": from_origin(4e5, 5e6, 30, 30), "crs": "EPSG:32633"}
LOCAL = 'LOCAL_CS["site",UNIT["{0}",{1}]]'


def corners(turn=0.0, wobble=0.0):
    """Control points of a 40 x 50 raster with 30 m cells, turned by degrees, or bent by metres."""
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    found = []
    for row, column in [(0, 0), (0, 50), (40, 0), (40, 50), (20, 25)]:
        x, y = 30.0 * column, -30.0 * row
        bent = wobble if (row, column) == (20, 25) else 0.0
        found.append(Point(row, column, 4e5 + cos * x - sin * y + bent, 5e6 + sin * x + cos * y))
    return found


def placeless(path, data=HEIGHTS, **profile):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=data.shape[1],
            height=data.shape[0],
            count=1,
            dtype=data.dtype,
        ) as file:
            file.write(data[None])
            for name, value in profile.items():
                setattr(file, name, value)
    return path


# --- place --------------------------------------------------------------------------------------------


def test_control_points_on_a_grid_are_its_transform(tmp_path):
    utm = rasterio.CRS.from_epsg(32633)
    dem = vf.open(placeless(tmp_path / "g.tif", gcps=(corners(), utm)))
    assert dem.spacing == pytest.approx((30, 30), rel=1e-6) and dem.crs == utm
    assert dem.bounds == pytest.approx((4e5, 5e6 - 1200, 401500, 5e6))
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    part = vf.open(tmp_path / "g.tif", bounds=(4e5, 5e6 - 300, 4e5 + 300, 5e6))
    np.testing.assert_array_equal(part.data, HEIGHTS[:10, :10])
    off = vf.open(
        placeless(tmp_path / "n.tif", gcps=(corners(wobble=3.0), utm))
    )  # a tenth of a cell
    assert off.spacing == pytest.approx((30, 30), rel=1e-2)


@pytest.mark.parametrize("points", [corners(turn=20.0), corners(wobble=300.0)])
def test_control_points_that_turn_or_bend_want_warping(points, tmp_path):
    utm = rasterio.CRS.from_epsg(32633)
    path = placeless(tmp_path / "g.tif", gcps=(points, utm))
    refused(lambda: vf.open(path), "control points", "WarpedVRT", "spacing=")
    with (
        rasterio.open(path) as dataset,
        rasterio.vrt.WarpedVRT(
            dataset, src_crs=dataset.gcps[1], crs=dataset.gcps[1], nodata=-1
        ) as warped,
    ):  # the cure of the message
        dem = vf.as_dem(warped)
    assert dem.crs == utm and 20 < dem.spacing[0] < 40
    assert vf.open(path, spacing=(30, 30)).spacing == (30.0, 30.0)


def test_rational_polynomials_want_warping(tmp_path):
    one = [1.0] + [0.0] * 19
    coefficients = RPC(
        height_off=100, height_scale=100, lat_off=45, lat_scale=1, long_off=10, long_scale=1,
        line_off=20, line_scale=20, samp_off=25, samp_scale=25,
        line_num_coeff=[0, 0, -1, *[0.0] * 17], line_den_coeff=one,
        samp_num_coeff=[0, 1, *[0.0] * 18], samp_den_coeff=one, err_bias=None, err_rand=None,
    )  # fmt: skip
    path = placeless(tmp_path / "r.tif", rpcs=coefficients)
    refused(lambda: vf.open(path), "rational polynomial", "rpcs=", "spacing=")
    assert vf.open(path, spacing=(2, 2)).spacing == (2.0, 2.0)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_geolocation_arrays_want_warping(tmp_path):
    rows, columns = np.mgrid[0:40, 0:50]
    for name, values in (
        ("x", 10 + 0.1 * columns + 0.02 * rows),
        ("y", 50 - 0.1 * rows + 0.02 * columns),
    ):
        placeless(tmp_path / f"{name}.tif", values)
    placeless(tmp_path / "h.tif")
    said = {
        "X_DATASET": "x.tif",
        "Y_DATASET": "y.tif",
        "X_BAND": 1,
        "Y_BAND": 1,
        "SRS": "EPSG:4326",
    }
    said |= {"PIXEL_OFFSET": 0, "LINE_OFFSET": 0, "PIXEL_STEP": 1, "LINE_STEP": 1}
    for axis in "XY":
        said[f"{axis}_DATASET"] = str(tmp_path / said[f"{axis}_DATASET"])
    items = "".join(f'<MDI key="{key}">{value}</MDI>' for key, value in said.items())
    path = tmp_path / "g.vrt"
    path.write_text(
        f'<VRTDataset rasterXSize="50" rasterYSize="40"><Metadata domain="GEOLOCATION">{items}</Metadata>'
        '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        '<SourceFilename relativeToVRT="1">h.tif</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    refused(lambda: vf.open(path), "longitude and latitude", "WarpedVRT", "spacing=")
    assert vf.open(path, spacing=(30, 20)).spacing == (30.0, 20.0)
    with (
        rasterio.open(path) as dataset,
        rasterio.vrt.WarpedVRT(dataset, src_crs="EPSG:4326", crs="EPSG:4326", nodata=-1) as warped,
    ):  # the cure of the message
        dem = vf.as_dem(warped)
    assert dem.crs.to_epsg() == 4326
    assert dem.bounds == pytest.approx((10, 46, 15.8, 51), abs=0.3)


def test_a_raster_without_a_cell_is_refused():
    for shape in ((0, 0), (0, 5), (5, 0)):
        for place in ({}, {"bounds": (4e5, 5e6, 4.1e5, 5.1e6), "crs": "EPSG:32633"}):
            refused(
                lambda shape=shape, place=place: vf.DEM(np.zeros(shape), **place),
                "at least one cell",
            )
    assert vf.DEM(np.zeros((1, 1)), bounds=(10, 45, 11, 46), crs="EPSG:4326").reproject().shape == (
        1,
        1,
    )


def test_what_is_no_path_is_refused():
    dem = vf.DEM(HEIGHTS, bounds=(4e5, 5e6, 401500, 5001200), crs="EPSG:32633")
    for path in (None, True, 3, ["x.tif"], object()):
        for work in (dem.save, vf.open):
            refused(lambda work=work, path=path: work(path), "path must be a str or os.PathLike")


def test_no_transform_is_not_south_up(tmp_path):
    path = placeless(tmp_path / "n.tif")
    np.testing.assert_array_equal(vf.open(path).data, HEIGHTS)
    placeless(tmp_path / "c.tif", crs=rasterio.CRS.from_epsg(32633))
    with pytest.warns(vf.CRSMissingWarning, match="no transform"):
        dem = vf.open(tmp_path / "c.tif")
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    assert dem.crs is None and dem.spacing == (1.0, 1.0)
    assert vf.open(tmp_path / "c.tif", spacing=(30, 30)).spacing == (30.0, 30.0)
    refused(lambda: vf.open(path, crs="EPSG:32633"), "place", "no transform")
    refused(lambda: vf.open(path, bounds=(0, 0, 1, 1)), "place", "window=")
    refused(lambda: vf.as_dem((HEIGHTS, None, "EPSG:32633")), "place")


@pytest.mark.parametrize(
    ("unit", "metres"), [("metre", 1.0), ("foot", 0.3048), ("US survey foot", 1200 / 3937)]
)
def test_a_sites_own_system_has_its_unit(unit, metres, tmp_path):
    transform = (30, 0, 0, 0, -30, 0)
    dem = vf.DEM(HEIGHTS, transform=transform, crs=LOCAL.format(unit, metres), z_unit="m")
    assert dem.spacing == pytest.approx((30 * metres, 30 * metres))
    dem.save(tmp_path / "e.tif")
    again = vf.open(tmp_path / "e.tif")
    assert again.spacing == pytest.approx(dem.spacing) and again.bounds == dem.bounds
    assert dem.to_xarray().x.attrs["units"] == unit
    assert vf.as_dem(dem.to_xarray()).spacing == pytest.approx(dem.spacing)
    refused(lambda: dem.reproject("EPSG:4326"), "reproject", "same body")


def test_a_rotated_pole_goes_through_a_file(tmp_path):
    pytest.importorskip("pyproj")
    pole = {
        "grid_mapping_name": "rotated_latitude_longitude",
        "grid_north_pole_latitude": 39.25,
        "grid_north_pole_longitude": -162.0,
    }
    dem = vf.DEM(HEIGHTS, bounds=(-25, -20, 25, 20), crs=pole)
    dem.save(tmp_path / "p.tif")
    again = vf.open(tmp_path / "p.tif")
    assert again.crs == dem.crs and again.bounds == dem.bounds
    assert {path.name for path in tmp_path.iterdir()} == {"p.tif", "p.tif.aux.xml"}
    vf.DEM(HEIGHTS, bounds=(-25, -20, 25, 20), crs="EPSG:4326").save(tmp_path / "p.tif")
    assert vf.open(tmp_path / "p.tif").crs.to_epsg() == 4326  # the old system beside it is gone


def test_a_compound_system_lies_where_its_horizontal_part_does(tmp_path):
    compound = vf.DEM(HEIGHTS, bounds=(4e5, 5e6, 401500, 5001200), crs="EPSG:32633+5773")
    assert compound.spacing == (30.0, 30.0) and compound.z_factor == 1.0
    from vulkan_forge._drape import laid

    picture = np.zeros((3, 40, 50), np.uint8)
    same, other = (
        vf.Drape(
            geotiffs.write(
                tmp_path / f"{crs}.tif",
                picture,
                crs=f"EPSG:{crs}",
                transform=(30, 0, 4e5, 0, -30, 5001200),
            )
        )
        for crs in (32633, 32634)
    )
    assert laid(same, compound._grid).bounds == pytest.approx((-750, -600, 750, 600))
    refused(lambda: laid(other, compound._grid), "coordinate system", "WarpedVRT")
    globe = vf.DEM(HEIGHTS, bounds=(10, 45, 10.5, 45.4), crs="EPSG:9518")  # WGS 84 with EGM2008
    plain = vf.DEM(HEIGHTS, bounds=(10, 45, 10.5, 45.4), crs="EPSG:4326")
    assert globe.spacing == plain.spacing
    feet = vf.DEM(HEIGHTS, bounds=(4e5, 5e6, 401500, 5001200), crs="EPSG:32611+8228")  # NAVD88 (ft)
    assert feet.z_factor == 0.3048


def test_systems_without_a_map_are_refused():
    for crs in ("EPSG:5703", "EPSG:4978"):  # heights alone, and x, y, z from the Earth's centre
        refused(lambda crs=crs: vf.DEM(HEIGHTS, bounds=(0, 0, 1, 1), crs=crs), "map")


def test_bounds_that_are_swapped_or_inverted_are_refused():
    for bounds in [
        (4e5, 5001200, 401500, 5e6),
        (401500, 5e6, 4e5, 5001200),
        (4e5, 5e6, 4e5, 5001200),
    ]:
        refused(
            lambda bounds=bounds: vf.DEM(HEIGHTS, bounds=bounds, crs="EPSG:32633"), "left < right"
        )
    refused(
        lambda: vf.DEM(HEIGHTS, extent=(401500, 4e5, 5e6, 5001200), crs="EPSG:32633"),
        "left < right",
    )
    refused(lambda: vf.DEM(HEIGHTS, bounds=(45, 100, 47, 102), crs="EPSG:4326"), "90 degrees")


def test_a_globe_whose_rows_lie_on_the_poles():
    world = vf.DEM(dems.ridge(19, 36), transform=(10, 0, -5, 0, -10, 95), crs="EPSG:4326")
    assert world.spacing[1] == pytest.approx(1.11e6, rel=0.01)
    assert np.isfinite(world.spacing_by_row).all() and (world.spacing_by_row > 0).all()


@pytest.mark.gpu
def test_operators_on_a_globe_whose_rows_lie_on_the_poles():
    level = np.full((19, 36), 100, np.float32)
    level[9, 18] = 5000
    world = vf.DEM(level, transform=(10, 0, -5, 0, -10, 95), crs="EPSG:4326")
    slope = vf.relief.slope(world).data
    assert np.isfinite(slope).all() and slope[[0, -1]].max() == 0 and 0 < slope[9, 17] < 0.3


# --- several rasters, colours -------------------------------------------------------------------------


def geopackage(path, *tables):
    for table in tables:
        with rasterio.open(
            path, "w", driver="GPKG", width=50, height=40, count=1, dtype="float32",
            RASTER_TABLE=table, APPEND_SUBDATASET="YES" if path.exists() else "NO", TILE_FORMAT="TIFF", **PLACE,
        ) as file:  # fmt: skip
            file.write(HEIGHTS[None])
    return path


def test_several_rasters_in_a_file_are_named(tmp_path):
    one = vf.open(geopackage(tmp_path / "one.gpkg", "heights"))
    np.testing.assert_array_equal(one.data, HEIGHTS)
    path = geopackage(tmp_path / "two.gpkg", "dtm", "dsm")
    message = refused(lambda: vf.open(path), "one raster", "dtm", "dsm")
    name = message.rpartition("vf.open('")[2].partition("'")[0]
    assert vf.open(name).shape == (40, 50)


def encoded(heights, kind):
    """Red, green and blue as tiles on the web have them, written down from their documentation."""
    if kind == "terrarium":
        number = np.round((heights + 32768.0) * 256).astype(np.int64)
    else:
        number = np.round((heights + 10000.0) * 10).astype(np.int64)
    return np.stack([number >> 16 & 255, number >> 8 & 255, number & 255]).astype(np.uint8)


@pytest.mark.parametrize(("kind", "step"), [("terrarium", 1 / 256), ("mapbox", 0.1)])
@pytest.mark.parametrize("driver", ["PNG", "GTiff"])
def test_heights_in_colours_are_decoded_when_asked_and_refused_else(kind, step, driver, tmp_path):
    path = tmp_path / ("t.png" if driver == "PNG" else "t.tif")
    rgb = encoded(HEIGHTS, kind)
    rgb[:, 0, 0] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", driver=driver, width=50, height=40, count=3, dtype="uint8"
        ) as file:
            file.write(rgb)
    dem = vf.open(path, encoding=kind, spacing=(30, 30))
    assert np.isnan(dem.data[0, 0]) and np.isnan(dem.data).sum() == 1
    assert np.nanmax(np.abs(dem.data - HEIGHTS)) <= step / 2 + 1e-3
    message = refused(lambda: vf.open(path), "colours", "terrarium", "mapbox", "red")
    assert "band=" in message
    refused(lambda: vf.open(path, encoding="rgb"), "encoding", "'terrarium', 'mapbox'")
    with pytest.warns(vf.DecimationWarning):
        half = vf.open(path, encoding=kind, overview=2, spacing=(30, 30))
    assert half.data[5, 5] == pytest.approx(HEIGHTS[10:12, 10:12].mean(), abs=step)
    assert half.data[0, 0] == pytest.approx(
        np.mean([HEIGHTS[0, 1], HEIGHTS[1, 0], HEIGHTS[1, 1]]), abs=step
    )


def test_complex_numbers_are_no_heights(tmp_path):
    """Those of whole numbers too, of which NumPy knows none."""
    for kind in ("complex64", "complex_int16"):
        with rasterio.open(
            tmp_path / "c.tif", "w", driver="GTiff", width=3, height=2, count=1, dtype=kind,
            crs="EPSG:32611", transform=rasterio.Affine(30, 0, 4e5, 0, -30, 4e6),
        ) as file:  # fmt: skip
            file.write(np.ones((1, 2, 3), np.complex64))
        refused(lambda: vf.open(tmp_path / "c.tif"), "real numbers", kind)


def test_infinite_heights_make_no_noise():
    """Rendering refuses them; until then they are the caller's."""
    heights = np.zeros((4, 5))
    heights[1:3, 1:4] = np.inf
    dem = vf.DEM(heights, bounds=(4e5, 4e6, 4e5 + 150, 4e6 + 120), crs="EPSG:32611")
    assert np.isinf(dem.data).sum() == 6


def test_other_colours_are_no_heights(tmp_path):
    path = geotiffs.write(tmp_path / "p.tif", np.ones((4, 5), np.uint8), photometric="palette")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {1: (1, 2, 3, 255)})
    refused(lambda: vf.open(path), "colours", "palette")
    bands = np.ones((4, 4, 5), np.uint8)
    path = geotiffs.write(tmp_path / "a.tif", bands, photometric="RGB", alpha="YES")
    refused(lambda: vf.open(path, band=4), "alpha")
    refused(
        lambda: vf.open(geotiffs.write(tmp_path / "b.tif", np.ones((4, 5))), encoding="mapbox"),
        "three bands",
    )
    assert vf.open(path, z_unit="m").data.max() == 1.0  # who names their unit means heights
    grey = geotiffs.write(tmp_path / "g.tif", np.ones((4, 5), np.uint8))
    assert (
        rasterio.open(grey).colorinterp[0] == ColorInterp.gray and vf.open(grey).data.max() == 1.0
    )
    for name, more in {
        "cmyk": {"photometric": "CMYK"},
        "lab": {"photometric": "CIELAB"},
        "wide": {"photometric": "RGB", "dtype": np.uint16},
        "jpeg": {"photometric": "YCbCr", "compress": "jpeg"},
    }.items():
        kind, count = more.pop("dtype", np.uint8), 4 if name == "cmyk" else 3
        path = geotiffs.write(tmp_path / f"{name}.tif", np.ones((count, 16, 16), kind), **more)
        for band in range(1, count + 1):
            refused(lambda path=path, band=band: vf.open(path, band=band), "colours", "band=")
    plain = geotiffs.write(
        tmp_path / "n.tif", np.ones((3, 4, 5), np.uint8), photometric="MINISBLACK"
    )
    assert vf.open(plain).data.max() == 1.0  # nothing calls these bytes colours
    floats = geotiffs.write(tmp_path / "f.tif", np.stack([HEIGHTS] * 3), photometric="RGB")
    np.testing.assert_array_equal(vf.open(floats).data, HEIGHTS)
    refused(lambda: vf.DEM(np.zeros((4, 5, 3), np.uint8)), "2-D", "colours")
