"""The sun, the sky and how the ground takes their light."""

from .row import Row

ROWS = [
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
]
