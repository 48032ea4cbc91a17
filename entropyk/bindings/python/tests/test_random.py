"""Random heat pumps from cold: what is well posed is solved, and its balances close."""

from __future__ import annotations

import numpy as np
from conftest import build
from random_networks import FLUIDS, check, network

import entropyk as ek


def heat_pump(rng: np.random.Generator) -> tuple[str, ek.System] | None:
    fluid = str(rng.choice(FLUIDS))
    source = rng.uniform(277, 298)
    sink = source + rng.uniform(15, 50)
    duty = rng.uniform(5e3, 500e3)
    warmed, cooled = rng.uniform(3, 12), rng.uniform(3, 10)
    ua, superheat = duty / rng.uniform(4, 15, 2), rng.uniform(0, 8) * (rng.random() < 0.9)
    if sink + 15 > 0.95 * ek.Fluid(fluid).T_critical or source - cooled < 274:
        return None
    system = build(
        fluid,
        flow=None,
        compressor={"eta_s": rng.uniform(0.5, 0.9)},
        condenser={
            "Q": -duty,
            "pr": rng.uniform(0.96, 1),
            "ua": ua[0],
            "subcooling": rng.uniform(0, 8),
        },
        evaporator={"pr": rng.uniform(0.9, 1), "ua": ua[1], "superheat": superheat},
        sink={"T": sink, "m": duty / 4186 / warmed},
        source={"T": source, "m": duty / 4186 / cooled},
    )
    return fluid, system


def solve_many(many: int, seed: int) -> tuple[int, list[str]]:
    rng, solved, failed = np.random.default_rng(seed), 0, []
    while solved + len(failed) < many:
        case = heat_pump(rng)
        if case is None:
            continue
        try:
            solution = ek.NewtonConfig().solve(case[1])
        except ek.SolverError as error:
            failed.append(f"{case[0]}: {error}")
            continue
        solved += 1
        assert abs(solution.heat - solution.cold - solution.power) < 1e-9 * solution.heat, case[0]
        states = {name: solution.state(name) for name in solution.edges}
        assert states["discharge"].s >= states["suction"].s, case[0]
        assert states["mixture"].s >= states["liquid"].s, case[0]
    return solved, failed


def solve_networks(many: int, seed: int) -> list[str]:
    """Solves so many networks of random structure from cold, and checks each; those that failed."""
    rng, failed, solved = np.random.default_rng(seed), [], 0
    while solved + len(failed) < many:
        case = network(rng)
        if case is None:
            continue
        draft, shape = case
        try:
            solution = ek.NewtonConfig().solve(draft.system)
        except ek.SolverError as error:
            failed.append(f"{shape}: {error}")
            continue
        solved += 1
        check(draft, solution, shape)
    return failed


def test_random_structures_are_solved_cold_and_their_balances_close() -> None:
    failed = solve_networks(300, seed=1)
    assert len(failed) <= 1, failed


def test_random_heat_pumps_are_solved_cold() -> None:
    solved, failed = solve_many(400, seed=1)
    assert solved >= 0.995 * 400, failed


ODD = [0.0, -1.0, 1e-9, 1e9, 1e30, 1e-30, np.nan, np.inf, 1.0, 273.15, 5e5]
WORDS = {
    "compressor": ["eta_s", "displacement"],
    "condenser": ["ua", "pr", "subcooling", "Q"],
    "evaporator": ["ua", "pr", "superheat", "Q"],
    "sink": ["T", "m", "p"],
    "source": ["T", "m", "p"],
}


def odd(rng: np.random.Generator) -> float:
    return float(rng.choice(ODD)) * float(rng.choice([1.0, 0.5, 3.0, -1.0]))


def bad_system(rng: np.random.Generator) -> ek.System:
    part = str(rng.choice(list(WORDS)))
    return build(**{part: {str(rng.choice(WORDS[part])): odd(rng)}})


def test_bad_numbers_end_in_our_errors() -> None:
    """Whatever is given: a solution of finite numbers, or one of our errors, and soon."""
    rng = np.random.default_rng(0)
    solver = ek.NewtonConfig(timeout=1.0, max_iterations=25)
    solved = 0
    for _ in range(450):
        try:
            vector = solver.solve(bad_system(rng)).state_vector
        except ek.EntropykError:
            continue
        solved += 1
        assert np.isfinite(vector).all()
    assert 0 < solved < 450
