"""The tables and the gallery of docs/relief.md, local operators. `python3 dev.py relief-tables`.

Parity: every operator against gdaldem on a real DEM and on the benchmark's fractal one. Speed: array to array, ours and
its peers taking turns in one process, so that a machine that slows down slows all; the best round counts, and the processor
time beside it tells how much of the machine a call had. Each table replaces the text between its two marks in the page.
"""

from __future__ import annotations

import argparse
import re
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

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = ROOT / "docs" / "relief.md"
GALLERY = ROOT / "docs" / "relief_local.jpg"
SPACING = (30.0, 30.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=4096, help="side of the DEM for speed")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--parts", nargs="+", default=["parity", "speed", "gallery"])
    options = parser.parse_args()
    if "parity" in options.parts:
        replace("parity-local", parity())
    if "speed" in options.parts:
        subprocess.run([sys.executable, "dems.py", str(options.size)], cwd=HERE, check=True)
        replace("speed-local", speed(np.load(dems.path(options.size)), options.rounds))
    if "gallery" in options.parts:
        gallery()
    return 0


def replace(name: str, table: str) -> None:
    """Puts a table between its marks in the page, and prints it."""
    print(table, flush=True)
    marks = (f"<!-- {name} -->", f"<!-- end of {name} -->")
    text = PAGE.read_text(encoding="utf-8")
    found = re.compile(re.escape(marks[0]) + ".*?" + re.escape(marks[1]), re.DOTALL)
    if not found.search(text):
        raise SystemExit(f"{PAGE} has no place for {name}; expected {marks[0]} and {marks[1]}")
    PAGE.write_text(found.sub(lambda _: f"{marks[0]}\n{table}\n{marks[1]}", text), encoding="utf-8")


def parity() -> str:
    sys.path.insert(0, str(ROOT / "tests"))
    import gdaldem
    from relief_reference import GDALDEM, OPERATORS

    if not gdaldem.available():
        raise SystemExit(gdaldem.MISSING)
    real = survey()
    subprocess.run([sys.executable, "dems.py", "1024"], cwd=HERE, check=True)
    made = np.load(dems.path(1024))
    rows = [
        "| operator | gdaldem | real DEM, 344 x 403 | fractal DEM, 1024 x 1024 |",
        "| --- | --- | --- | --- |",
    ]
    for name, (mode, *flags) in GDALDEM.items():
        function, arguments = OPERATORS[name]
        shown = ", ".join(f'{key}="{value}"' for key, value in arguments.items())
        cells = []
        for dem in (real, made):
            found = getattr(vf.relief, function)(dem, spacing=SPACING, **arguments)
            with tempfile.TemporaryDirectory() as folder:
                wanted = gdaldem.gdaldem(
                    Path(folder), dem, mode, *flags, "-compute_edges", spacing=SPACING
                )
            cells.append(agreement(name, found, wanted))
        command = shlex.join([mode, *flags])
        rows.append(f"| `{function}({shown})` | `{command}` | {cells[0]} | {cells[1]} |")
    version = subprocess.run(["gdalinfo", "--version"], capture_output=True, text=True).stdout
    return "\n".join(
        [*rows, "", f"Borders included (`-compute_edges`), cells of 30 m; {version.strip()}."]
    )


def agreement(name: str, found: Any, wanted: Any) -> str:
    if name.startswith("hillshade"):
        factor, first = (255, 0) if name.endswith("igor") else (254, 1)
        level = np.floor(np.nan_to_num(first + factor * found) + 0.5) * ~np.isnan(found)
        off = np.abs(level - wanted)
        return f"{(off == 0).mean():.4%} same byte, others within {int(off.max())}"
    off = np.abs(found - wanted)
    if name.startswith("aspect"):
        off = np.minimum(off, 360 - off)
    same = np.array_equal(np.isnan(found), np.isnan(wanted))
    return f"within {np.nanmax(off):.1e}" + ("" if same else ", NaN in other places")


