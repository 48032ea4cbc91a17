"""Compass bearings against geodesics where grid north is another, and the switch that takes them on the grid."""

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge import relief

pytest.importorskip("rasterio")
pytest.importorskip("pyproj")
from ground_truth import PLACES, Truth

SHAPE = (60, 72)


def height(lon, lat):
    lon, lat = np.radians(lon), np.radians(lat)
    return 3e6 * np.sin(3 * lat) * np.cos(2 * lon) + 2e6 * np.cos(5 * lat + lon)


def hill(place, shape=SHAPE):
    """A DEM with its truth; heights are not of this world, so that grids of 50 km cells have slopes."""
    text, bounds = PLACES[place]
    truth = Truth(text, bounds, shape)
    data = height(*truth.degrees(truth.x, truth.y)) * 0.002
    return vf.DEM(data, bounds=bounds, crs=text, z_unit="m"), truth


def turn(one, other):
    return (one - other + 180) % 360 - 180


@pytest.mark.parametrize("place", PLACES)
def test_the_bearing_of_grid_north(place):
    dem, truth = hill(place, (12, 14))
    left, bottom, right, top = dem.bounds
    expected = truth.north((left + right) / 2, (bottom + top) / 2)
    assert abs(turn(dem.convergence, expected)) < 0.01


def test_bearings_known_by_heart():
    cases = (
        ("EPSG:3413", (1.5e6, -2e4, 1.54e6, 2e4), 90.0),  # 45 E, where 45 W is up
        ("EPSG:32633", (828000, 6.0e6, 832000, 6.004e6), 4.06),
        ("EPSG:5070", (-2.1e6, 2.6e6, -2.06e6, 2.64e6), -16.0),
    )
    for crs, bounds, expected in cases:
        dem = vf.DEM(np.zeros((4, 4)), bounds=bounds, crs=crs)
        assert dem.convergence == pytest.approx(expected, abs=0.15), crs
    assert vf.DEM(np.zeros((4, 4)), spacing=(1, 1)).convergence == 0


@pytest.mark.gpu
@pytest.mark.parametrize("place", PLACES)
def test_local_operators_in_every_cell(place):
    dem, truth = hill(place)
    east, north = (0.002 * part for part in truth.gradient(height))
    inner = (slice(3, -3), slice(3, -3))
    rise = np.hypot(east, north)
    steep = (rise > np.percentile(rise, 25))[inner]
    found = relief.stack(
        dem,
        [
            "aspect",
            "slope",
            ("hillshade", {"azimuth": 300, "altitude": 40}),
            ("hillshade", {"method": "igor", "azimuth": 120}),
        ],
    )
    bearing = np.degrees(np.arctan2(-east, -north)) % 360
    assert np.percentile(np.abs(turn(found["aspect"].data, bearing))[inner][steep], 98) < 0.4
    assert np.median(np.abs(turn(found["aspect"].data, bearing))[inner][steep]) < 0.1
    steepness = np.degrees(np.arctan(rise))
    np.testing.assert_allclose(
        found["slope"].data[inner][steep], steepness[inner][steep], rtol=0.03
    )
    sun, up = np.radians(300), np.radians(40)
    light = np.sin(up) - np.cos(up) * (east * np.sin(sun) + north * np.cos(sun))
    light = np.maximum(light / np.sqrt(1 + rise**2), 0)
    np.testing.assert_allclose(found["hillshade"].data[inner], light[inner], atol=2e-3)
    away = np.abs(turn(np.degrees(np.arctan2(east, north)), 120)) / 180
    igor = 1 - steepness / 90 * (1 - away)
    np.testing.assert_allclose(
        found["hillshade_2"].data[inner][steep], igor[inner][steep], atol=3e-3
    )


@pytest.mark.gpu
@pytest.mark.parametrize("place", PLACES)
def test_a_trough_bends_across_itself(place):
    """Whatever the raster's axes do: across it as told, along it not at all."""
    text, (left, bottom, right, top) = PLACES[place]
    x, y = left + 0.8 * (right - left), bottom + 0.85 * (top - bottom)
    half = 20e3 if right - left > 1000 else 0.15
    bounds = x - half, y - half, x + half, y + half
    truth = Truth(text, bounds, (41, 41))
    lon, lat = truth.degrees(truth.x, truth.y)
    middle = np.full(lon.shape, lon[20, 20]), np.full(lat.shape, lat[20, 20])
    bearing, _, far = truth.geod.inv(*middle, lon, lat)
    off = far * np.cos(np.radians(bearing - 65))
    bend = 2e-5
    dem = vf.DEM(0.5 * bend * off**2, bounds=bounds, crs=text, z_unit="m")
    steep = np.abs(off) > 4e3
    steep[[0, -1]] = steep[:, [0, -1]] = False
    for kind, expected in (("profile", -bend), ("plan", 0.0), ("mean", -bend / 2)):
        found = relief.curvature(dem, kind=kind).data[steep]
        assert np.abs(found - expected).max() < 0.03 * bend, kind


