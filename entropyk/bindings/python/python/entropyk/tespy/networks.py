"""Networks: components and connections, solved in design or off-design."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import entropyk as ek

from . import _tables
from ._errors import unknown
from ._parts import Part, Value
from ._plan import Plan
from ._streams import check_fluids
from ._units import OLD, Units
from .components import Component, CycleCloser
from .connections import Connection, HeatConnection, PowerConnection
from .tools.helpers import UserDefinedEquation

__all__ = ["Network"]

_log = logging.getLogger("entropyk.tespy")
_State = dict[str, dict[str, dict[str, float]]]


class Network:
    """Components and connections. iterinfo: whether each solution logs how it went."""

    def __init__(self, *, iterinfo: bool = True, **old: Any) -> None:
        self.units = Units()
        self.iterinfo = True
        self.conns: dict[str, Connection | PowerConnection | HeatConnection] = {}
        self.user_defined_eq: dict[str, UserDefinedEquation] = {}
        self.status = 99
        self.iter = 0
        self.residual_history: list[float] = []
        self._system: ek.System | None = None
        self._shape: tuple[Any, ...] | None = None
        self._values: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self.set_attr(iterinfo=iterinfo, **old)

    def set_attr(self, **words: Any) -> None:
        """iterinfo, and the units of older versions: T_unit, p_unit and so on."""
        for word, value in words.items():
            if word == "iterinfo":
                self.iterinfo = bool(value)
            elif word in OLD:
                self.units.set_defaults(**{OLD[word]: value})
            else:
                raise unknown("Network", word, ["iterinfo", *OLD])

    # what it is made of

    @property
    def comps(self) -> dict[str, Component]:
        """All components, by label."""
        found: dict[str, Component] = {}
        for conn in self.conns.values():
            for part in (conn.source, conn.target):
                if found.setdefault(part.label, part) is not part:
                    raise ek.TopologyError(
                        f"there are two components {part.label!r}; give one another label"
                    )
        return found

    def add_conns(self, *conns: Any) -> None:
        for conn in conns:
            if not isinstance(conn, Connection | PowerConnection | HeatConnection):
                raise ek.ValidationError(f"add_conns: expected connections, got {conn!r}")
            if conn.label in self.conns:
                raise ek.TopologyError(
                    f"there is a connection {conn.label!r} already; give another label"
                )
            ends = ((conn.source, conn.source_id), (conn.target, conn.target_id))
            for part, port in ends:
                # a port of heat may be at either end
                if port in part.at:
                    raise ek.TopologyError(
                        f"{part.label}: {port} is connected already, by {part.at[port].label}"
                    )
            for part, port in ends:
                part.at[port] = conn
            self.conns[conn.label] = conn
        self._shape = None

    def del_conns(self, *conns: Any) -> None:
        for conn in conns:
            there = self.conns.get(getattr(conn, "label", ""))
            if there is None or there is not conn:
                raise ek.TopologyError(f"{conn!r} is not part of this network")
            del self.conns[there.label]
            del there.source.at[there.source_id], there.target.at[there.target_id]
        self._shape = None

    def get_conn(self, label: str) -> Any:
        if label not in self.conns:
            raise unknown("connections", label, self.conns)
        return self.conns[label]

    def get_comp(self, label: str) -> Any:
        if label not in self.comps:
            raise unknown("components", label, self.comps)
        return self.comps[label]

    def add_ude(self, *equations: UserDefinedEquation) -> None:
        for equation in equations:
            if (
                not isinstance(equation, UserDefinedEquation)
                or equation.label in self.user_defined_eq
            ):
                raise ek.ValidationError(
                    f"add_ude: expected a UserDefinedEquation with a label of its own, got {equation!r}"
                )
            self.user_defined_eq[equation.label] = equation

    def del_ude(self, *equations: UserDefinedEquation) -> None:
        for equation in equations:
            if self.user_defined_eq.get(getattr(equation, "label", "")) is not equation:
                raise ek.ValidationError(f"del_ude: {equation!r} is not part of this network")
            del self.user_defined_eq[equation.label]

    # solving

    @property
    def converged(self) -> bool:
        return self.status == 0

    def assert_convergence(self) -> None:
        if not self.converged:
            raise AssertionError("the last solve() has found no solution")

    def solve(
        self,
        mode: str,
        *,
        init_path: Any = None,
        design_path: Any = None,
        max_iter: int = 50,
        init_previous: bool = True,
        **more: Any,
    ) -> None:
        """Solves in "design" or "offdesign". Without a solution `status` is 2 and all that was to be found is nan.

        init_path, design_path: what save returned, or the path of its file.
        """
        if more:
            known = ["mode", "init_path", "design_path", "max_iter", "init_previous"]
            raise unknown("solve", next(iter(more)), known)
        if mode not in ("design", "offdesign"):
            raise ek.ValidationError(f'expected mode "design" or "offdesign", got {mode!r}')
        self.status = 2
        plan = self._plan(mode == "offdesign", _read(design_path))
        start = _read(init_path)
        system = self._system_of(plan, fresh=not init_previous or start is not None, start=start)
        try:
            newton = ek.NewtonConfig(max_iterations=max_iter)
            solution = ek.FallbackConfig(newton=newton).solve(system)
        except (ek.SolverError, ek.FluidError) as error:
            self._forget(plan)
            _log.error("no solution: %s", error)
            return
        self.iter, self.residual_history = solution.iterations, solution.residual_history.tolist()
        names = solution.keys()
        self._last = {key: solution[key] for key in names if key != "one"}
        self._collect(plan, solution)
        self.status = 0
        if self.iterinfo:
            _log.info(
                "solved in %d iterations, last residual %.1e", self.iter, self.residual_history[-1]
            )

    def _plan(self, offdesign: bool, design: _State | None) -> Plan:
        if not self.conns:
            raise ek.TopologyError("the network has no connections; add some with add_conns")
        plan = Plan(self.units, offdesign, design)
        comps = self.comps
        self._check_ports(comps)
        taken: set[str] = set()
        for part in [*comps.values(), *self.conns.values()]:
            name = part.label.replace(".", "_")
            while name in taken:
                name += "'"
            taken.add(name)
            plan.core[part] = name
        for part in comps.values():
            part.plan(plan)
        self._edges(plan)
        for conn in self.conns.values():
            if not isinstance(conn, Connection):
                plan.own(f"{plan.core[conn]}.E", plan.value(conn, "E"))
        for part in comps.values():
            part.relate(plan)
        for equation in self.user_defined_eq.values():
            self._user_defined(plan, equation)
        return plan

    def _check_ports(self, comps: Mapping[str, Component]) -> None:
        """Each connection leads to a port that is still there, and each port that is needed has one."""
        for conn in self.conns.values():
            ends = ((conn.source, conn.source_id), (conn.target, conn.target_id))
            for (part, port), side in zip(ends, conn.side, strict=True):
                there = getattr(part, side)()
                if port not in there:
                    raise ek.TopologyError(
                        f"{conn.label}: {part.label} has no {port} any more; its {side} are {', '.join(there)}"
                    )
        for part in comps.values():
            missing = [port for port in part.needed() if port not in part.at]
            if missing:
                raise ek.TopologyError(
                    f"{part.label}: {', '.join(missing)} not connected; add a connection"
                )

    def _edges(self, plan: Plan) -> None:
        """Connections; those on both sides of a CycleCloser are one."""
        fluids = [conn for conn in self.conns.values() if isinstance(conn, Connection)]
        for conn in fluids:
            first = conn
            while isinstance(first.source, CycleCloser) and "in1" in first.source.at:
                first = first.source.at["in1"]
                if first is conn:
                    raise ek.TopologyError(f"{conn.label}: a cycle needs more than a CycleCloser")
            plan.edge_of[conn] = plan.core[first]
        groups: dict[str, list[Connection]] = {}
        for conn in fluids:
            groups.setdefault(plan.edge_of[conn], []).append(conn)
        for name, joined in groups.items():
            words = [word for conn in joined for word in conn.plan(plan)]
            source = next(c for c in joined if not isinstance(c.source, CycleCloser))
            target = next(c for c in joined if not isinstance(c.target, CycleCloser))
            ends = (
                plan.ports[source.source, source.source_id],
                plan.ports[target.target, target.target_id],
            )
            medium = next((m for m in (conn.medium() for conn in joined) if m), None)
            plan.edges.append((*ends, name, medium, tuple(words)))
        check_fluids(plan)

    def _user_defined(self, plan: Plan, equation: UserDefinedEquation) -> None:
        names = self._names(plan)
        values = list(equation.dependents(equation))
        missing = [value for value in values if id(value) not in names]
        if missing or not values:
            raise ek.ValidationError(
                f"{equation.label}: expected dependents to be m, p, h, T, x, v, E of connections, or Q, P, eta_s, pr of "
                f"components; got {missing or 'none'}"
            )

        def function(*numbers: float) -> float:
            for value, number in zip(values, numbers, strict=True):
                value.val_SI = number
            return float(equation.func(equation))

        plan.call(equation.label, [names[id(value)] for value in values], function)

    def _names(self, plan: Plan) -> dict[int, str]:
        """The name of each value that an equation may depend on."""
        names: dict[int, str] = {}
        words = {"td_dew": "superheat", "td_bubble": "subcooling"}
        for conn in self.conns.values():
            name = plan.edge_of.get(conn, plan.core[conn])
            for word, value in conn.parameters.items():
                if word in ("m", "p", "h", "T", "x", "v", "E", "T_dew", "T_bubble", *words):
                    names[id(value)] = f"{name}.{words.get(word, word)}"
        for part in self.comps.values():
            for word in ("Q", "P", "eta_s", "pr"):
                if word in part.parameters:
                    names[id(part.parameters[word])] = f"{plan.core[part]}.{word}"
        return names

    def _system_of(self, plan: Plan, *, fresh: bool, start: _State | None) -> ek.System:
        shape = plan.shape()
        if self._system is not None and shape == self._shape and not fresh:
            for name, value in plan.values.items():
                if value != self._values.get(name):
                    self._system[name] = value
                    # at once, as the next may be refused
                    self._values[name] = value
            return self._system
        system = plan.build()
        self._begin(plan, system, {} if fresh else self._last, start)
        self._system, self._shape, self._values = system, shape, dict(plan.values)
        return system

    def _begin(
        self, plan: Plan, system: ek.System, last: Mapping[str, float], start: _State | None
    ) -> None:
        """Values to start from: the last solution's, a file's, or those given as m0, p0, h0 and T0."""
        found = dict(last)
        for conn, name in plan.edge_of.items():
            saved = (start or {}).get("connections", {}).get(conn.label, {})
            for word in "mph":
                here = conn.parameters[f"{word}0"]
                value = saved.get(word, math.nan)
                if here.is_set and not last:
                    value = self.units.to_si(here.quantity, here.given)
                if math.isfinite(value):
                    found[f"{name}.{word}"] = value
            warm = conn.parameters["T0"]
            if warm.is_set and not last and f"{name}.h" not in found:
                t = self.units.to_si(warm.quantity, warm.given)
                p = found.get(f"{name}.p", system[f"{name}.p"])
                found[f"{name}.h"] = ek.Fluid(system.fluid(name)).state(p=p, T=t).h
        system.start_from(found)

    # results

    def _collect(self, plan: Plan, solution: ek.Solution) -> None:
        fluids: dict[str, ek.Fluid] = {}
        for conn in self.conns.values():
            if isinstance(conn, Connection):
                name = plan.edge_of[conn]
                fluid = solution.fluid(name)
                fluids.setdefault(fluid, ek.Fluid(fluid))
                conn.collect(plan, solution.mass_flow(name), solution.state(name), fluids[fluid])
            else:
                plan.store(conn, "E", solution[f"{plan.core[conn]}.E"])
        for part in self.comps.values():
            part.collect(plan, solution)

    def _forget(self, plan: Plan) -> None:
        for part in [*self.conns.values(), *self.comps.values()]:
            for word, parameter in part.parameters.items():
                if not plan.active(part, word):
                    parameter.val = parameter.val_SI = math.nan

    def save(
        self, json_file_path: str | Path | None = None, *, as_dict: bool = False
    ) -> _State | None:
        """The state that was found, in SI units: as a dict, or into a JSON file. solve takes either as design_path."""
        self.assert_convergence()

        def numbers(parts: Mapping[str, Part]) -> dict[str, dict[str, float]]:
            def finite(parameters: Mapping[str, Value]) -> dict[str, float]:
                return {w: v.val_SI for w, v in parameters.items() if math.isfinite(v.val_SI)}

            return {label: finite(part.parameters) for label, part in parts.items()}

        state = {"connections": numbers(self.conns), "components": numbers(self.comps)}
        if json_file_path is not None:
            Path(json_file_path).write_text(json.dumps(state, indent=1), encoding="utf-8")
        elif not as_dict:
            raise ek.ValidationError("save: expected the path of a file, or as_dict=True")
        return state if as_dict else None

    @property
    def results(self) -> dict[str, Any]:
        """A pandas frame for each class of components and of connections, in the network's units."""
        return _tables.frames(self)

    def print_results(self, write: Callable[[str], Any] = print) -> None:
        """Prints tables of what was found and set."""
        write(_tables.text(self))


def _read(source: Any) -> _State | None:
    """What save returned, or the file it wrote."""
    said: Any = source
    if isinstance(source, str | Path):
        said = json.loads(Path(source).read_text(encoding="utf-8"))
    if said is None:
        return None

    def table(value: Any) -> bool:
        return isinstance(value, dict)

    kinds = ("connections", "components")
    if table(said) and all(table(said.get(kind)) for kind in kinds):
        state: _State = said
        if all(table(part) for kind in kinds for part in state[kind].values()):
            return state
    raise ek.ValidationError(
        "expected a state as Network.save returns it, with connections and components"
    )
