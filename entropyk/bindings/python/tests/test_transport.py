"""Viscosity and thermal conductivity against CoolProp, and a pipe's friction against a calculation by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from CoolProp import AbstractState
from CoolProp.CoolProp import PQ_INPUTS, PT_INPUTS
from scipy.optimize import brentq

import entropyk as ek

KNOWN = [name for name in ek.fluids() if ek.Fluid(name).viscosity_source is not None]


def test_how_many_are_known() -> None:
    assert len(KNOWN) == 30
    assert {
        "Water",
        "R134a",
        "n-Propane",
        "Ammonia",
        "R32",
        "R410A",
        "Air",
        "CarbonDioxide",
    } <= set(KNOWN)


def states(name: str) -> Iterator[tuple[ek.Fluid, ek.State, AbstractState]]:
    """Random states of one phase, here and in CoolProp, but for those beside the critical temperature."""
    fluid, other = ek.Fluid(name), AbstractState("HEOS", name)
    rng = np.random.default_rng(len(name))
    low, high = fluid.T_limits
    compared = 0
    for _ in range(40):
        t = rng.uniform(max(1.02 * low, 0.5 * fluid.T_critical), min(high, 1.6 * fluid.T_critical))
        p = fluid.p_critical * 10 ** rng.uniform(-3, 0.3)
        if abs(t / fluid.T_critical - 1) < 0.03:
            continue
        try:
            state = fluid.state(p=p, T=t)
            other.update(PT_INPUTS, p, t)
        except (ek.FluidError, ValueError):
            continue
        compared += 1
        yield fluid, state, other
    assert compared > 30


@pytest.mark.parametrize("name", KNOWN)
def test_viscosity_is_coolprops(name: str) -> None:
    for fluid, state, other in states(name):
        # that of water is without its term near the critical point
        near = name == "Water" and abs(state.T / fluid.T_critical - 1) < 0.15
        allowed = 1e-5 if near else 1e-7
        assert fluid.viscosity(state) == pytest.approx(other.viscosity(), rel=allowed), state


def test_two_phases_have_the_mean_that_flows_are_modelled_with() -> None:
    fluid, other = ek.Fluid("R134a"), AbstractState("HEOS", "R134a")
    sides = []
    for x in (0.0, 1.0):
        other.update(PQ_INPUTS, 5e5, x)
        sides.append(other.viscosity())
    mixed = fluid.viscosity(fluid.state(p=5e5, x=0.3))
    assert mixed == pytest.approx(1 / (0.7 / sides[0] + 0.3 / sides[1]), rel=1e-6)
    helium = ek.Fluid("Helium")
    state = helium.state(p=1e5, T=300.0)
    with pytest.raises(ek.FluidError, match="give a pressure drop"):
        helium.viscosity(state)


@pytest.mark.parametrize("m", [0.02, 0.1, 2.0])
def test_a_pipes_friction(m: float) -> None:
    system = ek.System("Water")
    parts = [
        ek.FlowSource(p=5e5, T=300.0, m=m),
        ek.Pipe(Q=0.0, length=50.0, diameter=0.05, roughness=5e-5),
        ek.FlowSink(),
    ]
    a, b, c = (system.add_component(part) for part in parts)
    system.add_edge(a, b, "in")
    system.add_edge(b, c, "out")
    system.finalize()
    found, water = ek.NewtonConfig().solve(system), ek.Fluid("Water")
    ends = [found.state(name) for name in ("in", "out")]
    mu = sum(water.viscosity(end) for end in ends) / 2
    v = sum(1 / end.rho for end in ends) / 2
    re = 4 * m / (math.pi * 0.05 * mu)

    def colebrook(f: float) -> float:
        return 1 / math.sqrt(f) + 2 * math.log10(5e-5 / 0.05 / 3.71 + 2.51 / re / math.sqrt(f))

    rough = brentq(colebrook, 1e-3, 1.0, xtol=1e-15)
    share = min(max(math.log(re / 2000) / math.log(2), 0), 1)
    factor = (1 - share) * 64 / re + share * rough
    drop = factor * 50 / 0.05 * v / 2 * (m / (math.pi / 4 * 0.05**2)) ** 2
    assert ends[0].p - ends[1].p == pytest.approx(drop, rel=1e-5)
    assert (re < 2000) is (m == 0.02)


def test_a_pipe_of_a_fluid_without_viscosity_says_so() -> None:
    system = ek.System("Helium")
    parts = [
        ek.FlowSource(p=5e5, T=300.0, m=1.0),
        ek.Pipe(Q=0.0, length=5.0, diameter=0.05),
        ek.FlowSink(),
    ]
    a, b, c = (system.add_component(part) for part in parts)
    system.add_edge(a, b)
    system.add_edge(b, c)
    system.finalize()
    with pytest.raises(ek.EntropykError, match="Helium: its viscosity is not known"):
        ek.NewtonConfig().solve(system)


CONDUCTING = [name for name in ek.fluids() if ek.Fluid(name).conductivity_source is not None]


def test_of_how_many_conductivity_is_known() -> None:
    assert len(CONDUCTING) == 25
    assert {
        "Water",
        "R134a",
        "n-Propane",
        "R1234yf",
        "R410A",
        "Air",
        "CarbonDioxide",
        "Ammonia",
    } <= set(CONDUCTING)


@pytest.mark.parametrize("name", CONDUCTING)
def test_conductivity_is_coolprops(name: str) -> None:
    # water's viscosity, which is in it, is without its term near the critical point
    allowed = 1e-5 if name == "Water" else 1e-7
    for fluid, state, other in states(name):
        assert fluid.conductivity(state) == pytest.approx(other.conductivity(), rel=allowed), state


def test_published_conductivities_of_water() -> None:
    # IAPWS R15-11, table 4, without the enhancement, which is 0 or below the last digit there
    water = ek.Fluid("Water")
    dense = brentq(lambda p: water.state(p=p, T=298.15).rho - 998.0, 1e4, 1e7)
    for p, t, expected in (
        (dense, 298.15, 0.607712868),
        (1.0, 298.15, 0.0184341883),
        (1.0, 873.15, 0.0791034659),
    ):
        assert water.conductivity(water.state(p=p, T=t)) == pytest.approx(expected, rel=1e-6)


def test_refusals_of_conductivity_say_why() -> None:
    r32, r134a = ek.Fluid("R32"), ek.Fluid("R134a")
    assert r32.conductivity_source is None
    with pytest.raises(ek.FluidError, match="R32: its thermal conductivity is not known"):
        r32.conductivity(r32.state(p=1e5, T=300.0))
    with pytest.raises(ek.FluidError, match="expected a state of one phase"):
        r134a.conductivity(r134a.state(p=5e5, x=0.5))
