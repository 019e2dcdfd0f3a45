# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What the gateway's answer to a batch says of whom.

"accepted" is what the gateway says, not what the network delivers. Whoever no row of the gateway speaks of is
"unknown": neither texted nor not texted is claimed without its word.
"""

from __future__ import annotations

import typing as t

from .._errors import OnfonError
from .._gateway import codes
from .._gateway.errors import error_fact
from .._gateway.models import Receipt
from .._text import brief
from . import numbers
from .outbox import Letter
from .recipients import ACCEPTED, NOT_SENT, REJECTED, UNKNOWN, Verdict

# To run the task again would be the wrong thing: who was texted after all would be texted twice.
ADVICE = "Look at the sent messages in the Onfon portal before you text any of them again."
# After one of these, the next batch would fare no better, and the reason must be mended first.
STOPPERS = frozenset({codes.AUTH, codes.ACCOUNT, codes.FUNDS})
# These are about the sender id or the schedule, which all batches share.
SHARED = frozenset({"003", "015", "019", "401"})


def read(receipts: t.Sequence[Receipt], letters: t.Sequence[Letter]) -> tuple[list[Verdict], codes.Code | None]:
    """A verdict for each letter, and the code of a row that must stop the run, None where there is none."""
    found = match(receipts, letters)
    rows = [found.get(letter.msisdn) for letter in letters]
    refusals = [row for row in rows if row is not None and row.code not in (None, codes.SUCCESS)]
    reasons = [codes.look_up(row.code, row.description) for row in refusals]
    stopper = next((reason for reason in reasons if stops(reason.kind, reason.number)), None)
    return [_judge(letter, row) for letter, row in zip(letters, rows)], stopper


def stops(kind: str, code: str | None) -> bool:
    """An error of this kind and code, or one without a code of Onfon's, would meet every other batch too."""
    return code is None or kind in STOPPERS or code in SHARED


def match(receipts: t.Sequence[Receipt], letters: t.Sequence[Letter]) -> dict[str, Receipt]:
    """Which row is about whom, by msisdn: by its number in whatever spelling, and by its place where no row has one."""
    if len(receipts) == len(letters) and not any(receipt.number for receipt in receipts):
        return {letter.msisdn: receipt for letter, receipt in zip(letters, receipts)}
    due = {letter.msisdn for letter in letters}
    found: dict[str, Receipt] = {}
    for receipt in receipts:
        owner = next((msisdn for msisdn in spellings(receipt.number) if msisdn in due), None)
        if owner and (owner not in found or _weight(receipt) > _weight(found[owner])):
            found[owner] = receipt
    return found


def _weight(receipt: Receipt) -> int:
    """Of rows that disagree about somebody, the one counts that says most of his being texted: twice is worse."""
    if receipt.code == codes.SUCCESS:
        return 2
    return 1 if _is_unclear(receipt) else 0


def _is_unclear(receipt: Receipt) -> bool:
    """The row does not tell if the message was queued: it has no code, or one of a passing failure.

    So with a code that nobody has published, unless it comes without an id, as a refusal does.
    """
    if not isinstance(receipt.code, int):
        return True
    kind = codes.look_up(receipt.code, "").kind
    return kind == codes.TRANSIENT or (kind == codes.UNKNOWN and receipt.message_id is not None)


def spellings(number: str) -> t.Iterator[str]:
    """The msisdns that a number of the gateway may stand for: itself, its digits, and how a person would read it."""
    yield number
    yield "".join(character for character in number if character.isdigit())
    yield numbers.read(number) or ""


def failed(failure: OnfonError, letters: t.Sequence[Letter]) -> list[Verdict]:
    """What a call that failed as a whole says of its letters."""
    status = UNKNOWN if failure.may_have_acted else REJECTED if failure.code else NOT_SENT
    hint = ADVICE if status == UNKNOWN else failure.hint
    return [Verdict(letter.line, status, None, failure.code, failure.fact, hint) for letter in letters]


def _judge(letter: Letter, receipt: Receipt | None) -> Verdict:
    """What the gateway's row says of a letter."""
    if receipt is None or receipt.code is None:
        fact = "Onfon's answer does not say what became of this message."
        return Verdict(letter.line, UNKNOWN, fact=fact, hint=ADVICE)
    if receipt.code == codes.SUCCESS:
        return Verdict(letter.line, ACCEPTED, receipt.message_id)
    row = codes.look_up(receipt.code, receipt.description)
    words = f' Onfon says: "{brief(receipt.description)}"' if receipt.description else ""
    status, hint = (UNKNOWN, ADVICE) if _is_unclear(receipt) else (REJECTED, row.hint)
    return Verdict(letter.line, status, None, row.number, f"{error_fact(row)}{words}", hint)
