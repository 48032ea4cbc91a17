"""DataArrays in and out: axes, order, coordinate systems, dask, the accessor; norms of matplotlib."""

import sys

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf

xarray = pytest.importorskip("xarray")
pytest.importorskip("rasterio")
import vulkan_forge.xarray  # noqa: E402

HEIGHTS = dems.ridge(30, 40, noise=0.05)
SIZE = (96, 64)


def array(heights=HEIGHTS, *, dims=("y", "x"), step=30.0, **attrs):
    y, x = dims
    coords = {
        y: 3800000 - step / 2 - step * np.arange(heights.shape[0]),
        x: 400000 + step / 2 + step * np.arange(heights.shape[1]),
    }
    return xarray.DataArray(heights, dims=dims, coords=coords, attrs=attrs)


def in_utm(heights=HEIGHTS, **attrs):
    made = array(heights, **attrs)
    return made.assign_coords(spatial_ref=((), 0, {"crs_wkt": crs().to_wkt()}))


def crs():
    import rasterio

    return rasterio.crs.CRS.from_epsg(32611)


def test_place_and_system():
    dem = vf.as_dem(in_utm())
    np.testing.assert_array_equal(dem.data, HEIGHTS)
    assert dem.bounds == (400000, 3800000 - 900, 401200, 3800000)
    assert dem.crs == crs() and dem.spacing == (30.0, 30.0)


def test_every_order_of_axes_and_directions():
    expected = vf.as_dem(in_utm())
    for turned in (
        in_utm().isel(y=slice(None, None, -1)),
        in_utm().isel(x=slice(None, None, -1)),
        in_utm().transpose("x", "y"),
        in_utm().expand_dims("band"),
        in_utm().rename(y="northing", x="easting").transpose(),
    ):
        dem = vf.as_dem(turned)
        np.testing.assert_array_equal(dem.data, HEIGHTS)
        assert dem.bounds == expected.bounds and dem.crs == expected.crs


def test_rioxarray_and_back(tmp_path):
    rioxarray = pytest.importorskip("rioxarray")
    data = np.round(HEIGHTS).astype(np.int16)
    data[2, 3] = -9999
    path = geotiffs.write(tmp_path / "d.tif", data, nodata=-9999)
    expected = vf.open(path)
    for masked in (False, True):
        opened = rioxarray.open_rasterio(path, masked=masked)
        dem = vf.as_dem(opened)
        np.testing.assert_array_equal(dem.data, expected.data)
        assert dem.bounds == expected.bounds and dem.crs == expected.crs
        opened.close()
    again = expected.to_xarray()
    assert again.rio.crs == expected.crs and again.rio.bounds() == expected.bounds
    assert again.rio.transform() == expected.transform
    np.testing.assert_array_equal(vf.as_dem(again).data, expected.data)


def test_degrees_by_name_and_by_unit():
    lat, lon = 47 - np.arange(30) / 1200, 10 + np.arange(40) / 1200
    named = xarray.DataArray(HEIGHTS, dims=("lat", "lon"), coords={"lat": lat, "lon": lon})
    by_unit = xarray.DataArray(HEIGHTS, dims=("y", "x"), coords={"y": lat, "x": lon})
    by_unit.y.attrs["units"], by_unit.x.attrs["units"] = "degrees_north", "degrees_east"
    for made in (named, by_unit, named.astype(np.float64)):
        dem = vf.as_dem(made)
        assert dem.crs.to_epsg() == 4326 and 60 < dem.spacing[0] < 65
    single = named.assign_coords(lat=lat.astype(np.float32), lon=lon.astype(np.float32))
    assert vf.as_dem(single).spacing == pytest.approx(vf.as_dem(named).spacing, rel=1e-3)


def test_units_scale_and_missing_cells():
    packed = in_utm((HEIGHTS * 10).astype(np.int16), units="ft", scale_factor=0.1, _FillValue=0)
    packed[1, 1] = 0
    dem = vf.as_dem(packed)
    assert dem.z_factor == 0.3048 and np.isnan(dem.data[1, 1])
    np.testing.assert_allclose(dem.data[0], (HEIGHTS[0] * 10).astype(np.int16) * 0.1, rtol=1e-6)
    assert np.isnan(vf.as_dem(in_utm(), nodata=float(HEIGHTS[2, 2])).data[2, 2])


def test_without_coordinates_or_system():
    bare = xarray.DataArray(HEIGHTS, dims=("y", "x"))
    assert vf.as_dem(bare).spacing == (1.0, 1.0)
    assert vf.as_dem(bare, spacing=(5, 6)).spacing == (5.0, 6.0)
    with pytest.warns(vf.CRSMissingWarning):
        assert vf.as_dem(array()).spacing == (30.0, 30.0)


def test_what_is_refused():
    curved = xarray.DataArray(
        HEIGHTS,
        dims=("j", "i"),
        coords={"lat": (("j", "i"), HEIGHTS), "lon": (("j", "i"), HEIGHTS)},
    )
    uneven = in_utm().assign_coords(x=np.geomspace(1, 100, 40))
    cases = {
        "1-D along y and x": curved,
        "evenly spaced": uneven,
        "one variable": in_utm().to_dataset(name="dem"),
        r"isel\(time=0\)": in_utm().expand_dims(time=3),
        "2-D": in_utm()[0],
    }
    for message, case in cases.items():
        with pytest.raises(vf.InvalidInputError, match=rf"{message}.*got|got.*{message}"):
            vf.as_dem(case)


