"""The recipes of `vf.map`."""

from .row import Row

_PAGE = """place = vf.DEM(heights, bounds=(-84.4138, 36.4, -83.9354, 36.7583), crs="EPSG:4326")
page = vf.map(
    place, title="{title}", style="{style}", graticule=True, inset=True, size=(243.84, 152.4), dpi=100,
)
picture = page.rgba[..., :3]"""


def _page(style: str, title: str, text: str) -> Row:
    code = _PAGE.format(title=title, style=style)
    return Row(
        f"style_{style}", title, "", code, f"{text} A page of `vf.map`, see [Maps](../maps.md)."
    )


ROWS = [
    _page(
        "swiss",
        "Swiss style",
        "Jenny and Hurni's: shade is bluish, light is yellowish, lowlands are veiled, summits are not.",
    ),
    _page(
        "imhof",
        "Imhof's tints",
        "The higher the warmer and the lighter, as through air: Imhof's scale for maps of mountains.",
    ),
    _page(
        "usgs",
        "A topographic map's brown lines",
        "Contours with index lines over a grey relief, as on the maps of the U.S. Geological Survey.",
    ),
    _page(
        "brassel",
        "Brassel's shading",
        "Greys whose contrast grows with height.",
    ),
    _page(
        "vat",
        "For archaeologists",
        "Hillshade, slope, openness and sky view in one picture: what is small stands out, whichever way it runs.",
    ),
    _page(
        "texture",
        "Texture shading",
        "Brown's fractional Laplacian with half a hillshade: ridges and valleys of all sizes as one network.",
    ),
]
