"""Things in space whose size or place follows from others: graphs over the ground, widths in pixels; what has none."""

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


def test_arcs_are_parabolas_over_the_straight_way():
    """From the ground at one end to that at the other, as high as said in the middle; hidden by nothing on their way."""
    slope = np.add.outer(np.zeros(61), np.arange(61.0) / 3).astype(np.float32)
    slope[28:33, 20:40] += 12.0  # a hill that they pass over
    places = np.array([[-25.0, 0.0, 2.0], [25.0, 0.0, 6.0]])
    view = {"size": (61, 61), "camera": vf.Camera.map(), "aovs": ("elevation",), "samples": 1}
    x = np.arange(61) - 30.0
    share = (x + 25) / 50
    ends = {"ground": (5 / 3, 55 / 3), "relative": (5 / 3 + 2, 55 / 3 + 6), "absolute": (2.0, 6.0)}
    for z, (first, last) in ends.items():
        arc = vf.Lines(places, arc=0.6, z=z, width=0.5, offsets=[0, 2])
        seen = vf.render(slope, layers=[arc], **view).aovs["elevation"][30]
        wanted = first + (last - first) * share + 0.6 * 50 * 4 * share * (1 - share)
        inside = (share > 0.05) & (share < 0.95) & (wanted > slope[30] + 1)
        assert inside.sum() > 40
        steep = (last - first) / 50 + 0.6 * 4 * (1 - 2 * share)
        wanted += 0.25 * np.hypot(1, steep)  # the tube's upper side
        np.testing.assert_allclose(seen[inside], wanted[inside], atol=0.05)
    graph = vf.Graph(places, [(0, 1)], arc=0.6, z="absolute", width=0.5, node_size=1.0)
    apart = [
        vf.Lines(places, arc=0.6, z="absolute", width=0.5),
        vf.Points(places, z="absolute", size=1.0, color="#cc3311"),
    ]
    both = [vf.render(slope, layers=layers, **view).rgba for layers in ([graph], apart)]
    np.testing.assert_array_equal(*both)


def test_arcs_go_along_geodesics_and_across_the_antimeridian():
    """Tokyo to Los Angeles on a map of the world: by way of the north, out at one side and in at the other."""
    pyproj = pytest.importorskip("pyproj")
    flat = np.zeros((90, 180), np.float32)
    dem = vf.DEM(flat, crs="EPSG:4326", bounds=(-180, -90, 180, 90))
    ends = np.array([[139.7, 35.7], [-118.2, 34.1]])
    arc = vf.Lines(ends, arc=0.3, width="3px", color="red", crs="EPSG:4326")
    picture = vf.render(
        dem, size=(720, 360), camera=vf.Camera.map(), layers=[arc], lit=False, cmap=np.ones((2, 4))
    )
    red = picture.rgba[..., 1] < 100
    for lon, lat in pyproj.Geod(ellps="WGS84").npts(*ends[0], *ends[1], 30):
        column, row = int((lon + 180) * 2), int((90 - lat) * 2)
        assert red[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3].any(), (lon, lat)
    assert not red[:, 150:600].any()
    assert red[:, [0, 1, 718, 719]].any(axis=0).all()  # up to both sides of the map
    view = {"size": (720, 360), "camera": vf.Camera.map(), "aovs": ("elevation",), "lit": False}
    metres = pyproj.Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2]
    for unit, factor in (("m", 1.0), ("ft", 0.3048)):
        world = vf.DEM(flat, crs="EPSG:4326", bounds=(-180, -90, 180, 90), z_unit=unit)
        high = vf.render(world, layers=[arc], **view).aovs["elevation"]
        high = np.nanmax(high) * factor
        # To the upper side of a tube of three pixels.
        assert 0.995 < high / (0.3 * metres) < 1.035


def test_a_fitted_camera_has_things_in_frame():
    """Towers, arcs and balls are whole, each close to the frame; without them, and with flat ones, it stands as before."""
    slope = np.add.outer(np.arange(41.0) / 5, np.arange(41.0) / 9).astype(np.float32)
    tall = vf.Polygons(SQUARE * 3 + (4, 9), height=60.0, fill="red")
    ball = vf.Points(np.array([[-12.0, -15.0]]), height=50.0, size=9.0, color="red")
    arc = vf.Lines(np.array([[-20.0, 0.0], [20.0, 5.0]]), arc=1.2, width=1.0, color="red")
    words = {"cmap": np.ones((2, 4)), "lit": False, "background": "white", "samples": 1}
    for layer in (tall, ball, arc):
        for size in ((160, 90), (90, 160)):
            red = vf.render(slope, size=size, layers=[layer], **words).rgba[..., 1] < 100
            rows, columns = np.nonzero(red)
            assert len(rows) > 20
            edges = np.array(
                [rows.min(), size[1] - 1 - rows.max(), columns.min(), size[0] - 1 - columns.max()]
            )
            assert (edges >= 1).all(), (size, edges)
        whole = vf.render(slope, size=(160, 90), layers=[layer], **words).rgba
        assert (whole[0] == 255).all() and (whole[-1] == 255).all()
    assert (
        np.nonzero(vf.render(slope, size=(160, 90), layers=[tall], **words).rgba[..., 1] < 100)[
            0
        ].min()
        < 5
    )
    bare = vf.render(slope, size=(80, 60)).rgba
    beyond = vf.Lines(np.array([[500.0, 0, 400], [900.0, 0, 400]]), z="absolute", width=1.0)
    for layer in (vf.Polygons(SQUARE, height=0.0), beyond):
        np.testing.assert_array_equal(vf.render(slope, size=(80, 60), layers=[layer]).rgba, bare)
    session = vf.Renderer(80, 60)
    session.add_terrain(slope)
    session.set_samples(4)
    low = session.render_rgba()
    handle = session.add(tall)
    high = session.render_rgba()
    np.testing.assert_array_equal(session.render_rgba(), high)
    handle.remove()
    np.testing.assert_array_equal(session.render_rgba(), low)


