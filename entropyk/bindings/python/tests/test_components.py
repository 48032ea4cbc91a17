"""Components against hand calculations with CoolProp, and networks with branches."""

from __future__ import annotations

import itertools

import pytest
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
