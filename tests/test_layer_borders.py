"""Areas with many more vertices than a picture shows: neighbours still share their borders, and what is small its area."""

import curves
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from compare import assert_same_whatever_was_drawn_before

pytestmark = pytest.mark.gpu

SIDE = 257  # samples, a metre apart: a map shows as many metres
SIZE = (128, 128)


def border(seed, a, b, count=400):
    """From one place to another, by a way that strays from the straight one at all scales."""
    rng = np.random.default_rng(seed)
    part = np.linspace(0, 1, count + 1)
    waves = [
        rng.normal(0, 2.0 / k) * np.sin(np.pi * k * part + np.pi * rng.integers(2))
        for k in (1, 2, 3, 5, 9, 17, 33, 65)
    ]
    off = np.sum(waves, axis=0)[:, None] + np.where((part > 0) & (part < 1), 1, 0)[
        :, None
    ] * rng.normal(0, 0.03, (count + 1, 2))
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a + part[:, None] * (b - a) + off * (part * (1 - part) * 4)[:, None]


def mosaic(cells=4):
    """Rings of squares whose sides stray; some run the other way round, and begin anywhere."""
    at = np.linspace(-110.0, 110.0, cells + 1)
    corner = {(i, j): np.array([at[i], at[j]]) for i in range(cells + 1) for j in range(cells + 1)}
    side = {}
    for i in range(cells + 1):
        for j in range(cells + 1):
            for k, end in enumerate(((i + 1, j), (i, j + 1))):
                if end in corner:
                    side[(i, j), end] = border(100 * i + 10 * j + k, corner[i, j], corner[end])
    rings = []
    for i in range(cells):
        for j in range(cells):
            low, right, high, left = (i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)
            ring = np.concatenate(
                [
                    side[low, right][:-1], side[right, high][:-1],
                    side[left, high][:0:-1], side[low, left][:0:-1],
                ]
            )  # fmt: skip
            ring = np.roll(ring, 137 * (i + 3 * j), axis=0)
            rings.append(ring[::-1] if (i + j) % 2 else ring)
    return rings


def cover(rings, camera=None):
    """Of each pixel the share of `rings`."""
    offsets = np.cumsum([0, *map(len, rings)])
    grey = vf.render(
        np.zeros((SIDE, SIDE), np.float32), size=SIZE, camera=camera or vf.Camera.map(),
        lit=False, samples=1, cmap=np.tile([0.0, 0.0, 0.0, 1.0], (2, 1)), background="black",
        layers=[vf.Polygons(np.concatenate(rings), offsets=offsets, fill="white", crs="world")],
    ).rgba[..., 0]  # fmt: skip
    return ref.srgb_decode(grey / 255.0)


@pytest.mark.parametrize("camera", [vf.Camera.map(), vf.Camera.orbit((0, 0, 0), 400, 30, 40, 40)])
def test_nothing_is_seen_between_neighbours(camera):
    inner = 95.0 * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    inside = cover([inner], camera) > 0.999
    assert inside.mean() > 0.2
    shared = cover(mosaic(), camera)
    assert shared[inside].min() > 0.99, shared[inside].min()


def test_borders_are_where_shapely_says():
    shapely = pytest.importorskip("shapely")
    rings = mosaic()
    edges = np.linspace(-SIDE / 2, SIDE / 2, SIZE[0] + 1)
    boxes = shapely.box(edges[None, :-1], -edges[1:, None], edges[None, 1:], -edges[:-1, None])
    for number in (0, 5, 10):
        area = shapely.Polygon(rings[number])
        share = shapely.area(shapely.intersection(boxes, area)) / shapely.area(boxes)
        off = cover([rings[number]]) - share
        assert np.abs(off).max() < 0.06 and abs(off.sum()) < 1e-3 * share.sum(), number


@pytest.mark.parametrize("wide_px", [0.02, 0.1, 0.4])
def test_what_is_small_keeps_its_area(wide_px):
    """Discs of 24 vertices, four to a pixel: together they cover as much as they should."""
    pixel = SIDE / SIZE[0]
    middles = np.random.default_rng(4).uniform(-40, 40, (6000, 1, 2))
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = 0.5 * wide_px * pixel
    disc = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    covered = cover(list(middles + disc)).sum()
    area = 6000 * 12 * np.sin(2 * np.pi / 24) * (radius / pixel) ** 2
    # Where they lie on each other they are seen once; colours are bytes.
    assert 0.8 * area < covered < 1.2 * area if wide_px < 0.4 else 0.5 * area < covered < area


