# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""One line of what was asked for, and the status that it ends in: exactly one, whatever happens."""

from __future__ import annotations

import typing as t

ACCEPTED, REJECTED, UNKNOWN, NOT_SENT = "accepted", "rejected", "unknown", "not_sent"
SKIPPED_DUPLICATE, SKIPPED_INVALID = "skipped_duplicate", "skipped_invalid"
SKIPPED_OPT_OUT, SKIPPED_ALREADY_SENT = "skipped_opt_out", "skipped_already_sent"
SKIPPED: t.Final = (SKIPPED_DUPLICATE, SKIPPED_INVALID, SKIPPED_OPT_OUT, SKIPPED_ALREADY_SENT)
STATUSES: t.Final = (ACCEPTED, REJECTED, UNKNOWN, NOT_SENT, *SKIPPED)


class Recipient(t.NamedTuple):
    """One line of what was asked for, and what became of it; in results and report files alike.

    line: from 1; of a file, the line where it begins. to: as the user wrote it. msisdn: None where to is no number.
    segments: of the text that was meant for it, 0 where there is none.
    """

    line: int
    to: str
    msisdn: str | None
    status: str = NOT_SENT
    message_id: str | None = None
    error_code: str | None = None
    error: str | None = None
    segments: int = 0

    def as_result(self) -> dict[str, t.Any]:
        """{line, to, msisdn, status, message_id, error_code, error, segments}."""
        return self._asdict()


class Verdict(t.NamedTuple):
    """What became of the message in one line of the outbox. fact: what went wrong; hint: what to do about it."""

    line: int
    status: str
    message_id: str | None = None
    error_code: str | None = None
    fact: str | None = None
    hint: str | None = None
