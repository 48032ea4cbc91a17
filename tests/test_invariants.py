"""What must hold whatever the picture: symmetries, exactness, repeatability, agreement of drivers."""

import compare
import dems
import matplotlib
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu

BACKGROUND = (0.2, 0.4, 0.6, 0.5)
BACKGROUND_BYTES = [51, 102, 153, 128]


def cell_map(dem, **more):
    """One pixel per cell, seen from straight above, unlit unless asked for."""
    rows, columns = dem.shape
    return vf.render(
        dem,
        **{"size": (columns, rows), "camera": vf.Camera.map(), "lit": False, "samples": 1, **more},
    )


def visible_samples(dem):
    """Samples with a whole patch beside them: what straight-down rays at sample positions see."""
    whole = ~np.isnan(dem[:-1, :-1] + dem[:-1, 1:] + dem[1:, :-1] + dem[1:, 1:])
    seen = np.zeros(dem.shape, bool)
    for di in (0, 1):
        for dj in (0, 1):
            seen[di : di + whole.shape[0], dj : dj + whole.shape[1]] |= whole
    return seen


# --- the nadir map: one pixel is one cell, exactly ---------------------------------------------------


@pytest.mark.parametrize(
    "shape", [(2, 2), (2, 61), (61, 2), (33, 64), (40, 255), (9, 1000), (127, 129)]
)
@pytest.mark.parametrize("spacing", [None, (30.0, 10.0), (0.1, 0.7)])
def test_map_reads_back_the_dem_exactly(shape, spacing):
    rng = np.random.default_rng(shape[1])
    dem = rng.normal(1000, 300, shape).astype(np.float32)
    image = cell_map(dem, spacing=spacing, aovs=("elevation", "ground", "depth"))
    np.testing.assert_array_equal(image.aovs["elevation"], dem)
    np.testing.assert_allclose(image.aovs["depth"], -dem, rtol=1e-6, atol=1e-3)
    dx, dy = spacing or (1.0, 1.0)
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2) * dx
    y = ((shape[0] - 1) / 2 - np.arange(shape[0])) * dy
    np.testing.assert_allclose(
        image.aovs["ground"][..., 0], np.tile(x, (shape[0], 1)), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        image.aovs["ground"][..., 1], np.tile(y[:, None], (1, shape[1])), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize("name", ["viridis", "magma", "terrain", "gray"])
def test_map_has_matplotlibs_colours(name):
    dem, spacing = dems.jacksboro()
    expected = matplotlib.colormaps[name](
        (dem.astype(np.float64) - dem.min()) / (float(dem.max()) - dem.min()), bytes=True
    )
    image = np.asarray(cell_map(dem, cmap=name, spacing=spacing))
    # int16 heights fall on bin borders, where float32 and float64 may take neighbouring entries
    wrong = compare.difference(image, expected) > 1
    position = (dem.astype(np.float64) - dem.min()) / (float(dem.max()) - dem.min()) * 256
    on_border = np.abs(position - np.round(position)) < 1e-4
    assert not (wrong & ~on_border).any()
    assert on_border.mean() < 0.2


@pytest.mark.parametrize("light", [{"lit": False}, {"lit": True, "ambient": 1.0, "exposure": 1.0}])
def test_both_ways_to_switch_the_light_off(light):
    dem = dems.ramp()
    expected = matplotlib.colormaps["terrain"](dem.astype(np.float64), bytes=True)
    image = cell_map(dem, vmin=0.0, vmax=1.0, **light)
    assert compare.difference(image, expected).max() <= 1


@pytest.mark.parametrize("seed", range(4))
def test_masked_holes_are_exactly_where_no_patch_is_whole(seed):
    dem = dems.with_holes(dems.ridge(30, 41, seed), seed, fraction=0.15)
    image = cell_map(dem, background=BACKGROUND, aovs=("elevation", "normal", "ground", "depth"))
    pixels, seen = np.asarray(image), visible_samples(dem)
    assert 0.2 < seen.mean() < 0.9 and (~seen & ~np.isnan(dem)).any()
    np.testing.assert_array_equal(pixels[~seen], np.tile(BACKGROUND_BYTES, ((~seen).sum(), 1)))
    low, high = np.nanmin(dem), np.nanmax(dem)
    scaled = (dem.astype(np.float64) - low) / (float(high) - low)
    expected = matplotlib.colormaps["terrain"](np.nan_to_num(scaled), bytes=True)
    assert (compare.difference(pixels, expected)[seen] > 1).mean() <= 1e-3
    np.testing.assert_array_equal(image.aovs["elevation"], np.where(seen, dem, np.nan))
    for array in image.aovs.values():
        holes = np.isnan(array) if array.ndim == 2 else np.isnan(array).all(axis=-1)
        np.testing.assert_array_equal(holes, ~seen)


def test_masked_array_and_nan_are_the_same_hole():
    heights = dems.ridge(20, 20)
    holed = dems.with_holes(heights)
    masked = np.ma.array(heights, mask=np.isnan(holed))
    np.testing.assert_array_equal(cell_map(holed), cell_map(masked))
    integers = np.ma.array(
        np.round(heights).astype(np.int16), mask=np.isnan(holed), fill_value=-9999
    )
    rounded = np.where(np.isnan(holed), np.nan, np.round(heights)).astype(np.float32)
    np.testing.assert_array_equal(cell_map(integers), cell_map(rounded))


def test_a_ray_between_samples_beside_a_hole():
    """Vertical rays exactly on the border of a hole see the whole patch on the other side, inside they see none."""
    dem = np.zeros((4, 6), np.float32)
    dem[0, 5] = np.nan  # kills the patch x 1.5..2.5, y 0.5..1.5
    # pixels of half a cell: centres on samples and half-way between them
    bounds = (-2.75, -1.75, 2.75, 1.75)
    image = vf.render(
        dem, size=(11, 7), camera=vf.Camera.map(bounds), aovs=("elevation",), samples=1
    )
    hole = np.isnan(image.aovs["elevation"])
    expected = np.zeros((7, 11), bool)
    expected[0:2, 9:11] = (
        True  # right of x = 1.5 and above y = 0.5; the borders themselves are ground
    )
    np.testing.assert_array_equal(hole, expected)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("quarters", range(4))
def test_a_ray_along_a_hole_from_an_eye_over_its_border(quarters, side, each_device):
    """Rays that run exactly along the border of a hole see the whole patches on its other side, as if there were no hole."""
    dem = np.arange(17 * 17, dtype=np.float32).reshape(17, 17) % 7 / 10
    holed = dem.copy()
    holed[:, 8 + side :: side] = np.nan
    # North, west, south, east: the way that rot90 turns the hole's border, which stays in the middle.
    x, y = [(0, 1), (-1, 0), (0, -1), (1, 0)][quarters]
    camera = vf.Camera.look_at((-20.0 * x, -20.0 * y, 16.0), (0.0, 0.0, 0.0), fov=40.0)
    # The middle column of pixels alone: there float32 gives the ray no direction across the border.
    given = {"size": (1, 64), "camera": camera, "samples": 1, "aovs": ("depth",)}
    with_hole, without = (
        vf.render(
            np.ascontiguousarray(np.rot90(d, quarters)),
            device=each_device,
            lit=False,
            vmin=0,
            vmax=1,
            **given,
        )
        for d in (holed, dem)
    )
    assert np.isfinite(without.aovs["depth"]).sum() > 20
    np.testing.assert_allclose(with_hole.aovs["depth"], without.aovs["depth"], rtol=1e-6)
    np.testing.assert_array_equal(with_hole.rgba, without.rgba)


# --- symmetries ---------------------------------------------------------------------------------------


def test_mirrored_dem_is_the_mirrored_picture():
    """East for west: a camera and a sun in the north-south plane see the mirror image."""
    dem = dems.with_holes(dems.ridge(23, 26, 4), 4)
    more = {
        "spacing": (30.0, 20.0),
        "size": (120, 80),
        "samples": 1,
        "azimuth": 180.0,
        "altitude": 30.0,
    }
    camera = vf.Camera.orbit((0, 0, 120), 1100, 180, 35)
    image = np.asarray(vf.render(dem, camera=camera, **more))
    mirrored = np.asarray(vf.render(dem[:, ::-1].copy(), camera=camera, **more))
    difference = compare.difference(image, mirrored[:, ::-1])
    assert (difference > 1).mean() <= 1e-3
    assert (
        compare.difference(image, mirrored) > 8
    ).mean() > 0.05, "the scene is symmetric: it shows nothing"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_dem_and_turned_camera_give_the_same_picture(turns):
    dem = dems.ridge(22, 22, 5)
    more = {"spacing": (30.0, 30.0), "size": (96, 72), "samples": 1, "altitude": 20.0}
    image = vf.render(
        dem, camera=vf.Camera.orbit((0, 0, 120), 1100, 200, 35), azimuth=300.0, **more
    )
    turned = vf.render(
        np.rot90(dem, -turns).copy(),  # clockwise
        camera=vf.Camera.orbit((0, 0, 120), 1100, 200 + 90 * turns, 35),
        azimuth=(300.0 + 90 * turns) % 360,
        **more,
    )
    assert (compare.difference(image, turned) > 1).mean() <= 1e-3


def test_flat_dem_shades_evenly():
    dem = np.full((50, 70), 123.0, np.float32)
    image = np.asarray(vf.render(dem, size=(160, 90), samples=1, background=(0, 0, 0, 0)))
    ground = image[image[..., 3] == 255]
    assert len(ground) > 1000
    assert len(np.unique(ground, axis=0)) == 1
    light = 0.35 + 0.65 * np.sin(np.radians(45))
    entry = ref.srgb_decode(matplotlib.colormaps["terrain"](0)[:3])
    assert (
        np.abs(ground[0, :3].astype(int) - ref.to_bytes(ref.srgb_encode(entry * light))).max() <= 1
    )


def test_a_tilted_plane_shades_evenly_and_casts_no_shadow_on_itself():
    """Sun 2 degrees above the plane: any self-shadowing at all would show."""
    spacing = (10.0, 10.0)
    dem = dems.plane(120, 90, gradient=(0.5, 0.25), spacing=spacing)
    toward = np.degrees(np.arctan2(-0.5, -0.25)) % 360  # downhill
    for rise in (-24.0, -10.0, 2.0, 60.0):
        style = {"azimuth": toward, "altitude": rise, "spacing": spacing, "cmap": ["#c0c0c0"]}
        style["detail"] = "exact"
        pixels = np.asarray(
            vf.render(dem, size=(128, 96), samples=1, background=(0, 0, 0, 0), **style)
        )
        ground = pixels[pixels[..., 3] == 255][:, 0]
        assert len(ground) > 1000 and int(ground.max()) - int(ground.min()) <= 1, rise


@pytest.mark.parametrize("shape", [(2, 2), (20, 30)])
@pytest.mark.parametrize("samples", [1, 4])
def test_all_nodata_is_the_background(shape, samples):
    dem = np.full(shape, np.nan, np.float32)
    image = vf.render(
        dem, size=(24, 16), background=BACKGROUND, samples=samples, aovs=("depth", "normal")
    )
    np.testing.assert_array_equal(image, np.tile(BACKGROUND_BYTES, (16, 24, 1)))
    assert np.isnan(image.aovs["depth"]).all() and np.isnan(image.aovs["normal"]).all()
    assert image.ground_at(3, 3) is None


# --- repeatability ------------------------------------------------------------------------------------


def test_same_bytes_on_every_run():
    dem = dems.with_holes(dems.ridge(60, 50, 6), 6, 0.02)
    more = {
        "size": (160, 120),
        "spacing": (30.0, 30.0),
        "aovs": ("depth", "elevation", "normal", "ground"),
    }
    first = vf.render(dem, **more)
    cell_map(dems.ridge(9, 9))  # something else in between
    renderer = vf.Renderer(160, 120)  # and another device object altogether
    renderer.add_terrain(dem, (30.0, 30.0), 1.0, "terrain")
    renderer.set_camera(vf.Camera.fit(dem, spacing=(30.0, 30.0)))
    for other in (vf.render(dem, **more), renderer.render(aovs=more["aovs"])):
        np.testing.assert_array_equal(first, other)
        for name in more["aovs"]:
            assert first.aovs[name].tobytes() == other.aovs[name].tobytes(), name


def test_sizes_in_any_order_do_not_matter():
    """The pixel centre of a picture n times as wide that falls on the same spot has the same colour."""
    dem = dems.ridge(25, 25, 7)
    camera = vf.Camera.orbit((0, 0, 100), 60, 30, 40)
    alone = {}
    for size in [(90, 60), (30, 20), (270, 180), (1, 1), (91, 61), (3, 2), (30, 20)]:
        # What is far, and what a facet, goes by the size of a pixel.
        look = {"camera": camera, "samples": 1, "detail": "exact", "normals": "patch"}
        image = np.asarray(vf.render(dem, size=size, **look))
        assert image.shape == (size[1], size[0], 4)
        if size in alone:
            np.testing.assert_array_equal(alone[size], image)
        alone[size] = image
    for small, large in [((30, 20), (90, 60)), ((90, 60), (270, 180)), ((30, 20), (270, 180))]:
        n = large[0] // small[0]
        same = compare.difference(alone[small], alone[large][n // 2 :: n, n // 2 :: n]) <= 1
        assert same.mean() >= 0.998


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 1), (65, 3), (17, 33)])
def test_odd_little_pictures(size):
    terrain = ref.Terrain(dems.ridge(10, 10, 8), (30.0, 30.0))
    camera = ref.orbit((10, 10, 120), 500, 190, 50)
    for samples in (1, 2, 4, 8, 16):
        image = compare.render(terrain, camera, size, samples=samples)
        assert np.asarray(image).shape == (size[1], size[0], 4)
        if samples == 1:
            compare.assert_same_picture(image, terrain, camera, size)


