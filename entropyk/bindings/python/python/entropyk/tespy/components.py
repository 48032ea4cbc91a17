"""tespy's components: their parameters, and what each is here."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import entropyk as ek

from ._parts import Part
from .connections import Connection

if TYPE_CHECKING:
    from ._plan import Plan

__all__ = [
    "Component",
    "Compressor",
    "Condenser",
    "CycleCloser",
    "Desuperheater",
    "DropletSeparator",
    "Drum",
    "Generator",
    "HeatBus",
    "HeatExchanger",
    "HeatSink",
    "HeatSource",
    "Merge",
    "Motor",
    "MovingBoundaryHeatExchanger",
    "Pipe",
    "PowerBus",
    "PowerSink",
    "PowerSource",
    "Pump",
    "SimpleHeatExchanger",
    "Sink",
    "Source",
    "Splitter",
    "TurboCompressor",
    "Turbine",
    "Valve",
]

_MACHINE = {"P": "power", "pr": "ratio", "dp": "pressure_difference", "eta_s": "efficiency"}
_DROP = {"pr": "ratio", "dp": "pressure_difference", "zeta_d4": "friction"}


class Component(Part, ABC):
    """What all components are. `at` has the connections of its ports, once a network has them."""

    def __init__(self, label: str, **words: Any) -> None:
        super().__init__(label)
        self.set_attr(**words)

    def inlets(self) -> list[str]:
        return ["in1"]

    def outlets(self) -> list[str]:
        return ["out1"]

    def powerinlets(self) -> list[str]:
        return []

    def poweroutlets(self) -> list[str]:
        return []

    def heatinlets(self) -> list[str]:
        return []

    def heatoutlets(self) -> list[str]:
        return []

    @property
    def inl(self) -> list[Connection]:
        return [self.at[port] for port in self.inlets() if port in self.at]

    @property
    def outl(self) -> list[Connection]:
        return [self.at[port] for port in self.outlets() if port in self.at]

    @abstractmethod
    def plan(self, plan: Plan) -> None:
        """Adds what the component is, and says where its ports are."""

    def relate(self, plan: Plan) -> None:
        """Adds what holds between its connections, whose names are known by now."""

    def collect(self, plan: Plan, solution: ek.Solution) -> None:
        """Takes over what was found."""
        for word, value in self.results(solution, plan.core[self]).items():
            plan.store(self, word, value)

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        """What was found, in SI units."""
        return {}

    def _ports(self, plan: Plan, name: str) -> None:
        for i, port in enumerate(self.inlets()):
            plan.ports[self, port] = (name, i)
        for i, port in enumerate(self.outlets()):
            plan.ports[self, port] = (name, i)


def _state(connection: Connection) -> tuple[float, float, float, float, float]:
    """Mass flow, pressure, enthalpy, temperature and specific volume, as found."""
    p = connection.parameters
    m, pressure, h, t, v = (p[word].val_SI for word in ("m", "p", "h", "T", "vol"))
    return m, pressure, h, t, v


def _drop(a: Connection, b: Connection) -> tuple[float, float, float]:
    """Pressure ratio, drop, and friction coefficient between two connections."""
    m, p1, _, _, v1 = _state(a)
    _, p2, _, _, v2 = _state(b)
    dynamic = 8.0 * m * abs(m) * 0.5 * (v1 + v2) / math.pi**2
    return p2 / p1, p1 - p2, (p1 - p2) / dynamic if dynamic else math.nan


def _mean(a: float, b: float) -> float:
    """The logarithmic mean of two temperature differences, where there is one."""
    if a * b <= 0:
        return math.nan
    return a if math.isclose(a, b, rel_tol=1e-9) else (a - b) / math.log(a / b)


class Source(Component):
    """Where a fluid comes from."""

    def inlets(self) -> list[str]:
        return []

    def plan(self, plan: Plan) -> None:
        self._ports(plan, plan.add(self, ek.FlowSource))


class Sink(Component):
    """Where a fluid goes to."""

    def outlets(self) -> list[str]:
        return []

    def plan(self, plan: Plan) -> None:
        self._ports(plan, plan.add(self, ek.FlowSink))


class CycleCloser(Component):
    """Where a cycle is thought to begin; both its connections are one here."""

    def plan(self, plan: Plan) -> None:
        """Nothing: the network joins its connections."""


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
            plan.relate(
                f"{name}.eta_s", ek.Product, ((f"{name}.eta_s_char", 1.0),), design
            )
        power = self.at.get("power")
        if power is not None:
            sign = -1.0 if "power" in self.poweroutlets() else 1.0
            terms = {f"{name}.P": sign}
            plan.relate(f"{plan.core[power]}.E", ek.Sum, tuple(terms.items()))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        pr, dp, _ = _drop(self.inl[0], self.outl[0])
        return {"P": solution[f"{name}.P"], "eta_s": solution[f"{name}.eta_s"], "pr": pr, "dp": dp}


class Compressor(_Machine):
    """Raises the pressure of a gas."""

    kind = ek.Compressor
    words = _MACHINE
    chars = {"eta_s_char": ("Compressor", "m")}

    def powerinlets(self) -> list[str]:
        return ["power"]


class TurboCompressor(Compressor):
    """A compressor whose pressure ratio and efficiency follow maps, over corrected speed and flow.

    igva, the angle of guide vanes in degrees, shifts the maps (J. Kurzke, GasTurb 13 manual, 2018).
    """

    words = _MACHINE | {"igva": "angle"}
    chars = {"char_map_pr": ("", "beta"), "char_map_eta_s": ("", "beta")}
    groups = {"char_map_pr_group": ("char_map_pr",), "char_map_eta_s_group": ("char_map_eta_s",)}

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
        t, p, m = (plan.design_value(self.at["in1"], word) for word in "Tpm")
        speed, flow = f"{name}.corrected speed", f"{name}.corrected flow"
        plan.relate(speed, ek.Product, ((f"{inlet}.T", -0.5),), math.sqrt(t))
        terms = ((f"{inlet}.m", 1.0), (f"{inlet}.p", -1.0), (speed, -1.0))
        angle = plan.value(self, "igva") or 0.0
        plan.relate(flow, ek.Product, terms, p / m / (1.0 - angle / 100.0))
        shifts = {"pr": 1.0 - angle / 100.0, "eta_s": 1.0 - (angle / 100.0) ** 2}
        for word, what in wanted.items():
            plan.line(f"{name}.{word}", speed, self.characteristics[word].char_func, flow)
            factor = plan.design_value(self, what) * shifts[what]
            plan.relate(f"{name}.{what}", ek.Product, ((f"{name}.{word}", 1.0),), factor)


class Pump(_Machine):
    """Raises the pressure of a liquid."""

    kind = ek.Pump
    words = _MACHINE
    chars = {"eta_s_char": ("Pump", "v"), "flow_char": ("", "v")}

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
    words = _MACHINE
    chars = {"eta_s_char": ("Turbine", "m")}

    def poweroutlets(self) -> list[str]:
        return ["power"]


class Valve(Component):
    """Lowers pressure at constant enthalpy."""

    words = _DROP
    aliases = {"zeta": "zeta_d4"}

    def plan(self, plan: Plan) -> None:
        words = plan.keywords(self, {"pr": "pr", "dp": "dp", "zeta_d4": "zeta"})
        self._ports(plan, plan.add(self, ek.ExpansionValve, words))

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        return dict(zip(("pr", "dp", "zeta_d4"), _drop(self.inl[0], self.outl[0]), strict=True))


class SimpleHeatExchanger(Component):
    """Heat to or from anywhere: Q, taken up; or UA and Tamb, from surroundings."""

    words = _DROP | {"Q": "heat", "UA": "heat_transfer_coefficient", "Tamb": "temperature"}
    chars = {"UA_char": ("SimpleHeatExchanger", "m")}
    aliases = {"zeta": "zeta_d4", "kA": "UA", "kA_char": "UA_char", "UA_char_group": "UA_char"}
    variable = frozenset({"UA"})

    def heatoutlets(self) -> list[str]:
        return ["heat"]

    def heatinlets(self) -> list[str]:
        return ["heat"]

    def plan(self, plan: Plan) -> None:
        words = plan.keywords(self, {"Q": "Q", "pr": "pr", "dp": "dp", "zeta_d4": "zeta"})
        ambient = self.parameters["UA"].is_var or plan.active(self, "UA") or plan.active(self, "UA_char")
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
        m, _, h1, t1, _ = _state(self.inl[0])
        _, _, h2, t2, _ = _state(self.outl[0])
        found = dict(zip(("pr", "dp", "zeta_d4"), _drop(self.inl[0], self.outl[0]), strict=True))
        found["Q"] = m * (h2 - h1)
        ambient = self.parameters["Tamb"].val_SI
        found["UA"] = -found["Q"] / _mean(t1 - ambient, t2 - ambient)
        return found

    def collect(self, plan: Plan, solution: ek.Solution) -> None:
        ambient = plan.value(self, "Tamb")
        self.parameters["Tamb"].val_SI = math.nan if ambient is None else ambient
        super().collect(plan, solution)


class Pipe(SimpleHeatExchanger):
    """A pipe, with what a SimpleHeatExchanger has."""

    chars = {"UA_char": ("Pipe", "m")}


class HeatExchanger(Component):
    """Heat from its first stream to its second in counter-flow; UA is by one logarithmic mean."""

    words = {
        "Q": "heat",
        "UA": "heat_transfer_coefficient",
        "ttd_u": "temperature_difference",
        "ttd_l": "temperature_difference",
        "ttd_min": "temperature_difference",
        **{f"{word}{i}": q for i in (1, 2) for word, q in (("pr", "ratio"), ("dp", "pressure_difference"))},
        "zeta1_d4": "friction",
        "zeta2_d4": "friction",
    }
    found = {"lmtd": "temperature_difference"}
    chars = {"UA_char1": ("HeatExchanger", "m"), "UA_char2": ("HeatExchanger", "m")}
    groups = {"UA_char": ("UA_char1", "UA_char2")}
    aliases = {
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
        name = plan.core[self]
        lines = all(self.characteristics[f"UA_char{i}"].is_set for i in (1, 2))
        # lines that are only listed for off-design are no equation of the design
        if "UA_char" in self.offdesign and not plan.offdesign:
            return
        if "UA_char" not in self.offdesign and not lines:
            return
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
        (m, _, h1, t1, _), (_, _, h2, t2, _) = _state(self.inl[0]), _state(self.outl[0])
        t3, t4 = _state(self.inl[1])[3], _state(self.outl[1])[3]
        found = {"Q": m * (h2 - h1), "ttd_u": t1 - t4, "ttd_l": t2 - t3}
        found["ttd_min"] = min(t1 - t4, t2 - t3)
        found["UA"] = solution[f"{name}.{self.conductance}"]
        found["lmtd"] = -found["Q"] / found["UA"]
        for i in (0, 1):
            words = (f"pr{i + 1}", f"dp{i + 1}", f"zeta{i + 1}_d4")
            found |= dict(zip(words, _drop(self.inl[i], self.outl[i]), strict=True))
        return found


def _least(upper: float, lower: float, least: float) -> float:
    return min(upper, lower) - least


class MovingBoundaryHeatExchanger(HeatExchanger):
    """A heat exchanger whose UA is counted zone by zone, cut where a stream begins to boil or condense."""

    words = HeatExchanger.words | {
        "td_pinch": "temperature_difference",
        "alpha_ratio": "ratio",
        "area_ratio": "ratio",
        "re_exp_r": "ratio",
        "re_exp_sf": "ratio",
        "re_exp_hot": "ratio",
        "re_exp_cold": "ratio",
    }
    groups = HeatExchanger.groups | {"UA_cecchinato": (), "UA_cecchinato_hc": ()}
    conductance = "ua"

    def __init__(self, label: str, **words: Any) -> None:
        self.refrigerant_index: int | None = None
        super().__init__(label, **words)

    def known(self) -> list[str]:
        return [*super().known(), "refrigerant_index"]

    def _set(self, word: str, value: Any) -> None:
        if word == "refrigerant_index":
            if value not in (0, 1, None):
                raise ek.ValidationError(f"{self.label}: expected refrigerant_index 0 or 1, got {value!r}")
            self.refrigerant_index = value
        elif word in ("UA_cecchinato", "UA_cecchinato_hc"):
            raise ek.ValidationError(f"{self.label}: {word} is for lists of offdesign; put it there")
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
                raise ek.ValidationError(f"{self.label}: UA_cecchinato needs refrigerant_index, 0 or 1")
            self._cecchinato(plan, exponents[:: -1 if self.refrigerant_index else 1], self.refrigerant_index)
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

    chars = {"UA_char1": ("Condenser", "m"), "UA_char2": ("Condenser", "m")}
    flags = {"subcooling": False}

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
        upper = self.inl[0].parameters["T_dew"].val_SI - _state(self.outl[1])[3]
        return found | {"ttd_u": upper}


class Desuperheater(HeatExchanger):
    """Cools its first stream to saturated vapour."""

    chars = {"UA_char1": ("Desuperheater", "m"), "UA_char2": ("Desuperheater", "m")}

    def relate(self, plan: Plan) -> None:
        super().relate(plan)
        name, vapour = plan.core[self], plan.edge(self, "out1")
        plan.own(f"{name}.saturated", 1.0)
        plan.relate(f"{vapour}.x", ek.Sum, ((f"{name}.saturated", 1.0),))


class _Junction(Component):
    many = "num_out"

    def __init__(self, label: str, **words: Any) -> None:
        self.branches = 2
        super().__init__(label, **words)

    def known(self) -> list[str]:
        return [*super().known(), self.many]

    def _set(self, word: str, value: Any) -> None:
        if word == self.many:
            if not isinstance(value, int) or not 2 <= value <= 5:
                raise ek.ValidationError(f"{self.label}: expected {word} from 2 to 5, got {value!r}")
            self.branches = value
        else:
            super()._set(word, value)


class Splitter(_Junction):
    """One stream becomes several."""

    def outlets(self) -> list[str]:
        return [f"out{i + 1}" for i in range(self.branches)]

    def plan(self, plan: Plan) -> None:
        self._ports(plan, plan.add(self, ek.FlowSplitter, None, self.branches))


class Merge(_Junction):
    """Several streams become one."""

    many = "num_in"

    def inlets(self) -> list[str]:
        return [f"in{i + 1}" for i in range(self.branches)]

    def plan(self, plan: Plan) -> None:
        self._ports(plan, plan.add(self, ek.FlowMerger, None, self.branches))


class DropletSeparator(Component):
    """Parts a stream: liquid leaves by out1, vapour by out2."""

    def outlets(self) -> list[str]:
        return ["out1", "out2"]

    def plan(self, plan: Plan) -> None:
        name = plan.add(self, ek.FlashEconomizer)
        plan.ports[self, "in1"] = (name, 0)
        plan.ports[self, "out1"], plan.ports[self, "out2"] = (name, 1), (name, 0)


class Drum(DropletSeparator):
    """Parts two streams that meet: liquid leaves by out1, vapour by out2."""

    def inlets(self) -> list[str]:
        return ["in1", "in2"]

    def plan(self, plan: Plan) -> None:
        super().plan(plan)
        name = plan.add(self, ek.FlowMerger, None, 2, name=" inlet")
        plan.ports[self, "in1"], plan.ports[self, "in2"] = (name, 0), (name, 1)
        inside = f"{plan.core[self]} inside"
        plan.edges.append(((name, 0), (plan.core[self], 0), inside, None, ()))


class _Energy(Component):
    """A component that only power or heat goes through."""

    def inlets(self) -> list[str]:
        return []

    def outlets(self) -> list[str]:
        return []

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
            if not isinstance(value, int) or not 1 <= value <= 10:
                raise ek.ValidationError(f"{self.label}: expected {word} from 1 to 10, got {value!r}")
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

    words = {"eta": "efficiency"}
    found = {"delta_power": "power"}
    chars = {"eta_char": ("", "E")}

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
            design = plan.design_value(self.at["power_out"], "E")
            plan.relate(over, ek.Sum, ((out, 1.0 / design),))
            plan.line(f"{name}.eta_char", over, self.characteristics["eta_char"].char_func)
            rated = plan.design_value(self, "eta")
            plan.relate(f"{name}.eta", ek.Product, ((f"{name}.eta_char", 1.0),), rated)

    def results(self, solution: ek.Solution, name: str) -> dict[str, float]:
        into, out = (self.at[port].parameters["E"].val_SI for port in ("power_in", "power_out"))
        return {"eta": solution[f"{name}.eta"], "delta_power": into - out}


class Generator(Motor):
    """Gives the share eta of the power that it takes."""
