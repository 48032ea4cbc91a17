"""What commands are tried on: files in the folder that one is in."""

import json
import subprocess
import sys
from pathlib import Path

import dems
import geotiffs
from vulkan_forge.cli import main

HEIGHTS = dems.ridge(36, 48, noise=0.05)


def write_files(heights):
    """dem.tif, a place and a track on it."""
    import rasterio
    from rasterio.warp import transform

    geotiffs.write("dem.tif", heights)
    with rasterio.open("dem.tif") as dem:
        middle = transform(dem.crs, "EPSG:4326", *map(list, zip(dem.xy(18, 24))))
        ends = zip(*transform(dem.crs, "EPSG:4326", *dem.xy([5, 18, 30], [5, 24, 40])), strict=True)
    place = {"type": "Point", "coordinates": [axis[0] for axis in middle]}
    feature = {
        "type": "Feature",
        "properties": {"name": "Here", "population": 5},
        "geometry": place,
    }
    points = "".join(f'<trkpt lon="{x}" lat="{y}"/>' for x, y in ends)
    Path("track.gpx").write_text(
        f'<gpx version="1.1" creator="test"><trk><trkseg>{points}</trkseg></trk></gpx>'
    )
    Path("places.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )


def run(*words):
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "vulkan_forge", *map(str, words)], capture_output=True, timeout=120
    )


def refused(capsys, code, *words, parts=()):
    """The one line that a wrong command leaves, and that it leaves no file."""
    before = sorted(Path().rglob("*"))
    assert main([str(word) for word in words]) == code
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err, err
    assert "error: " in err
    for part in parts:
        assert part in err, err
    assert sorted(Path().rglob("*")) == before
    return err
