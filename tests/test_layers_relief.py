"""Lines on real relief from aside, against the exact curve: where it is seen they are drawn, and nowhere else."""

from itertools import pairwise

import compare
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

WHITE = np.ones((2, 4))
SIZE = (240, 160)
LIMIT = 5.0  # of a mitre, in halves of the width


def relief(seed):
    """65 x 65 samples, 10 m apart, rolling, with ridges that hide valleys."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:65, 0:65] / 64.0
    waves = [
        rng.uniform(8, 22) * np.sin(2 * np.pi * (a * x + b * y) + rng.uniform(0, 6))
        for a, b in ((1, 2), (3, 1), (2, -3), (4, 3))
    ]
    return np.sum(waves, axis=0).astype(np.float32)


def surface(terrain, xy):
    """The height of the bilinear surface at places."""
    rows, columns = terrain.heights.shape
    column = xy[:, 0] / terrain.spacing[0] + (columns - 1) / 2
    row = (rows - 1) / 2 - xy[:, 1] / terrain.spacing[1]
    j, i = (np.clip(at.astype(int), 0, most - 2) for at, most in ((column, columns), (row, rows)))
    s, t, z = column - j, row - i, terrain.z
    return (
        z[i, j] * (1 - s) * (1 - t) + z[i, j + 1] * s * (1 - t)
        + z[i + 1, j] * (1 - s) * t + z[i + 1, j + 1] * s * t
    )  # fmt: skip


def on_picture(camera, points):
    """Pixel coordinates (N, 2) and view depths (N,)."""
    right, up, forward = camera.basis()
    off = points - np.asarray(camera.eye)
    depth = off @ forward
    scale = focal(camera) / depth
    return (
        np.column_stack([SIZE[0] / 2 + scale * (off @ right), SIZE[1] / 2 - scale * (off @ up)]),
        depth,
    )


def focal(camera):
    """Pixels at depth 1."""
    return SIZE[1] / 2 / np.tan(np.radians(camera.fov) / 2)


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("seed", "azimuth", "altitude", "width", "join"),
    [
        (1, 215, 14, 2.0, "round"),
        (2, 100, 16, 2.0, "round"),
        (5, 30, 16, 2.0, "round"),
        (2, 100, 16, 5.0, "miter"),
    ],
)
def test_a_line_is_where_its_curve_is_seen(seed, azimuth, altitude, width, join):
    reach = width / 2 + 0.75
    terrain = ref.Terrain(relief(seed), (10.0, 10.0))
    camera = ref.orbit((0, 0, 0), 900, azimuth, altitude)
    rng = np.random.default_rng(seed)
    line = np.array([(-290.0, -250.0), (-80.0, 120.0), (130.0, -150.0), (280.0, 260.0)])
    line += rng.uniform(-20, 20, line.shape)
    picture = compare.render(
        terrain, camera, SIZE, ref.Style(cmap=WHITE), lit=False, background="white",
        layers=[vf.Lines(line, color="black", width=f"{width}px", cap="round", join=join)],
    ).rgba[..., 0] / 255.0  # fmt: skip
    light = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    cover = 1 - light
    xy = np.concatenate([a + np.linspace(0, 1, 120)[:, None] * (b - a) for a, b in pairwise(line)])
    points = np.column_stack([xy, surface(terrain, xy)])
    place, depth = on_picture(camera, points)
    right, up, _ = camera.basis()
    scale = focal(camera)
    eyes = np.broadcast_to(camera.eye, points.shape)

    def met(dx=0.0, dy=0.0):
        """View depths of what is met that far, in pixels, from the curve."""
        way = (points - eyes) / depth[:, None] + (dx * right - dy * up) / scale
        return ref.trace(terrain, eyes, way, 0.0, np.inf).parameter

    seen = met() > depth - 0.01
    # Just behind a crest half of the line looks over it. Deeper, ground is before all of it.
    turns = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    around = [met(reach * np.cos(turn), reach * np.sin(turn)) for turn in turns]
    hidden = ~seen & (np.max(around, axis=0) < depth - 1.0)
    inside = ((place > 2) & (place < np.array(SIZE) - 2)).all(axis=1)
    assert hidden.mean() > 0.05 and (seen & inside).sum() > 120
    # Nothing is drawn away from what is seen.
    drawn = np.argwhere(cover > 0.1)[:, ::-1] + 0.5
    off = np.linalg.norm(drawn[:, None] - place[~hidden][None], axis=2).min(axis=1)
    if join == "miter":
        tips = place[::120][~hidden[::120]]
        from_tip = np.linalg.norm(drawn[:, None] - tips[None], axis=2).min(axis=1)
        off = np.where(from_tip < LIMIT * width / 2 + 0.75, 0.0, off)
    # Of a corner just behind a crest the tip may look over it.
    assert (off >= reach).mean() <= (0.02 if join == "miter" else 0), np.sort(off)[-10:]
    # All of what is seen is drawn: at each place the pixel that it falls into, or one beside it at a border.
    column, row = np.floor(place[seen & inside]).astype(int).T
    near_by = np.max(
        [cover[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0
    )
    assert (near_by > 0.5).mean() > 0.99, (near_by > 0.5).mean()
    assert (cover[row, column] > 0.3).mean() > 0.95, (cover[row, column] > 0.3).mean()
