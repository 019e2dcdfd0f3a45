# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The choice of campaigns, which onfon_campaign_info and onfon_campaign_statistics_info share."""

from __future__ import annotations

import itertools
import typing as t

from .._gateway.models import Campaign
from .._operation import Call
from .._options import Bounds, check_bounds
from .._reading.campaigns import campaigns_of
from .._reading.periods import Period
from ._period import PAGE_BOUNDS, PERIOD_OPTIONS

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {**PERIOD_OPTIONS, "limit": {"type": "int"}}
_BOUNDS: t.Final[Bounds] = {**PAGE_BOUNDS, "limit": (1, None)}


def chosen_campaigns(call: Call) -> t.Iterator[Campaign]:
    """The campaigns of the period, and no more of them than were asked for."""
    params = call.params
    check_bounds(params, _BOUNDS)
    period = Period.read(params["from_date"], params["to_date"], call.clock.now())
    return itertools.islice(campaigns_of(call.client, period, params["page_size"]), params["limit"])
