"""A turntable: one terrain, uploaded once, seen from all around."""

from __future__ import annotations

import _common
import vulkan_forge as vf

FRAMES = 24


def main() -> None:
    """Draw the frames of one turn around a synthetic island."""
    output, device = _common.arguments("turntable", __doc__)
    dem = _common.island()

    renderer = vf.Renderer(480, 300, device=device)
    renderer.add_terrain(dem.heights, spacing=dem.spacing, colormap="gist_earth")
    renderer.set_height_range(-700, 2100)
    renderer.set_sun(elevation_deg=30, azimuth_deg=300)
    frames = []
    for i in range(FRAMES):
        renderer.set_camera(
            vf.Camera.orbit((0, 0, 600), 24_000, azimuth=360 * i / FRAMES, altitude=30)
        )
        picture = renderer.render()
        picture.save(output / f"turntable_{i:02d}.png")
        frames.append(picture.metrics)

    _common.write_reports(output, renderer.report_environment(), {"frames": frames})


if __name__ == "__main__":
    main()
