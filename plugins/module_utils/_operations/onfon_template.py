# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operations of onfon_template and onfon_template_info."""

from __future__ import annotations

from .._account.resources import TEMPLATE
from .._operation import Call, Operation, Result
from ._declared import CONSTRAINTS, FILTER_OPTIONS, OPTIONS, check_text, declare, matching


def _declare(call: Call) -> Result:
    check_text("text", call.params["text"])
    return declare(TEMPLATE, call)


def _inform(call: Call) -> Result:
    return {"changed": False, "templates": matching(call.client.templates(), call.params)}


TEMPLATE_OPERATION = Operation(_declare, {**OPTIONS, "text": {"type": "str"}}, CONSTRAINTS)
TEMPLATE_INFO_OPERATION = Operation(_inform, FILTER_OPTIONS)
