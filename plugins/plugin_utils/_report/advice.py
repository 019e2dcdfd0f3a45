# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What a failed message's state means, and what to do about it: the one table of it.

The states are in Onfon's spellings, of which only the letters count. What the network's error codes mean is not
published: they are taken for those of mobile networks (3GPP TS 29.002), and asked only where the state says nothing.
"""

from __future__ import annotations

import typing as t

from ...module_utils._reading.states import normalize


class Advice(t.NamedTuple):
    """Why messages failed, and what to do about it."""

    why: str
    what_to_do: str


_OFF = Advice(
    "The phone was off or out of reach until the message was given up.",
    "Send it again later. A number that fails for days is likely to be out of use: ask for a new one.",
)
_NOBODY = Advice(
    "Nobody has this number.",
    "Check how the number is written, and take it off the list if it is gone.",
)
_BARRED = Advice(
    "The network does not let this phone receive the message.",
    "Ask the person to have SMS unbarred by the network, or use another number.",
)
_OPTED_OUT = Advice(
    "The person has blocked such messages.",
    "Take the number off the list. Only the person can undo it, at the network.",
)
_SENDER = Advice(
    "The network does not take messages from this sender id.",
    "Ask Onfon whether the sender id is registered with that network.",
)
_NO_SMS = Advice(
    "The number cannot receive SMS.",
    "Use a mobile number: landlines, data cards and some foreign numbers take no SMS.",
)
_FULL = Advice(
    "The phone did not take the message. Its memory may be full.",
    "Send it again later. If it goes on, ask the person to delete old messages.",
)
_NETWORK = Advice(
    "The network had a fault.",
    "Send it again. If many fail on one day, ask Onfon about that network.",
)
_REFUSED = Advice(
    "The network refused the message.",
    "Try another text and check the sender id. If it goes on, give Onfon a message id.",
)
_DELETED = Advice(
    "The message was deleted before it was delivered.",
    "Send it again if it is still needed.",
)
_UNCLEAR = Advice(
    "The network gave up, and the state does not say why.",
    "Send it again later. If it goes on, give Onfon a message id and the code.",
)

_BY_STATE: t.Final = {
    normalize(state): advice
    for state, advice in {
        "EXPIRED": _OFF,
        "AbsentSubscriber": _OFF,
        "UnknownSubscriber": _NOBODY,
        "InvalidMsisdn": _NOBODY,
        "CallBarred": _BARRED,
        "UserIsSuspended": _BARRED,
        "UserAbnormalState": _BARRED,
        "UserInBlacklist": _OPTED_OUT,
        "MsisdnBlacklisted": _OPTED_OUT,
        "SenderName Blacklisted": _SENDER,
        "ServiceNotProvisioned": _NO_SMS,
        "SystemFailure": _NETWORK,
        "DELETED": _DELETED,
        "REJECTD": _REFUSED,
        "REJECTED": _REFUSED,
    }.items()
}
_BY_CODE: t.Final = {
    1: _NOBODY,
    5: _NOBODY,
    6: _OFF,
    9: _BARRED,
    11: _NO_SMS,
    13: _BARRED,
    21: _NO_SMS,
    27: _OFF,
    31: _FULL,
    32: _FULL,
    33: _FULL,
    34: _NETWORK,
}


def advice(state: str | None, code: str | None) -> Advice:
    """What is known of a state and the network's error code."""
    number = int(code) if code and code.isascii() and code.isdigit() else None
    return _BY_STATE.get(normalize(state or "")) or _BY_CODE.get(number or 0) or _UNCLEAR
