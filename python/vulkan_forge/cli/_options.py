"""Options that several commands share, and what they make of them."""

from __future__ import annotations

import argparse
import math
import sys
from typing import Any

import vulkan_forge as vf
from vulkan_forge._colours import parse_colour
from vulkan_forge._words import DEFAULTS, WORDS
from vulkan_forge.geo._large import staying

from . import _layers
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
    """Four numbers."""
    numbers = tuple(finite(part) for part in text.split(","))
    if len(numbers) != 4:
        raise argparse.ArgumentTypeError(f"expected four numbers apart by commas, got {text!r}")
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
        "--max-memory",
        type=count,
        metavar="MB",
        help="for heights; a DEM that takes more stays where it is and is read in parts",
    )
    group.add_argument(
        "-s",
        dest="ratio",
        type=positive,
        metavar="RATIO",
        help="vertical units in a horizontal one, as in gdaldem",
    )


def read(options: argparse.Namespace) -> vf.DEM | vf.LargeDEM:
    """The DEM that the options name; in memory, unless it is too large for that."""
    if options.ratio is not None and options.spacing is not None:
        raise UsageError("expected -s or --spacing; got both; pass one")
    words = {name: getattr(options, name) for name in ("band", "nodata", "crs", "z_unit")}
    part = {name: getattr(options, name) for name in ("bounds", "overview")}
    if options.ratio is None and part == {"bounds": None, "overview": None}:
        most = None if options.max_memory is None else options.max_memory << 20
        large = staying(options.input, options.spacing, max_memory=most, **words)
        if large is not None:
            rows, columns = large.shape
            print(
                f"{options.input}: {rows} x {columns} samples stay where they are; the parts that are needed are read",
                file=sys.stderr,
            )
            return large
    cells = options.spacing if options.ratio is None else (1.0, 1.0)
    dem = vf.open(options.input, spacing=cells, **part, **words)
    if options.ratio is None:
        return dem
    dx, dy = dem._grid.cell
    # gdaldem's -s compares heights as they are with cells times the ratio.
    factor = options.ratio * dem.z_factor
    return vf.as_dem(dem, spacing=(dx * factor, dy * factor))


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words of a picture, under their headings."""
    groups: dict[str, Any] = {}
    for word in WORDS:
        if word.shell is None:
            continue
        name = word.shell.group
        group = groups.setdefault(name, groups.get(name) or parser.add_argument_group(name))
        how = dict(word.shell.how)
        if "type" in how:
            how["type"] = _TYPES[how["type"]]
        group.add_argument(*word.shell.flags.split(), dest=word.name, default=word.default, **how)
        if word.name == "drape":
            _add_of_drape(group)
    _layers.add(parser)


def words(options: argparse.Namespace) -> dict[str, Any]:
    """Those that were asked for, as ``render`` takes them."""
    found = {word.name: getattr(options, word.name) for word in WORDS if word.shell is not None}
    if options.drape is not None:
        found["drape"] = vf.Drape(
            options.drape, opacity=options.drape_opacity, blend=options.drape_blend
        )
    found |= {"layers": _layers.layers(options), "dpi": options.dpi, "device": device(options)}
    found["layers"] = found["layers"] or None
    return {name: value for name, value in found.items() if value != DEFAULTS[name]}


def _add_of_drape(group: Any) -> None:
    group.add_argument(
        "--drape-blend",
        choices=("normal", "multiply", "overlay", "soft light"),
        default="normal",
        help="how it goes with the colours (normal)",
    )
    group.add_argument("--drape-opacity", type=finite, default=1.0, help="of the image, 0..1 (1)")


def add_device(parser: argparse.ArgumentParser) -> None:
    """On what, and what is said about it."""
    group = parser.add_argument_group("device and report")
    group.add_argument("--device", help="index, part of a name, gpu or software")
    group.add_argument("--json", action="store_true", help="a report on standard output")


def device(options: argparse.Namespace) -> int | str | None:
    """For ``device=``."""
    name: str | None = options.device
    return int(name) if name is not None and name.isdecimal() else name


def levels(text: str) -> int | list[float]:
    """``8`` or ``0,200,500``."""
    if "," not in text:
        return count(text)
    return [finite(part) for part in text.split(",")]


_TYPES = {
    "background": background,
    "count": count,
    "finite": finite,
    "four": four,
    "levels": levels,
    "place": place,
    "positive": positive,
}


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
