"""Sizes of cells against geodesics, wherever a DEM lies, and the projection that ``reproject`` chooses."""

import pickle
import warnings

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge import relief
from vulkan_forge.geo._pictures import warn_of_span

pytest.importorskip("rasterio")
pyproj = pytest.importorskip("pyproj")
from ground_truth import PLACES, Truth  # noqa: E402

SHAPE = (24, 30)


def refusal(work, *words):
    with pytest.raises(vf.InvalidInputError) as said:
        work()
    for word in words:
        assert word in str(said.value), said.value


def dem_at(place, shape=SHAPE):
    text, bounds = PLACES[place]
    return vf.DEM(np.zeros(shape, np.float32), bounds=bounds, crs=text, z_unit="m")


@pytest.mark.parametrize("place", PLACES)
def test_cells_are_as_geodesics_measure_them(place):
    dem, truth = dem_at(place), Truth(*PLACES[place], SHAPE)
    left, bottom, right, top = dem.bounds
    middle = (left + right) / 2, (bottom + top) / 2
    near = 2e-3 if place == "utm rim" else 1e-5  # up to that a projection is left alone
    np.testing.assert_allclose(dem.spacing, truth.size(*middle), rtol=near)
    for row in (0, 11, 23):
        size = truth.size(middle[0], truth.y[row, 0])
        np.testing.assert_allclose(dem.spacing_by_row[row], size, rtol=near)
    sizes = np.array([truth.size(x, y) for x in truth.x[0, ::7] for y in truth.y[::7, 0]])
    widths, heights = dem._grid.ground.spread[:2]
    for known, (least, greatest) in ((sizes[:, 0], widths), (sizes[:, 1], heights)):
        assert least <= known.min() * (1 + near) and greatest >= known.max() * (1 - near)


def test_a_column_that_meets_the_pole():
    dem = vf.DEM(
        np.zeros((134, 134), "f4"), transform=(50e3, 0, -3.35e6, 0, -50e3, 3.35e6), crs="EPSG:3031"
    )
    np.testing.assert_allclose(dem.spacing, 50e3 / 0.972769, rtol=1e-5)
    with pytest.warns(vf.VerticalScaleWarning, match="5.14e\\+04 m wide"):
        warn_of_span(dem._grid)


def test_degrees_on_a_pole_and_across_the_antimeridian():
    nodes = vf.DEM(np.zeros((181, 36), "f4"), transform=(10, 0, -5, 0, -1, 90.5), crs="EPSG:4326")
    widths = nodes.spacing_by_row[:, 0]
    assert (
        0 < widths[0] < 1 and 0 < widths[-1] < 1 and widths[90] == pytest.approx(1113195, rel=1e-3)
    )
    fiji = vf.DEM(np.zeros((20, 40), "f4"), bounds=(175, -20, 185, -15), crs="EPSG:4326")
    assert fiji.spacing[0] == pytest.approx(26550, rel=1e-3)
    assert fiji._grid.middle == pytest.approx((180, -17.5))
    assert fiji.reproject().crs.to_epsg() in (32701, 32760)


def test_longitudes_count_from_greenwich_whatever_the_system_has():
    paris = vf.DEM(np.zeros(SHAPE), bounds=(0, 50, 1, 51), crs="EPSG:4807")
    assert paris._grid.middle == pytest.approx((2.33722917 + 0.45, 45.45), abs=1e-7)


@pytest.mark.parametrize("degree", ["grad", "radian"])
def test_degrees_in_other_units(degree):
    factor = {"grad": 0.9, "radian": np.degrees(1)}[degree]
    unit = {"grad": 'UNIT["grad",0.015707963267948967]', "radian": 'UNIT["radian",1]'}[degree]
    wkt = f'GEOGCS["g",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],{unit}]'
    bounds = np.array([10, 46, 10.4, 46.3])
    other = vf.DEM(np.zeros(SHAPE), bounds=bounds / factor, crs=wkt)
    usual = vf.DEM(np.zeros(SHAPE), bounds=bounds, crs="EPSG:4326")
    np.testing.assert_allclose(other.spacing, usual.spacing, rtol=1e-6)
    np.testing.assert_allclose(other._grid.middle, usual._grid.middle, rtol=1e-9)
    vf.DEM(np.zeros(SHAPE), bounds=np.array([10, 80, 11, 89]) / factor, crs=wkt)
    with pytest.raises(vf.InvalidInputError, match=r"within 90 degrees; got 9\d"):
        vf.DEM(np.zeros(SHAPE), bounds=np.array([10, 80, 11, 96]) / factor, crs=wkt)


