# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Messages counted as they pass by, so that a log of any length takes no more memory."""

from __future__ import annotations

import collections
import datetime
import heapq
import typing as t

from .sent_log import SentMessage
from .states import DELIVERED, FAILED, STATES

MAX_SLOWEST: t.Final = 10

Counts = dict[str, int]


def no_counts() -> Counts:
    """How many there are of each delivery state: none."""
    return dict.fromkeys(STATES, 0)


class LogSummary:
    """How many messages there were, by delivery state, day and sender."""

    def __init__(self) -> None:
        self._counts = no_counts()
        self._days: dict[str | None, Counts] = collections.defaultdict(no_counts)
        self._senders: dict[str | None, Counts] = collections.defaultdict(no_counts)
        self._failures: collections.Counter[tuple[str | None, str | None]] = collections.Counter()
        self._slowest: list[tuple[float, int, SentMessage]] = []

    def add(self, message: SentMessage) -> None:
        """Count one more."""
        day = message.submitted_at[:10] if message.submitted_at else None
        for counts in (self._counts, self._days[day], self._senders[message.sender_id]):
            counts[message.status] += 1
        if message.status == FAILED:
            self._failures[message.raw_status, message.error_code] += 1
        seconds = _seconds(message) if message.status == DELIVERED else None
        if seconds is not None:
            # Of two that took as long, the first one stays: the number of the row decides.
            entry = (seconds, -sum(self._counts.values()), message)
            keep = heapq.heappush if len(self._slowest) < MAX_SLOWEST else heapq.heappushpop
            keep(self._slowest, entry)

    def as_result(self) -> dict[str, t.Any]:
        """{total, by_status, by_day, by_sender, failures, slowest}."""
        days = sorted(self._days.items(), key=lambda day: (day[0] is None, day[0]))
        senders = sorted(self._senders.items(), key=lambda sender: (-sum(sender[1].values()), sender[0] or ""))
        return {
            "total": sum(self._counts.values()),
            "by_status": dict(self._counts),
            "by_day": [{"day": day, "total": sum(counts.values()), **counts} for day, counts in days],
            "by_sender": [{"sender_id": sender, "total": sum(counts.values()), **counts} for sender, counts in senders],
            "failures": [
                {"raw_status": raw_status, "error_code": error_code, "total": total}
                for (raw_status, error_code), total in self._failures.most_common()
            ],
            "slowest": [
                {**{key: getattr(message, key) for key in ("message_id", "msisdn", "sender_id")}, "seconds": seconds}
                for seconds, _place, message in sorted(self._slowest, reverse=True)
            ],
        }


def _seconds(message: SentMessage) -> float | None:
    """How long the delivery took, None where the log does not tell."""
    if not (message.submitted_at and message.done_at):
        return None
    took = datetime.datetime.fromisoformat(message.done_at) - datetime.datetime.fromisoformat(message.submitted_at)
    return took.total_seconds() if took >= datetime.timedelta() else None
