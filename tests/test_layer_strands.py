"""Lines over ground whose cells are smaller than pixels: where their curve is seen, whatever was drawn before."""

from itertools import pairwise

import compare
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from test_layers_relief import SIZE, WHITE, focal, on_picture, surface

SPACING = 10.0


def relief(seed, rough=0.0):
    """257 x 257 samples, 10 m apart, rolling, with ridges that hide valleys."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:257, 0:257] / 256.0
    waves = [
        rng.uniform(30, 80) * np.sin(2 * np.pi * (a * x + b * y) + rng.uniform(0, 6))
        for a, b in ((1, 2), (3, 1), (2, -3), (4, 3))
    ]
    return (np.sum(waves, axis=0) + rng.normal(0, rough, x.shape)).astype(np.float32)


def path(seed, count=12):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.uniform(-450, 450, (count, 2)), axis=0).clip(-1150, 1150)


def cover_of(dem, camera, lines, **options):
    picture = compare.render(
        ref.Terrain(dem, (SPACING, SPACING)), camera, SIZE, ref.Style(cmap=WHITE), lit=False,
        background="white", layers=lines, **options,
    ).rgba[..., 0] / 255.0  # fmt: skip
    light = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    return 1 - light


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("seed", "azimuth", "altitude", "width"),
    [(1, 215, 14, 2.0), (2, 100, 25, 1.0), (5, 30, 50, 3.0)],
)
def test_a_far_line_is_where_its_curve_is_seen(seed, azimuth, altitude, width):
    reach = width / 2 + 0.75
    terrain = ref.Terrain(relief(seed), (SPACING, SPACING))
    camera = ref.orbit((0, 0, 0), 5500, azimuth, altitude)
    line = path(seed)
    cover = cover_of(
        terrain.heights, camera, [vf.Lines(line, color="black", width=f"{width}px", cap="round")]
    )
    xy = np.concatenate([a + np.linspace(0, 1, 80)[:, None] * (b - a) for a, b in pairwise(line)])
    points = np.column_stack([xy, surface(terrain, xy)])
    place, depth = on_picture(camera, points)
    right, up, _ = camera.basis()
    scale = focal(camera)
    eyes = np.broadcast_to(camera.eye, points.shape)

    def met(dx=0.0, dy=0.0):
        way = (points - eyes) / depth[:, None] + (dx * right - dy * up) / scale
        return ref.trace(terrain, eyes, way, 0.0, np.inf).parameter

    pixel = depth.mean() / scale
    seen = met() > depth - 0.1 * pixel
    turns = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    around = [met(reach * np.cos(turn), reach * np.sin(turn)) for turn in turns]
    hidden = ~seen & (np.max(around, axis=0) < depth - pixel)
    inside = ((place > 2) & (place < np.array(SIZE) - 2)).all(axis=1)
    assert (seen & inside).sum() > 200
    drawn = np.argwhere(cover > 0.15)[:, ::-1] + 0.5
    off = np.linalg.norm(drawn[:, None] - place[~hidden][None], axis=2).min(axis=1)
    assert (off >= reach).mean() <= 0.005, (np.sort(off)[-10:], (off >= reach).mean())
    column, row = np.floor(place[seen & inside]).astype(int).T
    near_by = np.max(
        [cover[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0
    )
    assert (near_by > 0.4).mean() > 0.99, (near_by > 0.4).mean()


@pytest.mark.gpu
def test_a_far_line_over_rough_ground_has_no_gaps():
    """Noise of the heights, twice a pixel high: along the curve of the mean ground nearly all is drawn."""
    smooth = relief(3)
    dem = (smooth + np.random.default_rng(3).normal(0, 12, smooth.shape)).astype(np.float32)
    camera = ref.orbit((0, 0, 0), 5500, 60, 55)
    line = path(9)
    cover = cover_of(dem, camera, [vf.Lines(line, color="black", width="2px", cap="round")])
    xy = np.concatenate([a + np.linspace(0, 1, 80)[:, None] * (b - a) for a, b in pairwise(line)])
    place, _ = on_picture(
        camera, np.column_stack([xy, surface(ref.Terrain(smooth, (SPACING, SPACING)), xy)])
    )
    column, row = np.floor(place).astype(int).T
    near_by = np.max(
        [cover[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0
    )
    assert (near_by > 0.4).mean() > 0.97, (near_by > 0.4).mean()


@pytest.mark.gpu
def test_far_lines_are_those_of_a_flat_plane():
    """Covers on a level plane seen from aside: the same as with every patch exact."""
    dem = np.zeros((257, 257), np.float32)
    camera = ref.orbit((0, 0, 0), 5500, 20, 40)
    for cap in ("butt", "round", "square"):
        lines = [vf.Lines(path(4), color="black", width="3px", cap=cap)]
        far = cover_of(dem, camera, lines)
        exact = cover_of(dem, camera, lines, detail="exact")
        assert abs(far.sum() / exact.sum() - 1) < 0.01, cap
        assert np.abs(far - exact).max() < 0.35 and (np.abs(far - exact) > 0.1).mean() < 2e-3, cap


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_far_pictures_do_not_depend_on_those_before(samples):
    layers = [
        vf.Lines(path(1), color="black", width="2px", casing="white"),
        vf.Lines(np.concatenate([path(2), path(3)]), offsets=[0, 12, 24], color=["#ff000080", "blue"],
                 width="3px"),
    ]  # fmt: skip
    cameras = [
        vf.Camera.orbit((0, 0, 0), distance, azimuth, 35, 35)
        for distance, azimuth in (
            (5500, 10),
            (900, 10),
            (5500, 40),
            (14000, 10),
            (900, 10),
            (5500, 10),
        )
    ]

    def renderer():
        made = vf.Renderer(*SIZE, prefer_software=True)
        made.add_terrain(relief(1), (SPACING, SPACING))
        made.set_samples(samples)
        return made

    kept = renderer()
    for layer in layers:
        kept.add(layer)
    for camera in cameras:
        kept.set_camera(camera)
        fresh = renderer()
        for layer in layers:
            fresh.add(layer)
        fresh.set_camera(camera)
        np.testing.assert_array_equal(kept.render_rgba(), fresh.render_rgba())


@pytest.mark.gpu
def test_far_lines_of_two_drivers_agree(two_devices):
    layers = [
        vf.Lines(path(1), color="black", width="2px", casing="white"),
        vf.Lines(path(2), color="#ff000080", width="5px", cap="square"),
    ]
    camera = ref.orbit((0, 0, 0), 5500, 40, 30)
    one, other = (cover_of(relief(1), camera, layers, device=device) for device in two_devices)
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
        cover_of(heights, camera, lines, **options).sum()
        for heights, options in ((dem, {}), (dem, {"detail": "exact"}), (whole, {}))
    )
    assert abs(drawn / exact - 1) < 0.03, (drawn, exact)
    assert 0.4 < drawn / uncut < 0.9


@pytest.mark.gpu
@pytest.mark.parametrize("azimuth", [0, 31, 90])
def test_far_lines_narrower_than_a_pixel_have_no_gaps(azimuth):
    camera = ref.orbit((0, 0, 0), 5500, azimuth, 50)
    ends = np.array([[-1200.0, 130.0], [1200.0, -170.0]])
    cover = cover_of(
        np.zeros((257, 257), np.float32), camera, [vf.Lines(ends, color="black", width="0.4px")]
    )
    along = ends[0] + np.linspace(0.02, 0.98, 400)[:, None] * (ends[1] - ends[0])
    place, _ = on_picture(camera, np.column_stack([along, np.zeros(400)]))
    column, row = np.floor(place).astype(int).T
    beside = range(-2, 3)
    across = "rows" if np.ptp(column) > np.ptp(row) else "columns"
    sums = np.sum(
        [cover[row + off, column] if across == "rows" else cover[row, column + off] for off in beside],
        axis=0,
    )
    assert sums.min() > 0.2 and sums.max() < 0.8, (sums.min(), sums.max())
