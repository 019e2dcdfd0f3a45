# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: sms_report
author: onfon.sms contributors (@onfon-sms)
version_added: 1.0.0
short_description: Make an HTML page of what an Onfon SMS account sent
description:
  - Puts what the modules of this collection returned for a period into one HTML page, with charts as inline SVG.
  - The page holds no script and loads nothing. It is what the role P(onfon.sms.report#role) writes.
positional: _input
options:
  _input:
    description: What was read of the account.
    type: dict
    required: true
    suboptions:
      period:
        description: What the filter P(onfon.sms.period#filter) returned.
        type: dict
        required: true
      summary:
        description: The C(summary) of M(onfon.sms.onfon_sms_info).
        type: dict
        required: true
      balances:
        description: The C(balances) of M(onfon.sms.onfon_balance_info).
        type: list
        elements: dict
        default: []
      campaigns:
        description: The campaigns to show, as M(onfon.sms.onfon_campaign_info) returns them.
        type: list
        elements: dict
        default: []
      campaigns_total:
        description: How many campaigns were found. By default it is the number of campaigns to show.
        type: int
      more_campaigns:
        description: Whether there are more campaigns than were found.
        type: bool
        default: false
      statistics:
        description: The C(statistics) of M(onfon.sms.onfon_campaign_statistics_info) for these campaigns.
        type: list
        elements: dict
        default: []
  show_numbers:
    description: Whether the page holds whole phone numbers, and not only C(254700***001).
    type: bool
    default: false
  previous:
    description:
      - An older page. If its figures are the same, the new page has the older one's time and is equal to it.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Read today's log
  onfon.sms.onfon_sms_info:
    limit: 0
  register: today

- name: Keep a page of it
  ansible.builtin.copy:
    content: "{{ {'period': 'today' | onfon.sms.period, 'summary': today.summary} | onfon.sms.sms_report }}"
    dest: today.html
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The page.
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
        raise AnsibleFilterError(f"onfon.sms.sms_report lacks {missing[0]}: give a dictionary with period and summary.")
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
