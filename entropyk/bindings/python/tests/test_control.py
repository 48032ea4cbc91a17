"""Inverse control, design and off-design, maps."""

from __future__ import annotations

import threading
import time
from itertools import product

import numpy as np
import pytest
from conftest import Machine, build

import entropyk as ek


def controlled(hold: str, target: float, by: str, limits: tuple[float, float]) -> ek.System:
    system = ek.System("R134a")
    sink, source = ek.Stream("Water", T=313.15, m=6.0), ek.Stream("Water", T=288.15, m=8.0)
    parts = [
        system.add_component(part)
        for part in (
            ek.Compressor(eta_s=0.75, displacement=0.06, eta_v=0.9),
            ek.Condenser(pr=0.99, ua=25e3, subcooling=3.0, secondary=sink),
            ek.ExpansionValve(),
            ek.Evaporator(pr=0.98, ua=20e3, superheat=5.0, secondary=source),
        )
    ]
    for i, name in enumerate(["discharge", "liquid", "mixture", "suction"]):
        system.add_edge(parts[i], parts[(i + 1) % 4], name)
    system.add_constraint(ek.Constraint(hold=hold, target=target, by=by, limits=limits))
    system.finalize()
    return system


@pytest.mark.parametrize(
    ("hold", "target", "by", "limits"),
    [
        ("condenser.Q", -160e3, "compressor.displacement", (0.01, 0.2)),
        ("evaporator.Q", 120e3, "compressor.eta_v", (0.1, 1.0)),
        ("discharge.T", 340.0, "evaporator.superheat", (0.0, 12.0)),
        ("condenser.ttd_l", 4.0, "condenser.ua", (1e3, 1e6)),
        ("liquid.subcooling", 6.0, "condenser.subcooling", (0.0, 12.0)),
    ],
)
def test_what_is_held_is_reached(
    hold: str, target: float, by: str, limits: tuple[float, float]
) -> None:
    solution = ek.NewtonConfig().solve(controlled(hold, target, by, limits))
    assert solution[hold] == pytest.approx(target, rel=1e-9)
    assert limits[0] <= solution[by] <= limits[1]
    # the same, found the other way round: with what was moved given, the target comes out
    if hold == "condenser.Q":
        plain = controlled("evaporator.Q", solution["evaporator.Q"], by, limits)
        assert ek.NewtonConfig().solve(plain)["condenser.Q"] == pytest.approx(target, rel=1e-7)
    if hold == "discharge.T":
        assert pytest.approx(target, rel=1e-9) == solution.state("discharge").T


def test_a_limit_is_an_error_that_tells_what_can_be_reached() -> None:
    system = controlled("condenser.Q", -300e3, "compressor.displacement", (0.05, 0.08))
    with pytest.raises(
        ek.ControlSaturationError,
        match=r"condenser\.Q cannot be held at -300000.*from 0.05 to 0.08",
    ):
        ek.NewtonConfig().solve(system)
    system = controlled("condenser.ttd_l", -5.0, "condenser.ua", (1e3, 1e6))
    with pytest.raises(ek.SolverError):
        ek.NewtonConfig().solve(system)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hold": "condenser.heat"}, "there is no .*condenser.heat"),
        ({"by": "compressor.P"}, "something that is given"),
        ({"hold": "condenser.ua"}, "given already"),
        ({"hold": "nowhere.T"}, "nowhere"),
    ],
)
def test_constraints_that_say_nothing_are_refused(change: dict[str, str], said: str) -> None:
    words = {"hold": "condenser.Q", "by": "compressor.displacement"} | change
    with pytest.raises(ek.TopologyError, match=said):
        controlled(words["hold"], -1e5, words["by"], (0.01, 1.0))
    with pytest.raises(ek.ValidationError, match="limits"):
        controlled("condenser.Q", -1e5, "compressor.displacement", (1.0, 0.1))
    # beyond what can be given at all
    with pytest.raises(ek.ValidationError, match=r"compressor\.eta_s: expected limits"):
        controlled("discharge.T", 340.0, "compressor.eta_s", (0.2, 1.4))
    with pytest.raises(ek.ValidationError, match=r"discharge\.T"):
        controlled("discharge.T", -340.0, "compressor.eta_s", (0.2, 0.9))


def test_design_and_rating(machine: Machine) -> None:
    """A design by temperature differences gives conductances; rated with them at the same place it is the same machine."""
    system = machine(condenser={"ua": None, "ttd_l": 5.0}, evaporator={"ua": None, "ttd_l": 5.0})
    solver = ek.NewtonConfig()
    design = solver.solve(system)
    differences, conductances = (
        [f"{part}.{word}" for part in ("condenser", "evaporator")] for word in ("ttd_l", "ua")
    )
    system.switch(hold=conductances, free=differences)
    rated = solver.solve(system)
    assert rated.state_vector == pytest.approx(design.state_vector, rel=1e-9)
    system["condenser.secondary_in.T"] = 318.15
    warmer = solver.solve(system)
    assert [warmer[name] for name in conductances] == [design[name] for name in conductances]
    assert warmer.cop_heating < design.cop_heating
    assert warmer["condenser.ttd_l"] != pytest.approx(5.0)
    with pytest.raises(ek.TopologyError, match="too little"):
        system.switch(free=["condenser.ua"])
    with pytest.raises(ek.TopologyError, match="given already"):
        system.switch(hold=["condenser.ua"])
    assert solver.solve(system).cop_heating == pytest.approx(warmer.cop_heating, rel=1e-9)


