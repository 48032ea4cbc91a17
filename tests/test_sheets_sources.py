"""Where the heights of a LargeDEM come from: arrays of every kind, files, and what is kept beside them."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import SPACING, ground, in_sheets, same
from vulkan_forge._surface import surface
from vulkan_forge.geo import _readers

pytestmark = pytest.mark.gpu


def stored(tmp_path, heights, kind):
    rows, columns = heights.shape
    if kind in ("memmap", "view", "turned", "across"):
        path = tmp_path / "heights.bin"
        path.write_bytes(b"\0" * 12 + heights.astype(">f4").tobytes())
        mapped = np.memmap(path, ">f4", "r", 12, (rows, columns))
        return {
            "memmap": mapped,
            "view": mapped[20:, 30:],
            "turned": mapped[::-1, ::-2],
            "across": mapped.T,
        }[kind]
    if kind == "dask":
        return pytest.importorskip("dask.array").from_array(heights, chunks=(130, 77))
    if kind == "chunks":

        class Chunked:  # as zarr has them
            shape, dtype, chunks = heights.shape, heights.dtype, (64, 100)

            def __getitem__(self, place):
                return heights[place]

        return Chunked()
    return heights.astype(np.int16) if kind == "int16" else heights[::-1, ::2]


@pytest.mark.parametrize(
    "kind", ["memmap", "view", "turned", "across", "dask", "chunks", "int16", "strided"]
)
def test_arrays_of_every_kind(tmp_path, kind):
    source = stored(tmp_path, ground(), kind)
    whole = np.ascontiguousarray(np.asarray(source[:, :]), np.float32)
    large = in_sheets(source)
    assert np.array_equal(large.read(11, 17, 200, 180), whole[11:211, 17:197])
    options = {"size": (80, 60), "samples": 1}
    same(vf.render(large, **options), vf.render(whole, spacing=SPACING, **options))
    if kind in ("view", "turned", "across"):
        # Read as a file: where mapped pages have gone with the end of a file, reading them ends the process.
        os.truncate(tmp_path / "heights.bin", 0)
        with pytest.raises(vf.ImageFileError, match="the file was cut short"):
            large.read(11, 17, 200, 180)


def test_masked_cells_are_holes_wherever_the_rest_lies(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    mask = np.isnan(ground(True))
    expected = np.where(mask, np.float32(np.nan), ground())
    mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
    for heights in (ground(), mapped):
        masked = np.ma.array(heights, mask=mask)
        assert np.array_equal(in_sheets(masked).read(0, 0, 300, 420), expected, equal_nan=True)
    with pytest.raises(vf.InvalidInputError, match="keep=True needs a file of these heights"):
        in_sheets(np.ma.array(mapped, mask=mask), keep=True)


def test_what_was_written_into_a_private_map_counts(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    private = np.memmap(path, np.float32, "c", 0, (300, 420))
    private[20:30, 40:50] = 7777
    assert np.array_equal(in_sheets(private).read(0, 0, 300, 420), private)
    with pytest.raises(vf.InvalidInputError, match="got memmap of mode 'c'; leave it out"):
        in_sheets(private, keep=True)


def test_chunks_that_many_threads_want_are_counted_once(monkeypatch):
    monkeypatch.setattr(_readers, "_CHUNKS_BYTES", 5000)

    class Slow:
        shape, dtype, chunks = (60, 60), np.dtype(np.float32), (20, 60)
        broken = False

        def __getitem__(self, place):
            time.sleep(0.0005)
            if self.broken:
                raise OSError("gone")
            return np.ones([part.stop - part.start for part in place], np.float32)

    source = Slow()
    part = _readers.reader_of(source)

    def work(first):
        for turn in range(40):
            row = 20 * ((first + turn) % 3)
            part(slice(row, row + 20), slice(0, 60))

    threads = [threading.Thread(target=work, args=(at // 2,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert part._bytes == sum(chunk.nbytes for chunk in part._kept.values()) <= 5000
    source.broken = True
    part._kept.clear()
    with pytest.raises(OSError, match="gone"):
        part(slice(0, 20), slice(0, 60))
    assert not part._waiting


@pytest.mark.parametrize(
    "window", [(-1, 0, 2, 2), (0, 0, 301, 5), (0, 418, 3, 3), (5, 5, 0, 3), (0, 0, 2.5, 2)]
)
def test_parts_must_lie_in_the_dem(tmp_path, window):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)))
    with pytest.raises(
        vf.InvalidInputError, match=r"within 300 rows and 420 columns; got row=-?\d"
    ):
        large.read(*window)


def test_what_does_not_count_beside_a_source_is_refused():
    dem = vf.DEM(ground(), spacing=SPACING)
    for source, options, said in [
        (dem, {"spacing": (5, 5)}, "no spacing here; a DEM has its own"),
        (dem, {"masked": False}, "no masked here; that is for files"),
        (ground(), {"encoding": "terrarium"}, "no encoding here; that is for files"),
        (ground(), {"band": 2}, "no band here; that is for files"),
    ]:
        with pytest.raises(vf.InvalidInputError, match=said):
            vf.LargeDEM(source, **options)
    long = vf.DEM(np.zeros((2, 16_400), np.float32), spacing=(3, 3))
    assert surface(long, (5, 5)).spacing == (5, 5)
    assert surface(long).spacing == (3, 3)


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_parts_of_one_map_keep_what_is_theirs(tmp_path):
    """The .vfp of one is none of the other's, though NumPy gives both the whole map's offset."""
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
    for rows in (slice(0, 150), slice(150, 300)):
        lows = in_sheets(mapped[rows], keep=True)._source.landmarks()[0]
        assert lows == (ground()[rows].min(), ground()[rows].max())


def test_what_is_known_is_kept_beside_a_file(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    told = []

    def open_again():
        told.clear()
        mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
        return in_sheets(mapped, keep=True, progress=told.append)

    options = {"size": (60, 40), "samples": 1}
    first = vf.render(open_again(), **options)
    assert told and told == sorted(told) and told[-1] <= 1
    again = vf.render(open_again(), **options)
    assert not told
    same(first, again)
    os.utime(path, (1, 1))
    same(first, vf.render(open_again(), **options))
    assert told
    kept = tmp_path / "heights.bin.vfp"
    assert kept.stat().st_mode & 0o777 == 0o666 & ~umask()
    for torn in (b"torn", b"\xff\xff\xff\x7f" + kept.read_bytes()[4:], kept.read_bytes()[:-1]):
        kept.write_bytes(torn)
        same(first, vf.render(open_again(), **options))
        assert told
    with pytest.raises(vf.InvalidInputError, match="keep=True needs a file"):
        vf.LargeDEM(ground(), keep=True)


def test_a_folder_that_may_not_be_written_is_told_of_at_once(tmp_path, monkeypatch):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
    before = in_sheets(mapped, keep=True)
    before._source.landmarks()
    monkeypatch.setattr(os, "access", lambda place, mode: os.fspath(place) != str(tmp_path))
    known = in_sheets(mapped, keep=True)._source.landmarks()
    assert known == before._source.landmarks()
    (tmp_path / "heights.bin.vfp").unlink()
    with pytest.raises(vf.ImageFileError, match=r"a folder that may be written, .* leave out keep"):
        in_sheets(mapped, keep=True)


def test_what_cannot_be_kept_stays_known(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    (tmp_path / "heights.bin.vfp").mkdir()
    told = []
    large = in_sheets(
        np.memmap(path, np.float32, "r", 0, (300, 420)), keep=True, progress=told.append
    )
    with pytest.raises(
        vf.ImageFileError, match=r"the DEM's levels are kept there: leave out keep=True"
    ):
        large._source.landmarks()
    assert told
    told.clear()
    assert large._source.landmarks()[0] == (ground().min(), ground().max())
    assert not told


def test_chunks_of_any_shape_but_no_giants():
    class Chunked:
        shape, dtype = (300, 420), np.dtype(np.float32)

        def __init__(self, chunks):
            self.chunks = chunks

        def __getitem__(self, place):
            return ground()[place]

    for chunks in [(1, 420), (300, 1), (300, 420)]:
        assert np.array_equal(in_sheets(Chunked(chunks)).read(3, 5, 90, 80), ground()[3:93, 5:85])
    giant = Chunked((60_000, 60_000))
    giant.shape = (60_000, 60_000)
    with pytest.raises(
        vf.InvalidInputError, match=r"at most \d+ bytes, .* got one of 60000 x 60000 cells"
    ):
        in_sheets(giant)


def test_two_that_keep_at_a_time_and_no_room_to(tmp_path, monkeypatch):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    made = [in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)), keep=True) for _ in range(4)]
    threads = [threading.Thread(target=dem._source.landmarks) for dem in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(child.name for child in tmp_path.iterdir()) == ["heights.bin", "heights.bin.vfp"]
    (tmp_path / "heights.bin.vfp").unlink()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)), keep=True)
    with pytest.raises(
        vf.ImageFileError, match=r"No space left .* leave out keep=True, or make room"
    ):
        large._source.landmarks()
    assert [child.name for child in tmp_path.iterdir()] == ["heights.bin"]


def test_percentiles_of_a_plain_far_above_the_sea():
    rng = np.random.default_rng(5)
    heights = (5000 + rng.normal(0, 1, (1100, 1000))).astype(np.float32)
    heights[0, 0] = 5400
    # Of more than a million samples a sixteenth counts.
    for part, off in ((heights, 0.15), (heights[:400], 0.0), (heights[:2, :3], 0.0)):
        robust = in_sheets(part)._source.landmarks()[1]
        assert np.allclose(robust, np.percentile(part, [2, 98]), rtol=1e-12, atol=off)
    flat = in_sheets(np.full((40, 50), 1234.5, np.float32))._source.landmarks()
    assert flat[0] == flat[1] == (1234.5, 1234.5)


def test_large_chunks_are_read_few_times(monkeypatch):
    """With room for two of them, where pieces along a row of the DEM want four. Edges of what has gone stay."""
    rows, columns, chunk = 3000, 8192, (1536, 2048)

    class Chunked:
        shape, dtype, chunks = (rows, columns), np.dtype(np.float32), chunk
        asked = 0

        def __getitem__(self, place):
            type(self).asked += 1
            y, x = (np.arange(part.start, part.stop, dtype=np.float32) for part in place)
            return y[:, None] - 2 * x

    monkeypatch.setattr(_readers, "_CHUNKS_BYTES", 2 * 4 * chunk[0] * chunk[1])
    large = vf.LargeDEM(Chunked(), _levels=(8, 4))
    assert large.stats()[:2] == (-2.0 * (columns - 1), rows - 1)
    # Eight chunks in two passes, each for itself and for its edge; from row to row it was 69.
    assert Chunked.asked < 55
    wanted = np.arange(1526, 1546, dtype=np.float32)[:, None] - 2 * np.arange(2046, 2050)
    assert np.array_equal(large.read(1526, 2046, 20, 4), wanted)
    before = Chunked.asked
    across, down = large.read(1535, 0, 2, columns), large.read(0, 4095, rows, 2)
    assert Chunked.asked == before
    assert np.array_equal(across, np.array([[1535], [1536]]) - 2.0 * np.arange(columns))
    assert np.array_equal(down, np.arange(rows)[:, None] - 2.0 * np.array([4095, 4096]))
