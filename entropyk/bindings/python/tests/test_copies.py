"""Copies and pickles, and arguments that are below what they count."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import pickletools
from collections.abc import Callable

import numpy as np
import pytest
from conftest import Machine
from tespy_networks import chain, network, words

import entropyk as ek
from entropyk import _entropyk


def test_a_copy_of_a_system_changes_without_it(machine: Machine) -> None:
    first, solver = machine(), ek.NewtonConfig()
    before = solver.solve(first).cop_heating
    second, third = copy.deepcopy(first), copy.copy(first)
    second["condenser.secondary_in.T"] = 320.0
    assert solver.solve(second).cop_heating < 0.95 * before
    assert first["condenser.secondary_in.T"] == third["condenser.secondary_in.T"] == 313.15
    assert solver.solve(third).cop_heating == pytest.approx(before, rel=1e-12)
    open_system = ek.System("R134a")
    open_system.add_component(ek.Compressor(eta_s=0.7))
    again = copy.deepcopy(open_system)
    again.add_component(ek.ExpansionValve())
    assert (open_system.node_count, again.node_count) == (1, 2)


@pytest.mark.parametrize(
    "value",
    [
        ek.Pressure(bar=3),
        ek.Temperature(celsius=-12.5),
        ek.Enthalpy(kj_per_kg=-4.1),
        ek.MassFlow(kg_per_h=7),
    ],
)
def test_quantities_are_pickled_as_they_are(value: object) -> None:
    for other in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
        assert other == value
        assert type(other) is type(value)


def test_a_fluid_is_pickled_by_its_name() -> None:
    fluid = ek.Fluid("R134a")
    for other in (pickle.loads(pickle.dumps(fluid)), copy.deepcopy(fluid)):
        assert other.name == "R134a"
        assert other.state(p=1e5, T=300.0).h == fluid.state(p=1e5, T=300.0).h


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: ek.NewtonConfig(max_iterations=-1), "max_iterations of at least 1, got -1"),
        (lambda: ek.NewtonConfig(max_iterations=0), "max_iterations of at least 1, got 0"),
        (lambda: ek.PicardConfig(max_iterations=-4), "max_iterations of at least 1, got -4"),
        (lambda: ek.PicardConfig(memory=-2), "memory of at least 0, got -2"),
        (lambda: ek.FallbackConfig(steps=-3), "steps of at least 1, got -3"),
        (lambda: ek.Fluid("R134a").table(-4), "size of at least 8, got -4"),
        (lambda: ek.System("Water").add_edge(-1, 0), "handle of at least 0, got -1"),
        (lambda: ek.System("Water").add_edge(0, (0, -1)), "port of at least 0, got -1"),
    ],
)
def test_nothing_is_fewer_than_its_least(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ek.ValidationError, match=said):
        wrong()


@pytest.mark.parametrize("branches", [-5, 1, 6])
def test_a_junction_has_2_to_5_branches(branches: int) -> None:
    for junction in (ek.FlowSplitter, ek.FlowMerger):
        with pytest.raises(ek.ComponentError, match=f"2 to 5 branches, got {branches}"):
            junction(branches)


def test_nothing_is_colder_than_cold() -> None:
    with pytest.raises(ValueError, match="at least 0 K, got -26"):
        ek.Temperature(celsius=-300)
    with pytest.raises(TypeError, match="a component's handle, or"):
        ek.System("Water").add_edge("pump", 0)  # type: ignore[arg-type]
    with pytest.raises(ek.FluidError, match=r"entropyk.fluids\(\) lists them"):
        ek.Fluid("")


STREAM = ek.Stream("Water", T=290.0, m=2.0)
RATING = ek.Ahri540(mass_flow=[0.1] * 10, power=[9.0] * 10, superheat=11.0, factor=0.7)
TOLD = [
    ek.Pump(eta_s=0.7, pr=3.0),
    ek.Fan(P=50.0),
    ek.Turbine(eta_s=0.8, state=ek.OperationalState.BYPASS),
    ek.Pipe(length=3.0, diameter=0.02),
    ek.Economizer(ua=900.0, pr=0.99),
    ek.FlashEconomizer(),
    ek.ExpansionValve(zeta=1e9),
    ek.Condenser(ua=25e3, secondary=STREAM, state=ek.OperationalState.OFF),
    ek.Condenser(ttd_u=5.0, secondary=True),
    ek.Evaporator(superheat=5.0, secondary=ek.Stream(ek.Brine("MPG", 0.3), T=270.0)),
    ek.FlowSplitter(3),
    ek.FlowMerger(branches=4),
    ek.FlowSource(ek.IdealGas("Air"), m=1.0, p=1e5, T=300.0),
    ek.FlowSource("R134a", p=3e5, x=1.0),
    ek.FlowSink(p=2e5),
    ek.Compressor(eta_s=0.7, displacement=0.01, eta_v=0.9),
    ek.Compressor(ahri=RATING, heat_loss=0.05),
    ek.Sum({"a.P": 1.0, "b.P": -0.5}),
    ek.Product({"a.m": 0.5}, factor=3.0),
    ek.Curve("a.T", [1.0, 2.0], [3.0, 4.0], extrapolate=True),
    ek.Surface(["a.T", "b.T"], [1.0, 2.0], [[0.0, 1.0]] * 2, [[0.0, 1.0], [2.0, 3.0]]),
    ek.Zero(["a.T"], abs),
    ek.Constraint(hold="suction.superheat", target=5.0, by="valve.zeta", limits=(1.0, 9.0)),
    ek.NewtonConfig(max_iterations=9, tolerance=1e-6, timeout=3.0),
    ek.PicardConfig(memory=2, damping=0.3),
    ek.FallbackConfig(newton=ek.NewtonConfig(max_iterations=7), steps=3),
    STREAM,
    RATING,
    ek.Brine("MEG", 0.25),
    ek.IdealGas("Nitrogen"),
    ek.OperationalState.OFF,
]


@pytest.mark.parametrize("value", TOLD, ids=lambda value: type(value).__name__)
def test_parts_are_pickled_as_they_were_told(value: object) -> None:
    for other in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
        assert type(other) is type(value)
        assert pickle.dumps(other) == pickle.dumps(value)
        assert (
            type(value).__module__ != "entropyk"
            or "0x" in repr(value)
            or repr(other) == repr(value)
        )


@pytest.mark.parametrize("kind", [ek.Sum, ek.Product])
def test_a_relation_keeps_what_it_was_told(kind: Callable[[dict[str, float]], object]) -> None:
    of = {"b.P": 1.0, "a.P": 3.0}
    relation = kind(of)
    before = pickle.dumps(relation)
    of["b.P"] = 2.0
    of["c.P"] = 4.0
    assert pickle.dumps(relation) == before == pickle.dumps(kind({"b.P": 1.0, "a.P": 3.0}))


def test_states_are_pickled_number_by_number() -> None:
    fluid = ek.Fluid("R134a")
    for state in (
        fluid.state(p=3e5, x=0.4),
        fluid.state(p=1e5, T=300.0),
        fluid.state(p=5e6, T=400.0),
    ):
        for other in (pickle.loads(pickle.dumps(state)), copy.deepcopy(state)):
            for word in ("T", "p", "h", "s", "rho", "u", "x", "cp", "cv", "w", "phase"):
                assert getattr(other, word) == getattr(state, word)
            assert other.derivatives() == state.derivatives()


def test_a_table_is_pickled_by_what_it_is_of() -> None:
    table = ek.Fluid("R134a").table(12)
    again = pickle.loads(pickle.dumps(table))
    assert again.state(p=2e5, h=3e5).T == table.state(p=2e5, h=3e5).T
    assert copy.deepcopy(table).errors == table.errors


def test_a_table_is_in_a_pickle_once() -> None:
    size = 17
    table = ek.Fluid("R134a").table(size)
    system = ek.System(table)
    source = system.add_component(ek.FlowSource(table, p=3e5, T=300.0))
    pump = system.add_component(ek.Pump(eta_s=0.7, pr=1.5))
    system.add_edge(source, pump, "cold", m=1.0, fluid=table)
    system.add_edge(pump, system.add_component(ek.FlowSink()), "warm", fluid=table)
    made = [(table, system)]
    system.finalize()
    made += [(system, ek.NewtonConfig().solve(system))]
    del table
    for parts in made:
        read = pickletools.genops(pickle.dumps(parts))
        assert [word for op, word, _ in read if op.name == "BININT1"].count(size) == 1


def test_a_solution_is_pickled_with_all_that_it_knows(machine: Machine) -> None:
    found = ek.FallbackConfig().solve(machine())
    other = pickle.loads(pickle.dumps(found))
    keys = found.keys()
    assert other.keys() == keys
    assert [other[key] for key in keys] == [found[key] for key in keys]
    assert (other.edges, other.iterations, other.way) == (found.edges, found.iterations, found.way)
    assert (other.power, other.heat, other.cold) == (found.power, found.heat, found.cold)
    np.testing.assert_array_equal(other.residual_history, found.residual_history)
    np.testing.assert_array_equal(other.state_vector, found.state_vector)
    for edge in found.edges:
        assert other.state(edge).h == found.state(edge).h
        assert other.fluid(edge) == found.fluid(edge)


def test_a_system_is_pickled_as_it_stands(machine: Machine) -> None:
    solver = ek.NewtonConfig()
    first = machine(fluid=ek.Fluid("R134a").table(60))
    solver.solve(first)
    first.switch(hold=["condenser.Q"], free=["condenser.ua"])
    first["condenser.secondary_in.T"] = 313.5
    other = pickle.loads(pickle.dumps(first))
    there, here = solver.solve(other), solver.solve(first)
    keys = here.keys()
    assert [there[key] for key in keys] == [here[key] for key in keys]
    assert there.iterations == here.iterations
    assert repr(other) == repr(first)


def test_a_system_that_is_not_finished_is_pickled_too() -> None:
    first = ek.System("R134a")
    pump = first.add_component(ek.Pump(eta_s=0.7))
    source = first.add_component(ek.FlowSource("Water", p=1e5, T=290.0), "in")
    first.add_edge(source, (pump, 0), "cold", m=2.0)
    first.add_value("ratio", 3.0)
    first.add_relation("pump.pr", ek.Sum({"ratio": 1.0}))
    other = pickle.loads(pickle.dumps(copy.copy(first)))
    for system in (first, other):
        system.add_edge(pump, system.add_component(ek.FlowSink()), "warm")
        system.finalize()
    assert ek.NewtonConfig().solve(other)["pump.P"] == ek.NewtonConfig().solve(first)["pump.P"]
    assert other["pump.pr"] == pytest.approx(3.0)


def test_processes_of_a_pool_solve_systems_and_give_solutions(machine: Machine) -> None:
    systems = [machine(sink={"T": 310.0 + step}) for step in range(3)]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.map(ek.NewtonConfig().solve, systems)
    here = [ek.NewtonConfig().solve(system) for system in systems]
    assert [one.cop_heating for one in there] == [one.cop_heating for one in here]


@pytest.mark.parametrize(
    "broken",
    [
        lambda: _entropyk._state([0.0] * 11, "plasma", (None,) * 4),
        lambda: _entropyk._solution({"a": 3}, [], ([], [], []), [1.0], (1, "newton", [])),
        lambda: _entropyk._solution({}, [], ([9], [], []), [1.0], (1, "newton", [])),
        lambda: _entropyk._solution({}, [], ([], [], []), [1.0], (1, "luck", [])),
        lambda: _entropyk._system(
            "Water", [("add_component", (ek.FlowSink(),), {})], [(1.0, True)]
        ),
    ],
)
def test_a_pickle_that_is_damaged_is_refused(broken: Callable[[], object]) -> None:
    with pytest.raises((ek.EntropykError, ValueError)):
        broken()


def test_a_network_is_copied_and_pickled_as_it_stands() -> None:
    w = words("entropyk.tespy")
    nw = network(w)
    pump = w.Pump("pump")
    ends = (w.Source("in"), "out1", pump, "in1", "low"), (
        pump,
        "out1",
        w.Sink("out"),
        "in1",
        "high",
    )
    low, high = chain(w, *ends).values()
    nw.add_conns(low, high)
    low.set_attr(fluid={"water": 1}, m=1, p=1, T=20)
    high.set_attr(p=5)
    pump.set_attr(eta_s=0.8)
    for _ in range(2):  # before it is solved, and after
        for other in (copy.deepcopy(nw), pickle.loads(pickle.dumps(nw))):
            other.solve("design")
            power = other.get_comp("pump").P.val
            other.get_conn("high").set_attr(p=9)
            other.solve("design")
            assert other.get_comp("pump").P.val > 1.9 * power
            nw.solve("design")
            assert pump.P.val == power
