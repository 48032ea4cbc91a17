"""Windows in bad weather, for `dev.py torture`: hundreds of sizes, windows and threads."""

import gc
import threading
import time

import numpy as np
import psutil
import pytest
import vulkan_forge as vf
from test_window import HEIGHTS, SIZE, WORDS, bare, full, live, put, session, settle, until
from vulkan_forge import _vulkan_forge

__all__ = ["bare", "session"]  # fixtures
pytestmark = [pytest.mark.gpu, pytest.mark.slow]


def test_three_hundred_sizes_in_two_windows(bare, session, screen):
    """Resized and hidden while threads show pictures in them."""
    import glfw

    rng = np.random.default_rng(11)
    windows = [bare(x=350 * at) for at in range(2)]
    presenters = [
        _vulkan_forge.Presenter(session, "x11", 0, number, mailbox=bool(at))
        for at, (number, _) in enumerate(windows)
    ]
    picture = session._draw_at(SIZE, None)
    ended, failures, counts = threading.Event(), [], [0, 0]

    def show(at):
        try:
            while not ended.is_set():
                counts[at] += presenters[at].show(picture, SIZE)
        except vf.VulkanForgeError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=show, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(300):
        for _, window in windows:
            glfw.set_window_size(window, *rng.integers(1, 340, 2).tolist())
            if turn % 10 == 3:
                glfw.hide_window(window)
            if turn % 10 == 6:
                glfw.show_window(window)
        glfw.poll_events()
        time.sleep(0.01)
    for at, (_, window) in enumerate(windows):
        glfw.show_window(window)
        glfw.set_window_size(window, *SIZE)
        glfw.set_window_pos(window, 350 * at, 0)
    settle()
    ended.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert not failures and min(counts) > 100
    for at, presenter in enumerate(presenters):
        assert presenter.show(picture, SIZE)
        assert screen.shows(picture.rgba, (350 * at, 0))
        presenter.close()


def test_a_hundred_windows_leave_no_memory(screen):
    process = psutil.Process()

    async def body():
        first = put(vf.Window(HEIGHTS, size=(64, 48), **WORDS))
        used = []
        for number in range(120):
            window = put(vf.Window(first, size=(64, 48)), 100, 0)
            await until(full(window))
            window.close()
            del window
            if number in (19, 119):
                gc.collect()
                used.append(process.memory_info().rss)
        assert used[1] - used[0] < 4 << 20, used

    live(body, seconds=240)
