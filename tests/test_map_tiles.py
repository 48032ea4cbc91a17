"""Map tiles: places against pyproj, neighbours against one picture, stores against each other, refusals."""

import errno
import json
import sqlite3
from pathlib import Path

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge._tiles import _draw, _place, _plan, _source, _store, _style
from vulkan_forge._tiles._matrix import Matrix

morecantile = pytest.importorskip("morecantile")
pytest.importorskip("pmtiles")
pyproj = pytest.importorskip("pyproj")
CORNER = (400_000.0, 3_800_000.0)
UTM = "EPSG:32611"


def dem(heights, corner=CORNER, cell=30.0, crs=UTM):
    return vf.DEM(heights, transform=(cell, 0, corner[0], 0, -cell, corner[1]), crs=crs)


def decoded(path):
    red, green, blue, alpha = np.moveaxis(np.asarray(PillowImage.open(path).convert("RGBA")), -1, 0)
    heights = red * 256.0 + green + blue / 256 - 32768
    return np.where(alpha > 0, heights, np.nan)


def placed(folder):
    """{(zoom, column, row): path}"""
    return {
        tuple(map(int, (f.parts[-3], f.parts[-2], f.stem))): f for f in folder.glob("*/*/*.png")
    }


def truth(tms, place, crs, size=256):
    """x and y in `crs` of the pixel centres of a tile, by pyproj alone."""
    zoom, column, row = place
    left, bottom, right, top = tms.xy_bounds(morecantile.Tile(column, row, zoom))
    x, y = np.meshgrid(
        left + (np.arange(size) + 0.5) * (right - left) / size,
        top - (np.arange(size) + 0.5) * (top - bottom) / size,
    )
    own = pyproj.CRS.from_wkt(tms.crs.to_wkt())
    return pyproj.Transformer.from_crs(own, crs, always_xy=True).transform(x, y)


@pytest.mark.parametrize(
    ("matrix", "crs", "corner", "cell"),
    [
        ("WebMercatorQuad", UTM, CORNER, 30.0),
        ("WebMercatorQuad", "EPSG:4326", (10.0, 67.0), 0.001),
        ("WorldCRS84Quad", UTM, CORNER, 30.0),
        ("EuropeanETRS89_LAEAQuad", "EPSG:4326", (10.0, 47.0), 0.001),
        ("CanadianNAD83_LCC", "EPSG:32611", (500_000.0, 5_700_000.0), 50.0),
        ("LINZAntarticaMapTilegrid", "EPSG:3031", (300_000.0, -1_300_000.0), 100.0),
    ],
)
def test_every_pixel_lies_where_pyproj_says(matrix, crs, corner, cell, tmp_path):
    rows, columns = np.mgrid[0:150, 0:170] + 0.5
    tms = morecantile.tms.get(matrix)
    source = dem(columns * 8 - rows * 5, corner, cell, crs)
    last = _place.place_of(source, Matrix(matrix)).native
    words = {"encoding": "terrarium", "matrix": matrix, "zooms": (last - 1, last)}
    made = vf.tiles(source, tmp_path / "t", **words)
    tiles = placed(tmp_path / "t")
    assert made.tiles == len(tiles) > 0
    assert {zoom for zoom, _, _ in tiles} == {last - 1, last}
    for place, path in tiles.items():
        x, y = truth(tms, place, crs)
        across, down = (x - corner[0]) / cell, (corner[1] - y) / cell
        got = decoded(path)
        inside = (across > 1.5) & (across < 168) & (down > 1.5) & (down < 148)
        assert np.isfinite(got[inside]).all()
        wrong = np.abs(got - (across * 8 - down * 5))[inside]
        assert wrong.max(initial=0) < 0.1 * 8  # a tenth of a cell of the DEM
        outside = (across < -2) | (across > 172) | (down < -2) | (down > 152)
        assert np.isnan(got[outside]).all()


