"""DataArrays that say where they lie in CF's, GDAL's and rioxarray's words; each with its true value."""

import warnings

import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

xarray = pytest.importorskip("xarray")
rasterio = pytest.importorskip("rasterio")
pyproj = pytest.importorskip("pyproj")
pytest.importorskip("rasterio.warp")
import vulkan_forge.xarray  # noqa: E402
from dataarrays import HEIGHTS, UTM, array  # noqa: E402

ROTATED = {
    "grid_mapping_name": "rotated_latitude_longitude",
    "grid_north_pole_latitude": 39.25,
    "grid_north_pole_longitude": -162.0,
}


def quietly(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", vf.GeographyWarning)
        return call()


def utm():
    return rasterio.crs.CRS.from_epsg(32633)


# --- where --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["attribute", "encoding", "long form", "nowhere"])
def test_a_rotated_pole_without_wkt(named):
    made = array(
        x=np.arange(-20.0, 20), y=np.arange(14.0, -16, -1), dims=("rlat", "rlon"),
        units="degrees", mapping=ROTATED, name="rotated_pole",
    )  # fmt: skip
    if named == "attribute":
        made.attrs["grid_mapping"] = "rotated_pole"
    elif named == "encoding":
        made.encoding["grid_mapping"] = "rotated_pole"
    elif named == "long form":
        made.attrs["grid_mapping"] = "rotated_pole: rlon rlat"
    dem = made.vf.dem()
    assert dem.bounds == (-20.5, -15.5, 19.5, 14.5)
    # The middle lies at (-0.5, -0.5) of the rotated globe; PROJ's own way there is the truth.
    to_degrees = pyproj.Transformer.from_crs(
        pyproj.CRS.from_cf(ROTATED), "EPSG:4326", always_xy=True
    )
    assert dem._grid.middle == pytest.approx(to_degrees.transform(-0.5, -0.5), abs=1e-6)
    assert dem._grid.middle == pytest.approx((17.2, 50.3), abs=0.1)
    # A degree along the rotated equator has the length of one along the Earth's.
    assert dem.spacing == pytest.approx((111319, 110900), rel=5e-3)
    back = dem.to_xarray()
    assert back.x.attrs["standard_name"] == "grid_longitude"
    assert vf.as_dem(back).crs == dem.crs
    assert len(repr(dem)) < 100


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"grid_mapping_name": "transverse_mercator", "scale_factor_at_central_meridian": 0.9996,
          "longitude_of_central_meridian": 15.0, "latitude_of_projection_origin": 0.0,
          "false_easting": 500000.0, "false_northing": 0.0, "reference_ellipsoid_name": "WGS 84",
          "horizontal_datum_name": "World Geodetic System 1984"}, 32633),
        ({"grid_mapping_name": "polar_stereographic", "latitude_of_projection_origin": 90.0,
          "straight_vertical_longitude_from_pole": -45.0, "standard_parallel": 70.0,
          "false_easting": 0.0, "false_northing": 0.0}, 3413),
        ({"grid_mapping_name": "lambert_azimuthal_equal_area", "latitude_of_projection_origin": 52.0,
          "longitude_of_projection_origin": 10.0, "false_easting": 4321000.0, "false_northing": 3210000.0,
          "semi_major_axis": 6378137.0, "inverse_flattening": 298.257222101}, 3035),
        ({"grid_mapping_name": "latitude_longitude", "semi_major_axis": 6378137.0,
          "inverse_flattening": 298.257223563}, 4326),
        ({"grid_mapping_name": "albers_conical_equal_area", "standard_parallel": np.array([29.5, 45.5]),
          "longitude_of_central_meridian": -96.0, "latitude_of_projection_origin": 23.0,
          "false_easting": 0.0, "false_northing": 0.0}, 5070),
    ],
)  # fmt: skip
def test_grid_mappings_without_wkt_are_what_their_parameters_say(attributes, code):
    globe = code == 4326
    made = array(
        x=10 + np.arange(40) / 100 if globe else None, y=50 - np.arange(30) / 100 if globe else None,
        mapping=attributes, name="projection", grid_mapping="projection",
    )  # fmt: skip
    found = quietly(made.vf.dem)
    place = [found.bounds[0]], [found.bounds[1]]
    for one, other in zip(
        rasterio.warp.transform(found.crs, "EPSG:4326", *place),
        rasterio.warp.transform(f"EPSG:{code}", "EPSG:4326", *place),
        strict=True,
    ):
        assert one == pytest.approx(other, abs=2e-5)


