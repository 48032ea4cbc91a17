"""How long texts are: what a layout must know of them, from the engine that draws them."""

from __future__ import annotations

from typing import NamedTuple

from .._vulkan_forge import Texts

Fonts = tuple[tuple[str, bytes], ...]
"""Name and bytes of each, tried in this order before the package's own."""


class Measured(NamedTuple):
    """A text in its font; lengths in ems, y down from its baseline."""

    texts: Texts
    """It alone."""
    advance: float
    left: float
    top: float
    right: float
    bottom: float
    """Of its outlines."""


class Lettering:
    """Texts in certain fonts, each shaped once."""

    def __init__(self, fonts: Fonts = ()) -> None:
        self._fonts = list(fonts)
        self._known: dict[str, Measured] = {}

    def of(self, text: str) -> Measured:
        """A line of text.

        Raises
        ------
        InvalidInputError
            It has a character that is in no font.
        """
        if text not in self._known:
            shaped = Texts([text], [0], self._fonts)
            advance, _, left, top, right, bottom = shaped.measures()[0].tolist()
            self._known[text] = Measured(shaped, advance, left, top, right, bottom)
        return self._known[text]

    def width(self, text: str) -> float:
        """How long a line of text is, in ems."""
        return self.of(text).advance

    def wrapped(self, text: str, width: float) -> list[str]:
        """`text` in lines of at most `width` ems, broken at blanks; a word that is longer stands alone."""
        lines: list[str] = []
        for paragraph in text.splitlines():
            line = ""
            for word in paragraph.split():
                longer = f"{line} {word}".strip()
                if line and self.width(longer) > width:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return [line for line in lines if line]


PLAIN = Lettering()
"""In the package's own font."""
