"""Windows of Wayland, each in a process of its own: GLFW has one library for it and one for X11."""

import importlib.util
import os
import sys

import children
import pytest
import screens

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(sys.platform == "win32", reason="Wayland")]
START = """
    import asyncio, ctypes, sys, time
    import numpy as np
    import screens
    import vulkan_forge as vf
    from vulkan_forge import _vulkan_forge
    from test_window import HEIGHTS, SIZE, WORDS, full, live, until

    compositor = screens.Compositor()
    for name, value in compositor.environment.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    screen = compositor.screen
"""
END = """
    messages = _vulkan_forge._take_validation_messages()
    compositor.close()
    assert not messages, messages
    print("went on", vf.render(HEIGHTS, size=(8, 8)).size)
"""


@pytest.fixture(scope="module", autouse=True)
def _compositor():
    from conftest import _missing

    pytest.importorskip("glfw")
    pytest.importorskip("rendercanvas")
    if not screens.Compositor.available():
        _missing(2, screens.NO_COMPOSITOR)


def drivers() -> dict[str, str]:
    """Without SwiftShader, which shows nothing on Wayland and ends the process."""
    names = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES")
    given = next((os.environ[name] for name in names if name in os.environ), "")
    files = [file for file in given.split(os.pathsep) if "swiftshader" not in file]
    return dict.fromkeys(names, os.pathsep.join(files)) if any(files) else {}


def went_on(body: str, env: dict[str, str] | None = None) -> str:
    surroundings = drivers() | (env or {})
    said = children.succeed("    import os\n" + START + body + END, env=surroundings, timeout=100)
    assert said.endswith("went on (8, 8)\n"), said
    return said


def test_glfw_shows_the_pictures_bytes_and_takes_hands():
    """The window finds GLFW's library for Wayland by itself, and its picture is that of `render`."""
    went_on("""
    from vulkan_forge import _glfw

    _glfw.start()

    async def turn():
        window = vf.Window(HEIGHTS, size=SIZE, samples=1, **WORDS)
        assert window._canvas.handle()[0] == "wayland"
        await until(full(window))
        x, y = screen.find(window.screenshot().rgba)
        screen.do("mousemove", x + 100, y + 80, "sleep", 0.1, "mousemove", x + 120, y + 80)
        await asyncio.sleep(0.3)
        screen.do("mousedown", 1, "mousemove", x + 170, y + 90, "sleep", 0.1, "mouseup", 1)
        await until(lambda: window._orbiting.azimuth != 225 and window._pace.still and full(window)())
        assert abs(window._orbiting.azimuth - 245) < 1e-9, window._orbiting.azimuth
        assert abs(window._orbiting.altitude - 38) < 1e-9
        distance, sun = window._orbiting.distance, window.sun
        screen.do("click", 4, "key", "l")
        await until(lambda: window._orbiting.distance < distance and window.sun != sun)
        # Sizes are the program's on Wayland: down to one pixel, and two windows of one terrain.
        import glfw
        for size in [(1, 1), (30, 400), (300, 200)]:
            glfw.set_window_size(window._canvas._canvas._window, *size)
            await until(lambda: window.size == size and window._pace.still and full(window)())
        screen.do("mousemove", 0, 0)
        second = vf.Window(window, size=(100, 80))
        await until(full(second))
        assert screen.find(second.screenshot().rgba)
        second.close()
        assert screen.find(window.screenshot().rgba)
        # Out of sight no present may wait for a frame that does not come.
        glfw.iconify_window(window._canvas._canvas._window)
        await asyncio.sleep(0.2)
        before = time.monotonic()
        for _ in range(20):
            assert window.draw() in (True, False)
        assert time.monotonic() - before < 5
        window.close()

    live(turn)
    """)


