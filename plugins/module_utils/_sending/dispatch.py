# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Sends what is due: in batches, in threads, no faster than told, and no further than is good.

A request that may have reached the gateway is never repeated here. What is not known is left to settle.py.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import dataclasses
import datetime
import queue
import typing as t

from .._clock import Clock
from .._gateway.client import Client
from .._gateway.errors import ApiError, OnfonError
from .._gateway.models import Batch, Message, Receipt
from . import receipts, timing
from .books import Books
from .outbox import Letter, Place
from .progress import Progress
from .recipients import UNKNOWN

TOO_MANY_NUMBERS = "042"
# So many answers lost one after the other, and it is the gateway that fails, not a request.
MOST_LOST_IN_A_ROW = 10

_Letters = t.Sequence[Letter]
Leaving = t.TypeVar("Leaving", Letter, Place)


@dataclasses.dataclass(frozen=True)
class Manner:
    """How messages are sent. rate_limit: requests a second, None for as many as go."""

    sender_id: str
    flash: bool = False
    batch_size: int = 20
    concurrency: int = 4
    rate_limit: float | None = None


def batches(letters: t.Iterable[Leaving], size: int) -> t.Iterator[list[Leaving]]:
    """Letters in batches of one encoding, in which nobody occurs twice: the answer's rows name only the number."""
    batch: list[Leaving] = []
    people: set[str] = set()
    for letter in letters:
        if batch and (len(batch) >= size or letter.unicode != batch[0].unicode or letter.msisdn in people):
            yield batch
            batch, people = [], set()
        batch.append(letter)
        people.add(letter.msisdn)
    if batch:
        yield batch


class Clients:
    """One client for each thread, each with its own kept-alive session; the first one is the task's."""

    def __init__(self, first: Client, connect: t.Callable[[], Client]) -> None:
        self._connect = connect
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue()
        self._idle.put(first)
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def send(self, batch: Batch) -> list[Receipt] | OnfonError:
        """Send a batch on an idle client; the error is returned, as it is news about the batch."""
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._open.enter_context(self._connect())
        try:
            return client.send(batch)
        except OnfonError as failure:
            return failure
        finally:
            self._idle.put(client)


class Dispatcher:
    """Sends what is due in the books. requests: calls made.

    stopped: why nothing more is sent, None as long as all goes well. broken: it is the journal or the report.
    """

    def __init__(
        self, books: Books, clients: Clients, manner: Manner, when: timing.Timing, *, clock: Clock, progress: Progress
    ) -> None:
        self._books = books
        self._clients = clients
        self._manner = manner
        self._when = when
        self._clock = clock
        self._progress = progress
        self._halves: collections.deque[_Letters] = collections.deque()
        self._size = manner.batch_size
        self._taken = 0
        self._lost_in_a_row = 0
        self._next_departure = 0.0
        self.requests = 0
        self.stopped: OnfonError | None = None
        self.broken: OnfonError | None = None

    def run(self) -> None:
        """Send everything that is due, or stop where something forbids to go on."""
        due = batches(self._books.outbox.due(), self._manner.batch_size)
        flying: dict[concurrent.futures.Future[list[Receipt] | OnfonError], _Letters] = {}
        with concurrent.futures.ThreadPoolExecutor(self._manner.concurrency) as pool:
            while True:
                letters = self._next(due) if len(flying) < self._manner.concurrency else None
                departure = self._depart(letters) if letters else None
                if letters and departure:
                    flying[pool.submit(self._clients.send, departure)] = letters
                elif flying:
                    landed, _others = concurrent.futures.wait(flying, return_when=concurrent.futures.FIRST_COMPLETED)
                    for future in landed:
                        self._conclude(flying.pop(future), future.result())
                else:
                    break
        self._guarded(self._books.flush)

    def _next(self, due: t.Iterator[list[Letter]]) -> _Letters | None:
        """The next letters to leave together, None where there are none or the run has stopped."""
        if self.stopped:
            return None
        letters = self._halves.popleft() if self._halves else next(due, None)
        if letters and len(letters) > self._size:
            self._halves.extendleft((letters[self._size :], letters[: self._size]))
            return self._halves.popleft()
        return letters

    def _depart(self, letters: _Letters) -> Batch | None:
        """The batch for these letters, claimed; None where they must stay."""
        self._pace()
        try:
            moment = self._when.delivery(self._now())
        except timing.Quiet as quiet:
            self._stop(quiet)
            return None
        if not self._guarded(lambda: self._books.claim(letters)):
            return None
        self.requests += 1
        return Batch(
            self._manner.sender_id,
            [Message(letter.msisdn, letter.text) for letter in letters],
            unicode=bool(letters[0].unicode),
            flash=self._manner.flash,
            schedule=timing.Timing.on_the_wire(moment) if moment else None,
        )

    def _pace(self) -> None:
        """Wait for the next request's turn."""
        if self._manner.rate_limit:
            now = self._clock.monotonic()
            if self._next_departure > now:
                self._clock.sleep(self._next_departure - now)
            self._next_departure = max(now, self._next_departure) + 1 / self._manner.rate_limit

    def _now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._clock.now(), datetime.timezone.utc)

    def _conclude(self, letters: _Letters, answer: list[Receipt] | OnfonError) -> None:
        """What an answer says of its letters, and of the run."""
        if isinstance(answer, OnfonError) and self._is_too_many(answer, letters):
            self._halve(letters)
            return
        if isinstance(answer, OnfonError):
            verdicts = receipts.failed(answer, letters)
            if not answer.may_have_acted and receipts.stops(answer.kind, answer.code):
                self._stop(answer)
        else:
            self._taken = max(self._taken, len(letters))
            verdicts, stopper = receipts.read(answer, letters)
            if stopper:
                self._stop(ApiError(stopper.number, "", http_status=200))
        self._count_lost(answer)
        self._guarded(lambda: self._books.close(letters, verdicts))
        self._progress.tell(len(letters), sum(verdict.status == UNKNOWN for verdict in verdicts))

    def _is_too_many(self, failure: OnfonError, letters: _Letters) -> bool:
        return failure.code == TOO_MANY_NUMBERS and not failure.may_have_acted and len(letters) > 1

    def _halve(self, letters: _Letters) -> None:
        """Nobody of them was texted. If the gateway has never taken so many, later batches are smaller too."""
        self._books.release(letters)
        half = (len(letters) + 1) // 2
        if len(letters) > self._taken:
            self._size = min(self._size, half)
        self._halves.extendleft((letters[half:], letters[:half]))

    def _count_lost(self, answer: list[Receipt] | OnfonError) -> None:
        lost = isinstance(answer, OnfonError) and answer.may_have_acted
        self._lost_in_a_row = self._lost_in_a_row + 1 if lost else 0
        if isinstance(answer, OnfonError) and self._lost_in_a_row >= MOST_LOST_IN_A_ROW:
            self._stop(answer)

    def _guarded(self, step: t.Callable[[], None]) -> bool:
        """Do a step; what goes wrong with the books stops the run, and does not lose what is under way."""
        try:
            step()
        except OnfonError as error:
            self.broken = error
            self._stop(error)
            return False
        return True

    def _stop(self, reason: OnfonError) -> None:
        self.stopped = self.stopped or reason
