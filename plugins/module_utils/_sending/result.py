# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""How a run ended: what the task returns, which messages were not accepted, why, and what to do about it."""

from __future__ import annotations

import dataclasses
import sqlite3
import typing as t

from .._errors import OPTION, PROTOCOL, OnfonError, RecordError, UnexpectedError
from .._gateway.errors import ApiError
from .._reading.delivery import Deliveries
from .._sms.statuses import ACCEPTED, NOT_SENT, REJECTED, SKIPPED_ALREADY_SENT, UNKNOWN, UNKNOWN_HINT
from .plan import SendPlan
from .records import InvalidRow
from .schedule import Hold
from .store import DISK_ERRORS, FailureGroup, MessageStore

ANY, ALL, NEVER = "any", "all", "never"
_MAX_ROWS = 20
_MAX_REASONS = 3
_MAX_NAMES = 3
_NOT_ACCEPTED = (REJECTED, UNKNOWN, NOT_SENT)


@dataclasses.dataclass(frozen=True)
class RunEnd:
    """How a run ended, besides what the store holds.

    stop_reason: why it did not go on. hold: the quiet hours, where they are the reason. record_error: why journal or
    report could not be written. lost: why a reply was lost. searched: the sent log was read; log_problem: why that
    failed. has_journal: the task has one.
    """

    stop_reason: OnfonError | None = None
    hold: Hold | None = None
    record_error: RecordError | None = None
    lost: OnfonError | None = None
    searched: bool = False
    log_problem: OnfonError | None = None
    has_journal: bool = False


class Shortfall(t.NamedTuple):
    """What a person should know of messages that were not accepted. cause: whose class and code the error has."""

    fact: str
    hint: str
    cause: OnfonError | None

    def error(self, result: t.Mapping[str, t.Any]) -> OnfonError:
        """The error of a task that fails because of it."""
        if self.cause is None:
            return OnfonError(self.fact, error_class=PROTOCOL, hint=self.hint, result=result)
        return self.cause.reworded(self.fact, self.hint, result)


def build_result(
    store: MessageStore,
    *,
    changed: bool,
    plan: SendPlan | None,
    requests: int,
    seconds: float,
    deliveries: Deliveries | None,
    warnings: t.Sequence[str],
    limit: int,
    **more: t.Any,
) -> dict[str, t.Any]:
    """{changed, plan, recipients, summary, delivery, warnings}. limit: of recipients; more: further values."""
    counts = store.counts()
    return {
        "changed": changed,
        "plan": plan.as_result() if plan else None,
        "recipients": [result.as_result() for result in store.results(limit)],
        "summary": {
            "requested": sum(counts.values()),
            **counts,
            "segments": store.segments(),
            "requests": requests,
            "seconds": round(seconds, 3),
        },
        "delivery": deliveries.as_result() if deliveries else None,
        **({"warnings": list(warnings)} if warnings else {}),
        **more,
    }


def store_error(error: sqlite3.Error, requests: int) -> OnfonError:
    """Why the temporary database failed: its disk, or a fault of the collection. It can tell no results any more."""
    sent = f"Requests that were made: {requests:,}." if requests else "Nothing was sent."
    if str(error) in DISK_ERRORS:
        fact = "The temporary database of the run cannot be written: free some space in the folder for TMPDIR."
        found = OnfonError(fact, error_class=OPTION)
    else:
        found = UnexpectedError("The run", error)
    return found.reworded(f"{found.fact} {sent}", UNKNOWN_HINT if requests else "", {"changed": requests > 0})


def refusal(rows: t.Sequence[InvalidRow], row_name: str) -> str:
    """What is wrong with rows. row_name: what a row is called ("entry", "line")."""
    sentences = " ".join(f"{row_name.capitalize()} {row.line}: {row.error}" for row in rows[:_MAX_ROWS])
    more = len(rows) - _MAX_ROWS
    rest = f" And {more:,} more, see errors." if more > 0 else ""
    return f"{sentences}{rest} Nothing was sent."


