"""Relief that looks far: horizons, cast shadows, what an observer sees."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _vulkan_forge
from ._bearings import is_true
from ._numbers import flag, is_one_of, is_real, reals, shown
from ._raster import Call, Raster, is_lazy, rasters
from ._vulkan_forge import InvalidInputError


def sky_view_factor(
    dem: Any,
    *,
    radius: float,
    directions: int = 16,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    device: int | str | None = None,
) -> Raster:
    """Part of the sky that is seen: 1 - the mean over directions of sin(max(horizon, 0)).

    A ray is looked along every third of a cell from one cell to `radius`, at the nearest cell, each
    cell once, by its own distance: as RVT does (Zakšek, Oštir and Kokalj 2011).

    Parameters
    ----------
    dem : array_like, shape (H, W)
        Heights in metres, row 0 north. Any real dtype and memory order, masked, or a dask array. NaN
        and masked cells are holes, which hide nothing.
    radius : float
        How far to look, in metres: finite, at least one cell.
    directions : int in 1..3600, default 16
        Bearings, evenly spaced from north clockwise: that of the raster's own columns. One without known ground, as at the border, has
        a level horizon.
    vert_exag : float, default 1
        Factor on heights, finite and > 0.
    spacing : (float, float), optional
        Cell size (dx, dy) in metres, by default (1, 1).
    device : int or str, optional
        As in :func:`vulkan_forge.render`.

    Returns
    -------
    numpy.ndarray or dask array, shape (H, W), float32
        0..1, NaN in holes.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or a height is infinite.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say.
    """
    return _horizon(dem, "sky_view_factor", radius, directions, vert_exag, spacing, device)


def openness(
    dem: Any,
    *,
    radius: float,
    directions: int = 16,
    negative: bool = False,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    device: int | str | None = None,
) -> Raster:
    """Mean zenith angle of the horizon in degrees (Yokoyama, Shirasawa and Pike 2002).

    Horizons may lie below the level: a peak has more than 90. With `negative` it is the openness of
    the upturned ground, large in pits. The rest is as in :func:`sky_view_factor`.
    """
    quantity = "negative_openness" if flag(negative, "negative") else "openness"
    return _horizon(dem, quantity, radius, directions, vert_exag, spacing, device)


def sky_illumination(
    dem: Any,
    *,
    radius: float,
    directions: int = 16,
    sky: str = "uniform",
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    north: str = "true",
    device: int | str | None = None,
) -> Raster:
    """Light of the sky on the sloping ground; level open ground has 1.

    `sky` is "uniform", as bright everywhere, or "overcast", three times as bright in the zenith as at
    the horizon (Moon and Spencer 1942). Sky below the level does not shine. Directions begin at `north`, as in
    :func:`vulkan_forge.relief.hillshade`. The rest is as in :func:`sky_view_factor`.
    """
    is_true(north)
    if not is_one_of(sky, ("uniform", "overcast")):
        raise InvalidInputError(
            f'sky must be "uniform" or "overcast"; got {shown(sky)}; pass e.g. sky="uniform"'
        )
    return _horizon(dem, sky, radius, directions, vert_exag, spacing, device)


def horizon_angles(
    dem: Any,
    *,
    radius: float,
    directions: int = 16,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    north: str = "true",
    device: int | str | None = None,
) -> Raster:
    """Altitude of the horizon in degrees for each direction, shape (directions, H, W).

    Direction i looks towards bearing ``360 * i / directions`` from `north`, as in
    :func:`vulkan_forge.relief.hillshade`. Horizons may lie below the level; one without known ground is 0.
    The rest is as in :func:`sky_view_factor`.
    """
    is_true(north)
    named = {"radius": radius, "directions": directions, "up": 0.0, "vert_exag": vert_exag}
    count = directions if isinstance(directions, int) and 1 <= directions <= 3600 else 1
    call = Call(_run, ("_relief_horizon_angles",), named | {"block_cells": None}, count)
    found = rasters(dem, call, _depth(radius, spacing), spacing, False, None, device)
    if isinstance(found, np.ndarray):
        return found
    array: Any = importlib.import_module("dask.array")
    return array.stack(found)


def local_dominance(
    dem: Any,
    *,
    radius: float,
    min_radius: float | None = None,
    directions: int = 24,
    height: float = 1.7,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    device: int | str | None = None,
) -> Raster:
    """How far one looks down on the ground around; level ground has 1 (Hesse 2016, as in RVT).

    The mean of ``max(0, eye - height of a cell) / distance`` over the cells of a ring, weighted by
    area, over the same of level ground.

    Parameters
    ----------
    radius, min_radius : float
        The ring in metres, by default from half of `radius`; looked at every cell.
    directions : int, default 24
        Bearings, evenly spaced from north clockwise.
    height : float, default 1.7
        Of the eye above the ground in metres, > 0.
    dem, vert_exag, spacing, device
        As in :func:`sky_view_factor`.

    Returns
    -------
    numpy.ndarray or dask array, shape (H, W), float32
        >= 0, NaN in holes. Unknown ground counts as level.
    """
    if min_radius is None:
        min_radius = max(float(radius) / 2.0, _cell(spacing)) if is_real(radius) else radius
    named = {
        "min_radius": min_radius,
        "radius": radius,
        "directions": directions,
        "height": height,
        "vert_exag": vert_exag,
        "block_cells": None,
    }
    call = Call(_run, ("_relief_dominance",), named, 1)
    return rasters(dem, call, _depth(radius, spacing), spacing, False, None, device)[0]


def shadow_mask(
    dem: Any,
    *,
    azimuth: float,
    altitude: float,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    north: str = "true",
    device: int | str | None = None,
) -> Raster:
    """Where the sun is hidden: 1 in shadow, cast or its own, 0 in the sun, NaN in holes.

    A ray from the sun is followed over the rows (or, where it runs more east than north, the columns)
    that it crosses, the ground between two samples being straight; a cell between two rays takes what
    lies between theirs. Holes and what lies outside cast none.

    Parameters
    ----------
    azimuth : float
        Bearing clockwise from `north`, in degrees, in which the sun stands.
    altitude : float in -90..90
        Degrees above the horizon; at 0 and below everything is in shadow.
    north : {"true", "grid"}, default "true"
        As in :func:`vulkan_forge.relief.hillshade`.
    dem, vert_exag, spacing, device
        As in :func:`sky_view_factor`. A dask array goes through in bands of whole rows or columns, one after another
        away from the sun.
    """
    is_true(north)
    named = {
        "azimuth": azimuth,
        "altitude": altitude,
        "vert_exag": vert_exag,
        "block_lines": None,
    }
    return _whole(dem, "_relief_shadow_mask", named, spacing, device)


def viewshed(
    dem: Any,
    *,
    x: float,
    y: float,
    height: float = 2.0,
    target_height: float = 0.0,
    curvature: bool = False,
    refraction: float = 0.0,
    body_radius: float = 6_378_137.0,
    max_distance: float | None = None,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    device: int | str | None = None,
) -> Raster:
    """What an observer sees: 1 visible, 0 hidden, NaN in holes and beyond `max_distance`.

    Ring by ring as gdal_viewshed: a sight line crosses each ring between two cells, whose skylines
    are taken as straight between them (Wang, Robinson and White 2000).

    Parameters
    ----------
    x, y : float
        Where the observer stands, in world metres from the DEM's centre, x east, y north; the cell
        that holds the place counts.
    height : float, default 2
        Of the eye above the ground, in metres, >= 0.
    target_height : float, default 0
        Of what is looked at above the ground.
    curvature : bool, default False
        Whether the ground sinks below the level with the distance, as on a sphere of `body_radius`.
    refraction : float in 0..1, default 0
        Part of the curvature that the air's bending takes back, with `curvature`; on the Earth usually 1/7.
    body_radius : float, optional
        In metres; by default that of the body of the DEM's coordinate system, without one the Earth's.
    max_distance : float, optional
        In metres; by default the whole DEM.
    dem, vert_exag, spacing, device
        As in :func:`sky_view_factor`. Each chunk of a dask array is looked at with all that lies between it and the
        observer.
    """
    curvature = flag(curvature, "curvature")
    if not is_real(refraction) or not 0.0 <= refraction <= 1.0:
        raise InvalidInputError(
            f"refraction must be a number in 0..1; got {shown(refraction)}; pass e.g. 1/7"
        )
    if refraction and not curvature:
        raise InvalidInputError(
            f"refraction is part of the curvature; expected curvature=True with it, got refraction={shown(refraction)} "
            "alone; pass curvature=True, or leave refraction out"
        )
    named = {
        "x": x,
        "y": y,
        "height": height,
        "target_height": target_height,
        "curvature": 1.0 - float(refraction) if curvature else 0.0,
        "body_radius": body_radius,
        "max_distance": max_distance,
        "vert_exag": vert_exag,
    }
    return _whole(dem, "_relief_viewshed", named, spacing, device)


def _run(
    engine: Any,
    heights: npt.NDArray[np.float32],
    name: str,
    *arguments: Any,
    spacing: Any,
    north: Any,
    **named: Any,
) -> Any:
    found = getattr(_vulkan_forge, name)(engine, heights, *arguments, spacing=spacing, **named)
    return found if found.ndim == 3 else [found]


def _horizon(
    dem: Any, quantity: str, radius: Any, directions: Any, vert_exag: Any, spacing: Any, device: Any
) -> Raster:
    named = {
        "radius": radius,
        "directions": directions,
        "up": 0.0,
        "vert_exag": vert_exag,
        "block_cells": None,
    }
    call = Call(_run, ("_relief_horizon", quantity), named, 1)
    return rasters(dem, call, _depth(radius, spacing), spacing, False, None, device)[0]


def _whole(dem: Any, name: str, named: dict[str, Any], spacing: Any, device: Any) -> Raster:
    if is_lazy(dem):
        from ._across_chunks import shadows, view

        step = (1.0, 1.0) if spacing is None else spacing
        across = shadows if name == "_relief_shadow_mask" else view
        return across(dem, named, step, device)
    return rasters(dem, Call(_run, (name,), named, 1), 0, spacing, False, None, device)[0]


def _depth(radius: Any, spacing: Any) -> int:
    """Cells that a chunk borrows from its neighbours."""
    cells = float(radius) / _cell(spacing) if is_real(radius) else math.nan
    return (
        math.ceil(cells) + 1 if 0 < cells < 1e9 else 1
    )  # else the compiled function says what is wrong


def _cell(spacing: Any) -> float:
    """The shorter side of a cell; 1 where that is yet to be refused."""
    sides = reals(spacing)
    return min(sides) if sides and min(sides) > 0 else 1.0
