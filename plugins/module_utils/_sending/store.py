# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
# ruff: noqa: S608 - only names of columns and conditions of this file are put into statements
"""Every line that was asked for, with what is to be sent and what became of it.

It is a temporary SQLite database, so that a list of 100,000 people does not fill the memory. What does not fit into its
cache is in a file without a name, which the operating system removes with the process.
"""

from __future__ import annotations

import sqlite3
import typing as t

from .recipients import (
    ACCEPTED,
    NOT_SENT,
    SKIPPED,
    SKIPPED_ALREADY_SENT,
    SKIPPED_DUPLICATE,
    STATUSES,
    UNKNOWN,
    Recipient,
    Verdict,
)

_CHUNK = 500  # letters read at once
_SCHEMA = """
CREATE TABLE line (
    line INTEGER PRIMARY KEY,
    asked TEXT NOT NULL,
    msisdn TEXT,
    text TEXT NOT NULL,
    unicode INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    key BLOB,
    status TEXT NOT NULL,
    message_id TEXT,
    error_code TEXT,
    fact TEXT,
    hint TEXT,
    left REAL,
    here INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX by_key ON line (key);
"""
_ERROR = "nullif(trim(ifnull(fact, '') || ' ' || ifnull(hint, '')), '')"
_RECIPIENT = f"line, asked, msisdn, status, message_id, error_code, {_ERROR}, segments"


class Row(t.NamedTuple):
    """A line as it enters. key: stands for the number and the text; None where nobody is to be texted."""

    line: int
    asked: str
    msisdn: str | None
    text: str
    unicode: bool
    segments: int
    key: bytes | None
    status: str = NOT_SENT
    fact: str | None = None


class BatchKey(t.NamedTuple):
    """What decides which messages can leave together."""

    msisdn: str
    unicode: int


class Letter(t.NamedTuple):
    """A message that is to leave, or whose fate is not known.

    unicode, here: 0 or 1. left: when its batch left, seconds since the epoch, None while it has not. here: it left in
    this run.
    """

    line: int
    key: bytes
    asked: str
    msisdn: str
    text: str
    unicode: int
    segments: int
    left: float | None
    here: int

    @property
    def is_second_try(self) -> bool:
        """It had left before it was read from the outbox: in a first round, or in an earlier run."""
        return self.left is not None

    def ended(self, verdict: Verdict) -> Recipient:
        """This line with what became of it."""
        return Recipient(
            self.line,
            self.asked,
            self.msisdn,
            verdict.status,
            verdict.message_id,
            verdict.error_code,
            " ".join(filter(None, [verdict.fact, verdict.hint])) or None,
            self.segments,
        )


_LETTER = ", ".join(Letter._fields)


class Reason(t.NamedTuple):
    """Why lines were not accepted. some: the first msisdns, total: how many."""

    status: str
    error_code: str | None
    fact: str | None
    hint: str | None
    total: int
    some: list[str]


class Sums(t.NamedTuple):
    """How much is to be sent: messages of each alphabet, all their segments, and the most that one takes."""

    gsm7: int
    ucs2: int
    segments: int
    longest: int


