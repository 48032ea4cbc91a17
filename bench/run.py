"""The benchmark: ours and its peers, side by side in one process tree. `python3 dev.py bench`.

Each measurement is a process of its own. They take turns (ours, a peer, ours with shadows, ...)
round after round, and a ratio is only formed within a round, so that a machine that slows down
slows both.
Writes a Markdown page to stdout, and that with the raw numbers as JSON into bench/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import report

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
# name: (module, variant, bytes of memory a DEM sample may take)
PROCESSES = {
    "vulkan_forge": ("peers.vulkan_forge_", "plain", 16),
    "moderngl cut": ("peers.moderngl_", "cut", 16),
    "vulkan_forge shadows": ("peers.vulkan_forge_", "shadows", 16),
    "moderngl full": ("peers.moderngl_", "full", 64),
    "vulkan_forge samples=4": ("peers.vulkan_forge_", "samples4", 16),
    "pyvista": ("peers.pyvista_", "structured", 150),
}
SLOW_PEERS = ("moderngl full", "pyvista")
COLD_SIZE = 1024
PARTS = ("frames", "cold", "calls")


class Failed(Exception):
    """A measuring process that gave no result; the message says why."""


def main() -> int:
    options = parse(sys.argv[1:])
    sizes = options.sizes
    subprocess.run(
        [sys.executable, "dems.py", *map(str, {*sizes, COLD_SIZE})], cwd=HERE, check=True
    )
    run: dict[str, Any] = {
        "machine": report.machine(shlex.join(["python3", "dev.py", "bench", *sys.argv[1:]])),
        "measurements": [],
        "ratios": {},
        "cold_start": {},
        "small_calls": {},
        "missing": [],
    }
    if "frames" in options.parts:
        measure_frames(options, run)
        if run["measurements"]:
            run["ratios"] = report.ratios(run["measurements"])
    if "cold" in options.parts:
        measure_cold_start(options, run)
    if "calls" in options.parts:
        try:
            run["small_calls"] = last_json(["small_calls.py", options.device], options)
        except Failed as reason:
            run["missing"].append(f"small calls: {reason}")
    page = report.markdown(run)
    print(page)
    stem = RESULTS / time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    RESULTS.mkdir(exist_ok=True)
    stem.with_suffix(".md").write_text(page, encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps(run, indent=1), encoding="utf-8")
    print(f"also in {stem}.md and .json; first frames in {RESULTS / 'pictures'}")
    return (
        1 if any(reason.startswith(("vulkan_forge", "small")) for reason in run["missing"]) else 0
    )


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, help="samples a side of the DEMs, even; 1024,4096,8192"
    )
    parser.add_argument("--rounds", type=int, help="turns of every process (3)")
    parser.add_argument("--frames", type=int, help="warm frames a process, at most (20)")
    parser.add_argument("--seconds", type=float, default=10.0, help="warm frames end then")
    parser.add_argument("--quick", action="store_true", help="1024 only, one round, five frames")
    parser.add_argument("--only", type=_names, default=list(PROCESSES), help="names, by comma")
    parser.add_argument("--parts", type=_parts, default=list(PARTS), help=",".join(PARTS))
    parser.add_argument(
        "--device",
        default="llvmpipe",
        help="vulkan_forge's device; 'gpu' also lets the peers have one",
    )
    options = parser.parse_args(arguments)
    options.sizes = options.sizes or ([1024] if options.quick else [1024, 4096, 8192])
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.frames = options.frames or (5 if options.quick else 20)
    return options


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(part) for part in text.split(",")})
    if any(size < 64 or size % 2 for size in sizes):
        raise argparse.ArgumentTypeError(f"expected even sizes of 64 and more, got {text}")
    return sizes


def _choice(text: str, known: tuple[str, ...]) -> list[str]:
    names = [part.strip() for part in text.split(",")]
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"unknown {unknown}; there are {', '.join(known)}")
    return names


def _names(text: str) -> list[str]:
    return _choice(text, tuple(PROCESSES))


def _parts(text: str) -> list[str]:
    return _choice(text, PARTS)


def measure_frames(options: argparse.Namespace, run: dict[str, Any]) -> None:
    """Every process in turn, at every size, round after round."""
    for size in options.sizes:
        for turn in range(options.rounds):
            for name in options.only:
                if size > 4096 and turn and name in SLOW_PEERS:
                    continue  # minutes each, and the ratio is past any doubt
                try:
                    one = measure_one(name, size, options)
                except Failed as reason:
                    run["missing"].append(f"{name} {size}² round {turn + 1}: {reason}")
                    say(run["missing"][-1])
                    continue
                run["measurements"].append({"peer": name, "round": turn, **one})
                say(f"{name} {size}² round {turn + 1}: {one['frame_ms']:.1f} ms")


def measure_one(name: str, size: int, options: argparse.Namespace) -> dict[str, Any]:
    import psutil

    module, variant, sample_bytes = PROCESSES[name]
    needed = size * size * sample_bytes
    free = psutil.virtual_memory().available
    if needed > free:
        raise Failed(f"needs about {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free")
    picture = RESULTS / "pictures" / f"{name.replace(' ', '_').replace('=', '')}_{size}.png"
    command = ["-m", module, "--size", size, "--variant", variant, "--frames", options.frames]
    command += ["--seconds", options.seconds, "--device", options.device, "--picture", picture]
    return last_json(command, options)


def measure_cold_start(options: argparse.Namespace, run: dict[str, Any]) -> None:
    """Wall seconds of whole processes, by turns; one more round, the first, is not counted."""
    times: dict[str, list[float]] = {"floor": [], "vulkan_forge": [], "moderngl": []}
    bytes_written: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(1 + (2 if options.quick else 5)):
            for name, seconds in list(times.items()):
                target = Path(folder) / f"{name}.png"
                start = time.perf_counter()
                try:
                    spawn(["cold.py", name, COLD_SIZE, target, options.device], options)
                except Failed as reason:
                    run["missing"].append(f"{name} cold start: {reason}")
                    say(run["missing"][-1])
                    del times[name]
                    continue
                if turn:
                    seconds.append(time.perf_counter() - start)
                bytes_written[name] = target.stat().st_size
    for name, seconds in times.items():
        run["cold_start"][name] = {
            "median_s": median(seconds),
            "min_s": min(seconds),
            "png_kb": bytes_written[name] / 1e3,
        }


def last_json(arguments: list[Any], options: argparse.Namespace) -> dict[str, Any]:
    """The JSON object on the last line that `python ARGUMENTS` prints."""
    lines = spawn(arguments, options).strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError) as error:
        raise Failed(f"no JSON on the last line of stdout: {error}") from error


def spawn(arguments: list[Any], options: argparse.Namespace) -> str:
    """Run Python in this folder on the driver asked for; stdout, or Failed."""
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    environment["VTK_DEFAULT_OPENGL_WINDOW"] = "vtkEGLRenderWindow"
    environment.pop("VULKAN_FORGE_VALIDATION", None)
    if options.device != "gpu":
        environment["LIBGL_ALWAYS_SOFTWARE"] = "1"
        environment["GALLIUM_DRIVER"] = "llvmpipe"
    if sys.platform != "linux":
        del environment["VTK_DEFAULT_OPENGL_WINDOW"]
    try:
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=HERE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed("no result after 900 s") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nothing on stderr"]
        raise Failed(f"exit status {done.returncode}: {said[-1]}")
    return done.stdout


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
