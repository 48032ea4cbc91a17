"""Pages: drawn, written and read again."""

import itertools
import re
import xml.etree.ElementTree as Xml

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge._map._lettering import PLAIN
from vulkan_forge._map._marks import Box, Text
from vulkan_forge._map._scalebar import ScaleBar

pytestmark = pytest.mark.gpu
UTM = "EPSG:32632"
SMALL = {"size": (90, 70), "dpi": 80}


def heights(rows=60, columns=80):
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1.3 : 1.3 : columns * 1j]
    return (900 + 600 * np.exp(-3 * (x**2 + y**2)) + 90 * np.sin(7 * x)).astype(np.float32)


@pytest.fixture(scope="module")
def dem():
    pytest.importorskip("rasterio")
    pytest.importorskip("pyproj")
    return vf.DEM(heights(), transform=(30, 0, 400_000, 0, -30, 5_150_000), crs=UTM)


@pytest.fixture(scope="module")
def page(dem):
    """One with everything."""
    route = np.array([[-500.0, -300], [0, 200], [700, 300]])
    layers = {
        "Route": vf.Lines(route, color="#cc2222", width="1.5pt", casing="white", crs="world"),
        "Huts": vf.Points(route[::2], size="5pt", color="black", crs="world"),
    }
    return vf.map(
        dem, title="Ein Berg", subtitle="von nirgendwo", credit="© niemand", legend=None, graticule=True,
        inset=True, layers=layers, size=(180, 130), dpi=100,
    )  # fmt: skip


def test_a_page_has_its_size_and_its_furniture(page):
    assert page.size == (180, 130)
    assert page.rgba.shape == (round(130 / 0.254), round(180 / 0.254), 4)
    assert set(page.boxes) == {
        "frame", "title", "subtitle", "credit", "colorbar", "legend", "scalebar", "north", "inset",
    }  # fmt: skip
    assert (page.rgba[..., 3] == 255).all()
    for name, (left, top, right, bottom) in page.boxes.items():
        part = page.rgba[
            round(top / 0.254) : round(bottom / 0.254), round(left / 0.254) : round(right / 0.254)
        ]
        assert (part[..., :3].min(axis=-1) < 128).any(), name


def test_the_map_in_the_frame_is_the_picture(page):
    left, top, right, bottom = (round(edge / 0.254) for edge in page.boxes["frame"])
    part = page.rgba[top:bottom, left:right]
    same = (part == page.image.rgba).all(axis=-1)
    assert same.mean() > 0.93  # but for the graticule and the frame's line
    assert page.image.size == (right - left, bottom - top)


