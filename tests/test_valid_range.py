"""valid_range, valid_min and valid_max of CF: what lies outside is missing, packed or not, in arrays and files."""

import pickle
import warnings

import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf

xarray = pytest.importorskip("xarray")
dask = pytest.importorskip("dask.array")

HEIGHTS = np.add.outer(np.arange(24.0), 2 * np.arange(30.0))
OUTSIDE = (HEIGHTS < 5) | (HEIGHTS > 60)
PACKED = {"scale_factor": 0.5, "add_offset": -100.0}
COUNTS = np.round((HEIGHTS + 100) / 0.5).astype(np.int16)  # 5 and 60 are 210 and 320


def array(data, encoding=None, **attrs):
    coords = {"y": 5e6 - 30.0 * np.arange(24), "x": 4e5 + 30.0 * np.arange(30)}
    units = {"units": "m"}
    made = xarray.DataArray(
        data, coords={name: (name, at, units) for name, at in coords.items()}, dims=("y", "x")
    )
    made.attrs, made.encoding = attrs, encoding or {}
    return made


def limits(low, high, kind):
    return {"valid_range": np.array([low, high], kind)}


TOP = np.nextafter(np.float64(np.float32(60.1)), 0)  # less than the float32 that is meant
CASES = {
    "range": (HEIGHTS.astype("f4"), {}, limits(5, 60, "f4")),
    "doubles of singles": (HEIGHTS.astype("f4") + np.float32(0.1), {}, limits(5.1, TOP, "f8")),
    "whole numbers": (HEIGHTS.astype("f4"), {}, {"valid_range": [5, 60]}),
    "big endian": (HEIGHTS.astype(">f4"), {}, limits(5, 60, ">f4")),
    "integers": (HEIGHTS.astype("i2"), {}, limits(5, 60, "i2")),
    "text": (HEIGHTS.astype("f4"), {}, {"valid_range": "5.0, 60.0"}),
    "both ends": (HEIGHTS, {}, {"valid_min": 5.0, "valid_max": 60.0}),
    "packed": (COUNTS, {}, PACKED | limits(210, 320, "i2")),
    "packed, of heights": (COUNTS, {}, PACKED | limits(5, 60, "f8")),
    "unpacked": (HEIGHTS, PACKED | {"dtype": "int16"}, limits(210, 320, "i2")),
    "unpacked, of heights": (HEIGHTS, PACKED | {"dtype": "int16"}, limits(5, 60, "f8")),
    "unpacked singles": (HEIGHTS.astype("f4"), PACKED | {"dtype": "int16"}, limits(210, 320, "i2")),
    "packed in singles": (COUNTS.astype("f4"), {}, PACKED | limits(210, 320, "f4")),
    "turned round": (-HEIGHTS, {"scale_factor": -0.5, "dtype": "i2"}, limits(10, 120, "i2")),
    "unsigned": (
        (HEIGHTS + 100).astype("u1").view("i1"),
        {},
        {"_Unsigned": "true", "add_offset": -100.0} | limits(105, -96, "i1"),
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lazy", [False, True], ids=["numpy", "dask"])
def test_what_lies_outside_is_missing(name, lazy):
    data, encoding, attrs = CASES[name]
    made = array(dask.from_array(data, (10, 10)) if lazy else data, encoding, **attrs)
    found = np.isnan(vf.as_dem(made).data)
    np.testing.assert_array_equal(found, OUTSIDE)
    if not lazy:
        assert np.isnan(vf.LargeDEM(made).read(0, 0, 24, 30)).sum() == OUTSIDE.sum()
        assert not np.isnan(vf.as_dem(made, masked=False).data).any()


def test_a_lazy_array_stays_as_it_is():
    made = array(dask.from_array(HEIGHTS.astype("f4"), (10, 10)), **limits(5, 60, "f4"))
    vf.as_dem(made)
    np.testing.assert_array_equal(made.values, HEIGHTS)


def test_one_end_of_what_is_packed_in_floats():
    made = array(HEIGHTS, {"scale_factor": 0.5, "dtype": "f4"}, valid_min=np.float32(10))
    np.testing.assert_array_equal(np.isnan(vf.as_dem(made).data), HEIGHTS < 5)


@pytest.mark.parametrize(
    ("attrs", "missing"),
    [
        ({"valid_min": 5}, HEIGHTS < 5),
        ({"valid_max": np.float32(60)}, HEIGHTS > 60),
        ({"valid_min": 5, "_FillValue": 40.0}, (HEIGHTS < 5) | (HEIGHTS == 40)),
        ({"actual_range": [5.0, 60.0]}, False),
        ({"valid_range": [60.0, 5.0]}, False),  # says nothing
        ({"valid_range": [5.0, np.nan]}, False),
        ({"valid_range": "all of them"}, False),
        ({"valid_range": 5.0, "valid_min": None}, False),
    ],
)
def test_one_end_and_what_is_no_limit(attrs, missing):
    found = np.isnan(vf.as_dem(array(HEIGHTS, **attrs)).data)
    np.testing.assert_array_equal(found, np.broadcast_to(missing, HEIGHTS.shape))


def test_limits_that_leave_nothing_are_pointed_out():
    made = array(HEIGHTS + 1000, **limits(5, 60, "f8"))
    with pytest.warns(vf.NodataWarning, match=r"5 to 60 .* 1000 to 1081; pass masked=False"):
        assert np.isnan(vf.as_dem(made).data).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nothing = array(np.full((24, 30), -9.0), _FillValue=-9.0, **limits(5, 60, "f8"))
        assert np.isnan(vf.as_dem(nothing).data).all()
        vf.as_dem(made, masked=False)
    lazy = array(dask.from_array(HEIGHTS + 1000, (10, 10)), **limits(5, 60, "f8"))
    with pytest.warns(vf.NodataWarning, match=r"5 to 60 .* 1000 to 1081; pass masked=False"):
        vf.as_dem(lazy)


def test_limits_of_files_that_leave_nothing_are_pointed_out(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    path = geotiffs.write(tmp_path / "dem.tif", HEIGHTS.astype("f4") + 1000, nodata=1081)
    with rasterio.open(path, "r+") as file:
        file.update_tags(1, valid_min="5", valid_max="60")
    with pytest.warns(vf.NodataWarning, match=r"5 to 60 .* 1000 to 1080; pass masked=False"):
        vf.open(path)
    with (
        pytest.warns(vf.DecimationWarning),
        pytest.warns(vf.NodataWarning, match="outside the valid range 5 to 60"),
    ):
        vf.open(path, overview=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vf.open(path, masked=False)
        nothing = geotiffs.write(tmp_path / "nothing.tif", np.full((24, 30), -9, "f4"), nodata=-9)
        with rasterio.open(nothing, "r+") as file:
            file.update_tags(1, valid_min="5")
        vf.open(nothing)


def test_files_of_any_format_say_the_same(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    stated = ({"valid_range": "{210,320}"}, {"valid_min": "210", "valid_max": "320"})
    for number, tags in enumerate(stated):
        path = geotiffs.write(tmp_path / f"{number}.tif", COUNTS, scales=[0.5], offsets=[-100.0])
        with rasterio.open(path, "r+") as file:
            file.update_tags(1, **tags)
        np.testing.assert_array_equal(np.isnan(vf.open(path).data), OUTSIDE)
        assert np.isnan(vf.LargeDEM(path).read(0, 0, 24, 30)).sum() == OUTSIDE.sum()
        assert not np.isnan(vf.open(path, masked=False).data).any()
    with pytest.warns(vf.DecimationWarning):
        means = vf.open(path, overview=2).data
    assert means[0, 1] == pytest.approx((6 + 5 + 7) / 3)  # of 4, 5, 6, 7 and no 4


def test_limits_of_large_dems_that_leave_nothing_are_pointed_out(tmp_path):
    """Once they have been read, by a few of their cells."""
    rasterio = pytest.importorskip("rasterio")
    heights = np.tile(HEIGHTS.astype("f4"), (4, 4)) + 1000
    path = geotiffs.write(tmp_path / "dem.tif", heights, nodata=1081)
    with rasterio.open(path, "r+") as file:
        file.update_tags(1, valid_min="5", valid_max="60")
    coarse = array(HEIGHTS + 1000, **limits(5, 60, "f8"))
    for made in (path, coarse.chunk({"y": 10, "x": 10})):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            large = vf.LargeDEM(made)
            unmasked = vf.LargeDEM(made, masked=False).stats()
            assert unmasked[0] == 1000
        for dem in (large, pickle.loads(pickle.dumps(large))):
            with pytest.warns(vf.NodataWarning, match=r"5 to 60 .* 1000 to 108[01]; pass masked=F"):
                assert np.isnan(dem.stats()[0])
    with pytest.warns(vf.NodataWarning):  # at once, as its numbers are there
        large = vf.LargeDEM(coarse)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        large.stats()
        nothing = geotiffs.write(tmp_path / "nothing.tif", np.full((24, 30), -9, "f4"), nodata=-9)
        with rasterio.open(nothing, "r+") as file:
            file.update_tags(1, valid_min="5")
        vf.LargeDEM(nothing).stats()


@pytest.mark.gpu
def test_what_is_kept_of_a_large_dem_points_out_its_limits_too(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    path = geotiffs.write(tmp_path / "dem.tif", HEIGHTS.astype("f4") + 1000)
    with rasterio.open(path, "r+") as file:
        file.update_tags(1, valid_max="60")
    with pytest.warns(vf.NodataWarning, match=r"to 60 .* 1000 to 1081; pass masked=False"):
        vf.render(vf.LargeDEM(path, keep=True), size=(16, 16))
    with pytest.warns(vf.NodataWarning, match=r"to 60 .* 1000 to 1081; pass masked=False"):
        vf.LargeDEM(path, keep=True)
