"""What looks far where cells differ: from the observer's own place, in dask's chunks, and on every driver."""

import warnings

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge import relief
from vulkan_forge.geo._blocks import parts, parts_along

pytest.importorskip("rasterio")
pytest.importorskip("pyproj")
pytestmark = pytest.mark.gpu

WEST, NORTH, STEP = -125.0, 50.0, 0.1  # of the United States in degrees
SHAPE = (250, 590)


@pytest.fixture(scope="module")
def states():
    heights = 100 + 900 * np.random.default_rng(1).random(SHAPE).astype(np.float32)
    right, bottom = WEST + STEP * SHAPE[1], NORTH - STEP * SHAPE[0]
    return vf.DEM(heights, bounds=(WEST, bottom, right, NORTH), crs="EPSG:4326", z_unit="m")


def place(dem, lon, lat):
    """World metres of a place in degrees."""
    left, bottom, right, top = dem.bounds
    middle, cell = ((left + right) / 2, (bottom + top) / 2), dem._grid.cell
    return {
        name: (at - centre) / size * metres
        for name, at, centre, size, metres in zip(
            "xy", (lon, lat), middle, cell, dem.spacing, strict=True
        )
    }


@pytest.mark.parametrize("lat", [48.05, 26.05])
def test_an_observer_sees_cells_as_they_are_where_he_stands(lat, states):
    """A continent gives what a crop about the observer gives; with the middle's cells 350 more were out of reach."""
    ask = {"curvature": True, "max_distance": 250e3}
    whole = relief.viewshed(states, **place(states, -100.05, lat), **ask)
    crop = states.crop((-104, lat - 1.95, -96, lat + 1.95))
    alone = relief.viewshed(crop, **place(crop, -100.05, lat), **ask)
    row, column = (
        round(one) for one in ((NORTH - crop.bounds[3]) / STEP, (crop.bounds[0] - WEST) / STEP)
    )
    part = whole.data[row : row + crop.shape[0], column : column + crop.shape[1]]
    np.testing.assert_array_equal(part, alone.data)
    assert (
        np.isfinite(whole.data).sum() > 500 and 10 < np.nansum(part) < 0.5 * np.isfinite(part).sum()
    )
    width = states._grid.ground.geodesy.geod.inv(-100.1, lat, -100.0, lat)[2]
    across = np.isfinite(whole.data[round((NORTH - lat) / STEP - 0.5)]).sum()
    assert across == 2 * int(250e3 / width) + 1  # geodesics say how many cells lie within reach
    # And he is in their middle, but for the raster's rim.
    height = states._grid.ground.geodesy.geod.inv(-100, lat - 0.05, -100, lat + 0.05)[2]
    row, reach = int((NORTH - lat) / STEP), int(250e3 / height)
    within = np.flatnonzero(np.isfinite(whole.data).any(axis=1))
    assert (within[0], within[-1]) == (max(row - reach, 0), min(row + reach, SHAPE[0] - 1))
    within = np.flatnonzero(np.isfinite(whole.data[row]))
    assert within[0] + within[-1] == 2 * int((-100.05 - WEST) / STEP)
    with pytest.raises(vf.InvalidInputError, match="must lie on the dem"):
        relief.viewshed(states, x=1e7, y=0.0)


def test_an_observer_is_told_of_cells_that_differ_within_sight(states):
    here = place(states, -100.05, 48.05)
    for more, told in (
        ({}, True),
        ({"max_distance": 2e5}, False),
        ({"max_distance": 8e5}, True),
        ({"curvature": True}, False),  # 1 km of relief is seen no farther than 230 km
        ({"curvature": True, "height": 30e3}, True),
    ):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            relief.viewshed(states, **here, **more)
        assert any("within sight" in str(one.message) for one in said) == told
    even = vf.DEM(np.zeros((20, 20)), bounds=(4e5, 5e6, 4.2e5, 5.02e6), crs="EPSG:32633")
    relief.viewshed(even, x=0, y=0)  # warnings are errors here


FAR = {
    "sky_view_factor": {},
    "openness": {"negative": True},
    "sky_illumination": {"sky": "overcast"},
    "horizon_angles": {},
    "local_dominance": {},
}


