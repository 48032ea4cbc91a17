"""Furniture that stands in an oblique view: a scale bar and a north arrow on a level plane under the ground, numbers at its edge."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .._image import Image
from .._vulkan_forge import InvalidInputError
from ._above import Ground
from ._graticule import Line
from ._lettering import Lettering
from ._marks import INK, WHITE, Box, Floats, Mark, Shape, Text
from ._north import LEFT, RIGHT, turned
from ._rounds import said
from ._scalebar import Bar, bar_of
from ._scene import Scene

_LONG = 0.24  # of the picture's width, a bar at most
_LENGTH = 3.4  # ems of the needle
_NUMBER = 0.85  # size of a bar's numbers, in ems
_FAR = 8  # ems by which a number at the edge may stand off to be clear of walls


class View:
    """Where places in the world are seen in a picture, in shares of its width and height from its upper left corner."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._rays = image._rays
        self._size = np.array(image.size, np.float64)

    def shares(self, places: Floats) -> Floats:
        """(N, 2) of world places (N, 3); NaN behind the eye."""
        origin, _, _, direction, dx, dy = self._rays
        way = places - origin
        scale = direction @ np.cross(dx, dy)
        depth = way @ np.cross(dx, dy) / scale
        a = np.cross(way, dy) @ direction / scale
        b = np.cross(dx, way) @ direction / scale
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = np.column_stack([a, b]) / depth[:, None] / self._size
        found[depth <= 0] = np.nan
        return found

    def on_plane(self, shares: Floats, z: float) -> Floats:
        """(N, 3) world places at height `z` that are seen there; NaN above the plane's horizon."""
        origin, _, _, direction, dx, dy = self._rays
        px = shares * self._size
        ways = direction + px[:, :1] * dx + px[:, 1:] * dy
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = (z - origin[2]) / ways[:, 2]
            found: Floats = origin + depth[:, None] * ways
        found[~(depth > 0)] = np.nan
        return found

    def shows_ground(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether ground is seen in a box, in shares: at its corners, its sides' middles or its own."""
        width, height = self._image.size
        for x in (left, 0.5 * (left + right), right):
            for y in (top, 0.5 * (top + bottom), bottom):
                column, row = math.floor(x * width), math.floor(y * height)
                inside = 0 <= column < width and 0 <= row < height
                if inside and self._image.ground_at(column, row) is not None:
                    return True
        return False


class Plane(NamedTuple):
    """Furniture on a level plane, in shares of the picture."""

    bar: Bar | None
    start: Floats
    """(3,) world place of the bar's left end."""
    way: Floats
    """(3,) of length 1, along the bar."""
    box: tuple[float, float, float, float]
    """Left, top, right, bottom of all of it."""


class Wanted(NamedTuple):
    """What is to stand on the plane."""

    system: str | None
    """Units of the bar; None for none."""
    known: bool
    """Whether world metres are metres."""
    true: float
    """Metres in one of the world."""
    north: float | None
    """Bearing of north from the world's y; None for no arrow."""
    lettering: Lettering


def find_plane(
    view: View,
    wanted: Wanted,
    z: float,
    free: npt.NDArray[np.bool_],
    page: tuple[float, float],
    em: float,
) -> Plane:
    """A place for bar and arrow in the lower part of the picture, on the background where there is room.

    `free` says of parts of the picture whether no ground is seen there; `page` is its width and height in millimetres.

    Raises
    ------
    InvalidInputError
        The plane is not seen: the eye is under it, or looks up.
    """
    width, height = page
    best: tuple[float, Plane] | None = None
    for row in (0.93, 0.88, 0.83, 0.78, 0.7, 0.6):
        for column in (0.05, 0.72, 0.38, 0.18, 0.55):
            plane = _at(view, wanted, z, (column, row), (width, height), em)
            if plane is None:
                continue
            covered = _covered(free, plane.box)
            if covered == 0:
                return plane
            if best is None or covered < best[0]:
                best = covered, plane
    if best is None:
        raise InvalidInputError(
            "a scale bar and a north arrow on the ground expected a camera from above it; got one that does not see the plane "
            "under the ground; pass a higher camera, or scalebar=False and north=False"
        )
    return best[1]


def _at(
    view: View,
    wanted: Wanted,
    z: float,
    place: tuple[float, float],
    page: tuple[float, float],
    em: float,
) -> Plane | None:
    column, row = place
    ends = view.on_plane(np.array([[column, row], [column + _LONG, row]]), z)
    if not np.isfinite(ends).all():
        return None
    way = ends[1] - ends[0]
    length = float(np.linalg.norm(way))
    bar = None
    if wanted.system is not None:
        bar = bar_of(length * wanted.true, wanted.system, wanted.known)
    plane = Plane(bar, ends[0], way / length, (0.0, 0.0, 0.0, 0.0))
    points = np.concatenate(_rings(plane, wanted, view, em / page[1]))
    seen = view.shares(points)
    if not np.isfinite(seen).all():
        return None
    low, high = seen.min(axis=0), seen.max(axis=0)
    numbers = 1.7 * em / page[1] if bar is not None else 0.0
    letter = 1.2 * em / page[1] if wanted.north is not None else 0.0
    beside = 1.5 * em / page[0]
    box = (
        float(low[0]) - beside,
        float(low[1]) - max(numbers, letter),
        float(high[0])
        + (
            beside
            if wanted.north is not None or bar is None
            else (_end(bar, wanted.lettering) + 0.3) * em / page[0]
        ),
        float(high[1]) + letter,
    )
    if box[0] < 0 or box[1] < 0 or box[2] > 1 or box[3] > 1:
        return None
    return plane._replace(box=box)


def _thick(plane: Plane, view: View, share: float) -> float:
    """World metres that look `share` of the picture's height wide, along the depth of the plane at the bar's start."""
    across = np.array([-plane.way[1], plane.way[0], 0.0])
    step = float(np.linalg.norm(plane.start - view._rays[0])) * 1e-3
    seen = view.shares(np.array([plane.start, plane.start + step * across]))
    high = float(np.hypot(*(seen[1] - seen[0])))
    return step * share / high if high > 0 else step


def _rings(plane: Plane, wanted: Wanted, view: View, em: float) -> list[Floats]:
    """The bar's outline and the arrow's halves, in the world; `em` is a share of the picture's height."""
    across = np.array([-plane.way[1], plane.way[0], 0.0])
    found = []
    at = plane.start
    if plane.bar is not None:
        along = plane.bar.metres / wanted.true * plane.way
        deep = _thick(plane, view, 0.5 * em) * across
        found.append(np.array([at, at + along, at + along + deep, at + deep]))
        at = at + along
    if wanted.north is not None:
        size = _LENGTH * _an_em(plane, view, em)
        beside = 0.6 * size
        if plane.bar is not None:  # past its last number and its unit
            beside += (_end(plane.bar, wanted.lettering) + 0.8) * _an_em(plane, view, em)
        middle = at + beside * plane.way
        for half in (LEFT, RIGHT):
            x, y = turned(half * size, wanted.north).T
            found.append(middle + np.column_stack([x, -y, np.zeros(len(x))]))
    return found


def _an_em(plane: Plane, view: View, em: float) -> float:
    """World metres along the bar that look as long as an em, which is a share of the picture's height."""
    step = float(np.linalg.norm(plane.start - view._rays[0])) * 1e-3
    seen = view.shares(np.array([plane.start, plane.start + step * plane.way]))
    way = (seen[1] - seen[0]) * view._size
    across = float(np.hypot(way[0], way[1])) / float(view._size[1])
    return em * step / max(across, 1e-12)


def _end(bar: Bar, lettering: Lettering) -> float:
    """Ems from a bar's end to that of its unit."""
    return _NUMBER * (0.5 * lettering.width(said(bar.units)) + lettering.width(bar.unit)) + 0.3


def _covered(free: npt.NDArray[np.bool_], box: tuple[float, float, float, float]) -> float:
    rows, columns = free.shape
    left, right = math.floor(box[0] * columns), math.ceil(box[2] * columns)
    top, bottom = math.floor(box[1] * rows), math.ceil(box[3] * rows)
    part = free[top : max(bottom, top + 1), left : max(right, left + 1)]
    return float((~part).mean()) if part.size else 1.0


def plane_marks(
    plane: Plane, wanted: Wanted, view: View, frame: Box, em: float, lettering: Lettering
) -> list[Mark]:
    """Bar and arrow as they lie on the plane, their texts upright."""
    marks: list[Mark] = []
    rings = _rings(plane, wanted, view, em / frame.height)
    if plane.bar is not None:
        marks += _bar_marks(plane.bar, rings.pop(0), view, frame, em, lettering)
    if wanted.north is not None:
        left, right = (_on_page(view.shares(ring), frame) for ring in rings)
        marks.append(Shape((left,), INK, INK, 0.07 * em, closed=True))
        marks.append(Shape((right,), WHITE, INK, 0.07 * em, closed=True))
        tip, tail = left[0], 0.5 * (left[1] + right[2])
        way = (tip - tail) / max(float(np.hypot(*(tip - tail))), 1e-9)
        x, y = tip + 0.75 * em * way
        marks.append(Text("N", float(x), float(y) + 0.36 * em, em, 0.5, halo=0.12 * em))
    return marks


def _bar_marks(
    bar: Bar, ring: Floats, view: View, frame: Box, em: float, lettering: Lettering
) -> list[Mark]:
    marks: list[Mark] = []
    shares = np.linspace(0, 1, bar.parts + 1)
    lower = _on_page(view.shares(ring[0] + shares[:, None] * (ring[1] - ring[0])), frame)
    upper = _on_page(view.shares(ring[3] + shares[:, None] * (ring[2] - ring[3])), frame)
    for part in range(bar.parts):
        piece = np.array([lower[part], lower[part + 1], upper[part + 1], upper[part]])
        marks.append(Shape((piece,), INK if part % 2 == 0 else WHITE))
    outline = np.array([lower[0], lower[-1], upper[-1], upper[0]])
    marks.append(Shape((outline,), None, INK, 0.07 * em, closed=True))
    size = _NUMBER * em
    top = min(float(lower[:, 1].min()), float(upper[:, 1].min())) - 0.35 * em
    for part in (0, bar.parts):
        text = said(float(f"{bar.units * part / bar.parts:.6g}"))
        marks.append(Text(text, float(upper[part, 0]), top, size, 0.5, halo=0.12 * em))
    end = 0.5 * lettering.width(said(bar.units)) * size
    x = float(upper[-1, 0]) + end + 0.3 * em
    marks.append(Text(bar.unit, x, top, size, halo=0.12 * em))
    return marks


def _on_page(shares: Floats, frame: Box) -> Floats:
    found: Floats = shares * [frame.width, frame.height] + [frame.left, frame.top]
    return found


def numbers_at_edge(
    lines: list[Line],
    ground: Ground,
    scene: Scene,
    view: View,
    frame: Box,
    em: float,
    lettering: Lettering,
    taken: list[Box],
) -> list[Mark]:
    """Each line's degrees where it leaves the DEM, on the sides that face the viewer; none over another or over `taken`."""
    size = 0.78 * em
    taken = list(taken)
    marks: list[Mark] = []
    left, bottom, right, top = ground.bounds
    extent = np.array([right - left, top - bottom])
    rows, columns = ground.grid.shape
    world = np.array([ground.world[2] - ground.world[0], ground.world[3] - ground.world[1]])
    least, exaggeration = scene.least, scene.exaggeration
    for line in lines:
        for end in (end for part in line.parts for end in (part[0], part[-1])):
            share = (end - [left, bottom]) / extent
            inset = np.minimum(share, 1 - share)
            if inset.min() > 1e-3:
                continue  # it ends inside, at a pole
            axis = int(np.argmin(inset))
            out = np.zeros(3)
            out[axis] = 1.0 if share[axis] > 0.5 else -1.0
            row = min(max(round((1 - share[1]) * (rows - 1)), 0), rows - 1)
            column = min(max(round(share[0] * (columns - 1)), 0), columns - 1)
            height = scene.height_at(row, column)
            height = least if math.isnan(height) else height
            place = np.array([*((share - 0.5) * world), height * exaggeration])
            seen = view.shares(np.array([place, place + 0.01 * float(world.max()) * out]))
            page = _on_page(seen, frame)
            way = page[1] - page[0]
            if (
                not np.isfinite(page).all() or way[1] <= 0
            ):  # at the back, where the ground may hide it
                continue
            half = 0.5 * lettering.width(line.text) * size
            for off in np.arange(1.3, _FAR, 0.5):
                x, y = (float(part) for part in page[0] + off * em * way / float(np.hypot(*way)))
                box = Box(x - half, y - 0.45 * em, 2 * half, 0.9 * em)
                if not view.shows_ground(*_in_shares(box, frame)):
                    break
            else:
                continue
            if not frame.holds(box) or any(box.overlaps(other, 0.2 * em) for other in taken):
                continue
            taken.append(box)
            marks.append(Text(line.text, x, y + 0.3 * em, size, 0.5, halo=0.1 * em))
    return marks


def _in_shares(box: Box, frame: Box) -> tuple[float, float, float, float]:
    left, right = ((x - frame.left) / frame.width for x in (box.left, box.right))
    top, bottom = ((y - frame.top) / frame.height for y in (box.top, box.bottom))
    return left, top, right, bottom


def boxes_of(marks: list[Mark], lettering: Lettering) -> list[Box]:
    """What upright texts take."""
    found = []
    for mark in marks:
        if isinstance(mark, Text) and mark.turn == 0:
            width = lettering.width(mark.text) * mark.size
            left = mark.x - mark.anchor * width - mark.halo
            found.append(
                Box(left, mark.y - 0.8 * mark.size, width + 2 * mark.halo, 1.05 * mark.size)
            )
    return found


def plane_box(plane: Plane, frame: Box) -> Box:
    """What bar and arrow take of the page."""
    left, top, right, bottom = plane.box
    return Box(
        frame.left + left * frame.width,
        frame.top + top * frame.height,
        (right - left) * frame.width,
        (bottom - top) * frame.height,
    )
