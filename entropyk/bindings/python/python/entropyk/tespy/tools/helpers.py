"""tespy's names for errors, and equations of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from entropyk import ComponentError as TESPyComponentError
from entropyk import TopologyError as TESPyNetworkError
from entropyk import ValidationError
from entropyk import ValidationError as TESPyConnectionError

__all__ = [
    "TESPyComponentError",
    "TESPyConnectionError",
    "TESPyNetworkError",
    "UserDefinedEquation",
]


class UserDefinedEquation:
    """An equation of one's own: `func(ude)` is zero for the values of `ude.conns` and `ude.comps`.

    dependents: those values, a function of the equation that lists them, as `lambda ude: [ude.conns[0].m, ...]`.
    """

    def __init__(
        self,
        label: str,
        func: Callable[[UserDefinedEquation], float],
        dependents: Callable[[UserDefinedEquation], Sequence[Any]],
        conns: Sequence[Any] = (),
        comps: Sequence[Any] = (),
        params: dict[str, Any] | None = None,
    ) -> None:
        if not (callable(func) and callable(dependents)):
            raise ValidationError(f"{label}: expected functions func(ude) and dependents(ude)")
        self.label, self.func, self.dependents = label, func, dependents
        self.conns, self.comps, self.params = list(conns), list(comps), dict(params or {})
