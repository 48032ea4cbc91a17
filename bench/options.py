"""What each option of the picture costs: plain and option by turns in one process. `python3 dev.py run python bench/options.py`.

A row is an option. Both pictures of a turn have the same camera; what is compared is the
processor time of the turn, which other programs disturb least, and the wall's beside it.
With --write the table goes into docs/benchmarks.md, between its marks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple

import dems
import numpy as np
import numpy.typing as npt
import vulkan_forge as vf
import world

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
MARKS = "<!-- bench/options.py -->", "<!-- end -->"
Calls = Mapping[str, tuple[Any, ...]]  # methods of Renderer, and what they are given
Results = dict[tuple[str, float], dict[str, float]]  # by a row's name and limit


class Row(NamedTuple):
    """An option, what it may cost at most, and how to turn it on and off."""

    name: str
    limit: float
    on: Calls
    off: Calls
    both: Calls = MappingProxyType({})  # what plain picture and option share
    fresh: bool = False  # every picture is the first of its terrain
    kept: bool = (
        False  # the picture counted is the second with the option: what it uploads or works out is there
    )


SOFT: Calls = {"set_sun_radius": (2.0,)}
HARD: Calls = {"set_sun_radius": (0.0,)}
SHADOWS: Calls = {"set_shadows": (True,)}
OCCLUSION: Calls = {"set_ambient_occlusion": (True,)}
NO_OCCLUSION: Calls = {"set_ambient_occlusion": (False,)}


def switched(name: str, setter: str, value: Any, off: Any = None) -> Row:
    """An option that is one setter's business, and may cost at most 1.3 times the plain picture."""
    return Row(name, 1.3, {setter: (value,)}, {setter: (off,)})


def first(name: str, setter: str, value: Any) -> Row:
    """The same of an option that comes with an image: the picture that uploads it."""
    return switched(f"{name}, first picture", setter, value)


def later(name: str, setter: str, value: Any) -> Row:
    """The same of a picture whose image is on the device."""
    return switched(f"{name}, later pictures", setter, value)._replace(kept=True)


def rows_for(dem: npt.NDArray[np.float32]) -> list[Row]:
    """All options, with water up to the lower fifth of the heights, and an image of 2048 x 2048 texels."""
    level = float(np.quantile(dem[::8, ::8], 0.2))
    step = np.arange(2048)
    image = np.stack([step[:, None] ^ step, step[:, None] & step, step[:, None] | step], axis=2)
    image = (image >> 3).astype(np.uint8)
    return [
        Row("soft sun, against hard", 2.5, SOFT, HARD, SHADOWS),
        Row("soft sun, against hard, 4 samples", 2.5, SOFT, HARD, {**SHADOWS, "set_samples": (4,)}),
        Row("ambient occlusion, first picture", 4.0, OCCLUSION, NO_OCCLUSION, fresh=True),
        Row("ambient occlusion, later pictures", 1.3, OCCLUSION, NO_OCCLUSION, kept=True),
        switched("base", "set_base", True, False),
        switched("water to a level", "set_water", level),
        first("water of a mask", "set_water", dem < level),
        later("water of a mask", "set_water", dem < level),
        switched("haze", "set_haze", True),
        switched("contours", "set_contours", True),
        switched("sky", "set_background", "sky", (1.0, 1.0, 1.0, 1.0)),
        first("drape", "set_drape", image),
        later("drape", "set_drape", image),
        later("drape in soft light", "set_drape", vf.Drape(image, blend="soft light")),
        switched("shading in overlay", "set_shading", "overlay", "multiply"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1024,4096", help="samples a side of the DEMs")
    parser.add_argument("--turns", type=int, default=5, help="counted; one more warms up")
    parser.add_argument("--device", default="llvmpipe")
    parser.add_argument("--only", default="", help="rows whose name has this in it")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    subprocess.run(
        [sys.executable, "dems.py", *map(str, sizes)],
        cwd=Path(__file__).resolve().parent,
        check=True,
    )
    found = {size: measure(size, options) for size in sizes}
    page = table(found, options)
    print(page)
    if options.write:
        write_between(PAGE, MARKS, "## What options cost", page)


def measure(size: int, options: argparse.Namespace) -> Results:
    """For each row, medians over the turns."""
    dem = np.load(dems.path(size))
    spacing = world.EXTENT_M / (size - 1)
    session = vf.Renderer(world.WIDTH, world.HEIGHT, device=options.device)

    def put() -> None:
        session.add_terrain(dem, (spacing, spacing), world.EXAGGERATION, "terrain")
        session.upload_height_r32f()

    def draw(calls: Calls, fresh: bool = False, kept: bool = False) -> tuple[float, float]:
        if fresh:
            put()
        for method, arguments in calls.items():
            getattr(session, method)(*arguments)
        if kept:
            session.render_rgba()
        start = time.process_time(), time.perf_counter()
        session.render_rgba()
        return time.process_time() - start[0], time.perf_counter() - start[1]

    put()
    session.set_sun(world.SUN_ALTITUDE_DEG, world.SUN_AZIMUTH_DEG)
    session.set_ambient(world.AMBIENT)
    results = {}
    for row in rows_for(dem):
        if options.only not in row.name:
            continue
        session.set_shadows(False)
        session.set_samples(1)
        turns = []
        for turn in range(options.turns + 1):
            place = world.TARGET, world.DISTANCE_M, world.azimuth_of(turn), world.ALTITUDE_DEG
            session.set_camera(vf.Camera.orbit(*place, world.FOV_DEG))
            plain = draw({**row.both, **row.off}, row.fresh)
            turns.append((plain, draw({**row.both, **row.on}, row.fresh, row.kept)))
        draw(row.off)
        counted = turns[1:]
        results[row.name, row.limit] = {
            "plain_ms": 1e3 * median(plain[0] for plain, _ in counted),
            "option_ms": 1e3 * median(option[0] for _, option in counted),
            "ratio": median(option[0] / plain[0] for plain, option in counted),
            "wall_ratio": median(option[1] / plain[1] for plain, option in counted),
        }
    return results


def table(found: dict[int, Results], options: argparse.Namespace) -> str:
    heads = "".join(f" {size}²: plain, option, ms | ratio (wall) |" for size in found)
    lines = [
        f"`python3 dev.py run python bench/options.py --sizes {options.sizes} --turns {options.turns}`: 1920 x 1080, medians, "
        f"processor time, {options.device}.",
        "",
        f"| option | at most |{heads}",
        "| --- | ---: |" + " ---: | ---: |" * len(found),
    ]
    for row in next(iter(found.values())):
        name, limit = row
        cells = "".join(
            f" {one['plain_ms']:.0f}, {one['option_ms']:.0f} | {one['ratio']:.2f} ({one['wall_ratio']:.2f}) |"
            for one in (results[row] for results in found.values())
        )
        lines.append(f"| {name} | {limit:g} |{cells}")
    return "\n".join(lines)


def write_between(file: Path, marks: tuple[str, str], title: str, page: str) -> None:
    """Puts `page` into `file` between two marks; where they are missing at its end, under `title`."""
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition(marks[0])
    _, _, after = rest.partition(marks[1])
    if not after:
        before, after = f"{text}\n{title}\n\n", "\n"
    file.write_text(f"{before}{marks[0]}\n{page}\n{marks[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
