"""People's data on the ground: layers, and whatever their geometries come from."""

from ._labels import Labels
from ._layer import Layer
from ._read import GeometryWarning
from ._session import LayerHandle

__all__ = ["GeometryWarning", "Labels", "Layer", "LayerHandle"]