def test_coarser_zooms_are_means_of_known_cells(tmp_path):
    heights = dems.with_holes(dems.ridge(60, 70), fraction=0.2)
    vf.tiles(dem(heights), tmp_path / "t", zooms=(12, 13), encoding="terrarium")
    tiles = placed(tmp_path / "t")
    coarse = {place: path for place, path in tiles.items() if place[0] == 12}
    assert 0 < len(coarse) < len(tiles)
    for (_, column, row), path in coarse.items():
        four = np.full((512, 512), np.nan)
        for down in (0, 1):
            for right in (0, 1):
                fine = tiles.get((13, 2 * column + right, 2 * row + down))
                if fine is not None:
                    four[256 * down :, 256 * right :][:256, :256] = decoded(fine)
        blocks = four.reshape(256, 2, 256, 2)
        number = np.isfinite(blocks).sum(axis=(1, 3))
        mean = np.nansum(blocks, axis=(1, 3)) / np.maximum(number, 1)
        got = decoded(path)
        assert np.array_equal(np.isfinite(got), number > 0)
        assert np.abs(got - mean)[number > 0].max() <= 1.01 / 256


def test_heights_come_back_as_they_went(tmp_path):
    source = dem(dems.ridge(40, 50) - 500)
    vf.tiles(source, tmp_path / "m", zooms=13, encoding="terrain-rgb")
    vf.tiles(source, tmp_path / "t", zooms=13, encoding="terrarium")
    assert json.loads((tmp_path / "m/tiles.json").read_text("utf-8"))["encoding"] == "mapbox"
    for place, path in placed(tmp_path / "m").items():
        back = vf.open(path, encoding="mapbox").data
        other = decoded(placed(tmp_path / "t")[place])
        assert np.nanmax(np.abs(back - other)) <= 0.052
        assert np.array_equal(np.isnan(back), np.isnan(other))


@pytest.mark.gpu
@pytest.mark.parametrize(
    "words",
    [
        {"samples": 1, "altitude": 15.0},
        {"samples": 1, "altitude": 50.0, "sun_radius": 4.0},
        {"ambient_occlusion": True, "contours": 50, "samples": 2},
    ],
)
def test_tiles_are_cut_from_one_picture(words, tmp_path):
    source = dem(dems.with_holes(dems.rough(200, 220, relief=900.0), fraction=0.001))
    vf.tiles(source, tmp_path / "t", zooms=13, style=words)
    matrix = Matrix("WebMercatorQuad")
    place = _place.place_of(source, matrix)
    ground = _source.resampled(source, matrix, place, 13, str(tmp_path))
    style = _style.style_of(source, words, _plan.spot(matrix, place))
    tiles = placed(tmp_path / "t")
    assert len(tiles) >= 4
    for (_, column, row), path in list(tiles.items())[::2]:
        # Cut elsewhere, so that every border of a tile lies within a picture.
        one = _draw.picture(matrix, ground, style, 256 * row - 60, 256 * column - 100, 400, 420)
        got = np.asarray(PillowImage.open(path).convert("RGBA"))
        differs = np.abs(one[60:316, 100:356].astype(int) - got).max(axis=2)
        assert (differs > 1).sum() <= 3  # where a line's width is decided by rounding
        known = np.isfinite(ground.part(256 * row, 256 * column, 256, 256))
        assert np.array_equal(got[..., 3] > 0, known)


@pytest.mark.gpu
def test_a_mountain_three_tiles_away_casts_its_shadow(tmp_path):
    heights = np.zeros((64, 1000), np.float32)
    heights[:, 30:34] = 5000
    source = dem(heights, cell=25.0)
    words = {"azimuth": 270.0, "altitude": 15.0, "zooms": 13, "cmap": ["#ffffff"], "samples": 1}
    vf.tiles(source, tmp_path / "t", **words)
    tiles = placed(tmp_path / "t")
    first = min(column for _, column, _ in tiles)
    tms = morecantile.tms.get("WebMercatorQuad")
    dark, lit = [], []
    for place, path in tiles.items():
        pixels = np.asarray(PillowImage.open(path).convert("RGBA"))
        x, y = truth(tms, place, UTM)
        # The strip's middle: bearings differ by half a degree along it.
        shown = (pixels[..., 3] > 0) & (np.abs(CORNER[1] - 800 - y) < 300)
        distance = x - CORNER[0] - 30 * 25
        if place[1] - first == 3:
            dark += pixels[shown & (distance < 18_000), 0].tolist()
        lit += pixels[shown & (distance > 19_500), 0].tolist()
    # 5000 m at 15 degrees reach 18.7 km.
    assert len(dark) > 1000 and len(lit) > 1000
    assert max(dark) < min(lit) - 20


