"""Connections: of fluids, of power and of heat."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import entropyk as ek

from ._errors import unknown
from ._parts import Part, finite

if TYPE_CHECKING:
    from ._plan import Plan
    from .components import Component

__all__ = ["Connection", "HeatConnection", "PowerConnection", "Ref"]


class Ref:
    """A property that is `factor` times another connection's, plus `delta` in the network's unit."""

    def __init__(self, obj: Connection, factor: float, delta: float) -> None:
        if not isinstance(obj, Connection):
            raise ek.ValidationError(f"Ref: expected a Connection, got {obj!r}")
        self.obj = obj
        self.factor = finite("Ref", "factor", factor)
        self.delta = finite("Ref", "delta", delta)


class Fluid:
    """Which fluid flows: `val` as it was given, by name and share."""

    def __init__(self) -> None:
        self.val: dict[str, float] = {}
        self.is_set = False


class _Joint(Part):
    """What leads from an outlet of one component to an inlet of another."""

    side = ("outlets", "inlets")

    def __init__(
        self,
        source: Component,
        outlet_id: str,
        target: Component,
        inlet_id: str,
        label: str | None = None,
        **words: Any,
    ) -> None:
        for part, port, side in (
            (source, outlet_id, self.side[0]),
            (target, inlet_id, self.side[1]),
        ):
            ports = getattr(part, side, None)
            if ports is None:
                raise ek.ValidationError(
                    f"{type(self).__name__}: expected a component, got {part!r}"
                )
            if port not in ports():
                raise ek.TopologyError(
                    f"{part.label}: {port!r} is not one of its {side}; those are {', '.join(ports()) or 'none'}"
                )
        if source is target:
            raise ek.TopologyError(f"{source.label}: a component cannot be connected with itself")
        self.source, self.source_id = source, outlet_id
        self.target, self.target_id = target, inlet_id
        super().__init__(label or f"{source.label}:{outlet_id}_{target.label}:{inlet_id}")
        self.set_attr(**words)


class Connection(_Joint):
    """A stream of a fluid between two components."""

    words: ClassVar[dict[str, str]] = {
        "m": "mass_flow",
        "p": "pressure",
        "h": "enthalpy",
        "T": "temperature",
        "x": "quality",
        "v": "volumetric_flow",
        "td_dew": "temperature_difference",
        "td_bubble": "temperature_difference",
        "T_dew": "temperature",
        "T_bubble": "temperature",
        "m0": "mass_flow",
        "p0": "pressure",
        "h0": "enthalpy",
        "T0": "temperature",
    }
    found: ClassVar[dict[str, str]] = {"s": "entropy", "vol": "specific_volume"}

    def __init__(
        self,
        source: Component,
        outlet_id: str,
        target: Component,
        inlet_id: str,
        label: str | None = None,
        **words: Any,
    ) -> None:
        self.fluid = Fluid()
        self.state: ek.State | None = None
        super().__init__(source, outlet_id, target, inlet_id, label, **words)

    def known(self) -> list[str]:
        return [*super().known(), "fluid", "Td_bp"]

    def _set(self, word: str, value: Any) -> None:
        if word == "fluid":
            self._set_fluid(value)
        elif isinstance(value, Ref):
            if word not in ("m", "p", "h", "T", "v"):
                raise unknown(f"{self.label}: Ref", word, ["m", "p", "h", "T", "v"])
            parameter = self.parameters[word]
            parameter.ref, parameter.is_set = value, False
        elif word == "Td_bp":
            # the difference to boiling, of older versions: of vapour above it, of liquids below
            number = None if value is None else finite(self.label, word, value)
            above = number is not None and number >= 0
            self._set("td_dew", number if above else None)
            self._set("td_bubble", None if above or number is None else -number)
        else:
            super()._set(word, value)

    def _set_fluid(self, value: Any) -> None:
        if value is None:
            self.fluid.val, self.fluid.is_set = {}, False
            return
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            raise ek.ValidationError(
                f"{self.label}: expected a fluid as {{name: share}}, got {value!r}"
            )
        shares = {name: finite(self.label, f"share of {name}", v) for name, v in value.items()}
        present = {name: share for name, share in shares.items() if share}
        if len(present) != 1 or abs(sum(present.values()) - 1) > 1e-9:
            raise ek.FluidError(
                f"{self.label}: expected one fluid of share 1, got {value!r}; mixtures are not covered here, but "
                "entropyk itself takes an object with state_ph(p, h) for one"
            )
        self.fluid.val, self.fluid.is_set = value, True

    def medium(self) -> str | None:
        """The fluid by the name that entropyk has for it."""
        if not self.fluid.is_set:
            return None
        name = next(name for name, share in self.fluid.val.items() if share)
        kind, _, rest = name.rpartition("::")
        if kind not in ("", "HEOS"):
            raise ek.FluidError(
                f"{self.label}: expected a fluid's name, or HEOS:: before it, got {name!r}"
            )
        return rest

    def plan(self, plan: Plan) -> tuple[str, ...]:
        """What is given, by the words of entropyk."""
        name = plan.edge_of[self]
        words = plan.keywords(
            self,
            {w: w for w in ("m", "p", "h", "T", "x", "v", "T_dew", "T_bubble")}
            | {"td_dew": "superheat", "td_bubble": "subcooling"},
        )
        for word, value in words.items():
            if f"{name}.{word}" in plan.values:
                raise ek.TopologyError(f"{self.label}: {word} is given twice; leave out one")
            plan.values[f"{name}.{word}"] = value
        for word in ("m", "p", "h", "T", "v"):
            ref = self.parameters[word].ref
            if ref is None or (plan.offdesign and word in self.design):
                continue
            if ref.obj not in plan.edge_of:
                raise ek.TopologyError(
                    f"{self.label}: {word} refers to {ref.obj.label}, which is not part of this network"
                )
            # a difference has the unit's factor, but not its origin
            quantity = self.words[word]
            delta = plan.units.to_si(quantity, ref.delta) - plan.units.to_si(quantity, 0.0)
            other = f"{plan.edge_of[ref.obj]}.{word}"
            terms: dict[str, float] = {other: ref.factor}
            if word == "T":
                # T = factor T' + delta holds in the network's unit
                zero = plan.units.to_si(quantity, 0.0)
                delta += zero * (1.0 - ref.factor)
            terms["one"] = delta
            plan.relate(f"{name}.{word}", ek.Sum, tuple(terms.items()))
        return tuple(words)

    def collect(self, plan: Plan, m: float, state: ek.State, fluid: ek.Fluid) -> None:
        """Takes over what was found."""
        self.state = state
        lines = [_line(fluid, state.p, x) for x in (0.0, 1.0)]
        h_boil, h_dew = (line.h if line else math.nan for line in lines)
        t_boil, t_dew = (line.T if line else math.nan for line in lines)
        found = {
            "m": m,
            "p": state.p,
            "h": state.h,
            "T": state.T,
            "v": m / state.rho,
            "vol": 1.0 / state.rho,
            "s": state.s,
            "x": min(max((state.h - h_boil) / (h_dew - h_boil or math.nan), 0.0), 1.0),
            "T_dew": t_dew,
            "T_bubble": t_boil,
            "td_dew": state.T - t_dew,
            "td_bubble": t_boil - state.T,
        }
        for word, value in found.items():
            plan.store(self, word, value)

    def calc_T(self) -> float:
        return self.parameters["T"].val_SI


def _line(fluid: ek.Fluid, p: float, x: float) -> ek.State | None:
    try:
        return fluid.state(p=p, x=x)
    except ek.FluidError:
        return None


class PowerConnection(_Joint):
    """Power from one component to another: `E`."""

    words: ClassVar[dict[str, str]] = {"E": "power"}
    side = ("poweroutlets", "powerinlets")


class HeatConnection(_Joint):
    """Heat from one component to another: `E`."""

    words: ClassVar[dict[str, str]] = {"E": "heat"}
    side = ("heatoutlets", "heatinlets")
