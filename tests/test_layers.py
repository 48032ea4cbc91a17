"""Layers as values: their words, what they refuse, and that all doors draw the same."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf

LINE = np.array([[-12.0, -8.0], [0.0, 6.0], [12.0, -2.0]])
RINGS = np.array([[-10, -8], [10, -8], [10, 8], [-10, 8]], float)
PLACES = np.array([[-9.0, 5.0], [0.0, -5.0], [9.0, 4.0]])
FLAT = np.zeros((24, 32), np.float32)
LOOK = {"size": (160, 120), "camera": vf.Camera.map(), "samples": 4}


def drawn(*layers, **words):
    return vf.render(FLAT, **LOOK | words, lit=False, cmap=np.ones((2, 4)), layers=layers).rgba


def layers():
    return [
        vf.Polygons(RINGS, fill="#88bb99", edge="#225533", hatch="/"),
        vf.Lines(LINE, color="#aa2222", width=1.5, casing="white", casing_width=0.4),
        vf.Points(PLACES, size="9px", shape="^", color=[1.0, 2.0, 3.0], edge="black"),
        vf.Graph(PLACES, [(0, 1), (1, 2)], width="2px", node_size="6px", zorder=1),
        vf.Labels(PLACES, text=["a", "b", "c"]),
    ]


@pytest.mark.gpu
def test_a_session_draws_what_one_call_draws():
    renderer = vf.Renderer(*LOOK["size"])
    renderer.add_terrain(FLAT, colormap=np.ones((2, 4), np.float32))
    renderer.set_camera(LOOK["camera"])
    expected = vf.render(FLAT, **LOOK, cmap=np.ones((2, 4)), layers=layers()).rgba
    for layer in layers():
        renderer.add(layer)
    assert (renderer.render_rgba() == expected).all()
    other = vf.Renderer(*LOOK["size"])
    other.add_terrain(FLAT, colormap=np.ones((2, 4), np.float32))
    other.set_camera(LOOK["camera"])
    other.add_polygons(RINGS, fill="#88bb99", edge="#225533", hatch="/")
    handle = other.add_lines(LINE, color="#aa2222", width=1.5, casing="white", casing_width=0.4)
    other.add_points(PLACES, size="9px", shape="^", color=[1.0, 2.0, 3.0], edge="black")
    other.add_graph(PLACES, [(0, 1), (1, 2)], width="2px", node_size="6px", zorder=1)
    other.add(vf.Labels(PLACES, text=["a", "b", "c"]))
    assert (other.render_rgba() == expected).all()
    handle.update(color="blue")
    changed = other.render_rgba()
    assert (changed != expected).any()
    handle.remove()
    assert (other.render_rgba() != changed).any()


@pytest.mark.gpu
@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("far", [20.0, 60.0, 400.0, 1e5])
def test_what_is_wide_reaches_the_ground_from_far_away(far, samples):
    """Rings and bands whose middle is many DEMs to the east, alone and over other layers."""
    x, y = np.meshgrid((np.arange(160) - 79.5) / 5, (59.5 - np.arange(120)) / 5)
    disc = vf.Points([[far, far / 3]], size=2 * np.hypot(far, far / 3), color="red")
    band = vf.Lines([[far, -3 * far], [far, 3 * far]], width=2 * far, color="red", cap="round")
    inside = {disc: np.hypot(far, far / 3) - np.hypot(x - far, y - far / 3), band: x}
    below = [vf.Polygons(RINGS, fill="#88bb99"), vf.Lines(LINE, width="2px")]
    for layer, depth in inside.items():
        for others in ([], below):
            without, picture = (
                drawn(*others, *more, samples=samples).astype(int) for more in ([], [layer])
            )
            sure = (np.abs(depth) > 0.3) & (np.abs(x) < 15.3) & (np.abs(y) < 11.3)
            red = (picture == [255, 0, 0, 255]).all(axis=2)
            assert (red == (depth > 0))[sure].all()
            assert (picture == without)[sure & (depth < 0)].all()


@pytest.mark.gpu
def test_what_is_wide_reaches_a_dem_with_a_place_too():
    pyproj = pytest.importorskip("pyproj")
    pytest.importorskip("rasterio")
    dem = vf.DEM(FLAT, transform=(30, 0, 4e5, 0, -30, 5e6), crs="EPSG:32633")
    back = pyproj.Transformer.from_crs(32633, 4326, always_xy=True)
    place = back.transform(4e5 + 480 + 9000, 5e6 - 360)
    words = {**LOOK, "lit": False, "cmap": np.ones((2, 4))}
    for layer in (
        vf.Points([place], size=18_000, color="red", crs="EPSG:4326"),
        vf.Lines([place, place], width=18_000, cap="round", color="red", crs="EPSG:4326"),
    ):
        red = (vf.render(dem, layers=[layer], **words).rgba == [255, 0, 0, 255]).all(axis=2)
        assert red[4:-4, 84:-4].all() and not red[:, :76].any()


@pytest.mark.gpu
def test_numbers_become_matplotlibs_colours():
    matplotlib = pytest.importorskip("matplotlib")
    values = [0.0, 3.0, 10.0]
    picture = drawn(vf.Points(PLACES, size="20px", color=values, cmap="plasma"))
    for place, value in zip(PLACES, values, strict=True):
        x, y = int(80 + 5 * place[0]), int(60 - 5 * place[1])
        expected = matplotlib.colormaps["plasma"](value / 10, bytes=True)
        assert np.abs(picture[y, x].astype(int) - expected).max() <= 1


@pytest.mark.gpu
def test_lengths_are_metres_on_the_ground_or_on_the_picture():
    def covered(**words):
        level = vf.Lines(np.array([[-30.0, 0.0], [30.0, 0.0]]), color="black", **words)
        column = drawn(level)[:, 80, 0]
        return (255 - column.astype(int)).sum() / 255

    # Five pixels a metre.
    assert abs(covered(width=2.0) - 10) < 0.3
    assert abs(covered(width="10px") - 10) < 0.3
    assert abs(covered(width="7.5pt") - 10) < 0.3


@pytest.mark.gpu
@pytest.mark.parametrize("camera", [vf.Camera.map(), None])
def test_a_mark_as_wide_as_a_planet_covers_all_ground(camera):
    hills = np.add.outer(np.arange(24.0), np.arange(32.0) % 5).astype(np.float32)

    def seen(size):
        return vf.render(
            hills, size=(64, 48), camera=camera, layers=[vf.Points(PLACES, size=size, color="red")]
        ).rgba

    for size in (1e12, 1e25, 1e37):
        np.testing.assert_array_equal(seen(size), seen(1e4))


@pytest.mark.gpu
def test_zorder_goes_before_the_order_of_the_list():
    red, blue = (vf.Polygons(RINGS, fill=colour) for colour in ("#ff0000", "#0000ff"))
    assert tuple(drawn(red, blue)[60, 80]) == (0, 0, 255, 255)
    assert tuple(drawn(red.replaced(zorder=1), blue)[60, 80]) == (255, 0, 0, 255)


@pytest.mark.gpu
def test_columns_styles_and_holes_of_geopandas():
    shapely, gpd = pytest.importorskip("shapely"), pytest.importorskip("geopandas")
    ring = shapely.box(-12, -9, -2, 9).difference(shapely.box(-9, -5, -5, 5))
    frame = gpd.GeoDataFrame(
        {"c": ["#ff0000", "#00ff00"]}, geometry=[ring, shapely.box(2, -9, 12, 9)]
    )
    picture = drawn(vf.Polygons(frame, fill="c"))
    assert tuple(picture[60, 80 - 55]) == (255, 0, 0, 255)
    assert tuple(picture[60, 80 - 35]) == (255, 255, 255, 255)
    assert tuple(picture[60, 80 + 35]) == (0, 255, 0, 255)
    outline = drawn(vf.Lines(frame, color="black", width="2px"))
    assert outline[60, 80 - 25, 0] < 160 and outline[60, 80 - 35, 0] == 255


def refused(match, kind, *arguments, **words):
    with pytest.raises(vf.InvalidInputError, match=match):
        kind(*arguments, **words)


def test_bad_words_are_refused_with_their_row():
    refused("width must be a length", vf.Lines, LINE, width="wide")
    refused("width must be a length", vf.Lines, LINE, width=-1.0)
    refused("dash must be", vf.Lines, LINE, dash=("3pt",))
    refused("dash and width must be in one kind of unit", vf.Lines, LINE, dash=(5, 5))
    refused(
        "casing_width and width must be in one kind of unit",
        vf.Lines,
        LINE,
        width=3.0,
        casing="red",
    )
    refused("cap must be one of", vf.Lines, LINE, cap="flat")
    refused("alpha must be in 0..1", vf.Lines, LINE, alpha=2)
    refused("color must be a colour.*row 1", vf.Points, PLACES, color=["red", "#12", "blue"])
    refused(
        "color must have a value for each of 3 rows; got 2",
        vf.Points,
        PLACES,
        color=["red", "blue"],
    )
    refused(
        "size must be on the ground in all rows.*row 1", vf.Points, PLACES, size=[3.0, "2px", 1.0]
    )
    refused("shape must be one of", vf.Points, PLACES, shape="hexagon")
    refused("hatch must be of", vf.Polygons, RINGS, hatch="~")
    refused(
        "edges must join rows 0 to 2 of nodes; got .0, 5. in row 1",
        vf.Graph,
        PLACES,
        [(0, 1), (0, 5)],
    )
    refused("edges must be whole numbers of shape", vf.Graph, PLACES, [0, 1])
    refused("Points expected points; got a line in row 0", vf.Points, [_line()])
    refused("Lines expected lines or polygons; got a point in rows 0, 1 and 2", vf.Lines, _points())


def test_nothing_goes_with_lengths_of_any_kind():
    for width, step in (("2px", "4px"), (3.0, 5)):
        vf.Lines(LINE, width=width, dash=(step, 0))
        vf.Lines(LINE, width=width, dash=(step, "0mm"))


def _line():
    return pytest.importorskip("shapely").LineString(LINE)


def _points():
    return list(pytest.importorskip("shapely").points(PLACES))


def test_a_layer_tells_what_it_is_and_knows_its_words():
    layer = vf.Lines(LINE, width="2pt")
    assert repr(layer) == "<vulkan_forge.Lines width='2pt'>"
    assert "color='red'" in repr(layer.replaced(color="red"))
    with pytest.raises(
        vf.InvalidInputError, match=r"Lines knows the words data, color, .*; got .colour."
    ):
        layer.replaced(colour="red")


def test_layers_are_the_same_on_every_driver(two_devices):
    rng = np.random.default_rng(3)
    places = rng.uniform(-300, 300, (40, 2))
    layers = [
        vf.Polygons(places[:12], offsets=[0, 5, 12], fill="green", edge="black"),
        vf.Lines(places[12:30], width="3px", dash=["9px", "4px"], casing="white"),
        vf.Points(places[30:], size="9px", shape="star", edge="black"),
    ]
    words = {"size": (96, 72), "spacing": (20, 20), "layers": layers, "samples": 4}
    dem = dems.ridge(40, 50, noise=0.05)
    ours, others = (np.asarray(vf.render(dem, device=name, **words)) for name in two_devices)
    assert np.abs(ours.astype(int) - others).max() <= 1
    assert (ours != np.asarray(vf.render(dem, **(words | {"layers": []})))).any(axis=2).mean() > 0.1


@pytest.mark.gpu
def test_what_lets_light_through_does_so_once():
    """A half of red over a half of blue, over white ground and over none; linear light, W3C's source-over."""
    both = [
        vf.Polygons(RINGS, fill="blue", alpha=0.5),
        vf.Polygons(np.add(RINGS, (5, 0)), fill="red", alpha=0.5),
    ]
    # On the left blue alone, in the middle both.
    for ground, there in ((np.ones((2, 4)), 1.0), (np.zeros((2, 4)), 0.0)):
        found = vf.render(
            FLAT, **LOOK, lit=False, cmap=ground, layers=both, background=(0, 0, 0, 0)
        ).rgba.astype(float)
        blue = 0.5 * np.array([0, 0, 1]) + 0.5 * there
        red = 0.5 * np.array([1, 0, 0]) + 0.5 * (0.5 * np.array([0, 0, 1]) + 0.5 * there)
        for column, light, cover in ((40, blue, 0.5 + 0.5 * there), (80, red, 0.75 + 0.25 * there)):
            pixel = found[60, column]
            assert pixel[3] == pytest.approx(255 * cover, abs=1)
            linear = light / cover
            encoded = np.where(
                linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
            )
            assert np.abs(pixel[:3] - 255 * encoded).max() < 2
        assert found[60, 10, 3] == 255 * there


@pytest.mark.gpu
@pytest.mark.parametrize("join", ["miter", "bevel", "round"])
def test_joins_to_vertices_far_beyond_the_dem_are_those_to_near_ones(join):
    """Places so far off are cut away, but the way to them is kept: it told the wrong direction beyond ten DEMs."""
    ways = np.radians([[10, 45], [241, 233], [108, 152], [336, 129]])
    words = {
        "size": (80, 64),
        "camera": vf.Camera.map(),
        "lit": False,
        "samples": 1,
        "cmap": ["white"],
    }
    for way in ways:
        towards = np.column_stack([np.cos(way), np.sin(way)])
        near, *far = (
            np.asarray(
                vf.render(
                    np.zeros((40, 50), np.float32),
                    layers=[
                        vf.Lines(
                            np.array([towards[0] * off, (0, 0), towards[1] * off]),
                            width=6.0, join=join, color="black", crs="world",
                        )
                    ],
                    **words,
                )
            ).astype(int)
            for off in (40, 4000, 1e6)
        )  # fmt: skip
        assert (near < 250).any()
        for picture in far:
            assert (np.abs(picture - near) > 8).sum() <= 12
