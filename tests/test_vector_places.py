"""Where geometries of any coordinate system lie beside the DEM."""

import numpy as np
import pytest
import vulkan_forge as vf
from test_vector_inputs import utm
from vulkan_forge.vector._place import in_world
from vulkan_forge.vector._read import as_rings, read

shapely = pytest.importorskip("shapely")


def test_world_metres_are_of_the_middle():
    dem = utm()
    middle, corner = (398_000, 3_795_000), (380_000, 3_810_000)
    shapes = in_world(read(np.array([middle, corner], float)), "EPSG:32611", dem._grid)
    assert np.allclose(shapes.xy, [(0, 0), (-18_000, 15_000)], atol=1e-6)
    same_place = in_world(read(np.array([middle], float)), "dem", dem._grid)
    assert np.allclose(same_place.xy, 0, atol=1e-6)
    assert (in_world(read(np.array([[5.0, 6.0]])), "world", dem._grid).xy == [[5, 6]]).all()


def test_long_edges_are_exact_to_a_fraction_of_a_cell():
    pyproj = pytest.importorskip("pyproj")
    dem = utm()
    edge = np.array([[-118.5, 34.3], [-117.6, 34.3]])  # along a parallel, which bends in UTM
    shapes = in_world(read(edge, [0, 2]), "EPSG:4326", dem._grid)
    assert len(shapes.xy) > 2
    east = np.linspace(-118.4, -117.7, 500)
    transformer = pyproj.Transformer.from_crs(4326, 32611, always_xy=True)
    x, y = transformer.transform(east, np.full(500, 34.3))
    true = np.column_stack([x - 398_000, y - 3_795_000])
    line = shapely.LineString(shapes.xy)
    off = shapely.distance(line, shapely.points(true))
    inside = np.abs(true).max(axis=1) < 15_000
    assert off[inside].max() < 0.15 * 300 and inside.sum() > 100
    chord = shapely.LineString(
        np.column_stack(transformer.transform(*edge.T)) - (398_000, 3_795_000)
    )
    assert shapely.distance(chord, shapely.points(true))[inside].max() > 30


def test_the_other_side_of_the_earth_is_cut_off():
    dem = utm()
    world = shapely.box(-180, -90, 180, 90)
    holed = world.difference(shapely.box(-118.2, 34.2, -118.1, 34.3))
    shapes = in_world(read([holed]), "EPSG:4326", dem._grid)
    assert np.isfinite(shapes.xy).all() and np.abs(shapes.xy).max() < 1e6
    rings = [
        shapely.Polygon(shapes.xy[a:b])
        for a, b in zip(shapes.offsets, shapes.offsets[1:], strict=False)
    ]
    shell, hole = sorted(rings, key=lambda ring: -ring.area)
    assert shell.contains(shapely.box(-18_000, -15_000, 18_000, 15_000)) and shell.contains(hole)
    equator = shapely.LineString([(-180, 34.25), (180, 34.25)])
    line = in_world(read([equator]), "EPSG:4326", dem._grid)
    crossing = shapely.LineString(line.xy).intersection(
        shapely.box(-18_000, -15_000, 18_000, 15_000)
    )
    assert 35_990 < crossing.length < 36_100
    far = in_world(
        read([shapely.Point(100, 10), shapely.box(10, 10, 20, 20)]), "EPSG:4326", dem._grid
    )
    assert len(far.rows) == 0


def test_what_goes_to_infinity_takes_no_memory():
    """On a map about a pole the other pole is nowhere, and what is beside it is as far off as numbers go."""
    pytest.importorskip("rasterio")
    dem = vf.DEM(np.zeros((60, 60)), bounds=(-6e5, -6e5, 6e5, 6e5), crs="EPSG:3413")
    ground = shapely.box(-(sides := 0.5 * dem.spacing[0] * 60), -sides, sides, sides)
    for polygon in (shapely.box(-180, -90, 180, 90), shapely.box(-180, -89.99, 180, 89.99)):
        shapes = in_world(read([polygon]), "EPSG:4326", dem._grid)
        assert len(shapes.xy) < 200_000
        area = shapely.Polygon(shapes.xy[: shapes.lengths[0]])
        assert shapely.contains_xy(area, -0.9 * sides, 0.9 * sides) and area.intersects(ground)
    # A meridian from pole to pole is straight there, and within a tenth of a cell where it crosses the DEM.
    way = in_world(
        read(np.array([[10.0, -89], [10, 90], [-100, -89]]), [0, 3]), "EPSG:4326", dem._grid
    )
    assert len(way.xy) < 20_000
    assert shapely.distance(shapely.LineString(way.xy), shapely.Point(0, 0)) < 0.1 * dem.spacing[0]


