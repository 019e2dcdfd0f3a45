# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_campaign_statistics_info."""

from __future__ import annotations

import typing as t

from .._errors import OptionError
from .._operation import Call, Operation, Result
from .._options import read_list
from .._reading.campaigns import statistics_of
from ._campaigns import OPTIONS, chosen_campaigns

# What chooses campaigns where their ids are not given.
_CHOICE: t.Final = ("from_date", "to_date", "limit")


def _run(call: Call) -> Result:
    given = read_list("campaign_id", call.params["campaign_id"], "campaign id")
    if given and any(call.params[option] is not None for option in _CHOICE):
        raise OptionError(
            "campaign_id cannot be combined with from_date, to_date and limit: give either ids or a period."
        )
    ids = dict.fromkeys(given) if given else [campaign.id for campaign in chosen_campaigns(call)]
    return {"changed": False, "statistics": [statistics_of(call.client, identity) for identity in ids]}


OPERATION = Operation(_run, {"campaign_id": {"type": "list", "elements": "str"}, **OPTIONS})
