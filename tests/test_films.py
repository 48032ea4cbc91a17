"""Films: the frames that single pictures are, in files that are whole or not there."""

import os
import signal
import sys
import threading
import time
from fractions import Fraction

import children
import numpy as np
import pytest
import vulkan_forge as vf
from films import DEM, GROWING, SIZE, WORDS, drawn, frames_of, orbit
from PIL import Image as PillowImage
from vulkan_forge._film._blur import Mean

pytestmark = pytest.mark.gpu
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


# --- frames -------------------------------------------------------------------------------------------


def test_frames_are_renders_pictures(tmp_path, each_device):
    path = orbit()
    frames = drawn(tmp_path, path, device=each_device, background="sky", haze=True, samples=4)
    assert len(frames) == 4
    words = WORDS | {"device": each_device, "background": "sky", "haze": True, "samples": 4}
    for number, frame in enumerate(frames):
        camera = path.camera(number / 10, SIZE[0] / SIZE[1])
        np.testing.assert_array_equal(frame, vf.render(DEM, size=SIZE, camera=camera, **words).rgba)


MOVING = {
    "azimuth": lambda t: 90 + 300 * t,
    "altitude": lambda t: 20 + 60 * t,
    "time": lambda t: np.datetime64("2026-06-21T04:00") + np.timedelta64(round(3600 * 20 * t), "m"),
    "water": lambda t: 50 + 300 * t,
    "vert_exag": lambda t: 1 + 3 * t,
    "layers": lambda t: [vf.Lines(GROWING[: 2 + round(5 * t)], color="red", width="3px")],
    "cmap": lambda t: ["viridis", "magma", "terrain"][int(5 * t) % 3],
    "vmax": lambda t: 100 + 400 * t,
    "contours": lambda t: 20 + 50 * t,
    "background": lambda t: (t, 0, 0, 1),
    "drape": lambda t: np.full((4, 4, 3), round(200 * t), np.uint8),
    "dpi": lambda t: 50 + 100 * t,
}


@pytest.mark.parametrize("name", MOVING)
def test_words_are_functions_of_time(name, tmp_path):
    given = {"layers": [vf.Lines(GROWING, width="3pt")]} if name == "dpi" else {}
    if name == "time":
        given["position"] = (46.0, 8.0)
    path = orbit(0.3, vert_exag=1.0)
    frames = drawn(tmp_path, path, **given, **{name: MOVING[name]})
    for number, frame in enumerate(frames):
        t = number / 10
        words = WORDS | given | {name: MOVING[name](t)}
        expected = vf.render(DEM, size=SIZE, camera=path.camera(t, SIZE[0] / SIZE[1]), **words)
        np.testing.assert_array_equal(frame, expected.rgba)
    if name != "drape":
        assert (frames[0] != frames[-1]).any()


def test_layers_lie_where_their_coordinates_are(tmp_path):
    pytest.importorskip("rasterio")
    dem = vf.DEM(DEM, bounds=(8.0, 46.0, 8.02, 46.01), crs="EPSG:4326")
    line = vf.Lines(np.array([[8.004, 46.002], [8.016, 46.008]]), crs="EPSG:4326", width="4px")
    path = vf.Path.orbit(dem, duration=0.1)
    vf.animate(dem, path, f"{tmp_path}/", size=SIZE, fps=10, layers=[line], samples=1)
    camera = path.camera(0, SIZE[0] / SIZE[1])
    expected = vf.render(dem, size=SIZE, camera=camera, layers=[line], samples=1).rgba
    np.testing.assert_array_equal(frames_of(tmp_path)[0], expected)


def test_a_colour_map_that_can_be_called_is_no_function_of_time(tmp_path):
    colors = pytest.importorskip("matplotlib.colors")
    ramp = colors.ListedColormap(["red", "green", "blue"])
    norm = colors.Normalize(0, 300)
    frames = drawn(tmp_path, orbit(0.1), cmap=ramp, norm=norm)
    camera = orbit().camera(0, SIZE[0] / SIZE[1])
    expected = vf.render(DEM, size=SIZE, camera=camera, cmap=ramp, norm=norm, **WORDS).rgba
    np.testing.assert_array_equal(frames[0], expected)


# --- blur ---------------------------------------------------------------------------------------------


def test_the_mean_of_one_picture_is_itself():
    every = np.stack([np.repeat(np.arange(256), 3).reshape(16, 16, 3)[..., 0]] * 3, -1)
    picture = np.concatenate([every, np.full((16, 16, 1), 255)], -1).astype(np.uint8)
    for count in (1, 2, 7, 64):
        mean = Mean()
        for _ in range(count):
            mean.add(picture)
        np.testing.assert_array_equal(mean.picture(), picture)


