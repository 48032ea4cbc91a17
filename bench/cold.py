"""Process start to a PNG on disk: `python cold.py floor|vulkan_forge|moderngl SIZE PNG [DEVICE]`.

`floor` is what no renderer can go below: Python, NumPy, Pillow, the DEM read, a white picture.
Pillow writes at compress_level=1 (its default takes four times as long); vulkan_forge uses its own
encoder. The parent takes the time, from before the process starts to its end.
"""

from __future__ import annotations

import sys
from argparse import Namespace

import dems
import world


def main(peer: str, size: int, target: str, device: str = "llvmpipe") -> None:
    import numpy as np

    dem = np.load(dems.path(size))
    if peer == "floor":
        picture = np.full((world.HEIGHT, world.WIDTH, 4), 255, np.uint8)
    elif peer == "vulkan_forge":
        from peers.vulkan_forge_ import VulkanForge

        ours = VulkanForge(Namespace(variant="plain", device=device))
        ours.open()
        ours.build(dem, np.load(dems.table_path()))
        ours.aim(world.azimuth_of(0))
        ours.renderer.render_png(target)
        return
    else:
        from peers.moderngl_ import ModernGL

        grid = ModernGL(Namespace(variant="full"))
        grid.open()
        grid.build(dem, np.load(dems.table_path()))
        picture = grid.frame(world.azimuth_of(0))
    from PIL import Image

    Image.fromarray(picture).save(target, compress_level=1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
