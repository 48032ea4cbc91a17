"""PyVista (VTK) off screen, as its documentation draws a surface: every sample, no shadows.

What PyVista offers is left at its cheapest: flat-shaded StructuredGrid, no antialiasing, no
scalar bar, clipping range given instead of searched, one render a frame, RGB read-back.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

import world

if TYPE_CHECKING:
    import numpy as np


class PyVista:
    def __init__(self, _options: Namespace) -> None:
        import pyvista

        self.pv = pyvista
        self.first = True

    def open(self) -> None:
        self.plotter = self.pv.Plotter(
            off_screen=True, window_size=(world.WIDTH, world.HEIGHT), lighting="none"
        )
        self.plotter.disable_anti_aliasing()
        self.plotter.set_background([byte / 255.0 for byte in world.BACKGROUND])
        sun = self.pv.Light(light_type="scene light", positional=False)
        sun.focal_point = (0.0, 0.0, 0.0)
        sun.position = world.bearing(world.SUN_AZIMUTH_DEG, world.SUN_ALTITUDE_DEG)
        self.plotter.add_light(sun)

    def build(self, dem: np.ndarray, table: np.ndarray) -> None:
        import numpy as np

        half = world.EXTENT_M / 2.0
        x = np.linspace(-half, half, dem.shape[1], dtype=np.float32)
        y = np.linspace(half, -half, dem.shape[0], dtype=np.float32)
        # VTK's first axis runs fastest: transposed views give the samples row by row
        grid = self.pv.StructuredGrid(
            np.broadcast_to(x[:, None, None], (x.size, y.size, 1)),
            np.broadcast_to(y[None, :, None], (x.size, y.size, 1)),
            (dem.T * np.float32(world.EXAGGERATION))[:, :, None],
        )
        grid["height"] = dem.ravel()
        alpha = np.full((256, 1), 255, np.uint8)
        low, high = float(dem.min()), float(dem.max())
        colours = self.pv.LookupTable(values=np.hstack([table, alpha]), scalar_range=(low, high))
        self.plotter.add_mesh(
            grid,
            scalars="height",
            cmap=colours,
            clim=(low, high),
            ambient=world.AMBIENT,
            diffuse=1.0 - world.AMBIENT,
            specular=0.0,
            show_scalar_bar=False,
            reset_camera=False,
            copy_mesh=False,
        )
        self.plotter.camera.view_angle = world.FOV_DEG
        self.plotter.camera.focal_point = world.TARGET
        self.plotter.camera.up = (0.0, 0.0, 1.0)
        self.plotter.camera_set = True

    def frame(self, azimuth_deg: float) -> np.ndarray:
        self.plotter.camera.position = world.eye(azimuth_deg)
        self.plotter.camera.clipping_range = (world.NEAR_M, world.FAR_M)
        if self.first:  # render() waits for show() or for this
            self.first = False
            return self.plotter.screenshot(return_img=True)
        self.plotter.render()
        return self.plotter.image

    def device(self) -> str:
        for line in self.plotter.render_window.ReportCapabilities().splitlines():
            if "renderer string" in line:
                return f"PyVista {self.pv.__version__}: {line.split(':', 1)[1].strip()}"
        return f"PyVista {self.pv.__version__}"


if __name__ == "__main__":
    import harness

    harness.main(PyVista, ("structured",))
