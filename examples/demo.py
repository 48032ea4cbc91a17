"""The demo: a real DEM, oblique, with cast shadows, at 1920 x 1080.

The terrain is the Jacksboro fault in Tennessee: elevation by the USGS, from matplotlib's wheel.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import _common
import numpy as np
import numpy.typing as npt
import vulkan_forge as vf

EXAGGERATION = 2.5
# A muted set of tints from the valleys' green to the crests' white, sRGB, at shares of the range.
TINTS = {
    0.00: (0.50, 0.62, 0.46),
    0.25: (0.73, 0.75, 0.55),
    0.45: (0.86, 0.80, 0.61),
    0.70: (0.76, 0.61, 0.45),
    0.85: (0.66, 0.52, 0.40),
    1.00: (0.95, 0.93, 0.89),
}


def tints() -> npt.NDArray[np.float64]:
    """Return the tints as a smooth table of 256 colours."""
    where = np.linspace(0, 1, 256)
    channels = np.array(list(TINTS.values())).T
    return np.stack([np.interp(where, list(TINTS), channel) for channel in channels], axis=1)


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
    renderer.add_terrain(dem.heights, dem.spacing, EXAGGERATION, tints())
    renderer.set_sun(elevation_deg=24, azimuth_deg=208)
    renderer.set_ambient(0.25)
    renderer.set_exposure(1.35)
    renderer.set_background((0.80, 0.87, 0.94, 1))
    renderer.set_camera(
        vf.Camera.orbit(target=(-1200, 600, 1200), distance=30_000, azimuth=118, altitude=28)
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
