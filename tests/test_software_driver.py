"""The software driver of the extra `software`: found without a loader, and only where nothing else fits."""

import json
import os
from pathlib import Path

import children
import pytest
import vulkan_forge as vf

NO_LOADED_DRIVER = {
    "VK_DRIVER_FILES": "/nonexistent/driver.json",
    "VK_ICD_FILENAMES": "/nonexistent/driver.json",
    "VK_ADD_DRIVER_FILES": None,
    "VULKAN_FORGE_DRIVER": None,
    "VULKAN_FORGE_VALIDATION": None,  # a layer needs a loader
}


@pytest.fixture(scope="module")
def library() -> Path:
    """SwiftShader's, from the manifest that the tests were given."""
    for file in filter(None, os.environ.get("VK_DRIVER_FILES", "").split(os.pathsep)):
        manifest = Path(file)
        if "swiftshader" in manifest.name:
            path = json.loads(manifest.read_text("utf-8"))["ICD"]["library_path"]
            return (manifest.parent / path).resolve()
    pytest.skip("no SwiftShader among VK_DRIVER_FILES")


@pytest.mark.gpu
def test_it_draws_where_there_is_nothing_else(library):
    out = children.succeed(
        """
        import numpy as np
        import vulkan_forge as vf
        first, = vf.devices()
        assert first.index == 0 and first.refused is None
        for device in (None, 0, "software", "swiftshader"):
            assert "SwiftShader" in vf.Renderer(8, 8, device=device).info()
        for device in (1, "gpu", "llvmpipe"):
            try:
                vf.Renderer(8, 8, device=device)
            except vf.NoDeviceError as error:
                assert "install" in str(error)
            else:
                raise AssertionError(device)
        print(vf.render(np.eye(5, dtype=np.float32), size=(16, 8)).rgba.shape)
        """,
        env=NO_LOADED_DRIVER | {"VULKAN_FORGE_SOFTWARE_DRIVER": str(library)},
    )
    assert out == "(8, 16, 4)\n"


@pytest.mark.gpu
def test_the_systems_devices_come_first(library):
    names = [device.name for device in vf.devices()]
    out = children.succeed(
        "import vulkan_forge as vf; print([device.name for device in vf.devices()])",
        env={"VULKAN_FORGE_SOFTWARE_DRIVER": str(library)},
    )
    assert out == f"{names}\n"


def test_an_installed_package_is_found(tmp_path):
    package = tmp_path / "vulkan_forge_software"
    package.mkdir()
    (package / "__init__.py").touch()
    code = f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        import os
        import vulkan_forge
        print(os.environ.get("VULKAN_FORGE_SOFTWARE_DRIVER"))
        """
    unset = {"VULKAN_FORGE_SOFTWARE_DRIVER": None}
    assert children.succeed(code, env=unset) == "None\n", "a package without its library"
    file = package / "libvk_swiftshader.so"
    file.touch()
    assert children.succeed(code, env=unset) == f"{file}\n"
    own = {"VULKAN_FORGE_SOFTWARE_DRIVER": "/elsewhere.so"}
    assert children.succeed(code, env=own) == "/elsewhere.so\n"


def test_a_stand_in_that_is_none():
    out = children.succeed(
        """
        import vulkan_forge as vf
        try:
            vf.Renderer(8, 8)
        except vf.NoDeviceError as error:
            print(error)
        """,
        env=NO_LOADED_DRIVER | {"VULKAN_FORGE_SOFTWARE_DRIVER": "/nonexistent.so"},
    )
    assert "VULKAN_FORGE_SOFTWARE_DRIVER=/nonexistent.so" in out and "vulkan-forge[software]" in out
