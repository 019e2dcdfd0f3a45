# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What the gateway's rows say of whom.

"accepted" is what the gateway says, not what the network delivers. Whoever no row of the gateway speaks of is
"unknown": neither texted nor not texted is claimed without its word.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway import codes
from .._gateway.errors import error_fact
from .._gateway.models import Message, Receipt
from .._gateway.texts import brief
from . import numbers
from .recipients import ACCEPTED, REJECTED, UNKNOWN, Recipient

# To run the task again would be the wrong thing: who was texted after all would be texted twice.
ADVICE = "Look at the sent messages in the Onfon portal before you text anybody of them again."


def match(receipts: t.Sequence[Receipt], messages: t.Sequence[Message]) -> dict[str, Receipt]:
    """Which row is about whom, by msisdn: by its number in whatever spelling, and by its place where no row has one."""
    if len(receipts) == len(messages) and not any(receipt.number for receipt in receipts):
        return {message.msisdn: receipt for message, receipt in zip(messages, receipts)}
    due = {message.msisdn for message in messages}
    found: dict[str, Receipt] = {}
    for receipt in receipts:
        digits = "".join(character for character in receipt.number if character.isdigit())
        owner = digits if digits in due else numbers.read(receipt.number)
        # Of two rows about one person, the one that says accepted: to text somebody again is worse.
        if owner and (owner not in found or receipt.code == codes.SUCCESS):
            found[owner] = receipt
    return found


def judge(recipient: Recipient, receipt: Receipt | None) -> Recipient:
    """The recipient with what the gateway's row says of it."""
    if receipt is None or receipt.code is None:
        return recipient.ended(UNKNOWN, None, f"Onfon's answer does not say what became of this message. {ADVICE}")
    if receipt.code == codes.SUCCESS:
        return dataclasses.replace(recipient, status=ACCEPTED, message_id=receipt.message_id)
    row = codes.look_up(receipt.code, receipt.description)
    words = f' Onfon says: "{brief(receipt.description)}"' if receipt.description else ""
    unclear = row.kind == codes.TRANSIENT or not isinstance(receipt.code, int)
    advice = ADVICE if unclear else row.hint
    return recipient.ended(UNKNOWN if unclear else REJECTED, row.number, f"{error_fact(row)} {advice}{words}")
