"""What the attributes of a DataArray say: system, units of coordinates, unit of heights, packing, missing cells.

The words are those of the CF conventions, of GDAL and of rioxarray, in the order in which rioxarray looks for them.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np

from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._lengths import heard, known_unit
from ._missing import marks_of, missing, numbers_in
from ._units import horizontal_unit, parse_crs, radians_per_unit
from ._valid import valid
from ._warnings import VerticalScaleWarning, tell

_X = set(
    "x lon long longitude easting eastings e rlon grid_longitude projection_x_coordinate xc col column columns "
    "west_east projection_x_angular_coordinate degrees_east".split()
)
_Y = set(
    "y lat latitude northing northings n rlat grid_latitude projection_y_coordinate yc row rows "
    "south_north projection_y_angular_coordinate degrees_north".split()
)
_ROTATED = {"rlon", "rlat", "grid_longitude", "grid_latitude"}
_PLACES = {"lon", "long", "longitude", "lat", "latitude"}
_LONGITUDES = {"lon", "long", "longitude", "rlon", "grid_longitude", "degrees_east"}
_RADIANS = {"rad", "radian", "radians"}
_MARKS = (
    "_FillValue",
    "missing_value",
    "fill_value",
    "nodata",
    "nodatavals",
    "_FillValue_",
    "NODATA",
)
_SYSTEMS = (
    "crs_wkt",
    "spatial_ref",
    "crs",
    "proj4",
    "proj4text",
    "proj4_string",
    "epsg",
    "epsg_code",
)


# --- axes and system ----------------------------------------------------------------------------------


def axes(array: Any) -> tuple[str, str]:
    """Names of the dimensions that run along y and x; the last is x where names tell nothing."""
    found: dict[str, Any] = {}
    for dim in array.dims:
        words = _words(array, dim)
        axis = str(_attrs(array, dim).get("axis", "")).lower()
        if axis == "x" or words & _X:
            found["x"] = dim
        elif axis == "y" or words & _Y:
            found["y"] = dim
    first, second = array.dims
    x = found.get("x", first if found.get("y") == second else second)
    return (second if x == first else first), x


def system(array: Any) -> Any:
    """As rioxarray would find it, with or without rioxarray; None of an array that says nothing."""
    attrs = _mapping(array)
    for text in (attrs.get("spatial_ref"), attrs.get("crs_wkt")):
        if _says(text):
            return parse_crs(text)
    if _says(attrs.get("grid_mapping_name")):
        return parse_crs(dict(attrs))
    for place in (attrs, array.attrs):
        for key in _SYSTEMS:
            text = place.get(key)
            if _says(text):
                number = "epsg" in key and str(text).strip().isdigit()
                return parse_crs(int(str(text)) if number else text)
    if "rioxarray" in sys.modules:  # `rio.set_crs` keeps it in the accessor alone
        return parse_crs(getattr(array.rio, "_crs", None) or None)
    return None


def geotransform(array: Any) -> tuple[float, ...] | None:
    """(a, b, c, d, e, f) from the grid mapping's GeoTransform, which is in GDAL's order."""
    text = _mapping(array).get("GeoTransform")
    if text is None:
        return None
    try:
        words = str(text).split() if isinstance(text, str) else list(text)
        c, a, b, f, d, e = (float(word) for word in words)
    except (TypeError, ValueError):
        return None
    return (a, b, c, d, e, f)


def coordinate_scales(
    array: Any, x: str, y: str, crs: Any, needed: bool = True
) -> tuple[float, float, Any, bool]:
    """Factors on x and y, the system, and whether the coordinates' unit is known.

    The factors lead into units of the system; without one into metres or, of places on a globe, into degrees
    on WGS 84. `needed` is False where the caller gives cell sizes.

    Raises
    ------
    InvalidInputError
        Coordinates and system contradict each other, or a rotated pole is nowhere told.
    """
    units = [str(_attrs(array, name).get("units", "")).strip() for name in (x, y)]
    angles = [_degrees_in(unit) for unit in units]
    metres = [
        known_unit(unit) if angle is None else None
        for unit, angle in zip(units, angles, strict=True)
    ]
    words = [_words(array, name) for name in (x, y)]
    rotated = all(some & _ROTATED for some in words)
    places = rotated or (all(some & _PLACES for some in words) and metres == [None, None])
    angular = all(angle is not None for angle in angles) or places
    if crs is None:
        if rotated and not needed:
            return 1.0, 1.0, None, False
        if rotated:
            raise InvalidInputError(
                f"coordinates {x!r} and {y!r} are those of a rotated pole, and nothing tells where it lies{hint(array)}; "
                "expected a grid mapping, got none; pass crs=, for example the attributes of the file's rotated_pole"
            )
        if angular:
            return angles[0] or 1.0, angles[1] or 1.0, parse_crs("EPSG:4326"), True
        known = metres[0] is not None and metres[1] is not None
        return metres[0] or 1.0, metres[1] or 1.0, None, known
    if crs.is_geographic:
        if metres != [None, None]:
            _contradict(x, y, units, crs)
        one = math.degrees(radians_per_unit(crs))
        return (angles[0] or one) / one, (angles[1] or one) / one, crs, True
    if angular and metres == [None, None] and any(angle is not None for angle in angles):
        _contradict(x, y, units, crs)
    own = horizontal_unit(crs)[1]
    scales = [
        1.0 if one is None or math.isclose(one, own, rel_tol=1e-9) else one / own for one in metres
    ]
    return scales[0], scales[1], crs, True


def turns(array: Any, name: Any) -> bool:
    """Whether a coordinate is a longitude in degrees, which may begin anew on its way."""
    words = _words(array, name)
    unit = str(_attrs(array, name).get("units", "degree"))
    return bool(words & _LONGITUDES) and _degrees_in(unit) == 1.0


def hint(array: Any) -> str:
    """What to say where an array names a grid mapping that it does not carry."""
    name = _mapping_name(array)
    if name is None or name in array.coords:
        return ""
    return f" (its grid mapping {name!r} is not among its coordinates: open the file with decode_coords='all')"


def _contradict(x: str, y: str, units: list[str], crs: Any) -> None:
    raise InvalidInputError(
        f"coordinates and crs must belong together; got {x!r} in {units[0] or 'no unit'!r} and {y!r} in "
        f"{units[1] or 'no unit'!r} for {crs}; pass the crs= of these coordinates"
    )


def _degrees_in(unit: str) -> float | None:
    """Degrees in one unit of angle; None of what is none."""
    word = unit.lower().replace("_", "").replace(" ", "")
    if word.startswith("degree") or word in (
        "deg",
        "°",
        "decimaldegrees",
        "decimaldegree",
        "arcdegree",
    ):
        return 1.0
    return math.degrees(1) if word in _RADIANS else None


def _words(array: Any, name: Any) -> set[str]:
    attrs = _attrs(array, name)
    said = (name, attrs.get("standard_name", ""), attrs.get("units", ""))
    return {str(word).lower() for word in said}


def _attrs(array: Any, name: Any) -> dict[Any, Any]:
    attrs: dict[Any, Any] = array[name].attrs if name in array.coords else {}
    return attrs


def _mapping_name(array: Any) -> str | None:
    named = array.encoding.get("grid_mapping") or array.attrs.get("grid_mapping")
    # CF's long form is "crs: x y other: lon lat": the first is that of the dimensions.
    return str(named).partition(":")[0].split()[0] if _says(named) else None


def _mapping(array: Any) -> dict[Any, Any]:
    """Attributes of the grid mapping: the named one, else spatial_ref, else the only one there is."""
    name = _mapping_name(array)
    for candidate in (name, "spatial_ref"):
        if candidate is not None and candidate in array.coords:
            return _attrs(array, candidate)
    found = [
        coordinate.attrs
        for coordinate in array.coords.values()
        if coordinate.ndim == 0
        and {"grid_mapping_name", "crs_wkt", "spatial_ref"} & set(coordinate.attrs)
    ]
    return found[0] if len(found) == 1 else {}


def _says(value: Any) -> bool:
    return value is not None and str(value).strip().lower() not in ("", "none", "nan")


# --- heights ------------------------------------------------------------------------------------------


def height_unit(array: Any, band: int) -> str | None:
    """The unit that the array states, where it is a length; warns of another, and of depths."""
    if str(array.attrs.get("positive", "")).lower() == "down":
        tell(
            "heights are positive downwards (attribute positive='down'), so hills would be drawn as valleys; "
            "pass the array with its sign changed, and positive='up'",
            VerticalScaleWarning,
        )
    return heard(_of_band(array.attrs.get("units"), band))


def heights(array: Any, nodata: Any, band: int, own_marks: bool) -> Any:
    """The numbers, lazily where they are lazy, NaN where the array says that nothing is."""
    attrs = array.attrs
    data = array.data
    if str(attrs.get("_Unsigned", "")).lower() == "true" and data.dtype.kind == "i":
        data = (
            data.view(f"u{data.dtype.itemsize}")
            if isinstance(data, np.ndarray)
            else data.astype(f"u{data.dtype.itemsize}")
        )
    marks = marks_of(nodata)
    if own_marks:
        # Once a reader has masked the cells, it keeps the mark in the encoding alone.
        marks = [*marks, *(mark for key in _MARKS for mark in _numbers(attrs.get(key), key, band))]
    nowhere = missing(data, marks)
    limits = valid(attrs, data.dtype, array.encoding) if own_marks else None
    if limits is not None:
        outside = limits.missing(data)
        limits.told(data, outside, nowhere)
        nowhere = outside if nowhere is None else nowhere | outside
    scale = _factor(attrs, "scale_factor", "scales", band, 1.0)
    offset = _factor(attrs, "add_offset", "offsets", band, 0.0)
    if (scale, offset) != (1.0, 0.0):
        data = data.astype(np.float64) * scale + offset
    if nowhere is None:
        return data
    if isinstance(data, np.ndarray):
        known = np.ma.getmaskarray(data) | nowhere
        return np.ma.array(np.ma.getdata(data), mask=known)
    kept = data.astype(np.float32).copy()  # dask's astype may give the caller's own
    kept[nowhere] = np.nan
    return kept


def _of_band(value: Any, band: int) -> Any:
    """That of the band, where there is one for each."""
    if isinstance(value, list | tuple | np.ndarray) and np.ndim(value) == 1:
        return value[band - 1] if len(value) >= band else value[0] if len(value) else None
    return value


def _numbers(value: Any, key: str, band: int) -> list[float]:
    return numbers_in(_of_band(value, band) if key == "nodatavals" else value)


def _factor(attrs: dict[Any, Any], one: str, several: str, band: int, usual: float) -> float:
    value = attrs.get(one, attrs.get(several))
    try:
        found = usual if value is None else float(np.ravel(_of_band(value, band))[0])
    except (TypeError, ValueError, IndexError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise InvalidInputError(
            f"{one} must be a finite number; got {shown(value)}; mend the attribute, or pass decoded heights"
        )
    return found
