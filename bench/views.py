"""Frames of a 4096 x 4096 DEM from other places than the benchmark's. `python3 dev.py run python bench/views.py`.

Holes, a DEM that is not square, straight down, a map, grazing, and from inside; wall milliseconds
with and without shadows, medians of pictures from one place, as a table for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import dems
import numpy as np
import vulkan_forge as vf
import world

SIZE = 4096
BACKGROUND = (1.0, 1.0, 1.0, 0.0)  # see-through, so that ground can be counted


def orbit(distance: float, altitude: float) -> vf.Camera:
    return vf.Camera.orbit(world.TARGET, distance, world.START_AZIMUTH_DEG, altitude, world.FOV_DEG)


def views(dem: np.ndarray) -> dict[str, tuple[np.ndarray, vf.Camera]]:
    holes = dem.copy()
    holes[1000:1500, 800:2600] = np.nan
    holes[np.random.default_rng(1).random(dem.shape) < 1e-4] = np.nan
    oblong = np.ascontiguousarray(np.vstack([dem, dem[::-1]])[:5000, :3001])
    eye = float(dem[SIZE // 2, SIZE // 2]) * world.EXAGGERATION + 60.0
    return {
        "the benchmark's": (dem, orbit(world.DISTANCE_M, world.ALTITUDE_DEG)),
        "with holes, a large one and 1 in 10,000 samples": (
            holes,
            orbit(world.DISTANCE_M, world.ALTITUDE_DEG),
        ),
        "5000 x 3001 samples": (oblong, orbit(42_000.0, world.ALTITUDE_DEG)),
        "straight down": (dem, orbit(52_000.0, 90.0)),
        "a map, one pixel for 14 m": (dem, vf.Camera.map((-13500, -7600, 13500, 7600))),
        "from 4 degrees above the horizon": (dem, orbit(30_000.0, 4.0)),
        "inside, above the peaks": (
            dem,
            vf.Camera.look_at((-9000, -9000, 6500), (3000, 3000, 1000), fov=50),
        ),
        "inside, 60 m above the ground": (
            dem,
            vf.Camera.look_at((0, 0, eye), (9000, 9000, eye + 400), fov=60),
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=6, help="counted; two more warm up")
    parser.add_argument("--device", default="llvmpipe")
    options = parser.parse_args()
    here = Path(__file__).resolve().parent
    subprocess.run([sys.executable, "dems.py", str(SIZE)], cwd=here, check=True)
    spacing = world.EXTENT_M / (SIZE - 1)
    print("| view | ground in the picture | plain, ms | shadows, ms |")
    print("| --- | ---: | ---: | ---: |")
    for name, (dem, camera) in views(np.load(dems.path(SIZE))).items():
        renderer = vf.Renderer(world.WIDTH, world.HEIGHT, device=options.device)
        renderer.add_terrain(dem, (spacing, spacing), world.EXAGGERATION, "terrain")
        renderer.set_samples(1)
        renderer.set_background(BACKGROUND)
        renderer.set_camera(camera)
        renderer.set_sun(world.SUN_ALTITUDE_DEG, world.SUN_AZIMUTH_DEG)
        cells = []
        for shadows in (False, True):
            renderer.set_shadows(shadows)
            milliseconds = []
            for _ in range(options.frames + 2):
                start = time.perf_counter()
                picture = renderer.render_rgba()
                milliseconds.append(1e3 * (time.perf_counter() - start))
            cells.append(f"{median(milliseconds[2:]):.0f}")
        ground = (picture[..., 3] > 0).mean()
        print(f"| {name} | {100 * ground:.0f} % | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
