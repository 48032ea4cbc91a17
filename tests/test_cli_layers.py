"""Layers and labels that commands take from files."""

import json
from pathlib import Path

import numpy as np
import pytest
import shells
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge.cli import main

pytest.importorskip("rasterio")

pytestmark = pytest.mark.gpu


def test_labels_of_a_file_are_on_the_picture(shell, capsys):
    pytest.importorskip("pyogrio")
    plain = ["render", "dem.tif", "plain.png", "--size", "200x120"]
    assert main(plain) == 0
    assert (
        main(
            [
                *plain[:2],
                "named.png",
                *plain[3:],
                "--labels",
                "places.geojson:name,size=20px,color=red",
            ]
        )
        == 0
    )
    with PillowImage.open("plain.png") as before, PillowImage.open("named.png") as after:
        changed = (np.asarray(before) != np.asarray(after)).any(axis=-1)
        assert 50 < changed.sum() < 3000
        assert (np.asarray(after)[changed][:, :3] == (255, 0, 0)).all(axis=-1).any()
    wrong = ["render", "dem.tif", "new.png", "--labels"]
    shells.refused(capsys, 2, *wrong, "places.geojson", parts=["a column such as places.gpkg:name"])
    shells.refused(capsys, 2, *wrong, "places.geojson:name,sise=9pt", parts=["got 'sise'"])
    shells.refused(capsys, 1, *wrong, "places.geojson:title", parts=["'title'", "'name'"])
    shells.refused(capsys, 1, *wrong, "none.geojson:name", parts=["no such file"])


def write_shapes():
    """Files beside the DEM: areas, roads, and one with a geometry of each kind."""
    west, south, east, north = vf.open("dem.tif").bounds
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32611"}}

    def at(x, y):
        return [west + x * (east - west), south + y * (north - south)]

    def feature(kind, coordinates, **own):
        geometry = {"type": kind, "coordinates": coordinates}
        return {"type": "Feature", "properties": own, "geometry": geometry}

    def square(x):
        return [[at(x, 0.4), at(x + 0.2, 0.4), at(x + 0.2, 0.6), at(x, 0.6), at(x, 0.4)]]

    files = {
        "areas": [feature("Polygon", square(0.1), people=5, tall=400.0),
                  feature("Polygon", square(0.6), people=9, tall=700.0)],
        "roads": [feature("LineString", [at(0.1, 0.2), at(0.9, 0.3)], name="way", traffic=3)],
        "mixed": [feature("Polygon", square(0.35)), feature("LineString", [at(0.3, 0.8), at(0.7, 0.9)]),
                  feature("Point", at(0.5, 0.7))],
    }  # fmt: skip
    for name, features in files.items():
        found = {"type": "FeatureCollection", "crs": crs, "features": features}
        Path(f"{name}.geojson").write_text(json.dumps(found))


def test_layers_of_files_are_what_render_draws(shell, capsys):
    """The kind of layer follows from the geometries, in the order of the options, several kinds in one file too, each with its words."""
    pytest.importorskip("pyogrio")
    write_shapes()
    given = [
        "areas.geojson:fill=people,cmap=plasma,edge=none,hatch=45;8px;2px,zorder=-1",
        "roads.geojson:color=red,width=2px,dash=6px;3px",
        "areas.geojson:height=tall,fill=#cc9944",
        "mixed.geojson:alpha=0.5,fill=tan,width=3px,size=9px",
    ]
    command = ["render", "dem.tif", "drawn.png", "--size", "160x100", "--dpi", "120"]
    named = ["--labels", "roads.geojson:name"]
    assert main([*command, *named, *(part for one in given for part in ("--layer", one))]) == 0
    mixed = json.loads(Path("mixed.geojson").read_text("utf-8"))["features"]
    area, line, point = ({"type": "FeatureCollection", "features": [one]} for one in mixed)
    layers = [
        vf.Polygons(
            "areas.geojson", fill="people", cmap="plasma", hatch=(45, "8px", "2px"), zorder=-1
        ),
        vf.Lines("roads.geojson", color="red", width="2px", dash=("6px", "3px")),
        vf.Polygons("areas.geojson", height="tall", fill="#cc9944"),
        vf.Polygons(area, alpha=0.5, fill="tan", crs="EPSG:32611"),
        vf.Lines(line, alpha=0.5, width="3px", crs="EPSG:32611"),
        vf.Points(point, alpha=0.5, size="9px", crs="EPSG:32611"),
        vf.Labels("roads.geojson", text="name"),
    ]
    camera = vf.Camera.fit(vf.open("dem.tif"))
    wanted = vf.render("dem.tif", size=(160, 100), camera=camera, layers=layers, dpi=120)
    np.testing.assert_array_equal(vf.png_to_numpy("drawn.png"), wanted)
    bare = vf.render("dem.tif", size=(160, 100), camera=camera)
    assert (wanted.rgba != bare.rgba).any(axis=-1).mean() > 0.05


