# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The records of one message on its way: input row or invalid row, outgoing message, send result.

The gateway's rows (ResponseRow, LogRow) are in _gateway/models.py, the journal's entries in journal.py.
"""

from __future__ import annotations

import typing as t

from .._sms.statuses import NOT_SENT


class InputRow(t.NamedTuple):
    """One recipient as the task names it.

    line: from 1; the place in a list, or the line of a file where the row begins. to: as the user wrote it.
    text: the row's own text, None where it has none. fields: the values of its placeholders.
    """

    line: int
    to: object
    text: str | None
    fields: t.Mapping[str, str]


class InvalidRow(t.NamedTuple):
    """A row that cannot be sent. to: "" where it is not known. error: what to change, without the line number."""

    line: int
    to: str
    error: str


class OutgoingMessage(t.NamedTuple):
    """One text to one number, ready to be sent.

    key: the same for the same number and text. unicode: as UCS-2, otherwise as GSM-7.
    claimed_at: when it was first claimed to be sent, in seconds since the epoch, None while it has not been.
    this_run: it was claimed in this run.
    """

    line: int
    to: str
    msisdn: str
    text: str
    unicode: bool
    segments: int
    key: bytes
    status: str = NOT_SENT
    claimed_at: float | None = None
    this_run: bool = False

    @property
    def claimed_before(self) -> bool:
        """It was claimed when it was read from the store: in a first round, or in an earlier run."""
        return self.claimed_at is not None

    def result(
        self,
        status: str,
        message_id: str | None = None,
        error_code: str | None = None,
        fact: str | None = None,
        hint: str | None = None,
    ) -> SendResult:
        """What became of it."""
        return SendResult(self.line, self.to, self.msisdn, self.segments, status, message_id, error_code, fact, hint)


class SendResult(t.NamedTuple):
    """What became of one recipient; in results and report files alike.

    msisdn: None where to is not a number. segments: of the text that was meant for it, 0 where there is none.
    status: one of _sms/statuses.py. fact: what went wrong; hint: what to do about it.
    """

    line: int
    to: str
    msisdn: str | None
    segments: int
    status: str
    message_id: str | None = None
    error_code: str | None = None
    fact: str | None = None
    hint: str | None = None

    def as_row(self) -> tuple[object, ...]:
        """The values of RESULT_COLUMNS."""
        error = " ".join(filter(None, [self.fact, self.hint])) or None
        return (
            self.line,
            self.to,
            self.msisdn,
            self.status,
            self.message_id,
            self.error_code,
            error,
            self.segments,
        )

    def as_result(self) -> dict[str, t.Any]:
        """The values by their names in RESULT_COLUMNS."""
        return dict(zip(RESULT_COLUMNS, self.as_row()))


RESULT_COLUMNS: t.Final = ("line", "to", "msisdn", "status", "message_id", "error_code", "error", "segments")
