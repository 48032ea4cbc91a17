"""NumPy twins of the far-looking relief operators: plain, float64, one cell's rule after another."""

from __future__ import annotations

import numpy as np


def offsets(azimuth: float, radius: float, spacing=(1.0, 1.0)) -> list[tuple[int, int]]:
    """Cells (east, south) that a ray visits: every third of a cell, rounded, each once."""
    dx, dy = spacing
    cell = min(dx, dy)
    angle = np.radians(azimuth)
    seen: list[tuple[int, int]] = []
    for reach in cell * (1 + np.arange(int(3 * (radius / cell - 1) + 1e-6) + 1) / 3):
        place = (
            int(np.round(reach * np.sin(angle) / dx, 9).round()),
            int(np.round(-reach * np.cos(angle) / dy, 9).round()),
        )
        if place != (0, 0) and place not in seen:
            seen.append(place)
    return seen


def shifted(dem: np.ndarray, east: int, south: int) -> np.ndarray:
    """The height of the cell `east` columns and `south` rows on, NaN outside."""
    rows, columns = dem.shape
    out = np.full(dem.shape, np.nan)
    i = np.arange(rows)[:, None] + south
    j = np.arange(columns)[None, :] + east
    inside = (i >= 0) & (i < rows) & (j >= 0) & (j < columns)
    out[inside] = dem[np.broadcast_to(i, dem.shape)[inside], np.broadcast_to(j, dem.shape)[inside]]
    return out


def horizon_slopes(dem, radius, directions=16, spacing=(1.0, 1.0)) -> np.ndarray:
    """Tangent of the horizon, (directions, H, W): 0 without known ground, NaN in holes."""
    dem = np.asarray(dem, np.float64)
    found = []
    for direction in range(directions):
        steepest = np.full(dem.shape, np.nan)
        for east, south in offsets(360.0 * direction / directions, radius, spacing):
            length = np.hypot(east * spacing[0], south * spacing[1])
            steepest = np.fmax(steepest, (shifted(dem, east, south) - dem) / length)
        found.append(np.where(np.isnan(dem), np.nan, np.nan_to_num(steepest, nan=0.0)))
    return np.stack(found)


def sky_view_factor(dem, radius, directions=16, spacing=(1.0, 1.0)):
    slopes = horizon_slopes(dem, radius, directions, spacing)
    return np.mean(1 - np.sin(np.arctan(np.maximum(slopes, 0))), axis=0)


def openness(dem, radius, directions=16, spacing=(1.0, 1.0), negative=False):
    dem = -np.asarray(dem, np.float64) if negative else dem
    return np.mean(
        90 - np.degrees(np.arctan(horizon_slopes(dem, radius, directions, spacing))), axis=0
    )


def normal(dem, spacing=(1.0, 1.0)):
    """(east, north, up) from the four nearest cells, one-sided where one is unknown."""
    dem = np.asarray(dem, np.float64)
    slopes = []
    for axis, (low, high) in enumerate((((-1, 0), (1, 0)), ((0, 1), (0, -1)))):
        before, after = shifted(dem, *low), shifted(dem, *high)
        sides = np.isfinite(before).astype(float) + np.isfinite(after)
        rise = np.where(np.isnan(after), dem, after) - np.where(np.isnan(before), dem, before)
        slopes.append(rise / (np.maximum(sides, 1) * spacing[axis]))
    length = np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2)
    return -slopes[0] / length, -slopes[1] / length, 1 / length


def sky_illumination(dem, radius, directions=16, spacing=(1.0, 1.0), sky="uniform"):
    """Light from a strip of sky for each direction, integrated over altitude by its closed form."""
    altitude = np.arctan(np.maximum(horizon_slopes(dem, radius, directions, spacing), 0))
    east, north, up = normal(dem, spacing)
    total = np.zeros(np.shape(dem))
    for direction in range(directions):
        angle = 2 * np.pi * direction / directions
        facing = east * np.sin(angle) + north * np.cos(angle)
        h = altitude[direction]
        even = up * np.cos(h) ** 2 + facing * (np.pi / 2 - h - np.sin(2 * h) / 2)
        risen = up * (1 - np.sin(h) ** 3) + facing * np.cos(h) ** 3
        total += even if sky == "uniform" else (3 * even + 4 * risen) / 7
    return np.maximum(total / directions, 0)


