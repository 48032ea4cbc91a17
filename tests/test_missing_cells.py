"""Cells that are missing: by the file's mark, by a mark given by hand, and by one that nobody declared."""

import warnings

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

rasterio = pytest.importorskip("rasterio")
from rasterio.transform import from_origin  # noqa: E402

HEIGHTS = dems.ridge(40, 50, relief=100.0)
PLACE = {"transform": from_origin(4e5, 5e6, 30, 30), "crs": "EPSG:32633"}


def test_nodata_by_hand_is_left_out_of_overviews(tmp_path):
    heights = np.full((64, 64), 500, np.float32)
    heights[:, :10] = -9999
    path = geotiffs.write(tmp_path / "o.tif", heights, **PLACE)
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], rasterio.enums.Resampling.average)
    for factor in (2, 3, 4, 64):
        with pytest.warns(vf.DecimationWarning):
            dem = vf.open(path, nodata=-9999, overview=factor)
        assert set(np.unique(dem.data[np.isfinite(dem.data)])) == {500.0}
        assert dem.bounds == (4e5, 5e6 - 1920, 401920, 5e6)
    assert np.isnan(vf.open(path, nodata=-9999).data).sum() == 640


def test_nodata_by_hand_adds_to_the_files_own(tmp_path):
    heights = np.full((8, 8), 100, np.int16)
    heights[0, 0], heights[1, 1], heights[2, 2] = -9999, -32768, 0
    path = geotiffs.write(tmp_path / "m.tif", heights, nodata=-9999)
    for nodata, holes in [(-32768, 2), ([-32768, 0], 3), (-9999, 1), (0, 2)]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", vf.NodataWarning)
            assert np.isnan(vf.open(path, nodata=nodata).data).sum() == holes
            with rasterio.open(path) as dataset:
                assert np.isnan(vf.as_dem(dataset, nodata=nodata).data).sum() == holes
    with pytest.warns(vf.NodataWarning, match="nodata=-9999"):
        alone = vf.open(path, nodata=-32768, masked=False)
    assert np.isnan(alone.data).sum() == 1 and alone.data[0, 0] == -9999
    with pytest.warns(vf.DecimationWarning):
        dem = vf.open(path, nodata=-32768, overview=2)
    assert dem.data[0, 0] == 100.0
    refused(lambda: vf.open(path, nodata="none"), "nodata", "-9999")
    refused(lambda: vf.open(path, nodata=[1, None]), "nodata", "-9999")


def test_masks_of_every_kind_make_holes(tmp_path):
    whole = dict(driver="GTiff", width=50, height=40, dtype="float32", **PLACE)
    with rasterio.open(tmp_path / "own.tif", "w", count=1, **whole) as file:
        file.write(HEIGHTS[None])
        file.write_mask(np.arange(2000).reshape(40, 50) != 7)
    assert np.isnan(vf.open(tmp_path / "own.tif").data).sum() == 1
    assert np.isnan(vf.open(tmp_path / "own.tif", masked=False).data).sum() == 0
    bands = np.stack([HEIGHTS, np.full_like(HEIGHTS, 65535)]).astype(np.uint16)
    bands[1, 3, 4] = 0
    geotiffs.write(tmp_path / "alpha.tif", bands, alpha="YES")
    assert np.isnan(vf.open(tmp_path / "alpha.tif").data[3, 4])
    heights = HEIGHTS.copy()
    heights[5, 6] = np.nan
    path = geotiffs.write(tmp_path / "nan.tif", heights, nodata=float("nan"))
    assert np.isnan(vf.open(path).data).sum() == 1
    path = geotiffs.write(tmp_path / "big.tif", np.full((4, 5), 9, np.uint8), nodata=9)
    assert np.isnan(vf.open(path).data).all()


