"""LargeDEMs of raster files: the place, the samples and the missing cells that `vulkan_forge.open` finds in them."""

from __future__ import annotations

import os

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import ground, same
from vulkan_forge.geo import _bands

rasterio = pytest.importorskip("rasterio")
import geotiffs  # noqa: E402

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("south_up", [False, True])
def test_files_have_their_place_and_their_missing_cells(tmp_path, south_up):
    heights = np.where(np.isnan(ground(True)), -9999, ground(True)).astype(np.int16)
    transform = rasterio.Affine(25.0, 0, 500_000, 0, 25.0 if south_up else -25.0, 5_200_000)
    path = geotiffs.write(
        tmp_path / "dem.tif", heights, transform=transform, nodata=-9999, tiled=True, blockxsize=128, blockysize=128
    )  # fmt: skip
    dem, large = vf.open(path), vf.LargeDEM(path, _levels=(5, 1))
    assert (large.shape, large.spacing, large.bounds) == (dem.shape, dem.spacing, dem.bounds)
    assert np.array_equal(large.read(0, 0, 300, 420), dem.data, equal_nan=True)
    options = {"size": (80, 60), "samples": 1}
    same(vf.render(large, **options), vf.render(dem, **options))
    with rasterio.open(path) as file:
        part = vf.LargeDEM(file, _levels=(5, 1)).read(5, 6, 7, 8)
    assert np.array_equal(part, dem.data[5:12, 6:14], equal_nan=True)


def test_a_file_is_opened_once_for_each_core(tmp_path, monkeypatch):
    path = geotiffs.write(tmp_path / "long.tif", np.zeros((32_000, 40), np.int16), tiled=True)
    opened = []
    plain = rasterio.open

    def counted(*args, **options):
        opened.append(plain(*args, **options))
        return opened[-1]

    monkeypatch.setattr(rasterio, "open", counted)
    large = vf.LargeDEM(path)
    large._source.landmarks()  # 63 pieces
    assert len(opened) <= (os.cpu_count() or 1) + 1
    del large
    assert all(dataset.closed for dataset in opened[1:])


@pytest.mark.parametrize("layout", [{"tiled": True, "blockxsize": 64, "blockysize": 64}, {}])
def test_blocks_of_a_file_are_unpacked_once(tmp_path, monkeypatch, layout):
    heights = (np.arange(1300 * 1100) % 30_000).reshape(1300, 1100).astype(np.int16)
    path = geotiffs.write(
        tmp_path / "dem.tif", heights, nodata=-32768, compress="deflate", **layout
    )
    read = []
    plain = _bands.samples
    monkeypatch.setattr(
        _bands, "samples", lambda *given, **more: read.append(given[2]) or plain(*given, **more)
    )
    large = vf.LargeDEM(path)
    large._source.landmarks()
    vf.render(large, size=(60, 40), samples=1)
    first, *rest = read  # of one cell, for its dtype
    assert first[2:] == (1, 1) and len(set(rest)) == len(rest)
    assert sum(cells.rows * cells.columns for cells in rest) == heights.size
    assert np.array_equal(large.read(700, 500, 300, 400), heights[700:1000, 500:900])


def test_files_are_opened_again_as_they_were(tmp_path):
    heights = np.arange(300 * 420, dtype=np.float32).reshape(300, 420)
    path = geotiffs.write(tmp_path / "dem.tif", heights, tiled=True)
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2])
    with rasterio.open(path, overview_level=0) as overview:
        large = vf.LargeDEM(overview)
        expected = overview.read(1)
    assert np.array_equal(large.read(30, 40, 50, 60), expected[30:80, 40:100])
    flat = rasterio.Affine.identity()
    nowhere = geotiffs.write(tmp_path / "nowhere.tif", heights, crs=None, transform=flat)
    large = vf.LargeDEM(nowhere, spacing=(5, 5))
    # Without a warning for each thread that reads.
    assert large._source.landmarks()[0] == (0, heights.max())


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a file that is open where it is")
def test_a_file_that_goes_while_it_is_drawn(tmp_path):
    """Who has it open reads on, who would open it again is told; blocks that are gone are no ground."""
    words = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate"}
    path = geotiffs.write(tmp_path / "dem.tif", ground(), **words)
    large = vf.LargeDEM(path, _levels=(5, 1))
    large._part._part._array._idle.clear()
    path.rename(tmp_path / "away.tif")
    with pytest.raises(vf.ImageFileError, match=r"dem\.tif: expected .*No such file"):
        vf.render(large, size=(40, 30))
    path = geotiffs.write(tmp_path / "dem.tif", ground(), **words)
    large = vf.LargeDEM(path, _levels=(5, 1))
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(vf.ImageFileError, match=r"dem\.tif: expected"):
        vf.render(large, size=(40, 30))


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32660"])
def test_beyond_the_antimeridian(crs):
    """A metre-wise grid goes on past 180 degrees."""
    left = 20_037_508.34 - 4000 if crs == "EPSG:3857" else 900_000
    place = {"transform": rasterio.Affine(30, 0, left, 0, -30, 6e6), "crs": crs}
    dem, large = vf.DEM(ground(), **place), vf.LargeDEM(ground(), **place, _levels=(5, 1))
    assert np.array_equal(large.spacing_by_row, dem.spacing_by_row)
    same(*(vf.render(source, size=(60, 40), samples=1) for source in (large, dem)))
