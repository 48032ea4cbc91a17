"""What the examples share: arguments, elevation data, and the files beside a picture."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt


class Dem(NamedTuple):
    """Heights in metres with their cell size."""

    heights: npt.NDArray[np.float32]
    """(H, W), row 0 north."""
    spacing: tuple[float, float]
    """(dx, dy) in metres."""


class Arguments(NamedTuple):
    """What every example takes from its command line."""

    output: Path
    device: str | None


def arguments(name: str, summary: str | None) -> Arguments:
    """Read ``[output] [--device D]``; the output directory is made."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument(
        "output", nargs="?", type=Path, default=Path("out") / name, help="directory to write into"
    )
    parser.add_argument(
        "--device",
        help='part of a device\'s name, "gpu" or "software"; by default the best there is',
    )
    parsed = parser.parse_args()
    output: Path = parsed.output
    output.mkdir(parents=True, exist_ok=True)
    return Arguments(output, parsed.device)


def write_reports(output: Path, environment: dict[str, Any], metrics: dict[str, Any]) -> None:
    """Write env.json and metrics.json, and say where everything is."""
    for name, report in (("env.json", environment), ("metrics.json", metrics)):
        text = json.dumps(report, indent=2, sort_keys=True) + "\n"
        (output / name).write_text(text, encoding="utf-8")
    print(f"written to {output.resolve()}")


def jacksboro() -> Dem:
    """Return the USGS DEM of the Jacksboro fault in Tennessee, 344 x 403, from matplotlib."""
    from matplotlib.cbook import get_sample_data

    with cast("Any", get_sample_data("jacksboro_fault_dem.npz")) as data:
        heights = data["elevation"].astype(np.float32)
        step = float(data["dx"]), float(data["dy"])
        latitude = math.radians((float(data["ymin"]) + float(data["ymax"])) / 2)
    return Dem(heights, degrees_to_metres(step, latitude))


def degrees_to_metres(step: tuple[float, float], latitude: float) -> tuple[float, float]:
    """Return the lengths of steps east and north (degrees) at a latitude (radians).

    Arcs of the WGS 84 ellipsoid as a series in the latitude, good to centimetres in a degree; the
    formula of the US National Geospatial-Intelligence Agency's length-of-a-degree calculator.
    """
    east = (
        111412.84 * math.cos(latitude)
        - 93.5 * math.cos(3 * latitude)
        + 0.118 * math.cos(5 * latitude)
    )
    north = (
        111132.92
        - 559.82 * math.cos(2 * latitude)
        + 1.175 * math.cos(4 * latitude)
        - 0.0023 * math.cos(6 * latitude)
    )
    return step[0] * east, step[1] * north


def island(side: int = 513, seed: int = 3) -> Dem:
    """Make a fractal island of side x side samples, 30 m apart; the sea around it is NaN."""
    random = np.random.default_rng(seed)
    wave = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    wave[0, 0] = np.inf  # no constant part
    phase = random.uniform(0, 2 * np.pi, wave.shape)
    rough = np.fft.irfft2(np.exp(1j * phase) / wave**2, s=(side, side))
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    envelope = np.exp(-1.5 * (x**2 + y**2))
    heights = 2000 * (envelope * (0.75 + 0.38 * rough / rough.std()) - 0.16)
    heights[heights < 0] = np.nan
    return Dem(heights.astype(np.float32), (30.0, 30.0))
