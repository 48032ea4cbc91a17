"""What all components are, and what is common to their results."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import entropyk as ek

from .._parts import Part
from ..connections import Connection

if TYPE_CHECKING:
    from .._plan import Plan


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

    def needed(self) -> list[str]:
        """The ports that have to be connected."""
        return [*self.inlets(), *self.outlets()]

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


def state(connection: Connection) -> tuple[float, float, float, float, float]:
    """Mass flow, pressure, enthalpy, temperature and specific volume, as found."""
    p = connection.parameters
    m, pressure, h, t, v = (p[word].val_SI for word in ("m", "p", "h", "T", "vol"))
    return m, pressure, h, t, v


def drop(a: Connection, b: Connection) -> tuple[float, float, float]:
    """Pressure ratio, drop, and friction coefficient between two connections."""
    m, p1, _, _, v1 = state(a)
    _, p2, _, _, v2 = state(b)
    dynamic = 8.0 * m * abs(m) * 0.5 * (v1 + v2) / math.pi**2
    return p2 / p1, p1 - p2, (p1 - p2) / dynamic if dynamic else math.nan


def mean(a: float, b: float) -> float:
    """The logarithmic mean of two temperature differences, where there is one."""
    if a * b <= 0:
        return math.nan
    return a if math.isclose(a, b, rel_tol=1e-9) else (a - b) / math.log(a / b)
