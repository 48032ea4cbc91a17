"""Units of height: names as others spell them, and round trips through files, arrays and warping."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused
from vulkan_forge.geo._lengths import known_unit, spelt

FOOT, US_FOOT = 0.3048, 1200 / 3937
HEIGHTS = dems.ridge(24, 30, relief=10.0, noise=0.05)
UTM = {"bounds": (4e5, 5e6, 400900, 5000720), "crs": "EPSG:32633"}

# Spellings of CF's UDUNITS, PROJ, EPSG, Esri, GDAL, pint and people.
SPELT = {
    US_FOOT: """US survey foot|U.S. survey foot|us_survey_foot|US_survey_foot|survey_foot|ftUS|us-ft|US Survey Feet|Foot_US|
        US survey feet|sft|ft (US survey)|usft|foot (US survey)|US ft|survey feet|U.S. feet|U.S. Survey Feet|US foot|ft-us|
        foot US|U.S.survey foot|ftUS above NAVD88|US-survey-foot|usfeet""",
    FOOT: """ft|foot|feet|Feet|FT|ft.|international foot|foot-international|ft (international)|Foot (International)|
        intl foot|feet above sea level|ift|0.3048 m|0.3048""",
    1.0: """m|M|meter|metres|Meters|meters above sea level|m a.s.l.|m asl|metre above mean sea level|m (NAVD88)|gpm|1.0 m|
        geopotential metre""",
    1 / 9.80665: "m**2 s**-2|m2 s-2|m^2/s^2|m2/s2|m**2/s**2|m^2 s^-2|J kg-1|m2.s-2|m² s⁻²|J/kg",
    10.0: "dam|decameter|decametres|10 m|gpdm",
    1.8288: "fathom|fathoms|Fathom",
    1000.0: "km|Kilometers|1000 m",
    0.1: "dm|0.1 m|1e-1 m|0.1*m",
    1e6: "Mm",
    0.9144: "yard|yd",
    0.3047972654: "Clarke's foot",
}
NO_LENGTHS = "furlong|K|degree|percent|kg|m/s|m s-1|dBZ|m3|m2|mm/day|sqft|ft2|hPa|us|survey|feet per second|in situ|-1 m|nan m"


def test_every_spelling_is_understood():
    for metres, names in SPELT.items():
        for name in names.split("|"):
            assert known_unit(name.strip()) == pytest.approx(metres, rel=1e-12), name
    for name in NO_LENGTHS.split("|"):
        assert known_unit(name) is None, name
    refused(lambda: vf.DEM(HEIGHTS, z_unit="furlong"), "z_unit", "furlong", "fathom")
    for bad in (0, -1, float("nan"), True, [1]):
        refused(lambda bad=bad: vf.DEM(HEIGHTS, z_unit=bad), "z_unit")
    assert vf.DEM(HEIGHTS, z_unit=np.float32(0.5)).z_factor == 0.5


UNITS = [
    "m",
    "ft",
    "US survey foot",
    "fathom",
    "dam",
    "m2 s-2",
    0.3048,
    US_FOOT,
    1.0,
    0.3333,
    10,
    1e-3,
    "1.5 ft",
]


@pytest.mark.parametrize("unit", UNITS)
def test_round_trips_keep_the_unit(unit, tmp_path):
    pytest.importorskip("rasterio")
    pytest.importorskip("xarray")
    dem = vf.DEM(HEIGHTS, z_unit=unit, **UTM)
    dem.save(tmp_path / "u.tif")
    for again in (
        vf.open(tmp_path / "u.tif"),
        vf.as_dem(dem.to_xarray()),
        dem.reproject("EPSG:3035"),
        dem.reproject("EPSG:4326").reproject(),
        dem.crop((4e5, 5e6, 400300, 5000300)),
        vf.as_dem(dem, spacing=(30, 30)),
        vf.as_dem(vf.Raster(HEIGHTS, unit=spelt(dem.z_unit), **UTM)),
    ):
        assert again.z_factor == dem.z_factor
    if not isinstance(unit, str):
        assert dem.z_factor == unit and known_unit(dem.unit) == unit


def test_a_compound_systems_unit_and_one_that_wins_over_it(tmp_path):
    pytest.importorskip("rasterio")
    compound = UTM | {"crs": "EPSG:32633+6360"}  # NAVD88 height (ftUS)
    for given, metres in [(None, US_FOOT), ("m", 1.0), ("ft", FOOT)]:
        dem = vf.DEM(HEIGHTS, z_unit=given, **compound)
        dem.save(tmp_path / "c.tif")
        assert dem.z_factor == vf.open(tmp_path / "c.tif").z_factor == metres
        assert dem.reproject("EPSG:4326").z_factor == metres


def test_a_compound_systems_metres_win_over_its_units_name():
    """A survey foot that is called a foot, as some files have it, stays a survey foot."""
    vertical = 'VERT_CS["h",VERT_DATUM["d",2005],UNIT["foot",0.304800609601219]]'
    wkt = pytest.importorskip("rasterio.crs").CRS.from_epsg(32633).to_wkt(version="WKT1_GDAL")
    crs = f'COMPD_CS["both",{wkt},{vertical}]'
    assert vf.DEM(HEIGHTS, **(UTM | {"crs": crs})).z_factor == pytest.approx(US_FOOT, rel=1e-12)


def test_a_geopotential_is_divided_by_gravity():
    dem = vf.DEM(np.full((4, 4), 9806.65, np.float32), z_unit="m**2 s**-2", **UTM)
    assert dem.metres[0, 0] == pytest.approx(1000.0)


@pytest.mark.parametrize("unit", ["K", "hPa", "furlong", "m s-1"])
def test_a_unit_that_is_no_known_length_is_warned_about(unit, tmp_path):
    geotiffs = pytest.importorskip("geotiffs")
    path = geotiffs.write(tmp_path / "k.tif", HEIGHTS, units=[unit])
    with pytest.warns(vf.VerticalScaleWarning, match=f"'{unit}'.*z_unit="):
        assert vf.open(path).z_factor == 1.0
    assert vf.open(path, z_unit="dam").z_factor == 10.0
    with pytest.warns(vf.VerticalScaleWarning, match=unit):
        assert vf.as_dem(vf.Raster(HEIGHTS, unit=unit, **UTM)).z_factor == 1.0
    for nothing in ("", "1", "unknown", "none", "unspecified"):
        assert vf.as_dem(vf.Raster(HEIGHTS, unit=nothing, **UTM)).z_factor == 1.0
