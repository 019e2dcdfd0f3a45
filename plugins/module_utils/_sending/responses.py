# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What the gateway's answer to a batch says of each message.

"accepted" is what the gateway says, not what the network delivers. A message that no row of the answer speaks of is
"unknown": without the gateway's word, neither success nor failure is claimed.
"""

from __future__ import annotations

import typing as t

from .._errors import PERMANENT, TRANSIENT, UNPUBLISHED, OnfonError
from .._gateway import codes
from .._gateway.errors import error_fact
from .._gateway.models import ResponseRow
from .._sms.numbers import possible_msisdns
from .._sms.statuses import ACCEPTED, NOT_SENT, REJECTED, UNKNOWN, UNKNOWN_HINT
from .._text import brief
from .records import OutgoingMessage, SendResult

# These codes are about the sender id or the schedule, which all batches share.
_SHARED: t.Final = frozenset({"003", "015", "019", "401"})


def read_answer(
    rows: t.Sequence[ResponseRow], messages: t.Sequence[OutgoingMessage]
) -> tuple[list[SendResult], codes.Code | None]:
    """A result for each message, and the code of a row that must stop the run, None where there is none."""
    by_msisdn = match(rows, messages)
    found = [by_msisdn.get(message.msisdn) for message in messages]
    refused = [row for row in found if row is not None and row.code not in (None, codes.SUCCESS)]
    reasons = [codes.look_up(row.code, row.description) for row in refused]
    stopping = next((reason for reason in reasons if stops(reason.error_class, reason.number)), None)
    return [_result(message, row) for message, row in zip(messages, found)], stopping


def read_failure(failure: OnfonError, messages: t.Sequence[OutgoingMessage]) -> list[SendResult]:
    """A result for each message of a call that failed as a whole."""
    status = UNKNOWN if failure.may_have_acted else REJECTED if failure.code else NOT_SENT
    hint = UNKNOWN_HINT if status == UNKNOWN else failure.hint
    return [message.result(status, None, failure.code, failure.fact, hint) for message in messages]


def stops(error_class: str, code: str | None) -> bool:
    """An error of this class and code, or one without a code of Onfon's, would meet every other batch too."""
    return code is None or error_class in PERMANENT or code in _SHARED


def match(rows: t.Sequence[ResponseRow], messages: t.Sequence[OutgoingMessage]) -> dict[str, ResponseRow]:
    """The row of each MSISDN: by its number in whatever spelling, or by its place where no row has a number."""
    if len(rows) == len(messages) and not any(row.number for row in rows):
        return {message.msisdn: row for message, row in zip(messages, rows)}
    asked = {message.msisdn for message in messages}
    found: dict[str, ResponseRow] = {}
    for row in rows:
        msisdn = next((msisdn for msisdn in possible_msisdns(row.number) if msisdn in asked), None)
        if msisdn and (msisdn not in found or _likelihood(row) > _likelihood(found[msisdn])):
            found[msisdn] = row
    return found


def _likelihood(row: ResponseRow) -> int:
    """Of rows that disagree about a message, the one counts that most says it was sent: twice is worse than not."""
    if row.code == codes.SUCCESS:
        return 2
    return 1 if _is_unclear(row) else 0


def _is_unclear(row: ResponseRow) -> bool:
    """The row does not tell if the message was queued: it has no code, or one of a transient failure.

    So with a code that is not published, unless it comes without a message id, as a refusal does.
    """
    if not isinstance(row.code, int):
        return True
    error_class = codes.look_up(row.code, "").error_class
    return error_class == TRANSIENT or (error_class == UNPUBLISHED and row.message_id is not None)


def _result(message: OutgoingMessage, row: ResponseRow | None) -> SendResult:
    """What a row says of its message."""
    if row is None or row.code is None:
        fact = "Onfon's answer does not say what became of this message."
        return message.result(UNKNOWN, fact=fact, hint=UNKNOWN_HINT)
    if row.code == codes.SUCCESS:
        return message.result(ACCEPTED, row.message_id)
    reason = codes.look_up(row.code, row.description)
    words = f' Onfon says: "{brief(row.description)}"' if row.description else ""
    status, hint = (UNKNOWN, UNKNOWN_HINT) if _is_unclear(row) else (REJECTED, reason.hint)
    return message.result(status, None, reason.number, f"{error_fact(reason)}{words}", hint)
