# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The worker pool: how many jobs at a time, on which clients, and when it stops."""

from __future__ import annotations

import concurrent.futures
import re
import threading
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import TRANSPORT, OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._workers import MAX_LOST_IN_A_ROW, Workers

LOST = OnfonError("The reply is lost.", error_class=TRANSPORT, may_have_acted=True)


class FakeClient:
    """Counts how often it was opened and closed."""

    def __init__(self) -> None:
        self.opened = self.closed = 0

    def __enter__(self) -> FakeClient:
        self.opened += 1
        return self

    def __exit__(self, *dummy: object) -> None:
        self.closed += 1


class FakeJobs:
    """Numbers as jobs, and a log of their outcomes.

    perform: what a job does with its number. lost, refused: numbers whose fate is not known, and that must not begin.
    performed: (number, client, thread) of each; collected: (number, result or exception) of each.
    """

    def __init__(
        self,
        number: int,
        perform: t.Callable[[int], object] = lambda job: job,
        *,
        lost: t.Container[int] = (),
        refused: t.Container[int] = (),
    ) -> None:
        self.left = iter(range(1, number + 1))
        self.taken: list[int] = []
        self.performed: list[tuple[int, object, threading.Thread]] = []
        self.collected: list[tuple[int, object]] = []
        self._perform = perform
        self._lost = lost
        self._refused = refused

    def take(self) -> int | None:
        job = next(self.left, None)
        if job is not None:
            self.taken.append(job)
        return job

    def begin(self, job: int) -> int | None:
        return None if job in self._refused else job

    def perform(self, client: object, job: int) -> object:
        self.performed.append((job, client, threading.current_thread()))
        return self._perform(job)

    def collect(self, job: int, answer: object, error: OnfonError | None) -> OnfonError | None:
        self.collected.append((job, error or answer))
        return LOST if job in self._lost else None

    @property
    def done(self) -> list[int]:
        return sorted(job for job, _answer in self.collected)


class Pool(Workers):
    """Workers with fake clients. clients: those that were connected besides the first one."""

    def __init__(self, number: int) -> None:
        self.first = FakeClient()
        self.clients: list[FakeClient] = []
        self.futures: list[concurrent.futures.Future[t.Any]] = []
        super().__init__(self.first, self._new_client, number)  # type: ignore[arg-type]

    def _submit(self, *given: t.Any) -> concurrent.futures.Future[t.Any]:
        self.futures.append(super()._submit(*given))
        return self.futures[-1]

    def _new_client(self) -> t.Any:
        self.clients.append(FakeClient())
        return self.clients[-1]


def run(number: int, jobs: FakeJobs) -> Pool:
    with Pool(number) as pool:
        pool.run(jobs)
    return pool


def test_one_worker_starts_no_thread_and_no_further_client() -> None:
    jobs = FakeJobs(5)
    pool = run(1, jobs)
    assert {thread for _job, _client, thread in jobs.performed} == {threading.current_thread()}
    assert {client for _job, client, _thread in jobs.performed} == {pool.first}
    assert pool.clients == []
    assert jobs.collected == [(job, job) for job in range(1, 6)]


def test_one_worker_collects_a_job_before_it_performs_the_next() -> None:
    jobs = FakeJobs(3, lambda job: [job, *jobs.done])
    run(1, jobs)
    assert jobs.collected == [(1, [1]), (2, [2, 1]), (3, [3, 1, 2])]


def test_further_clients_are_closed_and_the_first_one_is_left_open() -> None:
    barrier = threading.Barrier(3, timeout=10)
    jobs = FakeJobs(3, lambda _job: barrier.wait())
    pool = run(3, jobs)
    assert [(client.opened, client.closed) for client in pool.clients] == [(1, 1), (1, 1)]
    assert (pool.first.opened, pool.first.closed) == (0, 0)
    assert jobs.done == [1, 2, 3]


def test_there_are_never_more_jobs_at_a_time_than_workers() -> None:
    lock, running, peak = threading.Lock(), 0, 0

    def perform(_job: int) -> None:
        nonlocal running, peak
        with lock:
            running += 1
            peak = max(peak, running)
        pause.wait(0.002)
        with lock:
            running -= 1

    pause = threading.Event()
    jobs = FakeJobs(50, perform)
    pool = run(4, jobs)
    assert peak <= 4
    assert len(pool.clients) <= 3
    assert jobs.done == list(range(1, 51))


def test_a_client_serves_one_job_at_a_time() -> None:
    used: dict[int, threading.Lock] = {}
    overlaps: list[object] = []
    pause = threading.Event()

    class Exclusive(FakeJobs):
        def perform(self, client: object, job: int) -> object:
            lock = used.setdefault(id(client), threading.Lock())
            if not lock.acquire(blocking=False):
                overlaps.append(client)
                return None
            pause.wait(0.001)
            lock.release()
            return None

    jobs = Exclusive(40)
    run(4, jobs)
    assert overlaps == []
    assert len(jobs.collected) == 40


def test_a_job_that_must_not_begin_is_neither_performed_nor_collected() -> None:
    jobs = FakeJobs(4, refused=[2, 3])
    run(1, jobs)
    assert jobs.collected == [(1, 1), (4, 4)]


@pytest.mark.parametrize("number", [1, 3])
def test_what_a_job_raises_is_in_its_answer(number: int) -> None:
    def perform(job: int) -> int:
        if job == 2:
            raise LOST
        return job

    jobs = FakeJobs(3, perform)
    run(number, jobs)
    assert sorted(jobs.collected, key=lambda each: each[0]) == [(1, 1), (2, LOST), (3, 3)]


