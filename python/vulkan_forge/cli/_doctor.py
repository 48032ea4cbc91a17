"""``vf doctor``: what was found, what was refused and why, what to install, and a test picture."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import time
from typing import Any

import numpy as np

import vulkan_forge as vf
from vulkan_forge._environment import host

from ._console import show_json

_SWITCHES = (
    "VULKAN_FORGE_PREFER_SOFTWARE",
    "VULKAN_FORGE_VALIDATION",
    "VULKAN_FORGE_DRIVER",
    "VULKAN_FORGE_SOFTWARE_DRIVER",
    "VK_DRIVER_FILES",
    "VK_ICD_FILENAMES",
)
_EPILOG = """examples:
  vf doctor
  vf doctor --json
  vf doctor --picture test.png
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        help="devices, drivers, extras, and a test picture",
        description="Tell which Vulkan devices were found, which were refused and why, what to install, "
        "and whether a test picture comes out right. Exit code 1 if not.",
        epilog=_EPILOG,
    )
    parser.add_argument("--picture", metavar="FILE", help="keep the test picture")
    parser.add_argument("--device", help="index, part of a name, gpu or software")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def examine(device: int | str | None = None) -> tuple[dict[str, Any], vf.Image | None]:
    """All findings, JSON-able, and the test picture if one came out."""
    report: dict[str, Any] = {
        "version": vf.__version__,
        "host": host(),
        "switches": {name: os.environ[name] for name in _SWITCHES if name in os.environ},
        "devices": [],
        "extras": _extras(),
        "advice": [],
    }
    picture = None
    try:
        report["devices"] = vf.enumerate_adapters()
        start = time.perf_counter()
        picture, problem = _test_picture(device)
        spent = 1e3 * (time.perf_counter() - start)
        report["test_picture"] = {"ok": problem is None, "ms": round(spent, 1), "problem": problem}
    except vf.VulkanForgeError as error:
        report["test_picture"] = {"ok": False, "ms": None, "problem": str(error)}
    if not report["devices"]:
        report["advice"].append(
            'no device: pip install "vulkan-forge[software]", or install a graphics driver'
        )
    usable = [found for found in report["devices"] if found["refused"] is None]
    if usable and all(found["kind"] == "cpu" for found in usable):
        report["advice"].append(
            "all devices are software: pictures are right, but a GPU's driver would draw faster"
        )
    lacking = {
        extra: [name for name, version in packages.items() if version is None]
        for extra, packages in report["extras"].items()
        if None in packages.values() and extra != "software"
    }
    if lacking:
        missing = "; ".join(f"{extra} ({', '.join(names)})" for extra, names in lacking.items())
        report["advice"].append(
            f"something is missing for {missing}: pip install 'vulkan-forge[{next(iter(lacking))}]', or another or "
            "[all], if you want it"
        )
    report["ok"] = report["test_picture"]["ok"]
    return report, picture


def _test_picture(device: int | str | None) -> tuple[vf.Image, str | None]:
    """A cone on a plain, lit; and what is wrong with it."""
    y, x = np.mgrid[-1:1:65j, -1:1:65j]
    cone = np.maximum(20 - 30 * np.hypot(x, y), 0).astype(np.float32)
    picture = vf.render(
        cone, size=(256, 160), azimuth=315, altitude=40, vert_exag=1.0, device=device
    )
    flat = vf.render(
        cone,
        size=(65, 65),
        camera=vf.Camera.map(),
        cmap="gray",
        lit=False,
        samples=1,
        device=device,
    )
    expected = np.minimum((cone / cone.max() * 256).astype(int), 255)
    wrong = np.abs(flat.rgba[..., 0].astype(int) - expected) > 2
    if wrong.mean() > 0.001:
        return (
            picture,
            f"{int(wrong.sum())} of {wrong.size} pixels have another colour than they should",
        )
    return picture, None


def _extras() -> dict[str, dict[str, str | None]]:
    """Versions of the packages that each extra names itself, by this distribution's own metadata; None of what is missing."""
    try:
        required = importlib.metadata.requires("vulkan-forge") or []
    except importlib.metadata.PackageNotFoundError:  # a checkout that was not installed
        required = []
    found: dict[str, dict[str, str | None]] = {}
    for line in required:
        named = re.match(r"""([\w.-]+).*extra == ['"]([\w-]+)['"]""", line)
        if named and named[1] != "vulkan-forge":  # an extra of extras names this
            found.setdefault(named[2], {})[named[1]] = _version(named[1])
    return found


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def run(options: argparse.Namespace, prog: str) -> int:
    """Examine and tell."""
    name = options.device
    report, picture = examine(int(name) if name is not None and name.isdecimal() else name)
    if options.picture and picture is not None:
        picture.save(options.picture)
    if options.json:
        show_json(report)
    else:
        _tell(report)
    return 0 if report["ok"] else 1


def _tell(report: dict[str, Any]) -> None:
    machine = report["host"]
    print(
        f"vulkan-forge {report['version']}, Python {machine['python']}, NumPy {machine['numpy']}, {machine['platform']}"
    )
    for name, value in report["switches"].items():
        print(f"  {name}={value}")
    print("devices:" if report["devices"] else "devices: none")
    for found in report["devices"]:
        memory = f"{found['memory_bytes'] / 2**30:.1f} GiB"
        print(
            f"  {found['index']}: {found['name']}, {found['kind']}, Vulkan {found['api_version']}, {memory}"
        )
        print(f"     driver {found['driver']}; DEMs up to {found['max_image']} a side")
        if found["refused"]:
            print(f"     REFUSED: {found['refused']}")
    test = report["test_picture"]
    verdict = "right" if test["ok"] else "WRONG" if report["devices"] else "none"
    print(f"test picture: {verdict}" + (f", {test['ms']:.0f} ms" if test["ms"] else ""))
    if test["problem"]:
        print(f"  {test['problem']}")
    print("extras:")
    for extra, packages in report["extras"].items():
        print(f"  {extra}: " + ", ".join(f"{p} {v or 'missing'}" for p, v in packages.items()))
    for line in report["advice"]:
        print(f"note: {line}")
