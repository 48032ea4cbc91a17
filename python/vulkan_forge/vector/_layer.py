"""What all layers have in common."""

from __future__ import annotations

import abc
import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from .._numbers import finite, shown
from .._vulkan_forge import InvalidInputError
from ._features import Features
from ._place import WORLD, in_world, round_the_world
from ._shapes import NAMES, Shapes, said

if TYPE_CHECKING:
    from ..geo._grid import Grid


class Setting(NamedTuple):
    """What a layer must know before it is drawn."""

    grid: Grid | None
    """Where the DEM lies; None of an array."""
    dpi: float
    """Pixels an inch."""
    height_unit_m: float = 1.0
    """Metres in one unit of the DEM's heights."""

    @property
    def key(self) -> Any:
        """Equal where a layer looks the same."""
        grid = self.grid
        if grid is None:
            return None, self.dpi, self.height_unit_m
        return (
            grid.crs,
            grid.corner,
            grid.cell,
            grid.shape,
            grid.spacing,
            self.dpi,
            self.height_unit_m,
        )


class Layer(abc.ABC):
    """Something to draw on the ground or in space: a value, checked when it is made.

    ``render(layers=[...])`` and ``Renderer.add`` take it; each may take the same one.
    """

    __slots__ = ("_features", "_made", "_words", "_zorder")

    _features: Features

    def __init__(self, words: dict[str, Any], zorder: Any) -> None:
        self._words = {
            name: value for name, value in words.items() if name not in ("self", "__class__")
        }
        self._zorder = finite(zorder, "zorder")
        self._made: tuple[Any, Any] | None = None

    @property
    def zorder(self) -> float:
        """Layers of greater order lie over others; of the same order, later ones."""
        return self._zorder

    def replaced(self, **changes: Any) -> Any:
        """The same with other words.

        Raises
        ------
        InvalidInputError
            A word that this kind of layer does not know, or a value that it refuses.
        """
        unknown = [word for word in changes if word not in self._words]
        if unknown:
            raise InvalidInputError(
                f"{type(self).__name__} knows the words {', '.join(self._words)}; got {unknown[0]!r}; "
                "pass one of these"
            )
        # What was read stays read: a stream gives its batches once, and a file may have changed.
        same = self._as_read()
        if same.keys() & changes.keys():
            same = {}
        new = type(self)(**(self._words | changes | same))
        new._words |= {word: self._words[word] for word in same}
        return new

    def _engine_layers(self, setting: Setting) -> Any:
        """What `_make` makes, kept for the next picture of the same DEM."""
        made = self._made  # which another thread may replace meanwhile
        if made is None or made[0] != setting.key:
            self._made = made = setting.key, self._make(setting)
        return made[1]

    def _as_read(self) -> dict[str, Any]:
        """The words that name the data, with what was read in its place."""
        read = {"data": self._features, "nodes": self._features, "offsets": None}
        return {word: value for word, value in read.items() if word in self._words}

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        # What was made for a DEM is made anew where it is wanted, and many a source cannot go along.
        names = [name for kind in type(self).__mro__ for name in getattr(kind, "__slots__", ())]
        state = {name: getattr(self, name) for name in names} | {"_made": None}
        if self._words.get("offsets") is None:
            state["_words"] = self._words | self._as_read()
        return None, state

    @abc.abstractmethod
    def _make(self, setting: Setting) -> Any:
        """What the engine draws in this setting: one part, or a list of them."""

    def __repr__(self) -> str:
        usual = inspect.signature(type(self)).parameters
        told = [
            f"{name}={shown(value)}"
            for name, value in self._words.items()
            if name not in ("data", "nodes", "edges") and not _same(value, usual[name].default)
        ]
        return f"<{' '.join([f'vulkan_forge.{type(self).__name__}', *told])}>"


def _same(value: Any, usual: Any) -> bool:
    """Whether it is the default, or one of the same type that equals it: arrays are none."""
    return value is usual or (type(value) is type(usual) and bool(value == usual))


def only(features: Features, kinds: tuple[int, ...], what: str) -> Features:
    """`features`, of which each piece is of one of `kinds`.

    Raises
    ------
    InvalidInputError
        One is of another kind; its row is named.
    """
    shapes = features.shapes
    wrong = ~(shapes.kinds[:, None] == list(kinds)).any(axis=1)
    if wrong.any():
        first = NAMES[shapes.kinds[wrong][0]]
        raise InvalidInputError(
            f"{what} expected {' or '.join(NAMES[kind] + 's' for kind in kinds)}; got a {first} in "
            f"{said(shapes.rows[wrong])}; select the rows, or use {_OTHER[first]}"
        )
    return features


_OTHER = {"point": "Points", "line": "Lines", "polygon": "Polygons"}


def placed(features: Features, crs: Any, setting: Setting, wide_m: float = 0.0) -> Shapes:
    """Its shapes in world metres; what is so wide may come onto the DEM from farther away."""
    shapes = in_world(features, crs, setting.grid, wide_m=wide_m)
    stated = features.crs if crs is None else crs
    named = isinstance(stated, str) and stated == WORLD
    return shapes if named else round_the_world(shapes, setting.grid)
