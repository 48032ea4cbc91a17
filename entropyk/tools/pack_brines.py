"""Writes fluids/brines.txt: density and heat capacity of aqueous solutions, taken from an installed CoolProp.

    python tools/pack_brines.py          (needs the CoolProp wheel: pip install CoolProp)

The equations are Å. Melinder's (Properties of Secondary Working Fluids for Indirect Systems, IIR, 2010): polynomials in
temperature and share by mass, to the third power in one and with all powers together up to the fifth. CoolProp's wheel has
them without showing their coefficients, so that these are found anew, from as many values as determine them, about
temperatures and shares in the middle; they reproduce it to the last digits.

    brine NAME WHAT     low and high share, low and high temperature, where both are counted from
    rho, cp, freeze     coefficients c of c (T - T0)^i (x - x0)^j, as i j c, ...; of freezing i is 0
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
from CoolProp import CoolProp

TARGET = Path(__file__).parents[1] / "fluids" / "brines.txt"
WHAT = {
    "MEG": "ethylene glycol",
    "MPG": "propylene glycol",
    "MEA": "ethanol",
    "MMA": "methanol",
    "MGL": "glycerol",
    "MAM": "ammonia",
    "MKC": "potassium carbonate",
    "MCA": "calcium chloride",
    "MMG": "magnesium chloride",
    "MNA": "sodium chloride",
    "MKA": "potassium acetate",
    "MKF": "potassium formate",
    "MLI": "lithium chloride",
}
POWERS = [(i, j) for i, j in itertools.product(range(4), range(6)) if i + j <= 5]


def main() -> None:
    version = CoolProp.get_global_param_string("version")
    lines = [
        f"# Brines, taken from CoolProp {version} by tools/pack_brines.py, which says what the lines mean.",
        "# SI units, shares by mass. Do not edit: write it anew.",
    ]
    for name, what in WHAT.items():
        lines += brine(name, what)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(WHAT)} brines, {TARGET.stat().st_size / 1024:.0f} KiB")


def brine(name: str, what: str) -> list[str]:
    low, high = (
        CoolProp.PropsSI(word, "T", 300, "P", 1e5, f"INCOMP::{name}[0.1]")
        for word in ("fraction_min", "fraction_max")
    )
    t_low, t_high = (
        CoolProp.PropsSI(word, "T", 300, "P", 1e5, f"INCOMP::{name}[0.1]")
        for word in ("Tmin", "Tmax")
    )
    cold = max(t_low, freezing(name, low), freezing(name, high)) + 0.5
    x0, t0 = round(0.5 * (low + high), 3), round(0.5 * (cold + t_high), 1)
    shares = np.linspace(low, high, 12).tolist()
    temperatures = np.linspace(cold, t_high, 12).tolist()
    lines = [f"brine {name} {what}", row("range", low, high, t_low, t_high, t0, x0)]
    for word, key in (("rho", "D"), ("cp", "C")):

        def value(t: float, x: float, key: str = key) -> float:
            return float(CoolProp.PropsSI(key, "T", t, "P", 1e5, f"INCOMP::{name}[{x!r}]"))

        points = [(t, x) for t in temperatures for x in shares if t > freezing(name, x) + 0.1]
        lines.append(fit(word, POWERS, points, value, t0, x0))
    freeze = [(t0, x) for x in shares]
    lines.append(
        fit("freeze", [(0, j) for j in range(6)], freeze, lambda _, x: freezing(name, x), t0, x0)
    )
    return lines


def freezing(name: str, x: float) -> float:
    return float(CoolProp.PropsSI("T_freeze", "T", 300, "P", 1e5, f"INCOMP::{name}[{x!r}]"))


def fit(
    word: str,
    powers: list[tuple[int, int]],
    points: list[tuple[float, float]],
    value: Callable[[float, float], float],
    t0: float,
    x0: float,
) -> str:
    scale_t, scale_x = 50.0, 0.3
    rows = [
        [((t - t0) / scale_t) ** i * ((x - x0) / scale_x) ** j for i, j in powers]
        for t, x in points
    ]
    values = np.array([value(t, x) for t, x in points])
    found, *_ = np.linalg.lstsq(np.array(rows), values, rcond=None)
    off = np.abs(np.array(rows) @ found / values - 1).max()
    if off > 1e-9:
        raise ValueError(f"{word} is no such polynomial: off by {off:.1e}")
    terms = [
        v
        for (i, j), c in zip(powers, found, strict=True)
        for v in (i, j, c / scale_t**i / scale_x**j)
    ]
    return row(word, *terms)


def row(word: str, *values: float) -> str:
    return " ".join([word, *(f"{float(v):.14g}" for v in values)])


if __name__ == "__main__":
    main()
