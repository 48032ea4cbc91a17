"""Two devices: the same picture on each device of the machine, and how far they differ."""

from __future__ import annotations

from typing import Any

import _common
import numpy as np
import vulkan_forge as vf


def main() -> None:
    """Draw on every usable device; where there is only one, open it twice."""
    output, _ = _common.arguments("two_devices", __doc__)
    dem = _common.island(side=257)
    usable = [device.index for device in vf.devices() if device.refused is None]
    if len(usable) == 1:
        print("only one device here: it is opened twice")
        usable *= 2

    renderers = [vf.Renderer(480, 300, device=index) for index in usable]
    pictures, reports = [], []
    for i, renderer in enumerate(renderers):
        renderer.add_terrain(dem.heights, spacing=dem.spacing, colormap="gist_earth")
        renderer.set_camera(vf.Camera.fit(dem.heights, spacing=dem.spacing))
        picture = renderer.render()
        picture.save(output / f"two_devices_{i}.png")
        pictures.append(picture.rgba.astype(int))
        reports.append({"device": renderer.info(), **picture.metrics})
        print(f"{i}: {renderer.info()}")

    metrics: dict[str, Any] = {"devices": reports, "versus_first": []}
    for i, picture_i in enumerate(pictures[1:], start=1):
        difference = np.abs(picture_i - pictures[0]).max(axis=2)
        share = float((difference <= 1).mean())
        print(f"{i} against 0: {100 * share:.3f} % of pixels within 1/255")
        metrics["versus_first"].append(
            {"device": i, "largest_difference": int(difference.max()), "share_within_1": share}
        )
    environment = {"devices": [renderer.report_environment() for renderer in renderers]}
    _common.write_reports(output, environment, metrics)


if __name__ == "__main__":
    main()
