"""A page as PDF, by reportlab: letters as outlines, and over them the same text unseen, to be found and copied."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .._extras import require
from .._vulkan_forge import _noto_sans
from ._marks import CLEAR, WHITE, Colour, Layout, Picture, Shape, Stamp, Text

if TYPE_CHECKING:
    from ._lettering import Lettering

_POINT = 72 / 25.4  # points in a millimetre
_FONT = "vulkan_forge-NotoSans"
_UNSEEN = 3  # text rendering mode (ISO 32000-1, 9.3.6)


def draw(layout: Layout, lettering: Lettering, title: str | None, paper: Colour) -> bytes:
    """The file; the same bytes for the same page.

    Raises
    ------
    MissingExtraError
        reportlab is not installed.
    """
    canvases = require("reportlab.pdfgen.canvas", "map", "a PDF")
    width, height = layout.size
    file = io.BytesIO()
    page = canvases.Canvas(
        file, pagesize=(width * _POINT, height * _POINT), invariant=1, pageCompression=1
    )
    page.setTitle(title or "")
    page.setCreator("vulkan_forge")
    page.setAuthor("")
    page.setSubject("")
    # Millimetres, y down.
    page.transform(_POINT, 0, 0, -_POINT, 0, height * _POINT)
    if paper != CLEAR:
        page.setFillColorRGB(*paper[:3], alpha=paper[3])
        page.rect(0, 0, width, height, stroke=0, fill=1)
    _register()
    for mark in layout.marks:
        page.saveState()
        if isinstance(mark, Picture):
            _picture(page, mark)
        elif isinstance(mark, Stamp):
            _picture(page, mark.picture())
        elif isinstance(mark, Shape):
            _shape(page, mark)
        else:
            _text(page, mark, lettering)
        page.restoreState()
    page.showPage()
    page.save()
    return file.getvalue()


def _register() -> None:
    metrics = require("reportlab.pdfbase.pdfmetrics", "map", "a PDF")
    if _FONT not in metrics.getRegisteredFontNames():
        fonts = require("reportlab.pdfbase.ttfonts", "map", "a PDF")
        metrics.registerFont(fonts.TTFont(_FONT, io.BytesIO(_noto_sans())))


def _picture(page: Any, mark: Picture) -> None:
    images = require("PIL.Image", "map", "a PDF")
    readers = require("reportlab.lib.utils", "map", "a PDF")
    opaque = bool((mark.pixels[..., 3] == 255).all())
    pixels = np.ascontiguousarray(mark.pixels[..., :3] if opaque else mark.pixels)
    reader = readers.ImageReader(images.fromarray(pixels))
    left, top, width, height = mark.box
    page.translate(left, top + height)
    page.scale(1, -1)
    page.drawImage(reader, 0, 0, width, height, mask=None if opaque else "auto")


def _shape(page: Any, mark: Shape) -> None:
    path = page.beginPath()
    for line in mark.lines:
        for number, (x, y) in enumerate(line.tolist()):
            (path.lineTo if number else path.moveTo)(x, y)
        if len(line) and (mark.closed or mark.fill is not None):
            path.close()
    if mark.fill is not None:
        page.setFillColorRGB(*mark.fill[:3], alpha=mark.fill[3])
    if mark.stroke is not None:
        page.setStrokeColorRGB(*mark.stroke[:3], alpha=mark.stroke[3])
        page.setLineWidth(mark.width)
        if mark.round:
            page.setLineCap(1)
            page.setLineJoin(1)
        if mark.dash:
            page.setDash(list(mark.dash))
    page.drawPath(path, stroke=mark.stroke is not None, fill=mark.fill is not None, fillMode=1)


def _text(page: Any, mark: Text, lettering: Lettering) -> None:
    measured = lettering.of(mark.text)
    turn = math.radians(mark.turn)
    page.transform(math.cos(turn), -math.sin(turn), math.sin(turn), math.cos(turn), mark.x, mark.y)
    page.translate(-mark.anchor * measured.advance * mark.size, 0)
    page.saveState()
    page.scale(mark.size, mark.size)
    path = _outline(page, measured.texts)
    page.setFillColorRGB(*mark.colour[:3], alpha=mark.colour[3])
    if mark.halo > 0:
        page.setStrokeColorRGB(*WHITE[:3], alpha=1)
        page.setLineJoin(1)
        page.setLineWidth(2 * mark.halo / mark.size)
        page.drawPath(path, stroke=1, fill=0)
    page.drawPath(path, stroke=0, fill=1, fillMode=1)
    page.restoreState()
    _unseen(page, mark, measured.advance * mark.size)


def _outline(page: Any, texts: Any) -> Any:
    commands, points = texts.outline(0)
    places = iter(points.tolist())
    path = page.beginPath()
    at = (0.0, 0.0)
    for letter in commands.decode("ascii"):
        if letter == "Z":
            path.close()
        elif letter == "M":
            at = next(places)
            path.moveTo(*at)
        elif letter == "L":
            at = next(places)
            path.lineTo(*at)
        elif letter == "Q":  # as the cubic that it is
            by, to = next(places), next(places)
            first, second = (
                [end + 2 / 3 * (middle - end) for end, middle in zip(ends, by, strict=True)]
                for ends in (at, to)
            )
            path.curveTo(*first, *second, *to)
            at = to
        else:
            first, second, at = next(places), next(places), next(places)
            path.curveTo(*first, *second, *at)
    return path


def _unseen(page: Any, mark: Text, length: float) -> None:
    metrics = require("reportlab.pdfbase.pdfmetrics", "map", "a PDF")
    known = metrics.getFont(_FONT).face.charToGlyph
    if not all(ord(letter) in known for letter in mark.text):
        return
    page.scale(1, -1)
    text = page.beginText(0, 0)
    text.setFont(_FONT, mark.size)
    text.setTextRenderMode(_UNSEEN)
    own = metrics.stringWidth(mark.text, _FONT, mark.size)
    if own > 0:
        text.setHorizScale(100 * length / own)
    text.textOut(mark.text)
    page.drawText(text)
