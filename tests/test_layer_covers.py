"""Lines, areas and hatches in numbers: of every pixel the share that shapely says, with ends, joins and dashes of every kind."""

import functools
from itertools import pairwise

import curves
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

shapely = pytest.importorskip("shapely")
pytest.importorskip("shapely.affinity")
substring = pytest.importorskip("shapely.ops").substring
pytestmark = pytest.mark.gpu

SHAPE = (40, 60)  # of the DEM, in cells of a metre
SIZE = (120, 80)
SCALE = SIZE[0] / SHAPE[1]  # pixels of a metre
LINE = np.array([[-21.0, -12.0], [-14.0, 11.0], [2.0, -9.0], [6.0, 10.0], [24.0, 9.0]])
RING = np.array([[-20.0, -12.0], [18.0, -10.0], [9.0, 13.0]])
LIMIT = 5.0  # of a mitre, in halves of the width


def cover(layer, camera=None):
    """Of each pixel the share that a black layer covers of white ground."""
    grey = (
        vf.render(
            np.zeros(SHAPE, np.float32), size=SIZE, camera=camera or vf.Camera.map(), lit=False, samples=1,
            cmap=np.ones((2, 4)), layers=[layer],
        ).rgba[..., 0]
        / 255.0
    )  # fmt: skip
    return 1 - ref.srgb_decode(grey)


@functools.cache
def share(shape):
    """The same of a shapely geometry in world metres."""
    x = np.linspace(-SHAPE[1] / 2, SHAPE[1] / 2, SIZE[0] + 1)
    y = np.linspace(SHAPE[0] / 2, -SHAPE[0] / 2, SIZE[1] + 1)
    return share_between(x, y, shape)


def share_between(x, y, shape):
    """Of each rectangle between columns and rows of lines the share that a shapely geometry covers."""
    boxes = shapely.box(x[None, :-1], y[1:, None], x[None, 1:], y[:-1, None])
    shapely.prepare([shape, rim := shape.boundary])
    found = shapely.contains_properly(shape, boxes).astype(float)
    cut = shapely.intersects(rim, boxes)
    found[cut] = shapely.area(shapely.intersection(boxes[cut], shape)) / shapely.area(boxes[cut])
    return found


def lengths(on_ground, *metres):
    return metres if on_ground else tuple(f"{SCALE * length}px" for length in metres)


def assert_covers(layer, shape, beside=None):
    """Edges are exact; where two of them meet in a pixel its share is that of either alone."""
    off = cover(layer) - share(shape)
    if beside is not None:
        off *= 1 - share(beside)
    assert np.abs(off).max() < 0.5 and (np.abs(off) > 0.1).sum() < 30
    assert abs(off.sum()) < 0.005 * share(shape).sum()


@pytest.mark.parametrize("shift", [0.0, 0.25])
def test_edges_through_corners_of_pixels_count_once(shift):
    """Whole metres are corners of pixels, quarters of them are their middles."""
    square = shapely.box(-12, -8, 9, 7).difference(shapely.box(-6, -5, 4, 3))
    diamond = shapely.Polygon([(-20, 0), (-16, -6), (14, 0), (18, 12)])
    for shape in (square, diamond):
        moved = shapely.transform(shape, lambda xy: xy + shift)
        off = cover(vf.Polygons([moved], fill="black")) - share(moved)
        assert np.abs(off).max() < 2 / 255 + 0.005


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize(
    ("cap", "join"),
    [("butt", "round"), ("round", "bevel"), ("square", "miter")],
)
def test_ends_and_joins_cover_what_shapely_says(on_ground, cap, join):
    (width,) = lengths(on_ground, 3.0)
    styles = {"cap_style": {"butt": "flat"}.get(cap, cap), "mitre_limit": LIMIT}
    styles["join_style"] = {"miter": "mitre"}.get(join, join)
    line = shapely.LineString(LINE).buffer(1.5, quad_segs=32, **styles)
    assert_covers(vf.Lines(LINE, color="black", width=width, cap=cap, join=join), line)


def crossing(end):
    """A line whose last part ends so far before its first, in metres; and the same in short pieces."""
    line = np.array([[-25.0, 1.0], [25.0, -1.0], [3.0, 14.0], [1.0, end]])
    pieces = shapely.segmentize(shapely.LineString(line), 0.7)
    return line, shapely.get_coordinates(pieces)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("end", [1.0, 3.0, -2.0])
