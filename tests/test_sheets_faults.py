"""What goes wrong with DEMs that stay where they are: sources that fail, what is refused, Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import SPACING, Counted, ground, in_sheets, same

pytestmark = pytest.mark.gpu
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


def test_a_file_that_is_cut_short(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)))
    with path.open("r+b") as file:
        file.truncate(200_000)
    with pytest.raises(
        vf.ImageFileError,
        match=r"heights\.bin: expected \d+ bytes at \d+, got \d+; the file was cut short",
    ):
        vf.render(large, size=(40, 30))


class Failing:
    """Heights that stop being readable after so many parts."""

    shape, dtype = (300, 420), np.dtype(np.float32)

    def __init__(self, parts: int, what: object) -> None:
        self.parts, self.what = parts, what

    def __getitem__(self, place):
        self.parts -= 1
        if self.parts >= 0:
            return ground()[place]
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


@pytest.mark.parametrize("parts", [0, 27])
@pytest.mark.parametrize(
    ("what", "error", "said"),
    [
        (OSError("the disk is gone"), vf.ImageFileError, "the Failing: expected rows .* the disk is gone"),
        (MemoryError("no"), vf.OutOfMemoryError, "out of memory: expected rows"),
        (np.zeros((3, 3), np.float32), vf.InvalidInputError, r"a source must give float32 of shape"),
        (np.zeros((3, 3), complex), vf.InvalidInputError, "dem must hold real numbers"),
    ],
    ids=["gone", "memory", "shape", "dtype"],
)  # fmt: skip
def test_a_source_that_fails_on_the_way(parts, what, error, said):
    renderer = vf.Renderer(40, 30)

    def draw(source):
        renderer.add_terrain(source)
        renderer.render()

    with pytest.raises(error, match=said):
        draw(in_sheets(Failing(parts, what)))
    draw(ground())


WAY = np.array([[-6000.0, -4000.0], [6000.0, 4000.0]])
ON_A_WAY = [
    pytest.param(lambda: vf.Labels(WAY, offsets=[0, 2], text=["Ridge"]), id="labels"),
    pytest.param(lambda: vf.Lines(WAY, height=50, width=30), id="things"),
]


@pytest.mark.parametrize("layer", ON_A_WAY)
def test_layers_end_with_a_source_that_fails(layer):
    source = Failing(10_000, OSError("the disk is gone"))
    large = in_sheets(source)
    large._source.landmarks()
    source.parts = 0
    with pytest.raises(vf.ImageFileError, match="the disk is gone"):
        vf.render(large, size=(40, 30), layers=[layer()])


@posix
@pytest.mark.parametrize("layer", ON_A_WAY)
def test_ctrl_c_ends_layers(layer):
    class Slow(Counted):
        slow = False

        def __getitem__(self, place):
            time.sleep(0.5 * self.slow)
            return super().__getitem__(place)

    source = Slow(ground())
    large = in_sheets(source)
    large._source.landmarks()
    source.slow = True
    with rung_after(0.2), pytest.raises(KeyboardInterrupt):
        vf.render(large, size=(40, 30), layers=[layer()])


def test_a_source_that_draws_itself_is_told_so():
    class Vain(Counted):
        def __getitem__(self, place):
            vf.render(large, size=(8, 8))
            return super().__getitem__(place)

    large = in_sheets(Vain(ground()))
    with pytest.raises(vf.InvalidInputError, match="must not be drawn by its own source"):
        vf.render(large, size=(8, 8))


def test_what_is_too_large_for_an_image_is_told_its_own_cure(each_device):
    """Of DEMs as large as images may be another way is known, of pictures that lie on them none."""
    options = {"size": (8, 8), "samples": 1, "lit": False, "device": each_device}
    with pytest.raises(vf.InvalidInputError, match="cut it into parts, or resample it") as told:
        vf.render(ground(), drape=np.zeros((2, 40_000, 3), np.uint8), **options)
    assert "LargeDEM" not in str(told.value)
    heights = np.zeros((2, 16_000), np.float32)
    refused = None
    try:
        vf.render(heights, **options)
    except vf.InvalidInputError as error:
        refused = str(error)
    assert refused is None or "got 2 x 16000; pass vf.LargeDEM(dem)" in refused


def test_infinite_heights_and_what_needs_memory_are_refused():
    heights = ground(True).copy()
    with pytest.raises(vf.InvalidInputError, match="bad needs a DEM in memory"):
        vf.render(in_sheets(heights), bad="#808080", size=(8, 8))
    heights[200, 300] = np.inf
    with pytest.raises(vf.InvalidInputError, match="infinite value at row 200, column 300"):
        vf.render(in_sheets(heights), size=(8, 8))
    with pytest.raises(vf.InvalidInputError, match="stays where it is"):
        np.asarray(in_sheets(heights))
    for source, said in [
        ([[0.0, 1.0]], "array with shape, dtype and slices; got list"),
        (np.zeros((2, 3, 4)), "must be 2-D"),
        (np.zeros((3, 3), complex), "must hold real numbers"),
    ]:
        with pytest.raises(vf.InvalidInputError, match=said):
            vf.LargeDEM(source)


def test_nothing_but_holes():
    heights = np.full((300, 420), np.nan, np.float32)
    options = {"size": (40, 30), "samples": 1, "spacing": SPACING}
    same(vf.render(in_sheets(heights), **options), vf.render(heights, **options))


@contextlib.contextmanager
def rung_after(seconds):
    """A KeyboardInterrupt after so long, which must end what is done at once."""

    def ring(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        start = time.monotonic()
        yield
        taken = time.monotonic() - start
        assert seconds <= taken < seconds + 1.5  # 0.35 on a machine of one's own
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Endless:
    """Heights that take minutes to read."""

    shape, dtype = (30_000, 30_000), np.dtype(np.float32)

    def __getitem__(self, place):
        time.sleep(0.02)
        return np.zeros([part.stop - part.start for part in place], np.float32)


@posix
def test_ctrl_c_ends_the_survey_at_once():
    with rung_after(0.4), pytest.raises(KeyboardInterrupt):
        vf.render(vf.LargeDEM(Endless()), size=(8, 8))

    def stop(part):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        vf.render(vf.LargeDEM(Endless(), progress=stop), size=(8, 8))


@posix
def test_ctrl_c_ends_waiting_for_anothers_survey():
    begun, over = threading.Event(), threading.Event()

    def told(part):
        begun.set()
        if over.is_set():
            raise RuntimeError("no more")

    large = vf.LargeDEM(Endless(), progress=told)

    def survey():
        with pytest.raises(RuntimeError, match="no more"):
            large._source.landmarks()

    other = threading.Thread(target=survey)
    other.start()
    try:
        assert begun.wait(20)
        with rung_after(0.2), pytest.raises(KeyboardInterrupt):
            large._source.landmarks()
    finally:
        over.set()
        other.join()


def test_a_single_row_is_no_ground():
    for shape in [(1, 40_000_000), (40_000_000, 1), (2, 70_000)]:
        large = vf.LargeDEM(np.broadcast_to(np.float32(1), shape))
        with pytest.raises(
            vf.InvalidInputError,
            match=rf"2 to 65536 samples along each side; got {shape[0]} x {shape[1]}",
        ):
            vf.render(large, size=(8, 8))


STOPPED = """
import logging
import numpy as np
import vulkan_forge as vf

class Stop(logging.Handler):
    heard = 0

    def emit(self, record):
        Stop.heard += 1
        if Stop.heard == Stop.at:
            raise KeyboardInterrupt  # as when a signal comes while Python is told

logger = logging.getLogger("vulkan_forge")
logger.setLevel(logging.DEBUG)
logger.addHandler(Stop())
Stop.at, drawn = 0, False
while not drawn:
    Stop.at, Stop.heard = Stop.at + 1, 0
    try:
        large = vf.LargeDEM(np.zeros((300, 400), np.float32), _levels=(5, 1))
        vf.render(large, size=(32, 24), samples=1)
        drawn = True
    except KeyboardInterrupt:
        assert Stop.heard >= Stop.at
print(Stop.at)
"""


def test_a_ctrl_c_while_the_log_is_told_is_one():
    """A logger cannot raise what Python raises in it: it came out as a SystemError."""
    done = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 2  # it was stopped at each entry but the last time
