# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_campaign_info."""

from __future__ import annotations

from .._operation import Call, Operation, Result
from .._reading.campaigns import as_result
from ._campaigns import OPTIONS, chosen_campaigns


def _run(call: Call) -> Result:
    return {"changed": False, "campaigns": [as_result(campaign) for campaign in chosen_campaigns(call)]}


OPERATION = Operation(_run, OPTIONS)
