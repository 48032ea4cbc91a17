"""``animate``: a DEM and a path in, a film out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

from .._camera import Camera
from .._numbers import finite, shown, whole_size
from .._paths import path_of, renamed
from .._vulkan_forge import ImageFileError, InvalidInputError
from . import _encode
from ._blur import Mean
from ._kinds import ANIMATED, VIDEOS, kind_of
from ._path import Path
from ._scene import Pixels, Scene, Stage, fingerprint

_FASTEST = 1000  # frames a second
_OF_FOLDER = re.compile(r"frame_([0-9a-f]{12})_\d+\.png")

Progress = Callable[[int, int], object]
# A frame's cameras and moments: several where its motion is blurred.
Shot = tuple[list[Camera], list[float]]


def animate(
    dem: Any,
    path: Path,
    out: str | os.PathLike[str],
    *,
    fps: float = 30,
    size: tuple[int, int] = (1280, 720),
    codec: str | None = None,
    shutter: float = 0.0,
    shots: int = 8,
    spacing: tuple[float, float] | None = None,
    progress: Progress | None = None,
    **words: Any,
) -> None:
    """Draw a film: a DEM from the cameras of a path, one after another.

    Frames are drawn while those before them are encoded. The same call gives the same frames, byte for byte, on one
    driver. Files appear whole or not at all.

    Parameters
    ----------
    dem : array_like, or whatever else :func:`render` takes
        The ground.
    path : Path
        From where it is seen.
    out : str or os.PathLike
        A name that ends in .mp4, .mov, .mkv or .webm (through PyAV, extra 'video'), .gif or .apng (through Pillow, kept
        in memory while it is made); a name such as "turn_%03d.png", for pictures by number; or a folder: pictures named
        by the scene and their number, of which those that are there already are not drawn again.
    fps : float, default 30
        Frames a second, > 0 and at most 1000.
    size : (int, int), default (1280, 720)
        Width and height in pixels; even ones for the usual codecs.
    codec : str, optional
        Of a video: "libx264" (the default of .mp4, .mov and .mkv), "libvpx-vp9" (that of .webm), "libx265",
        "libsvtav1", or another encoder of PyAV's FFmpeg.
    shutter : float in 0..1, default 0
        Share of the time between two frames in which the shutter is open: motion is blurred, as the mean of `shots`
        pictures in linear light. 0.5 is film's usual.
    shots : int, default 8
        Pictures for each frame with blur, 2 to 64.
    spacing : (float, float), optional
        As for :func:`render`.
    progress : callable, optional
        Called with the number of frames that are drawn and that of all.
    **words
        How it looks: words of :func:`render` but for size, camera and aovs. Each may be a function of the time in
        seconds, which gives the word's value then: the sun's place or its `time`, the `water` level, `vert_exag`,
        `layers` that grow.

    Raises
    ------
    InvalidInputError
        An argument is not as above, there is no such codec, the path was made for another `vert_exag`, or the folder
        holds frames of another scene.
    ImageFileError
        The place cannot be written, or has no room.
    MissingExtraError
        PyAV or Pillow is not installed.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say.

    Examples
    --------
    >>> vf.animate("dem.tif", vf.Path.orbit("dem.tif"), "turn.mp4")
    >>> day = lambda t: np.datetime64("2026-06-21T04:00") + np.timedelta64(round(5400 * t), "s")
    >>> flight = vf.Path.fly("track.gpx", 400, 150, dem="dem.tif")
    >>> vf.animate("dem.tif", flight, "morning.mp4", time=day, background="sky", shutter=0.5)
    """
    if not isinstance(path, Path):
        raise InvalidInputError(
            f"path must be a Path; got {shown(path)}; make one with Path.orbit, keyframes or fly"
        )
    rate = _rate(fps)
    width, height = whole_size(size)
    scene = Scene(dem, words, spacing)
    exaggeration = scene.words.get("vert_exag", 1.0)
    if path._vert_exag not in (None, exaggeration) and not callable(exaggeration):
        raise InvalidInputError(
            f"path and film must have one vert_exag; got {path._vert_exag} and {shown(exaggeration)}; make the path with "
            "the film's"
        )
    if progress is not None and not callable(progress):
        raise InvalidInputError(
            f"progress must be callable; got {shown(progress)}; pass e.g. lambda done, frames: print(done)"
        )
    film = _Film(path, scene, (width, height), rate, _shots(shutter, shots), progress)
    path_of(out, "film.mp4", "out")
    _choose(film, os.fsdecode(out), codec)


def _choose(film: _Film, name: str, codec: str | None) -> None:
    """By the name: a folder, pictures by number, a video or an animation."""
    target, kind = FilePath(name), kind_of(name)
    if codec is not None and kind != "video":
        raise InvalidInputError(
            f"codec goes with a video; got {shown(codec)} for {shown(target.name)}; leave it out, or pass a name in .mp4"
        )
    if kind == "folder":
        film.into_folder(target)
    elif kind == "pictures":
        film.into_pictures(target)
    elif kind == "video":
        film.into_file(target, _encode.video(target, film.size, film.rate, codec))
    elif kind == "animation":
        film.into_file(target, _encode.animation(target, film.rate))
    else:
        known = ", ".join((*VIDEOS, *ANIMATED))
        raise InvalidInputError(
            f"out must end in one of {known}, be as turn_%03d.png, or be a folder; got {shown(target.name)}; pass for example "
            f"{renamed(target, '.mp4')!r}"
        )


class _Film:
    def __init__(
        self,
        path: Path,
        scene: Scene,
        size: tuple[int, int],
        rate: Fraction,
        blur: tuple[float, int],
        progress: Progress | None,
    ) -> None:
        self.scene, self.size, self.rate = scene, size, rate
        self.progress = progress or (lambda done, frames: None)
        self.stage = Stage(scene, size)
        aspect = size[0] / size[1]
        step, (shutter, count) = 1 / float(rate), blur
        offsets = (
            [shutter * step * (part + 0.5) / count for part in range(count)] if shutter else [0.0]
        )
        self.shots: list[Shot] = []
        for start in path.times(float(rate)):
            times = [start + offset for offset in offsets]
            self.shots.append(([path.camera(t, aspect) for t in times], times))

    def draw(self, shot: Shot) -> Pixels:
        """A frame."""
        cameras, times = shot
        if len(cameras) == 1:
            return self.stage.draw(cameras[0], times[0])
        mean = Mean()
        for camera, t in zip(cameras, times, strict=True):
            mean.add(self.stage.draw(camera, t))
        return mean.picture()

    def into_file(self, target: FilePath, write: _encode.Writer) -> None:
        """Frames to an encoder."""
        encoder = _encode.Encoder(target, write)
        try:
            self.progress(0, len(self.shots))
            for done, shot in enumerate(self.shots, 1):
                encoder.add(self.draw(shot))
                self.progress(done, len(self.shots))
            encoder.finish()
        except BaseException:
            encoder.give_up()
            raise

    def into_pictures(self, target: FilePath) -> None:
        """Pictures by number."""
        self.progress(0, len(self.shots))
        for number, shot in enumerate(self.shots):
            _encode.picture(target.with_name(target.name % number), self.draw(shot))
            self.progress(number + 1, len(self.shots))

    def into_folder(self, folder: FilePath) -> None:
        """Pictures by scene and number, but for those that are there.

        Raises
        ------
        InvalidInputError
            There are frames of another scene.
        """
        scene = fingerprint(self.scene, self.size, self.shots)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            names = {entry.name for entry in folder.iterdir()}
        except OSError as error:
            raise ImageFileError(
                f"{folder}: expected a folder that may be written, got: {error}; pass another"
            ) from error
        for name in sorted(names):
            found = _OF_FOLDER.fullmatch(name)
            if found and found[1] != scene:
                raise InvalidInputError(
                    f"{folder} must hold frames of this scene ({scene}) or none; got {name}; pass another folder, or "
                    "empty it"
                )
        digits = max(5, len(str(len(self.shots))))
        self.progress(0, len(self.shots))
        for number, shot in enumerate(self.shots):
            name = f"frame_{scene}_{number:0{digits}}.png"
            if name not in names:
                _encode.picture(folder / name, self.draw(shot))
            self.progress(number + 1, len(self.shots))


def _rate(fps: Any) -> Fraction:
    if isinstance(fps, Fraction):
        fps = float(fps)
    rate = finite(fps, "fps")
    if not 1 / _FASTEST <= rate <= _FASTEST:
        raise InvalidInputError(
            f"fps must be > 0, from {1 / _FASTEST} to {_FASTEST}; got {fps}; pass frames a second, e.g. 30"
        )
    return Fraction(rate).limit_denominator(1001)


def _shots(shutter: Any, shots: Any) -> tuple[float, int]:
    open_for = finite(shutter, "shutter")
    if not 0 <= open_for <= 1:
        raise InvalidInputError(
            f"shutter must be in 0..1; got {open_for}; pass the share of a frame's time in which it is open, e.g. 0.5"
        )
    if isinstance(shots, bool) or not isinstance(shots, int) or not 2 <= shots <= 64:
        raise InvalidInputError(
            f"shots must be a whole number in 2..64; got {shown(shots)}; pass e.g. 8"
        )
    return open_for, shots
