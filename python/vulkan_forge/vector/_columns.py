"""Words of a style that may be one value, one for each row, or the name of a column."""

from __future__ import annotations

import datetime
import decimal
import functools
import numbers as numbers_of
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt

from .._colormaps import table_of
from .._colour_scale import colour_scale
from .._colours import is_pair, parse_colour
from .._heights import Landmarks
from .._norms import LINEAR, coloured_by_matplotlib, function, named
from .._numbers import array_of, finite, reals, shown
from .._vulkan_forge import InvalidInputError
from ..geo._warnings import tell
from ._features import Features, GeometryWarning
from ._shapes import said

Rgba = npt.NDArray[np.float32]
_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECONDS_OF_A_DAY = 86_400e6


def column_of(features: Features, name: str, word: str) -> Any:
    """The values of a column.

    Raises
    ------
    InvalidInputError
        There is none of that name.
    """
    if name in features.names:
        return features.column(name)
    near = get_close_matches(name, features.names, n=3)
    have = ", ".join(map(repr, near or features.names[:8])) or "none"
    raise InvalidInputError(
        f"{word} must be the name of a column; got {shown(name)}, and the data has {have}; check the name"
    )


def by_row(features: Features, value: Any, word: str) -> npt.NDArray[Any] | None:
    """An array with a value for each row, be it a column's or the caller's; None of anything else."""
    if isinstance(value, str):
        return np.asarray(features.column(value)) if value in features.names else None
    if not (isinstance(value, np.ndarray | list | tuple | range) or hasattr(value, "__array__")):
        return None
    if isinstance(value, np.ma.MaskedArray):
        hidden, kind = np.ma.getmaskarray(value), value.dtype.kind
        # What is missing, and a type that has it.
        missing: Any = np.nan if kind in "iufb" else "NaT" if kind in "mM" else None
        own = np.float64 if kind in "iufb" else value.dtype if kind in "mM" else object
        value = np.ma.getdata(value).astype(own)
        value[hidden] = missing
    mixed = isinstance(value, list | tuple) and any(
        isinstance(item, str) or (isinstance(item, tuple) and is_pair(item)) for item in value
    )
    values = _objects(value) if mixed else array_of(value)
    if values is None:
        raise InvalidInputError(
            f"{word} must have a value for each row; got {shown(value)}, which NumPy cannot read; pass a list or an array"
        )
    if values.ndim == 0:
        return None
    if len(values) != features.rows:
        raise InvalidInputError(
            f"{word} must have a value for each of {features.rows} rows; got {len(values)}; pass as many"
        )
    return values


def _objects(values: Sequence[Any]) -> npt.NDArray[Any]:
    """One for each item, whatever these hold."""
    found = np.empty(len(values), object)
    for row, value in enumerate(values):
        found[row] = value
    return found


def numbers(
    features: Features, value: Any, word: str, *, dates: bool = False
) -> npt.NDArray[np.float64]:
    """(1,) or one for each row, finite; of `dates`, if they will do, days.

    Raises
    ------
    InvalidInputError
        A column that is missing, or a row whose value is no finite number.
    """
    values = by_row(features, value, word)
    if values is None:
        if isinstance(value, str):
            values = np.asarray(column_of(features, value, word))
        else:
            return np.array([finite(value, word)])
    if values.ndim != 1:
        raise InvalidInputError(
            f"{word} must be one number for each row; got an array of shape {values.shape}; pass one of its columns"
        )
    if not len(values):
        return np.zeros(1)  # of nothing one serves
    found = days_of(values) if dates else None
    return _finite(values, word) if found is None else _finite(found, word)


