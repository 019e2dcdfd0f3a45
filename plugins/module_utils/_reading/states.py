# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The delivery states in all their spellings, and the four classes that they are of."""

from __future__ import annotations

import functools
import typing as t

DELIVERED, FAILED, PENDING, UNKNOWN = "delivered", "failed", "pending", "unknown"
CLASSES: t.Final = (DELIVERED, FAILED, PENDING, UNKNOWN)
# What does not change any more.
FINAL: t.Final = frozenset({DELIVERED, FAILED})

_SPELLINGS: t.Final = {
    # The portal really writes Delivred.
    DELIVERED: ("DELIVRD", "DELIVERED", "DeliveredToTerminal", "DelivredToTerminal"),
    FAILED: (
        *("UNDELIV", "UNDELIVERED", "UNDELIVERABLE", "EXPIRED", "REJECTD", "REJECTED", "DELETED", "FAILED"),
        *("AbsentSubscriber", "CallBarred", "DeliveryImpossible", "InvalidMsisdn", "MsisdnBlacklisted"),
        *("SenderName Blacklisted", "ServiceNotProvisioned", "SystemFailure", "UnknownError", "UnknownSubscriber"),
        *("UserAbnormalState", "UserInBlacklist", "UserIsSuspended"),
    ),
    PENDING: (
        *("ACCEPTD", "ACCEPTED", "SUBMITTED", "ENROUTE", "SCHEDULED", "QUEUED", "PENDING"),
        *("DeliveredToNetwork", "DelivredToNetwork", "DeliveryNotificationNotSupported", "DeliveryUncertain"),
        "MessageWaiting",
    ),
}


def letters(state: str) -> str:
    """What of a state is compared: its letters, without their case."""
    return "".join(filter(str.isalpha, state)).casefold()


_CLASSES: t.Final = {letters(state): name for name, states in _SPELLINGS.items() for state in states}


@functools.lru_cache(maxsize=256)
def classify(state: str) -> str:
    """The class of a state, UNKNOWN where nobody has seen the word yet."""
    return _CLASSES.get(letters(state), UNKNOWN)
