"""Colour maps of one's own: a list of colours, a table, a matplotlib Colormap."""

from __future__ import annotations

from typing import Any

import _common
import numpy as np
import vulkan_forge as vf
from matplotlib.colors import LinearSegmentedColormap


def main() -> None:
    """Draw one island in three sets of colours."""
    output, device = _common.arguments("custom_colormap", __doc__)
    dem = _common.island()

    ramp = np.linspace(0, 1, 256)
    cmaps: dict[str, Any] = {
        # four equal bands of height
        "list": ["#2d6a4f", "#95d5b2", "#e9c46a", "#f8f9fa"],
        # 256 entries of red, green, blue
        "table": np.stack([ramp, 0.4 + 0.5 * ramp, 1 - 0.6 * ramp], axis=1),
        # a smooth ramp between named colours, purple above vmax
        "matplotlib": LinearSegmentedColormap.from_list(
            "moor", ["darkolivegreen", "khaki", "sienna", "snow"]
        ).with_extremes(over="rebeccapurple"),
    }
    metrics = {}
    for name, cmap in cmaps.items():
        picture = vf.render(
            dem.heights,
            spacing=dem.spacing,
            size=(640, 480),
            cmap=cmap,
            vmin=0,
            vmax=1800,
            device=device,
        )
        picture.save(output / f"custom_colormap_{name}.png")
        metrics[name] = picture.metrics

    environment = vf.Renderer(1, 1, device=device).report_environment()
    _common.write_reports(output, environment, metrics)


if __name__ == "__main__":
    main()
