"""Our tiles on MapLibre GL, in a real browser: pictures on our own heights. VULKAN_FORGE_SCREENSHOT keeps the view."""

import io
import os
import time
from pathlib import Path

import browser
import dems
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from test_serve import served

MAPLIBRE = Path(__file__).resolve().parent.parent / ".deps" / "maplibre" / "package" / "dist"
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.slow,
    pytest.mark.skipif(browser.CHROMIUM is None, reason="no chromium; apt install chromium"),
    pytest.mark.skipif(not MAPLIBRE.is_dir(), reason="no MapLibre; dev.py torture takes it"),
]
SIZE = (800, 600)


def shot(page):
    return np.asarray(PillowImage.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)


@pytest.mark.timeout(300)
def test_the_page_shows_pictures_on_heights(tmp_path):
    heights = dems.ridge(250, 300, relief=900.0, noise=0.01)
    ground = vf.DEM(
        heights, transform=(30.0, 0, 400_000.0, 0, -30.0, 3_800_000.0), crs="EPSG:32611"
    )
    app = vf.tile_app(ground, zooms=(10, 13), maplibre=MAPLIBRE, cmap="gist_earth", name="ridge")
    with served(app) as address:
        page = browser.Browser(tmp_path / "profile", SIZE, webgl=True)
        try:
            page("Page.navigate", url=f"{address}/")
            page.until("window.map?.loaded() && map.areTilesLoaded()", 120)
            flat = shot(page)
            page.run(
                "map.setTerrain({source: 'terrain', exaggeration: 2}); map.jumpTo({pitch: 65})"
            )
            page.until("map.loaded() && map.areTilesLoaded() && map.getTerrain() !== null", 120)
            time.sleep(1)
            page.until("map.loaded() && map.areTilesLoaded()", 60)
            upright = shot(page)
            # What MapLibre takes for the ground's height is what the DEM has there.
            middle = ground.shape[0] // 2, ground.shape[1] // 2
            pyproj = pytest.importorskip("pyproj")
            to_degrees = pyproj.Transformer.from_crs(ground.crs, "EPSG:4326", always_xy=True)
            differs = []
            for down, right in ((0, 0), (-40, 30), (50, -60), (70, 80)):
                row, column = middle[0] + down, middle[1] + right
                place = to_degrees.transform(
                    400_000 + 30 * (column + 0.5), 3_800_000 - 30 * (row + 0.5)
                )
                shown = page.run(f"map.queryTerrainElevation([{place[0]}, {place[1]}])")
                differs.append(shown / 2 - heights[row, column])
            assert not page.run("document.getElementById('failure').textContent")
        finally:
            page.close()
    if target := os.environ.get("VULKAN_FORGE_SCREENSHOT"):
        PillowImage.fromarray(np.hstack([flat, upright]).astype(np.uint8)).save(target)
    # Not on the bare background, in the colours of the picture, and another view once it is upright.
    background = np.abs(flat - [0xEE, 0xF1, 0xF3]).max(axis=2) < 3
    assert 0.1 < (~background).mean() < 0.95
    assert (np.ptp(flat[~background], axis=1) > 40).mean() > 0.5
    assert (np.abs(flat - upright).max(axis=2) > 30).mean() > 0.1
    # queryTerrainElevation counts from the map's centre, whose own height is not told: differences do.
    assert np.ptp(differs) < 25, differs