@pytest.mark.gpu
def test_the_grids_own_north():
    dem, _ = hill("polar")
    plain = {"spacing": (1000.0, 1000.0)}
    stated = vf.as_dem(dem, spacing=(1000, 1000))
    for name, ask in (
        ("aspect", {}),
        ("hillshade", {"azimuth": 70}),
        ("hillshade", {"method": "multidirectional"}),
        ("shadow_mask", {"azimuth": 70, "altitude": 5}),
        ("sky_illumination", {"radius": 5000}),
        ("horizon_angles", {"radius": 5000}),
    ):
        operator = getattr(relief, name)
        found = operator(stated, north="grid", **ask)
        np.testing.assert_array_equal(np.asarray(found), operator(dem.data, **ask, **plain))
        true = np.asarray(operator(stated, **ask))
        assert np.nanmax(np.abs(true - np.asarray(found))) > 1e-3, name
    for word in ("Grid", None, 3, np.zeros(2)):
        for work in (
            lambda word=word: relief.hillshade(dem, north=word),
            lambda word=word: relief.shadow_mask(dem.data, azimuth=1, altitude=1, north=word),
            lambda word=word: vf.render(dem, size=(8, 8), north=word),
        ):
            with pytest.raises(vf.InvalidInputError, match='"true" or "grid"'):
                work()


@pytest.mark.gpu
def test_chunks_have_the_bearings_of_their_cells():
    pytest.importorskip("dask")
    pytest.importorskip("xarray")
    dem, _ = hill("laea")
    array = dem.to_xarray()
    whole = relief.stack(array, ["aspect", ("hillshade", {"azimuth": 200})])
    parts = relief.stack(array.chunk(y=17, x=23), ["aspect", ("hillshade", {"azimuth": 200})])
    for name, wanted in whole.items():
        assert parts[name].chunks is not None
        near = np.abs(turn(parts[name].values, wanted.values))
        assert np.nanmax(near) < (0.05 if name == "aspect" else 1e-3)


