"""Quantities: exactly one unit, and arithmetic that means something."""

from __future__ import annotations

import pytest

import entropyk as ek


def test_units() -> None:
    assert (
        float(ek.Pressure(bar=3))
        == float(ek.Pressure(kpa=300))
        == float(ek.Pressure(pa=3e5))
        == 3e5
    )
    assert ek.Pressure(psi=100).to_bar() == pytest.approx(6.894757293)
    assert ek.Pressure(bar=2).to_kpa() == 200
    assert float(ek.Temperature(celsius=20)) == float(ek.Temperature(kelvin=293.15))
    assert ek.Temperature(fahrenheit=212).to_celsius() == pytest.approx(100)
    assert float(ek.Enthalpy(kj_per_kg=1.5)) == 1500
    assert ek.Enthalpy(j_per_kg=2500).to_kj_per_kg() == 2.5
    assert ek.MassFlow(kg_per_h=3600).to_kg_per_s() == 1


@pytest.mark.parametrize("cls", [ek.Pressure, ek.Temperature, ek.Enthalpy, ek.MassFlow])
def test_exactly_one_unit(cls: type) -> None:
    first, second = {
        ek.Pressure: ("pa", "bar"),
        ek.Temperature: ("kelvin", "celsius"),
        ek.Enthalpy: ("j_per_kg", "kj_per_kg"),
        ek.MassFlow: ("kg_per_s", "kg_per_h"),
    }[cls]
    for wrong in ({}, {first: 1.0, second: 1.0}):
        with pytest.raises(ValueError, match=f"exactly one of {first}=.*{second}="):
            cls(**wrong)
    with pytest.raises(ValueError, match="finite"):
        cls(**{first: float("nan")})
    one = cls(**{first: 2.0})
    assert one == cls(**{first: 2.0})
    assert hash(one) == hash(cls(**{first: 2.0}))
    assert one != cls(**{first: 3.0})
    assert one < cls(**{first: 3.0})
    assert one != 2.0
    assert repr(one) == f"{cls.__name__}({first}=2)"
    assert str(one)


def test_arithmetic() -> None:
    assert ek.Pressure(bar=1) + ek.Pressure(bar=2) == ek.Pressure(bar=3)
    assert ek.Pressure(bar=3) - ek.Pressure(bar=2) == ek.Pressure(bar=1)
    assert ek.Temperature(celsius=20) - ek.Temperature(celsius=15) == pytest.approx(5)
    assert float(ek.Temperature(kelvin=300) + 5) == 305
    assert float(ek.Temperature(kelvin=300) - 5) == 295
    with pytest.raises(TypeError, match="sum of two temperatures"):
        ek.Temperature(kelvin=300) + ek.Temperature(kelvin=300)
    with pytest.raises(TypeError, match="expected a Pressure"):
        ek.Pressure(bar=1) + ek.Enthalpy(j_per_kg=1)
    with pytest.raises(TypeError, match="expected a Pressure"):
        ek.Pressure(bar=1) - 1.0
