"""Who waits for which block: each is drawn once for all that do, few at a time, the first asked for first."""

from __future__ import annotations

import asyncio
from typing import Any

from .._extras import require
from .._tiles._draw import Pixels
from ._tilesets import BlockKey, TileSets

_AT_ONCE = 2  # blocks that are drawn side by side, and tiles that are encoded; more wait their turn


class GoneError(Exception):
    """Whoever asked has gone."""


class _Wanted:
    """A block that somebody waits for."""

    def __init__(self) -> None:
        self.waiting = 0
        self.begun = False
        self.task: asyncio.Task[Pixels | None]


class Queue:
    """Of one running loop."""

    def __init__(self, sets: TileSets) -> None:
        limiter = require("anyio", "serve", "serving tiles").CapacityLimiter
        self._threads = require("anyio.to_thread", "serve", "serving tiles")
        self._sets = sets
        self._drawing, self._encoding = limiter(_AT_ONCE), limiter(_AT_ONCE)
        self._wanted: dict[BlockKey, _Wanted] = {}

    async def tile(
        self, request: Any, tileset: str, suffix: str, zoom: int, column: int, row: int
    ) -> bytes:
        """The file of a tile.

        Raises
        ------
        GoneError
            Nobody is there to read it.
        """
        key = self._sets.key(tileset, zoom, column, row)
        known, drawn = self._sets.kept(key)
        if not known:
            drawn = await self._block(key, request)
        made: bytes = await self._threads.run_sync(
            self._sets.cut, drawn, key, suffix, column, row, limiter=self._encoding
        )
        return made

    async def _block(self, key: BlockKey, request: Any) -> Pixels | None:
        wanted = self._wanted.get(key)
        if wanted is None:
            wanted = self._wanted[key] = _Wanted()
            wanted.task = asyncio.ensure_future(self._drawn(key, wanted))
            wanted.task.add_done_callback(lambda task: self._ended(key, wanted, task))
        wanted.waiting += 1
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({wanted.task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not wanted.task.done():
                raise GoneError
            return wanted.task.result()
        finally:
            gone.cancel()
            if gone.done() and not gone.cancelled():
                gone.exception()  # of a connection that broke, which is gone as well
            wanted.waiting -= 1
            if not wanted.waiting and not wanted.begun:
                self._forget(key, wanted)
                wanted.task.cancel()

    async def _drawn(self, key: BlockKey, wanted: _Wanted) -> Pixels | None:
        async with self._drawing:
            wanted.begun = True  # a thread that draws cannot be called off
            drawn: Pixels | None = await self._threads.run_sync(self._sets.block, key)
            return drawn

    def _ended(self, key: BlockKey, wanted: _Wanted, task: asyncio.Task[Pixels | None]) -> None:
        self._forget(key, wanted)
        if not task.cancelled():
            task.exception()  # nobody may be left to ask for it

    def _forget(self, key: BlockKey, wanted: _Wanted) -> None:
        if self._wanted.get(key) is wanted:
            del self._wanted[key]


async def _gone(request: Any) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
