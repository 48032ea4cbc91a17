"""Windows in bad weather, for `dev.py torture`: hundreds of sizes, and of windows."""

import threading
import time

import children
import numpy as np
import pytest
import vulkan_forge as vf
from test_window import SIZE, bare, session, settle
from vulkan_forge import _vulkan_forge

__all__ = ["bare", "session"]  # fixtures
pytestmark = [pytest.mark.gpu, pytest.mark.slow]


def test_three_hundred_sizes_in_two_windows(bare, session, screen):
    """Resized and hidden while two threads show pictures in them, one each."""
    import glfw

    rng = np.random.default_rng(11)
    windows = [bare(x=350 * at) for at in range(2)]
    presenters = [
        _vulkan_forge.Presenter(session, "x11", 0, number, mailbox=bool(at))
        for at, (number, _) in enumerate(windows)
    ]
    picture = session._draw_at(SIZE, None)
    shown, failures, over = [0, 0], [], threading.Event()

    def show(at):
        try:
            while not over.is_set():
                shown[at] += presenters[at].show(picture, SIZE)
        except vf.VulkanForgeError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=show, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(300):
        before = list(shown)
        for _, window in windows:
            glfw.set_window_size(window, *rng.integers(1, 340, 2).tolist())
            if turn % 10 == 3:
                glfw.hide_window(window)
            if turn % 10 == 6:
                glfw.show_window(window)
        glfw.poll_events()
        end = time.monotonic() + 20
        while shown[0] == before[0] or shown[1] == before[1]:
            assert time.monotonic() < end and not failures, (turn, shown, failures)
            time.sleep(0.001)
    over.set()
    for thread in threads:
        thread.join(20)
    assert not failures and not any(thread.is_alive() for thread in threads)
    for at, (_, window) in enumerate(windows):
        glfw.show_window(window)
        glfw.set_window_size(window, *SIZE)
        glfw.set_window_pos(window, 350 * at, 0)
    settle()
    for at, presenter in enumerate(presenters):
        assert presenter.show(picture, SIZE)
        assert screen.shows(picture.rgba, (350 * at, 0))
        presenter.close()


def test_a_hundred_windows_leave_no_memory(screen):
    """In a process of its own: validation layers keep records of what is gone."""
    grown = children.succeed(
        """
        import gc
        import psutil
        import vulkan_forge as vf
        from test_window import HEIGHTS, WORDS, full, live, put, until

        used = []

        async def body():
            first = put(vf.Window(HEIGHTS, size=(64, 48), **WORDS))
            for number in range(120):
                window = put(vf.Window(first, size=(64, 48)), 100, 0)
                await until(full(window))
                window.close()
                del window
                if number in (19, 119):
                    gc.collect()
                    used.append(psutil.Process().memory_info().rss)

        live(body, 120)
        print(used[1] - used[0])
        """,
        env={"VULKAN_FORGE_VALIDATION": "0", "DISPLAY": screen.display},
        timeout=150,
    )
    assert float(grown) < 4 << 20
