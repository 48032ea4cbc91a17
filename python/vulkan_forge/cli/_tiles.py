"""``vf tiles``: map tiles of a DEM."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf

from . import _options
from ._console import UsageError, show_json

_EPILOG = """examples:
  vf tiles dem.tif relief.pmtiles
  vf tiles dem.tif relief.mbtiles --zooms 8-11 --cmap gist_earth --contours 100
  vf tiles dem.tif terrain --encoding terrarium
  vf tiles dem.tif polar --matrix WorldCRS84Quad --zooms 9
"""


def zooms(text: str) -> tuple[int, int]:
    """``9`` or ``8-11``."""
    first, dash, last = text.partition("-")
    if first.isdecimal() and (last.isdecimal() if dash else True):
        return int(first), int(last if dash else first)
    raise argparse.ArgumentTypeError(f"expected a zoom such as 9, or FIRST-LAST, got {text!r}")


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "tiles",
        help="map tiles: a folder, MBTiles or PMTiles",
        description="Draw a DEM as map tiles that fit each other, or hold its heights in them.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument(
        "output", metavar="OUTPUT", help="a name that ends in .mbtiles or .pmtiles, or a folder"
    )
    group = parser.add_argument_group("tiles")
    group.add_argument(
        "--zooms", type=zooms, metavar="N|FIRST-LAST", help="(up to the DEM's own cells)"
    )
    group.add_argument(
        "--encoding",
        choices=("png", "webp", "terrarium", "terrain-rgb"),
        default="png",
        help="pictures, or heights as colours (png)",
    )
    group.add_argument(
        "--matrix", default="WebMercatorQuad", metavar="NAME", help="(WebMercatorQuad)"
    )
    group.add_argument("--name", help="of the map (that of OUTPUT)")
    group.add_argument("--attribution", default="", help="what viewers show of the source")
    _options.add_light(parser)
    _options.add_picture(parser)
    _options.add_colours(parser)
    _options.add_scenery(parser)
    parser.add_argument(
        "--unlit", action="store_true", help="the colour map's own colours, no light"
    )
    _options.add_device(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Read, draw and write."""
    for name, usual in (
        ("base", False),
        ("haze", None),
        ("bad", None),
        ("drape", None),
        ("background", (1.0, 1.0, 1.0, 1.0)),
    ):
        if getattr(options, name) != usual:
            raise UsageError(
                f"--{name} expected a picture; got tiles, which have none; leave it out"
            )
    words: dict[str, Any] = {}
    if options.encoding in ("png", "webp"):
        names = (
            "cmap vmin vmax robust norm vcenter levels under over shading azimuth altitude time position sun_radius "
            "ambient_occlusion radius ambient exposure samples water contours vert_exag north"
        )
        words = {name: getattr(options, name) for name in names.split()}
        words |= {
            "lit": not options.unlit,
            "shadows": not options.no_shadows,
            "device": _options.device(options),
        }
    made = vf.tiles(
        _options.read(options),
        options.output,
        zooms=options.zooms,
        encoding=options.encoding,
        matrix=options.matrix,
        name=options.name,
        attribution=options.attribution,
        **words,
    )
    if options.json:
        show_json(
            {
                "output": options.output,
                "tiles": made.tiles,
                "zooms": list(made.zooms),
                "bounds": list(made.bounds),
            }
        )
