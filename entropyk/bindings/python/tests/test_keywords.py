"""The one law: every keyword of every component changes some output."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from conftest import Machine

import entropyk as ek

# what is left out so that the keyword has something to determine, with a value that is not the solution's own
SURFACE = {
    "ua": None,
    "area": 20.0,
    "alpha": 800.0,
    "alpha_two_phase": 3e3,
    "alpha_secondary": 4e3,
    "alpha_secondary_two_phase": 5e3,
}
CASES: dict[tuple[str, str], tuple[dict[str, Any], list[float]]] = {
    ("compressor", "eta_s"): ({}, [0.7, 0.8]),
    ("compressor", "pr"): ({"condenser": {"ua": None}}, [3.8, 4.2]),
    ("compressor", "P"): ({"flow": None}, [30e3, 33e3]),
    ("compressor", "displacement"): ({"flow": None}, [0.05, 0.06]),
    ("compressor", "eta_v"): ({"flow": None, "compressor": {"displacement": 0.06}}, [0.8, 0.9]),
    ("valve", "pr"): ({"condenser": {"ua": None}}, [0.24, 0.26]),
    ("valve", "dp"): ({"condenser": {"ua": None}}, [10.5e5, 11e5]),
    ("valve", "zeta"): ({"condenser": {"ua": None}}, [1.2e8, 1.5e8]),
    ("condenser", "zeta"): ({"condenser": {"pr": None}}, [1e5, 1e6]),
    ("condenser", "zeta_secondary"): ({}, [1e3, 1e6]),
    ("condenser", "pinch"): ({"condenser": {"ua": None}}, [3.0, 6.0]),
    ("evaporator", "zeta"): ({"evaporator": {"pr": None}}, [1e5, 1e6]),
    ("evaporator", "zeta_secondary"): ({}, [1e3, 1e6]),
    ("evaporator", "pinch"): ({"evaporator": {"ua": None}}, [3.0, 6.0]),
    ("condenser", "Q"): ({"flow": None}, [-150e3, -160e3]),
    ("condenser", "pr"): ({}, [0.95, 0.99]),
    ("condenser", "dp"): ({"condenser": {"pr": None}}, [1e4, 4e4]),
    ("condenser", "subcooling"): ({}, [0.0, 6.0]),
    ("condenser", "ua"): ({}, [20e3, 30e3]),
    ("condenser", "ka"): ({"condenser": {"ua": None}}, [20e3, 30e3]),
    ("condenser", "ttd_u"): ({"condenser": {"ua": None}}, [22.0, 28.0]),
    ("condenser", "ttd_l"): ({"condenser": {"ua": None}}, [5.0, 9.0]),
    ("condenser", "pr_secondary"): ({}, [0.9, 1.0]),
    ("condenser", "dp_secondary"): ({}, [1e3, 2e4]),
    ("evaporator", "Q"): ({"flow": None}, [120e3, 130e3]),
    ("evaporator", "pr"): ({}, [0.95, 0.99]),
    ("evaporator", "dp"): ({"evaporator": {"pr": None}}, [1e3, 2e4]),
    ("evaporator", "superheat"): ({}, [0.0, 6.0]),
    ("evaporator", "ua"): ({}, [15e3, 25e3]),
    ("evaporator", "ka"): ({"evaporator": {"ua": None}}, [15e3, 25e3]),
    ("evaporator", "ttd_u"): ({"evaporator": {"ua": None}}, [6.0, 9.0]),
    ("evaporator", "ttd_l"): ({"evaporator": {"ua": None}}, [5.0, 9.0]),
    ("evaporator", "pr_secondary"): ({}, [0.9, 1.0]),
    ("evaporator", "dp_secondary"): ({}, [1e3, 2e4]),
    **{
        (part, word): ({part: SURFACE}, values)
        for part in ("condenser", "evaporator")
        for word, values in {
            "area": [18.0, 22.0],
            "alpha": [700.0, 900.0],
            "alpha_two_phase": [2.5e3, 3.5e3],
            "alpha_secondary": [3.5e3, 4.5e3],
        }.items()
    },
    ("sink", "T"): ({}, [310.0, 318.0]),
    ("sink", "m"): ({}, [4.0, 7.0]),
    ("sink", "p"): ({}, [1e5, 3e5]),
    ("source", "T"): ({}, [285.0, 290.0]),
    ("source", "m"): ({}, [6.0, 9.0]),
    ("source", "p"): ({}, [1e5, 3e5]),
}


@pytest.mark.parametrize(("part", "word"), CASES)
def test_a_keyword_changes_the_solution(machine: Machine, part: str, word: str) -> None:
    left_out, values = CASES[part, word]
    vectors = []
    for value in values:
        change = left_out | {part: left_out.get(part, {}) | {word: value}}
        system = machine(**change)
        solution = ek.NewtonConfig().solve(system)
        vectors.append(solution.state_vector)
        if part in ("compressor", "valve", "condenser", "evaporator"):
            assert solution[f"{part}.{word}"] == value
        # set afterwards, it does the same as given at first
        name = f"{part}.{word}" if part not in ("sink", "source") else None
        if name:
            system[name] = values[0]
            again = ek.NewtonConfig().solve(system).state_vector
            assert again == pytest.approx(vectors[0], rel=1e-8)
    assert abs(vectors[1] / vectors[0] - 1).max() > 1e-9


# components of open lines: what is said about a line through one, and the values of a keyword
LINES: dict[tuple[type, str], tuple[dict[str, Any], list[float]]] = {
    (ek.Pump, "eta_s"): ({"pr": 5.0}, [0.6, 0.8]),
    (ek.Pump, "pr"): ({"eta_s": 0.7}, [4.0, 5.0]),
    (ek.Pump, "P"): ({"eta_s": 0.7}, [1e3, 2e3]),
    (ek.Pump, "volume_flow"): ({"eta_s": 0.7, "pr": 5.0}, [1e-3, 2e-3]),
    (ek.Fan, "eta_s"): ({"pr": 1.02}, [0.6, 0.8]),
    (ek.Fan, "pr"): ({"eta_s": 0.7}, [1.01, 1.02]),
    (ek.Fan, "P"): ({"eta_s": 0.7}, [1e3, 2e3]),
    (ek.Fan, "volume_flow"): ({"eta_s": 0.7, "pr": 1.02}, [1.0, 2.0]),
    (ek.Pipe, "Q"): ({"pr": 0.9}, [-1e3, -2e3]),
    (ek.Pipe, "pr"): ({"Q": 0.0}, [0.8, 0.9]),
    (ek.Pipe, "dp"): ({"Q": 0.0}, [1e3, 2e3]),
    (ek.Pipe, "zeta"): ({"Q": 0.0}, [1e6, 2e6]),
    (ek.Pipe, "ua"): ({"pr": 0.9, "T_ambient": 280.0}, [1e2, 2e2]),
    (ek.Pipe, "T_ambient"): ({"pr": 0.9, "ua": 1e2}, [280.0, 320.0]),
    (ek.Pipe, "length"): ({"Q": 0.0, "diameter": 0.03}, [5.0, 6.0]),
    (ek.Pipe, "diameter"): ({"Q": 0.0, "length": 5.0}, [0.03, 0.04]),
    (ek.Pipe, "roughness"): ({"Q": 0.0, "length": 5.0, "diameter": 0.03}, [0.0, 1e-4]),
    (ek.Turbine, "eta_s"): ({"pr": 0.5}, [0.6, 0.8]),
    (ek.Turbine, "pr"): ({"eta_s": 0.7}, [0.4, 0.5]),
    (ek.Turbine, "P"): ({"eta_s": 0.7}, [-1e3, -2e3]),
}
ECONOMIZER: dict[str, tuple[dict[str, Any], list[float]]] = {
    "ua": ({}, [100.0, 200.0]),
    "ka": ({"ua": None}, [100.0, 200.0]),
    "ttd_u": ({"ua": None}, [10.0, 15.0]),
    "ttd_l": ({"ua": None}, [28.0, 32.0]),
    "Q": ({"ua": None}, [-2e3, -4e3]),
    "pr": ({}, [0.9, 0.95]),
    "dp": ({"pr": None}, [1e3, 2e4]),
    "zeta": ({"pr": None}, [1e5, 1e6]),
    "zeta_secondary": ({"pr_secondary": None}, [1e5, 1e6]),
    "pinch": ({"ua": None}, [10.0, 15.0]),
    "pr_secondary": ({}, [0.9, 0.95]),
    "dp_secondary": ({"pr_secondary": None}, [1e3, 2e4]),
    "area": (SURFACE, [0.8, 1.0]),
    "alpha": (SURFACE | {"area": 1.0}, [700.0, 900.0]),
    "alpha_secondary": (SURFACE | {"area": 1.0}, [3e3, 5e3]),
}


@pytest.mark.parametrize(("cls", "word"), LINES)
def test_a_keyword_of_a_line_changes_it(cls: type, word: str) -> None:
    said, values = LINES[cls, word]
    fluid = "Air" if cls in (ek.Fan, ek.Turbine) else "Water"
    vectors = []
    for value in values:
        system = ek.System(fluid)
        flow = {} if word == "volume_flow" else {"m": 1.0}
        chain = [ek.FlowSource(p=1e5, T=300.0, **flow), cls(**said, **{word: value}), ek.FlowSink()]
        a, b, c = (system.add_component(part) for part in chain)
        system.add_edge(a, b)
        system.add_edge(b, c)
        system.finalize()
        vectors.append(ek.NewtonConfig().solve(system).state_vector)
    assert abs(vectors[1] / vectors[0] - 1).max() > 1e-9


def economizer(**said: float) -> ek.Solution:
    system = ek.System("R134a")
    parts = [
        system.add_component(part, name)
        for name, part in {
            "liquid": ek.FlowSource(p=12e5, T=315.0, m=0.2),
            "vapour": ek.FlowSource(p=3e5, T=276.0, m=0.2),
            "exchanger": ek.Economizer(**said),
            "cold": ek.FlowSink(),
            "warm": ek.FlowSink(),
        }.items()
    ]
    system.add_edge(parts[0], (parts[2], 0))
    system.add_edge(parts[1], (parts[2], 1))
    system.add_edge((parts[2], 0), parts[3], "subcooled")
    system.add_edge((parts[2], 1), parts[4], "superheated")
    system.finalize()
    return ek.NewtonConfig().solve(system)


@pytest.mark.parametrize("word", ECONOMIZER)
def test_a_keyword_of_an_economizer_changes_it(word: str) -> None:
    left_out, values = ECONOMIZER[word]
    first, second = (
        economizer(
            **{
                k: v
                for k, v in (
                    {"pr": 1.0, "pr_secondary": 1.0, "ua": 150.0} | left_out | {word: value}
                ).items()
                if v is not None
            }
        )
        for value in values
    )
    assert abs(second.state_vector / first.state_vector - 1).max() > 1e-9
    assert first.state("subcooled").h < ek.Fluid("R134a").state(p=12e5, T=315.0).h
    assert first["exchanger.Q"] < 0


@pytest.mark.parametrize("word", ["m", "p", "T", "h", "x"])
@pytest.mark.parametrize("end", [ek.FlowSource, ek.FlowSink])
def test_what_a_boundary_says_holds(end: type, word: str) -> None:
    values = {"m": 0.3, "p": 5e5, "T": 330.0, "h": 4.4e5, "x": 0.6}
    here = {word: values[word]}
    # with what else is needed for a state, said at the same end
    here |= {} if word == "m" else {"T": 330.0} if word == "p" else {"p": 5e5}
    here |= {"m": 0.3} if word != "m" else {"p": 5e5, "T": 330.0}
    system = ek.System("R134a")
    parts = [end(**here) if cls is end else cls() for cls in (ek.FlowSource, ek.FlowSink)]
    a, c = (system.add_component(part) for part in parts)
    b = system.add_component(ek.Pipe(pr=1.0, Q=0.0))
    system.add_edge(a, b, "in")
    system.add_edge(b, c, "out")
    system.finalize()
    solution = ek.NewtonConfig().solve(system)
    name = "in" if end is ek.FlowSource else "out"
    found = solution.mass_flow(name) if word == "m" else getattr(solution.state(name), word)
    assert found == pytest.approx(values[word], rel=1e-9)


STATES = "Compressor ExpansionValve Condenser Evaporator Economizer Pump Fan Pipe Turbine".split()


def test_no_keyword_is_left_out() -> None:
    said = {(cls.__name__, word) for cls, word in LINES} | {
        ("Economizer", word) for word in ECONOMIZER
    }
    names = {
        "compressor": "Compressor",
        "valve": "ExpansionValve",
        "condenser": "Condenser",
        "evaporator": "Evaporator",
    }
    said |= {(names[part], word) for part, word in CASES if part in names}
    said |= {(end, word) for end in ("FlowSource", "FlowSink") for word in "mpThx"}
    said |= {
        ("FlowSource", "fluid"),
        ("FlowSplitter", "branches"),
        ("FlowMerger", "branches"),
    }  # in test_components.py
    # in test_published.py: streams that boil on the other side, and hot ones that condense in an Economizer
    said |= {
        (cls, "alpha_secondary_two_phase") for cls in ("Condenser", "Evaporator", "Economizer")
    }
    said |= {("Economizer", "alpha_two_phase")}
    said |= {
        ("Compressor", word) for word in ("ahri", "P_electric", "heat_loss")
    }  # in test_components.py
    said |= {(cls, "state") for cls in STATES}  # in test_states.py
    there = {
        (cls.__name__, word)
        for cls in ek.Component.__subclasses__()
        for word in set(inspect.signature(cls).parameters) - {"secondary"}
    }
    assert there == said
    assert set(inspect.signature(ek.Stream).parameters) - {"fluid"} == {
        w for p, w in CASES if p == "sink"
    }
