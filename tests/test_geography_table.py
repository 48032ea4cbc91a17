"""Each situation of the two tables of docs/geography.md that tests/test_geodesy.py and test_bearings.py do not have."""

import warnings

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.geo._pictures import warn_of_span

pytest.importorskip("rasterio")
pyproj = pytest.importorskip("pyproj")
from ground_truth import Truth  # noqa: E402

SHAPE = (16, 20)
NORWAY = (5e5, 7969000.0, 3.4e6, 11403000.0)  # 58 to 71 N
TILE = (1113194.0, 8399738.0, 1113794.0, 8400218.0)  # 10 E 60 N
ZOOM = 156543.03392804097 / 2**12

# Coordinate system and bounds, and by how many degrees rows and columns miss a right angle at most, where that is told.
PLACES = {
    # A pole within a polar grid, and poles of other bodies.
    "greenland": ("EPSG:3413", (-7e5, -3.4e6, 9e5, -6e5), 0.0),
    "ups beside the pole": ("EPSG:32761", (2.1e6, 2.1e6, 2.6e6, 2.6e6), 0.0),
    "mars polar": ("+proj=stere +lat_0=90 +lon_0=0 +R=3376200", (1e4, 1e4, 5e5, 5e5), 0.0),
    "moon's south": ("IAU_2015:30135", (2e4, -3e5, 3e5, -2e4), None),
    "mars south": ("IAU_2015:49935", (2e4, -3e5, 3e5, -2e4), None),
    "sea ice south": ("EPSG:3976", (-2.4e6, 4e5, -1.2e6, 1.9e6), 0.0),
    "equal area south": ("EPSG:6932", (5e5, 5e5, 2.6e6, 2.6e6), None),
    # The antimeridian.
    "utm 1": ("EPSG:32601", (1.2e5, 7e6, 3e5, 7.2e6), 0.0),
    "utm 60 south": ("EPSG:32760", (7e5, 4e6, 9e5, 4.2e6), 0.0),
    "170 to 190": ("EPSG:4326", (170, -20, 190, -10), 0.0),
    # A continent in one zone, wide grids and national ones.
    "united states": ("EPSG:32614", (-2.5e6, 2.7e6, 3.5e6, 5.7e6), None),
    "france": ("EPSG:2154", (1e5, 6.05e6, 1.24e6, 7.11e6), None),
    "britain": ("EPSG:27700", (0, 0, 7e5, 1.3e6), None),
    "krovak": ("EPSG:5514", (-9e5, -1.23e6, -4.3e5, -9.3e5), None),
    "swiss": ("EPSG:2056", (2.48e6, 1.07e6, 2.84e6, 1.3e6), None),
    "new zealand": ("EPSG:2193", (1.1e6, 4.75e6, 2.1e6, 6.2e6), None),
    "oblique": ("+proj=omerc +lat_0=40 +lonc=10 +alpha=30 +k=1 +gamma=0", (-2e5, -2e5, 2e5, 2e5), None),
    "two points": ("+proj=tpeqd +lat_1=40 +lon_1=10 +lat_2=50 +lon_2=20", (-3e5, -3e5, 3e5, 3e5), None),
    # Web Mercator.
    "norway": ("EPSG:3857", NORWAY, 0.0),
    "a tile at 60 N": ("EPSG:3857", TILE, 0.0),
    "a zoom level": ("EPSG:3857", (*TILE[:2], TILE[0] + 20 * ZOOM, TILE[1] + 16 * ZOOM), 0.0),
    "across the equator": ("EPSG:3857", (-1.5e6, -1.2e6, 1.5e6, 1.2e6), 0.0),
    "world mercator": ("EPSG:3395", (0, 7e6, 1e6, 8e6), 0.0),
    # Skewed projections.
    "modis h18v02": ("+proj=sinu +R=6371007.181", (0, 6671703.12, 1111950.52, 7783653.64), None),
    "robinson": ("ESRI:54030", (2e6, 3e6, 4e6, 5e6), None),
    "goode": ("ESRI:54052", (5e5, 4.8e6, 2e6, 6e6), None),
    "mollweide": ("ESRI:54009", (5e6, 5e6, 7e6, 6.5e6), None),
    "geostationary": ("+proj=geos +h=35785831 +lon_0=0 +sweep=y", (1e6, 2e6, 3e6, 4e6), None),
    "equal earth": ("EPSG:8857", (2e6, 3e6, 4e6, 5e6), None),
    # Rotated poles.
    "cosmo": ("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=40 +lon_0=10 +R=6371229", (-5, -5, 6.5, 6.5), None),
    "euro-cordex": ("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18", (-28.4, -23.4, 18.2, 21.9), None),
    # Units.
    "feet": ("EPSG:2229", (6.4e6, 1.8e6, 6.7e6, 2.0e6), 0.0),
    "new york feet": ("EPSG:2263", (9e5, 1.2e5, 1.07e6, 2.8e5), 0.0),
    "kilometres": ("+proj=utm +zone=33 +units=km", (400, 5000, 500, 5100), 0.0),
    "clarke's foot": ("EPSG:2314", (3e5, 3e5, 4e5, 4e5), None),
    "old datum": ("EPSG:4267", (-100, 40, -99, 41), 0.0),
    # Other bodies.
    "mercury": ("IAU_2015:19900", (10, 60, 20, 70), 0.0),
    "titan": ("IAU_2015:60600", (10, 60, 20, 70), 0.0),
    "mars degrees": ("ESRI:104905", (10, 60, 20, 70), 0.0),
    "enceladus": ("+proj=laea +lat_0=-90 +lon_0=0 +R=252100", (1e4, 1e4, 9e4, 9e4), None),
}  # fmt: skip
SKEWED = {"modis h18v02", "robinson", "goode", "mollweide", "geostationary", "equal earth"}
ALONE = 2e-3  # up to that lengths of a projection are left as they are