@pytest.mark.gpu
@pytest.mark.parametrize(
    "place", ["polar", "albers", "laea", "utm continent", "rotated pole", "lcc"]
)
def test_shadows_fall_away_from_the_sun(place):
    """A pole of 3 km hides the sun from what has it, on a geodesic, in the sun's bearing."""
    text, (left, bottom, right, top) = PLACES[place]
    unit = 1 if right - left > 1000 else 1e-5
    for x, y in ((0.1, 0.15), (0.9, 0.85)):
        middle = left + x * (right - left), bottom + y * (top - bottom)
        bounds = tuple(middle[i % 2] + (i // 2 - 0.5) * 60e3 * unit for i in range(4))
        truth = Truth(text, bounds, (301, 301))
        heights = np.zeros((301, 301), np.float32)
        heights[149:152, 149:152] = 3000.0
        dem = vf.DEM(heights, bounds=bounds, crs=text, z_unit="m")
        for azimuth in (20.0, 250.0):
            hidden = relief.shadow_mask(dem, azimuth=azimuth, altitude=12).data == 1
            far = np.hypot(*np.indices(hidden.shape) - 150) > 30
            lon, lat = truth.degrees(truth.x, truth.y)
            foot = truth.degrees(truth.x[150, 150], truth.y[150, 150])
            seen = hidden & far
            _, towards, _ = truth.geod.inv(
                np.full(seen.sum(), foot[0]), np.full(seen.sum(), foot[1]), lon[seen], lat[seen]
            )
            assert seen.sum() > 20
            assert abs(np.mean(turn(towards, azimuth))) < 0.5, (x, y, azimuth)


@pytest.mark.gpu
def test_horizons_look_along_the_compass():
    bounds = (1.0e6, -1.02e6, 1.02e6, -1.0e6)
    truth = Truth("EPSG:3413", bounds, (41, 41))
    lon, _ = truth.degrees(truth.x, truth.y)
    east = vf.DEM(20 * (lon - lon.mean()) * 1e3, bounds=bounds, crs="EPSG:3413", z_unit="m")
    angles = np.asarray(relief.horizon_angles(east, radius=4000, directions=8))[:, 20, 20]
    assert angles.argmax() == 2 and angles.argmin() == 6  # heights rise to the east


# --- pictures -----------------------------------------------------------------------------------------


@pytest.mark.gpu
def test_pictures_and_cameras_take_compass_bearings():
    dem, _ = hill("antarctic", (30, 36))
    up = dem.convergence
    assert 20 < abs(up) < 80
    small = {"size": (60, 40), "samples": 1}
    grid = vf.render(dem, north="grid", azimuth=200 - up, **small)
    true = vf.render(dem, azimuth=200, camera=vf.Camera.fit(dem, north="grid"), **small)
    assert np.abs(true.rgba.astype(int) - grid.rgba).max() <= 1
    np.testing.assert_array_equal(
        vf.render(dem, **small).rgba, vf.render(dem, camera=vf.Camera.fit(dem), **small).rgba
    )
    eye = np.linalg.inv(vf.Camera.fit(dem, 200, vert_exag=1e-3).view())[:3, 2]  # towards it
    assert abs(turn(np.degrees(np.arctan2(eye[0], eye[1])), 200 - up)) < 0.1


@pytest.mark.gpu
def test_the_sun_of_a_time_stands_where_it_stands():
    dem, _ = hill("antarctic", (30, 36))
    longitude, latitude = dem._grid.middle
    azimuth, altitude, _ = relief.sun_position("2026-12-21T06:00", latitude, longitude)
    small = {"size": (60, 40), "samples": 1, "camera": vf.Camera.map()}
    timed = vf.render(dem, time="2026-12-21T06:00", **small).rgba
    told = vf.render(dem, azimuth=float(azimuth), altitude=float(altitude), **small).rgba
    np.testing.assert_array_equal(timed, told)
    grid = vf.render(dem, time="2026-12-21T06:00", north="grid", **small).rgba
    np.testing.assert_array_equal(grid, timed)  # the sun knows no grid
    session = vf.Renderer(60, 40)
    session.add_terrain(dem.data, dem.spacing, 1.0, "terrain")
    session.set_camera(vf.Camera.map())
    session.set_samples(1)
    session.set_sun_time("2026-12-21T06:00", (latitude, longitude), dem.convergence)
    assert np.abs(session.render_rgba().astype(int) - timed).max() <= 1


@pytest.mark.gpu
def test_light_that_turns_over_the_raster_warns():
    flat = vf.DEM(np.zeros((20, 20), "f4"), bounds=(-4e5, -4e5, 4e5, 4e5), crs="EPSG:3413")
    small = {"size": (20, 20), "camera": vf.Camera.map(), "samples": 1}
    with pytest.warns(vf.GeographyWarning, match='north="grid"'):
        vf.render(flat, **small)
    vf.render(flat, north="grid", **small)
    vf.render(flat, lit=False, **small)


# --- the sun over time --------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize("cell", [100, 1000, 5000])
def test_the_flank_that_faces_noon(cell):
    """75 N 45 E in a grid whose up is 45 W: south is grid east, over 4 km and over 200."""
    y, x = np.mgrid[-20:21, -20:21]
    cone = -min(0.1 * cell, 250) * np.hypot(x, y)
    side = 20.5 * cell
    dem = vf.DEM(
        cone,
        bounds=(1633879 - side, -side, 1633879 + side, side),
        crs="EPSG:3413",
        z_unit="m",
    )
    noon = {"start": "2026-06-21T08:55", "end": "2026-06-21T09:05", "step": 10}
    energy = relief.insolation(dem, **noon).data
    east, south, north, west = energy[20, 30], energy[30, 20], energy[10, 20], energy[20, 10]
    assert east > 1.03 * south and west < 0.97 * north
    if cell <= 1000:  # south and north differ by the sun's way in the minutes, and by little else
        assert abs(south - north) < 0.03 * south


@pytest.mark.gpu
def test_the_sun_rises_where_it_rises():
    """Over 40 degrees of longitude, each part's day is its own."""
    dem = vf.DEM(np.zeros((12, 160), "f4"), bounds=(-20, 40, 20, 43), crs="EPSG:4326")
    hours = relief.sun_hours(
        dem, start="2026-03-20T00:00", end="2026-03-20T12:00", step=15
    ).data.mean(axis=0)
    for column in (2, 40, 80, 120, 157):
        longitude = -20 + (column + 0.5) * 0.25
        times = np.datetime64("2026-03-20T00:00", "s") + (np.arange(720) * 60).astype("m8[s]")
        known = (relief.sun_position(times, 41.5, longitude)[1] > 0).sum() / 60
        assert hours[column] == pytest.approx(known, abs=0.3)


@pytest.mark.gpu
def test_parts_and_the_whole_agree():
    """A plane in the sun has in parts what one sun over its middle gives, where the sky is one."""
    rows, columns = 90, 110
    slope = 8.0 * np.add.outer(np.arange(rows), np.arange(columns) * 0.5)
    bounds = (5e5 - 50 * columns, 5e6, 5e5 + 50 * columns, 5e6 + 100 * rows)
    day = {"start": "2026-06-21T06:00", "end": "2026-06-21T16:00", "step": 60}
    small = relief.insolation(vf.DEM(slope, bounds=bounds, crs="EPSG:32633"), **day).data
    left, bottom = bounds[:2]
    wide = (left, bottom - 2e5, left + 100 * columns, bottom + 100 * rows + 2e5)
    tall = np.pad(slope, ((2000, 2000), (0, 0)), mode="edge")[::1]
    large = relief.insolation(vf.DEM(tall, bounds=wide, crs="EPSG:32633"), **day).data
    np.testing.assert_allclose(
        large[2010 : 2000 + rows - 10, 10:-10], small[10:-10, 10:-10], rtol=0.01
    )
