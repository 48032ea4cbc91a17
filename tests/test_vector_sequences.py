"""GeoJSON texts one after the other: on lines, or behind the record separators of RFC 8142."""

import json

import numpy as np
import pytest
import vulkan_forge as vf
from test_vector_inputs import geometries, same
from vulkan_forge.vector._read import read

shapely = pytest.importorskip("shapely")

ONE = '{"type": "Point", "coordinates": [1, 2]}'


def features():
    return [
        {
            "type": "Feature",
            "properties": {"n": row, "name": "a\u2028b"},
            "geometry": json.loads(text),
        }
        for row, text in enumerate(shapely.to_geojson(geometries()))
    ]


LAYOUTS = {
    "lines": lambda texts: "\n".join(map(json.dumps, texts)),
    "raw letters": lambda texts: "\n".join(json.dumps(text, ensure_ascii=False) for text in texts),
    "ended lines": lambda texts: "".join(f"{json.dumps(text)}\r\n" for text in texts) + "\n",
    "separated": lambda texts: "".join(f"\x1e{json.dumps(text)}\n" for text in texts),
    "over several lines": lambda texts: "".join(
        f"\x1e{json.dumps(text, indent=1)}\n" for text in texts
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_text_is_a_row(layout):
    expected = read({"type": "FeatureCollection", "features": features()})
    text = LAYOUTS[layout](features())
    for given in (text, text.encode(), text.encode("utf-8-sig")):
        found = read(given)
        same(found, expected)
        assert found.crs == "OGC:CRS84" and found.names == ["n", "name"]
        assert found.column("n").tolist() == list(range(found.rows))


def test_texts_may_be_geometries_and_one_alone():
    same(read("\n".join(shapely.to_geojson(geometries()))), read(geometries()))
    for text in (f"\x1e{ONE}\n", f"\x1e{ONE}\n".encode()):
        assert read(text).shapes.xy.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (f"{ONE}\n\n{ONE[:-1]}\n{ONE}\n", r"line 4 column 1 .* in what begins in line 3\); check"),
        (f"\x1e{ONE}\n\x1enothing\n", r"a path; got 'nothing.*begins in line 2\)"),
        (f"{ONE}\n{ONE}]", r"a path; got ']' .*line 2 column 41"),
        (f"{ONE}\n\n5", r"GeoJSON must hold geometries; got 5 in line 3"),
        (f'{ONE}\n{{"type": "Point"}}', r"must hold geometries; got .* in line 2"),
        (
            f'{ONE}\n{{"type": "FeatureCollection", "features": []}}',
            r"got .* in line 2 .*collection",
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_line(text, match):
    for given in (text, text.encode()):
        with pytest.raises(vf.InvalidInputError, match=match):
            read(given)


@pytest.mark.gpu
def test_layers_take_them():
    pytest.importorskip("pyproj")
    dem = vf.DEM(np.zeros((20, 20), np.float32), bounds=(0, 0, 2, 2), crs="EPSG:4326")
    words = {"camera": vf.Camera.map(), "size": (40, 40), "lit": False}
    lines = [{"type": "LineString", "coordinates": [[0, y], [2, y]]} for y in (0.5, 1.5)]
    one = vf.Lines("\n".join(map(json.dumps, lines)), color="red", width="3px")
    both = vf.Lines({"type": "GeometryCollection", "geometries": lines}, color="red", width="3px")
    found = vf.render(dem, layers=[one], **words).rgba
    assert (found != vf.render(dem, **words).rgba).any()
    np.testing.assert_array_equal(found, vf.render(dem, layers=[both], **words).rgba)
