"""What the ground has on, around and before it."""

from .row import Row

ROWS = [
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
]
