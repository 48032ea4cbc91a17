"""What is known of a large file of heights, kept beside it."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import Any

from .._vulkan_forge import ImageFileError, InvalidInputError, Source
from ._failures import of_source
from ._readers import file_behind
from ._write import appearing

_LOG = logging.getLogger("vulkan_forge")
_PLACES, _PLACE_BYTES = 64, 256  # of a file, that are digested


class Kept:
    """The file for what a source knows, beside the file that it reads with these options."""

    def __init__(self, path: str, options: tuple[Any, ...]) -> None:
        self._file, self._options = os.path.abspath(path), options
        self._path = f"{self._file}.vfp"
        try:
            state = os.stat(path)
            digest = _digest(path, state.st_size)
        except OSError as error:
            expected, cure = of_source(self._file)
            raise ImageFileError(f"{expected}, got: {error}; {cure}") from error
        self._key = repr((state.st_size, state.st_mtime_ns, digest, *options)).encode()

    def __reduce__(self) -> tuple[Any, ...]:
        return Kept, (self._file, self._options)  # as the file is where that is read

    @classmethod
    def beside(cls, source: Any, options: tuple[Any, ...]) -> Kept:
        """That of a path or a memory map."""
        found = (source, 0) if isinstance(source, str | os.PathLike) else file_behind(source)
        if found is None or not os.path.isfile(found[0]):
            own = " of mode 'c'" if getattr(source, "mode", None) == "c" else ""
            raise InvalidInputError(
                "keep=True needs a file of these heights to keep its levels beside; got "
                f"{type(source).__name__}{own}; leave it out"
            )
        path, start = found
        if source is not path:
            options += (source.dtype.str, source.strides, start)
        return cls(os.fspath(path), options)

    def restore(self, source: Source) -> None:
        """Give `source` what is there and counts; where there is nothing, something must be writable."""
        if not self._taken(source) and not os.access(os.path.dirname(self._path), os.W_OK):
            raise ImageFileError(
                f"{self._path}: expected a folder that may be written, where the DEM's levels are to be kept; leave out keep=True, "
                "or have the file where you may write"
            )

    def _taken(self, source: Source) -> bool:
        try:
            head = self._head()
            with open(self._path, "rb") as file:
                return file.read(len(head)) == head and source.take(file.read())
        except FileNotFoundError:
            return False
        except OSError as error:
            _LOG.warning(
                "%s cannot be read (%s); the DEM is read as a whole again", self._path, error
            )
            return False

    def store(self, kept: bytes) -> None:
        """Write what a source has found, whole or not at all."""
        try:
            with appearing(Path(self._path)) as draft, draft.open("wb") as file:
                file.writelines([self._head(), kept])
        except ImageFileError as error:
            raise ImageFileError(
                f"{error}; the DEM's levels are kept there: leave out keep=True, or make room"
            ) from error

    def _head(self) -> bytes:
        return len(self._key).to_bytes(4, "little") + self._key


def _digest(path: str, size: int) -> str:
    """Of a few of a file's bytes: another file may have come in its place with the same size and time of change."""
    digest = hashlib.blake2b(digest_size=8)
    with open(path, "rb") as file:
        for place in range(_PLACES):
            file.seek(max(size - _PLACE_BYTES, 0) * place // (_PLACES - 1))
            digest.update(file.read(_PLACE_BYTES))
    return digest.hexdigest()
