"""Everything that the other commands stand on, done once; what waits for the network goes beside what computes."""

from __future__ import annotations

import time

from devtools import build, deps, drivers, python
from devtools.shell import WINDOWS, at_once, only_one, say, warn


def provide(*, module: bool = True, tools: bool = True, profile: str = build.RELEASE) -> None:
    """What the demo's picture needs; with `tools` what tests, lints and comparisons need too."""
    start = time.monotonic()

    def system() -> None:
        drivers.provide_lavapipe()
        deps.provide(tools=tools)

    def libraries() -> None:
        python.provide(tools=tools)
        if tools:
            drivers.provide_gdaldem()
            drivers.provide_screen()

    with only_one():
        build.rust_version(python.environment())
        build.provide_linker()
        if deps.has_ensurepip():
            at_once(system, python.provide_maturin)
        else:  # pip comes from the system's packages
            system()
            python.provide_maturin()
        if not (drivers.of_the_system() or drivers.swiftshader() or WINDOWS):
            warn(
                "no Vulkan driver was found; install a graphics driver or Mesa's mesa-vulkan-drivers"
            )
        python.provide_cmake()
        if module:
            build.provide(profile, libraries)
        else:
            libraries()
    say(f"==> Set-up is complete ({time.monotonic() - start:.1f} s)")
