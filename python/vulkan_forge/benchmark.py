"""Timings of single operations, as a dict that goes into JSON."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._camera import Camera
from ._numbers import shown
from ._renderer import Renderer
from ._vulkan_forge import InvalidInputError, numpy_to_png, png_to_numpy, render_triangle_rgba

_Operation = Callable[[int], object]
_MAX_SIDE = 65535


def run_benchmark(
    op: str,
    width: int,
    height: int,
    *,
    iterations: int = 10,
    warmup: int = 2,
    seed: int = 0,
) -> dict[str, Any]:
    """Time one operation on the device that ``Renderer`` chooses.

    Parameters
    ----------
    op : str
        ``"render"``: a picture with its camera moved each time, to an ``Image``. ``"render_rgba"``:
        the same, camera at rest, to a NumPy array. ``"render_png"``: encoding and writing included.
        ``"renderer_rgba"`` and ``"renderer_png"`` are other names of these two.
        ``"triangle"``: the smoke picture on a device already open. ``"triangle_oneshot"``:
        ``render_triangle_rgba``, device included. ``"upload"``: heights checked, copied and sent to
        the device. ``"readback"``: heights from the device. ``"png_write"`` or ``"numpy_to_png"``,
        ``"png_read"`` or ``"png_to_numpy"``: files only.
    width, height : int, 1 to 65535
        Size of the picture, and of the DEM drawn, sent or read (at least 2 x 2).
    iterations : int, >= 1
        Timed runs.
    warmup : int, >= 0
        Runs before those, not timed.
    seed : int, >= 0
        Of the random DEM.

    Returns
    -------
    dict
        JSON-able. ``op``, ``width``, ``height``, ``iterations``, ``warmup``, ``seed``; ``min_ms``,
        ``p50_ms``, ``mean_ms``, ``p95_ms``, ``max_ms``: wall time of one run in milliseconds;
        ``device``: the line of ``Renderer.info()``; ``metrics``: ``render_metrics()`` after the
        last run.

    Raises
    ------
    InvalidInputError
        Unknown `op` or a number outside its range.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As elsewhere.
    """
    if not isinstance(op, str) or op not in OPERATIONS:
        known = ", ".join(repr(name) for name in OPERATIONS)
        raise InvalidInputError(
            f"op must be a known operation; got {shown(op)}; choose one of {known}"
        )
    width = _integer("width", width, 1, _MAX_SIDE)
    height = _integer("height", height, 1, _MAX_SIDE)
    iterations = _integer("iterations", iterations, 1, 1_000_000)
    warmup = _integer("warmup", warmup, 0, 1_000_000)
    seed = _integer("seed", seed, 0, 2**63 - 1)

    import tempfile  # half of this package's import time, if done at the top

    renderer = Renderer(width, height)
    with tempfile.TemporaryDirectory(prefix="vulkan_forge-") as folder:
        operation = OPERATIONS[op](renderer, (height, width), seed, Path(folder))
        for i in range(warmup):
            operation(i)
        times = np.empty(iterations)
        for i in range(iterations):
            start = time.perf_counter()
            operation(warmup + i)
            times[i] = 1e3 * (time.perf_counter() - start)
    return {
        "op": op,
        "width": width,
        "height": height,
        "iterations": iterations,
        "warmup": warmup,
        "seed": seed,
        "min_ms": float(times.min()),
        "p50_ms": float(np.percentile(times, 50)),
        "mean_ms": float(times.mean()),
        "p95_ms": float(np.percentile(times, 95)),
        "max_ms": float(times.max()),
        "device": renderer.info(),
        "metrics": renderer.render_metrics(),
    }


def _integer(name: str, value: Any, least: int, greatest: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or not least <= number <= greatest:
        raise InvalidInputError(
            f"{name} must be an integer in {least}..{greatest}; got {shown(value)}; pass an int"
        )
    return number


def _hills(shape: tuple[int, int], seed: int) -> npt.NDArray[np.float32]:
    """Random waves of six octaves, 0 to a tenth of the longer side high; at least 2 x 2."""
    rows, columns = (max(2, side) for side in shape)
    random = np.random.default_rng(seed)
    y = np.linspace(0, 2 * np.pi, rows, dtype=np.float32)[:, None]
    x = np.linspace(0, 2 * np.pi, columns, dtype=np.float32)[None, :]
    heights = np.zeros((rows, columns), np.float32)
    for octave in range(6):
        scale = np.float32(2.0**octave)
        for phase_x, phase_y in random.uniform(0, 2 * np.pi, (3, 2)).astype(np.float32):
            heights += np.sin(scale * x + phase_x) * np.sin(scale * y + phase_y) / scale
    heights -= heights.min()
    heights *= np.float32(0.1 * max(rows, columns) / max(float(heights.max()), 1e-6))
    return heights


def _with_terrain(renderer: Renderer, shape: tuple[int, int], seed: int) -> None:
    renderer.add_terrain(_hills(shape, seed))
    renderer.set_samples(1)


def _render(renderer: Renderer, shape: tuple[int, int], seed: int, _: Path) -> _Operation:
    _with_terrain(renderer, shape, seed)
    distance = 1.6 * max(shape)

    def operation(i: int) -> object:
        renderer.set_camera(Camera.orbit((0, 0, 0), distance, azimuth=225 + i % 90, altitude=35))
        return renderer.render()

    return operation


def _render_rgba(renderer: Renderer, shape: tuple[int, int], seed: int, _: Path) -> _Operation:
    _with_terrain(renderer, shape, seed)
    return lambda i: renderer.render_rgba()


def _render_png(renderer: Renderer, shape: tuple[int, int], seed: int, folder: Path) -> _Operation:
    _with_terrain(renderer, shape, seed)
    return lambda i: renderer.render_png(folder / "picture.png")


def _triangle(renderer: Renderer, *_: object) -> _Operation:
    return lambda i: renderer.render_triangle_rgba()


def _triangle_oneshot(_: Renderer, shape: tuple[int, int], *__: object) -> _Operation:
    return lambda i: render_triangle_rgba(shape[1], shape[0])


def _upload(renderer: Renderer, shape: tuple[int, int], seed: int, _: Path) -> _Operation:
    heights = _hills(shape, seed)

    def operation(i: int) -> None:
        renderer.add_terrain(heights)  # without it the heights are known to be there already
        renderer.upload_height_r32f()

    return operation


def _readback(renderer: Renderer, shape: tuple[int, int], seed: int, _: Path) -> _Operation:
    renderer.add_terrain(_hills(shape, seed))
    renderer.upload_height_r32f()
    return lambda i: renderer.read_full_height_texture()


def _png_write(renderer: Renderer, shape: tuple[int, int], seed: int, folder: Path) -> _Operation:
    _with_terrain(renderer, shape, seed)
    picture = renderer.render_rgba()
    return lambda i: numpy_to_png(folder / "picture.png", picture)


def _png_read(renderer: Renderer, shape: tuple[int, int], seed: int, folder: Path) -> _Operation:
    _with_terrain(renderer, shape, seed)
    renderer.render_png(folder / "picture.png")
    return lambda i: png_to_numpy(folder / "picture.png")


OPERATIONS: dict[str, Callable[[Renderer, tuple[int, int], int, Path], _Operation]] = {
    "render": _render,
    "render_rgba": _render_rgba,
    "renderer_rgba": _render_rgba,
    "render_png": _render_png,
    "renderer_png": _render_png,
    "triangle": _triangle,
    "triangle_oneshot": _triangle_oneshot,
    "upload": _upload,
    "readback": _readback,
    "png_write": _png_write,
    "numpy_to_png": _png_write,
    "png_read": _png_read,
    "png_to_numpy": _png_read,
}
