"""DataArrays that say where they lie in CF's, GDAL's and rioxarray's words; each with its true value."""

import warnings

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

xarray = pytest.importorskip("xarray")
rasterio = pytest.importorskip("rasterio")
pyproj = pytest.importorskip("pyproj")
pytest.importorskip("rasterio.warp")
import vulkan_forge.xarray  # noqa: E402

HEIGHTS = dems.ridge(30, 40, noise=0.05)
UTM = "EPSG:32633"
ROTATED = {
    "grid_mapping_name": "rotated_latitude_longitude",
    "grid_north_pole_latitude": 39.25,
    "grid_north_pole_longitude": -162.0,
}


def array(
    *,
    x=None,
    y=None,
    dims=("y", "x"),
    units=None,
    mapping=None,
    name="crs",
    heights=HEIGHTS,
    **attrs,
):
    """30 m cells with their corner at (400000, 5000000), unless other coordinates are given."""
    rows, columns = heights.shape
    x = 400015.0 + 30 * np.arange(columns) if x is None else x
    y = 4999985.0 - 30 * np.arange(rows) if y is None else y
    said = {} if units is None else {"units": units}
    made = xarray.DataArray(
        heights,
        dims=dims,
        coords={dims[0]: (dims[0], y, said), dims[1]: (dims[1], x, said)},
        attrs=attrs,
    )
    return made if mapping is None else made.assign_coords({name: ((), 0, mapping)})


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


# --- units of coordinates -----------------------------------------------------------------------------

FEET = 1200 / 3937


@pytest.mark.gpu
def test_kilometres_without_a_system():
    made = array(
        heights=np.tile(np.arange(50) * 100.0, (40, 1)),
        x=np.arange(50.0),
        y=np.arange(40.0),
        units="km",
    )
    assert float(made.vf.slope().median()) == pytest.approx(5.711, abs=1e-3)  # atan(0.1)
    assert made.vf.dem().spacing == (1000.0, 1000.0)


@pytest.mark.parametrize(
    ("unit", "metres"),
    [
        ("km", 1000.0),
        ("m", 1.0),
        ("kilometers", 1000.0),
        ("US survey foot", FEET),
        ("ft", 0.3048),
        ("dam", 10.0),
    ],
)
@pytest.mark.parametrize("system", [None, UTM])
def test_coordinates_in_any_length(unit, metres, system):
    made = array(
        x=(400015.0 + 30 * np.arange(40)) / metres, y=(4999985.0 - 30 * np.arange(30)) / metres, units=unit,
        **({} if system is None else {"crs": system}),
    )  # fmt: skip
    dem = vf.as_dem(made)
    assert dem.spacing == pytest.approx((30, 30), rel=1e-9)
    assert dem.bounds == pytest.approx((4e5, 5e6 - 900, 401200, 5e6), rel=1e-9)


def test_a_system_in_feet_keeps_coordinates_in_its_unit():
    crs = "EPSG:2229"  # California zone 5, US survey feet
    x, y = 6500000 + 100.0 * np.arange(40), 1900000 - 100.0 * np.arange(30)
    for made in (array(x=x, y=y, crs=crs), array(x=x, y=y, crs=crs, units="US survey foot")):
        assert vf.as_dem(made, z_unit="m").spacing == pytest.approx(
            (100 * FEET, 100 * FEET), rel=1e-4
        )
    made = array(x=x * FEET, y=y * FEET, crs=crs, units="m")
    dem = vf.as_dem(made, z_unit="m")
    assert dem.spacing == pytest.approx((100 * FEET, 100 * FEET), rel=1e-4)
    assert dem.bounds[0] == pytest.approx(6500000 - 50)
    assert vf.as_dem(dem.to_xarray()).bounds == pytest.approx(dem.bounds)


def test_angles_in_any_unit():
    lon, lat = 10 + np.arange(40) / 1200, 47 - np.arange(30) / 1200
    expected = vf.as_dem(array(x=lon, y=lat, dims=("lat", "lon")))
    assert expected.crs.to_epsg() == 4326
    for unit, factor in [
        ("degrees", 1),
        ("degrees_north", 1),
        ("radian", np.pi / 180),
        ("rad", np.pi / 180),
    ]:
        for dims in [("lat", "lon"), ("y", "x")]:
            dem = vf.as_dem(array(x=lon * factor, y=lat * factor, dims=dims, units=unit))
            assert dem.crs == expected.crs
            assert dem.bounds == pytest.approx(expected.bounds, abs=1e-9)
    refused(
        lambda: vf.as_dem(array(x=lon, y=lat, units="degrees", crs=UTM)),
        "belong together",
        "degrees",
    )
    refused(lambda: vf.as_dem(array(units="m", crs="EPSG:4326")), "belong together", "'m'")
    refused(
        lambda: vf.as_dem(array(dims=("lat", "lon"))), "90 degrees"
    )  # northings by the name of latitudes


