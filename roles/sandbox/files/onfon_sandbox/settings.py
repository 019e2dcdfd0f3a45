# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the flags say, as one value that every part of the gateway reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

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

PRINTABLE = re.compile("[!-~]+")


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
    delivery_delay: float = 0.0
    """Seconds after which every message has its final state, at the latest."""
    failure_rate: float = 0.0
    """The share of the messages that fails, from 0 to 1."""
    seed: int = 1
    """Decides what becomes of which message."""
    dlr_url: str = ""
    """Where delivery reports are pushed to; blank: nowhere."""
    dlr_chaos: bool = False
    latency: float = 0.0
    """Seconds that a request for a service takes to arrive."""


def single_slashes(path: str) -> str:
    """Return a path without slashes too many, as the platform does not mind them."""
    return "/" + "/".join(part for part in path.split("/") if part)


def is_service(path: str) -> bool:
    """Tell if a path leads to Onfon's services, and not to the sandbox's own side; letter case does not matter."""
    return single_slashes(path).lower().startswith(BASE_PATH + "/")


def is_callback(url: str) -> bool:
    """Tell if delivery reports can be pushed to an address: plain or secure HTTP, and ready for the wire."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and PRINTABLE.fullmatch(url) is not None


def shown_url(url: str) -> str:
    """Return an address without its query, which may hold a token."""
    return url.partition("?")[0]
