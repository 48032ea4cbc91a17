"""Posters: the bytes of a picture in one piece, whole or not at all, in bounded memory."""

import os
import signal
import sys
import threading
import time

import children
import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused
from vulkan_forge._landing import land

pytestmark = pytest.mark.gpu
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
DEM = dems.ridge(60, 80, noise=0.05)
PLACES = np.random.default_rng(3).uniform((-38, -28), (38, 28), (40, 2))


def layers():
    """Names all over the picture, some beside strips' borders, and lines through all strips."""
    names = [f"Place {number}" for number in range(len(PLACES))]
    labels = vf.Labels(PLACES, text=names, anchor=["top", "bottom"], leader="black")
    track = vf.Lines(PLACES[:12], color="crimson", width="3px")
    return [track, labels]


LOOKS = {
    "plain": {},
    "everything": {
        "layers": layers(),
        "background": "sky",
        "contours": 2.0,
        "water": 1.0,
        "base": True,
    },
    "soft": {
        "samples": 1,
        "sun_radius": 1.0,
        "ambient_occlusion": True,
        "background": "transparent",
    },
    "map": {"camera": vf.Camera.map(), "layers": layers(), "samples": 2},
}


def strips(size, rows, device=None, **words):
    """The picture in strips of at most `rows` rows."""
    return list(land(DEM, words).strips(size, device, most_rows=rows))


@pytest.mark.parametrize("size", [(203, 157), (1, 9)])
@pytest.mark.parametrize("look", LOOKS)
def test_a_poster_is_the_picture(look, size, tmp_path):
    path = tmp_path / "poster.png"
    assert vf.poster(DEM, path, size, **LOOKS[look]) is None
    picture = vf.render(DEM, size=size, **LOOKS[look])
    np.testing.assert_array_equal(vf.png_to_numpy(path), picture.rgba)
    if look in ("everything", "map") and size == (203, 157):
        assert len(picture.labels) > 5


@pytest.mark.parametrize("look", ["everything", "map"])
def test_strips_of_every_height_are_the_picture(look, each_device):
    words = LOOKS[look] | {"device": each_device}
    whole = vf.render(DEM, size=(203, 157), **words).rgba
    for rows in (13, 96) if each_device == "SwiftShader" else (1, 13, 40, 96):
        parts = strips((203, 157), rows, **words)
        assert {len(part) for part in parts[:-1]} <= {max(rows - rows % 8, 8)}
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_a_wide_poster_has_bands_of_its_own(tmp_path):
    """So wide that the engine itself draws it in bands of one row of tiles."""
    size = (17000, 20)
    vf.poster(DEM, tmp_path / "wide.png", size, samples=16, camera=vf.Camera.map())
    expected = vf.render(DEM, size=size, samples=16, camera=vf.Camera.map()).rgba
    assert (vf.png_to_numpy(tmp_path / "wide.png") == expected).all()


def test_labels_are_known_before_the_first_strip():
    parts = land(DEM, LOOKS["map"]).strips((203, 157))
    assert parts.labels == vf.render(DEM, size=(203, 157), **LOOKS["map"]).labels
    parts.close()
    assert list(parts) == []


