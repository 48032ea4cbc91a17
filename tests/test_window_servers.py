"""Windows where the window manager hides them, and where the screen itself goes."""

import shutil
import sys

import children
import pytest
import screens

xvfb = pytest.mark.skipif(sys.platform == "win32", reason="X11")

MINIMISED = """
    import asyncio, os, subprocess
    import screens
    import vulkan_forge as vf
    from vulkan_forge import _vulkan_forge
    from test_window import HEIGHTS, SIZE, WORDS, full, live, until

    screen = screens.Screen()
    os.environ["DISPLAY"] = screen.display
    os.environ.pop("WAYLAND_DISPLAY", None)
    manager = subprocess.Popen(["openbox", "--sm-disable"], stderr=subprocess.DEVNULL)
    import glfw

    async def body():
        while not glfw.init() or not subprocess.run(
            ["xdotool", "get_desktop"], capture_output=True
        ).stdout:
            await asyncio.sleep(0.02)  # until the manager is there
        window = vf.Window(HEIGHTS, size=SIZE, **WORDS)
        await until(full(window))
        screen.do("mousemove", 699, 499)
        await asyncio.sleep(0.2)
        assert screen.find(window.screenshot().rgba)
        canvas = window._canvas._canvas
        number = glfw.get_x11_window(canvas._window)
        for turn in range(2):
            screen.do("windowminimize", number)
            await until(lambda: canvas._is_minimized)
            before = asyncio.get_running_loop().time()
            for _ in range(20):
                window.draw()
            assert asyncio.get_running_loop().time() - before < 5
            window._orbiting.azimuth += 40
            window._moved()
            assert screen.find(window.screenshot().rgba, 0.1) is None
            screen.do("windowactivate", number)
            await until(lambda: not canvas._is_minimized and window._pace.still)
            await asyncio.sleep(0.3)
            assert screen.find(window.screenshot().rgba), turn
        window.close()

    live(body)
    messages = _vulkan_forge._take_validation_messages()
    glfw.terminate()
    manager.terminate()
    manager.wait()
    screen.close()
    assert not messages, messages
"""


@pytest.mark.gpu
@xvfb
@pytest.mark.skipif(not shutil.which("openbox"), reason="MISSING: no openbox; apt install openbox")
def test_minimised_by_a_window_manager():
    """No draw hangs, nothing is said, and what was turned meanwhile is there afterwards."""
    pytest.importorskip("rendercanvas")
    if not screens.available():
        pytest.skip("MISSING: " + screens.MISSING)
    children.succeed(MINIMISED, timeout=100)


LOST = """
    import os, time
    import numpy as np
    import screens
    import vulkan_forge as vf
    screen = screens.Screen()
    os.environ["DISPLAY"] = screen.display
    os.environ.pop("WAYLAND_DISPLAY", None)
    window = vf.Window(np.ones((8, 8), np.float32), size=(64, 48))
    draw, count = window.draw, 0
    def drawn():
        global count
        count += 1
        if count == 3:
            screen.server.kill()
            screen.server.wait()
        {moving}
        return draw()
    window.draw = drawn
    {start}
    try:
        window.run()
    except vf.VulkanForgeError as error:
        print(type(error).__name__, error)
    assert window.closed
    print("went on")
"""


@pytest.mark.gpu
@xvfb
def test_the_x_server_is_killed(screen):
    said = children.succeed(
        LOST.format(moving="window._moved()", start="window._moved()"), timeout=100
    )
    assert "is gone" in said and said.endswith("went on\n"), said
    assert screens.available()
