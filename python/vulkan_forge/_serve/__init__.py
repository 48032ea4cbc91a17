"""Map tiles drawn when they are asked for: a DEM's tile sets, a web application of them, a page that shows them."""

from ._app import tile_app

__all__ = ["tile_app"]
