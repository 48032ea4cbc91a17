"""The process around the renderer: missing drivers, validation, fork, exit."""

import os
import sys

import children
import pytest
import vulkan_forge as vf

forks_with_a_device = pytest.mark.usefixtures("a_driver_that_forks")
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
NO_DRIVER = {
    "VK_DRIVER_FILES": "/nonexistent/driver.json",
    "VK_ICD_FILENAMES": "/nonexistent/driver.json",
    "VK_ADD_DRIVER_FILES": None,
    "VULKAN_FORGE_DRIVER": None,
    "VULKAN_FORGE_SOFTWARE_DRIVER": None,
}


# --- no driver ----------------------------------------------------------------------------------------


def test_import_without_a_driver_is_quiet_and_needs_none():
    children.succeed(
        """
        import vulkan_forge as vf
        assert vf.colormap_supported()[:3] == ["viridis", "magma", "terrain"]
        vf.Camera.look_at((1, 2, 3), (0, 0, 0)).view()
        """,
        env=NO_DRIVER,
    )


@pytest.mark.parametrize(
    "call",
    [
        "vf.Renderer(8, 8)",
        "vf.render(np.zeros((4, 4), np.float32), size=(8, 8))",
        "vf.render_triangle_rgba(8, 8)",
        "vf.Renderer(8, 8, device='software')",
    ],
)
def test_no_driver_says_what_to_install(call):
    out = children.succeed(
        f"""
        import numpy as np
        import vulkan_forge as vf
        try:
            {call}
        except vf.NoDeviceError as error:
            print(error)
        """,
        env=NO_DRIVER,
    )
    assert "install" in out.lower()
    assert "vulkan-forge[software]" in out and len(out) < 500


def test_reports_without_a_driver_do_not_raise():
    children.succeed(
        """
        import json
        import vulkan_forge as vf
        assert vf.devices() == [] and vf.enumerate_adapters() == []
        json.dumps(vf.device_probe())
        """,
        env=NO_DRIVER,
    )


@pytest.mark.parametrize("driver", ["/nonexistent.so", __file__])
def test_a_driver_that_is_none(driver):
    out = children.succeed(
        """
        import vulkan_forge as vf
        try:
            vf.Renderer(8, 8)
        except vf.NoDeviceError as error:
            print(error)
        """,
        env={"VULKAN_FORGE_DRIVER": driver},
    )
    assert driver in out


# --- validation ---------------------------------------------------------------------------------------


@pytest.mark.gpu
def test_a_validation_message_reaches_stderr_and_the_exit_code():
    code = """
        import vulkan_forge as vf
        renderer = vf.Renderer(8, 8)
        renderer.render_triangle_rgba()
        if {provoke}:
            vf._vulkan_forge._provoke_validation_message()
        """
    provoked = children.run(code.format(provoke=True), env={"VULKAN_FORGE_VALIDATION": "1"})
    assert provoked.code > 0 and "VUID-" in provoked.err, provoked
    assert children.succeed(code.format(provoke=False), env={"VULKAN_FORGE_VALIDATION": "1"}) == ""
    off = children.run(code.format(provoke=True), env={"VULKAN_FORGE_VALIDATION": None})
    assert off.code == 0 and "VUID-" not in off.err, off


@pytest.mark.gpu
def test_the_log_that_fails_tests_sees_a_message():
    out = children.succeed(
        """
        import os, sys
        import vulkan_forge as vf
        core = vf._vulkan_forge
        core._take_validation_messages()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        core._provoke_validation_message()
        print(*core._take_validation_messages())
        assert core._take_validation_messages() == []
        sys.stdout.flush()
        os._exit(0)
        """,
        env={"VULKAN_FORGE_VALIDATION": "1"},
    )
    assert "VUID-" in out


# --- fork ---------------------------------------------------------------------------------------------

FORK = """
    import gc, os, signal, sys, warnings
    import numpy as np
    import vulkan_forge as vf
    import dems

    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of fork beside threads
    dem = dems.ridge(12, 12)
    camera = vf.Camera.fit(dem)
    # SwiftShader's threads belong to the process, not to a device, so it stands still in any forked child.
    device = "llvmpipe" if any("llvmpipe" in found.name for found in vf.devices()) else None

    def draw():
        return vf.render(dem, size=(32, 24), camera=camera, device=device)

    def make():
        renderer = vf.Renderer(32, 24, device=device)
        renderer.add_terrain(dem, colormap="terrain")
        renderer.set_camera(camera)
        return renderer

    renderer = make()
    expected = renderer.render_rgba()
    image = draw()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        try:
            {child}
        except BaseException as error:
            print(type(error).__name__, error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    np.testing.assert_array_equal(expected, renderer.render_rgba())
    np.testing.assert_array_equal(expected, draw())
    sys.exit(code)
"""


