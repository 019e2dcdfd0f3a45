# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: period
author: onfon.sms contributors (@onfon-sms)
version_added: 1.0.0
short_description: Return the first and the last day of a period
description:
  - Resolves a period as the modules of this collection do, so that several tasks read the same days even around
    midnight.
  - Days are those of Nairobi.
positional: _input, to_date
options:
  _input:
    description:
      - First day, as C(YYYY-MM-DD), V(today), V(yesterday), or a number of days such as V(7d), which is the last seven
        days including today.
    type: str
    required: true
  to_date:
    description:
      - Last day, which is included, as C(YYYY-MM-DD), V(today) or V(yesterday).
    type: str
    default: today
seealso:
  - module: onfon.sms.onfon_campaign_info
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: Choose the period for all tasks
  ansible.builtin.set_fact:
    week: "{{ '7d' | onfon.sms.period }}"

- name: List the campaigns of the period
  onfon.sms.onfon_campaign_info:
    from_date: "{{ week.first }}"
    to_date: "{{ week.last }}"

- name: List the messages of the period
  onfon.sms.onfon_sms_info:
    from_date: "{{ week.first }}"
    to_date: "{{ week.last }}"
"""

RETURN = r"""
_value:
  description: The first and the last day.
  type: dict
  contains:
    first:
      description: First day.
      type: str
      sample: "2026-11-16"
    last:
      description: Last day.
      type: str
      sample: "2026-11-22"
"""

import time
import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import OptionError
from ..module_utils._reading.periods import Period


def period(from_date: object, to_date: object = "today") -> dict[str, str]:
    try:
        found = Period.read(str(from_date), str(to_date), time.time())
    except OptionError as error:
        sentence = str(error)
    else:
        return {"first": str(found.first), "last": str(found.last)}
    raise AnsibleFilterError(sentence)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"period": period}
