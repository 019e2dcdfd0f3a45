# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Sends one text to the people of one batch, and says what is wrong where not everybody was accepted."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway import codes
from .._gateway.client import Client
from .._gateway.errors import PROTOCOL, OnfonError
from .._gateway.models import Message
from .receipts import ADVICE, judge, match
from .recipients import ACCEPTED, NOT_SENT, REJECTED, UNKNOWN, Recipient


@dataclasses.dataclass(frozen=True)
class Sent:
    """What became of a call. failure: why it failed as a whole, None where the gateway answered row by row."""

    recipients: list[Recipient]
    failure: OnfonError | None = None

    def count(self, *statuses: str) -> int:
        """How many recipients ended in one of the statuses."""
        return sum(recipient.status in statuses for recipient in self.recipients)

    def problem(self, result: t.Mapping[str, t.Any]) -> OnfonError | None:
        """Why the task cannot be called a success, with its result; None where everybody was accepted."""
        left = [recipient for recipient in self.recipients if recipient.status in (REJECTED, UNKNOWN, NOT_SENT)]
        if not left:
            return None
        if self.failure is None:
            return self._not_all_accepted(left, result)
        if self.count(UNKNOWN):
            fact = f"{self.failure.fact} {_people(len(left))} may have been texted."
            return self.failure.after(fact, ADVICE, result)
        return self.failure.after(self.failure.fact, f"{self.failure.hint} Nobody was texted.".strip(), result)

    def _not_all_accepted(self, left: t.Sequence[Recipient], result: t.Mapping[str, t.Any]) -> OnfonError:
        """The error of a call that the gateway took, and some of whose rows it did not."""
        by_reason: dict[str, list[str]] = {}
        for recipient in left:
            by_reason.setdefault(f"{recipient.status}: {recipient.error}", []).append(recipient.msisdn)
        reasons = " ".join(f"{', '.join(people)} {reason}" for reason, people in by_reason.items())
        code = next((recipient.error_code for recipient in left if recipient.error_code), None)
        row = codes.look_up(code, "") if code else None
        if self.count(UNKNOWN):
            hint = ADVICE
        elif self.count(ACCEPTED):
            hint = "Text only those again that were not accepted."
        else:
            hint = row.hint if row else ""
        return OnfonError(
            f"{len(left)} of {_people(len(self.recipients))} not accepted. {reasons}",
            kind=row.kind if row else PROTOCOL,
            hint=hint,
            code=code,
            http_status=200,
            result=result,
        )


def _people(count: int) -> str:
    """«1 recipient», «2 recipients»."""
    return f"{count} recipient{'' if count == 1 else 's'}"


def send(client: Client, sender_id: str, recipients: t.Sequence[Recipient], text: str, *, unicode: bool) -> Sent:
    """Text those who are due, in one call."""
    messages = [Message(recipient.msisdn, text) for recipient in recipients if recipient.due]
    try:
        receipts = match(client.send(sender_id, messages, unicode=unicode), messages)
    except OnfonError as failure:
        status = UNKNOWN if failure.may_have_acted else REJECTED if failure.code else NOT_SENT
        error = f"{failure.fact} {ADVICE if status == UNKNOWN else failure.hint}".strip()
        return Sent([r.ended(status, failure.code, error) if r.due else r for r in recipients], failure)
    return Sent([judge(r, receipts.get(r.msisdn)) if r.due else r for r in recipients])
