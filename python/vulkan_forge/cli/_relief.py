"""Relief operators: a DEM in, a raster out. The table says which there are and what each takes."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

import vulkan_forge as vf
from vulkan_forge.geo._raster import Raster
from vulkan_forge.geo._write import appearing, gdal_bytes, write_geotiff

from . import _options
from ._console import UsageError, check_standard_output, show_json, write_bytes

_Argument = tuple[tuple[str, ...], dict[str, Any]]


def _float(*names: str, default: float | None, text: str, required: bool = False) -> _Argument:
    kind = _options.finite
    shown = text if default is None else f"{text} ({default:g})"
    return names, {"type": kind, "default": default, "help": shown, "required": required}


_SUN: list[_Argument] = [
    _float("-az", "--azimuth", default=315.0, text="bearing of the sun from north, degrees"),
    _float("-alt", "--altitude", default=45.0, text="height of the sun, degrees"),
]
_NORTH: _Argument = (
    ("--north",),
    {
        "choices": ("true", "grid"),
        "default": "true",
        "help": "bearings from true north, or from that of the grid as in gdaldem (true)",
    },
)
_EXAGGERATION = _float("-z", "--vert-exag", default=1.0, text="factor on heights")
_RADIUS = _float("-r", "--radius", default=None, required=True, text="how far to look, metres")
_DIRECTIONS: _Argument = (
    ("--directions",),
    {"type": _options.count, "default": 16, "help": "bearings looked along (16)"},
)


def _choice(name: str, *choices: str) -> _Argument:
    return (name,), {"choices": choices, "default": choices[0], "help": f"({choices[0]})"}


def _time(name: str, text: str) -> _Argument:
    return (name,), {
        "required": True,
        "metavar": "TIME",
        "help": f"{text}, ISO 8601; UTC without a zone",
    }


# Where the sun stands; of the DEM's middle unless given.
_OF_THE_SUN: list[_Argument] = [
    _time("--start", "first moment"),
    _time("--end", "last moment"),
    _float("--step", default=15.0, text="minutes between sun positions"),
    _float(
        "--latitude",
        default=None,
        text="degrees north of one sun for all; else as it stands over each part",
    ),
    _float("--longitude", default=None, text="degrees east of it"),
    _EXAGGERATION,
]
_A_DAY = "dem.tif out.tif --start 2026-06-21T06:00-07:00 --end 2026-06-21T18:00-07:00 --step 60"


class Operator(NamedTuple):
    """One command."""

    function: str
    """Name in ``vulkan_forge.relief``."""
    help: str
    arguments: list[_Argument]
    examples: list[str]
    shade: bool = False
    """Whether values are brightness, 0 to 1."""
    edges: bool = False


_SLOPES = ("horn", "zevenbergen-thorne")
OPERATORS = {
    "hillshade": Operator(
        "hillshade",
        "light on slopes, as gdaldem hillshade",
        [
            *_SUN,
            _NORTH,
            _EXAGGERATION,
            _choice("--method", *_SLOPES, "multidirectional", "combined", "igor"),
        ],
        ["dem.tif out.tif -az 315 -alt 45 -z 2", "dem.tif out.png --method multidirectional"],
        shade=True,
        edges=True,
    ),
    "slope": Operator(
        "slope",
        "steepness, in degrees or percent",
        [_choice("--unit", "degree", "percent"), _choice("--method", *_SLOPES)],
        ["dem.tif out.tif --unit percent"],
        edges=True,
    ),
    "aspect": Operator(
        "aspect",
        "bearing that a slope faces, 0 to 360 from north",
        [_NORTH, _choice("--method", *_SLOPES)],
        ["dem.tif out.tif"],
        edges=True,
    ),
    "tri": Operator(
        "tri",
        "terrain ruggedness index",
        [_choice("--method", "riley", "wilson")],
        ["dem.tif out.tif"],
        edges=True,
    ),
    "tpi": Operator("tpi", "topographic position index", [], ["dem.tif out.tif"], edges=True),
    "roughness": Operator(
        "roughness", "greatest difference in 3 x 3 cells", [], ["dem.tif out.tif"], edges=True
    ),
    "curvature": Operator(
        "curvature",
        "how the ground bends, 1/m",
        [_choice("--kind", "mean", "profile", "plan"), _EXAGGERATION],
        ["dem.tif out.tif --kind plan"],
        edges=True,
    ),
    "svf": Operator(
        "sky_view_factor",
        "share of the sky that is seen",
        [_RADIUS, _DIRECTIONS],
        ["dem.tif out.tif -r 500"],
        shade=True,
    ),
    "openness": Operator(
        "openness",
        "mean zenith angle of the horizon, degrees",
        [_RADIUS, _DIRECTIONS, (("--negative",), {"action": "store_true", "help": "of hollows"})],
        ["dem.tif out.tif -r 500", "dem.tif out.tif -r 500 --negative"],
    ),
    "sky-illumination": Operator(
        "sky_illumination",
        "light of the sky on the sloping ground, level open ground having 1",
        [_RADIUS, _DIRECTIONS, _NORTH, _choice("--sky", "uniform", "overcast"), _EXAGGERATION],
        ["dem.tif out.tif -r 500 --sky overcast"],
        shade=True,
    ),
    "sun-hours": Operator(
        "sun_hours",
        "hours of sun between two times",
        _OF_THE_SUN,
        [_A_DAY],
    ),
    "insolation": Operator(
        "insolation",
        "energy of the direct sun between two times, kWh/m2",
        [
            *_OF_THE_SUN,
            _float("--transmissivity", default=0.7, text="of the air in the zenith, 0 to 1"),
        ],
        [_A_DAY],
    ),
    "dominance": Operator(
        "local_dominance",
        "how far the ground stands out among its surroundings",
        [_RADIUS],
        ["dem.tif out.tif -r 500"],
    ),
    "shadow": Operator(
        "shadow_mask",
        "1 where the sun is hidden",
        [*_SUN, _NORTH],
        ["dem.tif out.tif -az 250 -alt 15"],
        shade=True,
    ),
    "viewshed": Operator(
        "viewshed",
        "1 where a place sees the ground",
        [
            _float("--x", default=None, required=True, text="metres east of the DEM's centre"),
            _float("--y", default=None, required=True, text="metres north of the DEM's centre"),
            _float("--height", default=2.0, text="of the eye above ground, metres"),
        ],
        ["dem.tif out.tif --x 0 --y 0"],
        shade=True,
    ),
}


def relief() -> ModuleType | None:
    """``vulkan_forge.relief``, in builds that have it."""
    try:
        return importlib.import_module("vulkan_forge.relief")
    except ModuleNotFoundError as error:
        if error.name != "vulkan_forge.relief":
            raise
        return None


def add(commands: Any) -> None:
    """Add every operator that this build has."""
    module = relief()
    for name, operator in OPERATORS.items():
        if module is None or not hasattr(module, operator.function):
            continue
        examples = "".join(f"  vf {name} {example}\n" for example in operator.examples)
        parser = commands.add_parser(
            name,
            help=operator.help,
            description=f"{operator.help[0].upper()}{operator.help[1:]}. Writes a GeoTIFF with the DEM's "
            "coordinate system, or a grey .png.",
            epilog=f"examples:\n{examples}",
        )
        _options.add_input(parser)
        parser.add_argument(
            "output", metavar="OUTPUT", help=".tif or .png; - for a GeoTIFF on standard output"
        )
        group = parser.add_argument_group(name)
        for names, settings in operator.arguments:
            group.add_argument(*names, **settings)
        if operator.edges:
            group.add_argument(
                "--no-edges",
                action="store_true",
                help="leave the border empty, as gdaldem without -compute_edges",
            )
        if name == "hillshade":
            group.add_argument(
                "--float", action="store_true", help="0..1 instead of gdaldem's bytes"
            )
        _options.add_device(parser)
        parser.set_defaults(run=_runner(getattr(module, operator.function), operator, name))


def _runner(
    function: Callable[..., Any], operator: Operator, name: str
) -> Callable[[argparse.Namespace, str], None]:
    keywords = [
        max(names, key=len).lstrip("-").replace("-", "_") for names, _ in operator.arguments
    ]

    def run(options: argparse.Namespace, prog: str) -> None:
        target = Path(options.output)
        if options.output != "-" and target.suffix.lower() not in (".tif", ".tiff", ".png"):
            raise UsageError(f"OUTPUT must end in .tif or .png; got {target.name!r}; or pass -")
        check_standard_output(options.output, options.json)
        dem = _options.read(options)
        if not isinstance(dem, vf.DEM) and target.suffix.lower() not in (".tif", ".tiff"):
            raise UsageError(
                f"of a DEM that stays where it is OUTPUT must end in .tif, which is written in parts; got {options.output!r}"
            )
        given = {keyword: getattr(options, keyword) for keyword in keywords}
        asked = {keyword: value for keyword, value in given.items() if value is not None}
        if {"latitude", "longitude"} & (given.keys() - asked.keys()) and dem.crs is None:
            raise UsageError(
                f"{name} needs a place; expected a DEM with a coordinate system, got one without; "
                "pass --latitude and --longitude"
            )
        if operator.edges and options.no_edges:
            asked["edges"] = "nan"
        result = function(dem, device=_options.device(options), **asked)
        if not isinstance(dem, vf.DEM):
            _store(result, dem, options, operator, name)
            return
        if not isinstance(result, Raster):
            result = Raster._of(np.asarray(result), dem._grid, name)
        _write(result, options, operator, name)
        if options.json:
            seen = result.data[np.isfinite(result.data)]
            show_json(
                {
                    "output": options.output,
                    "shape": list(result.shape),
                    "crs": None if result.crs is None else str(result.crs),
                    "bounds": result.bounds,
                    "spacing_m": dem.spacing,
                    "min": float(seen.min()) if seen.size else None,
                    "max": float(seen.max()) if seen.size else None,
                }
            )

    return run


def _write(result: Raster, options: argparse.Namespace, operator: Operator, name: str) -> None:
    values = result.data
    if options.output.lower().endswith(".png"):
        with appearing(Path(options.output)) as draft:
            vf.numpy_to_png(draft, _grey(values, operator.shade))
        return
    nodata = None
    if name == "hillshade" and not options.float:
        # igor's bytes go to 255 value, all others' to 1 + 254 value
        igor = getattr(options, "method", None) == "igor"
        values = _igor_bytes(values) if igor else gdal_bytes(values)
        nodata = 0
    if options.output != "-":
        write_geotiff(
            options.output, values[None], result._grid, name=name, unit=result.unit, nodata=nodata
        )
        return
    with tempfile.TemporaryDirectory(prefix="vulkan_forge-") as folder:
        file = Path(folder) / "out.tif"
        write_geotiff(file, values[None], result._grid, name=name, unit=result.unit, nodata=nodata)
        write_bytes(file.read_bytes())


def _store(
    result: Any, dem: vf.LargeDEM, options: argparse.Namespace, operator: Operator, name: str
) -> None:
    """Of a DEM that stays where it is: chunk by chunk."""
    values, nodata = result.data, None
    if name == "hillshade" and not options.float:
        igor = getattr(options, "method", None) == "igor"
        values = values.map_blocks(_igor_bytes if igor else gdal_bytes, dtype=np.uint8)
        nodata = 0
    unit = result.attrs.get("units")
    write_geotiff(options.output, values[None], dem._grid, name=name, unit=unit, nodata=nodata)
    if options.json:
        show_json(
            {
                "output": options.output,
                "shape": list(dem.shape),
                "crs": None if dem.crs is None else str(dem.crs),
                "bounds": dem.bounds,
                "spacing_m": dem.spacing,
                "min": None,
                "max": None,
            }
        )


def _igor_bytes(values: Any) -> Any:
    known = np.isfinite(values)
    return np.where(known, np.clip(np.where(known, values, 0) * 255 + 0.5, 0, 255), 0).astype(
        np.uint8
    )


def _grey(values: Any, shade: bool) -> Any:
    """(H, W, 4): brightness as it is, other numbers from least to greatest; nothing is transparent."""
    known = np.isfinite(values)
    low, high = 0.0, 1.0
    if not shade and known.any():
        low, high = float(values[known].min()), float(values[known].max())
    scaled = (np.where(known, values, low) - low) * (255 / max(high - low, 1e-30)) + 0.5
    grey = np.clip(scaled, 0, 255).astype(np.uint8)
    alpha = np.where(known, 255, 0).astype(np.uint8)
    return np.ascontiguousarray(np.stack([grey, grey, grey, alpha], axis=-1))
