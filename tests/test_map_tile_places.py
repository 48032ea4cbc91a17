"""Map tiles of DEMs whose coordinates begin anew somewhere, end on a pole, or lie on another planet."""

import json

import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge._tiles._draw import _pieces
from vulkan_forge._tiles._matrix import Matrix
from vulkan_forge._tiles._source import Ground

morecantile = pytest.importorskip("morecantile")
pyproj = pytest.importorskip("pyproj")


def dem(heights, corner, cell, crs="EPSG:4326"):
    transform = (cell, 0, corner[0], 0, -cell, corner[1])
    return vf.DEM(heights, transform=transform, crs=crs, nodata=np.nan)


def heights_of(folder, zoom, tiles):
    """Terrarium tiles of a zoom as one array, NaN where there are none."""
    across, down = tiles
    found = np.full((256 * down, 256 * across), np.nan)
    for path in folder.glob(f"{zoom}/*/*.png"):
        column, row = int(path.parts[-2]), int(path.stem)
        red, green, blue, alpha = np.moveaxis(
            np.asarray(PillowImage.open(path).convert("RGBA")), -1, 0
        )
        heights = red * 256.0 + green + blue / 256 - 32768
        place = np.s_[256 * row : 256 * row + 256, 256 * column : 256 * column + 256]
        found[place] = np.where(alpha > 0, heights, np.nan)
    return found


def world(west, columns, rows=180, north=90.0):
    """A world of degrees that is as high as the cosine of longitude says, and no seam."""
    longitudes = np.radians(west + 0.5 + np.arange(columns))
    heights = np.broadcast_to(1000 * np.cos(longitudes), (rows, columns))
    return dem(np.ascontiguousarray(heights, np.float32), (west, north), 1.0)


@pytest.mark.filterwarnings("ignore::vulkan_forge.GeographyWarning")
@pytest.mark.parametrize(
    "source",
    [
        world(-180.0, 360),
        world(0.0, 360),
        world(100.0, 360),
        world(-180.5, 361, 181, 90.5),  # samples on the poles, and on the same meridian twice
        world(-0.5, 361, 181, 90.5),
    ],
    ids=["-180", "0", "100", "grid at -180", "grid at 0"],
)
@pytest.mark.parametrize("matrix", ["WebMercatorQuad", "WorldCRS84Quad"])
def test_a_world_is_whole_wherever_it_begins(source, matrix, tmp_path):
    made = vf.tiles(source, tmp_path, zooms=0, matrix=matrix, encoding="terrarium")
    tiles = (1, 1) if matrix == "WebMercatorQuad" else (2, 1)
    found = heights_of(tmp_path, 0, tiles)
    assert made.tiles == tiles[0] and np.isfinite(found).all()
    longitudes = -180 + (np.arange(found.shape[1]) + 0.5) * 360 / found.shape[1]
    truth = 1000 * np.cos(np.radians(longitudes))
    # Of cells of a degree, and where a world without a column for it ends, of a cell and a half.
    assert np.abs(found[100:150] - truth).max() < 1000 * np.radians(1.5)
    assert made.bounds[0] == -180 and made.bounds[2] == 180


@pytest.mark.parametrize("matrix", ["WebMercatorQuad", "WorldCRS84Quad"])
@pytest.mark.parametrize("west", [-180.03, 539.97])
def test_the_180th_meridian_may_have_any_name(matrix, west, tmp_path):
    heights = np.add.outer(np.arange(40.0), 3 * np.arange(60.0))
    words = {"zooms": 11, "matrix": matrix, "encoding": "terrarium"}
    folders = [tmp_path / "named", tmp_path / "plain"]
    for folder, edge in zip(folders, (west, 179.97), strict=True):
        vf.tiles(dem(heights, (edge, -17.0), 0.001), folder, **words)
    files, expected = (
        {path.relative_to(folder) for path in folder.glob("*/*/*.png")} for folder in folders
    )
    assert files and files == expected
    for name in files:
        named, plain = (
            np.asarray(PillowImage.open(folder / name).convert("RGBA")) for folder in folders
        )
        # In places of other digits.
        assert (named != plain).any(axis=2).mean() < 0.01


@pytest.mark.parametrize("aside", [-2.0, -1.0, 0.0, 1.0])
@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:3395", "EPSG:4087", "ESRI:54034"])
def test_a_projected_dem_goes_on_past_the_180th_meridian(crs, aside, tmp_path):
    half = 20037508.342789244  # of a turn, from one end of the coordinates to the other
    transform = (20_000.0, 0, 2 * aside * half + half - 1_600_000.0, 0, -20_000.0, 600_000.0)
    heights = np.broadcast_to(np.arange(200, dtype=np.float32), (60, 200))
    source = vf.DEM(np.ascontiguousarray(heights), transform=transform, crs=crs)
    made = vf.tiles(source, tmp_path, zooms=3, encoding="terrarium")
    found = heights_of(tmp_path, 3, (8, 8))[1000]
    east = ((np.arange(2048) + 0.5) * 2 * half / 2048 + 1_600_000.0) % (2 * half)
    truth = east / 20_000.0 - 0.5
    inside = (truth > 0) & (truth < 199)
    assert np.isfinite(found[inside]).all() and np.isnan(found[np.abs(truth - 99.5) > 101]).all()
    assert np.abs(found[inside] - truth[inside]).max() < 0.02
    assert made.bounds[0] == -180 and made.bounds[2] == 180
    longitude, latitude, _ = json.loads((tmp_path / "tiles.json").read_text("utf-8"))["center"]
    assert abs(longitude - (-180 + 400_000 / half * 180)) < 0.5 and abs(latitude) < 0.1


