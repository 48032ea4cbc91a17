"""Coordinates of DataArrays: their units, their digits, their order, and what is refused; each with its true value."""

import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

pytest.importorskip("xarray")
pytest.importorskip("rasterio")
pytest.importorskip("pyproj")
import vulkan_forge.xarray
from dataarrays import HEIGHTS, UTM, array

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
