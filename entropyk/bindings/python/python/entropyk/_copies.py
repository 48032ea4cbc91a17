"""How quantities and fluids are pickled: by what makes them again. Copies of them are made so as well."""

from __future__ import annotations

import copyreg
from typing import Any

from ._entropyk import Enthalpy, Fluid, MassFlow, Pressure, Temperature

UNITS = {Pressure: "pa", Temperature: "kelvin", Enthalpy: "j_per_kg", MassFlow: "kg_per_s"}


def again(cls: Any, unit: str, value: float) -> Any:
    """The quantity of a class that has a value in a unit."""
    return cls(**{unit: value})


def register() -> None:
    """Tells the standard library's copy and pickle."""
    for cls, unit in UNITS.items():
        copyreg.pickle(cls, lambda q, cls=cls, unit=unit: (again, (cls, unit, float(q))))
    copyreg.pickle(Fluid, lambda fluid: (Fluid, (fluid.name,)))
