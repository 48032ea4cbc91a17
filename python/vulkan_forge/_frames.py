"""What `Renderer.frames` leaves running ends before the interpreter does."""

from __future__ import annotations

import atexit
import contextlib
import weakref

from ._vulkan_forge import Frames, InvalidInputError

_open: weakref.WeakSet[Frames] = weakref.WeakSet()


def close_at_exit(frames: Frames) -> Frames:
    """`frames`, which is closed when the interpreter ends, while the driver still stands."""
    _open.add(frames)
    return frames


@atexit.register
def _close_all() -> None:
    for frames in list(_open):
        with contextlib.suppress(InvalidInputError):  # one that another thread is at work on
            frames.close()
