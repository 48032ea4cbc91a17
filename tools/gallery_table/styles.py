"""The recipes of `vf.map`."""

from .row import Row

ROWS = [
    Row(
        "style_swiss",
        "Swiss style",
        "",
        """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="Swiss style", style="swiss", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]""",
        "Jenny and Hurni's: shade is bluish, light is yellowish, lowlands are veiled, summits are not. A page of `vf.map`, see [Maps](../maps.md).",
    ),
    Row(
        "style_imhof",
        "Imhof's tints",
        "",
        """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="Imhof's tints", style="imhof", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]""",
        "The higher the warmer and the lighter, as through air: Imhof's scale for maps of mountains. A page of `vf.map`, see [Maps](../maps.md).",
    ),
    Row(
        "style_usgs",
        "A topographic map's brown lines",
        "",
        """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="A topographic map's brown lines", style="usgs", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]""",
        "Contours with index lines over a grey relief, as on the maps of the U.S. Geological Survey. A page of `vf.map`, see [Maps](../maps.md).",
    ),
    Row(
        "style_brassel",
        "Brassel's shading",
        "",
        """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="Brassel's shading", style="brassel", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]""",
        "Greys whose contrast grows with height. A page of `vf.map`, see [Maps](../maps.md).",
    ),
    Row(
        "style_vat",
        "For archaeologists",
        "",
        """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="For archaeologists", style="vat", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]""",
        "Hillshade, slope, openness and sky view in one picture: what is small stands out, whichever way it runs. A page of `vf.map`, see [Maps](../maps.md).",
    ),
    Row(
        "style_texture",
        "Texture shading",
        "",
        """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="Texture shading", style="texture", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]""",
        "Brown's fractional Laplacian with half a hillshade: ridges and valleys of all sizes as one network. A page of `vf.map`, see [Maps](../maps.md).",
    ),
]
