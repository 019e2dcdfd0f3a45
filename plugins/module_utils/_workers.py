# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Requests to the gateway that are made at the same time: a bounded number, each on a connection of its own."""

from __future__ import annotations

import concurrent.futures
import contextlib
import queue
import typing as t

from ._errors import OnfonError, UnexpectedError
from ._gateway.client import Client

# So many requests in a row whose effect is unknown, and it is the gateway that fails, not a single request.
MAX_LOST_IN_A_ROW: t.Final = 10

Item = t.TypeVar("Item")
Answer = t.TypeVar("Answer")


class Work(t.Protocol[Item, Answer]):
    """What the workers do, one item a request. Only perform is called in a worker's thread, all else in that of run."""

    def take(self) -> Item | None:
        """The next item, None where there is none at present. It may wait until the next request may leave."""

    def begin(self, item: Item, /) -> Item | None:
        """The item as it is to be performed, recorded as begun; None where it must not be."""

    def perform(self, client: Client, item: Item, /) -> Answer:
        """Make the request."""

    def collect(self, item: Item, answer: Answer | None, error: OnfonError | None, /) -> OnfonError | None:
        """Record what came of an item: its answer, or the error in place of one.

        Returns why it is unknown what the request did, None where it is known.
        """


class Workers:
    """Make requests at the same time, each on a client of its own; a context manager.

    client: the task's own, which is left open. connect: one more client, not connected yet.
    number: of requests at the same time. With 1 no thread is started, as none can be while the interpreter shuts down;
    a signal then interrupts the request, and what it did is unknown.
    stop_reason: why no further item is taken, None as long as nothing forbids it.
    """

    def __init__(self, client: Client, connect: t.Callable[[], Client], number: int) -> None:
        self._connect = connect
        self._number = number
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue()
        self._idle.put(client)
        self._further = contextlib.ExitStack()
        self._lost_in_a_row = 0
        self.stop_reason: OnfonError | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        self._further.close()

    def stop(self, reason: OnfonError) -> None:
        """Take no further item. What is in flight is collected; the first reason stays."""
        self.stop_reason = self.stop_reason or reason

    def run(self, work: Work[Item, Answer]) -> None:
        """Perform items until there are none, or until something stops the workers."""
        in_flight: dict[concurrent.futures.Future[Answer], Item] = {}
        try:
            with self._executor() as executor:
                while self._step(executor, work, in_flight):
                    pass
        finally:
            # Whatever ended it, an exception from outside or from collect too: no answer that has come is lost.
            with contextlib.ExitStack() as rest:
                for future in reversed(in_flight):
                    rest.callback(self._collect, in_flight, [future], work)

    def _step(
        self,
        executor: concurrent.futures.Executor,
        work: Work[Item, Answer],
        in_flight: dict[concurrent.futures.Future[Answer], Item],
    ) -> bool:
        """Start one more request, or wait for one to end. False where there is nothing to do.

        Between taking and beginning, what has ended is collected: it may forbid to go on, and is recorded together with
        what begins.
        """
        item = None if self.stop_reason or len(in_flight) == self._number else work.take()
        if item is not None:
            self._collect(in_flight, [future for future in in_flight if future.done()], work)
            begun = None if self.stop_reason else work.begin(item)
            if begun is not None:
                in_flight[self._submit(executor, work, begun)] = begun
        elif in_flight:
            ended = concurrent.futures.wait(in_flight, return_when=concurrent.futures.FIRST_COMPLETED).done
            self._collect(in_flight, ended, work)
        else:
            return False
        return True

    def _executor(self) -> concurrent.futures.Executor:
        return concurrent.futures.ThreadPoolExecutor(self._number) if self._number > 1 else _InlineExecutor()

    def _submit(
        self, executor: concurrent.futures.Executor, work: Work[Item, Answer], item: Item
    ) -> concurrent.futures.Future[Answer]:
        try:
            return executor.submit(self._perform, work, item)
        except RuntimeError as error:
            # The system allows no further thread. One that runs already may perform the item all the same.
            future: concurrent.futures.Future[Answer] = concurrent.futures.Future()
            future.set_exception(error)
            return future

    def _perform(self, work: Work[Item, Answer], item: Item) -> Answer:
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._further.enter_context(self._connect())
        try:
            return work.perform(client, item)
        finally:
            self._idle.put(client)

    def _collect(
        self,
        in_flight: dict[concurrent.futures.Future[Answer], Item],
        ended: t.Iterable[concurrent.futures.Future[Answer]],
        work: Work[Item, Answer],
    ) -> None:
        for future in ended:
            lost = work.collect(in_flight.pop(future), *_result_of(future))
            self._lost_in_a_row = self._lost_in_a_row + 1 if lost else 0
            if lost and self._lost_in_a_row >= MAX_LOST_IN_A_ROW:
                self.stop(lost)


def _result_of(future: concurrent.futures.Future[Answer]) -> tuple[Answer | None, OnfonError | None]:
    """The answer, or the error in place of one. Raises what is no Exception, such as KeyboardInterrupt."""
    try:
        return future.result(), None
    except OnfonError as error:
        return None, error
    except Exception as error:  # noqa: BLE001 - one broken request does not end the others
        return None, UnexpectedError("A request", error)


class _InlineExecutor(concurrent.futures.Executor):
    """Performs each item when it is submitted, without a thread."""

    def submit(
        self, work: t.Callable[..., Answer], /, *args: t.Any, **kwargs: t.Any
    ) -> concurrent.futures.Future[Answer]:
        future: concurrent.futures.Future[Answer] = concurrent.futures.Future()
        try:
            future.set_result(work(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as a pool's thread does: it is raised where it is collected
            future.set_exception(error)
        return future
