"""Texts, and the room that they leave."""

from .row import Row

ROWS = [
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
        "keep_out",
        "Room for a legend",
        "layers keep_out",
        """grid = np.stack(np.meshgrid(np.arange(-10_000, 11_000, 2000), np.arange(-12_000, 13_000, 2000)), -1).reshape(-1, 2)
spots = vf.Labels(grid, text=[f"{x // 1000} | {y // 1000}" for x, y in grid], anchor="center", size="8pt")
picture = vf.render(dem, **look, layers=[spots], keep_out=[(330, 170, 620, 420)])""",
        "Labels leave the parts of the picture free that are wanted for something else.",
    ),
]
