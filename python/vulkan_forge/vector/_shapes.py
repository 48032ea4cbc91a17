"""Points, lines and rings of many features as flat arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

POINT, LINE, RING = 0, 1, 2
NAMES = ("point", "line", "polygon")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Shapes(NamedTuple):
    """Pieces: a point, a line, or a ring of a polygon each, in the order of the rows that they belong to."""

    xy: Floats
    """(N, 2)."""
    z: Floats | None
    """(N,), where the source has heights."""
    offsets: Ints
    """(P + 1,): piece i is ``xy[offsets[i]:offsets[i + 1]]``."""
    rows: Ints
    """(P,): the caller's row of each piece."""
    kinds: npt.NDArray[np.uint8]
    """(P,): POINT, LINE or RING."""
    holes: npt.NDArray[np.bool_]
    """(P,): whether a ring is a hole of its polygon."""

    @property
    def lengths(self) -> Ints:
        """(P,): vertices of each piece."""
        return np.diff(self.offsets)

    def taking(self, wanted: Any) -> Shapes:
        """The pieces of which `wanted` (P,) is true."""
        if wanted.all():
            return self
        lengths = self.lengths
        vertices = np.repeat(wanted, lengths)
        z = None if self.z is None else self.z[vertices]
        offsets = np.concatenate([[0], np.cumsum(lengths[wanted])])
        return Shapes(
            self.xy[vertices],
            z,
            offsets,
            self.rows[wanted],
            self.kinds[wanted],
            self.holes[wanted],
        )


def pieces(
    kind: int,
    xy: Floats,
    z: Floats | None,
    offsets: Ints,
    rows: Ints,
    holes: npt.NDArray[np.bool_] | None = None,
) -> Shapes:
    """Pieces of one kind."""
    count = len(offsets) - 1
    return Shapes(
        np.ascontiguousarray(xy, np.float64),
        z,
        np.asarray(offsets, np.int64),
        np.asarray(rows, np.int64),
        np.full(count, kind, np.uint8),
        np.zeros(count, np.bool_) if holes is None else holes,
    )


def joined(parts: list[Shapes]) -> Shapes:
    """All in one, in the order of their rows."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return pieces(POINT, np.empty((0, 2)), None, np.zeros(1, np.int64), np.empty(0, np.int64))
    z = None
    if any(part.z is not None for part in parts):
        z = np.concatenate(
            [np.full(len(part.xy), np.nan) if part.z is None else part.z for part in parts]
        )
    lengths = np.concatenate([part.lengths for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    starts = np.cumsum(lengths) - lengths
    taken = np.concatenate(
        [[0], np.cumsum(lengths[order])]
    )  # where each piece begins in the new order
    within = np.arange(taken[-1]) - np.repeat(taken[:-1], lengths[order])
    vertices = np.repeat(starts[order], lengths[order]) + within
    return Shapes(
        np.concatenate([part.xy for part in parts])[vertices],
        None if z is None else z[vertices],
        taken,
        rows[order],
        np.concatenate([part.kinds for part in parts])[order],
        np.concatenate([part.holes for part in parts])[order],
    )


def said(rows: npt.NDArray[np.int64]) -> str:
    """Rows for a message: "row 3", "rows 3, 5 and 17", "rows 0, 1, 2 and 40 more"."""
    different = np.unique(rows).tolist()
    if len(different) == 1:
        return f"row {different[0]}"
    if len(different) <= 4:
        return f"rows {', '.join(map(str, different[:-1]))} and {different[-1]}"
    return f"rows {', '.join(map(str, different[:3]))} and {len(different) - 3} more"
