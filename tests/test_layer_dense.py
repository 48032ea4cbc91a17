"""Layers that are very dense in one place: what is there is drawn whole from near by, and what is lost is told."""

import itertools
import logging

import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from compare import assert_same_whatever_was_drawn_before

pytestmark = pytest.mark.gpu

SIDE, CELL = 129, 1280.0  # a country's
SIZE = (128, 128)
DISTANCE = 1000.0
LOST = "too dense"


def straight_down(across):
    """So many metres of level ground."""
    fov = 2 * np.degrees(np.arctan(across / 2 / DISTANCE))
    return vf.Camera.orbit((0, 0, 0), DISTANCE, 0, 90, float(fov))


def drawn(camera, *layers, samples=1, **words):
    return vf.render(
        np.zeros((SIDE, SIDE), np.float32), spacing=(CELL, CELL), size=SIZE, lit=False,
        cmap=np.ones((2, 4)), camera=camera, layers=layers, samples=samples, **words,
    ).rgba  # fmt: skip


def cover(layer, camera, **words):
    """Of each pixel the share that a black layer hides."""
    return 1 - ref.srgb_decode(drawn(camera, layer, **words)[..., 0] / 255.0)


def share_of(area, across):
    """Of each pixel the share that lies in a shapely area."""
    shapely = pytest.importorskip("shapely")
    edges = np.linspace(-across / 2, across / 2, SIZE[0] + 1)
    found = np.zeros(SIZE[::-1])
    for row, (low, high) in enumerate(zip(-edges[1:], -edges[:-1], strict=True)):
        strip = shapely.clip_by_rect(area, edges[0], low, edges[-1], high)
        found[row] = [
            shapely.clip_by_rect(strip, left, low, right, high).area
            for left, right in itertools.pairwise(edges)
        ]
    return found / (across / SIZE[0]) ** 2


