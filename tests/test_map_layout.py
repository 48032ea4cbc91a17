"""Where things stand on a page: arithmetic that needs no device."""

import math
import random

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge._heights import Heights
from vulkan_forge._map import _from_above, _graticule, _layout, _rounds, _scalebar
from vulkan_forge._map._above import Ground
from vulkan_forge._map._blocks import Lines
from vulkan_forge._map._colourbar import ColourBar, scale_of
from vulkan_forge._map._furniture import Furniture
from vulkan_forge._map._legend import entries_of
from vulkan_forge._map._lettering import PLAIN
from vulkan_forge._map._marks import Box, Shape, Text
from vulkan_forge._map._paper import pages

UTM = "EPSG:32632"


def heights(rows=30, columns=40):
    return np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)


def dem(shape=(30, 40), crs=UTM, corner=(400_000.0, 5_150_000.0), cell=30.0, **words):
    if crs is not None:
        pytest.importorskip("rasterio")
        pytest.importorskip("pyproj")
    return vf.DEM(
        heights(*shape), transform=(cell, 0, corner[0], 0, -cell, corner[1]), crs=crs, **words
    )


def wishes(**words):
    """What `map` makes of its arguments before it draws."""
    usual = {
        "title": None,
        "subtitle": None,
        "credit": None,
        "colorbar": None,
        "entries": (),
        "system": "metric",
        "north": True,
        "graticule": False,
        "inset": None,
        "frame": True,
        "pages": pages(None, None, None),
        "scale": None,
        "dpi": 50.0,
        "lettering": PLAIN,
    }
    return Furniture(**(usual | words))


def laid_out(what, bar=True, **words):
    asked = wishes(**words)
    colours = ColourBar(scale_of(Heights(what.data), {}), "Height (m)", PLAIN) if bar else None
    return _from_above.lay_out(asked, colours, Ground(what._grid))


def inked(mark):
    """The box of a mark's ink on the page."""
    if isinstance(mark, Text):
        measured = PLAIN.of(mark.text)
        x = np.array([measured.left, measured.right]) - mark.anchor * measured.advance
        y = np.array([measured.top, measured.bottom])
        corners = np.array([(a, b) for a in x for b in y]) * mark.size
        cos, sin = math.cos(math.radians(mark.turn)), math.sin(math.radians(mark.turn))
        corners = corners @ np.array([[cos, -sin], [sin, cos]]) + [mark.x, mark.y]
    else:
        corners = np.concatenate(mark.lines)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return Box(*low.tolist(), *(high - low).tolist())


LAYERS = {
    "Rivers and streams": vf.Lines(np.zeros((2, 2)), color="#2266aa", width="1pt"),
    "Forest": vf.Polygons(np.array([[0, 0], [1, 0], [1, 1.0]]), fill="#88aa66", hatch="/"),
    "Huts": vf.Points(np.zeros((1, 2)), shape="star"),
    "Ways": vf.Graph(np.array([[0, 0], [1, 1.0]]), [(0, 1)]),
}


def test_nothing_overlaps_on_two_hundred_pages():
    rng = random.Random(7)
    some = [
        dem((rng.randint(2, 60), rng.randint(2, 60)), cell=cell)
        for cell in (1.0, 25.0, 90.0)
        for _ in range(5)
    ]
    made = 0
    for _ in range(200):
        size = math.exp(rng.uniform(math.log(45), math.log(900))), math.exp(
            rng.uniform(math.log(45), math.log(900))
        )
        if not 0.3 < size[0] / size[1] < 3.3:
            size = size[0], size[0] * rng.uniform(0.4, 2.5)
        what = rng.choice(some)
        words = {
            "pages": [size],
            "dpi": 40.0,
            "title": rng.choice(
                [None, "Ötztal", "A long title that runs on over more than one line"]
            ),
            "subtitle": rng.choice([None, "Of a subtitle"]),
            "credit": rng.choice([None, "Heights: nobody's. " * rng.randint(1, 6)]),
            "entries": entries_of(None, dict(list(LAYERS.items())[: rng.randint(0, 4)])),
            "system": rng.choice([None, "metric", "imperial"]),
            "north": rng.random() < 0.7,
            "graticule": rng.random() < 0.5,
            "inset": True if rng.random() < 0.5 else None,
        }
        layout = laid_out(what, bar=rng.random() < 0.8, **words).layout
        made += 1
        page = Box(0, 0, *size)
        boxes = {"frame": layout.frame, **layout.boxes}
        names = list(boxes)
        for number, name in enumerate(names):
            assert page.holds(boxes[name]), (size, name, boxes[name])
            for other in names[number + 1 :]:
                assert not boxes[name].overlaps(boxes[other]), (size, name, other, boxes)
        # All ink of the furniture keeps to its box, or to the frame with its gutter.
        gutter = 1.5 * layout.em
        frame = layout.frame
        homes = [
            *layout.boxes.values(),
            Box(
                frame.left - gutter,
                frame.top - gutter,
                frame.width + 2 * gutter,
                frame.height + 2 * gutter,
            ),
        ]
        for mark in layout.marks:
            if isinstance(mark, Shape) and not any(len(line) for line in mark.lines):
                continue
            ink = inked(mark)
            grown = 0.12 * layout.em
            assert any(
                Box(
                    home.left - grown,
                    home.top - grown,
                    home.width + 2 * grown,
                    home.height + 2 * grown,
                ).holds(ink)
                for home in homes
            ), (size, mark, ink)
        assert layout.frame.width * layout.frame.height > 0
    assert made == 200


