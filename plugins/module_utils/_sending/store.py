# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
# ruff: noqa: S608 - only names of columns and conditions of this file are put into statements
"""Every row of a run, with what is to be sent and what became of it.

It is a temporary SQLite database, so that a list of 100,000 people does not fill the memory. What does not fit into its
cache is in a file without a name, which the operating system removes with the process.
"""

from __future__ import annotations

import sqlite3
import typing as t

from .._sms.statuses import (
    ACCEPTED,
    NOT_SENT,
    SKIPPED,
    SKIPPED_ALREADY_SENT,
    SKIPPED_DUPLICATE,
    SKIPPED_INVALID,
    STATUSES,
    UNKNOWN,
)
from .records import InvalidRow, OutgoingMessage, SendResult

# SQLite's words for what a full or failing disk does, as Python has its error codes only since 3.11.
DISK_ERRORS: t.Final = frozenset({"database or disk is full", "disk I/O error", "unable to open database file"})

_CHUNK = 500  # messages read at once
_SCHEMA = """
CREATE TABLE message (
    line INTEGER PRIMARY KEY,
    "to" TEXT NOT NULL,
    msisdn TEXT,
    text TEXT NOT NULL DEFAULT '',
    unicode INTEGER NOT NULL DEFAULT 0,
    segments INTEGER NOT NULL DEFAULT 0,
    key BLOB,
    status TEXT NOT NULL,
    claimed_at REAL,
    this_run INTEGER NOT NULL DEFAULT 0,
    message_id TEXT,
    error_code TEXT,
    fact TEXT,
    hint TEXT
);
CREATE INDEX by_key ON message (key);
"""


def _columns(record: t.Any) -> str:
    """The columns of a record, for a statement."""
    return ", ".join(f'"{field}"' for field in record._fields)


def _placeholders(values: t.Sized) -> str:
    """A placeholder for each value, for a statement."""
    return ", ".join("?" * len(values))


_MESSAGE = _columns(OutgoingMessage)
_RESULT = _columns(SendResult)


class FailureGroup(t.NamedTuple):
    """Recipients whose messages failed alike. first: one of them; total: how many; msisdns: the first of them."""

    first: SendResult
    total: int
    msisdns: list[str]


