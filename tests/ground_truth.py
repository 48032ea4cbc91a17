"""What geodesics say of cells and slopes, through pyproj alone: nothing here is asked of the package but its coordinates."""

from __future__ import annotations

import numpy as np
import pyproj


class Truth:
    """Of a raster with these (left, bottom, right, top) in a system that PROJ knows by `text`."""

    def __init__(self, text, bounds, shape, base=None):
        self.system = pyproj.CRS(text)
        base = base or (self.system.source_crs if self.system.is_derived else self.system)
        figure = self.system.ellipsoid
        self.geod = pyproj.Geod(
            a=figure.semi_major_metre,
            b=figure.semi_minor_metre or figure.semi_major_metre,
        )
        self.base = pyproj.CRS.from_user_input(base)
        self.away = pyproj.Transformer.from_crs(self.system, self.base, always_xy=True)
        self.unit = np.degrees(self.base.axis_info[0].unit_conversion_factor)
        left, bottom, right, top = bounds
        rows, columns = shape
        self.cell = (right - left) / columns, (top - bottom) / rows
        x = left + (np.arange(columns) + 0.5) * self.cell[0]
        y = top - (np.arange(rows) + 0.5) * self.cell[1]
        self.x, self.y = np.meshgrid(x, y)

    def degrees(self, x, y):
        lon, lat = self.away.transform(x, y)
        return np.asarray(lon) * self.unit, np.asarray(lat) * self.unit

    def size(self, x, y):
        """(dx, dy) metres of a cell about a place, as geodesics go."""
        across, up = self.cell[0] / 2, self.cell[1] / 2
        ends = ((x - across, y), (x + across, y)), ((x, y - up), (x, y + up))
        return tuple(
            float(self.geod.inv(*self.degrees(*one), *self.degrees(*other))[2])
            for one, other in ends
        )

    def north(self, x, y):
        """Bearing of grid north there."""
        step = self.cell[1] / 100
        return float(self.geod.inv(*self.degrees(x, y), *self.degrees(x, y + step))[0])

    def gradient(self, height, step=None):
        """(east, north) of height(lon, lat), a metre for a metre, in all cells."""
        lon, lat = self.degrees(self.x, self.y)
        step = step or 0.25 * min(self.size(self.x[0, 0], self.y[0, 0]))
        found = []
        for bearing in (90.0, 0.0):
            ends = [
                self.geod.fwd(
                    lon, lat, np.full(lon.shape, bearing + turn), np.full(lon.shape, step)
                )
                for turn in (180.0, 0.0)
            ]
            found.append((height(*ends[1][:2]) - height(*ends[0][:2])) / (2 * step))
        return found


# Kinds of system with a raster each, whose north is elsewhere by up to: 180, 18, 2, 37, 40 and 25 degrees, none, ...
PLACES = {
    "polar": ("EPSG:3413", (-1.2e6, -1.3e6, 1.1e6, -5e5)),
    "antarctic": ("EPSG:3031", (3e5, 2e5, 1.5e6, 1.2e6)),
    "albers": ("EPSG:5070", (-2.3e6, 3e5, 2.2e6, 3.1e6)),
    "utm rim": ("EPSG:32633", (7.6e5, 5.9e6, 8.4e5, 6.0e6)),
    "utm continent": ("EPSG:32633", (-9e5, 5e6, 1.9e6, 7e6)),
    "laea": ("EPSG:3035", (2.5e6, 1.5e6, 6e6, 5.3e6)),
    "lcc": ("EPSG:3034", (2.6e6, 1.2e6, 6e6, 4.5e6)),
    "mercator": ("EPSG:3857", (0, 5e6, 3e6, 9e6)),
    "sinusoidal": ("ESRI:54008", (-5e6, 5e6, -3.9e6, 6.1e6)),
    "rotated pole": (
        "+proj=ob_tran +o_proj=longlat +o_lon_p=-162 +o_lat_p=39.25 +lon_0=180",
        (-25, -20, 25, 20),
    ),
    "moon": ("+proj=laea +lat_0=70 +lon_0=30 +R=1737400", (-4e5, -4e5, 4e5, 4e5)),
    "mars": ("+proj=eqc +lat_ts=0 +lon_0=0 +R=3396190", (0, 2e6, 1e6, 3e6)),
    "antimeridian": ("+proj=laea +lat_0=-18 +lon_0=179 +datum=WGS84", (-8e5, -8e5, 9e5, 7e5)),
    "grads": ("EPSG:4807", (-5, 40, 10, 60)),
}