@pytest.fixture
def a_driver_that_forks():
    """A driver whose new devices work in a child of a process that had devices."""
    if all("SwiftShader" in device.name for device in vf.devices()):
        pytest.skip("SwiftShader, the only driver here, does not survive a fork")


def fork(child: str) -> str:
    return children.succeed(FORK.replace("{child}", child.strip().replace("\n", "\n            ")))


@posix
@pytest.mark.gpu
@pytest.mark.parametrize(
    "call",
    [
        "renderer.render_rgba()",
        "renderer.render()",
        "renderer.add_terrain(dem)",
        "renderer.upload_height_r32f()",
        "renderer.read_full_height_texture()",
        "renderer.render_triangle_rgba()",
        "renderer.set_sun(1.0, 2.0)",
        "renderer.info()",
    ],
)
def test_an_inherited_renderer_is_refused(call):
    out = fork(f"""
try:
    {call}
except vf.ForkedProcessError as error:
    assert str(os.getpid()) in str(error) and str(os.getppid()) in str(error), error
    print("refused", flush=True)
        """)
    assert out.strip() == "refused"


@posix
@pytest.mark.gpu
def test_dropping_an_inherited_renderer_is_safe():
    fork("del renderer, image; gc.collect()")


@posix
@forks_with_a_device
@pytest.mark.gpu
def test_a_forked_child_makes_its_own():
    fork("""
np.testing.assert_array_equal(expected, make().render_rgba())
np.testing.assert_array_equal(expected, draw())
np.testing.assert_array_equal(expected, image)
del renderer; gc.collect()
        """)


@posix
@pytest.mark.gpu
def test_a_forked_child_may_exit_like_any_process():
    fork("sys.stdout.flush(); import atexit; atexit._run_exitfuncs()")


@posix
@forks_with_a_device
@pytest.mark.gpu
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_workers(method, tmp_path):
    (tmp_path / "worker.py").write_text(
        "import dems\nimport vulkan_forge as vf\n"
        "device = 'llvmpipe' if any('llvmpipe' in found.name for found in vf.devices()) else None\n"
        "def draw(seed):\n"
        "    return vf.render(dems.ridge(9, 9, seed), size=(16, 12), device=device).rgba.tobytes()\n"
    )
    children.succeed(
        f"""
        import multiprocessing, sys, warnings
        sys.path.insert(0, {str(tmp_path)!r})
        warnings.simplefilter("ignore", DeprecationWarning)
        import worker

        if __name__ == "__main__":
            expected = [worker.draw(seed) for seed in range(4)]
            with multiprocessing.get_context({method!r}).Pool(2) as pool:
                assert pool.map(worker.draw, range(4)) == expected
                pool.close()
                pool.join()
        """,
        timeout=120,
    )


@pytest.mark.gpu
def test_a_renderer_cannot_be_pickled_or_copied(renderer):
    import copy
    import pickle

    for call in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            call(renderer)


def test_pid_is_not_remembered_by_the_module():
    """Values without a device, such as cameras, cross a fork."""
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    children.succeed("""
        import os, warnings
        import vulkan_forge as vf
        warnings.simplefilter("ignore", DeprecationWarning)
        camera = vf.Camera.orbit((0, 0, 0), 5, 10, 20)
        pid = os.fork()
        if pid == 0:
            camera.view()
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        """)


# --- the end ------------------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize(
    "end",
    [
        "",
        "sys.exit(0)",
        "keep = [renderer, image, renderer]; keep.append(keep)",
        "threading.Thread(target=forever, daemon=True).start(); time.sleep(0.2)",
        "import atexit; atexit.register(lambda: renderer.render_rgba())",
        "del vf, image; import gc; gc.collect()",
    ],
)
def test_exit_with_a_live_renderer(end):
    children.succeed(f"""
        import sys, threading, time
        import vulkan_forge as vf
        import dems

        renderer = vf.Renderer(32, 24)
        renderer.add_terrain(dems.ridge(9, 9))
        renderer.set_camera(vf.Camera.fit(dems.ridge(9, 9)))
        image = renderer.render()

        def forever():
            while True:
                renderer.render_rgba()

        {end}
        """)