def test_every_attribute_that_names_a_system():
    wkt = utm().to_wkt()
    for attrs in (
        {"crs": UTM}, {"crs": "+init=epsg:32633"}, {"crs": wkt}, {"spatial_ref": wkt}, {"crs_wkt": wkt},
        {"epsg": 32633}, {"epsg_code": "EPSG:32633"}, {"epsg": np.int64(32633)}, {"proj4": "+proj=utm +zone=33"},
        {"crs": pyproj.CRS(32633)},
    ):  # fmt: skip
        dem = vf.as_dem(array(**attrs))
        assert dem.spacing == (30.0, 30.0) and "33" in dem.crs.to_wkt(), attrs
    for mapping in (
        {"spatial_ref": wkt},
        {"crs_wkt": wkt},
        {"crs_wkt": wkt.encode()},
        {"proj4_string": UTM},
    ):
        assert vf.as_dem(array(mapping=mapping, name="spatial_ref")).crs == utm()
    rioxarray = pytest.importorskip("rioxarray")
    assert rioxarray and vf.as_dem(array().rio.write_crs(UTM)).crs == utm()
    refused(lambda: vf.as_dem(array(crs="EPSG:0")), "crs", "EPSG:0")


def test_a_mapping_that_was_left_in_the_dataset_is_asked_for():
    rotated = array(
        x=np.arange(-20.0, 20), y=np.arange(14.0, -16, -1), dims=("rlat", "rlon"), units="degrees",
        grid_mapping="rotated_pole",
    )  # fmt: skip
    refused(lambda: vf.as_dem(rotated), "rotated pole", "decode_coords='all'", "crs=")
    assert vf.as_dem(rotated, crs=ROTATED).crs is not None
    assert vf.as_dem(rotated, spacing=(5000, 5000)).spacing == (5000.0, 5000.0)
    with pytest.warns(vf.CRSMissingWarning):
        vf.as_dem(array(grid_mapping="gone"))


def test_a_geotransform_without_coordinates():
    mapping = {"crs_wkt": utm().to_wkt(), "GeoTransform": "400000 30 0 5000000 0 -30"}
    bare = xarray.DataArray(HEIGHTS, dims=("y", "x")).assign_coords(spatial_ref=((), 0, mapping))
    dem = vf.as_dem(bare)
    assert dem.bounds == (4e5, 5e6 - 900, 401200, 5e6) and dem.crs == utm()
    mapping["GeoTransform"] = "400000 30 0 4999100 0 30"  # row 0 in the south
    turned = bare[::-1].assign_coords(spatial_ref=((), 0, mapping))
    np.testing.assert_array_equal(vf.as_dem(turned).data, HEIGHTS)
    mapping["GeoTransform"] = "400000 30 5 5000000 5 -30"
    refused(lambda: vf.as_dem(bare.assign_coords(spatial_ref=((), 0, mapping))), "rotated")


# --- missing cells and numbers ------------------------------------------------------------------------


def marked(**attrs):
    heights = np.full((30, 40), 100, np.int16)
    heights[0, 0], heights[1, 1], heights[2, 2] = -9999, -32768, -1
    return array(heights=heights, crs=UTM, **attrs)


@pytest.mark.parametrize(
    ("attrs", "holes"),
    [
        ({"_FillValue": -9999, "missing_value": -32768}, 2),
        ({"missing_value": [-9999, -32768, -1]}, 3),
        ({"missing_value": np.array([-9999.0, -32768.0])}, 2),
        ({"_FillValue": np.int16(-9999)}, 1),
        ({"nodata": -9999}, 1),
        ({"fill_value": -9999.0, "nodatavals": (-32768.0,)}, 2),
        ({"nodatavals": (-9999.0,)}, 1),
        ({"_FillValue": "-9999"}, 1),
        ({"_FillValue": "nan", "missing_value": None}, 0),
        ({"_FillValue": 1e20, "missing_value": -9999.5}, 0),
        ({"missing_value": "-9999, -32768"}, 2),
    ],
)
def test_every_attribute_that_marks_missing_cells(attrs, holes):
    assert np.isnan(quietly(lambda: vf.as_dem(marked(**attrs))).data).sum() == holes


