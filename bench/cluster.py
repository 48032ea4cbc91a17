"""Frames on a cluster of processes beside one process, and a sky view in which workers are killed.

    python3 dev.py run python bench/cluster.py                 # 100 frames, four workers
    python3 dev.py run python bench/cluster.py --kill          # one killed at each third
    python3 dev.py run python bench/cluster.py --sky 20000     # of dask chunks, killed too

As many of the workers' threads run as the machine has cores, whichever of them they belong to: the processor time of
all processes together is what distribution costs, and the wall time beside it.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dask
import dems
import numpy as np
import psutil
import vulkan_forge as vf
from dask.distributed import Client, LocalCluster
from vulkan_forge._distributed._sent import arrived, sent
from vulkan_forge._film._scene import Scene, Stage

FRAMES, SIZE, WORKERS = 100, (1280, 720), 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=2048, help="samples a side of the DEM")
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--kill", action="store_true", help="a worker at each third")
    parser.add_argument("--sky", type=int, metavar="SIDE", help="a sky view of SIDE x SIDE cells")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if options.sky:
            sky(options.sky, Path(place))
        else:
            frames(options.size, options.frames, options.kill, Path(place))


# What dask does to watch itself takes four workers a fifth of a core, whether they work or not.
CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "200ms",
    "distributed.admin.system-monitor.interval": "2s",
}


def cluster() -> LocalCluster:
    """Four processes on this machine."""
    dask.config.set(CALM)
    return LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=":0"
    )


def processor_seconds() -> float:
    """Of this process and those it started, which are alive."""
    used = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        times = process.cpu_times()
        used += times.user + times.system
    return used


def frames(side: int, count: int, kill: bool, place: Path) -> None:
    """The same files from a cluster and from one process."""
    spacing = (30.0, 30.0)
    dems.ensure([side])
    dem = np.load(dems.path(side))
    cameras = [
        vf.Camera.fit(dem, spacing=spacing, azimuth=360 * number / count) for number in range(count)
    ]
    look = {"samples": 4, "shadows": True}
    alone(dem, spacing, cameras[:1], look, place / "warm")  # both sides have their engines
    start, used = time.perf_counter(), processor_seconds()
    alone(dem, spacing, cameras, look, place / "one")
    one = time.perf_counter() - start, processor_seconds() - used
    look |= {"spacing": spacing, "size": SIZE}
    with cluster() as machines, Client(machines) as client:
        (place / "first").mkdir()
        first = cameras[:: max(count // (4 * WORKERS), 1)]  # workers have their engines too
        vf.distributed.frames(dem, first, place / "first" / "%03d.png", client=client, **look)
        (place / "many").mkdir()
        killer = Killer(client) if kill else None
        start, used = time.perf_counter(), processor_seconds()
        vf.distributed.frames(
            dem,
            cameras,
            place / "many" / "%03d.png",
            client=client,
            progress=killer.told if killer else None,
            **look,
        )
        many = time.perf_counter() - start, processor_seconds() - used
    for number in range(count):
        name = f"{number:03d}.png"
        same = (place / "one" / name).read_bytes() == (place / "many" / name).read_bytes()
        assert same, f"{name} differs"
    print(f"{count} frames of {SIZE[0]} x {SIZE[1]}, {side}²: the same files")
    print(f"one process: {one[0]:.1f} s, {one[1]:.1f} s of processor time")
    print(f"{WORKERS} workers: {many[0]:.1f} s, {many[1]:.1f} s of processor time")
    if killer:
        print(f"killed: {killer.killed}")
    else:
        print(f"overhead: {many[0] / one[0] - 1:+.1%} of wall time, {many[1] / one[1] - 1:+.1%}")


def alone(dem: np.ndarray, spacing: Any, cameras: list[vf.Camera], look: Any, place: Path) -> None:
    """What a worker does with its share, here with all: draws, while files are written."""
    place.mkdir()
    stage = Stage(Scene(arrived(sent(dem, spacing), spacing), look, None), SIZE)
    with ThreadPoolExecutor(1) as writer:
        for number, camera in enumerate(cameras):
            pixels = stage.show(camera, look, False)
            writer.submit(vf.numpy_to_png, place / f"{number:03d}.png", pixels)


class Killer:
    """Ends a worker at each third."""

    def __init__(self, client: Client) -> None:
        self.killed: list[int] = []
        self._client = client

    def told(self, done: int, count: int | None) -> None:
        """Progress of frames."""
        if count and done in (count // 3, 2 * count // 3):
            self.now()

    def now(self) -> None:
        """In a thread: progress is not to wait."""
        workers = sorted(self._client.run(os.getpid).values())
        victim = workers[len(self.killed) % len(workers)]
        self.killed.append(victim)
        threading.Timer(0.05, os.kill, (victim, signal.SIGKILL)).start()


class Rows:
    """An array in a file, of which workers read what they need."""

    def __init__(self, path: Path) -> None:
        array = np.load(path, mmap_mode="r")
        self.path, self.shape, self.dtype, self.ndim = path, array.shape, array.dtype, array.ndim

    def __getitem__(self, part: Any) -> np.ndarray:
        return np.array(np.load(self.path, mmap_mode="r")[part])


def sky(side: int, place: Path) -> None:
    """The sky view of a large DEM in chunks on workers, undisturbed and with two of them killed."""
    import dask.array as da
    from vulkan_forge import relief

    source = place / "heights.npy"
    heights = np.lib.format.open_memmap(source, "w+", np.float32, (side, side))
    rng = np.random.default_rng(4)
    coarse = rng.standard_normal((side // 500 + 2, side // 500 + 2)).astype(np.float32)
    across = np.linspace(0, coarse.shape[1] - 1.001, side)
    left = across.astype(int)
    part = (across - left).astype(np.float32)
    for row, y in enumerate(np.linspace(0, coarse.shape[0] - 1.001, side)):
        top, share = int(y), np.float32(y - int(y))
        line = coarse[top] * (1 - share) + coarse[top + 1] * share
        heights[row] = 400 * (line[left] * (1 - part) + line[left + 1] * part)
        heights[row] += 10 * np.sin(np.arange(side, dtype=np.float32) / 7 + np.float32(row / 11))
    heights.flush()
    results = []
    for kill in (False, True):
        with cluster() as machines, Client(machines) as client:
            lazy = da.from_array(Rows(source), chunks=(side // 5, side // 5))
            found = relief.sky_view_factor(lazy, spacing=(30.0, 30.0), radius=1500.0)
            killer = Killer(client)
            start = time.perf_counter()
            future = client.compute(found.astype(np.float32))
            for _third in (1, 2):
                if kill:
                    time.sleep(results[0][1] / 3)
                    killer.now()
            values = future.result()
            results.append((values, time.perf_counter() - start, killer.killed))
    (calm, calm_s, _), (stormy, stormy_s, killed) = results
    worst = float(np.abs(calm - stormy).max())
    print(
        f"sky view of {side}²: {calm_s:.0f} s undisturbed, {stormy_s:.0f} s with {killed} killed; they differ by {worst:g} at most"
    )
    assert worst == 0
    assert len(killed) == 2


if __name__ == "__main__":
    main()