BODIES = {
    "+proj=longlat +R=1737400": 1737400.0,
    "+proj=longlat +a=3396190 +b=3376200": 3396190.0,
    "IAU_2015:49900": 3396190.0,
    "IAU_2015:30110": 1737400.0,
    "ESRI:104905": 3396190.0,
    "+proj=eqc +R=252100": 252100.0,  # Enceladus
    "EPSG:4326": 6378137.0,
    "+proj=utm +zone=33 +ellps=bessel": 6377397.155,
}


@pytest.mark.parametrize("text", BODIES)
def test_bodies_have_their_own_radius(text):
    degrees = pyproj.CRS(text).is_geographic
    bounds = (0, 0, 1, 1) if degrees else (1e5, 1e5, 1.3e5, 1.3e5)
    ground = vf.DEM(np.zeros(SHAPE), bounds=bounds, crs=text)._grid.ground
    assert ground.geodesy.radius == BODIES[text]
    assert ground.geodesy.on_earth == (BODIES[text] > 6e6)


def test_mars_at_60_north():
    mars = "+proj=eqc +lat_ts=0 +lon_0=0 +R=3396190 +units=m +no_defs"
    transform = (463, 0, 0, 0, -463, 3396190 * np.pi / 3 + 463 / 2)
    dem = vf.DEM(np.zeros((1, 50)), transform=transform, crs=mars)
    np.testing.assert_allclose(dem.spacing, (231.5, 463), rtol=1e-6)


# --- reproject ----------------------------------------------------------------------------------------

WORLD = {
    "united states": ((-125, 25, -66, 50), "EPSG:4326"),
    "europe": ((-10, 35, 40, 72), "EPSG:4326"),
    "chile": ((-75, -56, -65, -18), "EPSG:4326"),
    "indonesia": ((94, -11, 142, 7), "EPSG:4326"),
    "new zealand": ((165, -48, 185, -33), "EPSG:4326"),
    "svalbard": ((10, 76, 34, 81), "EPSG:4326"),
    "antarctica": ((-180, -90, 180, -60), "EPSG:4326"),
    "arctic": ((-180, 75, 180, 90), "EPSG:4326"),
    "a utm zone": ((10, 46, 10.5, 46.4), "EPSG:4326"),
    "mercator": ((-1e6, 6e6, 2e6, 1.1e7), "EPSG:3857"),
    "a moon's pole": ((0, -90, 40, -80), "IAU_2015:30100"),
    "mars": ((130, 10, 145, 30), "+proj=longlat +R=3396190"),
    "sinusoidal": ((-5e6, 5e6, -3.9e6, 6.1e6), "ESRI:54008"),
}


@pytest.mark.parametrize("where", WORLD)
def test_reproject_serves_the_raster(where):
    """What comes out has an even scale, and each height lies where it lay."""
    bounds, crs = WORLD[where]
    dem = vf.DEM(np.zeros((90, 120), np.float32), bounds=bounds, crs=crs)
    lon, lat = dem._grid.ground.geodesy.degrees(*np.meshgrid(*dem._grid.coordinates))
    space = np.cos(np.radians(lat)) * np.cos(np.radians(lon)), np.sin(np.radians(lat))
    dem = vf.DEM(1000 * (space[0] + space[1]), bounds=bounds, crs=crs)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = dem.reproject()
        warn_of_span(made._grid)
    spread = made._grid.ground.spread
    assert max(spread.widths[1] / spread.widths[0], spread.heights[1] / spread.heights[0]) < 1.05
    assert made.spacing[0] == pytest.approx(made._grid.cell[0], rel=0.04)
    lon, lat = made._grid.ground.geodesy.degrees(*np.meshgrid(*made._grid.coordinates))
    space = np.cos(np.radians(lat)) * np.cos(np.radians(lon)), np.sin(np.radians(lat))
    wrong = np.abs(made.data - 1000 * (space[0] + space[1]))
    assert np.isfinite(wrong).mean() > 0.3
    assert np.nanpercentile(wrong, 98) < 12  # a cell's worth
    assert (made.crs.to_epsg() or 0) // 100 == 326 or where != "a utm zone"