def days_of(values: npt.NDArray[Any]) -> npt.NDArray[np.float64] | None:
    """Days since 1970, as matplotlib counts them, of dates or times, or days of durations, NaN for none; None of anything else."""
    if values.dtype.kind in "mM":
        unit = "datetime64[us]" if values.dtype.kind == "M" else "timedelta64[us]"
        found = values.astype(unit).astype(np.int64) / _MICROSECONDS_OF_A_DAY
        found[np.isnat(values)] = np.nan
        return found
    listed = values.tolist() if values.dtype.kind == "O" and values.ndim == 1 else []
    known = [value for value in listed if not is_missing(value)]
    if not known or not all(isinstance(value, datetime.date) for value in known):
        return None
    return np.array([np.nan if is_missing(value) else _day(value) for value in listed])


def _day(value: datetime.date) -> float:
    if not isinstance(value, datetime.datetime):
        return float(value.toordinal() - _EPOCH.toordinal())
    epoch = _EPOCH if value.tzinfo is None else _EPOCH.replace(tzinfo=datetime.timezone.utc)
    return (value - epoch) / datetime.timedelta(days=1)


def is_missing(value: Any) -> bool:
    """Whether it stands for no value: None, NaN, NaT, pandas' NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and bool(np.isnan(value))


def _finite(values: npt.NDArray[Any], word: str) -> npt.NDArray[np.float64]:
    if values.dtype.kind in "mMc":
        kind = "a complex number" if values.dtype.kind == "c" else "a date or duration"
        raise InvalidInputError(
            f"{word} must be a finite number in each row; got {kind}, {shown(values[0])} in row 0; convert the column"
        )
    try:
        found = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        found = np.array([_number(value) for value in values])
    wrong = np.flatnonzero(~np.isfinite(found))
    if len(wrong):
        raise InvalidInputError(
            f"{word} must be a finite number in each row; got {shown(values[wrong[0]])} in {said(wrong)}; "
            "fill these in, or leave the rows out"
        )
    return found


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def colours(
    features: Features,
    value: Any,
    word: str,
    *,
    alpha: float = 1.0,
    cmap: Any = "viridis",
    norm: Any = None,
    vmin: Any = None,
    vmax: Any = None,
) -> Rgba:
    """(1, 4) or one for each row, sRGB with straight alpha.

    `value` is a colour, a column, or a value for each row: of colours, or of numbers or dates, which `cmap` colours from
    `vmin` to `vmax` (by default the least and greatest) through `norm`. Rows without a number get the colour map's
    colour for what is missing, by default none; that no row has one is warned of.

    Raises
    ------
    InvalidInputError
        None of these; the row is named.
    """
    values = None if _is_one(value) else by_row(features, value, word)
    if values is None and isinstance(value, str) and not _is_colour(value):
        if features.names:
            column_of(features, value, f"{word} must be a colour or a column; as a column it")
        parse_colour(value, word)  # says what it might have been
    if values is None:
        found = np.array([parse_colour(value, word)], np.float32)
    elif not len(values):
        found = np.zeros((1, 4), np.float32)  # of nothing one serves
    else:
        days = days_of(values)
        values = values if days is None else days
        if values.ndim == 1 and _numeric(values):
            found = _mapped(values, word, cmap, norm, vmin, vmax)
        elif values.dtype.kind in "OUST" or values.ndim == 2:
            found = _each(values, word)
        else:
            raise InvalidInputError(
                f"{word} must be colours, numbers or dates; got {shown(values[0])} in row 0; convert the column"
            )
    found[:, 3] *= alpha
    return found


def _is_one(value: Any) -> bool:
    """Whether a tuple is the (red, green, blue) of one colour, or one with its alpha; values for as many rows are a list or an array."""
    if isinstance(value, tuple) and is_pair(value):
        return True
    numbers = reals(value) if isinstance(value, tuple) else ()
    return len(numbers) in (3, 4) and all(0 <= number <= 1 for number in numbers)


def _is_colour(text: str) -> bool:
    try:
        parse_colour(text, "colour")
    except InvalidInputError:
        return False
    return True


def _numeric(values: npt.NDArray[Any]) -> bool:
    if values.dtype.kind in "iufb":
        return True
    if values.dtype.kind != "O":
        return False
    return all(
        is_missing(value) or isinstance(value, numbers_of.Real | decimal.Decimal | np.bool_)
        for value in values.tolist()
    )


def _each(values: npt.NDArray[Any], word: str) -> Rgba:
    parse = functools.cache(parse_colour)
    found = np.empty((len(values), 4), np.float32)
    for row, value in enumerate(values):
        if is_missing(value):
            found[row] = 0
            continue
        try:
            found[row] = (parse if isinstance(value, str) else parse_colour)(value, word)
        except InvalidInputError as error:
            cure = "; of categories pass codes: gdf[name].astype('category').cat.codes"
            raise InvalidInputError(
                f"{error}; that is in row {row}{cure if isinstance(value, str) else ''}"
            ) from error
    return found


def _mapped(
    values: npt.NDArray[Any], word: str, cmap: Any, norm: Any, vmin: Any, vmax: Any
) -> Rgba:
    whole = values.dtype.kind in "iu"
    if values.dtype.kind == "O":
        listed = values.tolist()
        whole = all(is_missing(value) or isinstance(value, int | np.integer) for value in listed)
        values = np.array([np.nan if is_missing(value) else float(value) for value in listed])
    found = np.asarray(values, np.float64)
    known = np.isfinite(found)
    if not known.any():
        bad = np.asarray(table_of(cmap).bad, np.float32)
        named(norm, None)  # refuses what is none
        tell(
            f"{word} has no number in any row, so that none is coloured; pass a colour, or another column",
            GeometryWarning,
        )
        return np.tile(bad, (len(found), 1))
    # As heights are coloured, which are float32; these are not.
    marks = _landmarks(found[known])
    scale, low, high = colour_scale(cmap, marks, vmin=vmin, vmax=vmax, norm=norm)
    spread = named(norm, None)
    if spread is None and norm is not None:
        return coloured_by_matplotlib(cmap, norm, found, whole, marks)
    table = table_of(scale if norm is None else cmap)
    low = float(found[known].min()) if low is None else finite(low, "vmin")
    high = float(found[known].max()) if high is None else finite(high, "vmax")
    if low > high or (low == high and vmin is not None and vmax is not None):
        raise InvalidInputError(
            f"vmin must be less than vmax; got {low:g} and {high:g}, of which the numbers of {word} give what was left "
            "out; pass both, ascending"
        )
    share = np.zeros(len(found))
    if high > low:
        share[known] = function(spread or LINEAR, low, high)(np.clip(found[known], low, high))
    entry = np.clip(share * len(table.entries), 0, len(table.entries) - 1).astype(np.intp)
    colour = table.entries[entry]
    colour[known & (found < low)] = table.under
    colour[known & (found > high)] = table.over
    colour[~known] = table.bad
    return np.ascontiguousarray(colour, np.float32)


def _landmarks(values: npt.NDArray[np.float64]) -> Landmarks:
    low, high = np.percentile(values, (2, 98))
    positive = values[values > 0]
    return Landmarks(
        (float(values.min()), float(values.max())),
        (float(low), float(high)),
        float(positive.min()) if len(positive) else 0.0,
        np.float64,
    )


def choice(value: Any, word: str, names: Sequence[str]) -> str:
    """One of `names`.

    Raises
    ------
    InvalidInputError
        None of them.
    """
    if isinstance(value, str) and value in names:
        return value
    raise InvalidInputError(
        f"{word} must be one of {', '.join(map(repr, names))}; got {shown(value)}; pass e.g. {word}={names[0]!r}"
    )


def factor(value: Any, word: str) -> float:
    """A number in 0..1."""
    found = finite(value, word)
    if not 0 <= found <= 1:
        raise InvalidInputError(f"{word} must be in 0..1; got {shown(value)}; pass e.g. {word}=0.5")
    return found
