"""Every fluid against CoolProp, which publishes the same equations, and against extended precision on saturation."""

from __future__ import annotations

import json
import math

import CoolProp
import numpy as np
import pytest
from CoolProp import CoolProp as coolprop

import entropyk as ek

STATES = 1000
# their pressures of saturation are ancillary equations
PSEUDO_PURE = ["Air", "R404A", "R407C", "R410A", "R507A", "SES36"]


def off(a: float, b: float, size: float = 0.0) -> float:
    return abs(a - b) / max(abs(b), size)


def single_phase(fluid: ek.Fluid, rng: np.random.Generator) -> tuple[float, float, ek.State]:
    low, high = fluid.T_limits
    while True:
        t = rng.uniform(low, high)
        p = math.exp(rng.uniform(math.log(1e2), math.log(fluid.p_max)))
        try:
            return p, t, fluid.state(p=p, T=t)
        except ek.FluidError as error:
            if "one phase" not in str(error):
                raise


@pytest.mark.parametrize("name", ek.fluids())
def test_single_phase_states_are_coolprops(name: str) -> None:
    fluid, rng = ek.Fluid(name), np.random.default_rng(1)
    theirs = CoolProp.AbstractState("HEOS", name)
    theirs.specify_phase(CoolProp.iphase_gas)  # takes the equation as it is, at any density
    gas = fluid.gas_constant
    for _ in range(STATES):
        p, t, q = single_phase(fluid, rng)
        theirs.update(CoolProp.DmassT_INPUTS, q.rho, q.T)
        stiff = q.rho * theirs.first_partial_deriv(CoolProp.iP, CoolProp.iDmass, CoolProp.iT)
        near = f"{name} at {p} Pa, {t} K"
        assert t == q.T, near
        assert off(theirs.p(), p, stiff) < 1e-10, near
        assert off(q.h, theirs.hmass(), gas * t) < 1e-10, near
        assert off(q.s, theirs.smass(), gas) < 1e-10, near
        assert q.cp is not None
        assert q.cv is not None
        assert off(q.cv, theirs.cvmass()) < 1e-10, near
        # cp, and speed of sound with it, have no more digits than the slope of pressure has
        assert off(q.cp, theirs.cpmass()) < 1e-10 * max(1.0, p / stiff), near


@pytest.mark.parametrize("name", ek.fluids())
def test_flashes_lead_back(name: str) -> None:
    fluid, rng = ek.Fluid(name), np.random.default_rng(2)
    for _ in range(200):
        p, t, q = single_phase(fluid, rng)
        if q.cp is None or q.cp < 0:
            continue  # solid in truth; the equation, followed there, has two states of one enthalpy
        # a state is as exact as its least stiff direction: near the critical point temperature says little
        for again in (fluid.state(p=p, h=q.h), fluid.state(p=p, s=q.s)):
            near = f"{name} at {p} Pa, {t} K: {again}"
            assert off(again.h, q.h, fluid.gas_constant * t) < 1e-10, near
            assert off(again.s, q.s, fluid.gas_constant) < 1e-10, near
            assert off(again.T, t) < 1e-8, near
            assert off(again.rho, q.rho) < 1e-7, near


@pytest.mark.parametrize("name", sorted(set(ek.fluids()) - set(PSEUDO_PURE)))
def test_saturation_is_that_of_extended_precision(name: str) -> None:
    data = json.loads(coolprop.get_fluid_param_string(name, "JSON"))[0]["EOS"][0]
    fluid = ek.Fluid(name)
    assert not fluid.pseudo_pure
    for check in data["SUPERANCILLARY"]["check_points"]:
        t = check["T / K"]
        if not fluid.T_limits[0] <= t <= 0.999 * fluid.T_critical:
            continue
        liquid, vapour = fluid.state(T=t, x=0), fluid.state(T=t, x=1)
        assert off(liquid.p, check["p(mp) / Pa"]) < 1e-8, t
        assert off(liquid.rho / fluid.molar_mass, check["rho'(mp) / mol/m^3"]) < 1e-8, t
        assert off(vapour.rho / fluid.molar_mass, check["rho''(mp) / mol/m^3"]) < 1e-8, t
        for side in (liquid, vapour):
            # the same from pressure, and from enthalpy half way between
            assert off(fluid.state(p=side.p, x=side.x).T, t) < 1e-12
        middle = fluid.state(p=liquid.p, h=0.5 * (liquid.h + vapour.h))
        assert middle.phase == "two-phase"
        assert middle.x == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("name", PSEUDO_PURE)
def test_pseudo_pure_lines_are_coolprops(name: str) -> None:
    fluid, rng = ek.Fluid(name), np.random.default_rng(3)
    assert fluid.pseudo_pure
    theirs = CoolProp.AbstractState("HEOS", name)
    for _ in range(40):
        t = rng.uniform(fluid.T_limits[0] * 1.001, 0.97 * fluid.T_critical)
        for x in (0, 1):
            theirs.update(CoolProp.QT_INPUTS, x, t)
            q = fluid.state(T=t, x=x)
            assert off(q.p, theirs.p()) < 1e-8
            assert off(q.rho, theirs.rhomass()) < 1e-8
            assert off(q.h, theirs.hmass(), fluid.gas_constant * t) < 1e-8
            assert off(q.s, theirs.smass(), fluid.gas_constant) < 1e-8