@pytest.mark.parametrize("cap", ["butt", "square"])
def test_an_end_cuts_nothing_from_what_it_ends_on(cap, end, on_ground):
    (width,) = lengths(on_ground, 8.0)
    for line in crossing(end):
        style = {"butt": "flat"}.get(cap, cap)
        outline = shapely.LineString(line).buffer(4.0, quad_segs=32, cap_style=style)
        assert_covers(vf.Lines(line, color="black", width=width, cap=cap), outline)


@pytest.mark.parametrize("end", [1.0, 3.0, -2.0])
@pytest.mark.parametrize("cap", ["butt", "square"])
def test_an_end_far_away_cuts_nothing_either(cap, end):
    """Over cells smaller than pixels, in perspective."""
    terrain = ref.Terrain(np.zeros((257, 257), np.float32), (10.0, 10.0))
    camera = ref.orbit((0, 0, 0), 5500, 200, 50)
    for line in crossing(end):
        line = 40.0 * line
        layer = vf.Lines(line, color="black", width="20px", cap=cap)
        place, _ = curves.on_picture(camera, np.column_stack([line, np.zeros(len(line))]))
        place[:, 1] *= -1
        style = {"butt": "flat"}.get(cap, cap)
        outline = shapely.LineString(place).buffer(10.0, quad_segs=32, cap_style=style)
        x, y = np.arange(curves.SIZE[0] + 1.0), -np.arange(curves.SIZE[1] + 1.0)
        off = curves.cover_of(terrain, camera, [layer]) - share_between(x, y, outline)
        assert np.abs(off).max() < 0.5 and (np.abs(off) > 0.1).sum() < 30
        assert abs(off.sum()) < 0.005 * outline.area


@pytest.mark.parametrize("join", ["round", "bevel", "miter"])
def test_a_ring_is_joined_where_it_closes(join):
    ring = shapely.LinearRing(RING)
    style = {"miter": "mitre"}.get(join, join)
    outline = ring.buffer(1.5, quad_segs=32, join_style=style, mitre_limit=LIMIT)
    assert_covers(vf.Lines(shapely.Polygon(RING), color="black", width=3.0, join=join), outline)


def test_a_longer_tip_is_cut_off_at_its_limit():
    line = np.array([[-25.0, -2.0], [0.0, 0.0], [-25.0, 2.0]])
    whole = shapely.LineString(line).buffer(
        1.5, cap_style="flat", join_style="mitre", mitre_limit=1e3
    )
    assert whole.bounds[2] > 15.0
    cut = shapely.intersection(whole, shapely.box(-30, -20, 1.5 * LIMIT, 20))
    assert_covers(vf.Lines(line, color="black", width=3.0, join="miter"), cut)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("join", ["round", "bevel", "miter"])
def test_a_line_that_turns_back_on_itself_ends_as_its_joins_do(on_ground, join):
    """Flat, through the vertex, if they are not round: a mitre has no tip there. Such a line is closed."""
    (width,) = lengths(on_ground, 3.0)
    there = np.array([[-13.1, -10.3], [4.0, -2.0], [10.8, 2.7]])
    styles = {"cap_style": "round" if join == "round" else "flat"}
    styles["join_style"] = {"miter": "mitre"}.get(join, join)
    outline = shapely.LineString(there).buffer(1.5, quad_segs=32, **styles)
    line = np.concatenate([there, there[1::-1]])
    assert_covers(vf.Lines(line, color="black", width=width, join=join, cap="butt"), outline)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("begins", [-25.0, -203.3], ids=["within", "far beyond the dem"])
def test_dashes_are_measured_from_the_lines_beginning(on_ground, begins):
    line = np.array([[begins, 4.0], [-12.5, 4.0], [7.0, -9.0], [250.0, -9.0]])
    width, *dash = lengths(on_ground, 2.0, 5.0, 2.5, 1.0, 2.0)
    whole = shapely.LineString(line)
    parts = [
        substring(whole, first, first + long).buffer(1.0, cap_style="flat")
        for turn in np.arange(0.0, 300.0, 10.5)
        for first, long in ((turn, 5.0), (turn + 7.5, 1.0))
    ]
    # A dash that ends just behind a bend has all of its round join.
    bends = shapely.union_all(shapely.buffer(shapely.points(line), 1.8))
    layer = vf.Lines(line, color="black", width=width, dash=dash)
    assert_covers(layer, shapely.union_all(parts), beside=bends)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("cap", ["butt", "round"])
