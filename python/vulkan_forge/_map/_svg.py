"""A page as SVG: letters as outlines, so that it looks the same everywhere, named by ``aria-label``."""

from __future__ import annotations

import base64
import math
import xml.etree.ElementTree as Xml
from typing import TYPE_CHECKING

import numpy as np

from .._vulkan_forge import _png_bytes
from ._marks import CLEAR, WHITE, Colour, Layout, Picture, Shape, Stamp, Text

if TYPE_CHECKING:
    from ._lettering import Lettering


def draw(layout: Layout, lettering: Lettering, title: str | None, paper: Colour) -> bytes:
    """The file."""
    width, height = layout.size
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:.10g}mm",
            "height": f"{height:.10g}mm",
            "viewBox": f"0 0 {width:.10g} {height:.10g}",
        },
    )
    if title:
        Xml.SubElement(root, "title").text = title
    if paper != CLEAR:
        Xml.SubElement(root, "rect", {"width": "100%", "height": "100%", **_paint("fill", paper)})
    for mark in layout.marks:
        if isinstance(mark, Picture):
            _picture(root, mark)
        elif isinstance(mark, Stamp):
            _picture(root, mark.picture())
        elif isinstance(mark, Shape):
            _shape(root, mark)
        else:
            _text(root, mark, lettering)
    data: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _picture(root: Xml.Element, mark: Picture) -> None:
    png = base64.b64encode(_png_bytes(np.ascontiguousarray(mark.pixels))).decode("ascii")
    place = {name: f"{getattr(mark.box, side):.6g}" for name, side in _SIDES}
    kind = {"preserveAspectRatio": "none", "href": f"data:image/png;base64,{png}"}
    Xml.SubElement(root, "image", place | kind)


_SIDES = (("x", "left"), ("y", "top"), ("width", "width"), ("height", "height"))


def _shape(root: Xml.Element, mark: Shape) -> None:
    end = "Z" if mark.closed or mark.fill is not None else ""
    parts = [
        "M" + "L".join(f"{x:.4f} {y:.4f}" for x, y in line.tolist()) + end
        for line in mark.lines
        if len(line)
    ]
    words = {"d": "".join(parts), **_paint("fill", mark.fill)}
    if mark.stroke is not None:
        words |= _paint("stroke", mark.stroke) | {"stroke-width": f"{mark.width:.4g}"}
        if mark.round:
            words |= {"stroke-linecap": "round", "stroke-linejoin": "round"}
        if mark.dash:
            words["stroke-dasharray"] = " ".join(f"{step:.4g}" for step in mark.dash)
    Xml.SubElement(root, "path", words)


def _text(root: Xml.Element, mark: Text, lettering: Lettering) -> None:
    measured = lettering.of(mark.text)
    commands, points = measured.texts.outline(0)
    places = iter(points.tolist())
    steps = []
    for letter in commands.decode("ascii"):
        taken = [next(places) for _ in range({"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}[letter])]
        steps.append(letter + " ".join(f"{x:.4f} {y:.4f}" for x, y in taken))
    turn = f"translate({mark.x:.4f} {mark.y:.4f}) rotate({-mark.turn:.6g}) scale({mark.size:.6g}) "
    group = {
        "aria-label": mark.text,
        "transform": f"{turn}translate({-mark.anchor * measured.advance:.5f} 0)",
    }
    words = {"d": "".join(steps), **_paint("fill", mark.colour)}
    if mark.halo > 0:
        rim = _paint("stroke", WHITE) | {
            "stroke-width": f"{2 * mark.halo / mark.size:.4g}",
            "stroke-linejoin": "round",
            "paint-order": "stroke",
        }
        words |= rim
    Xml.SubElement(Xml.SubElement(root, "g", group), "path", words)


def _paint(name: str, colour: Colour | None) -> dict[str, str]:
    if colour is None or colour[3] == 0:
        return {name: "none"}
    red, green, blue = (round(255 * part) for part in colour[:3])
    paint = {name: f"#{red:02x}{green:02x}{blue:02x}"}
    if not math.isclose(colour[3], 1.0):
        paint[f"{name}-opacity"] = f"{colour[3]:.4g}"
    return paint
