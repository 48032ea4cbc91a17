"""LargeDEMs of zarr arrays: chunks that are not there, and stores that are not."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import SPACING, ground, in_sheets, same

zarr = pytest.importorskip("zarr")
pytestmark = pytest.mark.gpu

PICTURE = {"size": (60, 40), "samples": 1}


def write(path, heights, **words):
    array = zarr.create_array(
        str(path), shape=heights.shape, chunks=(64, 100), dtype=heights.dtype, **words
    )
    array[:] = heights
    return zarr.open_array(str(path), mode="r")


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("fill", [0.0, np.nan])
def test_chunks_that_were_never_written_have_the_fill_value(tmp_path, version, fill):
    heights = ground(True).copy()
    heights[64:192, 100:300] = fill
    array = write(tmp_path / "dem.zarr", heights, zarr_format=version, fill_value=fill)
    files = sum(len(names) for _, _, names in os.walk(tmp_path))
    assert files < 25 + 3  # four of 25 chunks are not there
    same(vf.render(in_sheets(array), **PICTURE), vf.render(heights, spacing=SPACING, **PICTURE))


@pytest.mark.parametrize("fill", [0.0, np.nan])
@pytest.mark.parametrize("surveyed", [False, True])
def test_a_store_that_is_deleted_is_no_level_ground(tmp_path, fill, surveyed):
    path = tmp_path / "dem.zarr"
    large = in_sheets(write(path, ground(), fill_value=fill))
    if surveyed:
        large._source.landmarks()
        large._part._part._kept.clear()
    shutil.rmtree(path)
    with pytest.raises(vf.ImageFileError, match=r"zarr array file://.*dem\.zarr: expected rows"):
        vf.render(large, detail="exact", **PICTURE)


def test_a_chunk_that_is_cut_short(tmp_path):
    path = tmp_path / "dem.zarr"
    large = in_sheets(write(path, ground()))
    chunk = path / "c" / "1" / "1"
    os.truncate(chunk, chunk.stat().st_size // 2)
    with pytest.raises(vf.ImageFileError, match=r"zarr array .*: expected rows"):
        vf.render(large, **PICTURE)
