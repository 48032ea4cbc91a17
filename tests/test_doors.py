"""One table of words for all ways to a picture: each door takes each of them, and draws the same bytes."""

from __future__ import annotations

import argparse
import contextlib
import inspect
import io
import json
import re

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge._landing import FRAME, land
from vulkan_forge._words import DEFAULTS, WORDS
from vulkan_forge.cli import _fly, _map, _poster, _render, _serve, _tiles, _turntable, main

SIZE = (64, 48)
NAMES = [word.name for word in WORDS]
HEIGHTS = dems.ridge(30, 26)
HEIGHTS[9:12, 14:18] = np.nan
GROUND = vf.DEM(HEIGHTS, transform=(90, 0, 4e5, 0, -90, 5e6), crs="EPSG:32633", z_unit="ft")
IMAGE = np.arange(5 * 6 * 4, dtype=np.uint8).reshape(5, 6, 4) + 100
PLACES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [401_200.0, 4_998_800.0]},
            "properties": {"name": "Top"},
        }
    ],
    "crs": {"type": "name", "properties": {"name": "EPSG:32633"}},
}
# Between them a value for each word that a picture's looks have, none of them the usual one. The first is as the shell takes it.
LOOKS = {
    "daylight": {
        "vert_exag": 2.0,
        "cmap": "magma",
        "azimuth": 120.0,
        "altitude": 30.0,
        "ambient": 0.5,
        "exposure": 1.3,
        "background": "sky",
        "samples": 2,
        "levels": [40.0, 120.0, 300.0],
        "extend": "both",
        "under": "#102030",
        "over": "#aabbcc",
        "shading": "overlay",
        "sun_radius": 1.5,
        "ambient_occlusion": True,
        "radius": 500.0,
        "base": True,
        "water": 60.0,
        "haze": 20_000.0,
        "contours": 40.0,
        "north": "grid",
        "detail": "exact",
        "normals": "patch",
        "dpi": 150.0,
        "keep_out": [(10.0, 16.0, 14.0, 19.0)],
    },
    "evening": {
        "vmin": 20.0,
        "robust": True,
        "norm": "power",
        "bad": "#ff8000",
        "drape": vf.Drape(IMAGE, opacity=0.5),
        "time": "2026-06-21T20:00+02:00",
        "position": (46.5, 8.0),
        "shadows": False,
    },
    "paper": {"lit": False, "vcenter": 150.0, "vmax": 400.0},
}
FLAT = ("lit", "shadows", "ambient_occlusion", "base", "robust")  # flags without a value


def layers(name: str) -> list[vf.Labels]:
    return [vf.Labels(PLACES, text="name")] if name == "daylight" else []


@pytest.fixture(scope="module")
def pictures():
    """What ``render`` makes of each look from above, where every door can draw."""
    return {
        name: np.asarray(
            vf.render(GROUND, size=SIZE, camera=vf.Camera.map(), layers=layers(name), **words)
        )
        for name, words in LOOKS.items()
    }


def test_the_signature_of_render_is_the_table():
    parameters = list(inspect.signature(vf.render).parameters.values())[1:]
    assert [(word.name, word.default) for word in parameters] == list(DEFAULTS.items())
    assert [type(word.default) for word in parameters] == [type(word.default) for word in WORDS]
    documented = inspect.getdoc(vf.render) or ""
    heads = {
        name.strip()
        for line in documented.splitlines()
        if " : " in line
        for name in line.partition(" : ")[0].split(",")
    }
    assert not set(NAMES) - heads


def test_every_word_of_a_look_is_tried():
    tried = {"camera", "layers", "spacing", *FRAME}.union(*LOOKS.values())
    assert tried == set(NAMES)
    for words in LOOKS.values():
        assert all(words[name] != DEFAULTS[name] for name in words)


@pytest.mark.gpu
def test_each_word_changes_the_picture(pictures):
    """From the side, where all of them can be seen."""
    for name, words in LOOKS.items():
        frame = {"size": SIZE, "layers": layers(name)}
        whole = np.asarray(vf.render(GROUND, **frame, **words))
        for word in words:
            # Two go with another word; far cells there are none here; and the label keeps out of a place on the map.
            if word in ("position", "extend", "detail", "keep_out"):
                continue
            rest = {key: value for key, value in words.items() if key != word}
            if word == "levels":
                del rest["extend"]
            if word == "time":
                del rest["position"]
            if word == "ambient_occlusion":
                del rest["radius"]
            assert not np.array_equal(whole, np.asarray(vf.render(GROUND, **frame, **rest))), word


# --- sessions


