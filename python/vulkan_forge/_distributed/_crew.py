"""A client's side: jobs to workers, few at a time, and their results in order; what is lost is done again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import ImageFileError, InvalidInputError, VulkanForgeError

_HOPELESS = (InvalidInputError, ImageFileError)
"""What comes of the arguments, and would come again."""


class Bulk(NamedTuple):
    """An argument that goes to a worker by itself, not within the job."""

    value: Any


class Crew:
    """Workers, as a client knows them.

    Raises
    ------
    InvalidInputError
        There is no client, or it has no workers; `in_flight` or `retries` is no number as it should be.
    MissingExtraError
        distributed is not installed.
    """

    def __init__(self, client: Any, in_flight: Any, retries: Any) -> None:
        distributed = require("distributed", "dask", "vulkan_forge.distributed")
        try:
            self.client = distributed.get_client() if client is None else client
        except ValueError as error:
            raise InvalidInputError(
                "client must be a distributed.Client, or there must be one; got none; make it before: "
                "client = distributed.Client(address)"
            ) from error
        if not isinstance(self.client, distributed.Client) or self.client.asynchronous:
            raise InvalidInputError(
                f"client must be a distributed.Client that is not asynchronous; got {shown(self.client)}; pass e.g. "
                "distributed.Client(address)"
            )
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            raise InvalidInputError(
                "the cluster must have workers; got none; start some, and client.wait_for_workers(1)"
            )
        threads = sum(worker["nthreads"] for worker in workers.values())
        self.in_flight = _count(in_flight, 2 * threads, 1, "in_flight")
        self.retries = _count(retries, 3, 0, "retries")
        self.ranks = _ranks(workers)
        self._as_completed = distributed.as_completed
        self._shared: dict[int, Any] = {}

    def ordered(
        self, work: Callable[..., Any], shared: Any, jobs: Iterable[tuple[Any, ...]], what: str
    ) -> Iterator[Any]:
        """``work(shared, *job)`` of each job, in their order; at most `in_flight` are begun and not yet given.

        `shared` goes to each worker once.
        """
        run = _Run(self, work, Bulk(shared), iter(jobs), what)
        try:
            yield from run.results()
        finally:
            run.give_up()


class _Run:
    def __init__(
        self, crew: Crew, work: Any, shared: Bulk, jobs: Iterator[tuple[Any, ...]], what: str
    ) -> None:
        self.crew, self.work, self.shared, self.jobs, self.what = crew, work, shared, jobs, what
        self.name = f"vulkan_forge_{what}-{uuid.uuid4().hex}"
        self.begun, self.given = 0, 0
        self.under_way: dict[Any, int] = {}
        self.asked: dict[int, tuple[Any, ...]] = {}  # jobs that have no result yet
        self.tries: dict[int, int] = {}
        self.done: dict[int, Any] = {}
        self.everywhere: Any = None
        self.completed = crew._as_completed(loop=crew.client.loop)

    def results(self) -> Iterator[Any]:
        self._begin()
        while self.under_way:
            self._take(next(self.completed))
            while self.given in self.done:
                yield self.done.pop(self.given)
                self.given += 1
                self._begin()

    def _begin(self) -> None:
        while self.begun - self.given < self.crew.in_flight:
            job = next(self.jobs, None)
            if job is None:
                return
            self.asked[self.begun] = job
            self._submit(self.begun)
            self.begun += 1

    def _submit(self, index: int) -> None:
        client, tries = self.crew.client, self.tries.get(index, 0)
        if self.everywhere is None or self.everywhere.status in ("cancelled", "lost", "error"):
            (self.everywhere,) = client.scatter([self.shared.value], broadcast=True, hash=False)
        job = [
            client.scatter([part.value], hash=False)[0] if isinstance(part, Bulk) else part
            for part in self.asked[index]
        ]
        future = client.submit(
            self.work,
            self.everywhere,
            *job,
            key=f"{self.name}-{index}-{tries}",
            pure=False,
        )
        self.under_way[future] = index
        self.completed.add(future)

    def _take(self, future: Any) -> None:
        index = self.under_way.pop(future)
        try:
            self.done[index] = future.result()
            del self.asked[index]
            return
        except _HOPELESS:
            raise
        except (
            Exception
        ) as error:  # of the job, or that workers died, or that what was sent to them is lost
            self.tries[index] = self.tries.get(index, 0) + 1
            if self.tries[index] <= self.crew.retries:
                self._submit(index)
                return
            if isinstance(error, VulkanForgeError):
                raise
            raise VulkanForgeError(
                f"{self.what} {index}: expected a worker to finish it, got after {self.tries[index]} tries: {error}; see "
                "the workers' logs, and give them more memory if they were killed for that"
            ) from error
        finally:
            future.release()

    def give_up(self) -> None:
        """What is under way and will not be asked for."""
        if self.under_way:
            self.crew.client.cancel(list(self.under_way), force=True)
        self.under_way.clear()
        self.everywhere = None


def _count(value: Any, usual: int, least: int, name: str) -> int:
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidInputError(
            f"{name} must be a whole number of at least {least}; got {shown(value)}; pass e.g. {usual}"
        )
    return value


def _ranks(workers: dict[str, Any]) -> dict[str, int]:
    """For each worker's address, how many come before it on its machine."""
    found: dict[str, int] = {}
    count: dict[str, int] = {}
    for address in sorted(workers):
        host = workers[address]["host"]
        found[address] = count.get(host, 0)
        count[host] = found[address] + 1
    return found
