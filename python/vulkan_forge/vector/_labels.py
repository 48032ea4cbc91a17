"""``Labels``: texts at their places."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .._colours import parse_colour
from .._extras import require
from .._numbers import flag, shown
from .._vulkan_forge import InvalidInputError, LabelLayer, Texts
from ._columns import by_row, choice, colours, column_of, factor, is_missing, numbers
from ._features import Features
from ._layer import Layer, Setting, placed
from ._lengths import picture_length
from ._read import read
from ._shapes import LINE, POINT, RING, Floats, Ints, Shapes

if TYPE_CHECKING:
    from ..geo._grid import Grid

_ANCHORS = (
    "auto", "center", "top right", "right", "top", "top left", "bottom right", "left", "bottom", "bottom left",
)  # fmt: skip


class Labels(Layer):
    """Texts at points, in areas or along lines, for ``render(layers=...)`` and ``Renderer.add``.

    A label is drawn where it meets no other, in order of priority. It stands at its anchor on the ground, a line's text follows the
    line, an area's stands inside it. Letters are shaped by cosmic-text, upright, unhinted, and mixed onto the finished picture
    as FreeType's users know it, whatever light and air there is.

    Parameters
    ----------
    data : GeoDataFrame, shapely geometries, GeoJSON, WKB, WKT, Arrow table, path, or array (N, 2) or (N, 3)
        Where they belong: points, lines or polygons; of one that goes on beyond a DEM with a place, what lies on it.
    text : str or sequence
        Name of a column, or a value for each row. Rows without text have no label; ``"\\n"`` begins a new line.
    size : str, or sequence of str, default "9pt"
        Of the letters' em, on the picture.
    color : colour, column or sequence, default "black"
    halo : str or None, default "1.2pt"
        How far a rim round the letters reaches.
    halo_color : colour, default "white"
    priority : str, sequence or None
        A column or numbers; greater ones get their places first, by default earlier rows.
    anchor : str or sequence of str, default "auto"
        On which side of its point a text stands: "center", "top right", "right", "top", "top left", "bottom right", "left", "bottom",
        "bottom left". Several are tried in their order, "auto" tries all but "center". In areas "auto" is "center"; along lines
        "auto" and "center" are on the line, "top" above and "bottom" below it.
    offset : str, default "3pt"
        From the point to the text.
    leader : bool or colour, default False
        Texts that find no room may stand further away, at the end of a thin line.
    occlude : {"hide", "dim", "show"}, default "hide"
        What becomes of a text whose anchor is behind the terrain.
    height : float, column or sequence, default 0.0
        Of points above the ground, in metres before `vert_exag`.
    font : path or sequence of paths, optional
        TrueType or OpenType files, tried in this order; Noto Sans, which has Latin, Greek and Cyrillic, comes last. No font of the
        system is used, so the pixels are the same everywhere.
    alpha : float in 0..1, default 1.0
    zorder : float, default 0.0
        All labels lie over all other layers; among labels, greater ones lie over others.
    crs : optional
        Of the data, where it does not say: what pyproj takes, "dem" for the DEM's own coordinates, "world" for metres from its
        middle. GeoJSON is longitude and latitude.
    offsets : array of int, optional
        Of an array: where each line begins, and N.

    Raises
    ------
    InvalidInputError
        An argument is not as above, a column is missing, or a character is in no font; the row is named.
    """

    __slots__ = (
        "_anchors",
        "_colours",
        "_halo",
        "_halo_colour",
        "_leader",
        "_lifts",
        "_occlude",
        "_offset",
        "_priorities",
        "_rows",
        "_sizes",
        "_texts",
    )

    def __init__(
        self,
        data: Any,
        *,
        text: Any,
        size: Any = "9pt",
        color: Any = "black",
        halo: Any = "1.2pt",
        halo_color: Any = "white",
        priority: Any = None,
        anchor: Any = "auto",
        offset: Any = "3pt",
        leader: Any = False,
        occlude: str = "hide",
        height: Any = 0.0,
        font: Any = None,
        alpha: float = 1.0,
        zorder: float = 0.0,
        crs: Any = None,
        offsets: Any = None,
    ) -> None:
        words = dict(locals())
        super().__init__(words, zorder)
        self._features = features = read(data, offsets)
        alpha = factor(alpha, "alpha")
        listed = _texts(features, text)
        self._rows = np.flatnonzero([line != "" for line in listed])
        self._sizes = _sizes(features, size)
        self._colours = np.rint(255 * colours(features, color, "color", alpha=alpha)).astype(
            np.uint8
        )
        self._halo = None if halo is None or halo is False else picture_length(halo, "halo")
        self._halo_colour = _bytes(parse_colour(halo_color, "halo_color"), alpha)
        self._priorities = (
            -np.arange(features.rows, dtype=np.float64)
            if priority is None
            else numbers(features, priority, "priority", dates=True)
        )
        self._anchors = _sides(anchor)
        self._offset = picture_length(offset, "offset")
        self._leader: tuple[int, ...] | None
        if isinstance(leader, bool | np.bool_):
            own = tuple(self._colours[0].tolist()) if len(self._colours) == 1 else (0, 0, 0, 255)
            self._leader = own if flag(leader, "leader") else None
        else:
            self._leader = _bytes(parse_colour(leader, "leader"), alpha)
        self._occlude = choice(occlude, "occlude", ("hide", "dim", "show"))
        self._lifts = numbers(features, height, "height")
        self._texts = Texts(
            [listed[row] for row in self._rows], self._rows.tolist(), font_files(font)
        )

    def __len__(self) -> int:
        """How many rows have a text."""
        return len(self._rows)

    def _make(self, setting: Setting) -> LabelLayer:
        shapes = placed(self._features, self._words["crs"], setting)
        reach = None if setting.grid is None else _reach(setting.grid)
        spots = _spots(shapes, self._rows, self._features.rows, reach)

        def rowwise(values: Any) -> Any:
            return values if len(values) == 1 else values[self._rows]

        halo = 0.0 if self._halo is None else self._halo.pixels(setting.dpi)
        sizes = [size.pixels(setting.dpi) for size in rowwise(self._sizes)]
        return LabelLayer(
            self._texts,
            self._rows.astype(np.int64),
            spots,
            (
                rowwise(self._lifts),
                rowwise(self._priorities),
                np.array(sizes, np.float32),
                np.ascontiguousarray(rowwise(self._colours)),
            ),
            around=((halo, self._halo_colour), self._anchors, self._offset.pixels(setting.dpi)),
            leader=None if self._leader is None else (0.6 / 72 * setting.dpi, self._leader),
            occlude=self._occlude,
            order=self.zorder,
        )


def _texts(features: Features, text: Any) -> list[str]:
    """One for each row; "" for none."""
    values = by_row(features, text, "text")
    if values is None:
        if not isinstance(text, str):
            raise InvalidInputError(
                f"text must be the name of a column or a value for each row; got {shown(text)}; pass e.g. text='name'"
            )
        values = np.asarray(column_of(features, text, "text"))
    if values.dtype.kind in "mM":  # those in nanoseconds would come as whole numbers
        values = values.astype("datetime64[us]" if values.dtype.kind == "M" else "timedelta64[us]")
    found = [_said(value) for value in values.tolist()]
    for row, line in enumerate(found):
        if not line.isascii() and any("\ud800" <= character <= "\udfff" for character in line):
            raise InvalidInputError(
                f"text must be Unicode; got half a surrogate pair in row {row}, {shown(line)}; decode it where it is read, "
                "e.g. with errors='replace'"
            )
    return found


def _said(value: Any) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, bytes):  # of a file whose encoding was not asked for
        value = value.decode("utf-8", "replace")
    text = _number(value) if isinstance(value, float) else str(value)
    return "" if text.isspace() else text  # blanks alone would take room


def _number(value: float) -> str:
    """Six digits, or all of what is whole: people who are counted beside missing ones come as 8799800.0."""
    whole = value.is_integer() or abs(value) >= 999_999.5
    return f"{value:.0f}" if whole and abs(value) < 1e15 else f"{value:g}"


def _sizes(features: Features, size: Any) -> npt.NDArray[Any]:
    """`Length` of one for all or of each row, as an array of objects."""
    listed = (
        None
        if isinstance(size, str) and size not in features.names
        else by_row(features, size, "size")
    )
    lengths = []
    for row, item in enumerate([size] if listed is None else listed.tolist()):
        try:
            lengths.append(picture_length(item, "size"))
            if lengths[-1].amount == 0:
                raise InvalidInputError("size must be above 0; got 0; pass e.g. size='9pt'")
        except InvalidInputError as error:
            if listed is None:
                raise
            raise InvalidInputError(f"{error}; that is in row {row}") from error
    found = np.empty(len(lengths), object)
    found[:] = lengths if len(lengths) != 1 else [None]
    if len(lengths) == 1:
        found[0] = lengths[0]
    return found


def _sides(anchor: Any) -> list[str]:
    """The sides to try; none for "auto"."""
    if isinstance(anchor, str):
        return [] if choice(anchor, "anchor", _ANCHORS) == "auto" else [anchor]
    if not isinstance(anchor, Sequence) or not len(anchor):
        raise InvalidInputError(
            f"anchor must be a side or a sequence of them; got {shown(anchor)}; pass e.g. anchor='right'"
        )
    return [choice(side, "each of anchor", _ANCHORS[1:]) for side in anchor]


def _bytes(colour: tuple[float, float, float, float], alpha: float) -> tuple[int, ...]:
    red, green, blue, own = colour
    return tuple(round(255 * channel) for channel in (red, green, blue, own * alpha))


def font_files(font: Any) -> list[tuple[str, bytes]]:
    if font is None:
        return []
    paths = [font] if isinstance(font, str | os.PathLike) else font
    if not isinstance(paths, Sequence) or not all(
        isinstance(path, str | os.PathLike) for path in paths
    ):
        raise InvalidInputError(
            f"font must be the path of a font file, or several; got {shown(font)}; pass e.g. font='NotoSansArabic.ttf'"
        )
    found = []
    for path in paths:
        try:
            found.append((repr(os.fspath(path)), Path(path).read_bytes()))
        except (OSError, ValueError) as error:
            raise InvalidInputError(
                f"font must be a file that can be read; got {os.fspath(path)!r}: {error}; check the path"
            ) from error
    return found


def _spots(
    shapes: Shapes, rows: Ints, count: int, reach: Floats | None
) -> tuple[Floats, Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Of each row a point, or a line whose runs NaN parts: vertices, offsets, which are lines, which lie in areas.

    A row of which nothing is left has NaN for a point. Of several points, as of those a turn round the world away, the first on
    the ground counts.
    """
    beyond = shapes.kinds == POINT
    if reach is not None:
        beyond[beyond] = (np.abs(shapes.xy[shapes.offsets[:-1][beyond]]) > reach).any(axis=1)
    else:
        beyond[:] = False
    order = np.argsort(beyond, kind="stable")[::-1]  # the last that is written stays
    first = np.full(count, -1)  # of each row the piece that counts
    first[shapes.rows[order]] = order
    kind = np.where(first >= 0, shapes.kinds[first] if len(shapes.kinds) else POINT, POINT)[rows]
    points = np.full((len(rows), 2), np.nan)
    known = first[rows] >= 0
    points[known] = shapes.xy[shapes.offsets[first[rows][known]]]
    inside = known & (kind == RING)
    if inside.any():
        points[inside] = _inner_points(shapes, rows[inside], reach)
    lines = known & (kind == LINE)
    if not lines.any():
        return points, np.arange(len(rows) + 1), lines, inside
    parts, lengths = [], []
    for row, point, is_line in zip(rows, points, lines, strict=True):
        run = _runs(shapes, row) if is_line else point[None]
        parts.append(run)
        lengths.append(len(run))
    return np.concatenate(parts), np.concatenate([[0], np.cumsum(lengths)]), lines, inside