def test_a_client_that_cannot_connect_is_in_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Semaphore(0)

    def refuse(_self: FakeClient) -> t.NoReturn:
        tried.release()
        raise LOST

    def hold_the_first_client(job: int) -> int:
        assert all(tried.acquire(timeout=10) for _other in range(2))
        return job

    monkeypatch.setattr(FakeClient, "__enter__", refuse)
    jobs = FakeJobs(3, hold_the_first_client)
    run(3, jobs)
    assert jobs.done == [1, 2, 3]
    assert [answer for _job, answer in jobs.collected].count(LOST) == 2


@pytest.mark.parametrize("number", [1, 4])
def test_so_many_lost_in_a_row_stop_it(number: int) -> None:
    jobs = FakeJobs(100, lost=range(1, 101))
    pool = run(number, jobs)
    assert pool.stop_reason is LOST
    assert MAX_LOST_IN_A_ROW <= len(jobs.collected) < MAX_LOST_IN_A_ROW + number
    assert len(jobs.performed) == len(jobs.collected)


def test_a_job_whose_fate_is_known_starts_the_count_anew() -> None:
    jobs = FakeJobs(25, lost=[job for job in range(1, 26) if job % MAX_LOST_IN_A_ROW])
    pool = run(1, jobs)
    assert pool.stop_reason is None
    assert len(jobs.collected) == 25


def test_the_count_goes_on_from_run_to_run() -> None:
    with Pool(1) as pool:
        pool.run(FakeJobs(MAX_LOST_IN_A_ROW - 1, lost=range(100)))
        assert pool.stop_reason is None
        pool.run(FakeJobs(1, lost=range(100)))
        assert pool.stop_reason is LOST
        after = FakeJobs(1)
        pool.run(after)
    assert (after.taken, after.collected) == ([], [])


def test_a_stop_lets_what_is_in_flight_end_and_keeps_its_first_reason() -> None:
    other = OnfonError("Another reason.", error_class=TRANSPORT)
    barrier = threading.Barrier(2, timeout=10)
    with Pool(2) as pool:

        class Stopping(FakeJobs):
            def collect(self, job: int, answer: object, error: OnfonError | None) -> OnfonError | None:
                pool.stop(LOST)
                pool.stop(other)
                return super().collect(job, answer, error)

        jobs = Stopping(10, lambda _job: barrier.wait())
        pool.run(jobs)
    assert pool.stop_reason is LOST
    assert jobs.done == [1, 2]


class Interrupted(BaseException):
    """What ends a run from outside."""


def test_after_an_exception_all_that_is_in_flight_is_collected() -> None:
    barrier = threading.Barrier(3, timeout=10)

    class Broken(FakeJobs):
        def take(self) -> int | None:
            job = super().take()
            if job == 3:
                barrier.wait()
                raise Interrupted
            return job

    jobs = Broken(10, lambda _job: barrier.wait())
    with pytest.raises(Interrupted):
        run(3, jobs)
    assert jobs.done == [1, 2]


@pytest.mark.parametrize("number", [1, 3])
def test_what_collect_raises_ends_the_run_after_all_is_collected(number: int) -> None:
    """Also where several raise: each answer that came is recorded."""
    barrier = threading.Barrier(number, timeout=10)

    class Broken(FakeJobs):
        def collect(self, job: int, answer: object, error: OnfonError | None) -> OnfonError | None:
            super().collect(job, answer, error)
            raise Interrupted

    jobs = Broken(10, lambda _job: barrier.wait())
    with pytest.raises(Interrupted):
        run(number, jobs)
    assert jobs.done == list(range(1, number + 1))


def test_an_interrupted_request_ends_the_run_after_the_others_are_collected() -> None:
    barrier = threading.Barrier(3, timeout=10)

    def perform(job: int) -> None:
        barrier.wait()
        if job == 2:
            raise Interrupted

    jobs = FakeJobs(3, perform)
    with pytest.raises(Interrupted):
        run(3, jobs)
    assert jobs.done == [1, 3]


def test_an_unexpected_error_is_told_without_its_words() -> None:
    def perform(_job: int) -> None:
        raise ValueError("https://gateway.example/?ApiKey=secret")

    jobs = FakeJobs(1, perform)
    run(1, jobs)
    ((_job, error),) = jobs.collected
    assert re.fullmatch(
        r"A request ended with ValueError \(_workers\.py, line \d+\), which is a fault of the collection: please .*\.",
        str(error),
    )


def test_what_ended_while_the_next_item_waited_for_its_turn_may_stop_it() -> None:
    """What a request shows counts before anything that begin may find."""
    ended = threading.Event()
    with Pool(2) as pool:

        class Paced(FakeJobs):
            def take(self) -> int | None:
                job = super().take()
                if job == 2:
                    assert ended.wait(10)
                    # The future is done a moment after its work.
                    assert all(future.exception(10) is None for future in pool.futures)
                return job

            def collect(self, job: int, answer: object, error: OnfonError | None) -> OnfonError | None:
                pool.stop(LOST)
                return super().collect(job, answer, error)

        jobs = Paced(3, lambda _job: ended.set())
        pool.run(jobs)
    assert (jobs.taken, jobs.done) == ([1, 2], [1])


def test_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's refusal is each job's answer."""

    def refuse(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    jobs = FakeJobs(2)
    with monkeypatch.context() as patched, Pool(2) as pool:
        patched.setattr(threading.Thread, "start", refuse)
        pool.run(jobs)
    assert jobs.performed == []
    assert [(job, "RuntimeError" in str(error)) for job, error in jobs.collected] == [(1, True), (2, True)]
