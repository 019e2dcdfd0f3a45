# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What a run would do, and whether it may: the plan and its limits, before anybody is texted."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway.client import Client
from .._gateway.models import sms_credits
from .._text import enumerated
from . import encoding
from .outbox import Outbox
from .recipients import (
    NOT_SENT,
    SKIPPED_ALREADY_SENT,
    SKIPPED_DUPLICATE,
    SKIPPED_INVALID,
    SKIPPED_OPT_OUT,
    UNKNOWN,
)

_NAMED_CHARACTERS = 10
_NAMED_LINES = 5


class Limits(t.NamedTuple):
    """What a run may spend; None: no limit."""

    max_recipients: int | None = None
    max_segments: int | None = None
    max_total_segments: int | None = None
    min_balance_after: float | None = None
    price_per_segment: float | None = None


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a run would do.

    recipients: messages to be sent; with resend_unknown those that an earlier run left unknown count too.
    encoding: how many of them in gsm7 and in ucs2. segments: of all messages, longest: of the longest one.
    requests: calls of SendBulkSMS. cost, balance, balance_after: in the account's unit, None where they are not known.
    scheduled_for: ISO 8601, None to deliver at once.
    """

    recipients: int
    skipped_duplicate: int
    skipped_invalid: int
    skipped_opt_out: int
    skipped_already_sent: int
    unknown: int
    encoding: dict[str, int]
    unicode_characters: list[str]
    segments: int
    longest: int
    requests: int
    cost: float | None
    balance: float | None
    balance_after: float | None
    scheduled_for: str | None

    def as_result(self) -> dict[str, t.Any]:
        """All of it."""
        return dataclasses.asdict(self)


class Guard:
    """Looks at what is in the outbox, and at what may be spent. line_name: what a line is called («entry», «line»)."""

    def __init__(self, outbox: Outbox, limits: Limits, *, line_name: str, resend_unknown: bool) -> None:
        self._outbox = outbox
        self._limits = limits
        self._line_name = line_name
        self._statuses = (NOT_SENT, UNKNOWN) if resend_unknown else (NOT_SENT,)

    def plan(self, client: Client, batches: t.Callable[[t.Iterator[t.Any]], t.Iterator[t.Any]]) -> Plan:
        """The plan. The balance is asked for where a limit needs it. batches: how lines are put together."""
        counts, sums = self._outbox.counts(), self._outbox.sums(self._statuses)
        recipients, price = sums.gsm7 + sums.ucs2, self._limits.price_per_segment
        cost = None if price is None else round(sums.segments * price, 4)
        asks = self._limits.min_balance_after is not None and recipients
        balance = sms_credits(client.balances()) if asks else None
        return Plan(
            recipients=recipients,
            skipped_duplicate=counts[SKIPPED_DUPLICATE],
            skipped_invalid=counts[SKIPPED_INVALID],
            skipped_opt_out=counts[SKIPPED_OPT_OUT],
            skipped_already_sent=counts[SKIPPED_ALREADY_SENT],
            unknown=counts[UNKNOWN],
            encoding={"gsm7": sums.gsm7, "ucs2": sums.ucs2},
            unicode_characters=self._unicode_characters(),
            segments=sums.segments,
            longest=sums.longest,
            requests=sum(1 for _batch in batches(self._outbox.batch_keys(self._statuses))),
            cost=cost,
            balance=balance,
            balance_after=None if balance is None or cost is None else round(balance - cost, 4),
            scheduled_for=None,
        )

    def breaches(self, plan: Plan) -> list[str]:
        """Which limits the plan breaks, a sentence each."""
        limits = self._limits
        return [
            *_more("recipients", plan.recipients, "max_recipients", limits.max_recipients),
            *self._too_long(plan.longest),
            *_more("segments", plan.segments, "max_total_segments", limits.max_total_segments),
            *self._too_poor(plan),
        ]

    def _too_long(self, longest: int) -> t.Iterator[str]:
        most = self._limits.max_segments
        if most is not None and longest > most:
            lines = self._outbox.longer_than(most, self._statuses)
            where = enumerated([f"{line:,}" for line in lines], _NAMED_LINES)
            yield (
                f"The longest message takes {longest} segments, which is more than max_segments ({most}):"
                f" see {self._line_name} {where}."
            )

    def _too_poor(self, plan: Plan) -> t.Iterator[str]:
        least = self._limits.min_balance_after
        if least is not None and plan.balance_after is not None and plan.balance_after < least:
            yield (
                f"The balance of {plan.balance:g} less a cost of {plan.cost:g} leaves {plan.balance_after:g},"
                f" which is less than min_balance_after ({least:g})."
            )

    def _unicode_characters(self) -> list[str]:
        """The first characters that make messages UCS-2, by name."""
        found: dict[str, None] = {}
        for text in self._outbox.unicode_texts(self._statuses):
            found.update(dict.fromkeys(encoding.foreign(text)))
            if len(found) >= _NAMED_CHARACTERS:
                break
        return [encoding.named(character) for character in list(found)[:_NAMED_CHARACTERS]]


def _more(what: str, number: int, option: str, most: int | None) -> t.Iterator[str]:
    if most is not None and number > most:
        yield f"The number of {what} ({number:,}) is more than {option} ({most:,})."
