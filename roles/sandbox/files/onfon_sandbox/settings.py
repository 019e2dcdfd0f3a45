# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the flags say, as one value that every part of the gateway reads."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from onfon_sandbox.assumptions import LATE_QUEUE_SECONDS, LENGTH_MODE, START_BASE

BASE_PATH = "/v1/sms"
"""Where the services are; api_url is the gateway's address with this behind it."""

SERVICES: dict[str, tuple[str, ...]] = {
    "Balance": ("GET",),
    "Group": ("GET", "POST", "PUT", "DELETE"),
    "Template": ("GET", "POST", "PUT", "DELETE"),
    "Campaign": ("GET",),
    "Campaign/Statistics": ("GET",),
    "SendBulkSMS": ("POST",),
    "sms": ("GET",),
}
"""Every service's documented path below `BASE_PATH`, and its verbs."""


@dataclass(frozen=True)
class Settings:
    """The account and the manners of one sandbox gateway; money is in Kenyan shillings."""

    access_key: str = "sandbox-access"
    api_key: str = "sandbox-api"
    client_id: str = "sandbox-client"
    sender_ids: tuple[str, ...] = ("SANDBOX",)
    dialect: str = "live"
    balance: Decimal = Decimal("5000")
    price: Decimal = Decimal("0.8")
    max_batch: int = 20
    strict: bool = True
    length_mode: str = LENGTH_MODE
    start_base: int = START_BASE
    faults: tuple[str, ...] = ()
    """As they were given: NAME[@WHERE]:EVERY:SEED."""
    late_queue: float = LATE_QUEUE_SECONDS
