"""Several threads at once, the interpreter released, interrupts heard."""

import concurrent.futures
import sys
import threading
import time

import children
import dems
import numpy as np
import pytest
import vulkan_forge as vf


@pytest.mark.gpu
def test_four_threads_share_one_renderer():
    dem = dems.ridge(40, 40)
    renderer = vf.Renderer(96, 64)
    renderer.add_terrain(dem)
    renderer.set_camera(vf.Camera.fit(dem))
    expected = renderer.render_rgba()

    def work(_):
        return [np.array_equal(expected, renderer.render_rgba()) for _ in range(10)]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert all(all(equal) for equal in pool.map(work, range(4), timeout=60))


@pytest.mark.gpu
def test_four_threads_render_scenes_of_their_own():
    scenes = [(dems.ridge(10 + n, 20 - n, n), (30 + n, 20 + 2 * n)) for n in range(8)]
    expected = [np.asarray(vf.render(dem, size=size)) for dem, size in scenes]

    def work(n):
        dem, size = scenes[n % 8]
        return np.array_equal(expected[n % 8], vf.render(dem, size=size))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(40), timeout=60))


@pytest.mark.gpu
def test_the_array_may_change_while_it_is_read():
    """Some mixture of old and new is drawn, and nothing crashes."""
    dem = np.zeros((300, 300), np.float32)
    stop = threading.Event()

    def scribble():
        value = 0.0
        while not stop.is_set():
            dem[:] = value = (value + 1) % 100

    writer = threading.Thread(target=scribble)
    writer.start()
    try:
        for _ in range(20):
            vf.render(dem, size=(32, 24))
    finally:
        stop.set()
        writer.join()


@pytest.mark.gpu
def test_python_runs_on_during_a_long_render():
    """A thread that ticks each millisecond is never held up for half of the render."""
    dem, spacing = dems.jacksboro()
    vf.render(dem, size=(64, 48), spacing=spacing)
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        begin = time.perf_counter()
        vf.render(dem, size=(1920, 1080), spacing=spacing, samples=4)
        end = time.perf_counter()
    finally:
        stop.set()
        ticker.join()
    inside = [begin, *(at for at in ticks if begin < at < end), end]
    assert end - begin > 0.05, "too short to tell"
    assert max(np.diff(inside)) < 0.5 * (end - begin), f"held for {max(np.diff(inside)):.3f} s"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
@pytest.mark.gpu
def test_ctrl_c_ends_a_long_loop_and_leaves_the_renderer_usable():
    out = children.succeed("""
        import os, signal, threading, time
        import numpy as np
        import vulkan_forge as vf
        import dems

        dem, spacing = dems.jacksboro()
        small = vf.render(dem, size=(32, 24), spacing=spacing)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job has none
        threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()
        begin = time.perf_counter()
        try:
            while time.perf_counter() < begin + 30:
                vf.render(dem, size=(1600, 900), spacing=spacing, samples=16)
        except KeyboardInterrupt:
            print(time.perf_counter() - begin - 0.7)
        np.testing.assert_array_equal(small, vf.render(dem, size=(32, 24), spacing=spacing))
        """)
    assert float(out) < 3.0