def rough_ring(count, radius=25.0):
    """Of so many vertices, of which none can be left out."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    out = radius * np.random.default_rng(1).uniform(0.75, 1.0, count)
    return np.column_stack([out * np.cos(turn) + 3.3, out * np.sin(turn) + 4.7])


def squares(middles, side):
    return middles[:, None] + side / 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def anywhere(count, beside=500.0, seed=2):
    """Places all over the country, but for its middle."""
    at = np.random.default_rng(seed).uniform(-75e3, 75e3, (2 * count, 2))
    return at[np.abs(at).max(axis=1) > beside][:count]


def areas(rings, **words):
    offsets = np.cumsum([0, *map(len, rings)])
    return vf.Polygons(
        np.concatenate(rings), offsets=offsets, crs="world", **{"fill": "black", **words}
    )


def told(caplog):
    return [record.getMessage() for record in caplog.records if LOST in record.getMessage()]


@pytest.mark.parametrize(
    ("vertices", "across"),
    [(4000, 16.0), (4000, 64.0), (4000, 600.0), (20_000, 16.0), (20_000, 64.0)],
)
def test_one_rough_ring_among_houses_is_where_shapely_says(vertices, across, caplog):
    shapely = pytest.importorskip("shapely")
    ring = rough_ring(vertices)
    houses = list(squares(anywhere(50_000), 12.0))
    share = share_of(shapely.Polygon(ring), across)
    # The lowest of all, and the topmost.
    for rings in ([ring, *houses], [*houses, ring]):
        off = cover(areas(rings), straight_down(across)) - share
        assert np.abs(off).max() < 0.02
    assert not told(caplog)


@pytest.mark.parametrize(("width", "join"), [("1px", "round"), (1.0, "round"), ("1px", "bevel")])
def test_a_track_that_stands_still_on_its_way_is_whole(width, join, caplog):
    """100,000 vertices, most of which are within 60 metres."""
    shapely = pytest.importorskip("shapely")
    # As many in each metre of it.
    turn = np.sqrt(np.linspace(0, 12**2, 100_000))
    around = (1.2 + 2.4 * turn)[:, None] * np.column_stack(
        [np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)]
    )
    track = np.concatenate([[[-6e4, -5e4], [-2e4, 0.1]], around, [[7e4, 0.2], [6e4, 4e4]]])
    across = 96.0
    half = 0.5 if width == 1.0 else 0.5 * across / SIZE[0]
    line = shapely.LineString(track)
    layer = vf.Lines(track, color="black", width=width, join=join, crs="world")
    off = cover(layer, straight_down(across)) - share_of(line.buffer(half), across)
    # Where it crosses itself only what is nearest is seen of it.
    assert (np.abs(off) > 0.15).sum() < 30 and abs(off.mean()) < 0.002
    assert not told(caplog)


def test_dense_places_are_the_same_whatever_was_drawn_before():
    hills = 40 * np.sin(np.arange(SIDE) / 20)[:, None] + 30 * np.cos(np.arange(SIDE) / 17)
    rings = [*squares(anywhere(20_000), 12.0), rough_ring(4000)]
    cameras = [straight_down(60.0), vf.Camera.orbit((0, 0, 0), 4e5, 20, 40, 40)]
    cameras.append(vf.Camera.orbit((0, 0, 70), 90, 20, 50, 40))

    def renderer():
        made = vf.Renderer(*SIZE, prefer_software=True)
        made.add_terrain(hills.astype(np.float32), (CELL, CELL))
        made.add(areas(rings, fill="#ff000080"))
        return made

    assert_same_whatever_was_drawn_before(renderer, cameras)


def test_drivers_agree_on_dense_places(each_device):
    rings = [*squares(anywhere(50_000), 12.0), rough_ring(4000)]
    shapely = pytest.importorskip("shapely")
    off = cover(areas(rings), straight_down(64.0), device=each_device) - share_of(
        shapely.Polygon(rings[-1]), 64.0
    )
    assert np.abs(off).max() < 0.02


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("size", ["8px", 40.0])
def test_thousands_of_points_on_each_other_show_the_lowest(samples, size, caplog):
    """Above a red one lie 5,000 that hide a thousandth each."""
    at = np.zeros((5001, 2))
    colours = np.tile([0.0, 0.0, 0.0, 1 / 1024], (5001, 1))
    colours[0] = 1.0, 0.0, 0.0, 1.0
    points = vf.Points(at, size=size, color=colours, crs="world")
    middle = ref.srgb_decode(drawn(straight_down(600.0), points, samples=samples)[64, 64] / 255.0)
    left = (1 - 1 / 1024) ** 5000
    np.testing.assert_allclose(middle[:3], [left, 0, 0], atol=2e-3)
    # And the same as several layers show.
    several = [
        vf.Points(at[part], size=size, color=colours[part], crs="world")
        for part in (slice(0, 2500), slice(2500, 5001))
    ]
    ours, theirs = (
        drawn(straight_down(600.0), *layers, samples=samples).astype(int)
        for layers in ([points], several)
    )
    assert np.abs(ours - theirs).max() <= 1
    assert not told(caplog)


def test_what_is_too_dense_is_told_once(caplog):
    """Areas that are as large as pixels, of which hundreds lie on each other."""
    ring = squares(np.zeros((1, 2)), 900.0)[0]
    layer = areas([ring + step for step in np.linspace(0, 10, 700)], zorder=3)
    for across in (1.28e5, 1.2e5):
        cover(layer, straight_down(across))
    (said,) = told(caplog)
    assert "a layer of polygons (zorder 3)" in said and "expected at most 3000 edges" in said
    assert "make several layers" in said
    assert [record.levelno for record in caplog.records if LOST in record.getMessage()] == [
        logging.WARNING
    ]
    caplog.clear()
    # Nearer by, where nothing is lost, nothing is said.
    cover(areas([ring + step for step in np.linspace(0, 10, 700)]), straight_down(2000.0))
    cover(areas([ring]), straight_down(1.28e5))
    assert not told(caplog)


def test_points_beyond_all_room_are_told(caplog):
    points = vf.Points(np.zeros((100_000, 2)), size="2px", color="#ff000001", crs="world")
    for samples in (1, 4):
        drawn(straight_down(600.0), points, samples=samples)
    (said,) = told(caplog)
    assert "expected at most 96000 points on eight pixels beside each other, got 100000" in said


def test_pieces_of_far_lines_that_are_too_many_are_told(caplog):
    lines = [np.array([[-3e4, y], [3e4, -y]]) for y in np.linspace(-3e3, 3e3, 4000)]
    layer = vf.Lines(
        np.concatenate(lines), offsets=2 * np.arange(4001), color="black", width="1px", crs="world"
    )
    drawn(vf.Camera.orbit((0, 0, 0), 4e5, 20, 40, 40), layer)
    (said,) = told(caplog)
    assert "3000 pieces of lines" in said
