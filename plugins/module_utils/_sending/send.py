# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Sends one text to the people of one batch, and says of each what became of it.

"accepted" is what the gateway says, not what the network delivers. Whoever no row of the gateway speaks of is
"unknown": neither texted nor not texted is claimed without its word.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway import codes
from .._gateway.client import Client
from .._gateway.errors import PROTOCOL, OnfonError, OptionError, error_sentence
from .._gateway.models import Message, Receipt
from . import numbers

ACCEPTED, REJECTED, UNKNOWN = "accepted", "rejected", "unknown"
NOT_SENT, SKIPPED_DUPLICATE = "not_sent", "skipped_duplicate"
STATUSES = (ACCEPTED, REJECTED, UNKNOWN, NOT_SENT, SKIPPED_DUPLICATE)
# Highest number of recipients a call: integrators report it, and error 042 stands behind it.
BATCH_SIZE = 20
ADVICE = "Look at the sent messages in the Onfon portal before you text them again."


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
        open_ = [recipient for recipient in self.recipients if recipient.status in (REJECTED, UNKNOWN, NOT_SENT)]
        if not open_:
            return None
        if self.failure is None:
            return _not_accepted(open_, len(self.recipients), result)
        advice = (
            f"{_people(len(open_))} may have been texted. {ADVICE}" if self.count(UNKNOWN) else "Nobody was texted."
        )
        return self.failure.after(f"{self.failure.msg} {advice}", result)


def _not_accepted(open_: t.Sequence[Recipient], requested: int, result: t.Mapping[str, t.Any]) -> OnfonError:
    """The error of a call that the gateway took, and some of whose rows it did not."""
    by_reason: dict[str, list[str]] = {}
    for recipient in open_:
        by_reason.setdefault(f"{recipient.status}: {recipient.error}", []).append(recipient.msisdn)
    reasons = " ".join(f"{', '.join(people)} {reason}" for reason, people in by_reason.items())
    coded = next((recipient.error_code for recipient in open_ if recipient.error_code), None)
    row = codes.look_up(coded, "") if coded else None
    return OnfonError(
        f"{len(open_)} of {_people(requested)} not accepted. {reasons}",
        kind=row.kind if row else PROTOCOL,
        hint=row.hint if row else ADVICE,
        code=coded,
        http_status=200,
        result=result,
    )


def _people(count: int) -> str:
    """«1 recipient», «2 recipients»."""
    return f"{count} recipient{'' if count == 1 else 's'}"


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


def send(client: Client, sender_id: str, recipients: t.Sequence[Recipient], text: str, *, unicode: bool) -> Sent:
    """Text those who are due, in one call."""
    messages = [Message(recipient.msisdn, text) for recipient in recipients if recipient.due]
    try:
        receipts = match(client.send(sender_id, messages, unicode=unicode), messages)
    except OnfonError as failure:
        status = UNKNOWN if failure.may_have_acted else REJECTED if failure.code else NOT_SENT
        return Sent([r.ended(status, failure.code, failure.msg) if r.due else r for r in recipients], failure)
    return Sent([settle(r, receipts.get(r.msisdn)) if r.due else r for r in recipients])


def match(receipts: t.Sequence[Receipt], messages: t.Sequence[Message]) -> dict[str, Receipt]:
    """Which row is about whom, by msisdn: by the number in whatever spelling, and by the place where no row has one."""
    found: dict[str, Receipt] = {}
    for receipt in receipts:
        digits = "".join(character for character in receipt.number if character.isdigit())
        for name in (digits, _kenyan(receipt.number)):
            # Of two rows about one person, the one that says accepted: to text somebody again is worse.
            if name and (name not in found or receipt.code == codes.SUCCESS):
                found[name] = receipt
    if len(receipts) == len(messages) and not any(receipt.number for receipt in receipts):
        return {message.msisdn: receipt for message, receipt in zip(messages, receipts)}
    return found


def _kenyan(number: str) -> str:
    """A local spelling as our own, empty where it is none."""
    try:
        return numbers.msisdn(number)
    except OptionError:
        return ""


def settle(recipient: Recipient, receipt: Receipt | None) -> Recipient:
    """What the gateway's row says of a recipient."""
    if receipt is None or receipt.code is None:
        return recipient.ended(UNKNOWN, None, f"Onfon's answer does not say what became of this message. {ADVICE}")
    if receipt.code == codes.SUCCESS:
        return dataclasses.replace(recipient, status=ACCEPTED, message_id=receipt.message_id)
    row = codes.look_up(receipt.code, receipt.description)
    words = f' Onfon says: "{codes.brief(receipt.description)}"' if receipt.description else ""
    status = UNKNOWN if row.kind == codes.TRANSIENT else REJECTED
    return recipient.ended(status, row.number, f"{error_sentence(row)}{words}")
