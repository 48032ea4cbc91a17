"""Layers where their map tells all, where it does not, and beside them: pixel by pixel as if there were no map."""

import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

SHAPE = (300, 320)
CELL = 10.0
SIZE = (120, 80)
LOOK = {"size": SIZE, "spacing": (CELL, CELL), "shadows": False, "background": (1, 1, 1, 1)}
NEAR = vf.Camera.orbit((0.0, 0.0, 100.0), 1500.0, 200.0, 40.0, 40.0)  # patches
FAR = vf.Camera.orbit((0.0, 0.0, 100.0), 9000.0, 200.0, 35.0, 30.0)  # cells smaller than pixels
EVERYWHERE = 1e4 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)


@pytest.fixture(scope="module")
def rough():
    return dems.rough(*SHAPE, 5).astype(np.float32)


def drawn(heights, camera, samples, *layers, **words):
    return vf.render(
        heights, camera=camera, samples=samples, layers=layers, **{**LOOK, **words}
    ).rgba.astype(int)


@pytest.mark.gpu
@pytest.mark.parametrize("camera", [NEAR, FAR], ids=["near", "far"])
@pytest.mark.parametrize("samples", [1, 4])
def test_a_short_line_changes_only_what_it_lies_on(rough, camera, samples):
    line = vf.Lines(np.array([[-60.0, -40.0], [60.0, 50.0]]), color="red", width="2px")
    plain = drawn(rough, camera, samples)
    changed = (drawn(rough, camera, samples, line) != plain).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert 5 < changed.sum() < 400
    assert np.ptp(rows) < 40 and np.ptp(columns) < 60


LOW = vf.Camera.look_at((0.0, -1700.0, 500.0), (0.0, 0.0, 150.0), fov=35)
PLACES = {
    "near": (0, 0),
    "left": (-900, 600),
    "far off": (300, 1400),
    "at the rim": (1590, -1480),
    "behind": (0, -1650),
}


def layered(renderer, ends):
    """With a line between each two of `ends`."""
    handle = renderer.add(
        vf.Lines(ends, offsets=np.arange(0, len(ends) + 1, 2), color="red", width="2px")
    )
    picture = renderer.render_rgba()
    handle.remove()
    return picture


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_rows_without_layers_and_rows_with_them_are_one_picture(rough, samples):
    """Rows in which a line cannot be seen are drawn as if there were none: another line in all rows changes none but its own pixels."""
    renderer = vf.Renderer(*SIZE)
    renderer.add_terrain(rough, (CELL, CELL))
    renderer.set_samples(samples)
    across = np.array([[-250.0, -1490.0], [-250.0, 1490.0]])
    drawn = 0
    for camera in (NEAR, LOW, FAR, vf.Camera.map()):
        renderer.set_camera(camera)
        plain = renderer.render_rgba()
        for x, y in PLACES.values():
            short = np.array([[x - 90.0, y - 40.0], [x + 70.0, y + 50.0]])
            cut, other, whole = (
                layered(renderer, np.concatenate(lines))
                for lines in ([short], [across], [across, short])
            )
            beside = (other == plain).all(axis=-1)
            assert beside.mean() > 0.8
            assert (cut == whole)[beside].all()
            drawn += (cut != plain).any()
    assert drawn >= 9


@pytest.mark.gpu
def test_a_line_is_as_exact_from_near_by_as_its_places(rough):
    """A picture from far off has made its lists: a thousandth of a cell is told by no step of theirs."""
    x = 0.5 * CELL + 0.012345
    line = vf.Lines(np.array([[x, -800.0], [x, 800.0]]), color="black", width="4px")
    near = vf.Camera.map((0.5 * CELL - 0.04, -0.03, 0.5 * CELL + 0.04, 0.03))
    renderer = vf.Renderer(80, 60)
    renderer.add_terrain(np.zeros(SHAPE, np.float32), (CELL, CELL))
    handle = renderer.add(line)
    renderer.render_rgba()
    renderer.set_camera(near)
    drawn = renderer.render_rgba()[..., 0] / 255.0
    handle.remove()
    light = [
        ((values + 0.055) / 1.055) ** 2.4
        for values in (drawn, renderer.render_rgba()[..., 0] / 255.0)
    ]
    dark = light[1] - light[0]
    middle = (dark * (np.arange(80) + 0.5)).sum(axis=1) / dark.sum(axis=1)
    assert np.abs(middle - (40 + 12.345)).max() < 0.1


