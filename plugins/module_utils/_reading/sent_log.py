# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The account's sent log, read page by page, and its messages as all results and files show them."""

from __future__ import annotations

import datetime
import functools
import typing as t

from .._gateway.client import Client
from .._gateway.models import LogRow
from . import paging, states
from .timestamps import to_nairobi

PAGE_SIZE: t.Final = 500


def read_log(
    client: Client, first: datetime.date, last: datetime.date, page_size: int = PAGE_SIZE
) -> t.Iterator[LogRow]:
    """Every row of the sent log of these days, both included, once each."""
    return paging.read_all(functools.partial(client.sent, first, last), page_size, _identity)


def _identity(row: LogRow) -> tuple[str, ...]:
    """What tells a row from all others, and stays as it is while the message is delivered.

    The number counts too, as one id may stand for a whole batch. Rows without an id that are equal are one message:
    whoever looks for a message had better not find it than find another one.
    """
    if row.message_id:
        return (row.message_id, row.number)
    return (row.number, row.sender_id, row.text, row.submitted)


class SentMessage(t.NamedTuple):
    """One message of the sent log. None: the log does not tell.

    submitted, done, raw_status: in Onfon's spelling. submitted_at, done_at: ISO 8601, where the spelling is known.
    status: the delivery state. final: it does not change any more. error_code: the network's.
    """

    message_id: str | None
    msisdn: str | None = None
    sender_id: str | None = None
    text: str | None = None
    submitted: str | None = None
    submitted_at: str | None = None
    done: str | None = None
    done_at: str | None = None
    status: str = states.UNRECOGNIZED
    final: bool = False
    error_code: str | None = None
    raw_status: str | None = None

    @classmethod
    def from_row(cls, row: LogRow, redact: t.Callable[[str], str]) -> SentMessage:
        """The message of a row. redact: takes the secrets out of a text."""

        def told(text: str) -> str | None:
            # The live gateway writes null as a word.
            return None if text in ("", "null") else redact(text)

        status = states.classify(row.status)
        return cls(
            message_id=told(row.message_id),
            msisdn=told(digits(row.number)),
            sender_id=told(row.sender_id),
            text=redact(row.text) or None,
            submitted=told(row.submitted),
            submitted_at=to_nairobi(row.submitted),
            done=told(row.done),
            done_at=to_nairobi(row.done),
            status=status,
            final=status in states.FINAL,
            error_code=told(row.error_code),
            raw_status=told(row.status),
        )

    def as_result(self) -> dict[str, t.Any]:
        """All of it by name."""
        return self._asdict()


def digits(number: str) -> str:
    """The digits of "+254 700 000 001"; what is not a phone number stays as it is, such as a hash."""
    return number if any(map(str.isalpha, number)) else "".join(filter(str.isdigit, number))
