"""Which connections are of one stream, and so have one fluid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import entropyk as ek

if TYPE_CHECKING:
    from ._plan import Plan

_JUNCTIONS = (ek.FlowSplitter, ek.FlowMerger, ek.FlashEconomizer)


def check_fluids(plan: Plan) -> None:
    """Every stream needs a fluid, said anywhere along it."""
    kinds = {name: kind for name, kind, *_ in plan.components}
    # what meets at a junction is one stream; all else passes from the inlet to the outlet of the same number
    parent: dict[object, object] = {}

    def root(node: object) -> object:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for *ends, name, _, _ in plan.edges:
        for part, port in ends:
            place = (part, 0 if kinds[part] in _JUNCTIONS else port)
            # a source's outlet is nobody's inlet, so that both may have one number
            parent[root(place)] = root(name)
    known = {root(name) for *_, name, fluid, _ in plan.edges if fluid}
    missing = [name for *_, name, _, _ in plan.edges if root(name) not in known]
    if missing:
        raise ek.TopologyError(
            f"no fluid is given of {', '.join(missing)}; give one with connection.set_attr(fluid={{...: 1}})"
        )
