"""Words of layers whose things stand or hang over the ground."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._numbers import shown
from .._vulkan_forge import InvalidInputError, SpaceLayer, Symbol
from ._columns import Rgba, choice, numbers
from ._features import Features
from ._layer import Setting, placed
from ._shapes import Shapes, said
from ._sizes import Lengths

LEVELS = ("ground", "relative", "absolute")
"""What the Z of coordinates is: nothing, a height over the ground (beneath it if below 0), or one of the DEM's."""


class Heights(NamedTuple):
    """Where the vertices of a layer are."""

    z: str
    """One of `LEVELS`."""
    over: npt.NDArray[np.float64]
    """(1,) or one for each row: added to that; of either sign, but for "ground"."""


def heights(features: Features, height: Any, z: Any) -> Heights | None:
    """Of ``height=`` and ``z=``; None for a layer that lies on the ground.

    Raises
    ------
    InvalidInputError
        A height is no finite number or, with ``z="ground"``, below 0, in a row that is named; or `features` have no Z that is asked for.
    """
    z = choice(z, "z", LEVELS)
    if height is None and z == "ground":
        return None
    over = numbers(features, 0.0 if height is None else height, "height")
    if z == "ground":
        not_negative(over, "height")
        return Heights(z, over)
    shapes = features.shapes
    if shapes.z is None:
        raise InvalidInputError(
            f"z={z!r} needs coordinates with a Z; got data without; pass (N, 3) coordinates, or height= over the ground"
        )
    lost = ~np.isfinite(shapes.z)
    # A vertex that is none in x and y lifts the pen.
    lost &= np.isfinite(shapes.xy).all(axis=1)
    if lost.any():
        rows = np.repeat(shapes.rows, shapes.lengths)[lost]
        raise InvalidInputError(
            f"z={z!r} needs a finite Z in every vertex; got {shown(float(shapes.z[lost][0]))} in {said(rows)}; "
            "leave these rows out, or pass height= over the ground"
        )
    return Heights(z, over)


def not_negative(values: npt.NDArray[np.float64], word: str) -> npt.NDArray[np.float64]:
    """`values`, of which none is below 0.

    Raises
    ------
    InvalidInputError
        One is; its row is named.
    """
    wrong = np.flatnonzero(values < 0)
    if len(wrong):
        raise InvalidInputError(
            f"{word} must be at least 0; got {shown(float(values[wrong[0]]))} in {said(wrong)}; "
            "pass how far things rise over the ground"
        )
    return values


def only_ground(given: dict[str, bool]) -> None:
    """Words that lie on the ground, and whether each was used.

    Raises
    ------
    InvalidInputError
        One was.
    """
    for word, used in given.items():
        if used:
            raise InvalidInputError(
                f"{word} lies on the ground; got it with a height; leave {word} out, or draw it as a layer of its own"
            )


def tubes(
    features: Features,
    crs: Any,
    setting: Setting,
    where: Heights,
    colours: Rgba,
    widths: Lengths,
    shape: str | Symbol | None = None,
) -> SpaceLayer:
    """Lines as round tubes, points as balls or, with a `shape`, as that."""
    shapes = placed(features, crs, setting, widths.most_m)
    return SpaceLayer.tubes(
        shapes,
        lifted(shapes, where),
        "datum" if where.z == "absolute" else "ground",
        (colours, widths.amounts(setting.dpi), widths.unit),
        shape,
    )


def lifted(shapes: Shapes, where: Heights) -> npt.NDArray[np.float64]:
    """(N,): how high each vertex is, over the ground or, absolute, in the DEM's heights."""
    rows = np.repeat(shapes.rows, shapes.lengths)
    over = where.over[rows] if len(where.over) > 1 else np.full(len(rows), where.over[0])
    if where.z == "ground" or shapes.z is None:
        return over
    return np.ascontiguousarray(shapes.z + over, np.float64)
