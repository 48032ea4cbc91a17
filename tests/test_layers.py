"""Lines, polygons and points on the ground: how much of each pixel they cover, and where they are seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import vulkan_forge as vf
from vulkan_forge._vulkan_forge import GroundLayer

pytestmark = pytest.mark.gpu

Array = npt.NDArray[Any]
WHITE = np.ones((1, 4), np.float32)
SIDE = 32


def linear(rgba: Array) -> Array:
    """Linear light of the red bytes."""
    encoded = rgba[..., 0] / 255.0
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def encoded(light: Array) -> Array:
    """sRGB, 0..255, of linear light."""
    curve = 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055
    return np.asarray(255.0 * np.where(light <= 0.0031308, 12.92 * light, curve))


@pytest.fixture(scope="module")
def black() -> vf.Renderer:
    """Level black ground from straight above, a pixel for each sample."""
    renderer = vf.Renderer(SIDE, SIDE)
    renderer.add_terrain(np.zeros((SIDE, SIDE), np.float32))
    renderer.set_colormap(np.array([[0.0, 0.0, 0.0]]))
    renderer.set_background((0.0, 0.0, 0.0))
    renderer.set_camera(vf.Camera.map())
    renderer.set_ambient(1.0)
    return renderer


def drawn(renderer: vf.Renderer, *layers: GroundLayer, samples: int = 1) -> Array:
    renderer.set_samples(samples)
    renderer._set_ground_layers(list(layers))
    return renderer.render_rgba()


def line(xy: Any, **options: Any) -> GroundLayer:
    xy = np.asarray(xy, float)
    options = {"colors": WHITE, "widths": 2.0, **options}
    options["widths"] = np.array([options["widths"]], np.float32)
    return GroundLayer.lines(xy, np.array([0, len(xy)]), np.array([0]), **options)


def polygon(*rings: Any, **options: Any) -> GroundLayer:
    """The first ring with the others as holes."""
    rings = tuple(np.asarray(ring, float) for ring in rings)
    offsets = np.cumsum([0, *map(len, rings)])
    holes = np.arange(len(rings)) > 0
    options = {"colors": WHITE, **options}
    return GroundLayer.polygons(
        np.concatenate(rings), offsets, np.zeros(len(rings), int), holes, **options
    )


def pixel_places(xy: Array) -> Array:
    """World metres to columns and rows of the picture."""
    return np.stack([xy[:, 0] + SIDE / 2, SIDE / 2 - xy[:, 1]], axis=1)


def clipped(ring: list[Array], axis: int, border: float, sign: float) -> list[Array]:
    kept: list[Array] = []
    for before, place in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was, now = sign * (before[axis] - border), sign * (place[axis] - border)
        if (was >= 0) != (now >= 0):
            kept.append(before + (place - before) * was / (was - now))
        if now >= 0:
            kept.append(place)
    return kept


def area_of(ring: list[Array]) -> float:
    if len(ring) < 3:
        return 0.0
    x, y = np.array(ring).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def coverage(ring: Array, size: tuple[int, int] = (SIDE, SIDE)) -> Array:
    """Share of each pixel that a ring, in columns and rows, covers: the ring is cut to each pixel."""
    found = np.zeros(size[::-1])
    columns = [np.floor(ring[:, 0].min()), np.ceil(ring[:, 0].max())]
    rows = [np.floor(ring[:, 1].min()), np.ceil(ring[:, 1].max())]
    for row in range(int(max(rows[0], 0)), int(min(rows[1], size[1]))):
        strip = clipped(list(ring), 1, row, 1.0)
        strip = clipped(strip, 1, row + 1, -1.0) if strip else []
        for column in range(int(max(columns[0], 0)), int(min(columns[1], size[0]))):
            part = clipped(strip, 0, column, 1.0) if strip else []
            part = clipped(part, 0, column + 1, -1.0) if part else []
            found[row, column] = area_of(part)
    return found


def star(rng: np.random.Generator, corners: int) -> Array:
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = rng.uniform(3, 14, corners)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) + rng.uniform(
        -2, 2, 2
    )


@pytest.mark.parametrize("samples", [1, 4])
def test_polygons_cover_the_area_that_is_inside(black: vf.Renderer, samples: int) -> None:
    rng = np.random.default_rng(3)
    for turn in range(6):
        ring = star(rng, 4 + 2 * turn)
        if turn % 2:
            # Edges along the pixels' borders.
            ring = np.round(ring)
        middle = ring.mean(axis=0)
        hole = middle + 0.3 * (ring - middle)
        got = drawn(black, polygon(ring, hole), samples=samples)[1:-1, 1:-1, 0].astype(float)
        area = coverage(pixel_places(ring)) - coverage(pixel_places(hole))
        if turn != 5:
            assert np.abs(got - encoded(area)[1:-1, 1:-1]).max() <= 1.0


def test_neighbours_leave_no_seam_and_self_crossings_are_even_odd(black: vf.Renderer) -> None:
    xy = np.array(
        [[-9, -9], [3.3, -9], [-2.6, 9], [-9, 9], [3.3, -9], [9, -9], [9, 9], [-2.6, 9.0]]
    )
    pair = GroundLayer.polygons(
        xy,
        np.array([0, 4, 8]),
        np.array([0, 1]),
        np.zeros(2, bool),
        colors=np.ones((2, 4), np.float32),
    )
    assert (drawn(black, pair)[8:24, 8:24, 0] >= 254).all()
    bow = drawn(black, polygon([[-8, -8], [8, 8], [8, -8], [-8, 8]]))[..., 0]
    assert bow[16, 10] == 255 and bow[16, 22] == 255 and bow[10, 16] == 0 and bow[22, 16] == 0


@pytest.mark.parametrize(
    ("cap", "beyond"), [("butt", 0.0), ("square", 2.5), ("round", np.pi * 2.5 / 4)]
)
@pytest.mark.parametrize("unit", ["px", "m"])
def test_lines_cover_their_length_times_their_width(
    black: vf.Renderer, cap: str, beyond: float, unit: str
) -> None:
    for turn in (0.0, 0.4, 0.9):
        end = 9.3 * np.array([np.cos(turn), np.sin(turn)])
        got = linear(drawn(black, line([-end, end], widths=5.0, cap=cap, unit=unit))).sum()
        assert got == pytest.approx(5.0 * (18.6 + 2 * beyond), rel=0.01)


@pytest.mark.parametrize(("join", "share"), [("round", np.pi / 4), ("miter", 1.0), ("bevel", 0.5)])
def test_joins_cover_the_corner(black: vf.Renderer, join: str, share: float) -> None:
    corner = line([[-9.2, 8.1], [-9.2, -8.1], [9.0, -8.1]], widths=6.0, join=join)
    got = linear(drawn(black, corner)).sum()
    # Two bars that share a quarter of the corner's square, and what the join has of another.
    assert got == pytest.approx(6.0 * (16.2 + 18.2) - 9.0 + 9.0 * share, rel=0.01)


def test_a_mitre_is_cut_off_at_its_limit(black: vf.Renderer) -> None:
    sharp = [[-9.0, 1.5], [9.0, 0.0], [-9.0, -1.5]]
    areas = [
        linear(drawn(black, line(sharp, widths=2.0, join="miter", miter_limit=limit))).sum()
        for limit in (1.0, 2.0, 4.0)
    ]
    assert areas[0] + 0.5 < areas[1] < areas[2] - 0.5


@pytest.mark.parametrize("unit", ["px", "m"])
def test_dashes_keep_their_period(black: vf.Renderer, unit: str) -> None:
    dashed = line([[-14.0, 0.5], [14.0, 0.5]], widths=1.0, dash=(4.3, 2.1), unit=unit)
    row = linear(drawn(black, dashed))[15, 2:30]
    at = np.arange(29.0)
    below = np.floor(at / 6.4) * 4.3 + np.minimum(at % 6.4, 4.3)
    assert np.abs(row - np.diff(below)).max() < 0.01


def test_points_have_their_area_and_the_last_lies_above(black: vf.Renderer) -> None:
    for shape, share in [("disc", np.pi / 4), ("square", 1.0), ("diamond", 0.5), ("plus", 5 / 9)]:
        one = GroundLayer.points(
            np.array([[1.3, 0.6]]), colors=WHITE, sizes=np.array([9.0], np.float32), shape=shape
        )
        assert linear(drawn(black, one)).sum() == pytest.approx(81 * share, rel=0.015), shape
    colours = np.array([[1, 1, 1, 1], [1, 0, 0, 1]], np.float32)
    pair = GroundLayer.points(np.zeros((2, 2)), colors=colours, sizes=np.array([7.0], np.float32))
    assert drawn(black, pair)[16, 16].tolist() == [255, 0, 0, 255]


def test_a_polygon_seen_at_an_angle_covers_its_projection() -> None:
    size = (96, 64)
    renderer = vf.Renderer(*size)
    renderer.add_terrain(np.zeros((65, 65), np.float32))
    renderer.set_colormap(np.array([[0.0, 0.0, 0.0]]))
    renderer.set_background((0.0, 0.0, 0.0))
    renderer.set_ambient(1.0)
    camera = vf.Camera.orbit((0, 0, 0), 60.0, 200.0, 45.0)
    renderer.set_camera(camera)
    ring = np.array([[-9.0, -12.0], [13.0, -7.0], [4.0, 15.0], [-2.0, 3.0], [-14.0, 9.0]])
    place = np.column_stack([ring, np.zeros(5), np.ones(5)])
    clip = place @ (camera.projection(size[0] / size[1]) @ camera.view()).T
    seen = clip[:, :2] / clip[:, 3:]
    picture = np.stack([(seen[:, 0] + 1) / 2 * size[0], (1 - seen[:, 1]) / 2 * size[1]], axis=1)
    for samples in (1, 4):
        got = linear(drawn(renderer, polygon(ring), samples=samples))
        inside = got.shape == size[::-1] and got.max() <= 1.0
        assert inside
        area = coverage(picture, size)
        # Where only the ground is seen.
        ground = np.isfinite(renderer.render(aovs=("depth",)).aovs["depth"])
        assert np.abs(got - area)[ground].max() < 2 / 255


def hills() -> Array:
    y, x = np.mgrid[0:65, 0:65] / 64.0
    return (9 * np.sin(9 * x) * np.cos(8 * y)).astype(np.float32)


def test_lines_follow_the_surface_and_end_where_it_hides_them() -> None:
    size = (160, 120)
    renderer = vf.Renderer(*size)
    renderer.add_terrain(hills())
    renderer.set_colormap(np.array([[0.0, 0.0, 0.0]]))
    renderer.set_background((0.0, 0.0, 0.0))
    renderer.set_camera(vf.Camera.orbit((0, 0, 0), 80.0, 230.0, 20.0))
    renderer.set_ambient(1.0)
    got = linear(drawn(renderer, line([[-31.0, 4.0], [31.0, 4.0]], widths=1.5)))
    ground = renderer.render(aovs=("ground",)).aovs["ground"]
    north = ground[..., 1] - 4.0
    # Pixels between whose centre and a neighbour's, on one surface, the line runs.
    with np.errstate(invalid="ignore"):
        seen = np.zeros(north.shape, bool)
        for axis in (0, 1):
            step = np.diff(ground, axis=axis)
            near = np.sqrt((step**2).sum(axis=2)) < 2.0
            low = [slice(None), slice(None)]
            low[axis] = slice(0, -1)
            there = near & (np.diff(np.sign(north), axis=axis) != 0)
            there &= np.abs(north[tuple(low)]) <= np.abs(np.diff(north, axis=axis)) / 2
            seen[tuple(low)] |= there
    inner = np.abs(ground[..., 0]) < 30.0
    assert seen[inner].sum() > 20
    assert (got[seen & inner] > 0.3).all()
    # Nothing on pixels, none beside a ridge, that lie two of their own sizes from the line.
    sizes = sum(np.abs(step) for step in np.gradient(north))
    away = np.abs(north) > 2.0 * sizes
    assert away.sum() > 5000
    assert (got[away] == 0).all()


def test_layers_lie_in_the_light_of_the_ground_and_under_water_and_haze() -> None:
    """A layer of the ground's own colour changes nothing."""
    renderer = vf.Renderer(120, 90)
    renderer.add_terrain(hills())
    renderer.set_colormap(np.array([[0.5, 0.5, 0.5]]))
    renderer.set_sun(25.0, 300.0)
    renderer.set_water(-4.0)
    renderer.set_haze(500.0)
    grey = np.array([[0.5, 0.5, 0.5, 1.0]], np.float32)
    everywhere = polygon([[-40, -40], [40, -40], [40, 40], [-40, 40]], colors=grey)
    for samples in (1, 4):
        plain = drawn(renderer, samples=samples).astype(int)
        covered = drawn(renderer, everywhere, samples=samples).astype(int)
        assert np.abs(plain - covered).max() <= 1
        assert plain[..., :3].std() > 15


