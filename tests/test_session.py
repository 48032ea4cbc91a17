"""The explicit session: Renderer's state, read-backs, statistics and pictures."""

import gc
import json

import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu


@pytest.fixture
def own() -> vf.Renderer:
    """A renderer that no other test has touched."""
    return vf.Renderer(64, 48)


# --- height texture -----------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [2, 3, 61, 63, 64, 65, 255, 256, 257, 1000, 4099])
def test_height_texture_reads_back_the_exact_bytes(renderer, columns):
    rng = np.random.default_rng(columns)
    heights = rng.normal(0, 1000, (7, columns)).astype(np.float32)
    heights[3, columns // 2] = np.nan
    heights[0, 0], heights[1, 1] = -0.0, np.float32(1e-45)
    renderer.add_terrain(heights)
    renderer.upload_height_r32f()
    back = renderer.read_full_height_texture()
    assert back.dtype == np.float32 and back.shape == heights.shape and back.flags.c_contiguous
    holes = np.isnan(heights)
    np.testing.assert_array_equal(np.isnan(back), holes)
    assert back[~holes].tobytes() == heights[~holes].tobytes()


def test_height_patches_are_parts_of_the_whole(renderer):
    heights = np.arange(37 * 61, dtype=np.float32).reshape(37, 61)
    renderer.add_terrain(heights)
    renderer.upload_height_r32f()
    for x, y, w, h in [
        (0, 0, 61, 37),
        (60, 36, 1, 1),
        (5, 7, 13, 1),
        (5, 7, 1, 13),
        (0, 36, 61, 1),
    ]:
        patch = renderer.debug_read_height_patch(x, y, w, h)
        np.testing.assert_array_equal(patch, heights[y : y + h, x : x + w])
        assert patch.dtype == np.float32
    for x, y, w, h in [
        (61, 0, 1, 1),
        (0, 37, 1, 1),
        (1, 0, 61, 1),
        (0, 1, 1, 37),
        (2**31, 0, 1, 1),
    ]:
        with pytest.raises(vf.InvalidInputError):
            renderer.debug_read_height_patch(x, y, w, h)


def test_read_backs_before_upload_are_zeros(own):
    assert own.read_full_height_texture().shape == (0, 0)
    np.testing.assert_array_equal(
        own.debug_read_height_patch(0, 0, 4, 3), np.zeros((3, 4), np.float32)
    )
    own.add_terrain(dems.ridge(9, 11))
    before = own.read_full_height_texture()
    assert before.dtype == np.float32
    np.testing.assert_array_equal(before, np.zeros((9, 11), np.float32))
    np.testing.assert_array_equal(
        own.debug_read_height_patch(2, 1, 4, 3), np.zeros((3, 4), np.float32)
    )
    own.upload_height_r32f()
    np.testing.assert_array_equal(own.read_full_height_texture(), dems.ridge(9, 11))


def test_a_new_terrain_replaces_the_old_one(own):
    own.add_terrain(dems.ridge(9, 11))
    own.upload_height_r32f()
    smaller = dems.ridge(5, 4, 2)
    own.add_terrain(smaller)
    own.upload_height_r32f()
    np.testing.assert_array_equal(own.read_full_height_texture(), smaller)


def test_the_callers_array_is_copied(own):
    heights = dems.ridge(20, 20)
    own.add_terrain(heights)
    kept = heights.copy()
    heights[:] = np.nan
    own.upload_height_r32f()
    np.testing.assert_array_equal(own.read_full_height_texture(), kept)
    own.set_camera(vf.Camera.fit(kept))
    first = own.render_rgba()
    del heights
    gc.collect()
    np.testing.assert_array_equal(first, own.render_rgba())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(512, 512), (777, 1031), (3, 100)])
def test_a_copy_made_in_parts_has_every_sample(own, dtype, shape):
    # Parts are of 2^18 samples: one to the sample, several with a rest, and less than one.
    dem = np.random.default_rng(shape[1]).normal(1000, 300, shape).astype(dtype)
    own.add_terrain(dem)
    own.upload_height_r32f()
    np.testing.assert_array_equal(own.read_full_height_texture(), dem.astype(np.float32))


def test_float64_is_cast_once(own):
    heights = dems.ridge(8, 8).astype(np.float64) / 3
    own.add_terrain(heights)
    own.upload_height_r32f()
    np.testing.assert_array_equal(own.read_full_height_texture(), heights.astype(np.float32))


# --- statistics ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("holes", [False, True])
def test_terrain_stats_are_numpys(renderer, holes):
    heights = dems.ridge(40, 30, 3) + np.float32(4000)
    if holes:
        heights = dems.with_holes(heights)
    renderer.add_terrain(heights, (1.0, 1.0), 2.5)
    exact = heights.astype(np.float64) * 2.5
    expected = (np.nanmin(exact), np.nanmax(exact), np.nanmean(exact), np.nanstd(exact))
    stats = renderer.terrain_stats()
    assert isinstance(stats, tuple) and all(type(value) is float for value in stats)
    assert stats == pytest.approx(expected, rel=1e-6)


