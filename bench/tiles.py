"""Tiles a second beside gdal2tiles on GDAL's own hillshade of the same DEM: ``python bench/tiles.py [CELLS]``.

Needs gdal-bin and python3-gdal (gdaldem, gdal2tiles.py). Both make all zooms from the DEM's own to one tile, as PNG in a
folder, on all cores, grey and lit from the north-west; gdaldem's time counts too, and each side's first run of a process.
What ours has and the other has not are cast shadows and light in metres on the ground.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import vulkan_forge as vf


def dem(cells: int) -> vf.DEM:
    """Ridges of many sizes, 30 m cells in UTM 11 north."""
    y, x = np.mgrid[0:cells, 0:cells].astype(np.float32)
    heights = np.zeros((cells, cells), np.float32)
    draw = np.random.default_rng(0)
    for octave in range(8):
        length = 600 / 1.8**octave
        angle, phase = draw.uniform(0, 2 * np.pi, 2)
        ridge = np.abs(np.sin((x * np.cos(angle) + y * np.sin(angle)) / length + phase))
        heights += (1 - ridge) * np.float32(length)
    return vf.DEM(heights, transform=(30, 0, 4e5, 0, -30, 3.8e6), crs="EPSG:32611")


def counted(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*/*/*.png"))


def processor_seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main(cells: int) -> None:
    for tool in ("gdaldem", "gdal2tiles.py"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed; on Debian: apt install gdal-bin python3-gdal")
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        dem(cells).save(room / "dem.tif")
        started, used = time.perf_counter(), processor_seconds(resource.RUSAGE_SELF)
        made = vf.tiles(room / "dem.tif", room / "ours", samples=1, cmap=["#ffffff", "#ffffff"])
        ours = made.tiles / (time.perf_counter() - started)
        used = processor_seconds(resource.RUSAGE_SELF) - used
        print(
            f"vf.tiles, zooms {made.zooms}: {made.tiles} tiles, {ours:.1f} a second, {used:.1f} processor s"
        )
        started, used = time.perf_counter(), processor_seconds(resource.RUSAGE_CHILDREN)
        words = "hillshade -q -compute_edges dem.tif shade.tif"
        subprocess.run(["gdaldem", *words.split()], cwd=room, check=True)
        zooms = f"{made.zooms[0]}-{made.zooms[1]}"
        words = (
            f"-q --xyz -w none -r bilinear --processes={os.cpu_count()} -z {zooms} shade.tif theirs"
        )
        subprocess.run(["gdal2tiles.py", *words.split()], cwd=room, check=True)
        count = counted(room / "theirs")
        theirs = count / (time.perf_counter() - started)
        used = processor_seconds(resource.RUSAGE_CHILDREN) - used
        print(
            f"gdaldem and gdal2tiles: {count} tiles, {theirs:.1f} a second, {used:.1f} processor s"
        )
        print(f"vf.tiles makes {ours / theirs:.2f} times as many a second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