def test_the_shares_of_a_large_dem_agree() -> None:
    """Far cells and patches show the same lines."""
    y, x = np.mgrid[0:2100, 0:2100] / 2100.0
    renderer = vf.Renderer(160, 100)
    renderer.add_terrain(
        (60 * np.sin(7 * x) * np.cos(5 * y)).astype(np.float32), spacing=(1.0, 1.0)
    )
    renderer.set_colormap(np.array([[0.0, 0.0, 0.0]]))
    renderer.set_background((0.0, 0.0, 0.0))
    renderer.set_ambient(1.0)
    renderer.set_shadows(False)
    renderer.set_camera(vf.Camera.orbit((0, 0, 0), 2600.0, 215.0, 30.0))
    ring = polygon([[-700, -500], [600, -650], [550, 500], [-300, 720]])
    got = linear(drawn(renderer, ring, samples=4))
    ground = renderer.render(aovs=("ground",)).aovs["ground"]
    corners = np.array([[-700, -500], [600, -650], [550, 500], [-300, 720.0]])
    inside = np.ones(ground.shape[:2], bool)
    deep = np.full(ground.shape[:2], np.inf)
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (b - a) / np.linalg.norm(b - a)
        off = along[0] * (ground[..., 1] - a[1]) - along[1] * (ground[..., 0] - a[0])
        inside &= off > 0
        deep = np.minimum(deep, np.abs(off))
    sure = np.isfinite(deep) & (deep > 60.0)
    assert np.abs(got[sure] - inside[sure]).max() < 0.02


