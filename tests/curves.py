"""Curves on the ground by the exact surface: where they come in the picture, what is seen of them, what is drawn there."""

from itertools import pairwise

import compare
import numpy as np
import reference as ref

SIZE = (240, 160)


def cover_of(terrain, camera, lines, **options):
    """Of each pixel the share that black lines cover of white ground."""
    picture = compare.render(
        terrain, camera, SIZE, ref.Style(cmap=np.ones((2, 4))), lit=False, background="white",
        layers=lines, **options,
    ).rgba[..., 0]  # fmt: skip
    return 1 - ref.srgb_decode(picture / 255.0)


def along(terrain, line, steps):
    """Points (N, 3) of a line that lies on the bilinear surface: so many of each of its parts."""
    parts = [a + np.linspace(0, 1, steps)[:, None] * (b - a) for a, b in pairwise(line)]
    xy = np.concatenate(parts)
    return np.column_stack([xy, surface(terrain, xy)])


def surface(terrain, xy):
    """The height of the bilinear surface at places."""
    rows, columns = terrain.heights.shape
    column = xy[:, 0] / terrain.spacing[0] + (columns - 1) / 2
    row = (rows - 1) / 2 - xy[:, 1] / terrain.spacing[1]
    j, i = (np.clip(at.astype(int), 0, most - 2) for at, most in ((column, columns), (row, rows)))
    s, t, z = column - j, row - i, terrain.z
    return (
        z[i, j] * (1 - s) * (1 - t) + z[i, j + 1] * s * (1 - t)
        + z[i + 1, j] * (1 - s) * t + z[i + 1, j + 1] * s * t
    )  # fmt: skip


def on_picture(camera, points):
    """Pixel coordinates (N, 2) and view depths (N,)."""
    right, up, forward = camera.basis()
    off = points - np.asarray(camera.eye)
    depth = off @ forward
    scale = focal(camera) / depth
    return (
        np.column_stack([SIZE[0] / 2 + scale * (off @ right), SIZE[1] / 2 - scale * (off @ up)]),
        depth,
    )


def focal(camera):
    """Pixels at depth 1."""
    return SIZE[1] / 2 / np.tan(np.radians(camera.fov) / 2)


def first_met(terrain, origin, direction):
    """How far the nearest hit of each ray (N, 3) is: what `ref.trace` finds, in the patches that it crosses alone."""
    rows, columns = terrain.heights.shape
    dx, dy = terrain.spacing
    s0, t0 = origin[:, :1] / dx + (columns - 1) / 2, (rows - 1) / 2 - origin[:, 1:2] / dy
    ds, dt, z0, dz = direction[:, :1] / dx, -direction[:, 1:2] / dy, origin[:, 2:], direction[:, 2:]
    with np.errstate(all="ignore"):
        borders = [(np.arange(columns) - s0) / ds, (np.arange(rows) - t0) / dt]
        ends = np.sort(np.concatenate(borders, axis=1), axis=1)
        middle = (ends[:, :-1] + ends[:, 1:]) / 2
        j, i = np.floor(s0 + middle * ds), np.floor(t0 + middle * dt)
        within = (j >= 0) & (j < columns - 1) & (i >= 0) & (i < rows - 1)
        j, i = (np.where(within, at, 0).astype(int) for at in (j, i))
        a, b, c, e = (part[i, j] for part in ref._coefficients(terrain.z))
        s, t = s0 - j, t0 - i
        roots = ref._roots(
            e * ds * dt,
            b * ds + c * dt + e * (s * dt + t * ds) - dz,
            a + b * s + c * t + e * s * t - z0,
        )
        edge = 1e-9 * np.abs(middle)
        from_, to = np.maximum(ends[:, :-1] - edge, 0), ends[:, 1:] + edge
        hits = [
            np.where(within & (root >= from_) & (root <= to), root, np.inf).min(axis=1)
            for root in roots
        ]
    return np.min(hits, axis=0)


def seen_and_hidden(terrain, camera, points, reach, *, near, deep):
    """Which points are in the picture with no ground more than `near` before them; which are hidden all round.

    Just behind a crest half of a line looks over it: those are neither. Of hidden ones ground is `deep` before each place
    that is up to `reach` pixels off.
    """
    place, depth = on_picture(camera, points)
    right, up, _ = camera.basis()
    eyes = np.broadcast_to(camera.eye, points.shape)

    def met(dx=0.0, dy=0.0):
        """View depths of what is met that far, in pixels, from the curve."""
        way = (points - eyes) / depth[:, None] + (dx * right - dy * up) / focal(camera)
        return first_met(terrain, eyes, way)

    seen = met() > depth - near
    turns = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    around = [met(reach * np.cos(turn), reach * np.sin(turn)) for turn in turns]
    hidden = ~seen & (np.max(around, axis=0) < depth - deep)
    inside = ((place > 2) & (place < np.array(SIZE) - 2)).all(axis=1)
    return seen & inside, hidden


def distances(cover, least, places):
    """How far pixels that are covered more than `least` are from the nearest of some places."""
    drawn = np.argwhere(cover > least)[:, ::-1] + 0.5
    return np.linalg.norm(drawn[:, None] - places[None], axis=2).min(axis=1)


def most_beside(cover, places):
    """At each place the greatest cover of the pixel that it falls into and of those around it."""
    column, row = np.floor(places).astype(int).T
    return np.max([cover[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0)
