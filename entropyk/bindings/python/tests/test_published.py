"""Published cases: a textbook's, and heat exchangers of which both streams may boil."""

from __future__ import annotations

from typing import Any

import pytest

import entropyk as ek

# I. H. Bell et al., Applied Thermal Engineering 79 (2015): counter-flow between 100 W/m²/K of one phase and 1000 of two.
# Area, flows and duty: the numbers of the authors' program for their water and propane case and that of propane and propane.
WATER = [(0.2, 451.8242), (1.0, 2289.3026), (2.0, 4163.4556), (4.0, 4577.2422), (7.0, 4581.5014)]
PROPANE = [(3.0, 0.004, 1811.9192), (3.0, 0.01, 4100.5249), (0.3, 0.01, 2152.7352)]
COEFFICIENTS = {
    "alpha": 100.0,
    "alpha_two_phase": 1000.0,
    "alpha_secondary": 100.0,
    "alpha_secondary_two_phase": 1000.0,
}


def exchanger(hot: dict[str, Any], cold: dict[str, Any], **said: float) -> ek.Solution:
    builder = ek.SystemBuilder("Propane")
    builder.component("hot", ek.FlowSource(**hot)).component("cold", ek.FlowSource(**cold))
    part = ek.Economizer(pr=1.0, pr_secondary=1.0, **(COEFFICIENTS | said))
    builder.component("exchanger", part)
    builder.component("cooled", ek.FlowSink()).component("warmed", ek.FlowSink())
    builder.edge("hot", "exchanger", "1").edge("exchanger", "cooled", "2")
    builder.edge("cold", ("exchanger", 1), "3").edge(("exchanger", 1), "warmed", "4")
    return ek.FallbackConfig().solve(builder.build())


@pytest.mark.parametrize(("area", "duty"), WATER)
def test_water_and_propane(area: float, duty: float) -> None:
    hot = {"fluid": "Water", "T": 330.0, "p": 101325.0, "m": 0.1}
    cold = {"T": 275.0, "p": 997682.6201918732, "m": 0.01}
    found = exchanger(hot, cold, area=area)
    assert -found["exchanger.Q"] == pytest.approx(duty, rel=1e-3)


@pytest.mark.parametrize(("area", "flow", "duty"), PROPANE)
def test_propane_and_propane(area: float, flow: float, duty: float) -> None:
    hot = {"T": 340.0, "p": 1982839.319735127, "m": 0.01}
    cold = {"T": 285.0, "p": 997682.6201918732, "m": flow}
    found = exchanger(hot, cold, area=area)
    assert -found["exchanger.Q"] == pytest.approx(duty, rel=1e-3)


@pytest.mark.parametrize("word", COEFFICIENTS)
def test_each_coefficient_counts(word: str) -> None:
    hot = {"T": 340.0, "p": 1982839.319735127, "m": 0.01}
    cold = {"T": 285.0, "p": 997682.6201918732, "m": 0.01}
    plain = exchanger(hot, cold, area=0.3)
    more = exchanger(hot, cold, area=0.3, **{word: 1.2 * COEFFICIENTS[word]})
    assert -more["exchanger.Q"] > -plain["exchanger.Q"] * (1 + 1e-6)
    # found from the duty, the area is what was given
    again = exchanger(hot, cold, Q=plain["exchanger.Q"])
    assert again["exchanger.area"] == pytest.approx(0.3, rel=1e-6)


@pytest.mark.parametrize("cls", [ek.Condenser, ek.Evaporator])
def test_the_other_stream_may_boil_too(cls: type) -> None:
    """A cascade: propane condenses, or boils, against ammonia that does the opposite."""
    duties = []
    for other in (800.0, 1600.0):
        condensing = cls is ek.Condenser
        hot = ek.FlowSource(
            "Propane" if condensing else "Ammonia", p=8e5 if condensing else 4.5e5, x=1.0, m=0.02
        )
        cold = ek.FlowSource("Ammonia" if condensing else "Propane", p=3e5, x=0.3, m=0.01)
        first, second = (hot, cold) if condensing else (cold, hot)
        said = COEFFICIENTS | {"area": 0.5, "alpha_secondary_two_phase": other}
        builder = ek.SystemBuilder("Propane")
        builder.component("a", first).component("b", second).component("c", ek.FlowSink())
        builder.component("d", ek.FlowSink())
        builder.component("exchanger", cls(pr=1.0, pr_secondary=1.0, secondary=True, **said))
        builder.edge("a", "exchanger").edge("exchanger", "c")
        builder.edge("b", ("exchanger", 1)).edge(("exchanger", 1), "d")
        duties.append(abs(ek.FallbackConfig().solve(builder.build())["exchanger.Q"]))
    assert duties[1] > 1.01 * duties[0]


def test_a_textbooks_actual_cycle() -> None:
    """Çengel and Boles, example 11-2: suction at 0.14 MPa and -10 °C, discharge at 0.8 MPa and 50 °C, liquid at 0.72 MPa and
    26 °C, throttled to 0.15 MPa; 0.05 kg/s: 7.93 kW, 2.02 kW, an isentropic efficiency of 93.9 %, and a COP of 3.93.
    """
    system = ek.System(fluid="R134a")
    parts = [
        system.add_component(part)
        for part in (ek.Compressor(), ek.Condenser(), ek.ExpansionValve(), ek.Evaporator())
    ]
    given = [
        {"p": 0.8e6, "T": 323.15},
        {"p": 0.72e6, "T": 299.15},
        {"p": 0.15e6},
        {"p": 0.14e6, "T": 263.15, "m": 0.05},
    ]
    for i, words in enumerate(given):
        system.add_edge(parts[i], parts[(i + 1) % 4], **words)
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    assert solution.cold == pytest.approx(7930, rel=5e-3)
    assert solution.power == pytest.approx(2020, rel=5e-3)
    assert solution["compressor.eta_s"] == pytest.approx(0.939, rel=5e-3)
    assert solution.cop_cooling == pytest.approx(3.93, rel=5e-3)
