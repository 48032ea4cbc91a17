"""Which Vulkan loader and drivers there are, and installing lavapipe where there is none."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
from pathlib import Path

from devtools import apt
from devtools.shell import DEPS, WINDOWS, Failure, joined, step, warn

SWIFTSHADER = DEPS / "swiftshader"
ICD_FOLDERS = ["/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d"]
SCREEN = ("Xvfb", "xdotool", "weston", "openbox")
CHOICES = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES")  # loaders before 1.3.207 know the second only


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_loader() -> bool:
    return loads("vulkan-1.dll" if WINDOWS else "libvulkan.so.1")


def chosen() -> bool:
    """Whether the caller chose the drivers, which then stay as they are."""
    return any(os.environ.get(name) for name in CHOICES)


def of_the_system() -> list[Path]:
    """The manifests that the loader finds by itself, those of this processor first."""
    folders = [Path(folder) for folder in ICD_FOLDERS]
    found = [
        file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.json"))
    ]
    return sorted(found, key=lambda file: platform.machine() not in file.name)


def lavapipe() -> Path | None:
    return next((file for file in of_the_system() if file.name.startswith("lvp_icd")), None)


def swiftshader() -> Path | None:
    file = SWIFTSHADER / "vk_swiftshader_icd.json"
    return file if file.is_file() else None


def provide_lavapipe() -> None:
    """Installs Mesa's software driver, on Debian as root only; SwiftShader serves elsewhere."""
    if lavapipe() or chosen() or not (apt.available() and apt.root()):
        return
    with step(
        "Installing lavapipe, a software Vulkan driver (apt-get install mesa-vulkan-drivers)"
    ):
        try:
            apt.install(["mesa-vulkan-drivers"])
        except Failure as error:
            warn(f"{error}\n    SwiftShader will be used in its place")


def provide_gdaldem() -> None:
    """Installs GDAL's programs (as root, on Debian): tests of relief compare with them."""
    if shutil.which("gdaldem") or not (apt.available() and apt.root()):
        return
    with step("Installing gdaldem, which tests of relief compare with (apt-get install gdal-bin)"):
        try:
            apt.install(["gdal-bin"])
        except Failure as error:
            warn(f"{error}\n    tests that compare with gdaldem will be skipped")


def provide_screen() -> None:
    """Installs screens that nobody sees, a window manager, and hands (as root, on Debian): tests of
    windows use them."""
    missing = [tool for tool in SCREEN if not shutil.which(tool)]
    if WINDOWS or not missing or not (apt.available() and apt.root()):
        return
    packages = [tool.lower() for tool in missing]
    with step(f"Installing what tests of windows use (apt-get install {' '.join(packages)})"):
        try:
            apt.install(packages)
        except Failure as error:
            warn(f"{error}\n    tests of windows will be skipped")


def provide_opengl() -> None:
    """Installs a software OpenGL (as root, on Debian): only the benchmark's peers draw with it."""
    if WINDOWS or (loads("libEGL.so.1") and loads("libGL.so.1")):
        return
    packages = ["libegl1", "libgl1", "libgl1-mesa-dri"]
    with step(
        f"Installing OpenGL for the benchmark's peers (apt-get install {' '.join(packages)})"
    ):
        if not (apt.available() and apt.root()):
            warn("not root: without libEGL.so.1 and libGL.so.1 the peers cannot be measured")
            return
        try:
            apt.install(packages)
        except Failure as error:
            warn(str(error))


def environment(*, tests: bool) -> dict[str, str]:
    """The variables that put drivers in reach.

    Tests see exactly the software drivers, lavapipe first, so that they compare the same ones
    everywhere. Everything else sees the system's own, and SwiftShader only where lavapipe is missing.
    """
    own, shader = lavapipe(), swiftshader()
    if chosen() or not shader:
        return {}
    if tests:
        files = [file for file in (own, shader) if file]
    elif not own:
        files = [*of_the_system(), shader]
    else:
        return {}
    return dict.fromkeys(CHOICES, joined(files))