@pytest.mark.parametrize("samples", [1, 4])
def test_drivers_agree(two_devices, samples):
    dem, spacing = dems.jacksboro()
    names = ("depth", "elevation", "normal", "ground")
    images = [
        vf.render(
            dem,
            size=(320, 180),
            spacing=spacing,
            samples=samples,
            vert_exag=2,
            aovs=names,
            device=device,
        )
        for device in two_devices
    ]
    assert (compare.difference(*images) > 1).mean() <= 1e-3
    for name in names:
        a, b = (image.aovs[name] for image in images)
        assert np.isclose(a, b, rtol=1e-4, atol=1e-3, equal_nan=True).mean() >= 0.999, name


def test_drivers_agree_exactly_on_the_map(two_devices):
    dem = dems.with_holes(dems.ridge(50, 61, 9), 9)
    a, b = (cell_map(dem, device=device, aovs=("elevation",)) for device in two_devices)
    np.testing.assert_array_equal(a, b)
    assert a.aovs["elevation"].tobytes() == b.aovs["elevation"].tobytes()


# --- supersampling and alpha --------------------------------------------------------------------------


def test_supersampling_averages_light_not_bytes():
    """Against 12 x 12 reference rays a pixel: averaged in linear light, encoded once."""
    terrain = ref.Terrain(dems.wall(16, 16, height=40.0, column=8), (10.0, 10.0))
    camera, size = ref.orbit((0, 0, 10), 260, 160, 30), (40, 30)
    style = ref.Style(cmap=matplotlib.colors.ListedColormap(["#000000", "#ffffff"]), lit=False)
    image = np.asarray(compare.render(terrain, camera, size, style, samples=16)).astype(float)
    fine = ref.render(terrain, camera, (size[0] * 12, size[1] * 12), style)

    def blocks(array):
        return array.reshape(size[1], 12, size[0], 12, 4).mean(axis=(1, 3))

    linear, coded = blocks(fine.linear)[..., :3], blocks(fine.rgba / 255.0)[..., :3]
    right, wrong = 255 * ref.srgb_encode(linear)[..., 0], 255 * coded[..., 0]
    mixed = np.abs(right - wrong) > 20
    assert mixed.sum() > 40
    error = image[..., 0] - right
    assert abs(error[mixed].mean()) < 6 and np.abs(error).mean() < 3
    assert np.abs(error[mixed]).mean() < np.abs(image[..., 0] - wrong)[mixed].mean() / 2