def test_marks_by_hand_add_to_those_of_the_array():
    made = marked(_FillValue=-9999)
    assert np.isnan(quietly(lambda: vf.as_dem(made, nodata=-32768)).data).sum() == 2
    assert np.isnan(quietly(lambda: vf.as_dem(made, nodata=[-32768, -1])).data).sum() == 3
    assert np.isnan(quietly(lambda: vf.as_dem(made, nodata=-32768, masked=False)).data).sum() == 1
    with pytest.warns(vf.NodataWarning, match="nodata=-32768"):
        vf.as_dem(made)


@pytest.mark.parametrize("mark", [-3.4e38, -9999.0, 1e20, 9.969209968386869e36])
def test_marks_of_floats_as_float32_has_them(mark):
    heights = HEIGHTS.copy()
    heights[4, 5] = mark
    assert np.isnan(vf.as_dem(array(heights=heights, crs=UTM, _FillValue=mark)).data).sum() == 1


def test_what_xarray_would_decode():
    heights = np.full((30, 40), 1000, np.int16)
    heights[0, 0] = -9999
    raw = array(
        heights=heights,
        crs=UTM,
        _FillValue=np.int16(-9999),
        scale_factor=0.1,
        add_offset=5.0,
    )
    raw.name = "h"
    decoded = xarray.decode_cf(raw.to_dataset())["h"]
    for one in (raw, decoded):
        dem = vf.as_dem(one)
        assert np.isnan(dem.data).sum() == 1 and dem.data[1, 1] == pytest.approx(105.0)
    unsigned = np.full((30, 40), 50000, np.uint16).view(np.int16)
    packed = array(heights=unsigned, crs=UTM, _Unsigned="true", scale_factor=0.01)
    assert vf.as_dem(packed).data[0, 0] == pytest.approx(500.0)


def test_scales_offsets_units_and_marks_of_each_band():
    stack = xarray.DataArray(
        np.stack([HEIGHTS, HEIGHTS]),
        dims=("band", "y", "x"),
        coords={"band": [1, 2], **dict(array().coords)},
        attrs={"crs": UTM, "scales": (1.0, 0.5), "offsets": (0.0, 7.0), "units": ("m", "ft"),
               "nodatavals": (float("nan"), float(HEIGHTS[3, 3]))},
    )  # fmt: skip
    for dem in (
        vf.as_dem(stack, band=2),
        vf.as_dem(stack.isel(band=1)),
        vf.as_dem(stack.sel(band=2)),
    ):
        assert dem.z_factor == 0.3048 and np.isnan(dem.data[3, 3]) and np.isnan(dem.data).sum() == 1
        assert dem.data[0, 0] == pytest.approx(HEIGHTS[0, 0] * 0.5 + 7)
    dem = vf.as_dem(stack, band=1)
    assert dem.z_factor == 1.0 and dem.data[3, 3] == HEIGHTS[3, 3]
    refused(lambda: vf.as_dem(array(crs=UTM, scale_factor="x")), "scale_factor", "number")


def test_depths_that_count_downwards_are_pointed_out():
    with pytest.warns(vf.VerticalScaleWarning, match="downwards"):
        vf.as_dem(array(crs=UTM, positive="down"))


# --- operators ----------------------------------------------------------------------------------------


@pytest.mark.gpu
def test_operators_warn_as_a_dem_does():
    plain = array()
    lazy = plain.chunk(16)
    for made in (plain, lazy):
        with pytest.warns(vf.CRSMissingWarning) as said:
            made.vf.slope()
        assert said[0].filename == __file__
    with pytest.warns(vf.VerticalScaleWarning, match="'K'"):
        array(crs=UTM).assign_attrs(units="K").vf.slope()
    with pytest.warns(vf.VerticalScaleWarning, match="z_unit='ft'"):
        array(
            crs="EPSG:2229", x=6.5e6 + 100.0 * np.arange(40), y=1.9e6 - 100.0 * np.arange(30)
        ).vf.slope()
    heights = HEIGHTS.copy()
    heights[4, 4] = -9999
    with pytest.warns(vf.NodataWarning, match="nodata=-9999"):
        array(heights=heights, crs=UTM).vf.slope()
    with pytest.warns(vf.CRSMissingWarning):
        array().vf.render(size=(32, 32))
    found = (
        array(crs=UTM).assign_attrs(units="ft").vf.slope()
    )  # the cells' unit counts in the operator too
    wanted = vf.relief.slope(HEIGHTS * np.float32(0.3048), spacing=(30, 30))
    np.testing.assert_allclose(found, wanted, atol=1e-3)
