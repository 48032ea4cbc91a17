"""``vf map``: a finished page."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf

from . import _options
from ._console import UsageError, show_json

_EPILOG = """examples:
  vf map dem.tif map.pdf --title "Mont Blanc" --graticule --inset
  vf map dem.tif map.svg --style swiss --scale 25000 --credit "Heights: SRTM"
  vf map dem.tif map.png --oblique -z 1.5 --paper A6 --dpi 100
  vf map dem.tif map.png --size 180x120 --levels 8 --colorbar "Metres above the sea" --scalebar km
"""


def _sides(text: str) -> tuple[float, float]:
    """WIDTHxHEIGHT in millimetres."""
    width, cross, height = text.lower().partition("x")
    if not cross:
        raise argparse.ArgumentTypeError(
            f"expected WIDTHxHEIGHT in millimetres such as 180x120, got {text!r}"
        )
    return _options.positive(width), _options.positive(height)


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "map",
        help="a page with frame, scale bar, colour bar and more: png, pdf or svg",
        description="Make a map of a DEM: a page from straight above, or oblique with --oblique.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument("output", metavar="OUTPUT", help=".png, .pdf (with reportlab) or .svg")
    _add_page(parser)
    _add_furniture(parser)
    parser.add_argument(
        "--oblique", action="store_true", help="from aside, in place of straight down"
    )
    _options.add_view(parser)
    _options.add_words(parser)
    _options.add_device(parser)
    parser.set_defaults(run=run, dpi=150.0)


def _add_page(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("page")
    group.add_argument("--paper", metavar="NAME", help="A4, A3, letter, ... (A4)")
    group.add_argument(
        "--size", type=_sides, metavar="WxH", help="of the page in millimetres, in place of --paper"
    )
    lying = group.add_mutually_exclusive_group()
    lying.add_argument("--landscape", action="store_true", default=None, help="the paper lies")
    lying.add_argument("--portrait", action="store_true", help="the paper stands")
    group.add_argument(
        "--scale",
        type=_options.positive,
        metavar="N",
        help="1 : N (as large as the page lets it be)",
    )
    group.add_argument(
        "--font", action="append", metavar="FILE", help="of all texts; may be given more than once"
    )


def _add_furniture(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("furniture")
    group.add_argument("--title", help="above the map")
    group.add_argument("--subtitle", help="beneath the title")
    group.add_argument("--credit", help="at the foot of the page")
    group.add_argument(
        "--colorbar", metavar="LABEL", help="text of the colour bar (Height, and the unit)"
    )
    group.add_argument("--no-colorbar", action="store_true", help="no colour bar")
    group.add_argument(
        "--scalebar", metavar="UNIT", help="metric, imperial, m, km, ft, mi or nmi (metric)"
    )
    group.add_argument("--no-scalebar", action="store_true", help="no scale bar")
    group.add_argument("--no-north", action="store_true", help="no north arrow")
    group.add_argument(
        "--graticule", nargs="?", type=_options.positive, const=True, default=False, metavar="DEG",
        help="meridians and parallels, so many degrees apart",
    )  # fmt: skip
    group.add_argument(
        "--inset",
        nargs="?",
        const=True,
        metavar="FILE",
        help="a globe with the place on it, and the file's outlines",
    )
    group.add_argument(
        "--style", metavar="NAME", help="swiss, imhof, usgs, brassel, vat or texture"
    )


def run(options: argparse.Namespace, prog: str) -> None:
    """Make it and write it."""
    for name in ("colorbar", "scalebar"):
        if getattr(options, name) is not None and getattr(options, f"no_{name}"):
            raise UsageError(f"expected --{name} or --no-{name}; got both; pass one")
    if options.no_north and options.north != "true":
        raise UsageError("expected --no-north or --north grid; got both; pass one")
    dem = _options.read(options)
    camera = None
    if options.oblique:
        camera = vf.Camera.fit(
            dem,
            options.view_azimuth,
            options.view_altitude,
            options.fov,
            vert_exag=options.vert_exag,
            north=options.north,
        )
    # Of what was not asked for a style decides; north and resolution are the page's.
    words = _options.words(options)
    words = {name: words[name] for name in words if name not in ("north", "dpi")}
    page = vf.map(
        dem,
        title=options.title,
        subtitle=options.subtitle,
        credit=options.credit,
        colorbar=False if options.no_colorbar else options.colorbar,
        scalebar=not options.no_scalebar and (options.scalebar or True),
        north=False if options.no_north else options.north,
        graticule=options.graticule,
        inset=options.inset,
        paper=options.paper,
        size=options.size,
        landscape=False if options.portrait else options.landscape,
        scale=options.scale,
        dpi=options.dpi,
        font=options.font,
        style=options.style,
        camera=camera,
        **words,
    )
    page.save(options.output)
    if options.json:
        show_json(
            {
                "output": options.output,
                "size_mm": list(page.size),
                "scale": page.scale,
                "boxes_mm": page.boxes,
                "bounds": page.image.bounds,
                "metrics": page.image.metrics,
            }
        )
