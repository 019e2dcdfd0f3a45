# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plausible past for the account: what an operations team may have sent on the days before now."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onfon_sandbox import calendar_eat, segments
from onfon_sandbox.store import Campaign, Message, Store

TEXTS = (
    "Disk /var of {host} is {percent}% full.",
    "{host} does not answer since {time}. The on-call engineer is informed.",
    "{host} answers again. It was down for {minutes} minutes.",
    "The nightly backup of {host} failed. Please look at its log before noon.",
    "The nightly backup of {host} is done: {percent} GB in {minutes} minutes.",
    "Maintenance of {host} begins at {time} and takes about {minutes} minutes. Please save your work.",
    "Maintenance of {host} is over. Thank you for your patience.",
    "The certificate of {host} ends in {days} days: please renew it.",
    "Release {version} is on {host} since {time}. Please tell us what looks wrong.",
    "You are on call from tomorrow 08:00 for {days} days. Reply to the rota mail if you cannot be.",
)
HOSTS = ("db1", "db2", "web1", "web2", "mail", "proxy", "backup1", "core-switch")
NUMBERS = tuple(f"254700000{last:03}" for last in range(1000))
"""Nobody has these."""

BY_HOUR = (1, 1, 1, 1, 1, 2, 5, 12, 20, 20, 18, 16, 12, 14, 18, 18, 16, 12, 8, 6, 5, 3, 2, 1)
WEEKEND = 0.3
SIZES = (0.05, 0.05, 0.25, 0.6, 1.0)
"""How large campaigns are, as shares of the largest one."""


@dataclass(frozen=True)
class Past:
    """What is wanted: so many messages over so many days, the last one being today."""

    days: int
    messages: int
    seed: int
    sender_ids: Sequence[str]
    largest: int


def fill(store: Store, past: Past, now: float) -> int:
    """Add the messages in campaigns, as if they had been sent and paid then; return how many campaigns they are."""
    with store.transaction():
        row = store.next_row()
        # Another past follows when the same one is asked for again.
        luck = random.Random(f"{past.seed}:{row}")  # noqa: S311 - it is to be repeatable, and guards nothing
        sizes = _sizes(past, luck)
        for size, moment in zip(sizes, _moments(past, len(sizes), now, luck), strict=True):
            sender_id, text = luck.choice(past.sender_ids), _text(moment, luck)
            campaign_id = store.add_campaign(sender_id, text, size, moment, None)
            campaign = Campaign(campaign_id, sender_id, text, size, moment, None)
            store.add_messages(_message(number, luck, campaign) for number in range(row, row + size))
            row += size
    return len(sizes)


def _sizes(past: Past, luck: random.Random) -> list[int]:
    sizes = []
    left = past.messages
    while left:
        sizes.append(min(left, max(1, round(luck.choice(SIZES) * past.largest))))
        left -= sizes[-1]
    return sizes


def _moments(past: Past, count: int, now: float, luck: random.Random) -> list[float]:
    """Return so many moments up to now, in order; most of them are in working hours."""
    today = datetime.fromtimestamp(now, calendar_eat.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=past.days - 1)
    hours = [first + timedelta(hours=number) for number in range(24 * past.days)]
    hours = [hour for hour in hours if hour.timestamp() <= now]
    weights = [BY_HOUR[hour.hour] * (WEEKEND if hour.weekday() >= 5 else 1) for hour in hours]
    chosen = luck.choices([hour.timestamp() for hour in hours], weights, k=count)
    return sorted(hour + luck.random() * min(3600, now - hour) for hour in chosen)


def _text(moment: float, luck: random.Random) -> str:
    return luck.choice(TEXTS).format(
        host=luck.choice(HOSTS),
        percent=luck.randint(80, 99),
        minutes=luck.choice((5, 10, 15, 30, 45, 90)),
        days=luck.choice((3, 7, 14)),
        time=calendar_eat.text(moment, "%H:%M"),
        version=f"{luck.randint(1, 4)}.{luck.randint(0, 30)}",
    )


def _message(row: int, luck: random.Random, campaign: Campaign) -> Message:
    number = luck.choice(NUMBERS)
    return Message(
        row=row,
        message_id=str(uuid.UUID(int=luck.getrandbits(128), version=4)),
        campaign_id=campaign.id,
        number=number,
        digits=number,
        msisdn=number,
        local=False,
        sender_id=campaign.sender_id,
        text=campaign.text,
        unicode=False,
        flash=False,
        segments=segments.count(campaign.text, False),
        code=0,
        error="",
        submitted=campaign.created,
        scheduled=None,
    )