def test_normalize_minmax(renderer):
    heights = dems.with_holes(dems.ridge(20, 24, 4))
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    for given, (start, end) in [({}, (0, 1)), ({"range": (-5.0, 15.0)}, (-5, 15))]:
        renderer.add_terrain(heights)
        renderer.normalize_terrain("minmax", **given)
        renderer.upload_height_r32f()
        expected = start + (heights.astype(np.float64) - low) / (high - low) * (end - start)
        np.testing.assert_allclose(
            renderer.read_full_height_texture(), expected, atol=2e-6 * (end - start)
        )
        assert renderer.terrain_stats()[:2] == pytest.approx((start, end), abs=1e-5)


def test_normalize_zscore(renderer):
    heights = dems.ridge(20, 24, 5)
    renderer.add_terrain(heights)
    renderer.normalize_terrain("zscore")
    _, _, mean, std = renderer.terrain_stats()
    assert mean == pytest.approx(0, abs=1e-5) and std == pytest.approx(1, abs=1e-5)
    renderer.upload_height_r32f()
    exact = heights.astype(np.float64)
    np.testing.assert_allclose(
        renderer.read_full_height_texture(), (exact - exact.mean()) / exact.std(), atol=1e-5
    )


@pytest.mark.parametrize("mode", ["minmax", "zscore"])
def test_normalizing_a_flat_terrain_stays_finite(renderer, mode):
    renderer.add_terrain(np.full((5, 6), 7.0, np.float32))
    renderer.normalize_terrain(mode, eps=1e-6)
    assert np.isfinite(renderer.terrain_stats()).all()


# --- state --------------------------------------------------------------------------------------------


def test_setters_do_what_the_one_call_does(own):
    dem = dems.ridge(30, 28, 6)
    spacing, camera = (30.0, 20.0), vf.Camera.orbit((0, 0, 150), 1300, 200, 40, 30)
    own.add_terrain(dem, spacing, 1.5, "magma")
    own.set_camera(camera)
    own.set_sun(25.0, 100.0)  # elevation first
    own.set_exposure(1.3)
    own.set_shadows(False)
    own.set_ambient(0.2)
    own.set_samples(2)
    own.set_background((0.1, 0.2, 0.3, 0.4))
    own.set_height_range(50.0, 250.0)
    expected = vf.render(
        dem,
        size=(64, 48),
        camera=camera,
        spacing=spacing,
        vert_exag=1.5,
        cmap="magma",
        vmin=50.0,
        vmax=250.0,
        azimuth=100.0,
        altitude=25.0,
        shadows=False,
        ambient=0.2,
        exposure=1.3,
        background=(0.1, 0.2, 0.3, 0.4),
        samples=2,
    )
    np.testing.assert_array_equal(own.render(), expected)
    np.testing.assert_array_equal(own.render_rgba(), expected)


def test_defaults_are_those_of_render(own):
    dem = dems.ridge(30, 28, 6)
    own.add_terrain(dem, colormap="terrain")
    own.set_camera(vf.Camera.fit(dem))
    np.testing.assert_array_equal(own.render(), vf.render(dem, size=(64, 48)))


def test_every_setter_changes_the_picture(own):
    own.add_terrain(dems.ridge(30, 28, 6), (30.0, 30.0))
    own.set_camera_orbit((0, 0, 100), 1500.0, 30.0, 225.0)
    own.set_sun(20.0, 60.0)
    own.set_samples(1)
    pictures = [own.render_rgba()]
    for change in [
        lambda: own.set_camera_orbit((0, 0, 100), 1500.0, 35.0, 225.0),
        lambda: own.set_camera_look_at((0, -1500, 900), (0, 0, 100), (0, 0, 1), 35.0, 1.0, 1e5),
        lambda: own.set_camera(vf.Camera.look_at((1, -1500, 800), (0, 0, 100))),
        lambda: own.set_sun(50.0, 60.0),
        lambda: own.set_exposure(0.5),
        lambda: own.set_shadows(False) or own.set_sun(10.0, 60.0),
        lambda: own.set_shadows(True),
        lambda: own.set_ambient(0.9),
        lambda: own.set_samples(16),
        lambda: own.set_background((0, 0, 0, 1)),
        lambda: own.set_height_range(0.0, 1000.0),
    ]:
        change()
        pictures.append(own.render_rgba())
        assert (pictures[-1] != pictures[-2]).any(), f"change {len(pictures) - 1} did nothing"
    np.testing.assert_array_equal(pictures[-1], own.render_rgba())


def test_orbit_is_the_cameras_orbit(own):
    own.add_terrain(dems.ridge(30, 28, 6), (30.0, 30.0))
    own.set_camera_orbit((10, 20, 100), 1500.0, 30.0, 225.0)
    first = own.render_rgba()
    own.set_camera(vf.Camera.orbit((10, 20, 100), 1500.0, 225.0, 30.0))
    assert (np.abs(first.astype(int) - own.render_rgba()) > 1).mean() < 0.01