def test_edges_that_bend_both_ways_are_exact():
    """Through the middle of a zone on the equator the chord of such an edge meets it in its middle."""
    pyproj = pytest.importorskip("pyproj")
    pytest.importorskip("rasterio")
    dem = vf.DEM(
        np.zeros((1000, 1000)), bounds=(350_000, -150_000, 650_000, 150_000), crs="EPSG:32633"
    )
    shapes = in_world(read(np.array([[12.0, -3.0], [18.0, 3.0]]), [0, 2]), "EPSG:4326", dem._grid)
    share = np.linspace(-0.2, 0.2, 400)
    x, y = pyproj.Transformer.from_crs(4326, 32633, always_xy=True).transform(
        15 + 6 * share, 6 * share
    )
    true = np.column_stack([(x - 500_000) / 300 * dem.spacing[0], y / 300 * dem.spacing[1]])
    off = shapely.distance(shapely.LineString(shapes.xy), shapely.points(true))
    assert off.max() < 0.15 * 300


def test_clipping_lines_keeps_what_is_inside():
    from vulkan_forge.vector._clip import clipped

    box = (0.0, 0.0, 10.0, 10.0)
    rng = np.random.default_rng(1)
    lines = [shapely.LineString(rng.uniform(-8, 18, (rng.integers(2, 9), 2))) for _ in range(200)]
    found = clipped(read(lines).shapes, box)
    area = shapely.box(*box)
    for row, line in enumerate(lines):
        ours = [
            found.xy[found.offsets[i] : found.offsets[i + 1]]
            for i in np.flatnonzero(found.rows == row)
        ]
        length = sum(np.hypot(*np.diff(part, axis=0).T).sum() for part in ours)
        assert abs(length - line.intersection(area).length) < 1e-9
    polygons = [shapely.Point(rng.uniform(-3, 13, 2)).buffer(rng.uniform(1, 9)) for _ in range(100)]
    found = clipped(read(polygons).shapes, box)
    for row, polygon in enumerate(polygons):
        ours = [
            found.xy[found.offsets[i] : found.offsets[i + 1]]
            for i in np.flatnonzero(found.rows == row)
        ]
        area_of = sum(shapely.Polygon(part).area for part in ours)
        assert abs(area_of - polygon.intersection(area).area) < 1e-9


def test_it_must_be_known_how_data_and_dem_lie_to_each_other():
    plain, placed = vf.DEM(np.zeros((4, 4))), utm()
    lonlat = {"type": "Point", "coordinates": [-118, 34]}
    with pytest.raises(
        vf.InvalidInputError, match=r"expected a DEM with one; got OGC:CRS84 .* crs='world'"
    ):
        in_world(read(lonlat), None, plain._grid)
    with pytest.raises(
        vf.InvalidInputError, match="must say what its coordinates are; got none; pass crs="
    ):
        in_world(read(np.zeros((1, 2))), None, placed._grid)
    with pytest.raises(
        vf.InvalidInputError, match="crs must be a coordinate system that PROJ knows"
    ):
        in_world(read(np.zeros((1, 2))), "EPSG:1", placed._grid)
    assert (in_world(read(np.ones((1, 2))), None, None).xy == 1).all()


def test_coordinates_that_are_not_finite():
    line = np.array([[0, 0], [1, 1], [np.nan, 0], [3, 3], [4, 4]], float)
    parted = in_world(read(line, [0, 5]), None, None)
    assert parted.lengths.tolist() == [2, 2] and parted.rows.tolist() == [0, 0]
    with pytest.raises(vf.InvalidInputError, match=r"must be finite; got \(nan, 0.0\) in row 2"):
        in_world(read(line), None, None)
    with pytest.raises(vf.InvalidInputError, match="in row 0"):
        in_world(read(np.array([[0, np.inf], [1, 1]]), [0, 2]), None, None)


@pytest.mark.parametrize("half", [8e6, 12e6, 17e6])
@pytest.mark.parametrize("middle", [0, 150])
def test_maps_that_are_half_the_world_wide_have_all_that_lies_on_them(middle, half):
    """What surrounds such a DEM by its own width goes beyond the map, which begins anew there."""
    pytest.importorskip("rasterio")
    crs = f"+proj=merc +lon_0={middle}"
    dem = vf.DEM(np.zeros((60, 90), np.float32), crs=crs, bounds=(-half, -6e6, half, 6e6))
    lines = [shapely.LineString([(lon, 15), (lon + 2, 15)]) for lon in range(-180, 180, 2)]
    x = in_world(read(lines), "EPSG:4326", dem._grid).xy[:, 0]
    x = np.sort(x[np.abs(x) < half])
    assert np.diff(x).max() < 225_000 and x[0] < 225_000 - half and x[-1] > half - 225_000


