"""Maps: a picture of a DEM in a frame, with what a reader needs beside it, on a page with physical units.

`_map.py` is the door. A page is one value, `_marks.Layout`: boxes, texts, lines and areas in millimetres. `_layout.py` finds where
the furniture stands, the blocks (`_colourbar.py`, `_legend.py`, `_scalebar.py`, `_north.py`, `_inset.py`) what it consists of, and
`_png.py`, `_pdf.py` and `_svg.py` draw the same value.
"""

from ._map import map as map
from ._page import Page

__all__ = ["Page", "map"]
