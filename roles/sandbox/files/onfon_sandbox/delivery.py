# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of a message. The one place that knows: the lists, statistics, reports, the inbox and the tests ask here.

It follows from the settings, the message and the time alone. Nothing has to run for it, and a restart changes nothing.
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

from onfon_sandbox import assumptions
from onfon_sandbox.assumptions import PORTAL_WORDS, SMPP_WORDS, Failure, Words
from onfon_sandbox.settings import Settings
from onfon_sandbox.store import Message

REFUSED = "REFUSED"
"""The sandbox's own word for a row that the gateway did not take; it is never on the wire."""


class Delivery(NamedTuple):
    """A message's state: its spelling, its counter in the statistics, and the network's code.

    `done`: when it reached it (seconds since the epoch), if it is a final one. `failure`: why it failed, if it did.
    """

    status: str
    counter: str
    done: float | None = None
    code: str = assumptions.NETWORK_SUCCESS
    failure: Failure | None = None


class Fate(NamedTuple):
    """What is in store for a message: when a network has it, when it is done, and how that ends."""

    words: Words
    in_network: float
    done: float
    failure: Failure | None


class Networks:
    """The mobile networks behind the gateway, as slow and as bad as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._seed = settings.seed
        self._delay = settings.delivery_delay
        self._failure_rate = settings.failure_rate
        self._portal_share = assumptions.PORTAL_SHARE if settings.dialect == "live" else 0.0

    def of(self, message: Message, now: float) -> Delivery:
        """Return the state of `message` at the time `now`; one with a local number is never delivered."""
        if not message.accepted:
            return Delivery(REFUSED, REFUSED, code="")
        if message.local or now < message.due:
            return Delivery(assumptions.STATUS_SUBMITTED, "SUBMITTED")
        fate = self._fate(message)
        if now < fate.in_network:
            return Delivery(assumptions.STATUS_SUBMITTED, "SUBMITTED")
        if now < fate.done:
            return Delivery(fate.words.in_network, "ACCEPTD")
        if fate.failure is None:
            return Delivery(fate.words.delivered, "DELIVRD", fate.done)
        return Delivery(fate.failure.status, fate.failure.counter, fate.done, fate.failure.code, fate.failure)

    def changes(self, message: Message) -> list[float]:
        """Return when the state of `message` changes, the final state last; never, if it stays submitted."""
        if not message.accepted or message.local:
            return []
        fate = self._fate(message)
        return [fate.in_network, fate.done] if fate.in_network < fate.done else [fate.done]

    def _fate(self, message: Message) -> Fate:
        if not self._delay and not self._failure_rate:
            return Fate(SMPP_WORDS, message.due, message.due, None)
        fails, which, network, patience = draws(self._seed, message.row, "fate")
        words = PORTAL_WORDS if network < self._portal_share else SMPP_WORDS
        failure = words.failures[int(which * len(words.failures))] if fails < self._failure_rate else None
        took = self._delay * patience**assumptions.DELAY_POWER
        return Fate(words, message.due + assumptions.NETWORK_AFTER * took, message.due + took, failure)


def draws(seed: int, row: int, purpose: str) -> tuple[float, float, float, float]:
    """Return four numbers from 0 to below 1 that look random and are always the same."""
    digest = hashlib.blake2b(f"{seed}:{row}:{purpose}".encode(), digest_size=16).digest()
    one, two, three, four = struct.unpack("<4I", digest)
    return one / 2**32, two / 2**32, three / 2**32, four / 2**32