def test_degenerate_input_draws_what_there_is(black: vf.Renderer) -> None:
    assert drawn(black, line([[0, 0], [0, 0]], cap="butt"))[..., 0].max() == 0
    dot = linear(drawn(black, line([[0, 0], [0, 0]], widths=6.0, cap="round"))).sum()
    assert dot == pytest.approx(9 * np.pi, rel=0.02)
    empty = GroundLayer.lines(
        np.zeros((0, 2)),
        np.array([0]),
        np.zeros(0, int),
        colors=WHITE,
        widths=np.ones(1, np.float32),
    )
    assert empty.bounds is None and empty.count == 0
    assert drawn(black, empty)[..., 0].max() == 0
    # Far outside: cut off, and its inside is kept.
    assert (
        drawn(black, polygon([[-1e7, -1e7], [1e7, -1e7], [1e7, 1e7], [-1e7, 1e7]]))[..., 0] == 255
    ).all()
    assert drawn(black, polygon([[50, 50], [60, 50], [60, 60]]))[..., 0].max() == 0


def test_what_is_wrong_is_told_with_its_row() -> None:
    def refused(
        match: str, xy: Any = ((0, 0), (1, 1)), offsets: Any = (0, 2), **options: Any
    ) -> None:
        options = {"colors": WHITE, "widths": np.ones(1, np.float32), **options}
        with pytest.raises(vf.InvalidInputError, match=match):
            GroundLayer.lines(np.array(xy, float), np.array(offsets), np.array([0]), **options)

    refused("got .* in row 1", xy=((0, 0), (np.nan, 1)))
    refused("number of vertices, 2", offsets=(0, 1))
    refused("widths must be finite", widths=np.array([-1.0], np.float32))
    refused("colors must have every channel in 0..1", colors=2 * WHITE)
    refused("cap must be one of", cap="blunt")
    refused("dash must be lengths on and off", dash=(1.0,))
    refused("colors must be float32 of shape", colors=np.ones((1, 3), np.float32))
    refused("unit must be one of", unit="pt")
    with pytest.raises(vf.InvalidInputError, match="layers must be a sequence of GroundLayer"):
        vf.Renderer(8, 8)._set_ground_layers([1])
