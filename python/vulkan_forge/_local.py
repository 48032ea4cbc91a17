"""Local relief operators: a cell and its eight neighbours, as gdaldem defines them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from . import _vulkan_forge
from ._bearings import is_true
from ._numbers import items, shown
from ._raster import Call, Raster, rasters
from ._vulkan_forge import InvalidInputError


class Operator(NamedTuple):
    """What the compiled module is asked for."""

    name: str
    variant: Any = "horn"
    method: Any = "horn"
    azimuth: Any = 315.0
    altitude: Any = 45.0


def hillshade(
    dem: Any,
    *,
    azimuth: float = 315.0,
    altitude: float = 45.0,
    vert_exag: float = 1.0,
    method: str = "horn",
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    geographic: bool = False,
    latitude: float | None = None,
    north: str = "true",
    device: int | str | None = None,
) -> Raster:
    """Brightness of the ground under a sun: the cosine of incidence, 0 where the ground turns away.

    Parameters
    ----------
    dem : array_like, shape (H, W)
        Heights in metres, row 0 north. Any real dtype and memory order, masked, or a dask array.
        NaN and masked cells are holes.
    azimuth : float, default 315
        Bearing clockwise from `north`, in degrees, from which the light comes; "multidirectional"
        ignores it.
    altitude : float in 0..90, default 45
        Degrees above the horizon; "igor" ignores it.
    vert_exag : float, default 1
        Factor on heights, finite and > 0.
    method : str
        "horn" (gradient of Horn 1981), "zevenbergen-thorne" (1987), "multidirectional" (Mark 1992:
        225, 270, 315 and 360 degrees weighted by aspect), "combined" (incidence times slope) or
        "igor" (slope times the turn from the light).
    spacing : (float, float), optional
        Cell size (dx, dy) in metres, by default (1, 1); in degrees with `geographic`.
    edges : {"extend", "nan"}
        What becomes of cells that lack a neighbour. "extend", as ``gdaldem -compute_edges``: beyond
        the border the ground goes on as the line through its last two cells, and a hole beside a cell
        counts as the cell's own height. "nan", as gdaldem without options: they have no result.
    geographic : bool, default False
        Whether `spacing` is in degrees; then each row has the metres of its latitude on WGS 84.
    latitude : float, optional
        Latitude of the centres of row 0 in degrees; needed with `geographic`.
    north : {"true", "grid"}, default "true"
        From which north bearings count. With "true" they are compass bearings on the ground, in each cell: a DEM
        with a coordinate system knows how far grid north is from that. "grid" takes the columns' own
        way up, as gdaldem does; arrays have no other.
    device : int or str, optional
        As in :func:`vulkan_forge.render`.

    Returns
    -------
    numpy.ndarray or dask array, shape (H, W), float32
        0..1. gdaldem's bytes are ``1 + 254 * value``, for "igor" ``255 * value``.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or a height is infinite.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say.
    """
    is_true(north)
    operator = Operator("hillshade", method, azimuth=azimuth, altitude=altitude)
    return _one(dem, operator, edges, spacing, geographic, latitude, device, vert_exag)


def slope(
    dem: Any,
    *,
    unit: str = "degree",
    method: str = "horn",
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    geographic: bool = False,
    latitude: float | None = None,
    device: int | str | None = None,
) -> Raster:
    """Steepness: degrees in 0..90, or with ``unit="percent"`` 100 times rise over run.

    `method` is "horn" or "zevenbergen-thorne"; the rest is as in :func:`hillshade`.
    """
    operator = Operator("slope", unit, method)
    return _one(dem, operator, edges, spacing, geographic, latitude, device, vert_exag)


def aspect(
    dem: Any,
    *,
    method: str = "horn",
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    geographic: bool = False,
    latitude: float | None = None,
    north: str = "true",
    device: int | str | None = None,
) -> Raster:
    """Bearing of the way down, clockwise from `north`, 0 <= value < 360; NaN where the ground is flat.

    Cells that are not square count with their true shape, which gdaldem's aspect leaves out. `method`
    is "horn" or "zevenbergen-thorne"; the rest is as in :func:`hillshade`.
    """
    is_true(north)
    return _one(dem, Operator("aspect", method), edges, spacing, geographic, latitude, device)


def tri(
    dem: Any,
    *,
    method: str = "riley",
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    device: int | str | None = None,
) -> Raster:
    """Terrain ruggedness index, in the unit of heights.

    "riley" (1999): root of the sum of the squared differences from the eight neighbours. "wilson"
    (2007): mean of the absolute differences. `spacing` does not matter. The rest is as in
    :func:`hillshade`.
    """
    return _one(dem, Operator("tri", method), edges, spacing, False, None, device)


def tpi(
    dem: Any,
    *,
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    device: int | str | None = None,
) -> Raster:
    """Topographic position index: height over the mean of the eight neighbours (see :func:`tri`)."""
    return _one(dem, Operator("tpi"), edges, spacing, False, None, device)


def roughness(
    dem: Any,
    *,
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    device: int | str | None = None,
) -> Raster:
    """Greatest less least height of a cell and its eight neighbours (see :func:`tri`)."""
    return _one(dem, Operator("roughness"), edges, spacing, False, None, device)


def curvature(
    dem: Any,
    *,
    kind: str = "mean",
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    geographic: bool = False,
    latitude: float | None = None,
    device: int | str | None = None,
) -> Raster:
    """Bending of the ground in 1/m, after Zevenbergen and Thorne (1987); positive where it bulges.

    `kind`: "profile" along the way down, "plan" across it (both 0 where the ground is flat), "mean"
    half their sum. The rest is as in :func:`hillshade`.
    """
    operator = Operator("curvature", kind)
    return _one(dem, operator, edges, spacing, geographic, latitude, device, vert_exag)


def stack(
    dem: Any,
    operators: Sequence[str | tuple[str, dict[str, Any]]],
    *,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    edges: str = "extend",
    geographic: bool = False,
    latitude: float | None = None,
    north: str = "true",
    device: int | str | None = None,
) -> dict[str, Raster]:
    """Several local operators from one reading of the DEM.

    Parameters
    ----------
    operators : sequence of str or (str, dict)
        Of "hillshade", "slope", "aspect", "tri", "tpi", "roughness", "curvature", each alone or with
        its own arguments: ``["slope", ("hillshade", {"azimuth": 90})]``. An operator that comes again
        is counted: "hillshade", "hillshade_2".
    vert_exag, spacing, edges, geographic, latitude, north, device
        As in :func:`hillshade`, the same for all.

    Returns
    -------
    dict of str to numpy.ndarray or dask array
        In the order asked for. Each equals what its function returns, byte for byte.

    Raises
    ------
    InvalidInputError
        An operator or an argument is not known; else as :func:`hillshade`.
    """
    is_true(north)
    each = items(operators)
    if each is None or not all(isinstance(one, str | tuple | list) for one in each):
        raise InvalidInputError(
            f"operators must be a sequence of names; got {shown(operators)}; "
            'pass e.g. ["slope", "aspect", ("hillshade", {"azimuth": 90})]'
        )
    wanted: list[Operator] = []
    names: list[str] = []
    for one in each:
        name, arguments = (one, {}) if isinstance(one, str) else _pair(one)
        wanted.append(_operator(name, arguments))
        again = sum(known == name or known.startswith(f"{name}_") for known in names)
        names.append(name if not again else f"{name}_{again + 1}")
    found = _several(dem, wanted, edges, spacing, geographic, latitude, device, vert_exag)
    return dict(zip(names, found, strict=True))


# For each operator of a stack: its argument that is the variant, with the default, and its other arguments.
_ARGUMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "hillshade": (("method", "variant"), ("azimuth", "azimuth"), ("altitude", "altitude")),
    "slope": (("unit", "variant"), ("method", "method")),
    "aspect": (("method", "variant"),),
    "tri": (("method", "variant"),),
    "tpi": (),
    "roughness": (),
    "curvature": (("kind", "variant"),),
}
_DEFAULTS = {"slope": "degree", "tri": "riley", "curvature": "mean"}


def _pair(one: Any) -> tuple[Any, dict[str, Any]]:
    if len(one) == 2 and isinstance(one[0], str) and isinstance(one[1], dict):
        return one[0], one[1]
    raise InvalidInputError(
        f"an operator must be a name or (name, arguments); got {shown(one)}; "
        'pass e.g. ("hillshade", {"azimuth": 90})'
    )


def _operator(name: str, arguments: dict[str, Any]) -> Operator:
    if name not in _ARGUMENTS:
        known = ", ".join(f'"{known}"' for known in _ARGUMENTS)
        raise InvalidInputError(f"operators must be of {known}; got {shown(name)}; pass e.g. slope")
    fields = dict(_ARGUMENTS[name])
    if strangers := sorted(set(arguments) - set(fields)):
        raise InvalidInputError(
            f"{name} in a stack takes {', '.join(fields) or 'no arguments'}; got {strangers}; "
            "pass what holds for all to stack itself"
        )
    values = {fields[key]: value for key, value in arguments.items()}
    return Operator(name, **{"variant": _DEFAULTS.get(name, "horn")} | values)


def _one(dem: Any, operator: Operator, *arguments: Any) -> Raster:
    return _several(dem, [operator], *arguments)[0]


def _several(
    dem: Any,
    operators: Sequence[Operator],
    edges: Any,
    spacing: Any,
    geographic: Any,
    latitude: Any,
    device: Any,
    vert_exag: Any = 1.0,
) -> list[Raster]:
    call = Call(
        _vulkan_forge._relief_local,
        (list(operators),),
        {"vert_exag": vert_exag, "edges": edges, "block_cells": None},
        len(operators),
    )
    return rasters(dem, call, 1, spacing, geographic, latitude, device)
