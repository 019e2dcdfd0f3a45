# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The options of what reads a period, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """C(onfon.sms._period), for modules."""

    DOCUMENTATION = r"""
options:
  from_date:
    description:
      - First day to read, as C(YYYY-MM-DD), V(today), V(yesterday), or a number of days such as V(7d), which is the
        last seven days with today. Days are those of Nairobi.
      - If it is not set, it is today.
      - It is not known whether Onfon's days are those of Nairobi, and whether it includes the last one. So a day more
        is asked for on both sides, and what is dated outside of the period is left out. A row whose date is missing or
        cannot be read is kept, even if it may be of one of the two days more.
    type: str
  to_date:
    description:
      - Last day to read, which is included, as C(YYYY-MM-DD), V(today) or V(yesterday).
      - If it is not set, it is today.
    type: str
  page_size:
    description:
      - Rows to ask for in a request, from 1 to 10000. It makes no difference to what is returned.
    type: int
    default: 500
"""
