"""What is wrong with a source is said in the project's words, and nothing else is printed."""

import subprocess
import sys

NOISY = """
import warnings; warnings.simplefilter("ignore")
import numpy as np, vulkan_forge as vf
flat = np.zeros((4, 5), np.float32)
moon = vf.DEM(flat, bounds=(0, 0, 1, 1), crs="+proj=longlat +R=1737400")
site = vf.DEM(flat, transform=(30, 0, 0, 0, -30, 0), crs='LOCAL_CS["site",UNIT["metre",1]]')
far = vf.DEM(flat, bounds=(-180, -80, 180, 80), crs="EPSG:4326")
calls = [
    lambda crs=crs: vf.DEM(flat, bounds=(0, 0, 1, 1), crs=crs)
    for crs in ("EPSG:0", "+proj=nope", "GEOGCS[", "nonsense", 99999999, "+proj=utm +zone=99", {"proj": "x"},
                "EPSG:4326+1", "urn:x", object(), b"EPSG:1", 1.5, ["EPSG:4326"], {"grid_mapping_name": "none"})
] + [
    lambda: moon.reproject("EPSG:32633"),
    lambda: moon.reproject("EPSG:0"),
    lambda: site.reproject(),
    lambda: site.reproject("EPSG:4326"),
    lambda: far.reproject("EPSG:32633", resolution=-1),
    lambda: far.reproject("EPSG:3857", resolution="x"),
    lambda: vf.open("missing/x.tif"), lambda: vf.open("."), lambda: vf.open("a\\0b"), lambda: vf.open(""),
    lambda: vf.open("zip://missing.zip!x.tif"),
    lambda: moon.save("missing/x.tif"), lambda: moon.save("x.tif", dtype="nope"),
]
for number, call in enumerate(calls):
    try:
        call()
    except vf.VulkanForgeError as error:
        assert "got" in str(error) and len(str(error)) < 900, (number, error)
    else:
        raise SystemExit(f"call {number} was not refused")
"""


def test_nothing_of_the_libraries_comes_through_raw_and_nothing_is_printed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", NOISY], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
