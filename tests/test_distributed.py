"""On a real cluster of two processes: frames, posters and tiles as they are on one machine; workers that die."""

import os
import signal
import sys
import threading
import time

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge import relief

distributed = pytest.importorskip("distributed", reason="needs the extra 'dask'")
array = pytest.importorskip("dask.array")
pytestmark = pytest.mark.gpu
DEM = vf.DEM(
    dems.with_holes(dems.ridge(90, 120), fraction=0.002),
    transform=(30.0, 0, 400_000.0, 0, -30.0, 3_800_000.0),
    crs="EPSG:32611",
)
LOOK = {"cmap": "gist_earth", "altitude": 25.0, "contours": 50.0}
CAMERAS = [vf.Camera.fit(DEM, azimuth=float(angle)) for angle in range(0, 360, 60)]


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_frames_come_back_in_order(client):
    told = []
    found = vf.distributed.frames(
        DEM,
        CAMERAS,
        size=(96, 64),
        in_flight=3,
        progress=lambda done, count: told.append((done, count)),
        **LOOK,
    )
    for camera, frame in zip(CAMERAS, found, strict=True):
        assert np.array_equal(frame, vf.render(DEM, size=(96, 64), camera=camera, **LOOK))
    assert told == [(done, 6) for done in range(7)]
    # Who draws how much is dask's affair: on a busy machine one of the two may have drawn all.
    opened = sorted(client.run(engines).values())
    assert len(opened) == 2 and opened[-1] == 1


def test_pictures_and_layers_travel(client):
    places = np.array([[401_000, 3_799_000], [402_500, 3_798_000.0]])
    words = {"crs": "dem"}
    texts = vf.Labels(places, text=["a", "b"], anchor="center", **words)
    layers = [vf.Lines(places, width="2px", **words), texts]
    here = vf.render(DEM, size=(96, 64), layers=layers)
    there = client.submit(vf.render, DEM, size=(96, 64), layers=layers).result()
    np.testing.assert_array_equal(there, here)
    assert there.labels == here.labels and there.crs == here.crs


def engines():
    """In a worker: how many devices it has opened for itself."""
    from vulkan_forge._vulkan_forge import _engine_count

    return _engine_count()


def test_what_stays_where_it_is(client, tmp_path):
    path = tmp_path / "dem.tif"
    DEM.save(path)
    large = vf.LargeDEM(path, keep=True, _levels=(4, 1))
    frames = list(vf.distributed.frames(large, CAMERAS[:2], size=(96, 64), **LOOK))
    for camera, frame in zip(CAMERAS, frames, strict=False):
        assert np.array_equal(frame, vf.render(DEM, size=(96, 64), camera=camera, **LOOK))
    vf.distributed.poster(large, tmp_path / "a.png", size=(96, 64), **LOOK)
    vf.poster(DEM, tmp_path / "b.png", size=(96, 64), **LOOK)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "dem.tif.vfp").exists()
    rasterio = pytest.importorskip("rasterio")
    with (
        rasterio.open(path) as file,
        rasterio.vrt.WarpedVRT(file, crs="EPSG:32612") as warped,
        pytest.raises(vf.InvalidInputError, match="must be of a file"),
    ):
        vf.distributed.frames(vf.LargeDEM(warped), CAMERAS)


def test_frames_of_a_path_as_files(client, tmp_path):
    DEM.save(tmp_path / "dem.tif")
    path = vf.Path.orbit(DEM, duration=1)
    files = vf.distributed.frames(
        tmp_path / "dem.tif",
        path,
        tmp_path / "turn_%02d.png",
        fps=4,
        size=(96, 64),
        azimuth=lambda t: 90 * t,
        **LOOK,
    )
    assert files == [tmp_path / f"turn_{number:02d}.png" for number in range(len(files))]
    assert sorted(tmp_path.glob("turn*")) == files and len(files) == 4
    for number, (file, t) in enumerate(zip(files, path.times(4), strict=True)):
        camera = path.camera(t, 96 / 64)
        wanted = vf.render(DEM, size=(96, 64), camera=camera, azimuth=90 * t, **LOOK)
        assert np.array_equal(PillowImage.open(file).convert("RGBA"), wanted), number


@pytest.mark.parametrize("name", ["p.png", pytest.param("p.tif", marks=pytest.mark.slow)])
def test_a_poster_has_the_bytes_of_one_machine(name, client, tmp_path):
    words = LOOK | ({"camera": vf.Camera.map()} if name.endswith("tif") else {"haze": True})
    rows = []
    vf.distributed.poster(
        DEM, tmp_path / name, (160, 203), progress=lambda done, all_: rows.append(done), **words
    )
    vf.poster(DEM, tmp_path / f"one_{name}", (160, 203), **words)
    assert (tmp_path / name).read_bytes() == (tmp_path / f"one_{name}").read_bytes()
    assert rows[0] == 0 and rows[-1] == 203 and len(rows) >= 4