def test_more_samples_come_closer():
    terrain = ref.Terrain(dems.ridge(16, 16, 10), (30.0, 30.0))
    camera, size = ref.orbit((0, 0, 120), 900, 70, 25), (48, 36)
    fine = ref.render(terrain, camera, (size[0] * 8, size[1] * 8))
    linear = fine.linear.reshape(size[1], 8, size[0], 8, 4).mean(axis=(1, 3))
    truth = 255 * ref.srgb_encode(linear[..., :3])
    errors = []
    for samples in (1, 2, 4, 8, 16):
        image = np.asarray(compare.render(terrain, camera, size, samples=samples))
        errors.append(float(np.sqrt(np.mean((image[..., :3] - truth) ** 2))))
    assert errors == sorted(errors, reverse=True), errors
    assert errors[-1] < errors[0] / 3


def test_edges_over_nothing_keep_the_grounds_colour():
    """Straight alpha: over a transparent background an edge pixel fades in alpha, not towards its colour."""
    dem = np.full((20, 20), 5.0, np.float32)
    camera = vf.Camera.orbit((0, 0, 5), 60, 33, 40)
    more = {"size": (96, 72), "camera": camera, "lit": False, "cmap": ["#3366cc"]}
    image = np.asarray(vf.render(dem, samples=16, background=(1, 0, 0, 0), **more))
    alpha = image[..., 3]
    edge = (alpha > 0) & (alpha < 255)
    assert edge.sum() > 50 and (alpha == 255).sum() > 500 and (alpha == 0).sum() > 500
    assert np.abs(image[alpha > 0][:, :3].astype(int) - [0x33, 0x66, 0xCC]).max() <= 1
    steps = np.round(np.arange(17) * 255 / 16)
    assert np.isin(alpha, steps).all()


