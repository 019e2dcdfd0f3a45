# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What a run would do, and which limits that would break: the plan, before anybody is texted."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway.client import Client
from .._gateway.models import sms_credits
from .._sms import encoding
from .._sms.statuses import (
    NOT_SENT,
    SKIPPED_ALREADY_SENT,
    SKIPPED_DUPLICATE,
    SKIPPED_INVALID,
    SKIPPED_OPT_OUT,
    UNKNOWN,
)
from .._text import enumerated
from .records import OutgoingMessage
from .store import MessageStore

_MAX_CHARACTERS = 10
_MAX_LINES = 5


class Limits(t.NamedTuple):
    """What a run may spend; None: no limit."""

    max_recipients: int | None = None
    max_segments: int | None = None
    max_total_segments: int | None = None
    min_balance_after: float | None = None
    price_per_segment: float | None = None


@dataclasses.dataclass(frozen=True)
class SendPlan:
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
    scheduled_for: str | None = None

    def as_result(self) -> dict[str, t.Any]:
        """All of it."""
        return dataclasses.asdict(self)


def batches(messages: t.Iterable[OutgoingMessage], size: int) -> t.Iterator[list[OutgoingMessage]]:
    """Messages in batches of one encoding, in which no number occurs twice: the rows of a reply name only numbers."""
    batch: list[OutgoingMessage] = []
    msisdns: set[str] = set()
    for message in messages:
        if batch and (len(batch) >= size or message.unicode != batch[0].unicode or message.msisdn in msisdns):
            yield batch
            batch, msisdns = [], set()
        batch.append(message)
        msisdns.add(message.msisdn)
    if batch:
        yield batch


class Planner:
    """Plans what is in the store. row_name: what a row is called ("entry", "line").

    resend_unknown: what is unknown is to be sent too.
    """

    def __init__(
        self, store: MessageStore, limits: Limits, *, batch_size: int, row_name: str, resend_unknown: bool
    ) -> None:
        self._store = store
        self._limits = limits
        self._batch_size = batch_size
        self._row_name = row_name
        self._statuses = (NOT_SENT, UNKNOWN) if resend_unknown else (NOT_SENT,)

    def plan(self, client: Client) -> SendPlan:
        """The plan. The balance is asked for where a limit needs it."""
        volume = _Volume.of(batches(self._store.pending(self._statuses), self._batch_size))
        counts, price = self._store.counts(), self._limits.price_per_segment
        recipients = volume.gsm7 + volume.ucs2
        cost = None if price is None else round(volume.segments * price, 4)
        needs_balance = self._limits.min_balance_after is not None and recipients > 0
        balance = sms_credits(client.balances()) if needs_balance else None
        return SendPlan(
            recipients=recipients,
            skipped_duplicate=counts[SKIPPED_DUPLICATE],
            skipped_invalid=counts[SKIPPED_INVALID],
            skipped_opt_out=counts[SKIPPED_OPT_OUT],
            skipped_already_sent=counts[SKIPPED_ALREADY_SENT],
            unknown=counts[UNKNOWN],
            encoding={"gsm7": volume.gsm7, "ucs2": volume.ucs2},
            unicode_characters=[encoding.describe_character(character) for character in volume.unicode_characters],
            segments=volume.segments,
            longest=volume.longest,
            requests=volume.requests,
            cost=cost,
            balance=balance,
            balance_after=None if balance is None or cost is None else round(balance - cost, 4),
        )

    def broken_limits(self, plan: SendPlan) -> list[str]:
        """Which limits the plan would break, a sentence each."""
        limits = self._limits
        return [
            *_too_many("recipients", plan.recipients, "max_recipients", limits.max_recipients),
            *self._too_long(plan.longest),
            *_too_many("segments", plan.segments, "max_total_segments", limits.max_total_segments),
            *self._too_expensive(plan),
        ]

    def _too_long(self, longest: int) -> t.Iterator[str]:
        limit = self._limits.max_segments
        if limit is not None and longest > limit:
            lines = self._store.lines_longer_than(limit, self._statuses)
            where = enumerated([f"{line:,}" for line in lines], _MAX_LINES)
            yield (
                f"The longest message takes {longest} segments, which is more than max_segments ({limit}):"
                f" see {self._row_name} {where}."
            )

    def _too_expensive(self, plan: SendPlan) -> t.Iterator[str]:
        least = self._limits.min_balance_after
        if least is not None and plan.balance_after is not None and plan.balance_after < least:
            yield (
                f"The balance of {plan.balance:g} less a cost of {plan.cost:g} leaves {plan.balance_after:g},"
                f" which is less than min_balance_after ({least:g})."
            )


class _Volume(t.NamedTuple):
    """How much is to be sent. unicode_characters: the first that make messages UCS-2."""

    gsm7: int
    ucs2: int
    segments: int
    longest: int
    requests: int
    unicode_characters: list[str]

    @classmethod
    def of(cls, batched: t.Iterable[t.Sequence[OutgoingMessage]]) -> _Volume:
        messages = {False: 0, True: 0}
        segments = longest = requests = 0
        characters: dict[str, None] = {}
        for batch in batched:
            unicode = batch[0].unicode
            messages[unicode] += len(batch)
            requests += 1
            for message in batch:
                segments += message.segments
                longest = max(longest, message.segments)
                if unicode and len(characters) < _MAX_CHARACTERS:
                    characters.update(dict.fromkeys(encoding.outside_gsm7(message.text)))
        return cls(messages[False], messages[True], segments, longest, requests, list(characters)[:_MAX_CHARACTERS])


def _too_many(what: str, number: int, option: str, limit: int | None) -> t.Iterator[str]:
    if limit is not None and number > limit:
        yield f"The number of {what} ({number:,}) is more than {option} ({limit:,})."
