"""Layers of a ``Renderer``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._layer import Layer
from ._lengths import check_dpi
from ._prepare import Prepared, listed, prepare

if TYPE_CHECKING:
    from .._renderer import Renderer
    from ..geo._grid import Grid


class Entry:
    """A layer of a session. It knows no renderer, so that nothing holds a device in a ring."""

    __slots__ = ("dpi", "layer")

    def __init__(self, layer: Layer, dpi: float) -> None:
        self.layer = layer
        self.dpi = dpi


class LayerHandle:
    """A layer that was added to a ``Renderer``: ``update`` changes its words, ``remove`` takes it away."""

    __slots__ = ("_entry", "_renderer")

    def __init__(self, renderer: Renderer, entry: Entry) -> None:
        self._renderer: Renderer | None = renderer
        self._entry = entry

    @property
    def layer(self) -> Any:
        """The layer as it is now."""
        return self._entry.layer

    def update(self, layer: Any = None, /, **changes: Any) -> None:
        """Put another layer in its place, or the same with other words: ``handle.update(color="red")``.

        Raises
        ------
        InvalidInputError
            It was removed, or a word is not one of the layer's; then nothing has changed.
        """
        if self._renderer is None:
            raise InvalidInputError(
                "update expected a layer of a renderer; got one that was removed; add it again with Renderer.add"
            )
        if layer is not None and changes:
            raise InvalidInputError(
                "update expected a layer or words; got both; pass the words when the layer is made"
            )
        new = self._entry.layer.replaced(**changes) if layer is None else _checked(layer)
        before, self._entry.layer = self._entry.layer, new
        try:
            _show(self._renderer)
        except BaseException:
            self._entry.layer = before
            raise

    def remove(self) -> None:
        """Take the layer away; a second time does nothing."""
        renderer, self._renderer = self._renderer, None
        if renderer is not None:
            entries = renderer._layers
            entries[:] = [entry for entry in entries if entry is not self._entry]
            _show(renderer)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "expected what can go to another process or be copied; got a LayerHandle, which belongs to a Renderer of this process; "
            "send its layer (handle.layer), and add it to a Renderer there"
        )

    def __repr__(self) -> str:
        return f"<vulkan_forge.LayerHandle of {self.layer!r}>"


def add(renderer: Renderer, layer: Any, dpi: Any) -> LayerHandle:
    """What ``Renderer.add`` does."""
    entry = Entry(_checked(layer), check_dpi(dpi))
    entries = renderer._layers
    entries.append(entry)
    try:
        _show(renderer)
    except BaseException:
        entries[:] = [other for other in entries if other is not entry]
        raise
    return LayerHandle(renderer, entry)


def put(renderer: Renderer, layers: Any, dpi: Any) -> None:
    """Draw these, None or a sequence of them, in place of those that were added."""
    dpi = check_dpi(dpi)
    renderer._layers[:] = [Entry(layer, dpi) for layer in listed(layers)]
    _show(renderer)


def _checked(layer: Any) -> Layer:
    if isinstance(layer, Layer):
        return layer
    raise InvalidInputError(
        f"expected a layer; got {shown(layer)}; make one, e.g. vf.Labels(data, text='name')"
    )


def _show(renderer: Renderer) -> None:
    show(renderer, prepared(renderer, renderer._geography, renderer._height_unit_m))


def prepared(renderer: Renderer, grid: Grid | None, unit: float) -> list[Prepared]:
    """What its layers are on a terrain that lies in `grid` and has heights in such a unit, in metres."""
    return [prepare([entry.layer], grid, entry.dpi, unit) for entry in renderer._layers]


def show(renderer: Renderer, prepared: list[Prepared]) -> None:
    """Tell the session what it is to draw."""
    renderer._set_ground_layers([layer for part in prepared for layer in part.ground])
    renderer._set("things", [layer for part in prepared for layer in part.things])
    renderer._set("labels", [layer for part in prepared for layer in part.labels])
