"""vulkan_forge through its Renderer. Variants: plain, shadows, samples4."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

import world

if TYPE_CHECKING:
    import numpy as np


class VulkanForge:
    def __init__(self, options: Namespace) -> None:
        import vulkan_forge

        self.vf = vulkan_forge
        self.device_name = options.device
        self.shadows = options.variant == "shadows"
        self.samples = 4 if options.variant == "samples4" else 1

    def open(self) -> None:
        self.renderer = self.vf.Renderer(
            world.WIDTH,
            world.HEIGHT,
            device=self.device_name,
            prefer_software=self.device_name != "gpu",
        )

    def build(self, dem: np.ndarray, table: np.ndarray) -> None:
        spacing = world.EXTENT_M / (dem.shape[0] - 1)
        self.renderer.add_terrain(dem, (spacing, spacing), world.EXAGGERATION, "terrain")
        self.renderer.upload_height_r32f()
        self.renderer.set_sun(world.SUN_ALTITUDE_DEG, world.SUN_AZIMUTH_DEG)
        self.renderer.set_ambient(world.AMBIENT)
        self.renderer.set_background((*(byte / 255.0 for byte in world.BACKGROUND), 1.0))
        self.renderer.set_shadows(self.shadows)
        self.renderer.set_samples(self.samples)

    def aim(self, azimuth_deg: float) -> None:
        camera = self.vf.Camera.orbit(
            world.TARGET, world.DISTANCE_M, azimuth_deg, world.ALTITUDE_DEG, world.FOV_DEG
        )
        self.renderer.set_camera(camera)

    def frame(self, azimuth_deg: float) -> np.ndarray:
        self.aim(azimuth_deg)
        return self.renderer.render_rgba()

    def device(self) -> str:
        return f"vulkan_forge {self.vf.__version__}: {self.renderer.info()}"


if __name__ == "__main__":
    import harness

    harness.main(VulkanForge, ("plain", "shadows", "samples4"))
