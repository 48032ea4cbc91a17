"""Images on the ground: where they lie, how they are filtered, how colours blend."""

import compare
import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
RNG = np.random.default_rng(3)
DEM = dems.ridge(24, 30, 4)


def picture(rows, columns, channels=3):
    """Random bytes, of every value."""
    return RNG.integers(0, 256, (rows, columns, channels), dtype=np.uint8)


def drawn(dem, drape, size=None, **options):
    """A map, unlit, one sample a pixel: (H, W, 4) uint8."""
    size = size or dem.shape[::-1]
    options = {"camera": vf.Camera.map(), "lit": False, "samples": 1} | options
    return vf.render(dem, size=size, drape=drape, **options).rgba


def mean_linear(image, block):
    """Means of block x block pixels in linear light, as sRGB bytes."""
    light = ref.srgb_decode(image / 255.0)
    rows, columns, channels = light.shape
    parts = light.reshape(rows // block, block, columns // block, block, channels)
    return ref.to_bytes(ref.srgb_encode(parts.mean(axis=(1, 3))))


# --- place --------------------------------------------------------------------------------------------


def test_one_texel_a_pixel_is_byte_for_byte(each_device):
    for dem in (DEM, dems.ridge(101, 67, 1)):
        image = picture(*dem.shape)
        np.testing.assert_array_equal(drawn(dem, image, device=each_device)[..., :3], image)


def test_corners_are_where_they_belong():
    """Row 0 in the north, column 0 in the west, from edge to edge, whatever the image's size."""
    image = np.zeros((2, 2, 3), np.uint8)
    image[0, 0], image[0, 1], image[1, 0], image[1, 1] = [
        (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255),
    ]  # fmt: skip
    seen = drawn(DEM, np.repeat(np.repeat(image, 50, 0), 70, 1))[..., :3]
    for row, column in [(0, 0), (0, -1), (-1, 0), (-1, -1)]:
        np.testing.assert_array_equal(seen[row, column], image[row, column])


@pytest.mark.parametrize("large", [False, True], ids=["exact patches", "far cells"])
def test_it_lies_on_the_ground_that_the_aovs_tell(large):
    """Red tells the column and green the row of each place that a perspective sees."""
    dem = dems.rough(2100, 2000, relief=9000.0) if large else dems.ridge(40, 50, 2)
    spacing = (30.0, 20.0)
    span = np.linspace(20, 235, 216).round().astype(np.uint8)
    image = np.zeros((216, 216, 3), np.uint8)
    image[..., 0], image[..., 1] = span[None, :], span[:, None]
    rows, columns = dem.shape
    camera = vf.Camera.fit(dem, 200, 40, spacing=spacing)
    seen = vf.render(
        dem, size=(96, 80), camera=camera, spacing=spacing, drape=image, lit=False, samples=1,
        aovs=("ground",),
    )  # fmt: skip
    x, y = np.moveaxis(seen.aovs["ground"], -1, 0)
    known = ~np.isnan(x)
    expected = np.stack([x / (columns * spacing[0]) + 0.5, 0.5 - y / (rows * spacing[1])], axis=-1)
    expected = 20 + 215 * np.clip((expected * 216 - 0.5) / 215, 0, 1)
    wrong = np.abs(seen.rgba[..., :2][known] - expected[known]).max(axis=-1)
    assert known.mean() > 0.15
    # A mean of a ramp is not the ramp at its ends; what lies behind a ridge is another place; and a far cell is
    # met within half a pixel of where the exact ray meets its patches, about three texels here.
    assert (wrong <= (5.0 if large else 2.0)).mean() > 0.9
    assert np.median(wrong) < 2


def test_bounds_in_world_metres():
    rows, columns = DEM.shape
    image = picture(6, 8)
    bounds = (-5.0, -7.0, 3.0, -1.0)  # whole cells: texel for pixel
    seen, plain = drawn(DEM, vf.Drape(image, bounds=bounds)), drawn(DEM, None)
    left, top = int(bounds[0] + columns / 2), int(rows / 2 - bounds[3])
    inside = np.zeros(DEM.shape, bool)
    inside[top : top + 6, left : left + 8] = True
    np.testing.assert_array_equal(seen[inside].reshape(6, 8, 4)[..., :3], image)
    np.testing.assert_array_equal(seen[~inside], plain[~inside])
    same = vf.Drape(image, extent=(bounds[0], bounds[2], bounds[1], bounds[3]))
    np.testing.assert_array_equal(drawn(DEM, same), seen)


def test_bounds_in_the_coordinates_of_the_dem():
    rows, columns = DEM.shape
    whole = vf.DEM(
        DEM,
        bounds=(500_000, 4_000_000, 500_000 + 30 * columns, 4_000_000 + 30 * rows),
        spacing=(30.0, 30.0),
    )
    image = picture(4, 5)
    corner = (500_000 + 30 * 7, 4_000_000 + 30 * 9)
    bounds = (*corner, corner[0] + 150, corner[1] + 120)
    seen = drawn(whole, vf.Drape(image, bounds=bounds))
    np.testing.assert_array_equal(seen[rows - 13 : rows - 9, 7:12, :3], image)


def test_a_session_lays_it_anew_on_another_terrain():
    """By its bounds, in the coordinates of each; what has no place there changes nothing."""
    rows, columns = DEM.shape
    image = picture(6, 8)
    west, north = 500_000, 4_000_000 + rows
    words = {"crs": "EPSG:32633", "spacing": (1.0, 1.0)}
    first, second = (
        vf.LargeDEM(vf.DEM(DEM, bounds=(left, north - rows, left + columns, north), **words))
        for left in (west, west - 4)
    )
    bounds = (west + 3, north - 9, west + 11, north - 3)
    renderer = vf.Renderer(columns, rows)
    renderer.set_camera(vf.Camera.map())
    renderer.set_lit(False)
    renderer.set_samples(1)
    renderer.set_drape(vf.Drape(image, bounds=bounds))
    for terrain, left in ((first, 3), (second, 7), (first, 3)):
        renderer.add_terrain(terrain)
        np.testing.assert_array_equal(renderer.render().rgba[3:9, left : left + 8, :3], image)
    before = renderer.render().rgba
    georeferenced = vf.Drape(image, bounds=bounds)
    georeferenced._crs = first.crs
    renderer.set_drape(georeferenced)
    other = vf.LargeDEM(vf.DEM(0 * DEM, bounds=(0, 0, columns, rows), crs="EPSG:3857"))
    with pytest.raises(vf.InvalidInputError, match="coordinate system; expected EPSG:3857"):
        renderer.add_terrain(other)
    np.testing.assert_array_equal(renderer.render().rgba, before)


def test_a_map_lies_where_it_was_drawn():
    bounds = (-8.0, -6.0, 7.0, 4.0)
    part = vf.render(DEM, size=(15, 10), camera=vf.Camera.map(bounds), cmap="magma", samples=1)
    rows, columns = DEM.shape
    seen = drawn(DEM, part)
    top, left = rows // 2 - 4, columns // 2 - 8
    np.testing.assert_array_equal(seen[top : top + 10, left : left + 15], part.rgba)
    assert (seen[0] == drawn(DEM, None)[0]).all()


# --- filters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [2, 4, 16, 32])
def test_from_afar_it_is_the_mean_in_linear_light(block):
    image = picture(24 * block, 30 * block)
    checks = (np.indices(image.shape[:2]).sum(axis=0) % 2 * 255).astype(np.uint8)
    for tried in (image, np.repeat(checks[..., None], 3, axis=2)):
        expected = mean_linear(tried.astype(float), block)
        assert compare.difference(drawn(DEM, tried)[..., :3], expected).max() <= 2


def test_from_near_it_is_bilinear_in_linear_light():
    image = picture(24, 30)
    scale = 7
    seen = drawn(DEM, image, size=(30 * scale, 24 * scale))[..., :3]
    light = ref.srgb_decode(image / 255.0)
    place = [(np.arange(count * scale) + 0.5) / scale - 0.5 for count in image.shape[:2]]
    rows, columns = (
        np.clip(along, 0, count - 1) for along, count in zip(place, image.shape, strict=False)
    )
    first = [
        np.minimum(along.astype(int), count - 2)
        for along, count in zip((rows, columns), image.shape, strict=False)
    ]
    south, east = (rows - first[0])[:, None, None], (columns - first[1])[None, :, None]
    i, j = first[0][:, None], first[1][None, :]
    north_side = light[i, j] * (1 - east) + light[i, j + 1] * east
    south_side = light[i + 1, j] * (1 - east) + light[i + 1, j + 1] * east
    expected = ref.to_bytes(ref.srgb_encode(north_side * (1 - south) + south_side * south))
    inside = (slice(4, -4), slice(4, -4))  # half a cell at the edge has no ground
    assert compare.difference(seen, expected)[inside].max() <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (3, 1), (5, 3), (7, 300), (300, 7), (129, 257)])
