"""What the gallery shows: one row for each picture. tools/gallery.py draws them and writes docs/gallery."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A picture of the gallery."""

    name: str
    """Of its file."""
    title: str
    shows: str
    """Keywords of ``render`` that it is there for, separated by blanks."""
    code: str
    """Python that follows `SETTING` and leaves `picture`: an Image, or (H, W, 3) uint8."""
    text: str
    """What to see."""


SETTING = """\
import matplotlib
import numpy as np
import vulkan_forge as vf
from matplotlib.cbook import get_sample_data
from matplotlib.colors import LinearSegmentedColormap

with get_sample_data("jacksboro_fault_dem.npz") as file:  # by the USGS, 403 x 344 samples
    heights = file["elevation"].astype(np.float32)
dem = vf.DEM(heights, spacing=(74.6, 92.5))  # three seconds of arc at 36.6 degrees north, in metres
tints = LinearSegmentedColormap.from_list(
    "tints", ["#7d9b76", "#a9b88a", "#d9cda0", "#c79f74", "#a6805f", "#f1ece4"]
)
camera = vf.Camera.orbit(target=(-1000, 500, 900), distance=31_000, azimuth=118, altitude=30)
look = dict(
    size=(960, 600), camera=camera, vert_exag=2.5, cmap=tints, samples=8,
    azimuth=205, altitude=30, ambient=0.3, exposure=1.3, background=(0.86, 0.90, 0.94, 1),
)
"""