def speed(dem: Any, rounds: int) -> str:
    relief, cells = vf.relief, dem.size
    three = ["slope", "aspect", "hillshade"]
    works: dict[str, Callable[[], Any]] = {
        "`relief.hillshade`": lambda: relief.hillshade(dem, spacing=SPACING),
        '`relief.hillshade(method="multidirectional")`': lambda: relief.hillshade(
            dem, spacing=SPACING, method="multidirectional"
        ),
        "`relief.slope`": lambda: relief.slope(dem, spacing=SPACING),
        "`relief.aspect`": lambda: relief.aspect(dem, spacing=SPACING),
        "`relief.tri`": lambda: relief.tri(dem, spacing=SPACING),
        '`relief.curvature(kind="profile")`': lambda: relief.curvature(
            dem, spacing=SPACING, kind="profile"
        ),
        "`relief.stack` of slope, aspect, hillshade": lambda: relief.stack(
            dem, three, spacing=SPACING
        ),
        "NumPy by hand, hillshade": lambda: numpy_hillshade(dem),
        "matplotlib `LightSource.hillshade`": lambda: matplotlib_hillshade(dem),
    }
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("gdaldem"):
            for mode in ("hillshade", "slope"):
                works[f"`gdaldem {mode}`, file to file"] = gdaldem_work(Path(folder), dem, mode)
        if kernel := numba_kernel():
            works["numba by hand, parallel, hillshade in bytes"] = lambda: kernel(dem)
        best = dict.fromkeys(works, (np.inf, np.inf))
        for number in range(rounds):
            for name, work in works.items():
                if number >= 5 and "vulkan" not in name and best[name][0] > 0.3:
                    continue
                used, start = time.process_time(), time.perf_counter()
                work()
                taken = (time.perf_counter() - start, time.process_time() - used)
                best[name] = tuple(map(min, zip(best[name], taken, strict=True)))  # type: ignore[assignment]
    rows = [
        "| work | seconds | M cells/s | processor seconds |",
        "| --- | --- | --- | --- |",
    ]
    for name, (wall, processor) in best.items():
        own = "" if "gdaldem" in name else f"{processor:.3f}"
        rows.append(f"| {name} | {wall:.3f} | {cells / wall / 1e6:.0f} | {own} |")
    machine = report.machine(shlex.join(["python3", "dev.py", "relief-tables", *sys.argv[1:]]))
    device = vf.Renderer(1, 1).info().partition("device=")[2]
    environment = vf.Renderer(1, 1).report_environment()
    where = (
        f"{dem.shape[0]} x {dem.shape[1]} float32, best of {rounds} rounds; {device}, {driver(environment)}; "
        f"{machine['cpu']}, {len_affinity()} cores; {machine['date']}; `{machine['command']}`."
    )
    return "\n".join([*rows, "", where])


def driver(environment: dict[str, Any]) -> str:
    return str(environment.get("device", {}).get("driver", "driver unknown"))


def len_affinity() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def numpy_hillshade(dem: Any) -> Any:
    """What a careful user writes: float32 slices, in place where it can be."""
    a, b, c = dem[:-2, :-2], dem[:-2, 1:-1], dem[:-2, 2:]
    d, f = dem[1:-1, :-2], dem[1:-1, 2:]
    g, h, i = dem[2:, :-2], dem[2:, 1:-1], dem[2:, 2:]
    east = ((c + 2 * f + i) - (a + 2 * d + g)) / np.float32(8 * SPACING[0])
    north = ((a + 2 * b + c) - (g + 2 * h + i)) / np.float32(8 * SPACING[1])
    root = np.float32(np.sqrt(0.5))
    shade = root - (east * -0.5 + north * 0.5).astype(np.float32)
    shade /= np.sqrt(1 + east * east + north * north)
    return np.maximum(shade, 0, out=shade)


def matplotlib_hillshade(dem: Any) -> Any:
    from matplotlib.colors import LightSource

    return LightSource(315, 45).hillshade(dem, dx=SPACING[0], dy=SPACING[1])