@pytest.mark.parametrize("start", [355.0, 175.0])
def test_longitudes_that_begin_anew(start):
    lat, lon = 50 - 0.1 * np.arange(30), start + 0.25 * np.arange(40)
    lon = lon % 360 if start > 180 else (lon + 180) % 360 - 180
    dem = vf.as_dem(array(x=lon, y=lat, dims=("lat", "lon")))
    assert dem.bounds == pytest.approx((start - 0.125, 47.05, start + 9.875, 50.05))


def test_coordinates_that_were_rounded():
    lon, lat = 170 + np.arange(40) / 1200, 47 - np.arange(30) / 1200
    expected = vf.as_dem(array(x=lon, y=lat, dims=("lat", "lon")))
    for rounded in (
        lambda a: a.astype(np.float32),
        lambda a: a.astype(np.float32).astype(np.float64),
        lambda a: np.round(a, 4),
        lambda a: np.round(a, 5),
    ):
        dem = vf.as_dem(array(x=rounded(lon), y=rounded(lat), dims=("lat", "lon")))
        assert dem.spacing == pytest.approx(expected.spacing, rel=2e-3)
        assert dem.bounds == pytest.approx(expected.bounds, abs=1e-4)
    flat, far = np.zeros((30, 40), np.float32), (4.5e6 - 0.7 * np.arange(30)).astype(np.float32)
    metres = vf.as_dem(array(heights=flat, x=500000 + 0.7 * np.arange(40), y=far, crs=UTM))
    assert metres.spacing == pytest.approx(
        (0.7, 0.7), rel=0.03
    )  # float32 knows only half metres there
    uneven = 170 + np.cumsum(np.where(np.arange(40) % 9 == 0, 1.2, 1.0)) / 1200
    refused(
        lambda: vf.as_dem(array(x=uneven, y=lat, dims=("lat", "lon"))), "evenly spaced", "interp"
    )


@pytest.mark.parametrize(
    "broken",
    [
        lambda a: np.where(np.arange(len(a)) == 3, np.inf, a),
        lambda a: np.where(np.arange(len(a)) == len(a) - 1, -np.inf, a),
        lambda a: np.where(np.arange(len(a)) == 0, np.nan, a),
        lambda a: np.where(np.arange(len(a)) == 5, a[4], a),
        lambda a: 0 * a,
    ],
)
@pytest.mark.parametrize("axis", ["x", "y"])
def test_coordinates_that_are_no_even_numbers_are_refused(axis, broken):
    fine = {"x": 400015.0 + 30 * np.arange(40), "y": 4999985.0 - 30 * np.arange(30)}
    made = array(**(fine | {axis: broken(fine[axis])}), crs=UTM)
    refused(lambda: vf.as_dem(made), f"coordinate '{axis}'", "evenly spaced", "interp")


@pytest.mark.parametrize(
    "layout", [">f8", ">f4", "<i4", ">u4", "descending", "dates", "dask", "transposed"]
)
def test_layouts_of_coordinates_and_heights(layout):
    made = array(crs=UTM)
    wanted = vf.as_dem(made)
    if layout == "descending":
        made = made[:, ::-1]
    elif layout == "transposed":
        made = made.transpose("x", "y")
    elif layout == "dates":
        made = made.expand_dims(time=np.array(["2020-01-01"], "M8[ns]"))
    elif layout == "dask":
        pytest.importorskip("dask")
        made = made.astype(">f8").chunk(y=7, x=11)
    else:
        made = made.assign_coords(x=made.x.astype(layout), y=made.y.astype(layout))
    found = vf.as_dem(made)
    np.testing.assert_array_equal(found.data, wanted.data)
    assert found.bounds == wanted.bounds and found.crs == wanted.crs


def test_a_system_whose_coordinates_give_no_cells_is_not_lost_in_silence():
    one_row = array(crs=UTM)[:1]
    words = array(crs=UTM).assign_coords(x=[f"c{j}" for j in range(40)])
    for made in (one_row, words, array(crs=UTM).drop_vars("y")):
        with pytest.warns(vf.CRSMissingWarning, match="EPSG:32633.*1 x 1 m; pass spacing="):
            assert vf.as_dem(made).crs is None
        assert vf.as_dem(made, spacing=(30, 30)).spacing == (30.0, 30.0)
    refused(lambda: vf.as_dem(array(crs=UTM, heights=HEIGHTS[:0])), "at least one cell")


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
