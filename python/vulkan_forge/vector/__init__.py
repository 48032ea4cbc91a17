"""People's data on the ground: layers, and whatever their geometries come from."""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from ._features import GeometryWarning as GeometryWarning
    from ._graph import Graph as Graph
    from ._labels import Labels as Labels
    from ._layer import Layer as Layer
    from ._on_ground import Lines as Lines
    from ._on_ground import Points as Points
    from ._on_ground import Polygons as Polygons
    from ._session import LayerHandle as LayerHandle
else:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_features": ["GeometryWarning"],
            "_graph": ["Graph"],
            "_labels": ["Labels"],
            "_layer": ["Layer"],
            "_on_ground": ["Lines", "Points", "Polygons"],
            "_session": ["LayerHandle"],
        },
    )

__all__ = [
    "GeometryWarning",
    "Graph",
    "Labels",
    "Layer",
    "LayerHandle",
    "Lines",
    "Points",
    "Polygons",
]