def turn(one, other):
    return (one - other + 180) % 360 - 180


@pytest.mark.parametrize("place", PLACES)
def test_sizes_and_bearings_at_the_middle_and_the_corners(place):
    text, bounds, skew = PLACES[place]
    truth = Truth(text, bounds, SHAPE)
    dem = vf.DEM(np.zeros(SHAPE, np.float32), bounds=bounds, crs=text, z_unit="m")
    ground = dem._grid.ground
    assert ground.geodesy.radius == pyproj.CRS(text).ellipsoid.semi_major_metre
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    np.testing.assert_allclose(dem.spacing, truth.size(*middle), rtol=ALONE)
    assert abs(turn(dem.convergence, truth.north(*middle))) < 0.01
    steps, most = ground.cells()[1], 0.0
    for row, column in [(0, 0), (0, -1), (-1, 0), (-1, -1), (8, 10)]:
        x, y = truth.x[row, column], truth.y[row, column]
        east, north = np.moveaxis(steps[row, column], -1, 0)
        np.testing.assert_allclose(np.hypot(east, north), truth.size(x, y), rtol=ALONE)
        along, up = np.degrees(np.arctan2(east, north))
        eastward = truth.geod.inv(*truth.degrees(x, y), *truth.degrees(x + truth.cell[0] / 100, y))[
            0
        ]
        assert abs(turn(up, truth.north(x, y))) < 0.02 and abs(turn(along, eastward)) < 0.02
        most = max(most, abs(turn(eastward - truth.north(x, y), 90)))
    assert ground.spread.skew == pytest.approx(most, abs=0.3)
    if skew is not None:
        assert ground.spread.skew == pytest.approx(skew, abs=0.05)
    assert (most > 10) == (place in SKEWED), most


@pytest.mark.parametrize("place", ["moon's south", "mars south", "ups beside the pole"])
def test_on_the_pole_itself_grid_north_counts(place):
    text = PLACES[place][0]
    middle = 2e6 if text == "EPSG:32761" else 0.0
    bounds = (middle - 3e5, middle - 3e5, middle + 3e5, middle + 3e5)
    dem = vf.DEM(np.zeros(SHAPE, np.float32), bounds=bounds, crs=text)
    assert dem._grid.middle[1] == -90 and dem.convergence == 0
    np.testing.assert_allclose(
        dem.spacing, Truth(text, bounds, SHAPE).size(middle, middle), rtol=1e-5
    )


def test_half_the_nominal_size_at_60_north_row_by_row():
    nominal = 30.0
    dem = vf.DEM(np.zeros(SHAPE, np.float32), bounds=TILE, crs="EPSG:3857")
    np.testing.assert_allclose(
        dem.spacing, (nominal / 2, nominal / 2), rtol=4e-3
    )  # the ellipsoid's share
    norway = vf.DEM(np.zeros(SHAPE, np.float32), bounds=NORWAY, crs="EPSG:3857")
    truth = Truth("EPSG:3857", NORWAY, SHAPE)
    for row in range(SHAPE[0]):
        size = truth.size(truth.x[row, 0], truth.y[row, 0])
        np.testing.assert_allclose(norway.spacing_by_row[row], size, rtol=1e-5)


def test_the_figures_of_the_table():
    wide = vf.DEM(
        np.zeros((60, 120), np.float32), bounds=PLACES["united states"][1], crs="EPSG:32614"
    )
    low, high = wide._grid.ground.spread.widths
    assert low == pytest.approx(45.0e3, rel=2e-3) and high == pytest.approx(50.0e3, rel=2e-3)
    usa = vf.DEM(np.zeros((100, 236)), bounds=(-125, 25, -66, 50), crs="EPSG:4326").reproject()
    low, high = usa._grid.ground.spread.widths
    assert usa.spacing[0] == pytest.approx(22541, rel=1e-3) and high / low == pytest.approx(
        1.04, abs=2e-3
    )
    europe = vf.DEM(np.zeros(SHAPE), bounds=(2.4e6, 1.4e6, 7.3e6, 5.5e6), crs="EPSG:3035")
    assert europe._grid.ground.spread.skew == pytest.approx(4.6, abs=0.4)


