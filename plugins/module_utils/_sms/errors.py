# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The one error of this package, which knows neither tasks nor the gateway."""

from __future__ import annotations


class SmsError(ValueError):
    """A number or a text cannot be sent; one sentence that says what to change."""
