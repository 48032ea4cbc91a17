"""Devices, left-over validation messages, goldens.

`gpu` tests need a Vulkan device of any kind. Without one they are skipped, and the summary says so in its
last lines; VULKAN_FORGE_REQUIRE_DEVICE=1 makes that a failure, and =2 asks for lavapipe and SwiftShader.
"""

from __future__ import annotations

import functools
import os
import sys
from collections import Counter
from pathlib import Path

# Before the module is imported: instances read it when they are made.
os.environ.setdefault("VULKAN_FORGE_VALIDATION", "1")
# Hazards between two submissions are checked only with this switch (validation layer 1.3.239).
os.environ.setdefault(
    "VK_LAYER_ENABLES",
    "VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT"
    + (";" if sys.platform == "win32" else ":")
    + "VALIDATION_CHECK_ENABLE_SYNCHRONIZATION_VALIDATION_QUEUE_SUBMIT",
)
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge import _vulkan_forge

TESTS = Path(__file__).parent
GOLDENS = TESTS / "golden"
OUTPUT = TESTS / "output"
GOLDEN_BYTES = 64 * 1024
SOFTWARE = (
    "llvmpipe",
    "SwiftShader",
)  # parts of the names of drivers that know nothing of each other
REQUIRED = int(os.environ.get("VULKAN_FORGE_REQUIRE_DEVICE") or 0)

_names: list[str] | None = None
_refusal = ""
_ALOUD = "MISSING: "  # before a reason that the summary repeats; workers hand on no more of a test than that


def device_names() -> list[str]:
    """Names of the usable devices, the default first; empty, with the reason in `_refusal`, without any."""
    global _names, _refusal
    if _names is None:
        try:
            default = vf.Renderer(1, 1).info()
            names = [device.name for device in vf.devices() if device.refused is None]
            _names = sorted(names, key=lambda name: name not in default)
        except vf.NoDeviceError as error:
            _names, _refusal = [], str(error)
    return _names


def _missing(required: int, reason: str) -> None:
    """Skip, or fail where the environment says that the devices must be there."""
    if required <= REQUIRED:
        pytest.fail(f"VULKAN_FORGE_REQUIRE_DEVICE={REQUIRED}, but {reason}", pytrace=False)
    pytest.skip(_ALOUD + reason)


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden instead of comparing with it; look at the pictures before committing",
    )


def pytest_configure(config):
    for line in [
        "gpu: needs a Vulkan device, hardware or software",
        "camera: camera mathematics",
        "timeout(seconds): limit of pytest-timeout, where that is installed",
        "both_drivers: of each driver in dev.py test too, not lavapipe alone",
        "slow: takes more than five seconds; dev.py test leaves it out, dev.py torture runs it",
    ]:
        config.addinivalue_line("markers", line)


