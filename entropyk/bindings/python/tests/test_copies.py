"""Copies and pickles, and arguments that are below what they count."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest
from conftest import Machine

import entropyk as ek


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
        (lambda: ek.NewtonConfig(max_iterations=-1), "max_iterations of at least 0, got -1"),
        (lambda: ek.PicardConfig(memory=-2), "memory of at least 0, got -2"),
        (lambda: ek.FallbackConfig(steps=-3), "steps of at least 0, got -3"),
        (lambda: ek.Fluid("R134a").table(-4), "size of at least 0, got -4"),
        (lambda: ek.FlowMerger(-5), "branches of at least 0, got -5"),
        (lambda: ek.System("Water").add_edge(-1, 0), "handle of at least 0, got -1"),
        (lambda: ek.System("Water").add_edge(0, (0, -1)), "port of at least 0, got -1"),
    ],
)
def test_nothing_is_fewer_than_none(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ek.ValidationError, match=said):
        wrong()


def test_nothing_is_colder_than_cold() -> None:
    with pytest.raises(ValueError, match="at least 0 K, got -26"):
        ek.Temperature(celsius=-300)
    with pytest.raises(TypeError, match="a component's handle, or"):
        ek.System("Water").add_edge("pump", 0)  # type: ignore[arg-type]
    with pytest.raises(ek.FluidError, match=r"entropyk.fluids\(\) lists them"):
        ek.Fluid("")
