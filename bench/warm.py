"""A DEM in memory to its picture in a process that has drawn before. `python3 dev.py run python bench/warm.py`.

`vulkan_forge.render` copies, uploads and draws the DEM each time; only device and shaders are
there from a picture of another DEM. Wall seconds, the median of the calls.
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1024,4096,8192", help="samples a side of the DEMs")
    parser.add_argument("--calls", type=int, default=5, help="counted; one more warms up")
    parser.add_argument("--device", default="llvmpipe")
    options = parser.parse_args()
    sizes = options.sizes.split(",")
    here = Path(__file__).resolve().parent
    subprocess.run([sys.executable, "dems.py", *sizes], cwd=here, check=True)
    camera = vf.Camera.orbit(
        world.TARGET, world.DISTANCE_M, world.azimuth_of(0), world.ALTITUDE_DEG, world.FOV_DEG
    )
    for size in map(int, sizes):
        dem = np.load(dems.path(size))
        spacing = world.EXTENT_M / (size - 1)
        seconds = []
        for _ in range(options.calls + 1):
            start = time.perf_counter()
            vf.render(
                dem,
                size=(world.WIDTH, world.HEIGHT),
                camera=camera,
                spacing=(spacing, spacing),
                vert_exag=world.EXAGGERATION,
                samples=1,
                shadows=False,
                device=options.device,
            )
            seconds.append(time.perf_counter() - start)
        counted = seconds[1:]
        print(f"{size}²: {median(counted):.3f} s ({min(counted):.3f} to {max(counted):.3f})")


if __name__ == "__main__":
    main()
