"""What a small call costs: `python small_calls.py [DEVICE]` prints one line of JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import TYPE_CHECKING

import dems
import world

if TYPE_CHECKING:
    import numpy as np
    import vulkan_forge as vf

SIZE = 1024
TINY = 16
FILM = 12  # pictures


def call_us(function: Callable[[], object], calls: int = 10_000, repeats: int = 7) -> float:
    """Median over `repeats` of the mean microseconds of one call, the empty loop's taken off."""

    def loop(body: Callable[[], object]) -> float:
        start = time.perf_counter()
        for _ in range(calls):
            body()
        return 1e6 * (time.perf_counter() - start) / calls

    nothing = min(loop(lambda: None) for _ in range(repeats))
    return median(loop(function) for _ in range(repeats)) - nothing


def frame_ms(function: Callable[[int], object], frames: int = 200) -> float:
    """Median milliseconds of `function(i)`, after ten calls that warm up."""
    times = []
    for index in range(frames + 10):
        start = time.perf_counter()
        function(index)
        times.append(1e3 * (time.perf_counter() - start))
    return median(times[10:])


def film_ms(renderer: vf.Renderer, at_once: bool) -> tuple[float, float]:
    """(wall, processor) milliseconds a picture of a film whose every picture becomes a PNG in memory."""
    import vulkan_forge as vf

    cameras = [
        vf.Camera.orbit(
            world.TARGET, world.DISTANCE_M, world.azimuth_of(i), world.ALTITUDE_DEG, world.FOV_DEG
        )
        for i in range(FILM)
    ]

    def one_by_one() -> Iterator[vf.Image]:
        for camera in cameras:
            renderer.set_camera(camera)
            yield renderer.render()

    wall, cpu = time.perf_counter(), time.process_time()
    for picture in renderer.frames(cameras) if at_once else one_by_one():
        picture._repr_png_()
    spent = time.perf_counter() - wall, time.process_time() - cpu
    return 1e3 * spent[0] / FILM, 1e3 * spent[1] / FILM


def films(device: str, dem: np.ndarray, spacing: float) -> dict[str, float]:
    """One picture at a time against `Renderer.frames`, by turns; medians."""
    import vulkan_forge as vf

    renderer = vf.Renderer(960, 540, device=device, prefer_software=device != "gpu")
    renderer.add_terrain(dem, (spacing, spacing), world.EXAGGERATION, "terrain")
    renderer.set_shadows(False)
    renderer.set_samples(1)
    film_ms(renderer, True)
    taken = [(film_ms(renderer, False), film_ms(renderer, True)) for _ in range(5)]
    return {
        "picture_and_png_one_by_one_ms": median(one[0] for one, _ in taken),
        "picture_and_png_of_frames_ms": median(many[0] for _, many in taken),
        "frames_over_one_by_one": median(many[0] / one[0] for one, many in taken),
    }


def main(device: str = "llvmpipe") -> None:
    import numpy as np
    import vulkan_forge as vf

    dem = np.load(dems.path(SIZE))
    spacing = world.EXTENT_M / (SIZE - 1)
    software = device != "gpu"
    renderer = vf.Renderer(TINY, TINY, device=device, prefer_software=software)
    renderer.add_terrain(dem, (spacing, spacing), world.EXAGGERATION, "terrain")
    renderer.upload_height_r32f()
    renderer.set_shadows(False)
    renderer.set_samples(1)

    def turn(index: int) -> object:
        renderer.set_camera(
            vf.Camera.orbit(
                world.TARGET,
                world.DISTANCE_M,
                world.azimuth_of(index),
                world.ALTITUDE_DEG,
                world.FOV_DEG,
            )
        )
        return renderer.render_rgba()

    small = np.ascontiguousarray(dem[::TINY, ::TINY])

    def one_call(_index: int) -> object:
        return vf.render(
            small,
            size=(TINY, TINY),
            spacing=(spacing * TINY, spacing * TINY),
            samples=1,
            shadows=False,
            device=device,
            prefer_software=software,
        )

    result = {
        "set_sun_us": call_us(lambda: renderer.set_sun(35.0, 315.0)),
        "terrain_stats_us": call_us(renderer.terrain_stats),
        "set_height_range_us": call_us(lambda: renderer.set_height_range(200.0, 1100.0)),
        "render_16x16_ms": frame_ms(turn),
        "one_call_16x16_of_64x64_ms": frame_ms(one_call),
        **films(device, dem, spacing),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