def test_scales_and_holes_of_each_band(tmp_path):
    """A file whose bands have factors of their own, NaN for holes, and a mark that no float holds."""
    heights = HEIGHTS.copy()
    heights[5, 6] = np.nan
    path = geotiffs.write(
        tmp_path / "s.tif",
        np.stack([heights, heights]),
        nodata=-9999,
        scales=(1.0, 0.1),
        offsets=(0.0, 5.0),
    )
    one, other = (vf.open(path, band=band).data for band in (1, 2))
    assert np.isnan(one).sum() == np.isnan(other).sum() == 1
    np.testing.assert_allclose(other, 0.1 * heights + 5, rtol=1e-6)
    np.testing.assert_array_equal(one, heights)


@pytest.mark.parametrize("kind", [">i2", "<i2", "int32", ">f4", "float64"])
def test_a_mark_that_nobody_declared_in_any_layout(kind):
    heights = HEIGHTS.astype(kind)
    heights[3, 4:8] = -32768
    for layout in (heights, np.asfortranarray(heights), heights[::-1, ::-1]):
        with pytest.warns(vf.NodataWarning, match="4 cells have the height -32768"):
            vf.DEM(layout, bounds=(4e5, 5e6, 401500, 5001200), crs="EPSG:32633")
        dem = vf.DEM(layout, bounds=(4e5, 5e6, 401500, 5001200), crs="EPSG:32633", nodata=-32768)
        assert np.isnan(dem.data).sum() == 4


MARKS = [
    -9999.0,
    -10000.0,
    -32767.0,
    -32768.0,
    -3.4e38,
    3.4028234663852886e38,
    9.969209968386869e36,
    -99999.0,
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_that_nobody_declared_is_pointed_out(mark, tmp_path):
    heights = HEIGHTS.copy()
    heights[3, 4:8] = mark
    written = f"nodata={float(np.float32(mark)):.9g}"
    path = geotiffs.write(tmp_path / "m.tif", heights)
    for source in (path, str(path), (heights, (30, 0, 4e5, 0, -30, 5e6), "EPSG:32633")):
        with pytest.warns(vf.NodataWarning, match="4 cells") as said:
            vf.as_dem(source)
        assert written.replace("+", "") in str(said[0].message).replace("+", "") and len(said) == 1
        assert said[0].filename == __file__
    dem = vf.open(path, nodata=mark)
    assert np.isnan(dem.data).sum() == 4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", vf.VerticalScaleWarning)
        warnings.simplefilter("error", vf.NodataWarning)
        vf.open(path, nodata=float("nan"))  # says that it is a height


def test_a_mark_stands_apart_by_a_part_of_the_range():
    """The oceans' floor and the mountains, and cells 1999 m below them all; 250 m below they may be a trench."""
    for floor, told in ((-8000, True), (-9749, False)):
        heights = np.linspace(floor, 8800, 2000, dtype=np.float32).reshape(40, 50)
        heights[3, 4:8] = -9999
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            vf.DEM(heights, bounds=(0, 0, 5e6, 5e6), crs="EPSG:32633", z_unit="m")
        assert [one.category for one in said] == [vf.NodataWarning] * told


@pytest.mark.parametrize(
    "heights",
    [
        np.linspace(-10900, 8800, 2000).reshape(40, 50),  # the ocean has that depth
        np.where(HEIGHTS > 50, HEIGHTS, -9999.5),  # one that no mark has
        np.full((4, 4), -9999.0),  # a level sea floor
        HEIGHTS - 1020,  # all near it
    ],
)
def test_ground_at_the_height_of_a_mark_is_no_mark(heights):
    heights = heights.astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", vf.VerticalScaleWarning)
        warnings.simplefilter("error", vf.NodataWarning)
        vf.DEM(heights, bounds=(0, 0, 5e6, 5e6), crs="EPSG:32633")


@pytest.mark.gpu
def test_plain_arrays_are_pointed_out_too():
    heights = HEIGHTS.copy()
    heights[3, 4:8] = -9999
    for call in (lambda: vf.render(heights, size=(32, 32)), lambda: vf.relief.slope(heights)):
        with pytest.warns(vf.NodataWarning, match="nodata=-9999"):
            call()
