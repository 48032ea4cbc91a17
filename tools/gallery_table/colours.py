"""Colour maps, their ranges and steps, and lines of equal height."""

from .row import Row

ROWS = [
    Row(
        "vmin_vmax",
        "A range of heights",
        "vmin vmax under over",
        """picture = vf.render(dem, **look | dict(
    vmin=330, vmax=700, under="#4f6d7a", over="#fbfaf7"))""",
        "Colours for 330 to 700 m; below and above stand colours of their own.",
    ),
    Row(
        "robust",
        "A robust range",
        "robust",
        """spiked = heights.copy()
spiked[100, 100], spiked[200, 300] = 8_000, -8_000  # two bad samples
spiked = vf.DEM(spiked, spacing=dem.spacing)
picture = vf.render(spiked, **look | dict(robust=True))""",
        "A spike and a pit of 8 km, which would take nearly all colours, take none: the range is that of 96 % of the samples.",
    ),
    Row(
        "bad",
        "Painted holes",
        "bad",
        """cut = heights.copy()
row, column = np.indices(cut.shape)
cut[np.hypot(row - 215, 1.1 * (column - 235)) < 22] = np.nan
cut[(row - 0.6 * column < -25) & (column > 300)] = np.nan
cut = vf.DEM(cut, spacing=dem.spacing)
picture = vf.render(cut, **look | dict(bad="#8c8a94"))""",
        "What is missing, here a disc and a corner, is drawn as smooth grey ground from rim to rim; by default one sees through.",
    ),
    Row(
        "levels",
        "Levels",
        "levels",
        'picture = vf.render(dem, **look | dict(levels=10, cmap="terrain"))',
        "About ten round heights, one colour between each two, with sharp borders from the crest to the valley.",
    ),
    Row(
        "levels_list",
        "Levels of one's own",
        "levels extend",
        """picture = vf.render(dem, **look | dict(
    levels=[300, 400, 600, 800], extend="both", cmap=["#5b7f8c", "#93ab83", "#dccf9f", "#b98c63", "#f3efe8"]))""",
        "Five colours for four heights: one band below the first and one above the last.",
    ),
    Row(
        "norm",
        "A norm",
        "norm",
        'picture = vf.render(dem, **look | dict(norm=("power", 0.5), cmap="viridis"))',
        "The root of the height above the lowest ground: more colours for the valleys.",
    ),
    Row(
        "vcenter",
        "Two slopes",
        "vcenter",
        'picture = vf.render(dem, **look | dict(vcenter=450.0, cmap="BrBG_r", exposure=1.0))',
        "The middle of a diverging colour map lies at 450 m, with all of its halves below and above.",
    ),
    Row(
        "contours",
        "Contour lines",
        "contours",
        "picture = vf.render(dem, **look | dict(contours=40.0))",
        "Every 40 m, each fifth line wider; as wide on steep slopes as on gentle ones, and gone where they would merge.",
    ),
]
