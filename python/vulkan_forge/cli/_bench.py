"""``vf bench``: timings of single operations on this machine."""

from __future__ import annotations

import argparse
from typing import Any

import vulkan_forge as vf
from vulkan_forge.benchmark import OPERATIONS

from . import _options
from ._console import progress, show_json

_EPILOG = """examples:
  vf bench --size 320x180 --iterations 2
  vf bench upload readback --size 256x256 --iterations 2 --json
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "bench",
        help="timings on this machine",
        description="Time operations: wall time of one run in milliseconds, least, median and 95 %.",
        epilog=_EPILOG,
    )
    parser.add_argument("op", nargs="*", metavar="OP", help=f"{', '.join(OPERATIONS)} (render)")
    parser.add_argument(
        "--size", type=_options.size, default=(1024, 1024), metavar="WxH", help="(1024x1024)"
    )
    parser.add_argument("--iterations", type=_options.count, default=10, help="timed runs (10)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Time and tell."""
    operations = options.op or ["render"]
    width, height = options.size
    results = [
        vf.run_benchmark(op, width, height, iterations=options.iterations)
        for op in progress(operations, len(operations), "operations")
    ]
    if options.json:
        show_json(results)
        return
    print(results[0]["device"])
    for result in results:
        times = "  ".join(f"{name} {result[f'{name}_ms']:9.2f}" for name in ("min", "p50", "p95"))
        print(f"{result['op']:<16} {times}  ms")