@pytest.mark.gpu
def test_stores_hold_the_same_tiles_and_say_what_they_are(tmp_path):
    from pmtiles.reader import MmapSource, Reader
    from pmtiles.tile import TileType

    source = dem(dems.ridge(60, 70))
    words = {"zooms": (11, 13), "attribution": "me", "name": "hills", "samples": 1}
    sets = [vf.tiles(source, tmp_path / f"t{end}", **words) for end in ("", ".mbtiles", ".pmtiles")]
    tiles = placed(tmp_path / "t")
    assert {made.tiles for made in sets} == {len(tiles)}
    file = sqlite3.connect(tmp_path / "t.mbtiles")
    rows = file.execute("SELECT * FROM tiles").fetchall()
    about = dict(file.execute("SELECT * FROM metadata").fetchall())
    file.close()
    assert {(z, x, 2**z - 1 - y): data for z, x, y, data in rows} == {
        place: path.read_bytes() for place, path in tiles.items()
    }
    assert (about["minzoom"], about["maxzoom"], about["format"]) == ("11", "13", "png")
    assert (about["name"], about["attribution"]) == ("hills", "me")
    west, south, east, north = map(float, about["bounds"].split(","))
    to_degrees = pyproj.Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    corners = [(CORNER[0] + 30 * c, CORNER[1] - 30 * r) for r in (0, 60) for c in (0, 70)]
    longitudes, latitudes = to_degrees.transform(*zip(*corners, strict=True))
    edges = min(longitudes), min(latitudes), max(longitudes), max(latitudes)
    assert (west, south, east, north) == pytest.approx(edges, abs=1e-4)
    with open(tmp_path / "t.pmtiles", "rb") as archive:
        reader = Reader(MmapSource(archive))
        header = reader.header()
        assert header["tile_type"] == TileType.PNG and header["clustered"]
        assert (header["min_zoom"], header["max_zoom"]) == (11, 13)
        assert header["min_lon_e7"] / 1e7 == pytest.approx(west, abs=1e-6)
        assert reader.metadata()["attribution"] == "me"
        for place, path in tiles.items():
            assert reader.get(*place) == path.read_bytes()
    listing = json.loads((tmp_path / "t/tiles.json").read_text("utf-8"))
    assert listing["tiles"] == ["{z}/{x}/{y}.png"] and listing["bounds"][0] == pytest.approx(west)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t", "t.mbtiles", "t.pmtiles"]


@pytest.mark.gpu
def test_webp_shows_what_png_does(tmp_path):
    source = dem(dems.with_holes(dems.ridge(40, 50)))
    for encoding in ("png", "webp"):
        vf.tiles(source, tmp_path / encoding, zooms=12, encoding=encoding, samples=1)
    for (zoom, column, row), path in placed(tmp_path / "png").items():
        other = tmp_path / "webp" / str(zoom) / str(column) / f"{row}.webp"
        pixels = [np.asarray(PillowImage.open(file).convert("RGBA")) for file in (path, other)]
        assert np.array_equal(*(np.where(one[..., 3:] > 0, one, 0) for one in pixels))


def test_round_the_world(tmp_path):
    heights = np.full((40, 60), 100.0)
    for source in (
        dem(heights, (179.97, -17.0), 0.001, "EPSG:4326"),
        dem(heights, (817_000.0, 8_100_000.0), 100.0, "EPSG:32760"),
    ):
        out = tmp_path / str(source.crs).replace(":", "")
        made = vf.tiles(source, out, zooms=12, encoding="terrarium")
        columns = {column for _, column, _ in placed(out)}
        assert columns == {0, 4095} and made.bounds[0] == -180 and made.bounds[2] == 180
        known = sum(np.isfinite(decoded(path)).sum() for path in placed(out).values())
        width, height = np.ptp(np.array(source.bounds).reshape(2, 2), axis=0)
        side = 40_075_016.68 / 4096 / 256 * np.cos(np.radians(17))
        metres = (width * 106_500, height * 110_650) if width < 1 else (width, height)
        assert known == pytest.approx(metres[0] * metres[1] / side**2, rel=0.05)


