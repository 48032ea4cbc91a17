"""What a single stream passes: valves, pipes, heaters and coolers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import entropyk as ek

from ._base import Component, drop, mean, state

if TYPE_CHECKING:
    from .._plan import Plan


_DROP = {"pr": "ratio", "dp": "pressure_difference", "zeta_d4": "friction"}


class Valve(Component):
    """Lowers pressure at constant enthalpy."""

    words: ClassVar[dict[str, str]] = _DROP
    aliases: ClassVar[dict[str, str]] = {"zeta": "zeta_d4"}

    def plan(self, plan: Plan) -> None:
        words = plan.keywords(self, {"pr": "pr", "dp": "dp", "zeta_d4": "zeta"})
        self._ports(plan, plan.add(self, ek.ExpansionValve, words))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        return dict(zip(("pr", "dp", "zeta_d4"), drop(self.inl[0], self.outl[0]), strict=True))


class SimpleHeatExchanger(Component):
    """Heat to or from anywhere: Q, taken up; or UA and Tamb, from surroundings."""

    words: ClassVar[dict[str, str]] = _DROP | {
        "Q": "heat",
        "UA": "heat_transfer_coefficient",
        "Tamb": "temperature",
    }
    chars: ClassVar[dict[str, tuple[str, str]]] = {"UA_char": ("SimpleHeatExchanger", "m")}
    aliases: ClassVar[dict[str, str]] = {
        "zeta": "zeta_d4",
        "kA": "UA",
        "kA_char": "UA_char",
        "UA_char_group": "UA_char",
    }
    variable = frozenset({"UA"})

    def heatoutlets(self) -> list[str]:
        return ["heat"]

    def heatinlets(self) -> list[str]:
        return ["heat"]

    def plan(self, plan: Plan) -> None:
        words = plan.keywords(self, {"Q": "Q", "pr": "pr", "dp": "dp", "zeta_d4": "zeta"})
        ambient = (
            self.parameters["UA"].is_var or plan.active(self, "UA") or plan.active(self, "UA_char")
        )
        if ambient:
            words |= plan.keywords(self, {"UA": "ua", "Tamb": "T_ambient"})
        self._ports(plan, plan.add(self, ek.Pipe, words))

    def relate(self, plan: Plan) -> None:
        name = plan.core[self]
        if plan.active(self, "UA_char"):
            char = self.characteristics["UA_char"]
            over = plan.over(self, "UA_char", char.param)
            plan.line(f"{name}.UA_char", over, char.char_func)
            # a factor of 2 / (1 + 1 / f)
            plan.relate(f"{name}.inverse", ek.Product, ((f"{name}.UA_char", -1.0),), 1.0)
            plan.relate(f"{name}.sum", ek.Sum, (("one", 1.0), (f"{name}.inverse", 1.0)))
            design = plan.design_value(self, "UA")
            plan.relate(f"{name}.ua", ek.Product, ((f"{name}.sum", -1.0),), 2.0 * design)
        heat = self.at.get("heat")
        if heat is not None:
            sign = -1.0 if heat.source is self else 1.0
            plan.relate(f"{plan.core[heat]}.E", ek.Sum, ((f"{name}.Q", sign),))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        m, _, h1, t1, _ = state(self.inl[0])
        _, _, h2, t2, _ = state(self.outl[0])
        found = dict(zip(("pr", "dp", "zeta_d4"), drop(self.inl[0], self.outl[0]), strict=True))
        found["Q"] = m * (h2 - h1)
        ambient = self.parameters["Tamb"].val_SI
        found["UA"] = -found["Q"] / mean(t1 - ambient, t2 - ambient)
        return found

    def collect(self, plan: Plan, solution: ek.Solution) -> None:
        ambient = plan.value(self, "Tamb")
        self.parameters["Tamb"].val_SI = math.nan if ambient is None else ambient
        super().collect(plan, solution)


class Pipe(SimpleHeatExchanger):
    """A pipe, with what a SimpleHeatExchanger has."""

    chars: ClassVar[dict[str, tuple[str, str]]] = {"UA_char": ("Pipe", "m")}