class Outbox:
    """Use it as a context manager, from one thread."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        # It is nobody's after a crash, so it needs no way back, and one transaction without an end will do.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *error: object) -> None:
        self._db.close()

    # --- filling it

    def fill(self, rows: t.Iterable[Row]) -> None:
        """Take the lines in; of lines with the same number and text, the first one stays to be sent."""
        columns = ", ".join(Row._fields)
        self._db.executemany(f"INSERT INTO line ({columns}) VALUES ({_places(Row._fields)})", rows)
        self._db.execute(
            "UPDATE line SET status = ? WHERE status = ? AND EXISTS"
            " (SELECT 1 FROM line AS earlier WHERE earlier.key = line.key AND earlier.line < line.line)",
            (SKIPPED_DUPLICATE, NOT_SENT),
        )

    def holds(self, key: bytes) -> bool:
        """There is a line with this number and text."""
        return self._db.execute("SELECT 1 FROM line WHERE key = ?", (key,)).fetchone() is not None

    def sent_before(self, key: bytes, message_id: str | None) -> None:
        """Somebody was texted before this run: a line that is due is not sent again."""
        self._db.execute(
            "UPDATE line SET status = ?, message_id = ? WHERE key = ? AND status = ?",
            (SKIPPED_ALREADY_SENT, message_id, key, NOT_SENT),
        )

    def left_before(self, key: bytes, left: float, fact: str, hint: str) -> None:
        """An earlier run began to send it and did not come to know what became of it."""
        self._db.execute(
            "UPDATE line SET status = ?, left = ?, fact = ?, hint = ? WHERE key = ? AND status = ?",
            (UNKNOWN, left, fact, hint, key, NOT_SENT),
        )

    # --- sending

    def due(self) -> t.Iterator[Letter]:
        """What is to be sent, first the letters in GSM-7 and then those in UCS-2. They may be marked meanwhile."""
        for unicode in (False, True):
            yield from self._due(unicode)

    def mark_left(self, letters: t.Iterable[Letter], left: float) -> None:
        """These letters leave now. Of one that leaves again, the first time is kept: it may have arrived then."""
        self._db.executemany(
            "UPDATE line SET left = ifnull(left, ?), here = 1 WHERE line = ?",
            ((left, letter.line) for letter in letters),
        )

    def mark_back(self, letters: t.Iterable[Letter]) -> None:
        """These letters have come back untouched."""
        self._db.executemany(
            "UPDATE line SET left = NULL, here = 0 WHERE line = ?", ((letter.line,) for letter in letters)
        )

    def mark(self, verdicts: t.Iterable[Verdict]) -> None:
        """What became of lines."""
        self._db.executemany(
            "UPDATE line SET status = ?, message_id = ?, error_code = ?, fact = ?, hint = ? WHERE line = ?",
            ((v.status, v.message_id, v.error_code, v.fact, v.hint, v.line) for v in verdicts),
        )

    # --- what is not known

    def unknown_of(self, key: bytes) -> Letter | None:
        """The letter of this number and text, if its fate is not known."""
        row = self._db.execute(f"SELECT {_LETTER} FROM line WHERE key = ? AND status = ?", (key, UNKNOWN)).fetchone()
        return Letter._make(row) if row else None

    def span_unknown(self) -> tuple[float, float, bool] | None:
        """When the first and the last of them left, and if any left in this run; None where there are none."""
        row = self._db.execute("SELECT min(left), max(left), max(here) FROM line WHERE status = ?", (UNKNOWN,))
        first, last, here = row.fetchone()
        return None if first is None else (first, last, bool(here))

    def counted(self, key: bytes, message_id: str) -> bool:
        """This message of the log stands for a line already."""
        found = self._db.execute("SELECT 1 FROM line WHERE key = ? AND message_id = ?", (key, message_id))
        return found.fetchone() is not None

    def due_again(self) -> None:
        """Whose fate is not known is to be texted again."""
        self._db.execute("UPDATE line SET status = ? WHERE status = ?", (NOT_SENT, UNKNOWN))

    def unknown_again(self) -> None:
        """Who was to be texted again, and was not, is as unknown as before."""
        self._db.execute("UPDATE line SET status = ? WHERE status = ? AND left IS NOT NULL", (UNKNOWN, NOT_SENT))

    # --- the plan; statuses: those that count as to be sent

    def batch_keys(self, statuses: t.Sequence[str]) -> t.Iterator[BatchKey]:
        """What is to be sent in the order of due(), as far as it decides about batches."""
        rows = self._db.execute(
            f"SELECT msisdn, unicode FROM line WHERE status IN ({_places(statuses)}) ORDER BY unicode, line", statuses
        )
        return map(BatchKey._make, rows)

    def sums(self, statuses: t.Sequence[str]) -> Sums:
        """How much is to be sent."""
        row = self._db.execute(
            "SELECT total(NOT unicode), total(unicode), total(segments), ifnull(max(segments), 0)"
            f" FROM line WHERE status IN ({_places(statuses)})",
            statuses,
        ).fetchone()
        return Sums(*map(int, row))

    def longer_than(self, segments: int, statuses: t.Sequence[str]) -> list[int]:
        """The lines whose message takes more segments."""
        found = self._db.execute(
            f"SELECT line FROM line WHERE status IN ({_places(statuses)}) AND segments > ? ORDER BY line",
            (*statuses, segments),
        )
        return [line for (line,) in found]

    def unicode_texts(self, statuses: t.Sequence[str]) -> t.Iterator[str]:
        """The texts to be sent in UCS-2."""
        found = self._db.execute(
            f"SELECT text FROM line WHERE status IN ({_places(statuses)}) AND unicode ORDER BY line", statuses
        )
        return (text for (text,) in found)

    # --- sums and rows

    def counts(self) -> dict[str, int]:
        """How many lines each status has."""
        found = dict(self._db.execute("SELECT status, count(*) FROM line GROUP BY status"))
        return {status: found.get(status, 0) for status in STATUSES}

    def sent_here(self) -> bool:
        """This run has texted somebody, or may have."""
        found = self._db.execute("SELECT 1 FROM line WHERE here AND status IN (?, ?)", (ACCEPTED, UNKNOWN))
        return found.fetchone() is not None

    def segments(self) -> int:
        """How many segments the messages take in all, those that are skipped left out."""
        total = self._db.execute(
            f"SELECT total(segments) FROM line WHERE status NOT IN ({_places(SKIPPED)})", SKIPPED
        ).fetchone()[0]
        return int(total)

    def accepted_ids(self) -> list[str]:
        """The ids of the messages that Onfon accepted in this run, in order of their lines."""
        found = self._db.execute(
            "SELECT message_id FROM line WHERE status = ? AND message_id IS NOT NULL ORDER BY line", (ACCEPTED,)
        )
        return [message_id for (message_id,) in found]

    def recipients(self, limit: int = -1) -> t.Iterator[Recipient]:
        """The lines in order, at most limit of them."""
        rows = self._db.execute(f"SELECT {_RECIPIENT} FROM line ORDER BY line LIMIT ?", (limit,))
        return (Recipient(*row) for row in rows)

    def with_status(self, statuses: t.Sequence[str]) -> t.Iterator[Recipient]:
        """The lines that have one of these statuses."""
        rows = self._db.execute(
            f"SELECT {_RECIPIENT} FROM line WHERE status IN ({_places(statuses)}) ORDER BY line", statuses
        )
        return (Recipient(*row) for row in rows)

    def reasons(self, statuses: t.Sequence[str], names: int) -> list[Reason]:
        """Why lines have one of these statuses, the most frequent reason first, with some of their msisdns."""
        grouped = self._db.execute(
            f"SELECT status, error_code, fact, hint, count(*) FROM line WHERE status IN ({_places(statuses)})"
            " GROUP BY status, error_code, fact, hint ORDER BY count(*) DESC, min(line)",
            statuses,
        ).fetchall()
        return [
            Reason(status, code, fact, hint, total, self._some(status, fact, names))
            for status, code, fact, hint, total in grouped
        ]

    def _some(self, status: str, fact: str | None, names: int) -> list[str]:
        found = self._db.execute(
            "SELECT msisdn FROM line WHERE status = ? AND fact IS ? ORDER BY line LIMIT ?", (status, fact, names)
        )
        return [msisdn for (msisdn,) in found]

    def _due(self, unicode: bool) -> t.Iterator[Letter]:
        """What is to be sent in one encoding, read in chunks: a cursor would not bear that lines are marked."""
        last = -1
        while True:
            rows = self._db.execute(
                f"SELECT {_LETTER} FROM line WHERE status = ? AND unicode = ? AND line > ? ORDER BY line LIMIT ?",
                (NOT_SENT, unicode, last, _CHUNK),
            ).fetchall()
            if not rows:
                return
            yield from map(Letter._make, rows)
            last = rows[-1][0]


def _places(values: t.Sized) -> str:
    """A place in a statement for each value."""
    return ", ".join("?" * len(values))
