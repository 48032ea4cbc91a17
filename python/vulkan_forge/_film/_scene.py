"""What a film shows: words of ``render``, some of which are functions of time."""

from __future__ import annotations

import functools
import hashlib
import inspect
import io
import os
import pickle
import stat
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from .._camera import Camera
from .._colormaps import resolve
from .._landing import Landed, land
from .._numbers import shown
from .._renderer import Renderer
from .._surface import Surface, surface
from .._vulkan_forge import InvalidInputError, Source
from .._words import DEFAULTS, SCALE, WORDS
from ..vector._layer import Layer

Pixels = npt.NDArray[np.uint8]
WITHOUT = ("size", "camera", "aovs", "spacing")
_PLAIN = (bool, int, float, str, type(None))
_SUN = ("azimuth", "altitude", "time", "position", "north")
_CALLABLE_VALUES = ("cmap", "norm")
"""matplotlib's colour maps and norms can be called, and are no functions of time."""


def is_function(name: str, value: Any) -> bool:
    """Whether a word changes with time."""
    if name in _CALLABLE_VALUES:
        return inspect.isroutine(value) or isinstance(value, functools.partial)
    return callable(value)


def known_words(words: Mapping[str, Any], door: str) -> None:
    """Refuse what is no word of a film."""
    for name in words:
        if name not in DEFAULTS or name in WITHOUT:
            known = ", ".join(sorted(DEFAULTS.keys() - set(WITHOUT)))
            raise InvalidInputError(
                f"{door} takes words of render ({known}), as they are or as functions of the time in seconds; "
                f"got {name!r}; leave it out"
            )


class Scene:
    """A DEM and words, at each moment."""

    def __init__(self, dem: Any, words: Mapping[str, Any], spacing: Any) -> None:
        known_words(words, "animate")
        self.device = {name: words[name] for name in ("device", "prefer_software") if name in words}
        self.words = {name: words[name] for name in words if name not in self.device}
        self.moving = [name for name, value in self.words.items() if is_function(name, value)]
        self.surface = dem if isinstance(dem, Surface) else surface(dem, spacing)

    def at(self, t: float) -> dict[str, Any]:
        """The words at `t` seconds."""
        return self.words | {name: self.words[name](t) for name in self.moving}


class Stage:
    """A session that draws a scene's frames."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        self.scene, self.size = scene, size
        self.session: Renderer | None = None
        self.words: dict[str, Any] = {}

    def draw(self, camera: Camera, t: float) -> Pixels:
        """(H, W, 4) uint8."""
        moving = bool(self.scene.moving)
        return self.show(camera, self.scene.at(t) if moving else self.scene.words, moving)

    def show(self, camera: Camera, words: dict[str, Any], anew: bool) -> Pixels:
        """The same in these words; if not `anew`, they are those of the frame before."""
        if self.session is None or anew:
            self._turn_to(words)
        assert self.session is not None
        self.session.set_camera(camera)
        return self.session.render_rgba()

    def _turn_to(self, words: dict[str, Any]) -> None:
        """Show the words, of which most are what they were in the frame before."""
        landed = land(self.scene.surface, words, door="animate", without=WITHOUT)
        if self.session is None:
            self.session = landed.renderer(*self.size, **self.scene.device)
        else:
            _change(self.session, landed, self._changed(words))
        self.words = words

    def _changed(self, words: dict[str, Any]) -> set[str]:
        return {name for name, value in words.items() if not _same(value, self.words[name])}


def _change(session: Renderer, landed: Landed, changed: set[str]) -> None:
    if "vert_exag" in changed:
        session._stand_on(landed.surface, landed.exaggeration, landed.options["colormap"])
    if changed & {"vert_exag", *SCALE}:
        session._set_colours(landed.options["colormap"], *landed.range)
    if changed & set(_SUN):
        for name in ("azimuth", "altitude"):
            session._set(name, landed.options[name])
    if changed & {"layers", "dpi"}:
        session._put(landed.layers, landed.dpi)
    for word in WORDS:
        if word.name in changed and (word.land is not None or word.name == "drape"):
            session._set(word.name, landed.options[word.name])


def _same(value: Any, before: Any) -> bool:
    """Whether nothing is to be set anew; of what may be large, only if it is the same object."""
    if isinstance(value, tuple) and isinstance(before, tuple) and len(value) == len(before):
        return all(map(_same, value, before))
    return value is before or (
        isinstance(value, (*_PLAIN, date)) and type(value) is type(before) and value == before
    )


def fingerprint(
    scene: Scene, size: tuple[int, int], frames: list[tuple[list[Camera], list[float]]]
) -> str:
    """A short digest of all that decides the frames' pixels: of two films that look alike the same, of others another."""
    digest = hashlib.blake2b(digest_size=6)
    told = functools.partial(_tell, digest.update)
    told(size)
    if isinstance(scene.surface.heights, Source):
        raise InvalidInputError(
            "a folder of frames knows its film by all of the DEM's heights; got a LargeDEM; pass a file, such as 'film.mp4'"
        )
    told(scene.surface.heights)
    told((scene.surface.spacing, scene.surface.z_factor, repr(scene.surface.grid)))
    still = {name: value for name, value in scene.words.items() if name not in scene.moving}
    told(still | {"cmap": resolve(still["cmap"])} if callable(still.get("cmap")) else still)
    for cameras, times in frames:
        told([camera.__reduce__()[1] for camera in cameras])
        if scene.moving:
            told([{name: scene.words[name](t) for name in scene.moving} for t in times])
    return digest.hexdigest()