SETTERS = {
    "background": lambda r, v: r.set_background(v),
    "ambient": lambda r, v: r.set_ambient(v),
    "exposure": lambda r, v: r.set_exposure(v),
    "shadows": lambda r, v: r.set_shadows(v),
    "samples": lambda r, v: r.set_samples(v),
    "bad": lambda r, v: r.set_bad(v),
    "drape": lambda r, v: r.set_drape(v),
    "shading": lambda r, v: r.set_shading(v),
    "sun_radius": lambda r, v: r.set_sun_radius(v),
    "base": lambda r, v: r.set_base(v),
    "water": lambda r, v: r.set_water(v),
    "haze": lambda r, v: r.set_haze(v),
    "contours": lambda r, v: r.set_contours(v),
    "detail": lambda r, v: r.set_detail(v),
    "normals": lambda r, v: r.set_normals(v),
    "lit": lambda r, v: r.set_lit(v),
    "keep_out": lambda r, v: r.set_keep_out(v),
    "camera": lambda r, v: r.set_camera(v),
}
"""Words with a setter of their own."""
TOGETHER = {
    "add_terrain": ("spacing", "vert_exag"),
    "set_colormap": (
        "cmap",
        "vmin",
        "vmax",
        "robust",
        "norm",
        "vcenter",
        "levels",
        "extend",
        "under",
        "over",
    ),
    "set_sun": ("azimuth", "altitude", "north"),
    "set_sun_time": ("time", "position"),
    "set_ambient_occlusion": ("ambient_occlusion", "radius"),
    "add": ("layers", "dpi"),
    "__new__": ("size", "device", "prefer_software"),
    "render": ("aovs",),
}


def test_a_renderer_has_a_way_to_each_word():
    assert sorted([*SETTERS, *(name for names in TOGETHER.values() for name in names)]) == sorted(
        NAMES
    )
    assert all(hasattr(vf.Renderer, method) for method in TOGETHER)


@pytest.mark.gpu
@pytest.mark.parametrize("name", LOOKS)
def test_a_renderer_draws_what_render_draws(name, pictures):
    words = DEFAULTS | LOOKS[name]
    session = vf.Renderer(*SIZE)
    session.add_terrain(
        HEIGHTS, GROUND.spacing, words["vert_exag"] * GROUND.z_factor, words["cmap"]
    )
    session.set_colormap(words["cmap"], **{key: words[key] for key in TOGETHER["set_colormap"][1:]})
    if words["time"] is None:
        turn = 0.0 if words["north"] == "grid" else GROUND.convergence
        session.set_sun(words["altitude"], words["azimuth"] - turn)
    else:
        session.set_sun_time(words["time"], words["position"], GROUND.convergence)
    session.set_ambient_occlusion(words["ambient_occlusion"], words["radius"])
    session.set_camera(vf.Camera.map())
    for word, put in SETTERS.items():
        if word != "camera":
            put(session, words[word])
    if name == "daylight":  # in the world's metres, which is all that a session knows
        x, y = 401_200 - 4e5 - 90 * 13, 4_998_800 - 5e6 + 90 * 15
        place = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [x, y]},
            "properties": {"name": "Top"},
        }
        session.add(vf.Labels(place, text="name", crs="world"), dpi=words["dpi"])
    drawn = session.render_rgba().astype(int)
    # A bearing is turned by the one angle of the middle here, and through the axes of the ground there.
    assert np.abs(drawn - pictures[name]).max() <= (1 if name == "evening" else 0)


@pytest.mark.gpu
@pytest.mark.parametrize("name", LOOKS)
def test_a_session_of_what_is_landed(name, pictures):
    words = LOOKS[name] | {"camera": vf.Camera.map(), "layers": layers(name)}
    session = land(GROUND, words).renderer(*SIZE)
    drawn = session.render()
    assert np.array_equal(drawn, pictures[name])
    assert drawn.bounds == GROUND.bounds
    (again,) = session.frames([vf.Camera.map()])
    assert np.array_equal(again, pictures[name]) and again.crs == GROUND.crs


# --- the notebook, arrays of xarray, tiles


@pytest.mark.gpu
@pytest.mark.parametrize("name", LOOKS)
def test_the_notebook_draws_what_render_draws(name):
    pytest.importorskip("jupyter_rfb")
    from vulkan_forge.notebook import Canvas

    words = LOOKS[name] | {"layers": layers(name)}
    canvas = Canvas(GROUND, dict(words), SIZE)
    wanted = vf.render(GROUND, size=SIZE, camera=canvas.view.camera, **words)
    assert np.array_equal(canvas.frame(), wanted)


