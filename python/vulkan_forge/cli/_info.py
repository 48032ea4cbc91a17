"""``vf info``: what a DEM is."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import vulkan_forge as vf

from . import _options
from ._console import show_json

_EPILOG = """examples:
  vf info dem.tif
  vf info dem.tif --json
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "info",
        help="size, place, cell size in metres, range of heights",
        description="Tell size, coordinate system, bounds, cell size in metres, heights and holes of a DEM.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Read and tell."""
    dem = _options.read(options)
    least, greatest, mean, deviation = dem.stats()
    widths = dem.spacing_by_row[:, 0]
    report = {
        "file": options.input,
        "columns": dem.shape[1],
        "rows": dem.shape[0],
        "crs": None if dem.crs is None else str(dem.crs),
        "bounds": list(dem.bounds),
        "cell_m": list(dem.spacing),
        "cell_width_m_range": [float(widths.min()), float(widths.max())],
        "z_unit": dem.z_unit,
        "min": least,
        "max": greatest,
        "mean": mean,
        "std": deviation,
        "holes": int(np.isnan(dem.data).sum()) if isinstance(dem, vf.DEM) else None,
    }
    if options.json:
        show_json(report)
        return
    left, bottom, right, top = dem.bounds
    low, high = report["cell_width_m_range"]
    span = f" (widths {low:.6g} to {high:.6g})" if high > 1.0001 * low else ""
    print(
        f"{report['columns']} x {report['rows']} cells of {dem.spacing[0]:.6g} x {dem.spacing[1]:.6g} m{span}"
    )
    print(f"crs     {report['crs'] or 'none'}")
    print(f"bounds  {left:.10g} {bottom:.10g} {right:.10g} {top:.10g}  (left bottom right top)")
    print(f"heights {least:g} to {greatest:g} {dem.unit}, mean {mean:g}, deviation {deviation:g}")
    if report["holes"] is not None:
        print(f"holes   {report['holes']} of {dem.shape[0] * dem.shape[1]}")
