"""A worker's side: one device for each process, and the last scene kept for the next job."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._film._scene import Scene, Stage
from .._landing import Landed, land
from .._surface import Surface
from .._tiles._block import Corner, Look, block, tiles_in
from .._tiles._encode import encoded
from .._tiles._source import Ground
from .._vulkan_forge import VulkanForgeError, devices, numpy_to_png
from ..geo._large import LargeDEM
from ._sent import File, arrived

Pixels = npt.NDArray[np.uint8]
_drawing = threading.Lock()  # threads of one worker would but wait for its device
_kept: dict[str, Any] = {}  # of one scene at a time


class Order(NamedTuple):
    """What all pictures of a work have in common."""

    key: str
    """Of this work and no other."""
    dem: File | Surface | LargeDEM
    spacing: Any
    words: dict[str, Any]
    size: tuple[int, int]
    device: Any
    prefer_software: Any
    ranks: dict[str, int]

    def where(self) -> dict[str, Any]:
        """The device that this worker takes."""
        return {
            "device": own_device(self.device, self.ranks),
            "prefer_software": self.prefer_software,
        }


def frame(order: Order, camera: Any, moving: dict[str, Any], target: str | None) -> Any:
    """A picture from a camera: (H, W, 4) uint8, or a file's name once it is there."""
    with _at_work():
        with _drawing:
            stage = _scene(order.key, functools.partial(_stage, order))
            pixels = stage.show(camera, {**order.words, **moving}, bool(moving))
        if target is None:
            return pixels
        numpy_to_png(target, pixels)  # whole or not at all
        return target


def strip(order: Order, rows: tuple[int, int], place: str | None) -> tuple[Any, Pixels]:
    """Rows of a picture, and where it lies if `place` says what needs to know."""
    with _at_work(), _drawing:
        landed: Landed = _scene(order.key, functools.partial(_landed, order))
        strips = landed.strips(order.size, **order.where(), rows=rows)
        with contextlib.closing(strips):
            found = None
            if place is not None:
                from ..geo._pictures import demanded

                found = demanded(strips, landed.surface.grid, place)
            return found, np.concatenate(list(strips))


def tiles_of(
    looked: tuple[Look, dict[str, int]], ground: Ground, corner: Corner, end: Corner
) -> list[tuple[int, int, bytes]]:
    """(column, row, file) of the tiles of a block."""
    look, ranks = looked
    with _at_work():
        if look.style is not None:
            device = own_device(look.style.device["device"], ranks)
            look = look._replace(
                style=look.style._replace(device=look.style.device | {"device": device})
            )
        with _drawing:
            drawn = block(look, ground, corner, end)
        return [
            (column, row, encoded(tile, look.encoding))
            for column, row, tile in tiles_in(ground, drawn, corner, end)
        ]


def _stage(order: Order) -> Stage:
    scene = Scene(arrived(order.dem, order.spacing), {**order.words, **order.where()}, None)
    return Stage(scene, order.size)


def _landed(order: Order) -> Landed:
    return land(arrived(order.dem, order.spacing), order.words, door="poster")


def _scene(key: str, make: Any) -> Any:
    """What was made for this key, or is made now in the place of another's."""
    if key not in _kept:
        _kept.clear()
        _kept[key] = make()
    return _kept[key]


def own_device(device: Any, ranks: dict[str, int]) -> Any:
    """Of several GPUs of a machine each worker has one, by turns; of one, and of software, all have the same."""
    if device is not None:
        return device
    usable = _gpus()
    return usable[ranks.get(_address(), 0) % len(usable)] if len(usable) > 1 else None


@functools.cache
def _gpus() -> tuple[int, ...]:
    kinds = ("discrete", "virtual")
    return tuple(one.index for one in devices() if one.refused is None and one.kind in kinds)


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


@contextlib.contextmanager
def _at_work() -> Iterator[None]:
    """Failures say where they happened."""
    try:
        yield
    except VulkanForgeError as error:
        raise type(error)(f"worker {_address()}: {error}") from error
