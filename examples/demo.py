"""The demo: a real DEM, oblique, with cast shadows, at 1920 x 1080.

The terrain is the Jacksboro fault in Tennessee: elevation by the USGS, from matplotlib's wheel.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import _common
import vulkan_forge as vf

EXAGGERATION = 3.0


def main() -> None:
    """Draw it, and say on what, how fast, and where to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=Path(__file__).resolve().parent.parent / "demo.png",
        help="the PNG to write",
    )
    parser.add_argument("--device", help='part of a device\'s name, "gpu" or "software"')
    parser.add_argument("--reports", type=Path, help="directory for env.json and metrics.json")
    options = parser.parse_args()
    dem = _common.jacksboro()

    start = time.perf_counter()
    renderer = vf.Renderer(1920, 1080, device=options.device)
    opened = time.perf_counter()
    renderer.add_terrain(dem.heights, dem.spacing, EXAGGERATION, "gist_earth")
    renderer.set_height_range(0, 1100)
    renderer.set_sun(elevation_deg=28, azimuth_deg=310)
    renderer.set_background((0.93, 0.95, 0.98, 1))
    renderer.set_camera(
        vf.Camera.fit(
            dem.heights, azimuth=160, altitude=32, spacing=dem.spacing, vert_exag=EXAGGERATION
        )
    )
    picture = renderer.render()
    drawn = time.perf_counter()
    picture.save(options.path)
    saved = time.perf_counter()

    print(renderer.info())
    print(f"device opened in {1e3 * (opened - start):.0f} ms")
    print(f"terrain uploaded and drawn in {1e3 * (drawn - opened):.0f} ms, of which:")
    for name, value in picture.metrics.items():
        if name.endswith("_ms") and value is not None:
            print(f"    {name:<12} {value:9.2f}")
    print(f"PNG written in {1e3 * (saved - drawn):.0f} ms")
    print(options.path.resolve())
    if options.reports is not None:
        options.reports.mkdir(parents=True, exist_ok=True)
        for name, report in (
            ("env.json", renderer.report_environment()),
            ("metrics.json", picture.metrics),
        ):
            (options.reports / name).write_text(json.dumps(report, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
