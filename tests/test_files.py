"""PNG files: right in content, whole or not there at all, polite to links and modes."""

import os
import signal
import subprocess
import sys
import time

import children
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


# --- content ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape", [(1, 1), (7, 5), (3, 1000), (7, 5, 3), (1, 1, 3), (7, 5, 4), (255, 61, 4)]
)
def test_round_trip_and_pillow_agree(shape, tmp_path):
    pixels = noise(*shape)
    path = tmp_path / "x.png"
    vf.numpy_to_png(path, pixels)
    with PillowImage.open(path) as file:
        np.testing.assert_array_equal(np.asarray(file), pixels)
        rgba = np.asarray(file.convert("RGBA"))
    back = vf.png_to_numpy(path)
    assert back.shape == (*shape[:2], 4) and back.dtype == np.uint8 and back.flags.c_contiguous
    np.testing.assert_array_equal(back, rgba)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_that_pillow_writes(mode, tmp_path):
    grey = noise(9, 13)
    source = {
        "LA": lambda: PillowImage.fromarray(noise(9, 13, 2), "LA"),
        "RGB": lambda: PillowImage.fromarray(noise(9, 13, 3)),
        "RGBA": lambda: PillowImage.fromarray(noise(9, 13, 4)),
        "P": lambda: PillowImage.fromarray(noise(9, 13, 3)).quantize(17),
        "I;16": lambda: PillowImage.fromarray(grey.astype(np.uint16) * 257),
        "1": lambda: PillowImage.fromarray(grey > 100),
    }.get(mode, lambda: PillowImage.fromarray(grey))()
    path = tmp_path / "x.png"
    source.save(path)
    if mode == "I;16":
        expected = np.stack([grey, grey, grey, np.full_like(grey, 255)], axis=-1)
    else:
        expected = np.asarray(source.convert("RGBA"))
    np.testing.assert_array_equal(vf.png_to_numpy(path), expected)


def test_palette_with_transparency(tmp_path):
    source = PillowImage.fromarray(noise(9, 13) % 4, "P")
    source.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7])
    source.save(tmp_path / "x.png", transparency=bytes([0, 128, 255, 7]))
    with PillowImage.open(tmp_path / "x.png") as file:
        np.testing.assert_array_equal(
            vf.png_to_numpy(tmp_path / "x.png"), np.asarray(file.convert("RGBA"))
        )


def test_interlaced(tmp_path):
    """Adam7, from a file made by hand: Pillow reads such files but does not write them."""
    import struct
    import zlib

    pixels = noise(11, 13, 4)
    rows = b""
    for x0, y0, dx, dy in [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]:
        for row in pixels[y0::dy, x0::dx]:
            rows += b"\0" + row.tobytes() if row.size else b""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 13, 11, 8, 6, 0, 0, 1)
    path = tmp_path / "x.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    np.testing.assert_array_equal(vf.png_to_numpy(path), pixels)


def test_colour_chunks_do_not_change_the_bytes(tmp_path):
    """No colour transform: a gamma or profile in the file leaves its bytes as they are."""
    pixels = noise(6, 6, 4)
    source = PillowImage.fromarray(pixels)
    source.save(tmp_path / "x.png", gamma=0.2, icc_profile=b"not a profile", dpi=(72, 72))
    np.testing.assert_array_equal(vf.png_to_numpy(tmp_path / "x.png"), pixels)


def test_paths_of_every_kind(tmp_path, monkeypatch):
    pixels = noise(4, 4, 4)
    monkeypatch.chdir(tmp_path)
    names = ["plain.png", "UPPER.PNG", "no suffix", "höhe 山.png", "a.b.c.png"]
    for name in names:
        for path in (name, tmp_path / name, str(tmp_path / name)):
            vf.numpy_to_png(path, pixels)
            np.testing.assert_array_equal(vf.png_to_numpy(path), pixels)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(names)


