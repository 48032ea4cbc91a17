"""Shapes over the ground that face the camera: their outlines, what hides them, their shadows."""

import compare
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
SHAPES = ("disc", "square", "diamond", "triangle", "plus", "cross", "star")
WHITE = np.ones((2, 4))
FLAT = np.zeros((41, 41), np.float32)


def is_on(shape, x, y):
    """By area: where a point (x right, y up) of a shape 2 wide is; NaN within a hair of its outline."""
    if shape == "disc":
        edge = np.hypot(x, y) - 1
    elif shape == "square":
        edge = np.maximum(abs(x), abs(y)) - 1
    elif shape == "diamond":
        edge = abs(x) + abs(y) - 1
    elif shape in ("plus", "cross"):
        if shape == "cross":
            x, y = (x + y) / np.sqrt(2), (y - x) / np.sqrt(2)
        arm = [np.maximum(abs(a) - 1, abs(b) - 1 / 3) for a, b in ((x, y), (y, x))]
        edge = np.minimum(*arm)
    else:
        count, far = (3, 0.5) if shape == "triangle" else (5, np.cos(np.radians(72)))
        angle = np.radians(270 + 360 / count * np.arange(count))
        if shape == "star":
            angle += np.pi
        off = np.sort([np.cos(a) * x + np.sin(a) * y - far for a in angle], axis=0)
        edge = off[-1] if shape == "triangle" else off[-2]
    return np.where(abs(edge) < 0.02, np.nan, edge < 0)


@pytest.mark.parametrize("view", ["oblique", "level", "map"])
def test_shapes_have_their_outline_and_face_the_camera(view, each_device):
    camera = {
        "oblique": ref.orbit((0, 0, 10), 90, 210, 35),
        "level": ref.orbit((0, 0, 10), 90, 80, 2),
        "map": ref.Map(),
    }[view]
    terrain, size = ref.Terrain(FLAT, (1.0, 1.0)), (120, 120)
    pixels = np.stack(np.meshgrid(np.arange(120), np.arange(120)), axis=-1)
    origin, way = camera.rays(pixels.reshape(-1, 2) + 0.5, size, terrain)
    middle = np.array([1.5, -2.0, 12.0])
    forward = way.mean(axis=0) / np.linalg.norm(way.mean(axis=0))
    up = np.array([0.0, 1, 0]) if view == "map" else np.array([0.0, 0, 1]) - forward[2] * forward
    up /= np.linalg.norm(up)
    right = np.cross(forward, up)
    t = ((middle - origin) @ forward) / (way @ forward)
    off = origin + t[:, None] * way - middle
    for shape in SHAPES:
        layer = vf.Points(middle[None], z="absolute", shape=shape, size=16.0, color="red")
        seen = compare.render(
            terrain, camera, size, ref.Style(cmap=WHITE), layers=[layer], lit=False,
            background="white", aovs=("depth",), device=each_device, samples=1,
        )  # fmt: skip
        red = (seen.rgba[..., 1] < 100).reshape(-1)
        wanted = is_on(shape, off @ right / 8, off @ up / 8)
        sure = ~np.isnan(wanted)
        assert (red[sure] == (wanted[sure] > 0)).mean() > 0.999, shape
        assert 200 < red.sum() < 0.5 * red.size
        np.testing.assert_allclose(seen.aovs["depth"].reshape(-1)[red], t[red], rtol=2e-3)


def test_they_are_as_large_as_said_hidden_by_ridges_and_cast_shadows():
    ridge = FLAT.copy()
    ridge[24:26] = 14.0
    camera = vf.Camera.look_at((0, -60, 12), (0, 0, 8), fov=40)
    words = {"size": (160, 120), "camera": camera, "cmap": WHITE, "samples": 1, "lit": False}

    def red(ground, place, **own):
        layer = vf.Points(np.array([place]), z="absolute", color="red", **own)
        return (vf.render(ground, layers=[layer], **words).rgba[..., 1] < 100).sum()

    for place in ((0.0, -15.0, 8.0), (0.0, 15.0, 8.0)):
        assert abs(red(FLAT, place, shape="square", size="20px") - 400) <= 41
    # Row 25 is at y = -5: before it a sign is whole, behind it the ridge hides its lower part or all.
    for place, least, most in (
        ((0.0, -12.0, 8.0), 1.0, 1.0),
        ((0.0, 3.0, 14.0), 0.1, 0.9),
        ((0.0, 3.0, 6.0), 0, 0),
    ):
        share = red(ridge, place, shape="square", size=6.0) / red(
            FLAT, place, shape="square", size=6.0
        )
        assert least <= share <= most, (place, share)
    lit = words | {"lit": True, "azimuth": 90, "altitude": 45, "ambient": 0.0}
    sign = vf.Points(np.zeros((1, 2)), height=12.0, shape="disc", size=10.0, color="red")
    bare, seen = (vf.render(FLAT, layers=layers, **lit).rgba.astype(int) for layers in ([], [sign]))
    dark = (bare - seen)[..., 0] > 100
    assert dark.sum() > 10
    pane = vf.Points(np.zeros((1, 2)), height=12.0, shape="disc", size=10.0, color="red", alpha=0.5)
    through = vf.render(FLAT, layers=[pane], **words).rgba
    assert np.abs(through[60 - 12, 80].astype(int) - (255, 188, 188, 255)).max() <= 2
