"""Networks in tespy's words, solved here and by tespy, with the import alone changed."""

from __future__ import annotations

import importlib
import json
import logging
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import entropyk as ek

Words = SimpleNamespace


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.disable(logging.NOTSET)


def words(name: str) -> Words:
    """All that a script imports, of tespy or of what stands for it here."""
    parts: dict[str, Any] = {}
    for module in (
        "components",
        "connections",
        "networks",
        "tools.characteristics",
        "tools.helpers",
    ):
        parts |= vars(importlib.import_module(f"{name}.{module}"))
    return Words(**{key: value for key, value in parts.items() if key[0].isalpha()})


BOTH = ("entropyk.tespy", "tespy")


def network(w: Words) -> Any:
    nw = w.Network(iterinfo=False)
    nw.units.set_defaults(
        temperature="degC",
        pressure="bar",
        pressure_difference="bar",
        enthalpy="kJ/kg",
        heat="kW",
        power="kW",
    )
    return nw


def chain(w: Words, *ends: tuple[Any, str, Any, str, str]) -> dict[str, Any]:
    return {label: w.Connection(a, o, b, i, label=label) for a, o, b, i, label in ends}


def state(nw: Any, conns: dict[str, Any], **parts: tuple[Any, str]) -> dict[str, float]:
    """What was found: of all connections, and some values of components."""
    nw.assert_convergence()
    found = {
        f"{label}.{word}": getattr(conn, word).val_SI
        for label, conn in conns.items()
        for word in ("m", "p", "h", "T", "v", "s", "vol")
    }
    for name, (part, listed) in parts.items():
        found |= {f"{name}.{word}": getattr(part, word).val_SI for word in listed.split()}
    return found


def simple(w: Words) -> Iterator[dict[str, float]]:
    """The first heat pump that one builds with tespy, and what one then asks of it."""
    nw = network(w)
    closer, compressor, valve = w.CycleCloser("cc"), w.Compressor("cp"), w.Valve("va")
    condenser, evaporator = w.SimpleHeatExchanger("co"), w.SimpleHeatExchanger("ev")
    c = chain(
        w,
        (closer, "out1", evaporator, "in1", "1"),
        (evaporator, "out1", compressor, "in1", "2"),
        (compressor, "out1", condenser, "in1", "3"),
        (condenser, "out1", valve, "in1", "4"),
        (valve, "out1", closer, "in1", "0"),
    )
    nw.add_conns(*c.values())
    condenser.set_attr(pr=0.98, Q=-1000)
    evaporator.set_attr(pr=0.98)
    compressor.set_attr(eta_s=0.85)
    c["2"].set_attr(T=20, x=1, fluid={"R134a": 1})
    c["4"].set_attr(T=80, x=0)
    asked: list[list[tuple[Any, dict[str, Any]]]] = [
        [],
        [(c["2"], {"T": 10}), (compressor, {"eta_s": 0.8})],
        [(condenser, {"Q": None}), (c["1"], {"m": 5})],
        [(compressor, {"pr": 4}), (c["4"], {"T": None})],
        [(compressor, {"pr": None, "eta_s": None}), (c["3"], {"T": 97.3}), (c["4"], {"T": 80})],
        [(c["3"], {"T": None}), (compressor, {"dp": -20, "eta_s": 0.8}), (c["4"], {"T": None})],
        [(compressor, {"dp": None, "P": 300}), (c["1"], {"m": None}), (c["4"], {"T_bubble": 75})],
        [(valve, {"dp": 15}), (c["4"], {"T_bubble": None})],
        [(valve, {"dp": None, "pr": 0.3})],
        [(c["2"], {"x": None, "td_dew": 4}), (c["4"], {"x": None, "td_bubble": 3})],
    ]
    for change in asked:
        for part, values in change:
            part.set_attr(**values)
        nw.solve("design")
        yield state(
            nw,
            c,
            cp=(compressor, "P eta_s pr dp"),
            va=(valve, "pr dp"),
            co=(condenser, "Q pr dp"),
            ev=(evaporator, "Q pr dp"),
        )