def test_an_existing_file_is_replaced(tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(b"old and much longer than the new one" * 1000)
    pixels = noise(4, 4, 4)
    vf.numpy_to_png(path, pixels)
    np.testing.assert_array_equal(vf.png_to_numpy(path), pixels)


def test_same_picture_same_file(tmp_path):
    for name in ("a.png", "b.png"):
        vf.numpy_to_png(tmp_path / name, noise(20, 30, 4))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


# --- links, modes -------------------------------------------------------------------------------------


@posix
def test_a_link_is_kept_and_its_target_replaced(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    target, link = folder / "x.png", tmp_path / "link.png"
    target.write_bytes(b"old")
    link.symlink_to(target)
    pixels = noise(4, 4, 4)
    vf.numpy_to_png(link, pixels)
    assert link.is_symlink() and not target.is_symlink()
    np.testing.assert_array_equal(vf.png_to_numpy(target), pixels)
    assert len(list(folder.iterdir())) == 1 and len(list(tmp_path.iterdir())) == 2


@posix
def test_modes(tmp_path):
    """A new file has the mode that open() gives; a replaced one keeps its own."""
    old = os.umask(0o027)
    try:
        vf.numpy_to_png(tmp_path / "new.png", noise(4, 4))
        assert (tmp_path / "new.png").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(old)
    kept = tmp_path / "kept.png"
    kept.write_bytes(b"old")
    kept.chmod(0o604)
    vf.numpy_to_png(kept, noise(4, 4))
    assert kept.stat().st_mode & 0o777 == 0o604


# --- whole or not at all ------------------------------------------------------------------------------

WRITER = """
    import sys
    import numpy as np
    import vulkan_forge as vf

    pixels = np.random.default_rng(7).integers(0, 256, (600, 700, 4), np.uint8)
    print("ready", flush=True)
    while True:
        vf.numpy_to_png(sys.argv[1], pixels)
"""


def _kill_while_writing(path, delay):
    """Start WRITER on `path`, kill it after `delay` seconds of writing."""
    import textwrap

    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(delay)
    process.kill()
    process.wait()
    process.stdout.close()


def _check_kills(tmp_path, times, seed):
    path = tmp_path / "x.png"
    old = noise(600, 700, 4, seed=1)
    new = noise(600, 700, 4, seed=7)
    rng = np.random.default_rng(seed)
    seen = set()
    for _ in range(times):
        vf.numpy_to_png(path, old)
        _kill_while_writing(path, rng.uniform(0, 0.04))
        found = vf.png_to_numpy(path)  # raises on a torn file
        which = [np.array_equal(found, pixels) for pixels in (old, new)]
        assert any(which)
        seen.add(which.index(True))
    return seen


@posix
def test_killed_while_writing_leaves_the_old_file_or_the_new_one(tmp_path):
    _check_kills(tmp_path, 6, seed=0)


@posix
@pytest.mark.slow
def test_killed_while_writing_two_hundred_times(tmp_path):
    assert _check_kills(tmp_path, 200, seed=1) == {
        0,
        1,
    }, "every kill came too early, or too late, to prove anything"


def _check_full_disk(tmp_path, limits):
    """RLIMIT_FSIZE with SIGXFSZ ignored makes write() fail with EFBIG after `limit` bytes."""
    path = tmp_path / "x.png"
    old = noise(50, 60, 4, seed=1)
    vf.numpy_to_png(path, old)
    out = children.succeed(f"""
        import resource, signal
        import numpy as np
        import vulkan_forge as vf

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        pixels = np.random.default_rng(7).integers(0, 256, (300, 300, 4), np.uint8)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        for limit in {list(limits)}:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            try:
                vf.numpy_to_png({str(path)!r}, pixels)
            except vf.ImageFileError as error:
                assert {str(path)!r} in str(error), error
                print("refused")
        """)
    assert out.split() == ["refused"] * len(limits)
    np.testing.assert_array_equal(vf.png_to_numpy(path), old)
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.png"]


@posix
def test_a_full_disk_keeps_the_old_file(tmp_path):
    _check_full_disk(tmp_path, [0, 1, 8, 40, 1000, 4096, 65536, 100_000, 350_000])


@posix
@pytest.mark.slow
def test_a_full_disk_at_fifty_places(tmp_path):
    _check_full_disk(tmp_path, np.linspace(0, 355_000, 50).astype(int).tolist())


@posix
def test_sigkill_is_what_the_child_dies_of(tmp_path):
    """The harness itself: the writer is alive and writing when it is killed."""
    path = tmp_path / "x.png"
    _kill_while_writing(path, 0.5)
    np.testing.assert_array_equal(vf.png_to_numpy(path), noise(600, 700, 4, seed=7))
    assert signal.SIGKILL == 9


@pytest.mark.gpu
def test_a_failed_save_leaves_nothing(tmp_path, renderer):
    renderer.add_terrain(np.zeros((4, 4), np.float32))
    renderer.set_camera(vf.Camera.map())
    with pytest.raises(vf.ImageFileError):
        renderer.render_png(tmp_path / "no" / "x.png")
    assert not list(tmp_path.iterdir())
