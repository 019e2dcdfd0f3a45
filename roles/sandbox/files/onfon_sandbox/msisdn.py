# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the gateway makes of a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from onfon_sandbox.assumptions import NUMBER_DIGITS

KENYAN = re.compile(r"254[17][0-9]{8}")
LOCAL = re.compile(r"0[17][0-9]{8}")
DIGITS = re.compile(rf"[0-9]{{{NUMBER_DIGITS[0]},{NUMBER_DIGITS[1]}}}")


class Route(Enum):
    """Where a number leads."""

    MOBILE = "mobile"  # a Kenyan mobile in international form: delivered
    LOCAL = "local"  # 07... and 01...: taken, given an id, never delivered
    NONE = "none"  # another country, a landline, ...: no route


@dataclass(frozen=True)
class Number:
    """A number as the gateway reads it: `digits` as it answers them, `msisdn` in international form, no plus."""

    given: str
    digits: str
    msisdn: str
    route: Route


def read(given: str) -> Number | None:
    """Return the number in `given`, or None where it is not a number at all."""
    text = given.strip()
    digits = text[1:] if text.startswith("+") else text
    if not DIGITS.fullmatch(digits):
        return None
    if KENYAN.fullmatch(digits):
        return Number(given, digits, digits, Route.MOBILE)
    if LOCAL.fullmatch(text):
        return Number(given, digits, "254" + digits[1:], Route.LOCAL)
    return Number(given, digits, digits, Route.NONE)
