"""Bad input to cameras, helpers and files: exception, words, and nothing left behind."""

import contextlib
import os
import struct
import sys
import tempfile
import zlib
from pathlib import Path

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

DEM = dems.ridge(6, 7)
NAN, INF = float("nan"), float("inf")
BadInput = vf.InvalidInputError

# --- cameras ------------------------------------------------------------------------------------------

EYE, TARGET, UP = (10.0, 20.0, 30.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)
FOV = "fovy_deg must be finite and in (0, 180)"
NEAR = "znear must be finite and > 0"
FAR = "zfar must be finite and > znear"
ASPECT = "aspect must be finite and > 0"
FINITE = "eye/target/up components must be finite"
COLINEAR = "up vector must not be colinear with view direction"
CLIP = "clip_space must be 'wgpu' or 'gl'"


def _camera_cases():
    for bad in (0, 180, -1, 360, NAN, INF):
        yield FOV, lambda bad=bad: vf.camera_perspective(bad, 1.5, 0.1, 10)
        yield FOV, lambda bad=bad: vf.camera_view_proj(EYE, TARGET, UP, bad, 1.5, 0.1, 10)
        yield FOV, lambda bad=bad: vf.Camera.look_at(EYE, TARGET, fov=bad)
        yield FOV, lambda bad=bad: vf.Camera.orbit(TARGET, 10, 0, 30, fov=bad)
        yield FOV, lambda bad=bad: vf.Camera.fit(DEM, fov=bad)
    for bad in (0, -1, NAN, INF):
        yield NEAR, lambda bad=bad: vf.camera_perspective(45, 1.5, bad, 10)
        yield ASPECT, lambda bad=bad: vf.camera_perspective(45, bad, 0.1, 10)
        yield ASPECT, lambda bad=bad: vf.Camera.look_at(EYE, TARGET).projection(bad)
    for bad in (0.1, 0.05, -1, NAN, INF):
        yield FAR, lambda bad=bad: vf.camera_perspective(45, 1.5, 0.1, bad)
    for bad in (NAN, INF, -INF):
        for k in range(3):
            vectors = [list(EYE), list(TARGET), list(UP)]
            vectors[k][k] = bad
            yield FINITE, lambda v=vectors: vf.camera_look_at(*v)
            yield FINITE, lambda v=vectors: vf.Camera.look_at(*v)
            yield FINITE, lambda v=vectors: vf.camera_view_proj(*v, 45, 1.5, 0.1, 10)
    for eye, up in [
        (EYE, EYE),
        ((0, 0, 5), UP),
        ((0, 0, 5), (0, 0, -2)),
        (TARGET, UP),
        (EYE, (0, 0, 0)),
    ]:
        yield COLINEAR, lambda eye=eye, up=up: vf.camera_look_at(eye, TARGET, up)
        yield COLINEAR, lambda eye=eye, up=up: vf.Camera.look_at(eye, TARGET, up)
    for bad in ("", "WGPU", "dx", "opengl"):
        yield CLIP, lambda bad=bad: vf.camera_perspective(45, 1.5, 0.1, 10, bad)
        yield CLIP, lambda bad=bad: vf.Camera.look_at(EYE, TARGET).projection(1.5, bad)


@pytest.mark.camera
def test_camera_messages_word_for_word():
    cases = list(_camera_cases())
    assert len(cases) > 80
    for text, call in cases:
        with pytest.raises(BadInput) as caught:
            call()
        message = str(caught.value)
        assert message == text or message.startswith(f"{text}; got "), message


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("text", "given"),
    [
        (FOV, (EYE, TARGET, UP, 0.0, 0.1, 10.0)),
        (NEAR, (EYE, TARGET, UP, 45.0, 0.0, 10.0)),
        (FAR, (EYE, TARGET, UP, 45.0, 1.0, 1.0)),
        (FINITE, ((NAN, 0, 0), TARGET, UP, 45.0, 0.1, 10.0)),
        (COLINEAR, (EYE, TARGET, EYE, 45.0, 0.1, 10.0)),
    ],
)
def test_session_camera_messages(renderer, text, given):
    with pytest.raises(BadInput) as caught:
        renderer.set_camera_look_at(*given)
    assert str(caught.value).startswith(text)