ROWS = [
    Row(
        "plain",
        "The setting",
        "camera vert_exag cmap",
        "picture = vf.render(dem, **look)",
        "The ground that most of the pictures below change in one thing: exact bilinear patches, cast shadows, no mesh.",
    ),
    Row(
        "map",
        "A map",
        "camera",
        """top = vf.Camera.map((-10_000, -6_250, 10_000, 6_250))
picture = vf.render(dem, **look | dict(camera=top, azimuth=315, altitude=45))""",
        "Straight from above, north up, any scale; with a GeoTIFF's DEM the picture keeps its coordinates.",
    ),
    Row(
        "azimuth_altitude",
        "A low sun",
        "azimuth altitude",
        "picture = vf.render(dem, **look | dict(azimuth=245, altitude=9, exposure=1.9))",
        "Nine degrees above the horizon: long shadows with clean edges, no acne on slopes that only just see the sun.",
    ),
    Row(
        "north",
        "The grid's north",
        "north",
        """polar = vf.DEM(heights, transform=(74.6, 0, 1.6e6, 0, -92.5, 3e4), crs="EPSG:3413")
picture = vf.render(polar, **look | dict(north="grid", ambient=0.2))""",
        "A DEM of the polar stereographic grid, where north lies 90 degrees off the columns, lit from 205 degrees of the grid; "
        "by default azimuths are compass bearings on the ground.",
    ),
    Row(
        "time",
        "A sun of a time and place",
        "time position",
        """sunless = {name: look[name] for name in look if name not in ("azimuth", "altitude")}
picture = vf.render(dem, **sunless, time="2026-11-22T21:00Z", position=(36.6, -84.2))""",
        "Four o'clock on an afternoon in November, from NREL's solar position algorithm.",
    ),
    Row(
        "normals",
        "Facets",
        "normals",
        """near = vf.Camera.orbit((0, 0, 1_000), 9_000, azimuth=200, altitude=25)
picture = vf.render(dem, **look | dict(camera=near, normals="patch", azimuth=300, altitude=30))""",
        "Seen near by, light on each patch by itself. The default, smooth, has no edges between them: see the next one.",
    ),
    Row(
        "normals_smooth",
        "Smooth light",
        "normals",
        """near = vf.Camera.orbit((0, 0, 1_000), 9_000, azimuth=200, altitude=25)
picture = vf.render(dem, **look | dict(camera=near, normals="smooth", azimuth=300, altitude=30))""",
        "The same ground with light that is continuous over the borders between patches; outlines and shadows stay.",
    ),
    Row(
        "detail",
        "Every patch",
        "detail",
        'picture = vf.render(dem, **look | dict(detail="exact"))',
        "Every patch at any distance. No cell is smaller than a pixel here; from further away it is a little noisier than the default, which takes such cells as a whole.",
    ),
    Row(
        "sun_radius",
        "A soft sun",
        "sun_radius",
        "picture = vf.render(dem, **look | dict(azimuth=245, altitude=12, sun_radius=3.0, exposure=1.8))",
        "Shadows are sharp where they start and fade with distance; there is no noise in the penumbra.",
    ),
    Row(
        "ambient_occlusion",
        "Sky light",
        "ambient_occlusion radius ambient",
        """picture = vf.render(dem, **look | dict(
    ambient_occlusion=True, radius=2_500, ambient=0.75, shadows=False, exposure=1.25))""",
        "Valleys see less of the sky than ridges do, and are darker.",
    ),
    Row(
        "shadows",
        "Without cast shadows",
        "shadows",
        "picture = vf.render(dem, **look | dict(shadows=False, azimuth=245, altitude=20, exposure=1.5))",
        "The hillshade of classic maps: slopes turned from the sun are dark, and nothing else is.",
    ),
    Row(
        "ambient",
        "More ambient light",
        "ambient exposure",
        "picture = vf.render(dem, **look | dict(ambient=0.65, exposure=1.1))",
        "Shadows keep their colours; exposure is the factor on all light.",
    ),
    Row(
        "lit",
        "No light",
        "lit",
        "picture = vf.render(dem, **look | dict(lit=False))",
        "The colour map's own bytes: every colour is in the legend.",
    ),
    Row(
        "shading",
        "Light as a layer",
        "shading",
        'picture = vf.render(dem, **look | dict(shading="overlay", ambient=0.15, exposure=1.0))',
        "The look of a hillshade in GIS: level ground keeps the colour map's colour, shaded slopes stay saturated.",
    ),
    Row(
        "shading_soft",
        "Light as a soft layer",
        "shading",
        'picture = vf.render(dem, **look | dict(shading="soft light", ambient=0.0, exposure=1.0))',
        "The same, more gently.",
    ),
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
    Row(
        "water",
        "Water",
        "water",
        "picture = vf.render(dem, **look | dict(water=340.0, azimuth=290, altitude=35))",
        "The valley flooded to 340 m: clear at the shore, deep further out, with the sun in it.",
    ),
    Row(
        "haze",
        "Haze and a sky",
        "haze background",
        """low = vf.Camera.look_at(eye=(17_500, -9_500, 3_600), target=(-3_000, 3_000, 900), fov=38)
picture = vf.render(dem, **look | dict(camera=low, haze=110_000.0, background="sky"))""",
        "Far ridges fade into the sky's colour at the horizon, as they do in clear air.",
    ),
    Row(
        "base",
        "A solid block",
        "base",
        """whole = vf.Camera.orbit(target=(0, -2_000, 0), distance=52_000, azimuth=205, altitude=30)
picture = vf.render(dem, **look | dict(camera=whole, base=True, azimuth=300, altitude=35))""",
        "Walls and a floor, cut clean at the DEM's edge.",
    ),
    Row(
        "block",
        "A block with water in it",
        "base water sun_radius ambient_occlusion",
        """whole = vf.Camera.orbit(target=(0, -2_000, 0), distance=52_000, azimuth=205, altitude=32)
picture = vf.render(dem, **look | dict(
    camera=whole, base=True, water=330.0, sun_radius=2.0, ambient_occlusion=True, ambient=0.45,
    azimuth=285, altitude=25, background=(0.96, 0.95, 0.93, 1)))""",
        "Several options together: solid base, water to its edge, soft sun and sky light.",
    ),
    Row(
        "drape",
        "A drape",
        "drape",
        """slope = np.nan_to_num(vf.relief.slope(dem))[..., None]
forest, rock, meadow = np.array([[112, 139, 92], [190, 172, 148], [205, 206, 152]])
image = forest + (rock - forest) * np.clip((slope - 13) / 9, 0, 1)
image = image + (meadow - image) * np.clip((5 - slope) / 3, 0, 1)
grid = np.add.outer(np.arange(344) % 43 == 0, np.arange(403) % 43 == 0)
image[grid] = [70, 74, 96]
picture = vf.render(dem, **look | dict(drape=image.astype(np.uint8)))""",
        "Any image laid on the ground, here one texel for each cell: forest, rock and meadow by slope, and a grid.",
    ),
    Row(
        "drape_blend",
        "A drape over the colour map",
        "drape",
        """openness = vf.relief.openness(dem, radius=2_000)
low, high = np.nanpercentile(openness, [2, 98])
grey = np.clip((np.nan_to_num(openness, nan=low) - low) / (high - low), 0, 1)
layer = vf.Drape(np.dstack([grey] * 3), blend="soft light", opacity=0.9)
picture = vf.render(dem, **look | dict(drape=layer, shadows=False, ambient=0.5))""",
        "Topographic openness as a layer, blended softly: ridges bright, valleys dark, whatever the sun does.",
    ),
    Row(
        "drape_bounds",
        "A drape of its own bounds",
        "drape",
        """part = (-9_000, -7_000, 5_000, 6_000)  # left, bottom, right, top in world metres
slope = vf.relief.slope(dem)
inset = matplotlib.colormaps["inferno"](np.nan_to_num(slope) / 35, bytes=True)
rows, columns = slice(97, 247), slice(81, 269)
picture = vf.render(dem, **look | dict(drape=vf.Drape(inset[rows, columns], bounds=part, opacity=0.85)))""",
        "Steepness from inferno's black to its yellow, inside one rectangle; around it the colour map goes on.",
    ),
    Row(
        "background",
        "A transparent background",
        "background",
        """shown = vf.render(dem, **look | dict(background="transparent")).rgba / 255.0
squares = np.indices((600, 960)) // 20
paper = np.where(squares.sum(axis=0) % 2, 0.93, 0.80)[..., None]
alpha = shown[..., 3:]
picture = np.uint8(255 * (shown[..., :3] * alpha + paper * (1 - alpha)) + 0.5)""",
        "Laid over squares as a picture program shows it: straight alpha, no white or dark fringe at the skyline.",
    ),
    Row(
        "samples",
        "Samples",
        "samples",
        """near = [np.asarray(vf.render(dem, **look | dict(samples=n)))[60:360, 300:540, :3] for n in (1, 16)]
picture = np.repeat(np.repeat(np.hstack(near), 2, axis=0), 2, axis=1)""",
        "One ray a pixel and sixteen, both twice enlarged.",
    ),
    Row(
        "aovs",
        "Numbers beside the picture",
        "aovs",
        """numbers = vf.render(dem, **look | dict(aovs=("depth", "elevation", "normal", "ground"))).aovs
def grey(values):
    low, high = np.nanmin(values), np.nanmax(values)
    return np.repeat(np.nan_to_num((values - low) / (high - low), nan=1.0)[..., None], 3, axis=2)
normal = np.nan_to_num(numbers["normal"] * 0.5 + 0.5, nan=1.0)
squares = (numbers["ground"] // 1_000).sum(axis=2) % 2
four = [grey(numbers["depth"]), grey(numbers["elevation"]), normal, grey(squares)]
rows = [np.hstack(pair) for pair in (four[:2], four[2:])]
picture = np.uint8(255 * np.vstack(rows)[::2, ::2] + 0.5)""",
        "Depth, elevation, normal, and ground coordinates as squares of one kilometre.",
    ),
    Row(
        "layers",
        "Lines, areas and points",
        "layers",
        """angle = np.linspace(0, 2 * np.pi, 60)
park = np.column_stack([-5_500 + 4_200 * np.cos(angle), -1_500 + 3_000 * np.sin(angle)])
road = np.array([(-3000, -13000), (1500, -4000), (4500, 3000), (3500, 9000), (9000, 14000)])
towns = np.array([(1500, -4000), (4500, 3000), (3500, 9000)])
data = [
    vf.Polygons(park, fill="#d9a441", edge="#6b4a12", edge_width="1.5pt", hatch="/", alpha=0.75),
    vf.Lines(road, color="#b3202c", width="3pt", casing="white", casing_width="1.2pt"),
    vf.Points(towns, size="11pt", color=[300, 20, 90], cmap="viridis", edge="white", edge_width="1.5pt"),
]
picture = vf.render(dem, **look, layers=data)""",
        "They are part of the ground: in its light and shadow, hidden where it is, as wide as they were asked to be.",
    ),
    Row(
        "lines",
        "Dashes, caps, joins, casings",
        "layers",
        """zigzag = np.column_stack([np.linspace(-9000, 9000, 13), np.tile([0, 1400], 7)[:13]])
styles = [
    dict(width="7pt", cap="butt", join="miter"),
    dict(width="7pt", cap="square", join="bevel"),
    dict(width="7pt", cap="round", join="round", casing="white", casing_width="1.5pt"),
    dict(width="3pt", dash="dashed"), dict(width="3pt", dash="dotted", cap="round"), dict(width="3pt", dash="dashdot"),
    dict(width=220, dash=(900, 250, 250, 250)),
]
data = [
    vf.Lines(zigzag + (0, 7200 - 2300 * row), color=matplotlib.colormaps["Dark2"](row), **style)
    for row, style in enumerate(styles)
]
top = vf.Camera.map((-14_000, -8_750, 14_000, 8_750))
picture = vf.render(dem, **look | dict(camera=top, azimuth=315, altitude=45), layers=data)""",
        "Ends butt, square and round, corners mitred, bevelled and round, a casing; matplotlib's dashes, and one in metres on the ground.",
    ),
    Row(
        "hatches",
        "Hatches",
        "layers",
        """square = 1900 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
hatches = ["/", "\\\\", "|", "-", "+", "x", "//", [(20, 420, 120)]]
data = [
    vf.Polygons(square + (-7200 + 4800 * (number % 4), 2500 - 5000 * (number // 4)), hatch=hatch, fill="#f4e7c1", alpha=0.85,
                hatch_color="#7a1f3d", edge="#7a1f3d", edge_width="1.2pt", edge_dash="dashed" if number > 5 else None)
    for number, hatch in enumerate(hatches)
]
top = vf.Camera.map((-14_000, -8_750, 14_000, 8_750))
picture = vf.render(dem, **look | dict(camera=top, azimuth=315, altitude=45), layers=data)""",
        "By matplotlib's letters, denser if repeated, as wide on every picture; the last is told in metres, and lies on the ground.",
    ),
    Row(
        "graph",
        "Graphs",
        "layers",
        """random = np.random.default_rng(7)
nodes = random.uniform((-9000, -11_000), (9000, 11_000), (26, 2))
far = np.linalg.norm(nodes[:, None] - nodes[None], axis=2)
edges = np.array([(a, b) for a in range(26) for b in np.argsort(far[a])[1:4] if a < b or a not in np.argsort(far[b])[1:4]])
net = vf.Graph(nodes, edges, width="2pt", color=far[edges[:, 0], edges[:, 1]], cmap="plasma", node_size="13pt",
               node_color="#fdfdf6", node_edge="#28323c", node_edge_width="1.5pt", node_shape="diamond")
picture = vf.render(dem, **look, layers=[net])""",
        "Nodes, and edges that follow the ground between them, coloured by their length.",
    ),
    Row(
        "symbols",
        "Symbols and billboards",
        "layers",
        """house = "M0 5 L5 0 L10 5 H8.5 V10 H6 V7 H4 V10 H1.5 V5 Z"
tree = '''<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 30"><rect x="8.7" y="22" width="2.6" height="8" fill="#5b3a1e"/>
<path d="M10 0 L17 12 H13.5 L19 23 H1 L6.5 12 H3 Z" fill="#1f5c38"/></svg>'''
random = np.random.default_rng(3)
wood = random.normal((-4500, -1500), (1500, 2200), (140, 2))
towns = np.array([(1500, -4000), (4500, 3000), (3500, 9000), (2500, 500)])
data = [
    vf.Points(wood, image=tree, size=900, height=450),
    vf.Points(towns, shape=house, size="30px", color="#7a1f3d", zorder=1),
    vf.Points(towns[:2] - (4500, 3500), shape=house, size=1500, height=750, color="#d9a441"),
]
picture = vf.render(dem, **look | dict(sun_radius=0.5), layers=data)""",
        "SVG as the shape of points, on the ground and upright over it, and pictures with colours of their own; both throw shadows.",
    ),
    Row(
        "space",
        "Things over the ground",
        "layers",
        """random = np.random.default_rng(4)
angle = np.linspace(0, 2 * np.pi, 7)[:-1, None, None]
corners = 260 * np.hstack([np.cos(angle), np.sin(angle)])[:, :, 0]
middles = random.normal((2500, -500), (1500, 1900), (60, 2))
way = np.linspace(0, 1, 80)
flight = np.column_stack([-9000 + 15_000 * way, -9000 + 14_000 * way, 500 + 9000 * way * (1 - way)])
data = [
    vf.Polygons((corners + middles[:, None]).reshape(-1, 2), offsets=range(0, 361, 6),
                height=random.uniform(150, 700, 60), fill=random.uniform(0, 1, 60), cmap="copper"),
    vf.Lines(flight, z="absolute", width=180, color="#b3202c"),
    vf.Points(middles[::6] - (7000, 0), height=500, size=700, color="#e0b030"),
]
picture = vf.render(dem, **look | dict(sun_radius=1), layers=data)""",
        "Prisms, a line and spheres cast shadows on the ground and on each other, and lie in the terrain's.",
    ),
    Row(
        "arcs",
        "Arcs",
        "layers",
        """towns = np.array([(1500, -4000), (4500, 3000), (-6000, -3500), (9000, 9000), (-1900, 7300), (8500, -7000)])
ways = vf.Graph(towns, [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)], arc=0.22, width="3px", color="#b3202c",
                node_size=550, node_color="#f2d34b")
picture = vf.render(dem, **look, layers=[ways])""",
        "From the ground at one end to that at the other, as high as said in the middle; they hide each other, and cast shadows.",
    ),
    Row(
        "see_through",
        "Seen through",
        "layers",
        """square = 1500 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
places = np.array([(1500, -4000), (2500, 500), (-1500, -1500)])
data = [
    vf.Polygons((square + places[:, None]).reshape(-1, 2), offsets=[0, 4, 8, 12], height=[1500, 900, 1900],
                fill=["#3b6fb6", "#b3202c", "#2f9e63"], alpha=0.45),
    vf.Points(np.array([(-6000, -2500)]), height=900, size=2600, color="#e0b030", alpha=0.5),
    vf.Points(np.array([(-6000, -2500)]), height=900, size=1000, color="#7a2f1d"),
]
picture = vf.render(dem, **look, layers=data)""",
        "What is nearer hides a part of what is behind, whichever layer comes first; shadows are as thick as what throws them.",
    ),
    Row(
        "boards",
        "Shapes that face the camera",
        "layers",
        """shapes = ["disc", "square", "diamond", "triangle", "plus", "cross", "star"]
places = np.column_stack([np.linspace(-6500, 7000, 7), np.linspace(-1500, -3500, 7)])
data = [
    vf.Points(place[None], height=1100, size="34px", shape=shape, color=color)
    for place, shape, color in zip(places, shapes, matplotlib.colormaps["tab10"].colors)
]
posts = np.column_stack([np.repeat(places, 2, axis=0), np.tile([0, 1000], 7)])
data.append(vf.Lines(posts, offsets=range(0, 15, 2), z="relative", width="2px", color="#333333"))
picture = vf.render(dem, **look, layers=data)""",
        "Upright, at their heights, as large as said, on the picture or in metres; a ridge hides them as anything else.",
    ),
    Row(
        "labels",
        "Labels",
        "layers dpi",
        """names = vf.Labels(
    np.array([(-6400, 3900), (-1900, 7300), (-9300, -4600), (4900, 6000), (2500, 200), (9000, -9000), (-3300, 1700)]),
    text=["Cross Mountain", "Pine Mountain", "Frozen Head", "Powell Valley", "Jacksboro", "Clinch", "Cumberland Plateau"],
    size="11pt",
)
picture = vf.render(dem, **look, layers=[names], dpi=120)""",
        "Each name stands beside its place where it meets no other, and none is there whose place a ridge hides.",
    ),
    Row(
        "labels_occlude",
        "Labels behind ridges",
        "layers",
        """grid = np.stack(np.meshgrid(np.arange(-10_000, 11_000, 2500), np.arange(-12_000, 13_000, 2500)), -1).reshape(-1, 2)
low = vf.Camera.look_at(eye=(15_500, -8_500, 2_400), target=(-3_000, 3_000, 700), fov=38)
spots = vf.Labels(
    grid, text=[f"{x // 1000} | {y // 1000}" for x, y in grid], anchor="center", occlude="dim", color="#7a1f3d")
picture = vf.render(dem, **look | dict(camera=low), layers=[spots])""",
        "With occlude='dim' what the terrain hides is faint, and gives way to what is seen.",
    ),
    Row(
        "labels_line",
        "Labels along lines",
        "layers",
        """way = np.linspace(0, 1, 60)[:, None]
ridge = (-9_500, -9_000) * (1 - way) + (2_500, 9_500) * way + (1_800, -1_100) * np.sin(5 * way)
fault = np.array([(-3000, -13000), (1500, -4000), (4500, 3000), (3500, 9000)])
lines = vf.Labels(
    np.concatenate([ridge, fault]), offsets=[0, 60, 64], text=["Cumberland Mountains", "Jacksboro fault"],
    size="17pt", color="#28323c", halo="1.5pt", halo_color="#f3efe6")
top = vf.Camera.map((-14_000, -8_750, 14_000, 8_750))
picture = vf.render(dem, **look | dict(camera=top, azimuth=315, altitude=45), layers=[lines])""",
        "Letters follow their line, upright, where it is straight enough for them.",
    ),
    Row(
        "flight",
        "A flight",
        "camera haze background",
        """line = [[-13_000, -9_000], [-4_000, -1_000], [1_000, -3_000], [6_000, 5_000], [13_000, 9_000]]
path = vf.Path.fly(np.array(line), height=700, speed=300, dem=dem, vert_exag=2.5)
moments = np.linspace(0, path.duration, 6)
look |= dict(size=(320, 300), haze=40_000, background="sky")
frames = [vf.render(dem, **look | dict(camera=path.camera(t, aspect=320 / 300))).rgba for t in moments]
picture = np.vstack([np.hstack(frames[:3]), np.hstack(frames[3:])])""",
        'Six moments of `vf.animate(dem, path, "flight.mp4")`: the camera follows the line above the ground, as films tell.',
    ),
    Row(
        "keep_out",
        "Room for a legend",
        "layers keep_out",
        """grid = np.stack(np.meshgrid(np.arange(-10_000, 11_000, 2000), np.arange(-12_000, 13_000, 2000)), -1).reshape(-1, 2)
spots = vf.Labels(grid, text=[f"{x // 1000} | {y // 1000}" for x, y in grid], anchor="center", size="8pt")
picture = vf.render(dem, **look, layers=[spots], keep_out=[(330, 170, 620, 420)])""",
        "Labels leave the parts of the picture free that are wanted for something else.",
    ),
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