@pytest.mark.parametrize("step", [0.03, 0.4, 6.5], ids=lambda step: f"{step} m")
def test_dashes_end_where_they_should_however_many_vertices(step, cap, on_ground):
    """As roads and tracks have them: a dash once went on by half its width around each vertex in it."""
    turns = np.arange(0.0, 1.4 * np.pi, step / 14)
    line = 14 * np.column_stack([np.cos(turns), np.sin(turns)])
    width, *dash = lengths(on_ground, 6.0, 5.0, 4.0)
    whole = shapely.LineString(line)
    starts = np.arange(0.0, whole.length, 9.0)
    dashes = [substring(whole, at, at + 5) for at in starts]
    # Each piece by itself, too: GEOS leaves out inner corners beside short ones.
    pieces = [shapely.LineString(two) for part in dashes for two in pairwise(part.coords)]
    parts = [part.buffer(3.0, cap_style="flat") for part in dashes + pieces]
    ends = [shapely.Point(line[0])]
    if whole.length - starts[-1] < 5.0:
        ends.append(shapely.Point(line[-1]))
    if cap == "round":
        parts += [shapely.buffer(end, 3.0, quad_segs=64) for end in ends]
    layer = vf.Lines(line, color="black", width=width, dash=dash, cap=cap)
    assert_covers(layer, shapely.union_all(parts))


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("phase", [0.0, 2.5])
def test_a_gap_cuts_nothing_from_a_dash_that_it_crosses(phase, on_ground):
    line = np.array([[-20.0 - phase, 0.3], [20.0, 0.3], [20.0, 12.0], [0.2, 12.0], [0.2, -14.0]])
    width, *dash = lengths(on_ground, 6.0, 5.0, 5.0)
    whole = shapely.LineString(line)
    parts = [substring(whole, at, at + 5) for at in np.arange(0.0, whole.length, 10.0)]
    bends = shapely.union_all(shapely.buffer(shapely.points(line[1:-1]), 5.0))
    dashes = shapely.union_all([part.buffer(3.0, cap_style="flat") for part in parts])
    layer = vf.Lines(line, color="black", width=width, dash=dash)
    assert_covers(layer, dashes, beside=bends)


SHAPES = ["disc", "square", "diamond", "triangle", "plus", "cross", "star"]


def outline(shape, half, further=0.0):
    """A mark of `vf.Points` around the origin, north up; its sides so much further out."""
    if shape in ("disc", "square"):
        half += further
        disc = shapely.Point(0, 0).buffer(half, quad_segs=64)
        return disc if shape == "disc" else shapely.box(-half, -half, half, half)
    if shape in ("plus", "cross"):
        arm, half = half / 3 + further, half + further
        bars = shapely.box(-half, -arm, half, arm), shapely.box(-arm, -half, arm, half)
        plus = shapely.union_all(bars)
        return plus if shape == "plus" else shapely.affinity.rotate(plus, 45)
    count, sides = {"diamond": (4, 45), "triangle": (3, 30), "star": (10, 18)}[shape]
    half += further / np.sin(np.radians(sides))
    turn = np.pi / 2 + 2 * np.pi * np.arange(count) / count
    far = (
        np.where(np.arange(count) % 2, 1 - 2 * np.sin(np.pi / 10), 1.0) if shape == "star" else 1.0
    )
    return shapely.Polygon(half * (far * np.stack([np.cos(turn), np.sin(turn)])).T)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("shape", SHAPES)
def test_marks_have_their_outline_and_an_edge_on_it(shape, on_ground):
    """The edge is as wide as said on every side of every shape."""
    size, width = lengths(on_ground, 24.0, 2.0)
    words = {"shape": shape, "size": size}
    middle = np.array([[0.1, 0.2]])
    moved = [
        shapely.affinity.translate(outline(shape, 12.0, off), 0.1, 0.2) for off in (0.0, 1.0, -1.0)
    ]
    assert_covers(vf.Points(middle, color="black", **words), moved[0])
    edged = vf.Points(middle, color="white", edge="black", edge_width=width, **words)
    assert_covers(edged, moved[1].difference(moved[2]))