def test_edges_over_a_half_transparent_background():
    """Premultiplied averaging: share f of ground over background of alpha a."""
    dem = np.full((20, 20), 5.0, np.float32)
    more = {"size": (96, 72), "camera": vf.Camera.orbit((0, 0, 5), 60, 33, 40), "lit": False}
    more |= {"cmap": ["#ffffff"], "samples": 16}
    share = np.asarray(vf.render(dem, background=(0, 0, 0, 0), **more))[..., 3] / 255.0
    image = np.asarray(vf.render(dem, background=(0, 0, 0, 0.5), **more))
    alpha = share + (1 - share) * 0.5
    assert np.abs(image[..., 3] - 255 * alpha).max() <= 1
    assert np.abs(image[..., 0] - 255 * ref.srgb_encode(share / alpha)).max() <= 2


# --- every real dtype ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dtype",
    ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", ">f4", ">i2", "g"],
)
def test_every_real_dtype_and_layout(dtype):
    values = (np.arange(12 * 9).reshape(12, 9) * 7 % 97).astype(np.dtype(dtype))
    expected = cell_map(values.astype(np.float32), aovs=("elevation",))
    np.testing.assert_array_equal(expected.aovs["elevation"], values.astype(np.float32))
    strided = np.zeros((24, 27), np.dtype(dtype))[::2, ::3]
    strided[...] = values
    for layout in (values, np.asfortranarray(values), strided, values[::-1, ::-1][::-1, ::-1]):
        np.testing.assert_array_equal(expected, cell_map(layout))
    values.setflags(write=False)
    np.testing.assert_array_equal(expected, cell_map(values))