def test_layers_that_are_wrong_are_told_before_anything_is_drawn(shell, capsys):
    pytest.importorskip("pyogrio")
    write_shapes()
    Path("bare.csv").write_text('WKT,name\n"LINESTRING (10 47, 10.1 47.1)",a\n')
    wrong = ["render", "dem.tif", "new.png", "--layer"]
    for code, argument, parts in (
        (2, "roads.geojson:colour=red", ["vf.Lines", "'colour'", "write color=red"]),
        (2, "areas.geojson:width=2px", ["vf.Polygons", "'width'", "edge_width"]),
        (2, "mixed.geojson:filll=red", ["vf.Polygons, vf.Lines, vf.Points", "write fill="]),
        (2, "roads.geojson:red", ["WORD=VALUE", "'red'", "color=red"]),
        (2, "roads.geojson:color=red,color=blue", ["'color' twice"]),
        (1, "roads.geojson:color=traffik", ["'traffik'", "'traffic'"]),
        (1, "areas.geojson:height=9,base=talk", ["base", "'talk'", "'tall'"]),
        (1, "none.gpkg:color=red", ["none.gpkg", "no such file"]),
        (1, "places.geojson:size=9pt,shape=heart", ["shape", "'heart'"]),
        (1, "roads.geojson:width=2 inches", ["width must be a length", "'2 inches'"]),
        (1, "bare.csv:color=red", ["must say what its coordinates are", "--crs"]),
    ):
        shells.refused(capsys, code, *wrong, argument, parts=parts)
        assert not Path("new.png").exists()


def test_a_colon_may_belong_to_the_files_name():
    from vulkan_forge.cli._layers import split

    words = {"": "name", "size": "9pt"}
    for path in (
        "places.gpkg",
        "C:\\data\\places.gpkg",
        "https://host/places.fgb",
        "https://host:8080/places.fgb",
        "/vsizip/data.zip/places.shp",
        "C:/a b/places.gpkg|layername=towns",
    ):
        assert split(f"{path}:name,size=9pt", "--labels") == (path, words)
        assert split(f"{path}:text=name,size=9pt", "--labels")[0] == path
        assert split(f"{path}:color=red,crs=EPSG:4326", "--layer") == (
            path,
            {"color": "red", "crs": "EPSG:4326"},
        )
        for option in ("--layer", "--labels"):
            assert split(path, option) == (path, {})


def test_values_may_have_commas():
    """In quotes, or with a backslash before each; quotes that do not stand around a value are its own."""
    from vulkan_forge.cli._layers import split

    for path in ("places.gpkg", "C:\\data\\places.gpkg", "https://host:8080/places.fgb"):
        for value, said in (
            ('"people, 2020"', "people, 2020"),
            ("'a:b,c=d'", "a:b,c=d"),
            ("people\\, 2020", "people, 2020"),
            ("C:\\icons\\a", "C:\\icons\\a"),
            ("5'", "5'"),
            ('"say" so', '"say" so'),
        ):
            found = split(f"{path}:color={value},size=8pt", "--layer")
            assert found == (path, {"color": said, "size": "8pt"})
            if "icons" not in value:  # which might be a path that goes on
                found = split(f"{path}:{value},size=8pt", "--labels")
                assert found == (path, {"": said, "size": "8pt"})


def test_a_column_with_commas_is_found(shell, capsys):
    pytest.importorskip("pyogrio")
    places = json.loads(Path("places.geojson").read_text("utf-8"))
    for number, feature in enumerate(places["features"]):
        feature["properties"]["people, 2020"] = number
    Path("people.geojson").write_text(json.dumps(places), "utf-8")
    words = ["render", "dem.tif", "x.png", "--size", "64x48", "--layer"]
    assert main([*words, 'people.geojson:color="people, 2020",size=5px']) == 0
    shells.refused(
        capsys, 2, *words, "people.geojson:color=people, 2020", parts=["' 2020'", "in quotes"]
    )
