"""Frames into files: videos through PyAV, GIF and APNG through Pillow, pictures of their own."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import queue
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import ImageFileError, InvalidInputError, numpy_to_png
from ..geo._write import appearing
from ._kinds import ANIMATED, VIDEOS
from ._scene import Pixels

_OPTIONS = {
    "libx264": {"crf": "18", "preset": "medium"},
    "libx265": {"crf": "20", "preset": "medium", "x265-params": "log-level=none"},
    "libvpx-vp9": {"crf": "28", "b": "0", "row-mt": "1", "deadline": "good", "cpu-used": "4"},
    "libsvtav1": {"crf": "30", "preset": "8"},
    "libaom-av1": {"crf": "30", "cpu-used": "6", "row-mt": "1"},
}
_THREADS = 4  # of the encoder, on every machine: what it writes depends on their number
_ROOM = 4  # frames that wait for the encoder
_POLL = 0.05  # seconds
_LEAVE = 0.25  # seconds that Ctrl-C waits for a film to be cleared away, and the end of the process
_LEAVE_AT_EXIT = 10.0
_BT709 = 1  # as ITU-T H.273 numbers matrices, primaries and transfer

Frames = Iterator[Pixels]
Writer = Callable[[Path, Frames], None]


class _GivenUp(BaseException):
    """In the encoder's thread: nobody wants the film any more."""


class Encoder:
    """A thread that makes a film of frames while the next ones are drawn. The file appears whole or not at all."""

    def __init__(self, target: Path, write: Writer) -> None:
        self.target, self.write = target, write
        self.waiting: queue.Queue[Pixels | None] = queue.Queue(_ROOM)
        self.given_up = threading.Event()
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self._run, name="vulkan_forge film", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            with appearing(self.target) as draft:
                self.write(draft, self._frames())
                if self.given_up.is_set():
                    raise _GivenUp
        except _GivenUp:
            pass
        except BaseException as error:
            self.failure = error

    def _frames(self) -> Frames:
        while True:
            try:
                frame = self.waiting.get(timeout=_POLL)
            except queue.Empty:
                frame = None
                if not self.given_up.is_set():
                    continue
            if self.given_up.is_set():
                raise _GivenUp
            if frame is None:
                return
            yield frame

    def add(self, frame: Pixels | None) -> None:
        """Hand over the next frame, or None after the last; waits while too many wait."""
        while True:
            if not self.thread.is_alive():
                self._tell()
            with contextlib.suppress(queue.Full):
                self.waiting.put(frame, timeout=_POLL)
                return

    def finish(self) -> None:
        """Wait for the file."""
        self.add(None)
        while self.thread.is_alive():
            self.thread.join(_POLL)
        if self.failure is not None:
            self._tell()

    def give_up(self) -> None:
        """Leave no file. An encoder that is at its last frames clears away after them."""
        self.given_up.set()
        self.thread.join(_LEAVE)
        if self.thread.is_alive():
            atexit.register(self.thread.join, _LEAVE_AT_EXIT)

    def _tell(self) -> None:
        if isinstance(self.failure, ImageFileError | InvalidInputError):
            raise self.failure
        raise ImageFileError(
            f"{self.target}: expected to write a film, got: {self.failure}; check that there is room, or pass another "
            "codec or suffix"
        ) from self.failure


def video(target: Path, size: tuple[int, int], rate: Fraction, codec: str | None) -> Writer:
    """What writes a video there.

    Raises
    ------
    MissingExtraError
        PyAV is not installed.
    InvalidInputError
        It has no such encoder, or that takes no frames of this size.
    """
    av = require("av", "video", f"a {target.suffix} file")
    name = VIDEOS[target.suffix.lower()] if codec is None else codec
    try:
        encoder = av.codec.Codec(name, "w")
        formats = [kind.name for kind in encoder.video_formats or ()]
    except (av.codec.codec.UnknownCodecError, av.error.FFmpegError, TypeError, ValueError) as error:
        here = ", ".join(known for known in _OPTIONS if known in av.codecs_available)
        raise InvalidInputError(
            f"codec must be a video encoder of PyAV's FFmpeg; got {shown(name)}; it has {here} and others: pass one of these"
        ) from error
    if not formats:
        raise InvalidInputError(
            f"codec must be a video encoder; got {shown(name)}, which has no pixel formats; pass e.g. 'libx264'"
        )
    pixels = "yuv420p" if "yuv420p" in formats else formats[0]
    width, height = size
    across, down = (2, 2) if "420" in pixels else (2, 1) if "422" in pixels else (1, 1)
    if width % across or height % down:
        raise InvalidInputError(
            f"{name} has one colour for {across} x {down} pixels and needs even sizes; got {width} x {height}; pass "
            f"size=({width - width % across or 2}, {height - height % down or 2})"
        )

    def write(draft: Path, frames: Frames) -> None:
        container = av.open(str(draft), "w", options={"fflags": "+bitexact"})
        try:
            stream = container.add_stream(name, rate=rate, options=dict(_OPTIONS.get(name, {})))
            stream.width, stream.height, stream.pix_fmt = width, height, pixels
            context = stream.codec_context
            context.thread_count = _THREADS
            is_yuv = pixels.startswith("yuv")
            if is_yuv:
                context.colorspace = context.color_primaries = context.color_trc = _BT709
                context.color_range = 1
            for number, picture in enumerate(frames):
                frame = av.VideoFrame.from_ndarray(opaque(picture), format="rgb24")
                if is_yuv:
                    frame = frame.reformat(format=pixels, dst_colorspace=_BT709, dst_color_range=1)
                else:
                    frame = frame.reformat(format=pixels)
                frame.pts, frame.time_base = number, 1 / rate
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        finally:
            container.close()

    return write


def animation(target: Path, rate: Fraction) -> Writer:
    """What writes a GIF or an APNG there, which plays for ever."""
    pillow = require("PIL.Image", "video", f"a {target.suffix} file")
    kind = ANIMATED[target.suffix.lower()]
    # GIF counts in hundredths of a second.
    unit = 10 if kind == "GIF" else 1

    def shown(picture: Pixels) -> Any:
        if kind == "PNG":
            return pillow.fromarray(picture)
        return pillow.fromarray(opaque(picture)).quantize(
            256, method=pillow.Quantize.MEDIANCUT, dither=pillow.Dither.NONE
        )

    def write(draft: Path, frames: Frames) -> None:
        drawn = [shown(picture) for picture in frames]
        ends = [round(1000 / unit * number / rate) * unit for number in range(len(drawn) + 1)]
        lasts = [max(end - start, unit) for start, end in itertools.pairwise(ends)]
        options: dict[str, Any] = {"optimize": False} if kind == "GIF" else {}
        if len(drawn) > 1:
            options |= {"save_all": True, "append_images": drawn[1:], "duration": lasts, "loop": 0}
        with draft.open("wb") as file:
            drawn[0].save(file, kind, **options)

    return write


def picture(path: Path, pixels: Pixels) -> None:
    """A PNG, whole or not at all."""
    numpy_to_png(path, pixels)


def opaque(rgba: Pixels) -> Pixels:
    """Over white, for what knows no transparency."""
    if rgba[..., 3].min() == 255:
        return np.ascontiguousarray(rgba[..., :3])
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return np.asarray(rgba[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
