"""Components against hand calculations with CoolProp, and networks with branches."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import CoolProp
import pytest
from conftest import build
from CoolProp.CoolProp import PropsSI

import entropyk as ek


def line(fluid: str, *parts: ek.Component, names: str = "") -> ek.Solution:
    system = ek.System(fluid)
    handles = [system.add_component(part) for part in parts]
    for i, (a, b) in enumerate(itertools.pairwise(handles)):
        system.add_edge(a, b, str(i))
    system.finalize()
    return ek.NewtonConfig().solve(system)


def test_compressor_by_its_displacement() -> None:
    source = ek.FlowSource(p=3e5, T=285.0)
    part = ek.Compressor(eta_s=0.7, pr=4.0, displacement=0.01, eta_v=0.85)
    solution = line("R134a", source, part, ek.FlowSink())
    h, s, rho = (PropsSI(word, "P", 3e5, "T", 285.0, "R134a") for word in "HSD")
    ideal = PropsSI("H", "P", 12e5, "S", s, "R134a")
    assert solution.mass_flow("0") == pytest.approx(0.85 * 0.01 * rho, rel=1e-9)
    assert solution.state("1").h == pytest.approx(h + (ideal - h) / 0.7, rel=1e-9)
    assert solution["compressor.P"] == pytest.approx(
        0.85 * 0.01 * rho * (ideal - h) / 0.7, rel=1e-9
    )


def test_pump_and_fan() -> None:
    for fluid, cls, pr in (("Water", ek.Pump, 10.0), ("Air", ek.Fan, 1.02)):
        solution = line(
            fluid, ek.FlowSource(p=1e5, T=300.0, m=2.0), cls(eta_s=0.6, pr=pr), ek.FlowSink()
        )
        h, s, rho = (PropsSI(word, "P", 1e5, "T", 300.0, fluid) for word in "HSD")
        work = (PropsSI("H", "P", pr * 1e5, "S", s, fluid) - h) / 0.6
        name = cls.__name__.lower()
        assert solution[f"{name}.P"] == pytest.approx(2.0 * work, rel=1e-7)
        assert solution[f"{name}.volume_flow"] == pytest.approx(2.0 / rho, rel=1e-9)


def test_a_pipe_loses_what_it_is_told() -> None:
    solution = line(
        "Water", ek.FlowSource(p=2e5, T=350.0, m=0.5), ek.Pipe(dp=3e4, Q=-5e3), ek.FlowSink()
    )
    assert solution.state("1").p == pytest.approx(1.7e5, rel=1e-12)
    assert solution.state("1").h == pytest.approx(
        PropsSI("H", "P", 2e5, "T", 350.0, "Water") - 1e4, rel=1e-9
    )


@pytest.mark.parametrize("branches", [2, 3, 5])
def test_splitter_and_merger_share_and_mix(branches: int) -> None:
    system = ek.System("Water")
    source = system.add_component(ek.FlowSource(p=2e5, T=300.0, m=1.0))
    split, merge = system.add_component(ek.FlowSplitter(branches)), system.add_component(
        ek.FlowMerger(branches)
    )
    system.add_edge(source, split)
    for i in range(branches):
        # each branch is heated differently; all but the first have a flow of their own, and lose no pressure of their own
        pipe = system.add_component(ek.Pipe(Q=1e3 * (i + 1), pr=None if i else 1.0))
        system.add_edge((split, i), pipe, f"in{i}", m=0.1 * i or None)
        system.add_edge(pipe, (merge, i), f"out{i}")
    system.add_edge(merge, system.add_component(ek.FlowSink()), "mixed")
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    flows = [solution.mass_flow(f"in{i}") for i in range(branches)]
    assert sum(flows) == pytest.approx(1.0, rel=1e-12)
    heat = sum(1e3 * (i + 1) for i in range(branches))
    cold = ek.Fluid("Water").state(p=2e5, T=300.0).h
    assert solution.state("mixed").h - cold == pytest.approx(heat, rel=1e-9)
    for wrong in (1, 6):
        with pytest.raises(ek.ComponentError, match="2 to 5 branches"):
            ek.FlowSplitter(wrong)


def test_a_source_brings_its_own_fluid() -> None:
    system = ek.System("R134a")
    a = system.add_component(ek.FlowSource("Water", p=1e5, T=300.0, m=1.0))
    b, c = system.add_component(ek.Pipe(pr=1.0, Q=1e4)), system.add_component(ek.FlowSink())
    system.add_edge(a, b)
    system.add_edge(b, c, "out")
    system.finalize()
    found = ek.NewtonConfig().solve(system).state("out")
    assert found.h == pytest.approx(PropsSI("H", "P", 1e5, "T", 300.0, "Water") + 1e4, rel=1e-9)


def test_two_stages_with_flash_injection_beat_one() -> None:
    """Vapour of the intermediate pressure is not compressed from the lowest one: the cycle of textbooks, by hand."""
    system = ek.System("R134a")
    parts = {
        name: system.add_component(part, name)
        for name, part in {
            "low": ek.Compressor(eta_s=1.0),
            "mix": ek.FlowMerger(),
            "high": ek.Compressor(eta_s=1.0),
            "condenser": ek.Condenser(dp=0.0),
            "first": ek.ExpansionValve(),
            "flash": ek.FlashEconomizer(),
            "second": ek.ExpansionValve(),
            "evaporator": ek.Evaporator(dp=0.0),
        }.items()
    }
    p = parts
    system.add_edge(p["low"], (p["mix"], 0), "low discharge")
    system.add_edge((p["flash"], 0), (p["mix"], 1), "injected", p=0.32e6)
    system.add_edge(p["mix"], p["high"], "mixed")
    system.add_edge(p["high"], p["condenser"], p=0.8e6)
    system.add_edge(p["condenser"], p["first"], x=0, m=1.0)
    system.add_edge(p["first"], p["flash"], "flashing")
    system.add_edge((p["flash"], 1), p["second"])
    system.add_edge(p["second"], p["evaporator"])
    system.add_edge(p["evaporator"], p["low"], "suction", p=0.14e6, x=1)
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    # Çengel and Boles, example 11-4: 20.5 % flashes, COP 4.46 (5th edition's tables)
    share = solution.mass_flow("injected")
    assert share == pytest.approx(0.205, abs=2e-3)
    assert solution.state("flashing").x == pytest.approx(share, rel=1e-9)
    assert solution.cop_cooling == pytest.approx(4.46, rel=5e-3)
    assert solution.heat == pytest.approx(solution.cold + solution.power, rel=1e-9)
    one = PropsSI("H", "P", 0.8e6, "Q", 0, "R134a")
    h1, s1 = (PropsSI(word, "P", 0.14e6, "Q", 1, "R134a") for word in "HS")
    assert solution.cop_cooling > (h1 - one) / (PropsSI("H", "P", 0.8e6, "S", s1, "R134a") - h1)


class FromCoolProp:
    """R134a as if it were not here."""

    name, boiling_range = "R134a of CoolProp", (170.0, 370.0)

    def __init__(self) -> None:
        self.fluid = CoolProp.AbstractState("HEOS", "R134a")

    def answer(self, pair: int, a: float, b: float) -> SimpleNamespace:
        q = self.fluid
        q.update(pair, a, b)
        return SimpleNamespace(p=q.p(), T=q.T(), h=q.hmass(), s=q.smass(), rho=q.rhomass())

    def state_ph(self, p: float, h: float) -> SimpleNamespace:
        return self.answer(CoolProp.HmassP_INPUTS, h, p)

    def state_pt(self, p: float, t: float) -> SimpleNamespace:
        return self.answer(CoolProp.PT_INPUTS, p, t)

    def state_px(self, p: float, x: float) -> SimpleNamespace:
        return self.answer(CoolProp.PQ_INPUTS, p, x)

    def state_tx(self, t: float, x: float) -> SimpleNamespace:
        return self.answer(CoolProp.QT_INPUTS, x, t)


def test_a_fluid_from_python_gives_the_same_cycle() -> None:
    vectors = []
    for fluid in ("R134a", FromCoolProp()):
        system = build(fluid)
        vectors.append(ek.NewtonConfig().solve(system).state_vector)
    assert vectors[1] == pytest.approx(vectors[0], rel=1e-6)


def test_a_fluid_from_python_that_fails_says_so() -> None:
    class Broken(FromCoolProp):
        name = "broken"

        def state_ph(self, p: float, h: float) -> SimpleNamespace:
            raise RuntimeError("no such mixture")

    with pytest.raises(ek.SolverError, match="no such mixture"):
        ek.NewtonConfig().solve(build(Broken()))
    with pytest.raises(ek.FluidError, match="an object with state_ph"):
        ek.System(3)


FLOW = [0.05, 2e-3, -1e-4, 2e-5, -1e-6, 1e-6, 1e-7, -2e-7, 1e-8, -1e-8]
POWER = [900.0, -4.0, 18.0, -0.1, 0.3, 0.05, 1e-3, -2e-3, 1e-3, 4e-4]


def polynomial(c: list[float], s: float, d: float) -> float:
    terms = [1, s, d, s * s, s * d, d * d, s**3, d * s * s, s * d * d, d**3]
    return sum(a * b for a, b in zip(c, terms, strict=True))


@pytest.mark.parametrize("imperial", [False, True])
@pytest.mark.parametrize("rated", [{"superheat": 11.1}, {"suction_temperature": 291.48}])
def test_compressor_by_ahri_540(imperial: bool, rated: dict[str, float]) -> None:
    """Against the polynomials and Dabiri and Rice's correction, by hand with CoolProp."""
    scale = 3000.0 if imperial else 1.0  # a flow of pounds an hour
    flow, power = [c * scale for c in FLOW], POWER
    low, high, t_in, loss = 3e5, 11e5, 288.0, 0.08
    part = ek.Compressor(
        ahri=ek.Ahri540(mass_flow=flow, power=power, imperial=imperial, factor=0.7, **rated),
        heat_loss=loss,
    )
    system = ek.System("R134a")
    a, b, c = (
        system.add_component(p) for p in (ek.FlowSource(p=low, T=t_in), part, ek.FlowSink(p=high))
    )
    system.add_edge(a, b, "suction")
    system.add_edge(b, c, "discharge")
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    dew = [PropsSI("T", "P", p, "Q", 1, "R134a") for p in (low, high)]
    s, d = ((1.8 * t - 459.67) if imperial else t - 273.15 for t in dew)
    t_rated = rated.get("suction_temperature") or dew[0] + rated["superheat"]

    def work(t: float) -> tuple[float, float, float]:
        h, entropy, rho = (PropsSI(word, "P", low, "T", t, "R134a") for word in "HSD")
        return rho, PropsSI("H", "P", high, "S", entropy, "R134a") - h, h

    (rho, more, h_in), (rho_rated, more_rated, _) = work(t_in), work(t_rated)
    share = 1 + 0.7 * (rho / rho_rated - 1)
    m = polynomial(flow, s, d) * share * (0.45359237 / 3600 if imperial else 1.0)
    electric = polynomial(power, s, d) * share * more / more_rated
    assert solution.mass_flow("suction") == pytest.approx(m, rel=1e-9)
    assert solution["compressor.P_electric"] == pytest.approx(electric, rel=1e-9)
    assert solution.state("discharge").h == pytest.approx(
        h_in + electric * (1 - loss) / m, rel=1e-9
    )
    assert solution.power == solution["compressor.P_electric"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mass_flow": [float("nan")] * 10}, "finite coefficients"),
        ({"factor": 1.5}, "from 0 to 1"),
        ({"superheat": -1.0}, "superheat above 0"),
    ],
)
def test_a_rating_is_checked(change: dict[str, object], said: str) -> None:
    words: dict[str, object] = {"mass_flow": FLOW, "power": POWER, "superheat": 10.0} | change
    with pytest.raises(ek.ComponentError, match=said):
        ek.Ahri540(**words)
    with pytest.raises(ValueError, match="one of superheat and suction_temperature"):
        ek.Ahri540(mass_flow=FLOW, power=POWER)
    with pytest.raises(ek.ComponentError, match="give ahri"):
        ek.Compressor(heat_loss=0.1)


