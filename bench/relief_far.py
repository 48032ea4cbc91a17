"""The tables and the gallery of docs/relief.md for operators that look far. `python3 dev.py relief-tables`.

Parity against RVT, gdal_viewshed, insolation and the renderer's own rays, as far as they are installed (`pip install
--no-deps rvt-py`, `pip install insolation scipy numba`, `apt-get install gdal-bin`). Speed: array to array, ours and its
peers taking turns in one process; the best round counts, and the processor time beside it. On a machine that others use
too the processor time is the fairer of the two: divided by the cores it is what an idle machine would take.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dems
import numpy as np
import report
import vulkan_forge as vf

from relief import HERE, ROOT, driver, len_affinity, replace, survey

GALLERY = ROOT / "docs" / "images" / "relief_far.jpg"
CELL = 30.0
SPACING = (CELL, CELL)
SUN = {"azimuth": 315.0, "altitude": 25.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parts", nargs="+", default=["parity", "speed", "gallery"])
    options, _ = parser.parse_known_args()
    subprocess.run([sys.executable, "dems.py", "1024", "2048"], cwd=HERE, check=True)
    if "parity" in options.parts:
        replace("parity-far", parity())
    if "speed" in options.parts:
        replace("speed-far", speed(options.rounds))
    if "gallery" in options.parts:
        gallery()
    return 0


def peer(module: str) -> Any:
    """A module, or None where it is not installed."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def sun_vector() -> Any:
    """Towards the sun in insolation's axes: x east, y south, z up."""
    azimuth, altitude = np.radians(SUN["azimuth"]), np.radians(SUN["altitude"])
    level = np.cos(altitude)
    return np.array([np.sin(azimuth) * level, -np.cos(azimuth) * level, np.sin(altitude)])


def parity() -> str:
    relief = vf.relief
    rows = ["| operator | outside truth | agreement |", "| --- | --- | --- |"]
    cases = {"real DEM": survey(), "fractal DEM": np.load(dems.path(1024))}
    vis, shadows = peer("rvt.vis"), peer("insolation.insolf")
    for name, dem in cases.items():
        if vis:
            for radius in (10, 50):
                wanted = vis.sky_view_factor(dem, CELL, compute_opns=True, svf_r_max=radius)
                below = vis.sky_view_factor(-dem, CELL, False, True, svf_r_max=radius)
                inner = np.s_[radius:-radius, radius:-radius]
                looking = {"radius": radius * CELL, "spacing": SPACING}
                for title, found, truth in (
                    ("sky_view_factor", relief.sky_view_factor(dem, **looking), wanted["svf"]),
                    ("openness", relief.openness(dem, **looking), wanted["opns"]),
                    (
                        "openness(negative=True)",
                        relief.openness(dem, negative=True, **looking),
                        below["opns"],
                    ),
                ):
                    off = np.abs(found - truth)[inner].max()
                    rows.append(
                        f"| `{title}`, {radius} cells, {name} | RVT, {radius} cells from the border | within {off:.1e} |"
                    )
            wanted = vis.local_dominance(dem, angular_res=45)[20:-20, 20:-20]
            found = relief.local_dominance(dem, min_radius=10, radius=20, directions=8)[
                20:-20, 20:-20
            ]
            off = np.abs(found - wanted).max() / wanted.max()
            rows.append(
                f"| `local_dominance`, 8 bearings, {name} | RVT | within {off:.1e} of the greatest |"
            )
        mask = relief.shadow_mask(dem, **SUN, spacing=SPACING)
        rows.append(
            f"| `shadow_mask`, {name} | the renderer's rays, cell for pixel | {same(mask == 1, black(dem))} |"
        )
        if shadows:
            wanted = shadows.doshade(dem.astype(np.float64), CELL, sun_vector()) == 0
            rows.append(
                f"| `shadow_mask`, {name} | insolation's `doshade` | {same(mask == 1, wanted)} |"
            )
        if shutil.which("gdal_viewshed"):
            for height in (2, 100):
                found = relief.viewshed(dem, x=15.0, y=-15.0, height=height, spacing=SPACING)
                wanted = gdal_viewshed(dem, 15.0, -15.0, height)
                rows.append(
                    f"| `viewshed`, eye {height} m, {name} | `gdal_viewshed` | {same(found == 1, wanted)} |"
                )
    place = vf.relief.sun_position(
        "2003-10-17T12:30:30-07:00",
        39.742476,
        -105.1786,
        elevation=1830.14,
        pressure=820.0,
        temperature=11.0,
        delta_t=67.0,
    )
    off = max(abs(place[0] - 194.34024), abs(90 - place[1] - 50.11162))
    rows.append(f"| `sun_position` | the example of NREL/TP-560-34302 | within {off:.0e} degrees |")
    return "\n".join(rows)


