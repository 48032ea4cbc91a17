"""The process around the renderer: missing drivers, validation, exit."""

import children
import numpy as np
import pytest

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


# --- copies -------------------------------------------------------------------------------------------


@pytest.mark.gpu
def test_a_renderer_and_its_layers_cannot_be_pickled_or_copied(renderer):
    import copy
    import pickle

    import vulkan_forge as vf

    handle = renderer.add(vf.Points(np.zeros((1, 2))))
    for call in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"got a Renderer, which .*; make another there"):
            call(renderer)
        with pytest.raises(
            TypeError, match=r"got a LayerHandle, which .*; send its layer \(handle"
        ):
            call(handle)


# --- the end ------------------------------------------------------------------------------------------


@pytest.mark.gpu
def test_a_thread_left_at_work_is_stopped_before_the_end():
    """Drivers take down what is theirs at the end of a process: a picture that is under way then crashed it."""
    children.succeed("""
        import threading, time
        import vulkan_forge as vf
        import dems

        renderer = vf.Renderer(2000, 1500)
        renderer.add_terrain(dems.rough(200, 200, 1), (5.0, 5.0))
        renderer.set_samples(16)
        renderer.set_camera(vf.Camera.fit(dems.ridge(9, 9)))
        threading.Thread(target=renderer.render_rgba, daemon=True).start()
        time.sleep(0.3)
        """)


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


def test_each_name_without_the_package_that_it_needs_names_the_extra():
    """Whatever is not installed: no name of the package ends in another's ImportError."""
    code = """
import importlib.abc, sys
class Nothing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in {*sys.stdlib_module_names, "numpy", "vulkan_forge", "vulkan_forge_software"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nothing())
import vulkan_forge as vf
for name in dir(vf):
    try:
        getattr(vf, name)
    except vf.MissingExtraError as error:
        print(name, error)
"""
    done = children.run(code)
    assert done.code == 0, done.err
    assert [line.partition(" ")[0] for line in done.out.splitlines()] == ["LightSource"]
    assert "vulkan-forge[all]" in done.out
