"""Cycles against tespy, solved live, and against a textbook."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from conftest import Machine, build

import entropyk as ek

Solve = Callable[[float, float], dict[str, float]]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)


def tutorial_here() -> ek.System:
    """Cycle A: tespy's tutorial."""
    system = ek.System(fluid="R134a")
    compressor = system.add_component(ek.Compressor(eta_s=0.85))
    condenser = system.add_component(ek.Condenser(pr=0.98, Q=-1e6))
    valve = system.add_component(ek.ExpansionValve())
    evaporator = system.add_component(ek.Evaporator(pr=0.98))
    system.add_edge(compressor, condenser)
    system.add_edge(condenser, valve, "liquid", T=ek.Temperature(celsius=80), x=0)
    system.add_edge(valve, evaporator)
    system.add_edge(evaporator, compressor, "suction", T=ek.Temperature(celsius=20), x=1)
    system.finalize()
    return system


def tutorial_there() -> tuple[Any, Any, Any]:
    """The same in tespy: suction, liquid, and the network, solved."""
    from tespy.components import Compressor, CycleCloser, SimpleHeatExchanger, Valve
    from tespy.connections import Connection

    closer, compressor, valve = CycleCloser("cc"), Compressor("compressor"), Valve("valve")
    condenser, evaporator = SimpleHeatExchanger("condenser"), SimpleHeatExchanger("evaporator")
    chain = [closer, evaporator, compressor, condenser, valve, closer]
    c = [Connection(a, "out1", b, "in1", label=str(i)) for i, (a, b) in enumerate(pairwise(chain))]
    network = network_of(c)
    condenser.set_attr(pr=0.98, Q=-1e6)
    evaporator.set_attr(pr=0.98)
    compressor.set_attr(eta_s=0.85)
    c[1].set_attr(T=20, x=1, fluid={"R134a": 1})
    c[3].set_attr(T=80, x=0)
    network.solve("design")
    return c[1], c[3], network


def test_the_tutorial_heat_pump_is_tespys() -> None:
    solution = ek.NewtonConfig().solve(tutorial_here())
    suction, _, network = tutorial_there()
    their = abs(network.get_comp("condenser").Q.val_SI) / network.get_comp("compressor").P.val_SI
    assert solution.cop_heating == pytest.approx(their, rel=1e-6)
    assert solution.mass_flow("suction") == pytest.approx(suction.m.val_SI, rel=1e-6)
    # as it is known to 13 digits
    assert solution.cop_heating == pytest.approx(3.3783777048576273, rel=1e-12)
    assert solution.heat == pytest.approx(solution.power + solution.cold, rel=1e-12)


def network_of(connections: list[Any]) -> Any:
    from tespy.networks import Network

    network = Network(iterinfo=False)
    network.units.set_defaults(temperature="degC", pressure="bar", enthalpy="kJ/kg")
    network.add_conns(*connections)
    return network


def between_waters(moving: bool) -> tuple[float, float, Solve]:
    """Cycles B and C in tespy: conductances by a design, then a rating at any two water temperatures."""
    from tespy.components import (
        Compressor,
        Condenser,
        CycleCloser,
        HeatExchanger,
        MovingBoundaryHeatExchanger,
        Sink,
        Source,
        Valve,
    )
    from tespy.connections import Connection

    closer, valve, compressor = CycleCloser("cc"), Valve("valve"), Compressor("compressor")
    if moving:
        hot, cold = MovingBoundaryHeatExchanger("hot"), MovingBoundaryHeatExchanger("cold")
    else:
        hot, cold = Condenser("hot"), HeatExchanger("cold")
    ends = [Source("si"), Sink("so"), Source("bi"), Sink("bo")]
    c1 = Connection(closer, "out1", hot, "in1", label="1")
    c2 = Connection(hot, "out1", valve, "in1", label="2")
    c3 = Connection(valve, "out1", cold, "in2", label="3")
    c4 = Connection(cold, "out2", compressor, "in1", label="4")
    c5 = Connection(compressor, "out1", closer, "in1", label="5")
    w1 = Connection(ends[0], "out1", hot, "in2", label="w1")
    w2 = Connection(hot, "out2", ends[1], "in1", label="w2")
    b1 = Connection(ends[2], "out1", cold, "in1", label="b1")
    b2 = Connection(cold, "out1", ends[3], "in1", label="b2")
    network = network_of([c1, c2, c3, c4, c5, w1, w2, b1, b2])
    compressor.set_attr(eta_s=0.75)
    hot.set_attr(pr1=1 if moving else 0.99, pr2=1)
    cold.set_attr(pr1=1, pr2=1 if moving else 0.98)
    c1.set_attr(fluid={"R134a": 1}, m=1)
    w1.set_attr(fluid={"water": 1}, T=40, p=2, m=6)
    b1.set_attr(fluid={"water": 1}, T=15, p=2, m=8)
    if moving:
        c4.set_attr(td_dew=5)
        c2.set_attr(td_bubble=3)
        hot.set_attr(td_pinch=4)
    else:
        c4.set_attr(x=1)
        hot.set_attr(ttd_u=5)
    cold.set_attr(ttd_l=5)
    network.solve("design")
    ua = hot.UA.val_SI, cold.UA.val_SI
    hot.set_attr(**({"td_pinch": None} if moving else {"ttd_u": None}))
    cold.set_attr(ttd_l=None)
    hot.set_attr(UA=ua[0])
    cold.set_attr(UA=ua[1])

    def solve(sink: float, source: float) -> dict[str, float]:
        w1.set_attr(T=sink - 273.15)
        b1.set_attr(T=source - 273.15)
        network.solve("design")
        return {
            "cop": abs(hot.Q.val_SI) / compressor.P.val_SI,
            "high": c1.p.val_SI,
            "low": c3.p.val_SI,
            "sink": w2.T.val_SI,
            "source": b2.T.val_SI,
            "discharge": c5.T.val_SI,
        }

    return *ua, solve