@pytest.mark.camera
@pytest.mark.parametrize(
    "call",
    [
        lambda: vf.Camera.orbit(TARGET, 0, 0, 30),
        lambda: vf.Camera.orbit(TARGET, NAN, 0, 30),
        lambda: vf.Camera.orbit(TARGET, 10, NAN, 30),
        lambda: vf.Camera.orbit(TARGET, 10, 0, 91),
        lambda: vf.Camera.map((0, 0, 0, 1)),
        lambda: vf.Camera.map((1, 0, 0, 1)),
        lambda: vf.Camera.map((0, 0, 1, NAN)),
        lambda: vf.Camera.fit(DEM, spacing=(0, 1)),
        lambda: vf.Camera.fit(DEM, vert_exag=NAN),
        lambda: vf.Camera.fit(DEM[0]),
    ],
)
def test_camera_values(call):
    refused(call)


# --- helpers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [0, 1, -1, 2**31, 2**32, 2**63, 2**64, 10**30])
def test_grid_sizes(bad):
    refused(lambda: vf.grid_generate(bad, 3))
    refused(lambda: vf.grid_generate(3, bad))


@pytest.mark.parametrize(
    "call",
    [
        lambda: vf.grid_generate(3, 3, (0.0, 1.0)),
        lambda: vf.grid_generate(3, 3, (1.0, NAN)),
        lambda: vf.grid_generate(3, 3, origin="middle"),
        lambda: vf.grid_generate(2**16, 2**16 + 1),
        lambda: vf.make_mesh(DEM, (0.0, 1.0)),
        lambda: vf.make_mesh(DEM, exaggeration=INF),
        lambda: vf.dem_normalize(DEM, mode="max"),
        lambda: vf.dem_normalize(DEM, out_range=(NAN, 1)),
        lambda: vf.dem_normalize(DEM, eps=-1),
        lambda: vf.dem_normalize(DEM, eps=NAN),
    ],
)
def test_helper_parameters(call):
    refused(call)


@pytest.mark.gpu
@pytest.mark.parametrize(
    "call",
    [
        lambda: vf.run_benchmark("dance", 8, 8),
        lambda: vf.run_benchmark("render", 0, 8),
        lambda: vf.run_benchmark("render", 8, 2**63),
        lambda: vf.run_benchmark("render", 8, 8, iterations=0),
        lambda: vf.run_benchmark("render", 8, 8, warmup=-1),
        lambda: vf.render_triangle_rgba(0, 5),
        lambda: vf.render_triangle_rgba(5, 2**63),
        lambda: vf.render_triangle_rgba(-1, 5),
    ],
)
def test_benchmark_and_triangle_parameters(call):
    refused(call)


# --- files --------------------------------------------------------------------------------------------


def _png(width, height, data=b"", *, bits=8, color=6):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.fixture
def good_png(tmp_path):
    path = tmp_path / "good.png"
    vf.numpy_to_png(path, np.random.default_rng(0).integers(0, 255, (40, 50, 4), np.uint8))
    return path


def test_truncated_pngs_at_every_length(good_png, tmp_path):
    whole = good_png.read_bytes()
    path = tmp_path / "cut.png"
    for length in [*range(0, 60), *range(60, len(whole) - 12, 97)]:
        path.write_bytes(whole[:length])
        refused(lambda: vf.png_to_numpy(path), str(path), kind=vf.ImageFileError)


