"""What layers cost, beside what draws the same flat. `python3 dev.py bench --vectors`.

Ours: 1920 x 1080 over a DEM, plain and with one layer by turns in one process, each turn from a camera that moved on; a figure is
the median of the differences. The first picture is that of a layer that no picture has drawn: its index is built in it.
Peers draw the same data flat, without terrain, into as many pixels: matplotlib (Agg), datashader, GDAL's rasterize.
With --write the table goes into docs/benchmarks.md, between its marks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import dems
import numpy as np
import vector_data
import vector_peers
import vulkan_forge as vf
import world
from options import write_between

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
MARKS = "<!-- bench/vectors.py -->", "<!-- end of vectors -->"


class Row(NamedTuple):
    """A layer, and what it may add to a warm picture, in milliseconds of the wall."""

    name: str
    limit_ms: float
    data: str
    layer: Callable[[vector_data.Paths], vf.Layer]
    shadows: bool = False
    """Whether both pictures have them."""


def lines(paths: vector_data.Paths) -> vf.Layer:
    return vf.Lines(paths.xy, offsets=paths.offsets, color=paths.colours, width="1pt", crs="world")


def areas(paths: vector_data.Paths) -> vf.Layer:
    return vf.Polygons(paths.xy, offsets=paths.offsets, fill=paths.colours, crs="world")


def points(size: str) -> Callable[[vector_data.Paths], vf.Layer]:
    return lambda paths: vf.Points(paths.xy, size=size, color="#cc3311", crs="world")


def buildings(paths: vector_data.Paths) -> vf.Layer:
    assert paths.offsets is not None
    heights = 6.0 + 30.0 * np.random.default_rng(1).random(len(paths.offsets) - 1) ** 3
    return vf.Polygons(paths.xy, offsets=paths.offsets, height=heights, fill="#ddaa88", crs="world")


def labels(paths: vector_data.Paths) -> vf.Layer:
    if paths.offsets is not None:
        return vf.Labels(paths.xy[:1], text=["Place"], crs="world")
    return vf.Labels(paths.xy, text=[f"Place {row}" for row in range(len(paths.xy))], crs="world")


ROWS = (
    Row("one short line", 10, "short", lines),
    Row("counties, outlines", 60, "counties", lines),
    Row("counties, filled", 60, "counties", areas),
    Row("tracks", 60, "tracks", lines),
    Row("points of 2 pt", 30, "points", points("2pt")),
    Row("points of 5 pt", 30, "points", points("5pt")),
    Row("buildings, in sunlight", 150, "buildings", buildings, shadows=True),
    Row("labels", 120, "places", labels),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench --vectors", description=__doc__)
    parser.add_argument("--size", type=int, default=4096, help="samples a side of the DEM")
    parser.add_argument("--turns", type=int, default=5, help="counted; one more warms up")
    parser.add_argument("--samples", type=int, default=1)
    parser.add_argument("--device", default="llvmpipe")
    parser.add_argument("--only", default="", help="rows whose name has this in it")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of each row")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    options = parser.parse_args()
    here = Path(__file__).resolve().parent
    subprocess.run([sys.executable, "dems.py", str(options.size)], cwd=here, check=True)
    rows = [row for row in ROWS if options.only in row.name]
    data = {name: vector_data.load(name) for name in dict.fromkeys(row.data for row in rows)}
    lines_of = []
    bench = Bench(options)
    for row in rows:
        found = bench.measure(row, data[row.data])
        beside: dict[str, str] = {}
        if not options.no_peers and row.data in ("counties", "tracks", "points"):
            beside = vector_peers.measure(row.name.split(",")[-1].strip(), data[row.data])
        lines_of.append(table_row(row, found, beside))
        print(lines_of[-1], flush=True)
    page = "\n".join([*head(options), *lines_of])
    print(page)
    if options.write:
        write_between(PAGE, MARKS, "## What layers on the ground cost", page)


class Bench:
    """A terrain that is there, and cameras that go round it."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.turns, self.pictures = options.turns, options.pictures
        dem = np.load(dems.path(options.size))
        spacing = world.EXTENT_M / (options.size - 1)
        self.session = session = vf.Renderer(world.WIDTH, world.HEIGHT, device=options.device)
        session.add_terrain(dem, (spacing, spacing), world.EXAGGERATION, "terrain")
        session.upload_height_r32f()
        session.set_sun(world.SUN_ALTITUDE_DEG, world.SUN_AZIMUTH_DEG)
        session.set_ambient(world.AMBIENT)
        session.set_shadows(False)
        session.set_samples(options.samples)
        self.frame(0)

    def frame(self, turn: int) -> tuple[float, float]:
        """Milliseconds of all processors, and of the wall."""
        place = world.TARGET, world.DISTANCE_M, world.azimuth_of(turn), world.ALTITUDE_DEG
        self.session.set_camera(vf.Camera.orbit(*place, world.FOV_DEG))
        start = time.process_time(), time.perf_counter()
        self.session.render_rgba()
        return 1e3 * (time.process_time() - start[0]), 1e3 * (time.perf_counter() - start[1])

    def measure(self, row: Row, paths: vector_data.Paths) -> dict[str, float]:
        """Medians of what the layer adds: processors' and the wall's milliseconds, and the first picture's."""
        self.session.set_shadows(row.shadows)
        # Pipelines are made once a process, for layers of any data: not part of a first picture.
        warm = self.session.add(row.layer(vector_data.load("short")))
        self.frame(0)
        warm.remove()
        self.frame(0)
        layer = row.layer(paths)
        plain = self.frame(0)[1]
        start = time.perf_counter()
        handle = self.session.add(layer)
        self.frame(0)
        first = 1e3 * (time.perf_counter() - start) - plain
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            name = row.name.replace(",", "").replace(" ", "_")
            vf.numpy_to_png(str(self.pictures / f"{name}.png"), self.session.render_rgba())
        added = []
        for turn in range(self.turns + 1):
            drawn = self.frame(turn)
            handle.remove()
            bare = self.frame(turn)
            handle = self.session.add(layer)
            added.append((drawn[0] - bare[0], drawn[1] - bare[1], bare[1]))
        handle.remove()
        processors, wall, bare_ms = (median(turn[at] for turn in added[1:]) for at in range(3))
        return {"cpu_ms": processors, "wall_ms": wall, "plain_ms": bare_ms, "first_ms": first}


def head(options: argparse.Namespace) -> list[str]:
    return [
        f"`python3 dev.py bench --vectors`: 1920 x 1080 over {options.size}², {options.samples} sample(s), {options.device}, added to "
        "the plain warm picture. Peers draw flat.",
        "",
        "| layer | at most, ms | added, ms | of processors | first picture, ms | matplotlib | datashader | GDAL |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]


def table_row(row: Row, found: dict[str, float], beside: dict[str, str]) -> str:
    peers = " | ".join(beside.get(name, "") for name in vector_peers.NAMES)
    return (
        f"| {row.name} | {row.limit_ms:.0f} | {found['wall_ms']:.0f} | {found['cpu_ms']:.0f} | {found['first_ms']:.0f} "
        f"(at most {5 * row.limit_ms:.0f}) | {peers} |"
    )


if __name__ == "__main__":
    main()
