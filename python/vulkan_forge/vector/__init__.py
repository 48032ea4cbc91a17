"""People's data on the ground: layers, and whatever their geometries come from."""

from ._features import GeometryWarning
from ._graph import Graph
from ._labels import Labels
from ._layer import Layer
from ._on_ground import Lines, Points, Polygons
from ._session import LayerHandle

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