def test_corrupt_pngs(good_png, tmp_path):
    whole = bytearray(good_png.read_bytes())
    path = tmp_path / "bad.png"
    rng = np.random.default_rng(1)
    for place in rng.integers(0, len(whole) - 12, 200):
        broken = bytearray(whole)
        broken[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(broken)
        with contextlib.suppress(vf.ImageFileError):
            assert vf.png_to_numpy(path).dtype == np.uint8


@pytest.mark.parametrize(
    "size", [(2**31 - 1, 2**31 - 1), (100_000, 100_000), (2**31 - 1, 1), (0, 5)]
)
def test_png_bombs_are_refused_quickly(size, tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(*size, zlib.compress(bytes(10_000_000), 9)))
    with pytest.raises((vf.ImageFileError, vf.OutOfMemoryError)):
        vf.png_to_numpy(path)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\x00" * 1000], ids=len)
def test_not_a_png(content, tmp_path):
    path = tmp_path / "strange.png"
    path.write_bytes(content)
    refused(lambda: vf.png_to_numpy(path), str(path), kind=vf.ImageFileError)


def test_missing_files_and_folders_in_their_place(tmp_path):
    refused(lambda: vf.png_to_numpy(tmp_path / "no.png"), "no.png", kind=vf.ImageFileError)
    refused(lambda: vf.png_to_numpy(tmp_path), kind=vf.ImageFileError)


PIXELS = np.zeros((4, 5, 4), np.uint8)
TARGETS = {
    "folder missing": lambda root: root / "no" / "x.png",
    "a folder": lambda root: root,
    "below a file": lambda root: root / "file" / "x.png",
    "name too long": lambda root: root / ("x" * 300 + ".png"),
}
if sys.platform != "win32":
    TARGETS["/dev/full"] = lambda root: Path("/dev/full")
    TARGETS["/dev/null"] = lambda root: Path("/dev/null")
    TARGETS["a fifo"] = lambda root: os.mkfifo(root / "fifo") or root / "fifo"
    TARGETS["a link to a device"] = (
        lambda root: (root / "link").symlink_to("/dev/full") or root / "link"
    )


def _writers():
    yield "numpy_to_png", lambda path: vf.numpy_to_png(path, PIXELS), ()
    yield "render_triangle_png", lambda path: vf.render_triangle_png(path, 8, 8), pytest.mark.gpu
    yield "Image.save", lambda path: vf.render(DEM, size=(8, 8)).save(path), pytest.mark.gpu
    yield "render_png", _render_png, pytest.mark.gpu


def _render_png(path):
    renderer = vf.Renderer(8, 8)
    renderer.add_terrain(DEM)
    renderer.set_camera(vf.Camera.fit(DEM))
    renderer.render_png(path)


@pytest.mark.parametrize(
    "write", [pytest.param(call, id=name, marks=mark) for name, call, mark in _writers()]
)
@pytest.mark.parametrize("target", TARGETS)
def test_unwritable_targets(write, target, tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    path = TARGETS[target](tmp_path)
    before = sorted(tmp_path.iterdir())
    refused(lambda: write(path), str(path), kind=vf.ImageFileError)
    assert sorted(tmp_path.iterdir()) == before, "something was left behind"
    assert (tmp_path / "file").read_bytes() == b"old"


@contextlib.contextmanager
def nobody():
    """As a user who is not root, who writes everywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_read_only_folder():
    with tempfile.TemporaryDirectory() as folder:  # that nobody may enter, unlike tmp_path
        Path(folder).chmod(0o555)
        with nobody():
            assert os.listdir(folder) == []  # so what is refused is to write
            refused(lambda: vf.numpy_to_png(f"{folder}/x.png", PIXELS), kind=vf.ImageFileError)


@pytest.mark.parametrize("path", ["a\0b.png", 3, None, ["x.png"]], ids=repr)
def test_paths_that_are_none(path):
    for call in (lambda: vf.numpy_to_png(path, PIXELS), lambda: vf.png_to_numpy(path)):
        with pytest.raises((TypeError, BadInput, vf.ImageFileError)):
            call()


@pytest.mark.parametrize(
    ("array", "word"),
    [
        (np.zeros((4, 5), np.float32), "uint8"),
        (np.zeros((4, 5), np.uint16), "uint8"),
        (np.zeros((4, 5), np.int8), "uint8"),
        (np.zeros((4, 5), bool), "uint8"),
        (np.zeros(5, np.uint8), "(H, W)"),
        (np.zeros((4, 5, 2), np.uint8), "(H, W)"),
        (np.zeros((4, 5, 5), np.uint8), "(H, W)"),
        (np.zeros((1, 4, 5, 4), np.uint8), "(H, W)"),
        (np.zeros((0, 5, 4), np.uint8), ""),
        (np.zeros((5, 0), np.uint8), ""),
        (np.asfortranarray(PIXELS), "ascontiguousarray"),
        (PIXELS[:, ::2], "ascontiguousarray"),
    ],
    ids=lambda value: str(getattr(value, "shape", "")),
)
def test_arrays_that_are_no_picture(array, word, tmp_path):
    refused(lambda: vf.numpy_to_png(tmp_path / "x.png", array), word)
    assert not list(tmp_path.iterdir())