def waters(w: Words) -> Iterator[dict[str, float]]:
    """A heat pump between a closed water loop and a brine, with inner exchange; then its part load."""
    nw = network(w)
    cc, loop = w.CycleCloser("cc"), w.CycleCloser("loop")
    ev, ihx, cd = w.HeatExchanger("ev"), w.HeatExchanger("ihx"), w.Condenser("cd")
    cp, va = w.Compressor("cp"), w.Valve("va")
    pumps = w.Pump("brine pump"), w.Pump("water pump")
    user, inlet, outlet = w.SimpleHeatExchanger("user"), w.Source("in"), w.Sink("out")
    c = chain(
        w,
        (cc, "out1", ev, "in2", "0"),
        (ev, "out2", ihx, "in2", "1"),
        (ihx, "out2", cp, "in1", "2"),
        (cp, "out1", cd, "in1", "3"),
        (cd, "out1", ihx, "in1", "4"),
        (ihx, "out1", va, "in1", "5"),
        (va, "out1", cc, "in1", "6"),
        (inlet, "out1", pumps[0], "in1", "11"),
        (pumps[0], "out1", ev, "in1", "12"),
        (ev, "out1", outlet, "in1", "13"),
        (loop, "out1", pumps[1], "in1", "21"),
        (pumps[1], "out1", cd, "in2", "22"),
        (cd, "out2", user, "in1", "23"),
        (user, "out1", loop, "in1", "24"),
    )
    nw.add_conns(*c.values())
    c["23"].set_attr(T=65, p=10, fluid={"water": 1})
    c["24"].set_attr(T=50)
    c["11"].set_attr(T=15, p=1, fluid={"water": 1})
    c["13"].set_attr(T=10, p=1)
    c["1"].set_attr(x=1, T_dew=5, fluid={"R600a": 1})
    c["4"].set_attr(T_bubble=70)
    c["2"].set_attr(td_dew=8)
    for part, given in (
        (pumps[0], {"eta_s": 0.8}),
        (pumps[1], {"eta_s": 0.8}),
        (cp, {"eta_s": 0.8}),
        (cd, {"pr1": 0.98, "pr2": 0.98}),
        (ev, {"pr1": 0.98, "pr2": 0.98}),
        (user, {"pr": 0.99, "Q": -200}),
        (ihx, {"pr1": 0.98, "pr2": 0.98}),
    ):
        part.set_attr(**given)
    parts: dict[str, tuple[Any, str]] = {
        "cp": (cp, "P eta_s pr"),
        "cd": (cd, "Q kA ttd_u ttd_l pr1 pr2 dp1 dp2 zeta1_d4 zeta2_d4"),
        "ev": (ev, "Q kA ttd_u ttd_l zeta1_d4 zeta2_d4"),
        "ihx": (ihx, "Q kA ttd_u ttd_l ttd_min"),
        "user": (user, "Q pr zeta_d4"),
        "pump": (pumps[0], "P eta_s"),
    }
    nw.solve("design")
    yield state(nw, c, **parts)
    c["1"].set_attr(T_dew=None)
    c["4"].set_attr(T_bubble=None)
    ev.set_attr(ttd_l=5)
    cd.set_attr(ttd_u=5)
    nw.solve("design")
    yield state(nw, c, **parts)
    design = nw.save(as_dict=True)
    cp.set_attr(design=["eta_s"], offdesign=["eta_s_char"])
    for pump in pumps:
        pump.set_attr(design=["eta_s"], offdesign=["eta_s_char"])
    cd.set_attr(design=["ttd_u", "pr2"], offdesign=["UA_char", "zeta2_d4"])
    ev.set_attr(
        UA_char2=w.load_default_char("HeatExchanger", "UA_char2", "EVAPORATING FLUID", w.CharLine),
        UA_char1={"char_func": w.CharLine(x=[0, 1, 2], y=[0.2, 1, 1.4]), "param": "m"},
        design=["ttd_l", "pr1"],
        offdesign=["UA_char", "zeta1_d4"],
    )
    ihx.set_attr(design=["pr1", "pr2"], offdesign=["zeta1_d4", "zeta2_d4"])
    c["13"].set_attr(design=["T"], offdesign=["v"])
    for duty in (-200, -170, -140):
        user.set_attr(Q=duty)
        nw.solve("offdesign", design_path=design)
        yield state(nw, c, **parts)


