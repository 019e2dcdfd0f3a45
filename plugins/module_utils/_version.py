# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The collection's version: a copy of the one in galaxy.yml, which `make version` writes."""

from __future__ import annotations

VERSION = "1.0.0"
