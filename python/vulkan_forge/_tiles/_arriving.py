"""Rows of an array that come, made by a thread, while others look at those that are there."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from .._vulkan_forge import VulkanForgeError


class Arriving:
    """What one thread makes and others wait for.

    Whoever begins it has to `stop` it.
    """

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._rows = 0
        self._stopped = False
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None

    def begin(self, making: Iterator[int]) -> None:
        """Run `making` in a thread; each number says how many rows are there, the last all of them."""
        self._thread = threading.Thread(
            target=self._run, args=(making,), name="vulkan_forge warp", daemon=True
        )
        self._thread.start()

    def wait(self, rows: int) -> None:
        """Until so many rows are there; raises what kept them from coming."""
        if self._rows >= rows:
            return
        with self._change:
            self._change.wait_for(lambda: self._rows >= rows or self._failure or self._stopped)
            if self._rows >= rows:
                return
            if self._failure is not None:
                raise self._failure
            raise VulkanForgeError(f"expected {rows} rows; got a stop after {self._rows}")

    def stop(self) -> None:
        """Let nobody wait, and return once the thread has ended."""
        with self._change:
            self._stopped = True
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self, making: Iterator[int]) -> None:
        try:
            for rows in making:
                with self._change:
                    self._rows = rows
                    self._change.notify_all()
                    if self._stopped:
                        return
            with self._change:  # the rest does not come
                self._stopped = True
                self._change.notify_all()
        except BaseException as failure:  # whoever waits raises it
            with self._change:
                self._failure = failure
                self._change.notify_all()
