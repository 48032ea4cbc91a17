"""Results without copies, proven by address; loops without growth, measured in a child of its own."""

import gc
import sys

import children
import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def large():
    """8 MiB of pixels with every AOV."""
    dem = dems.ridge(40, 40)
    return vf.render(
        dem, size=(2048, 1024), samples=1, aovs=("depth", "elevation", "normal", "ground")
    )


def address(array):
    return array.__array_interface__["data"][0]


def test_pixels_are_shown_not_copied(large):
    assert large.rgba.nbytes == 8 * 2**20
    views = [
        large.rgba,
        np.asarray(large),
        np.asarray(large),
        large.rgba,
        np.array(large, copy=False),
    ]
    assert len({address(view) for view in views}) == 1
    assert all(np.shares_memory(views[0], view) for view in views)
    assert all(view.flags.c_contiguous and view.dtype == np.uint8 for view in views)


def test_aovs_are_shown_not_copied(large):
    for name, array in large.aovs.items():
        assert array.nbytes >= 2**20
        assert address(array) == address(large.aovs[name]), name


def test_a_copy_is_one(large):
    copy = np.array(large)
    assert address(copy) != address(large.rgba)
    np.testing.assert_array_equal(copy, large.rgba)
    assert np.asarray(large, dtype=np.float32).dtype == np.float32
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        with pytest.raises(ValueError, match="copy"):
            np.asarray(large, dtype=np.float32, copy=False)


def test_pixels_outlive_their_image():
    dem = dems.ridge(20, 20)
    image = vf.render(dem, size=(1024, 512), samples=1)
    pixels, expected = image.rgba, image.rgba.copy()
    del image
    gc.collect()
    others = [vf.render(dem[::-1], size=(1024, 512), samples=1) for _ in range(3)]
    np.testing.assert_array_equal(pixels, expected)
    assert all(not np.shares_memory(pixels, other.rgba) for other in others)


def test_two_pictures_share_nothing(renderer):
    renderer.add_terrain(dems.ridge(9, 9))
    renderer.set_camera(vf.Camera.fit(dems.ridge(9, 9)))
    first, second = renderer.render_rgba(), renderer.render_rgba()
    kept = second.copy()
    first[:] = 0
    np.testing.assert_array_equal(second, kept)


PEAK = """
    import resource
    import numpy as np
    import vulkan_forge as vf
    import dems

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    dem = dems.ridge(40, 40)
    renderer = vf.Renderer(1600, 1200)
    renderer.add_terrain(dem)
    renderer.set_camera(vf.Camera.fit(dem))
    renderer.set_samples(1)
    renderer.render_triangle_rgba()
    pixels = renderer.render_rgba()  # everything that stays has been made
    before = peak()
    kept = [renderer.render_rgba() for _ in range(3)]
    print((peak() - before) / pixels.nbytes)
"""


@linux
def test_a_large_result_costs_its_own_size_once():
    """Three results of 7 MiB that are kept may raise the peak by three of their sizes, and hardly more."""
    growth = float(children.succeed(PEAK, env={"VULKAN_FORGE_VALIDATION": "0"}, timeout=120))
    assert growth < 3.3, f"{growth:.2f} times the size of one result for three"


LOOP = """
    import gc, os
    import numpy as np
    import vulkan_forge as vf
    import dems

    def resident():
        gc.collect()
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    dem = dems.ridge(40, 40)
    camera = vf.Camera.fit(dem)
    device = {device!r}
    renderer = vf.Renderer(64, 48, device=device)
    renderer.add_terrain(dem)

    def frame(n):
        {frame}

    for n in range({warmup}):
        frame(n)
    before, handles = resident(), len(os.listdir("/proc/self/fd"))
    for n in range({frames}):
        frame(n)
    assert len(os.listdir("/proc/self/fd")) <= handles
    print((resident() - before) / 2**20)
"""
FRAMES = {
    "session": "renderer.set_camera(camera); renderer.render_rgba()",
    "one call": "vf.render(dem, size=(64, 48), aovs=('depth',), device=device)",
    "terrain": "renderer.add_terrain(dem); renderer.set_camera(camera); renderer.render()",
    "errors": "\n            ".join(
        [
            "try:",
            "    renderer.set_exposure(-1.0)",
            "except ValueError:",
            "    renderer.render_rgba()",
        ]
    ),
}
# Without the layers: synchronization validation itself keeps a record of every submission.
QUIET = {"VULKAN_FORGE_VALIDATION": "0"}


@linux
@pytest.mark.parametrize("what", FRAMES)
def test_a_loop_does_not_grow(each_device, what):
    code = LOOP.format(
        device=each_device,
        frame=FRAMES[what].replace("\n            ", "\n        "),
        warmup=100,
        frames=300,
    )
    assert float(children.succeed(code, env=QUIET)) < 2.0


@linux
@pytest.mark.slow
@pytest.mark.timeout(700)
@pytest.mark.parametrize("what", FRAMES)
def test_ten_thousand_frames_do_not_grow(each_device, what):
    code = LOOP.format(
        device=each_device,
        frame=FRAMES[what].replace("\n            ", "\n        "),
        warmup=1000,
        frames=10_000,
    )
    assert float(children.succeed(code, env=QUIET, timeout=600)) < 2.0


@linux
@pytest.mark.slow
@pytest.mark.timeout(700)
def test_five_hundred_renderers_do_not_grow(each_device):
    frame = "vf.Renderer(16, 16, device=device).render_triangle_rgba()"
    code = LOOP.format(device=each_device, frame=frame, warmup=50, frames=500)
    assert float(children.succeed(code, env=QUIET, timeout=600)) < 2.0
