"""Contour lines: where they are, how wide they are, where they fade."""

from __future__ import annotations

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from surface_twins import WHITE, linear

pytestmark = pytest.mark.gpu

INK = (0, 0, 0)
PER_CELL = 8


def cover(dem, contours, *, size=None, camera=None, samples=1, **more) -> np.ndarray:
    """(H, W) share of each pixel that is ink; a map of PER_CELL pixels a cell unless told otherwise."""
    rows, columns = dem.shape
    picture = vf.render(
        dem,
        size=size or (PER_CELL * columns, PER_CELL * rows),
        camera=camera or vf.Camera.map(),
        cmap=WHITE,
        lit=False,
        samples=samples,
        contours=contours,
        **more,
    )
    return 1 - linear(np.asarray(picture)[..., 0])


@pytest.mark.parametrize("samples", [1, 4, 16])
@pytest.mark.parametrize("width", [0.5, 1.0, 2.5])
@pytest.mark.parametrize("gradient", [(1.0, 0.0), (0.8, 0.45), (-0.3, 0.1)])
def test_lines_of_a_plane_are_in_place_and_as_wide_as_asked(gradient, width, samples, each_device):
    dem = dems.plane(24, 40, gradient=gradient, level=0.0)
    interval = 4.137 * abs(gradient[0])  # in all places between pixels
    ink = cover(
        dem, vf.Contours(interval, 0, width, INK, base=0.3), samples=samples, device=each_device
    )
    # World x of the pixels' centres, from the map's scale.
    x = (np.arange(ink.shape[1]) + 0.5) / PER_CELL - 20
    steepness = np.hypot(*gradient) / abs(gradient[0])
    totals, misplaced = [], []
    for row in range(40, 150, 11):
        y = 12 - (row + 0.5) / PER_CELL
        for line in range(-30, 30):
            at = (line * interval + 0.3 - gradient[1] * y) / gradient[0]
            near = np.abs(x - at) < 1.5
            if abs(at) > 17:
                continue
            total = ink[row, near].sum()
            place = (ink[row, near] * x[near]).sum() / total
            totals.append(total)
            misplaced.append((place - at) * PER_CELL)
    # Along a row the line is cut aslant.
    assert len(totals) > 40 and np.mean(totals) == pytest.approx(width * steepness, rel=0.02)
    assert abs(np.mean(misplaced)) < 0.03
    # One by one they vary with their place among the samples; a line thinner than a pixel may lie in one alone.
    assert np.abs(totals / np.mean(totals) - 1).max() < (0.2 if width >= 1 else 0.3)
    assert np.abs(misplaced).max() < (0.12 if width >= 1 else 0.3)


def test_rings_of_a_cone_are_whole_however_steep():
    for slope in (0.2, 1.0, 25.0):
        dem = (slope * (40 - np.hypot(*np.mgrid[-32:33, -32:33]))).astype(np.float32)
        ink = cover(dem, vf.Contours(8 * slope, 0, 1.5, INK))
        middle = np.array(ink.shape) / 2
        y, x = np.mgrid[: ink.shape[0], : ink.shape[1]] + 0.5
        radius = np.hypot(y - middle[0], x - middle[1]) / PER_CELL
        angle = np.arctan2(y - middle[0], x - middle[1])
        for ring in (16.0, 24.0):
            around = np.abs(radius - ring) < 0.9
            # The area of ink in each of 72 sectors of the ring, as a width.
            sector = np.floor((angle[around] + np.pi) / (2 * np.pi) * 72).astype(int) % 72
            width = np.bincount(sector, ink[around], 72) / (2 * np.pi * ring * PER_CELL / 72)
            assert np.abs(width - 1.5).max() < 0.25, (slope, ring)
            assert width.mean() == pytest.approx(1.5, abs=0.04)


