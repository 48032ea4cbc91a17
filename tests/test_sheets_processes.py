"""LargeDEMs that go to other processes, and what two of those keep in one place."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import SPACING, ground, in_sheets, same

pytestmark = pytest.mark.gpu

PICTURE = {"size": (60, 40), "samples": 1}


def of_kind(kind, folder):
    """A LargeDEM and the most bytes that it may be pickled as, if it is of a file."""
    path = folder / "heights.bin"
    ground().tofile(path)
    mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
    small = 2000 if hasattr(os, "preadv") else None  # elsewhere the heights go along
    if kind == "memmap":
        return in_sheets(mapped), small
    if kind == "turned":
        return in_sheets(mapped[::-1, 40::2]), small
    if kind == "zarr":
        stored = pytest.importorskip("zarr").create_array(
            str(folder / "dem.zarr"), shape=(300, 420), chunks=(128, 100), dtype="f4"
        )
        stored[:] = ground()
        return in_sheets(stored), 20_000
    if kind == "dask":
        return in_sheets(pytest.importorskip("dask.array").from_array(ground(), chunks=128)), None
    if kind == "file":
        pytest.importorskip("rasterio")
        import geotiffs

        written = np.where(np.isnan(ground(True)), -9999, ground(True)).astype(np.int16)
        tiled = {"tiled": True, "blockxsize": 128, "blockysize": 128, "nodata": -9999}
        geotiffs.write(folder / "dem.tif", written, **tiled)
        return vf.LargeDEM("dem.tif", _levels=(5, 1)), 20_000
    return in_sheets(ground(True)), None


@pytest.mark.parametrize("kind", ["memmap", "turned", "zarr", "dask", "file", "array"])
def test_a_pickled_one_is_of_the_same_ground(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    large, most = of_kind(kind, tmp_path)
    written = pickle.dumps(large)
    assert most is None or len(written) < most
    monkeypatch.chdir(tmp_path.parent)  # names of files do not go by the folder
    again = pickle.loads(written)
    assert (again.shape, again.bounds, again.spacing, again.z_unit) == (
        large.shape,
        large.bounds,
        large.spacing,
        large.z_unit,
    )
    same(vf.render(large, **PICTURE), vf.render(again, **PICTURE))
    assert copy.deepcopy(large).shape == large.shape


@pytest.mark.parametrize("kind", ["memmap", "file"])
def test_what_is_not_there_is_told(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written = pickle.dumps(of_kind(kind, tmp_path)[0])
    for name in ("heights.bin", "dem.tif"):
        tmp_path.joinpath(name).unlink(missing_ok=True)
    if kind == "file" or hasattr(os, "preadv"):
        with pytest.raises(vf.ImageFileError, match="expected the file that a LargeDEM reads from"):
            pickle.loads(written)


def test_what_cannot_go_says_so(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    import geotiffs

    path = geotiffs.write(tmp_path / "dem.tif", ground())
    with (
        rasterio.open(path) as file,
        rasterio.vrt.WarpedVRT(file, crs="EPSG:32612") as warped,
        pytest.raises(vf.InvalidInputError, match=r"must be of a file; got one of WarpedVRT"),
    ):
        pickle.dumps(vf.LargeDEM(warped))


def test_what_is_kept_goes_by_the_file_as_it_is_then(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)), keep=True)
    lows = large._source.landmarks()[0]
    written = pickle.dumps(large)
    assert pickle.loads(written)._source.landmarks()[0] == lows
    state = path.stat()
    (2 * ground()).tofile(path)
    for times in (None, (state.st_atime_ns, state.st_mtime_ns)):
        if times is not None:  # as a copy that keeps its times would be
            os.utime(path, ns=times)
        assert pickle.loads(written)._source.landmarks()[0] == (2 * lows[0], 2 * lows[1])


SCRIPT = """
import pickle, sys
import numpy as np, vulkan_forge as vf
large = pickle.load(sys.stdin.buffer)
picture = np.asarray(vf.render(large, size=(60, 40), samples=1))
sys.stdout.buffer.write(picture.tobytes())
"""


def test_two_processes_that_keep_what_they_find(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)), keep=True)
    written = pickle.dumps(large)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for each in both:
        each.stdin.write(written)
        each.stdin.close()
    expected = np.asarray(vf.render(ground(), spacing=SPACING, **PICTURE)).tobytes()
    for each in both:
        with each.stdout as drawn:
            assert drawn.read() == expected
        assert each.wait() == 0
    assert sorted(child.name for child in tmp_path.iterdir()) == ["heights.bin", "heights.bin.vfp"]
    told = []
    mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
    in_sheets(mapped, keep=True, progress=told.append)._source.landmarks()
    assert not told


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_no_room_for_what_is_kept(tmp_path):
    import resource

    path = tmp_path / "heights.bin"
    ground().tofile(path)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)), keep=True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(vf.ImageFileError, match="leave out keep=True, or make room"):
            large._source.landmarks()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [child.name for child in tmp_path.iterdir()] == ["heights.bin"]
    assert vf.render(large, **PICTURE).size == (60, 40)
