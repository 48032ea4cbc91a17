"""What is known of a large file of heights, kept beside it."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from .._vulkan_forge import ImageFileError, InvalidInputError, Source
from ._readers import file_behind
from ._write import appearing

_LOG = logging.getLogger("vulkan_forge")


class Kept:
    """The file `path` for what a source knows, which counts as long as `key` is the same."""

    def __init__(self, path: str, key: bytes) -> None:
        self._path, self._key = path, key

    @classmethod
    def beside(cls, source: Any, options: tuple[Any, ...]) -> Kept:
        """That of a path or a memory map, read with these options."""
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
        path = os.path.abspath(os.fspath(path))
        state = os.stat(path)
        key = repr((state.st_size, state.st_mtime_ns, *options)).encode()
        return cls(f"{path}.vfp", key)

    def restore(self, source: Source) -> None:
        """Give `source` what is there and counts."""
        try:
            head = self._head()
            with open(self._path, "rb") as file:
                if file.read(len(head)) == head:
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
            with appearing(Path(self._path)) as draft, draft.open("wb") as file:
                file.writelines([self._head(), kept])
        except ImageFileError as error:
            raise ImageFileError(
                f"{error}; the DEM's levels are kept there: leave out keep=True, or make room"
            ) from error

    def _head(self) -> bytes:
        return len(self._key).to_bytes(4, "little") + self._key