@pytest.mark.parametrize("words", [LOOK, {"encoding": "terrarium"}])
def test_tiles_have_the_bytes_of_one_machine(words, client, tmp_path):
    for name, tiles in (("many", vf.distributed.tiles), ("one", vf.tiles)):
        made = tiles(DEM, tmp_path / name, zooms=(11, 13), **words)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == made.tiles + 1 > 4
    assert files == sorted(
        path.relative_to(tmp_path / "many") for path in (tmp_path / "many").rglob("*.*")
    )
    for file in files:
        if file.name != "tiles.json":  # which has the folder's name
            assert (tmp_path / "many" / file).read_bytes() == (tmp_path / "one" / file).read_bytes()


def test_memory_is_bounded_by_what_is_asked_for(client):
    asked = []

    def cameras():
        for number in range(12):
            asked.append(number)
            yield CAMERAS[number % 6]

    found = vf.distributed.frames(DEM, cameras(), size=(32, 32), in_flight=3)
    next(found)
    time.sleep(1)
    assert len(asked) <= 3  # the one that was given is not yet asked for anew
    next(found)
    assert len(asked) <= 4
    found.close()
    deadline = time.monotonic() + 10
    while client.run(running) and time.monotonic() < deadline:
        if not any(client.run(running).values()):
            break
    assert not any(client.run(running).values())


def running(dask_worker):
    return [key for key in dask_worker.state.tasks if str(key).startswith("vulkan_forge")]


def test_refusals_say_what_to_do(client, tmp_path):
    with pytest.raises(vf.InvalidInputError, match="frames takes words of render"):
        vf.distributed.frames(DEM, CAMERAS, colour=1)
    with pytest.raises(vf.InvalidInputError, match="cameras must be a Path or several"):
        vf.distributed.frames(DEM, CAMERAS[0])
    with pytest.raises(vf.InvalidInputError, match="functions of time need a Path"):
        vf.distributed.frames(DEM, CAMERAS, azimuth=lambda t: t)
    with pytest.raises(vf.InvalidInputError, match="in_flight must be a whole number"):
        vf.distributed.frames(DEM, CAMERAS, in_flight=0)
    with pytest.raises(vf.InvalidInputError, match=r"out must be as turn_%03d\.png"):
        vf.distributed.frames(DEM, CAMERAS, "turn.png")
    with pytest.raises(vf.ImageFileError, match="a folder that exists"):
        vf.distributed.frames(DEM, CAMERAS, tmp_path / "none" / "turn_%d.png")
    with pytest.raises(vf.ImageFileError, match="a file that all workers see"):
        vf.distributed.frames(tmp_path / "none.tif", CAMERAS)
    with pytest.raises(vf.InvalidInputError, match="Unknown colormap"):
        list(vf.distributed.frames(DEM, CAMERAS[:1], size=(8, 8), cmap="no such map"))
    with pytest.raises(vf.NoDeviceError, match=r"worker tcp://.*no such device"):
        list(vf.distributed.frames(DEM, CAMERAS[:1], size=(8, 8), device="no such device"))
    DEM.save(tmp_path / "dem.tif")
    found = vf.distributed.frames(tmp_path / "dem.tif", CAMERAS, size=(8, 8))
    (tmp_path / "dem.tif").write_bytes(b"another")
    with pytest.raises(vf.ImageFileError, match="one that has changed since"):
        list(found)
    with pytest.raises(vf.InvalidInputError, match=r"client must be a distributed\.Client"):
        vf.distributed.frames(DEM, CAMERAS, client="here")


def test_shadows_and_views_of_a_cluster_are_those_of_the_whole(client):
    heights = dems.rough(150, 170, relief=600.0)
    lazy = array.from_array(heights, chunks=(60, 70))
    same = {"spacing": (30.0, 30.0)}
    asked = [
        (relief.shadow_mask, {"azimuth": 250.0, "altitude": 9.0}),
        (relief.sky_view_factor, {"radius": 900.0}),
        (relief.viewshed, {"x": 400.0, "y": -300.0}),
    ]
    found = client.compute([operate(lazy, **same, **words) for operate, words in asked], sync=True)
    for (operate, words), values in zip(asked, found, strict=True):
        np.testing.assert_array_equal(values, operate(heights, **same, **words))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_workers_that_die_lose_nothing(tmp_path):
    """One is killed at each third of 30 frames; the files are those of an undisturbed run, each whole."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed = []

        def kill(done, count):
            if done in (10, 20):
                workers = client.run(os.getpid)
                victim = sorted(workers.values())[done // 10 % len(workers)]
                threading.Timer(0.05, os.kill, (victim, signal.SIGKILL)).start()
                killed.append(victim)

        cameras = [vf.Camera.fit(DEM, azimuth=12.0 * number) for number in range(30)]
        (tmp_path / "a").mkdir()
        files = vf.distributed.frames(
            DEM, cameras, tmp_path / "a" / "%02d.png", size=(400, 300), progress=kill, **LOOK
        )
        vf.distributed.tiles(DEM, tmp_path / "t", zooms=(11, 14), **LOOK)
    assert len(killed) == 2
    assert sorted((tmp_path / "a").iterdir()) == files and len(files) == 30
    for file, camera in zip(files, cameras, strict=True):
        wanted = vf.render(DEM, size=(400, 300), camera=camera, **LOOK)
        assert np.array_equal(PillowImage.open(file).convert("RGBA"), wanted)
