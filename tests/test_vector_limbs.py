"""Areas that go on beyond the limb of a globe."""

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector import _place
from vulkan_forge.vector._place import closed, in_world
from vulkan_forge.vector._read import read

shapely = pytest.importorskip("shapely")
pyproj = pytest.importorskip("pyproj")
pytest.importorskip("rasterio")
pytestmark = pytest.mark.filterwarnings("ignore::vulkan_forge.VerticalScaleWarning")

RADIUS = 6_371_000.0
SPHERE = f"+proj=longlat +R={RADIUS}"


def globe(system, half):
    return vf.DEM(np.zeros((600, 600)), bounds=(-half, -half, half, half), crs=system)


def ortho(more="+lat_0=0 +lon_0=0"):
    return globe(f"+proj=ortho +R={RADIUS} {more}", 6.3e6)


def on_map(polygon, dem, crs=SPHERE):
    """What is left of it, as rings in metres of the map, holes last."""
    features = read([polygon])
    shapes = in_world(features._replace(shapes=closed(features.shapes)), crs, dem._grid)
    assert (shapes.rows == 0).all()
    scale = (dem.bounds[2] - dem.bounds[0]) / 600 / np.array(dem.spacing)
    return [
        (shapely.Polygon(shapes.xy[start:end] * scale), hole)
        for start, end, hole in zip(
            shapes.offsets[:-1], shapes.offsets[1:], shapes.holes, strict=True
        )
    ]


def area(rings):
    return sum(ring.area * (-1 if hole else 1) for ring, hole in rings)


def from_meridian(west, south, north):
    """Area between a meridian and the limb of a globe seen from (0, 0), in radii squared."""
    south, north = np.radians([south, north])
    integral = (north - south) / 2 + (np.sin(2 * north) - np.sin(2 * south)) / 4
    return (1 - np.sin(np.radians(west))) * integral


def rolled(polygon, by):
    ring = np.asarray(polygon.exterior.coords)[:-1]
    return shapely.Polygon(np.roll(ring, by, axis=0))


@pytest.mark.parametrize("turned", [False, True], ids=["ccw", "cw"])
@pytest.mark.parametrize("by", range(4))
def test_a_box_ends_along_the_limb(by, turned):
    box = rolled(shapely.box(40, -30, 130, 50), by)
    found = on_map(shapely.reverse(box) if turned else box, ortho())
    assert len(found) == 1
    assert area(found) == pytest.approx(from_meridian(40, -30, 50) * RADIUS**2, rel=2e-3)
    limb = np.hypot(*np.asarray(found[0][0].exterior.coords).T)
    assert limb.max() == pytest.approx(RADIUS, rel=1e-9)
    assert found[0][0].covers(shapely.Point(0.999 * RADIUS, 0))


def test_holes_and_several_arms():
    """A ring cut by the limb in its area and its hole; a comb whose arms reach beyond it."""
    ring = shapely.box(40, -50, 140, 50).difference(shapely.box(60, -20, 120, 20))
    expected = from_meridian(40, -50, 50) - from_meridian(60, -20, 20)
    assert area(on_map(ring, ortho())) == pytest.approx(expected * RADIUS**2, rel=2e-3)
    comb = shapely.box(40, -50, 140, 50).difference(shapely.box(60, -20, 150, 20))
    assert area(on_map(comb, ortho())) == pytest.approx(expected * RADIUS**2, rel=2e-3)
    arms = shapely.box(40, -50, 140, 50).difference(shapely.box(30, -20, 89, 20))
    right = from_meridian(40, -50, -20) + from_meridian(40, 20, 50) + from_meridian(89, -20, 20)
    assert area(on_map(arms, ortho())) == pytest.approx(right * RADIUS**2, rel=2e-3)


def test_round_the_globe_and_behind_it():
    disc = np.pi * RADIUS**2
    whole = shapely.box(-120, -80, 120, 80)
    missing = 2 * (np.pi / 2 - np.radians(80) - np.sin(np.radians(160)) / 2)
    assert area(on_map(whole, ortho())) == pytest.approx(disc - missing * RADIUS**2, rel=2e-3)
    assert on_map(shapely.box(100, -40, 170, 40), ortho()) == []
    # From the pole the parallel of 10 degrees south is behind the limb, and round it.
    polar, cap = ortho("+lat_0=90 +lon_0=0"), shapely.box(-180, -10, 180, 90)
    for ring in (cap, shapely.reverse(cap), rolled(cap, 1), rolled(cap, 2)):
        assert area(on_map(ring, polar)) == pytest.approx(disc, rel=1e-4)
    belt = cap.difference(shapely.box(-170, 40, 170, 70))  # a hole that is seen whole
    assert area(on_map(belt, polar)) == pytest.approx(
        disc
        - np.radians(340)
        / 2
        * (np.cos(np.radians(40)) ** 2 - np.cos(np.radians(70)) ** 2)
        * RADIUS**2,
        rel=2e-3,
    )


