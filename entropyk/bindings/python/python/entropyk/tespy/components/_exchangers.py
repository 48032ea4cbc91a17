"""Heat exchangers of two streams."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import entropyk as ek

from ._base import Component, drop, state

if TYPE_CHECKING:
    from .._plan import Plan


class HeatExchanger(Component):
    """Heat from its first stream to its second in counter-flow; UA is by one logarithmic mean."""

    words: ClassVar[dict[str, str]] = {
        "Q": "heat",
        "UA": "heat_transfer_coefficient",
        "ttd_u": "temperature_difference",
        "ttd_l": "temperature_difference",
        "ttd_min": "temperature_difference",
        **{
            f"{word}{i}": q
            for i in (1, 2)
            for word, q in (("pr", "ratio"), ("dp", "pressure_difference"))
        },
        "zeta1_d4": "friction",
        "zeta2_d4": "friction",
    }
    found: ClassVar[dict[str, str]] = {"lmtd": "temperature_difference"}
    chars: ClassVar[dict[str, tuple[str, str]]] = {
        "UA_char1": ("HeatExchanger", "m"),
        "UA_char2": ("HeatExchanger", "m"),
    }
    groups: ClassVar[dict[str, tuple[str, ...]]] = {"UA_char": ("UA_char1", "UA_char2")}
    aliases: ClassVar[dict[str, str]] = {
        "zeta1": "zeta1_d4",
        "zeta2": "zeta2_d4",
        "kA": "UA",
        "kA_char": "UA_char",
        "kA_char1": "UA_char1",
        "kA_char2": "UA_char2",
        "td_log": "lmtd",
    }
    # the keyword for UA, and for the upper temperature difference if it is one here
    conductance = "ka"

    def inlets(self) -> list[str]:
        return ["in1", "in2"]

    def outlets(self) -> list[str]:
        return ["out1", "out2"]

    def _words(self, plan: Plan) -> dict[str, float]:
        first = {"Q": "Q", "UA": self.conductance, "ttd_u": "ttd_u", "ttd_l": "ttd_l"}
        drops = {"pr1": "pr", "dp1": "dp", "zeta1_d4": "zeta"}
        second = {"pr2": "pr_secondary", "dp2": "dp_secondary", "zeta2_d4": "zeta_secondary"}
        return plan.keywords(self, first | drops | second)

    def plan(self, plan: Plan) -> None:
        self._add(plan, ek.Economizer, self._words(plan))

    def _add(self, plan: Plan, kind: Any, words: dict[str, float], *more: Any) -> None:
        name = plan.add(self, kind, words, *more)
        self._ports(plan, name)
        # spoken of, so that it is found
        plan.relate(f"{name}.UA", ek.Sum, ((f"{name}.{self.conductance}", 1.0),))

    def _part_load(self, plan: Plan) -> None:
        name, lines = plan.core[self], ("UA_char1", "UA_char2")
        listed = {"UA_char", *lines} & set(self.offdesign)
        # lines that are only listed for off-design are no equation of the design
        if (listed and not plan.offdesign) or (plan.offdesign and "UA_char" in self.design):
            return
        held = [word for word in lines if "UA_char" in listed or plan.active(self, word)]
        if not held:
            return
        if len(held) == 1:
            raise ek.ValidationError(
                f"{self.label}: UA follows both lines, UA_char1 and UA_char2; got only {held[0]}"
            )
        for i in (1, 2):
            char = self.characteristics[f"UA_char{i}"]
            over = plan.over(self, f"UA_char{i}", char.param, f"in{i}", f"out{i}")
            plan.line(f"{name}.f{i}", over, char.char_func)
            plan.relate(f"{name}.inverse{i}", ek.Product, ((f"{name}.f{i}", -1.0),), 1.0)
        terms = tuple((f"{name}.inverse{i}", 1.0) for i in (1, 2))
        plan.relate(f"{name}.sum", ek.Sum, terms)
        design = plan.design_value(self, "UA")
        plan.relate(
            f"{name}.{self.conductance}", ek.Product, ((f"{name}.sum", -1.0),), 2.0 * design
        )

    def relate(self, plan: Plan) -> None:
        name = plan.core[self]
        self._part_load(plan)
        least = plan.value(self, "ttd_min")
        if least is not None:
            of = [f"{name}.ttd_u", f"{name}.ttd_l"]
            plan.own(f"{name}.ttd_min", least)
            plan.call(f"{name}: ttd_min", [*of, f"{name}.ttd_min"], _least)

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        (m, _, h1, t1, _), (_, _, h2, t2, _) = state(self.inl[0]), state(self.outl[0])
        t3, t4 = state(self.inl[1])[3], state(self.outl[1])[3]
        found = {"Q": m * (h2 - h1), "ttd_u": t1 - t4, "ttd_l": t2 - t3}
        found["ttd_min"] = min(t1 - t4, t2 - t3)
        found["UA"] = solution[f"{name}.{self.conductance}"]
        found["lmtd"] = -found["Q"] / found["UA"] if found["UA"] else math.nan
        for i in (0, 1):
            words = (f"pr{i + 1}", f"dp{i + 1}", f"zeta{i + 1}_d4")
            found |= dict(zip(words, drop(self.inl[i], self.outl[i]), strict=True))
        return found


def _least(upper: float, lower: float, least: float) -> float:
    return min(upper, lower) - least


class MovingBoundaryHeatExchanger(HeatExchanger):
    """A heat exchanger whose UA is counted zone by zone, cut where a stream begins to boil or condense."""

    words: ClassVar[dict[str, str]] = HeatExchanger.words | {
        "td_pinch": "temperature_difference",
        "alpha_ratio": "ratio",
        "area_ratio": "ratio",
        "re_exp_r": "ratio",
        "re_exp_sf": "ratio",
        "re_exp_hot": "ratio",
        "re_exp_cold": "ratio",
    }
    groups: ClassVar[dict[str, tuple[str, ...]]] = HeatExchanger.groups | {
        "UA_cecchinato": (),
        "UA_cecchinato_hc": (),
    }
    conductance = "ua"

    def __init__(self, label: str, **words: Any) -> None:
        self.refrigerant_index: int | None = None
        super().__init__(label, **words)

    def known(self) -> list[str]:
        return [*super().known(), "refrigerant_index"]

    def _set(self, word: str, value: Any) -> None:
        if word == "refrigerant_index":
            if value not in (0, 1, None):
                raise ek.ValidationError(
                    f"{self.label}: expected refrigerant_index 0 or 1, got {value!r}"
                )
            self.refrigerant_index = value
        elif word in ("UA_cecchinato", "UA_cecchinato_hc"):
            raise ek.ValidationError(
                f"{self.label}: {word} is for lists of offdesign; put it there"
            )
        else:
            super()._set(word, value)

    def _words(self, plan: Plan) -> dict[str, float]:
        return super()._words(plan) | plan.keywords(self, {"td_pinch": "pinch"})

    def relate(self, plan: Plan) -> None:
        super().relate(plan)
        listed = self.offdesign if plan.offdesign else []
        if "UA_cecchinato" in listed:
            exponents = ["re_exp_r", "re_exp_sf"]
            if self.refrigerant_index is None:
                raise ek.ValidationError(
                    f"{self.label}: UA_cecchinato needs refrigerant_index, 0 or 1"
                )
            self._cecchinato(
                plan, exponents[:: -1 if self.refrigerant_index else 1], self.refrigerant_index
            )
        elif "UA_cecchinato_hc" in listed:
            self._cecchinato(plan, ["re_exp_hot", "re_exp_cold"], 0)

    def _cecchinato(self, plan: Plan, exponents: list[str], first: int) -> None:
        """L. Cecchinato, Energy Conversion and Management 51 (2010): both sides' coefficients go with powers of flow."""
        name = plan.core[self]
        ratio = 1.0
        for word in ("alpha_ratio", "area_ratio"):
            ratio *= self._said(plan, word)
        terms = []
        # the refrigerant's side (or the hot one) is weighted with the ratio
        for i, (word, weight) in enumerate(zip(exponents, (ratio, 1.0), strict=True)):
            side = abs(first - i)
            over = plan.over(self, f"side {side + 1}", "m", f"in{side + 1}")
            inverse = f"{name}.resistance{side + 1}"
            plan.relate(inverse, ek.Product, ((over, -self._said(plan, word)),), weight)
            terms.append((inverse, 1.0))
        plan.relate(f"{name}.sum", ek.Sum, tuple(terms))
        design = plan.design_value(self, "UA")
        plan.relate(f"{name}.ua", ek.Product, ((f"{name}.sum", -1.0),), (1.0 + ratio) * design)

    def _said(self, plan: Plan, word: str) -> float:
        parameter = self.parameters[word]
        if not parameter.is_set:
            raise ek.ValidationError(f"{self.label}: UA_cecchinato needs {word}")
        return plan.units.to_si(parameter.quantity, parameter.given)

    def _add(self, plan: Plan, kind: Any, words: dict[str, float], *more: Any) -> None:
        super()._add(plan, kind, words, *more)
        plan.relate(f"{plan.core[self]}.td_pinch", ek.Sum, ((f"{plan.core[self]}.pinch", 1.0),))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        return super().results(solution, name) | {"td_pinch": solution[f"{name}.pinch"]}