def wavy_ring():
    """4,000 vertices, a third of a pixel apart."""
    turn = np.linspace(0, 2 * np.pi, 4001)
    radius = 20 + 3 * np.sin(40 * turn)
    return np.column_stack([radius * np.cos(turn) + 3.3, radius * np.sin(turn) + 4.7])


def ground_seen_by(camera):
    """The corners of the picture on level ground."""
    right, up, forward = camera.basis()
    wide, high = curves.SIZE
    at = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    away = curves.focal(camera) * forward + at[:, :1] * right - at[:, 1:] * up
    return (np.asarray(camera.eye) - camera.eye[2] / away[:, 2:] * away)[:, :2]


def near_by(layer, side=2049):
    """On level ground whose cells are 24 pixels wide."""
    picture = vf.render(
        np.zeros((side, side), np.float32), spacing=(10.0, 10.0), size=curves.SIZE, lit=False,
        camera=vf.Camera.orbit((0, 0, 0), 90, 20, 50, 40), cmap=np.ones((2, 4)), samples=1,
        layers=[layer],
    ).rgba[..., 0]  # fmt: skip
    return 1 - ref.srgb_decode(picture / 255.0)


def test_lines_near_by_keep_their_vertices():
    rounded, bevelled = (
        near_by(vf.Lines(wavy_ring(), color="black", width="2px", join=join, crs="world"))
        for join in ("round", "bevel")  # of which the latter leaves none out from anywhere
    )
    assert rounded.sum() > 500 and np.abs(rounded - bevelled).max() < 0.2


@pytest.mark.parametrize("side", [65, 2049])
@pytest.mark.parametrize("what", ["square", "wavy", "large"])
def test_areas_near_by_are_where_shapely_says(side, what):
    shapely = pytest.importorskip("shapely")
    ring = {
        "square": np.array([[-10.0, -9.0], [11.0, -8.0], [12.0, 9.0], [-8.0, 7.0]]),
        "wavy": wavy_ring()[:-1],
        # An edge that comes from far away on both sides.
        "large": 4.6 * side * np.array([[-1.0, -0.9], [1.0, 0.91], [-1.0, 0.95]]),
    }[what]
    camera = ref.orbit((0, 0, 0), 90, 20, 50, 40)
    seen = shapely.intersection(shapely.Polygon(ring), shapely.Polygon(ground_seen_by(camera)))
    corners = np.array(seen.exterior.coords)
    place, _ = curves.on_picture(camera, np.column_stack([corners, np.zeros(len(corners))]))
    column, row = np.meshgrid(*map(np.arange, curves.SIZE))
    pixels = shapely.box(column, row, column + 1, row + 1)
    share = shapely.area(shapely.intersection(pixels, shapely.Polygon(place)))
    off = near_by(vf.Polygons(ring, fill="black", crs="world"), side) - share
    assert np.abs(off).max() < 0.05 and abs(off.sum()) < 1e-3 * share.sum()


@pytest.mark.parametrize("kind", ["areas", "wide lines"])
def test_pictures_do_not_depend_on_those_before(kind):
    """From near by and far off, over slopes: a renderer that has drawn other views draws the bytes of a new one."""
    rings = [10 * ring for ring in mosaic()]
    offsets = np.cumsum([0, *map(len, rings)])
    words = {"offsets": offsets, "crs": "world"}
    layer = {
        "areas": lambda xy: vf.Polygons(xy, fill="#ff000080", edge="black", **words),
        "wide lines": lambda xy: vf.Lines(xy, color="#00000080", width=80.0, **words),
    }[kind]
    hills = 40 * np.sin(np.arange(257) / 20)[:, None] + 30 * np.cos(np.arange(257) / 17)
    cameras = [
        vf.Camera.orbit((0, 0, 0), distance, 20, altitude, 40)
        for distance, altitude in ((2500, 40), (30, 50), (900, 60))
    ]

    def renderer():
        made = vf.Renderer(320, 240, prefer_software=True)
        made.add_terrain(hills.astype(np.float32), (10.0, 10.0))
        made.add(layer(np.concatenate(rings)))
        return made

    assert_same_whatever_was_drawn_before(renderer, cameras)


def test_no_vertices_are_nothing():
    none = np.zeros((0, 2))
    look = {"size": (40, 30), "samples": 1}
    heights = np.zeros((65, 65), np.float32)
    plain = vf.render(heights, **look).rgba
    for layer in (
        vf.Polygons(none, offsets=[0], fill="red", crs="world"),
        vf.Lines(none, offsets=[0], color="red", width="2px", dash=("4px", "2px"), crs="world"),
        vf.Lines(none, offsets=[0], color="red", width=3.0, crs="world"),
        vf.Points(none, color="red", crs="world"),
    ):
        assert (vf.render(heights, layers=[layer], **look).rgba == plain).all()
