# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Several clients of one account, for work that is done side by side."""

from __future__ import annotations

import concurrent.futures
import contextlib
import queue
import typing as t

from .client import Client

R = t.TypeVar("R")


class Here(concurrent.futures.Executor):
    """Does at once what it is given, as a pool of one thread would, without the thread."""

    def submit(self, work: t.Callable[..., R], /, *given: t.Any, **named: t.Any) -> concurrent.futures.Future[R]:
        answer: concurrent.futures.Future[R] = concurrent.futures.Future()
        try:
            answer.set_result(work(*given, **named))
        except BaseException as error:  # noqa: BLE001 - as a thread of a pool does: whoever waits for it decides
            answer.set_exception(error)
        return answer


def side_by_side(number: int) -> concurrent.futures.Executor:
    """Does so much work at the same time."""
    return concurrent.futures.ThreadPoolExecutor(number) if number > 1 else Here()


class Clients:
    """As many clients as threads work at the same time, each with its own kept-alive session; a context manager.

    first: the task's, which is left open. connect: one more client of the account, not connected yet.
    """

    def __init__(self, first: Client, connect: t.Callable[[], Client]) -> None:
        self._connect = connect
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue()
        self._idle.put(first)
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def submit(self, pool: concurrent.futures.Executor, work: t.Callable[[Client], R]) -> concurrent.futures.Future[R]:
        """Have work done by a thread, on an idle client. Whatever goes wrong is in the future."""
        try:
            return pool.submit(self._do, work)
        except RuntimeError as error:
            # No more threads here. The work may be in the hands of another one.
            answer: concurrent.futures.Future[R] = concurrent.futures.Future()
            answer.set_exception(error)
            return answer

    def _do(self, work: t.Callable[[Client], R]) -> R:
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._open.enter_context(self._connect())
        try:
            return work(client)
        finally:
            self._idle.put(client)
