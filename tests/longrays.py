"""Single rays over large DEMs, exactly: the same equations as reference.py, only along the cells that a ray crosses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import reference as ref


class Path(NamedTuple):
    """The patches under a ray in order: row, column, parameters at which it enters and leaves each, and the ray's
    height over the patch, q0 + q1 x + q2 x^2 in the ray's parameter."""

    row: np.ndarray
    column: np.ndarray
    enter: np.ndarray
    leave: np.ndarray
    q0: np.ndarray
    q1: np.ndarray
    q2: np.ndarray

    def at(self, x):
        return self.q0 + x * (self.q1 + x * self.q2)


def path(terrain: ref.Terrain, origin, direction, near, far) -> Path:
    """Holes are left out."""
    rows, columns = terrain.heights.shape
    dx, dy = terrain.spacing
    u0, v0 = origin[0] / dx + (columns - 1) / 2, (rows - 1) / 2 - origin[1] / dy
    du, dv = direction[0] / dx, -direction[1] / dy
    start, end, cuts = max(near, -1e9), min(far, 1e9), []
    for place, speed, last in ((u0, du, columns - 1), (v0, dv, rows - 1)):
        if speed == 0:
            end = end if 0 <= place <= last else -np.inf
            continue
        a, b = sorted((-place / speed, (last - place) / speed))
        start, end = max(start, a), min(end, b)
        cuts.append((np.arange(last + 1) - place) / speed)
    if not start < end:
        start = end = 0.0
    inner = np.concatenate([np.zeros(0), *cuts])
    ends = np.sort(np.concatenate([[start], inner[(inner > start) & (inner < end)], [end]]))
    enter, leave = ends[:-1], ends[1:]
    enter, leave = enter[leave > enter], leave[leave > enter]
    middle = (enter + leave) / 2
    j = np.clip(np.floor(u0 + middle * du).astype(int), 0, columns - 2)
    i = np.clip(np.floor(v0 + middle * dv).astype(int), 0, rows - 2)
    z = terrain.heights
    a, b, c, d = (
        z[i + di, j + dj].astype(np.float64) * terrain.exaggeration
        for di in (0, 1)
        for dj in (0, 1)
    )
    s, t, east, south, twist = u0 - j, v0 - i, b - a, c - a, a - b - c + d
    q0 = origin[2] - (a + east * s + south * t + twist * s * t)
    q1 = direction[2] - (east * du + south * dv + twist * (s * dv + t * du))
    q2 = -twist * du * dv
    whole = ~np.isnan(twist)
    return Path(*(part[whole] for part in (i, j, enter, leave, q0, q1, q2)))


def first_hit(terrain: ref.Terrain, origin, direction, near, far) -> tuple[float, int, int]:
    """Parameter (inf = none), row and column of the nearest patch hit."""
    along = path(terrain, origin, direction, near, far)
    with np.errstate(all="ignore"):
        roots = np.stack(ref._roots(along.q2, along.q1, along.q0))
        slack = 1e-9 * (along.leave - along.enter)
        inside = (roots >= along.enter - slack) & (roots <= along.leave + slack)
        roots = np.where(inside, roots, np.inf).min(axis=0, initial=np.inf)
    if not np.isfinite(roots).any():
        return np.inf, 0, 0
    k = int(np.argmin(roots))
    return float(roots[k]), int(along.row[k]), int(along.column[k])


def blocked(terrain: ref.Terrain, origin, sun) -> bool:
    """Whether the ray to the sun passes through the surface."""
    along = path(terrain, origin, sun, 0.0, np.inf)
    if not len(along.q0):
        return False
    with np.errstate(all="ignore"):
        turn = np.clip(-along.q1 / (2 * along.q2), along.enter, along.leave)
    turn = np.where(np.isnan(turn), along.enter, turn)
    slack = 1e-7 * float(np.nanmax(terrain.heights) - np.nanmin(terrain.heights))
    side = np.where(along.at(along.enter) < -slack, -1, 1)
    return any((side * along.at(x)).min() < -slack for x in (along.leave, turn))


def hits(terrain: ref.Terrain, camera, size, points) -> ref.Hits:
    """The nearest hits through pixel points (N, 2)."""
    origins, directions = camera.rays(np.asarray(points, np.float64), size, terrain)
    rows, columns = terrain.heights.shape
    found = []
    for origin, direction in zip(origins, directions, strict=True):
        depth, i, j = first_hit(terrain, origin, direction, camera.near, camera.far)
        at = origin + (depth if np.isfinite(depth) else 0) * direction
        s = at[0] / terrain.spacing[0] + (columns - 1) / 2 - j
        t = (rows - 1) / 2 - at[1] / terrain.spacing[1] - i
        found.append((depth, i, j, np.clip(s, 0, 1), np.clip(t, 0, 1)))
    depth, i, j, s, t = (np.array(part) for part in zip(*found, strict=True))
    return ref.Hits(depth, i, j, s, t)


def shade(
    terrain: ref.Terrain, camera, size, points, style: ref.Style = ref.Style()
) -> ref.Picture:
    """reference.shade for large DEMs."""
    return ref.shade(terrain, camera, size, points, style, trace_with=hits, shadow_with=shadows)


def shadows(terrain: ref.Terrain, hit: ref.Hits, point, sun) -> np.ndarray:
    """reference.in_shadow for large DEMs."""
    return np.array(
        [found and blocked(terrain, at, sun) for found, at in zip(hit.found, point, strict=True)]
    )
