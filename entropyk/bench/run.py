"""Entropyk beside tespy: the same three cycles, solved warm with two inputs changed each time, in one run.

python3 dev.py bench --entropyk
"""

from __future__ import annotations

import logging
import platform
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

import entropyk as ek

TESTS = Path(__file__).parents[1] / "bindings" / "python" / "tests"
sys.path.insert(0, str(TESTS))
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import test_cycles as cycles  # noqa: E402

SOLVER = ek.NewtonConfig()


def best(work: Callable[[int], object], many: int) -> float:
    """Seconds of processor time for one of many, the best of five rounds."""
    rounds = []
    for _ in range(5):
        start = time.process_time()
        for i in range(many):
            work(i)
        rounds.append((time.process_time() - start) / many)
    return min(rounds)


def tutorial() -> tuple[float, float]:
    system = cycles.tutorial_here()

    def ours(i: int) -> None:
        system["suction.T"], system["liquid.T"] = 290.0 + 0.01 * (i % 100), 350.0 - 0.01 * (i % 100)
        SOLVER.solve(system)

    suction, liquid, network = cycles.tutorial_there()

    def theirs(i: int) -> None:
        suction.set_attr(T=17.0 + 0.01 * i)
        liquid.set_attr(T=77.0 - 0.01 * i)
        network.solve("design")

    return best(ours, 2000), best(theirs, 20)


def between_waters(moving: bool) -> tuple[float, float]:
    hot, cold, solve = cycles.between_waters(moving)
    system = cycles.rated(moving, hot, cold)

    def ours(i: int) -> None:
        system["condenser.secondary_in.T"] = 313.15 + 0.01 * (i % 100)
        system["evaporator.secondary_in.T"] = 288.15 - 0.01 * (i % 100)
        SOLVER.solve(system)

    return best(ours, 500), best(lambda i: solve(313.15 + 0.01 * i, 288.15 - 0.01 * i), 8)


def sample() -> float:
    """The README's sample, warm, with both streams' temperatures changed each time."""
    system = ek.SystemBuilder("R134a")
    sink, source = ek.Stream("Water", T=313, m=6), ek.Stream("Water", T=288, m=8)
    system.component("compressor", ek.Compressor(eta_s=0.75))
    system.component("condenser", ek.Condenser(ua=25e3, pr=0.99, subcooling=3, secondary=sink))
    system.component("valve", ek.ExpansionValve())
    evaporator = ek.Evaporator(ua=20e3, pr=0.98, superheat=5, secondary=source)
    system.component("evaporator", evaporator)
    system.edge("compressor", "condenser", m=1.0).edge("condenser", "valve")
    built = system.edge("valve", "evaporator").edge("evaporator", "compressor").build()

    def ours(i: int) -> None:
        built["condenser.secondary_in.T"] = 313.0 + 0.01 * (i % 100)
        built["evaporator.secondary_in.T"] = 288.0 - 0.01 * (i % 100)
        SOLVER.solve(built)

    return best(ours, 1000)


def main() -> None:
    print(
        f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core\n"
    )
    print("| cycle | Entropyk, us | tespy, us | times |\n| --- | --- | --- | --- |")
    rows = {"A": tutorial(), "B": between_waters(False), "C": between_waters(True)}
    for name, (ours, theirs) in rows.items():
        print(f"| {name} | {ours * 1e6:.1f} | {theirs * 1e6:.0f} | {theirs / ours:.0f} |")
    print(f"\n1,000 solutions of the README's sample: {1000 * sample():.3f} s")
    system = cycles.tutorial_here()
    held = best(lambda _: system["suction.T"], 100_000)
    counted = best(lambda _: system.edge_count, 100_000)
    print(f"a call by itself: {held * 1e6:.2f} us for a value, {counted * 1e6:.2f} us for a count")
    fluid, table = ek.Fluid("R134a"), ek.Fluid("R134a").table()
    print(f"R134a from a table is off by up to {dict(table.errors)}")
    flashes = {"gas": 4.5e5, "two phases": 3.2e5, "liquid": 2.2e5}
    print()
    for name, h in flashes.items():
        exact, fast = (
            best(lambda _, h=h, f=f: f.state(p=1e6, h=h), 20000) * 1e6 for f in (fluid, table)
        )
        print(
            f"state(p, h) of R134a, {name}: {exact:.2f} us by its equation, {fast:.2f} us from a table"
        )
    SOLVER.solve(system)
    over = {"suction.T": np.linspace(260, 300, 512), "liquid.T": np.linspace(310, 365, 512)}
    start = time.perf_counter()
    ek.sweep(system, over, "cop_heating")
    print(f"map of 512 x 512 COPs, cycle A, all cores: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
