"""Local relief operators in plain NumPy, float64, cell by cell as their definitions read. Slow and obvious.

The rim of `padded` is gdaldem's -compute_edges: rows go on as lines, then columns, and a corner's window repeats the
nearer column. So a corner cell has a window of its own.
"""

import numpy as np


def windows(dem, edges):
    """(3, 3, H, W): each cell with its eight neighbours; NaN beyond the border with edges="nan"."""
    z = np.asarray(dem, np.float64)
    rows, columns = z.shape
    found = np.full((3, 3, rows, columns), np.nan)
    for i in range(rows):
        for j in range(columns):
            found[:, :, i, j] = _window(z, i, j, edges)
    return found


def _window(z, i, j, edges):
    rows, columns = z.shape

    def row(place):
        """The three heights about column j in a row that may lie one beyond the raster."""
        if not 0 <= place < rows:
            if edges == "nan":
                return np.full(3, np.nan)
            near, far = (0, 1) if place < 0 else (rows - 1, rows - 2)
            beside = [max(j - 1, 0), j, min(j + 1, columns - 1)]
            return 2 * z[near, beside] - z[far, beside]
        west = z[place, j - 1] if j > 0 else _beyond(z[place], 0, 1)
        east = z[place, j + 1] if j < columns - 1 else _beyond(z[place], -1, -2)
        return np.array([west, z[place, j], east])

    def _beyond(line, near, far):
        if edges == "nan":
            return np.nan
        return line[near] if i in (0, rows - 1) else 2 * line[near] - line[far]

    window = np.array([row(i - 1), row(i), row(i + 1)])
    if edges == "extend" and not np.isnan(z[i, j]):
        window = np.where(np.isnan(window), z[i, j], window)
    return window


def local(
    name, dem, *, spacing=(1.0, 1.0), vert_exag=1.0, edges="extend", azimuth=315.0, altitude=45.0
):
    """One operator: a name as in `OPERATORS`. `spacing` may hold a column of numbers for dx and dy each."""
    if min(np.shape(dem)) < 2:
        return np.full(np.shape(dem), np.nan)
    w = windows(dem, edges)
    (a, b, c), (d, _, f), (g, h, i) = w
    hole = np.isnan(w).any(axis=(0, 1))
    dx, dy = (np.asarray(step, np.float64) for step in spacing)
    if "zevenbergen" in name or name.startswith("curvature"):
        east, north = (f - d) / (2 * dx), (b - h) / (2 * dy)
    else:
        east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * dx)
        north = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * dy)
    east, north = vert_exag * east, vert_exag * north
    with np.errstate(all="ignore"):
        value = _value(
            name, w, east, north, dx, dy, vert_exag, np.radians(azimuth), np.radians(altitude)
        )
    return np.where(hole, np.nan, value)


