# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gateway that talks like Onfon's SMS API and texts nobody: to try and to test on, without an account."""

from __future__ import annotations

__version__ = "1.0.0"
