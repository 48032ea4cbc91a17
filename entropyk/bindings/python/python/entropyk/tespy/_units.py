"""The units that a network's numbers are in: each as factor and offset to SI."""

from __future__ import annotations

from ._errors import unknown

_Unit = tuple[float, float]

_RATIO: dict[str, _Unit] = {
    "1": (1.0, 0.0),
    "-": (1.0, 0.0),
    "%": (0.01, 0.0),
    "percent": (0.01, 0.0),
}
_PRESSURE: dict[str, _Unit] = {
    "Pa": (1.0, 0.0),
    "hPa": (1e2, 0.0),
    "mbar": (1e2, 0.0),
    "kPa": (1e3, 0.0),
    "bar": (1e5, 0.0),
    "MPa": (1e6, 0.0),
    "atm": (101325.0, 0.0),
    "psi": (6894.757293168361, 0.0),
}
_ENERGY: dict[str, _Unit] = {
    "J/kg": (1.0, 0.0),
    "kJ/kg": (1e3, 0.0),
    "MJ/kg": (1e6, 0.0),
    "Wh/kg": (3600.0, 0.0),
    "kWh/kg": (3.6e6, 0.0),
}
_POWER: dict[str, _Unit] = {"W": (1.0, 0.0), "kW": (1e3, 0.0), "MW": (1e6, 0.0), "GW": (1e9, 0.0)}
_CELSIUS, _FAHRENHEIT = (1.0, 273.15), (5.0 / 9.0, 459.67 * 5.0 / 9.0)
_KELVIN = dict.fromkeys(["K", "kelvin", "delta_degC", "degC", "C"], (1.0, 0.0))

# Of each quantity, what SI unit comes first.
UNITS: dict[str, dict[str, _Unit]] = {
    "temperature": {
        "kelvin": (1.0, 0.0),
        "K": (1.0, 0.0),
        **dict.fromkeys(["degC", "°C", "C", "celsius", "degree_Celsius"], _CELSIUS),
        **dict.fromkeys(["degF", "°F", "F", "fahrenheit"], _FAHRENHEIT),
    },
    "temperature_difference": _KELVIN | {"delta_degF": (5.0 / 9.0, 0.0)},
    "enthalpy": _ENERGY,
    "specific_energy": _ENERGY,
    "entropy": {
        **dict.fromkeys(["J/kg/K", "J/kgK", "J/(kg*K)"], (1.0, 0.0)),
        **dict.fromkeys(["kJ/kg/K", "kJ/kgK", "kJ/(kg*K)"], (1e3, 0.0)),
    },
    "pressure": _PRESSURE,
    "pressure_difference": _PRESSURE,
    "mass_flow": {
        "kg/s": (1.0, 0.0),
        "g/s": (1e-3, 0.0),
        "kg/min": (1 / 60, 0.0),
        "kg/h": (1 / 3600, 0.0),
        "t/h": (1 / 3.6, 0.0),
    },
    "volumetric_flow": {
        "m3/s": (1.0, 0.0),
        "m3/min": (1 / 60, 0.0),
        "m3/h": (1 / 3600, 0.0),
        **dict.fromkeys(["l/s", "L/s"], (1e-3, 0.0)),
        **dict.fromkeys(["l/min", "L/min"], (1e-3 / 60, 0.0)),
        **dict.fromkeys(["l/h", "L/h"], (1e-3 / 3600, 0.0)),
    },
    "specific_volume": {"m3/kg": (1.0, 0.0), "l/kg": (1e-3, 0.0), "L/kg": (1e-3, 0.0)},
    "power": _POWER,
    "heat": _POWER,
    "quality": _RATIO,
    "efficiency": _RATIO,
    "ratio": _RATIO,
    "length": {"m": (1.0, 0.0), "cm": (1e-2, 0.0), "mm": (1e-3, 0.0)},
    "heat_transfer_coefficient": {"W/K": (1.0, 0.0), "kW/K": (1e3, 0.0), "MW/K": (1e6, 0.0)},
    "angle": {"degree": (1.0, 0.0), "rad": (57.29577951308232, 0.0)},
    "friction": {"1": (1.0, 0.0)},
}

# What Network took before it had `units`.
OLD = {
    "T_unit": "temperature",
    "p_unit": "pressure",
    "h_unit": "enthalpy",
    "m_unit": "mass_flow",
    "v_unit": "volumetric_flow",
    "s_unit": "entropy",
    "vol_unit": "specific_volume",
}


class Units:
    """What numbers are in unless they say otherwise; SI at first."""

    def __init__(self) -> None:
        self.default = {quantity: next(iter(units)) for quantity, units in UNITS.items()}
        self.default["temperature_difference"] = "delta_degC"

    def set_defaults(self, **units: str) -> None:
        """Sets units by quantity. As in tespy 0.11, that of pressure is that of pressure_difference too unless it is given."""
        if "pressure" in units:
            units = {"pressure_difference": units["pressure"]} | units
        for quantity, unit in units.items():
            if quantity not in UNITS:
                raise unknown("units", quantity, UNITS)
            if not isinstance(unit, str):
                raise unknown(f"units of {quantity}", repr(unit), UNITS[quantity])
            folded = unit.replace(" ", "").replace("**", "").replace("^", "")
            if folded not in UNITS[quantity]:
                raise unknown(f"units of {quantity}", unit, UNITS[quantity])
            self.default[quantity] = folded

    def to_si(self, quantity: str, value: float) -> float:
        factor, offset = UNITS[quantity][self.default[quantity]]
        return value * factor + offset

    def from_si(self, quantity: str, value: float) -> float:
        factor, offset = UNITS[quantity][self.default[quantity]]
        return (value - offset) / factor
