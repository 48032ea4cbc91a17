"""What commands that make films share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import vulkan_forge as vf

from .._film._kinds import ANIMATED, VIDEOS, kind_of
from . import _options
from ._console import Bar, UsageError, show_json

OUTPUT = (
    ".mp4, .webm, .gif, .apng, a name such as turn_%%03d.png, or a folder/ for frames that stay"
)


def add_film(group: Any) -> None:
    """How it is made."""
    group.add_argument("--fps", type=_options.count, default=30, help="pictures a second (30)")
    group.add_argument(
        "--size", type=_options.size, default=(1280, 720), metavar="WxH", help="(1280x720)"
    )
    group.add_argument("--codec", metavar="NAME", help="of a video, e.g. libx265 (by the suffix)")
    group.add_argument(
        "--shutter",
        type=_options.finite,
        default=0.0,
        metavar="SHARE",
        help="motion blur: the time it is open, 0..1 (0)",
    )


def check(options: argparse.Namespace, example: str) -> None:
    """Refuse a name that is no film's, before anything is read."""
    target, (width, height) = Path(options.output), options.size
    kind, suffix = kind_of(options.output), target.suffix.lower()
    if kind is None:
        known = ", ".join((*VIDEOS, *ANIMATED))
        raise UsageError(
            f"OUTPUT must end in one of {known}, be as {example}_%03d.png, or end in /; got {target.name!r}; rename it"
        )
    if kind == "video" and not options.codec and (width % 2 or height % 2):
        raise UsageError(
            f"{suffix} needs even sizes; got {width}x{height}; pass {width & ~1}x{height & ~1}"
        )


def draw(options: argparse.Namespace, dem: vf.DEM | vf.LargeDEM, path: vf.Path) -> None:
    """Make the film."""
    with Bar("frames") as bar:
        vf.animate(
            dem,
            path,
            options.output,
            fps=options.fps,
            size=options.size,
            codec=options.codec,
            shutter=options.shutter,
            progress=bar,
            **_options.words(options),
        )
    if options.json:
        frames = len(path.times(options.fps))
        show_json({"output": options.output, "frames": frames, "size": list(options.size)})