def test_one_colour_stays_one_colour(shape):
    """No seam, no edge, no level of the chain shows, at any size and angle, up to the silhouettes."""
    image = np.empty((*shape, 3), np.uint8)
    image[:] = (37, 180, 92)
    for altitude in (3, 20, 60):
        camera = vf.Camera.fit(DEM, 200, altitude, spacing=(30.0, 30.0))
        seen = vf.render(
            DEM, size=(96, 72), camera=camera, drape=image, lit=False, samples=1,
            spacing=(30.0, 30.0), background=(0, 0, 0, 0),
        ).rgba  # fmt: skip
        ground = seen[seen[..., 3] > 0]
        assert len(ground) > 50 and (np.abs(ground.astype(int) - (37, 180, 92, 255)) <= 0).all()


def test_transparent_texels_lend_no_colour():
    """Red that is fully transparent, beside green: from afar and from near, no red."""
    image = np.zeros((96, 120, 4), np.uint8)
    image[..., 0] = 255
    image[::2, ::2] = (0, 255, 0, 255)
    camera = vf.Camera.map((-14.5, -11.5, 14.5, 11.5))  # where there is ground
    for size in ((29, 23), (290, 230)):
        black = {"cmap": ["#000000"], "camera": camera}
        seen = drawn(DEM, image, size=size, **black)
        assert seen[..., 0].max() == 0 and seen[..., 1].max() > 100
    quarter = drawn(DEM, image, size=(29, 23), **black)[5, 5]
    assert abs(int(quarter[1]) - 137) <= 1  # sRGB of a quarter of the light


