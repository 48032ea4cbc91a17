"""What the gallery shows, by section: a row for each picture. tools/gallery.py draws them and writes docs/gallery."""

from . import colours, ground_layers, labels, light, scenery, space_layers, styles, view
from .row import SETTING, Row

__all__ = ["ROWS", "SECTIONS", "SETTING", "Row"]

SECTIONS = {
    "The view": view.ROWS,
    "Light": light.ROWS,
    "Colours of heights": colours.ROWS,
    "Scenery": scenery.ROWS,
    "Layers on the ground": ground_layers.ROWS,
    "In space": space_layers.ROWS,
    "Lettering": labels.ROWS,
    "Map styles": styles.ROWS,
}
ROWS = [row for rows in SECTIONS.values() for row in rows]
