"""A system in one expression."""

from __future__ import annotations

from typing import Any

from ._entropyk import Component, Constraint, Fluid, Relation, System, TopologyError

_End = str | tuple[str, int]


class SystemBuilder:
    """Builds a System by names, each call returning the builder.

    SystemBuilder("R134a").component("compressor", Compressor(...)).component(...).edge("compressor", "condenser").build()
    """

    def __init__(self, fluid: str | Fluid | Any) -> None:
        self._system = System(fluid)
        self._handles: dict[str, int] = {}

    def component(self, name: str, component: Component) -> SystemBuilder:
        """Adds a component under a name."""
        self._handles[name] = self._system.add_component(component, name)
        return self

    def edge(
        self, source: _End, target: _End, name: str | None = None, **given: Any
    ) -> SystemBuilder:
        """Connects two components, each by its name, or by that and the number of a port, as System.add_edge does."""
        self._system.add_edge(self._end(source), self._end(target), name, **given)
        return self

    def cycle(self, *names: str) -> SystemBuilder:
        """Connects components one after the other, and the last with the first."""
        for i, name in enumerate(names):
            self.edge(name, names[(i + 1) % len(names)])
        return self

    def relation(self, name: str, relation: Relation, value: float | None = None) -> SystemBuilder:
        """Adds a relation, as System.add_relation does."""
        self._system.add_relation(name, relation, value)
        return self

    def constraint(self, constraint: Constraint) -> SystemBuilder:
        """Adds a constraint, as System.add_constraint does."""
        self._system.add_constraint(constraint)
        return self

    def build(self) -> System:
        """The system, finalized."""
        self._system.finalize()
        return self._system

    def _end(self, end: _End) -> tuple[int, int]:
        name, port = (end, 0) if isinstance(end, str) else end
        if name not in self._handles:
            there = ", ".join(self._handles) or "none"
            raise TopologyError(f"there is no component {name!r} to connect; there are {there}")
        return self._handles[name], port