def test_grazing_is_even():
    """A fine chessboard far away is grey: nearer to its mean than a nearest texel, which is black or white."""
    dem = np.zeros((400, 400), np.float32)
    checks = np.repeat(
        (np.indices((1024, 1024)).sum(axis=0) % 2 * 255).astype(np.uint8)[..., None], 3, 2
    )
    camera = vf.Camera.look_at((0, -220, 12), (0, 0, 0), fov=40)
    for samples in (1, 4):
        seen = vf.render(
            dem, size=(160, 100), camera=camera, drape=checks, lit=False, samples=samples,
            background=(0, 0, 0, 0), aovs=("depth",),
        )  # fmt: skip
        far = seen.aovs["depth"] > 250
        grey = seen.rgba[far & (seen.rgba[..., 3] == 255)][:, 0].astype(float)
        assert len(grey) > 300
        assert abs(grey.mean() - 188) < 3 and grey.std() < 4


# --- colours ------------------------------------------------------------------------------------------

MIDDLE = {"cmap": "viridis", "camera": vf.Camera.map((-14.5, -11.5, 14.5, 11.5)), "size": (29, 23)}


def formula(mode, below, above):
    """The blend modes on sRGB in 0..1, as their sources have them."""
    if mode == "normal":
        return above
    if mode == "multiply":
        return ref.srgb_encode(ref.srgb_decode(below) * ref.srgb_decode(above))
    if mode == "soft light":  # Pegtop; matplotlib.colors.LightSource.blend_soft_light
        return 2 * above * below + (1 - 2 * above) * below**2
    # W3C Compositing and Blending Level 1, overlay = hard light with the layers exchanged
    return np.where(below <= 0.5, 2 * above * below, 1 - 2 * (1 - above) * (1 - below))


