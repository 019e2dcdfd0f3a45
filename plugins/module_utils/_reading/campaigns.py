# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The account's campaigns and their statistics, of which nobody knows how Onfon calls their fields."""

from __future__ import annotations

import functools
import json
import typing as t

from .._gateway.client import Client
from .._gateway.models import TOTALS, Campaign, as_count
from . import paging
from .periods import Period
from .states import PENDING, STATES, UNRECOGNIZED, classify, normalize
from .timestamps import parse_timestamp, to_nairobi

Rows = t.Sequence[t.Mapping[str, t.Any]]
Counts = dict[str, t.Optional[int]]


def campaigns_of(client: Client, period: Period, page_size: int) -> t.Iterator[Campaign]:
    """Every campaign of these days, once each, asked for page by page as they are taken."""
    ask = functools.partial(client.campaigns, *period.widened)
    for campaign in paging.read_all(ask, page_size, _identity):
        if period.includes(parse_timestamp(campaign.created or "")):
            yield campaign


def _identity(campaign: Campaign) -> str:
    """What tells a campaign from all others: its id, and the whole row where it has none."""
    return campaign.id or json.dumps(campaign.raw, sort_keys=True)


def as_result(campaign: Campaign) -> dict[str, t.Any]:
    """What could be named of a campaign, and all of it under raw."""
    return {
        "id": campaign.id,
        "name": campaign.name,
        "sender_id": campaign.sender_id,
        "text": campaign.text,
        "total": campaign.total,
        "scheduled": campaign.scheduled,
        "scheduled_at": to_nairobi(campaign.scheduled),
        "created": campaign.created,
        "created_at": to_nairobi(campaign.created),
        "status": campaign.status,
        "raw": campaign.raw,
    }


def statistics_of(client: Client, campaign: str | None) -> dict[str, t.Any]:
    """{campaign_id, total, counts, raw} of a campaign. Without an id it cannot be asked for."""
    rows = [] if campaign is None else client.statistics(campaign)
    total, counts = count(rows)
    return {"campaign_id": campaign, "total": total, "counts": counts, "raw": rows}


def count(rows: Rows) -> tuple[int | None, Counts]:
    """How many messages the rows speak of, and how many in each delivery state; None for what they do not tell.

    A row has a column for each word of the network, or it holds one word, and how many messages have it.
    """
    named = [{normalize(name): value for name, value in row.items()} for row in rows]
    totals = [total for total in map(_total, named) if total is not None]
    total = sum(totals) if totals else None
    columns = _sums(
        (name, as_count(value)) for row in named for name, value in row.items() if classify(name) != UNRECOGNIZED
    )
    if columns:
        return total, _with_the_rest(columns, total)
    by_state = _sums((str(row["status"]), _total(row)) for row in named if row.get("status"))
    # Where no word is recognized, it is the status of something else, such as that of the campaign.
    told = any(name != UNRECOGNIZED for name in by_state)
    return total, {name: by_state.get(name, 0) if told else None for name in STATES}


def _total(row: t.Mapping[str, t.Any]) -> int | None:
    """How many messages a row speaks of, None where it does not tell."""
    told = (as_count(row.get(normalize(name))) for name in (*TOTALS, "Count"))
    return next((total for total in told if total is not None), None)


def _sums(counters: t.Iterable[tuple[str, int | None]]) -> dict[str, int]:
    """The counters of the network's words, added up by delivery state; only states that were told are there."""
    sums: dict[str, int] = {}
    for state, number in counters:
        if number is not None:
            sums[classify(state)] = sums.get(classify(state), 0) + number
    return sums


def _with_the_rest(told: t.Mapping[str, int], total: int | None) -> Counts:
    """The states that columns tell, and what remains of the total as unrecognized.

    Where they are more than the total, a message is counted in each state that it went through: nothing is pending
    for certain then.
    """
    counts: Counts = {name: told.get(name) for name in STATES}
    if total is not None:
        rest = total - sum(told.values())
        counts.update({UNRECOGNIZED: rest} if rest >= 0 else {PENDING: None})
    return counts
