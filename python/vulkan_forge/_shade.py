"""``shade``: the nadir map that blends light and colour, one pixel for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ._camera import Camera
from ._heights import as_heights
from ._image import Image
from ._numbers import finite, is_one_of, items, shown
from ._render import render
from ._vulkan_forge import InvalidInputError

_LAYERS = ("hillshade", "sky_view", "slope", "shadow")
_BLENDS = ("multiply", "overlay", "soft light", "soft")
_SKY_CELLS = 10  # radius of the sky-view factor, where none is given


def shade(
    dem: Any,
    layers: Sequence[Any] = ("hillshade",),
    *,
    cmap: Any = "terrain",
    blend: str = "multiply",
    vmin: float | None = None,
    vmax: float | None = None,
    spacing: tuple[float, float] | None = None,
    azimuth: float = 315.0,
    altitude: float = 45.0,
    vert_exag: float = 1.0,
    background: Sequence[float] = (1, 1, 1, 1),
    north: str = "true",
    device: int | str | None = None,
) -> Image:
    """Draw a map: the DEM's colours under the light of several analyses, one pixel for each cell.

    Parameters
    ----------
    dem : array_like, shape (H, W), at least 2 x 2
        As in :func:`vulkan_forge.render`.
    layers : sequence
        Each a name, a pair (name, arguments) or an array of shape (H, W) with values 0..1. Names:
        "hillshade" (any argument of :func:`vulkan_forge.relief.hillshade`), "sky_view" (`radius` by
        default ten cells), "slope" (1 on level ground, 0 at 90 degrees), "shadow" (0 in cast shadow).
        An argument "strength" in 0..1 weakens a layer: ``1 - strength * (1 - value)``. The light is the
        product of all.
    cmap, vmin, vmax, background
        As in :func:`vulkan_forge.render`; holes have the background's colour, and a cell whose light is
        not known keeps its own.
    blend : {"multiply", "overlay", "soft light"}
        "multiply" darkens in linear light; "overlay" and "soft light" (or "soft") are matplotlib's, where
        0.5 changes nothing.
    spacing, azimuth, altitude, vert_exag, north, device
        As in :func:`vulkan_forge.relief.hillshade`, for every layer that knows them.

    Returns
    -------
    Image
        Of size (W, H): ``np.asarray(image)`` is (H, W, 4) uint8.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say.
    """
    if not is_one_of(blend, _BLENDS):
        raise InvalidInputError(
            f'blend must be one of "multiply", "overlay", "soft light"; got {shown(blend)}; pass e.g. "multiply"'
        )
    wanted = items(layers)
    if wanted is None:
        raise InvalidInputError(
            f'layers must be a sequence; got {shown(layers)}; pass e.g. ("hillshade", "sky_view")'
        )
    from .geo._convert import as_dem, is_georeferenced

    if is_georeferenced(dem):  # it knows its cells itself, row by row where they differ
        dem = as_dem(dem, spacing=spacing)
        heights, spacing = dem.data, None
    else:
        dem = heights = as_heights(dem)
    sun = {"azimuth": azimuth, "altitude": altitude, "north": north}
    same = {"spacing": spacing, "vert_exag": vert_exag, "device": device}
    light = np.ones(heights.shape, np.float32)
    for layer in wanted:
        light *= _layer(layer, dem, sun, same)
    rows, columns = heights.shape
    picture = render(
        dem,
        size=(columns, rows),
        camera=Camera.map(),
        cmap=cmap,
        vmin=vmin,
        vmax=vmax,
        lit=False,
        samples=1,
        background=background,
        device=device,
    )
    rgb = picture.rgba[..., :3]
    ground = ~np.isnan(light) & ~np.isnan(heights)
    rgb[ground] = _blended(rgb[ground], light[ground][:, np.newaxis], blend)
    return picture


def _layer(layer: Any, dem: Any, sun: dict[str, Any], same: dict[str, Any]) -> Any:
    if not isinstance(layer, str | tuple):
        return _array(layer, dem.shape)
    name, given = (layer, {}) if isinstance(layer, str) else _pair(layer)
    if name not in _LAYERS:
        known = ", ".join(f'"{known}"' for known in _LAYERS)
        raise InvalidInputError(
            f"a layer must be one of {known}; got {shown(name)}; pass e.g. hillshade"
        )
    arguments = dict(given)
    strength = finite(arguments.pop("strength", 1.0), "strength")
    if not 0 <= strength <= 1:
        raise InvalidInputError(
            f"strength must be in 0..1; got {shown(strength)}; pass 1 for the whole layer"
        )
    try:
        value = np.asarray(_value(name, dem, arguments, sun, same))
    except TypeError as error:
        raise InvalidInputError(
            f"layer {name!r} got an argument that it does not take ({error}); "
            f"expected those of vulkan_forge.relief, got {sorted(arguments)}; leave the others out"
        ) from error
    return 1 - np.float32(strength) * (1 - value)


def _value(
    name: str, dem: Any, arguments: dict[str, Any], sun: dict[str, Any], same: dict[str, Any]
) -> Any:
    from . import relief

    if name == "hillshade":
        return relief.hillshade(dem, **{**sun, **same, **arguments})
    if name == "sky_view":
        spacing = getattr(dem, "spacing", None) or same["spacing"] or (1.0, 1.0)
        radius = {"radius": _SKY_CELLS * max(spacing)}
        return relief.sky_view_factor(dem, **{**radius, **same, **arguments})
    if name == "slope":
        return 1 - np.asarray(relief.slope(dem, **{**same, **arguments})) / 90
    return 1 - np.asarray(relief.shadow_mask(dem, **{**sun, **same, **arguments}))


def _pair(layer: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    if len(layer) == 2 and isinstance(layer[0], str) and isinstance(layer[1], dict):
        return layer[0], layer[1]
    raise InvalidInputError(
        f"a layer must be a name, (name, arguments) or an array; got {shown(layer)}; "
        'pass e.g. ("hillshade", {"azimuth": 90})'
    )


def _array(layer: Any, shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    values = as_heights(layer)
    if values.shape != shape or not np.all((values >= 0) & (values <= 1) | np.isnan(values)):
        raise InvalidInputError(
            f"a layer that is an array must have the DEM's shape and values 0..1; expected {shape}, got "
            f"{values.shape}; scale it first"
        )
    return values


def _blended(colours: Any, light: Any, blend: str) -> Any:
    rgb = colours / np.float32(255)
    if blend == "multiply":
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) * light
        found = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    elif blend in ("soft light", "soft"):
        found = 2 * light * rgb + (1 - 2 * light) * rgb**2
    else:
        found = np.where(rgb <= 0.5, 2 * light * rgb, 1 - 2 * (1 - light) * (1 - rgb))
    return np.clip(np.floor(255 * found + 0.5), 0, 255).astype(np.uint8)
