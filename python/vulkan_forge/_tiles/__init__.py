"""Map tiles of a DEM: a matrix, the ground in it, pictures of that ground, files of those pictures, a place for them."""

from ._tiles import TileSet, tiles

__all__ = ["TileSet", "tiles"]