@pytest.mark.parametrize(
    "word", ["mass_flow", "power", "superheat", "factor", "imperial", "heat_loss", "P_electric"]
)
def test_each_word_of_a_rating_counts(word: str) -> None:
    values: dict[str, tuple[object, object]] = {
        "mass_flow": (FLOW, [0.9 * c for c in FLOW]),
        "power": (POWER, [1.1 * c for c in POWER]),
        "superheat": (10.0, 12.0),
        "factor": (0.7, 0.8),
        "imperial": (False, True),
        "heat_loss": (0.0, 0.1),
        "P_electric": (1800.0, 1900.0),
    }
    seen = []
    for value in values[word]:
        rating: dict[str, object] = {"mass_flow": FLOW, "power": POWER, "superheat": 11.0}
        own = word in ("heat_loss", "P_electric")
        part = ek.Compressor(
            ahri=ek.Ahri540(**(rating | ({} if own else {word: value}))),
            **({word: value} if own else {}),
        )
        # with the power given, the pressure that takes it is found
        end = ek.FlowSink() if word == "P_electric" else ek.FlowSink(p=11e5)
        seen.append(line("R134a", ek.FlowSource(p=3e5, T=290.0), part, end).state_vector)
    assert abs(seen[1] / seen[0] - 1).max() > 1e-9


