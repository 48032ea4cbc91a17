"""Networks in tespy's words, solved here and by tespy, with the import alone changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tespy_networks import BOTH, Words, chain, network, quiet, small, state, words

import entropyk as ek

__all__ = ["quiet"]


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


def turbo(w: Words) -> Iterator[dict[str, float]]:
    """A compressor that follows its maps, with its vanes turned."""
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
    cp.set_attr(design=["pr", "eta_s"], igva=0, **maps)
    c["1"].set_attr(T=20)
    # tespy takes a group only with what is in it
    for flow, groups in ((0.9, ["char_map_pr_group", "char_map_eta_s_group"]), (0.95, [])):
        cp.set_attr(offdesign=[*groups, *maps])
        c["1"].set_attr(m=flow)
        for angle in (0, 5):
            cp.set_attr(igva=angle)
            nw.solve("offdesign", design_path=design)
            yield state(nw, c, cp=(cp, "P eta_s pr"))


def pumped(w: Words) -> Iterator[dict[str, float]]:
    """A pump's curve, and an equation of one's own."""
    nw, c, pump = small(w)
    pump.set_attr(
        eta_s=0.7,
        flow_char={"char_func": w.CharLine(x=[0, 0.02], y=[5e5, 3e5]), "is_set": True},
    )
    nw.solve("design")
    yield state(nw, c, pump=(pump, "P eta_s pr"))
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
    assert c["1"].m.val_SI**2 == pytest.approx(2e-4 * c["2"].p.val_SI, rel=1e-6)
    yield state(nw, c, pump=(pump, "P eta_s pr"))


SCRIPTS = [simple, waters, zones, odds, turbo, pumped]


@pytest.mark.parametrize("script", SCRIPTS)
def test_networks_are_solved_as_tespy_does(script: Any) -> None:
    steps = 0
    for ours, theirs in zip(*(script(words(name)) for name in BOTH), strict=True):
        steps += 1
        assert ours == pytest.approx(theirs, rel=2e-6, abs=1e-6), f"step {steps}"
    assert steps >= 2


def test_lines_and_maps_are_tespys() -> None:
    ours, w = (words(name) for name in BOTH)
    line, grid = w.CharLine(x=[0, 1], y=[1, 3], extrapolate=True), w.CharMap(
        x=[0, 1], y=[[0, 1], [0, 2]], z=[[0, 1], [1, 3]]
    )
    assert ours.CharLine(x=line.x, y=line.y, extrapolate=True).evaluate(1.5) == line.evaluate(1.5)
    again = ours.CharMap(x=grid.x, y=grid.y, z=grid.z)
    for at in ((0.3, 0.5), (0.5, 9.0), (-1.0, 0.2)):
        assert again.evaluate(*at) == pytest.approx(grid.evaluate(*at), rel=1e-12)


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
