"""The one law: every keyword of every component changes some output."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from conftest import Machine

import entropyk as ek

# what is left out so that the keyword has something to determine, with a value that is not the solution's own
CASES: dict[tuple[str, str], tuple[dict[str, Any], list[float]]] = {
    ("compressor", "eta_s"): ({}, [0.7, 0.8]),
    ("compressor", "pr"): ({"condenser": {"ua": None}}, [3.8, 4.2]),
    ("compressor", "P"): ({"flow": None}, [30e3, 33e3]),
    ("valve", "pr"): ({"condenser": {"ua": None}}, [0.24, 0.26]),
    ("valve", "dp"): ({"condenser": {"ua": None}}, [10.5e5, 11e5]),
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


def test_no_keyword_is_left_out() -> None:
    for part, cls in {
        "compressor": ek.Compressor,
        "valve": ek.ExpansionValve,
        "condenser": ek.Condenser,
        "evaporator": ek.Evaporator,
    }.items():
        words = set(inspect.signature(cls).parameters) - {"secondary"}
        assert words == {word for other, word in CASES if other == part}
    assert set(inspect.signature(ek.Stream).parameters) - {"fluid"} == {w for p, w in CASES if p == "sink"}
