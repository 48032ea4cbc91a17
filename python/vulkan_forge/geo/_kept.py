"""What is known of a large file of heights, kept beside it."""

from __future__ import annotations

import logging
import os
import tempfile
from typing import Any

import numpy as np

from .._vulkan_forge import ImageFileError, InvalidInputError, Source

_LOG = logging.getLogger("vulkan_forge")


class Kept:
    """The file `path` for what a source knows, which counts as long as `key` is the same."""

    def __init__(self, path: str, key: bytes) -> None:
        self._path, self._key = path, key

    @classmethod
    def beside(cls, source: Any, options: tuple[Any, ...]) -> Kept:
        """That of a path or a memory map, read with these options."""
        path: Any = source if isinstance(source, str | os.PathLike) else None
        if path is None and isinstance(source, np.ndarray):
            whole: Any = source
            while isinstance(whole, np.ndarray) and not isinstance(whole, np.memmap):
                whole = whole.base
            path = getattr(whole, "filename", None)
            options += (source.dtype.str, source.strides, getattr(source, "offset", 0))
        if path is None or not os.path.isfile(path):
            raise InvalidInputError(
                f"keep=True needs a file to keep its levels beside; got {type(source).__name__}; leave it out"
            )
        path = os.path.abspath(os.fspath(path))
        state = os.stat(path)
        key = repr((state.st_size, state.st_mtime_ns, *options)).encode()
        return cls(f"{path}.vfp", key)

    def restore(self, source: Source) -> None:
        """Give `source` what is there and counts."""
        try:
            with open(self._path, "rb") as file:
                length = int.from_bytes(file.read(4), "little")
                if file.read(length) == self._key:
                    source.take(file.read())
        except FileNotFoundError:
            return
        except OSError as error:
            _LOG.warning(
                "%s cannot be read (%s); the DEM is read as a whole again", self._path, error
            )

    def store(self, kept: bytes) -> None:
        """Write what a source has found, whole or not at all."""
        try:
            with tempfile.NamedTemporaryFile(
                dir=os.path.dirname(self._path), prefix=".vfp-", delete=False
            ) as file:
                try:
                    file.write(len(self._key).to_bytes(4, "little") + self._key)
                    file.write(kept)
                    file.close()
                    os.replace(file.name, self._path)
                except BaseException:
                    os.unlink(file.name)
                    raise
        except OSError as error:
            raise ImageFileError(
                f"{self._path}: expected to keep the DEM's levels there, got: {error}; leave out keep=True, or make room"
            ) from error
