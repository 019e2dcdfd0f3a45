# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Sends what is pending: in batches, several at a time, no faster than allowed, until something must stop it.

A request that may have reached the gateway is never repeated here. What is unknown is left to settle.py.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import typing as t

from .._clock import Clock
from .._errors import PROTOCOL, OnfonError, RecordError, UnexpectedError
from .._gateway.client import Client
from .._gateway.errors import ApiError
from .._gateway.models import ResponseRow
from .._progress import Progress
from .._sms.statuses import UNKNOWN
from .._workers import MAX_LOST_IN_A_ROW, Workers
from .plan import batches
from .recorder import Recorder
from .records import OutgoingMessage, SendResult
from .responses import read_answer, read_failure, stops
from .schedule import Hold, Schedule, to_wire

TOO_MANY_NUMBERS = "042"

Messages = t.Sequence[OutgoingMessage]


@dataclasses.dataclass(frozen=True)
class SendOptions:
    """How messages are sent. rate_limit: requests a second, None for as many as possible."""

    sender_id: str
    flash: bool
    batch_size: int
    concurrency: int
    rate_limit: float | None


class Batch(t.NamedTuple):
    """What one request sends. deliver_at: as Onfon takes it, None for at once; decided when the batch leaves."""

    messages: Messages
    deliver_at: str | None = None


class Sender:
    """Sends batches through the workers, and records what becomes of their messages.

    requests: calls made. lost: why the last lost reply was lost, None where none was. hold: the quiet hours that
    stopped it. record_error: why journal or report could not be written.
    """

    def __init__(
        self, recorder: Recorder, workers: Workers, options: SendOptions, schedule: Schedule, clock: Clock
    ) -> None:
        self._recorder = recorder
        self._workers = workers
        self._options = options
        self._schedule = schedule
        self._clock = clock
        self._progress: Progress
        self._batches: t.Iterator[Messages] = iter(())
        self._halves: collections.deque[Messages] = collections.deque()
        self._size = options.batch_size
        self._largest_taken = 0
        self._next_turn = 0.0
        self.requests = 0
        self.lost: OnfonError | None = None
        self.hold: Hold | None = None
        self.record_error: RecordError | None = None

    def send(self, messages: t.Iterable[OutgoingMessage], progress: Progress) -> None:
        """Send messages, until all have left or something stops the workers."""
        self._batches = batches(messages, self._options.batch_size)
        self._progress = progress
        try:
            self._workers.run(self)
        finally:
            self._try_to_record(self._recorder.flush)

    # --- what the workers call: see _workers.Work

    def take(self) -> Batch | None:
        messages = self._next_messages()
        if messages is None:
            return None
        self._wait_for_turn()
        return Batch(messages)

    def begin(self, item: Batch) -> Batch | None:
        now = self._clock.utc()
        at, hold = self._schedule.decide(now)
        if hold:
            self.hold = hold
            self._workers.stop(hold.error())
            return None
        if not self._try_to_record(functools.partial(self._recorder.claim, item.messages)):
            return None
        self.requests += 1
        return item._replace(deliver_at=to_wire(at, now) if at else None)

    def perform(self, client: Client, item: Batch) -> list[ResponseRow]:
        return client.send(
            item.messages,
            sender_id=self._options.sender_id,
            unicode=item.messages[0].unicode,
            flash=self._options.flash,
            schedule=item.deliver_at,
        )

    def collect(self, item: Batch, answer: list[ResponseRow] | None, error: OnfonError | None) -> OnfonError | None:
        messages = item.messages
        if error and error.code == TOO_MANY_NUMBERS and len(messages) > 1 and not error.may_have_acted:
            self._halve(messages)
            return None
        results = (
            self._results_of_failure(messages, error) if error else self._results_of_answer(messages, answer or [])
        )
        self._try_to_record(functools.partial(self._recorder.record, messages, results))
        unknown = sum(result.status == UNKNOWN for result in results)
        self._progress.advance(len(messages), unknown)
        if unknown < len(messages):
            return None
        words = f"The last {MAX_LOST_IN_A_ROW} answers do not report on any message."
        return self.lost or OnfonError(words, error_class=PROTOCOL)

    # --- before a request

    def _next_messages(self) -> Messages | None:
        """The messages to send next, no more of them than the gateway takes; None where there are none."""
        messages = self._halves.popleft() if self._halves else next(self._batches, None)
        if messages and len(messages) > self._size:
            self._halves.appendleft(messages[self._size :])
            return messages[: self._size]
        return messages

    def _wait_for_turn(self) -> None:
        """Keep to the rate limit."""
        if self._options.rate_limit:
            now = self._clock.monotonic()
            if self._next_turn > now:
                self._clock.sleep(self._next_turn - now)
            self._next_turn = max(now, self._next_turn) + 1 / self._options.rate_limit

    # --- after a request

    def _results_of_answer(self, messages: Messages, rows: t.Sequence[ResponseRow]) -> list[SendResult]:
        """The gateway took the request, and says of each message what became of it."""
        self._largest_taken = max(self._largest_taken, len(messages))
        results, stopping = read_answer(rows, messages)
        if stopping:
            self._workers.stop(ApiError(stopping.number, "", http_status=200))
        return results

    def _results_of_failure(self, messages: Messages, failure: OnfonError) -> list[SendResult]:
        """The request failed as a whole."""
        if isinstance(failure, UnexpectedError):
            self._workers.stop(failure)
        if failure.may_have_acted:
            self.lost = failure
        elif stops(failure.error_class, failure.code):
            self._workers.stop(failure)
        return read_failure(failure, messages)

    def _halve(self, messages: Messages) -> None:
        """None of them was sent. If the gateway has never taken so many at once, later batches are smaller too."""
        self._recorder.release(messages)
        half = (len(messages) + 1) // 2
        if len(messages) > self._largest_taken:
            self._size = min(self._size, half)
        self._halves.extendleft((messages[half:], messages[:half]))

    def _try_to_record(self, record: t.Callable[[], None]) -> bool:
        """Where journal or report cannot be written, the run stops, and what is in flight is still collected."""
        try:
            record()
        except RecordError as error:
            self.record_error = error
            self._workers.stop(error)
            return False
        return True