def _tell(hear: Callable[[bytes], None], value: Any) -> None:
    """Feed what a value is, whatever it is, in a form that is the same in every process."""

    def say(*parts: Any) -> None:
        hear(
            b"\0".join(part if isinstance(part, bytes) else str(part).encode() for part in parts)
            + b"\1"
        )

    if isinstance(value, np.ndarray) and value.dtype.kind != "O":
        say(value.dtype.str, value.shape)
        hear(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, Mapping):
        for name in sorted(value, key=str):
            say("word", name)
            _tell(hear, value[name])
    elif isinstance(value, list | tuple | np.ndarray):
        say(type(value).__name__, len(value))
        for item in value:
            _tell(hear, item)
    elif isinstance(value, Layer):
        say(type(value).__name__)
        _tell(hear, value._words)
    elif isinstance(value, bytes):
        say(value)
    elif isinstance(value, (*_PLAIN, date, np.generic)):
        say(type(value).__qualname__, repr(value))
        if isinstance(value, str):
            say(_stamp(value))
    elif isinstance(value, os.PathLike):
        _tell(hear, os.fsdecode(value))
    elif type(value).__module__.startswith("vulkan_forge") and (own := _own(value)):
        say(type(value).__qualname__)
        _tell(hear, own)
    else:  # others' values: all that they consist of
        say(type(value).__qualname__)
        try:
            hear(_pickled(value))
        except Exception as error:
            raise InvalidInputError(
                f"a folder of frames knows its film by all that is drawn; got {shown(value)}, which cannot be told from others "
                f"({error}); pass a file, such as 'film.mp4', or plain values"
            ) from error


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> str | None:
        """Who listens to one of matplotlib's norms is no part of it, and counted on with each use."""
        name = type(value).__qualname__
        return name if name == "CallbackRegistry" else None


def _pickled(value: Any) -> bytes:
    written = io.BytesIO()
    _Pickler(written, 5).dump(value)
    return written.getvalue()


def _own(value: Any) -> dict[str, Any]:
    """What a value of this package consists of; nothing if that is known to the compiled module alone."""
    names = [*getattr(value, "__slots__", ()), *getattr(value, "__dict__", ())]
    own = {name: getattr(value, name, None) for name in names if not name.startswith("__")}
    return own | ({"pixels": np.asarray(value)} if hasattr(value, "__array__") else {})


def _stamp(text: str) -> str:
    """Size and time of change of the file that a text names, if it names one."""
    try:
        known = os.stat(text)
    except (OSError, ValueError):
        return ""
    return f"{known.st_size} {known.st_mtime_ns}" if stat.S_ISREG(known.st_mode) else ""