def same(one: Any, other: Any) -> str:
    return f"{np.mean(one == other):.3%} of cells ({np.mean(one):.1%} set here, {np.mean(other):.1%} there)"


def black(dem: Any) -> Any:
    """Where a nadir picture without ambient light is black: the patch turns away, or a ray to the sun is stopped.

    A pixel at a sample shows the patch south-east of it. Both are turned by 180 degrees, so that it is the one towards
    the sun in the north-west, as for the ray that the sweep follows.
    """
    image = vf.render(
        np.flip(dem).copy(),
        size=dem.shape[::-1],
        camera=vf.Camera.map(),
        spacing=SPACING,
        cmap=np.ones((1, 3)),
        ambient=0.0,
        samples=1,
        azimuth=SUN["azimuth"] - 180.0,
        altitude=SUN["altitude"],
    )
    return np.flip(np.asarray(image)[..., 0] == 0)


def gdal_viewshed(dem: Any, x: float, y: float, height: float) -> Any:
    rows, columns = dem.shape
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "dem.bin", Path(folder) / "seen.bin"
        source.write_bytes(dem.astype("<f4").tobytes())
        west, north = 500000 - columns / 2 * CELL, 4000000 + rows / 2 * CELL
        source.with_suffix(".hdr").write_text(
            f"ENVI\nsamples = {columns}\nlines = {rows}\nbands = 1\ndata type = 4\nbyte order = 0\ninterleave = bsq\n"
            f"map info = {{UTM, 1, 1, {west}, {north}, {CELL}, {CELL}, 17, North, WGS-84}}\n"
        )
        place = ["-ox", str(500000 + x), "-oy", str(4000000 + y), "-oz", str(height)]
        command = ["gdal_viewshed", "-q", "-of", "ENVI", "-cc", "0", *place]
        subprocess.run([*command, str(source), str(target)], check=True, capture_output=True)
        return np.fromfile(target, np.uint8).reshape(dem.shape) == 255


def speed(rounds: int) -> str:
    relief = vf.relief
    small, large = np.load(dems.path(1024)), np.load(dems.path(2048))
    vis, shadows = peer("rvt.vis"), peer("insolation.insolf")
    works: dict[str, tuple[int, Callable[[], Any]]] = {}
    for radius in (10, 100):
        looking = {"radius": radius * CELL, "spacing": SPACING}
        for title, operator in (
            ("sky_view_factor", relief.sky_view_factor),
            ("openness", relief.openness),
        ):
            works[f"`relief.{title}`, radius {radius} cells, 1024²"] = (
                small.size,
                lambda operator=operator, looking=looking: operator(small, **looking),
            )
        if vis:
            works[f"RVT `sky_view_factor`, radius {radius} cells, 1024²"] = (
                small.size,
                lambda radius=radius: vis.sky_view_factor(small, CELL, svf_r_max=radius),
            )
    works["`relief.shadow_mask`, 2048²"] = (
        large.size,
        lambda: relief.shadow_mask(large, **SUN, spacing=SPACING),
    )
    works["`relief.shadow_mask`, sun in the east, 2048²"] = (
        large.size,
        lambda: relief.shadow_mask(large, azimuth=80.0, altitude=25.0, spacing=SPACING),
    )
    if shadows:
        vector, double = sun_vector(), large.astype(np.float64)
        works["insolation `doshade`, 2048²"] = (
            large.size,
            lambda: shadows.doshade(double, CELL, vector),
        )
    works["`relief.viewshed` from the middle, 2048²"] = (
        large.size,
        lambda: relief.viewshed(large, x=0.0, y=0.0, spacing=SPACING),
    )
    works["`relief.viewshed` from a corner, 2048²"] = (
        large.size,
        lambda: relief.viewshed(large, x=-30000.0, y=30000.0, spacing=SPACING),
    )
    if shutil.which("gdal_viewshed"):
        works["`gdal_viewshed` from the middle, with files, 2048²"] = (
            large.size,
            lambda: gdal_viewshed(large, 15.0, -15.0, 2.0),
        )
    works["`relief.local_dominance`, 24 bearings, 10 to 20 cells, 1024²"] = (
        small.size,
        lambda: relief.local_dominance(small, min_radius=300, radius=600, spacing=SPACING),
    )
    works['`relief.sky_illumination(sky="overcast")`, radius 10 cells, 1024²'] = (
        small.size,
        lambda: relief.sky_illumination(small, radius=300, sky="overcast", spacing=SPACING),
    )
    best = dict.fromkeys(works, (np.inf, np.inf))
    for number in range(rounds):
        for name, (_, work) in works.items():
            if number >= 2 and best[name][0] > 2 and "RVT" in name:
                continue
            used, start = time.process_time(), time.perf_counter()
            work()
            taken = (time.perf_counter() - start, time.process_time() - used)
            best[name] = tuple(map(min, zip(best[name], taken, strict=True)))  # type: ignore[assignment]
    rows = ["| work | seconds | M cells/s | processor seconds |", "| --- | --- | --- | --- |"]
    for name, (cells, _) in works.items():
        wall, processor = best[name]
        own = "" if "gdal" in name else f"{processor:.3f}"
        rows.append(f"| {name} | {wall:.3f} | {cells / wall / 1e6:.1f} | {own} |")
    machine = report.machine(shlex.join(["python3", "dev.py", "relief-tables", *sys.argv[1:]]))
    device = vf.Renderer(1, 1).info().partition("device=")[2]
    where = (
        f"Best of {rounds} rounds; {device}, {driver(vf.Renderer(1, 1).report_environment())}; {machine['cpu']}, "
        f"{len_affinity()} cores; {machine['date']}; `{machine['command']}`."
    )
    return "\n".join([*rows, "", where])