class MessageStore:
    """Use it as a context manager, from one thread."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        # After a crash nobody needs it, so it can do without a rollback, and with one transaction that never ends.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> MessageStore:
        return self

    def __exit__(self, *error: object) -> None:
        self._db.close()

    # --- filling it

    def fill(self, rows: t.Iterable[OutgoingMessage | InvalidRow]) -> None:
        """Take the rows in; of messages with the same number and text, the first one stays to be sent."""
        self._db.executemany(
            'INSERT INTO message (line, "to", msisdn, text, unicode, segments, key, status, fact)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(_inserted, rows),
        )
        self._db.execute(
            "UPDATE message SET status = ? WHERE status = ? AND EXISTS"
            " (SELECT 1 FROM message AS earlier WHERE earlier.key = message.key AND earlier.line < message.line)",
            (SKIPPED_DUPLICATE, NOT_SENT),
        )

    def has(self, key: bytes) -> bool:
        """There is a message of this key."""
        return self._db.execute("SELECT 1 FROM message WHERE key = ?", (key,)).fetchone() is not None

    def mark_already_sent(self, key: bytes, message_id: str | None) -> None:
        """An earlier run sent it: if it is pending, it is not sent again."""
        self._db.execute(
            "UPDATE message SET status = ?, message_id = ? WHERE key = ? AND status = ?",
            (SKIPPED_ALREADY_SENT, message_id, key, NOT_SENT),
        )

    def mark_claimed_before(self, key: bytes, claimed_at: float, fact: str, hint: str) -> None:
        """An earlier run began to send it and does not know what became of it."""
        self._db.execute(
            "UPDATE message SET status = ?, claimed_at = ?, fact = ?, hint = ? WHERE key = ? AND status = ?",
            (UNKNOWN, claimed_at, fact, hint, key, NOT_SENT),
        )

    # --- sending

    def pending(self, statuses: t.Sequence[str] = (NOT_SENT,)) -> t.Iterator[OutgoingMessage]:
        """What is to be sent, first all in GSM-7 and then all in UCS-2. Messages may be marked meanwhile."""
        for unicode in (False, True):
            yield from self._pending(statuses, unicode)

    def lines_longer_than(self, segments: int, statuses: t.Sequence[str]) -> list[int]:
        """The lines of these statuses whose message takes more segments."""
        found = self._db.execute(
            f"SELECT line FROM message WHERE status IN ({_placeholders(statuses)}) AND segments > ? ORDER BY line",
            (*statuses, segments),
        )
        return [line for (line,) in found]

    def mark_claimed(self, messages: t.Iterable[OutgoingMessage], claimed_at: float) -> None:
        """These leave now. Of one that is sent again, the first claim is kept: it may have arrived then."""
        self._db.executemany(
            "UPDATE message SET claimed_at = ifnull(claimed_at, ?), this_run = 1 WHERE line = ?",
            ((claimed_at, message.line) for message in messages),
        )

    def mark_released(self, messages: t.Iterable[OutgoingMessage]) -> None:
        """These were not sent after all."""
        self._db.executemany(
            "UPDATE message SET claimed_at = NULL, this_run = 0 WHERE line = ?",
            ((message.line,) for message in messages),
        )

    def record(self, results: t.Iterable[SendResult]) -> None:
        """What became of messages."""
        self._db.executemany(
            "UPDATE message SET status = ?, message_id = ?, error_code = ?, fact = ?, hint = ? WHERE line = ?",
            ((r.status, r.message_id, r.error_code, r.fact, r.hint, r.line) for r in results),
        )

    # --- what is unknown

    def find_unknown(self, key: bytes) -> OutgoingMessage | None:
        """The message of this key, if it is unknown what became of it."""
        statement = f"SELECT {_MESSAGE} FROM message WHERE key = ? AND status = ?"
        row = self._db.execute(statement, (key, UNKNOWN)).fetchone()
        return _message(row) if row else None

    def unknown_span(self) -> tuple[float, float, bool] | None:
        """The first and the last claim of unknown messages, and if any is of this run; None where there are none."""
        statement = "SELECT min(claimed_at), max(claimed_at), max(this_run) FROM message WHERE status = ?"
        first, last, this_run = self._db.execute(statement, (UNKNOWN,)).fetchone()
        return None if first is None else (first, last, bool(this_run))

    def has_message_id(self, key: bytes, message_id: str) -> bool:
        """The gateway's message of this id is that of a recipient already."""
        found = self._db.execute("SELECT 1 FROM message WHERE key = ? AND message_id = ?", (key, message_id))
        return found.fetchone() is not None

    def resend_unknown(self) -> None:
        """What is unknown is to be sent again."""
        self._db.execute("UPDATE message SET status = ? WHERE status = ?", (NOT_SENT, UNKNOWN))

    def restore_unknown(self) -> None:
        """What was to be sent again, and was not, is as unknown as before."""
        self._db.execute(
            "UPDATE message SET status = ? WHERE status = ? AND claimed_at IS NOT NULL", (UNKNOWN, NOT_SENT)
        )

    # --- sums and results

    def counts(self) -> dict[str, int]:
        """How many recipients have each status."""
        found = dict(self._db.execute("SELECT status, count(*) FROM message GROUP BY status"))
        return {status: found.get(status, 0) for status in STATUSES}

    def sent_in_this_run(self) -> bool:
        """This run has texted somebody, or may have."""
        found = self._db.execute("SELECT 1 FROM message WHERE this_run AND status IN (?, ?)", (ACCEPTED, UNKNOWN))
        return found.fetchone() is not None

    def segments(self) -> int:
        """How many segments the messages take in all, those that are skipped left out."""
        total = self._db.execute(
            f"SELECT total(segments) FROM message WHERE status NOT IN ({_placeholders(SKIPPED)})", SKIPPED
        ).fetchone()[0]
        return int(total)

    def accepted_ids(self) -> list[str]:
        """The ids of the messages that the gateway accepted in this run, in the order of their lines."""
        found = self._db.execute(
            "SELECT message_id FROM message WHERE status = ? AND message_id IS NOT NULL ORDER BY line", (ACCEPTED,)
        )
        return [message_id for (message_id,) in found]

    def results(self, limit: int = -1) -> t.Iterator[SendResult]:
        """What became of the recipients, in the order of their lines, at most limit of them."""
        return map(SendResult._make, self._db.execute(f"SELECT {_RESULT} FROM message ORDER BY line LIMIT ?", (limit,)))

    def results_with(self, statuses: t.Sequence[str]) -> t.Iterator[SendResult]:
        """What became of the recipients that have one of these statuses."""
        rows = self._db.execute(
            f"SELECT {_RESULT} FROM message WHERE status IN ({_placeholders(statuses)}) ORDER BY line", statuses
        )
        return map(SendResult._make, rows)

    def failure_groups(self, statuses: t.Sequence[str], names: int) -> list[FailureGroup]:
        """The recipients of these statuses by what went wrong, the most frequent first. names: how many MSISDNs."""
        grouped = self._db.execute(
            f"SELECT min(line), count(*) FROM message WHERE status IN ({_placeholders(statuses)})"
            " GROUP BY status, error_code, fact, hint ORDER BY count(*) DESC, min(line)",
            statuses,
        ).fetchall()
        return [self._failure_group(line, total, names) for line, total in grouped]

    def _failure_group(self, line: int, total: int, names: int) -> FailureGroup:
        row = self._db.execute(f"SELECT {_RESULT} FROM message WHERE line = ?", (line,)).fetchone()
        first = SendResult._make(row)
        found = self._db.execute(
            "SELECT msisdn FROM message WHERE status = ? AND fact IS ? ORDER BY line LIMIT ?",
            (first.status, first.fact, names),
        )
        return FailureGroup(first, total, [msisdn for (msisdn,) in found])

    def _pending(self, statuses: t.Sequence[str], unicode: bool) -> t.Iterator[OutgoingMessage]:
        """What is to be sent in one encoding, read in chunks: a cursor must not be open while rows are marked."""
        last = -1
        while True:
            rows = self._db.execute(
                f"SELECT {_MESSAGE} FROM message WHERE status IN ({_placeholders(statuses)}) AND unicode = ?"
                " AND line > ? ORDER BY line LIMIT ?",
                (*statuses, unicode, last, _CHUNK),
            ).fetchall()
            if not rows:
                return
            yield from map(_message, rows)
            last = rows[-1][0]


def _message(row: t.Sequence[t.Any]) -> OutgoingMessage:
    """The message of a row of _MESSAGE: SQLite has no booleans."""
    line, to, msisdn, text, unicode, segments, key, status, claimed_at, this_run = row
    return OutgoingMessage(line, to, msisdn, text, bool(unicode), segments, key, status, claimed_at, bool(this_run))


def _inserted(row: OutgoingMessage | InvalidRow) -> tuple[object, ...]:
    """The values of a row as it enters."""
    if isinstance(row, InvalidRow):
        return (row.line, row.to, None, "", False, 0, None, SKIPPED_INVALID, row.error)
    return (*row[:8], None)
