"""A DEM of any kind in, rasters out: what every relief function needs round the compiled one."""

from __future__ import annotations

import functools
import importlib
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ._engines import with_engine
from ._heights import as_heights
from ._numbers import flag, shown
from ._vulkan_forge import InvalidInputError

if TYPE_CHECKING:
    from .geo._grid import Grid

# A NumPy array for what NumPy can hold, a dask array for a dask array.
Raster: TypeAlias = Any


_NODES = 1 << 16  # cells that have one each, at most, where a lattice does not do


class Placed(NamedTuple):
    """Heights in metres whose grid says, from cell to cell, how they lie on the ground."""

    heights: Any
    """NumPy or dask array (H, W)."""
    grid: Grid
    turned: bool
    """Whether bearings are from true north, not from that of the grid."""

    def part(self, heights: Any, row: int, column: int) -> Placed:
        """Of the cells from (row, column) on, whose heights are given."""
        return Placed(heights, self.grid.part(row, column, *heights.shape), self.turned)


class Call(NamedTuple):
    """A compiled function ``(engine, heights, *arguments, spacing=, north=, **named)`` that gives `results` rasters."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    results: int


def rasters(
    dem: Any,
    call: Call,
    depth: int,
    spacing: Any,
    geographic: Any,
    latitude: Any,
    device: Any,
) -> list[Raster]:
    """Run `call` on a DEM; a dask array stays one, whose chunks borrow `depth` cells from their neighbours."""
    step = (1.0, 1.0) if spacing is None else spacing
    north = _north(geographic, latitude)
    placed, dem = (dem, dem.heights) if isinstance(dem, Placed) else (None, dem)
    if is_lazy(dem):
        return _lazily(dem, call, depth, step, north, device, placed)
    return _now(as_heights(dem), call, step, north, device, placed)


def is_lazy(dem: Any) -> bool:
    """A dask array, told without importing dask."""
    return type(dem).__module__.partition(".")[0] == "dask" and hasattr(dem, "dask")


def _now(
    heights: npt.NDArray[np.float32],
    call: Call,
    step: Any,
    north: Any,
    device: Any,
    placed: Placed | None = None,
) -> list[Any]:
    named = call.named
    if placed is not None:
        if "up" in named:
            named = _with_north(named, placed)
        else:
            lattice = placed.grid.ground.lattice(placed.turned)
            if lattice is None and heights.size > _NODES:
                return _in_quarters(heights, call, step, device, placed)
            named = named | {"places": lattice or placed.grid.ground.nodes(placed.turned)}
    found: list[Any] = with_engine(
        device,
        False,
        lambda engine: call.function(
            engine, heights, *call.arguments, spacing=step, north=north, **named
        ),
    )
    return found


def _with_north(named: dict[str, Any], placed: Placed) -> dict[str, Any]:
    return named | {"up": placed.grid.ground.turn if placed.turned else 0.0}


def _in_quarters(
    heights: npt.NDArray[np.float32], call: Call, step: Any, device: Any, placed: Placed
) -> list[Any]:
    """As a whole, but that each quarter, with a cell around it, says for itself how it lies on the ground."""
    results = [np.empty(heights.shape, np.float32) for _ in range(call.results)]
    halves = [(slice(0, side // 2), slice(side // 2, side)) for side in heights.shape]
    for rows, columns in itertools.product(*halves):
        around = tuple(
            slice(max(own.start - 1, 0), min(own.stop + 1, side))
            for own, side in zip((rows, columns), heights.shape, strict=True)
        )
        inner = tuple(
            slice(own.start - wide.start, own.stop - wide.start)
            for own, wide in zip((rows, columns), around, strict=True)
        )
        part = np.ascontiguousarray(heights[around])
        place = placed.part(part, around[0].start, around[1].start)
        for result, made in zip(results, _now(part, call, step, None, device, place), strict=True):
            result[rows, columns] = made[inner]
    return results


def _north(geographic: Any, latitude: Any) -> Any:
    geographic = flag(geographic, "geographic")
    if geographic and latitude is None:
        raise InvalidInputError(
            "latitude must be given with geographic=True; expected that of row 0's centres in degrees, "
            "got None; pass latitude="
        )
    if latitude is not None and not geographic:
        raise InvalidInputError(
            f"latitude is for spacing in degrees; got latitude={shown(latitude)} without geographic=True; "
            "pass geographic=True, or leave latitude out"
        )
    return latitude if geographic else None


def _lazily(
    dem: Any, call: Call, depth: int, step: Any, north: Any, device: Any, placed: Placed | None
) -> list[Raster]:
    """One dask array for each result; they share the work where they are computed together."""
    array: Any = importlib.import_module("dask.array")
    if dem.ndim != 2:
        raise InvalidInputError(
            f"dem must be 2-D; expected shape (H, W), got {dem.ndim}-D of shape {dem.shape}; "
            "choose one band, for example dem[0]"
        )
    if not all(side > 0 for side in dem.shape):  # NaN where nobody has counted yet
        raise InvalidInputError(
            f"dem must have cells, and dask must know how many; expected shape (H, W) with H, W >= 1, got {dem.shape}; "
            "pass a raster that is not empty, after dem.compute_chunk_sizes()"
        )
    # A chunk knows its latitude, and its place in messages, from numbers that are cut and overlapped as it is.
    rows = array.arange(dem.shape[0], chunks=dem.chunks[0], dtype=np.float64)[:, np.newaxis]
    columns = array.arange(dem.shape[1], chunks=dem.chunks[1], dtype=np.float64)[np.newaxis, :]
    if placed is not None and "up" in call.named:  # one north for all of it, as in memory
        call, placed = call._replace(named=_with_north(call.named, placed)), None
    place = None if placed is None else placed._replace(heights=None)
    work = functools.partial(_chunk, call=call, step=step, north=north, device=device, placed=place)
    down, along = (min(depth, side) for side in dem.shape)  # dask refuses more
    overlapped = array.overlap.overlap(dem, depth={0: down, 1: along}, boundary="none")
    numbered = array.overlap.overlap(rows, depth={0: down, 1: 0}, boundary="none")
    across = array.overlap.overlap(columns, depth={0: 0, 1: along}, boundary="none")
    stacked = array.map_blocks(
        work,
        overlapped,
        numbered,
        across,
        dtype=np.float32,
        new_axis=0,
        chunks=((call.results,), *overlapped.chunks),
        meta=np.empty((0, 0, 0), np.float32),
    )
    trimmed = array.overlap.trim_internal(
        stacked, {0: 0, 1: down, 2: along}, boundary={0: "none", 1: "none", 2: "none"}
    )
    return [trimmed[index] for index in range(call.results)]


def _chunk(
    heights: Any,
    rows: npt.NDArray[np.float64],
    columns: npt.NDArray[np.float64],
    *,
    call: Call,
    step: Any,
    north: Any,
    device: Any,
    placed: Placed | None,
) -> npt.NDArray[np.float32]:
    """All results of a chunk, in whatever process and thread dask runs it."""
    first = None if north is None else north - step[1] * float(rows[0, 0])
    if placed is not None and heights.size:
        placed = placed.part(heights, int(rows[0, 0]), int(columns[0, 0]))
    try:
        return np.stack(_now(as_heights(heights), call, step, first, device, placed))
    except InvalidInputError as refusal:
        if "infinite" not in str(refusal):
            raise
        raise InvalidInputError(
            f"{refusal}; this is the chunk whose row 0 and column 0 are row {rows[0, 0]:.0f} and "
            f"column {columns[0, 0]:.0f} of dem"
        ) from None
