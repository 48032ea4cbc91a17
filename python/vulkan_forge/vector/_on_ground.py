"""``Lines``, ``Polygons`` and ``Points``: part of the ground that they lie on or, with a height, things over it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._numbers import shown
from .._vulkan_forge import GroundLayer, InvalidInputError, SpaceLayer, Symbol
from ._arcs import arcs
from ._columns import choice, colours, factor, numbers
from ._features import Features
from ._layer import Layer, Setting, only, placed
from ._lengths import parse_length
from ._place import closed
from ._read import as_lines, as_rings, read
from ._shapes import LINE, POINT, RING
from ._sizes import amount, dashes, hatching, lengths, same_unit
from ._space import Heights, heights, not_negative, only_ground, tubes
from ._symbols import outline, picture
from ._validity import tell_invalid

_CAPS = ("butt", "round", "square")
_JOINS = ("round", "miter", "bevel")
_SHAPES = ("disc", "square", "diamond", "triangle", "plus", "cross", "star")
_MARKERS = {
    "o": "disc",
    "s": "square",
    "D": "diamond",
    "^": "triangle",
    "+": "plus",
    "x": "cross",
    "*": "star",
}


class Lines(Layer):
    """Lines on the ground, and the outlines of polygons.

    They follow the exact surface, lie in its light, shadow and air, and are hidden where it is. With `height` or `z` they are round tubes
    over it, which cast shadows.

    Parameters
    ----------
    data : GeoDataFrame, shapely geometries, GeoJSON, WKB, WKT, Arrow table, path, or array (N, 2) or (N, 3)
        Lines or polygons. An array is one line, or with `offsets` several, as a list of arrays is; NaN in it lifts the pen.
    color : colour, column or sequence, default "black"
        Of a column or sequence of numbers `cmap`, `norm`, `vmin` and `vmax` make colours.
    width : length, column or sequence, default "1pt"
        A number is metres on the ground, a text such as "1.5pt", "2px" or "0.3mm" a length on the picture.
    dash : {"dashed", "dotted", "dashdot"} or sequence of lengths, optional
        On and off in turn, from the line's beginning; the names are matplotlib's, in widths.
    cap : {"butt", "round", "square"}, default "butt"
    join : {"round", "miter", "bevel"}, default "round"
        A line that comes back to where it began, as a polygon's outline does, is joined there too and has no caps.
    casing : colour, column or sequence, optional
        Of a rim on both sides, below all lines of the layer.
    casing_width : length, default "0.75pt"
        Of the rim on each side.
    height : float, column or sequence, optional
        Over what `z` says, in the unit of the DEM's heights; over the ground at least 0. Things over the ground are without dash
        and casing, with round ends.
    z : {"ground", "relative", "absolute"}, default "ground"
        What the coordinates' Z is: nothing, a height over the ground, or one of the DEM's. Over the ground lines follow it, beneath it and
        unseen where a relative Z and `height` are below 0 together; lines of absolute heights are straight from vertex to vertex.
    arc : float, column or sequence, optional
        From each vertex to the next a parabola that rises in its middle so many times its length over the straight way from one
        end's height to the other's. Seen from above it is the geodesic where data and DEM have coordinate systems, else straight.
    alpha : float in 0..1, default 1.0
    cmap, norm, vmin, vmax : optional
        As in :func:`vulkan_forge.render`, for numbers in `color`.
    zorder : float, default 0.0
    crs : optional
        Of the data, where it does not say: what pyproj takes, "dem" for the DEM's own coordinates, "world" for metres from its
        middle. GeoJSON is longitude and latitude.
    offsets : array of int, optional
        Of an array: where each line begins, and N.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or a column is missing; the row is named.
    """

    __slots__ = (
        "_arc",
        "_cap",
        "_casing",
        "_casing_width",
        "_colours",
        "_dash",
        "_heights",
        "_join",
        "_width",
    )

    def __init__(
        self,
        data: Any,
        *,
        color: Any = "black",
        width: Any = "1pt",
        dash: Any = None,
        cap: str = "butt",
        join: str = "round",
        casing: Any = None,
        casing_width: Any = "0.75pt",
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
        offsets: Any = None,
    ) -> None:
        super().__init__(dict(locals()), zorder)
        self._features = features = only(as_lines(read(data, offsets)), (LINE, RING), "Lines")
        alpha = factor(alpha, "alpha")
        self._colours = colours(
            features, color, "color", alpha=alpha, cmap=cmap, norm=norm, vmin=vmin, vmax=vmax
        )
        self._width = lengths(features, width, "width")
        self._dash = dashes(dash, self._width, "dash")
        self._cap = choice(cap, "cap", _CAPS)
        self._join = choice(join, "join", _JOINS)
        self._casing = None if casing is None else colours(features, casing, "casing", alpha=alpha)
        self._casing_width = parse_length(casing_width, "casing_width")
        if casing is not None:
            same_unit(self._casing_width, self._width, "casing_width", "width")
        self._heights = heights(features, height, z)
        self._arc = None if arc is None else not_negative(numbers(features, arc, "arc"), "arc")
        if self._arc is not None and self._heights is None:
            self._heights = Heights("ground", np.zeros(1))
        if self._heights is not None:
            only_ground({"dash": self._dash is not None, "casing": casing is not None})

    def _make(self, setting: Setting) -> GroundLayer | SpaceLayer:
        if self._heights is not None:
            given = (self._features, self._words["crs"], setting, self._heights)
            if self._arc is not None:
                return arcs(*given, self._arc, self._colours, self._width)
            return tubes(*given, self._colours, self._width)
        wide_m = self._width.most_m
        if self._casing is not None and self._casing_width.on_ground:
            wide_m += 2 * self._casing_width.amount
        shapes = placed(self._features, self._words["crs"], setting, wide_m)
        return GroundLayer.lines(
            shapes,
            (self._colours, self._width.amounts(setting.dpi), self._width.unit),
            cap=self._cap,
            join=self._join,
            dash=None if self._dash is None else [amount(step, setting.dpi) for step in self._dash],
            casing=(
                None
                if self._casing is None
                else (self._casing, amount(self._casing_width, setting.dpi))
            ),
            zorder=self.zorder,
        )


class Polygons(Layer):
    """Areas on the ground: filled, outlined, hatched; or, with `height`, upright walls with a level roof over it.

    Holes are told by their ring, whichever way round it runs; where a ring crosses itself, its inside is by even and odd.

    Parameters
    ----------
    data : GeoDataFrame, shapely geometries, GeoJSON, WKB, WKT, Arrow table, path, or array (N, 2) or (N, 3)
        Polygons. An array is one ring, or with `offsets` several, as a list of arrays is.
    fill : colour, column, sequence or None, default "#4477aa"
        Of a column or sequence of numbers `cmap`, `norm`, `vmin` and `vmax` make colours.
    edge : colour, column or sequence, optional
        Of the outlines, holes' too.
    edge_width : length, column or sequence, default "0.8pt"
        A number is metres on the ground, a text such as "1.5pt", "2px" or "0.3mm" a length on the picture.
    edge_dash : {"dashed", "dotted", "dashdot"} or sequence of lengths, optional
    hatch : str, (float, length, length) or sequence of these, optional
        Stripes over the fill: of matplotlib's letters ``/ \\ | - + x``, denser if repeated; or (angle in degrees, from line to
        line, width). Lengths on the ground keep to it, those on the picture to that.
    hatch_color : colour, column or sequence, default "black"
    height : float, column or sequence, optional
        From foot to roof, in the unit of the DEM's heights: the areas become prisms of the colour of `fill`, without edge and
        hatch, which cast shadows. Rows of height 0 are not there.
    base : float, column or sequence, optional
        The DEM's height at which their feet are; by default that of the lowest ground along each one's outline.
    alpha : float in 0..1, default 1.0
    cmap, norm, vmin, vmax, zorder, crs, offsets : optional
        As for :class:`Lines`.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or a column is missing; the row is named.
    """

    __slots__ = (
        "_dash",
        "_edge",
        "_feet",
        "_fill",
        "_hatch",
        "_hatch_colours",
        "_rises",
        "_width",
    )

    def __init__(
        self,
        data: Any,
        *,
        fill: Any = "#4477aa",
        edge: Any = None,
        edge_width: Any = "0.8pt",
        edge_dash: Any = None,
        hatch: Any = None,
        hatch_color: Any = "black",
        height: Any = None,
        base: Any = None,
        alpha: float = 1.0,
        cmap: Any = "viridis",
        norm: Any = None,
        vmin: Any = None,
        vmax: Any = None,
        zorder: float = 0.0,
        crs: Any = None,
        offsets: Any = None,
    ) -> None:
        super().__init__(dict(locals()), zorder)
        features = only(as_rings(as_lines(read(data, offsets))), (RING,), "Polygons")
        self._features = features = features._replace(shapes=closed(features.shapes))
        if not isinstance(data, Features):  # of what was read it has been told
            tell_invalid(features)
        alpha = factor(alpha, "alpha")
        scale = {"cmap": cmap, "norm": norm, "vmin": vmin, "vmax": vmax}
        fill = "none" if fill is None else fill
        self._fill = colours(features, fill, "fill", alpha=alpha, **scale)
        self._edge = None if edge is None else colours(features, edge, "edge", alpha=alpha, **scale)
        self._width = lengths(features, edge_width, "edge_width")
        self._dash = dashes(edge_dash, self._width, "edge_dash")
        self._hatch = hatching(hatch)
        self._hatch_colours = colours(features, hatch_color, "hatch_color", alpha=alpha)
        self._rises = self._feet = None
        if height is not None:
            only_ground({"edge": edge is not None, "hatch": hatch is not None})
            self._rises = not_negative(numbers(features, height, "height"), "height")
        if base is not None:
            if height is None:
                raise InvalidInputError(
                    f"base is the foot of areas with a height; got {shown(base)} without height; pass height= too"
                )
            self._feet = numbers(features, base, "base")

    def _make(self, setting: Setting) -> GroundLayer | SpaceLayer:
        wide_m = self._width.most_m if self._edge is not None else 0.0
        shapes = placed(self._features, self._words["crs"], setting, wide_m)
        if self._rises is not None:
            return SpaceLayer.prisms(shapes, self._fill, self._rises, self._feet)
        dpi = setting.dpi
        edge = hatch = None
        if self._edge is not None:
            dash = None if self._dash is None else [amount(step, dpi) for step in self._dash]
            edge = self._edge, self._width.amounts(dpi), self._width.unit, dash
        if self._hatch:
            stripes = [
                (angle, amount(step, dpi), amount(width, dpi)) for angle, step, width in self._hatch
            ]
            unit = "m" if self._hatch[0][1].on_ground else "px"
            hatch = stripes, self._hatch_colours, unit
        return GroundLayer.polygons(shapes, self._fill, edge=edge, hatch=hatch, zorder=self.zorder)


class Points(Layer):
    """Symbols that lie on the ground or, with `height` or `z`, balls over it.

    Parameters
    ----------
    data : GeoDataFrame, shapely geometries, GeoJSON, WKB, WKT, Arrow table, path, or array (N, 2) or (N, 3)
        Points.
    size : length, column or sequence, default "5pt"
        Of a disc its diameter, of a square its side, of SVG and images their longer side. A number is metres on the ground, a text a
        length on the picture.
    shape : {"disc", "square", "diamond", "triangle", "plus", "cross", "star", "sphere"} or SVG, optional
        Or matplotlib's marker for it. By default a disc on the ground, and over it a sphere; the others stand upright there and face
        the camera. SVG is path data (``"M0 0 L4 0 L2 3 Z"``, of which all is shown), a document or the path of an .svg file (of
        which the view box is); what it draws is filled with the points' colour.
    image : path, SVG or array of bytes (H, W, 3) or (H, W, 4), optional
        In place of shape and colour: a .png or .svg file, or what is in one, in its own colours. On the ground it lies as a shape does;
        over it it stands upright, faces the camera, and is there where half of a pixel's share of it is opaque.
    color : colour, column or sequence, default "#cc3311"
        Of a column or sequence of numbers `cmap`, `norm`, `vmin` and `vmax` make colours.
    edge : colour, column or sequence, optional
        Of the outline.
    edge_width : length, default "0.6pt"
        In the kind of unit of `size`.
    height, z : optional
        As for :class:`Lines`: of the middles of spheres and shapes, which are without edge, and cast shadows.
    alpha : float in 0..1, default 1.0
    cmap, norm, vmin, vmax, zorder, crs : optional
        As for :class:`Lines`.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or a column is missing; the row is named.
    """

    __slots__ = (
        "_colours",
        "_edge",
        "_edge_width",
        "_heights",
        "_shape",
        "_size",
    )

    def __init__(
        self,
        data: Any,
        *,
        size: Any = "5pt",
        shape: Any = None,
        image: Any = None,
        color: Any = "#cc3311",
        edge: Any = None,
        edge_width: Any = "0.6pt",
        height: Any = None,
        z: str = "ground",
        alpha: float = 1.0,
        cmap: Any = "viridis",
        norm: Any = None,
        vmin: Any = None,
        vmax: Any = None,
        zorder: float = 0.0,
        crs: Any = None,
    ) -> None:
        super().__init__(dict(locals()), zorder)
        self._features = features = only(read(data), (POINT,), "Points")
        alpha = factor(alpha, "alpha")
        scale = {"cmap": cmap, "norm": norm, "vmin": vmin, "vmax": vmax}
        self._size = lengths(features, size, "size")
        self._heights = heights(features, height, z)
        usual, known = (
            ("disc", _SHAPES) if self._heights is None else ("sphere", (*_SHAPES, "sphere"))
        )
        if isinstance(shape, str):
            shape = _MARKERS.get(shape, shape)
        if image is not None and shape is not None:
            raise InvalidInputError(
                f"image is drawn in place of a shape; got it beside shape={shown(shape)}; pass one of the two"
            )
        if isinstance(shape, str) and shape == "sphere" and self._heights is None:
            raise InvalidInputError(
                "shape='sphere' hangs over the ground; got it without height; pass height= (0 for the ground's), or z="
            )
        self._shape: str | Symbol
        if image is not None:
            self._shape = picture(image)
            color = "white"
        elif shape is None or (isinstance(shape, str) and shape in known):
            self._shape = usual if shape is None else shape
        else:
            self._shape = outline(shape, known)
        self._colours = colours(features, color, "color", alpha=alpha, **scale)
        self._edge = None if edge is None else colours(features, edge, "edge", alpha=alpha, **scale)
        self._edge_width = parse_length(edge_width, "edge_width")
        if edge is not None:
            same_unit(self._edge_width, self._size, "edge_width", "size")
            if not isinstance(self._shape, str):
                raise InvalidInputError(
                    f"edge is of shapes that have a name; got {shown(edge)} beside SVG; draw a stroke in it, or leave edge out"
                )
        if self._heights is not None:
            only_ground({"edge": edge is not None})

    def _make(self, setting: Setting) -> GroundLayer | SpaceLayer:
        if self._heights is not None:
            given = (self._features, self._words["crs"], setting, self._heights)
            board = None if self._shape == "sphere" else self._shape
            return tubes(*given, self._colours, self._size, board)
        shapes = placed(self._features, self._words["crs"], setting, self._size.most_m)
        edge = None
        if self._edge is not None:
            edge = self._edge, np.array([amount(self._edge_width, setting.dpi)], np.float32)
        return GroundLayer.points(
            shapes,
            (self._colours, self._size.amounts(setting.dpi), self._size.unit),
            shape=self._shape,
            edge=edge,
            zorder=self.zorder,
        )
