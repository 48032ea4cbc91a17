"""Map tiles where the disk is full, or the source goes away: one clear error, and no torn archive."""

import errno
import subprocess
import sys
import threading

import dems
import numpy as np
import pytest
import rasterio.warp
import vulkan_forge as vf
from vulkan_forge._tiles import _source, _tiles
from vulkan_forge._tiles._block import Look
from vulkan_forge._tiles._plan import plan_of
from vulkan_forge.geo import _readers

pytest.importorskip("morecantile")
pytest.importorskip("pmtiles")
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

_FULL = """
import resource, sys
import numpy as np, vulkan_forge as vf
resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))
heights = np.random.default_rng(0).random((90, 90)) * 1000
source = vf.DEM(heights, transform=(30, 0, 4e5, 0, -30, 3.8e6), crs="EPSG:32611")
try:
    vf.tiles(source, sys.argv[1], zooms=(10, 14), encoding="terrarium")
except vf.ImageFileError as error:
    print(error)
"""


@posix
@pytest.mark.parametrize(
    ("name", "most"), [("t.mbtiles", 20_000), ("t.pmtiles", 20_000), ("t", 1000)]
)
def test_no_room_on_the_disk(name, most, tmp_path):
    code = _FULL.format(bytes=most)
    words = [sys.executable, "-c", code, str(tmp_path / name)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path / name)) and "has room" in done.stdout
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    if name == "t":
        # Whole tiles, and with them what they are.
        assert all(path.suffix in (".png", ".json") for path in left)
        assert not left or tmp_path / "t/tiles.json" in left
        assert all(vf.png_to_numpy(path).size for path in left if path.suffix == ".png")
    else:
        assert left == []


class Going:
    """An array that is gone after it was read once."""

    def __init__(self, heights):
        self._heights, self.shape, self.dtype = heights, heights.shape, heights.dtype
        self.chunks = (200, 200)
        self.gone = False

    def __getitem__(self, place):
        if self.gone:
            raise OSError(errno.EIO, "gone")
        return self._heights[place]


@pytest.mark.parametrize("name", ["t.mbtiles", "t.pmtiles", "t"])
def test_a_source_that_goes_half_way(name, tmp_path, monkeypatch):
    monkeypatch.setattr(_readers, "_CHUNKS_BYTES", 0)
    source = Going(dems.rough(600, 700, relief=900.0).astype(np.float32))
    large = vf.LargeDEM(source, transform=(30, 0, 4e5, 0, -30, 3.8e6), crs="EPSG:32611")
    large.stats()  # it was whole when it was surveyed
    source.gone = True
    if "." in name:
        (tmp_path / name).write_text("before")
    with pytest.raises(vf.ImageFileError, match=r"Going: expected .* gone"):
        vf.tiles(large, tmp_path / name, encoding="terrarium")
    left = [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()]
    assert left == ([(name, "before")] if "." in name else [])


def our_threads() -> set[threading.Thread]:
    """Those that go on, of pictures and of tests before this one too."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("vulkan_forge")}


@pytest.mark.parametrize("rows_that_come", [0, 2])
def test_what_cannot_be_warped_is_told_to_who_waits_for_it(rows_that_come, tmp_path, monkeypatch):
    """The first rows are drawn while others are warped."""
    before = our_threads()
    warp, done = rasterio.warp.reproject, []

    def failing(*given, **words):
        done.append(None)
        if len(done) > 3 * rows_that_come:
            raise ValueError("no way")
        return warp(*given, **words)

    monkeypatch.setattr(_source, "_BLOCK", 256)
    monkeypatch.setattr(rasterio.warp, "reproject", failing)
    heights = dems.rough(600, 600, relief=900.0)
    source = vf.DEM(heights, transform=(30, 0, 4e5, 0, -30, 3.8e6), crs="EPSG:32611")
    with pytest.raises(vf.InvalidInputError, match=r"expected to warp .* no way"):
        vf.tiles(source, tmp_path / "t.mbtiles", zooms=(12, 13), encoding="terrarium")
    assert list(tmp_path.iterdir()) == []
    assert our_threads() <= before


def test_nothing_goes_on_once_nobody_wants_more(monkeypatch):
    before = our_threads()
    monkeypatch.setattr(_source, "_BLOCK", 64)
    heights = dems.rough(700, 700, relief=900.0)
    source = vf.DEM(heights, transform=(30, 0, 4e5, 0, -30, 3.8e6), crs="EPSG:32611")
    plan = plan_of(source, "WebMercatorQuad", (12, 13))
    made = _tiles._made(plan, Look(plan.matrix, None, "terrarium", None, 1.0))
    next(made)
    made.close()
    assert our_threads() <= before


def test_what_is_no_number_is_no_height(tmp_path):
    """A fill that the encoding cannot hold, as any height."""
    source = vf.DEM(np.ones((9, 9)), transform=(30, 0, 4e5, 0, -30, 3.8e6), crs="EPSG:32611")
    for fill, message in [(-40_000, "terrarium holds heights"), (np.nan, "fill must be")]:
        with pytest.raises(vf.InvalidInputError, match=message):
            vf.tiles(source, tmp_path / "t", encoding="terrarium", fill=fill)
    assert not (tmp_path / "t").exists()