def _runs(shapes: Shapes, row: int) -> Floats:
    low, high = np.searchsorted(shapes.rows, [row, row + 1])
    runs: list[Floats] = []
    for piece in range(low, high):
        runs += [
            shapes.xy[shapes.offsets[piece] : shapes.offsets[piece + 1]],
            np.full((1, 2), np.nan),
        ]
    return np.concatenate(runs)


def _reach(grid: Grid) -> Floats:
    """How far the ground goes from its middle, in world metres to the east and north."""
    return 0.5 * (np.array(grid.shape[::-1]) - 1.0) * grid.spacing


def _inner_points(shapes: Shapes, rows: Ints, reach: Floats | None) -> Floats:
    """Of each row's largest polygon on the ground: the centroid where it lies inside, else a point that does."""
    shapely = require("shapely", "vector", "labels in areas")
    low, high = np.searchsorted(shapes.rows, rows), np.searchsorted(shapes.rows, rows, side="right")
    areas = []
    for begin, end in zip(low, high, strict=True):
        rings = [
            shapes.xy[shapes.offsets[piece] : shapes.offsets[piece + 1]]
            for piece in range(begin, end)
        ]
        shells = [number for number in range(end - begin) if not shapes.holes[begin + number]]
        polygons = []
        for shell, after in zip(shells, [*shells[1:], end - begin], strict=True):
            if len(rings[shell]) > 2:
                inner = [ring for ring in rings[shell + 1 : after] if len(ring) > 2]
                polygons += _on_ground(shapely.Polygon(rings[shell], inner), rings[shell], reach)
        areas.append(
            max(polygons, key=lambda polygon: polygon.area, default=shapely.Point(rings[0][0]))
        )
    shapes_of = np.array(areas, object)
    centres = shapely.centroid(shapes_of)
    valid = shapely.is_valid(shapes_of)
    good = valid.copy()
    good[valid] = shapely.contains(shapes_of[valid], centres[valid])
    bent = valid & ~good
    centres[bent] = shapely.point_on_surface(shapes_of[bent])
    return np.column_stack([shapely.get_x(centres), shapely.get_y(centres)])


def _on_ground(polygon: Any, shell: Floats, reach: Floats | None) -> list[Any]:
    """The parts of a polygon that lie on the ground; all of one that cannot be cut."""
    if reach is None or (np.abs(shell) <= reach).all() or not polygon.is_valid:
        return [polygon]
    shapely = require("shapely", "vector", "labels in areas")
    parts = shapely.get_parts(shapely.clip_by_rect(polygon, *-reach, *reach))
    return [part for part in parts if part.area > 0]