@pytest.mark.parametrize("size", [(300, 270), (255, 90), (512, 512)])
def test_a_geotiff_has_place_and_pixels(size, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    geotiffs.write(tmp_path / "dem.tif", DEM)
    words = {"camera": vf.Camera.map(), "samples": 1}
    vf.poster(tmp_path / "dem.tif", tmp_path / "poster.tif", size, **words)
    picture = vf.render(tmp_path / "dem.tif", size=size, **words)
    picture.save(tmp_path / "picture.tif")
    with (
        rasterio.open(tmp_path / "poster.tif") as got,
        rasterio.open(tmp_path / "picture.tif") as want,
    ):
        assert got.profile == want.profile
        assert got.colorinterp == want.colorinterp
        np.testing.assert_array_equal(got.read(), want.read())


def test_a_world_file_goes_with_a_map(tmp_path):
    pytest.importorskip("rasterio")
    geotiffs.write(tmp_path / "dem.tif", DEM)
    words = {"camera": vf.Camera.map(), "samples": 1}
    vf.poster(tmp_path / "dem.tif", tmp_path / "a.png", (90, 70), world_file=True, **words)
    vf.render(tmp_path / "dem.tif", size=(90, 70), **words).save(
        tmp_path / "b.png", world_file=True
    )
    assert (tmp_path / "a.pgw").read_text("utf-8") == (tmp_path / "b.pgw").read_text("utf-8")
    for end in (".png.aux.xml",):
        assert (tmp_path / f"a{end}").read_text("utf-8") == (tmp_path / f"b{end}").read_text(
            "utf-8"
        )


def test_a_poster_spares_its_own_dem(tmp_path):
    path = tmp_path / "dem.tif"
    vf.DEM(np.eye(9, dtype=np.float32), bounds=(4e5, 5e6, 400270, 5000270), crs="EPSG:32633").save(
        path
    )
    before = path.read_bytes()
    top = {"size": (16, 16), "camera": vf.Camera.map()}
    refused(lambda: vf.poster(path, tmp_path / "." / "dem.tif", **top), "another file")
    assert path.read_bytes() == before


def test_progress_is_told(tmp_path):
    told = []
    vf.poster(DEM, tmp_path / "x.png", (64, 48), progress=lambda *done: told.append(done))
    assert told[0] == (0, 48) and told[-1] == (48, 48)
    with pytest.raises(ZeroDivisionError):
        vf.poster(DEM, tmp_path / "y.png", (64, 48), progress=lambda done, rows: 1 / 0)
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.png"]


@pytest.mark.parametrize(
    ("path", "words", "parts"),
    [
        ("x.jpg", {}, ["path must end in .png, .tif or .tiff", "'x.jpg'", "'x.png'"]),
        ("x", {}, ["path must end in .png"]),
        (3, {}, ["path must be a str or os.PathLike; got 3"]),
        ("x.png", {"aovs": ("depth",)}, ["poster takes camera", "got aovs"]),
        ("x.png", {"colour": 1}, ["poster takes camera", "got colour"]),
        ("x.png", {"size": (0, 5)}, ["width must be a whole number in 1..65535; got 0"]),
        ("x.png", {"samples": 3}, ["samples must be 1, 2, 4, 8 or 16"]),
        ("x.png", {"progress": 3}, ["progress must be callable; got 3"]),
        ("x.png", {"world_file": 3}, ["world_file must be True or False"]),
        ("x.png", {"world_file": True}, ["expected a picture from straight above"]),
        ("x.tif", {}, ["expected a picture from straight above"]),
        ("x.tif", {"world_file": True}, ["world_file goes with a .png"]),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(path, words, parts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(vf.InvalidInputError) as refusal:
        vf.poster(DEM, path, **({"size": (40, 30)} | words))
    assert all(part in str(refusal.value) for part in parts), refusal.value
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["x.png", "x.tif"])
def test_a_place_that_is_none_is_an_image_file_error(name, tmp_path):
    with pytest.raises(vf.ImageFileError, match="no"):
        vf.poster(DEM, tmp_path / "no" / name, (300, 300), camera=vf.Camera.map())
    assert not list(tmp_path.iterdir())


@posix
@pytest.mark.parametrize("name", ["x.png", "x.tif"])
def test_a_full_disk_keeps_the_old_file(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"old")
    ended = children.run(f"""
        import resource, signal
        import numpy as np
        import vulkan_forge as vf

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        dem = np.random.default_rng(7).uniform(0, 100, (300, 300)).astype(np.float32)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        words = dict(camera=vf.Camera.map(), cmap="viridis", samples=1)
        vf.render(dem, size=(8, 8), **words)
        for limit in [0, 1, 60, 4096, 100_000]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            try:
                vf.poster(dem, {str(path)!r}, (300, 300), **words)
            except vf.ImageFileError as error:
                assert {str(path)!r} in str(error), error
                print("refused")
        """)
    # libtiff speaks to standard error by itself; a PNG's errors are ours alone.
    assert ended.code == 0 and (name == "x.tif" or ended.err == ""), ended.err
    assert ended.out.split() == ["refused"] * 5
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.fixture
def ctrl_c():
    """Python's own handler, which a background job does not have."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@posix
@pytest.mark.parametrize("name", ["x.png", "x.tif"])
def test_ctrl_c_leaves_nothing(name, tmp_path, ctrl_c):
    begin = None

    def interrupt(done, rows):
        nonlocal begin
        if done and begin is None:
            begin = time.perf_counter()
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        vf.poster(DEM, tmp_path / name, (4000, 9000), camera=vf.Camera.map(), progress=interrupt)
    assert time.perf_counter() - begin < 1.5  # 0.35 on a machine of one's own
    assert not list(tmp_path.iterdir())
    assert vf.render(DEM, size=(8, 8)).size == (8, 8)


def test_what_is_too_large_names_the_poster():
    with pytest.raises(vf.OutOfMemoryError, match=r"65535 x 65535 pixels.*vulkan_forge\.poster"):
        vf.render(DEM, size=(65535, 65535), aovs=("depth", "normal", "ground"))


def test_what_a_format_cannot_hold_names_the_poster(tmp_path):
    pytest.importorskip("PIL")
    picture = vf.render(DEM, size=(17000, 1), samples=1)
    with pytest.raises(vf.ImageFileError, match=r"at most 16383 pixels; got 17000 x 1.*poster"):
        picture.save(tmp_path / "x.webp")
    assert not list(tmp_path.iterdir())


@posix
def test_memory_does_not_grow_with_the_height():
    out = children.succeed(
        """
        import os, tempfile
        import numpy as np
        import vulkan_forge as vf

        def peak():
            with open("/proc/self/status") as status:
                return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

        dem = np.zeros((50, 50), np.float32)
        with tempfile.TemporaryDirectory() as folder:
            for height in (1100, 1100, 8000):
                vf.poster(dem, f"{folder}/x.png", (4000, height), camera=vf.Camera.map(), samples=1)
                print(peak())
        """,
        env={"VULKAN_FORGE_VALIDATION": "0"},  # the layers keep records
    )
    _, before, after = map(int, out.split())
    # One strip of 16,000 KiB is drawn while one waits and one is written: as it happens, one or three are held.
    assert after < before + 50_000, "KiB, where the picture has 125,000"