@pytest.mark.gpu
@pytest.mark.parametrize("camera", [NEAR, FAR], ids=["near", "far"])
@pytest.mark.parametrize("samples", [1, 4])
def test_an_area_that_covers_all_is_ground_of_its_colour(rough, camera, samples):
    red = np.array([[204, 51, 26, 255]] * 2) / 255
    area = vf.Polygons(EVERYWHERE, fill="#cc331a")
    difference = drawn(rough, camera, samples, area) - drawn(rough, camera, samples, cmap=red)
    assert np.abs(difference).max() <= 2


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_a_mapped_colour_equals_that_of_lists(rough, samples):
    # Stripes wider than their distance are an area that the map cannot tell.
    words = {"fill": "#3366cc", "alpha": 0.6}
    mapped = vf.Polygons(EVERYWHERE, **words)
    listed = vf.Polygons(
        EVERYWHERE, fill=None, hatch=(0.0, 50.0, 50.0), hatch_color="#3366cc", alpha=0.6
    )
    below = vf.Polygons(0.005 * EVERYWHERE, fill="#ffcc00", zorder=-1)
    for camera in (NEAR, FAR):
        difference = np.abs(
            drawn(rough, camera, samples, mapped, below)
            - drawn(rough, camera, samples, listed, below)
        )
        if camera is FAR and samples > 1:
            # A fan takes one relief for the ground beneath all its samples; those that are listed have their own.
            assert difference.max() <= 24 and (difference.max(axis=2) > 2).mean() < 0.02
        else:
            assert difference.max() <= 2


@pytest.mark.gpu
def test_areas_cover_each_pixel_as_much_as_shapely_says():
    shapely = pytest.importorskip("shapely")
    rng = np.random.default_rng(11)
    made = []
    while len(made) < 150:
        angle = np.sort(rng.uniform(0, 2 * np.pi, 9))
        radius = rng.uniform(1.0, 8.0, 9)
        middle = rng.uniform((-58, -38), (58, 38))
        ring = middle + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        shape = shapely.Polygon(ring)
        hole = shape.buffer(-1.5)
        shape = shape.difference(hole) if rng.random() < 0.3 and not hole.is_empty else shape
        if shape.is_valid and shape.geom_type == "Polygon":
            made.append(shape)
    black = [vf.Polygons([shape], fill="black") for shape in made]
    everything = shapely.union_all(made)
    flat = np.zeros((81, 121), np.float32)
    look = {"size": (120, 80), "camera": vf.Camera.map(), "lit": False, "cmap": np.ones((2, 4))}
    single = list(zip(made, black, strict=True))[:6]
    for shape, layer in [*single, (everything, vf.Polygons([everything], fill="black"))]:
        picture = vf.render(flat, samples=1, layers=[layer], **look).rgba[..., 0] / 255.0
        light = ref.srgb_decode(picture)
        # A pixel is 121 / 120 of a metre: the picture shows the DEM's cells to their borders.
        x = np.linspace(-60.5, 60.5, 121)
        y = np.linspace(40.5, -40.5, 81)
        boxes = shapely.box(x[None, :-1], y[1:, None], x[None, 1:], y[:-1, None])
        share = shapely.area(shapely.intersection(boxes, shape)) / shapely.area(boxes)
        # The colour's encoding is that of a byte: its steps in linear light are a hundredth at most.
        assert np.abs((1 - light) - share).max() < 2 / 255 + 0.005