@pytest.mark.parametrize(
    ("on_ground", "tall"), [(True, 1.0), (True, 2.0), (False, 1.0)], ids=["metres", "aslant", "pixels"]
)  # fmt: skip
@pytest.mark.parametrize("shape", SHAPES)
def test_small_marks_cover_what_their_area_says(shape, on_ground, tall):
    """Of five pixels and less, as most are; aslant, a pixel is taller on the ground than wide."""
    step = 20 / SCALE
    xy = np.stack(np.meshgrid(np.arange(-1, 2), np.arange(-1, 2)), axis=-1).reshape(-1, 2) * step
    for pixels in (5.0, 3.0):
        covered = []
        for off in np.random.default_rng(5).uniform(-1, 1, (4, 2)):
            size = pixels / SCALE if on_ground else f"{pixels}px"
            layer = vf.Points(xy + off, color="black", size=size, shape=shape)
            camera = vf.Camera.map((-30.0, -20.0 * tall, 30.0, 20.0 * tall))
            covered.append(cover(layer, camera).sum() * tall / 9)
        area = outline(shape, pixels / 2).area
        assert np.mean(covered) == pytest.approx(area, rel=0.06 if shape == "disc" else 0.03)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("shape", SHAPES)
def test_two_drivers_draw_the_same_marks(shape, on_ground, two_devices):
    """And within the time of a test: crosses once took SwiftShader over a minute to compile."""
    size, edge = lengths(on_ground, 3.0, 0.5)
    layer = vf.Points(LINE, color="red", size=size, shape=shape, edge="black", edge_width=edge)
    look = {"size": SIZE, "camera": vf.Camera.map(), "samples": 1, "layers": [layer]}
    one, other = (
        vf.render(np.zeros(SHAPE, np.float32), **look, device=name).rgba for name in two_devices
    )
    assert np.array_equal(one, other)


@pytest.mark.parametrize("on_ground", [True, False], ids=["metres", "pixels"])
@pytest.mark.parametrize("angle", [30.0, -75.0])
def test_stripes_run_at_their_angle(on_ground, angle):
    """On the ground one of them runs through the DEM's first sample, on the picture through its corner."""
    hatch = (angle, *lengths(on_ground, 4.0, 1.3))
    rim = 0.5 if on_ground else 0.0
    corner = np.array([rim - SHAPE[1] / 2, SHAPE[0] / 2 - rim])
    turn = np.radians(angle)
    along, across = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    stripes = [
        shapely.LineString([corner + off * across + far * along for far in (-200, 200)])
        for off in 4.0 * np.arange(-30, 31)
    ]
    inked = shapely.union_all(shapely.buffer(stripes, 0.65, cap_style="flat"))
    layer = vf.Polygons(RING, fill=None, hatch=hatch, hatch_color="black")
    assert_covers(layer, shapely.intersection(inked, shapely.Polygon(RING)))


@pytest.mark.parametrize(("size", "off_by"), [(2.7, 0.06), (6.7, 0.01)])
def test_discs_cover_what_their_area_says_wherever_they_lie(size, off_by):
    step = 20 / SCALE
    xy = np.stack(np.meshgrid(np.arange(-1, 2), np.arange(-1, 2)), axis=-1).reshape(-1, 2) * step
    for off in np.random.default_rng(5).uniform(-1, 1, (12, 2)):
        covered = cover(vf.Points(xy + off, color="black", size=f"{size}px")).sum()
        assert covered == pytest.approx(9 * np.pi * size**2 / 4, rel=off_by)


def test_a_vast_mark_ends_where_it_should():
    """Its place is told in wider steps: a twentieth bit would be too many."""
    mark = vf.Points(np.zeros((1, 2)), color="black", size="5220.5px")
    words = {"camera": vf.Camera.map(), "lit": False, "samples": 1, "cmap": np.ones((2, 4))}
    size = (5400, 60)
    flat = np.zeros((2, 180), np.float32)
    picture = vf.render(flat, size=size, layers=[mark], **words).rgba[30, :, 0] / 255.0
    covered = 1 - ref.srgb_decode(picture)
    assert covered[90:5310].min() > 0.99 and max(covered[:89].max(), covered[5311:].max()) < 0.01
    assert covered[[89, 5310]] == pytest.approx(0.25, abs=0.03)
