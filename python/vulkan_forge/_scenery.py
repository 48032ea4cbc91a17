"""What a picture shows beside the bare ground: values, what stands for them in arguments, and setters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from ._colours import parse_colour
from ._numbers import is_real, shown
from ._vulkan_forge import InvalidInputError, Session, _check_option
from ._word import Word, shell

__all__ = ["Base", "Contours", "Haze", "Sky"]

Colour: TypeAlias = Sequence[float] | str
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Base:
    """A solid block under the ground: walls and a floor. A value: comparable, hashable, picklable.

    Walls stand at the DEM's edge and round holes, which go right through. They are lit by their own
    direction, and are ground like any other for `aovs` and ``ground_at``: depth and normal are
    theirs, elevation is the height of the point seen.

    Parameters
    ----------
    depth : float, optional
        From the DEM's least height down to the floor, in heights before `vert_exag`, > 0; by
        default a fifth of the height range, and at least 3 % of the DEM's longer side.
    colour : three floats in 0..1, "#rrggbb" or a name
        sRGB of walls and floor. Downwards it gets darker, in layers.
    """

    depth: float | None = None
    colour: Colour = (0.6, 0.53, 0.46)

    def __post_init__(self) -> None:
        _settle(self, "base", ("depth",), ("colour",))


@dataclass(frozen=True)
class Contours:
    """Contour lines on the ground. A value: comparable, hashable, picklable.

    Lines are drawn at the exact height of what a pixel sees, as wide on steep slopes as on gentle
    ones, and lit like the ground. Where lines come closer than three of their widths, or three
    pixels, they fade, and are gone at two.

    Parameters
    ----------
    interval : float, optional
        Between neighbouring lines, in heights before `vert_exag`, > 0; by default 1, 2 or 5
        times a power of ten, at most sixteen lines.
    index : int, 0 to 1000
        Every so-manieth line, counted from `base`, is twice as wide; 0 for none.
    width : float
        Of an ordinary line, in pixels, above 0 and at most 100.
    colour : three or four floats in 0..1, "#rrggbb", "#rrggbbaa" or a name
        sRGB; alpha is the lines' opacity.
    base : float
        A height that has a line.
    """

    interval: float | None = None
    index: int = 5
    width: float = 0.8
    colour: Colour = (0.25, 0.16, 0.08, 0.7)
    base: float = 0.0

    def __post_init__(self) -> None:
        _settle(self, "contours", ("interval", "width", "base"), ("colour",), channels=4)


@dataclass(frozen=True)
class Haze:
    """Air that is not quite clear. A value: comparable, hashable, picklable.

    Of the light of a place at distance s, exp(-3 s / visibility) comes through (Koschmieder's law
    with a threshold of 5 %), and the rest is the haze's colour. It veils the ground and a `Sky`; a
    plain background stays as it is. A map has no distances: it shows haze only with a `height`, as
    seen from above it. Distances are in the world, `vert_exag` included.

    Parameters
    ----------
    visibility : float, optional
        Metres at which 5 % of the contrast is left, at the DEM's least height, > 0; by default
        twenty times the distance to the DEM's farthest corner.
    height : float, optional
        Scale height, in heights before `vert_exag`, > 0: so much higher haze is e times
        thinner. By default it is the same everywhere.
    colour : three floats in 0..1, "#rrggbb" or a name, optional
        What far ground fades into; by default the sky's at its horizon, else an opaque
        background's, else a light grey blue.
    """

    visibility: float | None = None
    height: float | None = None
    colour: Colour | None = None

    def __post_init__(self) -> None:
        _settle(self, "haze", ("visibility", "height"), ("colour",))


@dataclass(frozen=True)
class Sky:
    """A sky behind the ground: three colours that run into one another by the line of sight's altitude.

    A value: comparable, hashable, picklable. An ordered pattern of half a step of a byte keeps the
    gradient from showing bands. A map looks straight down, and has nothing but `below`.

    Parameters
    ----------
    zenith, horizon, below : three floats in 0..1, "#rrggbb" or a name
        sRGB straight up, level, and straight down where there is no ground.
    """

    zenith: Colour = (0.22, 0.44, 0.74)
    horizon: Colour = (0.84, 0.9, 0.95)
    below: Colour = (0.55, 0.6, 0.66)

    def __post_init__(self) -> None:
        _settle(self, "background", (), ("zenith", "horizon", "below"))


def _settle(
    value: Any, option: str, numbers: Sequence[str], colours: Sequence[str], channels: int = 3
) -> None:
    """Names become colours, the compiled module checks all fields, numbers become floats."""

    def put(name: str, field: Any) -> None:
        object.__setattr__(value, name, field)

    for name in colours:
        put(name, numbered(getattr(value, name), name))
    _check_option(option, value)
    for name in numbers:
        number = getattr(value, name)
        put(name, None if number is None else float(number))
    for name in colours:
        colour = getattr(value, name)
        if colour is not None:
            put(name, (*(float(channel) for channel in colour), 1.0)[:channels])


def numbered(colour: Any, name: str) -> Any:
    """A colour that is a text as numbers; what is none is left for the compiled module to judge."""
    return parse_colour(colour, name) if isinstance(colour, str) else colour


def landed_base(value: Any) -> Base | None:
    """``base=``: False, True or a Base."""

    def other(value: Any) -> Base:
        raise InvalidInputError(
            f"base must be True, False or a Base; got {shown(value)}; pass e.g. Base(depth=500)"
        )

    return _option(value, Base, other)


def landed_contours(value: Any) -> Contours | None:
    """``contours=``: None, True, an interval or Contours."""
    wrong = "contours must be None, True, an interval or Contours; got {}; pass e.g. contours=100"
    return _option(value, Contours, lambda interval: Contours(_real(interval, wrong)))


def landed_haze(value: Any) -> Haze | None:
    """``haze=``: None, True, a visibility in metres or Haze."""
    wrong = "haze must be None, True, a visibility in metres or Haze; got {}; pass e.g. haze=50_000"
    return _option(value, Haze, lambda visibility: Haze(_real(visibility, wrong)))


def background(value: Any) -> Any:
    """``background=``: a Sky, or numbers of a colour."""
    if isinstance(value, str):
        if value == "sky":
            return Sky()
        return (0.0, 0.0, 0.0, 0.0) if value == "transparent" else parse_colour(value, "background")
    return value


def bad(value: Any) -> Any:
    """``bad=``: None, or numbers of a colour."""
    return numbered(value, "bad")


def _option(value: Any, usual: type[_Value], other: Callable[[Any], _Value]) -> _Value | None:
    """None or False: nothing. True: what is usual. Else what `other` makes of it."""
    if value is None or value is False:
        return None
    if value is True:
        return usual()
    return value if isinstance(value, usual) else other(value)


def _real(value: Any, wrong: str) -> Any:
    if is_real(value):
        return value
    raise InvalidInputError(wrong.format(shown(value)))


WORDS = (
    Word(
        "base",
        False,
        shell("scenery", "--base", "a solid block under the ground", action="store_true"),
        landed_base,
        tiles="tiles are seen from straight above",
    ),
    Word(
        "haze",
        None,
        shell(
            "scenery",
            "--haze",
            "haze of this visibility (from the scene)",
            type="positive",
            nargs="?",
            const=True,
            metavar="METRES",
        ),
        landed_haze,
        tiles="tiles are seen from no distance",
    ),
    Word(
        "contours",
        None,
        shell(
            "scenery",
            "--contours",
            "contour lines so far apart (from the DEM)",
            type="positive",
            nargs="?",
            const=True,
            metavar="INTERVAL",
        ),
        landed_contours,
    ),
)
"""Their arguments of ``render``, in the order of its signature."""


class ScenerySetters(Session):
    """A session's setters of these."""

    __slots__ = ()

    def set_background(self, rgba: Colour | Sky) -> None:
        """What stands where no ground is seen, as `background` of `render`.

        A colour, "transparent", "sky" or a `Sky`.
        """
        self._set("background", background(rgba))

    def set_base(self, base: bool | Base | None) -> None:
        """Put a solid block under the ground: False, True or a `Base`."""
        self._set("base", landed_base(base))

    def set_haze(self, haze: bool | float | Haze | None) -> None:
        """Add haze: None, True, a visibility in metres, or `Haze`."""
        self._set("haze", landed_haze(haze))

    def set_contours(self, contours: bool | float | Contours | None) -> None:
        """Add contour lines: None, True, an interval in the DEM's own heights, or `Contours`."""
        self._set("contours", landed_contours(contours))
