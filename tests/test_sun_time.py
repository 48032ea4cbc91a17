"""The sun of a time and place: NREL's published numbers, and pictures lit by it."""

import datetime

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge import _sun
from vulkan_forge._sun_time import sun_at, sun_of

SOLSTICE = "2026-06-21T12:00+02:00"


def test_intermediate_numbers_of_nrel_s_example():
    """Table A5.1 of NREL/TP-560-34302: 2003-10-17 12:30:30, UTC-7, delta T 67 s."""
    day = 2452930.312847 + 67 / 86400 - 2451545.0
    century = np.float64(day / 36525)
    degrees = np.degrees
    assert degrees(_sun._series("L", century / 10)) % 360 == pytest.approx(24.0182616917, abs=2e-6)
    assert degrees(_sun._series("B", century / 10)) == pytest.approx(-0.0001011219, abs=1e-9)
    assert _sun._series("R", century / 10) == pytest.approx(0.9965422974, abs=1e-9)
    longitude, obliquity = _sun._nutation(century)
    assert degrees(longitude) == pytest.approx(-0.00399840, abs=1e-8)
    assert degrees(obliquity) == pytest.approx(0.00166657, abs=1e-8)


@pytest.mark.parametrize(
    "time",
    [
        datetime.datetime(2003, 10, 17, 19, 30, 30, tzinfo=datetime.timezone.utc),
        datetime.datetime(
            2003, 10, 17, 12, 30, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=-7))
        ),
        datetime.datetime(2003, 10, 17, 19, 30, 30),
        np.datetime64("2003-10-17T19:30:30"),
        "2003-10-17T12:30:30-07:00",
    ],
)
def test_nrel_s_example_in_any_spelling(time):
    """Zenith 50.11162, azimuth 194.34024 at 1830 m and 820 hPa; at sea level the air lifts the sun a little more."""
    azimuth, altitude = sun_at(time, (39.742476, -105.1786))
    assert azimuth == pytest.approx(194.34024, abs=2e-4)
    assert altitude == pytest.approx(90 - 50.11162, abs=0.006)


@pytest.mark.gpu
def test_pictures_and_sessions_are_lit_by_it():
    dem = dems.ridge(30, 34)
    place = (46.5, 8.0)
    azimuth, altitude = sun_at(SOLSTICE, place)
    assert 55 < altitude < 70 and 120 < azimuth < 180
    options = {"spacing": (30.0, 30.0), "size": (64, 48), "cmap": "viridis"}
    found = vf.render(dem, **options, time=SOLSTICE, position=place)
    wanted = vf.render(dem, **options, azimuth=azimuth, altitude=altitude)
    np.testing.assert_array_equal(np.asarray(found), np.asarray(wanted))
    session = vf.Renderer(64, 48)
    session.add_terrain(dem, (30.0, 30.0))
    session.set_camera(vf.Camera.fit(dem, spacing=(30.0, 30.0)))
    session.set_sun_time(SOLSTICE, place)
    np.testing.assert_array_equal(session.render_rgba(), np.asarray(wanted))
    night = vf.render(dem, **options, time="2026-06-21T00:00", position=place, shadows=False)
    dark = vf.render(dem, **options, exposure=0.35, ambient=1.0)
    assert np.abs(np.asarray(night).astype(int) - np.asarray(dark)).max() <= 1


@pytest.mark.gpu
def test_a_georeferenced_dem_knows_its_place():
    pytest.importorskip("rasterio")
    dem = vf.DEM(dems.ridge(30, 30), bounds=(7.9, 46.4, 8.1, 46.6), crs="EPSG:4326")
    options = {"size": (64, 48), "samples": 1}
    found = vf.render(dem, **options, time=SOLSTICE)
    azimuth, altitude = sun_at(SOLSTICE, (46.5, 8.0))
    wanted = vf.render(dem, **options, azimuth=azimuth, altitude=altitude)
    np.testing.assert_array_equal(np.asarray(found), np.asarray(wanted))
    elsewhere = vf.render(dem, **options, time=SOLSTICE, position=(-30.0, 100.0))
    assert np.any(np.asarray(elsewhere) != np.asarray(wanted))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"time": SOLSTICE, "position": (46, 8), "azimuth": 100.0}, "expected time, or azimuth and altitude"),
        ({"time": SOLSTICE, "position": (46, 8), "altitude": 10}, "expected time, or azimuth and altitude"),
        ({"time": SOLSTICE}, "time needs a place"),
        ({"position": (46, 8)}, "position is the place of a time"),
        ({"time": "noon", "position": (46, 8)}, "time must be a datetime"),
        ({"time": [SOLSTICE, SOLSTICE], "position": (46, 8)}, "time must be one moment"),
        ({"time": SOLSTICE, "position": (91, 8)}, "latitude must be"),
        ({"time": SOLSTICE, "position": (np.nan, 8)}, "latitude must be"),
        ({"time": SOLSTICE, "position": (46, "8")}, "longitude must be"),
        ({"time": SOLSTICE, "position": 46}, "position must be"),
        ({"time": SOLSTICE, "position": (46, 8, 2)}, "position must be"),
        ({"time": 5.0, "position": (46, 8)}, "time must be"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(vf.InvalidInputError, match=message):
        sun_of(**({"azimuth": 315.0, "altitude": 45.0, "time": None, "position": None} | arguments))
    with pytest.raises(vf.InvalidInputError, match=message):
        vf.render(np.zeros((2, 2)), size=(4, 4), **arguments)
