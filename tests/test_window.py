"""Windows on a screen that nobody sees: what they show, hands, sizes, and what can go wrong."""

import asyncio
import ctypes
import sys
import threading
import time

import children
import dems
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge import _vulkan_forge

HEIGHTS = dems.ridge(60, 80, noise=0.02)
SIZE = (240, 160)
WORDS = {"spacing": (30, 30), "vert_exag": 1.5}
xvfb = pytest.mark.skipif(sys.platform == "win32", reason="X11")


def live(body, seconds=60):
    """Run a coroutine in an event loop of its own, which windows made in it use too; they are closed at its end."""
    from rendercanvas.glfw import loop

    async def whole():
        try:
            await asyncio.wait_for(body(), seconds)
        finally:
            for canvas in loop.get_canvases():
                canvas.close()
            await asyncio.sleep(0.25)  # rendercanvas notices, and its loop ends

    asyncio.run(whole())


async def until(done, seconds=20.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"not within {seconds} s"
        await asyncio.sleep(0.01)


def put(window, x=0, y=0):
    """The window, there on the screen."""
    import glfw

    glfw.set_window_pos(window._canvas._canvas._window, x, y)
    return window


def full(window):
    return lambda: window._picture is not None and window._picture.size == window.size


@pytest.fixture
def bare(screen):
    """bare(width, height, x, y): number of a plain window, and GLFW's own handle of it."""
    import glfw

    assert glfw.init()
    made = []

    def make(width=SIZE[0], height=SIZE[1], x=0, y=0):
        glfw.default_window_hints()  # rendercanvas leaves windows hidden
        glfw.window_hint(glfw.CLIENT_API, glfw.NO_API)
        window = glfw.create_window(width, height, "bare", None, None)
        glfw.set_window_pos(window, x, y)
        made.append(window)
        settle()
        return glfw.get_x11_window(window), window

    make.made = made
    yield make
    for window in made:
        glfw.destroy_window(window)


def settle():
    import glfw

    for _ in range(5):
        glfw.poll_events()
        time.sleep(0.01)


def fitted(presenter, size, seconds=5.0):
    """Once the server has given the window its size."""
    end = time.monotonic() + seconds
    while presenter.extent((0, 0)) != size:
        assert time.monotonic() < end, (presenter.extent((0, 0)), size)
        settle()


@pytest.fixture(scope="module")
def session():
    made = vf.Renderer._made(8, 8, windows=True)
    made.add_terrain(HEIGHTS, (30, 30), 1.5, "terrain")
    made.set_camera(vf.Camera.fit(HEIGHTS, spacing=(30, 30), vert_exag=1.5))
    return made


@pytest.mark.gpu
@xvfb
@pytest.mark.parametrize("kind", ["x11", "xlib"])
def test_the_screen_shows_the_pictures_bytes(kind, bare, session, screen):
    import glfw

    number, _ = bare(x=30, y=20)
    display = ctypes.cast(glfw.get_x11_display(), ctypes.c_void_p).value if kind == "xlib" else 0
    presenter = _vulkan_forge.Presenter(session, kind, display, number)
    assert presenter.mode is None and presenter.extent((7, 7)) == SIZE
    picture = session._draw_at(SIZE, None)
    assert presenter.show(picture, SIZE) and presenter.mode == "fifo"
    assert screen.shows(picture.rgba, (30, 20))
    # Half as large: enlarged, linear between its pixels.
    small = session._draw_at((SIZE[0] // 2, SIZE[1] // 2), None)
    assert presenter.show(small, SIZE)
    near = np.repeat(np.repeat(small.rgba[..., :3], 2, 0), 2, 1).astype(int)
    time.sleep(0.1)
    shown = screen.pixels()[20 : 20 + SIZE[1], 30 : 30 + SIZE[0]]
    assert np.abs(shown[1:-1:2, 1:-1:2] - near[1:-1:2, 1:-1:2]).mean() < 6
    assert presenter.repeat(SIZE)
    presenter.close()
    presenter.close()
    with pytest.raises(vf.InvalidInputError, match="the window is closed"):
        presenter.repeat(SIZE)


@pytest.mark.gpu
@xvfb
def test_it_fits_every_size(bare, session, screen):
    import glfw

    number, window = bare()
    presenter = _vulkan_forge.Presenter(session, "x11", 0, number, mailbox=True)
    picture = session._draw_at(SIZE, None)
    rng = np.random.default_rng(3)
    for width, height in [(1, 1), (600, 3), *rng.integers(1, 400, (12, 2)).tolist()]:
        glfw.set_window_size(window, width, height)
        settle()
        assert presenter.extent((0, 0)) == (width, height)
        assert presenter.show(picture, (0, 0))
    glfw.set_window_size(window, *SIZE)
    settle()
    assert presenter.show(picture, (0, 0))
    assert screen.shows(picture.rgba, (0, 0))
    glfw.hide_window(window)
    settle()
    assert presenter.extent(SIZE) is not None  # X11 knows the size of a hidden one
    presenter.close()


@pytest.mark.gpu
@xvfb
def test_two_windows_have_one_terrain(screen):
    async def body():
        first = put(vf.Window(HEIGHTS, size=SIZE, **WORDS))
        second = put(vf.Window(first, size=(200, 100)), 300, 0)
        assert second._live.session is first._live.session
        second._orbiting.azimuth += 90
        await until(lambda: full(first)() and full(second)())
        assert first.camera != second.camera
        for window, at in ((first, (0, 0)), (second, (300, 0))):
            expected = vf.render(HEIGHTS, size=window.size, camera=window.camera, **WORDS)
            assert screen.shows(expected.rgba, at)
            assert np.array_equal(window.screenshot(), expected)
        with pytest.raises(vf.InvalidInputError, match="takes no words of its own; got cmap"):
            vf.Window(first, cmap="magma")
        first.close()
        assert first.closed and not second.closed
        second.sun = 90, 20
        await until(lambda: second._pace.still and full(second)())
        lit = WORDS | {"azimuth": 90, "altitude": 20}
        expected = vf.render(HEIGHTS, size=second.size, camera=second.camera, **lit)
        assert screen.shows(expected.rgba, (300, 0))

    live(body)


@pytest.mark.gpu
@xvfb
def test_hands_turn_it(screen):
    async def body():
        window = put(vf.Window(HEIGHTS, size=SIZE, samples=1, **WORDS))
        await until(full(window))
        first, before = window.camera, screen.pixels()
        x, y, _ = window.ground_at(120, 80)
        assert abs(x) < 1200 and abs(y) < 900 and window.ground_at(1, 1) is None
        screen.do("mousemove", 110, 80, "mousemove", 120, 80, "sleep", 0.1)
        await asyncio.sleep(0.3)
        screen.do("mousedown", 1, "mousemove", 170, 90, "mouseup", 1)
        await until(lambda: window.camera != first and window._pace.still and full(window)())
        assert window._orbiting.azimuth == pytest.approx(225 + 0.4 * 50)
        assert window._orbiting.altitude == pytest.approx(35 + 0.3 * 10)
        expected = window.screenshot()
        assert screen.shows(expected.rgba, (0, 0))
        assert (screen.pixels() != before).any(axis=2).mean() > 0.01
        distance, sun, target = window._orbiting.distance, window.sun, window._orbiting.target
        screen.do("click", 4)  # the wheel
        await until(lambda: window._orbiting.distance < distance)
        screen.do("key", "l")
        await until(lambda: window.sun != sun)
        assert window.sun[0] > sun[0] and window.sun[1] == sun[1]
        screen.do("key", "w")
        await until(lambda: not np.array_equal(window._orbiting.target, target))
        screen.do("key", "Home")
        await until(lambda: window.camera == first)
        window.close()
        window.close()
        assert window.closed and window.screenshot().size == SIZE

    live(body)


@pytest.mark.gpu
@xvfb
def test_closed_while_it_draws(bare, session):
    number, _ = bare()
    presenter = _vulkan_forge.Presenter(session, "x11", 0, number)
    picture = session._draw_at(SIZE, None)
    refusals = []

    def show():
        try:
            for _ in range(10_000):
                presenter.show(picture, SIZE)
        except vf.VulkanForgeError as refusal:
            refusals.append(str(refusal))

    threads = [threading.Thread(target=show) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    presenter.close()
    for thread in threads:
        thread.join(20)
    assert len(refusals) == 2 and all("the window is closed" in refusal for refusal in refusals)


@pytest.mark.gpu
@xvfb
def test_two_threads_show_in_two_windows_of_one_device(bare, session):
    """Without a message of the layers, which forget what they know when two windows come between."""
    presenters = [_vulkan_forge.Presenter(session, "x11", 0, bare()[0]) for _ in range(2)]
    picture = session._draw_at(SIZE, None)
    shown = [0, 0]

    def show(at):
        for _ in range(100):
            shown[at] += presenters[at].show(picture, SIZE)

    threads = [threading.Thread(target=show, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert shown == [100, 100]
    for presenter in presenters:
        presenter.close()


@pytest.mark.gpu
@xvfb
def test_a_window_that_goes_is_told(bare, session):
    import glfw

    number, window = bare()
    presenter = _vulkan_forge.Presenter(session, "x11", 0, number)
    picture = session._draw_at(SIZE, None)
    assert presenter.show(picture, SIZE)
    glfw.destroy_window(window)
    bare.made.remove(window)
    settle()
    with pytest.raises(vf.VulkanForgeError, match="the window is gone"):
        presenter.show(picture, SIZE)
    with pytest.raises(vf.VulkanForgeError, match="the window is gone"):
        presenter.extent(SIZE)
    presenter.close()


@pytest.mark.gpu
def test_what_is_no_window_is_refused(session, monkeypatch):
    with pytest.raises(vf.InvalidInputError, match='expected "x11"'):
        _vulkan_forge.Presenter(session, "mir", 0, 5)
    with pytest.raises(vf.InvalidInputError, match="must have its display"):
        _vulkan_forge.Presenter(session, "wayland", 0, 5)
    with pytest.raises(vf.InvalidInputError, match="must name a window"):
        _vulkan_forge.Presenter(session, "x11", 0, 0)
    with pytest.raises(vf.InvalidInputError, match="handle must be"):
        vf.Window(HEIGHTS, handle=("x12", 0, 1))
    with pytest.raises(vf.InvalidInputError, match="size must be"):
        vf.Window(HEIGHTS, size=(0, 5))
    with pytest.raises(vf.InvalidInputError, match="toolkit must be"):
        vf.Window(HEIGHTS, toolkit="motif")
    with pytest.raises(vf.InvalidInputError, match="Window takes"):
        vf.Window(HEIGHTS, colour="red")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if sys.platform.startswith("linux"):
        with pytest.raises(vf.VulkanForgeError, match="no display to open a window on"):
            vf.Window(HEIGHTS)
        with pytest.raises(vf.VulkanForgeError, match="no X server answers"):
            _vulkan_forge.Presenter(session, "x11", 0, 5)


@pytest.mark.gpu
@xvfb
def test_a_number_of_no_window_is_refused(screen, session):
    def show():
        presenter = _vulkan_forge.Presenter(session, "x11", 0, 0xFFFFFF)
        presenter.extent(SIZE)

    with pytest.raises(vf.VulkanForgeError, match="the window is gone"):
        show()


@pytest.mark.gpu
def test_headless_stays_headless():
    """Neither the package nor a picture loads what windows are made of."""
    said = children.succeed("""
        import sys
        import numpy as np
        import vulkan_forge as vf
        from pathlib import Path
        vf.render(np.ones((8, 8), np.float32), size=(8, 8))
        loaded = {name.partition(".")[0] for name in sys.modules}
        print(sorted(loaded & {"glfw", "rendercanvas", "PySide6", "asyncio"}))
        maps = Path("/proc/self/maps")
        print("libglfw" in (maps.read_text("utf-8") if maps.exists() else ""))
        """)
    assert said.split("\n")[:2] == ["[]", "False"]


@pytest.mark.gpu
@xvfb
def test_swiftshader_shows_windows_of_xcb_alone(bare, screen, two_devices):
    import glfw

    session = vf.Renderer._made(8, 8, windows=True, device=two_devices[1])
    session.add_terrain(HEIGHTS, (30, 30), 1.5, "terrain")
    session.set_camera(vf.Camera.fit(HEIGHTS, spacing=(30, 30), vert_exag=1.5))
    number, window = bare(x=10, y=10)
    display = ctypes.cast(glfw.get_x11_display(), ctypes.c_void_p).value
    with pytest.raises(vf.VulkanForgeError, match="shows no windows of Xlib; expected one of XCB"):
        _vulkan_forge.Presenter(session, "xlib", display, number)
    presenter = _vulkan_forge.Presenter(session, "x11", 0, number)
    picture = session._draw_at((60, 40), None)
    for size in [(1, 1), (300, 200), SIZE]:
        glfw.set_window_size(window, *size)
        fitted(presenter, size)
        assert presenter.show(picture, (0, 0))
    glfw.set_window_size(window, 60, 40)
    fitted(presenter, (60, 40))
    assert presenter.show(picture, (0, 0)) and screen.shows(picture.rgba, (10, 10))
    presenter.close()
