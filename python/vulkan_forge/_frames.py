"""``Frames``: pictures from one camera after another. What is left running ends before the interpreter does."""

from __future__ import annotations

import atexit
import contextlib
import weakref
from typing import TYPE_CHECKING, TypeVar

from . import _vulkan_forge
from ._image import Image
from ._vulkan_forge import InvalidInputError

if TYPE_CHECKING:
    from .geo._grid import Grid

_Open = TypeVar("_Open", _vulkan_forge.Frames, _vulkan_forge.Strips, _vulkan_forge.Presenter)
_open: weakref.WeakSet[_vulkan_forge.Frames | _vulkan_forge.Strips | _vulkan_forge.Presenter] = (
    weakref.WeakSet()
)


class Frames:
    """Pictures from one camera after another, as `Renderer.frames` gives them."""

    __slots__ = ("_frames", "_geography")

    def __init__(self, frames: _vulkan_forge.Frames, geography: Grid | None) -> None:
        self._frames = close_at_exit(frames)
        self._geography = geography

    def __iter__(self) -> Frames:
        return self

    def __next__(self) -> Image:
        return Image(next(self._frames), self._geography)

    def __enter__(self) -> Frames:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop: what is being drawn ahead is given up, and no more pictures come."""
        self._frames.close()


def close_at_exit(made: _Open) -> _Open:
    """`made`, which is closed when the interpreter ends, while the driver still stands."""
    _open.add(made)
    return made


@atexit.register
def _close_all() -> None:
    for made in list(_open):
        with contextlib.suppress(InvalidInputError):  # one that another thread is at work on
            made.close()
