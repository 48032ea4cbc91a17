"""``vf tiles``: map tiles of a DEM."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf
from vulkan_forge._words import WORDS

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
    add_plan(group, "OUTPUT")
    group.add_argument(
        "--encoding",
        choices=("png", "webp", "terrarium", "terrain-rgb"),
        default="png",
        help="pictures, or heights as colours (png)",
    )
    group.add_argument(
        "--fill",
        type=_options.finite,
        metavar="METRES",
        help="height where there is no ground, for encodings of heights (transparent)",
    )
    _options.add_words(parser)
    _options.add_device(parser)
    parser.set_defaults(run=run)


def add_plan(group: Any, named: str) -> None:
    """What tiles have whether they are written or served; `named` is what the map's name is by default."""
    group.add_argument(
        "--zooms", type=zooms, metavar="N|FIRST-LAST", help="(up to the DEM's own cells)"
    )
    group.add_argument(
        "--matrix", default="WebMercatorQuad", metavar="NAME", help="(WebMercatorQuad)"
    )
    group.add_argument("--name", help=f"of the map (that of {named})")
    group.add_argument("--attribution", default="", help="what viewers show of the source")


def words_of_pictures(options: argparse.Namespace) -> dict[str, Any]:
    """Those of a picture that tiles take."""
    words = _options.words(options)
    for word in WORDS:
        if word.tiles and word.name in words:
            raise UsageError(f"tiles take no {word.name}; {word.tiles}; leave it out")
    return words


def run(options: argparse.Namespace, prog: str) -> None:
    """Read, draw and write."""
    words = words_of_pictures(options)
    if options.encoding not in ("png", "webp"):
        words.pop("device", None)  # heights need none
    made = vf.tiles(
        _options.read(options),
        options.output,
        zooms=options.zooms,
        encoding=options.encoding,
        matrix=options.matrix,
        name=options.name,
        attribution=options.attribution,
        fill=options.fill,
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
