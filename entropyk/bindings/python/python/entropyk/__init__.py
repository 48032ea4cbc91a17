"""Thermodynamic cycles, solved."""

from ._entropyk import EntropykError, Fluid, FluidError, State, ValidationError, fluids

__version__ = "0.1.0"

__all__ = ["EntropykError", "Fluid", "FluidError", "State", "ValidationError", "fluids"]
