"""``vf fly``: along a line over a DEM, as a film."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf

from . import _films, _options

_EPILOG = """examples:
  vf fly dem.tif --along track.gpx out.mp4 --size 320x180 --fps 5
  vf fly dem.tif --along track.gpx frames/ --size 160x90 --fps 2 --background sky
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "fly",
        help="along a track over the DEM: .mp4, .webm, .gif, or pictures",
        description="Fly a camera along a line over a DEM. Videos need the extra 'video'.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument("output", metavar="OUTPUT", help=_films.OUTPUT)
    group = parser.add_argument_group("flight")
    group.add_argument(
        "--along", required=True, metavar="FILE", help="a GPX file, or one of lines that GDAL reads"
    )
    group.add_argument(
        "--height", type=_options.positive, default=500.0, metavar="M", help="above ground (500)"
    )
    group.add_argument(
        "--speed", type=_options.positive, default=250.0, metavar="M", help="metres a second (250)"
    )
    group.add_argument(
        "--pitch", type=_options.finite, default=-15.0, metavar="DEG", help="of the look (-15)"
    )
    group.add_argument(
        "--fov", type=_options.positive, default=60.0, metavar="DEG", help="field of view (60)"
    )
    group.add_argument(
        "--smooth",
        type=_options.finite,
        default=2.0,
        metavar="S",
        help="seconds over which the way is evened out (2)",
    )
    _films.add_film(parser.add_argument_group("film"))
    _options.add_words(parser)
    _options.add_device(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Draw and write."""
    _films.check(options, "fly")
    dem = _options.read(options)
    path = vf.Path.fly(
        options.along,
        options.height,
        options.speed,
        dem=dem,
        pitch=options.pitch,
        fov=options.fov,
        smooth=options.smooth,
        vert_exag=options.vert_exag,
    )
    _films.draw(options, dem, path)
