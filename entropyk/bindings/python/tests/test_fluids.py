"""Fluids: every pair of properties leads to the same state, derivatives are exact, refusals say the range."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import entropyk as ek

PAIRS = ["ph", "ps", "pT", "px", "Tx", "hs"]


@pytest.mark.parametrize("name", ["R134a", "Water", "CarbonDioxide", "Ammonia", "R410A"])
@pytest.mark.parametrize("share", [-0.2, 0.0, 0.3, 1.0, 1.4])
def test_each_pair_leads_to_the_same_state(name: str, share: float) -> None:
    fluid = ek.Fluid(name)
    p = 0.3 * fluid.p_critical
    liquid, vapour = fluid.state(p=p, x=0), fluid.state(p=p, x=1)
    first = fluid.state(p=p, h=liquid.h + share * (vapour.h - liquid.h))
    for pair in PAIRS:
        if ("x" in pair) != (first.x is not None) and "x" in pair:
            continue
        if pair == "pT" and first.x is not None:
            continue
        again = fluid.state(**{word: getattr(first, word) for word in pair})
        for word in ("p", "T", "h", "s", "rho", "u"):
            assert getattr(again, word) == pytest.approx(getattr(first, word), rel=1e-9), pair
        # on a line, the last digit decides on which side of it a state is
        assert again.phase == first.phase or share in (0.0, 1.0)


@pytest.mark.parametrize("name", ["R134a", "Water", "R407C"])
@pytest.mark.parametrize("share", [-0.2, 0.4, 1.3])
def test_derivatives_are_those_of_the_state(name: str, share: float) -> None:
    fluid = ek.Fluid(name)
    p = 0.2 * fluid.p_critical
    liquid, vapour = fluid.state(p=p, x=0), fluid.state(p=p, x=1)
    h = liquid.h + share * (vapour.h - liquid.h)
    exact = dict(fluid.state(p=p, h=h).derivatives())
    for word in ("T", "rho", "s"):
        for by, step in (("p", 1e-5 * p), ("h", 10.0)):
            up, down = (
                getattr(fluid.state(p=p + (by == "p") * d, h=h + (by == "h") * d), word)
                for d in (step, -step)
            )
            scale = getattr(fluid.state(p=p, h=h), word) / (p if by == "p" else 1e6)
            assert exact[f"{word}_{by}"] == pytest.approx(
                (up - down) / (2 * step), rel=2e-6, abs=2e-6 * scale
            )


def test_published_check_values_of_water() -> None:
    # IAPWS R6-95(2018), table 7: 500 K and 838.025 kg/m³, 647 K and 358 kg/m³
    water = ek.Fluid("Water")
    for p, t, s, w in (
        (10.0003858e6, 500.0, 2.56690919e3, 1271.28441),
        (22.0384756e6, 647.0, 4.32092307e3, 252.145078),
    ):
        rho = {500.0: 838.025, 647.0: 358.0}[t]
        q = water.state(p=p, T=t)
        # pressure has nine digits in the table; beside the critical point density hangs on each of them
        assert q.rho == pytest.approx(rho, rel=1e-8 if t == 500 else 1e-4)
        assert q.s == pytest.approx(s, rel=1e-8 if t == 500 else 1e-5)
        assert q.w == pytest.approx(w, rel=1e-7 if t == 500 else 1e-3)


def test_aliases_are_the_same_fluid() -> None:
    assert (
        ek.Fluid("CO2").name
        == ek.Fluid("R744").name
        == ek.Fluid("carbondioxide").name
        == "CarbonDioxide"
    )
    assert len(ek.fluids()) == 136


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"p": -1.0, "h": 4e5}, "expected p from"),
        ({"p": 1e12, "h": 4e5}, "expected p from"),
        ({"p": float("nan"), "h": 4e5}, "expected p from"),
        ({"p": 1e6, "h": float("inf")}, "no state"),
        ({"p": 1e6, "h": 1e9}, "expected h"),
        ({"p": 1e6, "h": -1e9}, "expected h"),
        ({"p": 1e6, "s": 1e9}, "expected s"),
        ({"p": 1e6, "T": 20.0}, "expected T from"),
        ({"p": 1e6, "x": 1.5}, "expected x from"),
        ({"p": 5e6, "x": 0.5}, "expected p of two phases"),
        ({"T": 500.0, "x": 0.5}, "expected T of two phases"),
        ({"h": 4e5, "s": 1e7}, "no state"),
    ],
)
def test_refusals_say_the_range(words: dict[str, float], said: str) -> None:
    with pytest.raises(ek.FluidError, match=said):
        ek.Fluid("R134a").state(**words)


def test_temperature_and_pressure_on_the_line_are_no_state() -> None:
    fluid = ek.Fluid("R134a")
    with pytest.raises(ek.FluidError, match="give the vapour quality"):
        fluid.state(p=1e6, T=fluid.state(p=1e6, x=0).T)


def test_unknown_fluids_name_what_is_near() -> None:
    with pytest.raises(ek.FluidError, match="R134a"):
        ek.Fluid("R134b")
    with pytest.raises(ek.FluidError, match="state_ph"):
        ek.Fluid("R454B.mix")
    for wrong in ({}, {"p": 1e5}, {"p": 1e5, "T": 300.0, "h": 4e5}, {"T": 300.0, "h": 1.0}):
        with pytest.raises(ValueError, match="two properties"):
            ek.Fluid("R134a").state(**wrong)


def test_bad_input_never_gives_a_number_that_is_none() -> None:
    fluid, rng = ek.Fluid("R134a"), np.random.default_rng(5)
    for pair in PAIRS[:-1]:
        for _ in range(3000):
            numbers = rng.choice([0.0, -1.0, np.nan, np.inf, 1e-200, 1e200, 1.0], 2) * np.exp(
                rng.normal(0, 12, 2)
            )
            try:
                q = fluid.state(**dict(zip(pair, map(float, numbers), strict=True)))
            except ek.FluidError:
                continue
            assert all(np.isfinite([q.p, q.T, q.h, q.s, q.rho])), (pair, numbers)


def test_threads_share_a_fluid() -> None:
    seen: list[float] = []
    threads = [
        threading.Thread(target=lambda: seen.append(ek.Fluid("R245fa").state(p=1e6, x=1).T))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
