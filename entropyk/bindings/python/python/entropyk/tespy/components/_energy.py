"""What only power or heat goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import entropyk as ek

from ._base import Component

if TYPE_CHECKING:
    from .._plan import Plan


class _Energy(Component):
    """A component that only power or heat goes through."""

    def inlets(self) -> list[str]:
        return []

    def outlets(self) -> list[str]:
        return []

    def needed(self) -> list[str]:
        return [
            *self.powerinlets(),
            *self.poweroutlets(),
            *self.heatinlets(),
            *self.heatoutlets(),
        ]

    def plan(self, plan: Plan) -> None:
        """Nothing: relations say it all."""


class PowerSource(_Energy):
    """Where power comes from."""

    def poweroutlets(self) -> list[str]:
        return ["power"]


class PowerSink(_Energy):
    """Where power goes to."""

    def powerinlets(self) -> list[str]:
        return ["power"]


class HeatSource(_Energy):
    """Where heat comes from."""

    def heatoutlets(self) -> list[str]:
        return ["heat"]


class HeatSink(_Energy):
    """Where heat goes to."""

    def heatinlets(self) -> list[str]:
        return ["heat"]


class _Bus(_Energy):
    prefix = "power"

    def __init__(self, label: str, **words: Any) -> None:
        self.counts = {"num_in": 1, "num_out": 1}
        super().__init__(label, **words)

    def known(self) -> list[str]:
        return [*super().known(), *self.counts]

    def _set(self, word: str, value: Any) -> None:
        if word in self.counts:
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10:
                raise ek.ValidationError(
                    f"{self.label}: expected {word} from 1 to 10, got {value!r}"
                )
            self.counts[word] = value
        else:
            super()._set(word, value)

    def _entries(self) -> list[str]:
        return [f"{self.prefix}_in{i + 1}" for i in range(self.counts["num_in"])]

    def _exits(self) -> list[str]:
        return [f"{self.prefix}_out{i + 1}" for i in range(self.counts["num_out"])]

    def relate(self, plan: Plan) -> None:
        name = plan.core[self]
        terms = [(f"{plan.core[self.at[port]]}.E", 1.0) for port in self._entries()]
        terms += [(f"{plan.core[self.at[port]]}.E", -1.0) for port in self._exits()]
        plan.relate(f"{name}.balance", ek.Sum, tuple(terms), value=0.0)


class PowerBus(_Bus):
    """Power that comes in goes out."""

    def powerinlets(self) -> list[str]:
        return self._entries()

    def poweroutlets(self) -> list[str]:
        return self._exits()


class HeatBus(_Bus):
    """Heat that comes in goes out."""

    prefix = "heat"

    def heatinlets(self) -> list[str]:
        return self._entries()

    def heatoutlets(self) -> list[str]:
        return self._exits()


class Motor(_Energy):
    """Gives the share eta of the power that it takes."""

    words: ClassVar[dict[str, str]] = {"eta": "efficiency"}
    found: ClassVar[dict[str, str]] = {"delta_power": "power"}
    chars: ClassVar[dict[str, tuple[str, str]]] = {"eta_char": ("", "E")}
    fixed = frozenset({"eta_char"})

    def powerinlets(self) -> list[str]:
        return ["power_in"]

    def poweroutlets(self) -> list[str]:
        return ["power_out"]

    def relate(self, plan: Plan) -> None:
        name = plan.core[self]
        into, out = (f"{plan.core[self.at[port]]}.E" for port in ("power_in", "power_out"))
        plan.own(f"{name}.eta", plan.value(self, "eta"))
        plan.relate(out, ek.Product, ((into, 1.0), (f"{name}.eta", 1.0)), 1.0)
        if plan.active(self, "eta_char"):
            over = f"{name}.load"
            design = plan.divisor(self.at["power_out"], "E")
            plan.relate(over, ek.Sum, ((out, 1.0 / design),))
            plan.line(f"{name}.eta_char", over, self.characteristics["eta_char"].char_func)
            rated = plan.design_value(self, "eta")
            plan.relate(f"{name}.eta", ek.Product, ((f"{name}.eta_char", 1.0),), rated)

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        into, out = (self.at[port].parameters["E"].val_SI for port in ("power_in", "power_out"))
        return {"eta": solution[f"{name}.eta"], "delta_power": into - out}


class Generator(Motor):
    """Gives the share eta of the power that it takes."""