def zones(w: Words) -> Iterator[dict[str, float]]:
    """Exchangers zone by zone, with a pinch, and their part load; power through motors from a grid."""
    nw = network(w)
    cc, cd, ev = w.CycleCloser("cc"), w.MovingBoundaryHeatExchanger("cd"), w.HeatExchanger("ev")
    cp, va = w.Compressor("cp"), w.Valve("va")
    ends = w.Source("hot in"), w.Sink("hot out"), w.Source("cold in"), w.Sink("cold out")
    c = chain(
        w,
        (cc, "out1", cd, "in1", "1"),
        (cd, "out1", va, "in1", "2"),
        (va, "out1", ev, "in2", "3"),
        (ev, "out2", cp, "in1", "4"),
        (cp, "out1", cc, "in1", "5"),
        (ends[0], "out1", cd, "in2", "11"),
        (cd, "out2", ends[1], "in1", "12"),
        (ends[2], "out1", ev, "in1", "21"),
        (ev, "out1", ends[3], "in1", "22"),
    )
    grid, bus, motor = (
        w.PowerSource("grid"),
        w.PowerBus("bus", num_in=1, num_out=2),
        w.Motor("motor"),
    )
    light = w.PowerSink("light")
    e = {
        "e1": w.PowerConnection(grid, "power", bus, "power_in1", label="e1"),
        "e2": w.PowerConnection(bus, "power_out1", motor, "power_in", label="e2"),
        "e3": w.PowerConnection(motor, "power_out", cp, "power", label="e3"),
        "e4": w.PowerConnection(bus, "power_out2", light, "power", label="e4"),
    }
    nw.add_conns(*c.values(), *e.values())
    cp.set_attr(eta_s=0.75)
    motor.set_attr(eta=0.95)
    e["e4"].set_attr(E=1)
    cd.set_attr(pr1=1, pr2=1, Q=-100)
    ev.set_attr(pr1=1, pr2=1)
    c["1"].set_attr(fluid={"R290": 1})
    c["2"].set_attr(td_bubble=3, T_bubble=50)
    c["4"].set_attr(td_dew=5, T_dew=2)
    c["11"].set_attr(fluid={"water": 1}, T=38, p=2)
    c["12"].set_attr(T=w.Ref(c["11"], 1, 7))
    c["21"].set_attr(fluid={"water": 1}, T=12, p=2, m=w.Ref(c["11"], 1.5, 0.2))

    def found() -> dict[str, float]:
        nw.solve("offdesign" if design else "design", **design)
        energy = {label: conn.E.val_SI for label, conn in e.items()}
        return energy | state(
            nw,
            c,
            cd=(cd, "Q UA ttd_u ttd_l td_pinch"),
            ev=(ev, "Q kA"),
            motor=(motor, "eta"),
        )

    design: dict[str, Any] = {}
    yield found()
    c["2"].set_attr(T_bubble=None)
    c["4"].set_attr(T_dew=None)
    cd.set_attr(td_pinch=4)
    ev.set_attr(ttd_l=5)
    yield found()
    motor.set_attr(eta=None)
    e["e2"].set_attr(E=30)
    yield found()
    e["e2"].set_attr(E=None)
    motor.set_attr(eta=0.95)
    nw.solve("design")
    design["design_path"] = nw.save(as_dict=True)
    line = w.CharLine(x=[0, 0.5, 1, 1.2], y=[0.3, 0.95, 1, 0.99])
    motor.set_attr(eta_char=line, design=["eta"], offdesign=["eta_char"])
    cd.set_attr(
        design=["td_pinch"],
        offdesign=["UA_cecchinato"],
        alpha_ratio=1.2,
        area_ratio=0.9,
        re_exp_r=0.8,
        re_exp_sf=0.55,
        refrigerant_index=0,
    )
    ev.set_attr(design=["ttd_l"], offdesign=["UA_char"])
    c["11"].set_attr(offdesign=["m"])
    c["12"].set_attr(T=None)
    for duty in (-100, -80):
        cd.set_attr(Q=duty)
        yield found()


