"""Arguments that trip Python itself: each is refused like any other wrong one, in few words."""

import datetime
import inspect

import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

DEM = np.zeros((4, 5), np.float32)
PLACE = (46.5, 8.0)


class Hostile:
    """Whatever is asked of it fails."""

    def __float__(self):
        raise RuntimeError("no float")

    def __index__(self):
        raise KeyError("no index")

    def __repr__(self):
        raise RuntimeError("no repr")


def draw(**options):
    return vf.render(DEM, size=(16, 16), samples=1, **options)


ODD = [10**400, 10**5000, True, Hostile(), [Hostile()] * 4, np.zeros((3, 3)), list(range(9999)), 1j]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize(
    "name", ["norm", "vcenter", "extend", "levels", "under", "over", "time", "cmap", "robust"]
)
def test_odd_values_are_refused_in_few_words(name, odd):
    if odd is True and name == "robust":
        return
    beside = {"extend": {"levels": 3}, "time": {"position": PLACE}}.get(name, {})
    if name == "cmap" and isinstance(odd, np.ndarray):
        return  # three black bands
    assert len(refused(lambda: draw(**{name: odd}, **beside))) < 500


@pytest.mark.parametrize("odd", [*ODD, "1", None], ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize("name", ["bounds", "extent", "opacity", "blend"])
def test_a_drape_refuses_odd_values_in_few_words(name, odd):
    image = np.zeros((2, 2, 3), np.uint8)
    allowed = odd is None and name in ("bounds", "extent")
    if not allowed:
        assert len(refused(lambda: vf.Drape(image, **{name: odd}))) < 500


@pytest.mark.gpu
@pytest.mark.parametrize("time", [0, 1.5, True, 2**70, np.float16(3), [10**400], np.zeros(1)])
def test_a_number_is_no_time(time):
    refused(lambda: draw(time=time, position=PLACE), "ISO 8601")
    renderer = vf.Renderer(16, 16)
    refused(lambda: renderer.set_sun_time(time, PLACE), "ISO 8601")


@pytest.mark.parametrize(
    "time",
    [datetime.datetime.max, np.datetime64("300000-01-01"), np.datetime64(2**62, "Y")],
)
def test_a_time_beyond_the_suns_tables_is_refused(time):
    refused(lambda: draw(time=time, position=PLACE), "6000")


@pytest.mark.parametrize("position", [(True, 8.0), (46.5, np.complex64(1)), ("1", "2"), (91, 0)])
def test_a_position_is_two_numbers(position):
    refused(lambda: draw(time="2026-06-21T12:00", position=position), "must be")


@pytest.mark.parametrize("path", ["no\0file.png", "\ud800.png"])
def test_a_drape_from_an_impossible_path_is_refused(path):
    refused(lambda: draw(drape=path), "path", kind=vf.ImageFileError)


@pytest.mark.parametrize("cmap", [int, lambda: 1], ids=["int", "lambda"])
def test_a_callable_that_gives_no_colours_is_no_colour_map(cmap):
    refused(lambda: draw(cmap=cmap), "colour map")


def test_a_dem_from_an_impossible_path_is_refused():
    pytest.importorskip("rasterio")
    refused(lambda: vf.render("\ud800.tif"), "path", kind=vf.ImageFileError)


PLACED = vf.DEM(DEM, spacing=(30, 30))
SPOTS = np.array([[0.0, 0.0], [40.0, 30.0], [-40.0, 20.0]])
DAY = {"start": "2026-06-21T08:00", "end": "2026-06-21T09:00", "latitude": 46.5, "longitude": 8.0}


def on_it(layer):
    return lambda *data, **words: draw(layers=[layer(*data, **words)])


# What these cannot do without, by place and by name. Each of it is tried, and each other argument that has a name.
CALLS = {
    "shade": (vf.shade, (PLACED,), {}),
    "fit": (vf.Camera.fit, (PLACED,), {}),
    "look_at": (vf.Camera.look_at, ((0, -9, 9), (0, 0, 0)), {}),
    "orbit": (vf.Camera.orbit, ((0, 0, 0), 9, 9, 9), {}),
    "DEM": (vf.DEM, (DEM,), {}),
    "Raster": (vf.Raster, (DEM,), {}),
    "crop": (PLACED.crop, ((-60, -45, 60, 45),), {}),
    "grid_generate": (vf.grid_generate, (4, 5), {}),
    "make_mesh": (vf.make_mesh, (DEM,), {}),
    "dem_normalize": (vf.dem_normalize, (DEM,), {}),
    "Base": (vf.Base, (), {}),
    "Contours": (vf.Contours, (), {}),
    "Haze": (vf.Haze, (), {}),
    "Sky": (vf.Sky, (), {}),
    "Water": (vf.Water, (3.0,), {}),
    "Lines": (vf.Lines, (SPOTS,), {}),
    "Polygons": (vf.Polygons, (SPOTS,), {}),
    "Points": (vf.Points, (SPOTS,), {}),
    "Graph": (vf.Graph, (SPOTS, [(0, 1)]), {}),
    "Labels": (vf.Labels, (SPOTS,), {"text": ["a", "b", "c"]}),
    "Path.orbit": (vf.Path.orbit, (PLACED,), {}),
    "poster": (vf.poster, (DEM, "no/where.png"), {"size": (8, 8), "samples": 1}),
    "hillshade": (vf.relief.hillshade, (PLACED,), {}),
    "slope": (vf.relief.slope, (PLACED,), {}),
    "stack": (vf.relief.stack, (PLACED, ["slope"]), {}),
    "sky_view_factor": (vf.relief.sky_view_factor, (PLACED,), {"radius": 60}),
    "sky_illumination": (vf.relief.sky_illumination, (PLACED,), {"radius": 60}),
    "openness": (vf.relief.openness, (PLACED,), {"radius": 60}),
    "local_dominance": (vf.relief.local_dominance, (PLACED,), {"radius": 90}),
    "shadow_mask": (vf.relief.shadow_mask, (PLACED,), {"azimuth": 0, "altitude": 9}),
    "viewshed": (vf.relief.viewshed, (PLACED,), {"x": 0, "y": 0}),
    "insolation": (vf.relief.insolation, (PLACED,), DAY),
}


class Stranger(Hostile):
    """Neither has it truth, length, items or an equal; as torch's tensors have not, now and then."""

    def __bool__(self):
        raise RuntimeError("no truth")

    def __len__(self):
        raise RuntimeError("no length")

    def __iter__(self):
        raise RuntimeError("no items")

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __eq__(self, other):
        raise RuntimeError("no equal")

    __hash__ = object.__hash__


ODDER = [
    float("inf"),
    Stranger(),
    np.ones((3, 3)),
    np.array(2.0),
    [[1, 2], [3]],
    "z" * 5000,
    10**400,
    b"\0",
    "\udcff",
]


# What some of it is after all, by calls and arguments; a number of no dimensions is one anywhere.
SQUARE = {(name, 0) for name in CALLS} | {
    ("shade", "cmap"),
    ("Points", "color"),
    ("Points", "edge"),
    ("Graph", "node_color"),
    ("Graph", "node_edge"),
    ("Labels", "color"),
    ("Labels", "text"),  # a text of each row
    ("Polygons", "hatch"),  # an angle, spacing and width for each row
}
TEXTS = {("DEM", "name"), ("Raster", "name"), ("Raster", "unit")}
ENDLESS = {("DEM", "nodata"), ("viewshed", "max_distance")}
# Of layers, which see them where numbers are coloured, and where they are beside a DEM.
SCALE = ["cmap", "norm", "vmin", "vmax"]
LAYERS = {"Lines", "Polygons", "Points", "Graph", "Labels"}


def serves(odd, name, argument):
    """Whether an odd value is of use there."""
    if isinstance(odd, np.ndarray):
        return odd.ndim == 0 or (name, argument) in SQUARE
    if isinstance(odd, str):
        return odd.isascii() and (name, argument) in TEXTS
    return odd == float("inf") and (name, argument) in ENDLESS


@pytest.mark.gpu
@pytest.mark.parametrize("name", CALLS)
def test_every_argument_of_these_calls_refuses_what_it_cannot_use(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    function, given, beside = CALLS[name]
    takes = list(inspect.signature(function).parameters.values())[len(given) :]
    words = [
        word.name for word in takes if word.kind in (word.KEYWORD_ONLY, word.POSITIONAL_OR_KEYWORD)
    ]
    for odd in ODDER:
        tries = [(word, dict(beside, **{word: odd}), given) for word in words]
        tries += [
            (place, beside, (*given[:place], odd, *given[place + 1 :]))
            for place in range(len(given))
        ]
        assert tries
        for argument, options, data in tries:
            if name in LAYERS and argument in [*SCALE, "crs"]:
                continue
            try:
                function(*data, **options)
            except vf.VulkanForgeError as error:
                message = str(error)
                told = message.count("; ") >= 2 or ("got" in message and "; " in message)
                path = isinstance(odd, str) and kindly(message)
                assert told and (len(message) < 700 or path), f"{name}: {message[:300]}"
            else:
                assert serves(odd, name, argument), f"{name}, {argument}: {type(odd).__name__}"


COLOURED = {
    "Lines": lambda **words: vf.Lines(SPOTS, color=[1.0], **words),
    "Polygons": lambda **words: vf.Polygons(SPOTS, fill=[1.0], **words),
    "Points": lambda **words: vf.Points(SPOTS, color=[1.0, 2.0, 3.0], **words),
    "Graph": lambda **words: vf.Graph(SPOTS, [(0, 1)], node_color=[1.0, 2.0, 3.0], **words),
}


@pytest.mark.parametrize("name", COLOURED)
@pytest.mark.parametrize("word", SCALE)
def test_colours_of_numbers_refuse_odd_scales(name, word):
    for odd in ODDER:
        square = isinstance(odd, np.ndarray) and (word, odd.ndim) == ("cmap", 2)
        number = isinstance(odd, np.ndarray) and odd.ndim == 0 and word in ("vmin", "vmax")
        if not square and not number:
            said = "colormap" if word == "cmap" and isinstance(odd, str) else word
            refused(lambda odd=odd: COLOURED[name](**{word: odd}), said)


def test_colours_of_numbers_need_ascending_ends():
    for ends in [{"vmin": 9}, {"vmax": 0.5}, {"vmin": 2, "vmax": 1}, {"vmin": 2, "vmax": 2}]:
        refused(lambda ends=ends: COLOURED["Points"](**ends), "vmin must be less than vmax")
    COLOURED["Points"](vmin=3)
    vf.Points(SPOTS, color=[2.0, 2.0, 2.0])


@pytest.mark.gpu
@pytest.mark.parametrize("crs", [None, "EPSG:32611"])
def test_layers_refuse_odd_systems(crs):
    dem = PLACED
    if crs is not None:
        pytest.importorskip("rasterio")
        pytest.importorskip("pyproj")
        dem = vf.DEM(DEM, transform=(30, 0, 4e5, 0, -30, 3.8e6), crs=crs)
    for odd in ODDER:
        layer = vf.Points(SPOTS, crs=odd)
        message = refused(lambda layer=layer: vf.render(dem, size=(16, 16), layers=[layer]))
        assert len(message) < 700


def test_a_name_and_a_unit_are_texts():
    for odd in [*ODDER, 3]:
        if not (isinstance(odd, str) and odd.isascii()):
            refused(lambda odd=odd: vf.DEM(DEM, name=odd), "name must be a text")
            refused(lambda odd=odd: vf.LargeDEM(DEM, name=odd), "name must be a text")
            refused(lambda odd=odd: vf.Raster(DEM, name=odd), "name must be a text")
            refused(lambda odd=odd: vf.Raster(DEM, unit=odd), "unit must be a text")
    assert (vf.DEM(DEM, name="Alp").name, vf.Raster(DEM).name) == ("Alp", None)


def kindly(message):
    """Whether it is about a file, whose path is shown as long as it is."""
    return any(word in message for word in ("check the path", "file", "device"))


@pytest.mark.parametrize(
    "colour", [np.full((3, 3), 255.0), np.array([[1, 0, 0], [2, 0, 0], [0, 1, 0]])]
)
def test_rows_of_numbers_beyond_colours_are_no_colours(colour):
    refused(lambda: vf.Points(SPOTS, color=colour), "divide bytes by 255", "in row")


def test_a_tuple_of_three_is_a_colour_beside_three_rows_too():
    first, second = vf.Points(SPOTS, color=(1, 0, 0)), vf.Points(SPOTS, color="#ff0000")
    np.testing.assert_array_equal(first._colours, second._colours)
    assert (
        len(vf.Points(SPOTS, color=[1, 0, 0])._colours) == 3
    )  # numbers for rows, by the colour map


def test_numbers_in_a_text_are_no_numbers():
    refused(lambda: vf.DEM(DEM, spacing="12"), "(dx, dy)")
    refused(lambda: vf.DEM(DEM, bounds="0123"), "(left, bottom, right, top)")
    refused(lambda: vf.DEM(DEM, nodata="5"), "nodata")


def test_what_has_dlpack_alone_is_an_array():
    class Lent:
        def __dlpack__(self, **options):
            return DEM.__dlpack__(**options)

        def __dlpack_device__(self):
            return DEM.__dlpack_device__()

    np.testing.assert_array_equal(vf.as_dem(Lent()).data, DEM)
    refused(lambda: vf.render(Stranger()), "no array")
