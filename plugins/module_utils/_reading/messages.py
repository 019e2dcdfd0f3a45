# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""A message of the sent log, as all results and files show it."""

from __future__ import annotations

import typing as t

from .._gateway.models import SentMessage
from . import states
from .moments import EAT, parse_moment


class Sms(t.NamedTuple):
    """One message and what became of it. None: the log does not tell.

    submitted, done, raw_status: in Onfon's spelling. submitted_at, done_at: ISO 8601, where the spelling is known.
    status: the class of raw_status. final: it does not change any more. error_code: the network's.
    """

    message_id: str | None
    msisdn: str | None = None
    sender_id: str | None = None
    text: str | None = None
    submitted: str | None = None
    submitted_at: str | None = None
    done: str | None = None
    done_at: str | None = None
    status: str = states.UNKNOWN
    final: bool = False
    error_code: str | None = None
    raw_status: str | None = None

    @classmethod
    def of(cls, row: SentMessage, redact: t.Callable[[str], str]) -> Sms:
        """The row of the log. redact: takes the secrets out of a text."""

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
            submitted_at=in_nairobi(row.submitted),
            done=told(row.done),
            done_at=in_nairobi(row.done),
            status=status,
            final=status in states.FINAL,
            error_code=told(row.error_code),
            raw_status=told(row.status),
        )

    def as_result(self) -> dict[str, t.Any]:
        """All of it by name."""
        return self._asdict()


def digits(number: str) -> str:
    """«+254 700 000 001» without what is no digit; what is no phone number stays as it is, such as a hash."""
    return number if any(map(str.isalpha, number)) else "".join(filter(str.isdigit, number))


def in_nairobi(text: str | None) -> str | None:
    """The moment that a text of the platform stands for, in ISO 8601 with Nairobi's offset; None where it is none."""
    moment = parse_moment(text) if text else None
    return moment.astimezone(EAT).isoformat() if moment else None
