# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What became of certain messages: looked for in the sent log, again and again while something may still change."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import typing as t

from .._clock import Clock
from .._gateway import codes
from .._gateway.client import Client
from .._gateway.errors import TRANSPORT, OnfonError
from . import states
from .messages import Sms
from .periods import Period, today_at
from .sent_log import sent_between

NOT_FOUND = "not_found"
STATUSES: t.Final = (*states.CLASSES, NOT_FOUND)
# A failure of these kinds may be over at the next look.
_PASSING: t.Final = frozenset({codes.TRANSIENT, TRANSPORT})


@dataclasses.dataclass
class Deliveries:
    """What is known of the messages, in the order in which they were named.

    problem: why the last look was of no use, None where it was.
    """

    messages: list[Sms]
    problem: OnfonError | None = None

    def counts(self) -> dict[str, int]:
        """How many there are of each status."""
        counts = collections.Counter(message.status for message in self.messages)
        return {status: counts[status] for status in STATUSES}

    @property
    def delivered_percent(self) -> float:
        """How many in a hundred were delivered; all of none."""
        return 100 * self.counts()[states.DELIVERED] / len(self.messages) if self.messages else 100.0

    def sums(self) -> dict[str, t.Any]:
        """{counts: {status: int}, delivered_percent: float}."""
        return {"counts": self.counts(), "delivered_percent": round(self.delivered_percent, 2)}

    @property
    def open(self) -> list[Sms]:
        """Those that may still change."""
        return [message for message in self.messages if not message.final]

    def __str__(self) -> str:
        """«3 delivered, 1 failed, 6 pending»."""
        return ", ".join(f"{number:,} {status.replace('_', ' ')}" for status, number in self.counts().items() if number)


def follow(
    client: Client,
    message_ids: t.Sequence[str],
    since: datetime.date,
    *,
    clock: Clock,
    timeout: float,
    interval: float,
    notify: t.Callable[[str], None] | None = None,
) -> Deliveries:
    """Look for messages in the log from a day on, until each has a final status, or for so many seconds.

    There is one look at least, and its failure is raised. With timeout 0 it is the only one. A look that has begun is
    ended. An id that is named twice stands for two messages, as one id may be that of a whole batch.
    """
    end = clock.monotonic() + timeout
    deliveries = not_found(message_ids)
    _look(client, deliveries, since, clock)
    told = ""
    while deliveries.open and (left := end - clock.monotonic()) > 0:
        if notify and str(deliveries) != told:
            told = str(deliveries)
            notify(f"{told}, waiting for {left:.0f} s at most")
        clock.sleep(min(interval, left))
        try:
            _look(client, deliveries, since, clock)
            deliveries.problem = None
        except OnfonError as error:
            deliveries.problem = error
            if error.kind not in _PASSING:
                break
    return deliveries


def not_found(message_ids: t.Sequence[str], problem: OnfonError | None = None) -> Deliveries:
    """What is known of messages before the first look, or if there was none."""
    return Deliveries([Sms(message_id, status=NOT_FOUND) for message_id in message_ids], problem)


def shortfall(
    deliveries: Deliveries, least: float | None, timeout_option: str, result: t.Mapping[str, t.Any]
) -> OnfonError | None:
    """Why a task that waited fails, None where it does not. least: percent that must be delivered, None for any.

    timeout_option: which option has it wait longer. result: what the task returns.
    """
    problem = deliveries.problem
    if problem:
        return problem.after(f"{problem.fact} What was known before: {deliveries}.", problem.hint, result)
    if least is None or deliveries.delivered_percent >= least:
        return None
    return OnfonError(
        f"{deliveries.delivered_percent:.4g} % of {len(deliveries.messages):,} messages were delivered, and"
        f" min_delivered_percent is {least:g}: {deliveries}.",
        kind=codes.STATE,
        hint=f"Raise {timeout_option} to wait for them longer."
        if deliveries.open
        else "Look with onfon.sms.onfon_sms_info at raw_status and error_code of the others.",
        result=result,
    )


def _look(client: Client, deliveries: Deliveries, since: datetime.date, clock: Clock) -> None:
    """Read the log until all that may have changed is found."""
    places = _places(deliveries)
    left = sum(map(len, places.values()))
    period = Period(_first_day(deliveries.open, since), today_at(clock.now())).wide
    for row in sent_between(client, *period) if places else ():
        if places.get(row.message_id):
            deliveries.messages[places[row.message_id].pop()] = Sms.of(row, client.redact)
            left -= 1
        if not left:
            return


def _places(deliveries: Deliveries) -> dict[str | None, list[int]]:
    """Where the messages are whose ids may still change, the last place first."""
    changing = {message.message_id for message in deliveries.open}
    places: dict[str | None, list[int]] = collections.defaultdict(list)
    for place, message in reversed(list(enumerate(deliveries.messages))):
        if message.message_id in changing:
            places[message.message_id].append(place)
    return places


def _first_day(messages: t.Sequence[Sms], since: datetime.date) -> datetime.date:
    """The day from which on the log has them: that of the first one, once all were seen."""
    days = [message.submitted_at[:10] if message.submitted_at else None for message in messages]
    known = [datetime.date.fromisoformat(day) for day in days if day]
    return max(since, min(known)) if known and len(known) == len(days) else since