@pytest.mark.parametrize("shape", [(2, 2), (2, 4000), (4000, 2), (300, 3)])
def test_maps_of_any_shape_find_their_place(shape):
    made = laid_out(dem(shape, cell=1.0), title="Thin", graticule=True, inset=True)
    frame, pixels = made.layout.frame, made.layout.pixels
    assert min(pixels) >= 1
    # Pixels are square, and the whole DEM is in the frame but for less than one of them.
    xmin, ymin, xmax, ymax = made.ground.world
    assert (xmax - xmin) / pixels[0] == pytest.approx((ymax - ymin) / pixels[1])
    pixel = (xmax - xmin) / pixels[0]
    assert abs(xmax - xmin - (shape[1] - 1)) <= pixel
    assert abs(ymax - ymin - (shape[0] - 1)) <= pixel
    assert frame.width / pixels[0] == pytest.approx(25.4 / 50)


def bar_in(marks, box):
    """(start, end) on the page of a scale bar, and the text that it ends with."""
    shapes = [mark for mark in marks if isinstance(mark, Shape) and box.holds(inked(mark))]
    ink = inked(max(shapes, key=lambda mark: np.ptp(np.concatenate(mark.lines)[:, 0])))
    texts = [mark.text for mark in marks if isinstance(mark, Text) and box.holds(inked(mark))]
    return (ink.left, ink.right), texts


@pytest.mark.parametrize(
    ("crs", "corner", "cell"),
    [
        (UTM, (400_000.0, 5_150_000.0), 30.0),
        (UTM, (850_000.0, 5_150_000.0), 30.0),  # beside its zone
        ("EPSG:4326", (7.6, 46.5), 0.0003),
        ("EPSG:4326", (-70.2, -52.5), 0.0003),
        ("EPSG:3857", (860_000.0, 5_840_000.0), 40.0),
        ("EPSG:2056", (2_600_000.0, 1_200_000.0), 25.0),
        ("EPSG:3031", (400_000.0, -1_200_000.0), 50.0),
        ("ESRI:104905", (10.0, -5.0), 0.001),  # Mars
    ],
)
@pytest.mark.parametrize("system", ["metric", "mi", "ft"])
def test_a_scale_bar_is_as_long_as_the_geodesic(crs, corner, cell, system):
    what = dem((60, 80), crs, corner, cell)
    made = laid_out(what, system=system)
    (start, end), texts = bar_in(made.layout.marks, made.layout.boxes["scalebar"])
    unit = {"m": 1.0, "km": 1000.0, "ft": 0.3048, "mi": 1609.344}[texts[-2]]
    count = max(float(text) for text in texts if text.replace(".", "").isdigit())
    assert f"{count:e}"[0] in "125"
    # As many millimetres in the middle of the map, measured by pyproj.
    frame, ground = made.layout.frame, made.ground
    left, bottom, right, top = ground.bounds
    middle = 0.5 * (left + right), 0.5 * (bottom + top)
    half = 0.5 * (end - start) / frame.width * (right - left)
    pyproj = pytest.importorskip("pyproj")
    system_ = pyproj.CRS.from_wkt(what.crs.to_wkt())
    geod = system_.get_geod()
    way = pyproj.Transformer.from_crs(system_, system_.geodetic_crs, always_xy=True)
    ends = [way.transform(middle[0] + side * half, middle[1]) for side in (-1, 1)]
    length = geod.inv(*ends[0], *ends[1])[2]
    assert count * unit == pytest.approx(length, rel=0.002)


def test_the_scale_asked_for_is_the_scale_there_is():
    made = laid_out(dem((100, 120)), scale=50_000.0)
    assert made.scale == pytest.approx(50_000.0)
    assert made.layout.frame.width == pytest.approx(119 * 30 / 50, abs=25.4 / 50)
    with pytest.raises(vf.InvalidInputError, match="room for a map of"):
        laid_out(dem((100, 120)), scale=5_000.0)


