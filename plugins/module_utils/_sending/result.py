# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""How a run ended, in words: why it cannot be called a success, and what to do about it."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import PROTOCOL, OnfonError, RecordError
from .._gateway import codes
from .outbox import Outbox, Reason
from .receipts import ADVICE
from .recipients import ACCEPTED, NOT_SENT, REJECTED, SKIPPED_ALREADY_SENT, UNKNOWN
from .sources import Wrong
from .timing import Quiet

ANY, ALL, NEVER = "any", "all", "never"
_MOST_WRONG = 20
_MOST_REASONS = 3
_MOST_NAMES = 3
_BAD = (REJECTED, UNKNOWN, NOT_SENT)


@dataclasses.dataclass(frozen=True)
class End:
    """How a run ended, beside what is in the outbox.

    stopped: why it did not go on. broken: why journal or report could not be written. lost: a call whose answer was
    lost. searched: the sent log was looked into; log_problem: why that was of no help. journal: the task has one.
    """

    stopped: OnfonError | None
    broken: RecordError | None
    lost: OnfonError | None
    searched: bool
    log_problem: OnfonError | None
    journal: bool

    @property
    def hushed(self) -> bool:
        """Quiet hours ended it, and that is as the user wants it."""
        return isinstance(self.stopped, Quiet) and self.stopped.skip


def refusal(wrong: t.Sequence[Wrong], line_name: str) -> str:
    """What is wrong with the lines. line_name: how one is called («entry», «line»)."""
    told = " ".join(f"{line_name.capitalize()} {one.line}: {one.error}" for one in wrong[:_MOST_WRONG])
    more = len(wrong) - _MOST_WRONG
    rest = f" And {more:,} more, see errors." if more > 0 else ""
    return f"{told}{rest} Nobody was texted."


def is_good(outbox: Outbox, end: End, fail_on: str) -> bool:
    """The task may be called a success."""
    if end.broken:
        return False
    counts = outbox.counts()
    bad = counts[REJECTED] + counts[UNKNOWN] + (0 if end.hushed else counts[NOT_SENT])
    reached = counts[ACCEPTED] + counts[SKIPPED_ALREADY_SENT]
    return not bad or fail_on == NEVER or (fail_on == ALL and reached > 0)


def problem(outbox: Outbox, end: End, result: t.Mapping[str, t.Any]) -> OnfonError | None:
    """What a person should know of lines that were not accepted; None where there are none."""
    counts = outbox.counts()
    bad = sum(counts[status] for status in _BAD)
    if not bad and not end.broken:
        return None
    reasons = [reason for reason in outbox.reasons(_BAD, _MOST_NAMES) if reason.fact]
    code = next((reason.error_code for reason in reasons if reason.error_code), None)
    row = codes.look_up(code, "") if code else None
    cause = end.broken or end.stopped or (end.lost if counts[UNKNOWN] or row is None else None)
    return OnfonError(
        " ".join(_facts(counts, bad, reasons, end)),
        kind=cause.kind if cause else row.kind if row else PROTOCOL,
        hint=_hint(counts, end, row.hint if row else ""),
        code=cause.code if cause else code,
        description=cause.description if cause else None,
        http_status=cause.http_status if cause else 200 if row else None,
        result=result,
    )


def _facts(counts: t.Mapping[str, int], bad: int, reasons: t.Sequence[Reason], end: End) -> t.Iterator[str]:
    """What happened, a sentence each."""
    cause = end.broken or end.stopped
    if cause:
        yield cause.fact
    if bad:
        yield _not_accepted(bad, sum(counts.values()))
    told = [reason for reason in reasons if not (cause and reason.fact == cause.fact)]
    yield from map(_told, told[:_MOST_REASONS])
    if len(told) > _MOST_REASONS:
        yield "The other reasons are in recipients."
    if 0 < counts[NOT_SENT] < bad:
        were = "was" if counts[NOT_SENT] == 1 else "were"
        yield f"{counts[NOT_SENT]:,} of them {were} not sent, because the run stopped."
    if counts[UNKNOWN] and end.log_problem:
        yield f"The sent log could not be read: {end.log_problem.fact}"
    elif counts[UNKNOWN] and end.searched:
        yield "The sent log does not show the unknown ones."
    if not counts[ACCEPTED] and not counts[UNKNOWN]:
        yield "Nobody was texted."


def _not_accepted(bad: int, requested: int) -> str:
    people, were = ("recipient", "was") if requested == 1 else ("recipients", "was" if bad == 1 else "were")
    return f"{bad:,} of {requested:,} {people} {were} not accepted."


def _told(reason: Reason) -> str:
    """«254700000001, 254700000002 and 3 more rejected: Onfon error 412: no route to this number.»"""
    more = f" and {reason.total - len(reason.some):,} more" if reason.total > len(reason.some) else ""
    return f"{', '.join(reason.some)}{more} {reason.status}: {reason.fact}"


def _hint(counts: t.Mapping[str, int], end: End, row_hint: str) -> str:
    """What to do: where anybody may have been texted, nothing says to run it again without a look at the log."""
    resume = end.journal and not end.broken
    if counts[UNKNOWN]:
        again = " Run it again with the same journal: it looks for them again, and texts nobody twice."
        return f"{ADVICE}{again if resume and end.searched else ''}"
    mend = "" if end.broken else end.stopped.hint if end.stopped else row_hint
    if not counts[ACCEPTED]:
        return mend
    again = "Text only those again that were not accepted."
    if resume:
        again = "Run it again with the same journal: it goes on where it stopped, and texts nobody twice."
    return f"{mend} {again}".strip() if end.stopped else again
