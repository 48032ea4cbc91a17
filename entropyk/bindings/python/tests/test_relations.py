"""Relations between named values: sums, products, lines, surfaces, functions; and streams of the network."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from conftest import build

import entropyk as ek


def heated(**said: ek.Relation) -> ek.System:
    """Water through a pump and a heater, with what is related besides."""
    system = ek.System("Water")
    parts = [
        system.add_component(part, name)
        for name, part in {
            "source": ek.FlowSource(p=1e5, T=300.0),
            "pump": ek.Pump(eta_s=0.7, pr=3.0),
            "heater": ek.Pipe(pr=1.0),
            "sink": ek.FlowSink(),
        }.items()
    ]
    for (a, b), name in zip([(0, 1), (1, 2), (2, 3)], ["cold", "pumped", "hot"], strict=True):
        system.add_edge(parts[a], parts[b], name)
    for name, relation in said.items():
        system.add_relation(name.replace("__", "."), relation)
    return system


def test_a_sum_is_found_or_held() -> None:
    system = heated(all=ek.Sum({"pump.P": 1.0, "heater.Q": 1.0}))
    system.add_relation("rise", ek.Sum({"hot.T": 1.0, "cold.T": -1.0}), 20.0)
    system.add_relation("flow", ek.Sum({"cold.v": 3600.0}), 1.8)
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    assert solution["all"] == pytest.approx(solution["pump.P"] + solution["heater.Q"], rel=1e-12)
    assert pytest.approx(320.0, abs=1e-6) == solution.state("hot").T
    assert solution.mass_flow("cold") == pytest.approx(
        0.5e-3 * solution.state("cold").rho, rel=1e-9
    )
    system["rise"] = 10.0
    assert pytest.approx(310.0, abs=1e-6) == ek.NewtonConfig().solve(system).state("hot").T


def test_a_value_of_a_component_may_follow_a_line() -> None:
    system = heated(
        share=ek.Sum({"cold.m": 0.5}),
        heater__Q=ek.Product({"share": 1.0, "cold.m": 1.0}, factor=4e4),
    )
    system.add_relation("half", ek.Curve("share", [0.0, 0.5, 1.0], [0.0, 0.3, 1.0]), 0.65)
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    assert solution.mass_flow("cold") == pytest.approx(1.5, rel=1e-9)
    assert solution["heater.Q"] == pytest.approx(4e4 * 0.75 * 1.5, rel=1e-9)


def test_a_surface_and_a_function() -> None:
    y = [[0.0, 1.0, 2.0]] * 2
    surface = ek.Surface(
        ("cold.m", "pump.pr"), [0.0, 2.0], y, [[0, 1, 2], [1, 2, 3]], extrapolate=True
    )
    system = heated(height=surface)
    system.add_relation("warm", ek.Zero(["heater.Q", "cold.m"], lambda q, m: q - 1e4 * m**2))
    system.add_relation("m2", ek.Product({"cold.m": 2.0}), 4.0)
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    assert solution["height"] == pytest.approx(4.0, rel=1e-9)  # at m = 2, pr = 3
    assert solution["heater.Q"] == pytest.approx(4e4, rel=1e-9)


def test_relations_refuse() -> None:
    with pytest.raises(ek.ValidationError, match="1 to 11 values"):
        heated(nothing=ek.Sum({}))
    with pytest.raises(ek.ValidationError, match="finite"):
        heated(odd=ek.Sum({"cold.m": np.nan}))
    with pytest.raises(ek.ValidationError, match="rising"):
        ek.Curve("a", [0.0, 0.0], [1.0, 2.0])
    with pytest.raises(ek.TopologyError, match=r"no \"cold\.q\""):
        heated(wrong=ek.Sum({"cold.q": 1.0})).finalize()
    system = heated(flow=ek.Sum({"cold.m": 1.0}))
    system.add_relation("heater.pr", ek.Sum({"cold.m": 1.0}), 0.9)
    with pytest.raises(ek.TopologyError, match="given twice"):
        system.finalize()
    failing = heated(warm=ek.Zero(["heater.Q", "cold.m"], lambda q, m: 1 / 0))
    failing.add_relation("flow", ek.Sum({"cold.m": 1.0}), 1.0)
    failing.finalize()
    with pytest.raises(ek.SolverError, match="division by zero"):
        ek.NewtonConfig().solve(failing)


def test_words_of_connections() -> None:
    """T_dew, T_bubble and v say what they mean."""
    system = ek.System("R407C")
    parts = [ek.FlowSource(), ek.Pipe(pr=1.0, Q=-5e4), ek.FlowSink()]
    a, b, c = (system.add_component(part) for part in parts)
    system.add_edge(a, b, "in", T_dew=290.0, superheat=5.0, v=0.01)
    system.add_edge(b, c, "out")
    system.finalize()
    found, fluid = ek.NewtonConfig().solve(system), ek.Fluid("R407C")
    dew = fluid.state(T=290.0, x=1.0)
    assert found.state("in").p == pytest.approx(dew.p, rel=1e-9)
    assert pytest.approx(295.0, abs=1e-6) == found.state("in").T
    assert found.mass_flow("in") == pytest.approx(0.01 * found.state("in").rho, rel=1e-9)
    other = ek.System("R407C")
    a, c = other.add_component(ek.FlowSource(m=1.0)), other.add_component(ek.FlowSink())
    other.add_edge(a, c, "in", T_bubble=290.0, subcooling=2.0)
    other.finalize()
    state = ek.NewtonConfig().solve(other).state("in")
    assert (state.p, state.T) == pytest.approx((fluid.state(T=290.0, x=0.0).p, 288.0), rel=1e-8)


def test_a_second_stream_may_be_connected() -> None:
    """A condenser whose water comes from the network does what one with a stream from outside does."""
    alone = ek.NewtonConfig().solve(build(evaporator={"ua": None, "pinch": 4.0}))
    system = ek.System("R134a")
    parts = {
        name: system.add_component(part, name)
        for name, part in {
            "compressor": ek.Compressor(eta_s=0.75),
            "condenser": ek.Condenser(
                pr=0.99, ua=25e3, subcooling=3.0, secondary=True, pr_secondary=1.0
            ),
            "valve": ek.ExpansionValve(),
            "evaporator": ek.Evaporator(
                pr=0.98, pinch=4.0, superheat=5.0, secondary=True, pr_secondary=1.0
            ),
            "sink in": ek.FlowSource("Water", T=313.15, p=1e5, m=6.0),
            "source in": ek.FlowSource("Water", T=288.15, p=1e5, m=8.0),
            "sink out": ek.FlowSink(),
            "source out": ek.FlowSink(),
        }.items()
    }
    cycle = ["compressor", "condenser", "valve", "evaporator", "compressor"]
    for i, (a, b) in enumerate(itertools.pairwise(cycle)):
        system.add_edge(parts[a], parts[b], str(i), **({"m": 1.0} if i == 0 else {}))
    for name, part in (("sink", "condenser"), ("source", "evaporator")):
        system.add_edge(parts[f"{name} in"], (parts[part], 1))
        system.add_edge((parts[part], 1), parts[f"{name} out"])
    system.finalize()
    assert system.edge_count == 8
    found = ek.NewtonConfig().solve(system)
    assert found.cop_heating == pytest.approx(alone.cop_heating, rel=1e-9)
    assert found["evaporator.pinch"] == 4.0


@pytest.mark.parametrize(
    ("part", "word", "plain"),
    [("compressor", "eta_v", 1.0), ("condenser", "pr_secondary", 1.0)],
)
def test_a_default_yields_to_a_relation(part: str, word: str, plain: float) -> None:
    """What is not said is 1 unless a relation says what it is; then it is as if that had been given."""

    def system(**said: float) -> ek.System:
        change: dict[str, dict[str, object]] = {"compressor": {"displacement": 0.06}}
        change[part] = change.get(part, {}) | dict(said)
        return build(flow=None, **change)

    assert ek.NewtonConfig().solve(system())[f"{part}.{word}"] == plain
    builder = ek.SystemBuilder("R134a")
    for name, component in {
        "compressor": ek.Compressor(eta_s=0.75, displacement=0.06),
        "condenser": ek.Condenser(
            pr=0.99, ua=25e3, subcooling=3.0, secondary=ek.Stream("Water", T=313.15, m=6.0)
        ),
        "valve": ek.ExpansionValve(),
        "evaporator": ek.Evaporator(
            pr=0.98, ua=20e3, superheat=5.0, secondary=ek.Stream("Water", T=288.15, m=8.0)
        ),
    }.items():
        builder.component(name, component)
    builder.cycle("compressor", "condenser", "valve", "evaporator")
    builder.relation(f"{part}.{word}", ek.Curve("compressor.pr", [0.0, 10.0], [1.0, 0.6]))
    found = ek.NewtonConfig().solve(builder.build())
    value = 1.0 - 0.04 * found["compressor.pr"]
    assert found[f"{part}.{word}"] == pytest.approx(value, rel=1e-9)
    same = ek.NewtonConfig().solve(system(**{word: value}))
    assert same.state_vector == pytest.approx(found.state_vector, rel=1e-7)


def test_values_out_of_range_are_refused_wherever_they_are_given() -> None:
    system = build()
    wrong = {
        "compressor.eta_s": [0.0, -0.5, 1.2],
        "condenser.ua": [0.0, -1.0],
        "condenser.pr": [0.0, -0.9],
        "evaporator.secondary_in.T": [0.0, -3.0],
        "evaporator.secondary_in.m": [0.0],
        "discharge.m": [-1.0],
    }
    for name, values in wrong.items():
        before = system[name]
        for value in [*values, np.nan, np.inf]:
            with pytest.raises(ek.ValidationError, match=name.replace(".", r"\.")):
                system[name] = value
            other = "evaporator.superheat"
            with pytest.raises(ek.ValidationError, match=name.replace(".", r"\.")):
                ek.sweep(system, {name: [value], other: [5.0]}, "power")
        assert system[name] == before
    related = heated()
    related.add_relation("heater.zeta", ek.Sum({"cold.m": 1.0}), -3.0)
    with pytest.raises(ek.ValidationError, match=r"heater\.zeta"):
        related.finalize()


def test_what_is_found_out_of_range_cannot_be_held() -> None:
    """A design may find an efficiency above 1; nobody can rate with it."""
    system = ek.System("Air")
    parts = [ek.FlowSource(p=1e5, T=300.0, m=1.0), ek.Fan(pr=1.2), ek.FlowSink()]
    a, b, c = (system.add_component(part) for part in parts)
    system.add_edge(a, b)
    system.add_edge(b, c, T=305.0)
    system.finalize()
    assert ek.NewtonConfig().solve(system)["fan.eta_s"] > 1
    with pytest.raises(ek.ValidationError, match=r"fan\.eta_s.*between 0 and 1"):
        system.switch(hold=["fan.eta_s"], free=["fan->flowsink.T"])


@pytest.mark.parametrize(
    ("source", "said"),
    [("Water", "R134a"), (ek.Brine("MEG", 0.2), ek.Brine("MEG", 0.3))],
    ids=["names", "shares"],
)
def test_one_connection_has_one_fluid(source: object, said: object) -> None:
    for fluids, good in ((([source, source]), True), ([source, said], False)):
        system = ek.System("Air")
        a = system.add_component(ek.FlowSource(fluids[0], m=1.0, p=1e5, T=300.0))
        system.add_edge(a, system.add_component(ek.FlowSink()), "line", fluid=fluids[1])
        if good:
            system.finalize()
        else:
            with pytest.raises(ek.TopologyError, match=r"line: .*leave out one"):
                system.finalize()