def test_a_turn_round_the_world_has_no_seam_and_no_tile_twice(tmp_path):
    rows, columns = np.mgrid[0:60, 0:90]
    source = dem(columns * 3.0 + rows, (179.955, -17.0), 0.001, "EPSG:4326")
    for name in ("t", "t.mbtiles"):
        vf.tiles(source, tmp_path / name, zooms=(0, 12), encoding="terrarium")
    tiles = placed(tmp_path / "t")
    file = sqlite3.connect(tmp_path / "t.mbtiles")
    assert file.execute("SELECT count(*) FROM tiles").fetchone() == (len(tiles),)
    file.close()
    assert [place for place in tiles if place[0] == 0] == [(0, 0, 0)]
    both = decoded(tiles[0, 0, 0])  # on either side of the seam
    assert np.isfinite(both[:, 0]).any() and np.isfinite(both[:, -1]).any()


@pytest.mark.gpu
def test_shadows_go_on_round_the_world(tmp_path):
    heights = np.zeros((60, 200), np.float32)
    heights[:, 40:44] = 4000
    words = {"azimuth": 270.0, "altitude": 30.0, "zooms": 12, "cmap": ["#ffffff"], "samples": 1}
    # The same ground with its mountain just west of the seam, and elsewhere.
    for name, left in (("seam", 179.953), ("away", 179.953 - 360 * 64 / 4096)):
        vf.tiles(dem(heights, (left, -0.03), 0.001, "EPSG:4326"), tmp_path / name, **words)
    seam, away = placed(tmp_path / "seam"), placed(tmp_path / "away")
    assert {(z, (x - 64) % 4096, y) for z, x, y in seam} == set(away)
    for (zoom, column, row), path in seam.items():
        ours, theirs = (
            np.asarray(PillowImage.open(file).convert("RGBA")).astype(int)
            for file in (path, away[zoom, (column - 64) % 4096, row])
        )
        assert (np.abs(ours - theirs).max(axis=2) > 1).sum() <= 3
    east = np.asarray(PillowImage.open(seam[min(seam, key=lambda place: place[1])]).convert("RGBA"))
    shown = east[..., 3] > 0
    assert 0.1 < (east[shown][:, 0] < 190).mean() < 0.9  # a shadow lies there


def test_fill_is_where_there_is_no_ground(tmp_path):
    source = dem(dems.with_holes(dems.ridge(60, 70) + 500, fraction=0.05))
    vf.tiles(source, tmp_path / "f", zooms=12, encoding="terrain-rgb", fill=-3)
    vf.tiles(source, tmp_path / "t", zooms=12, encoding="terrain-rgb")
    for place, path in placed(tmp_path / "f").items():
        opaque = np.asarray(PillowImage.open(path).convert("RGBA"))
        bare = np.asarray(PillowImage.open(placed(tmp_path / "t")[place]).convert("RGBA"))
        known = bare[..., 3] > 0
        assert (opaque[..., 3] == 255).all() and np.array_equal(opaque[known], bare[known])
        assert np.allclose(opaque[~known][:, :3] @ [6553.6, 25.6, 0.1] - 10000, -3)
    with pytest.raises(vf.InvalidInputError, match="fill is for tiles of heights"):
        vf.tiles(source, tmp_path / "p", zooms=12, fill=0)
    with pytest.raises(vf.InvalidInputError, match="fill must be a real number"):
        vf.tiles(source, tmp_path / "p", zooms=12, encoding="terrarium", fill="low")


