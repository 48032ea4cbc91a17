"""A map: straight down, one pixel for each cell, with and without light."""

from __future__ import annotations

import _common
import matplotlib
import numpy as np
import vulkan_forge as vf


def main() -> None:
    """Draw a real DEM as a shaded map, and check the unlit one against matplotlib."""
    output, device = _common.arguments("nadir_map", __doc__)
    dem = _common.jacksboro()
    rows, columns = dem.heights.shape

    def draw(lit: bool) -> vf.Image:
        return vf.render(
            dem.heights,
            spacing=dem.spacing,
            size=(columns, rows),
            camera=vf.Camera.map(),
            vert_exag=4,
            cmap="gist_earth",
            lit=lit,
            samples=1,
            device=device,
        )

    shaded, flat = draw(lit=True), draw(lit=False)
    shaded.save(output / "nadir_map.png")
    flat.save(output / "nadir_map_unlit.png")

    least, greatest = dem.heights.min(), dem.heights.max()
    expected = matplotlib.colormaps["gist_earth"](
        (dem.heights - least) / (greatest - least), bytes=True
    )
    difference = np.abs(flat.rgba.astype(int) - expected).max(axis=2)
    metrics = {
        "shaded": shaded.metrics,
        "unlit": flat.metrics,
        "unlit_versus_matplotlib": {
            "largest_difference": int(difference.max()),
            "share_within_1": float((difference <= 1).mean()),
        },
    }
    environment = vf.Renderer(1, 1, device=device).report_environment()
    _common.write_reports(output, environment, metrics)


if __name__ == "__main__":
    main()