def test_a_scale_bar_is_refused_where_scales_differ():
    wide = dem((40, 40), "EPSG:4326", (0.0, 60.0), 0.5)
    with pytest.raises(vf.InvalidInputError, match=r"varies by \d+ %.*reproject"):
        laid_out(wide)
    laid_out(wide, system=None)
    laid_out(wide.crop((8.0, 49.0, 10.0, 50.0)), bar=False)
    # A part in the north, drawn by the cells of the middle, is wider than it is high for its size.
    tall = dem((600, 40), "EPSG:4326", (0.0, 60.0), 0.02)
    dy = tall.spacing[1]
    part = (-10 * dy, 280 * dy, 10 * dy, 299 * dy)
    with pytest.raises(vf.InvalidInputError, match="varies"):
        _from_above.lay_out(wishes(), None, Ground(tall._grid, part))


def test_one_arrow_is_refused_where_north_differs():
    pole = dem((40, 40), "EPSG:3413", (-100_000.0, 100_000.0), 5000.0)
    with pytest.raises(vf.InvalidInputError, match="north=False and graticule=True"):
        laid_out(pole)
    laid_out(pole, north=False)


def test_the_arrow_points_to_true_north():
    pytest.importorskip("pyproj")
    what = dem((40, 40), "EPSG:3413", (1_600_000.0, 30_000.0), 100.0)
    made = laid_out(what)
    box = made.layout.boxes["north"]
    needle = [
        mark for mark in made.layout.marks if isinstance(mark, Shape) and box.holds(inked(mark))
    ]
    tip = needle[0].lines[0][0]
    tail = 0.5 * (needle[0].lines[0][1] + needle[1].lines[0][2])
    way = np.degrees(np.arctan2(tip[0] - tail[0], tail[1] - tip[1]))
    assert way == pytest.approx((-what.convergence + 180) % 360 - 180, abs=1e-3)


def test_without_a_place_lengths_are_in_map_units_and_there_is_no_graticule():
    bare = vf.DEM(heights())
    made = laid_out(bare)
    assert made.scale is None
    texts = [mark.text for mark in made.layout.marks if isinstance(mark, Text)]
    assert "map units" in texts and not any(text.startswith("1 :") for text in texts)
    spaced = laid_out(vf.DEM(heights(), spacing=(10, 10)))
    assert spaced.scale is not None
    for word in ("graticule", "inset"):
        with pytest.raises(vf.InvalidInputError, match=f"{word} needs to know where the DEM lies"):
            laid_out(bare, **{word: True})


@pytest.mark.parametrize(
    ("crs", "corner", "cell"),
    [
        (UTM, (400_000.0, 5_150_000.0), 900.0),
        ("EPSG:4326", (-70.2, -52.5), 0.01),
        ("EPSG:3031", (400_000.0, -1_200_000.0), 3000.0),
        ("EPSG:3413", (-1_000_000.0, 1_000_000.0), 40_000.0),  # the pole is on it
        ("EPSG:32760", (900_000.0, 5_150_000.0), 2000.0),  # so is the antimeridian
        ("EPSG:2056", (2_600_000.0, 1_200_000.0), 20.0),
        ("ESRI:104905", (10.0, -5.0), 0.02),
    ],
)
def test_graticules_lie_where_proj_has_them(crs, corner, cell):
    what = dem((60, 80), crs, corner, cell)
    made = laid_out(what, system=None, north=False, graticule=True, bar=False)
    ground, layout = made.ground, made.layout
    pyproj = pytest.importorskip("pyproj")
    system = pyproj.CRS.from_wkt(what.crs.to_wkt())
    way = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    lines = _graticule.graticule(what._grid.ground.geodesy, ground.bounds, None)
    kinds = [line.meridian for line in lines]
    assert kinds.count(True) >= 2 and kinds.count(False) >= 2
    left, bottom, right, top = ground.bounds
    per_pixel = (right - left) / layout.pixels[0]
    for line in lines:
        for part in line.parts:
            # Places between the vertices too, back through PROJ to degrees, and how far that is from the line.
            share = np.linspace(0, 1, 7)[:, None, None]
            places = (part[:-1] + share * (part[1:] - part[:-1])).reshape(-1, 2)
            lon, lat = way.transform(*places.T)
            if line.meridian:
                true = np.full_like(lon, line.degrees), lat
            else:
                true = lon, np.full_like(lat, line.degrees)
            x, y = way.transform(*true, direction="INVERSE")
            off = np.hypot(x - places[:, 0], y - places[:, 1]) / per_pixel
            if system.is_geographic:
                off = np.minimum(off, np.abs(off - 360 / per_pixel))
            assert off.max() < 0.2, (line.text, off.max())
    # And every line that crosses the map is there.
    xs, ys = np.meshgrid(np.linspace(left, right, 50), np.linspace(bottom, top, 50))
    lat = way.transform(xs.ravel(), ys.ravel())[1]
    step = np.diff(sorted(line.degrees for line in lines if not line.meridian)).min()
    least = math.ceil(lat.min() / step) * step
    wanted = {round(value, 6) for value in np.arange(least, lat.max(), step) if abs(value) < 89.999}
    assert wanted <= {round(line.degrees, 6) for line in lines if not line.meridian}