@pytest.mark.gpu
def test_lists_of_many_levels_in_one_picture(rough):
    # From a metre before the eye to the horizon: pieces of lines are told in steps of each level's cells.
    ring = 1400 * np.stack(
        [np.cos(np.linspace(0, 6.283, 400)), np.sin(np.linspace(0, 6.283, 400))], 1
    )
    grid = [np.array([[at, -1500.0], [at, 1500.0]]) for at in np.arange(-1500.0, 1501.0, 100.0)]
    paths = [ring, *grid]
    offsets = np.cumsum([0, *map(len, paths)])
    lines = vf.Lines(np.concatenate(paths), offsets=offsets, color="black", width="2px")
    flat = np.zeros(SHAPE, np.float32)
    camera = vf.Camera.look_at((0.0, -1600.0, 60.0), (0.0, 0.0, 0.0), fov=60.0)
    words = {"lit": False, "cmap": np.ones((2, 4))}
    whole = drawn(flat, camera, 1, lines, **words)[..., 0]
    # Pieces with joins are told by their numbers, not in steps.
    numbered = vf.Lines(
        np.concatenate(paths), offsets=offsets, color="black", width="2px", join="bevel"
    )
    other = drawn(flat, camera, 1, numbered, **words)[..., 0]
    assert (whole < 128).sum() > 200
    assert (np.abs(whole - other) > 24).sum() < 0.01 * whole.size
    # The same ground in cells that are four times as long as wide.
    for step in ((4, 1), (1, 4)):
        spacing = (CELL * step[1], CELL * step[0])
        longer = drawn(flat[:: step[0], :: step[1]], camera, 1, lines, spacing=spacing, **words)
        assert (np.abs(whole - longer[..., 0]) > 24).sum() < 0.01 * whole.size


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_lines_and_marks_stay_beside_their_places_where_ground_bends(rough, samples):
    # On the plane that touches the ground at a hit a line beyond a ridge may seem to be beside it.
    camera = vf.Camera.orbit((0.0, 0.0, 100.0), 1500.0, 200.0, 20.0, 40.0)
    way = np.linspace(-700.0, 700.0, 4001)
    places = np.stack([way, 500.0 * np.sin(way / 180.0)], axis=1)
    marks = places[::200]
    column = places[:, 0] / CELL + (SHAPE[1] - 1) / 2
    row = (SHAPE[0] - 1) / 2 - places[:, 1] / CELL
    i, j = row.astype(int), column.astype(int)
    v, u = row - i, column - j
    corners = [rough[i + a, j + b].astype(float) for a in (0, 1) for b in (0, 1)]
    height = (corners[0] * (1 - u) + corners[1] * u) * (1 - v)
    height += (corners[2] * (1 - u) + corners[3] * u) * v
    world = np.column_stack([places, height, np.ones_like(height)])
    width, tall = 240, 160
    clip = world @ (camera.projection(width / tall) @ camera.view()).astype(float).T
    x = (0.5 + 0.5 * clip[:, 0] / clip[:, 3]) * width
    y = (0.5 - 0.5 * clip[:, 1] / clip[:, 3]) * tall
    words = {"lit": False, "cmap": np.ones((2, 4)), "size": (width, tall)}
    line = vf.Lines(places, color="black", width="8px")
    dots = vf.Points(marks, color="black", size="8px")
    for layer, step in ((line, 1), (dots, 200)):
        shade = 255 - drawn(rough, camera, samples, layer, **words)[..., 0]
        rows, columns = np.nonzero(shade > 8)
        off = np.hypot(columns[:, None] + 0.5 - x[::step], rows[:, None] + 0.5 - y[::step])
        # Half a width, half a pixel's diagonal, and what perspective makes of a step of height.
        assert off.min(axis=1).max() < 4 + 0.71 + 0.5
        assert len(rows) > 300
