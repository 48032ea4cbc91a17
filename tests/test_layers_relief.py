"""Lines on real relief from aside, against the exact curve: where it is seen they are drawn, and nowhere else."""

import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf
from curves import (
    along,
    cover_of,
    distances,
    first_met,
    most_beside,
    on_picture,
    seen_and_hidden,
)

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


def test_rays_end_where_they_do_among_all_patches():
    """The truth of these tests against the one that every other has; holes and rays along the grid too."""
    heights = relief(1)[:25, :33].copy()
    heights[10, 12] = np.nan
    terrain = ref.Terrain(heights, (10.0, 8.0))
    rng = np.random.default_rng(2)
    places = np.column_stack([rng.uniform(-150, 150, (200, 2)), rng.uniform(-60, 60, 200)])
    eyes = np.broadcast_to([-143.0, -301.0, 90.0], places.shape)
    ways = places - eyes
    ways[0, 0] = ways[1, 1] = 0
    found = first_met(terrain, eyes, ways)
    np.testing.assert_array_equal(found, ref.trace(terrain, eyes, ways, 0.0, np.inf).parameter)
    assert 0.3 < np.isfinite(found).mean() < 0.9


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
    cover = cover_of(
        terrain, camera, [vf.Lines(line, color="black", width=f"{width}px", cap="round", join=join)]
    )
    points = along(terrain, line, 120)
    place, _ = on_picture(camera, points)
    seen, hidden = seen_and_hidden(terrain, camera, points, reach, near=0.01, deep=1.0)
    assert hidden.mean() > 0.05 and seen.sum() > 120
    # Nothing is drawn away from what is seen.
    off = distances(cover, 0.1, place[~hidden])
    if join == "miter":
        from_tip = distances(cover, 0.1, place[::120][~hidden[::120]])
        off = np.where(from_tip < LIMIT * width / 2 + 0.75, 0.0, off)
    # Of a corner just behind a crest the tip may look over it.
    assert (off >= reach).mean() <= (0.02 if join == "miter" else 0), np.sort(off)[-10:]
    # All of what is seen is drawn: at each place the pixel that it falls into, or one beside it at a border.
    near_by = most_beside(cover, place[seen])
    assert (near_by > 0.5).mean() > 0.99, (near_by > 0.5).mean()
    column, row = np.floor(place[seen]).astype(int).T
    assert (cover[row, column] > 0.3).mean() > 0.95, (cover[row, column] > 0.3).mean()
