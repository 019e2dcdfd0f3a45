# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The delivery states: the network's words in all their spellings, and the four states of ours that they stand for."""

from __future__ import annotations

import functools
import typing as t

DELIVERED, FAILED, PENDING = "delivered", "failed", "pending"
# A word of the network that the collection does not know. It is not a failure.
UNRECOGNIZED = "unrecognized"
STATES: t.Final = (DELIVERED, FAILED, PENDING, UNRECOGNIZED)
# Those that do not change any more.
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


def normalize(word: str) -> str:
    """What of a word is compared: its letters, whatever their case."""
    return "".join(filter(str.isalpha, word)).casefold()


_BY_WORD: t.Final = {normalize(word): state for state, words in _SPELLINGS.items() for word in words}


@functools.lru_cache(maxsize=256)
def classify(word: str) -> str:
    """The delivery state that a word of the network stands for."""
    return _BY_WORD.get(normalize(word), UNRECOGNIZED)