def test_what_no_projection_serves_is_told():
    globe = vf.DEM(np.zeros((18, 36)), bounds=(-180, -90, 180, 90), crs="EPSG:4326")
    refusal(globe.reproject, "-180 to 180", "crop")
    with pytest.warns(vf.VerticalScaleWarning, match="no projection has an even scale"):
        warn_of_span(globe._grid)
    usa = vf.DEM(np.zeros((18, 36)), bounds=(-125, 25, -66, 50), crs="EPSG:4326")
    with pytest.warns(vf.VerticalScaleWarning, match=r"use dem.reproject\(\)"):
        warn_of_span(usa._grid)
    skewed = dem_at("sinusoidal")
    with pytest.warns(vf.VerticalScaleWarning, match="miss a right angle by up to"):
        warn_of_span(skewed._grid)


def test_a_grid_that_has_been_measured_can_be_pickled():
    dem = dem_at("albers")
    again = pickle.loads(pickle.dumps(dem))
    assert again.spacing == dem.spacing and again.bounds == dem.bounds


# --- other bodies in operators ------------------------------------------------------------------------

MARS = "+proj=eqc +lat_ts=0 +lon_0=0 +R=3396190 +units=m"


@pytest.mark.gpu
def test_operators_know_the_body():
    shape, bounds = (30, 40), (0, 3.0e6, 40 * 463, 3.0e6 + 30 * 463)
    heights = 40.0 * np.add.outer(np.zeros(30), np.arange(40.0)).astype(np.float32)
    dem = vf.DEM(heights, bounds=bounds, crs=MARS)
    dx = Truth(MARS, bounds, shape).size(20 * 463, 3.0e6 + 15 * 463)[0]
    steep = np.degrees(np.arctan(40 / dx))
    np.testing.assert_allclose(relief.slope(dem).data[15, 5:-5], steep, rtol=1e-3)


@pytest.mark.gpu
def test_a_viewshed_sinks_with_the_body():
    """A wall at 8 km is hidden by the curve of a small body, and seen on a large one."""
    heights = np.zeros((3, 401), np.float32)
    heights[:, 399:] = 3.0
    for radius, seen in ((252100.0, 0.0), (6378137.0, 1.0)):
        crs = f"+proj=eqc +R={radius} +units=m"
        dem = vf.DEM(heights, transform=(20, 0, -4010, 0, -20, 30), crs=crs, z_unit="m")
        for found in (
            relief.viewshed(dem, x=-3990, y=0, height=2, curvature=True).data,
            relief.viewshed(
                heights,
                x=-3990,
                y=0,
                height=2,
                curvature=True,
                body_radius=radius,
                spacing=(20, 20),
            ),
        ):
            assert found[1, 399] == seen
    refusal(
        lambda: relief.viewshed(heights, x=0, y=0, curvature=True, body_radius=0), "body_radius"
    )


def test_the_earths_sun_is_refused_elsewhere():
    dem = vf.DEM(np.zeros((4, 5)), transform=(463, 0, 0, 0, -463, 3e6), crs=MARS)
    day = {"start": "2026-06-21", "end": "2026-06-22"}
    for work in (
        lambda: vf.render(dem, time="2026-06-21T12:00"),
        lambda: vf.render(dem, time="2026-06-21T12:00", position=(10, 20)),
        lambda: relief.sun_hours(dem, **day),
        lambda: relief.insolation(dem, latitude=10, longitude=20, **day),
    ):
        refusal(work, "radius 3.39619e+06 m", "azimuth= and altitude=")
    refusal(lambda: relief.sun_hours(np.zeros((4, 5)), **day), "latitude=")