def pytest_generate_tests(metafunc):
    """`each_device`: a test of every driver that is here. None, "default", where it is neither of the software ones."""
    if "each_device" not in metafunc.fixturenames:
        return
    names = device_names()
    drivers = [driver for driver in SOFTWARE if any(driver in name for name in names)]
    if not names or not any(driver in names[0] for driver in SOFTWARE):
        drivers.append(pytest.param(None, id="default"))
    metafunc.parametrize("each_device", drivers)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of each file's tests of each driver the second driver takes the first, in one case; its others are `slow`.

    SwiftShader compiles a picture's shader for 5 to 15 seconds where lavapipe takes tenths, and half of the suite's time
    went into it. The tests of one file take the same passes, and what two drivers agree on is the shader, not the scene.
    `both_drivers` marks tests of what is another matter on each; `dev.py torture` has all on both.
    """
    taken = set()
    for item in items:
        driver = getattr(item, "callspec", None) and item.callspec.params.get("each_device")
        if driver is None or driver in device_names()[0]:
            continue
        test = (
            item.path,
            item.originalname if item.get_closest_marker("both_drivers") else "",
            driver,
        )
        if test in taken:
            item.add_marker(pytest.mark.slow)
        taken.add(test)


def pytest_runtest_setup(item):
    if item.get_closest_marker("gpu") and not device_names():
        _missing(1, f"there is no Vulkan device: {_refusal}")


def pytest_terminal_summary(terminalreporter):
    told = [
        report.longrepr[2].partition(_ALOUD)
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple)
    ]
    for reason, count in sorted(Counter(reason for _, aloud, reason in told if aloud).items()):
        terminalreporter.write_sep("!", f"{count} TESTS SKIPPED", red=True, bold=True)
        terminalreporter.write_line(reason)


@pytest.fixture(autouse=True)
def no_validation_messages():
    """Fail the test that made the validation layers speak."""
    _vulkan_forge._take_validation_messages()
    yield
    messages = _vulkan_forge._take_validation_messages()
    assert not messages, "validation messages:\n" + "\n".join(messages)


@pytest.fixture(scope="session")
def renderer() -> vf.Renderer:
    """64 x 48, without a terrain of its own: tests add theirs and must not rely on what was set before."""
    return vf.Renderer(64, 48)


@pytest.fixture
def two_devices() -> tuple[str, str]:
    """Name substrings of two software drivers."""
    if not all(any(part in name for name in device_names()) for part in SOFTWARE):
        _missing(2, f"comparing drivers needs lavapipe and SwiftShader; found {device_names()}")
    return SOFTWARE


@pytest.fixture
def gdaldem(tmp_path):
    """gdaldem(dem, mode, *options, spacing=) -> array, as tests/gdaldem.py has it."""
    import gdaldem as truth

    if not truth.available():
        _missing(2, truth.MISSING)
    return functools.partial(truth.gdaldem, tmp_path)


@pytest.fixture(scope="session")
def screen():
    """One screen for all windows of a process, as tests/screens.py has it: GLFW knows a single one."""
    import screens

    glfw = pytest.importorskip("glfw")
    pytest.importorskip("rendercanvas")
    if not screens.available():
        _missing(2, screens.MISSING)
    made = screens.Screen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", made.display)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        yield made
        glfw.terminate()  # before the server: Xlib ends the process when that goes first
    made.close()


@pytest.fixture
def golden(request):
    """golden(name, image): equal to tests/golden/name.png within 1/255, or the test fails.

    On another driver than lavapipe one pixel in a thousand may differ, as the README promises. A failure
    leaves name.actual.png and name.difference.png (times 32) in tests/output."""

    def check(name: str, image) -> None:
        actual = np.asarray(image)
        path = GOLDENS / f"{name}.png"
        if request.config.getoption("--update-golden"):
            GOLDENS.mkdir(exist_ok=True)
            PillowImage.fromarray(actual).save(path, optimize=True)
            size = path.stat().st_size
            assert (
                size <= GOLDEN_BYTES
            ), f"{path.name} has {size} bytes, {GOLDEN_BYTES} allowed: draw it smaller"
            return
        if not path.exists():
            _leave(name, "actual", actual)
            pytest.fail(f"{path} is missing; see tests/output, then pytest --update-golden")
        assert path.stat().st_size <= GOLDEN_BYTES
        with PillowImage.open(path) as file:
            expected = np.asarray(file.convert("RGBA"))
        assert actual.shape == expected.shape
        difference = np.abs(actual.astype(int) - expected)
        wrong = int((difference.max(axis=-1) > 1).sum())
        allowed = (
            0 if "llvmpipe" in device_names()[0] else actual.shape[0] * actual.shape[1] // 1000
        )
        if wrong > allowed:
            _leave(name, "actual", actual)
            _leave(name, "difference", np.clip(difference[..., :3] * 32, 0, 255).astype(np.uint8))
            pytest.fail(
                f"{wrong} pixels differ from {path.name} by more than 1/255 (at most {difference.max()}); "
                f"{allowed} are allowed; see {name}.actual.png and {name}.difference.png in tests/output"
            )

    return check


def _leave(name: str, what: str, pixels: np.ndarray) -> None:
    OUTPUT.mkdir(exist_ok=True)
    PillowImage.fromarray(pixels).save(OUTPUT / f"{name}.{what}.png")


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """The folder that commands are tried in: dem.tif, a place and a track on it."""
    import shells

    monkeypatch.chdir(tmp_path)
    shells.write_files(shells.HEIGHTS)
    return tmp_path
