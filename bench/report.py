"""From the raw measurements of a run to medians, ratios and a Markdown page."""

from __future__ import annotations

import platform
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import world

OURS = "vulkan_forge"
OUR_VARIANTS = (OURS, f"{OURS} shadows", f"{OURS} samples=4")
PEERS = ("pyvista", "moderngl full", "moderngl cut")
Measurement = dict[str, Any]


def machine(command: str) -> dict[str, Any]:
    """Where and when a run was made, and of what versions; JSON-able."""
    import psutil

    distributions = ("vulkan-forge", "numpy", "pyvista", "vtk", "moderngl", "pillow")
    return {
        "command": command,
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": cpu_model(),
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in distributions},
        "picture": [world.WIDTH, world.HEIGHT],
    }


def cpu_model() -> str:
    """The processor's name from /proc/cpuinfo where there is one."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text().splitlines():
            if line.lower().startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def combine(measurements: list[Measurement]) -> dict[tuple[str, int], Measurement]:
    """Medians over the rounds, by (peer, DEM size)."""
    groups: dict[tuple[str, int], list[Measurement]] = {}
    for one in measurements:
        groups.setdefault((one["peer"], one["size"]), []).append(one)
    return {key: _median_of(group) for key, group in groups.items()}


def _median_of(group: list[Measurement]) -> Measurement:
    result = dict(group[0], rounds=len(group))
    for key, value in group[0].items():
        if isinstance(value, bool):
            result[key] = all(one[key] for one in group)
        elif isinstance(value, float):
            result[key] = median(one[key] for one in group)
    result["frame_min_ms"] = min(one["frame_min_ms"] for one in group)
    return result


def ratios(measurements: list[Measurement]) -> dict[str, Any]:
    """Frame-time ratios, each the median over rounds of processes that ran one after the other."""
    times = {(one["round"], one["peer"], one["size"]): one["frame_ms"] for one in measurements}
    rounds = sorted({key[0] for key in times})
    sizes = sorted({key[2] for key in times})

    def ratio(above: tuple[str, int], below: tuple[str, int]) -> float | None:
        values = [
            times[(turn, *above)] / times[(turn, *below)]
            for turn in rounds
            if (turn, *above) in times and (turn, *below) in times
        ]
        return median(values) if values else None

    largest, smallest = sizes[-1], sizes[0]
    return {
        "peer_over_ours": {
            peer: {size: ratio((peer, size), (OURS, size)) for size in sizes} for peer in PEERS
        },
        "ours_over_plain": {
            name: {size: ratio((name, size), (OURS, size)) for size in sizes}
            for name in OUR_VARIANTS[1:]
        },
        "flatness": {
            name: ratio((name, largest), (name, smallest)) for name in (*OUR_VARIANTS, *PEERS)
        },
        "flatness_sizes": [largest, smallest],
    }


def markdown(run: dict[str, Any]) -> str:
    """The page of one run; `run` is what run.py writes as JSON."""
    place = run["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in place["versions"].items())
    lines = [
        f"# {place['command']}",
        "",
        f"{place['date']}; {place['cpu']}, {place['cores']} cores, {place['memory_gb']} GB;"
        f" {place['system']}; Python {place['python']}; {versions}.",
        "",
        *sorted({f"* {one['device']}" for one in run["measurements"]}),
        "",
    ]
    if run["measurements"]:
        lines += _frames(run["measurements"]) + _ratios(run["ratios"])
    if run["cold_start"]:
        lines += [
            "## Process start to PNG, 1024²",
            "",
            *_table(
                ["", "s median (min)", "PNG kB"],
                [
                    [name, f"{one['median_s']:.2f} ({one['min_s']:.2f})", f"{one['png_kb']:.0f}"]
                    for name, one in run["cold_start"].items()
                ],
            ),
        ]
    if run["small_calls"]:
        rows = [[name, f"{value:.3g}"] for name, value in run["small_calls"].items()]
        lines += ["## Small calls", "", *_table(["", "median"], rows)]
    if run["missing"]:
        lines += ["## Not measured", "", *(f"* {reason}" for reason in run["missing"]), ""]
    return "\n".join(lines)


def _frames(measurements: list[Measurement]) -> list[str]:
    head = ["", "DEM", "frame ms median (min, p95)", "CPU ms", "import s", "open s", "build s"]
    head += ["first s", "DEM in RAM to picture s", "peak MB", "beside the DEM MB", "coverage"]
    head += ["frames", "other cores busy"]
    rows = []
    for (peer, size), one in sorted(combine(measurements).items(), key=lambda item: item[0][1]):
        rows.append(
            [
                peer,
                f"{size}²",
                f"**{one['frame_ms']:.0f}** ({one['frame_min_ms']:.0f}, {one['frame_p95_ms']:.0f})",
                f"{one['cpu_ms']:.0f}",
                *(f"{one[key]:.2f}" for key in ("import_s", "open_s", "build_s", "first_s")),
                f"{one['setup_s']:.2f}",
                f"{one['peak_mb']:.0f}",
                f"{one['peak_beside_dem_mb']:.0f}",
                f"{one['coverage']:.3f}",
                f"{one['rounds']} x {one['frames']}" + ("" if one["distinct"] else " STALE"),
                f"{one['other_cores']:.2f}",
            ]
        )
    title = f"## Frames, {world.WIDTH} x {world.HEIGHT}, camera moved each time, read into NumPy"
    return [title, "", *_table(head, rows)]


def _ratios(found: dict[str, Any]) -> list[str]:
    sizes = list(found["peer_over_ours"][PEERS[0]])

    def cell(value: float | None) -> str:
        return "" if value is None else f"{value:.2f}"

    rows = []
    for peer, by_size in found["peer_over_ours"].items():
        rows.append([f"{peer} / {OURS}", *(cell(by_size[size]) for size in sizes)])
    for name, by_size in found["ours_over_plain"].items():
        rows.append([f"{name} / {OURS}", *(cell(by_size[size]) for size in sizes)])
    rows = [row for row in rows if any(row[1:])]
    lines = ["## Ratios of frame times", "", *_table(["", *(f"{n}²" for n in sizes)], rows)]
    if len(sizes) > 1:
        large, small = found["flatness_sizes"]
        flat = [[name, cell(value)] for name, value in found["flatness"].items() if value]
        lines += _table(["flatness", f"{large}² / {small}²"], flat)
    return lines


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    marks = ["---"] + ["---:"] * (len(head) - 1)
    return [*("| " + " | ".join(row) + " |" for row in (head, marks, *rows)), ""]
