# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_balance_info."""

from __future__ import annotations

from .._gateway.errors import PROTOCOL, OnfonError
from .._operation import Call, Operation, Result

SMS_PLUGIN = "sms"


def _inform(call: Call) -> Result:
    balances = call.client.balances()
    result: Result = {"changed": False, "balances": [balance.as_result() for balance in balances]}
    sms = next((balance for balance in balances if balance.plugin_type.strip().lower() == SMS_PLUGIN), None)
    if sms is None:
        raise OnfonError(
            "Onfon lists no balance for SMS: ask Onfon support if the account may send SMS.",
            kind=PROTOCOL,
            result={**result, "credits": None},
        )
    if sms.credits is None:
        raise OnfonError(
            f'Onfon gives the SMS balance as "{sms.raw}", which is not one number: look at it in the portal.',
            kind=PROTOCOL,
            result={**result, "credits": None},
        )
    return {**result, "credits": sms.credits}


BALANCE_INFO_OPERATION = Operation(_inform)