def local_dominance(dem, min_radius, radius, directions, height=1.7):
    """For cells of 1 x 1 m."""
    dem = np.asarray(dem, np.float64)
    total, level = np.zeros(dem.shape), 0.0
    for direction in range(directions):
        angle = 2 * np.pi * direction / directions
        for distance in np.arange(min_radius, radius + 1e-6):
            place = np.round(
                [np.round(distance * np.sin(angle), 9), np.round(-distance * np.cos(angle), 9)]
            )
            weight = (2 * distance + 1) / distance
            fall = np.nan_to_num(dem - shifted(dem, int(place[0]), int(place[1])), nan=0.0)
            total += weight * np.maximum(height + fall, 0)
            level += weight * height
    return np.where(np.isnan(dem), np.nan, total / level)


def shadow_margin(dem, azimuth, altitude, spacing=(1.0, 1.0)):
    """How far above the ground the shadow's end lies, < 0 in the sun; a twin for 0 < altitude < 90."""
    dem = np.asarray(dem, np.float64)
    angle = np.radians(azimuth)
    step = np.array([np.sin(angle) / spacing[0], -np.cos(angle) / spacing[1]])
    if abs(step[0]) > abs(step[1]) * (1 + 1e-12):
        # Columns become rows; east becomes south.
        turned = shadow_margin(dem.T, 90.0 - azimuth + 180.0, altitude, spacing[::-1])
        return turned.T
    if step[1] > 0:
        return shadow_margin(dem[::-1], 180.0 - azimuth, altitude, spacing)[::-1]
    if step[0] < 0:
        return shadow_margin(dem[:, ::-1], -azimuth, altitude, spacing)[:, ::-1]
    # The sun stands in the north or north-east: each row away from it a ray moves `drift` columns west.
    drift = step[0] / abs(step[1]) if abs(step[0] / step[1]) > 1e-12 else 0.0
    drop = np.tan(np.radians(altitude)) / abs(step[1])
    rows, columns = dem.shape
    rays = np.arange(columns + int(np.ceil(drift * rows)) + 2)
    end = np.full(rays.shape, np.nan)
    margin = np.empty(dem.shape)

    def at(line, column):
        inside = (column >= 0) & (column < columns)
        return np.where(inside, line[np.clip(column, 0, columns - 1)], np.nan)

    for row in range(rows):
        moved = round(row * drift, 9)
        part = moved - np.floor(moved)
        ray = np.arange(columns) + int(np.floor(moved))
        left, right = end[ray], end[ray + 1]
        between = left + (right - left) * part if part else left
        margin[row] = (
            np.where(np.isnan(between), np.fmax(left, right) if part else left, between) - dem[row]
        )
        column = rays - int(np.floor(moved))
        crossed = at(dem[row], column)
        if part:
            crossed = crossed + (at(dem[row], column - 1) - crossed) * part
        end = np.fmax(end, crossed) - drop
    return np.where(np.isnan(margin) & ~np.isnan(dem), -np.inf, margin)


def view_margin(dem, row, column, height=2.0, target_height=0.0, spacing=(1.0, 1.0), curvature=0.0):
    """How far a target stands above the line of sight that grazes the ground before it; < 0 is hidden."""
    dem = np.asarray(dem, np.float64)
    rows, columns = dem.shape
    eye = dem[row, column] + height
    south, east = np.mgrid[-row : rows - row, -column : columns - column]
    sunk = curvature / (2 * 6378137.0) * ((east * spacing[0]) ** 2 + (south * spacing[1]) ** 2)
    level = dem - sunk - eye
    skyline = np.full(dem.shape, -np.inf)
    margin = np.full(dem.shape, np.inf)
    rings = np.maximum(abs(south), abs(east))
    for ring in range(1, rings.max() + 1):
        for i, j in zip(*np.nonzero(rings == ring), strict=True):
            y, x = i - row, j - column
            behind = -np.inf
            if ring > 1:
                steep = abs(y) == ring
                across = x if steep else y
                near = abs(across)
                places = []
                for step, weight in ((near - 1, near), (near, ring - near)):
                    if weight:
                        side = int(np.sign(across)) * step
                        a, b = (y - np.sign(y), side) if steep else (side, x - np.sign(x))
                        places.append((skyline[row + int(a), column + int(b)], weight / ring))
                values = [value for value, _ in places]
                behind = max(values) if min(values) == -np.inf else sum(v * w for v, w in places)
            margin[i, j] = level[i, j] + target_height - behind * ring
            rise = level[i, j] / ring
            skyline[i, j] = max(behind, rise) if np.isfinite(rise) else behind
    return margin
