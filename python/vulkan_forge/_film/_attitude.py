"""Where cameras stand and how they look, as numbers between which there are others."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .._camera import Camera
from .._vulkan_forge import InvalidInputError
from ._splines import Floats


class Pose(NamedTuple):
    """A perspective camera for pictures of one aspect."""

    eye: Floats
    """(3,) world metres."""
    axes: Floats
    """(3, 3), rows: right, up, back."""
    fov: float
    """Vertical, degrees."""


def pose_of(camera: Camera, aspect: float) -> Pose:
    """Where `camera` stands in a picture of width / height = `aspect`.

    The projection of one that fits a DEM has the way from its view's place to its own in the last column.
    """
    kind = "a map without bounds"
    try:
        projection = camera.projection(aspect).astype(np.float64)
        if projection[3, 2] != 0:
            view = camera.view().astype(np.float64)
            focal = projection[1, 1]
            way = np.array(
                [projection[0, 3] * aspect / focal, projection[1, 3] / focal, -projection[3, 3]]
            )
            axes = view[:3, :3]
            return Pose(-axes.T @ (view[:3, 3] + way), axes, 2 * math.degrees(math.atan(1 / focal)))
        kind = "a map"
    except InvalidInputError:
        pass
    raise InvalidInputError(
        f"a film's cameras must be perspectives; got {kind}; pass Camera.look_at, orbit or fit"
    )


def quaternion(axes: Floats) -> Floats:
    """(x, y, z, w) of a rotation matrix, from its largest part, which is never small (Shepperd 1978)."""
    trace = float(np.trace(axes))
    parts = np.array([axes[0, 0], axes[1, 1], axes[2, 2], trace])
    i = int(np.argmax(parts))
    found = np.empty(4)
    if i == 3:
        found[3] = 1 + trace
        for a, b, c in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
            found[a] = axes[c, b] - axes[b, c]
    else:
        j, k = (i + 1) % 3, (i + 2) % 3
        found[i] = 1 + 2 * axes[i, i] - trace
        found[j] = axes[j, i] + axes[i, j]
        found[k] = axes[k, i] + axes[i, k]
        found[3] = axes[k, j] - axes[j, k]
    return np.asarray(found / np.linalg.norm(found))


def aligned(quaternions: Floats) -> Floats:
    """(N, 4), each of the two that mean one rotation chosen to be next to the one before."""
    turned = np.where((quaternions[1:] * quaternions[:-1]).sum(axis=1) < 0, -1.0, 1.0)
    return np.asarray(quaternions * np.concatenate([[1.0], np.cumprod(turned)])[:, None])


def matrix(q: Floats) -> Floats:
    """The rotation of a quaternion of any length."""
    x, y, z, w = (float(part) for part in q / np.linalg.norm(q))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def camera_of(pose: Pose, distance: float) -> Camera:
    """A camera there; `distance` is how far off it looks."""
    _, up, back = pose.axes
    target = pose.eye - distance * back
    return Camera.look_at(tuple(pose.eye), tuple(target), tuple(up), pose.fov)