def test_light_is_what_is_averaged():
    mean = Mean()
    mean.add(np.full((1, 1, 4), 255, np.uint8))
    mean.add(np.array([[[0, 0, 0, 255]]], np.uint8))
    assert mean.picture().tolist() == [[[188, 188, 188, 255]]]  # half of white's light
    mean.add(np.zeros((1, 1, 4), np.uint8))  # nothing has no colour
    assert mean.picture().tolist() == [[[188, 188, 188, 170]]]


def test_a_shutter_blurs_what_moves(tmp_path):
    path = orbit(0.2)
    still, moved = drawn(tmp_path / "a", path), drawn(tmp_path / "b", path, shutter=1.0, shots=4)
    wanted = Mean()
    for part in range(4):
        camera = path.camera((part + 0.5) / 40, SIZE[0] / SIZE[1])
        wanted.add(vf.render(DEM, size=SIZE, camera=camera, **WORDS).rgba)
    np.testing.assert_array_equal(moved[0], wanted.picture())
    rough = [
        np.abs(np.diff(frame[..., :3].astype(int), axis=1)).mean() for frame in (still[0], moved[0])
    ]
    assert rough[1] < rough[0]


# --- files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".mov"])
def test_a_video_has_the_frames_in_their_time(suffix, tmp_path):
    av = pytest.importorskip("av")
    path = orbit(0.5)
    for name in ("a", "b"):
        vf.animate(DEM, path, tmp_path / f"{name}{suffix}", size=SIZE, fps=12.5, **WORDS)
    frames = drawn(tmp_path / "frames", path, fps=12.5)
    with av.open(str(tmp_path / f"a{suffix}")) as film:
        stream = film.streams.video[0]
        assert stream.average_rate == Fraction(25, 2)
        shown = list(film.decode(video=0))
    assert len(shown) == len(frames) == 6
    assert [round(frame.time * 12.5) for frame in shown] == list(range(6))
    for frame, picture in zip(shown, frames, strict=True):
        pixels = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
        error = np.abs(pixels.astype(int) - picture[..., :3])
        assert (
            error.mean() < 6
            and np.abs(pixels.mean((0, 1)) - picture[..., :3].mean((0, 1))).max() < 2
        )
    data = [(tmp_path / f"{name}{suffix}").read_bytes() for name in ("a", "b")]
    assert data[0] == data[1], "encoders are told all that would vary"


def test_a_gif_and_an_apng_have_the_frames_in_their_time(tmp_path):
    path = orbit(0.5)
    frames = drawn(tmp_path / "frames", path, fps=30)
    for name in ("x.gif", "x.apng"):
        vf.animate(DEM, path, tmp_path / name, size=SIZE, fps=30, **WORDS)
        with PillowImage.open(tmp_path / name) as film:
            assert film.n_frames == len(frames) == 15 and film.info["loop"] == 0
            lasts = 0
            for number, picture in enumerate(frames):
                film.seek(number)
                lasts += film.info["duration"]
                error = np.abs(np.asarray(film.convert("RGB")).astype(int) - picture[..., :3])
                assert error.max() == 0 if name == "x.apng" else error.mean() < 4
        assert lasts == pytest.approx(500, abs=10)


def test_pictures_by_number(tmp_path):
    vf.animate(DEM, orbit(), tmp_path / "turn_%03d.png", size=SIZE, fps=10, **WORDS)
    assert sorted(os.listdir(tmp_path)) == [f"turn_{number:03}.png" for number in range(4)]
    (tmp_path / "frames").mkdir()
    for one, other in zip(
        drawn(tmp_path / "frames", orbit()), sorted(tmp_path.glob("*.png")), strict=True
    ):
        np.testing.assert_array_equal(one, vf.png_to_numpy(other))