def odds(w: Words) -> Iterator[dict[str, float]]:
    """A drum, a merge and a splitter, a turbine, surroundings, a droplet separator."""
    nw = network(w)
    feed, drum, ev, turbine = (
        w.Source("feed"),
        w.Drum("drum"),
        w.HeatExchanger("ev"),
        w.Turbine("turbine"),
    )
    sp, me, cool = (
        w.Splitter("sp", num_out=2),
        w.Merge("me", num_in=2),
        w.SimpleHeatExchanger("cool"),
    )
    ends = w.Source("hot"), w.Sink("warm"), w.Sink("end")
    sep, liquid = w.DropletSeparator("sep"), w.Sink("liquid")
    valve = w.Valve("valve")
    c = chain(
        w,
        (feed, "out1", drum, "in1", "1"),
        (drum, "out1", ev, "in2", "2"),
        (ev, "out2", drum, "in2", "3"),
        (drum, "out2", turbine, "in1", "4"),
        (turbine, "out1", sp, "in1", "5"),
        (sp, "out1", cool, "in1", "6"),
        (cool, "out1", me, "in1", "7"),
        (sp, "out2", valve, "in1", "8"),
        (valve, "out1", me, "in2", "9"),
        (me, "out1", sep, "in1", "10"),
        (sep, "out1", liquid, "in1", "14"),
        (sep, "out2", ends[2], "in1", "15"),
        (ends[0], "out1", ev, "in1", "12"),
        (ev, "out1", ends[1], "in1", "13"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"NH3": 1}, m=1, td_bubble=3)
    c["3"].set_attr(x=0.8, T=30)
    c["5"].set_attr(p=6)
    turbine.set_attr(eta_s=0.8)
    c["8"].set_attr(m=w.Ref(c["5"], 0.3, 0))
    cool.set_attr(pr=0.98, kA=2000, Tamb=-10)
    ev.set_attr(pr1=0.98)
    c["12"].set_attr(fluid={"water": 1}, T=45, p=2)
    c["13"].set_attr(T=38)
    nw.solve("design")
    yield state(
        nw,
        c,
        turbine=(turbine, "P eta_s pr"),
        cool=(cool, "Q kA"),
        ev=(ev, "Q kA pr2"),
        valve=(valve, "pr"),
    )
    cool.set_attr(kA=3000, Tamb=-5)
    nw.solve("design")
    yield state(nw, c, cool=(cool, "Q kA"))


@pytest.mark.parametrize("script", [simple, waters, zones, odds])
def test_networks_are_solved_as_tespy_does(script: Any) -> None:
    steps = 0
    for ours, theirs in zip(*(script(words(name)) for name in BOTH), strict=True):
        steps += 1
        assert ours == pytest.approx(theirs, rel=2e-6, abs=1e-6), f"step {steps}"
    assert steps >= 2


def small(w: Words) -> tuple[Any, dict[str, Any], Any]:
    """Water through a pump."""
    nw = network(w)
    pump = w.Pump("pump")
    c = chain(
        w,
        (w.Source("a"), "out1", pump, "in1", "1"),
        (pump, "out1", w.Sink("b"), "in1", "2"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"water": 1}, T=20, p=1, v=0.01)
    return nw, c, pump


def test_lines_maps_and_equations_of_ones_own() -> None:
    """A pump's curve, and an equation of one's own, as tespy has them."""
    found = []
    for name in BOTH:
        w = words(name)
        nw, c, pump = small(w)
        pump.set_attr(
            eta_s=0.7,
            flow_char={"char_func": w.CharLine(x=[0, 0.02], y=[5e5, 3e5]), "is_set": True},
        )
        c["1"].set_attr(v=None)
        equation = w.UserDefinedEquation(
            "square",
            lambda ude: ude.conns[0].m.val_SI**2 - ude.params["a"] * ude.conns[1].p.val_SI,
            lambda ude: [ude.conns[0].m, ude.conns[1].p],
            conns=[c["1"], c["2"]],
            params={"a": 2e-4},
        )
        nw.add_ude(equation)
        nw.solve("design")
        found.append(state(nw, c, pump=(pump, "P eta_s pr")))
        assert c["1"].m.val_SI**2 == pytest.approx(2e-4 * c["2"].p.val_SI, rel=1e-6)
    assert found[0] == pytest.approx(found[1], rel=1e-6)
    line, grid = w.CharLine(x=[0, 1], y=[1, 3], extrapolate=True), w.CharMap(
        x=[0, 1], y=[[0, 1], [0, 2]], z=[[0, 1], [1, 3]]
    )
    ours = words("entropyk.tespy")
    assert ours.CharLine(x=line.x, y=line.y, extrapolate=True).evaluate(1.5) == line.evaluate(1.5)
    again = ours.CharMap(x=grid.x, y=grid.y, z=grid.z)
    for at in ((0.3, 0.5), (0.5, 9.0), (-1.0, 0.2)):
        assert again.evaluate(*at) == pytest.approx(grid.evaluate(*at), rel=1e-12)


