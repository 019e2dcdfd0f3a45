# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operations of onfon_campaign_info and onfon_campaign_statistics_info."""

from __future__ import annotations

import itertools
import typing as t

from .._gateway.errors import OptionError
from .._gateway.models import Campaign
from .._operation import Call, Operation, Result
from .._reading.campaigns import as_result, campaigns_of, statistics_of
from .._reading.options import PAGE_BOUNDS, PERIOD_SPEC, Bounds, check_bounds, listed
from .._reading.periods import Period

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {**PERIOD_SPEC, "limit": {"type": "int"}}
STATISTICS_OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    "campaign_id": {"type": "list", "elements": "str"},
    **OPTIONS,
}
BOUNDS: t.Final[Bounds] = {**PAGE_BOUNDS, "limit": (1, None)}
# What chooses campaigns where they are not named.
_CHOICE = ("from_date", "to_date", "limit")


def _inform(call: Call) -> Result:
    return {"changed": False, "campaigns": [as_result(campaign) for campaign in _campaigns(call)]}


def _count(call: Call) -> Result:
    named = listed("campaign_id", call.params["campaign_id"], "campaign id")
    if named and any(call.params[option] is not None for option in _CHOICE):
        raise OptionError("campaign_id goes without from_date, to_date and limit: give either the ids or a period.")
    ids = dict.fromkeys(named) if named else [campaign.id for campaign in _campaigns(call)]
    return {"changed": False, "statistics": [statistics_of(call.client, identity) for identity in ids]}


def _campaigns(call: Call) -> t.Iterator[Campaign]:
    """The campaigns of the period, and no more of them than were asked for."""
    params = call.params
    check_bounds(params, BOUNDS)
    period = Period.read(params["from_date"], params["to_date"], call.clock.now())
    return itertools.islice(campaigns_of(call.client, period, params["page_size"]), params["limit"])


CAMPAIGN_INFO_OPERATION = Operation(_inform, OPTIONS)
CAMPAIGN_STATISTICS_INFO_OPERATION = Operation(_count, STATISTICS_OPTIONS)
