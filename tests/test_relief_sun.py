"""The sun's place, hours and energy on relief; horizons of dask arrays."""

from __future__ import annotations

import numpy as np
import pytest
from test_relief_horizon import ground
from vulkan_forge import relief

pytestmark = pytest.mark.gpu


def test_the_sun_stands_where_nrel_says():
    """The worked example of NREL/TP-560-34302, and an equinox."""
    azimuth, altitude, distance = relief.sun_position(
        "2003-10-17T12:30:30-07:00", 39.742476, -105.1786,
        elevation=1830.14, pressure=820, temperature=11, delta_t=67,
    )  # fmt: skip
    assert azimuth == pytest.approx(194.34024, abs=1e-5)
    assert 90 - altitude == pytest.approx(50.11162, abs=1e-5)
    assert distance == pytest.approx(0.9965422974, abs=1e-9)
    times = np.datetime64("2026-03-20T00:00") + np.arange(0, 24 * 60, 10).astype("timedelta64[m]")
    azimuth, altitude, _ = relief.sun_position(times, 0.0, 0.0)
    assert altitude.max() > 89 and np.sum(altitude > 0) * 10 / 60 == pytest.approx(12, abs=0.3)
    assert azimuth.shape == times.shape


def test_hours_and_energy_of_the_sun():
    flat = np.zeros((3, 4))
    flat[1, 1] = np.nan
    # Midsummer at 46 north: sunrise to sunset, refraction included, is 15 h 40 min.
    day = {
        "start": "2026-06-21T00:00",
        "end": "2026-06-22T00:00",
        "latitude": 46.0,
        "longitude": 8.0,
    }
    hours = relief.sun_hours(flat, **day, step=5)
    assert np.isnan(hours[1, 1]) and hours[0, 0] == pytest.approx(15.67, abs=0.1)
    energy = relief.insolation(flat, **day)
    # Without air, level ground receives S/r² · 24 h/π · (h sin φ sin δ + cos φ cos δ sin h).
    bare = relief.insolation(flat, **day, transmissivity=1.0)[0, 0]
    place, tilt = np.radians(46.0), np.radians(23.44)
    half = np.arccos(-np.tan(place) * np.tan(tilt))
    wanted = half * np.sin(place) * np.sin(tilt) + np.cos(place) * np.cos(tilt) * np.sin(half)
    assert bare == pytest.approx(1.361 / 1.0163**2 * 24 / np.pi * wanted, rel=0.01)
    assert 0.4 * bare < energy[0, 0] < 0.8 * bare
    night = relief.sun_hours(
        flat, start="2026-06-21T00:00", end="2026-06-21T01:00", latitude=46, longitude=8
    )
    assert night[0, 0] == 0 and np.isnan(night[1, 1])
    # A slope to the south has more than one to the north.
    y = np.mgrid[0:40, 0:5][0] * 0.3
    south, north = (relief.insolation(s * y, **day)[20, 2] for s in (-1, 1))
    assert south > north


def test_dask_arrays_stay_lazy():
    array = pytest.importorskip("dask.array")
    dem = ground(15, 120, 100)
    lazy = array.from_array(dem, chunks=(50, 40))
    for name in ("sky_view_factor", "openness", "horizon_angles"):
        operator = getattr(relief, name)
        found = operator(lazy, radius=6.0)
        assert isinstance(found, array.Array)
        np.testing.assert_array_equal(found.compute(scheduler="sync"), operator(dem, radius=6.0))
    shadow = relief.shadow_mask(lazy, azimuth=0, altitude=9)
    assert isinstance(shadow, array.Array)
    np.testing.assert_array_equal(
        shadow.compute(scheduler="sync"), relief.shadow_mask(dem, azimuth=0, altitude=9)
    )
