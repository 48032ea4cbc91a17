"""Smooth curves through samples, and samples made smooth."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Cubic:
    """The cubic spline through `values` (N, ...) at ascending `knots` (N,), with two continuous derivatives.

    An open one has no curvature at its ends and goes on straight beyond them; of a `closed` one the last value is the first.
    """

    def __init__(self, knots: Any, values: Any, *, closed: bool = False) -> None:
        self.knots = np.asarray(knots, np.float64)
        self.values = np.asarray(values, np.float64)
        self.closed = closed
        flat = self.values.reshape(len(self.knots), -1)
        bends = _closed_bends if closed else _open_bends
        self.bends = bends(np.diff(self.knots), flat).reshape(self.values.shape)

    def __call__(self, at: Any, derivative: int = 0) -> Floats:
        """Values, or first or second derivatives, at `at` (...,)."""
        at = np.asarray(at, np.float64)
        first, last = self.knots[0], self.knots[-1]
        where = first + (at - first) % (last - first) if self.closed else np.clip(at, first, last)
        piece = np.clip(np.searchsorted(self.knots, where, "right") - 1, 0, len(self.knots) - 2)
        tail = (1,) * (self.values.ndim - 1)

        def of(array: Floats) -> Floats:
            return np.reshape(array, (*at.shape, *tail))

        h = of(self.knots[piece + 1] - self.knots[piece])
        b = of(where - self.knots[piece]) / h
        a = 1.0 - b
        y, z = self.values[piece], self.values[piece + 1]
        m, n = self.bends[piece], self.bends[piece + 1]
        if derivative == 2:
            return np.asarray(a * m + b * n)
        slope = (z - y) / h + h / 6 * ((1 - 3 * a**2) * m + (3 * b**2 - 1) * n)
        if derivative == 1:
            return np.asarray(slope)
        value = a * y + b * z + h**2 / 6 * ((a**3 - a) * m + (b**3 - b) * n)
        return np.asarray(value + of(at - where) * slope * (not self.closed))


def _open_bends(h: Floats, y: Floats) -> Floats:
    """Second derivatives at the knots: a system of three diagonals, solved from end to end."""
    count = len(y)
    bends = np.zeros_like(y)
    if count < 3:
        return bends
    slopes = np.diff(y, axis=0) / h[:, None]
    right = 6 * np.diff(slopes, axis=0)
    upper = np.empty(count - 2)
    for row in range(count - 2):
        pivot = 2 * (h[row] + h[row + 1])
        if row:
            pivot -= h[row] * upper[row - 1]
            right[row] -= h[row] * right[row - 1]
        upper[row] = h[row + 1] / pivot
        right[row] /= pivot
    for row in range(count - 4, -1, -1):
        right[row] -= upper[row] * right[row + 1]
    bends[1:-1] = right
    return bends


def _closed_bends(h: Floats, y: Floats) -> Floats:
    count = len(h)
    slopes = np.diff(y, axis=0) / h[:, None]
    matrix = np.zeros((count, count))
    rows = np.arange(count)
    matrix[rows, rows] = 2 * (h + np.roll(h, 1))
    np.add.at(matrix, (rows, rows - 1), np.roll(h, 1))
    np.add.at(matrix, (rows, (rows + 1) % count), h)
    found = np.linalg.solve(matrix, 6 * (slopes - np.roll(slopes, 1, axis=0)))
    return np.concatenate([found, found[:1]])


def smoothed(values: Floats, sigma: float, *, closed: bool = False) -> Floats:
    """Equally spaced `values` (N,) or (N, D), as means with Gauss' weights; both ends of open ones stay where they are."""
    reach = int(np.ceil(4 * sigma))
    if reach < 1 or len(values) < 3:
        return values
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    if closed:
        padded = _around(values, reach)
    else:  # turned about each end
        widths = [(reach, reach)] + [(0, 0)] * (values.ndim - 1)
        padded = np.pad(values, widths, mode="reflect", reflect_type="odd")
    return _weighed(padded, weights)


def raised_over(deficit: Floats, reach: int, *, closed: bool = False) -> Floats:
    """A smooth function of equally spaced samples (N,) that is nowhere below `deficit`.

    The greatest of all within `reach`, and of these the mean within `reach`: each of them has the sample itself in its reach.
    """
    if not deficit.any():
        return np.zeros_like(deficit)
    reach = max(1, min(reach, len(deficit) - 1))
    weights = np.cos(np.linspace(-np.pi / 2, np.pi / 2, 2 * reach + 3)[1:-1]) ** 4
    if closed:
        padded = _around(deficit, 2 * reach)
    else:
        padded = np.pad(deficit, 2 * reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.maximum(_weighed(windows.max(axis=-1), weights), deficit)


def _around(values: Floats, reach: int) -> Floats:
    """Periodic values (the last is not the first again) with those that come before and after."""
    return np.take(values, np.arange(-reach, len(values) + reach), axis=0, mode="wrap")


def _weighed(padded: Floats, weights: Floats) -> Floats:
    columns = padded.reshape(len(padded), -1).T
    means = [np.convolve(column, weights / weights.sum(), "valid") for column in columns]
    return np.stack(means, axis=-1).reshape(-1, *padded.shape[1:])
