"""Options that several commands share, and what they make of them."""

from __future__ import annotations

import argparse
import math
from typing import Any

import vulkan_forge as vf
from vulkan_forge._colours import parse_colour

from ._console import UsageError


def size(text: str) -> tuple[int, int]:
    """WIDTHxHEIGHT in pixels."""
    width, cross, height = text.lower().partition("x")
    if cross and width.isdecimal() and height.isdecimal() and int(width) > 0 and int(height) > 0:
        return int(width), int(height)
    raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT such as 1920x1080, got {text!r}")


def finite(text: str) -> float:
    """A finite number."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
    return number


def positive(text: str) -> float:
    """A number above 0."""
    number = finite(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number


def count(text: str) -> int:
    """A whole number of at least 1."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")


def four(text: str) -> tuple[float, ...]:
    """LEFT,BOTTOM,RIGHT,TOP."""
    numbers = tuple(finite(part) for part in text.split(","))
    if len(numbers) != 4:
        raise argparse.ArgumentTypeError(f"expected LEFT,BOTTOM,RIGHT,TOP, got {text!r}")
    return numbers


def spacing(text: str) -> tuple[float, float]:
    """Metres, or DX,DY in metres."""
    numbers = tuple(positive(part) for part in text.split(","))
    if len(numbers) not in (1, 2):
        raise argparse.ArgumentTypeError(f"expected METRES or DX,DY, got {text!r}")
    return numbers[0], numbers[-1]


def place(text: str) -> tuple[float, ...]:
    """LATITUDE,LONGITUDE."""
    numbers = tuple(finite(part) for part in text.split(","))
    if len(numbers) != 2:
        raise argparse.ArgumentTypeError(f"expected LATITUDE,LONGITUDE, got {text!r}")
    return numbers


def overview(text: str) -> int | str:
    """A factor, or "auto"."""
    return text if text == "auto" else count(text)


def background(text: str) -> str | tuple[float, ...]:
    """A colour in hex or by name, "transparent" or "sky"."""
    if text in ("transparent", "sky"):
        return text
    try:
        return parse_colour(text, "background")
    except vf.InvalidInputError:
        raise argparse.ArgumentTypeError(
            f"expected #rrggbb, #rrggbbaa, a colour's name, transparent or sky, got {text!r}"
        ) from None


def add_input(parser: argparse.ArgumentParser) -> None:
    """What to read, and how to understand it."""
    parser.add_argument("input", metavar="INPUT", help="a DEM: GeoTIFF or what else GDAL reads")
    group = parser.add_argument_group("the DEM")
    group.add_argument("-b", "--band", type=count, default=1, help="band of the file (1)")
    group.add_argument(
        "--bounds", type=four, metavar="L,B,R,T", help="part to read, in coordinates"
    )
    group.add_argument(
        "--overview",
        type=overview,
        metavar="N|auto",
        help="thin by this factor; auto: to 4096 cells",
    )
    group.add_argument("--nodata", type=finite, help="height that marks missing cells")
    group.add_argument("--crs", help="coordinate system, in place of the file's")
    group.add_argument(
        "--z-unit", metavar="UNIT", help="unit of heights: m, ft, 'US survey foot', ..."
    )
    group.add_argument("--spacing", type=spacing, metavar="M|DX,DY", help="cell size in metres")
    group.add_argument(
        "-s",
        dest="ratio",
        type=positive,
        metavar="RATIO",
        help="vertical units in a horizontal one, as in gdaldem",
    )


def read(options: argparse.Namespace) -> vf.DEM:
    """The DEM that the options name."""
    if options.ratio is not None and options.spacing is not None:
        raise UsageError("expected -s or --spacing; got both; pass one")
    dem = vf.open(
        options.input,
        band=options.band,
        bounds=options.bounds,
        overview=options.overview,
        nodata=options.nodata,
        crs=options.crs,
        z_unit=options.z_unit,
        spacing=options.spacing if options.ratio is None else (1.0, 1.0),
    )
    if options.ratio is None:
        return dem
    dx, dy = dem._grid.cell
    # gdaldem's -s compares heights as they are with cells times the ratio.
    factor = options.ratio * dem.z_factor
    return vf.as_dem(dem, spacing=(dx * factor, dy * factor))


def add_light(parser: argparse.ArgumentParser) -> None:
    """Where the sun stands, and how high heights are drawn."""
    group = parser.add_argument_group("light")
    group.add_argument(
        "-az",
        "--azimuth",
        type=finite,
        default=315.0,
        metavar="DEG",
        help="bearing of the sun, from north (315)",
    )
    group.add_argument(
        "-alt",
        "--altitude",
        type=finite,
        default=45.0,
        metavar="DEG",
        help="height of the sun (45)",
    )
    add_north(group)
    group.add_argument(
        "--time", metavar="ISO8601", help="of the sun, in place of -az and -alt; UTC without a zone"
    )
    group.add_argument(
        "--position",
        type=place,
        metavar="LAT,LON",
        help="for --time, in degrees (the middle of the DEM)",
    )
    group.add_argument(
        "--sun-radius",
        type=finite,
        default=0.0,
        metavar="DEG",
        help="of its disc, for soft shadows (0)",
    )
    group.add_argument(
        "--ambient-occlusion",
        action="store_true",
        help="less ambient light where less of the sky is seen",
    )
    group.add_argument("--radius", type=positive, metavar="M", help="how far that looks, in metres")
    add_exaggeration(group)


