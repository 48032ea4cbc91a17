"""What a drape can be made of, and what is refused."""

import shutil

import compare
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from refusal import refused
from test_drape import DEM, drawn, picture

pytestmark = pytest.mark.gpu

# --- what a drape can be made of ----------------------------------------------------------------------


def test_kinds_of_images(tmp_path):
    image = picture(24, 30, 4)
    image[..., 3] = 255
    vf.numpy_to_png(tmp_path / "drape.png", image)
    PillowImage.fromarray(image).save(tmp_path / "drape.webp", lossless=True)
    expected = drawn(DEM, image)
    for drape in (
        image[..., :3],
        image / 255.0,
        (image[..., :3] / 255.0).astype(np.float32),
        np.asfortranarray(image),
        image.tolist() and PillowImage.fromarray(image),
        PillowImage.fromarray(image).convert("RGB"),
        tmp_path / "drape.png",
        str(tmp_path / "drape.png"),
        tmp_path / "drape.webp",
        vf.Drape(image),
    ):
        np.testing.assert_array_equal(drawn(DEM, drape), expected)
    repr(vf.Drape(image, opacity=0.5))


def test_a_geotiff_brings_its_place(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    rows, columns = DEM.shape
    image = picture(4, 5)
    place = rasterio.transform.from_origin(500_210, 4_000_390, 30, 30)
    profile = {"driver": "GTiff", "count": 3, "height": 4, "width": 5, "dtype": "uint8"}
    with rasterio.open(
        tmp_path / "d.tif", "w", crs="EPSG:32611", transform=place, **profile
    ) as file:
        file.write(np.moveaxis(image, -1, 0))
    edges = (500_000, 4_000_000, 500_000 + 30 * columns, 4_000_000 + 30 * rows)
    seen = drawn(vf.DEM(DEM, bounds=edges, crs="EPSG:32611"), tmp_path / "d.tif")
    np.testing.assert_array_equal(seen[rows - 13 : rows - 9, 7:12, :3], image)
    refused(
        lambda: drawn(vf.DEM(DEM, bounds=edges, crs="EPSG:32612"), tmp_path / "d.tif"),
        "EPSG:32612", "EPSG:32611", "warp",
    )  # fmt: skip


def test_a_session_lays_and_lifts():
    session = vf.Renderer(30, 24)
    session.add_terrain(DEM, colormap="terrain")
    session.set_camera(vf.Camera.map())
    session.set_samples(1)
    bare = session.render_rgba()
    image = picture(24, 30)
    session.set_drape(image)
    draped = session.render_rgba()
    expected = vf.render(DEM, size=(30, 24), camera=vf.Camera.map(), samples=1, drape=image)
    np.testing.assert_array_equal(draped, expected.rgba)
    np.testing.assert_array_equal(session.render_rgba(), draped)
    session.set_drape(vf.Drape(image, blend="multiply"))
    assert (session.render_rgba() != draped).any()
    session.set_drape(None)
    np.testing.assert_array_equal(session.render_rgba(), bare)
    session.set_shading("overlay")
    expected = vf.render(DEM, size=(30, 24), camera=vf.Camera.map(), samples=1, shading="overlay")
    np.testing.assert_array_equal(session.render_rgba(), expected.rgba)


def test_two_drivers_agree(two_devices):
    image = picture(100, 130, 4)
    camera = vf.Camera.fit(DEM, 210, 25)
    for drape in (image, vf.Drape(image, blend="soft light", opacity=0.7)):
        both = [
            vf.render(
                DEM, size=(96, 64), camera=camera, drape=drape, shading="overlay", device=device
            )
            for device in two_devices
        ]
        assert (compare.difference(*both) > 1).mean() <= 0.001


def test_files_of_every_orientation_and_colour(tmp_path):
    """Turned north up, as a DEM is; grey where there is one band; transparent where a file or an array masks."""
    rasterio = pytest.importorskip("rasterio")
    image = picture(6, 9)

    def written(
        name, bands, transform=(30, 0, 400, 0, -30, 900), prepare=lambda file: None, **profile
    ):
        _, height, width = bands.shape
        with rasterio.open(
            tmp_path / name, "w", driver="GTiff", count=len(bands), width=width, height=height,
            dtype=bands.dtype, crs="EPSG:32611", transform=rasterio.Affine(*transform), **profile,
        ) as file:  # fmt: skip
            file.write(bands)
            prepare(file)
        return vf.Drape(tmp_path / name)

    bands = np.moveaxis(image, -1, 0)
    found = written("turned.tif", bands[:, ::-1, ::-1], (-30, 0, 670, 0, 30, 720))
    assert found.bounds == written("plain.tif", bands).bounds == (400, 720, 670, 900)
    assert (found.image[..., :3] == image).all() and (found.image[..., 3] == 255).all()
    grey = written("grey.tif", bands[:1], nodata=int(image[0, 0, 0])).image
    assert (grey[..., :3] == image[..., :1]).all()
    assert ((grey[..., 3] == 0) == (image[..., 0] == image[0, 0, 0])).all()
    table = {value: (value, 255 - value, 7, 255) for value in range(256)}
    named = written("named.tif", bands[:1], nodata=int(image[0, 0, 0]), prepare=lambda file: file.write_colormap(1, table)).image  # fmt: skip
    assert (named[..., 1] == 255 - image[..., 0]).all() and named[0, 0, 3] == 0
    deep = bands[:1].astype(np.uint16) + 60_000
    far = {60_000 + value: (value, 3, 9, 255) for value in range(200)}
    named = written("deep.tif", deep, prepare=lambda file: file.write_colormap(1, far)).image
    kept = image[..., 0] < 200
    assert (named[kept][:, 0] == image[kept][:, 0]).all() and (named[kept][:, 3] == 255).all()
    with pytest.raises(vf.InvalidInputError, match=r"run east or west.* turned or sheared .*warp"):
        written("aslant.tif", bands, (30, 5, 400, 5, -30, 900))
    masked = np.ma.array(image, mask=image > 200)
    assert ((vf.Drape(masked).image[..., 3] == 0) == (image > 200).any(axis=2)).all()


def test_pillows_grey_of_16_bits_is_no_white(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    deep = (np.arange(12, dtype=np.uint16) * 5900).reshape(3, 4)
    pillow.fromarray(deep).save(tmp_path / "deep.tif")
    with pillow.open(tmp_path / "deep.tif") as opened:
        assert (vf.Drape(opened).image[..., 0] == deep // 257).all()
    with pytest.raises(vf.InvalidInputError, match="mode 'F', whose white is not known"):
        vf.Drape(pillow.fromarray(deep.astype(np.float32)))


@pytest.mark.parametrize("suffix", [".webp", ".jpg"])
def test_photographs_stand_upright(suffix, tmp_path):
    """As every viewer shows them; a file with a place lies as it is, whatever its EXIF says."""
    image = np.repeat(np.repeat(picture(6, 9), 8, axis=0), 8, axis=1)
    path = tmp_path / f"held{suffix}"
    for orientation, upright in {
        1: image, 2: image[:, ::-1], 3: image[::-1, ::-1], 6: np.rot90(image, -1), 8: np.rot90(image),
    }.items():  # fmt: skip
        exif = PillowImage.Exif()
        exif[0x0112] = orientation
        PillowImage.fromarray(image).save(
            path, exif=exif, lossless=True, quality=100, subsampling=0
        )
        with PillowImage.open(path) as opened:
            of_pillow, turned = vf.Drape(opened).image, vf.Drape(opened.rotate(90)).image
        for found in (vf.Drape(path).image, of_pillow):
            assert found.shape[:2] == upright.shape[:2]
            assert np.abs(found[..., :3].astype(int) - upright).mean() < 4
        assert turned.shape == (*image.shape[:2], 4)  # by hand: no file's any more
    PillowImage.fromarray(image).save(path, exif=b"Exif\0\0garbage")
    assert vf.Drape(path).image.shape == (*image.shape[:2], 4)
    pytest.importorskip("rasterio")
    PillowImage.fromarray(image).save(path, exif=exif)
    path.with_suffix(".wld").write_text("30\n0\n0\n-30\n415\n885\n")
    placed = vf.Drape(path)
    if suffix == ".webp":  # for which GDAL reads none
        assert placed.bounds is None and placed.image.shape == (72, 48, 4)
    else:
        assert placed.bounds == (400, 900 - 48 * 30, 400 + 72 * 30, 900)
        assert placed.image.shape == (*image.shape[:2], 4)


def test_a_world_file_brings_its_place(tmp_path):
    pytest.importorskip("rasterio")
    dem = vf.DEM(DEM, transform=(30, 0, 4e5, 0, -30, 5e6), crs="EPSG:32633")
    part = vf.Camera.map((-200, -150, 300, 250))
    drawn_map = vf.render(dem, camera=part, size=(50, 40))
    drawn_map.save(tmp_path / "map.png", world_file=True)
    found = vf.Drape(tmp_path / "map.png")
    assert found.bounds == pytest.approx(drawn_map.bounds) and found._crs == dem.crs
    np.testing.assert_array_equal(found.image, drawn_map.rgba)
    (tmp_path / "map.png.aux.xml").unlink()
    alone = vf.Drape(tmp_path / "map.png")
    assert alone.bounds == pytest.approx(drawn_map.bounds) and alone._crs is None
    shutil.copy(tmp_path / "map.png", tmp_path / "LOUD.PNG")
    shutil.copy(tmp_path / "map.pgw", tmp_path / "LOUD.pgw")
    assert vf.Drape(tmp_path / "LOUD.PNG").bounds == alone.bounds
    assert vf.Drape(tmp_path / "map.png", bounds=(0, 0, 9, 9)).bounds == (0, 0, 9, 9)
    (tmp_path / "map.pgw").write_text("10\n0\n0\n10\n5\n5\n")  # rows run north
    np.testing.assert_array_equal(vf.Drape(tmp_path / "map.png").image, drawn_map.rgba[::-1])
    (tmp_path / "map.pgw").write_text("10\n1\n1\n-10\n5\n5\n")
    refused(lambda: vf.Drape(tmp_path / "map.png"), "turned or sheared", "WarpedVRT")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_control_points_are_a_place_too(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    image = picture(4, 5)
    profile = {"driver": "GTiff", "count": 3, "height": 4, "width": 5, "dtype": "uint8"}
    path = tmp_path / "points.tif"
    for shear, south_up in ((0, 1), (0, -1), (9, 1)):
        points = [
            rasterio.control.GroundControlPoint(
                row, column, 400 + 30 * column + shear * row, 900 - south_up * 30 * row
            )
            for row, column in ((0, 0), (0, 5), (4, 0), (4, 5))
        ]
        with rasterio.open(path, "w", **profile) as file:
            file.write(np.moveaxis(image, -1, 0))
            file.gcps = points, "EPSG:32611"
        if shear:
            refused(lambda: vf.Drape(path), "ground control points", "WarpedVRT", "bounds=")
            assert vf.Drape(path, bounds=(0, 0, 5, 4)).bounds == (0, 0, 5, 4)
            continue
        found = vf.Drape(path)
        assert found.bounds == ((400, 780, 550, 900) if south_up > 0 else (400, 900, 550, 1020))
        assert found._crs.to_epsg() == 32611
        for drape in (found, vf.Drape(path, bounds=(0, 0, 5, 4))):
            np.testing.assert_array_equal(drape.image[..., :3], image[::south_up])


def test_an_image_too_large_for_pillow_is_told(tmp_path, monkeypatch):
    PillowImage.fromarray(picture(40, 40)).save(tmp_path / "large.jpg")
    monkeypatch.setattr(PillowImage, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(vf.ImageFileError, match=r"large.jpg.*MAX_IMAGE_PIXELS = None"):
        vf.Drape(tmp_path / "large.jpg")


# --- refusals -----------------------------------------------------------------------------------------

IMAGE = np.zeros((2, 2, 3), np.uint8)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: vf.Drape(np.zeros((2, 2), np.uint8)), ("(h, w, 3)", "(2, 2)")),
        (lambda: vf.Drape(np.zeros((2, 2, 2), np.uint8)), ("(h, w, 4)",)),
        (lambda: vf.Drape(np.zeros((0, 2, 3), np.uint8)), ("(0, 2, 3)",)),
        (lambda: vf.Drape(np.zeros((2, 2, 3), np.uint16)), ("uint16", "257")),
        (lambda: vf.Drape(np.full((2, 2, 3), 2.0)), ("0..1", "255")),
        (lambda: vf.Drape(np.full((2, 2, 3), np.nan)), ("0..1",)),
        (lambda: vf.Drape(5), ("(h, w, 3)",)),
        (lambda: vf.Drape(IMAGE, blend="screen"), ("normal, multiply, overlay, soft light", "screen")),
        (lambda: vf.Drape(IMAGE, opacity=1.5), ("0..1",)),
        (lambda: vf.Drape(IMAGE, opacity="1"), ("opacity",)),
        (lambda: vf.Drape(IMAGE, opacity=float("nan")), ("opacity",)),
        (lambda: vf.Drape(IMAGE, bounds=(0, 0, 0, 1)), ("left < right",)),
        (lambda: vf.Drape(IMAGE, bounds=(0, 0, 1)), ("(left, bottom, right, top)",)),
        (lambda: vf.Drape(IMAGE, bounds=(0, 0, 1, float("inf"))), ("bounds",)),
        (lambda: vf.Drape(IMAGE, bounds=(0, 0, 1, 1), extent=(0, 1, 0, 1)), ("both",)),
        (lambda: vf.render(DEM, size=(8, 8), drape=IMAGE, shading="screen"), ("shading", "overlay")),
        (lambda: vf.render(DEM, size=(8, 8), shading=3), ("shading",)),
    ],
)  # fmt: skip
def test_what_is_no_drape(make, words):
    refused(make, *words)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "no.jpg").write_bytes(b"nothing")
    (tmp_path / "no.tif").write_bytes(b"nothing")
    for path in (tmp_path / "missing.png", tmp_path / "no.jpg", tmp_path / "no.tif"):
        with pytest.raises(vf.ImageFileError, match="expected an image, got"):
            vf.Drape(path)


def test_a_drape_beyond_the_device_is_refused():
    most = max(device.max_image for device in vf.devices() if device.refused is None)
    image = np.zeros((1, most + 1, 3), np.uint8)
    refused(lambda: vf.render(DEM, size=(8, 8), drape=image), "drape is too large", "resample")
