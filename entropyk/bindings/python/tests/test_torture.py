"""The long runs: ten thousand cycles from cold, ill-posed ones, a hundred thousand bad inputs. Run by `dev.py torture --entropyk`."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from conftest import build
from test_random import bad_system, odd, solve_many, solve_networks

import entropyk as ek

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def test_ten_thousand_cycles_from_cold() -> None:
    start = time.process_time()
    solved, failed = solve_many(10_000, seed=2)
    print(
        f"\n{solved} of 10,000 solved cold, {time.process_time() - start:.0f} s of processor time"
    )
    print("\n".join(failed[:20]))
    assert solved >= 9_950


def test_ten_thousand_structures_from_cold() -> None:
    start = time.process_time()
    failed = solve_networks(10_000, seed=5)
    spent = time.process_time() - start
    print(
        f"\n{10_000 - len(failed)} of 10,000 structures solved cold, {spent:.0f} s of processor time"
    )
    print("\n".join(failed[:20]))
    assert len(failed) <= 50


# what a well-posed heat pump is told, and what may be told besides
SAID: dict[str, dict[str, Any]] = {
    "compressor": {"eta_s": 0.75},
    "condenser": {"pr": 0.99, "ua": 25e3, "subcooling": 3.0},
    "evaporator": {"pr": 0.98, "ua": 20e3, "superheat": 5.0},
}
MORE: dict[str, dict[str, float]] = {
    "compressor": {"pr": 3.0, "P": 4e4},
    "condenser": {"Q": -1e5, "dp": 1e4, "ttd_l": 5.0, "pinch": 3.0},
    "evaporator": {"Q": 1e5, "dp": 1e4, "ttd_u": 5.0},
    "valve": {"pr": 0.3, "dp": 1e6},
}


def test_ill_posed_cycles_are_named_before_solving() -> None:
    rng = np.random.default_rng(3)
    for _ in range(3_000):
        change: dict[str, dict[str, Any]] = {}
        dropped, added = rng.integers(0, 4, 2)
        if dropped == added:
            added += 1
        for many, table, value in ((dropped, SAID, None), (added, MORE, 1.0)):
            words = [(part, word) for part, said in table.items() for word in said]
            for part, word in (words[i] for i in rng.choice(len(words), many, replace=False)):
                change.setdefault(part, {})[word] = value and table[part][word]
        with pytest.raises(ek.TopologyError) as caught:
            build(**change)
        said = str(caught.value)
        assert ("too little" in said) or ("too much" in said), change
        if dropped > added:
            assert "too little is given" in said, change
        else:
            assert "too much is given" in said, change


def test_a_hundred_thousand_bad_inputs() -> None:
    """Whatever is asked: finite numbers, or one of our errors, and soon."""
    rng = np.random.default_rng(4)
    names, pairs = ek.fluids(), ["ph", "ps", "pT", "px", "Tx", "hs"]
    solver, longest, refused = ek.NewtonConfig(timeout=1.0, max_iterations=25), 0.0, 0
    system = build()
    keys = ek.NewtonConfig().solve(system).keys()
    keys.remove("one")

    def state() -> object:
        fluid = ek.Fluid(str(rng.choice(names)))
        asked = {word: odd(rng) for word in str(rng.choice(pairs))}
        found = fluid.state(**asked)
        return [found.T, found.p, found.h, found.s, found.rho]

    def changed() -> object:
        key = str(rng.choice(keys))
        before = system[key]
        try:
            system[key] = odd(rng)
            return solver.solve(system).state_vector
        finally:
            system[key] = before

    def new() -> object:
        return solver.solve(bad_system(rng)).state_vector

    for ask, many in ((state, 60_000), (changed, 20_000), (new, 20_000)):
        for _ in range(many):
            start = time.perf_counter()
            try:
                assert np.isfinite(ask()).all()
            except ek.EntropykError:
                refused += 1
            longest = max(longest, time.perf_counter() - start)
    print(f"\n100,000 bad inputs: {refused} refused, the longest took {longest:.2f} s")
    assert longest < 5.0
