"""Things in space whose size or place follows from others: graphs over the ground, widths in pixels."""

import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def test_a_graph_has_its_nodes_heights():
    """Balls at nodes, and edges from one's height to the other's: over the ground along it, between absolute heights straight."""
    slope = np.add.outer(np.zeros(41), 6 * np.sin(np.arange(41.0) / 12) - 8).astype(np.float32)
    view = {"size": (123, 123), "camera": vf.Camera.map(), "aovs": ("elevation",)}
    nodes = np.array([[-15.0, -10, 4], [15.0, -10, 30], [0.0, 15, 22]])
    look = {"width": 1.0, "node_size": 4.0, "node_color": "gold"}

    def seen(*layers):
        return vf.render(slope, layers=layers, **view)

    for z, words, heights in (
        ("absolute", {"z": "absolute"}, nodes[:, 2]),
        ("relative", {"z": "relative", "height": 1.0}, nodes[:, 2] + 1),
        ("relative", {"height": [5.0, 0.0, 9.0]}, np.array([5.0, 0.0, 9.0])),
    ):
        graph = seen(vf.Graph(nodes, [(0, 1), (2, 1)], **words, **look))
        lifted = np.column_stack([nodes[:, :2], heights])
        edges = vf.Lines(lifted[[0, 1, 2, 1]], offsets=[0, 2, 4], z=z, width=1.0)
        balls = vf.Points(lifted, z=z, size=4.0, color="gold")
        np.testing.assert_array_equal(graph.rgba, seen(edges, balls).rgba)
        # Half way from the first to the second, and on top of the third.
        ground, steep = (0, 0) if z == "absolute" else (slope[0, 20], 6 / 12 * np.cos(20 / 12))
        # A tube is as much higher over its axis as that is steep.
        over = 0.5 * np.hypot(1, (heights[1] - heights[0]) / 30 + steep)
        middle = (heights[0] + heights[1]) / 2 + ground
        top = heights[2] + 2 + ground
        assert graph.aovs["elevation"][91, 61] == pytest.approx(middle + over, abs=0.1)
        assert graph.aovs["elevation"][16, 61] == pytest.approx(top, abs=0.1)
    alone = seen(vf.Graph(nodes, [], z="absolute", **look)).rgba
    np.testing.assert_array_equal(
        alone, seen(vf.Points(nodes, z="absolute", size=4.0, color="gold")).rgba
    )


@pytest.mark.parametrize("bad", [None, "red"])
def test_what_is_as_wide_on_every_picture_is_made_for_each(bad):
    """Views one after the other are those of sessions of their own, holes in the ground or not."""
    heights = (5 * np.sin(np.mgrid[0:60, 0:80][1] / 4.0)).astype(np.float32)
    heights[:9, :9] = np.nan
    line = np.array([[-60.0, -20.0], [-10.0, 10.0], [30.0, -5.0]])
    layers = [
        vf.Lines(line, height=4.0, width="5px", color="red"),
        vf.Polygons(SQUARE * 5, height=9.0),
        vf.Points(SQUARE * 15, height=6.0, size="9px"),
    ]

    def session():
        renderer = vf.Renderer(100, 70)
        renderer.add_terrain(heights, colormap="viridis")
        renderer.set_bad(bad)
        for layer in layers:
            renderer.add(layer)
        return renderer

    one = session()
    pictures = []
    for distance in (60, 150, 60, 400):
        camera = vf.Camera.orbit((0, 0, 0), distance, 200, 30)
        other = session()
        for renderer in (one, other):
            renderer.set_camera(camera)
        pictures.append(one.render_rgba())
        np.testing.assert_array_equal(pictures[-1], other.render_rgba())
        found = (pictures[-1][..., 0] > 120) & (pictures[-1][..., 1] < 30)
        assert found.any()
    np.testing.assert_array_equal(pictures[0], pictures[2])
