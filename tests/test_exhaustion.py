"""A device that is lost, memory that runs out: an exception each, never a crash. Each in a child process."""

import sys

import children
import pytest

llvmpipe = pytest.mark.skipif(
    sys.platform != "linux", reason="needs lavapipe's own switches and RLIMIT_AS"
)


@llvmpipe
@pytest.mark.gpu
@pytest.mark.slow
def test_a_lost_device_is_said_so_and_a_new_process_state_recovers():
    """lavapipe reports a device loss when a wait takes longer than MESA_VK_MAX_TIMEOUT milliseconds."""
    out = children.run(
        """
        import numpy as np
        import vulkan_forge as vf
        import dems

        if "llvmpipe" not in vf.devices()[0].name:
            print("no lavapipe")
            raise SystemExit
        dem, spacing = dems.jacksboro()
        renderer = None
        try:
            renderer = vf.Renderer(4000, 3000, device="llvmpipe")
            renderer.add_terrain(dem, spacing)
            renderer.set_camera(vf.Camera.fit(dem, spacing=spacing))
            renderer.set_samples(16)
            for _ in range(5):
                renderer.render_rgba()
        except vf.DeviceLostError as error:
            print("lost:", error)
        if renderer is not None:
            for _ in range(2):
                try:
                    renderer.render_rgba()
                except vf.DeviceLostError as error:
                    print("dead:", error)
        del renderer
        """,
        env={"MESA_VK_MAX_TIMEOUT": "1"},
        timeout=300,
    )
    assert out.code == 0, out
    assert out.out == "no lavapipe\n" or "lost: " in out.out, out
    assert "VK_ERROR_DEVICE_LOST" in out.out or "no lavapipe" in out.out


OUT_OF_MEMORY = """
    import resource, sys
    import numpy as np
    import vulkan_forge as vf
    import dems

    # Opening a device and making a pipeline are done before: there both drivers themselves crash.
    device = next((found.name for found in vf.devices() if "llvmpipe" in found.name), None)
    dem = dems.ridge(40, 40)
    small = vf.render(dem, size=(64, 48), device=device)
    vf.render(dem, size=(64, 48), samples=1, aovs=("normal", "ground", "depth"), device=device)
    vf.Renderer(64, 48, device=device).render_triangle_rgba()
    renderer = vf.Renderer(8000, 8000, device=device)
    big = np.zeros((4000, 4000), np.float32)
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + {spare}, resource.getrlimit(resource.RLIMIT_AS)[1]))
    refused = 0
    for call in (
        lambda: vf.render(dem, size=(8000, 8000), samples=1, device=device),
        lambda: vf.render(dem, size=(3000, 3000), samples=1, aovs=("normal", "ground", "depth"), device=device),
        lambda: vf.render(big, size=(64, 48), device=device),
        lambda: vf.make_mesh(big),
        lambda: vf.dem_normalize(big),
        lambda: vf.grid_generate(6000, 6000),
        lambda: renderer.render_triangle_rgba(),
    ):
        try:
            call()
        except MemoryError as error:
            assert type(error) in (vf.OutOfMemoryError, MemoryError), type(error)
            assert str(error) or type(error) is MemoryError
            refused += 1
    soft = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (soft, soft))
    np.testing.assert_array_equal(small, vf.render(dem, size=(64, 48), device=device))
    print(refused)
"""


def _exhaust(spare: int) -> int:
    return int(
        children.succeed(
            OUT_OF_MEMORY.replace("{spare}", str(spare)),
            env={"VULKAN_FORGE_VALIDATION": "0"},
            timeout=180,
        )
    )


@llvmpipe
@pytest.mark.gpu
def test_out_of_memory_is_an_exception_and_the_process_lives_on():
    assert _exhaust(60_000_000) >= 4


@llvmpipe
@pytest.mark.gpu
@pytest.mark.slow
@pytest.mark.parametrize(
    "megabytes", [1, 4, 10, 20, 35, 50, 75, 100, 150, 200, 260, 320, 400, 500, 700, 1000]
)
def test_out_of_memory_anywhere_on_the_way(megabytes):
    _exhaust(megabytes * 1_000_000)
