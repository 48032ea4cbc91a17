"""How quantities and fluids are pickled: by what makes them again. Copies of them are made so as well."""

from __future__ import annotations

import copyreg
from typing import Any

from ._entropyk import Enthalpy, Fluid, MassFlow, Pressure, Temperature

UNITS = {Pressure: "pa", Temperature: "kelvin", Enthalpy: "j_per_kg", MassFlow: "kg_per_s"}


def again(cls: Any, unit: str, value: float) -> Any:
    """The quantity of a class that has a value in a unit."""
    return cls(**{unit: value})


def parts(quantity: Any) -> tuple[Any, tuple[Any, ...]]:
    """What makes a quantity again, and of what."""
    cls = type(quantity)
    return again, (cls, UNITS[cls], float(quantity))


def register() -> None:
    """Tells the standard library's copy and pickle."""
    for cls in UNITS:
        copyreg.pickle(cls, parts)
    copyreg.pickle(Fluid, lambda fluid: (Fluid, (fluid.name,)))