def test_a_png_knows_how_large_it_is(page, tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    page.save(tmp_path / "page.png")
    with pillow.open(tmp_path / "page.png") as read:
        assert read.info["dpi"] == pytest.approx((100, 100), abs=0.02)
        assert (np.asarray(read.convert("RGBA")) == page.rgba).all()


def test_a_pdf_looks_like_the_png_and_is_text_and_lines(page, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    pytest.importorskip("reportlab")
    page.save(tmp_path / "page.pdf")
    document = pdfium.PdfDocument(tmp_path / "page.pdf")
    (sheet,) = document
    assert sheet.get_size() == pytest.approx((180 / 25.4 * 72, 130 / 25.4 * 72), abs=0.01)
    seen = sheet.render(scale=100 / 72).to_numpy()[..., :3][..., ::-1].astype(int)
    ours = page.rgba[..., :3].astype(int)
    rows, columns = (min(a, b) for a, b in zip(seen.shape[:2], ours.shape[:2], strict=True))
    off = np.abs(seen[:rows, :columns] - ours[:rows, :columns])
    assert off.mean() < 4
    text = sheet.get_textpage().get_text_bounded()
    for word in ("Ein Berg", "© niemand", "Route", "Height (m)", "46°2"):
        assert word in text
    # The picture is one image; letters, bars and swatches are paths over it.
    kinds = [item.type for item in sheet.get_objects(max_depth=1)]
    assert kinds.count(3) == 1 and kinds.count(2) > 40  # FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH
    document.close()
    first = (tmp_path / "page.pdf").read_bytes()
    page.save(tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == first


def test_an_svg_has_the_pages_units_and_paths(page, tmp_path):
    page.save(tmp_path / "page.svg")
    root = Xml.parse(tmp_path / "page.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert (root.get("width"), root.get("height")) == ("180mm", "130mm")
    assert root.get("viewBox") == "0 0 180 130"
    assert len(root.findall(f"{space}image")) == 1
    labels = {group.get("aria-label") for group in root.findall(f"{space}g")}
    assert {"Ein Berg", "Route", "N"} <= labels
    for path in root.iter(f"{space}path"):
        assert re.fullmatch(r"[MLQCZ0-9. \-e]+", path.get("d"))


def test_legends_show_symbols_in_their_own_shapes_and_colours(dem, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    pytest.importorskip("reportlab")
    flag = np.full((20, 40, 4), (220, 0, 0, 255), np.uint8)
    flag[:, 20:, :3] = (0, 0, 220)
    place = {"data": np.zeros((1, 2)), "size": "4pt", "crs": "world"}
    layers = {
        "Flags": vf.Points(image=flag, **place),
        "Arrows": vf.Points(shape="M0 0 L4 0 L2 3 Z", color="#00aa00", **place),
    }
    page = vf.map(dem, layers=layers, size=(90, 70), dpi=300)
    for suffix in ("pdf", "svg"):
        page.save(tmp_path / f"page.{suffix}")
    document = pdfium.PdfDocument(tmp_path / "page.pdf")
    printed = document[0].render(scale=300 / 72).to_numpy()[..., :3][..., ::-1].copy()
    document.close()
    left, top, right, bottom = (round(edge / 25.4 * 300) for edge in page.boxes["legend"])
    long = 4 / 72 * 300
    row = (bottom - top) / 2
    for pixels in (page.rgba, printed):
        red, green, blue = np.moveaxis(pixels[top:bottom, left:right, :3].astype(int), -1, 0)
        is_red = (red > blue + 60) & (red > green + 60)
        is_blue = (blue > red + 60) & (blue > green + 60)
        is_green = ((green > red + 60) & (green > blue + 60))[round(row) :]
        assert is_red.sum() == pytest.approx(long * long / 4, rel=0.2)
        assert is_blue.sum() == pytest.approx(long * long / 4, rel=0.2)
        assert is_green.sum() == pytest.approx(long * 0.75 * long / 2, rel=0.2)
        apart = np.argwhere(is_blue).mean(axis=0) - np.argwhere(is_red).mean(axis=0)
        assert apart == pytest.approx((0, long / 2), abs=0.7)
        # On its tip.
        rows = np.argwhere(is_green)[:, 0]
        assert rows.mean() < (rows.min() + rows.max()) / 2 - 1
    images = Xml.parse(tmp_path / "page.svg").getroot().findall("{http://www.w3.org/2000/svg}image")
    sides = [(float(image.get("width")), float(image.get("height"))) for image in images[1:]]
    millimetres = 4 / 72 * 25.4
    assert sides == [
        pytest.approx((millimetres, millimetres / 2), rel=0.01),
        pytest.approx((millimetres, 0.75 * millimetres), rel=0.01),
    ]


def test_other_files_are_refused(page, tmp_path):
    with pytest.raises(vf.InvalidInputError, match=r"\.png, \.pdf, \.svg"):
        page.save(tmp_path / "page.gif")
    with pytest.raises(vf.ImageFileError):
        page.save(tmp_path / "nowhere" / "page.png")


def test_pages_do_not_depend_on_how_the_dem_comes(dem, tmp_path):
    dem.save(tmp_path / "dem.tif")
    again = vf.map(tmp_path / "dem.tif", **SMALL)
    assert (again.rgba == vf.map(dem, **SMALL).rgba).all()


@pytest.mark.parametrize("exaggeration", [1.0, 2.0])
def test_places_are_projected_as_the_picture_has_them(exaggeration):
    from vulkan_forge._map._oblique import View

    image = vf.render(
        heights(), size=(200, 150), vert_exag=exaggeration, spacing=(30, 30), aovs=("ground",)
    )
    view = View(image)
    rows, columns = np.nonzero(np.isfinite(image.aovs["ground"][..., 0]))
    for number in np.linspace(0, len(rows) - 1, 9).astype(int):
        px, py = int(columns[number]), int(rows[number])
        place = image.ground_at(px, py)
        assert place is not None
        (share,) = view.shares(np.array([place]))
        assert share * image.size == pytest.approx((px + 0.5, py + 0.5), abs=0.01)
        (back,) = view.on_plane(share[None], place[2])
        assert back == pytest.approx(place, abs=0.05)


def test_an_oblique_bar_is_as_long_on_its_plane_as_it_says(dem):
    from vulkan_forge._map._marks import Shape, Text
    from vulkan_forge._map._oblique import View

    page = vf.map(dem, camera="oblique", vert_exag=1.5, size=(150, 110), dpi=80)
    assert page.scale is None
    layout = page._layout
    texts = [mark.text for mark in layout.marks if isinstance(mark, Text)]
    count, unit = next((float(a), b) for a, b in itertools.pairwise(texts[1:]) if b in ("m", "km"))
    outline = next(
        mark
        for mark in layout.marks
        if isinstance(mark, Shape) and mark.closed and mark.fill is None
    ).lines[0]
    shares = (outline - [layout.frame.left, layout.frame.top]) / [
        layout.frame.width,
        layout.frame.height,
    ]
    plane = float(np.nanmin(dem.data)) * 1.5
    world = View(page.image).on_plane(shares, plane)
    assert np.abs(world[:, 2] - plane).max() < 1e-3
    length = np.linalg.norm(world[1] - world[0])
    assert length == pytest.approx(count * {"m": 1, "km": 1000}[unit], rel=0.005)
    left, top, right, bottom = page.boxes["ground marks"]
    assert (outline.min(axis=0) >= [left, top]).all() and (
        outline.max(axis=0) <= [right, bottom]
    ).all()


def test_labels_leave_boxes_free():
    flat = np.zeros((20, 32), np.float32)
    places = np.array([[x, 0.0] for x in (-12, -4, 4, 12)])
    labels = vf.Labels(places, text=list("abcd"), anchor="center", crs="world")
    words = {"size": (320, 200), "camera": vf.Camera.map(), "layers": [labels], "samples": 1}
    assert [label["row"] for label in vf.render(flat, **words).labels] == [0, 1, 2, 3]
    kept = vf.render(flat, **words, keep_out=[(0, 0, 100, 200), (180, 90, 220, 110)])
    assert [label["row"] for label in kept.labels] == [1, 3]
    with pytest.raises(vf.InvalidInputError, match="keep_out"):
        vf.render(flat, **words, keep_out=[(10, 0, 0, 10)])


def test_labels_keep_out_of_an_oblique_maps_furniture(dem):
    rng = np.random.default_rng(3)
    places = rng.uniform(-1, 1, (400, 2)) * [1100, 850]
    labels = vf.Labels(places, text=["name"] * 400, occlude="show", crs="world")
    page = vf.map(dem, camera="oblique", layers=[labels], graticule=True, size=(150, 110), dpi=80)
    pixel = 25.4 / 80
    frame, kept = page.boxes["frame"], page.boxes["ground marks"]
    assert len(page.image.labels) > 20
    for label in page.image.labels:
        left, top, right, bottom = (edge * pixel for edge in label["bounds"])
        apart = (
            left + frame[0] >= kept[2] - 1.0
            or right + frame[0] <= kept[0] + 1.0
            or top + frame[1] >= kept[3] - 1.0
            or bottom + frame[1] <= kept[1] + 1.0
        )
        assert apart


@pytest.mark.parametrize("name", ["swiss", "imhof", "usgs", "brassel", "vat", "texture"])
def test_styles_are_drawn_and_cite_their_source(dem, name):
    from vulkan_forge._map._styles import recipes

    assert re.search(r"\b(19|20)\d\d\b", recipes()[name]["source"])
    page = vf.map(dem, style=name, **SMALL)
    picture = page.image.rgba[..., :3].astype(int)
    assert picture.std() > 8
    grey = np.abs(picture[..., 0] - picture[..., 2]).max() < 12
    assert grey == (name in ("brassel", "vat", "texture"))
    assert ("colorbar" in page.boxes) == (name in ("swiss", "imhof"))


@pytest.mark.slow
def test_maps_are_the_same_on_each_device(dem, each_device):
    page = vf.map(dem, style="swiss", contours=True, device=each_device, **SMALL)
    other = vf.map(dem, style="swiss", contours=True, **SMALL)
    off = np.abs(page.rgba.astype(int) - other.rgba.astype(int)).max(axis=-1)
    assert (off > 2).mean() < 0.002


def test_styles_say_what_does_not_go_with_them(dem):
    with pytest.raises(vf.InvalidInputError, match="'swiss', 'imhof'"):
        vf.map(dem, style="berann", **SMALL)
    for word, value in {"cmap": "viridis", "robust": True, "azimuth": 120, "shadows": True}.items():
        with pytest.raises(vf.InvalidInputError, match=f"the ground itself; got {word}="):
            vf.map(dem, style="swiss", **{word: value}, **SMALL)
    with pytest.raises(vf.InvalidInputError, match="greys"):
        vf.map(dem, style="vat", colorbar=True, **SMALL)


def test_texture_is_a_fractional_laplacian():
    from vulkan_forge._map._texture import _back, _cosines, texture

    rng = np.random.default_rng(1)
    values = rng.normal(size=(5, 12)).astype(np.float32)
    place = (np.arange(12) + 0.5) / 12
    basis = np.cos(np.pi * np.outer(place, np.arange(12)))
    assert np.allclose(_cosines(values), values @ basis, atol=1e-4)
    assert np.allclose(_back(_cosines(values)), values, atol=1e-5)
    # One wave keeps its shape: it is multiplied by a number.
    wave = np.cos(np.pi * 4 * (np.arange(64) + 0.5) / 64).astype(np.float32)
    ground = np.tile(wave, (40, 1))
    made = np.arctanh(2 * texture(ground, (10.0, 10.0), 0.8) - 1)
    assert np.corrcoef(made.ravel(), ground.ravel())[0, 1] > 0.999
    ground[3, 4] = np.nan
    assert np.isnan(texture(ground, (10.0, 10.0), 0.8)[3, 4])
    assert np.isfinite(np.delete(texture(ground, (10.0, 10.0), 0.8).ravel(), 3 * 64 + 4)).all()


@pytest.mark.parametrize("camera", [None, "oblique"])
def test_holes_alone_and_level_ground_are_maps_too(camera):
    for ground in (np.full((6, 7), np.nan, np.float32), np.zeros((2, 2), np.float32)):
        page = vf.map(ground, spacing=(10, 10), camera=camera, **SMALL)
        assert page.boxes["frame"][2] > page.boxes["frame"][0]


def test_pictures_that_are_drawn_go_on_a_page_pixel_by_pixel(dem):
    image = vf.render(dem, size=(120, 90), camera=vf.Camera.map())
    page = vf.map(image, title="Drawn", graticule=True, size=(120, 90), dpi=80)
    left, top, right, bottom = (round(edge / 25.4 * 80) for edge in page.boxes["frame"])
    assert (right - left, bottom - top) == (120, 90)
    oblique = vf.render(dem, size=(120, 90))
    with pytest.raises(vf.InvalidInputError, match="need the DEM"):
        vf.map(oblique, size=(120, 90), dpi=80)
    vf.map(oblique, size=(120, 90), dpi=80, scalebar=False, north=False)
    with pytest.raises(vf.InvalidInputError, match="needs the heights"):
        vf.map(image, colorbar=True)
    with pytest.raises(vf.InvalidInputError, match="takes no words of render"):
        vf.map(image, azimuth=3)


def test_words_that_do_not_go_together_say_so(dem):
    for words, message in (
        ({"legend": True}, "names for the layers"),
        ({"scalebar": "parsec"}, "scalebar must be"),
        ({"graticule": "fine"}, "graticule must be"),
        ({"colorbar": 3}, "colorbar must be"),
        ({"camera": "above"}, "Camera or 'oblique'"),
        ({"camera": "oblique", "scale": 1000}, "from above"),
        ({"title": 3}, "title must be a text"),
        ({"aovs": ("depth",)}, "belongs to render"),
        ({"layers": {"x": 3}}, "a name with a layer"),
        ({"layers": 3}, "layers must be a sequence"),
        ({"title": "\u4e00"}, "pass font="),
    ):
        with pytest.raises(vf.InvalidInputError, match=re.escape(message)):
            vf.map(dem, **SMALL, **words)
    for camera in (None, "oblique"):
        with pytest.raises(vf.InvalidInputError, match="dem must be at least 2 x 2"):
            vf.map(np.zeros((1, 5)), camera=camera, **SMALL)


def test_a_part_of_the_dem_by_its_camera(dem):
    page = vf.map(dem, camera=vf.Camera.map((-300, -300, 300, 300)), **SMALL)
    left, bottom, right, top = page.image.bounds
    assert right - left == pytest.approx(600, abs=12) and top - bottom == pytest.approx(600, abs=12)


def test_plotting_on_axes_has_the_maps_coordinates(dem):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    page = vf.map(dem, **SMALL)
    axes = Figure().add_subplot()
    drawn = page.image.plot(axes)
    left, right, bottom, top = drawn.get_extent()
    assert (left, bottom, right, top) == pytest.approx(page.image.bounds)
    assert axes.get_xlabel() == "easting (m)"


def test_maps_from_the_shell(dem, tmp_path):
    from vulkan_forge.cli import main

    dem.save(tmp_path / "dem.tif")
    for suffix in ("png", "svg"):
        out = tmp_path / f"map.{suffix}"
        words = [
            "--title",
            "Berg",
            "--size",
            "90x70",
            "--dpi",
            "60",
            "--graticule",
            "--style",
            "swiss",
        ]
        assert main(["map", str(tmp_path / "dem.tif"), str(out), *words]) == 0
        assert out.stat().st_size > 1000
    assert main(["map", str(tmp_path / "dem.tif"), str(tmp_path / "x.png"), "--size", "90"]) == 2
    assert main(["map", str(tmp_path / "dem.tif"), str(tmp_path / "x.gif")]) == 1


def test_bars_have_a_number_in_their_middle_where_parts_meet_there():
    for metres, said in ((1, "0 5 10"), (2, "0 10 20"), (5, "0 50")):
        marks = ScaleBar("m", 0.25 * metres, True, PLAIN).marks(Box(0, 0, 60, 12), 3.0)
        texts = [mark.text for mark in marks if isinstance(mark, Text) and mark.text.isdigit()]
        assert " ".join(texts) == said
