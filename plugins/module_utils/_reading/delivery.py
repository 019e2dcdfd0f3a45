# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What became of certain messages: looked up in the sent log, again and again while something may still change."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import typing as t

from .._clock import Clock
from .._errors import STATE, TRANSIENT, TRANSPORT, OnfonError
from .._gateway.client import Client
from . import states
from .periods import Period, today_at
from .sent_log import SentMessage, read_log

NOT_FOUND = "not_found"
STATUSES: t.Final = (*states.STATES, NOT_FOUND)
# Failures of these classes may be over at the next reading.
_PASSING: t.Final = frozenset({TRANSIENT, TRANSPORT})


@dataclasses.dataclass
class Deliveries:
    """What is known of the messages, in the order in which they were named.

    problem: why the last reading of the log failed, None where it did not.
    """

    messages: list[SentMessage]
    problem: OnfonError | None = None

    def counts(self) -> dict[str, int]:
        """How many messages have each status."""
        counts = collections.Counter(message.status for message in self.messages)
        return {status: counts[status] for status in STATUSES}

    @property
    def delivered_percent(self) -> float:
        """The share of messages that were delivered, in percent; 100 where there are none."""
        return 100 * self.counts()[states.DELIVERED] / len(self.messages) if self.messages else 100.0

    def as_result(self) -> dict[str, t.Any]:
        """{counts: {status: int}, delivered_percent: float}."""
        return {"counts": self.counts(), "delivered_percent": round(self.delivered_percent, 2)}

    @property
    def open(self) -> list[SentMessage]:
        """Those that may still change."""
        return [message for message in self.messages if not message.final]

    def __str__(self) -> str:
        """The counts for people: "3 delivered, 1 failed, 6 pending"."""
        return ", ".join(f"{number:,} {status.replace('_', ' ')}" for status, number in self.counts().items() if number)


def wait_for_delivery(
    client: Client,
    message_ids: t.Sequence[str],
    since: datetime.date,
    *,
    clock: Clock,
    timeout: float,
    interval: float,
    notify: t.Callable[[str], None] | None = None,
) -> Deliveries:
    """Look messages up in the log from a day on, until each has a final status, or for so many seconds.

    The log is read once at least, and a failure of that reading is raised. With timeout 0 it is the only one. A reading
    that has begun is ended. An id that is named twice stands for two messages, as one id may be that of a whole batch.
    """
    end = clock.monotonic() + timeout
    deliveries = not_found(message_ids)
    _look_up(client, deliveries, since, clock)
    shown = ""
    while deliveries.open and (remaining := end - clock.monotonic()) > 0:
        if notify and str(deliveries) != shown:
            shown = str(deliveries)
            notify(f"{shown}, waiting for {remaining:.0f} s at most")
        clock.sleep(min(interval, remaining))
        try:
            _look_up(client, deliveries, since, clock)
            deliveries.problem = None
        except OnfonError as error:
            deliveries.problem = error
            if error.error_class not in _PASSING:
                break
    return deliveries


def not_found(message_ids: t.Sequence[str], problem: OnfonError | None = None) -> Deliveries:
    """What is known of messages before the log is read, or where it cannot be."""
    return Deliveries([SentMessage(message_id, status=NOT_FOUND) for message_id in message_ids], problem)


def check_deliveries(
    deliveries: Deliveries, least_percent: float | None, timeout_option: str, result: t.Mapping[str, t.Any]
) -> None:
    """Raise OnfonError where the log could not be read to the end, or where too few messages were delivered.

    least_percent: how many must be, None for any number. timeout_option: which option makes the task wait longer.
    result: what the failed task returns.
    """
    problem = deliveries.problem
    if problem:
        raise problem.reworded(f"{problem.fact} What was known before: {deliveries}.", problem.hint, result)
    if least_percent is not None and deliveries.delivered_percent < least_percent:
        raise OnfonError(
            f"{deliveries.delivered_percent:.4g} % of {len(deliveries.messages):,} messages were delivered, and"
            f" min_delivered_percent is {least_percent:g}: {deliveries}.",
            error_class=STATE,
            hint=f"Raise {timeout_option} to wait for them longer."
            if deliveries.open
            else "Look with onfon.sms.onfon_sms_info at raw_status and error_code of the others.",
            result=result,
        )


def _look_up(client: Client, deliveries: Deliveries, since: datetime.date, clock: Clock) -> None:
    """Read the log until all that may have changed is found."""
    places = _open_places(deliveries)
    missing = sum(map(len, places.values()))
    period = Period(_first_day(deliveries.open, since), today_at(clock.now())).widened
    for row in read_log(client, *period) if places else ():
        if places.get(row.message_id):
            deliveries.messages[places[row.message_id].pop()] = SentMessage.from_row(row, client.redact)
            missing -= 1
        if not missing:
            return


def _open_places(deliveries: Deliveries) -> dict[str | None, list[int]]:
    """Where the messages are that may still change, by id, the last place first."""
    changing = {message.message_id for message in deliveries.open}
    places: dict[str | None, list[int]] = collections.defaultdict(list)
    for place, message in reversed(list(enumerate(deliveries.messages))):
        if message.message_id in changing:
            places[message.message_id].append(place)
    return places


def _first_day(messages: t.Sequence[SentMessage], since: datetime.date) -> datetime.date:
    """The day from which on the log has them: that of the first one, once all were seen."""
    days = [message.submitted_at[:10] if message.submitted_at else None for message in messages]
    known = [datetime.date.fromisoformat(day) for day in days if day]
    return max(since, min(known)) if known and len(known) == len(days) else since