def add_north(group: Any) -> None:
    """From which north a bearing counts."""
    group.add_argument(
        "--north",
        choices=("true", "grid"),
        default="true",
        help="bearings from true north, or from that of the grid as in gdaldem (true)",
    )


def add_exaggeration(group: Any) -> None:
    """How high heights are drawn."""
    group.add_argument(
        "-z",
        "--vert-exag",
        type=positive,
        default=1.0,
        metavar="FACTOR",
        help="factor on heights (1)",
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """On what, and what is said about it."""
    group = parser.add_argument_group("device and report")
    group.add_argument("--device", help="index, part of a name, gpu or software")
    group.add_argument("--json", action="store_true", help="a report on standard output")


def device(options: argparse.Namespace) -> int | str | None:
    """For ``device=``."""
    name: str | None = options.device
    return int(name) if name is not None and name.isdecimal() else name


def add_picture(parser: argparse.ArgumentParser) -> None:
    """Colours and quality."""
    group = parser.add_argument_group("picture")
    group.add_argument("--cmap", default="terrain", help="colour map (terrain)")
    group.add_argument("--vmin", type=finite, help="height of the first colour")
    group.add_argument("--vmax", type=finite, help="height of the last colour")
    group.add_argument(
        "--ambient", type=finite, default=0.35, help="share of light everywhere, 0..1 (0.35)"
    )
    group.add_argument("--exposure", type=positive, default=1.0, help="factor on light (1)")
    group.add_argument("--no-shadows", action="store_true", help="terrain casts no shadows")
    group.add_argument(
        "--background",
        type=background,
        default=(1.0, 1.0, 1.0, 1.0),
        metavar="#RRGGBB",
        help="or a name, transparent, sky (#ffffff)",
    )
    group.add_argument(
        "--samples", type=int, choices=(1, 2, 4, 8, 16), default=4, help="rays for each pixel (4)"
    )
    group.add_argument(
        "--detail",
        choices=("auto", "exact"),
        default="auto",
        help="cells no larger than a pixel: as a whole, or patch by patch (auto)",
    )
    group.add_argument(
        "--normals",
        choices=("smooth", "patch"),
        default="smooth",
        help="what light falls on where cells are large (smooth)",
    )


def levels(text: str) -> int | list[float]:
    """``8`` or ``0,200,500``."""
    if "," not in text:
        return count(text)
    return [finite(part) for part in text.split(",")]


def add_colours(parser: argparse.ArgumentParser) -> None:
    """How heights become colours, and what lies on them."""
    group = parser.add_argument_group("colours")
    group.add_argument(
        "--robust", action="store_true", help="colours for the 2nd to 98th percentile of heights"
    )
    group.add_argument(
        "--norm", choices=("linear", "log", "symlog", "power"), help="how heights spread over them"
    )
    group.add_argument("--vcenter", type=finite, help="height of the colour map's middle")
    group.add_argument(
        "--levels", type=levels, metavar="N|A,B,...", help="one colour between each two heights"
    )
    group.add_argument("--under", metavar="#RRGGBB", help="colour of ground below the range")
    group.add_argument("--over", metavar="#RRGGBB", help="colour of ground above the range")
    group.add_argument("--bad", metavar="#RRGGBB", help="paint holes in this colour")
    group.add_argument("--drape", metavar="IMAGE", help="an image to lay on the ground")
    group.add_argument(
        "--drape-blend",
        choices=("normal", "multiply", "overlay", "soft light"),
        default="normal",
        help="how it goes with the colours (normal)",
    )
    group.add_argument("--drape-opacity", type=finite, default=1.0, help="of the image, 0..1 (1)")
    group.add_argument(
        "--shading",
        choices=("multiply", "overlay", "soft light"),
        default="multiply",
        help="how light goes with colour (multiply)",
    )


def drape(options: argparse.Namespace) -> vf.Drape | None:
    """The image that was named."""
    if options.drape is None:
        return None
    return vf.Drape(options.drape, opacity=options.drape_opacity, blend=options.drape_blend)


def add_scenery(parser: argparse.ArgumentParser) -> None:
    """What is drawn beside the bare ground."""
    group = parser.add_argument_group("scenery")
    group.add_argument("--base", action="store_true", help="a solid block under the ground")
    group.add_argument("--water", type=finite, metavar="LEVEL", help="water below this height")
    group.add_argument(
        "--haze",
        type=positive,
        nargs="?",
        const=True,
        metavar="METRES",
        help="haze of this visibility (from the scene)",
    )
    group.add_argument(
        "--contours",
        type=positive,
        nargs="?",
        const=True,
        metavar="INTERVAL",
        help="contour lines so far apart (from the DEM)",
    )


def add_view(parser: argparse.ArgumentParser, *, turning: bool = False) -> None:
    """From where it is seen."""
    group = parser.add_argument_group("view")
    if not turning:
        group.add_argument(
            "--view-azimuth",
            type=finite,
            default=225.0,
            metavar="DEG",
            help="bearing it is seen from (225)",
        )
    group.add_argument(
        "--view-altitude",
        type=finite,
        default=35.0,
        metavar="DEG",
        help="height it is seen from (35)",
    )
    group.add_argument(
        "--fov", type=positive, default=35.0, metavar="DEG", help="vertical field of view (35)"
    )
