"""``vf poster``: a picture of any size, strip by strip into a file."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf

from . import _options, _render
from ._console import Bar, UsageError, show_json

_EPILOG = """examples:
  vf poster dem.tif wall.png --size 800x600 --contours 100
  vf poster dem.tif map.tif --map --scale 4
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "poster",
        help="a picture larger than memory: .png, or .tif with --map",
        description="Draw a DEM as `render` does, strip by strip into a file, in bounded memory.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument("output", metavar="OUTPUT", help=".png; with --map also .tif")
    sizes = parser.add_argument_group("size")
    sizes.add_argument(
        "--size",
        type=_options.size,
        metavar="WxH",
        help="pixels (30000x20000; with --map the DEM's)",
    )
    sizes.add_argument(
        "--scale", type=_options.positive, help="pixels for each cell, in place of --size"
    )
    _render.add_words(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Draw and write."""
    if options.size and options.scale:
        raise UsageError("expected --size or --scale; got both; pass one")
    if not options.map and (
        options.world_file or options.output.lower().endswith((".tif", ".tiff"))
    ):
        raise UsageError("a place on a map expected a map; got an oblique view; add --map")
    dem = _options.read(options)
    if not (options.map or options.scale or options.size):
        options.size = (30000, 20000)
    size = _render.size_of(options, dem)
    with Bar("rows") as bar:
        vf.poster(
            dem,
            options.output,
            size,
            world_file=options.world_file,
            progress=bar,
            **_render.words(options, dem),
        )
    if options.json:
        show_json({"output": options.output, "size": list(size)})
