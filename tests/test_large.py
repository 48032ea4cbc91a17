"""Large DEMs: every sample counts, however far away, and long rays arrive."""

import dataclasses

import compare
import dems
import longrays
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

NAMES = ("depth", "elevation", "normal", "ground")


@pytest.mark.parametrize("holes", [False, True])
def test_long_rays_are_the_reference(holes):
    """The two ways of tracing agree where both can be done."""
    spacing = (30.0, 20.0)
    heights = dems.ridge(17, 19, 2, spacing=spacing)
    terrain = ref.Terrain(dems.with_holes(heights, 2) if holes else heights, spacing, 1.4)
    size = (40, 30)
    for camera in (ref.orbit((0, 0, 120), 900, 33, 14), ref.Map((-200, -150, 280, 170))):
        points = ref.pixel_centres(size)
        style = ref.Style(altitude=20)
        expected = ref.shade(terrain, camera, size, points, style)
        actual = longrays.shade(terrain, camera, size, points, style)
        np.testing.assert_allclose(actual.depth, expected.depth, rtol=1e-9)
        assert (compare.difference(actual.rgba, expected.rgba) > 0).mean() < 0.002


def some_pixels(size, count, seed):
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(0, size[0], count), rng.integers(0, size[1], count)], axis=1)


@pytest.fixture(scope="module", params=[(700, 900), (2100, 2300)], ids=str)
def large(request) -> ref.Terrain:
    """Below and above four million samples."""
    return ref.Terrain(dems.rough(*request.param, 3), (10.0, 10.0), 2.0)


@pytest.mark.gpu
@pytest.mark.parametrize("shadows", [False, True])
def test_every_sample_counts(large, shadows):
    """Cells far smaller than a pixel: what the pixel's centre sees is still one exact patch."""
    size = (240, 135)
    extent = float(np.hypot(*large.footprint))
    camera = ref.orbit((0, 0, 300), 0.55 * extent, 200, 25, 45)
    style = ref.Style(shadows=shadows, altitude=30)
    image = compare.render(large, camera, size, style, aovs=NAMES)
    pixels = some_pixels(size, 500 if large.heights.size <= 1 << 22 else 200, 1)
    expected = longrays.shade(large, camera, size, pixels + 0.5, style)
    assert np.isfinite(expected.depth).mean() > 0.4
    x, y = pixels.T
    for name, limit in [("depth", 1e-5 * extent), ("elevation", 0.02), ("ground", 1e-5 * extent)]:
        error = np.abs(image.aovs[name][y, x] - getattr(expected, name))
        both = np.isnan(image.aovs[name][y, x]) == np.isnan(getattr(expected, name))
        assert (both & ~(error > limit)).mean() > 0.98, name
    colours = np.asarray(image)[y, x]
    if large.heights.size <= 1 << 22:
        same = compare.difference(colours, expected.rgba) <= 1
        assert same.mean() > 0.97, f"{(~same).sum()} of {len(same)} have another colour"
        return
    # Of a larger DEM the picture (not the numbers above) meets cells smaller than a pixel as a whole: what
    # it shows is what exact rays meet within half a pixel, give or take a cell.
    around = np.stack(np.meshgrid(*2 * [np.linspace(-0.5, 0.5, 3)]), axis=-1).reshape(-1, 2)
    unlit = dataclasses.replace(style, shadows=False)
    depths = np.stack(
        [longrays.shade(large, camera, size, pixels + 0.5 + at, unlit).depth for at in around]
    )
    ground = [image.ground_at(int(px), int(py)) for px, py in pixels]
    seen = np.array([place is not None for place in ground])
    missed = np.isnan(depths)
    assert (seen <= ~missed.all(axis=0)).mean() > 0.99
    assert (~seen <= missed.any(axis=0)).mean() > 0.99
    both = seen & ~missed.all(axis=0)
    forward = camera.basis()[2]
    found = np.array([p for p, wanted in zip(ground, both, strict=True) if wanted]) - camera.eye
    found = found @ forward
    cell = 2 * 10.0
    low, high = np.nanmin(depths[:, both], axis=0) - cell, np.nanmax(depths[:, both], axis=0) + cell
    within = (low <= found) & (found <= high)
    assert within.mean() > 0.97, f"{(~within).sum()} of {len(within)} are off by more than that"