def test_a_dem_beside_the_antimeridian_is_not_covered_by_the_other_side_of_the_earth():
    """What lies opposite the middle of a transverse Mercator map goes round all of it, and is cut off."""
    pytest.importorskip("rasterio")
    bounds = (1_000_000, 4_700_000, 2_100_000, 6_200_000)
    dem = vf.DEM(np.zeros((150, 110), np.float32), crs="EPSG:2193", bounds=bounds)
    opposite, beside = shapely.box(-10, -5, -5, 0), shapely.box(-178, -45, -170, -35)
    shapes = in_world(
        read([opposite, beside, shapely.box(182, -45, 190, -35)]), "EPSG:4326", dem._grid
    )
    assert shapes.rows.tolist() == [1, 2]
    assert np.allclose(shapes.xy[: shapes.offsets[1]], shapes.xy[shapes.offsets[1] :])


@pytest.mark.parametrize(
    ("projection", "seam"),
    [("eqearth +lon_0=150", -30.0), ("robin", 180.0), ("lcc +lat_1=33 +lat_2=45 +lon_0=-96", 84.0)],
)
def test_what_crosses_the_seam_of_a_map_is_on_both_sides_of_it(projection, seam):
    pytest.importorskip("rasterio")
    bounds = (-20e6, -9e6, 20e6, 12e6)
    dem = vf.DEM(np.zeros((420, 800), np.float32), crs=f"+proj={projection}", bounds=bounds)
    grid = dem._grid

    def placed(*geometries):
        return in_world(read(list(geometries)), "EPSG:4326", grid)

    west, east = (shapely.box(seam - 9, 5, seam, 40), shapely.box(seam, 5, seam + 9, 40))
    hole = shapely.box(seam - 2, 10, seam + 2, 20)
    halves = placed(west - hole, east - hole)
    found = placed(shapely.box(seam - 9, 5, seam + 9, 40) - hole)
    lines = placed(
        shapely.LineString([(seam - 9, 20), (seam + 9, 20)]),
        shapely.box(seam - 9, 5, seam, 40).exterior,
    )
    assert (lines.rows == 0).sum() == 2 and (lines.rows == 1).sum() == 1

    def covered(shapes):
        rings = np.split(shapes.xy, shapes.offsets[1:-1])
        areas = np.array([shapely.Polygon(ring).area for ring in rings])
        assert max(np.ptp(ring[:, 0]) for ring in [*rings, lines.xy[: lines.offsets[1]]]) < 4e6
        return areas[~shapes.holes].sum() - areas[shapes.holes].sum()

    assert len(halves.rows) == 2
    assert abs(covered(found) / covered(halves) - 1) < 1e-3


@pytest.mark.parametrize(
    ("dem_crs", "lon", "crs"),
    [
        ("EPSG:32601", -178.0, "EPSG:4326"),
        ("EPSG:4326", 260.0, "EPSG:4269"),
        ("EPSG:3857", 12.0, "EPSG:4807"),
    ],
)
def test_longitudes_of_another_turn_are_where_they_belong(dem_crs, lon, crs):
    """On any map, not only one in longitudes: most of NOAA's data goes from 0 to 360."""
    pyproj = pytest.importorskip("pyproj")
    source, target = pyproj.CRS(crs), pyproj.CRS(dem_crs)
    x, y = pyproj.Transformer.from_crs(source, target, always_xy=True).transform(lon, 40)
    reach = 1.0 if target.is_geographic else 50_000.0
    x = lon if target.is_geographic else x
    dem = vf.DEM(
        np.zeros((50, 50)), crs=dem_crs, bounds=(x - reach, y - reach, x + reach, y + reach)
    )
    turn = 400.0 if crs == "EPSG:4807" else 360.0
    ring = lon + np.array([-0.1, 0.1, 0.1, -0.1]), 40 + np.array([-0.1, -0.1, 0.1, 0.1])
    shape = as_rings(read(np.column_stack(ring), [0, 4]))
    expected = in_world(shape, crs, dem._grid)
    assert len(expected.rows) == 1 and np.abs(expected.xy).max() < 60_000
    for turns in (-turn, turn):
        moved = shape._replace(
            shapes=shape.shapes._replace(xy=np.add(shape.shapes.xy, (turns, 0.0)))
        )
        found = in_world(moved, crs, dem._grid)
        assert found.rows.tolist() == [0]
        np.testing.assert_allclose(found.xy, expected.xy, atol=0.01)
