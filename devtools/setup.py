"""Everything that the other commands stand on, done once."""

from __future__ import annotations

import time

from devtools import build, deps, drivers, python
from devtools.shell import WINDOWS, only_one, say, warn


def provide(*, module: bool = True, tools: bool = True) -> None:
    """What the demo's picture needs; with `tools` what tests, lints and comparisons need too."""
    start = time.monotonic()
    with only_one():
        build.rust_version(python.environment())
        build.provide_linker()
        drivers.provide_lavapipe()
        if tools:
            drivers.provide_gdaldem()
            drivers.provide_screen()
        deps.provide(tools=tools)
        python.provide(tools=tools)
        if not (drivers.of_the_system() or drivers.swiftshader() or WINDOWS):
            warn(
                "no Vulkan driver was found; install a graphics driver or Mesa's mesa-vulkan-drivers"
            )
        python.provide_cmake()
        if module:
            build.provide()
    say(f"==> Set-up is complete ({time.monotonic() - start:.1f} s)")
