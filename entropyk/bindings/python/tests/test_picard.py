"""Successive substitution: it finds what Newton's method finds, or says that it does not."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from conftest import Machine
from test_random import heat_pump

import entropyk as ek


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"flow": None, "compressor": {"displacement": 0.05}},
        {"condenser": {"ua": None, "ka": 2e4}},
        {"condenser": {"ua": None, "pinch": 4.0}},
        {"condenser": {"zeta": 1e5, "pr": None}},
    ],
    ids=["ua", "displacement", "ka", "pinch", "zeta"],
)
def test_it_finds_what_newtons_method_finds(machine: Machine, change: dict[str, Any]) -> None:
    newton = ek.NewtonConfig().solve(machine(**change))
    picard = ek.PicardConfig().solve(machine(**change))
    assert picard.way == "picard"
    assert picard.state_vector == pytest.approx(newton.state_vector, rel=1e-6)
    assert picard.iterations > newton.iterations


def test_random_heat_pumps_are_found_or_said_not_to_be() -> None:
    """From cold: most are found; none is found wrongly, and none takes long to give up."""
    rng, found, many, longest = np.random.default_rng(7), 0, 0, 0.0
    said: list[str] = []
    while many < 40:
        case = heat_pump(rng)
        if case is None:
            continue
        many += 1
        start = time.process_time()
        try:
            picard = ek.PicardConfig().solve(case[1])
        except ek.SolverError as error:
            said.append(str(error))
            continue
        finally:
            longest = max(longest, time.process_time() - start)
        found += 1
        # what it found is a solution: Newton's method stays there
        newton = ek.NewtonConfig().solve(case[1])
        assert picard.state_vector == pytest.approx(newton.state_vector, rel=1e-6)
        assert abs(picard.heat - picard.cold - picard.power) < 1e-6 * picard.heat
    assert [text for text in said if "no solution" not in text] == []
    assert found >= 0.8 * many
    assert longest < 1.0


def test_what_has_no_solution_is_said(machine: Machine) -> None:
    system = machine(condenser={"ua": 1.0})
    before = system["discharge.p"]
    with pytest.raises(ek.SolverError, match="no solution"):
        ek.PicardConfig().solve(system)
    assert system["discharge.p"] == before


@pytest.mark.parametrize(
    ("word", "values"), [("damping", (0.3, 0.9)), ("memory", (0, 6)), ("tolerance", (1e-4, 1e-10))]
)
def test_settings_change_its_way(machine: Machine, word: str, values: tuple[Any, Any]) -> None:
    many = []
    for value in values:
        solver = ek.PicardConfig(**{word: value}, max_iterations=2000)
        many.append(solver.solve(machine()).iterations)
    assert many[0] != many[1]


def test_its_limits(machine: Machine) -> None:
    with pytest.raises(ek.SolverError, match="no solution by substitution in 2 rounds"):
        ek.PicardConfig(max_iterations=2).solve(machine())
    with pytest.raises(ek.TimeoutError):
        ek.PicardConfig(timeout=1e-9).solve(machine())
    for wrong in ({"damping": 0.0}, {"damping": 1.5}, {"memory": 99}, {"tolerance": 0.0}):
        with pytest.raises(ek.ValidationError, match="expected"):
            ek.PicardConfig(**wrong)


def test_a_constraint_is_met_by_it_too() -> None:
    from test_control import controlled

    system = controlled("condenser.Q", -160e3, "compressor.displacement", (0.01, 0.2))
    solution = ek.PicardConfig().solve(system)
    assert solution["condenser.Q"] == -160e3
    assert 0.01 < solution["compressor.displacement"] < 0.2
