"""``vf turntable``: once round a DEM, as a film."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf

from . import _films, _options

_EPILOG = """examples:
  vf turntable dem.tif turn.mp4 --frames 4 --size 320x180
  vf turntable dem.tif turn.gif --frames 4 --size 160x90 --fps 10
  vf turntable dem.tif turn_%03d.png --frames 4 --size 320x180 -z 2
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "turntable",
        help="once round the DEM: .mp4, .webm, .gif, or pictures",
        description="Turn a camera once round a DEM. Videos need the extra 'video'.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument("output", metavar="OUTPUT", help=_films.OUTPUT)
    group = parser.add_argument_group("film")
    group.add_argument(
        "--frames", type=_options.count, default=180, help="pictures once round (180)"
    )
    group.add_argument(
        "--start", type=_options.finite, default=180.0, metavar="DEG", help="first bearing (180)"
    )
    _films.add_film(group)
    _options.add_view(parser, turning=True)
    _options.add_words(parser)
    _options.add_device(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Draw and write."""
    _films.check(options, "turn")
    dem = _options.read(options)
    path = vf.Path.orbit(
        dem,
        duration=options.frames / options.fps,
        start=options.start,
        altitude=options.view_altitude,
        fov=options.fov,
        vert_exag=options.vert_exag,
        north=options.north,
    )
    _films.draw(options, dem, path)
