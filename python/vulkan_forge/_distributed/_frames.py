"""``frames``: pictures from many cameras."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sized
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import numpy.typing as npt

from .._camera import Camera
from .._film._animate import _rate
from .._film._path import Path
from .._film._scene import is_function, known_words
from .._numbers import shown, whole_size
from .._vulkan_forge import ImageFileError, InvalidInputError
from ._crew import Crew
from ._sent import sent
from ._work import Order, frame

_PATTERN = re.compile(r"[^%]*%0?\d*d[^%]*")


def frames(
    dem: Any,
    cameras: Path | Iterable[Camera],
    out: str | os.PathLike[str] | None = None,
    *,
    size: tuple[int, int] = (1280, 720),
    fps: float = 30,
    spacing: tuple[float, float] | None = None,
    client: Any = None,
    in_flight: int | None = None,
    retries: int = 3,
    progress: Callable[[int, int | None], object] | None = None,
    **words: Any,
) -> Iterator[npt.NDArray[np.uint8]] | list[FilePath]:
    """Draw a DEM from many cameras on a cluster.

    Parameters
    ----------
    dem : path, DEM, LargeDEM, array, or whatever else :func:`vulkan_forge.render` takes
        A path is read by the workers, and so is what a LargeDEM is of.
    cameras : Path or iterable of Camera
        From where it is seen; of a path, `fps` times a second.
    out : str or os.PathLike, optional
        A name such as "turn_%03d.png" on a disk that all workers see: they write there. By default pictures come back.
    size : (int, int), default (1280, 720)
        Width and height in pixels.
    fps, spacing
        As for :func:`vulkan_forge.animate`.
    client : distributed.Client, optional
        By default the last one that was made.
    in_flight : int, optional
        Pictures that are begun and not yet handed on, at most; by default two for each thread of the workers.
    retries : int, default 3
        How often a picture is tried again whose worker died or had no device.
    progress : callable, optional
        Called with the number of pictures that are there and that of all, None if `cameras` does not tell.
    **words
        How it looks: as for :func:`vulkan_forge.animate`; with a Path also functions of the time in seconds.

    Returns
    -------
    iterator of numpy.ndarray, (height, width, 4) uint8, or list of pathlib.Path
        In the order of the cameras; without `out` one after another, as they are asked for.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or there is no cluster.
    ImageFileError
        The DEM cannot be read, has changed since, or a picture cannot be written.
    MissingExtraError
        distributed is not installed.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say; the message names the worker.
    """
    words = dict(words)
    known_words(words, "frames")
    pattern = None if out is None else _pattern(out)
    crew = Crew(client, in_flight, retries)
    where = {
        name: words.pop(name, usual)
        for name, usual in (("device", None), ("prefer_software", False))
    }
    moving = {name: value for name, value in words.items() if is_function(name, value)}
    width, height = whole_size(size)
    shots, count = _shots(cameras, fps, width / height, moving)
    order = Order(
        uuid.uuid4().hex,
        sent(dem, spacing),
        spacing,
        {name: value for name, value in words.items() if name not in moving},
        (width, height),
        **where,
        ranks=crew.ranks,
    )

    def jobs() -> Iterator[tuple[Any, ...]]:
        for number, (camera, t) in enumerate(shots):
            if not isinstance(camera, Camera):
                raise InvalidInputError(
                    f"cameras must be of Camera; got {shown(camera)} at {number}; pass e.g. [vf.Camera.fit(dem)]"
                )
            target = None if pattern is None else pattern % number
            yield camera, {name: word(t) for name, word in moving.items()}, target

    results = _counted(crew.ordered(frame, order, jobs(), "frame"), count, progress)
    return results if pattern is None else [FilePath(name) for name in results]


def _shots(
    cameras: Any, fps: Any, aspect: float, moving: dict[str, Any]
) -> tuple[Iterator[tuple[Any, float]], int | None]:
    """Cameras with their times, and how many there are."""
    if isinstance(cameras, Path):
        times = list(cameras.times(float(_rate(fps))))
        return ((cameras.camera(t, aspect), t) for t in times), len(times)
    if isinstance(cameras, Camera) or not isinstance(cameras, Iterable):
        raise InvalidInputError(
            f"cameras must be a Path or several of Camera; got {shown(cameras)}; pass e.g. [vf.Camera.fit(dem)]"
        )
    if moving:
        raise InvalidInputError(
            f"words that are functions of time need a Path; got {', '.join(moving)} with cameras that have no time; pass "
            "cameras=vf.Path..."
        )
    count = len(cameras) if isinstance(cameras, Sized) else None
    return ((camera, 0.0) for camera in cameras), count


def _counted(
    results: Iterator[Any], count: int | None, progress: Callable[[int, int | None], object] | None
) -> Iterator[Any]:
    if progress is not None:
        progress(0, count)
    for done, result in enumerate(results, 1):
        yield result
        if progress is not None:
            progress(done, count)


def _pattern(out: Any) -> str:
    if not isinstance(out, str | os.PathLike):
        raise InvalidInputError(
            f"out must be a str or os.PathLike; got {shown(out)}; pass e.g. 'turn_%03d.png'"
        )
    target = FilePath(os.path.abspath(os.fsdecode(out)))
    if target.suffix.lower() != ".png" or not _PATTERN.fullmatch(target.name):
        raise InvalidInputError(
            f"out must be as turn_%03d.png, with one place for a number; got {target.name!r}; pass e.g. 'turn_%03d.png'"
        )
    if not os.path.isdir(target.parent):
        raise ImageFileError(
            f"{target.parent}: expected a folder that exists; got none; make it first, where all workers see it"
        )
    return str(target.parent).replace("%", "%%") + os.sep + target.name
