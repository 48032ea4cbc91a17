"""Pictures of DEMs with a place: the right scale in, coordinates kept on the way out."""

import sys
import warnings

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage

rasterio = pytest.importorskip("rasterio")
from rasterio.transform import from_bounds, from_origin  # noqa: E402

pytestmark = pytest.mark.gpu
HEIGHTS = dems.ridge(40, 50, noise=0.05)
SIZE = (96, 64)


@pytest.fixture
def path(tmp_path):
    return geotiffs.write(tmp_path / "dem.tif", HEIGHTS)


def test_a_path_a_dataset_a_dem_and_an_array_draw_alike(path):
    expected = vf.render(HEIGHTS, spacing=(30, 30), size=SIZE).rgba
    with rasterio.open(path) as file:
        for dem in (path, str(path), file, vf.open(path), vf.open(path).to_xarray()):
            np.testing.assert_array_equal(vf.render(dem, size=SIZE, north="grid").rgba, expected)
    assert vf.Camera.fit(path, north="grid") == vf.Camera.fit(HEIGHTS, spacing=(30, 30))
    spaced = vf.render(path, size=SIZE, spacing=(10, 20), north="grid").rgba
    np.testing.assert_array_equal(spaced, vf.render(HEIGHTS, spacing=(10, 20), size=SIZE).rgba)


def test_degrees_are_neither_flat_nor_spiked(tmp_path):
    path, heights = geotiffs.degrees(tmp_path / "g.tif")
    dem = vf.open(path)
    metric = vf.render(heights, size=SIZE, spacing=dem.spacing)
    np.testing.assert_array_equal(vf.render(path, size=SIZE).rgba, metric.rgba)
    assert 60 < dem.spacing[0] < 65 and 92 < dem.spacing[1] < 93  # 3 seconds of arc at 47 N


def test_feet_are_drawn_in_metres_and_coloured_in_feet(path, tmp_path):
    feet = geotiffs.write(tmp_path / "ft.tif", HEIGHTS / np.float32(0.3048), units=["ft"])
    low, high = 100 / 0.3048, 250 / 0.3048
    a = vf.render(feet, size=SIZE, vmin=low, vmax=high, vert_exag=2, aovs=["elevation", "ground"])
    b = vf.render(path, size=SIZE, vmin=100, vmax=250, vert_exag=2, aovs=["elevation", "ground"])
    assert (np.abs(a.rgba.astype(int) - b.rgba).max(axis=2) > 2).mean() < 0.002
    np.testing.assert_allclose(a.aovs["elevation"] * 0.3048, b.aovs["elevation"], atol=0.5)
    assert vf.Camera.fit(feet).view()[2, 3] == pytest.approx(vf.Camera.fit(path).view()[2, 3])


def test_geotiff_in_geotiff_out(path, tmp_path):
    picture = vf.render(path, size=(50, 40), camera=vf.Camera.map())
    picture.save(tmp_path / "out.tif")
    with rasterio.open(path) as source, rasterio.open(tmp_path / "out.tif") as file:
        assert file.crs == source.crs and file.bounds == source.bounds
        assert file.transform == source.transform
        names = [band.name for band in file.colorinterp]
        assert names == ["red", "green", "blue", "alpha"]
        np.testing.assert_array_equal(np.moveaxis(file.read(), 0, -1), picture.rgba)
    assert picture.bounds == tuple(source.bounds) and picture.crs == source.crs


def test_part_of_the_map_at_another_size(path, tmp_path):
    camera = vf.Camera.map((-300, -150, 450, 300))  # world metres; the middle is 400750, 3799400
    picture = vf.render(path, size=(150, 90), camera=camera)
    assert picture.bounds == pytest.approx((400450, 3799250, 401200, 3799700))
    picture.save(tmp_path / "part.TIFF")
    with rasterio.open(tmp_path / "part.TIFF") as file:
        assert tuple(file.bounds) == pytest.approx(picture.bounds)
        assert file.res == pytest.approx((5, 5))


def test_a_map_in_degrees_lies_in_degrees(tmp_path):
    path, _ = geotiffs.degrees(tmp_path / "g.tif")
    picture = vf.render(path, size=(160, 120), camera=vf.Camera.map())
    assert picture.bounds == pytest.approx(vf.open(path).bounds)


def test_world_files(path, tmp_path):
    picture = vf.render(path, size=(50, 40), camera=vf.Camera.map())
    picture.save(tmp_path / "out.png", world_file=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "dem.tif",
        "out.pgw",
        "out.png",
        "out.png.aux.xml",
    ]
    with rasterio.open(tmp_path / "out.png") as file:
        assert tuple(file.bounds) == picture.bounds and file.crs == picture.crs
    numbers = [float(line) for line in (tmp_path / "out.pgw").read_text("utf-8").split()]
    assert numbers == [30, 0, 0, -30, 400015, 3799985]
    with PillowImage.open(tmp_path / "out.png") as file:
        np.testing.assert_array_equal(np.asarray(file), picture.rgba)


def test_oblique_pictures_have_no_place(path, tmp_path):
    picture = vf.render(path, size=SIZE)
    assert picture.transform is None and picture.bounds is None and picture.extent is None
    assert picture.crs is not None
    for name, world in (("a.tif", False), ("a.png", True)):
        with pytest.raises(vf.InvalidInputError, match=r"straight above.*got.*;"):
            picture.save(tmp_path / name, world_file=world)
    assert not list(tmp_path.glob("a.*"))


