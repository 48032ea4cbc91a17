"""Areas that cross themselves or overlap are told with their rows, from whatever has areas, once, and drawn by even and odd."""

import re
import sys
import warnings

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector._validity import tell_invalid

shapely = pytest.importorskip("shapely")
box = shapely.box
BOW = shapely.Polygon([(0, 0), (5, 5), (5, 0), (0, 5)])
APART = shapely.Polygon(box(0, 0, 3, 3).exterior.coords, [box(5, 5, 6, 6).exterior.coords])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([box(0, 0, 1, 1), None, BOW], r"row 2 of 3 .* \(Self-intersection\[2.5 2.5\]\)"),
        ([shapely.MultiPolygon([box(0, 0, 3, 3), box(1, 1, 4, 4)])], "row 0 of 1 "),
        ([box(0, 0, 1, 1), APART], r"row 1 of 2 .* \(Hole lies outside shell"),
        (shapely.to_geojson(BOW), "row 0 of 1 "),
        ([BOW] * 9, "rows 0, 1, 2 and 6 more of 9 "),
    ],
    ids=["bow", "parts", "hole", "geojson", "many"],
)
def test_invalid_areas_are_told_with_their_rows(data, said):
    with pytest.warns(vf.GeometryWarning) as told:
        layer = vf.Polygons(data)
    messages = [str(one.message) for one in told if "no valid areas" in str(one.message)]
    assert len(messages) == 1 and re.search(said, messages[0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer.replaced(fill="red")
        vf.Lines(layer._features)


@pytest.mark.parametrize(
    "data",
    [
        [box(0, 0, 9, 9).difference(box(2, 2, 4, 4)), shapely.MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])],
        [shapely.MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)]), box(0, 0, 9, 9)],
        shapely.get_coordinates(BOW),
        np.empty((0, 2)),
    ],
    ids=["valid", "parts first", "array", "nothing"],
)  # fmt: skip
def test_all_others_are_not(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vf.Polygons(data)


def test_without_shapely_nothing_is_told(monkeypatch):
    with pytest.warns(vf.GeometryWarning, match="no valid areas"):
        known = vf.Polygons(BOW)._features
    monkeypatch.setitem(sys.modules, "shapely", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tell_invalid(known)