def test_see_through_frames_lie_on_white(tmp_path):
    av = pytest.importorskip("av")
    for name, background in (("a", "transparent"), ("b", "white")):
        vf.animate(
            DEM,
            orbit(0.1),
            tmp_path / f"{name}.mp4",
            size=SIZE,
            fps=10,
            background=background,
            **WORDS,
        )
    shown = []
    for name in "ab":
        with av.open(str(tmp_path / f"{name}.mp4")) as film:
            shown.append(next(film.decode(video=0)).to_ndarray(format="rgb24"))
    np.testing.assert_array_equal(*shown)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "words", "parts"),
    [
        ("x.mp4", {"fps": 0}, ["fps must be > 0", "got 0"]),
        ("x.mp4", {"fps": -5}, ["fps must be > 0"]),
        ("x.mp4", {"fps": 0.0004}, ["from 0.001 to 1000"]),
        ("x.mp4", {"fps": "30"}, ["fps must be"]),
        ("x.mp4", {"codec": "h999"}, ["codec must be a video encoder", "'h999'", "libx264"]),
        ("x.mp4", {"codec": "aac"}, ["codec must be a video encoder", "'aac'"]),
        ("x.gif", {"codec": "libx264"}, ["codec goes with a video"]),
        ("x.mp4", {"size": (33, 20)}, ["even sizes", "33 x 20", "size=(32, 20)"]),
        ("x.mp4", {"size": (0, 20)}, ["size must be (width, height)"]),
        ("x.mp4", {"size": 20}, ["size must be (width, height)"]),
        ("x.avi", {}, ["out must end in one of .mp4", "'x.avi'", "'x.mp4'"]),
        ("x.png", {}, ["turn_%03d.png"]),
        (7, {}, ["out must be a str or os.PathLike; got 7"]),
        ("x.mp4", {"shutter": 2}, ["shutter must be in 0..1; got 2"]),
        ("x.mp4", {"shots": 1}, ["shots must be a whole number in 2..64"]),
        ("x.mp4", {"progress": 1}, ["progress must be callable"]),
        ("x.mp4", {"colour": 1}, ["animate takes words of render", "'colour'"]),
        ("x.mp4", {"aovs": ()}, ["animate takes words of render", "'aovs'"]),
        ("x.mp4", {"vert_exag": 2.0}, ["path and film must have one vert_exag; got 1.0 and 2.0"]),
        ("x.mp4", {"samples": 3}, ["samples must be 1, 2, 4, 8 or 16"]),
        ("x.mp4", {"path": 3}, ["path must be a Path; got 3"]),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(out, words, parts, tmp_path, monkeypatch):
    pytest.importorskip("av")
    monkeypatch.chdir(tmp_path)
    call = {"path": orbit(0.1), "size": SIZE, "fps": 10} | WORDS | words
    with pytest.raises(vf.InvalidInputError) as refusal:
        vf.animate(DEM, call.pop("path"), out, **call)
    assert all(part in str(refusal.value) for part in parts), refusal.value
    assert not list(tmp_path.iterdir())


def test_an_absent_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(vf.MissingExtraError, match=r"vulkan-forge\[video\]"):
        vf.animate(DEM, orbit(0.1), tmp_path / "x.mp4", size=SIZE)
    assert not list(tmp_path.iterdir())


def test_a_function_that_fails_leaves_no_file(tmp_path):
    pytest.importorskip("av")
    with pytest.raises(ZeroDivisionError):
        vf.animate(
            DEM,
            orbit(),
            tmp_path / "x.mp4",
            size=SIZE,
            fps=10,
            azimuth=lambda t: 1 / (t - 0.2),
            **WORDS,
        )
    with pytest.raises(vf.ImageFileError, match="no"):
        vf.animate(DEM, orbit(), tmp_path / "no" / "x.mp4", size=SIZE, fps=10, **WORDS)
    assert not list(tmp_path.iterdir())


@posix
@pytest.mark.parametrize("name", ["x.mp4", "x.gif"])
def test_a_full_disk_keeps_the_old_film(name, tmp_path):
    pytest.importorskip("av")
    path = tmp_path / name
    path.write_bytes(b"old")
    out = children.run(f"""
        import resource, signal
        import dems
        import vulkan_forge as vf

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        dem = dems.ridge(40, 50, noise=0.05)
        way = vf.Path.orbit(dem, duration=1)
        vf.render(dem, size=(8, 8))
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        try:
            vf.animate(dem, way, {str(path)!r}, size=(64, 48), fps=10, samples=1)
        except vf.ImageFileError as error:
            assert {str(path)!r} in str(error), error
            print("refused")
        """)
    assert out.code == 0 and out.out.split() == ["refused"], out.err
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@posix
@pytest.mark.parametrize("name", ["x.mp4", "x.gif", "frames/"])
def test_ctrl_c_leaves_no_torn_film(name, tmp_path):
    pytest.importorskip("av")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    began = []

    def interrupt(done, frames):
        if done == 3:
            began.append(time.perf_counter())
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()

    try:
        with pytest.raises(KeyboardInterrupt):
            vf.animate(
                DEM, orbit(400), f"{tmp_path}/{name}", size=SIZE, progress=interrupt, **WORDS
            )
        assert time.perf_counter() - began[0] < 1.5  # 0.35 on a machine of one's own
    finally:
        signal.signal(signal.SIGINT, before)
    if name == "frames/":
        for entry in (tmp_path / "frames").iterdir():
            assert vf.png_to_numpy(entry).shape == (48, 64, 4)
    else:
        assert not list(tmp_path.iterdir())