@pytest.mark.gpu
def test_aovs_agree_among_themselves(large):
    """The elevation is the DEM's at the ground's place, and the place lies on the pixel's ray."""
    size = (200, 120)
    camera = ref.orbit((0, 0, 300), 5000, 100, 18, 60)
    image = compare.render(large, camera, size, aovs=NAMES)
    seen = ~np.isnan(image.aovs["elevation"])
    assert 0.3 < seen.mean() < 1
    ground = image.aovs["ground"][seen].astype(float)
    rows, columns = large.heights.shape
    u, v = ground[:, 0] / 10 + (columns - 1) / 2, (rows - 1) / 2 - ground[:, 1] / 10
    j, i = np.clip(u.astype(int), 0, columns - 2), np.clip(v.astype(int), 0, rows - 2)
    s, t, z = u - j, v - i, large.heights.astype(float)
    north = z[i, j] * (1 - s) + z[i, j + 1] * s
    south = z[i + 1, j] * (1 - s) + z[i + 1, j + 1] * s
    error = np.abs(north * (1 - t) + south * t - image.aovs["elevation"][seen])
    assert (error < 0.01).mean() > 0.999 and error.max() < 0.5
    origin, direction = camera.rays(ref.pixel_centres(size), size, large)
    point = (origin + image.aovs["depth"].reshape(-1, 1) * direction)[seen.ravel()]
    np.testing.assert_allclose(point[:, :2], ground, atol=0.2)
    np.testing.assert_allclose(point[:, 2], image.aovs["elevation"][seen] * 2, atol=0.2)


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4, 16])
@pytest.mark.parametrize("turned", [False, True])
def test_a_long_valley_is_seen_to_its_end(each_device, samples, turned):
    """16384 cells between two ridges higher than the eye: no pyramid helps, each ray walks them all.

    lavapipe 22.3 ends all loops of an invocation after 65535 turns and says nothing."""
    heights = np.full((9, 16384), 100, np.float32)
    heights[:, ::2] += 20
    heights[3:6] = 0
    heights[:, -12:] = 90
    camera = ref.LookAt((-8190, 0.3, 50), (8190, 0.3, 50), fov=0.005)
    if turned:
        heights = np.ascontiguousarray(np.rot90(heights))
        camera = ref.LookAt((-0.3, -8190, 50), (-0.3, 8190, 50), fov=0.005)
    terrain = ref.Terrain(heights)
    size = (8, 6)
    style = ref.Style(cmap="gray", background=(0, 0, 0, 0), altitude=5, azimuth=315)
    expected = longrays.shade(terrain, camera, size, ref.pixel_centres(size), style)
    assert np.isfinite(expected.depth).all() and (expected.depth > 16000).all()
    image = np.asarray(
        compare.render(terrain, camera, size, style, samples=samples, device=each_device)
    )
    assert (image[..., 3] == 255).all(), f"{(image[..., 3] < 255).sum()} pixels see nothing"
    if samples == 1:
        assert (compare.difference(image, expected.rgba.reshape(image.shape)) <= 1).mean() > 0.95


@pytest.mark.gpu
@pytest.mark.parametrize("altitude", [10, 35])
def test_a_large_dem_has_no_walls(altitude):
    """Neither the picture's rim nor a hole's closes what the numbers, which are exact, leave open."""
    y, x = np.mgrid[-1:1:2060j, -1:1:2060j]
    heights = (600 + 300 * np.cos(3 * x) * np.sin(2 * y)).astype(np.float32)
    heights[700:1300, 800:1400] = np.nan
    image = vf.render(
        heights,
        size=(160, 120),
        spacing=(10, 10),
        camera=vf.Camera.fit(heights, spacing=(10, 10), altitude=altitude),
        background=(0, 0, 0, 0),
        samples=1,
        aovs=("depth",),
    )
    drawn = np.asarray(image)[..., 3] > 0
    ground = ~np.isnan(image.aovs["depth"])
    assert 0.02 < ground.mean() < 0.9
    assert not (ground & ~drawn).any()
    # The picture may be half a pixel too large.
    padded = np.pad(ground, 1)
    shifts = [(dy, dx) for dy in range(3) for dx in range(3)]
    near = np.any([padded[dy : dy + 120, dx : dx + 160] for dy, dx in shifts], axis=0)
    beyond = (drawn & ~near).sum()
    assert beyond <= 0.003 * ground.sum(), f"{beyond} of {ground.sum()} pixels too many"
