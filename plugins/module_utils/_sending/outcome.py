# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""How a run ended, in words: what the task returns, and why it cannot be called a success."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway import codes
from .._gateway.errors import PROTOCOL, OnfonError
from .outbox import Outbox, Reason
from .receipts import ADVICE
from .recipients import ACCEPTED, NOT_SENT, REJECTED, UNKNOWN
from .sources import Wrong
from .timing import Quiet

ANY, ALL, NEVER = "any", "all", "never"
_MOST_WRONG = 20
_MOST_REASONS = 3
_MOST_NAMES = 3
_BAD = (REJECTED, UNKNOWN, NOT_SENT)
_RESUME = "Run it again with the same journal: it looks into the sent log first, and goes on where it stopped."


@dataclasses.dataclass
class End:
    """How a run ended, beside what is in the outbox.

    stopped: why it did not go on. broken: why journal or report could not be written.
    searched: the sent log was looked into; log: why that was no help. journal: the task has one.
    """

    stopped: OnfonError | None = None
    broken: OnfonError | None = None
    log: OnfonError | None = None
    searched: bool = False
    journal: bool = False


def refusal(wrong: t.Sequence[Wrong], what: str) -> str:
    """What is wrong with the lines. what: how one is called («entry», «line»)."""
    told = " ".join(f"{what.capitalize()} {one.line}: {one.error}" for one in wrong[:_MOST_WRONG])
    more = len(wrong) - _MOST_WRONG
    return f"{told} {more:,} more are in errors. Nobody was texted." if more > 0 else f"{told} Nobody was texted."


def is_good(outbox: Outbox, end: End, fail_on: str) -> bool:
    """The task may be called a success."""
    if end.broken:
        return False
    counts = outbox.counts()
    bad = counts[REJECTED] + counts[UNKNOWN] + (0 if _is_hushed(end) else counts[NOT_SENT])
    return not bad or fail_on == NEVER or (fail_on == ALL and counts[ACCEPTED] > 0)


def problem(outbox: Outbox, end: End, result: t.Mapping[str, t.Any]) -> OnfonError | None:
    """What a person should know of lines that were not accepted; None where there are none."""
    counts = outbox.counts()
    bad = sum(counts[status] for status in _BAD)
    if not bad and not end.broken:
        return None
    cause = end.broken or end.stopped
    reasons = [reason for reason in outbox.reasons(_BAD, _MOST_NAMES) if reason.error]
    told = [_told(reason) for reason in reasons if not (cause and (reason.error or "").startswith(cause.fact))]
    facts = [cause.fact if cause else "", _not_accepted(bad, sum(counts.values())), *told[:_MOST_REASONS]]
    if len(told) > _MOST_REASONS:
        facts.append("The other reasons are in recipients.")
    if 0 < counts[NOT_SENT] < bad:
        facts.append(f"{counts[NOT_SENT]:,} of them not sent, as the run stopped.")
    if counts[UNKNOWN] and end.searched:
        facts.append(
            f"The sent log could not be read: {end.log.fact}"
            if end.log
            else "The sent log does not show the unknown ones."
        )
    if not counts[ACCEPTED] and not counts[UNKNOWN]:
        facts.append("Nobody was texted.")
    first = next((reason.error_code for reason in reasons if reason.error_code), None)
    row = codes.look_up(first, "") if first else None
    return OnfonError(
        " ".join(filter(None, facts)),
        kind=cause.kind if cause else row.kind if row else PROTOCOL,
        hint=_hint(counts, end, row.hint if row else ""),
        code=first,
        description=cause.description if cause else None,
        http_status=cause.http_status if cause else 200,
        result=result,
    )


def _not_accepted(bad: int, requested: int) -> str:
    people = "recipient" if requested == 1 else "recipients"
    return f"{bad:,} of {requested:,} {people} not accepted."


def _told(reason: Reason) -> str:
    """«254700000001, 254700000002 and 3 more rejected: Onfon error 412: no route to this number.»"""
    more = f" and {reason.total - len(reason.some):,} more" if reason.total > len(reason.some) else ""
    # What to do about it is said once, at the end.
    advice = (ADVICE, codes.look_up(reason.error_code, "").hint if reason.error_code else ADVICE)
    words = (reason.error or "").replace(advice[0], "").replace(advice[1], "")
    return f"{', '.join(reason.some)}{more} {reason.status}: {' '.join(words.split())}"


def _is_hushed(end: End) -> bool:
    return isinstance(end.stopped, Quiet) and end.stopped.skip


def _hint(counts: t.Mapping[str, int], end: End, row_hint: str) -> str:
    """What to do: where anybody may have been texted, nothing says to run it again without a look at the log."""
    if counts[UNKNOWN]:
        return f"{ADVICE} {_RESUME}" if end.journal else ADVICE
    mend = end.stopped.hint if end.stopped else row_hint
    if not counts[ACCEPTED]:
        return mend
    again = _RESUME if end.journal else "Text only those again that were not accepted."
    return f"{mend} {again}".strip() if end.stopped else again
