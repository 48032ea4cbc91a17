"""One measurement of one peer in a process of its own; prints one line of JSON.

A peer is a class with `open()` (device or context), `build(dem, table)` (DEM in RAM to a scene),
`frame(azimuth_deg)` (a finished picture in NumPy, (HEIGHT, WIDTH, 3 or 4) uint8, row 0 at the top)
and `device()` (who drew it). Its constructor does the imports, because they are timed too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

import dems
import world

if TYPE_CHECKING:
    import numpy as np

MB = 1e6
FEWEST_FRAMES = 3


class Peer(Protocol):
    """What the harness asks of a peer; see the module's docstring."""

    def open(self) -> None: ...

    def build(self, dem: np.ndarray, table: np.ndarray) -> None: ...

    def frame(self, azimuth_deg: float) -> np.ndarray: ...

    def device(self) -> str: ...


def main(make: Callable[[argparse.Namespace], Peer], variants: tuple[str, ...]) -> None:
    """Parse the command line, measure, print one JSON object on the last line of stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--frames", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10.0, help="stop the warm frames then")
    parser.add_argument("--device", default="llvmpipe", help="vulkan_forge's only")
    parser.add_argument("--picture", type=Path, help="save frame 0 here, a quarter wide and high")
    options = parser.parse_args()
    result = measure(make, options)
    sys.stdout.flush()
    print(json.dumps(result))
    sys.stdout.flush()
    # a peer's teardown is not measured and must not spoil a result that is already there
    os._exit(0)


def measure(make: Callable[[argparse.Namespace], Peer], options: argparse.Namespace) -> dict:
    """The timings of one process, in seconds and milliseconds as their names say."""
    clock = time.perf_counter
    start = clock()
    import numpy as np

    peer = make(options)
    imported = clock()

    dem = np.load(dems.path(options.size))
    table = np.load(dems.table_path())
    loaded = clock()
    peer.open()
    opened = clock()
    peer.build(dem, table)
    built = clock()
    first = peer.frame(world.azimuth_of(0)).copy()
    shown = clock()

    warm = _warm_frames(peer, options.frames, options.seconds)
    peak = peak_memory_mb()
    if options.picture:
        _save_picture(options.picture, first)
    return {
        "size": options.size,
        "variant": options.variant,
        "import_s": imported - start,
        "open_s": opened - loaded,
        "build_s": built - opened,
        "first_s": shown - built,
        "setup_s": shown - loaded,
        **warm,
        "peak_mb": peak,
        "peak_beside_dem_mb": peak - dem.nbytes / MB,
        "coverage": coverage(first),
        "device": peer.device(),
    }


def _warm_frames(peer: Peer, frames: int, seconds: float) -> dict[str, Any]:
    """Frames 2, 3, ... with a camera that moves on each time; frame 1 warms up, unmeasured."""
    peer.frame(world.azimuth_of(1))
    times: list[float] = []
    cpu = 0.0
    seen: set[int] = set()
    others = _OtherProcesses()
    began = time.perf_counter()
    while len(times) < frames:
        if len(times) >= FEWEST_FRAMES and time.perf_counter() - began > seconds:
            break
        azimuth = world.azimuth_of(2 + len(times))
        cpu_start, start = time.process_time(), time.perf_counter()
        picture = peer.frame(azimuth)
        times.append(1e3 * (time.perf_counter() - start))
        cpu += 1e3 * (time.process_time() - cpu_start)
        seen.add(zlib.crc32(picture))
    ordered = sorted(times)
    return {
        "frames": len(times),
        "frame_ms": median(times),
        "frame_min_ms": ordered[0],
        "frame_p95_ms": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
        "cpu_ms": cpu / len(times),
        "distinct": len(seen) == len(times),
        "other_cores": others.mean(),
    }


class _OtherProcesses:
    """Mean number of cores that other processes kept busy: how quiet the machine was."""

    def __init__(self) -> None:
        self.start = self._now()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        import psutil

        spent = psutil.cpu_times()
        busy = sum(
            getattr(spent, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq")
        )
        return time.perf_counter(), busy, time.process_time()

    def mean(self) -> float:
        wall, busy, own = (b - a for a, b in zip(self.start, self._now(), strict=True))
        return max(0.0, busy - own) / wall


def peak_memory_mb() -> float:
    """Peak resident memory of this process in megabytes.

    Not getrusage: there Linux counts what the parent held before exec.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / MB
    import psutil

    memory = psutil.Process().memory_info()
    return getattr(memory, "peak_wset", memory.rss) / MB


def coverage(picture: np.ndarray) -> float:
    """Share of the pixels that are not background (to one step a channel)."""
    import numpy as np

    apart = np.abs(picture[..., :3].astype(np.int16) - np.array(world.BACKGROUND, np.int16))
    return float((apart.max(axis=2) > 1).mean())


def _save_picture(target: Path, picture: np.ndarray) -> None:
    from PIL import Image

    target.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(picture[..., :3].copy())
    image.resize((world.WIDTH // 4, world.HEIGHT // 4)).save(target)