@pytest.mark.parametrize("name", FAR)
def test_chunks_look_far_with_the_cells_and_the_north_of_each_part(name):
    pytest.importorskip("dask")
    pytest.importorskip("xarray")
    for crs, bounds, radius in (
        ("EPSG:4326", (-125, 25, -66, 50), 4e5),  # widths from 0.64 to 0.9
        (
            "EPSG:3413",
            (-6e5, -1.3e6, 9e5, -4e5),
            1e5,
        ),  # north from 25 degrees on one side to 50 on the other
    ):
        dem = vf.DEM(dems.ridge(36, 48, relief=8e3), bounds=bounds, crs=crs, z_unit="m")
        ask = {"radius": radius, "directions": 4, **FAR[name]}
        found, lazy = (
            getattr(relief, name)(one, **ask) for one in (dem, dem.to_xarray().chunk(y=20, x=11))
        )
        assert hasattr(getattr(lazy, "data", lazy), "dask") and lazy.shape == np.shape(found)
        np.testing.assert_array_equal(np.asarray(lazy), np.asarray(found))
        flat = getattr(relief, name)(dem.data, spacing=dem.spacing, **ask)
        assert np.nanmax(np.abs(np.asarray(found) - flat)) > 1e-5  # which one cell size cannot give


def test_parts_have_one_north_and_one_size_each():
    for crs, bounds in (("EPSG:3413", (8e5, -1.2e6, 1.1e6, -9e5)), ("EPSG:4326", (10, 45, 20, 55))):
        grid = vf.DEM(np.zeros((480, 480), np.float32), bounds=bounds, crs=crs)._grid
        count = parts_along(grid, turned=True)
        assert 5 < count <= 24
        for part in list(parts(grid, (count, count)))[:: count + 3]:
            widths, heights, turn, _ = part.grid(grid).ground.spread
            assert turn < 0.6 and max(widths[1] / widths[0], heights[1] / heights[0]) < 1.012


def test_chunks_look_beyond_the_raster():
    array = pytest.importorskip("dask.array")
    heights = dems.ridge(23, 31)
    for radius in (22, 24, 400):
        whole = relief.openness(heights, radius=radius, directions=4)
        found = relief.openness(array.from_array(heights, chunks=7), radius=radius, directions=4)
        np.testing.assert_array_equal(found.compute(), whole)
    for odd in (
        array.from_array(heights[:0], chunks=7),
        array.from_array(heights, chunks=7)[array.arange(23, chunks=7) > 2],  # of unknown length
    ):
        with pytest.raises(vf.InvalidInputError, match="compute_chunk_sizes"):
            relief.slope(odd)


@pytest.mark.parametrize("factor", [-1.0, 0.0, float("nan")])
def test_bad_factors_are_refused_on_dems_too(factor):
    dem = vf.DEM(dems.ridge(12, 15), bounds=(10, 45, 40, 60), crs="EPSG:4326", z_unit="m")
    day = {"start": "2026-06-21T10:00", "end": "2026-06-21T11:00", "step": 60}
    for work in (
        lambda: relief.shadow_mask(dem, azimuth=10, altitude=20, vert_exag=factor),
        lambda: relief.insolation(dem, vert_exag=factor, **day),
        lambda: relief.viewshed(dem, x=0, y=0, vert_exag=factor, curvature=True),
    ):
        with (
            pytest.raises(vf.InvalidInputError, match=r"vert_exag|exaggeration"),
            warnings.catch_warnings(action="ignore"),
        ):
            work()


def test_drivers_agree_on_operators_and_bearings(two_devices):
    """One of each family, round a pole: nodes in each cell, parts with their own north, horizons, shadows, sight."""
    dem = vf.DEM(
        dems.with_holes(dems.ridge(40, 52, relief=9e3), fraction=0.01),
        bounds=(-1.0e5, -1.2e5, 1.6e5, 8e4), crs="EPSG:3413", z_unit="m",
    )  # fmt: skip
    asked = {
        "hillshade": {"azimuth": 300},
        "sky_illumination": {"radius": 4e4, "directions": 4},
        "shadow_mask": {"azimuth": 120, "altitude": 8},
        "viewshed": {"x": 2e4, "y": 0, "height": 3e3, "curvature": True},
    }
    for name, ask in asked.items():
        one, other = (
            np.asarray(getattr(relief, name)(dem, device=device, **ask)) for device in two_devices
        )
        if name in ("shadow_mask", "viewshed"):
            assert 0.05 < np.nanmean(one) < 0.95, name
        assert np.nanstd(one) > 0 and 0 < np.isnan(one).sum() < 100, name
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5, err_msg=name)
