"""Random well-posed networks, whose structure is drawn as well as their numbers, and the balances of what is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

import entropyk as ek

FLUIDS = """
R134a R290 R600a R1234yf R32 R717 R1234ze(E) R152a R410A R407C R22 R245fa R1233zd(E) R600
""".split()

Port = tuple[str, int]


@dataclass
class Draft:
    """A network on its way, with which connections enter and leave each component."""

    rng: np.random.Generator
    system: ek.System
    handles: dict[str, int] = field(default_factory=dict)
    ends: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    # what exchanges no heat with anything outside
    adiabatic: set[str] = field(default_factory=set)
    shape: list[str] = field(default_factory=list)

    def add(self, name: str, part: ek.Component, *, adiabatic: bool = True) -> str:
        self.handles[name] = self.system.add_component(part, name)
        self.ends[name] = ([], [])
        if adiabatic:
            self.adiabatic.add(name)
        return name

    def join(self, a: str | Port, b: str | Port, **given: float) -> None:
        (a, i), (b, j) = ((end, 0) if isinstance(end, str) else end for end in (a, b))
        name = f"{a}{i}-{b}{j}"
        self.system.add_edge((self.handles[a], i), (self.handles[b], j), name, **given)
        self.ends[a][1].append(name)
        self.ends[b][0].append(name)

    def chance(self, share: float, word: str) -> bool:
        """Whether a part is in it, which is then said of its shape."""
        if self.rng.random() >= share:
            return False
        self.shape.append(word)
        return True

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def compressor(self, name: str, **words: float) -> str:
        return self.add(name, ek.Compressor(eta_s=self.uniform(0.55, 0.9), **words))

    def pipe(self, name: str, before: str | Port, heat: float = 0.0) -> str:
        """A pipe after a port, which loses pressure and some heat."""
        part = ek.Pipe(pr=self.uniform(0.97, 1.0), Q=heat)
        self.join(before, self.add(name, part, adiabatic=heat == 0.0))
        return name


def exchanger(
    draft: Draft, name: str, cls: Any, duty: float, stream: Any, rating: str = "", **words: Any
) -> None:
    """A condenser or evaporator against a stream, rated in one of several ways."""
    rating = rating or str(draft.rng.choice(["ua", "ua", "ua", "pinch"]))
    value = duty / draft.uniform(4, 15) if rating == "ua" else draft.uniform(2, 8)
    words |= {rating: value, "pr": draft.uniform(0.94, 1.0)}
    loop = draft.chance(0.3, "a loop")
    if loop:
        words["pr_secondary"] = draft.uniform(0.9, 1.0)
    draft.add(name, cls(secondary=loop or ek.Stream(**stream), **words))
    if loop:
        fluid, rest = stream["fluid"], {k: v for k, v in stream.items() if k != "fluid"}
        draft.add(f"{name}_in", ek.FlowSource(fluid, p=2e5, **rest))
        draft.add(f"{name}_out", ek.FlowSink())
        pump = ek.Pump(eta_s=draft.uniform(0.4, 0.8), pr=draft.uniform(1.05, 2.0))
        draft.add(f"{name}_pump", pump)
        draft.join(f"{name}_in", f"{name}_pump")
        draft.join(f"{name}_pump", (name, 1))
        draft.join((name, 1), f"{name}_out")


def low_side(draft: Draft, liquid: str | Port, duty: float, source: dict[str, Any]) -> str:
    """From a liquid to a vapour: one valve and evaporator, or several side by side."""
    many = 1 if draft.rng.random() < 0.7 else int(draft.rng.integers(2, 4))
    if many > 1:
        draft.shape.append(f"{many} evaporators")
        draft.join(liquid, draft.add("share", ek.FlowSplitter(many)))
        draft.add("collect", ek.FlowMerger(many))
    # side by side, all have one pressure: another superheat, or a pinch, could ask for one that there is not
    superheat, rating = draft.uniform(1.0, 8.0), "ua" if many > 1 else ""
    for i in range(many):
        name = f"evaporator{i}"
        draft.add(f"valve{i}", ek.ExpansionValve())
        draft.join(("share", i) if many > 1 else liquid, f"valve{i}")
        stream = source | {"m": source["m"] / many}
        exchanger(draft, name, ek.Evaporator, duty / many, stream, rating, superheat=superheat)
        draft.join(f"valve{i}", name)
        if many > 1:
            draft.join(name, ("collect", i))
    return "collect" if many > 1 else "evaporator0"


def one_stage(draft: Draft, suction: str) -> str:
    """From suction to discharge: one compressor, or two side by side."""
    if not draft.chance(0.25, "two compressors side by side"):
        draft.join(suction, draft.compressor("compressor"))
        return "compressor"
    draft.join(suction, draft.add("halve", ek.FlowSplitter()))
    draft.add("unite", ek.FlowMerger())
    for i in range(2):
        draft.join(("halve", i), draft.compressor(f"compressor{i}"))
        draft.join(f"compressor{i}", ("unite", i))
    names = [f"compressor{i}0-unite{i}.m" for i in range(2)]
    shares = ek.Sum({names[0]: 1.0, names[1]: -draft.uniform(0.4, 2.5)})
    draft.system.add_relation("shares", shares, 0.0)
    return "unite"


def network(rng: np.random.Generator) -> tuple[Draft, str] | None:
    """A heat pump or chiller; none if the numbers are such that there is none."""
    fluid = str(rng.choice(FLUIDS))
    source, lift = rng.uniform(277, 298), rng.uniform(15, 50)
    sink, duty = source + lift, 10 ** rng.uniform(3.7, 5.7)
    warmed, cooled = rng.uniform(3, 12), rng.uniform(3, 10)
    if sink + 15 > 0.95 * ek.Fluid(fluid).T_critical or source - cooled < 274:
        return None
    draft = Draft(rng, ek.System(fluid))
    hot = {"fluid": "Water", "T": sink, "m": duty / 4186 / warmed}
    # one of several evaporators may cool its stream far more than the others do theirs
    cold = {"fluid": ek.Brine("MEG", 0.4), "T": source, "m": duty / 3500 / cooled}
    stages = str(rng.choice(["one", "one", "flash", "injection"]))
    draft.shape.append(stages)
    inner = stages == "one" and draft.chance(0.3, "inner exchanger")
    exchanger(draft, "condenser", ek.Condenser, duty, hot, Q=-duty, subcooling=draft.uniform(0, 8))
    liquid: str | Port = "condenser"
    if draft.chance(0.3, "liquid line"):
        liquid = draft.pipe("liquid_line", liquid)
    # between the stages, a share of the lift in logarithms of pressure
    middle = 1.0 + draft.uniform(0.02, 0.04) * lift
    if stages == "one":
        if inner:
            part = ek.Economizer(ua=duty * draft.uniform(2e-4, 4e-3), pr=1.0, pr_secondary=1.0)
            draft.join(liquid, draft.add("inner", part))
            liquid = ("inner", 0)
        vapour: str | Port = low_side(draft, liquid, duty, cold)
        if inner:
            draft.join(vapour, ("inner", 1))
            vapour = ("inner", 1)
    elif stages == "flash":
        draft.join(liquid, draft.add("upper_valve", ek.ExpansionValve()))
        draft.join("upper_valve", draft.add("flash", ek.FlashEconomizer()))
        vapour = low_side(draft, ("flash", 1), duty, cold)
    else:
        draft.join(liquid, draft.add("branch", ek.FlowSplitter()))
        part = ek.Economizer(ua=duty * draft.uniform(5e-3, 4e-2), pr=1.0, pr_secondary=1.0)
        draft.join(("branch", 0), draft.add("economizer", part))
        draft.join(("branch", 1), draft.add("upper_valve", ek.ExpansionValve()))
        draft.join("upper_valve", ("economizer", 1))
        vapour = low_side(draft, ("economizer", 0), duty, cold)
    if draft.chance(0.3, "suction line"):
        vapour = draft.pipe("suction_line", vapour, duty * draft.uniform(0, 0.01))
    if stages == "one":
        discharge = one_stage(draft, vapour)
    else:
        draft.join(vapour, draft.compressor("low", pr=middle))
        draft.join("low", (draft.add("mix", ek.FlowMerger()), 0))
        if stages == "flash":
            draft.join(("flash", 0), ("mix", 1))
        else:
            draft.join(("economizer", 1), ("mix", 1), superheat=draft.uniform(2, 6))
        draft.join("mix", draft.compressor("high"))
        discharge = "high"
    if draft.chance(0.3, "discharge line"):
        discharge = draft.pipe("discharge_line", discharge, -duty * draft.uniform(0, 0.01))
    draft.join(discharge, "condenser")
    draft.system.finalize()
    return draft, f"{fluid}: {', '.join(draft.shape)}"


def check(draft: Draft, solution: ek.Solution, near: str) -> None:
    """Mass, energy and entropy of every component and of the whole."""
    states = {name: solution.state(name) for name in solution.edges}
    flows = {name: solution.mass_flow(name) for name in solution.edges}
    known = set(solution.keys())
    duty = abs(solution["condenser.Q"])
    whole = 0.0
    for name, (entering, leaving) in draft.ends.items():
        if not entering or not leaving:
            continue
        entering, leaving = list(entering), list(leaving)
        if f"{name}.secondary_in" in flows:
            entering.append(f"{name}.secondary_in")
            leaving.append(f"{name}.secondary_out")
        mass = [sum(flows[e] for e in side) for side in (entering, leaving)]
        assert abs(mass[0] - mass[1]) < 1e-9 * mass[0], (near, name)
        heat = sum(flows[e] * states[e].h for e in leaving) - sum(
            flows[e] * states[e].h for e in entering
        )
        given = sum(solution[key] for w in "PQ" if (key := f"{name}.{w}") in known)
        two = name.startswith(("condenser", "evaporator", "inner", "economizer"))
        two &= not name.endswith(("_pump", "_in", "_out"))
        assert abs(heat - (0.0 if two else given)) < 1e-9 * duty, (near, name)
        whole += 0.0 if two else given
        if name in draft.adiabatic:
            rise = sum(flows[e] * states[e].s for e in leaving) - sum(
                flows[e] * states[e].s for e in entering
            )
            assert rise > -1e-9 * duty / 250.0, (near, name)
    # what leaves for outside less what comes from there is what is put in
    carried = 0.0
    for entering, leaving in draft.ends.values():
        if not entering or not leaving:
            carried += sum(flows[e] * states[e].h for e in entering)
            carried -= sum(flows[e] * states[e].h for e in leaving)
    for e in flows:
        if e.endswith((".secondary_in", ".secondary_out")):
            carried += flows[e] * states[e].h * (1.0 if e.endswith("out") else -1.0)
    assert abs(carried - whole) < 1e-9 * duty, near