def gallery() -> None:
    """Every far-looking operator on the real DEM, one sheet."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    real = survey()
    relief = vf.relief
    same_cells: dict[str, Any] = {"spacing": (71.0, 93.0)}
    looking: dict[str, Any] = same_cells | {"radius": 2000.0}
    day: dict[str, Any] = same_cells | {
        "start": "2026-12-21T05:00-05:00",
        "end": "2026-12-21T19:00-05:00",
        "latitude": 36.6,
        "longitude": -84.3,
        "step": 30,
    }
    angles = relief.horizon_angles(real, directions=8, **looking)
    top = np.unravel_index(np.argmax(real), real.shape)
    rows, columns = real.shape
    x, y = (top[1] - (columns - 1) / 2) * 71.0, ((rows - 1) / 2 - top[0]) * 93.0
    sheets = [
        ("heights", real, "terrain"),
        ("sky-view factor, 2 km", relief.sky_view_factor(real, **looking), "gray"),
        ("openness, degrees", relief.openness(real, **looking), "gray"),
        ("negative openness", relief.openness(real, negative=True, **looking), "gray_r"),
        ("local dominance", relief.local_dominance(real, **same_cells, radius=1500.0), "gray"),
        ("sky illumination, uniform", relief.sky_illumination(real, **looking), "gray"),
        ("sky illumination, overcast", relief.sky_illumination(real, sky="overcast", **looking), "gray"),
        ("horizon in the north, degrees", angles[0], "magma"),
        ("shadow mask, sun 315, 8 degrees", relief.shadow_mask(real, azimuth=315, altitude=8, **same_cells), "Greys"),
        ("sun hours, 21 December", relief.sun_hours(real, **day), "inferno"),
        ("insolation, kWh/m², 21 December", relief.insolation(real, **day), "inferno"),
        ("viewshed of the highest cell", relief.viewshed(real, x=x, y=y, height=10, **same_cells), "YlGn"),
    ]  # fmt: skip
    figure, axes = pyplot.subplots(3, 4, figsize=(13, 8.6), layout="constrained")
    for axis, (title, values, colours) in zip(axes.flat, sheets, strict=True):
        low, high = np.nanpercentile(values, [1, 99])
        axis.imshow(
            values, cmap=colours, vmin=low, vmax=max(high, low + 1e-6), interpolation="nearest"
        )
        axis.set_title(title, fontsize=10)
        axis.axis("off")
    axes.flat[-1].plot(top[1], top[0], "r^", markersize=5)
    GALLERY.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(GALLERY, dpi=72, pil_kwargs={"quality": 82, "optimize": True})
    pyplot.close(figure)
    print(f"{GALLERY.relative_to(ROOT)}: {GALLERY.stat().st_size >> 10} KiB")


if __name__ == "__main__":
    sys.exit(main())
