"""renderer.frames: the same pictures as one by one, the next drawn while the last is read."""

import itertools
import signal
import sys
import threading
import time

import children
import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
DEM = dems.ridge(40, 50)


def orbit(azimuth):
    return vf.Camera.orbit((0, 0, 60), 300, azimuth, 30)


CAMERAS = [orbit(azimuth) for azimuth in (0, 50, 100, 200)]


@pytest.fixture
def renderer(each_device):
    made = vf.Renderer(64, 48, device=each_device)
    made.add_terrain(DEM, (5.0, 5.0))
    return made


def one_by_one(renderer, cameras=CAMERAS, **options):
    pictures = []
    for camera in cameras:
        renderer.set_camera(camera)
        pictures.append(renderer.render(**options))
    return pictures


def slow_renderer():
    """One whose pictures take a good part of a second."""
    renderer = vf.Renderer(420, 320)
    renderer.add_terrain(dems.rough(300, 300, 1), (5.0, 5.0))
    renderer.set_samples(8)
    return renderer


FAR = [vf.Camera.orbit((0, 0, 60), 1500, azimuth, 30) for azimuth in (0, 50, 100, 200)]


def test_the_bytes_are_those_of_one_by_one(renderer):
    pictures = list(renderer.frames(CAMERAS, aovs=("depth", "normal")))
    expected = one_by_one(renderer, aovs=("depth", "normal"))
    assert len(pictures) == len(expected)
    for picture, wanted in zip(pictures, expected, strict=True):
        np.testing.assert_array_equal(picture, wanted)
        for name in ("depth", "normal"):
            np.testing.assert_array_equal(picture.aovs[name], wanted.aovs[name])
        assert picture.ground_at(32, 30) == wanted.ground_at(32, 30)
    assert not np.array_equal(pictures[0], pictures[1])


def test_cameras_are_taken_one_ahead(renderer):
    taken = []
    frames = renderer.frames(
        taken.append(azimuth) or orbit(azimuth) for azimuth in itertools.count()
    )
    assert taken == []
    next(frames)
    assert taken == [0, 1]
    next(frames)
    assert taken == [0, 1, 2]
    frames.close()
    assert list(frames) == []
    assert taken == [0, 1, 2]


def test_no_camera_no_picture(renderer):
    assert list(renderer.frames([])) == []
    assert list(renderer.frames(iter(CAMERAS[:1]))) != []


def test_the_next_picture_is_drawn_meanwhile():
    renderer = slow_renderer()
    renderer.set_camera(FAR[0])
    renderer.render()
    start = time.perf_counter()
    renderer.render()
    alone = time.perf_counter() - start
    with renderer.frames(itertools.cycle(FAR)) as frames:
        next(frames)
        waits = []
        for _ in range(4):
            time.sleep(2 * alone + 0.05)
            start = time.perf_counter()
            next(frames)
            waits.append(time.perf_counter() - start)
    assert min(waits) < 0.5 * alone


def test_the_renderers_own_camera_stays(renderer):
    renderer.set_camera(CAMERAS[2])
    before = renderer.render_rgba()
    frames = renderer.frames(CAMERAS)
    next(frames)
    np.testing.assert_array_equal(before, renderer.render_rgba())
    next(frames)
    np.testing.assert_array_equal(before, renderer.render_rgba())


def test_what_is_changed_between_pictures_holds_from_the_next(renderer):
    changes = [
        lambda: (renderer.set_sun(20, 100), renderer.set_colormap("gray")),
        lambda: renderer.add_terrain(DEM * 2, (5.0, 5.0), colormap="magma"),
        lambda: renderer.normalize_terrain("minmax", (0.0, 100.0)),
        lambda: renderer.set_background((1, 0, 0, 0.5)),
    ]
    got = []
    for picture, change in zip(renderer.frames(CAMERAS), changes, strict=True):
        got.append(np.array(picture))
        change()
    renderer.add_terrain(DEM, (5.0, 5.0))
    renderer.set_sun(45, 315)
    renderer.set_background((1, 1, 1, 1))
    for camera, picture, change in zip(CAMERAS, got, changes, strict=True):
        renderer.set_camera(camera)
        np.testing.assert_array_equal(picture, renderer.render_rgba())
        change()


def test_metrics_are_those_of_the_picture_handed_out(renderer):
    for picture in renderer.frames(CAMERAS):
        assert renderer.render_metrics() == picture.metrics


def test_a_bad_camera_is_an_error_at_its_place(renderer):
    frames = renderer.frames([CAMERAS[0], CAMERAS[1], "north", CAMERAS[2]])
    assert isinstance(next(frames), vf.Image)
    assert isinstance(next(frames), vf.Image)
    with pytest.raises(vf.InvalidInputError, match="camera must be a Camera; got"):
        next(frames)
    assert list(frames) == []