def _value(name, w, east, north, dx, dy, vert_exag, azimuth, altitude):
    (a, b, c), (d, e, f), (g, h, i) = w
    steepness = np.hypot(east, north)

    def light(azimuth):
        towards = np.sin(altitude) - np.cos(altitude) * (
            east * np.sin(azimuth) + north * np.cos(azimuth)
        )
        return towards / np.sqrt(1 + steepness**2)

    bearing = np.degrees(np.arctan2(-east, -north)) % 360
    match name.partition("/")[0], name.partition("/")[2].partition("/")[0]:
        case "hillshade", "horn" | "zevenbergen-thorne":
            return np.maximum(0, light(azimuth))
        case "hillshade", "multidirectional":
            angles = np.radians([225, 270, 315, 360])
            weights = [np.cos(np.radians(bearing) - angle) ** 2 for angle in angles]
            shades = [
                weight * np.maximum(0, light(angle))
                for weight, angle in zip(weights, angles, strict=True)
            ]
            return np.where(steepness == 0, np.sin(altitude), 0.5 * sum(shades))
        case "hillshade", "combined":
            return np.maximum(
                0, 1 - np.arccos(light(azimuth)) * np.arctan(steepness) / (np.pi / 2) ** 2
            )
        case "hillshade", "igor":
            away = np.degrees(azimuth) + 180
            turn = np.abs((bearing - away + 180) % 360 - 180)
            return 1 - np.degrees(np.arctan(steepness)) / 90 * (1 - turn / 180)
        case "slope", "degree":
            return np.degrees(np.arctan(steepness))
        case "slope", "percent":
            return 100 * steepness
        case "aspect", _:
            return np.where(steepness == 0, np.nan, np.where(bearing >= 360, 0, bearing))
        case "tri", "riley":
            return np.sqrt(((w - e) ** 2).sum(axis=(0, 1)))
        case "tri", "wilson":
            return np.abs(w - e).sum(axis=(0, 1)) / 8
        case "tpi", _:
            return e - (w.sum(axis=(0, 1)) - e) / 8
        case "roughness", _:
            return w.max(axis=(0, 1)) - w.min(axis=(0, 1))
    xx = vert_exag * (d + f - 2 * e) / dx**2
    yy = vert_exag * (b + h - 2 * e) / dy**2
    xy = vert_exag * (c + g - a - i) / (4 * dx * dy)
    along = -(xx * east**2 + yy * north**2 + 2 * xy * east * north) / steepness**2
    across = -(xx * north**2 + yy * east**2 - 2 * xy * east * north) / steepness**2
    kinds = {"mean": -(xx + yy) / 2, "profile": along, "plan": across}
    value = kinds[name.partition("/")[2]]
    return value if name.endswith("mean") else np.where(steepness == 0, 0, value)


# Name in the reference -> function and arguments in vulkan_forge.relief.
OPERATORS = {
    "hillshade/horn": ("hillshade", {"method": "horn"}),
    "hillshade/zevenbergen-thorne": ("hillshade", {"method": "zevenbergen-thorne"}),
    "hillshade/multidirectional": ("hillshade", {"method": "multidirectional"}),
    "hillshade/combined": ("hillshade", {"method": "combined"}),
    "hillshade/igor": ("hillshade", {"method": "igor"}),
    "slope/degree": ("slope", {}),
    "slope/percent": ("slope", {"unit": "percent"}),
    "slope/degree/zevenbergen": ("slope", {"method": "zevenbergen-thorne"}),
    "slope/percent/zevenbergen": ("slope", {"unit": "percent", "method": "zevenbergen-thorne"}),
    "aspect": ("aspect", {}),
    "aspect/zevenbergen": ("aspect", {"method": "zevenbergen-thorne"}),
    "tri/riley": ("tri", {}),
    "tri/wilson": ("tri", {"method": "wilson"}),
    "tpi": ("tpi", {}),
    "roughness": ("roughness", {}),
    "curvature/mean": ("curvature", {}),
    "curvature/plan": ("curvature", {"kind": "plan"}),
    "curvature/profile": ("curvature", {"kind": "profile"}),
}
SHADED = {name for name, (function, _) in OPERATORS.items() if function == "hillshade"}
EXAGGERATED = {
    name
    for name, (function, _) in OPERATORS.items()
    if function in ("hillshade", "slope", "curvature")
}

# Name -> gdaldem's mode and options.
GDALDEM = {
    "hillshade/horn": ("hillshade",),
    "hillshade/zevenbergen-thorne": ("hillshade", "-alg", "ZevenbergenThorne"),
    "hillshade/multidirectional": ("hillshade", "-multidirectional"),
    "hillshade/combined": ("hillshade", "-combined"),
    "hillshade/igor": ("hillshade", "-igor"),
    "slope/degree": ("slope",),
    "slope/percent": ("slope", "-p"),
    "slope/degree/zevenbergen": ("slope", "-alg", "ZevenbergenThorne"),
    "slope/percent/zevenbergen": ("slope", "-p", "-alg", "ZevenbergenThorne"),
    "aspect": ("aspect",),
    "aspect/zevenbergen": ("aspect", "-alg", "ZevenbergenThorne"),
    "tri/riley": ("TRI", "-alg", "Riley"),
    "tri/wilson": ("TRI", "-alg", "Wilson"),
    "tpi": ("TPI",),
    "roughness": ("roughness",),
}
