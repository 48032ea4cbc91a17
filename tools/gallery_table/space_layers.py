"""Walls, tubes and shapes that stand or hang over it."""

from .row import Row

ROWS = [
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
]
