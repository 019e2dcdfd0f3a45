# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What a run would do, and whether it may: the plan and its limits, before anybody is texted."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import typing as t

from .._gateway.client import Client
from .._gateway.models import sms_credits
from .._gateway.texts import enumerated
from . import encoding
from .outbox import Outbox
from .recipients import (
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

    recipients: to be texted. requests: calls of SendBulkSMS. cost, balance, balance_after: in the account's unit, None
    where they are not known. scheduled_for: None to deliver at once.
    """

    recipients: int
    skipped_duplicate: int
    skipped_invalid: int
    skipped_opt_out: int
    skipped_already_sent: int
    unknown: int
    gsm7: int
    ucs2: int
    unicode_characters: list[str]
    segments: int
    longest: int
    requests: int
    cost: float | None
    balance: float | None
    balance_after: float | None
    scheduled_for: str | None

    def as_result(self) -> dict[str, t.Any]:
        """All of it; the encodings are under encoding."""
        told = dataclasses.asdict(self)
        told["encoding"] = {"gsm7": told.pop("gsm7"), "ucs2": told.pop("ucs2")}
        return told


class Guard:
    """Looks at what is in the outbox. statuses: those that count as to be sent."""

    def __init__(self, outbox: Outbox, limits: Limits, statuses: t.Sequence[str]) -> None:
        self._outbox = outbox
        self._limits = limits
        self._statuses = statuses

def make_plan(
    outbox: Outbox, client: Client, limits: Limits, requests: int, delivery: datetime.datetime | None
) -> Plan:
    """The plan for what is in the outbox. The balance is asked for where a limit needs it."""
    counts = outbox.counts()
    gsm7, ucs2, segments, longest = outbox.due_sums()
    price = limits.price_per_segment
    cost = None if price is None else round(segments * price, 4)
    balance = None if limits.min_balance_after is None else sms_credits(client.balances())
    return Plan(
        recipients=gsm7 + ucs2,
        skipped_duplicate=counts[SKIPPED_DUPLICATE],
        skipped_invalid=counts[SKIPPED_INVALID],
        skipped_opt_out=counts[SKIPPED_OPT_OUT],
        skipped_already_sent=counts[SKIPPED_ALREADY_SENT],
        unknown=counts[UNKNOWN],
        gsm7=gsm7,
        ucs2=ucs2,
        unicode_characters=_unicode_characters(outbox),
        segments=segments,
        longest=longest,
        requests=requests,
        cost=cost,
        balance=balance,
        balance_after=None if balance is None or cost is None else round(balance - cost, 4),
        scheduled_for=delivery.isoformat() if delivery else None,
    )


def breaches(plan: Plan, limits: Limits, outbox: Outbox) -> list[str]:
    """Which limits the plan breaks, a sentence each."""
    found = []
    most = limits.max_recipients
    if most is not None and plan.recipients > most:
        found.append(f"The number of recipients ({plan.recipients:,}) is more than max_recipients ({most:,}).")
    most = limits.max_segments
    if most is not None and plan.longest > most:
        lines = outbox.longer_than(most)
        where = enumerated([str(line) for line in lines[:_NAMED_LINES]])
        more = f" and {len(lines) - _NAMED_LINES} more" if len(lines) > _NAMED_LINES else ""
        found.append(f"A message of {plan.longest} segments is longer than max_segments ({most}): line {where}{more}.")
    most = limits.max_total_segments
    if most is not None and plan.segments > most:
        found.append(f"The number of segments ({plan.segments:,}) is more than max_total_segments ({most:,}).")
    least = limits.min_balance_after
    if least is not None and plan.balance_after is not None and plan.recipients and plan.balance_after < least:
        found.append(
            f"The balance of {plan.balance:g} less a cost of {plan.cost:g} leaves {plan.balance_after:g},"
            f" which is less than min_balance_after ({least:g})."
        )
    return found


def _unicode_characters(outbox: Outbox) -> list[str]:
    """The first characters that make messages UCS-2, by name."""
    characters = (character for text in outbox.unicode_texts() for character in encoding.foreign(text))
    found: dict[str, None] = {}
    for character in characters:
        found.setdefault(character)
        if len(found) == _NAMED_CHARACTERS:
            break
    return [encoding.named(character) for character in itertools.islice(found, _NAMED_CHARACTERS)]