def test_refusals_say_what_to_do(tmp_path):
    source = dem(dems.ridge(30, 30))
    cases = [
        ({"zooms": 22}, "zooms must make at most 1000000 tiles"),
        ({"zooms": (9, 60)}, "zooms must be a number"),
        ({"zooms": "9"}, "zooms must be a number"),
        ({"zooms": range(9, 14, 2)}, "a range of step 1"),
        ({"matrix": "Mercator"}, "matrix must be one of"),
        ({"matrix": "GNOSISGlobalGrid"}, "rows of varying width"),
        ({"encoding": "jpg"}, "encoding must be one of"),
        ({"encoding": "terrarium", "cmap": "viridis"}, "takes no words of render; got cmap"),
        ({"size": (3, 3)}, "tiles take no size"),
        ({"colour": 1}, "expected words of render"),
        ({"style": {"cmap": "viridis"}, "cmap": "terrain"}, "expected cmap once"),
        ({"style": "dark"}, "style must be a dict"),
        ({"water": np.zeros((30, 30), bool)}, "water of tiles must be a level"),
        ({"vert_exag": "high"}, "vert_exag must be a real number"),
    ]
    wide = dem(dems.ridge(300, 300), cell=1000.0)
    for words, message in cases:
        with pytest.raises(vf.InvalidInputError, match=message):
            vf.tiles(wide if words.get("zooms") == 22 else source, tmp_path / "t", **words)
    with pytest.raises(vf.InvalidInputError, match="without crs"):
        vf.tiles(vf.DEM(dems.ridge(30, 30), spacing=(30, 30)), tmp_path / "t")
    with pytest.raises(vf.InvalidInputError, match="has a place there"):
        vf.tiles(dem(np.ones((9, 9)), (-4e3, 4e3), 500.0, "EPSG:3031"), tmp_path / "t")
    with pytest.raises(vf.InvalidInputError, match="holds tiles of WebMercatorQuad alone"):
        vf.tiles(source, tmp_path / "t.pmtiles", matrix="WorldCRS84Quad", encoding="terrarium")
    empty = dem(np.full((30, 30), np.nan))
    with pytest.raises(vf.InvalidInputError, match="nothing but holes"):
        vf.tiles(empty, tmp_path / "t.mbtiles", encoding="terrarium")
    with pytest.raises(vf.ImageFileError, match="folder that exists"):
        vf.tiles(source, tmp_path / "none/t.mbtiles", encoding="terrarium")
    assert not list(tmp_path.iterdir())


def test_a_folder_keeps_one_style(tmp_path):
    source, out = dem(dems.ridge(30, 30)), tmp_path / "t"
    vf.tiles(source, out, zooms=11, encoding="terrarium")
    before = {path: path.read_bytes() for path in placed(out).values()}
    with pytest.raises(vf.InvalidInputError, match="tiles of the same style; got"):
        vf.tiles(source, out, zooms=11, encoding="terrain-rgb")
    assert {path: path.read_bytes() for path in placed(out).values()} == before
    vf.tiles(source, out, zooms=12, encoding="terrarium")
    listing = json.loads((out / "tiles.json").read_text("utf-8"))
    assert (listing["minzoom"], listing["maxzoom"]) == (11, 12)
    west, south, east, north = listing["bounds"]
    beside = dem(dems.ridge(30, 30), (CORNER[0] - 9_000, CORNER[1] + 9_000))
    vf.tiles(beside, out, zooms=11, encoding="terrarium")
    both = json.loads((out / "tiles.json").read_text("utf-8"))["bounds"]
    assert both[0] < west and both[3] > north and both[1:3] == [south, east]
    vf.tiles(source, out, zooms=11, encoding="terrarium")
    assert json.loads((out / "tiles.json").read_text("utf-8"))["bounds"] == both
    (tmp_path / "other").mkdir()
    (tmp_path / "other/notes.txt").write_text("mine")
    with pytest.raises(vf.InvalidInputError, match="other things"):
        vf.tiles(source, tmp_path / "other", encoding="terrarium")


@pytest.mark.parametrize("name", ["t.mbtiles", "t.pmtiles", "t"])
@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
def test_what_stops_half_way_leaves_nothing_torn(name, failure, tmp_path, monkeypatch):
    if "." in name:
        (tmp_path / name).write_text("before")
    kind = {"t.mbtiles": _store._MBTiles, "t.pmtiles": _store._PMTiles, "t": _store._Folder}[name]
    add, count = kind.add, []

    def failing(self, *tile):
        count.append(tile)
        if len(count) == 3:
            raise failure
        add(self, *tile)

    monkeypatch.setattr(kind, "add", failing)
    expected = vf.ImageFileError if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        vf.tiles(dem(dems.ridge(90, 90)), tmp_path / name, zooms=(12, 14), encoding="terrarium")
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    if "." in name:
        assert left == [tmp_path / name] and Path(left[0]).read_text("utf-8") == "before"
    else:
        assert len(placed(tmp_path / name)) == 2 and len(left) == 3
        assert all(decoded(path).shape == (256, 256) for path in placed(tmp_path / name).values())
