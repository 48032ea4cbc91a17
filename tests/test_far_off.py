"""DEMs that are far off: their places do not lose their digits to the distance."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import SPACING, ground, in_sheets, same

pytestmark = pytest.mark.gpu


def axes_of(azimuth, altitude):
    """Right, up and forward of an orbit camera."""
    turn, rise = np.radians([azimuth, altitude])
    outwards = np.array([np.sin(turn) * np.cos(rise), np.cos(turn) * np.cos(rise), np.sin(rise)])
    up = np.array([-np.sin(rise) * np.sin(turn), -np.sin(rise) * np.cos(turn), np.cos(rise)])
    return np.array([-np.cos(turn), np.sin(turn), 0.0]), up, -outwards


def met_on_plane(orbit, size, slope, level):
    """Where rays through the pixels' centres meet z = level + slope . (x, y), (H, W, 2), and the view depth there."""
    width, height = size
    right, up, forward = axes_of(orbit["azimuth"], orbit["altitude"])
    eye = np.array(orbit["target"]) - orbit["distance"] * forward
    half = np.tan(np.radians(orbit["fov"]) / 2)
    x = (2 * (np.arange(width) + 0.5) / width - 1) * half * width / height
    y = (1 - 2 * (np.arange(height) + 0.5) / height) * half
    ways = forward + x[None, :, None] * right + y[:, None, None] * up
    normal = np.array([-slope[0], -slope[1], 1.0])
    depth = (level - eye @ normal) / (ways @ normal)
    return (eye + depth[..., None] * ways)[..., :2], depth


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("distance", [1e5, 1e7])
def test_ground_is_where_it_is_seen(distance, samples):
    rows, columns = 60, 80
    x = (np.arange(columns) - (columns - 1) / 2) * 10.0
    y = ((rows - 1) / 2 - np.arange(rows)) * 10.0
    heights = (64 + 0.25 * x[None] + 0.125 * y[:, None]).astype(np.float32)  # exact
    orbit = {"target": (3.0, 5.0, 65.0), "distance": distance, "azimuth": 200.0, "altitude": 25.0}
    orbit["fov"] = 1e4 / distance  # 175 m
    size = (48, 32)
    picture = vf.render(
        heights,
        spacing=(10, 10),
        size=size,
        camera=vf.Camera.orbit(**orbit),
        samples=samples,
        aovs=("ground", "depth", "elevation"),
    )
    place, depth = met_on_plane(orbit, size, (0.25, 0.125), 64.0)
    assert np.isfinite(picture.aovs["ground"]).all()
    assert np.abs(picture.aovs["ground"] - place).max() < 0.01
    assert np.abs(picture.aovs["depth"] - depth).max() <= 1e-7 * distance
    elevation = 64 + place @ (0.25, 0.125)
    assert np.abs(picture.aovs["elevation"] - elevation).max() < 0.005


def layers():
    way = np.array([[-5000.0, -3000.0], [0.0, 500.0], [5500.0, 4000.0]])
    block = np.array([[-800.0, -600.0], [800.0, -600.0], [800.0, 600.0], [-800.0, 600.0]])
    return [
        vf.Lines(way, width=3, color="red"),
        vf.Polygons(block, height=900.0, fill="gold"),
        vf.Labels([(-3000.0, 2000.0)], text=["There"]),
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 4},
        {"samples": 4, "layers": layers(), "sun_radius": 1.0},
        {"samples": 1, "haze": 300_000.0, "background": "sky", "water": 900.0},
        {"samples": 4, "haze": 300_000.0, "detail": "exact", "base": True, "contours": 100.0},
    ],
    ids=["fan", "layers", "air", "exact"],
)
def test_what_is_a_little_nearer_looks_alike(options):
    """Rays begin at the eye up to eight diagonals of the DEM's box, and before the DEM beyond that."""
    heights, target = ground(True), np.array([0.0, 0.0, 900.0])
    rows, columns = heights.shape
    sides = [(columns - 1) * SPACING[0], (rows - 1) * SPACING[1]]
    lowest, highest = float(np.nanmin(heights)), float(np.nanmax(heights))
    signs = np.array(list(itertools.product((-0.5, 0.5), (-0.5, 0.5), (0, 1))))
    corners = signs * [*sides, highest - lowest] + [0, 0, lowest]
    forward = axes_of(215.0, 30.0)[2]
    depths = (corners - target) @ forward
    border = 8 * np.linalg.norm([*sides, np.ptp(depths)]) - depths.min()
    near, far = (
        vf.render(
            heights,
            size=(160, 100),
            spacing=SPACING,
            camera=vf.Camera.orbit(target, distance, 215.0, 30.0, fov=3.5),
            aovs=("depth",),
            **options,
        )
        for distance in (border - 0.5, border + 0.5)
    )
    seen = np.isfinite(near.aovs["depth"])
    assert 0.2 < seen.mean() < 0.9
    assert (seen == np.isfinite(far.aovs["depth"])).mean() > 0.998
    both = seen & np.isfinite(far.aovs["depth"])
    apart = far.aovs["depth"] - near.aovs["depth"]
    assert abs(np.median(apart[both]) - 1.0) < 0.1
    colours = np.abs(np.asarray(near).astype(int) - np.asarray(far)).max(axis=2)
    assert (colours > 3).mean() < 0.01


def test_sheets_are_those_of_the_dem_in_memory():
    camera = vf.Camera.orbit((0, 0, 900), 400_000.0, 215.0, 30.0, fov=1.0)
    options = {"size": (160, 100), "samples": 4, "camera": camera, "aovs": ("ground",)}
    same(vf.render(in_sheets(ground()), **options), vf.render(ground(), spacing=SPACING, **options))


@pytest.mark.parametrize("exaggeration", [1e-31, 1e20])
def test_slopes_beyond_float32_are_refused(exaggeration):
    with pytest.raises(
        vf.InvalidInputError, match=r"vert_exag must keep the view within float32; .* heights"
    ):
        vf.render(ground(), spacing=SPACING, vert_exag=exaggeration, size=(16, 16))
