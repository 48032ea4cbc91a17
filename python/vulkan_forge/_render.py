"""``render``: a DEM in, a picture out, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ._camera import Camera
from ._image import Image
from ._landing import FRAME, land
from ._scenery import Base, Contours, Haze, Sky
from ._water import Water


def render(
    dem: Any,
    *,
    size: tuple[int, int] = (1920, 1080),
    camera: Camera | None = None,
    spacing: tuple[float, float] | None = None,
    vert_exag: float = 1.0,
    cmap: Any = "terrain",
    vmin: float | None = None,
    vmax: float | None = None,
    lit: bool = True,
    azimuth: float = 315.0,
    altitude: float = 45.0,
    shadows: bool = True,
    ambient: float = 0.35,
    exposure: float = 1.0,
    background: Sequence[float] | str | Sky = (1, 1, 1, 1),
    samples: int = 4,
    aovs: Sequence[str] = (),
    device: int | str | None = None,
    prefer_software: bool = False,
    norm: Any = None,
    robust: bool = False,
    vcenter: float | None = None,
    levels: Any = None,
    extend: str | None = None,
    under: Any = None,
    over: Any = None,
    bad: Any = None,
    drape: Any = None,
    shading: str = "multiply",
    sun_radius: float = 0.0,
    ambient_occlusion: bool = False,
    radius: float | None = None,
    time: Any = None,
    position: tuple[float, float] | None = None,
    water: float | npt.NDArray[np.bool_] | Water | None = None,
    base: bool | Base = False,
    haze: bool | float | Haze | None = None,
    contours: bool | float | Contours | None = None,
    north: str = "true",
    detail: str = "auto",
    normals: str = "smooth",
    layers: Any = None,
    dpi: float = 96.0,
    keep_out: Any = None,
) -> Image:
    """Draw a DEM.

    Colour is the colour map's, in linear light, times
    ``exposure * (ambient * sky + (1 - ambient) * max(0, n . l) * visible)``, written as sRGB; `sky` is 1 without
    `ambient_occlusion`, and nothing is lit by a sun that is under the horizon.

    Parameters
    ----------
    dem : array_like, shape (H, W), at least 2 x 2, or DEM, LargeDEM, path, DataArray, rasterio dataset
        Heights in metres; row 0 north, column 0 west. Any real dtype, a masked array, a list of
        lists. NaN and masked cells are holes. C-contiguous float32 is copied once and not converted. All
        else goes through :func:`as_dem`, which knows cell sizes and units. What has more than 16,384
        samples along a side stays where it is, as a :class:`LargeDEM`.
    size : (int, int), default (1920, 1080)
        Width and height of the picture in pixels.
    camera : Camera, optional
        Where it is seen from. By default ``Camera.fit`` with this call's `spacing`, `vert_exag` and `north`.
    spacing : (float, float), optional
        Cell size (dx, dy) in metres, > 0; by default the DEM's own, or (1, 1) for an array.
    vert_exag : float, default 1.0
        Factor on all heights, finite and > 0.
    cmap : str, Colormap, list of colours, or array of shape (N, 3) or (N, 4)
        A name from :func:`colormap_supported`, a matplotlib ``Colormap``, a list of colours (hex
        strings, tuples, or names where matplotlib is installed), or a table of floats in 0..1 or of
        uint8, sRGB. Lists and tables are N equal bands.
    vmin, vmax : float, optional
        Heights, before `vert_exag`, of the two ends of `cmap`; by default the DEM's least and
        greatest. Ground below and above has the colours `under` and `over`.
    lit : bool, default True
        With False a pixel has exactly the colour map's colour: no sun, no shadow, no exposure.
    azimuth, altitude : float, default 315 and 45
        Where the sun stands, in degrees: bearing clockwise from `north`, and angle above the horizon.
    shadows : bool, default True
        Whether terrain casts shadows.
    ambient : float in 0..1, default 0.35
        Share of the light that reaches every place.
    exposure : float, default 1.0
        Factor on the light, finite and > 0.
    background : colour, "transparent", "sky" or Sky, default white
        What stands where no ground is seen: three or four floats in 0..1 (sRGB, straight alpha), a
        hex string, a name that matplotlib knows, or a :class:`Sky`.
    samples : {1, 2, 4, 8, 16}, default 4
        Rays for each pixel.
    aovs : sequence of str
        Arrays wanted beside the picture, from "depth", "elevation", "normal", "ground".
    device : int or str, optional
        Index in :func:`devices`, a part of a name, "gpu" or "software".
    prefer_software : bool, default False
        Take a CPU device where there is one.
    norm : str, (str, float) or matplotlib.colors.Normalize, optional
        How heights spread over `cmap`: "linear"; "log", for heights above 0; "symlog", linear within
        2 of 0 (or what stands beside it: ``("symlog", 100.0)``) and logarithmic beyond; "power", of
        exponent 0.5 (or ``("power", gamma)``); "two-slope", the middle of `cmap` at `vcenter`; or any
        of matplotlib's, which has limits of its own in place of `vmin`, `vmax` and `robust`. Ground at 0 and
        below, of which a logarithm says nothing, is `under` by the name "log", and of matplotlib's LogNorm
        what `cmap` has for missing values, as there.
    robust : bool, default False
        Ends that `vmin` and `vmax` leave open are the 2nd and 98th percentile of the heights, as in
        xarray: a few outliers do not take all the colours.
    vcenter : float, optional
        Height of the middle of `cmap`, each side linear on its own: the norm "two-slope". Open ends
        are the DEM's own; one that is on the wrong side goes as far beyond as the other.
    levels : int or sequence of float, optional
        One colour between each two of these heights, in place of a ramp. A number gives about as many
        round heights, or with `vmin` or `vmax` exactly so many at equal steps, as in xarray. A height
        that is a level belongs to the colour above it, the last level to that below.
    extend : {"neither", "min", "max", "both"}, optional
        On which sides of `levels` the first and last colour belong to ground beyond; that on the other
        sides is see-through. By default as the DEM needs.
    under, over : colour, optional
        Of ground below and above the range, in place of the colour map's own (if it has none, its first
        and last): "#rrggbb", "#rrggbbaa", "none", floats in 0..1, or a name where matplotlib is installed.
    bad : colour, optional
        Of holes. By default one sees through them. With a colour they are ground of that colour, lit like
        all ground, on a smooth surface from rim to rim (outside the outermost samples: on from there), so
        that the whole rectangle is drawn. In `aovs` its "elevation" is NaN; "depth", "normal" and "ground" are
        those of the surface that is drawn.
    drape : Drape, array (h, w, 3) or (h, w, 4), Pillow image, Image, or path, optional
        An image to lay on the ground over the colour map's colours; :class:`Drape` tells of its place,
        opacity and blend mode. From straight above, at one texel a pixel, with ``lit=False`` and
        ``samples=1``, it comes out byte for byte.
    shading : {"multiply", "overlay", "soft light"}, default "multiply"
        How light goes with colour. "multiply" is what light does. The others are the looks of a
        hillshade layer in GIS, with :func:`shade`'s formulas: level ground in the sun keeps its
        colour, slopes away from the sun are darker and those towards it lighter.
    sun_radius : float in 0..15, default 0.0
        Angle from the middle of the sun's disc to its edge, in degrees. 0 is a point with hard shadows; the
        sun's own is 0.27; 1 to 3 is the soft light of a hazy day. Shadows fade as the disc is hidden. More
        `samples` look at it in more places, which shows beside things narrower than the disc.
    ambient_occlusion : bool, default False
        Whether the ambient light is multiplied by the part of the sky that a place sees: the sky-view factor
        of :func:`vulkan_forge.relief.sky_view_factor` with 16 directions, 1 on level open ground. DEMs of
        more than two million samples are looked at in blocks of samples.
    radius : float, optional
        How far `ambient_occlusion` looks, in metres, finite and > 0; by default a sixteenth of the DEM's
        longer side, but not fewer than 8 and not more than 24 cells (or blocks).
    time : datetime, numpy.datetime64 or str, optional
        Puts the sun where it stands then, in place of `azimuth` and `altitude`, refraction included (NREL's
        Solar Position Algorithm); without a zone it is UTC. At night only ambient light is left.
    position : (float, float), optional
        Latitude and longitude for `time` in degrees, north and east positive; by default those of the DEM's
        middle, if it has a coordinate system.
    water : float, bool array of shape (H, W), or Water, optional
        A level, in heights before `vert_exag`, below which all ground lies under water; or which
        samples are water. `aovs` and ``ground_at`` look through it.
    base : bool or Base, default False
        A solid block under the ground, with walls at the DEM's edge and round holes. Its walls are
        surfaces like the ground's, to `aovs` and ``ground_at`` too.
    haze : bool, float or Haze, optional
        True, or the visibility in metres, at which 5 % of the contrast is left.
    contours : bool, float or Contours, optional
        True, or the interval between lines, in heights before `vert_exag`.
    detail : {"auto", "exact"}, default "auto"
        How ground is met whose cells are no larger than a pixel. "auto" meets it as a whole: no ridge is
        lost, colours, water, lines and images on the ground go by its mean height, and time grows with
        pixels alone. "exact" has every patch between four samples at every distance, which takes longer
        the more samples a pixel covers. Maps, which look straight down, and `aovs` are always exact.
    normals : {"smooth", "patch"}, default "smooth"
        What light falls on where cells are larger than pixels. "smooth" is continuous over the borders
        between patches; at a sample it is the central difference between its neighbours. "patch" is each
        bilinear patch's own, which shows patches as facets. The normals of `aovs` are the patches' own.
    north : {"true", "grid"}, default "true"
        From which north `azimuth` counts: that of the ground in the middle of a DEM with a coordinate system, or
        that of its columns, which an array has alone. The sun of a `time` stands where it stands.
    layers : sequence of layers, optional
        Data on the ground: :class:`Lines`, :class:`Polygons`, :class:`Points`, :class:`Graph`, and :class:`Labels` over
        all of these; drawn by their ``zorder``, then in this order.
    dpi : float, default 96.0
        Pixels an inch, for lengths of `layers` such as "9pt".
    keep_out : sequence of (left, top, right, bottom), optional
        Parts of the picture, in pixels, that labels leave free.

    Returns
    -------
    Image
        ``np.asarray(image)`` is (height, width, 4) uint8; ``image.save(path)`` writes a PNG.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    NoDeviceError
        No usable Vulkan device.
    OutOfMemoryError, DeviceLostError
        As their names say. After a lost device the next call makes a new one.
    """
    words = locals()  # all that was passed, by name
    del words["dem"]
    frame = {name: words.pop(name) for name in FRAME}
    return land(dem, words).draw(**frame)