def test_a_map_is_its_points(machine: Machine) -> None:
    system, solver = machine(), ek.NewtonConfig()
    solver.solve(system)
    sinks, sources = np.linspace(308, 320, 70), np.linspace(280, 292, 5)
    over = {"condenser.secondary_in.T": sinks, "evaporator.secondary_in.T": sources}
    cop = ek.sweep(system, over, "cop_heating")
    power = ek.sweep(system, over, "compressor.P", solver=solver)
    assert cop.shape == power.shape == (5, 70)
    assert cop.dtype == np.float32
    assert cop.flags.c_contiguous
    for i, j in product((0, 4), (0, 33, 69)):
        system["condenser.secondary_in.T"], system["evaporator.secondary_in.T"] = (
            sinks[j],
            sources[i],
        )
        solution = solver.solve(system)
        assert cop[i, j] == pytest.approx(solution.cop_heating, rel=1e-6)
        assert power[i, j] == pytest.approx(solution.power, rel=1e-6)


def test_a_map_has_nan_where_nothing_solves(machine: Machine) -> None:
    system = machine()
    sinks = np.array(
        [313.0, 500.0, 315.0]
    )  # water boils long before, and R134a is beyond its critical point
    cop = ek.sweep(
        system, {"condenser.secondary_in.T": sinks, "compressor.eta_s": [0.7, 0.8]}, "cop_heating"
    )
    assert np.isnan(cop).tolist() == [[False, True, False]] * 2


def test_maps_refuse_what_they_cannot_vary(machine: Machine) -> None:
    system = machine()
    with pytest.raises(ek.ValidationError, match=r"condenser\.Q"):
        ek.sweep(system, {"condenser.Q": [1.0], "compressor.eta_s": [0.7]}, "power")
    with pytest.raises(ek.ValidationError, match="finite"):
        ek.sweep(system, {"condenser.ua": [np.nan], "compressor.eta_s": [0.7]}, "power")
    with pytest.raises(ValueError, match="two inputs"):
        ek.sweep(system, {"condenser.ua": [1.0]}, "power")
    with pytest.raises(KeyError, match=r"there is no .*x"):
        ek.sweep(system, {"condenser.ua": [1.0], "compressor.eta_s": [0.7]}, "x")


def test_a_map_leaves_the_interpreter_free(machine: Machine) -> None:
    system = machine()
    over = {
        "condenser.secondary_in.T": np.linspace(308, 320, 60),
        "evaporator.secondary_in.T": np.linspace(280, 292, 60),
    }
    thread = threading.Thread(target=lambda: ek.sweep(system, over, "power"))
    thread.start()
    turns = 0
    while thread.is_alive():
        turns += 1
        time.sleep(0.001)
    thread.join()
    assert turns > 20


def test_a_fallback_finds_what_newton_does_not(machine: Machine) -> None:
    solver = ek.FallbackConfig()
    system = machine()
    plain = ek.NewtonConfig().solve(system)
    assert solver.solve(system).way == "newton"
    # from values that no machine has
    for name, value in {
        "discharge.p": 39e5,
        "mixture.p": 38e5,
        "suction.h": 2e5,
        "liquid.h": 5e5,
    }.items():
        system[name] = value
    with pytest.raises(ek.SolverError):
        ek.NewtonConfig().solve(system)
    again = solver.solve(system)
    assert again.way == "restart"
    assert again.state_vector == pytest.approx(plain.state_vector, rel=1e-7)


def test_a_fallback_leaves_what_has_no_solution_as_it_was(machine: Machine) -> None:
    system = machine(condenser={"ua": 1.0})
    before = system["discharge.p"]
    with pytest.raises(ek.SolverError, match="condenser"):
        ek.FallbackConfig(newton=ek.NewtonConfig(max_iterations=30), steps=3).solve(system)
    assert system["discharge.p"] == before
    with pytest.raises(ek.ValidationError, match="steps of at least 1, got 0"):
        ek.FallbackConfig(steps=0)


def test_a_fallback_comes_from_a_relaxed_system() -> None:
    """Large exchangers on little water, far from any start: in steps from other ones it is found."""
    system = build(
        flow=None,
        compressor={"eta_s": 0.66, "displacement": 0.00277, "eta_v": 0.45},
        condenser={"ua": 8994.0, "subcooling": 7.8, "pr": 0.99},
        evaporator={"ua": 22510.0, "superheat": 4.6, "pr": 0.98},
        sink={"T": 329.1, "m": 0.71},
        source={"T": 278.5, "m": 0.12},
    )
    names = [
        f"{edge}.{word}" for edge in ("discharge", "liquid", "mixture", "suction") for word in "ph"
    ]
    cold = {name: system[name] for name in [*names, "discharge.m"]}
    with pytest.raises(ek.SolverError):
        ek.NewtonConfig().solve(system)
    substituted = ek.FallbackConfig().solve(system)
    assert substituted.way == "picard"
    system.start_from(cold)
    solution = ek.FallbackConfig(picard=ek.PicardConfig(max_iterations=1)).solve(system)
    assert solution.way == "homotopy"
    assert solution.state_vector == pytest.approx(substituted.state_vector, rel=1e-7)
    assert solution["condenser.ua"] == 8994.0
    assert solution.heat == pytest.approx(solution.cold + solution.power, rel=1e-9)
    # from there it is near
    again = ek.NewtonConfig().solve(system)
    assert again.state_vector == pytest.approx(solution.state_vector, rel=1e-7)
