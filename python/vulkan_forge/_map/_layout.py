"""Where everything stands on a page: a pure function of sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .._vulkan_forge import InvalidInputError
from ._blocks import Block, Lines, Room
from ._marks import Box

_EM = 2.82  # millimetres on A4: 8 pt
_A4 = 249.7  # the root of its area
_POWER = 0.6  # of pages' sides, with which letters grow
_NARROW = 0.019  # of its shorter side, at most
_MARGIN = 3.4  # ems
_GAP = 1.6
_SHRINKS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42)
_SHARE = 0.5  # of the map that there would be without furniture, which is to be left
_BESIDE = 0.42  # of the page's width that a column of furniture may take
_WIDE = 26.0  # ems of a column, at most
_OBLIQUE = (1.4, 2.1)  # width by height of an oblique view


class Wishes(NamedTuple):
    """What is to stand on a page."""

    header: tuple[Lines, ...]
    blocks: tuple[Block, ...]
    footer: tuple[Lines, ...]
    aspect: float | None
    """Width by height of the map; None of an oblique view, which takes what there is."""
    width: float | None
    """Of the map in millimetres, where its scale is given."""
    gutter: float
    """Round the map, for the numbers of a graticule, in ems."""


class Places(NamedTuple):
    """What a page is divided into."""

    size: tuple[float, float]
    em: float
    frame: Box
    boxes: dict[str, Box]


def arrange(pages: Sequence[tuple[float, float]], wishes: Wishes) -> Places:
    """The page of `pages` with the larger map.

    Raises
    ------
    InvalidInputError
        There is no room for a map beside what is to stand on the page.
    """
    best: Places | None = None
    for size in pages:
        found = _shrunk(size, wishes)
        if found is not None and (best is None or _area(found) > _area(best) * 1.001):
            best = found
    if best is not None:
        return best
    width, height = pages[0]
    if wishes.width is not None:
        frame = f"a map of {wishes.width:.4g} x {wishes.width / (wishes.aspect or 1):.4g} mm"
        raise InvalidInputError(
            f"expected a page with room for {frame} at this scale; got {width:g} x {height:g} mm; pass a smaller scale "
            "(a greater number), a larger paper= or size=, or leave scale out to fit the page"
        )
    raise InvalidInputError(
        f"expected a page with room for a map beside its furniture; got {width:g} x {height:g} mm; pass a larger paper= or "
        "size=, or less furniture (legend=False, colorbar=False, inset=None, a shorter title or credit)"
    )


def _area(places: Places) -> float:
    return places.frame.width * places.frame.height


def _shrunk(size: tuple[float, float], wishes: Wishes) -> Places | None:
    """With the largest letters that leave the map enough."""
    width, height = size
    em = min(_EM * ((width * height) ** 0.5 / _A4) ** _POWER, _NARROW * min(size))
    bare = wishes._replace(header=(), blocks=(), footer=())
    alone = _divided(size, em, bare)
    if alone is None:
        return None
    last = None
    for factor in _SHRINKS:
        found = _divided(size, factor * em, wishes)
        if found is not None:
            last = found
            if wishes.width is not None or _area(found) >= _SHARE * _area(alone):
                return found
    return last


def _divided(size: tuple[float, float], em: float, wishes: Wishes) -> Places | None:
    width, height = size
    margin, gap = _MARGIN * em, _GAP * em
    across = width - 2 * margin
    if across <= 0:
        return None
    boxes: dict[str, Box] = {}
    top = margin
    for lines in wishes.header:
        room = lines.room(em, across)
        boxes[lines.name] = Box(margin, top, across, room.height)
        top += room.height + 0.3 * em
    bottom = height - margin
    for lines in reversed(wishes.footer):
        room = lines.room(em, across)
        bottom -= room.height
        boxes[lines.name] = Box(margin, bottom, across, room.height)
        bottom -= 0.3 * em
    top += 0.6 * em if wishes.header else 0.0
    bottom -= 0.6 * em if wishes.footer else 0.0
    if bottom <= top:
        return None
    body = Box(margin, top, across, bottom - top)
    found = [
        placed
        for placed in (_beneath(body, em, gap, wishes), _beside(body, em, gap, wishes))
        if placed is not None
    ]
    if not found:
        return None
    frame, furniture = max(found, key=lambda placed: placed[0].width * placed[0].height)
    if any(
        lines.room(em, across).width > across * (1 + 1e-6)
        for lines in (*wishes.header, *wishes.footer)
    ):
        return None  # a word that is longer than a line
    # Texts begin where the map does, if they are short enough.
    shift = frame.left - wishes.gutter * em - margin
    for lines in (*wishes.header, *wishes.footer):
        if lines.room(em, across).width <= across - shift:
            box = boxes[lines.name]
            boxes[lines.name] = box._replace(left=box.left + shift, width=across - shift)
    return Places(size, em, frame, boxes | furniture)


Placed = tuple[Box, dict[str, Box]]


def _framed(area: Box, em: float, wishes: Wishes) -> Box | None:
    """The largest frame in an area, at its top and in its middle."""
    gutter = wishes.gutter * em
    width, height = area.width - 2 * gutter, area.height - 2 * gutter
    if width <= 0 or height <= 0:
        return None
    if wishes.width is not None:
        own = wishes.width, wishes.width / (wishes.aspect or 1.0)
        if own[0] > width * (1 + 1e-9) or own[1] > height * (1 + 1e-9):
            return None
        width, height = own
    else:
        least, most = (wishes.aspect,) * 2 if wishes.aspect else _OBLIQUE
        width, height = min(width, height * most), min(height, width / least)
    left = area.left + (area.width - width) / 2
    return Box(left, area.top + gutter, width, height)


def _beneath(body: Box, em: float, gap: float, wishes: Wishes) -> Placed | None:
    """Furniture in rows beneath the map."""
    rows: list[list[tuple[str, Room]]] = []
    used = 0.0
    for block in wishes.blocks:
        room = block.room(em, body.width)
        if room.width > body.width * (1 + 1e-9):
            return None
        if rows and used + gap + room.width <= body.width:
            rows[-1].append((block.name, room))
            used += gap + room.width
        else:
            rows.append([(block.name, room)])
            used = room.width
    heights = [max(room.height for _, room in row) for row in rows]
    below = sum(heights) + gap * len(rows)
    frame = _framed(body._replace(height=body.height - below), em, wishes)
    if frame is None:
        return None
    boxes: dict[str, Box] = {}
    top = frame.bottom + wishes.gutter * em + gap
    for row, height in zip(rows, heights, strict=True):
        spare = body.width - sum(room.width for _, room in row)
        between = min(spare / max(len(row) - 1, 1), 4 * gap) if len(row) > 1 else 0.0
        left = body.left + (spare - between * (len(row) - 1)) / 2
        for name, room in row:
            boxes[name] = Box(left, top, room.width, room.height)
            left += room.width + between
        top += height + gap
    return frame, boxes


def _beside(body: Box, em: float, gap: float, wishes: Wishes) -> Placed | None:
    """Furniture in a column on the map's right."""
    if not wishes.blocks:
        return None
    least = max(block.room(em, 0.0).width for block in wishes.blocks)
    least = max(least, 13 * em)
    if least > _BESIDE * body.width:
        return None
    rooms = [(block.name, block.room(em, least)) for block in wishes.blocks]
    if max(room.width for _, room in rooms) > least * (1 + 1e-9):
        return None
    if sum(room.height for _, room in rooms) + gap * (len(rooms) - 1) > body.height:
        return None
    area = body._replace(width=body.width - least - gap)
    frame = _framed(area, em, wishes)
    if frame is None:
        return None
    frame = frame._replace(left=area.left + wishes.gutter * em)
    left, top = frame.right + wishes.gutter * em + gap, frame.top
    # What the frame leaves is the column's.
    wide = min(body.right - left, _WIDE * em)
    rooms = [(block.name, block.room(em, wide)) for block in wishes.blocks]
    boxes: dict[str, Box] = {}
    for name, room in rooms:
        boxes[name] = Box(left, top, room.width, room.height)
        top += room.height + gap
    low = max(box.bottom for box in boxes.values())
    if low > body.bottom:  # the frame's gutter pushed it down
        boxes = {
            name: box._replace(top=box.top - (low - body.bottom)) for name, box in boxes.items()
        }
    # Both in the middle of the page.
    spare = 0.5 * (body.right - max(box.right for box in boxes.values()))
    frame = frame._replace(left=frame.left + spare)
    return frame, {name: box._replace(left=box.left + spare) for name, box in boxes.items()}