def rated(moving: bool, ua_hot: float, ua_cold: float) -> ek.System:
    """Cycles B and C here."""
    key = "ua" if moving else "ka"
    return build(
        condenser={
            "ua": None,
            key: ua_hot,
            "subcooling": 3.0 if moving else 0.0,
            "pr": 1.0 if moving else 0.99,
        },
        evaporator={
            "ua": None,
            key: ua_cold,
            "superheat": 5.0 if moving else 0.0,
            "pr": 1.0 if moving else 0.98,
        },
        sink={"p": 2e5},
        source={"p": 2e5},
    )


@pytest.mark.parametrize("moving", [False, True], ids=["B", "C"])
def test_a_heat_pump_rated_by_conductances_is_tespys(moving: bool) -> None:
    ua_hot, ua_cold, theirs = between_waters(moving)
    ours = rated(moving, ua_hot, ua_cold)
    for sink, source in ((313.15, 288.15), (316.0, 285.0), (322.0, 292.0)):
        ours["condenser.secondary_in.T"], ours["evaporator.secondary_in.T"] = sink, source
        mine, their = ek.NewtonConfig().solve(ours), theirs(sink, source)
        found = {
            "cop": mine.cop_heating,
            "high": mine.state("discharge").p,
            "low": mine.state("mixture").p,
            "sink": mine.state("condenser.secondary_out").T,
            "source": mine.state("evaporator.secondary_out").T,
            "discharge": mine.state("discharge").T,
        }
        assert found == pytest.approx(their, rel=1e-6)


def test_textbook_ideal_cycle() -> None:
    """Çengel and Boles, example 11-1: R134a between 0.14 and 0.8 MPa, 0.05 kg/s: 7.18 kW, 1.81 kW, COP 3.97."""
    solution = textbook(eta_s=1.0)
    assert solution.cold == pytest.approx(7180, rel=5e-3)
    assert solution.power == pytest.approx(1810, rel=5e-3)
    assert solution.cop_cooling == pytest.approx(3.97, rel=5e-3)


def textbook(eta_s: float) -> ek.Solution:
    system = ek.System(fluid="R134a")
    names = [
        ek.Compressor(eta_s=eta_s),
        ek.Condenser(dp=0),
        ek.ExpansionValve(),
        ek.Evaporator(dp=0),
    ]
    parts = [system.add_component(part) for part in names]
    given = [{"p": 0.8e6}, {"x": 0}, {}, {"p": 0.14e6, "x": 1, "m": 0.05}]
    for i, words in enumerate(given):
        system.add_edge(parts[i], parts[(i + 1) % 4], **words)
    system.finalize()
    return ek.NewtonConfig().solve(system)


@pytest.mark.parametrize("fluid", ["R134a", "R290", "R717", "R1234yf", "R32", "R600a"])
def test_balances_close_and_entropy_rises(machine: Machine, fluid: str) -> None:
    m = {"R717": 0.15, "R290": 0.5, "R600a": 0.5, "R32": 0.6}.get(fluid, 1.0)
    solution = ek.NewtonConfig().solve(machine(fluid, flow=m))
    assert solution.heat == pytest.approx(solution.cold + solution.power, rel=1e-9)
    states = {name: solution.state(name) for name in solution.edges}
    flows = {name: solution.mass_flow(name) for name in solution.edges}
    water = {
        name: flows[f"{name}.secondary_in"]
        * (states[f"{name}.secondary_out"].s - states[f"{name}.secondary_in"].s)
        for name in ("condenser", "evaporator")
    }
    produced = {
        "compressor": m * (states["discharge"].s - states["suction"].s),
        "condenser": m * (states["liquid"].s - states["discharge"].s) + water["condenser"],
        "valve": m * (states["mixture"].s - states["liquid"].s),
        "evaporator": m * (states["suction"].s - states["mixture"].s) + water["evaporator"],
    }
    assert all(entropy > 0 for entropy in produced.values()), produced
    assert sum(produced.values()) == pytest.approx(sum(water.values()), rel=1e-9)
