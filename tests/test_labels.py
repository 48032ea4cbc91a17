"""Labels on pictures: letters as FreeType's, never over each other, never of what is hidden."""

import numpy as np
import pytest
import vulkan_forge as vf

SIZE = (320, 200)
WHITE = np.ones((2, 4), np.float32)
PLAIN = {"cmap": WHITE, "lit": False, "samples": 1}


def flat(rows=20, columns=32):
    return np.zeros((rows, columns), np.float32)


def written(text, **words):
    """Coverage of one label's letters on a white picture, cut out."""
    labels = vf.Labels(
        np.zeros((1, 2)), text=[text], **({"halo": None, "anchor": "center"} | words)
    )
    picture = vf.render(flat(), size=SIZE, camera=vf.Camera.map(), layers=[labels], dpi=72, **PLAIN)
    assert len(picture.labels) == 1
    coverage = 255 - picture.rgba[..., 0].astype(int)
    rows, columns = np.nonzero(coverage)
    return coverage[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.gpu
@pytest.mark.parametrize("size", [9, 12, 16, 21])
def test_letters_are_freetypes_without_hinting(size):
    ft2font = pytest.importorskip("matplotlib.ft2font")
    from matplotlib import get_data_path

    path = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    for letter in "aRgS8W":
        font = ft2font.FT2Font(path)
        font.set_size(size, 72)
        font.set_text(letter, 0.0, flags=ft2font.LoadFlags.NO_HINTING)
        font.draw_glyphs_to_bitmap(antialiased=True)
        theirs = np.asarray(font.get_image()).astype(int)
        rows, columns = np.nonzero(theirs)
        theirs = theirs[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        ours = written(letter, size=f"{size}pt", font=path)
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() <= 4, letter


@pytest.mark.gpu
def test_joined_scripts_are_shaped():
    pytest.importorskip("matplotlib")
    from matplotlib import get_data_path

    path = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    # Joined, beh is but a tooth, right of lam; alone it is a wide bowl.
    words = {"size": "40pt", "font": path}
    together, beh, lam = written("بل", **words), written("ب", **words), written("ل", **words)
    assert together.shape[1] < 0.8 * (beh.shape[1] + lam.shape[1])
    tall = together[: together.shape[0] // 3].sum(axis=0)
    assert np.average(np.arange(len(tall)), weights=tall) < 0.6 * len(tall)
    reversed_ = written("لب", **words)
    assert reversed_.shape[1] > 1.2 * together.shape[1]


def hills(size=96):
    y, x = np.mgrid[0:size, 0:size]
    return (40 * np.sin(x / 7) * np.cos(y / 9) + 0.2 * x).astype(np.float32)


def scattered(count, reach, seed=3):
    return np.random.default_rng(seed).uniform(-reach, reach, (count, 2))


@pytest.mark.gpu
def test_ten_thousand_are_the_same_on_two_drivers_and_meet_nowhere(two_devices):
    dem, places = hills(), scattered(10_000, 1400)
    labels = vf.Labels(places, text=[f"Place {n}" for n in range(len(places))], leader=True)
    look = {"size": (640, 400), "spacing": (30, 30), "layers": [labels], "samples": 1}
    shown = [vf.render(dem, **look, device=name).labels for name in two_devices]
    assert len(shown[0]) > 50
    boxes = np.array([label["bounds"] for label in shown[0]])
    assert (boxes[:, :2] >= 0).all() and (boxes[:, 2:] <= (640, 400)).all()
    left, top, right, bottom = boxes.T
    apart = (right[:, None] <= left) | (right <= left[:, None])
    apart |= (bottom[:, None] <= top) | (bottom <= top[:, None])
    assert (apart | np.eye(len(boxes), dtype=bool)).all()
    assert all(other == shown[0] for other in shown[1:])
    # And again, with what was kept.
    assert vf.render(dem, **look, device=two_devices[0]).labels == shown[0]


def sight_lines(dem, spacing, eye, places, steps):
    """The least and greatest height of each sight line above the bilinear surface on its way, in metres."""
    rows, columns = dem.shape

    def ground(xy):
        at = xy / spacing * (1, -1) + np.array([columns - 1, rows - 1]) / 2
        cell = np.clip(np.floor(at), 0, (columns - 2, rows - 2)).astype(int)
        right, down = (at - cell).T
        x, y = cell.T
        upper = dem[y, x] * (1 - right) + dem[y, x + 1] * right
        lower = dem[y + 1, x] * (1 - right) + dem[y + 1, x + 1] * right
        outside = (at < 0).any(axis=1) | (at > (columns - 1, rows - 1)).any(axis=1)
        return np.where(outside, np.nan, upper * (1 - down) + lower * down)

    anchors = np.column_stack([places, ground(places)])
    least, greatest = np.full((2, len(places)), np.nan)
    for share in np.linspace(0, 0.995, steps):
        at = eye + share * (anchors - eye)
        above = at[:, 2] - ground(at[:, :2])
        least, greatest = np.fmin(least, above), np.fmax(greatest, above)
    return least, greatest


@pytest.mark.gpu
def test_what_the_terrain_hides_has_no_label():
    dem, places = hills(), scattered(400, 1350, seed=5)
    eye = np.array([2300.0, -1900.0, 130.0])
    camera = vf.Camera.look_at(tuple(eye), (0, 0, 0), fov=40)
    # One at a time, so that no other takes the room.
    least, greatest = sight_lines(dem.astype(float), 30.0, eye, places, steps=1000)
    look = {"size": (640, 400), "spacing": (30, 30), "camera": camera, "samples": 1}
    labels = vf.Labels(
        places, text=["."] * len(places), size="1px", halo=None, offset="0px", anchor="center"
    )
    seen = {label["row"] for label in vf.render(dem, **look, layers=[labels]).labels}
    every = labels.replaced(occlude="show")
    present = {label["row"] for label in vf.render(dem, **look, layers=[every]).labels}
    rows = np.array(sorted(present))
    # Lines that come in beneath the surface, through the DEM's edge, may see its underside.
    hidden = rows[(least[rows] < -0.5) & (greatest[rows] > 0.5)]
    open_ = rows[least[rows] > 0.5]
    assert len(hidden) > 30 and len(open_) > 20, (len(hidden), len(open_))
    assert not seen & set(hidden.tolist())
    missing = set(open_.tolist()) - seen
    assert not missing  # each is a pixel of its own
    faint = vf.render(dem, **look, layers=[labels.replaced(occlude="dim")]).labels
    dim = {label["row"] for label in faint if label["dim"]}
    assert len(dim & set(hidden.tolist())) > 20 and not dim & set(open_.tolist())


@pytest.mark.gpu
def test_heights_lift_anchors_and_scale_with_the_ground():
    dem = flat(40, 40)
    camera = vf.Camera.orbit((0, 0, 0), 150, azimuth=180, altitude=20)
    look = {"size": SIZE, "camera": camera, "samples": 1}

    def middle(**words):
        labels = vf.Labels(np.zeros((1, 2)), text=["x"], anchor="center", **words)
        left, top, right, bottom = vf.render(dem, **look, layers=[labels]).labels[0]["bounds"]
        return (left + right) / 2, (top + bottom) / 2

    low, high = middle(), middle(height=20.0)
    assert abs(low[0] - high[0]) <= 1 and low[1] - high[1] > 15


@pytest.mark.gpu
def test_a_line_carries_its_text_where_it_is_seen():
    y = np.arange(80)[:, None] + np.zeros(80)
    wall = np.where(np.abs(y - 40) < 2, 60.0, 0.0).astype(np.float32)
    camera = vf.Camera.orbit((0, 0, 0), 220, azimuth=180, altitude=12)
    behind = np.array([[-30.0, 8.0], [30.0, 8.0]])
    before = np.array([[-30.0, -20.0], [30.0, -20.0]])
    lines = vf.Labels(
        np.concatenate([behind, before]),
        offsets=[0, 2, 4],
        text=["behind", "before"],
        size="7px",
        halo=None,
    )
    look = {"size": SIZE, "camera": camera, "samples": 1}
    assert [label["row"] for label in vf.render(wall, **look, layers=[lines]).labels] == [1]
    shown = vf.render(wall, **look, layers=[lines.replaced(occlude="show")]).labels
    assert sorted(label["row"] for label in shown) == [0, 1]


@pytest.mark.gpu
def test_pixels_over_nothing_stay_straight_alpha():
    labels = vf.Labels(
        np.zeros((1, 2)), text=["Ham"], color="#ff0000", halo=None, size="30px", height=30.0
    )
    camera = vf.Camera.look_at((0, -60, 5), (0, 0, 25), fov=50)
    picture = vf.render(
        flat(8, 8), size=SIZE, camera=camera, layers=[labels], background="transparent", samples=1
    )
    text = picture.rgba[(picture.rgba[..., 0] > 0) & (picture.rgba[..., 1] == 0)]
    assert len(text) > 50
    assert (text[:, :3] == (255, 0, 0)).all() and len(np.unique(text[:, 3])) > 10


@pytest.mark.gpu
def test_a_session_draws_changes_and_forgets_them():
    renderer = vf.Renderer(*SIZE)
    renderer.add_terrain(flat(40, 40))
    plain = renderer.render_rgba()
    labels = vf.Labels(np.array([[0.0, 0.0], [3.0, 9.0]]), text=["one", "two"], anchor="center")
    handle = renderer.add(labels)
    one_call = vf.render(flat(40, 40), size=SIZE, cmap="viridis", layers=[labels])
    assert [label["row"] for label in renderer.render().labels] == [0, 1]
    assert (renderer.render_rgba() == one_call.rgba).all()
    handle.update(color="red")
    assert handle.layer.replaced().__repr__() == handle.layer.__repr__() and "red" in repr(handle)
    assert (renderer.render_rgba() != one_call.rgba).any()
    with pytest.raises(vf.InvalidInputError, match="knows the words"):
        handle.update(colour="red")
    with pytest.raises(vf.InvalidInputError, match="size"):
        handle.update(size="9 parsecs")
    # A new terrain lifts them.
    renderer.add_terrain(flat(40, 40) + 5)
    assert len(renderer.render().labels) == 2
    handle.remove()
    handle.remove()
    renderer.add_terrain(flat(40, 40))
    assert (renderer.render_rgba() == plain).all()
    with pytest.raises(vf.InvalidInputError, match="removed"):
        handle.update(color="red")


@pytest.mark.gpu
def test_labels_stand_on_painted_holes():
    dem = flat(40, 40)
    dem[10:30, 10:30] = np.nan
    labels = vf.Labels(np.zeros((1, 2)), text=["hole"])
    assert not vf.render(dem, size=SIZE, layers=[labels]).labels
    assert vf.render(dem, size=SIZE, layers=[labels], bad="grey").labels


def refused(match, *arguments, **words):
    with pytest.raises(vf.InvalidInputError, match=match):
        vf.Labels(*arguments, **words)


def test_bad_words_are_refused_before_any_drawing(tmp_path, caplog):
    places = np.zeros((2, 2))
    refused("text must be the name of a column", places, text="name")
    refused("value for each of 2 rows; got 1", places, text=["one"])
    refused("'東' .U.6771. in row 1", places, text=["a", "東"])
    refused("size is a length on the picture; got 9", places, text=["a", "b"], size=9)
    refused("size must be above 0", places, text=["a", "b"], size="0pt")
    refused("size must be .*got None.* in row 1", places, text=["a", "b"], size=["9pt", None])
    refused("size must be above 0.* in row 1", places, text=["a", "b"], size=["9pt", "0pt"])
    refused("halo must be a length", places, text=["a", "b"], halo="1 mile")
    refused("anchor must be one of", places, text=["a", "b"], anchor="above")
    refused("occlude must be one of", places, text=["a", "b"], occlude=True)
    refused("color must be a colour", places, text=["a", "b"], color="#12")
    refused(
        "priority must be a finite number in each row; got .*nan.* in row 1",
        places,
        text=["a", "b"],
        priority=[1, np.nan],
    )
    refused(
        "font must be a file that can be read",
        places,
        text=["a", "b"],
        font=str(tmp_path / "none.ttf"),
    )
    (tmp_path / "no.ttf").write_bytes(b"no font")
    caplog.clear()
    refused(
        "TrueType or OpenType file; got '.*no.ttf'",
        places,
        text=["a", "b"],
        font=tmp_path / "no.ttf",
    )
    assert caplog.messages == []  # fontdb tells of it too
    refused("zorder must be a real number", places, text=["a", "b"], zorder="top")
    with pytest.raises(vf.InvalidInputError, match="each of layers must be a layer; got 5"):
        vf.render(flat(), layers=[5])
    with pytest.raises(vf.InvalidInputError, match="dpi must be > 0"):
        vf.render(flat(), layers=[], dpi=0)


def test_letters_that_are_pictures_are_named(tmp_path):
    builders = pytest.importorskip("fontTools.fontBuilder")
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    pen = TTGlyphPen(None)
    for draw, at in [(pen.moveTo, (0, 0)), (pen.lineTo, (0, 700)), (pen.lineTo, (600, 0))]:
        draw(at)
    pen.closePath()
    filled, blank = pen.glyph(), TTGlyphPen(None).glyph()
    font = builders.FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "A", "B", "space"])
    font.setupCharacterMap({65: "A", 66: "B", 32: "space"})
    font.setupGlyf({".notdef": filled, "A": filled, "B": blank, "space": blank})
    font.setupHorizontalMetrics(dict.fromkeys((".notdef", "A", "B", "space"), (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Pictures", "psName": "Pictures"})
    font.setupOS2()
    font.setupPost()
    font.save(tmp_path / "plain.ttf")
    font.font["CBDT"] = table = DefaultTable("CBDT")
    table.data = bytes(8)
    font.save(tmp_path / "pictures.ttf")
    places, texts = np.zeros((2, 2)), ["A A", "AB"]
    match = "'B' .U.0042. in row 1, .* picture in colours"
    refused(match, places, text=texts, font=tmp_path / "pictures.ttf")
    # Without any pictures in its font a blank is what was meant.
    vf.Labels(places, text=texts, font=tmp_path / "plain.ttf")


def test_rows_without_text_are_left_out():
    labels = vf.Labels(np.zeros((5, 2)), text=["a", None, "", float("nan"), 2.5])
    assert len(labels) == 2


@pytest.mark.gpu
def test_no_length_is_none_on_the_picture_too():
    bare, zero = (vf.Labels(np.zeros((1, 2)), text=["a"], halo=halo) for halo in (None, 0))
    pictures = [np.asarray(vf.render(flat(), size=(40, 40), layers=[one])) for one in (bare, zero)]
    assert (pictures[0] == pictures[1]).all()
    assert vf.Labels(np.zeros((1, 2)), text=["a"], offset=0)


@pytest.mark.gpu
def test_an_area_has_its_text_inside_whatever_else_its_layer_has():
    shapely = pytest.importorskip("shapely")
    view = {"size": SIZE, "camera": vf.Camera.map()}

    def shown(*geometries):
        labels = vf.Labels(list(geometries), text=["ab"] * len(geometries), priority=None)
        found = vf.render(flat(), layers=[labels], **view).labels
        return {label["row"]: label["bounds"] for label in found}

    area, line = shapely.box(-9, -6, 9, 6), shapely.LineString([(-14, 8), (14, 8)])
    beside = [shapely.Point(-14, -8), shapely.box(900, 900, 901, 901), line]
    alone = shown(area)[0]
    assert abs((alone[0] + alone[2]) / 2 - SIZE[0] / 2) < 1.5
    assert shown(area, *beside)[0] == alone
    assert shown(area, *beside)[3] == shown(line)[0]


@pytest.mark.gpu
@pytest.mark.parametrize("lon", [185.0, -175.0])
def test_a_point_of_another_turn_has_its_text_on_the_ground(lon):
    pytest.importorskip("rasterio")
    shapely = pytest.importorskip("shapely")
    dem = vf.DEM(flat(20, 40), crs="EPSG:4326", bounds=(170, -10, 190, 0))
    far, near = shapely.Point(100, -5), shapely.Point(lon, -5)
    for place in (near, shapely.MultiPoint([far, near])):
        layer = vf.Labels([far, place], text=["a", "b"], anchor="center", crs="EPSG:4326")
        (label,) = vf.render(dem, size=(400, 200), camera=vf.Camera.map(), layers=[layer]).labels
        left, _, right, _ = label["bounds"]
        assert label["row"] == 1 and abs((left + right) / 2 - 300) < 2


@pytest.mark.gpu
def test_an_area_has_its_text_on_the_part_that_the_dem_has():
    shapely, gpd = pytest.importorskip("shapely"), pytest.importorskip("geopandas")
    pytest.importorskip("rasterio")
    dem = vf.DEM(flat(), crs="EPSG:32611", bounds=(380_000, 3_780_000, 416_000, 3_816_000))
    around = shapely.box(300_000, 3_700_000, 500_000, 3_900_000)
    areas = [
        shapely.box(300_000, 3_700_000, 392_000, 3_900_000),  # a third of the ground
        around - shapely.box(382_000, 3_782_000, 414_000, 3_814_000),  # its rim
    ]
    frame = gpd.GeoDataFrame({"name": list("ab")}, geometry=areas, crs="EPSG:32611")
    for data in (frame, frame.to_crs(4326)):
        layer = vf.Labels(data, text="name", anchor="center", halo=None)
        view = {"size": (200, 200), "camera": vf.Camera.map()}
        first, second = (label["bounds"] for label in vf.render(dem, layers=[layer], **view).labels)
        assert abs((first[0] + first[2]) / 400 - 1 / 6) < 0.01
        assert abs((first[1] + first[3]) / 400 - 0.5) < 0.01
        left, top, right, bottom = second
        assert min(left, top) < 12 or max(right, bottom) > 188
