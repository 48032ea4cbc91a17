"""``Graph``: nodes and what joins them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._numbers import array_of, shown
from .._vulkan_forge import GroundLayer, InvalidInputError, SpaceLayer
from ._layer import Layer, Setting, only
from ._on_ground import Lines, Points
from ._read import read
from ._shapes import POINT, said
from ._space import heights, lifted


class Graph(Layer):
    """Nodes as symbols on the ground, edges as lines between them, which lie below the nodes; or, with `height` or `z`, balls and
    round tubes over it, which cast shadows.

    Parameters
    ----------
    nodes : GeoDataFrame, shapely geometries, GeoJSON, WKB, WKT, Arrow table, path, or array (N, 2) or (N, 3)
        Points, one in each row.
    edges : array of int, shape (E, 2)
        The two rows of `nodes` that each edge joins.
    color, width, dash, cap : optional
        Of edges, as for :class:`Lines`; sequences have a value for each edge.
    node_color, node_size, node_shape, node_edge, node_edge_width : optional
        As `color`, `size`, `shape`, `edge`, `edge_width` of :class:`Points`.
    height, z : optional
        Of nodes, as for :class:`Points`; edges go from one's height to the other's: over the ground they follow it, between absolute
        heights they are straight.
    arc : float or sequence, optional
        Of edges, as for :class:`Lines`, a sequence with a value for each.
    alpha : float in 0..1, default 1.0
    cmap, norm, vmin, vmax, zorder, crs : optional
        As for :class:`Lines`, for edges and nodes.

    Raises
    ------
    InvalidInputError
        An argument is not as above; the row is named.
    """

    __slots__ = ("_lines", "_points")

    def __init__(
        self,
        nodes: Any,
        edges: Any,
        *,
        color: Any = "black",
        width: Any = "1pt",
        dash: Any = None,
        cap: str = "round",
        node_color: Any = "#cc3311",
        node_size: Any = "5pt",
        node_shape: Any = None,
        node_edge: Any = None,
        node_edge_width: Any = "0.6pt",
        height: Any = None,
        z: str = "ground",
        arc: Any = None,
        alpha: float = 1.0,
        cmap: Any = "viridis",
        norm: Any = None,
        vmin: Any = None,
        vmax: Any = None,
        zorder: float = 0.0,
        crs: Any = None,
    ) -> None:
        super().__init__(dict(locals()), zorder)
        self._features = features = only(read(nodes), (POINT,), "Graph")
        shapes = features.shapes
        number = np.bincount(shapes.rows, minlength=features.rows)
        if (number != 1).any():
            raise InvalidInputError(
                f"nodes must have one point in each row; got another number in {said(np.flatnonzero(number != 1))}; "
                "drop these rows, or split them"
            )
        pairs = array_of(edges)
        if pairs is not None and pairs.size == 0:
            pairs = np.empty((0, 2), np.int64)
        if pairs is None or pairs.shape[1:] != (2,) or pairs.dtype.kind not in "iu":
            raise InvalidInputError(
                f"edges must be whole numbers of shape (E, 2), rows of nodes; got {shown(edges)}; "
                "pass e.g. [(0, 1), (1, 2)]"
            )
        wrong = ((pairs < 0) | (pairs >= features.rows)).any(axis=1)
        if wrong.any():
            raise InvalidInputError(
                f"edges must join rows 0 to {features.rows - 1} of nodes; got {shown(tuple(pairs[wrong][0].tolist()))} in "
                f"{said(np.flatnonzero(wrong))} of edges; check the numbers"
            )
        scale = {"cmap": cmap, "norm": norm, "vmin": vmin, "vmax": vmax}
        known = features.crs if crs is None else crs
        places, level = shapes.xy, "ground"
        where = heights(features, height, z)
        if where is not None:
            places = np.column_stack([shapes.xy, lifted(shapes, where)])
            level = "absolute" if z == "absolute" else "relative"
        self._lines = Lines(
            places[pairs.reshape(-1)],
            z=level,
            arc=arc,
            offsets=np.arange(len(pairs) + 1) * 2,
            color=color,
            width=width,
            dash=dash,
            cap=cap,
            alpha=alpha,
            zorder=zorder,
            crs=known,
            **scale,
        )
        self._points = Points(
            features,
            size=node_size,
            shape=node_shape,
            color=node_color,
            edge=node_edge,
            edge_width=node_edge_width,
            height=height,
            z=z,
            alpha=alpha,
            zorder=zorder,
            crs=crs,
            **scale,
        )

    def _make(self, setting: Setting) -> list[GroundLayer | SpaceLayer]:
        return [self._lines._engine_layers(setting), self._points._engine_layers(setting)]
