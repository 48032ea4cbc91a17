"""A camera inside things, under the ground and beside it; the sun beneath the horizon; against a brute-force caster."""

import compare
import numpy as np
import pytest
import reference as ref
import space_twins as twins
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
WHITE = np.ones((2, 4))
FLAT = np.zeros((41, 41), np.float32)
SIZE = (60, 45)


def encoded(linear):
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


TERRAIN = ref.Terrain(FLAT, (1.0, 1.0))


@pytest.mark.parametrize("eye", [(0.0, 0.0, 6.0), (3.0, -8.0, 5.0), (-2.0, 10.5, 7.0)])
@pytest.mark.parametrize("target", [(0.0, 30.0, 4.0), (9.0, 3.0, 30.0), (-30.0, -2.0, 1.0)])
def test_from_within_what_one_sees_through_it_lies_over_what_is_outside(eye, target, each_device):
    """Inside a glass box, a tube and a ball: each lies once over every ray that leaves it before the ground."""
    camera = ref.LookAt(eye, target, fov=70)
    axis = np.array([[0.0, -12.0, 6.0], [0.0, 12.0, 6.0]])
    look = {"fill": "black", "alpha": 0.3}, {"color": "black", "alpha": 0.3}
    solids = [
        (vf.Polygons(SQUARE * 15, height=20.0, **look[0]), twins.Prism((SQUARE * 15,), 0.0, 20.0)),
        (vf.Lines(axis, z="absolute", width=10.0, **look[1]), twins.Tube(*axis, 5.0)),
        (
            vf.Points(np.array([eye]), z="absolute", size=3.0, **look[1]),
            twins.Tube(np.array(eye), np.array(eye), 1.5),
        ),
    ]
    origin, direction = camera.rays(ref.pixel_centres(SIZE), SIZE, TERRAIN)
    ground = ref.trace(TERRAIN, origin, direction, 0.0, np.inf).parameter
    count = sum(
        (twins.seek([thing], origin, direction, 0.0, ground).t < ground - 1e-3).astype(int)
        for _, thing in solids
    )
    seen = compare.render(
        TERRAIN, camera, SIZE, ref.Style(cmap=WHITE), lit=False, background="white",
        layers=[layer for layer, _ in solids], device=each_device,
    ).rgba.reshape(-1, 4)  # fmt: skip
    assert count.max() == 3
    assert (np.abs(seen[:, 0] - encoded(0.7**count)) <= 1.01).mean() > 0.995


AXIS = np.array([[0.0, -8.0, 6.0], [0.0, 8.0, 6.0]])
SOLIDS = {
    "box": (vf.Polygons(SQUARE * 10, height=12.0), twins.Prism((SQUARE * 10,), 0.0, 12.0)),
    "tube": (vf.Lines(AXIS, z="absolute", width=9.0), twins.Tube(*AXIS, 4.5)),
    "ball": (vf.Points(AXIS[:1], z="absolute", size=14.0), twins.Tube(AXIS[0], AXIS[0], 7.0)),
}


@pytest.mark.parametrize("target", [(0.0, 30.0, 4.0), (9.0, 3.0, 30.0), (-3.0, -2.0, 1.0)])
@pytest.mark.parametrize("solid", SOLIDS)
def test_from_within_what_hides_all_one_sees_its_inner_side(solid, target, each_device):
    """Walls, roofs, tubes and balls from inside: the caster's depths and normals, and dark, since the sun is outside."""
    layer, thing = SOLIDS[solid]
    camera = ref.LookAt((0.5, -5.0, 5.0), target, fov=60)
    picture = compare.render(
        TERRAIN, camera, SIZE, ref.Style(cmap=WHITE, ambient=0.0),
        aovs=("depth", "normal"), layers=[layer], device=each_device, shadows=True,
    )  # fmt: skip
    origin, direction = camera.rays(ref.pixel_centres(SIZE), SIZE, TERRAIN)
    ground = ref.trace(TERRAIN, origin, direction, 0.0, np.inf)
    seen = twins.seek([thing], origin, direction, 0.0, ground.parameter)
    inner = (seen.which >= 0) & (seen.t < ground.parameter - 1e-3)
    assert inner.mean() > 0.15
    depth = picture.aovs["depth"].reshape(-1)
    assert (np.abs(depth - seen.t)[inner] < 2e-3).mean() > 0.995
    off = np.abs(picture.aovs["normal"].reshape(-1, 3) - seen.normal).max(axis=1)[inner]
    assert (off < 5e-3).mean() > 0.99
    assert (picture.rgba.reshape(-1, 4)[inner, :3] <= 1).mean() > 0.995
