# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The options that choose a period, and how many rows a page of the gateway's answer has.

Their documentation is the doc fragment onfon.sms._period; a unit test compares the two.
"""

from __future__ import annotations

import typing as t

from .._options import Bounds
from .._reading.sent_log import PAGE_SIZE

PERIOD_OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    "from_date": {"type": "str"},
    "to_date": {"type": "str"},
    "page_size": {"type": "int", "default": PAGE_SIZE},
}
PAGE_BOUNDS: t.Final[Bounds] = {"page_size": (1, 10_000)}