def test_a_turbo_compressor_follows_its_maps() -> None:
    found = []
    for name in BOTH:
        w = words(name)
        nw = network(w)
        cp = w.TurboCompressor("cp")
        c = chain(w, (w.Source("a"), "out1", cp, "in1", "1"), (cp, "out1", w.Sink("b"), "in1", "2"))
        nw.add_conns(*c.values())
        c["1"].set_attr(fluid={"R134a": 1}, p=3, T=10, m=1)
        cp.set_attr(eta_s=0.8, pr=3)
        nw.solve("design")
        design = nw.save(as_dict=True)
        y = [[0.6, 0.9, 1.1], [0.7, 1.0, 1.2], [0.8, 1.1, 1.3]]
        maps = {
            "char_map_pr": w.CharMap(
                x=[0.9, 1.0, 1.1], y=y, z=[[1.0, 0.9, 0.8], [1.1, 1.0, 0.9], [1.2, 1.1, 1.0]]
            ),
            "char_map_eta_s": w.CharMap(
                x=[0.9, 1.0, 1.1], y=y, z=[[0.8, 0.95, 0.9], [0.85, 1.0, 0.95], [0.9, 1.0, 0.9]]
            ),
        }
        cp.set_attr(
            design=["pr", "eta_s"], offdesign=["char_map_pr", "char_map_eta_s"], igva=0, **maps
        )
        c["1"].set_attr(T=20, m=0.9)
        for angle in (0, 5):
            cp.set_attr(igva=angle)
            nw.solve("offdesign", design_path=design)
            found.append(state(nw, c, cp=(cp, "P eta_s pr")))
    assert found[0] == pytest.approx(found[2], rel=1e-6)
    assert found[1] == pytest.approx(found[3], rel=1e-6)
    assert found[0] != found[1]


def test_a_state_goes_to_a_file_and_back(tmp_path: Path) -> None:
    w = words("entropyk.tespy")
    nw, c, pump = small(w)
    pump.set_attr(eta_s=0.7, pr=3, design=["eta_s"], offdesign=["eta_s_char"])
    nw.solve("design")
    nw.save(tmp_path / "design.json")
    assert json.loads((tmp_path / "design.json").read_text())["components"]["pump"]["eta_s"] == 0.7
    c["1"].set_attr(v=0.006)
    nw.solve(
        "offdesign", design_path=str(tmp_path / "design.json"), init_path=nw.save(as_dict=True)
    )
    line = w.load_default_char("Pump", "eta_s_char", "DEFAULT", w.CharLine)
    assert pump.eta_s.val == pytest.approx(0.7 * line.evaluate(0.6), rel=1e-9)
    with pytest.raises(ek.ValidationError, match="give design_path"):
        nw.solve("offdesign")


def test_results_are_tables(capsys: pytest.CaptureFixture[str]) -> None:
    nw, c, pump = small(words("entropyk.tespy"))
    pump.set_attr(eta_s=0.7, pr=3)
    nw.solve("design")
    frames = nw.results
    assert frames["Pump"].loc["pump", "P"] == pump.P.val
    assert frames["Connection"].loc["2", "p"] == pytest.approx(3.0)
    nw.print_results()
    printed = capsys.readouterr().out
    assert "Pump" in printed
    assert f"{pump.P.val:.4g}" in printed
    c["2"].set_attr(printout=False)
    assert "2" not in nw.results["Connection"].index


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