def is_success(counts: t.Mapping[str, int], end: RunEnd, fail_on: str) -> bool:
    """The task may be called a success. counts: recipients by status."""
    if end.record_error:
        return False
    bad = counts[REJECTED] + counts[UNKNOWN] + (0 if end.hold and end.hold.skip else counts[NOT_SENT])
    reached = counts[ACCEPTED] + counts[SKIPPED_ALREADY_SENT]
    return not bad or fail_on == NEVER or (fail_on == ALL and reached > 0)


def find_shortfall(store: MessageStore, end: RunEnd) -> Shortfall | None:
    """Which messages were not accepted, and why; None where all were."""
    counts = store.counts()
    bad = sum(counts[status] for status in _NOT_ACCEPTED)
    if not bad and not end.record_error:
        return None
    groups = [group for group in store.failure_groups(_NOT_ACCEPTED, _MAX_NAMES) if group.first.fact]
    code = next((group.first.error_code for group in groups if group.first.error_code), None)
    refused = ApiError(code, "", http_status=200) if code else None
    cause = end.record_error or end.stop_reason or (end.lost if counts[UNKNOWN] or refused is None else None)
    return Shortfall(
        " ".join(_facts(counts, bad, groups, end)),
        _hint(counts, end, refused.hint if refused else ""),
        cause or refused,
    )


def _facts(counts: t.Mapping[str, int], bad: int, groups: t.Sequence[FailureGroup], end: RunEnd) -> t.Iterator[str]:
    """What happened, a sentence each."""
    cause = end.record_error or end.stop_reason
    if cause:
        yield cause.fact
    if bad:
        yield _not_accepted(bad, sum(counts.values()))
    told = [group for group in groups if not (cause and group.first.fact == cause.fact)]
    yield from map(_reason, told[:_MAX_REASONS])
    if len(told) > _MAX_REASONS:
        yield "The other reasons are in recipients."
    if 0 < counts[NOT_SENT] < bad:
        were = "was" if counts[NOT_SENT] == 1 else "were"
        yield f"{counts[NOT_SENT]:,} of them {were} not sent, because the run stopped."
    if counts[UNKNOWN] and end.log_problem:
        yield f"The sent log could not be read: {end.log_problem.fact}"
    elif counts[UNKNOWN] and end.searched:
        yield "The sent log does not show the unknown ones."
    if not counts[ACCEPTED] and not counts[UNKNOWN]:
        yield "Nothing was sent."


def _not_accepted(bad: int, requested: int) -> str:
    people, were = ("recipient", "was") if requested == 1 else ("recipients", "was" if bad == 1 else "were")
    return f"{bad:,} of {requested:,} {people} {were} not accepted."


def _reason(group: FailureGroup) -> str:
    """Who failed and why: "254700000001, 254700000002 and 3 more rejected: Onfon error 412: no route ..."."""
    more = f" and {group.total - len(group.msisdns):,} more" if group.total > len(group.msisdns) else ""
    return f"{', '.join(group.msisdns)}{more} {group.first.status}: {group.first.fact}"


def _hint(counts: t.Mapping[str, int], end: RunEnd, refusal_hint: str) -> str:
    """What to do: where anybody may have been texted, nothing says to run it again without a look at the log."""
    resume = end.has_journal and not end.record_error
    if counts[UNKNOWN]:
        again = " Run it again with the same journal: it looks them up again, and sends no duplicates."
        return f"{UNKNOWN_HINT}{again if resume and end.searched else ''}"
    fix = "" if end.record_error else end.stop_reason.hint if end.stop_reason else refusal_hint
    if not counts[ACCEPTED]:
        return fix
    again = "Send only those again that were not accepted."
    if resume:
        again = "Run it again with the same journal: it continues where it stopped, and sends no duplicates."
    return f"{fix} {again}".strip() if end.stop_reason else again
