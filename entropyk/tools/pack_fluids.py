"""Writes fluids/pack.txt: what the equations of state of all fluids are, taken from an installed CoolProp.

    python tools/pack_fluids.py          (needs the CoolProp wheel: pip install CoolProp)

The coefficients are published facts; each fluid's line `source` has the key of its paper in CoolProp's bibliography.
CoolProp writes ideal gases in ten ways. They are brought to five here, by algebra, so that the library has five:

    lead a1 a2        ln(delta) + a1 + a2 tau           log a             a ln(tau)
    ipower n t        n tau^t                           taulog a          a tau ln(tau)
    einstein n t c d  n ln(c + d exp(t tau))

and Lemmon's term of 2005 is one of two exponentials, the second of which may be missing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from CoolProp import CoolProp

Term = dict[str, Any]
TARGET = Path(__file__).parents[1] / "fluids" / "pack.txt"
HEAD = """\
# Equations of state, taken from CoolProp {version} by tools/pack_fluids.py, which says what the lines mean.
# SI units; densities and molar masses are molar. Do not edit: write it anew.
"""


def main() -> None:
    names = sorted(CoolProp.FluidsList())
    lines = [HEAD.format(version=CoolProp.get_global_param_string("version")).rstrip()]
    for name in names:
        lines += fluid(name, json.loads(CoolProp.get_fluid_param_string(name, "JSON"))[0])
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(names)} fluids, {TARGET.stat().st_size / 1024:.0f} KiB")


def fluid(name: str, data: Term) -> Iterator[str]:
    eos = data["EOS"][0]
    critical, reducing = data["STATES"]["critical"], eos["STATES"]["reducing"]
    yield "\t".join(["fluid", name, *sorted(set(data["INFO"]["ALIASES"]) - {name})])
    yield f"source {eos['BibTeX_EOS']} {eos['BibTeX_CP0']}".rstrip()
    yield row("molar", eos["molar_mass"], eos["gas_constant"])
    yield row("reducing", reducing["T"], reducing["rhomolar"])
    yield row("critical", critical["T"], critical["p"], critical["rhomolar"])
    if "SUPERANCILLARY" in eos:  # where the equation itself has its critical point
        meta = eos["SUPERANCILLARY"]["meta"]
        yield row("true", meta["Tcrittrue / K"], meta["rhocrittrue / mol/m^3"])
    lowest = eos["STATES"]["sat_min_liquid"]
    yield row("limits", eos["Ttriple"], lowest["T"], lowest["p"], eos["T_max"], eos["p_max"])
    yield row("acentric", eos["acentric"])
    if eos["pseudo_pure"]:
        yield "pseudo"
    for term in eos["alpha0"]:
        yield from ideal(term, reducing["T"])
    for term in eos["alphar"]:
        yield from residual(term)
    for key, term in data["ANCILLARIES"].items():
        if key in ("pS", "pL", "pV", "rhoL", "rhoV"):
            yield from ancillary(key, term)
    found: list[str] = []
    listed = data.get("TRANSPORT", {}).get("viscosity", {})
    for term in listed if isinstance(listed, list) else [listed]:
        found = list(viscosity(term))
        if found:
            yield from found
            break
    yield from conductivity(data, has_viscosity=bool(found))


def ideal(term: Term, t_red: float) -> Iterator[str]:
    kind = term["type"].removeprefix("IdealGasHelmholtz")
    if kind in ("Lead", "EnthalpyEntropyOffset"):
        yield row("lead" if kind == "Lead" else "offset", term["a1"], term["a2"])
    elif kind == "LogTau":
        yield row("log", term["a"])
    elif kind == "Power":
        yield from rows("ipower", term["n"], term["t"])
    elif kind == "PlanckEinstein":
        yield from (
            row("einstein", n, -t, 1, -1) for n, t in zip(term["n"], term["t"], strict=True)
        )
    elif kind == "PlanckEinsteinFunctionT":
        # tau is counted from Tcrit here and from the reducing temperature in CoolProp's sum
        pairs = zip(term["n"], term["v"], strict=True)
        yield from (row("einstein", n, -v / term["Tcrit"], 1, -1) for n, v in pairs)
    elif kind == "PlanckEinsteinGeneralized":
        many = len(term["n"])
        c, d = (term[key] if len(term[key]) == many else term[key] * many for key in "cd")
        yield from rows("einstein", term["n"], term["t"], c, d)
    elif kind == "CP0Constant":
        yield from heat_power(term["cp_over_R"], 0.0, term["Tc"], term["T0"])
    elif kind == "CP0PolyT":
        for c, t in zip(term["c"], term["t"], strict=True):
            yield from heat_power(c, t, term["Tc"], term["T0"])
    elif kind == "CP0AlyLee":
        yield from aly_lee(term["c"], term["Tc"], term["T0"])
    else:
        raise ValueError(f"unknown ideal term {kind}")


def heat_power(c: float, t: float, tc: float, t0: float) -> Iterator[str]:
    """The share of cp0/R = c T^t, counted from T0."""
    tau0 = tc / t0
    if c == 0:
        return
    if t == 0:
        yield row("offset", c - c * math.log(tau0), -c / tau0)
        yield row("log", c)
    elif t == -1:
        yield row("offset", -c / tc * tau0, c / tc * (1 + math.log(tau0)))
        yield row("taulog", -c / tc)
    else:
        yield row("ipower", -c * tc**t / (t * (t + 1)), -t)
        yield row("offset", c * t0**t / t, -c * t0 ** (t + 1) / (tc * (t + 1)))


def aly_lee(c: list[float], tc: float, t0: float) -> Iterator[str]:
    """cp0/R = A + B ((C/T)/sinh(C/T))^2 + D ((E/T)/cosh(E/T))^2; the last two as Planck-Einstein functions."""
    yield from heat_power(c[0], 0.0, tc, t0)
    if c[1]:
        yield row("einstein", c[1], -2 * c[2] / tc, 1, -1)
    if c[3]:
        yield row("einstein", -c[3], -2 * c[4] / tc, 1, 1)


def residual(term: Term) -> Iterator[str]:
    kind = term["type"].removeprefix("ResidualHelmholtz")
    if kind == "Power":
        yield from rows("power", *(term[k] for k in "ntdl"))
    elif kind == "Exponential":
        yield from rows("exponential", *(term[k] for k in "ntdgl"))
    elif kind == "Gaussian":
        keys = ("n", "t", "d", "eta", "epsilon", "beta", "gamma")
        yield from rows("gaussian", *(term[k] for k in keys))
    elif kind == "GaoB":
        keys = ("n", "t", "d", "eta", "epsilon", "beta", "gamma", "b")
        yield from rows("gaob", *(term[k] for k in keys))
    elif kind == "DoubleExponential":
        yield from rows("double", *(term[k] for k in ("n", "t", "d", "gd", "ld", "gt", "lt")))
    elif kind == "Lemmon2005":
        for n, t, d, ld, lt in zip(*(term[k] for k in "ntdlm"), strict=True):
            both = row("double", n, t, d, float(ld > 0), ld, 1, lt)
            yield both if lt else row("power", n, t, d, ld)
    elif kind == "NonAnalytic":
        yield from rows(
            "nonanalytic", *(term[k] for k in ("n", "a", "b", "beta", "A", "B", "C", "D"))
        )
    else:
        raise ValueError(f"unknown residual term {kind}")


def ancillary(key: str, term: Term) -> Iterator[str]:
    """What a saturated property is nearly: r exp(Tr/T sum) or r (1 + sum), the sum of n (1 - T/Tr)^t."""
    form = "plain" if term["type"] == "rhoLnoexp" else "tau" if term["using_tau_r"] else "exp"
    pairs = [x for pair in zip(term["n"], term["t"], strict=True) for x in pair]
    yield row(f"{key} {form}", term["T_r"], term["reducing_value"], *pairs)


def viscosity(term: Term) -> Iterator[str]:
    """The viscosity of a fluid, where it is of one of the kinds that the library has."""
    source = f"viscosity {term.get('BibTeX', '')}"
    if term.get("hardcoded") == "Water":
        yield source
        yield "water"
        return
    if term.get("type") == "rhosr-CS":
        yield source
        fit = [term["C"], term["rhosr_critical"], term["x_crossover"]]
        yield row("scaling", *fit, *term["c_liq"], *term["c_vap"])
        return
    dilute, dense = term.get("dilute", {}), term.get("higher_order", {})
    if dilute.get("hardcoded") == "CarbonDioxideLaeseckeJPCRD2017":
        yield source
        yield row("molecule", term["sigma_eta"], term["epsilon_over_k"])
        yield "co2"
        yield from rows("initial", *(term["initial_density"][k] for k in "bt"))
        return
    kinds = ("collision_integral", "powers_of_T", "kinetic_theory")
    known = dilute.get("type") in kinds and dense.get("type") == "modified_Batschinski_Hildebrand"
    if (
        not known
        or term.get("initial_density", {}).get("type", "Rainwater-Friend") != "Rainwater-Friend"
    ):
        return
    yield source
    yield row("molecule", term["sigma_eta"], term["epsilon_over_k"])
    if dilute["type"] == "kinetic_theory":
        yield "kinetic"
    else:
        pairs = [x for pair in zip(dilute["a"], dilute["t"], strict=True) for x in pair]
        ahead = (
            row("collision", dilute["C"], dilute["molar_mass"])
            if dilute["type"] == "collision_integral"
            else "thin"
        )
        yield row(ahead, *pairs)
    if "initial_density" in term:
        yield from rows("initial", *(term["initial_density"][k] for k in "bt"))
    yield row("dense", dense["T_reduce"], dense["rhomolar_reduce"])
    yield from rows("residual", *(dense[k] for k in ("a", "d1", "t1", "gamma", "l")))
    yield from rows("free", *(dense[k] for k in ("f", "d2", "t2")))
    yield from rows("packed", *(dense[k] for k in "gh"))
    yield from rows("over", *(dense[k] for k in "pq"))


def conductivity(data: Term, *, has_viscosity: bool) -> Iterator[str]:
    """The thermal conductivity, where it is of one of the kinds that the library has."""
    term = data.get("TRANSPORT", {}).get("conductivity", {})
    term = (term or [{}])[0] if isinstance(term, list) else term
    source = f"conductivity {term.get('BibTeX', '')}"
    if term.get("hardcoded") == "Water":
        yield source
        yield "lwater"
        return
    dilute, dense, critical = (term.get(k, {}) for k in ("dilute", "residual", "critical"))
    enhanced = critical.get("type") == "simplified_Olchowy_Sengers"
    by_viscosity = dilute.get("type") == "eta0_and_poly"
    own = dilute.get("hardcoded") == "CarbonDioxideHuberJPCRD2016"
    known = by_viscosity or own or dilute.get("type") == "ratio_of_polynomials"
    named = {"None": [], "Ammonia": ["lammonia"], "R123": ["lr123"]}
    if not known or not (enhanced or critical.get("hardcoded") in named):
        return
    if (enhanced or by_viscosity) and not has_viscosity:
        return
    eos = data["EOS"][0]
    reducing = eos["STATES"]["reducing"]
    yield source
    if by_viscosity:
        # of viscosity in micropascal seconds there
        yield row("lgas", dilute["A"][0] * 1e6)
        yield from rows("ltau", dilute["A"][1:], dilute["t"][1:])
    elif own:
        yield "lco2"
    else:
        yield row("lratio", dilute["T_reducing"])
        # one list of exponents is longer than that of its coefficients
        for word, factors, powers in (("labove", "A", "n"), ("lbelow", "B", "m")):
            yield from rows(word, dilute[factors], dilute[powers][: len(dilute[factors])])
    if dense["type"] == "polynomial":
        yield row("lreduce", dense["T_reducing"], dense["rhomass_reducing"])
        plain = [0.0] * len(dense["B"])
        yield from rows("ldense", dense["B"], dense["t"], dense["d"], plain, plain)
    else:
        yield row("lreduce", reducing["T"], reducing["rhomolar"] * eos["molar_mass"])
        yield from rows("ldense", *(dense[k] for k in ("A", "t", "d", "gamma", "l")))
    if not enhanced:
        yield from named[critical["hardcoded"]]
    else:
        usual = {"R0": 1.03, "GAMMA": 0.0496, "nu": 0.63, "gamma": 1.239, "zeta0": 1.94e-10}
        usual |= {"qD": 2e9, "T_ref": 1.5 * reducing["T"]}
        yield row("lcritical", *(critical.get(k, v) for k, v in usual.items()), reducing["p"])


def rows(word: str, *columns: list[float]) -> Iterator[str]:
    return (row(word, *values) for values in zip(*columns, strict=True))


def row(word: str, *values: float) -> str:
    return " ".join([word, *(f"{float(v)!r}".removesuffix(".0") for v in values)])


if __name__ == "__main__":
    main()
