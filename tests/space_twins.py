"""Things in space by brute force in f64: every ray against every wall, roof, tube and ball."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Prism(NamedTuple):
    """Rings of (E, 2) vertices, not closed; a place in an odd number of them is inside."""

    rings: tuple[np.ndarray, ...]
    foot: float
    top: float


class Tube(NamedTuple):
    a: np.ndarray
    b: np.ndarray
    radius: float


class Seen(NamedTuple):
    """Parameter (inf: nothing), which thing (-1: nothing), and the normal that faces the ray."""

    t: np.ndarray
    which: np.ndarray
    normal: np.ndarray


def _cross(a, b):
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _edges(prism: Prism):
    a = np.concatenate(prism.rings)
    b = np.concatenate([np.roll(ring, -1, axis=0) for ring in prism.rings])
    return a, b


def inside(prism: Prism, xy):
    odd = np.zeros(len(xy), bool)
    for a, b in zip(*_edges(prism), strict=True):
        spans = (a[1] <= xy[:, 1]) != (b[1] <= xy[:, 1])
        at = a[0] + (xy[:, 1] - a[1]) / np.where(b[1] == a[1], 1.0, b[1] - a[1]) * (b[0] - a[0])
        odd ^= spans & (xy[:, 0] < at)
    return odd


def _meets_prism(prism: Prism, origin, direction):
    for a, b in zip(*_edges(prism), strict=True):
        along = b - a
        turn = _cross(direction[:, :2], along)
        off = a - origin[:, :2]
        t, part = _cross(off, along) / turn, _cross(off, direction[:, :2]) / turn
        z = origin[:, 2] + t * direction[:, 2]
        met = (part >= 0) & (part <= 1) & (z >= prism.foot) & (z <= prism.top)
        normal = np.array([along[1], -along[0], 0.0]) / np.hypot(*along)
        yield np.where(met, t, np.inf), np.broadcast_to(normal, direction.shape)
    for level in (prism.foot, prism.top):
        t = (level - origin[:, 2]) / direction[:, 2]
        met = inside(prism, origin[:, :2] + t[:, None] * direction[:, :2])
        normal = np.broadcast_to([0.0, 0.0, 1.0], direction.shape)
        yield np.where(met, t, np.inf), normal


def _meets_tube(tube: Tube, origin, direction):
    """Both ends as balls and the side as an endless cylinder, from both sides, where they are the tube's surface."""
    axis = tube.b - tube.a
    length = np.linalg.norm(axis)
    axis = axis / max(length, 1e-300)
    dd = (direction**2).sum(axis=1)
    off = origin - tube.a
    flat, flat_off = (v - (v @ axis)[:, None] * axis for v in (direction, off))
    ways = [(direction, origin - end, dd) for end in (tube.a, tube.b)]
    if length > 0:
        ways.append((flat, flat_off, (flat**2).sum(axis=1)))
    for way, start, square in ways:
        half = (way * start).sum(axis=1)
        root = np.sqrt(half**2 - square * ((start**2).sum(axis=1) - tube.radius**2))
        for t in ((-half - root) / square, (-half + root) / square):
            at = off + t[:, None] * direction
            normal = at - np.clip(at @ axis, 0, length)[:, None] * axis
            on = np.abs(np.linalg.norm(normal, axis=1) / tube.radius - 1) < 1e-6
            yield np.where(on, t, np.inf), normal / tube.radius


def seek(things, origin, direction, near=0.0, far=np.inf) -> Seen:
    """The nearest of `things` that each ray (N, 3) meets."""
    count = len(direction)
    best, which = np.full(count, np.inf), np.full(count, -1)
    normals = np.full((count, 3), np.nan)
    with np.errstate(all="ignore"):
        for number, thing in enumerate(things):
            meets = _meets_prism if isinstance(thing, Prism) else _meets_tube
            for t, normal in meets(thing, origin, direction):
                nearer = np.isfinite(t) & (t > near) & (t < far) & (t < best)
                best[nearer], which[nearer], normals[nearer] = t[nearer], number, normal[nearer]
    away = (normals * direction).sum(axis=1) > 0
    normals[away] *= -1
    return Seen(best, which, normals)