class Condenser(HeatExchanger):
    """Condenses its first stream to boiling liquid, unless subcooling is True; UA and ttd_u are from its dew temperature."""

    chars: ClassVar[dict[str, tuple[str, str]]] = {
        "UA_char1": ("Condenser", "m"),
        "UA_char2": ("Condenser", "m"),
    }
    flags: ClassVar[dict[str, bool]] = {"subcooling": False}

    def plan(self, plan: Plan) -> None:
        words = {word: value for word, value in self._words(plan).items() if word != "ttd_u"}
        self._add(plan, ek.Condenser, words, ("secondary", True))

    def relate(self, plan: Plan) -> None:
        super().relate(plan)
        name = plan.core[self]
        upper = plan.value(self, "ttd_u")
        if upper is not None:
            terms = {f"{plan.edge(self, 'in1')}.T_dew": 1.0, f"{plan.edge(self, 'out2')}.T": -1.0}
            plan.relate(f"{name}.above dew", ek.Sum, tuple(terms.items()), value=upper)
        if not self.switches["subcooling"]:
            liquid = plan.edge(self, "out1")
            if f"{liquid}.x" not in plan.values:
                plan.own(f"{name}.boiling", 0.0)
                plan.relate(f"{liquid}.x", ek.Sum, ((f"{name}.boiling", 1.0),))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        found = super().results(solution, name)
        upper = self.inl[0].parameters["T_dew"].val_SI - state(self.outl[1])[3]
        return found | {"ttd_u": upper}


class Desuperheater(HeatExchanger):
    """Cools its first stream to saturated vapour."""

    chars: ClassVar[dict[str, tuple[str, str]]] = {
        "UA_char1": ("Desuperheater", "m"),
        "UA_char2": ("Desuperheater", "m"),
    }

    def relate(self, plan: Plan) -> None:
        super().relate(plan)
        name, vapour = plan.core[self], plan.edge(self, "out1")
        plan.own(f"{name}.saturated", 1.0)
        plan.relate(f"{vapour}.x", ek.Sum, ((f"{name}.saturated", 1.0),))
