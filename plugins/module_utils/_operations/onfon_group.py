# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operations of onfon_group and onfon_group_info."""

from __future__ import annotations

from .._account.resources import GROUP
from .._operation import Call, Operation, Result
from ._declared import CONSTRAINTS, FILTER_OPTIONS, OPTIONS, declare, matching


def _declare(call: Call) -> Result:
    return declare(GROUP, call)


def _inform(call: Call) -> Result:
    return {"changed": False, "groups": matching(call.client.groups(), call.params)}


GROUP_OPERATION = Operation(_declare, OPTIONS, CONSTRAINTS)
GROUP_INFO_OPERATION = Operation(_inform, FILTER_OPTIONS)
