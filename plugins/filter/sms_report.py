# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: sms_report
author: onfon.sms contributors (@onfon-sms)
version_added: 1.0.0
short_description: Create the HTML report of an Onfon SMS account
description:
  - Creates an HTML report, with charts as inline SVG, from what the modules of this collection return for a period.
  - The page contains no scripts and loads nothing. The role P(onfon.sms.report#role) writes it to a file.
  - Phone numbers are shortened unless O(show_numbers=true).
positional: _input
options:
  _input:
    description:
      - What the modules returned for the period.
    type: dict
    required: true
    suboptions:
      period:
        description:
          - Return value of the filter P(onfon.sms.period#filter).
        type: dict
        required: true
      summary:
        description:
          - Return value C(summary) of M(onfon.sms.onfon_sms_info).
        type: dict
        required: true
      balances:
        description:
          - Return value C(balances) of M(onfon.sms.onfon_balance_info).
        type: list
        elements: dict
        default: []
      campaigns:
        description:
          - Campaigns to show, from the return value C(campaigns) of M(onfon.sms.onfon_campaign_info).
        type: list
        elements: dict
        default: []
      campaigns_total:
        description:
          - Number of campaigns that were found. Defaults to the number of campaigns to show.
        type: int
      more_campaigns:
        description:
          - Whether there are more campaigns than were found.
        type: bool
        default: false
      statistics:
        description:
          - Return value C(statistics) of M(onfon.sms.onfon_campaign_statistics_info) for the campaigns to show.
        type: list
        elements: dict
        default: []
  show_numbers:
    description:
      - Whether the page shows whole phone numbers instead of shortened ones such as C(254700***001).
    type: bool
    default: false
  previous:
    description:
      - Content of an earlier page. If its figures are the same, its content is returned unchanged, so that a task that
        writes the page reports no change.
    type: str
    default: ""
seealso:
  - plugin: onfon.sms.period
    plugin_type: filter
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: Read today's sent log
  onfon.sms.onfon_sms_info:
    limit: 0
  register: today

- name: Write the report
  ansible.builtin.copy:
    content: "{{ {'period': 'today' | onfon.sms.period, 'summary': today.summary} | onfon.sms.sms_report }}"
    dest: today.html
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The HTML page.
  type: str
"""

import datetime
import time
import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._reading.timestamps import EAT
from ..plugin_utils._report.page import Figures, page


def sms_report(figures: t.Any, show_numbers: bool = False, previous: str = "") -> str:
    missing = [part for part in ("period", "summary") if not isinstance(figures, dict) or part not in figures]
    if missing:
        raise AnsibleFilterError(f"onfon.sms.sms_report needs {missing[0]}: give a dictionary with period and summary.")
    campaigns = figures.get("campaigns", [])
    read = Figures(
        first=datetime.date.fromisoformat(figures["period"]["first"]),
        last=datetime.date.fromisoformat(figures["period"]["last"]),
        balances=figures.get("balances", []),
        summary=figures["summary"],
        campaigns=campaigns,
        statistics=figures.get("statistics", []),
        # Before ansible-core 2.19, templates make texts of numbers.
        campaigns_total=int(figures.get("campaigns_total", len(campaigns))),
        more_campaigns=boolean(figures.get("more_campaigns", False)),
    )
    return page(read, datetime.datetime.fromtimestamp(time.time(), EAT), boolean(show_numbers), previous)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"sms_report": sms_report}