HANDLE = """
    import glfw

    assert glfw.init()
    glfw.window_hint(glfw.CLIENT_API, glfw.NO_API)
    window = glfw.create_window(*SIZE, "bare", None, None)
    address = lambda pointer: ctypes.cast(pointer, ctypes.c_void_p).value
    handle = address(glfw.get_wayland_display()), address(glfw.get_wayland_window(window))
    session = vf.Renderer._made(8, 8, windows=True)
    session.add_terrain(HEIGHTS, (30, 30), 1.5, "terrain")
    session.set_camera(vf.Camera.fit(HEIGHTS, spacing=(30, 30), vert_exag=1.5))
    presenter = _vulkan_forge.Presenter(session, "wayland", *handle)
    assert presenter.extent((7, 9)) == (7, 9) and presenter.extent((0, 5)) is None
    picture = session._draw_at(SIZE, None)

    def settle():
        for _ in range(5):
            glfw.poll_events()
            time.sleep(0.01)
"""


def test_a_window_by_its_addresses_and_the_compositor_killed():
    went_on(
        HANDLE + """
    settle()
    assert presenter.show(picture, SIZE) and presenter.mode == "mailbox"
    settle()
    assert screen.find(picture.rgba)
    rng = np.random.default_rng(1)
    for size in rng.integers(1, 400, (30, 2)).tolist():
        glfw.set_window_size(window, *size)
        glfw.poll_events()
        assert presenter.show(picture, tuple(size))
    compositor.server.kill()
    compositor.server.wait()
    time.sleep(0.1)
    for call in (lambda: presenter.show(picture, SIZE), lambda: presenter.extent(SIZE)):
        try:
            call()
            raise AssertionError("not told")
        except vf.VulkanForgeError as refusal:
            assert "the window is gone" in str(refusal), refusal
    presenter.close()
    """,
        env={"PYGLFW_LIBRARY_VARIANT": "wayland"},
    )


def test_swiftshader_beside_is_refused(two_devices):
    """Its making of a surface jumps to address 0, and the loader calls that of every driver."""
    given = {name: os.environ[name] for name in drivers()}
    went_on(
        HANDLE.replace("presenter = ", "make = lambda: ").partition("    assert presenter")[0] + """
    try:
        make()
        raise AssertionError("not told")
    except vf.VulkanForgeError as refusal:
        assert "SwiftShader" in str(refusal) and "lvp_icd" in str(refusal), refusal
    """,
        env=given | {"PYGLFW_LIBRARY_VARIANT": "wayland"},
    )


def test_the_compositor_is_killed_while_a_window_runs():
    went_on("""
    from vulkan_forge import _glfw

    _glfw.start()
    from rendercanvas.glfw import loop

    window = vf.Window(HEIGHTS, size=SIZE, **WORDS)
    loop.call_later(0.4, compositor.server.kill)
    try:
        window.run()
        raise AssertionError("not told")
    except vf.VulkanForgeError as refusal:
        assert "the display is gone: the Wayland compositor" in str(refusal), refusal
    assert window.closed
    """)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("PySide6") is None, reason="MISSING: no PySide6")
@pytest.mark.parametrize("session", [None, "wayland"])
def test_pyside6_without_x11(session):
    """rendercanvas has Qt take X11 in sessions of Wayland."""
    went_on(
        f"""
    session = {session!r}
    if session:
        os.environ["XDG_SESSION_TYPE"] = session
    """
        + """
    window = vf.Window(HEIGHTS, size=SIZE, toolkit="pyside6", **WORDS)
    assert window._canvas.handle()[0] == "wayland"
    from PySide6 import QtCore

    found = []

    def resize():
        found.append(screen.find(window.screenshot().rgba, 0.5))
        window._canvas._canvas.resize(300, 200)
        QtCore.QTimer.singleShot(1000, end)

    def end():
        assert window.size == (300, 200) == window._picture.size
        found.append(screen.find(window.screenshot().rgba, 0.5))
        window.close()

    QtCore.QTimer.singleShot(1000, resize)
    window.run()
    assert window.closed and None not in found and len(found) == 2, found
    """
    )
