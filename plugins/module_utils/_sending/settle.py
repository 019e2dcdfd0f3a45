# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Looks in the account's sent log for messages: for those whose reply was lost, and for those sent by earlier runs.

A row of the log is a message's if number, sender id and text are the same. Dates of the log are taken for Nairobi's.
"""

from __future__ import annotations

import datetime
import typing as t

from .._clock import Clock, utc
from .._errors import OnfonError, RecordError
from .._gateway.client import Client
from .._gateway.models import SentMessage
from .._progress import Progress, readable
from .._reading.sent_log import sent_between
from .._reading.timestamps import EAT, parse_moment
from .books import Books
from .keys import message_key
from .outbox import Letter, Outbox
from .receipts import spellings
from .recipients import ACCEPTED, SKIPPED_ALREADY_SENT, UNKNOWN, Verdict

DAY = datetime.timedelta(days=1)
# The gateway's clock may be so far from this one's. Its times may be cut to whole minutes.
CLOCK_TOLERANCE = datetime.timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0  # seconds between two looks


class SentLog:
    """The sent log as the messages of one sender, found by the keys of the outbox.

    problem: why the last reading broke off, None where it did not.
    """

    def __init__(self, client: Client, sender_id: str, salt: bytes, clock: Clock) -> None:
        self._client = client
        self._sender_id = sender_id
        self._salt = salt
        self._clock = clock
        self.problem: OnfonError | None = None

    def since(self, moment: datetime.datetime) -> t.Iterator[tuple[SentMessage, datetime.datetime | None]]:
        """The rows of our sender from the day of a moment on, and when each was submitted. See problem at their end."""
        self.problem = None
        try:
            yield from self._rows(moment)
        except OnfonError as error:
            self.problem = error

    def _rows(self, moment: datetime.datetime) -> t.Iterator[tuple[SentMessage, datetime.datetime | None]]:
        # Whether the days are Nairobi's or UTC's, and whether the last one is included, is not known: ask for more.
        first = moment.astimezone(datetime.timezone.utc).date()
        last = self._clock.utc().astimezone(EAT).date() + DAY
        for row in sent_between(self._client, first, last):
            if row.sender_id == self._sender_id:
                yield row, _precise(parse_moment(row.submitted), first - DAY, last + DAY)

    def keys(self, row: SentMessage) -> list[bytes]:
        """The keys that a row may stand for."""
        return [message_key(self._salt, msisdn, row.text) for msisdn in dict.fromkeys(spellings(row.number))]


def _precise(moment: datetime.datetime | None, first: datetime.date, last: datetime.date) -> datetime.datetime | None:
    """The moment, None where it tells no time of day, or lies so far outside that its text was misread."""
    if moment is None or moment.time() == datetime.time() or not first <= moment.date() <= last:
        return None
    return moment


def skip_sent(outbox: Outbox, log: SentLog, since: datetime.datetime) -> None:
    """Whoever got the text since then is not texted again. A row whose date cannot be read counts: better so."""
    for row, submitted in log.since(since):
        if submitted is None or submitted >= since:
            for key in log.keys(row):
                outbox.sent_before(key, row.message_id or None)
    if log.problem:
        raise log.problem


def settle(books: Books, log: SentLog, clock: Clock, timeout: float, progress: Progress) -> None:
    """Look for what is unknown for so many seconds, again and again, as the platform may queue late."""
    begun, started, pause = clock.now(), clock.monotonic(), FIRST_PAUSE
    while True:
        look(books, log)
        span = books.outbox.span_unknown()
        if span is None:
            return
        _first, last, here = span
        # A claim of an earlier run has waited already; one from the future is an error of some clock.
        left = timeout - (clock.monotonic() - started) - (0 if here else max(0.0, begun - last))
        if left <= 0:
            return
        unknown = books.outbox.counts()[UNKNOWN]
        progress.mention(f"looking for {unknown:,} in the sent log, for {readable(left)} at most")
        clock.sleep(min(pause, left))
        pause = min(pause * 2, LONGEST_PAUSE)


def look(books: Books, log: SentLog) -> None:
    """Look once for what is unknown. log.problem tells if the log was of no help.

    Raises RecordError, when the whole log has been read, where journal or report cannot be written.
    """
    span = books.outbox.span_unknown()
    if span is None:
        return
    broken: RecordError | None = None
    for row, submitted in log.since(utc(span[0]) - CLOCK_TOLERANCE):
        letter = _letter_of(row, submitted, books.outbox, log)
        if letter:
            status = ACCEPTED if letter.here else SKIPPED_ALREADY_SENT
            try:
                books.close([letter], [Verdict(letter.line, status, row.message_id or None)])
            except RecordError as error:
                broken = error
    books.flush()
    if broken:
        raise broken


def _letter_of(row: SentMessage, submitted: datetime.datetime | None, outbox: Outbox, log: SentLog) -> Letter | None:
    """The letter that a row of the log is: unknown so far, left before the row was submitted, and not another's row."""
    keys = log.keys(row)
    if submitted is None or any(outbox.counted(key, row.message_id) for key in keys):
        return None
    letters = filter(None, map(outbox.unknown_of, keys))
    return next((letter for letter in letters if _may_be(letter, submitted)), None)


def _may_be(letter: Letter, submitted: datetime.datetime) -> bool:
    """The letter left before that, as far as two clocks can tell."""
    return submitted >= utc(letter.left or 0) - CLOCK_TOLERANCE
