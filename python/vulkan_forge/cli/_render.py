"""``vf render``: a picture of a DEM."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf

from . import _options
from ._console import UsageError, check_standard_output, show_json, write_bytes

_EPILOG = """examples:
  vf render dem.tif out.png
  vf render dem.tif out.png --base --water 0 --contours 100 --background sky
  vf render dem.tif out.png --size 1280x720 -z 1.5 -az 300 -alt 25 --cmap gist_earth
  vf render dem.tif noon.png --time 2026-06-21T12:00+02:00 --sun-radius 1 --ambient-occlusion
  vf render dem.tif bands.png --robust --levels 8 --cmap gist_earth --bad grey
  vf render dem.tif named.png --labels places.geojson:name,size=11pt,priority=population
  vf render dem.tif track.png --layer "track.gpx|layername=tracks:color=red,width=2pt" --layer places.geojson:size=8pt
  vf render dem.tif map.tif --map --scale 2
  vf render dem.tif map.png --map --world-file --unlit
  vf render dem.tif - --size 320x180 --background transparent > out.png
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "render",
        help="a picture: oblique, or straight down with --map",
        description="Draw a DEM: oblique from --view-azimuth and --view-altitude, or straight down with --map.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument(
        "output", metavar="OUTPUT", help=".png; with --map also .tif; - for standard output"
    )
    sizes = parser.add_argument_group("size")
    sizes.add_argument(
        "--size", type=_options.size, metavar="WxH", help="pixels (1920x1080; with --map the DEM's)"
    )
    sizes.add_argument(
        "--scale", type=_options.positive, help="pixels for each cell, in place of --size"
    )
    add_words(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Draw and write."""
    if options.size and options.scale:
        raise UsageError("expected --size or --scale; got both; pass one")
    if options.world_file and (not options.map or options.output == "-"):
        raise UsageError(
            "--world-file expected a map in a file; got none; add --map and a file name"
        )
    if options.output.lower().endswith((".tif", ".tiff")) and not options.map:
        raise UsageError(
            "a GeoTIFF expected a map; got an oblique view; add --map, or write a .png"
        )
    check_standard_output(options.output, options.json)
    dem = _options.read(options)
    picture = vf.render(dem, size=size_of(options, dem), **words(options, dem))
    if options.output == "-":
        write_bytes(picture._repr_png_())
        return
    picture.save(options.output, world_file=options.world_file)
    if options.json:
        show_json(
            {
                "output": options.output,
                "size": list(picture.size),
                "crs": None if picture.crs is None else str(picture.crs),
                "bounds": picture.bounds,
                "spacing_m": dem.spacing,
                "metrics": picture.metrics,
            }
        )


def size_of(options: argparse.Namespace, dem: vf.DEM | vf.LargeDEM) -> tuple[int, int]:
    """Width and height of the picture."""
    rows, columns = dem.shape
    if options.scale:
        return max(1, round(columns * options.scale)), max(1, round(rows * options.scale))
    return options.size or ((columns, rows) if options.map else (1920, 1080))


def words(options: argparse.Namespace, dem: vf.DEM | vf.LargeDEM) -> dict[str, Any]:
    """Words of ``render``."""
    if options.map:
        camera = vf.Camera.map()
    else:
        camera = vf.Camera.fit(
            dem,
            options.view_azimuth,
            options.view_altitude,
            options.fov,
            vert_exag=options.vert_exag,
            north=options.north,
        )
    return {"camera": camera} | _options.words(options)


def add_words(parser: argparse.ArgumentParser) -> None:
    """Options for the words of ``render``."""
    _options.add_view(parser)
    parser.add_argument(
        "--map", action="store_true", help="straight down, north up, each cell one pixel"
    )
    _options.add_words(parser)
    parser.add_argument(
        "--world-file", action="store_true", help="put a .pgw and .aux.xml beside the PNG (--map)"
    )
    _options.add_device(parser)
