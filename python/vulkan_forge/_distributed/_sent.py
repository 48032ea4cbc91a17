"""A DEM on its way to workers: a file by its name, for they see it too, a LargeDEM by what it reads from, or else the
heights."""

from __future__ import annotations

import os
import pickle
from typing import Any, NamedTuple

import numpy as np

from .._surface import Surface, surface
from .._vulkan_forge import ImageFileError, VulkanForgeError
from ..geo._large import LargeDEM, staying


class File(NamedTuple):
    """A file that all workers see under one name, and what it was when the work began."""

    path: str
    size: int
    changed_ns: int


def sent(dem: Any, spacing: Any) -> File | Surface | LargeDEM:
    """What workers are told of a DEM.

    Raises
    ------
    InvalidInputError, ImageFileError
        It is none, cannot be read, or is a LargeDEM of what other processes cannot read.
    """
    if isinstance(dem, str | os.PathLike):
        path = os.path.abspath(os.fsdecode(dem))
        return File(path, *_state(path))
    large = staying(dem, spacing)
    if large is None:
        return surface(dem, spacing)
    try:
        # What cannot go says so itself, before dask does. Heights are not copied for that.
        pickle.dumps(large, 5, buffer_callback=lambda buffer: None)
    except VulkanForgeError:
        raise
    except Exception:  # dask pickles more
        pass
    return large


def arrived(dem: File | Surface | LargeDEM, spacing: Any) -> Surface:
    """The DEM, in a worker; a LargeDEM as its source is now."""
    if isinstance(dem, LargeDEM):
        return surface(dem, spacing)
    if isinstance(dem, Surface):
        # What came over a wire lies where its message put it.
        return dem._replace(heights=np.require(dem.heights, np.float32, ["C", "A"]))
    if _state(dem.path) != dem[1:]:
        raise ImageFileError(
            f"{dem.path}: expected the file as it was when the work began, got one that has changed since; begin again"
        )
    return surface(dem.path, spacing)


def _state(path: str) -> tuple[int, int]:
    try:
        state = os.stat(path)
    except OSError as error:
        raise ImageFileError(
            f"{path}: expected a file that all workers see, got: {error}; pass a name on a shared disk, or the DEM itself"
        ) from error
    return state.st_size, state.st_mtime_ns
