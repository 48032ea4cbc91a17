"""What tests of tespy's words share: the same script with words of tespy and of what stands for it here."""

from __future__ import annotations

import importlib
import logging
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

Words = SimpleNamespace


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)


def words(name: str) -> Words:
    """All that a script imports, of tespy or of what stands for it here."""
    parts: dict[str, Any] = {}
    for module in (
        "components",
        "connections",
        "networks",
        "tools.characteristics",
        "tools.helpers",
    ):
        parts |= vars(importlib.import_module(f"{name}.{module}"))
    return Words(**{key: value for key, value in parts.items() if key[0].isalpha()})


BOTH = ("entropyk.tespy", "tespy")


def network(w: Words) -> Any:
    nw = w.Network(iterinfo=False)
    nw.units.set_defaults(
        temperature="degC",
        pressure="bar",
        pressure_difference="bar",
        enthalpy="kJ/kg",
        heat="kW",
        power="kW",
    )
    return nw


def chain(w: Words, *ends: tuple[Any, str, Any, str, str]) -> dict[str, Any]:
    return {label: w.Connection(a, o, b, i, label=label) for a, o, b, i, label in ends}


def state(nw: Any, conns: dict[str, Any], **parts: tuple[Any, str]) -> dict[str, float]:
    """What was found: of all connections, and some values of components."""
    nw.assert_convergence()
    found = {
        f"{label}.{word}": getattr(conn, word).val_SI
        for label, conn in conns.items()
        for word in ("m", "p", "h", "T", "v", "s", "vol")
    }
    for name, (part, listed) in parts.items():
        found |= {f"{name}.{word}": getattr(part, word).val_SI for word in listed.split()}
    return found


def small(w: Words) -> tuple[Any, dict[str, Any], Any]:
    """Water through a pump."""
    nw = network(w)
    pump = w.Pump("pump")
    c = chain(
        w,
        (w.Source("a"), "out1", pump, "in1", "1"),
        (pump, "out1", w.Sink("b"), "in1", "2"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"water": 1}, T=20, p=1, v=0.01)
    return nw, c, pump
