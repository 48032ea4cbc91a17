"""Brines and ideal gases against CoolProp."""

from __future__ import annotations

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI

import entropyk as ek

BRINES = [name for name, _ in ek.brines()]


def test_how_many_there_are() -> None:
    assert len(BRINES) == 13
    assert dict(ek.brines())["MEG"] == "ethylene glycol"


@pytest.mark.parametrize("name", BRINES)
def test_brines_are_coolprops(name: str) -> None:
    rng = np.random.default_rng(len(name))
    other = f"INCOMP::{name}"
    low, high = (
        PropsSI(f"fraction_{w}", "T", 300, "P", 1e5, f"{other}[0.1]") for w in ("min", "max")
    )
    warmest = PropsSI("Tmax", "T", 300, "P", 1e5, f"{other}[0.1]")
    for _ in range(30):
        share = float(rng.uniform(low, high))
        brine, same = ek.Brine(name, share), f"{other}[{share!r}]"
        assert brine.T_freezing == pytest.approx(
            PropsSI("T_freeze", "T", 300, "P", 1e5, same), rel=1e-9
        )
        t, u = (float(v) for v in rng.uniform(brine.T_freezing + 1, warmest, 2))
        p, q = 10 ** rng.uniform(5, 6.5, 2)
        here, there = brine.state(p=p, T=t), brine.state(p=q, T=u)
        assert here.rho == pytest.approx(PropsSI("D", "T", t, "P", p, same), rel=1e-9)
        # the zero is ours, so that differences are compared
        for word, got in (("H", there.h - here.h), ("S", there.s - here.s)):
            a, b = (PropsSI(word, "T", v, "P", w, same) for v, w in ((t, p), (u, q)))
            assert got == pytest.approx(b - a, rel=1e-6, abs=1e-3)
        assert pytest.approx(t, rel=1e-10) == brine.state(p=p, h=here.h).T
        assert pytest.approx(t, rel=1e-10) == brine.state(p=p, s=here.s).T


@pytest.mark.parametrize("name", ["Air", "Nitrogen", "Water", "R134a", "CarbonDioxide"])
def test_ideal_gases_are_the_limit_of_thin_ones(name: str) -> None:
    gas, whole = ek.IdealGas(name), ek.Fluid(name)
    low, high = whole.T_limits
    for t in np.linspace(max(low, 250.0) + 5, min(high, 600.0), 9):
        thin = whole.state(p=1e-2, T=t)
        ideal = gas.state(p=1e-2, T=t)
        assert ideal.h == pytest.approx(thin.h, rel=1e-6, abs=1e-2)
        assert ideal.s == pytest.approx(thin.s, rel=1e-6)
        assert ideal.cp == pytest.approx(thin.cp, rel=1e-5)
        dense = gas.state(p=5e6, T=t)
        assert dense.h == ideal.h
        assert dense.rho == pytest.approx(5e6 / (whole.gas_constant * t), rel=1e-12)
        assert pytest.approx(t, rel=1e-10) == gas.state(p=5e6, s=dense.s).T
        assert pytest.approx(t, rel=1e-10) == gas.state(p=5e6, h=dense.h).T


@pytest.mark.parametrize("fluid", [ek.Brine("MPG", 0.3), ek.IdealGas("Air")])
def test_derivatives_are_those_of_the_states(fluid: ek.Brine | ek.IdealGas) -> None:
    q = fluid.state(p=5e5, T=300.0)
    found = dict(q.derivatives())
    for word in ("T", "rho", "s"):
        up, down = (getattr(fluid.state(p=q.p * k, h=q.h), word) for k in (1.001, 0.999))
        assert found[f"{word}_p"] == pytest.approx((up - down) / (0.002 * q.p), rel=1e-5, abs=1e-12)
        up, down = (getattr(fluid.state(p=q.p, h=q.h + k), word) for k in (10.0, -10.0))
        assert found[f"{word}_h"] == pytest.approx((up - down) / 20.0, rel=1e-5)


def test_a_heat_pump_on_brine_and_air() -> None:
    """Brine has to be colder than water to give as much; air of the same capacity warms as water does."""

    def pump(sink: ek.Stream, source: ek.Stream) -> ek.Solution:
        system = ek.SystemBuilder("R134a")
        system.component("compressor", ek.Compressor(eta_s=0.75))
        condenser = ek.Condenser(pr=0.99, ua=25e3, subcooling=3, secondary=sink)
        system.component("condenser", condenser)
        system.component("valve", ek.ExpansionValve())
        evaporator = ek.Evaporator(pr=0.98, ua=20e3, superheat=5, secondary=source)
        system.component("evaporator", evaporator)
        system.edge("compressor", "condenser", m=0.7).edge("condenser", "valve")
        system.edge("valve", "evaporator").edge("evaporator", "compressor")
        found = ek.NewtonConfig().solve(system.build())
        assert found.heat == pytest.approx(found.cold + found.power, rel=1e-9)
        states = [found.state(f"evaporator.secondary_{way}") for way in ("in", "out")]
        flow = found.mass_flow("evaporator.secondary_in")
        assert flow * (states[0].h - states[1].h) == pytest.approx(found.cold, rel=1e-9)
        return found

    air, brine = ek.IdealGas("Air"), ek.Brine("MEG", 0.3)
    sink = ek.Stream("Water", T=303.15, m=6.0)
    water = pump(sink, ek.Stream("Water", T=278.15, m=9.0))
    salted = pump(sink, ek.Stream(brine, T=278.15, m=9.0))
    share = brine.state(p=1e5, T=278.15).cp / ek.Fluid("Water").state(p=1e5, T=278.15).cp
    fallen = [
        found.state("evaporator.secondary_in").T - found.state("evaporator.secondary_out").T
        for found in (water, salted)
    ]
    assert 0.8 < share < 0.95
    assert fallen[0] / fallen[1] == pytest.approx(share, rel=0.02)
    assert salted.cop_heating < water.cop_heating
    capacity = 6.0 * ek.Fluid("Water").state(p=1e5, T=308.0).cp
    blown = ek.Stream(air, T=303.15, m=capacity / air.state(p=1e5, T=308.0).cp)
    windy = pump(blown, ek.Stream("Water", T=278.15, m=9.0))
    assert windy.cop_heating == pytest.approx(water.cop_heating, rel=2e-3)


def test_what_they_do_not_cover_is_named() -> None:
    with pytest.raises(ek.FluidError, match=r"MEG .ethylene glycol."):
        ek.Brine("salt", 0.1)
    with pytest.raises(ek.FluidError, match=r"share from 0 to 0\.6"):
        ek.Brine("MEG", 0.7)
    brine = ek.Brine("MEG", 0.3)
    with pytest.raises(ek.FluidError, match="expected T in K from 258"):
        brine.state(p=1e5, T=200.0)
    with pytest.raises(ek.FluidError, match="expected h in J/kg"):
        brine.state(p=1e5, h=1e7)
    with pytest.raises(ValueError, match="p T, p h, p s"):
        brine.state(T=300.0)
    system = ek.System(brine)
    a = system.add_component(ek.FlowSource(m=1.0, x=0.5, p=1e5))
    system.add_edge(a, system.add_component(ek.FlowSink()))
    system.finalize()
    with pytest.raises(ek.EntropykError, match="stays in one phase"):
        ek.NewtonConfig().solve(system)
