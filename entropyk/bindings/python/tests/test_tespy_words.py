"""Every word of every component that tespy's layer knows: set here and in tespy, it does the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from entropyk.tespy import _parts, components, connections
from tespy_networks import BOTH, Words, chain, network, quiet, small, state, words
from test_tespy import SCRIPTS

__all__ = ["quiet"]

EXCHANGERS = {
    "HeatExchanger": {"T": 36.0},
    "Condenser": {},
    "Desuperheater": {},
    "MovingBoundaryHeatExchanger": {"td_bubble": 3.0},
}


def compare(script: Any, *arguments: Any) -> None:
    """The script's states here and in tespy; each step differs from the one before."""
    before: dict[str, float] | None = None
    steps = 0
    for ours, theirs in zip(*(script(words(name), *arguments) for name in BOTH), strict=True):
        steps += 1
        assert ours == pytest.approx(theirs, rel=2e-6, abs=1e-6), f"step {steps}"
        if before is not None:
            # beyond what a solver leaves
            both = ours.keys() & before.keys()
            far = [k for k in both if abs(ours[k] - before[k]) > 1e-4 * max(abs(ours[k]), 1e-3)]
            assert far, f"step {steps} changes nothing"
        before = ours
    assert steps > 1


def steps(
    nw: Any,
    c: dict[str, Any],
    part: Any,
    listed: str,
    changes: list[tuple[Any, dict[str, Any], str, float]],
) -> Iterator[dict[str, float]]:
    """Solves, then lets something go and holds a word of the part at a factor of what it was, one after the other."""
    nw.solve("design")
    yield state(nw, c, part=(part, listed))
    for freed, let, word, factor in changes:
        kept = {key: getattr(freed, key).val for key in let}
        # tespy's result of ttd_min and its equation mean different things in a Condenser
        held = getattr(part, "ttd_l" if word == "ttd_min" else word).val * factor
        freed.set_attr(**let)
        part.set_attr(**{word: held})
        nw.solve("design")
        yield state(nw, c, part=(part, listed))
        part.set_attr(**{word: None})
        freed.set_attr(**kept)


def exchanger(w: Words, kind: str, mean: bool) -> Iterator[dict[str, float]]:
    nw, part = network(w), getattr(w, kind)("part")
    c = chain(
        w,
        (w.Source("a"), "out1", part, "in1", "1"),
        (part, "out1", w.Sink("b"), "in1", "2"),
        (w.Source("c"), "out1", part, "in2", "3"),
        (part, "out2", w.Sink("d"), "in1", "4"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"R134a": 1}, p=10, T=60, m=1)
    c["2"].set_attr(**EXCHANGERS[kind])
    c["3"].set_attr(fluid={"water": 1}, p=2, T=20)
    c["4"].set_attr(T=26)
    part.set_attr(pr1=0.98, pr2=0.97)
    inner = next(iter(EXCHANGERS[kind]), None)
    changes: list[tuple[Any, dict[str, Any], str, float]] = [
        (c["1"], {"m": None}, "Q", 1.1),
        (c["4"], {"T": None}, "UA", 1.05),
        (c["4"], {"T": None}, "ttd_u", 0.98),
        (c["2"], {inner: None}, "ttd_l", 0.95) if inner else (c["1"], {"p": None}, "ttd_l", 0.95),
        (part, {"pr1": None}, "pr1", 0.99),
        (part, {"pr1": None}, "dp1", 0.9),
        (part, {"pr1": None}, "zeta1_d4", 0.9),
        (part, {"pr2": None}, "pr2", 0.99),
        (part, {"pr2": None}, "dp2", 0.9),
        (part, {"pr2": None}, "zeta2_d4", 0.9),
    ]
    if kind == "MovingBoundaryHeatExchanger":
        changes.append((c["1"], {"p": None}, "td_pinch", 0.95))
    if kind != "Condenser":  # tespy does not come to an end there
        let = (c["2"], {inner: None}) if inner else (c["1"], {"p": None})
        changes.append((*let, "ttd_min", 0.95))
    yield from steps(nw, c, part, "Q UA ttd_u ttd_l pr1 pr2 dp1 dp2 zeta1_d4 zeta2_d4", changes)
    nw.solve("design")
    design = nw.save(as_dict=True)
    c["4"].set_attr(design=["T"])
    c["3"].set_attr(m=c["3"].m.val)
    line = w.CharLine(x=[0, 1, 2], y=[0.3, 1, 1.5])
    if kind == "Condenser":
        part.set_attr(subcooling=True)
        c["2"].set_attr(td_bubble=2)
    if inner:
        c["2"].set_attr(design=[inner])
    else:
        c["1"].set_attr(design=["p"])
    if mean:
        part.set_attr(UA_char1=line, UA_char2={"char_func": line}, offdesign=["UA_char"])
    else:
        exponents = {"alpha_ratio": 1.3, "area_ratio": 0.8, "re_exp_hot": 0.7, "re_exp_cold": 0.5}
        part.set_attr(offdesign=["UA_cecchinato_hc"], **exponents)
    for flow in (0.95, 0.9):
        c["1"].set_attr(m=flow)
        nw.solve("offdesign", design_path=design)
        yield state(nw, c, part=(part, "Q UA ttd_u"))