def test_an_error_of_the_iterable_is_raised_as_it_is(renderer):
    def cameras():
        yield CAMERAS[0]
        raise LookupError("no more film")

    frames = renderer.frames(cameras())
    next(frames)
    with pytest.raises(LookupError, match="no more film"):
        next(frames)
    assert list(frames) == []


@pytest.mark.parametrize("cameras", [None, 3, CAMERAS[0]])
def test_no_iterable_is_refused(renderer, cameras):
    with pytest.raises(vf.InvalidInputError, match="cameras must be an iterable of Camera; got"):
        renderer.frames(cameras)


def test_bad_aovs_and_no_terrain_are_refused(renderer):
    with pytest.raises(vf.InvalidInputError, match="aovs must be"):
        renderer.frames(CAMERAS, aovs=("colour",))
    empty = vf.Renderer(8, 8)
    frames = empty.frames(CAMERAS)
    with pytest.raises(vf.InvalidInputError, match="no terrain uploaded"):
        next(frames)
    assert list(frames) == []


def test_leaving_early_gives_up_what_is_drawn_ahead():
    renderer = slow_renderer()
    renderer.render()
    # A driver's own threads have the name of the one that they were made on, and stay.
    before = names_of_threads().count("vulkan_forge fr")
    for picture in renderer.frames(itertools.cycle(FAR)):
        assert picture.size == (420, 320)
        break
    frames = renderer.frames(FAR)
    next(frames)
    frames.close()
    frames.close()
    assert names_of_threads().count("vulkan_forge fr") == before
    del renderer, frames


def names_of_threads():
    if sys.platform != "linux":
        return []
    from pathlib import Path

    names = []
    for task in Path("/proc/self/task").iterdir():
        try:
            names.append((task / "comm").read_text("utf-8").strip())
        except OSError:
            continue
    return names


@pytest.mark.both_drivers
def test_the_renderer_may_go_first(each_device):
    renderer = vf.Renderer(32, 24, device=each_device)
    renderer.add_terrain(DEM, (5.0, 5.0))
    frames = renderer.frames(CAMERAS)
    next(frames)
    del renderer
    assert len(list(frames)) == len(CAMERAS) - 1


def test_a_camera_that_asks_for_the_next_picture_is_refused(renderer):
    def cameras():
        yield CAMERAS[0]
        next(frames)

    frames = renderer.frames(cameras())
    next(frames)
    with pytest.raises(vf.InvalidInputError, match="frames must be used by one call at a time"):
        next(frames)


def test_threads_take_turns():
    renderer = vf.Renderer(48, 32)
    renderer.add_terrain(DEM, (5.0, 5.0))
    expected = [np.array(picture) for picture in one_by_one(renderer)]
    wrong = []

    def work():
        for picture, wanted in zip(renderer.frames(CAMERAS * 3), expected * 3, strict=True):
            if not np.array_equal(picture, wanted):
                wrong.append(picture)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong


@posix
def test_an_interrupt_is_heard_and_the_pictures_go_on():
    renderer = slow_renderer()
    frames = renderer.frames(itertools.cycle(FAR))
    next(frames)
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(frames)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    picture = np.array(next(frames))
    frames.close()
    expected = one_by_one(renderer, FAR)
    assert sum(np.array_equal(picture, wanted) for wanted in expected) == 1


@pytest.mark.parametrize("leaving", ["", "del frames", "frames.close()", "import os; os._exit(0)"])
def test_the_process_ends_quietly_with_a_picture_under_way(leaving):
    children.succeed(f"""
        import itertools
        import dems
        import vulkan_forge as vf

        renderer = vf.Renderer(420, 320)
        renderer.add_terrain(dems.rough(300, 300, 1), (5.0, 5.0))
        renderer.set_samples(8)
        frames = renderer.frames(itertools.cycle([vf.Camera.orbit((0, 0, 60), 1500, 0, 30)]))
        next(frames)
        {leaving}
        """)


@posix
def test_a_forked_child_is_refused_and_may_drop_it():
    out = children.succeed("""
        import itertools, os
        import dems
        import vulkan_forge as vf

        renderer = vf.Renderer(300, 200)
        renderer.add_terrain(dems.rough(200, 200, 1), (5.0, 5.0))
        frames = renderer.frames(itertools.repeat(vf.Camera.orbit((0, 0, 60), 1000, 0, 30)))
        next(frames)
        child = os.fork()
        if child == 0:
            try:
                next(frames)
            except vf.ForkedProcessError as error:
                print("refused:", error, flush=True)
            frames.close()
            del frames, renderer
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        next(frames)
        frames.close()
        print("parent goes on")
        """)
    assert "refused: " in out and "parent goes on" in out
