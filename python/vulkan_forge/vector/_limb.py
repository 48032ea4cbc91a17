"""Areas that go on beyond the limb of a map, such as a globe's: they end along it.

What of a ring lies on the map is some ways from limb to limb. Between them the area ends at the limb, on the side on which
the ring has its inside: from where one way leaves to where the next one in that direction comes (Weiler and Atherton 1977).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._shapes import RING, Floats, Shapes, pieces

Bools = npt.NDArray[np.bool_]
Project = Callable[[Floats], Floats]
"""Coordinates (N, 2) in others, not finite where there are none."""

_DIRECTIONS = 2048  # in which the limb is looked for: arcs are straight to a millionth of a radius
_HALVINGS = 40  # to a hundredth of a millimetre
_REACH = 1 << 20  # times the first guess: a map that goes on so far has no limb
_ON_IT = 1e-3  # of a radius: so near to it lies what ends at the limb
_TOUCH = 1e-6  # radians: a ring that leaves and comes back so near has touched the limb
# Of a radius: a seam is longer than that, and not as wide, whatever its edges are made of.
_LONG, _THIN = 0.1, 0.01


class Limb(NamedTuple):
    """The rim of a map that is convex, as seen from its middle."""

    middle: Floats
    """World metres."""
    radii: Floats
    """In `_DIRECTIONS` directions, counterclockwise from the east."""
    below: Floats
    """The middle in coordinates of the data."""

    def angles(self, xy: Floats) -> Floats:
        """Directions of places, 0 to 2π."""
        found: Floats = np.arctan2(*(xy - self.middle)[:, ::-1].T) % math.tau
        return found

    def has(self, xy: Floats) -> Bools:
        """Which places lie on it."""
        steps = np.append(np.arange(_DIRECTIONS), _DIRECTIONS) * math.tau / _DIRECTIONS
        radii = np.interp(self.angles(xy), steps, np.append(self.radii, self.radii[0]))
        on_it: Bools = np.abs(np.hypot(*(xy - self.middle).T) - radii) <= _ON_IT * radii
        return on_it

    def arc(self, begin: float, length: float, turn: int) -> Floats:
        """Places on it, from a direction on by `length`, counterclockwise with a `turn` of 1; without its ends."""
        step = math.tau / _DIRECTIONS
        first, last = turn * begin / step, (turn * begin + length) / step
        numbers = turn * np.arange(math.floor(first) + 1, math.ceil(last))
        angles, radii = numbers * step, self.radii[numbers % _DIRECTIONS]
        places: Floats = self.middle + radii[:, None] * np.column_stack(
            [np.cos(angles), np.sin(angles)]
        )
        return places


def limb_of(to_data: Project, guess: Floats, reach: float) -> Limb | None:
    """That of a map whose places `to_data` brings to the data's coordinates; None of one that has none.

    `guess` is a place on the map, and `reach` about how far it goes, in world metres.
    """
    angles = np.arange(_DIRECTIONS) * math.tau / _DIRECTIONS
    ways = np.column_stack([np.cos(angles), np.sin(angles)])
    middle, radii = guess, np.empty(0)
    for _ in range(2):  # the second time from its middle
        if not np.isfinite(to_data(middle[None])).all():
            return None
        low, high = np.zeros(_DIRECTIONS), np.full(_DIRECTIONS, reach)
        while (beyond := _finite(to_data(middle + high[:, None] * ways))).any():
            if high.max() > _REACH * reach:
                return None
            high[beyond] *= 2
        for _ in range(_HALVINGS):
            between = (low + high) / 2
            on_map = _finite(to_data(middle + between[:, None] * ways))
            low, high = np.where(on_map, between, low), np.where(on_map, high, between)
        radii = low
        if not radii.all():
            return None
        rim = middle + radii[:, None] * ways
        found, middle = middle, rim.mean(axis=0)
    return Limb(found, radii, to_data(found[None])[0])


def ends_at(limb: Limb, source: Shapes, world: Floats, project: Project) -> list[Shapes | None]:
    """What of each ring of `source` lies on the map, as rings; None where it ends elsewhere than at its limb.

    `world` are its vertices in world metres, not finite where they have no place. Data and map have the same handedness, as
    all have whose x is east and whose y is north.
    """
    found: list[Shapes | None] = []
    for number, (start, end) in enumerate(
        zip(source.offsets[:-1], source.offsets[1:], strict=True)
    ):
        closing = end - start > 1 and bool((source.xy[start] == source.xy[end - 1]).all())
        own = slice(start, end - closing)
        places = source.xy[own]
        seen = world[own] if source.z is None else np.column_stack([world[own], source.z[own]])
        turn = 1 if _area([places]) > 0 else -1
        rings = _rings(limb, places, seen, turn, project)
        found.append(None if rings is None else _shapes(rings, source, number))
    return found


def _rings(
    limb: Limb, places: Floats, seen: Floats, turn: int, project: Project
) -> list[Floats] | None:
    on_map = _finite(seen[:, :2])
    if not on_map.any():
        # It goes round the map, or is on the other side.
        level = 0.0 if seen.shape[1] < 3 else float(np.mean(seen[:, 2]))
        return (
            [_with_z(limb.arc(0.0, math.tau, turn), level, level, seen)]
            if is_within(places, limb.below)
            else []
        )
    first = int(np.flatnonzero(on_map & ~np.roll(on_map, 1))[0])
    places, seen = np.roll(places, -first, axis=0), np.roll(seen, -first, axis=0)
    on_map = np.roll(on_map, -first)
    heads = np.flatnonzero(on_map & ~np.roll(on_map, 1))
    tails = np.flatnonzero(on_map & ~np.roll(on_map, -1))
    entries = _border(places[heads], places[heads - 1], project)
    exits = _border(places[tails], places[(tails + 1) % len(places)], project)
    if not (limb.has(entries).all() and limb.has(exits).all()):
        return None
    ways = [
        np.concatenate(
            [
                np.append(entry, seen[head, 2:])[None],
                seen[head : tail + 1],
                np.append(leave, seen[tail, 2:])[None],
            ]
        )
        for entry, head, tail, leave in zip(entries, heads, tails, exits, strict=True)
    ]
    return _joined(limb, ways, limb.angles(entries), limb.angles(exits), turn)


def _joined(
    limb: Limb, ways: list[Floats], begins: Floats, ends: Floats, turn: int
) -> list[Floats]:
    """Ways from limb to limb, joined along it to closed rings."""
    left, rings = set(range(len(ways))), []
    while left:
        first = at = min(left)
        parts: list[Floats] = []
        while True:
            left.discard(at)
            ahead = turn * (begins - ends[at]) % math.tau
            own = (at + 1) % len(ways)
            touches = min(ahead[own], math.tau - ahead[own]) < _TOUCH
            allowed = left | {first}
            after = own if touches and own in allowed else min(allowed, key=ahead.__getitem__)
            length = 0.0 if touches and after == own else float(ahead[after])
            if touches and after == own == first and _is_slit([*parts, ways[at]], limb, turn):
                length = math.tau  # all the limb is its border
            way, coming = ways[at], ways[after]
            arc = limb.arc(float(ends[at]), length, turn)
            parts += [way, _with_z(arc, float(way[-1, -1]), float(coming[0, -1]), way)]
            if after == first:
                break
            at = after
        rings.append(np.concatenate(parts))
    return rings


def _is_slit(parts: list[Floats], limb: Limb, turn: int) -> bool:
    """Whether a ring from one place of the limb to the same has no inside of its own, as a seam from there to a pole and back.

    What is small has touched the limb, whatever its area.
    """
    radius = float(limb.radii.max())
    span = float(np.ptp(np.concatenate(parts)[:, :2], axis=0).max())
    return span > _LONG * radius and turn * _area(parts) < 2 * _THIN * radius * span


def _area(parts: list[Floats]) -> float:
    """Twice that of a ring in parts, positive counterclockwise."""
    x, y = np.concatenate(parts)[:, :2].T
    x, y = x - x[0], y - y[0]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _with_z(arc: Floats, begin: float, end: float, like: Floats) -> Floats:
    """With heights from one to the other, where `like` has some."""
    if like.shape[1] < 3:
        return arc
    return np.column_stack([arc, np.linspace(begin, end, len(arc) + 2)[1:-1]])


def _border(inside: Floats, outside: Floats, project: Project) -> Floats:
    """World metres of the last places that have any, on the ways between two coordinates."""
    for _ in range(_HALVINGS):
        between = (inside + outside) / 2
        on_map = _finite(project(between))[:, None]
        inside, outside = np.where(on_map, between, inside), np.where(on_map, outside, between)
    return project(inside)


def is_within(ring: Floats, place: Floats) -> bool:
    """Whether a place lies in a ring: by what it crosses on the way to the east."""
    after = np.roll(ring, -1, axis=0)
    crossing = (ring[:, 1] > place[1]) != (after[:, 1] > place[1])
    (x, y), (dx, dy) = ring[crossing].T, (after - ring)[crossing].T
    return bool(np.count_nonzero(x + (place[1] - y) / dy * dx > place[0]) % 2)


def _shapes(rings: list[Floats], source: Shapes, number: int) -> Shapes:
    rings = [np.concatenate([ring, ring[:1]]) for ring in rings]
    whole = np.concatenate(rings) if rings else np.empty((0, 2 if source.z is None else 3))
    offsets = np.cumsum([0, *map(len, rings)])
    z = None if source.z is None else np.ascontiguousarray(whole[:, 2])
    rows = np.full(len(rings), source.rows[number])
    return pieces(RING, whole[:, :2], z, offsets, rows, np.full(len(rings), source.holes[number]))


def _finite(xy: Floats) -> Bools:
    found: Bools = np.asarray(np.isfinite(xy).all(axis=1))
    return found
