"""Comparing the renderer with the reference, pixel by pixel, and explaining what differs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import reference as ref
import vulkan_forge as vf

# Where a pixel may differ: the reference itself changes when its ray moves by this much of a pixel, that is at
# silhouettes, shadow borders and steps of the colormap, where float32 and float64 may fall on different sides.
JITTER = 0.02


def camera_of(camera: ref.LookAt | ref.Map) -> vf.Camera:
    """The vulkan_forge camera with the same numbers."""
    if isinstance(camera, ref.Map):
        return vf.Camera.map(camera.bounds)
    return vf.Camera.look_at(camera.eye, camera.target, camera.up, camera.fov)


def render(terrain: ref.Terrain, camera, size, style=ref.Style(), *, view=None, **more) -> vf.Image:
    """`vf.render` of a reference scene, one sample per pixel; `view` replaces the camera by an equal one.

    Patch by patch, in the patches' own light: what a brute-force caster sees.
    """
    return vf.render(
        terrain.heights,
        size=size,
        camera=view or camera_of(camera),
        spacing=terrain.spacing,
        vert_exag=terrain.exaggeration,
        **{"samples": 1, "detail": "exact", "normals": "patch", **style.__dict__, **more},
    )


def assert_same_whatever_was_drawn_before(new: Callable[[], vf.Renderer], cameras) -> None:
    """A renderer that has drawn other views draws the bytes of a `new` one, of each of three cameras."""
    fresh = []
    for camera in cameras:
        made = new()
        made.set_camera(camera)
        fresh.append(made.render_rgba())
    for order in ((1, 0, 2), (2, 1, 0)):
        made = new()
        for number in order:
            made.set_camera(cameras[number])
            np.testing.assert_array_equal(made.render_rgba(), fresh[number], str((order, number)))


def difference(a, b) -> np.ndarray:
    """Largest difference of the channels, (H, W) int."""
    return np.abs(np.asarray(a).astype(int) - np.asarray(b)).max(axis=-1)


def assert_same_picture(image, terrain, camera, size, style=ref.Style(), *, share=0.999):
    """At least `share` of the pixels within 1/255, and each other one within 3/255 of a jittered ray."""
    actual = np.asarray(image)
    expected = ref.render(terrain, camera, size, style)
    assert actual.shape == expected.rgba.shape and actual.dtype == np.uint8
    wrong = difference(actual, expected.rgba) > 1
    at = np.argwhere(wrong)
    report = [
        f"({x}, {y}): got {actual[y, x].tolist()}, expected {expected.rgba[y, x].tolist()}"
        for y, x in at[:8]
    ]
    assert wrong.mean() <= 1 - share, f"{len(at)} of {wrong.size} pixels differ, first {report}"
    unexplained = [
        text
        for (y, x), text in zip(at[:8], report, strict=False)
        if not _explained(actual[y, x], terrain, camera, size, (x, y), style)
    ]
    assert not unexplained, f"no ray within {JITTER} pixels has these colours: {unexplained}"
    return expected


def assert_watertight(image, expected: ref.Picture, terrain, camera, size):
    """Not one pixel sees through the ground, nor ground where there is none, except on an outline."""
    leaks = np.isnan(image.aovs["depth"]) != np.isnan(expected.depth)
    leaks |= (np.asarray(image)[..., 3] == 0) != (expected.rgba[..., 3] == 0)
    for y, x in np.argwhere(leaks)[:50]:
        near = ref.brute_force(terrain, camera, size, _around((x, y))).found
        assert near.any() and not near.all(), (
            f"pixel ({x}, {y}) of {leaks.sum()}: expected {'ground' if near.all() else 'nothing'}, "
            f"got depth {image.aovs['depth'][y, x]}, colour {np.asarray(image)[y, x].tolist()}"
        )


def _around(pixel) -> np.ndarray:
    """Points (25, 2) within JITTER of a pixel's centre."""
    offsets = np.linspace(-JITTER, JITTER, 5)
    x, y = np.meshgrid(pixel[0] + 0.5 + offsets, pixel[1] + 0.5 + offsets)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _explained(color, terrain, camera, size, pixel, style) -> bool:
    near = ref.shade(terrain, camera, size, _around(pixel), style).rgba
    return bool((np.abs(near.astype(int) - color).max(axis=1) <= 3).any())


def assert_same_aovs(image, expected: ref.Picture, terrain: ref.Terrain, *, share=0.999):
    """depth, elevation, normal and ground on `share` of the pixels, to float32 of the scene's own scale.

    1e-5 of the scene's extent is about 80 steps of float32 there. The normal may be the neighbour's on the
    border of two patches."""
    aovs = image.aovs
    assert set(aovs) == {"depth", "elevation", "normal", "ground"}
    extent = float(np.hypot(*terrain.footprint))
    relief = float(np.nanmax(terrain.heights) - np.nanmin(terrain.heights)) or 1.0
    scale = {
        "depth": extent + np.nan_to_num(np.abs(expected.depth)),
        "elevation": relief * 10 + 0.05 * float(np.nanmax(np.abs(terrain.heights))),
        "normal": 100.0,
        "ground": extent,
    }
    for name, actual in aovs.items():
        truth = getattr(expected, name)
        assert actual.dtype == np.float32 and actual.shape == truth.shape, name
        error = np.abs(actual - truth)
        error = np.where(np.isnan(actual) & np.isnan(truth), 0, np.nan_to_num(error, nan=np.inf))
        if error.ndim == 3:
            error = error.max(axis=-1)
        good = error <= 1e-5 * scale[name]
        assert (
            good.mean() >= share
        ), f"{name}: {(~good).sum()} of {good.size} pixels, worst {error.max()}"
