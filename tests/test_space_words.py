"""What things in space refuse, with the row where there is one."""

from types import SimpleNamespace

import numpy as np
import pytest
import vulkan_forge as vf

SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def refusal(make):
    with pytest.raises(vf.InvalidInputError) as caught:
        make()
    return str(caught.value)


def test_bad_words_are_refused_with_their_row():
    xyz = np.array([[0.0, 0, 5], [1, 0, 6], [1, 1, np.nan]])
    table = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"tall": tall},
                "geometry": {"type": "Polygon", "coordinates": [(SQUARE + 3 * row).tolist()]},
            }
            for row, tall in enumerate([4.0, -2.0, 1.0])
        ],
    }
    for make, parts in {
        lambda: vf.Polygons(table, height="tall"): ["height must be at least 0", "-2", "row 1"],
        lambda: vf.Polygons(table, height="talk"): ["'talk'", "'tall'"],
        lambda: vf.Polygons(table, height=[1.0, 2.0, np.nan]): ["height", "row 2"],
        lambda: vf.Polygons(table, height=[1.0, 2.0]): ["3 rows", "got 2"],
        lambda: vf.Polygons(table, height=np.inf): ["height", "inf"],
        lambda: vf.Polygons(table, base=3.0): ["base", "height="],
        lambda: vf.Polygons(table, height=3.0, base="tall", edge="k"): ["edge lies on the ground"],
        lambda: vf.Polygons(table, height=3.0, hatch="/"): ["hatch lies on the ground"],
        lambda: vf.Polygons(table, height=3.0, alpha=1.5): ["alpha", "0..1"],
        lambda: vf.Lines(xyz, z="absolute"): ["finite Z", "row 0"],
        lambda: vf.Lines(xyz[:, :2], z="relative"): ["z='relative'", "(N, 3)"],
        lambda: vf.Lines(xyz, z="over"): ["z must be one of", "'relative'"],
        lambda: vf.Lines(xyz, height=1.0, dash="dashed"): ["dash lies on the ground"],
        lambda: vf.Lines(xyz, height=1.0, casing="white"): ["casing lies on the ground"],
        lambda: vf.Lines(xyz, height=-1.0): ["at least 0", "row 0"],
        lambda: vf.Points(xyz[:2], height=[1.0, -1.0]): ["at least 0", "row 1"],
        lambda: vf.Graph(xyz, [(0, 1)], z="absolute"): ["finite Z", "row 2"],
        lambda: vf.Graph(xyz[:, :2], [(0, 1)], z="relative"): ["z='relative'", "(N, 3)"],
        lambda: vf.Graph(xyz[:2], [(0, 1)], height=[1.0, -1.0]): ["at least 0", "row 1"],
        lambda: vf.Graph(xyz[:2], [(0, 1)], height=1.0, dash="dashed"): ["dash lies on the ground"],
        lambda: vf.Graph(xyz[:2], [(0, 1)], height=1.0, node_shape="heart"): [
            "'sphere'",
            "'heart'",
        ],
        lambda: vf.Points(xyz, shape="sphere"): ["height="],
        lambda: vf.Points(xyz, height=2.0, shape="heart"): ["'sphere'", "'heart'"],
        lambda: vf.Points(xyz, height=2.0, edge="k"): ["edge lies on the ground"],
    }.items():
        message = refusal(make)
        for part in parts:
            assert part in message, message


def test_the_compiled_module_checks_for_itself():
    layer = vf._vulkan_forge.SpaceLayer
    pieces = SimpleNamespace(
        xy=SQUARE, offsets=np.array([0, 4]), rows=np.array([0]), holes=np.array([False])
    )
    ones = np.ones((1, 4), np.float32)
    fine = {"colors": ones, "heights": np.ones(1)}
    for words, part in (
        ({"heights": np.array([-1.0])}, "heights must be finite and at least 0; got -1 in row 0"),
        ({"heights": np.ones(1, np.float32)}, "float64"),
        ({"feet": np.array([np.nan])}, "feet must be finite"),
        ({"colors": np.full((1, 4), 1.5, np.float32)}, "colors"),
    ):
        message = refusal(lambda w=words: layer.prisms(pieces, **fine | w))
        assert part in message, message
    paint = ones, np.ones(1, np.float32), "m"
    message = refusal(lambda: layer.tubes(pieces, np.ones(4), "sky", paint))
    assert 'level must be one of "ground", "datum"' in message
    message = refusal(lambda: layer.tubes(pieces, np.ones(4), "ground", paint, shares=np.ones(3)))
    assert "shares must have one for each vertex; expected 4, got 3" in message
    message = refusal(lambda: layer.tubes(pieces, np.ones(4), "datum", (*paint[:2], "ft")))
    assert "unit must be one of" in message
    pieces.rows = np.array([0.0])
    assert "rows must be int64" in refusal(lambda: layer.prisms(pieces, **fine))


def test_arcs_refuse_what_is_no_share():
    ends = np.array([[0.0, 0.0], [1.0, 0.0]])
    for make, parts in {
        lambda: vf.Lines(ends, arc=-0.1): ["arc must be at least 0", "-0.1"],
        lambda: vf.Lines(ends, arc="high"): ["arc", "'high'"],
        lambda: vf.Lines(ends, arc=0.2, dash="dashed"): ["dash lies on the ground"],
        lambda: vf.Lines(ends, offsets=[0, 2], arc=[0.1, 0.2]): ["arc", "1 rows", "got 2"],
    }.items():
        message = refusal(make)
        for part in parts:
            assert part in message, message


def test_a_colour_of_numbers_is_one_for_all_rows():
    for rows in (1, 2, 4):
        layer = vf.Points(np.zeros((rows, 2)), color=(0.2, 0.4, 0.6), height=1.0)
        assert layer._colours.shape == (1, 4)
