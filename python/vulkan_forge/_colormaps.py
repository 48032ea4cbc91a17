"""The Python door for colour maps: matplotlib's objects, lists of colours, tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from ._colours import parse_colour
from ._numbers import array_of, items, shown
from ._vulkan_forge import InvalidInputError, _colormap_table

_SAMPLES = 256
_CURE = (
    "pass a name from colormap_supported(), a matplotlib Colormap, a list of colours "
    "or an (N, 3) or (N, 4) array of floats in 0..1 or of uint8"
)


class Table(NamedTuple):
    """A colour map written out: sRGB, straight alpha, float32 in 0..1."""

    entries: npt.NDArray[np.float32]
    """(N, 4).

    A value t in 0..1 takes entry ``int(t * N)``, and t = 1 the last, as in matplotlib.
    """
    under: npt.NDArray[np.float32]
    """(4,). Colour below vmin."""
    over: npt.NDArray[np.float32]
    """(4,). Colour above vmax."""
    bad: npt.NDArray[np.float32]
    """(4,). Colour of NaN. Holes are painted only where ``render(bad=...)`` asks for it."""


def resolve(cmap: Any) -> str | Table:
    """Turn what a caller calls a colour map into a built-in's name or a table.

    Parameters
    ----------
    cmap : str, Colormap, list of colours, or array of shape (N, 3) or (N, 4)
        A name goes through as it is; the compiled module knows which exist. A matplotlib
        ``Colormap``, or any callable with its ``N``, gives its own N entries with its under, over
        and bad colours; a callable without ``N`` is sampled 256 times over 0..1. In a list each
        colour is ``#rgb``, ``#rgba``, ``#rrggbb``, ``#rrggbbaa``, a name that matplotlib knows
        (where it is installed), or a tuple of 3 or 4 floats in 0..1. The N colours of a list or
        array are N equal bands, not a ramp between them: ``LinearSegmentedColormap.from_list``
        makes ramps.

    Raises
    ------
    InvalidInputError
        None of these, an empty list, a colour outside its range, or a name that nobody knows.
    """
    if isinstance(cmap, str):
        return cmap
    if callable(cmap):
        return _from_callable(cast("Callable[..., Any]", cmap))
    is_table = isinstance(cmap, np.ndarray) and cmap.dtype.kind in "biuf"
    entries = checked(cmap if is_table else _from_list(cmap))
    return Table(entries, entries[0], entries[-1], np.zeros(4, np.float32))


def table_of(cmap: Any) -> Table:
    """As `resolve`, with a built-in's name written out too; a table stays as it is."""
    if isinstance(cmap, Table):
        return cmap
    found = resolve(cmap)
    if not isinstance(found, str):
        return found
    colours = _colormap_table(found)  # the entries, then under, over and bad
    return Table(colours[:-3], colours[-3], colours[-2], colours[-1])


def _from_callable(cmap: Callable[..., Any]) -> Table:
    count = getattr(cmap, "N", None)
    if count is None:
        try:
            colours = np.asarray(cmap((np.arange(_SAMPLES) + 0.5) / _SAMPLES))
        except (TypeError, ValueError) as error:
            raise InvalidInputError(
                f"cmap must be a colour map; got {shown(cmap)}, which gives no colours for 0..1 ({error}); {_CURE}"
            ) from error
        entries = checked(colours)
        return Table(entries, entries[0], entries[-1], np.zeros(4, np.float32))
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise InvalidInputError(
            f"cmap.N must be an integer of at least 1; got {shown(count)}; {_CURE}"
        )

    def colour(indices: npt.ArrayLike) -> npt.NDArray[np.float32]:
        try:  # as bytes, so that each entry is exactly the byte that matplotlib draws
            colours = cmap(indices, bytes=True)
        except TypeError:
            colours = cmap(indices)
        return checked(np.asarray(colours))

    entries = colour(np.arange(int(count)))
    extremes = colour(np.ma.masked_invalid([-1.0, 2.0, np.nan]))
    return Table(entries, extremes[0], extremes[1], extremes[2])


def _from_list(colours: Any) -> npt.NDArray[Any]:
    listed = items(colours)
    if listed is None:
        raise InvalidInputError(f"cmap must be a colour map; got {type(colours).__name__}; {_CURE}")
    if any(isinstance(item, str) for item in listed):
        listed = [parse_colour(item, "cmap") for item in listed]
    table = array_of(listed)
    if table is None:
        raise InvalidInputError(
            f"cmap must be a list of colours of one length; got {shown(colours)}; {_CURE}"
        )
    return table


def checked(colours: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """(N, 3 or 4) colours as (N, 4) float32 in 0..1."""
    if colours.ndim != 2 or colours.shape[0] < 1 or colours.shape[1] not in (3, 4):
        raise InvalidInputError(
            f"cmap must have shape (N, 3) or (N, 4) with N at least 1; got {colours.shape}; {_CURE}"
        )
    if colours.dtype == np.uint8:
        table = colours / np.float64(255)
    elif colours.dtype.kind in "biuf":
        table = colours.astype(np.float64)
    else:
        raise InvalidInputError(f"cmap must hold real numbers; got dtype {colours.dtype}; {_CURE}")
    if not np.all((table >= 0) & (table <= 1)):  # false for NaN as well
        raise InvalidInputError(
            f"cmap must hold floats in 0..1; got values from {table.min()} to {table.max()}; "
            "pass np.asarray(cmap, np.uint8) where they mean 0..255"
        )
    entries = np.ones((len(table), 4), np.float32)
    entries[:, : table.shape[1]] = table
    return entries
