"""Tables against the equations that they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import build

import entropyk as ek


@pytest.mark.parametrize("name", ["R134a", "R290", "R717", "R1234yf", "Water", "CO2"])
def test_a_table_is_as_far_off_as_it_says(name: str) -> None:
    fluid = ek.Fluid(name)
    table, rng = fluid.table(), np.random.default_rng(3)
    said = dict(table.errors)
    worst = {"T": 0.0, "s": 0.0, "rho": 0.0}
    for _ in range(400):
        p = fluid.p_critical * 10 ** rng.uniform(-1.1, -0.05)
        h = rng.uniform(fluid.state(p=p, x=0.0).h * 0.95, fluid.state(p=p, x=1.0).h * 1.05)
        found, exact = table.state(p=p, h=h), fluid.state(p=p, h=h)
        worst["T"] = max(worst["T"], abs(found.T - exact.T))
        worst["s"] = max(worst["s"], abs(found.s - exact.s))
        worst["rho"] = max(worst["rho"], abs(found.rho / exact.rho - 1))
        lines = [fluid.state(p=p, x=x).h for x in (0.0, 1.0)]
        if min(abs(h - line) for line in lines) > 100.0:
            assert found.phase == exact.phase
    for word, off in worst.items():
        assert off <= 2 * said[word], word
    assert said["T"] < 2e-2
    assert said["rho"] < 1e-3


def test_more_points_are_nearer() -> None:
    fluid = ek.Fluid("R134a")
    errors = [dict(fluid.table(size).errors)["T"] for size in (20, 40, 80)]
    assert errors[0] > 3 * errors[1] > 9 * errors[2]
    with pytest.raises(ek.ValidationError, match="size of at least 8, got 2"):
        fluid.table(2)
    with pytest.raises(ek.ValidationError, match="8 to 400 points a side, got 401"):
        fluid.table(401)
    with pytest.raises(ek.FluidError, match="pure fluids only"):
        ek.Fluid("R410A").table()


def test_derivatives_are_those_of_the_table() -> None:
    table = ek.Fluid("R134a").table(30)
    for h in (2.2e5, 3.2e5, 4.4e5):
        found = dict(table.state(p=1e6, h=h).derivatives())
        for word in ("T", "rho", "s"):
            up, down = (getattr(table.state(p=1e6 * k, h=h), word) for k in (1 + 1e-6, 1 - 1e-6))
            assert found[f"{word}_p"] == pytest.approx((up - down) / 2.0, rel=1e-4, abs=1e-10)
            up, down = (getattr(table.state(p=1e6, h=h + k), word) for k in (1.0, -1.0))
            assert found[f"{word}_h"] == pytest.approx((up - down) / 2.0, rel=1e-4, abs=1e-10)


def test_pairs_go_there_and_back() -> None:
    fluid = ek.Fluid("R134a")
    table = fluid.table()
    for p in (2e5, 1e6, 3e6):
        for h in (1.9e5, 2.6e5, 3.9e5, 4.4e5):
            q = table.state(p=p, h=h)
            assert table.state(p=p, s=q.s).h == pytest.approx(h, rel=1e-6)
            if q.x is None:
                assert table.state(p=p, T=q.T).h == pytest.approx(h, rel=1e-6)
    # beyond the table, the equation itself answers
    assert table.state(p=6e6, h=4.4e5).T == fluid.state(p=6e6, h=4.4e5).T


def test_a_cycle_on_tables_is_the_same_cycle() -> None:
    exact = ek.NewtonConfig().solve(build())
    found = ek.NewtonConfig().solve(build(ek.Fluid("R134a").table()))
    assert found.cop_heating == pytest.approx(exact.cop_heating, rel=1e-5)
    assert found.cop_heating != exact.cop_heating
    assert found.state_vector == pytest.approx(exact.state_vector, rel=1e-4)