def test_bad_places_leave_nothing_behind(path, tmp_path):
    picture = vf.render(path, size=(50, 40), camera=vf.Camera.map())
    before = sorted(tmp_path.iterdir())
    with pytest.raises(vf.ImageFileError, match="folder"):
        picture.save(tmp_path / "none" / "out.tif")
    directory = tmp_path / "d.tif"
    directory.mkdir()
    with pytest.raises(vf.ImageFileError, match="regular file"):
        picture.save(directory)
    directory.rmdir()
    with pytest.raises(vf.ImageFileError):
        vf.open(path).save(tmp_path / "o.tif", driver="none")
    assert sorted(tmp_path.iterdir()) == before


def test_a_dem_written_and_read(tmp_path):
    heights = dems.with_holes(HEIGHTS)
    path, _ = geotiffs.degrees(tmp_path / "g.tif", rows=40, columns=50)
    dem = vf.DEM(heights, transform=vf.open(path).transform, crs="EPSG:4326", z_unit="ft")
    dem.save(tmp_path / "copy.tif")
    copy = vf.open(tmp_path / "copy.tif")
    np.testing.assert_array_equal(copy.data, heights)
    assert copy.bounds == dem.bounds and copy.crs == dem.crs and copy.z_unit == "ft"
    with pytest.raises(vf.InvalidInputError, match=r"\.tif"):
        dem.save(tmp_path / "copy.png")


def test_to_xarray_and_plot(path):
    pytest.importorskip("rioxarray")
    import matplotlib.pyplot as plt

    picture = vf.render(path, size=(50, 40), camera=vf.Camera.map())
    array = picture.to_xarray()
    assert array.dims == ("band", "y", "x") and array.rio.crs == picture.crs
    assert array.rio.bounds() == picture.bounds
    np.testing.assert_array_equal(array.transpose("y", "x", "band"), picture.rgba)
    oblique = vf.render(path, size=SIZE)
    assert oblique.to_xarray().sizes == {"band": 4, "y": 64, "x": 96}
    figure, (left, middle, right) = plt.subplots(1, 3)
    drawn = picture.plot(ax=left)
    assert tuple(drawn.get_extent()) == picture.extent and left.get_xlabel() == "easting (m)"
    assert oblique.plot(ax=middle, alpha=0.5).get_alpha() == 0.5 and not middle.axison
    assert tuple(vf.open(path).plot(ax=right).get_extent()) == picture.extent
    plt.close(figure)


def test_a_plot_of_degrees_has_the_shape_of_the_ground(tmp_path):
    import matplotlib.pyplot as plt

    path, _ = geotiffs.degrees(tmp_path / "g.tif")
    figure, ax = plt.subplots()
    vf.open(path).plot(ax=ax)
    assert ax.get_aspect() == pytest.approx(1 / np.cos(np.radians(47)), rel=0.01)
    assert ax.get_xlabel() == "longitude"
    plt.close(figure)


def test_a_tall_dem_in_degrees_warns(tmp_path):
    transform = from_bounds(0, 20, 10, 60, 50, 40)
    path = geotiffs.write(tmp_path / "tall.tif", HEIGHTS, crs="EPSG:4326", transform=transform)
    with pytest.warns(vf.VerticalScaleWarning, match="reproject"):
        vf.render(path, size=SIZE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vf.render(vf.open(path), size=SIZE, spacing=(100000, 100000))


def test_a_picture_of_an_array_lies_in_world_metres():
    picture = vf.render(HEIGHTS, spacing=(3, 2), size=(50, 40), camera=vf.Camera.map())
    assert picture.crs is None and picture.bounds == (-75, -40, 75, 40)
    session = vf.Renderer(50, 40)
    session.add_terrain(HEIGHTS, spacing=(3, 2))
    session.set_camera(vf.Camera.map())
    assert session.render().bounds == (-75, -40, 75, 40)


def test_pixels_are_shared():
    picture = vf.render(HEIGHTS, size=SIZE)
    assert np.shares_memory(np.from_dlpack(picture), picture.rgba)

    class Interface:
        __array_interface__ = picture.__array_interface__

    assert np.shares_memory(np.asarray(Interface()), picture.rgba)


def test_one_row_is_refused_by_name(tmp_path):
    path = geotiffs.write(tmp_path / "l.tif", np.zeros((1, 50), np.float32))
    with pytest.raises(vf.InvalidInputError, match="2 x 2"):
        vf.render(path, size=SIZE)


def test_origin_survives_a_window(path):
    part = vf.open(path, window=((10, 30), (5, 25)))
    picture = vf.render(part, size=(20, 20), camera=vf.Camera.map(), samples=1, lit=False)
    assert picture.transform == from_origin(400150, 3799700, 30, 30)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_a_file_that_is_replaced_keeps_its_mode_and_its_link(path, tmp_path):
    target = tmp_path / "real.tif"
    target.write_bytes(b"old")
    target.chmod(0o640)
    (tmp_path / "link.tif").symlink_to(target)
    vf.render(path, size=(50, 40), camera=vf.Camera.map()).save(tmp_path / "link.tif")
    assert (tmp_path / "link.tif").is_symlink() and target.stat().st_mode & 0o777 == 0o640
    with rasterio.open(target) as file:
        assert file.count == 4
