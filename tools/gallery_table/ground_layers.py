"""Lines, areas and points that are part of the ground."""

from .row import Row

ROWS = [
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
]
