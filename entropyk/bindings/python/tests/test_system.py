"""Systems: what a graph alone says, arrays, threads, time."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from conftest import Machine

import entropyk as ek


def test_counts(machine: Machine) -> None:
    system = machine()
    assert (system.node_count, system.edge_count, system.state_vector_len) == (4, 8, 24)
    assert len(ek.NewtonConfig().solve(system).state_vector) == 24


def test_too_little_is_named_before_solving(machine: Machine) -> None:
    with pytest.raises(ek.TopologyError, match=r"too little is given.*condenser\.ua"):
        machine(condenser={"ua": None})


def test_too_much_is_named_before_solving(machine: Machine) -> None:
    with pytest.raises(
        ek.TopologyError, match=r"too much is given.*leave out one of .*condenser\.dp"
    ):
        machine(condenser={"dp": 1e4})


def test_too_much_and_too_little_at_once(machine: Machine) -> None:
    with pytest.raises(
        ek.TopologyError, match=r"too much is given.*evaporator.*too little is given.*condenser"
    ):
        machine(condenser={"ua": None}, evaporator={"pr_secondary": 0.9, "dp_secondary": 1e4})


def test_what_is_not_connected_is_named() -> None:
    system = ek.System(fluid="R134a")
    with pytest.raises(ek.TopologyError, match="no component"):
        system.finalize()
    a, b = system.add_component(ek.Compressor()), system.add_component(ek.ExpansionValve())
    system.add_edge(a, b)
    with pytest.raises(ek.TopologyError, match="inlet 0 of compressor"):
        system.finalize()
    with pytest.raises(ek.TopologyError, match="connected already"):
        system.add_edge(a, b)
    with pytest.raises(ek.TopologyError, match="handle"):
        system.add_edge(b, 7)
    with pytest.raises(ek.TopologyError, match="no outlet 1"):
        system.add_edge((b, 1), a)
    with pytest.raises(ek.TopologyError, match="already"):
        system.add_component(ek.Compressor(), "compressor")
    with pytest.raises(ek.TopologyError, match="not finalized"):
        ek.NewtonConfig().solve(system)


def test_a_finalized_system_takes_nothing_more(machine: Machine) -> None:
    with pytest.raises(ek.TopologyError, match="finalized"):
        machine().add_component(ek.Compressor())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ek.Compressor(eta_s=1.2), "eta_s between 0 and 1, got 1.2"),
        (lambda: ek.Pipe(roughness=-1.0), "roughness between 0 and inf, got -1"),
        (lambda: ek.Compressor(eta_s=float("nan")), "eta_s between"),
        (lambda: ek.Condenser(ua=1e3), "secondary=Stream"),
        (lambda: ek.Evaporator(secondary=ek.Stream("Water", T=-3)), "secondary T above 0"),
        (lambda: ek.Evaporator(secondary=ek.Stream("Water", T=300, m=0)), "secondary m above 0"),
    ],
)
def test_components_refuse(make: object, said: str) -> None:
    with pytest.raises(ek.ComponentError, match=said):
        make()  # type: ignore[operator]


def test_names_that_are_not_there_name_those_that_are(machine: Machine) -> None:
    system = machine()
    with pytest.raises(KeyError, match=r"compressor\.eta_s"):
        system["compressor.eta"]
    with pytest.raises(ek.ValidationError, match="finite"):
        system["condenser.subcooling"] = float("nan")
    with pytest.raises(ValueError, match="expected of a connection only"):
        ek.System("R134a").add_edge(0, 1, quality=1)
    with pytest.raises(KeyError, match="suction"):
        ek.NewtonConfig().solve(system).state("sucktion")


def test_arrays_are_the_same_memory_and_read_only(machine: Machine) -> None:
    solution = ek.NewtonConfig().solve(machine())
    for first, again in (
        (solution.state_vector, solution.to_numpy()),
        (solution.residual_history, solution.residual_history),
    ):
        assert first is again
        assert first.__array_interface__["data"] == again.__array_interface__["data"]
        assert not first.flags.writeable
        assert first.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            first[0] = 1.0
    assert solution.residual_history.size == solution.iterations


def test_a_solution_is_not_changed_by_the_next(machine: Machine) -> None:
    system = machine()
    first = ek.NewtonConfig().solve(system)
    before = first.cop_heating
    system["compressor.eta_s"] = 0.6
    assert ek.NewtonConfig().solve(system).cop_heating < before
    assert first.cop_heating == before


def test_time_is_limited(machine: Machine) -> None:
    with pytest.raises(ek.TimeoutError) as caught:
        ek.NewtonConfig(timeout=1e-9).solve(machine())
    assert caught.value.elapsed_ms > 0
    assert isinstance(caught.value, (TimeoutError, ek.SolverError))
    assert isinstance(caught.value, TimeoutError)
    assert isinstance(caught.value, ek.SolverError)


def test_iterations_are_limited(machine: Machine) -> None:
    with pytest.raises(ek.SolverError, match="no solution in 1 iterations"):
        ek.NewtonConfig(max_iterations=1).solve(machine())
    for wrong in ({"max_iterations": 0}, {"tolerance": 0.0}, {"tolerance": 1.0}, {"timeout": -1.0}):
        with pytest.raises(ek.ValidationError, match="expected"):
            ek.NewtonConfig(**wrong)


def test_what_has_no_solution_says_where(machine: Machine) -> None:
    with pytest.raises(ek.SolverError, match="condenser"):
        ek.NewtonConfig().solve(machine(condenser={"ua": 1.0}))


def test_every_error_is_one_of_ours() -> None:
    for error in (
        ek.ComponentError,
        ek.FluidError,
        ek.SolverError,
        ek.TimeoutError,
        ek.TopologyError,
        ek.ValidationError,
    ):
        assert issubclass(error, ek.EntropykError)
        assert error.__module__ == "entropyk"


def test_threads_solve_at_the_same_time(machine: Machine) -> None:
    systems = [machine(sink={"T": 310.0 + i}) for i in range(4)]
    alone = [ek.NewtonConfig().solve(system).cop_heating for system in systems]
    found: dict[int, float] = {}

    def work(i: int) -> None:
        for _ in range(50):
            found[i] = ek.NewtonConfig().solve(systems[i]).cop_heating

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i] for i in range(4)] == pytest.approx(alone, rel=1e-9)


def test_warm_solves_are_quick(machine: Machine) -> None:
    system, solver = machine(), ek.NewtonConfig()
    solver.solve(system)
    start = time.process_time()
    for i in range(300):
        system["condenser.secondary_in.T"] = 313.15 + 0.01 * (i % 50)
        solver.solve(system)
    # 0.3 ms each here; the limit only tells a broken warm start from a good one
    assert time.process_time() - start < 1.5
