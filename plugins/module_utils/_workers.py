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

from ._errors import OnfonError
from ._gateway.client import Client

# So many jobs in a row whose fate is not known, and it is the gateway that fails, not a single request.
MAX_LOST_IN_A_ROW: t.Final = 10

Job = t.TypeVar("Job")
Answer = t.TypeVar("Answer")


class Jobs(t.Protocol[Job, Answer]):
    """What the workers do. Only perform is called in a worker's thread, all else in that of run."""

    def take(self) -> Job | None:
        """The next job, None where there is none at present. It may wait until the next request may leave."""

    def begin(self, job: Job) -> bool:
        """Record that the job is about to be performed. False: it must not be."""

    def perform(self, client: Client, job: Job) -> Answer:
        """Make the request."""

    def collect(self, job: Job, answer: concurrent.futures.Future[Answer]) -> OnfonError | None:
        """Record what came of a job. Returns why its fate is not known, None where it is."""


class Workers:
    """Performs jobs with so many clients of one account; a context manager.

    client: the task's own, which is left open. connect: one more client, not connected yet. number: with 1 no thread is
    started, as none can be while the interpreter shuts down.
    stopped: why no further job is taken, None as long as nothing forbids it.
    """

    def __init__(self, client: Client, connect: t.Callable[[], Client], number: int) -> None:
        self._connect = connect
        self._number = number
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue()
        self._idle.put(client)
        self._further = contextlib.ExitStack()
        self._lost_in_a_row = 0
        self.stopped: OnfonError | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        self._further.close()

    def stop(self, reason: OnfonError) -> None:
        """Take no further job. What is in flight is collected; the first reason stays."""
        self.stopped = self.stopped or reason

    def run(self, jobs: Jobs[Job, Answer]) -> None:
        """Perform jobs until there are none, or until something stops the workers."""
        in_flight: dict[concurrent.futures.Future[Answer], Job] = {}
        try:
            with self._executor() as executor:
                while self._step(executor, jobs, in_flight):
                    pass
        finally:
            # Whatever ended it, an exception from outside or from collect too: no answer that has come is lost.
            with contextlib.ExitStack() as rest:
                for answer in reversed(in_flight):
                    rest.callback(self._collect, in_flight, [answer], jobs)

    def _step(
        self,
        executor: concurrent.futures.Executor,
        jobs: Jobs[Job, Answer],
        in_flight: dict[concurrent.futures.Future[Answer], Job],
    ) -> bool:
        """Start one more job, or wait for one to end. False where there is nothing to do."""
        job = None if self.stopped or len(in_flight) == self._number else jobs.take()
        if job is not None:
            self._collect(in_flight, [answer for answer in in_flight if answer.done()], jobs)
            if not self.stopped and jobs.begin(job):
                in_flight[self._submit(executor, jobs, job)] = job
        elif in_flight:
            ended = concurrent.futures.wait(in_flight, return_when=concurrent.futures.FIRST_COMPLETED).done
            self._collect(in_flight, ended, jobs)
        else:
            return False
        return True

    def _executor(self) -> concurrent.futures.Executor:
        return concurrent.futures.ThreadPoolExecutor(self._number) if self._number > 1 else _InlineExecutor()

    def _submit(
        self, executor: concurrent.futures.Executor, jobs: Jobs[Job, Answer], job: Job
    ) -> concurrent.futures.Future[Answer]:
        try:
            return executor.submit(self._perform, jobs, job)
        except RuntimeError as error:
            # The system allows no further thread. One that runs already may perform the job all the same.
            answer: concurrent.futures.Future[Answer] = concurrent.futures.Future()
            answer.set_exception(error)
            return answer

    def _perform(self, jobs: Jobs[Job, Answer], job: Job) -> Answer:
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._further.enter_context(self._connect())
        try:
            return jobs.perform(client, job)
        finally:
            self._idle.put(client)

    def _collect(
        self,
        in_flight: dict[concurrent.futures.Future[Answer], Job],
        ended: t.Iterable[concurrent.futures.Future[Answer]],
        jobs: Jobs[Job, Answer],
    ) -> None:
        for answer in ended:
            lost = jobs.collect(in_flight.pop(answer), answer)
            self._lost_in_a_row = self._lost_in_a_row + 1 if lost else 0
            if lost and self._lost_in_a_row >= MAX_LOST_IN_A_ROW:
                self.stop(lost)


class _InlineExecutor(concurrent.futures.Executor):
    """Performs each job when it is submitted, without a thread."""

    def submit(
        self, work: t.Callable[..., Answer], /, *args: t.Any, **kwargs: t.Any
    ) -> concurrent.futures.Future[Answer]:
        answer: concurrent.futures.Future[Answer] = concurrent.futures.Future()
        try:
            answer.set_result(work(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as a pool's thread does: it is raised where it is collected
            answer.set_exception(error)
        return answer
