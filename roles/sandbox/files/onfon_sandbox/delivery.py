# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of a message. The one place that knows: the sent log, statistics, the inbox and the tests ask here."""

from __future__ import annotations

from dataclasses import dataclass

from onfon_sandbox.assumptions import STATUS_DELIVERED, STATUS_SUBMITTED
from onfon_sandbox.store import Message

REFUSED = "REFUSED"
"""The sandbox's own word for a row that the gateway did not take; it is never on the wire."""


@dataclass(frozen=True)
class Delivery:
    """A message's state, and when it reached it (seconds since the epoch), if it is a final one."""

    status: str
    done: float | None


def of(message: Message, now: float) -> Delivery:
    """Return the state of `message` at the time `now`: delivered at once, when due, or, with a local number, never."""
    if not message.accepted:
        return Delivery(REFUSED, None)
    due = message.submitted if message.scheduled is None else message.scheduled
    if message.local or now < due:
        return Delivery(STATUS_SUBMITTED, None)
    return Delivery(STATUS_DELIVERED, due)