@pytest.mark.parametrize(("p", "t"), [(100e5, 308.15), (75e5, 304.3), (7.3773e6, 304.1282)])
def test_a_transcritical_cycle(p: float, t: float) -> None:
    """Above its critical pressure carbon dioxide has no bubble line to be subcooled from."""
    system = ek.System("CO2")
    parts = [
        ek.Compressor(eta_s=0.7),
        ek.Condenser(dp=0),
        ek.ExpansionValve(),
        ek.Evaporator(dp=0, superheat=5, Q=1e4),
    ]
    a, b, c, d = (system.add_component(part) for part in parts)
    system.add_edge(a, b, p=p)
    system.add_edge(b, c, "cooled", T=t)
    system.add_edge(c, d)
    system.add_edge(d, a, T_dew=263.15)
    system.finalize()
    found = ek.NewtonConfig().solve(system)
    low = PropsSI("P", "T", 263.15, "Q", 1, "CO2")
    h1, s1 = (PropsSI(word, "P", low, "T", 268.15, "CO2") for word in "HS")
    work = (PropsSI("H", "P", p, "S", s1, "CO2") - h1) / 0.7
    cold = h1 - PropsSI("H", "P", p, "T", t, "CO2")
    # beside the critical point enthalpy hangs on every digit of temperature
    assert found.cop_cooling == pytest.approx(cold / work, rel=1e-3 if p < 7.4e6 else 1e-8)
    assert found["condenser.subcooling"] == pytest.approx(304.1282 - t, abs=1e-2)
