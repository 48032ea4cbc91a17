"""A DEM beyond memory, 40,000 x 40,000: survey, first pictures, warm frames, a flight of 60 frames, memory, Ctrl-C.

``python bench/large.py [--side 40000] [--kinds memmap,cog,zarr,dask] [--folder FOLDER]``

Each kind of source is a process of its own. The DEM is made in the folder (6.4 GB of float32; a COG and a zarr store of
16-bit metres, at most 2 GB each, one at a time) and deleted afterwards unless ``--keep``. Warm frames stand by turns with the same views of
8192 x 8192 of its cells in memory: they are to take at most twice as long.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import vulkan_forge as vf

SIZE = (1920, 1080)
CELL = 10.0
SMALL = 8192
FRAMES = 60
MOST = 1_000_000_000  # of max_memory, so that all of the process stays below 1.5 GB


def fractal(side: int, steep: float, seed: int) -> Any:
    """Noise whose waves are the higher, the longer they are; it repeats."""
    noise = np.random.default_rng(seed).normal(size=(side, side)).astype(np.float32)
    wave = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    wave[0, 0] = 1
    found = np.fft.irfft2(np.fft.rfft2(noise) / wave**steep).astype(np.float32)
    return (found - found.mean()) / found.std()


def make(path: Path, side: int) -> None:
    """Mountains of 1024 waves a side, with finer ones over them, in strips."""
    coarse, fine = fractal(1024, 2.1, 5), fractal(4096, 2.3, 6)
    waves = np.fft.rfft2(fine)
    waves[:12, :12] = waves[-12:, :12] = 0  # long ones would be seen to repeat
    fine = np.fft.irfft2(waves).astype(np.float32)
    fine /= fine.std()
    heights = np.memmap(path, np.float32, "w+", shape=(side, side))

    def place(cells: Any) -> tuple[Any, Any]:
        at = cells * (1023 / side)
        part = (at - at.astype(int)).astype(np.float32)
        return at.astype(int), part * part * (3 - 2 * part)

    columns, across = place(np.arange(side))
    for top in range(0, side, 500):
        cells = np.arange(top, min(top + 500, side))
        rows, down = place(cells)
        band = coarse[rows] * (1 - down[:, None]) + coarse[rows + 1] * down[:, None]
        band = band[:, columns] * (1 - across) + band[:, columns + 1] * across
        detail = np.take(fine[cells % 4096], np.arange(side) % 4096, axis=1)
        heights[cells] = 900 * band + (60 + 25 * np.clip(band, -1, 3)) * detail + 2000
    heights.flush()


def make_cog(source: Path, side: int, path: Path) -> None:
    """Tiles of 512 x 512, deflated, 16-bit metres, with overviews."""
    import rasterio

    heights = np.memmap(source, np.float32, "r", shape=(side, side))
    profile = {
        "driver": "GTiff",
        "width": side,
        "height": side,
        "count": 1,
        "dtype": "int16",
        "tiled": True,
    }
    profile |= {
        "blockxsize": 512,
        "blockysize": 512,
        "compress": "deflate",
        "zlevel": 1,
        "predictor": 2,
    }
    profile |= {"transform": rasterio.Affine(CELL, 0, 4e5, 0, -CELL, 4e6), "crs": "EPSG:32611"}
    with rasterio.open(path, "w", num_threads="all_cpus", BIGTIFF="IF_SAFER", **profile) as file:
        for top in range(0, side, 512):
            band = heights[top : top + 512].astype(np.int16)
            file.write(band, 1, window=((top, top + len(band)), (0, side)))
    with rasterio.open(path, "r+") as file:
        file.build_overviews([16, 32, 64])


def make_zarr(source: Path, side: int, path: Path, version: int) -> None:
    import zarr

    heights = np.memmap(source, np.float32, "r", shape=(side, side))
    shutil.rmtree(path, ignore_errors=True)  # of a run that was ended
    array = zarr.create_array(
        str(path), shape=(side, side), chunks=(1024, 1024), dtype="int16", zarr_format=version
    )
    for top in range(0, side, 1024):
        array[top : top + 1024] = heights[top : top + 1024].astype(np.int16)


def source_of(kind: str, folder: Path, side: int) -> Any:
    if kind == "memmap":
        return np.memmap(folder / "heights.f32", np.float32, "r", shape=(side, side))
    if kind == "cog":
        return folder / "heights.tif"
    if kind.startswith("zarr"):
        import zarr

        return zarr.open_array(str(folder / "heights.zarr"), mode="r")
    import dask.array

    mapped = np.memmap(folder / "heights.f32", np.float32, "r", shape=(side, side))
    # A name of dask's own would be made of all of it.
    return dask.array.from_array(mapped, chunks=(2048, 2048), name=False) * np.float32(1)


def views(side: int) -> dict[str, vf.Camera]:
    """Of as much ground from afar, half from above it, and low over it."""
    half, up = side * CELL / 2, side / 40_000
    low = (-half * 0.5, -half * 0.6)
    return {
        "afar": vf.Camera.look_at((-half * 1.2, -half * 1.6, half * 1.3), (0, 0, 2000), fov=45),
        "oblique": vf.Camera.look_at((*low, 2000 + 9000 * up), (0, 0, 2000), fov=45),
        "low": vf.Camera.look_at((*low, 3000 + 2500 * up), (0, 0, 2000), fov=45),
    }


def flight(side: int) -> list[vf.Camera]:
    """Two thirds of the DEM, 4 km above, in 60 frames."""
    half = side * CELL / 2
    way = np.linspace(-0.7, 0.6, FRAMES)
    return [
        vf.Camera.look_at(
            (half * at, half * (0.4 * at - 0.2), 6500),
            (half * (at + 0.4), half * 0.3, 2000),
            fov=50,
        )
        for at in way
    ]


def spent(work: Any) -> list[float]:
    """Wall and processor seconds; the latter hold on a machine that others use."""
    start, begun = time.perf_counter(), time.process_time()
    work()
    return [time.perf_counter() - start, time.process_time() - begun]


def rung(work: Any, after: float) -> float | None:
    """Seconds from a Ctrl-C to the end of `work`; None if it was over before."""
    at: list[float] = []
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it

    def ring() -> None:
        at.append(time.perf_counter())
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(after, ring)
    timer.start()
    try:
        work()
    except KeyboardInterrupt:
        return time.perf_counter() - at[0]
    finally:
        timer.cancel()
    return None


class Memory:
    """What this process has at most, but for pages of files that it maps, which the system may take back."""

    def __init__(self) -> None:
        self.most_mb, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            status = Path("/proc/self/status").read_text("utf-8")
            kilobytes = [
                int(status.split(f"{name}:")[1].split()[0]) for name in ("RssAnon", "RssShmem")
            ]
            self.most_mb = max(self.most_mb, sum(kilobytes) // 1024)

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self.most_mb


def by_turns(kind: str, folder: Path, side: int) -> dict[str, Any]:
    """Warm frames of it and, by turns, of its first 8192 x 8192 in memory: wall and processor seconds, the least of
    three. Without a survey if ``--keep`` has left one."""
    mapped = np.memmap(folder / "heights.f32", np.float32, "r", shape=(side, side))
    small, large = vf.Renderer(*SIZE), vf.Renderer(*SIZE)
    small.add_terrain(np.array(mapped[:SMALL, :SMALL]), (CELL, CELL))
    options: dict[str, Any] = {} if kind == "cog" else {"spacing": (CELL, CELL)}
    kept = kind in ("cog", "memmap")
    large.add_terrain(
        vf.LargeDEM(source_of(kind, folder, side), **options, max_memory=MOST, keep=kept)
    )

    found: dict[str, Any] = {}
    for name, camera in views(SMALL).items():
        small.set_camera(camera)
        large.set_camera(views(side)[name])
        small.render()
        first = spent(large.render)
        turns = [(spent(small.render), spent(large.render)) for _ in range(3)]
        of_small, of_large = (
            [min(each) for each in zip(*all_of, strict=True)] for all_of in zip(*turns, strict=True)
        )
        found[name] = {"first": first, "small": of_small, "large": of_large}
    return found


def measure(kind: str, folder: Path, side: int, keep_pictures: bool) -> dict[str, Any]:
    memory, told = Memory(), list[float]()
    options: dict[str, Any] = {} if kind == "cog" else {"spacing": (CELL, CELL)}

    def fresh(**more: Any) -> vf.LargeDEM:
        return vf.LargeDEM(source_of(kind, folder, side), **options, max_memory=MOST, **more)

    found: dict[str, Any] = {"kind": kind}
    found["ctrl_c_survey"] = rung(lambda: vf.render(fresh(), size=SIZE), 2.0)
    dem = fresh(progress=told.append)
    found["survey"] = spent(dem.stats)
    found["told"] = len(told)
    renderer = vf.Renderer(*SIZE)
    renderer.add_terrain(dem)
    renderer.set_camera(views(side)["oblique"])
    found["ctrl_c_picture"] = rung(renderer.render, 0.3)
    found["first"], found["warm"], found["sheets_mb"] = {}, {}, {}
    for name, camera in views(side).items():
        renderer.set_camera(camera)
        pictures: list[vf.Image] = []
        found["first"][name] = spent(lambda pictures=pictures: pictures.append(renderer.render()))
        [picture] = pictures
        found["sheets_mb"][name] = picture.metrics["bytes_uploaded"] >> 20
        found["warm"][name] = sorted(spent(renderer.render) for _ in range(5))[2]
        if keep_pictures:
            picture.save(folder / f"{kind}_{name}.png")
    frames = []
    for camera in flight(side):
        renderer.set_camera(camera)
        frames.append(spent(renderer.render))
    found["flight"] = {
        "median": sorted(frames)[len(frames) // 2],
        "most": max(frames),
        "all": [sum(each) for each in zip(*frames, strict=True)],
    }
    found["peak_mb"] = memory.end()
    return found


def show(rows: list[dict[str, Any]]) -> None:
    print("Seconds, processor seconds in brackets; sizes of pictures, views and turns as above.\n")
    print(
        "| | survey | first picture: afar, oblique, low | warm frame | of 8192², processor time | "
        "flight of 60: median, longest, all | Ctrl-C s | peak MB |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")

    def told(*times: list[float]) -> str:
        return ", ".join(f"{wall:.2f} ({processor:.2f})" for wall, processor in times)

    for row in rows:
        ratio = ", ".join(
            f"{turn['large'][1] / turn['small'][1]:.2f}" for turn in row["turns"].values()
        )
        stops = ", ".join(
            "over" if row[name] is None else f"{row[name]:.2f}"
            for name in ("ctrl_c_survey", "ctrl_c_picture")
        )
        first, warm, way = (told(*row[name].values()) for name in ("first", "warm", "flight"))
        print(
            f"| {row['kind']} | {told(row['survey'])} | {first} | {warm} | {ratio} | {way} | {stops} | {row['peak_mb']} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=40_000)
    parser.add_argument("--kinds", default="memmap,cog,zarr3,zarr2,dask")
    parser.add_argument("--folder", type=Path, default=Path("large-dem"))
    parser.add_argument(
        "--keep", action="store_true", help="leave the DEM and a picture of each view"
    )
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder, side = options.folder, options.side
    if options.one:
        found = measure(options.one, folder, side, options.keep)
        found["turns"] = by_turns(options.one, folder, side)
        print(json.dumps(found))
        return
    folder.mkdir(parents=True, exist_ok=True)
    heights = folder / "heights.f32"
    if not heights.exists():
        make(heights, side)

    def run(kind: str) -> dict[str, Any]:
        words = ["--one", kind, "--side", str(side), "--folder", str(folder)] + [
            "--keep"
        ] * options.keep
        done = subprocess.run(
            [sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        print(found, file=sys.stderr)
        return found

    rows = []
    for kind in options.kinds.split(","):
        if kind == "cog":
            make_cog(heights, side, folder / "heights.tif")
        elif kind.startswith("zarr"):
            make_zarr(heights, side, folder / "heights.zarr", int(kind[4:]))
        rows.append(run(kind))
        if not options.keep:
            for made in folder.glob("heights.*.vfp"):
                made.unlink()
        (folder / "heights.tif").unlink(missing_ok=True)
        shutil.rmtree(folder / "heights.zarr", ignore_errors=True)
    show(rows)
    if not options.keep:
        heights.unlink()


if __name__ == "__main__":
    main()