@pytest.mark.parametrize("mode", ["normal", "multiply", "overlay", "soft light", "soft"])
@pytest.mark.parametrize("opacity", [1.0, 0.35, 0.0])
def test_blend_modes(mode, opacity):
    image = picture(23, 29, 4)
    below = drawn(DEM, None, **MIDDLE)[..., :3] / 255.0
    above, alpha = image[..., :3] / 255.0, image[..., 3:] / 255.0 * opacity
    mixed = formula("soft light" if mode == "soft" else mode, below, above)
    light = ref.srgb_decode(below) * (1 - alpha) + ref.srgb_decode(mixed) * alpha
    bounds = (-14.5, -11.5, 14.5, 11.5)
    seen = drawn(DEM, vf.Drape(image, bounds=bounds, opacity=opacity, blend=mode), **MIDDLE)
    assert compare.difference(seen[..., :3], ref.to_bytes(ref.srgb_encode(light))).max() <= 1
    assert (seen[..., 3] == 255).all()


def test_over_a_translucent_colour_map():
    """W3C's source-over, with what is left of the background behind both."""
    cmap, image = [(0.2, 0.4, 0.6, 0.5)], np.full((4, 4, 4), (200, 100, 50, 128), np.uint8)
    seen = drawn(DEM, image, **(MIDDLE | {"cmap": cmap, "background": (0, 0, 0, 0)}))
    over, below, above = (
        128 / 255,
        ref.srgb_decode([0.2, 0.4, 0.6]),
        ref.srgb_decode(np.array([200, 100, 50]) / 255),
    )
    alpha = over + 0.5 * (1 - over)
    light = (above * over + below * 0.5 * (1 - over)) / alpha
    expected = [*ref.to_bytes(ref.srgb_encode(light)), round(255 * alpha)]
    assert np.abs(seen[5, 5].astype(int) - expected).max() <= 1


def test_drapes_are_lit():
    image = picture(24, 30)
    white = np.full_like(image, 255)
    light = drawn(DEM, white, lit=True)[..., :3] / 255.0
    expected = ref.srgb_encode(ref.srgb_decode(light) * ref.srgb_decode(image / 255.0))
    assert (
        compare.difference(drawn(DEM, image, lit=True)[..., :3], ref.to_bytes(expected)).max() <= 1
    )


# --- shading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["multiply", "overlay", "soft light"])
@pytest.mark.parametrize("gradient", [(0.0, 0.0), (0.6, -0.6), (-1.0, 1.0), (-0.3, 0.1)])
def test_light_as_a_layer(mode, gradient):
    dem = dems.plane(23, 29, gradient=gradient)
    plain = drawn(dem, None, cmap="viridis")[..., :3] / 255.0
    seen = drawn(dem, None, cmap="viridis", lit=True, shading=mode, ambient=0.2)[..., :3]
    normal = np.array([-gradient[0], -gradient[1], 1.0])
    sun = ref.direction_to(315, 45)
    light = 0.2 + 0.8 * max(0.0, normal @ sun / np.linalg.norm(normal))
    if mode == "multiply":
        expected = ref.srgb_encode(ref.srgb_decode(plain) * light)
    else:
        grey = min(1.0, 0.5 * light / (0.2 + 0.8 * sun[2]))
        expected = formula(mode, plain, grey)
    inside = (slice(1, -1), slice(1, -1))
    assert compare.difference(seen[inside], ref.to_bytes(expected)[inside]).max() <= 1


@pytest.mark.parametrize("mode", ["overlay", "soft light"])
def test_level_ground_in_the_sun_keeps_its_colour(mode):
    dem = np.zeros((8, 9), np.float32)
    image = picture(8, 9)
    for sun in ({"altitude": 12.0}, {"ambient": 0.0}, {"azimuth": 90.0, "ambient": 0.8}):
        seen = drawn(dem, image, lit=True, shading=mode, **sun)
        np.testing.assert_array_equal(seen[..., :3], image)


def test_samples_do_not_blur_it():
    """Each sample stands for its own share of the pixel, so the picture is the mean over pixels, not over more."""
    stripes = np.zeros((1024, 1024, 3), np.uint8)
    stripes[:, np.arange(1024) // 24 % 2 == 1] = 255  # a pixel and a half wide, of 16 texels each
    shown = vf.render(
        np.zeros((64, 64), np.float32), size=(64, 64), camera=vf.Camera.map(), lit=False, samples=16,
        drape=vf.Drape(stripes),
    )  # fmt: skip
    byte = np.asarray(shown)[32, 2:-2, 0] / 255.0
    light = ref.srgb_decode(byte)
    exact = (stripes[0, :, 0] / 255.0).reshape(64, 16).mean(axis=1)[2:-2]
    assert np.abs(light - exact).max() < 0.05
