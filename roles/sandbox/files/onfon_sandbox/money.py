# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Money in whole ten-thousandths of a shilling, so that nothing is lost to rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from onfon_sandbox.assumptions import CREDITS_FORMAT

UNITS_A_SHILLING = 10_000


def units(shillings: Decimal) -> int:
    """Return shillings as units."""
    return int((shillings * UNITS_A_SHILLING).to_integral_value(ROUND_HALF_UP))


def credits_text(amount: int) -> str:
    """Return units as the wire's text, like KSh5000.0000."""
    return CREDITS_FORMAT.format(Decimal(amount) / UNITS_A_SHILLING)
