"""Where one looks from, how exactly, and what comes beside the picture."""

from .row import Row

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
        "detail",
        "Every patch",
        "detail",
        'picture = vf.render(dem, **look | dict(detail="exact"))',
        "Every patch at any distance. No cell is smaller than a pixel here; from further away it is a little noisier than the default, which takes such cells as a whole.",
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
]
