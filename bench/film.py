"""A film of ten seconds, from a DEM in memory to the file, beside PyVista's on the same orbit.

    python3 dev.py run python bench/film.py            # 4096², 1280 x 720, 300 frames
    python3 dev.py run python bench/film.py --parts ours,shadows --size 1024

Each part is a process of its own. PyVista draws `--peer-frames` of the 300; the others are counted by the mean of its warm ones,
and are given to the same encoder. Ours draws and encodes all.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import dems
import numpy as np
import world

HERE = Path(__file__).resolve().parent
SIZE, FPS, SECONDS = (1280, 720), 30, 10
FRAMES = FPS * SECONDS
PARTS = ("ours", "shadows", "pyvista")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=4096, help="samples a side of the DEM")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--peer-frames", type=int, default=8)
    parser.add_argument("--one", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    world.WIDTH, world.HEIGHT = SIZE
    world.STEP_DEG = 360 / FRAMES
    if options.one:
        dem, target = np.load(dems.path(options.size)), Path(tempfile.mkdtemp()) / "film.mp4"
        start, busy = time.perf_counter(), time.process_time()
        if options.one == "pyvista":
            wall, processor = pyvista_film(dem, target, options.peer_frames)
        else:
            ours(dem, target, shadows=options.one == "shadows")
            wall, processor = time.perf_counter() - start, time.process_time() - busy
        print(
            f"{options.one}: {wall:.1f} s, {processor:.1f} s of processor time, {target.stat().st_size >> 10} KiB"
        )
        return
    subprocess.run([sys.executable, "dems.py", str(options.size)], cwd=HERE, check=True)
    for part in options.parts.split(","):
        command = [sys.executable, __file__, "--one", part, "--size", str(options.size)]
        subprocess.run([*command, "--peer-frames", str(options.peer_frames)], cwd=HERE, check=True)


def ours(dem: np.ndarray, target: Path, *, shadows: bool) -> None:
    """One call each for the path and the film."""
    import vulkan_forge as vf

    spacing = (world.EXTENT_M / (dem.shape[0] - 1),) * 2
    path = vf.Path.orbit(
        dem,
        duration=SECONDS,
        start=world.START_AZIMUTH_DEG,
        altitude=world.ALTITUDE_DEG,
        distance=world.DISTANCE_M,
        target=world.TARGET,
        fov=world.FOV_DEG,
        spacing=spacing,
        vert_exag=world.EXAGGERATION,
    )
    vf.animate(
        dem,
        path,
        target,
        fps=FPS,
        size=SIZE,
        spacing=spacing,
        vert_exag=world.EXAGGERATION,
        azimuth=world.SUN_AZIMUTH_DEG,
        altitude=world.SUN_ALTITUDE_DEG,
        shadows=shadows,
        samples=1,
        prefer_software=True,
    )


def pyvista_film(dem: np.ndarray, target: Path, frames: int) -> tuple[float, float]:
    """Wall and processor seconds of its whole film, which goes through the encoder of ours."""
    from peers.pyvista_ import PyVista
    from vulkan_forge._film import _encode

    start, busy = time.perf_counter(), time.process_time()
    peer = PyVista(argparse.Namespace())
    peer.open()
    peer.build(dem, np.load(dems.table_path()))
    encoder = _encode.Encoder(target, _encode.video(target, SIZE, Fraction(FPS), None))
    marks = []
    for number in range(frames):
        picture = peer.frame(world.azimuth_of(number))
        opaque = np.full((*picture.shape[:2], 1), 255, np.uint8)
        encoder.add(np.concatenate([picture[..., :3], opaque], axis=-1))
        marks.append((time.perf_counter(), time.process_time()))
    encoder.finish()
    spent = time.perf_counter() - start, time.process_time() - busy
    # The first two frames are not like the others.
    each = [
        (last - second) / (frames - 2) for second, last in zip(marks[1], marks[-1], strict=True)
    ]
    wall, processor = (
        whole + one * (FRAMES - frames) for whole, one in zip(spent, each, strict=True)
    )
    return wall, processor


if __name__ == "__main__":
    main()