@pytest.mark.parametrize(
    ("system", "half"),
    [
        ("+proj=geos +h=35785831 +lon_0=20", 5.5e6),
        ("+proj=geos +h=35785831 +lon_0=20 +sweep=x", 2.7e6),
        ("+proj=nsper +h=3000000 +lat_0=35 +lon_0=20", 4e6),
        ("+proj=tpers +h=5500000 +lat_0=-20 +lon_0=60 +tilt=10 +azi=20", 5e6),
        ("+proj=ortho +lat_0=50 +lon_0=-30 +x_0=800000", 6e6),
    ],
)
def test_each_place_is_in_it_that_was(system, half):
    dem = globe(system, half)
    star = shapely.Polygon(
        [
            (50 + (60 if k % 2 else 25) * np.cos(k * np.pi / 5), 70 * np.sin(k * np.pi / 5) + 5)
            for k in range(10)
        ]
    )
    star = star.difference(shapely.box(45, -5, 75, 20))
    found = on_map(star, dem, "EPSG:4326")
    back = pyproj.Transformer.from_crs("EPSG:4326", dem.crs.to_wkt(), always_xy=True)
    x, y = (part.ravel() for part in np.meshgrid(*2 * [np.linspace(-0.98, 0.98, 80) * half]))
    places = np.array(back.transform(x, y, direction="INVERSE"))
    wanted = np.isfinite(places).all(axis=0)
    wanted[wanted] = shapely.contains_xy(star, *places[:, wanted])
    got = sum(shapely.contains_xy(ring, x, y) for ring, _ in found) % 2 == 1
    assert 0.02 < wanted.mean() < 0.9 and (got != wanted).mean() < 0.002


def test_heights_go_on_along_the_limb():
    ring = [(40, -30, 100), (130, -30, 200), (130, 50, 300), (40, 50, 400), (40, -30, 100)]
    features = read([shapely.Polygon(ring)])
    shapes = in_world(features, SPHERE, ortho()._grid)
    assert len(shapes.rows) == 1 and len(shapes.z) == len(shapes.xy)
    assert 100 <= shapes.z.min() <= shapes.z.max() <= 400


def test_a_map_without_a_limb_tells_where_areas_end(monkeypatch):
    monkeypatch.setattr(_place, "limb_of", lambda *_: None)
    for by in range(4):
        with pytest.warns(vf.GeometryWarning, match=r"areas of row 0 .* cut them at its limb"):
            found = on_map(rolled(shapely.box(40, -30, 130, 50), by), ortho())
        assert len(found) == 1  # what is seen in one piece stays one


@pytest.mark.gpu
def test_a_ring_of_one_vertex_is_no_area():
    layer = vf.Polygons(np.array([[130.0, 0.0]]), offsets=[0, 1], fill="red", crs=SPHERE)
    look = {"size": (40, 30), "camera": vf.Camera.map(), "lit": False}
    plain = vf.render(ortho(), **look)
    drawn = vf.render(ortho(), layers=[layer], **look)
    assert (drawn.rgba == plain.rgba).all()


@pytest.mark.parametrize(
    ("system", "half"), [("laea", 8.9e6), ("aeqd", 1.4e7), ("stere", 2e7)], ids=lambda value: value
)
def test_areas_may_hold_the_place_opposite_the_middle_of_a_map(system, half):
    """All but the north, by two ways to say so, a box around that place, and a ring whose hole has it."""
    dem = globe(f"+proj={system} +lat_0=40 +lon_0=10 +R={RADIUS}", half)
    x, y = np.meshgrid(*[np.linspace(-0.99, 0.99, 41) * half] * 2)
    to_data = pyproj.Transformer.from_crs(dem.crs.to_wkt(), SPHERE, always_xy=True)
    lon, lat = to_data.transform(x, y)
    opposite = shapely.box(-215, -60, -125, -15)
    for polygon in (
        shapely.box(-180, -90, 180, 62),
        shapely.reverse(shapely.box(-180, -90, 180, 62)).segmentize(5),
        opposite,
        shapely.box(-220, -70, -110, 10).difference(opposite),
        shapely.box(-10, 20, 40, 60),
    ):
        found = np.zeros(x.shape, int)
        for ring, hole in on_map(polygon, dem):
            found += (-1 if hole else 1) * shapely.contains_xy(ring, x, y)
        expected = np.zeros(x.shape, bool)
        for turn in (-360, 0):
            expected |= shapely.contains_xy(polygon, lon + turn, lat)
        assert (found != expected).mean() < 0.02 and not expected.all()
        assert (
            expected.any() or polygon is opposite
        )  # of which a stereographic map has all too far off
