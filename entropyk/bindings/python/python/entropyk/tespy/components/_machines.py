"""Compressors, pumps and turbines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import entropyk as ek

from ._base import Component, drop

if TYPE_CHECKING:
    from .._plan import Plan


_MACHINE = {"P": "power", "pr": "ratio", "dp": "pressure_difference", "eta_s": "efficiency"}


class _Machine(Component):
    kind: Any = None

    def plan(self, plan: Plan) -> None:
        words = plan.keywords(self, {"P": "P", "pr": "pr", "eta_s": "eta_s"})
        self._ports(plan, plan.add(self, self.kind, words))

    def relate(self, plan: Plan) -> None:
        name, dp = plan.core[self], plan.value(self, "dp")
        if dp is not None:
            terms = {f"{plan.edge(self, 'in1')}.p": 1.0, f"{plan.edge(self, 'out1')}.p": -1.0}
            plan.relate(f"{name}.dp", ek.Sum, tuple(terms.items()), value=dp)
        if "eta_s_char" in self.chars and plan.active(self, "eta_s_char"):
            char = self.characteristics["eta_s_char"]
            over = plan.over(self, "eta_s_char", char.param)
            plan.line(f"{name}.eta_s_char", over, char.char_func)
            design = plan.design_value(self, "eta_s")
            plan.relate(f"{name}.eta_s", ek.Product, ((f"{name}.eta_s_char", 1.0),), design)
        power = self.at.get("power")
        if power is not None:
            sign = -1.0 if "power" in self.poweroutlets() else 1.0
            terms = {f"{name}.P": sign}
            plan.relate(f"{plan.core[power]}.E", ek.Sum, tuple(terms.items()))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        pr, dp, _ = drop(self.inl[0], self.outl[0])
        return {"P": solution[f"{name}.P"], "eta_s": solution[f"{name}.eta_s"], "pr": pr, "dp": dp}


class Compressor(_Machine):
    """Raises the pressure of a gas."""

    kind = ek.Compressor
    words: ClassVar[dict[str, str]] = _MACHINE
    chars: ClassVar[dict[str, tuple[str, str]]] = {"eta_s_char": ("Compressor", "m")}

    def powerinlets(self) -> list[str]:
        return ["power"]


class TurboCompressor(Compressor):
    """A compressor whose pressure ratio and efficiency follow maps, over corrected speed and flow.

    igva, the angle of guide vanes in degrees, shifts the maps (J. Kurzke, GasTurb 13 manual, 2018).
    """

    words: ClassVar[dict[str, str]] = _MACHINE | {"igva": "angle"}
    chars: ClassVar[dict[str, tuple[str, str]]] = {
        "char_map_pr": ("", "beta"),
        "char_map_eta_s": ("", "beta"),
    }
    fixed = frozenset(chars)
    groups: ClassVar[dict[str, tuple[str, ...]]] = {
        "char_map_pr_group": ("char_map_pr",),
        "char_map_eta_s_group": ("char_map_eta_s",),
    }

    def relate(self, plan: Plan) -> None:
        super().relate(plan)
        name, inlet = plan.core[self], plan.edge(self, "in1")
        mapped = {"char_map_pr": "pr", "char_map_eta_s": "eta_s"}
        wanted = {
            word: what
            for word, what in mapped.items()
            if plan.active(self, word) or (plan.offdesign and f"{word}_group" in self.offdesign)
        }
        if not wanted:
            return
        t, p, m = (plan.divisor(self.at["in1"], word) for word in "Tpm")
        speed, flow = f"{name}.corrected speed", f"{name}.corrected flow"
        plan.relate(speed, ek.Product, ((f"{inlet}.T", -0.5),), math.sqrt(t))
        terms = ((f"{inlet}.m", 1.0), (f"{inlet}.p", -1.0), (speed, -1.0))
        angle = plan.value(self, "igva") or 0.0
        if not abs(angle) < 90.0:
            raise ek.ValidationError(f"{self.label}: expected igva within 90 degrees, got {angle}")
        plan.relate(flow, ek.Product, terms, p / m / (1.0 - angle / 100.0))
        shifts = {"pr": 1.0 - angle / 100.0, "eta_s": 1.0 - (angle / 100.0) ** 2}
        for word, what in wanted.items():
            plan.line(f"{name}.{word}", speed, self.characteristics[word].char_func, flow)
            factor = plan.design_value(self, what) * shifts[what]
            plan.relate(f"{name}.{what}", ek.Product, ((f"{name}.{word}", 1.0),), factor)


class Pump(_Machine):
    """Raises the pressure of a liquid."""

    kind = ek.Pump
    words: ClassVar[dict[str, str]] = _MACHINE
    chars: ClassVar[dict[str, tuple[str, str]]] = {
        "eta_s_char": ("Pump", "v"),
        "flow_char": ("", "v"),
    }
    fixed = frozenset({"flow_char"})

    def powerinlets(self) -> list[str]:
        return ["power"]

    def relate(self, plan: Plan) -> None:
        super().relate(plan)
        if plan.active(self, "flow_char"):
            # pressure rise over volume flow, both as they are
            name, char = plan.core[self], self.characteristics["flow_char"]
            into, out = plan.edge(self, "in1"), plan.edge(self, "out1")
            plan.line(f"{name}.rise", f"{into}.v", char.char_func)
            terms = ((f"{into}.p", 1.0), (f"{name}.rise", 1.0))
            plan.relate(f"{out}.p", ek.Sum, terms)


class Turbine(_Machine):
    """Lowers the pressure of a gas, and gives work up: P is below 0."""

    kind = ek.Turbine
    words: ClassVar[dict[str, str]] = _MACHINE
    chars: ClassVar[dict[str, tuple[str, str]]] = {"eta_s_char": ("Turbine", "m")}

    def poweroutlets(self) -> list[str]:
        return ["power"]
