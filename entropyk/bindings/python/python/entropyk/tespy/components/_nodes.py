"""Where streams begin, end, part and meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import entropyk as ek

from ._base import Component

if TYPE_CHECKING:
    from .._plan import Plan


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


class _Junction(Component):
    many = "num_out"

    def __init__(self, label: str, **words: Any) -> None:
        self.branches = 2
        super().__init__(label, **words)

    def known(self) -> list[str]:
        return [*super().known(), self.many]

    def _set(self, word: str, value: Any) -> None:
        if word == self.many:
            if not isinstance(value, int) or isinstance(value, bool) or not 2 <= value <= 5:
                raise ek.ValidationError(
                    f"{self.label}: expected {word} from 2 to 5, got {value!r}"
                )
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