def gdaldem_work(folder: Path, dem: Any, mode: str) -> Callable[[], Any]:
    source, target = folder / "dem.bil", folder / f"{mode}.tif"
    dem.tofile(source)
    rows, columns = dem.shape
    source.with_suffix(".hdr").write_text(
        f"BYTEORDER I\nLAYOUT BIL\nNROWS {rows}\nNCOLS {columns}\nNBANDS 1\nNBITS 32\nPIXELTYPE FLOAT\n"
        f"ULXMAP 500000\nULYMAP 4000000\nXDIM {SPACING[0]}\nYDIM {SPACING[1]}\n"
    )
    command = ["gdaldem", mode, str(source), str(target), "-q", "-compute_edges"]
    return lambda: subprocess.run(command, check=True)


def numba_kernel() -> Callable[[Any], Any] | None:
    """The kernel that a user could write with numba, compiled before the clock runs; None without numba."""
    try:
        import numba
    except ImportError:
        return None

    @numba.njit(parallel=True, fastmath=True)  # type: ignore[untyped-decorator,unused-ignore]
    def kernel(dem: Any) -> Any:
        rows, columns = dem.shape
        shade = np.zeros((rows, columns), np.uint8)
        for i in numba.prange(1, rows - 1):
            for j in range(1, columns - 1):
                west = dem[i - 1, j - 1] + 2 * dem[i, j - 1] + dem[i + 1, j - 1]
                east = dem[i - 1, j + 1] + 2 * dem[i, j + 1] + dem[i + 1, j + 1]
                south = dem[i + 1, j - 1] + 2 * dem[i + 1, j] + dem[i + 1, j + 1]
                north = dem[i - 1, j - 1] + 2 * dem[i - 1, j] + dem[i - 1, j + 1]
                x = (east - west) * np.float32(1 / 240)
                y = (north - south) * np.float32(1 / 240)
                value = np.float32(0.70710678) + np.float32(0.5) * (x - y)
                value /= np.sqrt(np.float32(1) + x * x + y * y)
                shade[i, j] = np.uint8(1 + 254 * max(np.float32(0), value))
        return shade

    kernel(np.zeros((4, 4), np.float32))
    return kernel  # type: ignore[no-any-return,unused-ignore]


def survey() -> Any:
    from matplotlib import cbook

    with cbook.get_sample_data("jacksboro_fault_dem.npz") as archive:
        return archive["elevation"].astype(np.float32)


def gallery() -> None:
    """Every local operator on the real DEM, one sheet."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    real = survey()
    relief = vf.relief
    same = {"spacing": (71.0, 93.0)}
    sheets = [
        ("heights", real, "terrain"),
        *(
            (f"hillshade, {method}", relief.hillshade(real, method=method, **same), "gray")
            for method in ("horn", "zevenbergen-thorne", "multidirectional", "combined", "igor")
        ),
        ("slope, degrees", relief.slope(real, **same), "magma"),
        ("aspect, degrees", relief.aspect(real, **same), "twilight"),
        ("TRI, Riley", relief.tri(real), "viridis"),
        ("TRI, Wilson", relief.tri(real, method="wilson"), "viridis"),
        ("TPI", relief.tpi(real), "coolwarm"),
        ("roughness", relief.roughness(real), "viridis"),
        *(
            (f"curvature, {kind}", relief.curvature(real, kind=kind, **same), "coolwarm")
            for kind in ("mean", "plan", "profile")
        ),
    ]
    figure, axes = pyplot.subplots(3, 5, figsize=(15, 8.4), layout="constrained")
    for axis, (title, values, colours) in zip(axes.flat, sheets, strict=True):
        low, high = np.nanpercentile(values, [2, 98])
        if colours == "coolwarm":
            low, high = -max(-low, high), max(-low, high)
        axis.imshow(values, cmap=colours, vmin=low, vmax=high, interpolation="nearest")
        axis.set_title(title, fontsize=10)
        axis.axis("off")
    figure.savefig(GALLERY, dpi=70, pil_kwargs={"quality": 82, "optimize": True})
    pyplot.close(figure)
    print(f"{GALLERY.relative_to(ROOT)}: {GALLERY.stat().st_size >> 10} KiB")


if __name__ == "__main__":
    sys.exit(main())
