"""Marks, which the host lists for the rows of a picture: whatever draws them, they are where they belong, and in their order."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf

CELL = 10.0
# The last eight of each row lie in part beside the picture.
LOOK = {"size": (124, 84), "spacing": (CELL, CELL), "shadows": False, "background": (1, 1, 1, 1)}
NEAR = vf.Camera.orbit((0.0, 0.0, 100.0), 1500.0, 200.0, 40.0, 40.0)  # patches
FAR = vf.Camera.orbit((0.0, 0.0, 100.0), 9000.0, 200.0, 35.0, 30.0)  # cells smaller than pixels
AMONG = vf.Camera.look_at((0.0, -300.0, 420.0), (0.0, 600.0, 0.0), fov=60.0)
# Beside the DEM, and invisible.
ELSEWHERE = vf.Lines(np.array([[9e4, 9e4], [9e4, 9.1e4]]), color="red", width="1px")


@pytest.fixture(scope="module")
def rough():
    return dems.rough(300, 320, 5).astype(np.float32)


def drawn(heights, *layers, **words):
    return vf.render(heights, layers=layers, **{**LOOK, **words}).rgba.astype(int)


def places(count, seed=2):
    return np.random.default_rng(seed).uniform(-1500, 1500, (count, 2))


@pytest.mark.gpu
@pytest.mark.parametrize("camera", [NEAR, FAR, AMONG], ids=["near", "far", "among"])
@pytest.mark.parametrize(("size", "edge_width"), [("5px", "1px"), (25.0, 4.0)])
def test_marks_are_the_same_as_rays_end_and_in_passes_of_their_own(rough, camera, size, edge_width):
    edge = {"edge": "black", "edge_width": edge_width}
    marks = vf.Points(places(300), size=size, color="red", **edge)
    ends = drawn(rough, marks, camera=camera, samples=1)
    own = drawn(rough, marks, ELSEWHERE, camera=camera, samples=1)
    assert np.abs(ends - own).max() <= 1
    assert (ends != drawn(rough, camera=camera, samples=1)).any(axis=2).sum() > 100


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_many_marks_lie_on_each_other_in_their_order(rough, samples):
    # So many that several threads list them.
    xy = places(6000)
    colours = np.array(["#cc0000", "#00cc00", "#0000cc"])[np.arange(6000) % 3].tolist()
    words = {"camera": FAR, "samples": samples}
    whole = drawn(rough, vf.Points(xy, size="3px", color=colours), **words)
    parts = [
        vf.Points(xy[low : low + 2000], size="3px", color=colours[low : low + 2000])
        for low in (0, 2000, 4000)
    ]
    assert np.abs(whole - drawn(rough, *parts, **words)).max() <= 2
    assert (whole == drawn(rough, vf.Points(xy, size="3px", color=colours), **words)).all()


@pytest.mark.gpu
@pytest.mark.parametrize("altitude", [5, 15, 40])
@pytest.mark.parametrize(("size", "vast"), [("4px", "4000px"), (60.0, 1e5)])
def test_lists_have_all_that_any_pixel_shows(rough, altitude, size, vast):
    """A mark that is unseen, and so large that it is in all lists, has all others be in all of them."""
    steep = 3 * rough
    xy = np.vstack([places(300, seed=6), [[0.0, 0.0]]])
    colours = np.tile([1.0, 0.0, 0.0, 1.0], (301, 1))
    colours[-1, 3] = 0
    everywhere = vf.Points(xy, size=[size] * 300 + [vast], color=colours)
    listed = vf.Points(xy[:-1], size=size, color="red")
    for distance, fov in ((3000.0, 60.0), (9000.0, 28.0)):
        camera = vf.Camera.orbit((0.0, 0.0, 100.0), distance, 200.0, altitude, fov)
        for samples in (1, 4):
            words = {"camera": camera, "samples": samples, "lit": False, "cmap": np.ones((2, 4))}
            got, wanted = (drawn(steep, layer, **words) for layer in (listed, everywhere))
            # In metres: where a ray grazes the ground its pixel has a little of what lies far along it.
            assert np.abs(got - wanted).max() <= (0 if vast == "4000px" else 12)
            assert (wanted[..., 1] < 250).sum() > 50


@pytest.mark.gpu
def test_each_mark_is_seen_where_its_place_is(rough):
    # From above no mark is hidden: each is dark in its middle.
    camera = vf.Camera.orbit((0.0, 0.0, 0.0), 6000.0, 0.0, 75.0, 25.0)
    xy = places(60, seed=4) * 0.6
    words = {"camera": camera, "lit": False, "cmap": np.ones((2, 4)), "size": (400, 400)}
    picture = drawn(rough, vf.Points(xy, size="9px", color="black"), samples=1, **words)[..., 0]
    column, row = xy[:, 0] / CELL + 159.5, 149.5 - xy[:, 1] / CELL
    j, i = column.astype(int), row.astype(int)
    u, v = column - j, row - i
    z = (rough[i, j] * (1 - u) + rough[i, j + 1] * u) * (1 - v)
    z += (rough[i + 1, j] * (1 - u) + rough[i + 1, j + 1] * u) * v
    world = np.column_stack([xy, z, np.ones_like(z)])
    clip = world @ (camera.projection(1.0) @ camera.view()).astype(float).T
    x = (200 + 200 * clip[:, 0] / clip[:, 3]).astype(int)
    y = (200 - 200 * clip[:, 1] / clip[:, 3]).astype(int)
    assert (picture[y, x] < 40).all()


@pytest.mark.gpu
def test_marks_lie_on_painted_holes_and_on_dems_that_stay_where_they_are(rough):
    marks = vf.Points(places(200), size="5px", color="black")
    # All within the hole, whose edges are at -595 and 595, and at -485 and 495.
    within = np.random.default_rng(3).uniform((-540, -430), (540, 430), (60, 2))
    inside = vf.Points(within, size="5px", color="black")
    holes = rough.copy()
    holes[100:200, 100:220] = np.nan
    words = {"camera": NEAR, "samples": 1}
    painted = drawn(holes, inside, bad="white", **words)
    assert (painted != drawn(holes, bad="white", **words)).any(axis=2).sum() > 300
    memory = (drawn(rough, marks, **words) != drawn(rough, **words)).any(axis=2)
    large = vf.LargeDEM(rough)
    stays = (drawn(large, marks, **words) != drawn(large, **words)).any(axis=2)
    assert memory.sum() > 300 and (memory != stays).sum() < 0.05 * memory.sum()
