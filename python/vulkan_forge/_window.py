"""``Window``: a DEM to turn in a window of the desktop."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from ._camera import Camera
from ._frames import close_at_exit
from ._image import Image
from ._live import STILL_S, Live, Pace, coarser
from ._numbers import shown, whole_size
from ._vulkan_forge import InvalidInputError, Presenter, VulkanForgeError

if TYPE_CHECKING:
    from ._canvas import Canvas

_KINDS = ("x11", "xlib", "xcb", "wayland", "win32")


class Window:
    """A DEM to turn: drawn coarsely while it moves, in full once it rests.

    The left button turns, the right one (or Shift) shifts, the wheel nears; a double click or Home brings the first view back. W, A, S, D and the
    arrows fly over the ground, + and - near, J and L turn the sun, I and K lift and lower it.

    Parameters
    ----------
    dem : whatever `vulkan_forge.render` takes, or Window
        Another window shows its terrain too, which is on the device once; it takes no words.
    size : (int, int), default (1280, 720)
        Width and height, in the pixels of the desktop.
    title : str
        Over the window.
    toolkit : {"glfw", "pyside6"}, default "glfw"
        Who makes the window; in a program that runs PySide6 already, "pyside6" shares its event loop.
    handle : (kind, display, window), optional
        Draw in a window of any other toolkit: its kind and numbers. ("x11", 0, number of the window), ("xlib", Display*, number), ("xcb",
        xcb_connection_t*, number), ("wayland", wl_display*, wl_surface*) or ("win32", HINSTANCE, HWND). They must stay valid until `close`.
        Hand on the toolkit's events with `handle_event`, and call `draw` when it returns True.
    mailbox : bool, default False
        Show the newest picture where several wait for the display, if the device can; else all in turn (FIFO). On Wayland it is always so: there a
        picture in turn for a hidden window would wait for ever.
    **words
        All of `vulkan_forge.render` but for `camera` and `aovs`; `samples` are those at rest. `view_azimuth` and `view_altitude`, in
        degrees and by default 225 and 35, are where it is seen from at first.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    MissingExtraError
        The extra ``window``, or PySide6, is not installed.
    VulkanForgeError
        There is no display, or the device shows no windows.

    Examples
    --------
    ::

        window = vf.Window("dem.tif", vert_exag=1.5, water=0.0)
        window.run()                     # until it is closed
        picture = window.screenshot()    # of the last view, in full
    """

    def __init__(
        self,
        dem: Any,
        *,
        size: tuple[int, int] = (1280, 720),
        title: str = "vulkan_forge",
        toolkit: str = "glfw",
        handle: tuple[str, int, int] | None = None,
        mailbox: bool = False,
        **words: Any,
    ) -> None:
        self._pixels, self._ratio = whole_size(size, 16384), 1.0
        if handle is not None:
            _check(handle)
        if isinstance(dem, Window):
            if words:
                raise InvalidInputError(
                    f"a window on another one's terrain takes no words of its own; got {', '.join(words)}; leave them out"
                )
            self._live: Live = dem._live
        else:
            self._live = Live(dem, words, "Window", windows=True)
        self._orbiting = self._live.orbiting(self._pixels[1])
        self._pace = Pace()
        self._picture: Image | None = None
        self._failure: BaseException | None = None
        self._presenter: Presenter | None = None
        self._canvas: Canvas | None = None
        self._advanced = time.monotonic()
        if handle is None:
            from ._canvas import canvas

            self._canvas = canvas(
                toolkit, self._pixels, title, self._event, self._paint, self._fail
            )
            handle = self._canvas.handle()
        try:
            self._presenter = close_at_exit(Presenter(self._live.session, *handle, mailbox=mailbox))
        except BaseException:
            self.close()
            raise
        if self._canvas is not None:
            self._canvas.on_close(self.close)
            self._canvas.request()

    # -- what it shows

    @property
    def camera(self) -> Camera:
        """As it stands now: pass it to `vulkan_forge.render` for a picture of the same view."""
        return self._orbiting.camera

    @property
    def sun(self) -> tuple[float, float]:
        """Azimuth and altitude in degrees, as `render` takes them; may be set."""
        return self._orbiting.sun

    @sun.setter
    def sun(self, sun: tuple[float, float]) -> None:
        self._orbiting.sun = sun
        self._moved()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the display."""
        return self._pixels

    @property
    def closed(self) -> bool:
        """Whether it is."""
        return self._presenter is None

    def ground_at(self, x: float, y: float) -> tuple[float, float, float] | None:
        """World (x, y, z) in metres of the ground that is seen at a place of the window; None where there is none.

        Parameters
        ----------
        x, y : float
            From the left and from the top, as events have them.
        """
        if self._picture is None:
            return None
        width, height = self._picture.size
        at = [
            int(place * self._ratio * side / pixels)
            for place, side, pixels in zip((x, y), (width, height), self._pixels, strict=True)
        ]
        if not (0 <= at[0] < width and 0 <= at[1] < height):
            return None
        return self._picture.ground_at(*at)

    def screenshot(self) -> Image:
        """The view as it is, in full, with the size of the window; of a closed one as it was last."""
        return self._live.draw(self._orbiting, self._pixels)

    # -- its life

    def run(self) -> None:
        """Show it, and all others of its toolkit, until they are closed.

        In a program that has made its QApplication itself that one's exec() does so, and this returns at once.

        Raises
        ------
        VulkanForgeError
            What ended it, if that was no one's wish: the display is gone, or the device is lost.
        """
        if self._canvas is None:
            raise InvalidInputError(
                "a window by its handle has its toolkit's event loop; expected that one to run, got run(); "
                "hand on events with handle_event(), and call draw()"
            )
        self._canvas.run()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def close(self) -> None:
        """Close it. A second time this does nothing."""
        presenter, self._presenter = self._presenter, None
        if presenter is not None:
            presenter.close()
        if self._canvas is not None:
            self._canvas.close()

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # -- drawing

    def draw(self) -> bool:
        """Draw and show it now; whether to draw again, `rest` seconds later at the latest.

        For windows by their handle: those of a toolkit draw themselves.
        """
        if self._presenter is None:
            raise InvalidInputError(
                "the window is closed; expected one that is open, got one after close(); make a new one"
            )
        now = time.monotonic()
        if self._orbiting.advance(min(now - self._advanced, 0.2)):
            self._pace.moved()
        self._advanced = now
        size = self._presenter.extent(self._pixels)
        if size is None:  # minimised
            return False
        if size != self._pixels:  # no event told of it yet
            self._pixels = size
        still = self._pace.still
        coarse = 1 if still else self._pace.coarse
        first = self._picture is None
        self._picture = self._live.draw(self._orbiting, coarser(size, coarse), coarse)
        self._presenter.show(self._picture, size)
        if first:
            self._pace = self._live.paced(self._orbiting, size)
        elif not still:
            self._pace.adapt(time.monotonic() - now, coarse)
        return not still

    rest = STILL_S
    """Seconds without motion after which a picture is drawn in full."""

    def handle_event(self, event: dict[str, Any]) -> bool:
        """Take an event of the window; whether to draw.

        Parameters
        ----------
        event : dict
            As rendercanvas and jupyter_rfb have them: "event_type" is "pointer_down", "pointer_move", "pointer_up" (with "x", "y", "button"), "wheel"
            ("dy"), "key_down", "key_up" ("key") or "resize" ("width", "height", "pixel_ratio").
        """
        if event.get("event_type") == "resize":
            self._ratio = event.get("pixel_ratio") or 1.0
            width, height = (round(event[side] * self._ratio) for side in ("width", "height"))
            if width > 0 and height > 0:  # else minimised
                self._pixels = width, height
            self._orbiting.height = max(1, round(event["height"]))
            self._pace.moved()
            return True
        moved = self._orbiting.handle(event)
        if moved:
            self._pace.moved()
        return moved

    # -- what the canvas asks for

    def _event(self, event: dict[str, Any]) -> None:
        if self.handle_event(event):
            self._moved()

    def _moved(self) -> None:
        self._pace.moved()
        if self._canvas is not None:
            self._canvas.request()

    def _paint(self) -> None:
        if self._presenter is None:
            return
        if self.draw() and self._canvas is not None:
            self._canvas.request(0.0 if self._orbiting.flying else self.rest + 0.02)

    def _fail(self, failure: BaseException) -> None:
        """Something went wrong in the event loop, which `run` will tell."""
        if self._failure is None:
            self._failure = failure
        with contextlib.suppress(VulkanForgeError):
            self.close()


def _check(handle: Any) -> None:
    if not (isinstance(handle, tuple) and len(handle) == 3 and handle[0] in _KINDS):
        raise InvalidInputError(
            f"handle must be (kind, display, window) with a kind of {', '.join(_KINDS)}; got {shown(handle)}; "
            'pass e.g. ("x11", 0, widget.winfo_id())'
        )
