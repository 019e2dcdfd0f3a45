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
import dataclasses
import functools
import typing as t

from .._clock import Clock
from .._errors import PROTOCOL, OnfonError, RecordError, UnexpectedError
from .._gateway.clients import Clients
from .._gateway.errors import ApiError
from .._gateway.models import Batch, Message, Receipt
from .._progress import Progress
from . import receipts, timing
from .books import Books
from .outbox import BatchKey, Letter
from .recipients import UNKNOWN, Verdict

TOO_MANY_NUMBERS = "042"
# So many answers lost one after the other, and it is the gateway that fails, not a request.
MOST_LOST_IN_A_ROW = 10

_Letters = t.Sequence[Letter]
_Answer = concurrent.futures.Future[list[Receipt]]
_Pool = concurrent.futures.ThreadPoolExecutor
Leaving = t.TypeVar("Leaving", Letter, BatchKey)


@dataclasses.dataclass(frozen=True)
class SendOptions:
    """How messages are sent. rate_limit: requests a second, None for as many as go."""

    sender_id: str
    flash: bool
    batch_size: int
    concurrency: int
    rate_limit: float | None


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


class Dispatcher:
    """Sends what is due in the books.

    requests: calls made. lost: the last call whose answer was lost, None where none was. stopped: why nothing more is
    sent, None as long as all goes well. broken: the books cannot be written.
    """

    def __init__(self, books: Books, clients: Clients, options: SendOptions, when: timing.Timing, clock: Clock) -> None:
        self._books = books
        self._clients = clients
        self._options = options
        self._when = when
        self._clock = clock
        self._halves: collections.deque[_Letters] = collections.deque()
        self._size = options.batch_size
        self._most_taken = 0
        self._lost_in_a_row = 0
        self._next_turn = 0.0
        self.requests = 0
        self.lost: OnfonError | None = None
        self.stopped: OnfonError | None = None
        self.broken: RecordError | None = None

    def run(self, progress: Progress) -> None:
        """Send everything that is due, or stop where something forbids to go on."""
        flying: dict[_Answer, _Letters] = {}
        try:
            with concurrent.futures.ThreadPoolExecutor(self._options.concurrency) as pool:
                self._send_all(pool, flying, progress)
        finally:
            # Whatever ended it, an exception from outside too: what came back meanwhile is not lost.
            self._land(flying, list(flying), progress)
            self._guarded(self._books.flush)

    def _send_all(self, pool: _Pool, flying: dict[_Answer, _Letters], progress: Progress) -> None:
        due = batches(self._books.outbox.due(), self._options.batch_size)
        while True:
            letters = self._next(due) if len(flying) < self._options.concurrency else None
            if letters:
                self._pace()
                self._land(flying, [answer for answer in flying if answer.done()], progress)
                self._depart(letters, pool, flying)
            elif flying:
                landed, _others = concurrent.futures.wait(flying, return_when=concurrent.futures.FIRST_COMPLETED)
                self._land(flying, landed, progress)
            else:
                return

    # --- leaving

    def _next(self, due: t.Iterator[list[Letter]]) -> _Letters | None:
        """The next letters to leave together, None where there are none or the run has stopped."""
        if self.stopped:
            return None
        letters = self._halves.popleft() if self._halves else next(due, None)
        if letters and len(letters) > self._size:
            self._halves.appendleft(letters[self._size :])
            return letters[: self._size]
        return letters

    def _depart(self, letters: _Letters, pool: _Pool, flying: dict[_Answer, _Letters]) -> None:
        """Claim these letters and send them, unless the run has stopped, or stops here."""
        moment = self._moment()
        if self.stopped or not self._guarded(lambda: self._books.claim(letters)):
            return
        self.requests += 1
        batch = Batch(
            self._options.sender_id,
            [Message(letter.msisdn, letter.text) for letter in letters],
            unicode=bool(letters[0].unicode),
            flash=self._options.flash,
            schedule=moment,
        )
        flying[self._clients.submit(pool, lambda client: client.send(batch))] = letters

    def _moment(self) -> str | None:
        """When what leaves now is to be delivered, as Onfon takes it; None at once, or if quiet hours stop the run."""
        now = self._clock.utc()
        try:
            moment = self._when.delivery(now)
        except timing.Quiet as quiet:
            self._stop(quiet)
            return None
        return timing.on_the_wire(moment, now) if moment else None

    def _pace(self) -> None:
        """Wait for the next request's turn."""
        if self._options.rate_limit:
            now = self._clock.monotonic()
            if self._next_turn > now:
                self._clock.sleep(self._next_turn - now)
            self._next_turn = max(now, self._next_turn) + 1 / self._options.rate_limit

    # --- coming back

    def _land(self, flying: dict[_Answer, _Letters], landed: t.Iterable[_Answer], progress: Progress) -> None:
        """What answers say of their letters, and of the run."""
        for answer in landed:
            letters = flying.pop(answer)
            verdicts = self._judge(letters, answer)
            if verdicts:
                self._guarded(functools.partial(self._books.close, letters, verdicts))
                progress.tell(len(letters), sum(verdict.status == UNKNOWN for verdict in verdicts))

    def _judge(self, letters: _Letters, answer: _Answer) -> list[Verdict]:
        """A verdict for each letter; none where they leave again."""
        failure = answer.exception()
        if failure is None:
            verdicts = self._answered(letters, answer.result())
        elif isinstance(failure, OnfonError):
            verdicts = self._failed(letters, failure)
        elif isinstance(failure, Exception):
            verdicts = self._failed(letters, crash(failure))
            self._stop(crash(failure))
        else:
            raise failure
        self._count_unknown(verdicts)
        return verdicts

    def _answered(self, letters: _Letters, rows: list[Receipt]) -> list[Verdict]:
        """The gateway took the call, and says of each letter what became of it."""
        self._most_taken = max(self._most_taken, len(letters))
        verdicts, stopper = receipts.read(rows, letters)
        if stopper:
            self._stop(ApiError(stopper.number, "", http_status=200))
        return verdicts

    def _failed(self, letters: _Letters, failure: OnfonError) -> list[Verdict]:
        """The call failed as a whole."""
        if failure.may_have_acted:
            self.lost = failure
        elif failure.code == TOO_MANY_NUMBERS and len(letters) > 1:
            self._halve(letters)
            return []
        elif receipts.stops(failure.kind, failure.code):
            self._stop(failure)
        return receipts.failed(failure, letters)

    def _count_unknown(self, verdicts: list[Verdict]) -> None:
        """Stop where one answer after the other is lost, or says nothing of anybody."""
        nothing_known = bool(verdicts) and all(verdict.status == UNKNOWN for verdict in verdicts)
        self._lost_in_a_row = self._lost_in_a_row + 1 if nothing_known else 0
        if self._lost_in_a_row >= MOST_LOST_IN_A_ROW:
            words = f"The last {MOST_LOST_IN_A_ROW} answers do not say what became of anybody."
            self._stop(self.lost or OnfonError(words, error_class=PROTOCOL))

    def _halve(self, letters: _Letters) -> None:
        """Nobody of them was texted. If the gateway has never taken so many, later batches are smaller too."""
        self._books.release(letters)
        half = (len(letters) + 1) // 2
        if len(letters) > self._most_taken:
            self._size = min(self._size, half)
        self._halves.extendleft((letters[half:], letters[:half]))

    def _guarded(self, step: t.Callable[[], None]) -> bool:
        """Do a step; if the books cannot be written, the run stops, and what is under way is not lost."""
        try:
            step()
        except RecordError as error:
            self.broken = error
            self._stop(error)
            return False
        return True

    def _stop(self, reason: OnfonError) -> None:
        self.stopped = self.stopped or reason
