# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_delivery_info."""

from __future__ import annotations

import typing as t

from .._operation import Call, Operation, Result
from .._options import Bounds, check_bounds, read_list
from .._reading.delivery import check_deliveries, wait_for_delivery
from .._reading.periods import YESTERDAY, first_day, today_at

_OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    # raw, so that null can be told from a text.
    "message_ids": {"type": "list", "elements": "raw", "required": True},
    "from_date": {"type": "str", "default": YESTERDAY},
    "wait": {"type": "bool", "default": True},
    # timeout is the connection's.
    "wait_timeout": {"type": "float", "default": 300},
    "interval": {"type": "float", "default": 10},
    "min_delivered_percent": {"type": "float"},
}
_BOUNDS: t.Final[Bounds] = {"wait_timeout": (0, 86_400), "interval": (1, 3600), "min_delivered_percent": (0, 100)}


def _run(call: Call) -> Result:
    params = call.params
    check_bounds(params, _BOUNDS)
    deliveries = wait_for_delivery(
        call.client,
        read_list("message_ids", params["message_ids"] or [], "message id") or [],
        first_day("from_date", params["from_date"], today_at(call.clock.now())),
        clock=call.clock,
        timeout=params["wait_timeout"] if params["wait"] else 0,
        interval=params["interval"],
        notify=call.notify,
    )
    result: Result = {
        "changed": False,
        "messages": [message.as_result() for message in deliveries.messages],
        **deliveries.as_result(),
    }
    check_deliveries(deliveries, params["min_delivered_percent"], "wait_timeout", result)
    return result


OPERATION = Operation(_run, _OPTIONS)