def machine(w: Words, kind: str) -> Iterator[dict[str, float]]:
    nw, part = network(w), getattr(w, kind)("part")
    c = chain(w, (w.Source("a"), "out1", part, "in1", "1"), (part, "out1", w.Sink("b"), "in1", "2"))
    nw.add_conns(*c.values())
    fluid = "water" if kind == "Pump" else "air"
    c["1"].set_attr(fluid={fluid: 1}, p=20, T=60, m=1)
    part.set_attr(eta_s=0.7, pr=0.5 if kind == "Turbine" else 2.0)
    changes: list[tuple[Any, dict[str, Any], str, float]] = [
        (part, {"pr": None}, "dp", 1.1),
        (part, {"eta_s": None}, "P", 1.02),
        (c["1"], {"m": None}, "P", 1.1),
    ]
    yield from steps(nw, c, part, "P eta_s pr dp", changes)
    if kind == "TurboCompressor":
        return
    nw.solve("design")
    design = nw.save(as_dict=True)
    part.set_attr(design=["eta_s"], offdesign=["eta_s_char"])
    for flow, param in ((0.9, None), (0.8, None), (0.7, "v")):
        c["1"].set_attr(m=flow)
        if param:
            part.set_attr(eta_s_char={"param": param})
        nw.solve("offdesign", design_path=design)
        yield state(nw, c, part=(part, "P eta_s"))


def line(w: Words, kind: str) -> Iterator[dict[str, float]]:
    nw, part = network(w), getattr(w, kind)("part")
    c = chain(w, (w.Source("a"), "out1", part, "in1", "1"), (part, "out1", w.Sink("b"), "in1", "2"))
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"water": 1}, p=5, T=60, m=1)
    heated = kind != "Valve"
    part.set_attr(pr=0.9, **({"Q": -20, "Tamb": 10} if heated else {}))
    changes: list[tuple[Any, dict[str, Any], str, float]] = [
        (part, {"pr": None}, "dp", 1.1),
        (part, {"pr": None}, "zeta_d4", 1.1),
    ]
    if heated:
        changes.append((part, {"Q": None}, "kA", 1.1))
    yield from steps(nw, c, part, "pr dp zeta_d4" + " Q kA" * heated, changes)
    c["1"].set_attr(h=300, T=None)
    nw.solve("design")
    yield state(nw, c, part=(part, "Q kA" if heated else "pr"))
    if not heated:
        return
    part.set_attr(Tamb=5)
    nw.solve("design")
    yield state(nw, c, part=(part, "Q kA"))
    design = nw.save(as_dict=True)
    part.set_attr(design=["Q"], offdesign=["kA_char"])
    for flow in (0.9, 0.5):
        c["1"].set_attr(m=flow)
        nw.solve("offdesign", design_path=design)
        yield state(nw, c, part=(part, "Q kA"))


def powers(w: Words) -> Iterator[dict[str, float]]:
    """A turbine's generator, and heat given to a sink and taken from a source."""
    nw = network(w)
    turbine, cool, warm = (
        w.Turbine("turbine"),
        w.SimpleHeatExchanger("cool"),
        w.SimpleHeatExchanger("warm"),
    )
    c = chain(
        w,
        (w.Source("a"), "out1", warm, "in1", "1"),
        (warm, "out1", turbine, "in1", "2"),
        (turbine, "out1", cool, "in1", "3"),
        (cool, "out1", w.Sink("b"), "in1", "4"),
    )
    generator, bus = w.Generator("generator"), w.HeatBus("bus", num_in=1, num_out=2)
    e = {
        "e1": w.PowerConnection(turbine, "power", generator, "power_in", label="e1"),
        "e2": w.PowerConnection(generator, "power_out", w.PowerSink("grid"), "power", label="e2"),
        "h1": w.HeatConnection(w.HeatSource("sun"), "heat", warm, "heat", label="h1"),
        "h2": w.HeatConnection(cool, "heat", bus, "heat_in1", label="h2"),
        "h3": w.HeatConnection(bus, "heat_out1", w.HeatSink("x"), "heat", label="h3"),
        "h4": w.HeatConnection(bus, "heat_out2", w.HeatSink("y"), "heat", label="h4"),
    }
    nw.add_conns(*c.values(), *e.values())
    c["1"].set_attr(fluid={"air": 1}, p=20, T=60, m=1)
    turbine.set_attr(eta_s=0.8, pr=0.3)
    cool.set_attr(pr=1)
    warm.set_attr(pr=1)
    c["4"].set_attr(T=20)
    e["h1"].set_attr(E=100)
    e["h3"].set_attr(E=10)
    generator.set_attr(eta=0.95)

    def found() -> dict[str, float]:
        return {label: conn.E.val_SI for label, conn in e.items()} | state(
            nw, c, generator=(generator, "eta"), cool=(cool, "Q"), warm=(warm, "Q")
        )

    nw.solve("design")
    yield found()
    design = nw.save(as_dict=True)
    e["h1"].set_attr(E=120)
    generator.set_attr(eta=None)
    e["e2"].set_attr(E=80)
    nw.solve("design")
    yield found()
    e["e2"].set_attr(E=None)
    char = w.CharLine(x=[0, 1, 2], y=[0.5, 1, 0.9])
    generator.set_attr(eta=0.95, eta_char=char, design=["eta"], offdesign=["eta_char"])
    nw.solve("offdesign", design_path=design)
    yield found()


