"""What several tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import entropyk as ek

Machine = Callable[..., ek.System]


def build(
    fluid: object = "R134a", flow: float | None = 1.0, **change: dict[str, object]
) -> ek.System:
    """A heat pump between two waters, by conductances; keywords change or drop what its parts are told."""
    said: dict[str, dict[str, object]] = {
        "compressor": {"eta_s": 0.75},
        "condenser": {"pr": 0.99, "ua": 25e3, "subcooling": 3.0},
        "valve": {},
        "evaporator": {"pr": 0.98, "ua": 20e3, "superheat": 5.0},
        "sink": {"T": 313.15, "m": 6.0},
        "source": {"T": 288.15, "m": 8.0},
    }
    for part, words in change.items():
        said[part] = {k: v for k, v in (said[part] | words).items() if v is not None}
    system = ek.System(fluid)
    sink, source = (ek.Stream("Water", **said[part]) for part in ("sink", "source"))
    parts = [
        system.add_component(part, name)
        for name, part in [
            ("compressor", ek.Compressor(**said["compressor"])),
            ("condenser", ek.Condenser(secondary=sink, **said["condenser"])),
            ("valve", ek.ExpansionValve(**said["valve"])),
            ("evaporator", ek.Evaporator(secondary=source, **said["evaporator"])),
        ]
    ]
    for i, name in enumerate(["discharge", "liquid", "mixture", "suction"]):
        given = {"m": flow} if i == 0 and flow else {}
        system.add_edge(parts[i], parts[(i + 1) % 4], name, **given)
    system.finalize()
    return system


@pytest.fixture
def machine() -> Machine:
    return build