@pytest.mark.gpu
def test_the_accessor_draws():
    expected = vf.render(HEIGHTS, spacing=(30, 30), size=SIZE)
    np.testing.assert_array_equal(in_utm().vf.render(size=SIZE, north="grid").rgba, expected.rgba)
    assert in_utm().vf.camera(azimuth=10, north="grid") == vf.Camera.fit(
        HEIGHTS, 10, spacing=(30, 30)
    )
    assert in_utm().vf.dem().bounds == vf.as_dem(in_utm()).bounds
    assert {"dem", "render", *vf.xarray.operators()} <= set(dir(in_utm().vf))
    with pytest.raises(AttributeError, match="render"):
        in_utm().vf.rendr  # noqa: B018


@pytest.mark.gpu
def test_dask_backed_arrays_are_drawn():
    pytest.importorskip("dask")
    lazy = in_utm().chunk(y=7, x=11)
    expected = in_utm().vf.render(size=SIZE)
    np.testing.assert_array_equal(lazy.vf.render(size=SIZE).rgba, expected.rgba)
    packed = in_utm((HEIGHTS * 10).astype(np.int16), scale_factor=0.1, _FillValue=0).chunk(y=7)
    assert vf.as_dem(packed).data.dtype == np.float32


@pytest.mark.skipif(not vf.xarray.operators(), reason="this build has no vulkan_forge.relief")
@pytest.mark.gpu
def test_operators_keep_kind_and_coordinates():
    from vulkan_forge import relief

    expected = np.asarray(relief.hillshade(HEIGHTS, spacing=(30, 30)))
    source = in_utm().isel(y=slice(None, None, -1))
    shade = source.vf.hillshade(north="grid")
    assert isinstance(shade, xarray.DataArray) and shade.coords.equals(source.coords)
    np.testing.assert_allclose(shade.values[::-1], expected, atol=1e-6)
    lazy = source.chunk(y=8, x=9).vf.hillshade(north="grid")
    assert lazy.chunks is not None
    np.testing.assert_allclose(lazy.values, shade.values, atol=1e-6)
    raster = relief.slope(vf.as_dem(in_utm()))
    assert isinstance(raster, vf.Raster) and raster.crs == crs() and raster.bounds[0] == 400000


def test_an_operator_knows_places_through_its_decorator():
    from vulkan_forge.geo._operators import keeps_geography

    seen = []

    @keeps_geography("m")
    def east(dem, *, spacing=None, factor=1.0, edges="extend", geographic=False):
        seen.append(spacing)
        spread = np.pad(np.asarray(dem), ((1, 1), (0, 0)), mode="edge")
        return factor * (spread[2:] - spread[:-2]) / spacing[0]

    plain = east(HEIGHTS, spacing=(30, 30))
    assert isinstance(plain, np.ndarray) and seen == [(30, 30)]
    raster = east(vf.as_dem(in_utm()), factor=2.0)
    assert isinstance(raster, vf.Raster) and raster.unit == "m" and raster.name == "east"
    np.testing.assert_array_equal(raster.data, 2 * plain)
    turned = east(in_utm().isel(y=slice(None, None, -1)))
    np.testing.assert_array_equal(turned.values[::-1], plain)
    tall = vf.DEM(HEIGHTS, crs="+proj=longlat +R=6371229", bounds=(0, 40, 20, 70))
    rows = east(tall)
    widths = tall.spacing_by_row[:, 0]
    spread = np.pad(HEIGHTS, ((1, 1), (0, 0)), mode="edge")
    np.testing.assert_allclose(rows.data, (spread[2:] - spread[:-2]) / widths[:, None], rtol=2e-3)


def test_the_absence_of_extras_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"vulkan-forge\[xarray\]"):
        vf.DEM(HEIGHTS, spacing=(1, 1)).to_xarray()
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(vf.MissingExtraError, match=r"vulkan-forge\[geo\]"):
        vf.open("dem.tif")


# --- matplotlib's norms -------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize(
    "name",
    ["Normalize", "LogNorm", "PowerNorm", "TwoSlopeNorm", "BoundaryNorm", "CenteredNorm"],
)
def test_norms_colour_as_in_matplotlib(name):
    import matplotlib
    from matplotlib import colors

    norm = {
        "Normalize": lambda: colors.Normalize(50, 200),
        "LogNorm": lambda: colors.LogNorm(1, 400),
        "PowerNorm": lambda: colors.PowerNorm(0.5, 0, 400),
        "TwoSlopeNorm": lambda: colors.TwoSlopeNorm(100, 0, 400),
        "BoundaryNorm": lambda: colors.BoundaryNorm([0, 50, 120, 300, 400], 256),
        "CenteredNorm": lambda: colors.CenteredNorm(150),
    }[name]()
    heights = HEIGHTS + 5
    picture = vf.render(
        heights,
        size=(40, 30),
        camera=vf.Camera.map(),
        lit=False,
        samples=1,
        cmap="viridis",
        norm=norm,
    )
    expected = matplotlib.colormaps["viridis"](norm(heights), bytes=True)
    difference = np.abs(picture.rgba.astype(int) - expected).max(axis=2)
    assert (difference > 3).mean() <= 0.005, difference.max()


@pytest.mark.gpu
def test_a_norm_without_limits_takes_the_dems_and_stays_as_it_was():
    from matplotlib import colors

    norm = colors.Normalize()
    picture = vf.render(HEIGHTS, size=SIZE, norm=norm)
    np.testing.assert_array_equal(picture.rgba, vf.render(HEIGHTS, size=SIZE).rgba)
    assert norm.vmin is None
    for wrong in ({"vmin": 1}, {"vmax": 1}):
        with pytest.raises(vf.InvalidInputError, match=r"norm.*got both"):
            vf.render(HEIGHTS, size=SIZE, norm=colors.Normalize(), **wrong)
    with pytest.raises(vf.InvalidInputError, match=r"norm.*got 'logarithm'"):
        vf.render(HEIGHTS, size=SIZE, norm="logarithm")
