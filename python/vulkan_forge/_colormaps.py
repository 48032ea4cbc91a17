"""The Python door for colour maps: matplotlib's objects, lists of colours, tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from ._vulkan_forge import InvalidInputError

_SAMPLES = 256
_FINE = 65_536  # the most that the compiled module takes
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
    """(4,). Colour of NaN. Terrain has no use for it: a NaN height is a hole."""


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
    entries = _checked(cmap if is_table else _from_list(cmap))
    return Table(entries, entries[0], entries[-1], np.zeros(4, np.float32))


def with_norm(
    cmap: Any, norm: Any, heights: npt.NDArray[np.float32]
) -> tuple[str | Table, float, float]:
    """A colour map as matplotlib draws it through `norm`, with the heights of its two ends.

    Limits that `norm` leaves open are those of `heights`; `norm` itself stays as it is. Anything but
    a plain ``Normalize`` is written out to a table of 65,536 entries that are linear in height.

    Raises
    ------
    InvalidInputError
        `norm` is none of matplotlib's, or its limits are not finite and ascending.
    """
    if not callable(norm) or not hasattr(norm, "autoscale_None"):
        raise InvalidInputError(
            f"norm must be a matplotlib Normalize; got {norm!r}; "
            "pass for example matplotlib.colors.LogNorm()"
        )
    from copy import deepcopy

    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    norm = deepcopy(norm)
    norm.autoscale_None(np.ma.masked_invalid(heights))
    low, high = norm.vmin, norm.vmax
    if low is None or high is None or not np.isfinite(high - low) or not low < high:
        raise InvalidInputError(
            f"norm must have limits, finite and ascending; got vmin={low!r} and vmax={high!r}; set both"
        )
    if type(norm) is Normalize and not norm.clip:
        return resolve(cmap), float(low), float(high)
    if isinstance(cmap, str) and cmap in colormaps:
        cmap = colormaps[cmap]
    if not callable(cmap):
        from matplotlib.colors import ListedColormap

        cmap = ListedColormap(_checked(np.asarray(_from_list(cmap))))
    at = low + (high - low) * (np.arange(_FINE) + 0.5) / _FINE
    beyond = np.array([low - (high - low), high + (high - low)])
    with np.errstate(all="ignore"):
        entries = _checked(np.asarray(cmap(norm(at), bytes=True)))
        under, over = _checked(np.asarray(cmap(norm(beyond), bytes=True)))
    return Table(entries, under, over, np.zeros(4, np.float32)), float(low), float(high)


def _from_callable(cmap: Callable[..., Any]) -> Table:
    count = getattr(cmap, "N", None)
    if count is None:
        entries = _checked(np.asarray(cmap((np.arange(_SAMPLES) + 0.5) / _SAMPLES)))
        return Table(entries, entries[0], entries[-1], np.zeros(4, np.float32))
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise InvalidInputError(f"cmap.N must be an integer of at least 1; got {count!r}; {_CURE}")

    def colour(indices: npt.ArrayLike) -> npt.NDArray[np.float32]:
        try:  # as bytes, so that each entry is exactly the byte that matplotlib draws
            colours = cmap(indices, bytes=True)
        except TypeError:
            colours = cmap(indices)
        return _checked(np.asarray(colours))

    entries = colour(np.arange(int(count)))
    extremes = colour(np.ma.masked_invalid([-1.0, 2.0, np.nan]))
    return Table(entries, extremes[0], extremes[1], extremes[2])


def _from_list(colours: Any) -> npt.NDArray[Any]:
    try:
        items = list(colours) if not isinstance(colours, bytes | dict) else None
    except TypeError:
        items = None
    if items is None:
        raise InvalidInputError(f"cmap must be a colour map; got {type(colours).__name__}; {_CURE}")
    if any(isinstance(item, str) for item in items):
        items = [_colour(item) if isinstance(item, str) else _with_alpha(item) for item in items]
    try:
        return np.asarray(items)
    except ValueError as error:
        raise InvalidInputError(
            f"cmap must be a list of colours of one length; got {colours!r}; {_CURE}"
        ) from error


def _with_alpha(colour: Any) -> tuple[float, ...]:
    try:
        red, green, blue, *alpha = (float(channel) for channel in colour)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"cmap holds {colour!r}, which is no colour; {_CURE}") from error
    return (red, green, blue, *(alpha or [1.0]))


def _colour(text: str) -> tuple[float, ...]:
    digits = text[1:]
    if text.startswith("#") and len(digits) in (3, 4, 6, 8):
        if len(digits) < 6:
            digits = "".join(2 * digit for digit in digits)
        try:
            channels = bytes.fromhex(digits)
        except ValueError:
            channels = b""
        if 2 * len(channels) == len(digits):  # fromhex skips blanks
            return tuple(channel / 255 for channel in (*channels, 255)[:4])
    try:
        from matplotlib.colors import to_rgba
    except ImportError:
        raise InvalidInputError(
            f"cmap holds the colour {text!r}; expected '#rgb', '#rgba', '#rrggbb' or '#rrggbbaa'; "
            "install matplotlib to use colour names"
        ) from None
    try:
        return tuple(float(channel) for channel in to_rgba(text))
    except ValueError:
        raise InvalidInputError(
            f"cmap holds the colour {text!r}, which matplotlib does not know; "
            "expected '#rrggbb', '#rrggbbaa' or a name such as 'navy'"
        ) from None


def _checked(colours: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
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