@pytest.mark.parametrize("pole", ["CF", "WKT", "PROJ"])
def test_a_rotated_pole_said_in_three_ways_is_one(pole):
    said = {
        "grid_mapping_name": "rotated_latitude_longitude", "grid_north_pole_latitude": 39.25,
        "grid_north_pole_longitude": -162.0, "earth_radius": 6371229.0,
    }  # fmt: skip
    bounds = (-23, -20, 22, 21)
    words = {
        "CF": said,
        "WKT": pyproj.CRS.from_cf(said).to_wkt(),
        "PROJ": "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229",
    }
    dem = vf.DEM(np.zeros(SHAPE), bounds=bounds, crs=words[pole])
    # (-0.5, 0.5) of a globe whose north pole stands at 39.25 N 162 W: by spherical trigonometry.
    lon, lat, tilt = np.radians([-0.5, 0.5, 90 - 39.25])
    x, y, z = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    x, z = np.cos(tilt) * x - np.sin(tilt) * z, np.sin(tilt) * x + np.cos(tilt) * z
    expected = 18 + np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(z))
    assert dem._grid.middle == pytest.approx(expected, abs=1e-9)
    across = 6371229 * np.radians(45 / 20) * np.cos(lat)
    assert dem.spacing == pytest.approx((across, 6371229 * np.radians(41 / 16)), rel=1e-3)


@pytest.mark.parametrize("bounds", [(170, -20, 190, -10), (-190, -20, -170, -10)])
def test_bounds_across_the_antimeridian(bounds):
    y, x = np.mgrid[0:24, 0:30]
    dem = vf.DEM(100.0 * x + y, bounds=bounds, crs="EPSG:4326")
    assert abs(dem._grid.middle[0]) == 180 and dem._grid.middle[1] == -15
    made = dem.reproject()
    assert np.isfinite(made.data).mean() > 0.9 and np.nanmax(made.data) == pytest.approx(
        2922, abs=60
    )
    with pytest.raises(
        vf.InvalidInputError, match=r"left < right.*antimeridian go on counting: 170 to 190"
    ):
        vf.DEM(dem.data, bounds=(170, -20, -170, -10), crs="EPSG:4326")


def test_grids_with_north_up_turn_nothing():
    for crs, bounds in [
        ("EPSG:4326", (10, 45, 11, 46)), ("EPSG:4807", (0, 50, 1, 51)), ("EPSG:3857", TILE),
        ("+proj=eqc +R=3396190", (0, 3e6, 1e5, 3.1e6)),
    ]:  # fmt: skip
        dem = vf.DEM(np.zeros(SHAPE), bounds=bounds, crs=crs)
        assert abs(dem.convergence) < 1e-6 and dem._grid.ground.spread.turn < 1e-6
        assert dem._grid.ground.alike_along_rows
    assert not vf.DEM(
        np.zeros(SHAPE), bounds=(1e5, 6.05e6, 1.2e6, 7e6), crs="EPSG:2154"
    )._grid.ground.alike_along_rows


# --- rows and columns askew ---------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [1e-4, 0.5, 5.9])
@pytest.mark.parametrize("kind", ["rotated", "sheared"])
def test_a_transform_that_is_not_north_up_is_refused_however_little(degrees, kind, tmp_path):
    geotiffs = pytest.importorskip("geotiffs")
    tangent = np.tan(np.radians(degrees))
    askew = (30, 30 * tangent, 4e5, 30 * tangent if kind == "rotated" else 0, -30, 5e6)
    import rasterio

    path = geotiffs.write(
        tmp_path / "r.tif", np.zeros((4, 5), np.float32), transform=rasterio.Affine(*askew)
    )
    for work in (
        lambda: vf.DEM(np.zeros((4, 5)), transform=askew, crs="EPSG:32633"),
        lambda: vf.as_dem((np.zeros((4, 5)), askew, "EPSG:32633")),
        lambda: vf.open(path),
        lambda: vf.relief.slope(path),
    ):
        with pytest.raises(
            vf.InvalidInputError, match=r"rotated by .* degrees or sheared.*WarpedVRT"
        ):
            work()


def test_a_projection_that_skews_squares_as_much_as_sizes_may_differ_is_told():
    """With 6 degrees the diagonals of a square are 5 % off: sqrt(1 + sin 6) = 1.051."""
    for tilt, told in ((5.4, False), (6.4, True)):
        x = (
            6371007.181 * np.radians(tilt) / np.tan(np.radians(30))
        )  # of a sinusoidal grid at 30 N: tan skew = lon sin(lat)
        bounds = (x - 2e4, 3.32e6, x + 2e4, 3.35e6)
        dem = vf.DEM(np.zeros(SHAPE), bounds=bounds, crs="+proj=sinu +R=6371007.181")
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            warn_of_span(dem._grid)
        assert [("right angle" in str(one.message)) for one in said] == [True] * told