def test_the_notebook_takes_all_words_but_its_own():
    pytest.importorskip("jupyter_rfb")
    from vulkan_forge.notebook import Canvas

    with pytest.raises(vf.InvalidInputError, match="Orbit takes") as refusal:
        Canvas(GROUND, {"colour": "red"}, SIZE)
    for name in NAMES:
        if name not in ("camera", *FRAME):
            assert re.search(rf"\b{name}[,;]", str(refusal.value)), name


@pytest.mark.gpu
@pytest.mark.parametrize("name", LOOKS)
def test_an_array_of_xarray_draws_what_render_draws(name, pictures):
    pytest.importorskip("xarray")
    import vulkan_forge.xarray  # noqa: F401

    array = GROUND.to_xarray()
    drawn = array.vf.render(size=SIZE, camera=vf.Camera.map(), layers=layers(name), **LOOKS[name])
    assert np.array_equal(drawn, pictures[name])


def test_tiles_take_a_word_or_say_why_not():
    from vulkan_forge._tiles._style import words_of

    for word in WORDS:
        if word.tiles:
            with pytest.raises(vf.InvalidInputError, match=f"no {word.name}; .*leave it out"):
                words_of(None, {word.name: word.default})
        else:
            assert words_of(None, {word.name: word.default}) == {word.name: word.default}


# --- the shell


def parsers() -> dict[str, dict[str, argparse.Action]]:
    """Of each command that draws, what it understands, by name."""
    found = {}
    modules = {
        "render": _render,
        "poster": _poster,
        "map": _map,
        "turntable": _turntable,
        "fly": _fly,
        "tiles": _tiles,
        "serve": _serve,
    }
    for command, module in modules.items():
        top = argparse.ArgumentParser().add_subparsers()
        module.add(top)
        found[command] = {action.dest: action for action in top.choices[command]._actions}
    return found


# Words that the shell has another way to.
OTHERWISE = {
    "size": "size or scale",
    "camera": "the view, or a map",
    "spacing": "of the DEM",
    "aovs": "no file has them",
    "device": "one of the report's",
    "prefer_software": "a device",
    "layers": "layer and labels",
    "dpi": "beside layers",
}


def test_every_command_that_draws_takes_each_word():
    assert {word.name for word in WORDS if word.shell is None} == set(OTHERWISE)
    for command, actions in parsers().items():
        assert {word.name for word in WORDS if word.shell} <= set(actions), command
        assert {"device", "layer", "labels", "dpi"} <= set(actions), command
        for word in WORDS:
            if word.shell:
                assert actions[word.name].default == word.default, (command, word.name)


def flags(words) -> list[str]:
    by_name = {word.name: word.shell for word in WORDS if word.shell}
    found = ["--dpi", str(words["dpi"])] if "dpi" in words else []
    for name, value in words.items():
        if name == "dpi":
            continue
        if name == "keep_out":
            (value,) = map(list, value)
        found.append(by_name[name].flags.split()[-1])
        if name not in FLAT:
            found.append(",".join(map(str, value)) if isinstance(value, list) else str(value))
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shell")
    pytest.importorskip("rasterio")
    GROUND.save(folder / "dem.tif")
    (folder / "places.geojson").write_text(json.dumps(PLACES))
    return folder


def asked(files, name: str) -> list[str]:
    words = LOOKS[name]
    if name == "daylight":
        return [
            "--z-unit",
            "ft",
            *flags(words),
            "--labels",
            f"{files}/places.geojson:name,crs=EPSG:32633",
        ]
    return ["--z-unit", "ft", *flags(words)]


@pytest.mark.gpu
@pytest.mark.parametrize("name", ["daylight", "paper"])
def test_the_shell_draws_what_render_draws(name, files, pictures):
    with contextlib.redirect_stdout(io.StringIO()):
        assert not main(
            [
                "render",
                f"{files}/dem.tif",
                f"{files}/map.png",
                "--map",
                "--size",
                "64x48",
                *asked(files, name),
            ]
        )
    assert np.array_equal(vf.png_to_numpy(files / "map.png"), pictures[name])
    with contextlib.redirect_stdout(io.StringIO()):
        assert not main(
            [
                "turntable",
                f"{files}/dem.tif",
                f"{files}/%d.png",
                "--frames",
                "1",
                "--size",
                "64x48",
                *asked(files, name),
            ]
        )
    words = {word: LOOKS[name][word] for word in ("vert_exag", "north") if word in LOOKS[name]}
    camera = vf.Path.orbit(GROUND, duration=1 / 30, **words).camera(0, SIZE[0] / SIZE[1])
    wanted = vf.render(GROUND, size=SIZE, camera=camera, layers=layers(name), **LOOKS[name])
    assert np.array_equal(vf.png_to_numpy(files / "0.png"), wanted)
