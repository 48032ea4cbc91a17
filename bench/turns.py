"""Frames of several checkouts by turns, each in a process of its own that shows the same views.

    python3 bench/turns.py --size 1024 --variant samples4 ../old . .:patch

One line for wall and one for processor time: the median of each, and the median of its ratios to the
first one's frame of the same view. What comes and goes on the machine meets all alike, so these ratios
stay within some 0.02 where runs one after the other differ by 0.1. A checkout must be built, and may be
followed by a word of `normals=`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path
from statistics import median


def serve(size: int, variant: str, normals: str, upload: bool) -> None:
    """Draw the frame of each number that comes in, and answer with its wall and processor ms; with
    `upload` the DEM goes to the device in place of that."""
    import dems
    import numpy as np
    import world
    from peers.vulkan_forge_ import VulkanForge

    peer = VulkanForge(Namespace(device="llvmpipe", variant=variant))
    peer.open()
    scene = np.load(dems.path(size)), np.load(dems.table_path())
    peer.build(*scene)
    if normals:
        peer.renderer.set_normals(normals)
    for frame in (0, 1):
        peer.frame(world.azimuth_of(frame))
    print("ready", flush=True)
    for line in sys.stdin:
        wall, spent = time.perf_counter(), time.process_time()
        peer.build(*scene) if upload else peer.frame(world.azimuth_of(int(line)))
        print(1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - spent), flush=True)
    os._exit(0)  # as harness.py: teardown is not measured


def environment(root: Path) -> dict[str, str]:
    """What `dev.py run` gives a command there, without validation."""
    command = [sys.executable, "dev.py", "run", "env"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    lines = [line.split("=", 1) for line in found.splitlines() if not line.startswith(" ")]
    env = {line[0]: line[1] for line in lines if len(line) == 2}
    return {k: v for k, v in env.items() if k not in ("VULKAN_FORGE_VALIDATION", "DISPLAY")}


def start(place: str, options: Namespace) -> subprocess.Popen[str]:
    root, _, normals = place.partition(":")
    folder = Path(root).resolve()
    code = f"import sys; sys.path[:0] = ['.', {str(Path(__file__).parent)!r}]; import turns; "
    code += f"turns.serve({options.size}, {options.variant!r}, {normals!r}, {options.upload})"
    return subprocess.Popen(
        [str(folder / ".venv/bin/python"), "-c", code],
        cwd=folder / "bench",
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(process: subprocess.Popen[str], line: str = "") -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    if line:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        sys.exit("a checkout's process ended: see above")
    return answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", nargs="+")
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--variant", choices=("plain", "shadows", "samples4"), default="plain")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--upload", action="store_true", help="time a DEM's way to the device")
    options = parser.parse_args()
    processes = [start(place, options) for place in options.checkouts]
    for place, process in zip(options.checkouts, processes, strict=True):
        if ask(process).strip() != "ready":
            sys.exit(f"{place} drew nothing; build it first: python3 dev.py setup")
    rows: list[list[list[float]]] = []
    began = time.monotonic()
    while time.monotonic() - began < options.seconds:
        row: dict[int, list[float]] = {}
        order = range(len(processes))
        for index in reversed(order) if len(rows) % 2 else order:
            row[index] = [float(ms) for ms in ask(processes[index], str(2 + len(rows))).split()]
        rows.append([row[index] for index in order])
    for process in processes:
        process.communicate()
    for what, name in enumerate(("wall", "processor")):
        made = "uploads" if options.upload else f"frames, {options.variant},"
        print(f"{name}, {len(rows)} {made} at {options.size}:")
        for index, place in enumerate(options.checkouts):
            took = [row[index][what] for row in rows]
            ratio = median(row[index][what] / row[0][what] for row in rows)
            print(f"  {place}: {median(took):.1f} ms, {ratio:.3f}")


if __name__ == "__main__":
    main()