# each script with what it is run for
COMPARED: dict[str, tuple[Callable[..., Iterator[dict[str, float]]], tuple[Any, ...]]] = {
    "powers": (powers, ()),
    "powers of flow": (exchanger, ("MovingBoundaryHeatExchanger", False)),
    **{kind: (exchanger, (kind, True)) for kind in EXCHANGERS},
    **{k: (machine, (k,)) for k in ("Compressor", "TurboCompressor", "Pump", "Turbine")},
    **{kind: (line, (kind,)) for kind in ("SimpleHeatExchanger", "Pipe", "Valve")},
}


@pytest.mark.parametrize("name", COMPARED)
def test_words_do_what_tespys_do(name: str) -> None:
    script, arguments = COMPARED[name]
    compare(script, *arguments)


def starts(w: Words) -> Iterator[dict[str, float]]:
    """The same from several starts, each with the way it took."""
    for start in ({}, {"m0": 200}, {"p0": 9}, {"h0": 150}, {"T0": 60}):
        nw, c, pump = small(w)
        pump.set_attr(eta_s=0.7, P=5)
        c["1"].set_attr(v=None)
        c["2"].set_attr(**start)

        def rise(ude: Any) -> float:
            return float(ude.conns[0].h.val_SI - 8.5e4 - 100 * ude.conns[1].m.val_SI**2)

        conns = [c["2"], c["1"]]
        nw.add_ude(
            w.UserDefinedEquation("rise", rise, lambda u: [u.conns[0].h, u.conns[1].m], conns)
        )
        nw.solve("design")
        nw.assert_convergence()
        first, *_ = nw.residual_history
        yield {"p": c["2"].p.val_SI, "first": first, "many": float(len(nw.residual_history))}


def test_starts_are_started_from() -> None:
    """m0, p0, h0 and T0 change the way to the solution, not the solution."""
    plain, *others = starts(words("entropyk.tespy"))
    assert len(others) == 4
    for found in others:
        assert found["p"] == pytest.approx(plain["p"], rel=1e-6)
        assert (found["first"], found["many"]) != (plain["first"], plain["many"])


def least(w: Words) -> Iterator[dict[str, float]]:
    """The least difference of a Condenser, by which tespy's own does not come to an end."""
    nw, part = network(w), w.Condenser("part")
    c = chain(
        w,
        (w.Source("a"), "out1", part, "in1", "1"),
        (part, "out1", w.Sink("b"), "in1", "2"),
        (w.Source("c"), "out1", part, "in2", "3"),
        (part, "out2", w.Sink("d"), "in1", "4"),
    )
    nw.add_conns(*c.values())
    c["1"].set_attr(fluid={"R134a": 1}, T=60, m=1)
    c["3"].set_attr(fluid={"water": 1}, p=2, T=20)
    c["4"].set_attr(T=26)
    part.set_attr(pr1=0.98, pr2=0.97)
    for difference in (12.0, 9.0):
        part.set_attr(ttd_min=difference)
        nw.solve("design")
        yield state(nw, c, part=(part, "ttd_l ttd_min"))


def test_the_least_difference_of_a_condenser() -> None:
    for found, difference in zip(least(words("entropyk.tespy")), (12.0, 9.0), strict=True):
        hot, cold = found["1.T"] - found["4.T"], found["2.T"] - found["3.T"]
        assert min(hot, cold) == pytest.approx(difference, abs=1e-6)
        assert found["part.ttd_min"] == pytest.approx(difference, abs=1e-6)


def test_no_word_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word of every class is set in one of the scripts that are compared, or in one of the two above."""
    seen: set[tuple[str, str]] = set()
    plain = _parts.Part.set_attr

    def noting(self: Any, **given: Any) -> None:
        listed = [*given.get("design", ()), *given.get("offdesign", ())]
        seen.update(
            (type(self).__name__, self.aliases.get(word, word)) for word in (*given, *listed)
        )
        plain(self, **given)

    monkeypatch.setattr(_parts.Part, "set_attr", noting)
    for script in (*SCRIPTS, starts, least):
        list(script(words("entropyk.tespy")))
    for script, arguments in COMPARED.values():
        list(script(words("entropyk.tespy"), *arguments))
    classes = [getattr(components, name) for name in components.__all__]
    classes += [getattr(connections, name) for name in connections.__all__]
    there = {
        (cls.__name__, word)
        for cls in classes
        if issubclass(cls, _parts.Part)
        for word in [*cls.words, *cls.chars, *cls.groups, *cls.flags]
    }
    assert there - seen == set()
