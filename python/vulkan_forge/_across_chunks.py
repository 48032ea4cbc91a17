"""What has no farthest reach, on dask arrays: shadows and views that cross the borders of chunks.

Shadows go from band to band of whole rows, or columns, away from the sun: the next band is given how high the shadows end
where the last one stopped, a number for each ray. So each chunk is read once, and the numbers are those of the whole raster.
A view takes for each chunk the rectangle from the observer to it: no sight line leaves that.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _vulkan_forge
from ._engines import with_engine
from ._heights import as_heights
from ._numbers import is_real
from ._vulkan_forge import InvalidInputError

Floats = npt.NDArray[np.float32]


def shadows(dem: Any, named: dict[str, Any], step: Any, device: Any) -> Any:
    """``shadow_mask`` of a dask array, as one."""
    array: Any = importlib.import_module("dask.array")
    delayed: Any = importlib.import_module("dask").delayed
    _check(dem)
    sun = {name: named[name] for name in ("azimuth", "altitude", "vert_exag")}
    order = _vulkan_forge._relief_shadow_order(**sun, spacing=step)
    ask = {**sun, "spacing": step}
    if order is None:  # all lies in shadow, or nothing does
        work = functools.partial(_mask, ask=ask, device=device)
        return dem.map_blocks(work, dtype=np.float32, meta=np.empty((0, 0), np.float32))
    columns, from_end = order
    axis = int(columns)
    banded = dem.rechunk({1 - axis: -1})
    blocks, sizes = banded.to_delayed().ravel(), banded.chunks[axis]
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    heights: Any = np.empty(0, np.float32)
    masks: list[Any] = [None] * len(sizes)
    work = delayed(_band, pure=True, nout=2)
    for index in range(len(sizes))[:: -1 if from_end else 1]:
        before = starts[-1] - starts[index + 1] if from_end else starts[index]
        first = (0, starts[index]) if columns else (starts[index], 0)
        band = (before, starts[-1])
        mask, heights = work(blocks[index], heights, ask, band, first, device)
        shape = (dem.shape[0], sizes[index]) if columns else (sizes[index], dem.shape[1])
        masks[index] = array.from_delayed(
            mask, shape, np.float32, meta=np.empty((0, 0), np.float32)
        )
    return array.concatenate(masks, axis=axis).rechunk(dem.chunks)


def view(dem: Any, named: dict[str, Any], step: Any, device: Any) -> Any:
    """``viewshed`` of a dask array, as one."""
    array: Any = importlib.import_module("dask.array")
    delayed: Any = importlib.import_module("dask").delayed
    _check(dem)
    row, column = _observer(dem, named, step)
    most = named["max_distance"]
    work = delayed(_seen, pure=True)
    edges = [np.concatenate([[0], np.cumsum(sizes)]).tolist() for sizes in dem.chunks]
    parts = []
    for top, bottom in zip(edges[0], edges[0][1:], strict=False):
        line = []
        for left, right in zip(edges[1], edges[1][1:], strict=False):
            shape = bottom - top, right - left
            near = (
                max(top - row, row - bottom + 1, 0) * step[1],
                max(left - column, column - right + 1, 0) * step[0],
            )
            if most is not None and is_real(most) and math.hypot(*near) > float(most) > 0:
                line.append(array.full(shape, np.nan, np.float32, chunks=shape))
                continue
            around = (
                slice(min(top, row), max(bottom, row + 1)),
                slice(min(left, column), max(right, column + 1)),
            )
            inner = (
                slice(top - around[0].start, bottom - around[0].start),
                slice(left - around[1].start, right - around[1].start),
            )
            cell = row - around[0].start, column - around[1].start
            first = around[0].start, around[1].start
            heights = dem[around].rechunk(-1).to_delayed().item()
            made = work(heights, cell, inner, named | {"spacing": step}, first, device)
            meta = np.empty((0, 0), np.float32)
            line.append(array.from_delayed(made, shape, np.float32, meta=meta))
        parts.append(line)
    return array.block(parts)


def _check(dem: Any) -> None:
    if dem.ndim != 2:
        raise InvalidInputError(
            f"dem must be 2-D; expected shape (H, W), got {dem.ndim}-D of shape {dem.shape}; "
            "choose one band, for example dem[0]"
        )
    if any(math.isnan(size) for sizes in dem.chunks for size in sizes):
        raise InvalidInputError(
            "dem must have chunks of known size; got some that dask does not know; call dem.compute_chunk_sizes() first"
        )


def _observer(dem: Any, named: dict[str, Any], step: Any) -> tuple[int, int]:
    """Row and column, if they are on the DEM."""
    x, y = named["x"], named["y"]
    sides = [0.5 * step[0] * dem.shape[1], 0.5 * step[1] * dem.shape[0]]
    if is_real(x) and is_real(y) and math.isfinite(x) and math.isfinite(y):
        column = math.floor(float(x) / step[0] + dem.shape[1] / 2)
        row = math.floor(-float(y) / step[1] + dem.shape[0] / 2)
        if 0 <= row < dem.shape[0] and 0 <= column < dem.shape[1]:
            return row, column
    raise InvalidInputError(
        f"x and y must lie on the dem; expected |x| < {sides[0]:g} and |y| < {sides[1]:g} metres from its centre, got "
        f"({x!r}, {y!r}); x runs east, y north"
    )


def _mask(heights: Any, ask: dict[str, Any], device: Any) -> Floats:
    return with_engine(
        device,
        False,
        lambda engine: _vulkan_forge._relief_shadow_mask(
            engine, as_heights(heights), block_lines=None, **ask
        ),
    )


def _band(
    heights: Any,
    ends: Any,
    ask: dict[str, Any],
    band: tuple[int, int],
    first: tuple[int, int],
    device: Any,
) -> tuple[Floats, Floats]:
    """Shadows of a band, (lines nearer to the sun, lines in all), and where they end for the next."""
    with _place(first):
        return with_engine(
            device,
            False,
            lambda engine: _vulkan_forge._relief_shadow_band(
                engine, as_heights(heights), band=(*band, ends), **ask
            ),
        )


def _seen(
    heights: Any,
    cell: tuple[int, int],
    inner: tuple[slice, slice],
    named: dict[str, Any],
    first: tuple[int, int],
    device: Any,
) -> Floats:
    """A chunk of a view, of the rectangle between it and the observer's cell."""
    dx, dy = named["spacing"]
    rows, columns = heights.shape
    place = {
        "x": (cell[1] + 0.5 - columns / 2) * dx,
        "y": (rows / 2 - cell[0] - 0.5) * dy,
    }
    with _place(first):
        found = with_engine(
            device,
            False,
            lambda engine: _vulkan_forge._relief_viewshed(
                engine, as_heights(heights), **(named | place)
            ),
        )
    return np.ascontiguousarray(found[inner])


@contextlib.contextmanager
def _place(first: tuple[int, int]) -> Iterator[None]:
    """Says of infinite heights in which part of the raster they are."""
    try:
        yield
    except InvalidInputError as refusal:
        if "infinite" not in str(refusal):
            raise
        raise InvalidInputError(
            f"{refusal}; this is the part whose row 0 and column 0 are row {first[0]} and column {first[1]} of dem"
        ) from None
