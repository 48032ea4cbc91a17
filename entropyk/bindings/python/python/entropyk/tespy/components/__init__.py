"""tespy's components: their parameters, and what each is here."""

from ._base import Component
from ._energy import (
    Generator,
    HeatBus,
    HeatSink,
    HeatSource,
    Motor,
    PowerBus,
    PowerSink,
    PowerSource,
)
from ._exchangers import Condenser, Desuperheater, HeatExchanger, MovingBoundaryHeatExchanger
from ._lines import Pipe, SimpleHeatExchanger, Valve
from ._machines import Compressor, Pump, Turbine, TurboCompressor
from ._nodes import CycleCloser, DropletSeparator, Drum, Merge, Sink, Source, Splitter

__all__ = [
    "Component",
    "Compressor",
    "Condenser",
    "CycleCloser",
    "Desuperheater",
    "DropletSeparator",
    "Drum",
    "Generator",
    "HeatBus",
    "HeatExchanger",
    "HeatSink",
    "HeatSource",
    "Merge",
    "Motor",
    "MovingBoundaryHeatExchanger",
    "Pipe",
    "PowerBus",
    "PowerSink",
    "PowerSource",
    "Pump",
    "SimpleHeatExchanger",
    "Sink",
    "Source",
    "Splitter",
    "Turbine",
    "TurboCompressor",
    "Valve",
]


def __getattr__(name: str) -> object:
    """Names what there is, to who imports what is not."""
    if name.startswith("_"):
        raise AttributeError(name)
    raise ImportError(
        f"tespy's component {name} is not supported; supported are {', '.join(__all__)}"
    )
