# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The options that choose a period, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """C(onfon.sms._period), for modules."""

    DOCUMENTATION = r"""
options:
  from_date:
    description:
      - First day of the period, as C(YYYY-MM-DD), V(today), V(yesterday), or a number of days such as V(7d), which is
        the last seven days including today. Days are those of Nairobi. Defaults to today.
      - Rows without a readable date are included.
    type: str
  to_date:
    description:
      - Last day of the period, which is included, as C(YYYY-MM-DD), V(today) or V(yesterday). Days are those of
        Nairobi. Defaults to today.
    type: str
  page_size:
    description:
      - Number of rows in one request, from 1 to 10000. It does not affect the result.
    type: int
    default: 500
"""
