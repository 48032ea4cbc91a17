"""``vf turntable``: once round a DEM, as a video or as pictures."""

from __future__ import annotations

import argparse
import itertools
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import vulkan_forge as vf
from vulkan_forge._bearings import on_grid
from vulkan_forge._extras import require
from vulkan_forge._landing import land
from vulkan_forge.geo._write import appearing

from . import _options
from ._console import UsageError, progress, show_json

_Floats = npt.NDArray[np.float64]
_CODECS = {
    ".mp4": ("libx264", "yuv420p"),
    ".webm": ("libvpx-vp9", "yuv420p"),
    ".gif": ("gif", "rgb8"),
}
_EPILOG = """examples:
  vf turntable dem.tif turn.mp4 --frames 4 --size 320x180
  vf turntable dem.tif turn.gif --frames 4 --size 160x90 --fps 10
  vf turntable dem.tif turn_%03d.png --frames 4 --size 320x180 -z 2
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "turntable",
        help="once round the DEM: .mp4, .webm, .gif, or pictures",
        description="Turn a camera once round a DEM. Videos need the extra 'video'.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    parser.add_argument(
        "output", metavar="OUTPUT", help=".mp4, .webm, .gif, or a name such as turn_%%03d.png"
    )
    group = parser.add_argument_group("film")
    group.add_argument(
        "--frames", type=_options.count, default=180, help="pictures once round (180)"
    )
    group.add_argument("--fps", type=_options.count, default=30, help="pictures a second (30)")
    group.add_argument(
        "--size", type=_options.size, default=(1280, 720), metavar="WxH", help="(1280x720)"
    )
    group.add_argument(
        "--start", type=_options.finite, default=180.0, metavar="DEG", help="first bearing (180)"
    )
    _options.add_view(parser, turning=True)
    _options.add_words(parser)
    _options.add_device(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Draw and write."""
    target = Path(options.output)
    suffix = target.suffix.lower()
    pattern = re.fullmatch(r"[^%]*%0?\d*d[^%]*", target.name)
    if suffix not in _CODECS and not (suffix == ".png" and pattern):
        raise UsageError(
            f"OUTPUT must end in .mp4, .webm or .gif, or be as turn_%03d.png; got {target.name!r}; rename it"
        )
    width, height = options.size
    if suffix in (".mp4", ".webm") and (width % 2 or height % 2):
        raise UsageError(
            f"{suffix} needs even sizes; got {width}x{height}; pass {width & ~1}x{height & ~1}"
        )
    if suffix in _CODECS:
        require("av", "video", f"a {suffix} file")
    frames = _frames(_options.read(options), options)
    shown = progress(frames, options.frames, "frames")
    if suffix in _CODECS:
        _film(target, shown, options)
    else:
        for number, picture in enumerate(shown):
            picture.save(target.with_name(target.name % number))
    if options.json:
        show_json({"output": options.output, "frames": options.frames, "size": list(options.size)})


def _frames(dem: vf.DEM, options: argparse.Namespace) -> Iterator[vf.Image]:
    words = _options.words(options)
    landed = land(dem, {name: value for name, value in words.items() if name != "device"})
    width, height = options.size
    session = landed.renderer(width, height, device=words.get("device"))
    exaggeration = landed.exaggeration
    least, greatest = dem.stats()[:2]
    heights = [
        height * exaggeration if math.isfinite(height) else 0.0 for height in (least, greatest)
    ]
    target = (0.0, 0.0, sum(heights) / 2)
    start = on_grid(options.start, dem._grid, options.north)
    bearings = [start + 360 * i / options.frames for i in range(options.frames)]
    # One distance for all, or the terrain would breathe.
    corners = _corners(dem, heights[1] - heights[0])
    distance = max(
        _distance(
            vf.Camera.orbit(target, 1.0, bearing, options.view_altitude, options.fov),
            corners,
            options,
        )
        for bearing in range(0, 360, 5)
    )
    return session.frames(
        vf.Camera.orbit(target, distance, bearing, options.view_altitude, options.fov)
        for bearing in bearings
    )


def _corners(dem: vf.DEM, height: float) -> _Floats:
    """Of the DEM's box, from its middle, as rows."""
    rows, columns = dem.shape
    half = (columns - 1) * dem.spacing[0] / 2, (rows - 1) * dem.spacing[1] / 2, height / 2
    return np.array(list(itertools.product(*((-side, side) for side in half))))


def _distance(camera: vf.Camera, corners: _Floats, options: argparse.Namespace) -> float:
    """From which a camera that looks as `camera` does has all corners in frame."""
    view = camera.view().astype(np.float64)
    right, up, towards = view[:3, :3] @ corners.T
    reach = 0.97 * math.tan(math.radians(options.fov) / 2)
    width, height = options.size
    sideways = np.maximum(abs(right) * height / width, abs(up))
    return float(np.max(towards + sideways / reach))


def _film(target: Path, frames: Iterator[vf.Image], options: argparse.Namespace) -> None:
    av = require("av", "video", "a video")
    codec, pixels = _CODECS[target.suffix.lower()]
    with appearing(target) as draft:
        try:
            with av.open(str(draft), "w") as container:
                stream = container.add_stream(codec, rate=options.fps)
                stream.width, stream.height = options.size
                stream.pix_fmt = pixels
                if codec == "libx264":
                    stream.options = {"crf": "18", "preset": "medium"}
                elif codec == "libvpx-vp9":
                    stream.options = {"crf": "28", "b": "0"}
                for picture in frames:
                    frame = av.VideoFrame.from_ndarray(_opaque(picture.rgba), format="rgb24")
                    container.mux(stream.encode(frame))
                container.mux(stream.encode())
        except av.error.FFmpegError as error:
            raise vf.ImageFileError(
                f"{target}: expected to write a video, got: {error}; try another suffix"
            ) from error


def _opaque(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Over white, for what knows no transparency."""
    if rgba[..., 3].min() == 255:
        return np.ascontiguousarray(rgba[..., :3])
    alpha = rgba[..., 3:].astype(np.float32) / 255
    blended = rgba[..., :3] * alpha + 255 * (1 - alpha) + 0.5
    return blended.astype(np.uint8)
