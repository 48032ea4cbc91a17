"""The numbers of a raster file: masked, thinned, decoded from colours, scaled."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import ImageFileError, InvalidInputError
from ._failures import ours
from ._missing import mark_missing, marks_of
from ._valid import Valid, a_few, valid

_COLOURS = {
    "red", "green", "blue", "alpha", "palette", "hue", "saturation", "lightness",
    "cyan", "magenta", "yellow", "black", "Y", "Cb", "Cr",
}  # fmt: skip
_STRIP = 1 << 24  # cells of the file that are in memory at a time where they are averaged here
_LOOKED_AT = 1024  # cells along a side that tell why there is no height
# Height = (first·R + second·G + third·B) + base, in metres.
_ENCODINGS = {
    "terrarium": (256.0, 1.0, 1 / 256, -32768.0),
    "mapbox": (6553.6, 25.6, 0.1, -10000.0),
}


class Cells(NamedTuple):
    """Part of a file."""

    row: int
    column: int
    rows: int
    columns: int

    def thinned(self, factor: int) -> tuple[int, int]:
        """Rows and columns of which each stands for `factor` of these."""
        return math.ceil(self.rows / factor), math.ceil(self.columns / factor)


def samples(
    dataset: Any,
    index: int,
    cells: Cells,
    factor: int,
    *,
    nodata: Any = None,
    masked: bool = True,
    encoding: str | None = None,
    colours: bool = False,
) -> Any:
    """Heights of band `index`, (H, W) or masked, in the unit that the file states.

    `colours` is whether bytes that the file calls colours count as heights.
    """
    if encoding is not None:
        _check_encoding(dataset, encoding)
    elif not colours:
        _refuse_colours(dataset, index)
    limits = None
    if masked and encoding is None:
        limits = valid(dataset.tags(index), np.dtype(dataset.dtypes[index - 1]))
    own = nodata is None or (masked and _is_own(dataset, index, nodata))
    own = own and limits is None
    if encoding is None and (factor == 1 or (own and masked)):
        data = _read(dataset, index, cells, cells.thinned(factor), masked)
        data = _holed(data, nodata, limits)
    else:
        # Overviews in the file were made with what has to be left out, and colours have no mean height.
        data = _averaged(dataset, index, cells, factor, nodata, masked, encoding, limits)
    if encoding is not None:
        return data
    scale, offset = dataset.scales[index - 1], dataset.offsets[index - 1]
    if not (math.isfinite(scale) and math.isfinite(offset)):
        raise InvalidInputError(
            f"scale and offset of band {index} must be finite; got {scale} and {offset} in {dataset.name}; mend them in the "
            "file, or pass vf.DEM(dataset.read(1), transform=, crs=)"
        )
    return data if (scale, offset) == (1.0, 0.0) else data.astype(np.float64) * scale + offset


def point_out_limits(dataset: Any, index: int, cells: Cells, nodata: Any, data: Any) -> None:
    """Warn if the limits that the file states are why none of `data`, which `samples` has of it, is a height."""
    limits = valid(dataset.tags(index), np.dtype(dataset.dtypes[index - 1]))
    if limits is None or not (np.ma.getmaskarray(data) | np.isnan(np.ma.getdata(data))).all():
        return
    few = cells.thinned(math.ceil(max(cells.rows, cells.columns) / _LOOKED_AT))
    held = mark_missing(_read(dataset, index, cells, few, True), nodata)
    limits.told(held, limits.missing(np.ma.getdata(held)), None)


def point_out_limits_of_few(dataset: Any, index: int, nodata: Any) -> None:
    """The same of a file of which it is known that it leaves none, by a few of its cells."""
    limits = valid(dataset.tags(index), np.dtype(dataset.dtypes[index - 1]))
    if limits is None:
        return
    rows, columns = (a_few(side) for side in dataset.shape)
    parts = [Cells(row, column, high, wide) for row, high in rows for column, wide in columns]
    read = [_read(dataset, index, part, part[2:], True) for part in parts]
    held = mark_missing(np.ma.array(read), nodata)
    limits.told(held, limits.missing(np.ma.getdata(held)), None)


def _read(dataset: Any, index: Any, cells: Cells, shape: tuple[int, int], masked: bool) -> Any:
    rasterio = require("rasterio", "geo", "a rasterio dataset")
    window = rasterio.windows.Window(cells.column, cells.row, cells.columns, cells.rows)
    out_shape = (len(index), *shape) if isinstance(index, list) else shape
    # What only NaN marks needs no mask, which takes longer than the heights.
    masked = masked and not (shape == cells[2:] and _marked_by_nan(dataset, index))
    with ours(f"{dataset.name}: expected a whole raster", "fetch the file again", ImageFileError):
        return dataset.read(
            index,
            window=window,
            out_shape=out_shape,
            masked=masked,
            resampling=rasterio.enums.Resampling.average,
        )


def _marked_by_nan(dataset: Any, index: Any) -> bool:
    if isinstance(index, list):
        return False
    flags = [flag.name for flag in dataset.mask_flag_enums[index - 1]]
    mark = dataset.nodatavals[index - 1]
    return flags == ["nodata"] and mark is not None and math.isnan(mark)


def _averaged(
    dataset: Any,
    index: int,
    cells: Cells,
    factor: int,
    nodata: Any,
    masked: bool,
    encoding: str | None,
    limits: Valid | None,
) -> Any:
    """Means of the known cells of each block, from the file's full resolution, in strips of rows."""
    rows, columns = cells.thinned(factor)
    downs = np.round(np.arange(rows + 1) * (cells.rows / rows)).astype(int)
    acrosses = np.round(np.arange(columns) * (cells.columns / columns)).astype(int)
    result: Any = np.ma.array(np.zeros((rows, columns)), mask=True)
    together = max(1, _STRIP // (cells.columns * factor))
    for first in range(0, rows, together):
        last = min(first + together, rows)
        top, bottom = int(downs[first]), int(downs[last])
        part = Cells(cells.row + top, cells.column, bottom - top, cells.columns)
        bands = index if encoding is None else [1, 2, 3]
        data = _read(dataset, bands, part, (part.rows, part.columns), masked)
        heights = data if encoding is None else _decoded(data, encoding)
        heights = _holed(heights, nodata, limits)
        known = ~np.ma.getmaskarray(heights)
        numbers = np.ma.getdata(heights).astype(np.float64)
        known &= np.isfinite(numbers)
        sums, counts = (
            np.add.reduceat(
                np.add.reduceat(values, acrosses, axis=1), downs[first:last] - top, axis=0
            )
            for values in (np.where(known, numbers, 0.0), known.astype(np.float64))
        )
        with np.errstate(invalid="ignore"):
            result[first:last] = np.ma.array(sums / np.maximum(counts, 1), mask=counts == 0)
    return result


def _holed(data: Any, nodata: Any, limits: Valid | None) -> Any:
    return mark_missing(data if limits is None else limits.marked(data), nodata)


def _is_own(dataset: Any, index: int, nodata: Any) -> bool:
    """Whether `nodata` is what the file itself has, so that its overviews are right."""
    own = dataset.nodatavals[index - 1]
    return own is not None and all(mark == own for mark in marks_of(nodata))


def _decoded(bands: Any, encoding: str) -> Any:
    """Heights from red, green and blue; missing where the file masks a pixel or all three are 0."""
    red, green, blue, base = _ENCODINGS[encoding]
    rgb: npt.NDArray[np.float64] = np.ma.getdata(bands).astype(np.float64)
    heights = red * rgb[0] + green * rgb[1] + blue * rgb[2] + base
    nothing = np.ma.getmaskarray(bands).any(axis=0) | (rgb == 0).all(axis=0)
    return np.ma.array(heights, mask=nothing)


def _check_encoding(dataset: Any, encoding: Any) -> None:
    if not isinstance(encoding, str) or encoding not in _ENCODINGS:
        raise InvalidInputError(
            f"encoding must be one of {', '.join(map(repr, _ENCODINGS))}; got {shown(encoding)}; "
            "leave it out for bands that hold heights"
        )
    kinds = set(dataset.dtypes[:3])
    if dataset.count < 3 or kinds != {"uint8"}:
        raise InvalidInputError(
            f"encoding={encoding!r} needs three bands of uint8; got {dataset.count} of {', '.join(sorted(kinds))} "
            f"in {dataset.name}; leave it out"
        )


def _refuse_colours(dataset: Any, index: int) -> None:
    """Bytes that a file calls colours are no heights."""
    meaning = dataset.colorinterp[index - 1].name
    kind = np.dtype(dataset.dtypes[index - 1])
    if meaning not in _COLOURS or kind.kind not in "iu" or kind.itemsize > 2:
        return
    encoded = dataset.count >= 3 and meaning in ("red", "green", "blue") and kind == np.uint8
    decode = (
        "encoding='terrarium' or 'mapbox', if heights are encoded in its colours; else "
        if encoded
        else ""
    )
    raise InvalidInputError(
        f"band {index} of {dataset.name} must hold heights; got colours ({meaning}); pass {decode}another band=, "
        "or z_unit= if they are heights after all"
    )