def test_a_map_of_another_planet_goes_on_past_its_180th_meridian(tmp_path):
    body = pyproj.CRS.from_user_input("IAU_2015:49900")
    matrix = morecantile.TileMatrixSet.custom(
        [-180, -90, 180, 90], body, id="MarsQuad", title="Mars", matrix_scale=[2, 1]
    )
    half = np.pi * 3396190.0
    transform = (20_000.0, 0, half - 600_000.0, 0, -20_000.0, 600_000.0)
    source = vf.DEM(np.ones((60, 60), np.float32), transform=transform, crs="IAU_2015:49910")
    vf.tiles(source, tmp_path, zooms=1, matrix=matrix, encoding="terrarium")
    found = heights_of(tmp_path, 1, (4, 2))[250]
    assert np.isfinite(found).sum() == pytest.approx(60 * 20_000 / (2 * half) * 1024, abs=2)
    assert np.isfinite(found[[0, -1]]).all()


def test_a_world_with_corners_off_the_map(tmp_path):
    left, top = -18_000_000.0, 9_000_000.0
    heights = np.ones((90, 180), np.float32)
    transform = (200_000.0, 0, left, 0, -200_000.0, top)
    vf.tiles(vf.DEM(heights, transform=transform, crs="ESRI:54009"), tmp_path, encoding="terrarium")
    assert np.isfinite(heights_of(tmp_path, 0, (1, 1))[2:-2, 2:-2]).all()


def test_what_is_drawn_at_once_is_not_a_cell():
    """About a pole no two cells of a zoom of one tile are alike."""
    matrix = Matrix("UPSAntarcticWGS84Quad")
    ground = Ground(matrix.levels[0], 0, 0, np.zeros((256, 256), np.float32), 0.0)
    assert len(list(_pieces(matrix, ground, 0, 0, 256, 256))) <= 64


@pytest.mark.parametrize("crs", ["IAU_2015:49900", "IAU_2015:49910"])
def test_another_planet_has_a_matrix_of_its_own(crs, tmp_path):
    body = pyproj.CRS.from_user_input("IAU_2015:49900")
    matrix = morecantile.TileMatrixSet.custom(
        [-180, -90, 180, 90], body, id="MarsQuad", title="Mars", matrix_scale=[2, 1]
    )
    projected = not pyproj.CRS.from_user_input(crs).is_geographic
    corner, cell = ((5e5, 5e5), 600.0) if projected else ((10.0, 10.0), 0.01)
    source = dem(np.add.outer(np.arange(40.0), 2 * np.arange(50.0)) - 5000, corner, cell, crs)
    made = vf.tiles(source, tmp_path / "t", matrix=matrix, encoding="terrarium")
    to_degrees = pyproj.Transformer.from_crs(crs, body, always_xy=True)
    west, north = to_degrees.transform(*corner)
    assert made.bounds[0] == pytest.approx(west, abs=0.01)
    assert made.bounds[3] == pytest.approx(north, abs=0.01)
    assert json.loads((tmp_path / "t/tiles.json").read_text("utf-8"))["bounds"] == list(made.bounds)
    with pytest.raises(vf.InvalidInputError, match="pass a matrix= on the same body"):
        vf.tiles(source, tmp_path / "e", encoding="terrarium")


def test_a_dem_of_one_cell_is_as_large_as_that(tmp_path):
    for shape in [(1, 1), (1, 9), (2, 2)]:
        source = dem(np.full(shape, 5.0), (10.0, 45.0), 0.001)
        vf.tiles(source, tmp_path / str(shape), zooms=14, encoding="terrarium")
        found = [
            np.asarray(PillowImage.open(path).convert("RGBA"))
            for path in (tmp_path / str(shape)).glob("*/*/*.png")
        ]
        known = sum(int((one[..., 3] > 0).sum()) for one in found)
        cells = 0.001 / (360 / 256 / 2**14)
        assert known == pytest.approx(shape[0] * shape[1] * cells**2 * 1.414, rel=0.25)


@pytest.mark.parametrize(
    ("encoding", "least", "step"), [("terrarium", -32768, 1 / 256), ("terrain-rgb", -10000, 0.1)]
)
def test_heights_are_coded_as_the_formula_says(encoding, least, step, tmp_path):
    heights = np.array([[-413.7, 0.0, 0.04], [8848.86, np.nan, -9999.9], [1.0, 2.0, 3.0]])
    # A DEM whose cells are the matrix's own is not resampled to anything else.
    side = 2 * 20037508.342789244 / 256 / 2**10
    source = dem(heights.repeat(2, 0).repeat(2, 1), (side * 5, side * 9), side, "EPSG:3857")
    vf.tiles(source, tmp_path, zooms=10, encoding=encoding)
    (path,) = tmp_path.glob("*/*/*.png")
    pixels = np.asarray(PillowImage.open(path).convert("RGBA"))
    row, column = 256 - 9, 5
    part = pixels[row : row + 6 : 2, column : column + 6 : 2].astype(np.int64)
    code = part[..., 0] << 16 | part[..., 1] << 8 | part[..., 2]
    known = np.isfinite(heights)
    assert np.array_equal(part[..., 3] > 0, known) and (code[~known] == 0).all()
    expected = np.rint((np.float32(heights[known]).astype(float) - least) / step)
    assert np.array_equal(code[known], expected)
