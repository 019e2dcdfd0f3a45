# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Who is texted: one entry for each number that was asked for, and the status that it ends in."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway.errors import OptionError
from . import numbers

ACCEPTED, REJECTED, UNKNOWN = "accepted", "rejected", "unknown"
NOT_SENT, SKIPPED_DUPLICATE = "not_sent", "skipped_duplicate"
STATUSES = (ACCEPTED, REJECTED, UNKNOWN, NOT_SENT, SKIPPED_DUPLICATE)
# Highest number of recipients a call: integrators report it, and error 042 stands behind it.
BATCH_SIZE = 20


@dataclasses.dataclass(frozen=True)
class Recipient:
    """One line of what was asked for, and what became of it. to: as the user wrote it."""

    to: str
    msisdn: str
    status: str = NOT_SENT
    message_id: str | None = None
    error_code: str | None = None
    error: str | None = None

    @property
    def due(self) -> bool:
        """Still to be texted."""
        return self.status == NOT_SENT

    @property
    def distinct(self) -> bool:
        """Not a number that stood in the list before."""
        return self.status != SKIPPED_DUPLICATE

    def ended(self, status: str, code: str | None, error: str) -> Recipient:
        """The same recipient with what went wrong."""
        return dataclasses.replace(self, status=status, error_code=code, error=error)

    def as_result(self) -> dict[str, t.Any]:
        """{to, msisdn, status, message_id, error_code, error}."""
        return dataclasses.asdict(self)


def compose(to: t.Sequence[object]) -> list[Recipient]:
    """The recipients of a list of numbers; a number that stands there again is not texted again.

    Raises OptionError that names every number that is none.
    """
    recipients: list[Recipient] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for number in to:
        try:
            digits = numbers.msisdn(number)
        except OptionError as error:
            wrong.append(error.msg)
            continue
        recipients.append(Recipient(str(number), digits, SKIPPED_DUPLICATE if digits in seen else NOT_SENT))
        seen.add(digits)
    if wrong:
        raise OptionError(" ".join(wrong))
    if len(seen) > BATCH_SIZE:
        raise OptionError(
            f"to holds {len(seen)} numbers and a task takes {BATCH_SIZE}: loop over to | batch({BATCH_SIZE})."
        )
    return recipients
