"""The words of a picture: one row for each argument of ``render``, of which all doors are made.

The signature and the documentation of ``render`` are written out there, for readers and type checkers, and the tests hold
them to this table. The shell's options, the words of notebooks, turntables and tiles, and what the engine is given
follow from it.
"""

from __future__ import annotations

from typing import Any

from . import _scenery
from ._water import water
from ._word import Word
from ._word import as_it_is as _as_it_is
from ._word import shell as _shell

_SHADINGS = ("multiply", "overlay", "soft light")


WORDS = (
    Word("size", (1920, 1080), tiles="a tile's size is the matrix's"),
    Word("camera", None, land=_as_it_is, tiles="tiles are seen from straight above"),
    Word("spacing", None, tiles="cell sizes follow from the matrix"),
    Word(
        "vert_exag",
        1.0,
        _shell(
            "light", "-z --vert-exag", "factor on heights (1)", type="positive", metavar="FACTOR"
        ),
    ),
    Word("cmap", "terrain", _shell("picture", "--cmap", "colour map (terrain)")),
    Word("vmin", None, _shell("picture", "--vmin", "height of the first colour", type="finite")),
    Word("vmax", None, _shell("picture", "--vmax", "height of the last colour", type="finite")),
    Word(
        "lit",
        True,
        _shell(
            "picture", "--unlit", "the colour map's own colours, no light", action="store_false"
        ),
        _as_it_is,
    ),
    Word(
        "azimuth",
        315.0,
        _shell(
            "light",
            "-az --azimuth",
            "bearing of the sun, from north (315)",
            type="finite",
            metavar="DEG",
        ),
    ),
    Word(
        "altitude",
        45.0,
        _shell("light", "-alt --altitude", "height of the sun (45)", type="finite", metavar="DEG"),
    ),
    Word(
        "shadows",
        True,
        _shell("picture", "--no-shadows", "terrain casts no shadows", action="store_false"),
        _as_it_is,
    ),
    Word(
        "ambient",
        0.35,
        _shell("picture", "--ambient", "share of light everywhere, 0..1 (0.35)", type="finite"),
        _as_it_is,
    ),
    Word(
        "exposure",
        1.0,
        _shell("picture", "--exposure", "factor on light (1)", type="positive"),
        _as_it_is,
    ),
    Word(
        "background",
        (1, 1, 1, 1),
        _shell(
            "picture",
            "--background",
            "or a name, transparent, sky (#ffffff)",
            type="background",
            metavar="#RRGGBB",
        ),
        _scenery.background,
        tiles="what is no ground is transparent",
    ),
    Word(
        "samples",
        4,
        _shell(
            "picture",
            "--samples",
            "rays for each pixel (4)",
            type="count",
            choices=(1, 2, 4, 8, 16),
        ),
        _as_it_is,
    ),
    Word("aovs", (), tiles="tiles are pictures; heights are encoding='terrarium'"),
    Word("device", None),
    Word("prefer_software", False),
    Word(
        "norm",
        None,
        _shell(
            "colours",
            "--norm",
            "how heights spread over them",
            choices=("linear", "log", "symlog", "power"),
        ),
    ),
    Word(
        "robust",
        False,
        _shell(
            "colours",
            "--robust",
            "colours for the 2nd to 98th percentile of heights",
            action="store_true",
        ),
    ),
    Word(
        "vcenter",
        None,
        _shell("colours", "--vcenter", "height of the colour map's middle", type="finite"),
    ),
    Word(
        "levels",
        None,
        _shell(
            "colours",
            "--levels",
            "one colour between each two heights",
            type="levels",
            metavar="N|A,B,...",
        ),
    ),
    Word(
        "extend",
        None,
        _shell(
            "colours",
            "--extend",
            "sides of the levels beyond which ground has a colour (as the DEM needs)",
            choices=("neither", "min", "max", "both"),
        ),
    ),
    Word(
        "under",
        None,
        _shell("colours", "--under", "colour of ground below the range", metavar="#RRGGBB"),
    ),
    Word(
        "over",
        None,
        _shell("colours", "--over", "colour of ground above the range", metavar="#RRGGBB"),
    ),
    Word(
        "bad",
        None,
        _shell("colours", "--bad", "paint holes in this colour", metavar="#RRGGBB"),
        _scenery.bad,
        tiles="holes are transparent; fill them in the DEM",
    ),
    Word(
        "drape",
        None,
        _shell("colours", "--drape", "an image to lay on the ground", metavar="IMAGE"),
        tiles="an image has a place of its own; lay it over in the viewer",
    ),
    Word(
        "shading",
        "multiply",
        _shell("colours", "--shading", "how light goes with colour (multiply)", choices=_SHADINGS),
        _as_it_is,
    ),
    Word(
        "sun_radius",
        0.0,
        _shell(
            "light",
            "--sun-radius",
            "of its disc, for soft shadows (0)",
            type="finite",
            metavar="DEG",
        ),
        _as_it_is,
    ),
    Word(
        "ambient_occlusion",
        False,
        _shell(
            "light",
            "--ambient-occlusion",
            "less ambient light where less of the sky is seen",
            action="store_true",
        ),
        _as_it_is,
    ),
    Word(
        "radius",
        None,
        _shell("light", "--radius", "how far that looks, in metres", type="positive", metavar="M"),
        _as_it_is,
    ),
    Word(
        "time",
        None,
        _shell(
            "light",
            "--time",
            "of the sun, in place of -az and -alt; UTC without a zone",
            metavar="ISO8601",
        ),
    ),
    Word(
        "position",
        None,
        _shell(
            "light",
            "--position",
            "for --time, in degrees (the middle of the DEM)",
            type="place",
            metavar="LAT,LON",
        ),
    ),
    Word(
        "water",
        None,
        _shell("scenery", "--water", "water below this height", type="finite", metavar="LEVEL"),
        water,
    ),
    *_scenery.WORDS,
    Word(
        "north",
        "true",
        _shell(
            "light",
            "--north",
            "bearings from true north, or from that of the grid as in gdaldem (true)",
            choices=("true", "grid"),
        ),
    ),
    Word(
        "detail",
        "auto",
        _shell(
            "picture",
            "--detail",
            "cells no larger than a pixel: as a whole, or patch by patch (auto)",
            choices=("auto", "exact"),
        ),
        _as_it_is,
    ),
    Word(
        "normals",
        "smooth",
        _shell(
            "picture",
            "--normals",
            "what light falls on where cells are large (smooth)",
            choices=("smooth", "patch"),
        ),
        _as_it_is,
    ),
    Word("layers", None, tiles="names and lines are the viewer's, which has them at every zoom"),
    Word("dpi", 96.0, tiles="it is for layers, which tiles take none of"),
    Word(
        "keep_out",
        None,
        _shell(
            "picture",
            "--keep-out",
            "pixels that labels leave free; may be given more than once",
            type="four",
            action="append",
            metavar="L,T,R,B",
        ),
        _as_it_is,
        tiles="it is for labels, which tiles take none of",
    ),
)
"""In the order of the signature."""

SCALE = ("cmap", "vmin", "vmax", "robust", "norm", "vcenter", "levels", "extend", "under", "over")
"""What makes a height a colour."""

DEFAULTS: dict[str, Any] = {word.name: word.default for word in WORDS}