def test_rendering_without_an_explicit_upload(own):
    dem = dems.ridge(30, 28, 6)
    own.add_terrain(dem)
    own.set_camera(vf.Camera.fit(dem))
    without = own.render_rgba()
    own.upload_height_r32f()
    np.testing.assert_array_equal(without, own.render_rgba())


# --- pictures and files -------------------------------------------------------------------------------


def test_image_object(own):
    dem = dems.ridge(30, 28, 6)
    own.add_terrain(dem)
    own.set_camera(vf.Camera.fit(dem))
    image = own.render(aovs=("depth", "normal"))
    assert isinstance(image, vf.Image) and image.size == (64, 48)
    pixels = np.asarray(image)
    assert pixels.shape == (48, 64, 4) and pixels.dtype == np.uint8 and pixels.flags.c_contiguous
    assert set(image.aovs) == {"depth", "normal"}
    assert image.aovs["depth"].shape == (48, 64) and image.aovs["normal"].shape == (48, 64, 3)
    assert (
        isinstance(image.metrics, dict) and json.loads(json.dumps(image.metrics)) == image.metrics
    )
    assert image._repr_png_().startswith(b"\x89PNG\r\n\x1a\n")
    assert own.render().aovs == {}
    centre = own.render().ground_at(32, 24)
    assert centre is not None and len(centre) == 3 and all(type(value) is float for value in centre)


def test_render_png_and_save_hold_the_same_pixels(own, tmp_path):
    dem = dems.ridge(30, 28, 6)
    own.add_terrain(dem)
    own.set_camera(vf.Camera.fit(dem))
    own.set_background((0.2, 0.3, 0.4, 0.5))
    own.render_png(tmp_path / "a.png")
    own.render().save(str(tmp_path / "b.png"))
    pixels = own.render_rgba()
    for name in ("a.png", "b.png"):
        np.testing.assert_array_equal(vf.png_to_numpy(tmp_path / name), pixels)


def test_triangle_is_fixed_and_needs_no_terrain(own, tmp_path):
    first = own.render_triangle_rgba()
    assert first.shape == (48, 64, 4) and first.dtype == np.uint8
    assert len(np.unique(first.reshape(-1, 4), axis=0)) > 3
    np.testing.assert_array_equal(first, own.render_triangle_rgba())
    np.testing.assert_array_equal(first, vf.render_triangle_rgba(64, 48))
    own.render_triangle_png(tmp_path / "a.png")
    vf.render_triangle_png(tmp_path / "b.png", 64, 48)
    for name in ("a.png", "b.png"):
        np.testing.assert_array_equal(first, vf.png_to_numpy(tmp_path / name))


def test_heights_come_back_from_the_device_when_they_are_asked_for(own):
    """After an upload they are on the device alone."""
    heights = dems.ridge(60, 45)
    heights[10:13, 20:25] = np.nan
    before = vf.Renderer(64, 48)
    for renderer in (own, before):
        renderer.add_terrain(heights, (30.0, 30.0), 2.0)
    own.upload_height_r32f()
    first = own.render_rgba()
    assert own.terrain_stats() == before.terrain_stats()
    own.set_colormap("magma", robust=True)
    before.set_colormap("magma", robust=True)
    for radius in (300.0, 900.0):
        own.set_ambient_occlusion(True, radius)
        before.set_ambient_occlusion(True, radius)
        np.testing.assert_array_equal(own.render_rgba(), before.render_rgba())
    assert (own.render_rgba() != first).any()
    own.set_bad("red")
    own.render_rgba()
    assert own.terrain_stats() == before.terrain_stats()
    own.set_bad(None)
    np.testing.assert_array_equal(own.render_rgba(), before.render_rgba())
    for renderer in (own, before):
        renderer.normalize_terrain("minmax", (0.0, 500.0))
    assert own.terrain_stats() == before.terrain_stats()
    np.testing.assert_array_equal(own.render_rgba(), before.render_rgba())
    np.testing.assert_array_equal(own.read_full_height_texture(), before.read_full_height_texture())


def test_a_map_first_and_then_a_view_along_the_ground():
    """What rays walk through is made when a picture first has some."""
    dem = dems.ridge(40, 50)
    view = vf.Camera.fit(dem, spacing=(30, 30))
    session = vf.Renderer(64, 48)
    session.add_terrain(dem, (30, 30))
    session.set_shadows(False)
    for camera, shadows in [(vf.Camera.map(), False), (view, False), (vf.Camera.map(), True)]:
        session.set_camera(camera)
        session.set_shadows(shadows)
        fresh = vf.Renderer(64, 48)
        fresh.add_terrain(dem, (30, 30))
        fresh.upload_height_r32f()
        fresh.set_camera(camera)
        fresh.set_shadows(shadows)
        assert np.array_equal(session.render_rgba(), fresh.render_rgba())
