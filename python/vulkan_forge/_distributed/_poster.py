"""``poster``: strips of one picture."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .._numbers import flag, whole_size
from .._poster import target_of, write
from .._vulkan_forge import InvalidInputError
from .._words import DEFAULTS
from ._crew import Crew
from ._sent import sent
from ._work import Order, strip

_BYTES = 64 << 20  # of a strip
_TILE = 8  # rows of whose multiples strips begin


def poster(
    dem: Any,
    path: str | os.PathLike[str],
    size: tuple[int, int] = (30000, 20000),
    *,
    world_file: bool = False,
    client: Any = None,
    in_flight: int | None = None,
    retries: int = 3,
    progress: Callable[[int, int], object] | None = None,
    **words: Any,
) -> None:
    """Draw a DEM into a file as :func:`vulkan_forge.poster` does, byte for byte, in strips on a cluster.

    The file is written here, strip after strip as they come.

    Parameters
    ----------
    dem : path, DEM, LargeDEM, array, or whatever else :func:`vulkan_forge.render` takes
        A path is read by the workers, and so is what a LargeDEM is of.
    path, size, world_file, progress, **words
        As for :func:`vulkan_forge.poster`.
    client, retries
        As for :func:`frames`.
    in_flight : int, optional
        Strips of some 64 MiB that are begun and not yet written, at most; by default two for each thread of the workers.

    Raises
    ------
    InvalidInputError, ImageFileError, MissingExtraError, NoDeviceError, OutOfMemoryError, DeviceLostError
        As for :func:`frames` and :func:`vulkan_forge.poster`.
    """
    target, tiff = target_of(path, flag(world_file, "world_file"), progress, dem)
    words = dict(words)
    for name in words:
        if name not in DEFAULTS or name in ("size", "aovs"):
            raise InvalidInputError(
                f"poster takes words of render but size and aovs; got {name!r}; leave it out"
            )
    width, height = whole_size(size)
    crew = Crew(client, in_flight, retries)
    where = {
        name: words.pop(name, usual)
        for name, usual in (("device", None), ("prefer_software", False))
    }
    spacing = words.pop("spacing", None)
    order = Order(
        uuid.uuid4().hex,
        sent(dem, spacing),
        spacing,
        words,
        (width, height),
        **where,
        ranks=crew.ranks,
    )
    step = max(_BYTES // (4 * width) // _TILE, 1) * _TILE
    step = min(step, max(-(-height // (2 * len(crew.ranks)) // _TILE), 1) * _TILE)
    needs = "a GeoTIFF" if tiff else "a world file" if world_file else None
    jobs = (((first, min(first + step, height)), needs) for first in range(0, height, step))
    results = crew.ordered(strip, order, jobs, "strip")
    place, rows = next(results)

    def strips() -> Iterator[npt.NDArray[np.uint8]]:
        yield rows
        for _, more in results:
            yield more

    write(strips(), (width, height), target, tiff, place, progress or (lambda done, total: None))
