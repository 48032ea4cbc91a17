"""What tespy's layer refuses, and what it leaves behind."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tespy_networks import Words, chain, network, quiet, small, words

import entropyk as ek

__all__ = ["quiet"]


def test_what_is_not_supported_raises_and_names_what_is() -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    for wrong, said in (
        (lambda: pump.set_attr(head=3), "'head' is not supported; supported are .*eta_s.*pr"),
        (lambda: c["1"].set_attr(quality=1), "supported are .*td_dew"),
        (lambda: w.Network(m_range=[0, 1]), "supported are T_unit, h_unit, iterinfo"),
        (lambda: nw.solve("design", robust_relax=True), "supported are .*max_iter"),
        (lambda: nw.units.set_defaults(pressure="torr"), "supported are .*bar"),
        (lambda: pump.set_attr(pr="var"), "not supported"),
        (lambda: pump.set_attr(design=["UA"]), "supported are .*eta_s_char"),
        (lambda: nw.get_conn("9"), "supported are 1, 2"),
        (
            lambda: w.load_default_char("Pump", "eta_s_char", "MINE", w.CharLine),
            "supported are .*DEFAULT",
        ),
    ):
        with pytest.raises(KeyError, match=said) as caught:
            wrong()
        assert isinstance(caught.value, ek.ValidationError)
    with pytest.raises(AttributeError, match="supported are"):
        _ = pump.head
    with pytest.raises(
        ImportError, match="SolarCollector is not supported; supported are Component"
    ):
        importlib.import_module("entropyk.tespy.components").SolarCollector  # noqa: B018
    for wrong, said in (
        (lambda: pump.set_attr(pr="three"), "expected a number"),
        (lambda: pump.set_attr(pr=math.inf), "finite"),
        (lambda: nw.solve("on"), "design.*offdesign"),
        (lambda: nw.add_conns(pump), "expected connections"),
        (lambda: w.CharLine(x=[0, 0], y=[1, 1]), "rise"),
        (lambda: w.Splitter("s", num_out=9), "from 2 to 5"),
    ):
        with pytest.raises(ek.ValidationError, match=said):
            wrong()
    with pytest.raises(ek.FluidError, match="state_ph"):
        c["1"].set_attr(fluid={"water": 0.5, "NH3": 0.5})
    c["1"].set_attr(fluid={"REFPROP::water": 1})
    with pytest.raises(ek.FluidError, match="HEOS"):
        nw.solve("design")


def test_structure_is_checked_before_any_number() -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    with pytest.raises(w.TESPyNetworkError, match="too little is given"):
        nw.solve("design")
    pump.set_attr(eta_s=0.7, pr=3, P=5)
    with pytest.raises(w.TESPyNetworkError, match="too much is given"):
        nw.solve("design")
    with pytest.raises(w.TESPyNetworkError, match="connected already"):
        w.Network().add_conns(w.Connection(c["1"].source, "out1", w.Sink("c"), "in1"))
    with pytest.raises(w.TESPyNetworkError, match="not one of its outlets"):
        w.Connection(pump, "out2", w.Sink("c"), "in1")
    nw.del_conns(c["2"])
    with pytest.raises(w.TESPyNetworkError, match="out1 not connected"):
        nw.solve("design")


def test_without_a_solution_nothing_is_left_of_the_last() -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    pump.set_attr(eta_s=0.7, pr=3)
    nw.solve("design")
    assert nw.converged
    before = pump.P.val
    pump.set_attr(pr=1e9)
    nw.solve("design")
    assert not nw.converged
    assert math.isnan(pump.P.val)
    assert math.isnan(c["2"].h.val)
    with pytest.raises(AssertionError, match="no solution"):
        nw.assert_convergence()
    pump.set_attr(pr=3)
    nw.solve("design")
    assert pump.P.val == pytest.approx(before, rel=1e-9)


def refused(error: type[Exception], said: str, what: Callable[[], Any]) -> None:
    with pytest.raises(error, match=said) as caught:
        what()
    assert isinstance(caught.value, ek.EntropykError)


def test_a_stream_without_a_fluid_is_named() -> None:
    """One fluid somewhere is not enough: the other side of an exchanger has none."""
    w = words("entropyk.tespy")
    nw, part, split = network(w), w.HeatExchanger("part"), w.Splitter("split")
    c = chain(
        w,
        (w.Source("a"), "out1", part, "in1", "1"),
        (part, "out1", w.Sink("b"), "in1", "2"),
        (w.Source("c"), "out1", part, "in2", "3"),
        (part, "out2", split, "in1", "4"),
        (split, "out1", w.Sink("d"), "in1", "5"),
        (split, "out2", w.Sink("e"), "in1", "6"),
    )
    nw.add_conns(*c.values())
    part.set_attr(pr1=1, pr2=1)
    c["1"].set_attr(fluid={"R134a": 1}, T=60, p=2, m=1)
    c["2"].set_attr(T=50)
    c["3"].set_attr(T=10, p=1)
    c["4"].set_attr(T=20)
    c["5"].set_attr(m=w.Ref(c["6"], 1, 0))
    refused(w.TESPyNetworkError, "no fluid is given of 3, 4, 5, 6", lambda: nw.solve("design"))
    c["6"].set_attr(fluid={"water": 1})  # anywhere along it
    nw.solve("design")
    nw.assert_convergence()
    c["1"].set_attr(fluid=None)
    refused(w.TESPyNetworkError, "no fluid is given of 1, 2;", lambda: nw.solve("design"))


def test_a_refused_change_leaves_the_others_as_they_are_set() -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    pump.set_attr(eta_s=0.7, pr=3)
    nw.solve("design")
    before = c["2"].h.val_SI
    # the temperature is taken and the efficiency refused
    c["1"].set_attr(T=40)
    pump.set_attr(eta_s=1.7)
    refused(ek.ValidationError, "eta_s", lambda: nw.solve("design"))
    assert not nw.converged
    c["1"].set_attr(T=20)
    pump.set_attr(eta_s=0.7)
    nw.solve("design")
    assert c["2"].h.val_SI == pytest.approx(before, rel=1e-12)
    pump.set_attr(eta_s=0.6)
    c["1"].set_attr(T=30)
    nw.solve("design")
    fresh, d, other = small(w)
    d["1"].set_attr(T=30)
    other.set_attr(eta_s=0.6, pr=3)
    fresh.solve("design")
    assert c["2"].h.val_SI == pytest.approx(d["2"].h.val_SI, rel=1e-9)


def test_ports_that_are_gone_or_not_connected_are_named() -> None:
    w = words("entropyk.tespy")
    nw, split = network(w), w.Splitter("split", num_out=3)
    c = chain(
        w,
        (w.Source("a"), "out1", split, "in1", "1"),
        *((split, f"out{i}", w.Sink(f"s{i}"), "in1", f"o{i}") for i in (1, 2, 3)),
    )
    nw.add_conns(*c.values())
    split.set_attr(num_out=2)
    refused(w.TESPyNetworkError, "o3: split has no out3 any more", lambda: nw.solve("design"))
    nw, c, pump = small(w)
    motor = w.Motor("motor")
    nw.add_conns(w.PowerConnection(motor, "power_out", pump, "power"))
    refused(w.TESPyNetworkError, "motor: power_in not connected", lambda: nw.solve("design"))
    nw, bus = network(w), w.PowerBus("bus", num_in=1, num_out=2)
    nw.add_conns(w.PowerConnection(w.PowerSource("grid"), "power", bus, "power_in1"))
    refused(w.TESPyNetworkError, "bus: power_out1, power_out2 not", lambda: nw.solve("design"))
    nw, closer = network(w), w.CycleCloser("closer")
    nw.add_conns(w.Connection(closer, "out1", w.Sink("end"), "in1"))
    refused(w.TESPyNetworkError, "closer: in1 not connected", lambda: nw.solve("design"))


def test_odd_arguments_are_our_errors(tmp_path: Path) -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    pump.set_attr(eta_s=0.7, pr=3)
    number = "expected a number"
    refused(ek.ValidationError, number, lambda: c["1"].set_attr(Td_bp="warm"))
    refused(ek.ValidationError, number, lambda: w.Ref(c["1"], "twice", 0))
    refused(ek.ValidationError, number, lambda: c["1"].set_attr(fluid={"water": "all"}))
    refused(ek.ValidationError, "supported are", lambda: nw.units.set_defaults(pressure=5))
    refused(ek.ValidationError, "from 2 to 5", lambda: w.Merge("m", num_in=True))
    equation = w.UserDefinedEquation("none", lambda u: 0.0, lambda u: [])
    refused(ek.ValidationError, "not part of this network", lambda: nw.del_ude(equation))
    for wrong in ({}, {"connections": {}}, {"connections": {}, "components": {"pump": 3}}, [1]):
        refused(
            ek.ValidationError, "as Network.save", lambda w=wrong: nw.solve("design", init_path=w)
        )
    (tmp_path / "list.json").write_text(json.dumps([1, 2]))
    path = str(tmp_path / "list.json")
    refused(ek.ValidationError, "as Network.save", lambda: nw.solve("design", init_path=path))
    _, d, _ = small(w)
    c["2"].set_attr(T=w.Ref(d["1"], 1, 0))
    refused(ek.TopologyError, "refers to 1, which is not part", lambda: nw.solve("design"))
    curve = w.CharLine(x=[0, 1], y=[1, 1])
    for part, word, over in (
        (pump, "flow_char", "m"),
        (w.Motor("motor"), "eta_char", "P"),
        (w.TurboCompressor("turbo"), "char_map_pr", "m"),
    ):
        said = {word: {"char_func": curve, "param": over}}
        refused(ek.ValidationError, f"param of {word}", lambda p=part, s=said: p.set_attr(**s))


def test_a_design_in_which_nothing_flows_relates_to_nothing() -> None:
    w = words("entropyk.tespy")
    nw, _, pump = small(w)
    pump.set_attr(eta_s=0.7, pr=3, design=["eta_s"], offdesign=["eta_s_char"])
    nw.solve("design")
    design = nw.save(as_dict=True)
    design["connections"]["1"]["v"] = 0.0
    refused(
        ek.ValidationError,
        "1: v is 0 in the design",
        lambda: nw.solve("offdesign", design_path=design),
    )


def part_load(w: Words, offdesign: list[str], **said: Any) -> tuple[Any, float]:
    """Water against water, at 0.8 of the flow that it was made for."""
    nw, part = network(w), w.HeatExchanger("part")
    c = chain(
        w,
        (w.Source("a"), "out1", part, "in1", "1"),
        (part, "out1", w.Sink("b"), "in1", "2"),
        (w.Source("c"), "out1", part, "in2", "3"),
        (part, "out2", w.Sink("d"), "in1", "4"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"water": 1}, T=60, p=2, m=1)
    c["2"].set_attr(T=50, design=["T"])
    c["3"].set_attr(fluid={"water": 1}, T=10, p=1, m=2)
    part.set_attr(pr1=1, pr2=1, offdesign=offdesign, **said)
    nw.solve("design")
    made, design = part.UA.val_SI, nw.save(as_dict=True)
    c["1"].set_attr(m=0.8)
    nw.solve("offdesign", design_path=design)
    nw.assert_convergence()
    return part, made


@pytest.mark.parametrize("listed", [["kA_char"], ["UA_char"], ["kA_char1", "kA_char2"]])
def test_part_load_follows_lines_however_they_are_listed(listed: list[str]) -> None:
    w = words("entropyk.tespy")
    part, made = part_load(w, listed)
    line = w.load_default_char("HeatExchanger", "UA_char1", "DEFAULT", w.CharLine)
    share = 2 / (1 / line.evaluate(0.8) + 1)
    assert part.UA.val_SI == pytest.approx(made * share, rel=1e-6)


def test_one_line_of_two_is_refused() -> None:
    w = words("entropyk.tespy")
    refused(ek.ValidationError, "got only UA_char1", lambda: part_load(w, ["kA_char1"]))


def test_lines_may_be_let_go_in_off_design() -> None:
    w = words("entropyk.tespy")
    part, made = part_load(w, ["UA"])
    assert part.UA.val_SI == pytest.approx(made, rel=1e-12)
    assert part.UA.val == pytest.approx(made, rel=1e-12)


def test_what_off_design_holds_is_what_is_told() -> None:
    """A value listed for off-design is held at its design value, not at what is set by then."""
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    pump.set_attr(eta_s=0.7, pr=3, offdesign=["pr"])
    nw.solve("design")
    design = nw.save(as_dict=True)
    pump.set_attr(pr=4)
    nw.solve("offdesign", design_path=design)
    assert pump.pr.val_SI == pytest.approx(3.0, rel=1e-12)
    assert pump.pr.val == pytest.approx(3.0, rel=1e-12)
    assert c["2"].p.val == pytest.approx(3.0, rel=1e-12)


def test_a_reference_may_be_let_go_in_off_design() -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    pump.set_attr(eta_s=0.7, offdesign=["P"])
    c["2"].set_attr(p=w.Ref(c["1"], 3, 0), design=["p"])
    nw.solve("design")
    power, design = pump.P.val, nw.save(as_dict=True)
    c["1"].set_attr(v=0.008)
    nw.solve("offdesign", design_path=design)
    assert pump.P.val == pytest.approx(power, rel=1e-9)
    assert c["2"].p.val > 3.3


def test_no_heat_has_no_mean_difference() -> None:
    """Where no heat goes over, the conductance is 0 and what follows from it is nan."""
    w = words("entropyk.tespy")
    nw, part = network(w), w.HeatExchanger("part", pr1=1, pr2=1, Q=0)
    c = chain(
        w,
        (w.Source("a"), "out1", part, "in1", "1"),
        (part, "out1", w.Sink("b"), "in1", "2"),
        (w.Source("c"), "out1", part, "in2", "3"),
        (part, "out2", w.Sink("d"), "in1", "4"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"water": 1}, T=60, p=2, m=1)
    c["3"].set_attr(fluid={"water": 1}, T=10, p=1, m=2)
    nw.solve("design")
    nw.assert_convergence()
    assert part.UA.val == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(part.lmtd.val)