@pytest.mark.parametrize(
    ("degrees", "step", "sides", "text"),
    [
        (46.5, 0.5, "NS", "46°30′N"),
        (-33.0, 1.0, "NS", "33°S"),
        (0.0, 1.0, "EW", "0°"),
        (180.0, 30.0, "EW", "180°"),
        (-7.508333333, 30 / 3600, "EW", "7°30′30″W"),
        (7.99999999999, 1 / 60, "EW", "8°00′E"),
        (1.00013888889, 0.5 / 3600, "NS", "1°00′00.5″N"),
    ],
)
def test_degrees_are_written_as_their_step_needs(degrees, step, sides, text):
    assert _graticule.said(degrees, step, sides) == text


@pytest.mark.parametrize("greatest", [0.00123, 0.9999999, 1.0, 4.99, 5.0, 19, 123456.0])
def test_bars_are_one_two_or_five(greatest):
    bar = _scalebar.bar_of(greatest, "m")
    assert f"{bar.units:e}"[0] in "125"
    assert bar.metres <= greatest * (1 + 1e-9) and bar.metres > greatest / 2.5001


def scale(**words):
    heights = np.linspace(-100, 900, 400, dtype=np.float32).reshape(20, 20)
    return scale_of(Heights(heights), words)


def test_colour_bars_have_the_pictures_classes_norm_and_ends():
    found = scale(levels=[0, 200, 500], cmap="viridis")
    assert found.heights.tolist() == [0, 200, 500] and len(found.colours) == 2
    assert found.under is not None and found.over is not None
    assert scale(levels=[0, 200, 500], extend="neither").under is None
    assert scale(levels=5).heights.tolist() == [-250, 0, 250, 500, 750, 1000]
    plain = scale(vmin=0.0, over="#ff0000")
    assert plain.under is not None and plain.over is None
    log = scale(norm="log", vmin=1.0)
    assert log.heights[len(log.heights) // 2] == pytest.approx(30.0, rel=1e-3)  # the root of 900
    both = scale(vcenter=0.0)
    assert both.heights[len(both.heights) // 2] == pytest.approx(0.0, abs=1e-6)
    bands = scale(cmap=["#000000", "#ffffff"])
    assert bands.heights.tolist() == [-100, 400, 900]


def test_colour_bars_through_matplotlibs_norms():
    colors = pytest.importorskip("matplotlib.colors")
    found = scale(norm=colors.BoundaryNorm([0, 100, 400], 256), cmap="viridis")
    assert found.heights.tolist() == [0, 100, 400] and len(found.colours) == 2
    power = scale(norm=colors.PowerNorm(2.0, vmin=0, vmax=100))
    assert power.heights[len(power.heights) // 2] == pytest.approx(100 * 0.5**0.5, rel=1e-3)


def test_numbers_on_a_page_are_round():
    assert _rounds.said(-0.25, 0.05) == "\u22120.25"
    assert _rounds.said(1500.0, 500.0) == "1500"
    assert _rounds.said(-0.0) == "0"


def test_papers_and_sizes():
    assert pages("A4", None, None) == [(210.0, 297.0), (297.0, 210.0)]
    assert pages("letter", None, True) == [(279.4, pytest.approx(215.9))]
    assert pages(None, ("8in", "100mm"), None) == [(pytest.approx(203.2), pytest.approx(100.0))]
    for bad in ({"paper": "A44"}, {"size": 3}, {"size": (1, 1)}, {"size": ("3px", 30)}):
        with pytest.raises(vf.InvalidInputError, match="pass"):
            pages(bad.get("paper"), bad.get("size"), None)
    with pytest.raises(vf.InvalidInputError, match="pass one"):
        pages("A4", (100, 100), None)


def test_a_page_without_room_is_refused():
    with pytest.raises(vf.InvalidInputError, match="larger paper"):
        _layout.arrange(
            [(20.0, 20.0)],
            _layout.Wishes(
                (Lines("title", "Donaudampfschifffahrtsgesellschaft" * 9, 2.1, PLAIN),),
                (),
                (),
                1.0,
                None,
                0.0,
            ),
        )
