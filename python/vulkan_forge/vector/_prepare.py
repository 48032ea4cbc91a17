"""Layers as ``render`` and ``Renderer`` take them, for the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._numbers import items, shown
from .._vulkan_forge import GroundLayer, InvalidInputError, LabelLayer, SpaceLayer
from ._lengths import check_dpi

if TYPE_CHECKING:
    from ..geo._grid import Grid
    from ._layer import Layer


class Prepared(NamedTuple):
    """What the compiled module draws."""

    ground: list[GroundLayer]
    things: list[SpaceLayer]
    labels: list[LabelLayer]


def prepare(layers: Any, grid: Grid | None, dpi: Any, height_unit_m: float = 1.0) -> Prepared:
    """`layers`, None or a sequence of them, for a DEM that lies in `grid` and has heights in such a unit.

    Raises
    ------
    InvalidInputError
        One is no layer, or cannot be placed on this DEM.
    """
    dpi = check_dpi(dpi)
    if layers is None:
        return Prepared([], [], [])
    from ._layer import Setting

    setting = Setting(grid, dpi, height_unit_m)
    found = Prepared([], [], [])
    for layer in listed(layers):
        made = layer._engine_layers(setting)
        for part in made if isinstance(made, list) else [made]:
            if isinstance(part, LabelLayer):
                found.labels.append(part)
            elif isinstance(part, SpaceLayer):
                found.things.append(part)
            else:
                found.ground.append(part)
    return found


def listed(layers: Any) -> list[Layer]:
    """None, a layer or a sequence of them, as a list.

    Raises
    ------
    InvalidInputError
        One is no layer.
    """
    if layers is None:
        return []
    from ._layer import Layer

    if isinstance(layers, Layer):
        return [layers]
    found = items(layers)
    if found is None:
        raise InvalidInputError(
            f"layers must be a sequence of layers; got {shown(layers)}; pass e.g. layers=[vf.Labels(...)]"
        )
    for layer in found:
        if not isinstance(layer, Layer):
            raise InvalidInputError(
                f"each of layers must be a layer; got {shown(layer)}; make one, e.g. vf.Labels(data, text='name')"
            )
    return found
