# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_balance_info."""

from __future__ import annotations

from .._errors import OnfonError
from .._gateway.models import sms_credits
from .._operation import Call, Operation, Result


def _run(call: Call) -> Result:
    balances = call.client.balances()
    result: Result = {"changed": False, "balances": [balance.as_result() for balance in balances]}
    try:
        return {**result, "credits": sms_credits(balances)}
    except OnfonError as error:
        raise error.with_result({**result, "credits": None}) from None


OPERATION = Operation(_run)