def test_without_things_nothing_changes_and_with_them_bytes_repeat(each_device):
    heights = (5 * np.sin(np.mgrid[0:30, 0:40][1] / 4.0)).astype(np.float32)
    words = {"size": (90, 60), "device": each_device, "samples": 4}
    empty = [
        vf.Polygons(SQUARE + 1e5, height=5.0),
        vf.Polygons(SQUARE, height=0.0),
        vf.Lines(SQUARE, height=3.0, color="none", width=1.0),
    ]
    bare = vf.render(heights, **words).rgba
    np.testing.assert_array_equal(vf.render(heights, layers=empty, **words).rgba, bare)
    layers = [
        vf.Polygons(SQUARE * 3, height=9.0),
        vf.Lines(SQUARE * 8, height=5.0, width="2px"),
        vf.Points(SQUARE * 6, height=4.0, size=2.0),
    ]
    first = vf.render(heights, layers=layers, **words).rgba
    np.testing.assert_array_equal(vf.render(heights, layers=layers, **words).rgba, first)
    assert (first != bare).any(axis=-1).mean() > 0.01
    renderer = vf.Renderer(90, 60, device=each_device)
    renderer.add_terrain(heights, colormap="viridis")
    renderer.set_samples(4)
    before = renderer.render_rgba()
    handles = [renderer.add(layer) for layer in layers]
    with_things = renderer.render_rgba()
    assert (with_things != before).any()
    handles[0].update(height=2.0)
    assert (renderer.render_rgba() != with_things).any()
    for handle in handles:
        handle.remove()
    np.testing.assert_array_equal(renderer.render_rgba(), before)


@pytest.mark.parametrize(
    "words", [{"z": "absolute"}, {"height": 8.0}, {"z": "absolute", "width": "3px"}]
)
@pytest.mark.parametrize("far", [3e3, 1e6])
def test_lines_that_go_on_far_beyond_the_dem_are_as_exact_over_it(words, far):
    """A flight between cities crosses a DEM that is a thousandth of its length."""
    ground = np.zeros((50, 50), np.float32)
    camera = vf.Camera.look_at((-60, -60, 50), (0, 0, 0))

    def picture(length):
        way = np.array([[-length, -length / 3, 8.0], [length, length / 3, 8.0]])
        line = vf.Lines(way, **({"width": 1.0, "color": "red"} | words))
        image = vf.render(ground, size=(200, 150), camera=camera, layers=[line])
        return np.asarray(image).astype(int)

    differs = np.abs(picture(far) - picture(300.0)).max(axis=2) > 3
    assert differs.sum() <= 30  # at edges, and where the rim cuts a line that follows the ground


def test_arcs_reach_over_any_part_of_the_world():
    """Pieces longer than the DEM, a DEM on the antimeridian, a map that knows but a part of the way: as short ones do."""
    pyproj = pytest.importorskip("pyproj")
    london, sydney = (-0.1, 51.5), (151.2, -33.9)
    auckland, honolulu = (174.8, -36.8), (-157.9, 21.3)
    tokyo, los_angeles = (139.7, 35.7), (-118.2, 34.1)
    for crs, bounds, first, last in (
        ("EPSG:4326", (-4, 50, 4, 54), london, sydney),
        ("EPSG:32630", (5e5, 5.6e6, 9e5, 5.9e6), london, sydney),
        ("EPSG:4326", (160, -45, 210, 30), auckland, honolulu),
        ("EPSG:3857", (-4e6, 4e6, 4e6, 9e6), tokyo, los_angeles),
    ):
        dem = vf.DEM(np.zeros((30, 40), np.float32), crs=crs, bounds=bounds)
        view = {
            "size": (160, 120),
            "camera": vf.Camera.map(),
            "lit": False,
            "cmap": np.ones((2, 4)),
        }
        line = np.array([first, *pyproj.Geod(ellps="WGS84").npts(*first, *last, 2000), last])
        line[:, 0] = np.unwrap(line[:, 0], period=360)
        flat = vf.Lines(line, width="2px", crs="EPSG:4326")
        expected = vf.render(dem, layers=[flat], **view).rgba[..., 2] < 128
        if first == tokyo:  # it passes far from there
            expected[:] = False
        for z in ("ground", "absolute"):
            ends = np.array([[*first, 0.0], [*last, 0.0]])
            arc = vf.Lines(ends, arc=0.0, z=z, offsets=[0, 2], width="5px", crs="EPSG:4326")
            red = vf.render(dem, layers=[arc], **view).rgba[..., 2] < 200
            assert not (expected & ~red).any()
            assert red.any() == expected.any() and red.sum() < 7 * expected.sum() + 20
