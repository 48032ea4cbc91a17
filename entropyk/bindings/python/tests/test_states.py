"""Components that are off or bypassed, builders, what is logged."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from conftest import Machine, build

import entropyk as ek

ON, OFF, BYPASS = ek.OperationalState.ON, ek.OperationalState.OFF, ek.OperationalState.BYPASS


def line(part: ek.Component, fluid: str = "Air", **given: float) -> ek.Solution:
    system = ek.System(fluid)
    parts = [ek.FlowSource(p=5e5, T=350.0), part, ek.FlowSink()]
    a, b, c = (system.add_component(part) for part in parts)
    system.add_edge(a, b, "in", **given)
    system.add_edge(b, c, "out")
    system.finalize()
    return ek.NewtonConfig().solve(system)


PARTS: dict[type, dict[str, float]] = {
    ek.Compressor: {"eta_s": 0.7, "pr": 2.0},
    ek.Pump: {"eta_s": 0.7, "pr": 2.0},
    ek.Fan: {"eta_s": 0.7, "pr": 1.1},
    ek.Turbine: {"eta_s": 0.7, "pr": 0.5},
    ek.ExpansionValve: {"pr": 0.5},
    ek.Pipe: {"pr": 0.9, "Q": -1e3},
    ek.Condenser: {"pr": 0.9, "Q": -1e3},
    ek.Evaporator: {"pr": 0.9, "Q": 1e3},
}


@pytest.mark.parametrize("cls", PARTS)
def test_what_is_bypassed_changes_nothing(cls: type) -> None:
    passed = line(cls(**PARTS[cls], state=BYPASS), m=1.0)
    assert passed.state("out").h == passed.state("in").h
    assert passed.state("out").p == passed.state("in").p
    works = line(cls(**PARTS[cls], state=ON), m=1.0)
    assert works.state("out").p != works.state("in").p
    assert passed.power == 0.0
    assert passed.heat == passed.cold == 0.0


@pytest.mark.parametrize("cls", PARTS)
def test_nothing_flows_through_what_is_off(cls: type) -> None:
    """Two branches between the same pressures, of which one is off."""
    system = ek.System("Air")
    parts = {
        name: system.add_component(part, name)
        for name, part in {
            "source": ek.FlowSource(p=5e5, T=350.0, m=1.0),
            "split": ek.FlowSplitter(),
            "works": cls(**PARTS[cls]),
            "off": cls(**PARTS[cls], state=OFF),
            "merge": ek.FlowMerger(),
            "sink": ek.FlowSink(),
        }.items()
    }
    system.add_edge(parts["source"], parts["split"], "in")
    system.add_edge((parts["split"], 0), parts["works"])
    system.add_edge((parts["split"], 1), parts["off"], "still")
    system.add_edge(parts["works"], (parts["merge"], 0), "out")
    system.add_edge(parts["off"], (parts["merge"], 1), "beyond")
    system.add_edge(parts["merge"], parts["sink"], "mixed")
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    assert solution.mass_flow("still") == 0.0
    assert solution.mass_flow("out") == pytest.approx(1.0, rel=1e-12)
    assert solution.state("mixed").h == pytest.approx(solution.state("out").h, rel=1e-12)
    assert solution.state("beyond").p == solution.state("out").p != solution.state("still").p
    if cls is ek.Compressor:
        assert solution["off.P"] == 0.0
        assert solution.power == solution["works.P"] > 0


@pytest.mark.parametrize("state", [ON, OFF, BYPASS])
def test_an_economizer_that_does_not_work_moves_no_heat(state: ek.OperationalState) -> None:
    system = ek.System("R134a")
    flow = {} if state is OFF else {"m": 0.2}
    parts = [
        system.add_component(part)
        for part in (
            ek.FlowSource(p=12e5, T=315.0, **flow),
            ek.FlowSource(p=3e5, T=276.0, m=0.2),
            ek.Economizer(ua=150.0, pr=0.9, pr_secondary=0.9, state=state),
            ek.FlowSink(**({"p": 11e5} if state is OFF else {})),
            ek.FlowSink(),
        )
    ]
    system.add_edge(parts[0], (parts[2], 0), "hot")
    system.add_edge(parts[1], (parts[2], 1), "cold")
    system.add_edge((parts[2], 0), parts[3], "cooled")
    system.add_edge((parts[2], 1), parts[4], "warmed")
    system.finalize()
    found = ek.NewtonConfig().solve(system)
    assert found.mass_flow("hot") == (0.0 if state is OFF else 0.2)
    assert (found.state("warmed").h == found.state("cold").h) is (state is not ON)
    assert (found["economizer.Q"] == 0.0) is (state is not ON)
    assert found.state("cooled").p == {ON: 10.8e5, OFF: 11e5, BYPASS: 12e5}[state]


def test_a_builder_chains() -> None:
    builder = ek.SystemBuilder("R134a")
    sink, source = ek.Stream("Water", T=313.15, m=6), ek.Stream("Water", T=288.15, m=8)
    system = (
        builder.component("compressor", ek.Compressor(eta_s=0.75))
        .component("condenser", ek.Condenser(ua=25e3, pr=0.99, subcooling=3, secondary=sink))
        .component("valve", ek.ExpansionValve())
        .component("evaporator", ek.Evaporator(ua=20e3, pr=0.98, superheat=5, secondary=source))
        .edge("compressor", "condenser", "discharge", m=1.0)
        .edge("condenser", ("valve", 0))
        .edge("valve", "evaporator")
        .edge("evaporator", "compressor")
        .relation("lift", ek.Sum({"discharge.T": 1.0, "evaporator->compressor.T": -1.0}))
        .build()
    )
    found = ek.NewtonConfig().solve(system)
    assert found.cop_heating == pytest.approx(
        ek.NewtonConfig().solve(build()).cop_heating, rel=1e-9
    )
    assert found["lift"] > 30
    with pytest.raises(ek.TopologyError, match="no component 'fan'"):
        builder.edge("fan", "valve")
    held = ek.SystemBuilder("Water").component("a", ek.FlowSource(p=1e5, T=300.0, m=1.0))
    held = held.component("b", ek.Pipe(pr=1.0, Q=1e4)).component("c", ek.FlowSink())
    held = held.edge("a", "b").edge("b", "c", "out")
    held.constraint(ek.Constraint(hold="out.T", target=310.0, by="b.Q", limits=(0.0, 1e6)))
    assert pytest.approx(310.0, abs=1e-6) == ek.NewtonConfig().solve(held.build()).state("out").T
    loop = ek.SystemBuilder("R134a")
    for name, part in {
        "1": ek.Compressor(eta_s=0.8),
        "2": ek.Condenser(Q=-1e4, pr=1.0),
        "3": ek.ExpansionValve(),
        "4": ek.Evaporator(pr=1.0),
    }.items():
        loop.component(name, part)
    with pytest.raises(ek.TopologyError, match="too little"):
        loop.cycle("1", "2", "3", "4").build()


def test_what_happens_is_logged(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "entropyk"):
        ek.NewtonConfig().solve(machine())
        # what is raised is not told as well
        with pytest.raises(ek.SolverError):
            ek.NewtonConfig(max_iterations=1).solve(machine())
    assert [r.levelno for r in caplog.records] == [logging.DEBUG]
    assert "solved by newton" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING, "entropyk"):
        ek.NewtonConfig().solve(machine())
    assert not caplog.records


def test_flows_are_known_by_every_connection(machine: Machine) -> None:
    solution = ek.NewtonConfig().solve(machine())
    flows = {solution[f"{name}.m"] for name in ("discharge", "liquid", "mixture", "suction")}
    assert flows == {1.0}
    assert np.isfinite(solution.state_vector).all()