@pytest.mark.parametrize("rows", [70, 2060])
def test_lines_in_perspective_are_as_wide_as_on_a_map(rows, each_device):
    """Two thousand rows and columns are more than four million samples, of which small ones are met as a whole."""
    spacing = 2060 / rows
    dem = dems.plane(rows, rows, gradient=(0.25, 0.1), level=300.0, spacing=(spacing, spacing))
    camera = vf.Camera.orbit((0, 0, 300), 2600, 205, 28)
    options = {
        "spacing": (spacing, spacing),
        "camera": camera,
        "size": (320, 200),
        "device": each_device,
    }
    ink = cover(dem, vf.Contours(60, 0, 1.2, INK), **options)
    height = (
        vf.render(dem, aovs=("elevation",), samples=1, **options).aovs["elevation"].astype(float)
    )
    down, right = np.gradient(height)
    per_pixel = np.hypot(down, right)
    off = np.abs((height + 30) % 60 - 30) / per_pixel
    expected = np.clip(np.minimum(off + 0.5, 0.6) - np.maximum(off - 0.5, -0.6), 0, 1)
    apart = np.clip(60 / per_pixel / 1.2 - 2, 0, 1)
    expected *= apart**2 * (3 - 2 * apart)
    inner = np.isfinite(per_pixel)
    assert inner.mean() > 0.2 and (expected[inner] > 0.9).sum() > 100
    wrong = np.abs(ink - expected)[inner]
    assert np.percentile(wrong, 99) < 0.06 and wrong.max() < (0.15 if rows < 100 else 0.5)
    assert ink[inner].sum() == pytest.approx(expected[inner].sum(), rel=0.01)


def test_lines_too_close_fade_out_and_never_alias():
    seen = []
    for apart in (1.3, 2.0, 2.4, 2.7, 3.0, 5.0):
        dem = dems.plane(8, 60, gradient=(1.0, 0.0), level=0.0)
        ink = cover(dem, vf.Contours(apart / PER_CELL, 0, 1.0, INK))
        seen.append(ink[8:-8, 8:-8].mean() * apart)
    assert seen[0] == seen[1] == 0
    assert seen[1] < seen[2] < seen[3] < seen[4]
    assert seen[4] == pytest.approx(1, abs=0.05) and seen[5] == pytest.approx(1, abs=0.05)


def test_every_fifth_line_is_twice_as_wide_and_counted_from_the_base():
    dem = dems.plane(6, 64, gradient=(1.0, 0.0), level=31.5)
    ink = cover(dem, vf.Contours(3, 5, 1.0, INK, base=2))[24]
    heights = (np.arange(ink.size) + 0.5) / PER_CELL - 0.5
    widths = {h: ink[np.abs(heights - h) < 0.7].sum() for h in range(2, 62, 3)}
    for height, width in widths.items():
        assert width == pytest.approx(2 if (height - 2) % 15 == 0 else 1, abs=0.05), height
    ink = cover(dem, vf.Contours(3, 0, 1.0, INK, base=2))[24]
    assert ink[np.abs(heights - 17) < 0.7].sum() == pytest.approx(1, abs=0.05)


def test_level_ground_at_a_line_has_none():
    assert cover(np.full((8, 9), 40, np.float32), 10).max() == 0


def test_exaggeration_and_light_leave_lines_where_they_are():
    dem = dems.plane(12, 30, gradient=(0.5, 0.2), level=5.0)
    lines = vf.Contours(2, 0, 1, INK)
    assert np.array_equal(cover(dem, lines), cover(dem, lines, vert_exag=7))
    picture = np.asarray(
        vf.render(
            dem, size=(240, 96), camera=vf.Camera.map(), cmap=WHITE, contours=lines, samples=1
        )
    )
    plain = np.asarray(
        vf.render(dem, size=(240, 96), camera=vf.Camera.map(), cmap=WHITE, samples=1)
    )
    # Ink is on the ground: lit like it, so that a share of the light is left.
    share = linear(picture[..., 0]) / linear(plain[..., 0])
    assert np.abs(share - (1 - cover(dem, lines))).max() < 0.02


def test_the_interval_follows_the_dem():
    for relief, interval in ((30, 2), (1600, 100), (0.5, 0.05)):
        dem = dems.plane(9, 33, gradient=(relief / 32, 0), level=0.0)
        assert np.array_equal(cover(dem, True), cover(dem, vf.Contours(interval)))


def test_lines_are_seen_on_ground_that_is_not():
    dem = dems.plane(20, 40, gradient=(1.0, 0.0), level=0.0)
    shown = vf.render(
        dem, size=(320, 160), camera=vf.Camera.map(), cmap=np.zeros((2, 4)), lit=False, samples=1,
        background=(0, 0, 0, 0), contours=vf.Contours(interval=10, index=0, width=4, colour="red"),
    )  # fmt: skip
    line = np.asarray(shown)[80]
    assert (line[line[:, 3] == 255] == [255, 0, 0, 255]).all()
    assert (line[:, 3] == 255).sum() >= 3 * 3 and (line[:, 3] == 0).sum() > 250
