"""Lines over ground whose cells are smaller than pixels: where their curve is seen, whatever was drawn before."""

import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from curves import (
    SIZE,
    along,
    cover_of,
    distances,
    focal,
    most_beside,
    on_picture,
    seen_and_hidden,
)

SPACING = 10.0


def relief(seed):
    """257 x 257 samples, 10 m apart, rolling, with ridges that hide valleys."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:257, 0:257] / 256.0
    waves = [
        rng.uniform(30, 80) * np.sin(2 * np.pi * (a * x + b * y) + rng.uniform(0, 6))
        for a, b in ((1, 2), (3, 1), (2, -3), (4, 3))
    ]
    return np.sum(waves, axis=0).astype(np.float32)


def path(seed, count=12):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.uniform(-450, 450, (count, 2)), axis=0).clip(-1150, 1150)


def terrain_of(heights):
    return ref.Terrain(heights, (SPACING, SPACING))


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("seed", "azimuth", "altitude", "width"),
    [(1, 215, 12, 2.0), (2, 100, 25, 1.0), (5, 120, 20, 3.0)],
)
def test_a_far_line_is_where_its_curve_is_seen(seed, azimuth, altitude, width):
    reach = width / 2 + 0.75
    terrain = terrain_of(relief(seed))
    camera = ref.orbit((0, 0, 0), 5500, azimuth, altitude)
    line = path(seed)
    cover = cover_of(
        terrain, camera, [vf.Lines(line, color="black", width=f"{width}px", cap="round")]
    )
    points = along(terrain, line, 80)
    place, depth = on_picture(camera, points)
    pixel = depth.mean() / focal(camera)
    seen, hidden = seen_and_hidden(terrain, camera, points, reach, near=0.1 * pixel, deep=pixel)
    assert hidden.mean() > 0.05 and seen.sum() > 200
    off = distances(cover, 0.15, place[~hidden])
    assert (off >= reach).mean() <= 0.005, (np.sort(off)[-10:], (off >= reach).mean())
    near_by = most_beside(cover, place[seen])
    assert (near_by > 0.4).mean() > 0.99, (near_by > 0.4).mean()


@pytest.mark.gpu
def test_a_far_line_over_rough_ground_has_no_gaps():
    """Noise of the heights, twice a pixel high: along the curve of the mean ground nearly all is drawn."""
    smooth = relief(3)
    dem = (smooth + np.random.default_rng(3).normal(0, 12, smooth.shape)).astype(np.float32)
    camera = ref.orbit((0, 0, 0), 5500, 60, 55)
    line = path(9)
    cover = cover_of(
        terrain_of(dem), camera, [vf.Lines(line, color="black", width="2px", cap="round")]
    )
    place, _ = on_picture(camera, along(terrain_of(smooth), line, 80))
    near_by = most_beside(cover, place)
    assert (near_by > 0.4).mean() > 0.97, (near_by > 0.4).mean()


@pytest.mark.gpu
def test_far_lines_are_those_of_a_flat_plane():
    """Covers on a level plane seen from aside: the same as with every patch exact."""
    plane = terrain_of(np.zeros((257, 257), np.float32))
    camera = ref.orbit((0, 0, 0), 5500, 20, 40)
    for cap in ("butt", "round", "square"):
        lines = [vf.Lines(path(4), color="black", width="3px", cap=cap)]
        found = cover_of(plane, camera, lines)
        exact = cover_of(plane, camera, lines, detail="exact")
        off = np.abs(found - exact)
        assert abs(found.sum() / exact.sum() - 1) < 0.01, cap
        assert off.max() < 0.35 and (off > 0.1).mean() < 2e-3, cap


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_far_pictures_do_not_depend_on_those_before(samples):
    layers = [
        vf.Lines(path(1), color="black", width="2px", casing="white"),
        vf.Lines(np.concatenate([path(2), path(3)]), offsets=[0, 12, 24], color=["#ff000080", "blue"],
                 width="3px"),
    ]  # fmt: skip
    views = [(5500, 10), (900, 10), (5500, 40), (14000, 10), (900, 10), (5500, 10)]

    def renderer():
        made = vf.Renderer(*SIZE, prefer_software=True)
        made.add_terrain(relief(1), (SPACING, SPACING))
        made.set_samples(samples)
        for layer in layers:
            made.add(layer)
        return made

    def seen(renderer, view):
        distance, azimuth = view
        renderer.set_camera(vf.Camera.orbit((0, 0, 0), distance, azimuth, 35, 35))
        return renderer.render_rgba()

    fresh = {view: seen(renderer(), view) for view in set(views)}
    kept = renderer()
    for view in views:
        np.testing.assert_array_equal(seen(kept, view), fresh[view])


@pytest.mark.gpu
def test_far_lines_of_two_drivers_agree(two_devices):
    layers = [
        vf.Lines(path(1), color="black", width="2px", casing="white"),
        vf.Lines(path(2), color="#ff000080", width="5px", cap="square"),
    ]
    camera = ref.orbit((0, 0, 0), 5500, 40, 30)
    one, other = (
        cover_of(terrain_of(relief(1)), camera, layers, device=device) for device in two_devices
    )
    off = np.abs(one - other)
    assert (off > 0.02).mean() < 1e-3, (off > 0.02).mean()


@pytest.mark.gpu
@pytest.mark.parametrize("holed", [(100, 140), (0, 60), (220, 256)])
def test_far_lines_go_on_up_to_holes(holed):
    """A line over a DEM without some of its columns: drawn where there is ground, and all of it."""
    camera = ref.orbit((0, 0, 0), 5500, 0, 50)
    lines = [vf.Lines(np.array([[-1250.0, 0.0], [1250.0, 0.0]]), color="black", width="3px")]
    whole = np.zeros((257, 257), np.float32)
    dem = whole.copy()
    dem[:, holed[0] : holed[1] + 1] = np.nan
    drawn, exact, uncut = (
        cover_of(terrain_of(heights), camera, lines, **options).sum()
        for heights, options in ((dem, {}), (dem, {"detail": "exact"}), (whole, {}))
    )
    assert abs(drawn / exact - 1) < 0.03, (drawn, exact)
    assert 0.4 < drawn / uncut < 0.9


@pytest.mark.gpu
@pytest.mark.parametrize("azimuth", [0, 31, 90])
def test_far_lines_narrower_than_a_pixel_have_no_gaps(azimuth):
    camera = ref.orbit((0, 0, 0), 5500, azimuth, 50)
    ends = np.array([[-1200.0, 130.0], [1200.0, -170.0]])
    plane = terrain_of(np.zeros((257, 257), np.float32))
    cover = cover_of(plane, camera, [vf.Lines(ends, color="black", width="0.4px")])
    inner = ends[0] + np.array([[0.02], [0.98]]) * (ends[1] - ends[0])
    place, _ = on_picture(camera, along(plane, inner, 400))
    column, row = np.floor(place).astype(int).T
    down, right = (1, 0) if np.ptp(column) > np.ptp(row) else (0, 1)
    sums = np.sum([cover[row + off * down, column + off * right] for off in range(-2, 3)], axis=0)
    assert sums.min() > 0.2 and sums.max() < 0.8, (sums.min(), sums.max())


@pytest.mark.gpu
def test_many_lines_are_the_same_in_each_picture():
    """Where rays go on from patches to far cells they come in any order, and read lists alone."""
    rng = np.random.default_rng(4)
    dem = np.kron(relief(4), np.ones((4, 4), np.float32)) + rng.normal(0, 4, (1028, 1028))
    paths = [
        np.cumsum(rng.normal(0, 25, (300, 2)), axis=0) + rng.uniform(-900, 900, 2)
        for _ in range(150)
    ]
    lines = vf.Lines(
        np.concatenate(paths), offsets=np.arange(151) * 300, color="black", width="1.5px"
    )
    renderer = vf.Renderer(400, 300, prefer_software=True)
    renderer.add_terrain(dem.astype(np.float32), spacing=(2.5, 2.5))
    renderer.set_camera(vf.Camera.orbit((0, 0, 0), 2600, 30, 30, 35))
    bare = renderer.render_rgba()
    renderer.add(lines)
    first = renderer.render_rgba()
    assert (first != bare).any(axis=-1).mean() > 0.1
    for _ in range(6):
        np.testing.assert_array_equal(renderer.render_rgba(), first)
