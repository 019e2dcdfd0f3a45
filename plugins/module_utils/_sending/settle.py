# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Looks messages up in the account's sent log: those whose reply was lost, and those that earlier runs sent.

A row of the log is a message's if number, sender id and text are the same. Dates of the log are taken for Nairobi's.
"""

from __future__ import annotations

import datetime
import typing as t

from .._clock import Clock, utc
from .._errors import OnfonError, RecordError
from .._gateway.client import Client
from .._gateway.models import LogRow
from .._progress import Progress, format_duration
from .._reading.sent_log import read_log
from .._reading.timestamps import EAT, parse_timestamp
from .._sms.numbers import possible_msisdns
from .._sms.statuses import ACCEPTED, SKIPPED_ALREADY_SENT, UNKNOWN
from .keys import message_key
from .recorder import Recorder
from .records import OutgoingMessage
from .store import MessageStore

DAY = datetime.timedelta(days=1)
# The gateway's clock may be so far from this one's. Its times may be cut to whole minutes.
CLOCK_TOLERANCE = datetime.timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0  # seconds between two readings


class SenderLog:
    """The sent log of one sender id, with the keys of the messages that its rows may stand for."""

    def __init__(self, client: Client, sender_id: str, salt: bytes, clock: Clock) -> None:
        self._client = client
        self._sender_id = sender_id
        self._salt = salt
        self._clock = clock

    def rows_since(self, since: datetime.datetime) -> t.Iterator[tuple[LogRow, datetime.datetime | None]]:
        """The sender's rows from the day of a time on, and when each was submitted. Raises OnfonError."""
        # Whether the days are Nairobi's or UTC's, and whether the last one is included, is not known: ask for more.
        first = since.astimezone(datetime.timezone.utc).date()
        last = self._clock.utc().astimezone(EAT).date() + DAY
        for row in read_log(self._client, first, last):
            if row.sender_id == self._sender_id:
                yield row, _precise(parse_timestamp(row.submitted), first - DAY, last + DAY)

    def keys(self, row: LogRow) -> list[bytes]:
        """The keys that a row may stand for."""
        return [message_key(self._salt, msisdn, row.text) for msisdn in dict.fromkeys(possible_msisdns(row.number))]


def _precise(time: datetime.datetime | None, first: datetime.date, last: datetime.date) -> datetime.datetime | None:
    """The time, None where it tells no time of day, or lies so far outside that its text was misread."""
    if time is None or time.time() == datetime.time() or not first <= time.date() <= last:
        return None
    return time


def skip_already_sent(store: MessageStore, log: SenderLog, since: datetime.datetime) -> None:
    """Whoever got the text since then is not texted again. Raises OnfonError where the log cannot be read.

    A row whose date cannot be read counts: rather that than a text twice.
    """
    for row, submitted in log.rows_since(since):
        if submitted is None or submitted >= since:
            for key in log.keys(row):
                store.mark_already_sent(key, row.message_id or None)


class Settlement:
    """Looks up what is unknown. problem: why the last reading of the log failed, None where it did not."""

    def __init__(self, store: MessageStore, recorder: Recorder, log: SenderLog, clock: Clock) -> None:
        self._store = store
        self._recorder = recorder
        self._log = log
        self._clock = clock
        self.problem: OnfonError | None = None

    def settle(self, timeout: float, progress: Progress) -> None:
        """Look for so many seconds, again and again, as the gateway may queue late. Raises RecordError."""
        started_at, started, pause = self._clock.now(), self._clock.monotonic(), FIRST_PAUSE
        while True:
            self.look_up()
            span = self._store.unknown_span()
            if span is None:
                return
            _first, last, this_run = span
            # A claim of an earlier run has waited already; one from the future is an error of some clock.
            waited = 0 if this_run else max(0.0, started_at - last)
            remaining = timeout - (self._clock.monotonic() - started) - waited
            if remaining <= 0:
                return
            unknown = self._store.counts()[UNKNOWN]
            progress.note(f"looking for {unknown:,} in the sent log, for {format_duration(remaining)} at most")
            self._clock.sleep(min(pause, remaining))
            pause = min(pause * 2, LONGEST_PAUSE)

    def look_up(self) -> None:
        """Read the log once. Raises RecordError, after all of the log, where journal or report cannot be written."""
        self.problem = None
        span = self._store.unknown_span()
        if span is None:
            return
        record_error: RecordError | None = None
        try:
            for row, submitted in self._log.rows_since(utc(span[0]) - CLOCK_TOLERANCE):
                message = self._find(row, submitted)
                if message:
                    try:
                        self._record(message, row)
                    except RecordError as error:
                        record_error = error
        except OnfonError as error:
            self.problem = error
        self._recorder.flush()
        if record_error:
            raise record_error

    def _find(self, row: LogRow, submitted: datetime.datetime | None) -> OutgoingMessage | None:
        """The message that a row is: unknown so far, claimed before the row was submitted, and not another's row."""
        keys = self._log.keys(row)
        if submitted is None or any(self._store.has_message_id(key, row.message_id) for key in keys):
            return None
        messages = filter(None, map(self._store.find_unknown, keys))
        return next((message for message in messages if _may_be(message, submitted)), None)

    def _record(self, message: OutgoingMessage, row: LogRow) -> None:
        """The row of the log is this message."""
        status = ACCEPTED if message.this_run else SKIPPED_ALREADY_SENT
        self._recorder.record([message], [message.result(status, row.message_id or None)])


def _may_be(message: OutgoingMessage, submitted: datetime.datetime) -> bool:
    """The message was claimed before that, as far as two clocks can tell."""
    return submitted >= utc(message.claimed_at or 0) - CLOCK_TOLERANCE
