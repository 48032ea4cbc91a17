"""What ends a solution before its time, and threads that share a system."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import entropyk as ek

Function = Callable[[float, float], float]


def heated(function: Function, **pump: float) -> ek.System:
    """Water through a pump and a heater, of which a function says how much it heats."""
    system = ek.System("Water")
    chain = [ek.FlowSource(p=1e5, T=300.0, m=1.0), ek.Pump(eta_s=0.7, **{"pr": 3.0} | pump)]
    chain += [ek.Pipe(pr=1.0), ek.FlowSink()]
    parts = [system.add_component(part) for part in chain]
    for i, name in enumerate(["cold", "pumped", "hot"]):
        system.add_edge(parts[i], parts[i + 1], name)
    system.add_relation("warm", ek.Zero(["pipe.Q", "hot.T"], function))
    system.finalize()
    return system


def raising(error: BaseException) -> Function:
    def function(q: float, t: float) -> float:
        raise error

    return function


SOLVERS = [ek.NewtonConfig(), ek.FallbackConfig()]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("error", [KeyboardInterrupt("now"), SystemExit(3)])
def test_what_ends_all_in_a_function_is_raised_as_it_is(
    solver: ek.NewtonConfig | ek.FallbackConfig, error: BaseException
) -> None:
    with pytest.raises(type(error)) as caught:
        solver.solve(heated(raising(error)))
    assert caught.value is error
    with pytest.raises(ek.SolverError, match="no number"):
        solver.solve(heated(raising(ValueError("no number"))))


def test_what_ends_all_in_a_function_ends_a_map() -> None:
    over = {"pump.pr": [2.0, 3.0], "pump.eta_s": [0.6, 0.7]}
    with pytest.raises(KeyboardInterrupt):
        ek.sweep(heated(raising(KeyboardInterrupt())), over, "pipe.Q")


def test_what_ends_all_in_a_fluid_is_raised_as_it_is() -> None:
    class Stopped:
        boiling_range = (250.0, 350.0)

        def __init__(self) -> None:
            self.water = ek.Fluid("Water")
            self.error: BaseException | None = None

        def state_ph(self, p: float, h: float) -> ek.State:
            return self._or_raise(self.water.state(p=p, h=h))

        def state_pt(self, p: float, t: float) -> ek.State:
            return self._or_raise(self.water.state(p=p, T=t))

        def _or_raise(self, state: ek.State) -> ek.State:
            if self.error:
                raise self.error
            return state

    for when in ("finalize", "start_from", "solve"):
        fluid = Stopped()
        system = ek.System(fluid)
        parts = [ek.FlowSource(p=1e5, T=300.0, m=1.0), ek.Pump(eta_s=0.7, pr=3.0), ek.FlowSink()]
        a, b, c = (system.add_component(part) for part in parts)
        system.add_edge(a, b, "in")
        system.add_edge(b, c, "out")
        system.add_relation("warm", ek.Sum({"out.T": 1.0}))
        if when != "finalize":
            system.finalize()
        fluid.error = KeyboardInterrupt("in a fluid")
        work: dict[str, Callable[[], object]] = {
            "finalize": system.finalize,
            "start_from": lambda s=system: s.start_from({"out.h": 1.2e5}),
            "solve": lambda s=system: ek.FallbackConfig().solve(s),
        }
        with pytest.raises(KeyboardInterrupt, match="in a fluid"):
            work[when]()


def test_attempts_share_the_time_allowed() -> None:
    """The first attempt fails at once; the second runs out of time, which is what is said."""
    calls = 0

    def slow(q: float, t: float) -> float:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ValueError("not yet")
        time.sleep(0.06)
        return 1.0 + q * q

    solver = ek.FallbackConfig(newton=ek.NewtonConfig(timeout=0.1))
    with pytest.raises(ek.TimeoutError) as caught:
        solver.solve(heated(slow))
    assert 100 < caught.value.elapsed_ms < 1000
    assert calls > 1


def test_a_function_cannot_use_the_system_that_calls_it() -> None:
    there: list[ek.System] = []
    system = heated(lambda q, t: q - there[0]["pump.P"])
    there.append(system)
    with pytest.raises(ek.SolverError, match="is being solved"):
        ek.NewtonConfig().solve(system)
    other = heated(lambda q, t: q - there[0]["pump.eta_s"])
    assert ek.NewtonConfig().solve(other)["pipe.Q"] == pytest.approx(0.7)


def child(code: str) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=here)


def test_a_thread_may_look_at_a_system_that_another_solves() -> None:
    """The one that solves needs the interpreter; the one that looks has to let it go while it waits."""
    code = """
import threading, time
import entropyk as ek
from test_interrupts import heated
def slow(q, t):
    time.sleep(0.002)
    return q - 10.0 * t
system = heated(slow)
looks = 0
def work():
    while looks < 3:
        ek.NewtonConfig().solve(system)
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    assert system["pump.eta_s"] == 0.7 and system.edge_count == 3 and repr(system)
    system["pump.pr"] = 3.0 + looks % 2
    looks += 1
print("looked", looks, flush=True)
"""
    with child(code) as process:
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert said.startswith("looked")


LONG = {
    "a table": """
def work():
    ek.Fluid("Water").table(size=400)
""",
    "substitution": """
solver = ek.PicardConfig(max_iterations=10**9, tolerance=1e-300)
system = build()
def work():
    while True:
        try:
            solver.solve(system)
        except ek.SolverError:
            pass
""",
    "a map": """
import numpy as np
over = {"condenser.secondary_in.T": np.linspace(308, 320, 2000), "evaporator.secondary_in.T": np.linspace(280, 292, 2000)}
system = build()
def work():
    ek.sweep(system, over, "power")
""",
    "a solution": """
def wave(q, t):
    return 2.0 + np.sin(1e4 * q)
import numpy as np
from test_interrupts import heated
system = heated(wave)
def work():
    while True:
        try:
            ek.FallbackConfig(newton=ek.NewtonConfig(max_iterations=10**9)).solve(system)
        except ek.SolverError:
            pass
""",
}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT reaches no child there")
@pytest.mark.parametrize("what", LONG)
def test_ctrl_c_ends_it_at_once(what: str) -> None:
    # A child of a process that ignores SIGINT, as a shell's background jobs do, would ignore it too.
    code = f"""
import signal, time
import entropyk as ek
from conftest import build
signal.signal(signal.SIGINT, signal.default_int_handler)
{LONG[what]}
print("ready", flush=True)
try:
    work()
except KeyboardInterrupt:
    print("ended", time.time(), flush=True)
"""
    # the best of three, for a busy machine answers late whatever it is asked
    waited = []
    while len(waited) < 3 and min(waited, default=1.0) > 0.1:
        with child(code) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.05 if what == "a table" else 0.2)
            sent = time.time()
            process.send_signal(signal.SIGINT)
            said = process.stdout.readline().split()
        assert process.returncode == 0
        assert said[0] == "ended"
        waited.append(float(said[1]) - sent)
    assert min(waited) < 0.1
