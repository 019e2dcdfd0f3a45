#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_campaign_statistics_info
short_description: Count what became of the messages of campaigns of an Onfon SMS account
version_added: 1.0.0
description:
  - Reads the statistics of campaigns that are named, or of all campaigns of a period. It takes one request for each.
  - Onfon does not publish what the fields of its statistics are called. What could be counted is V(null) where it was
    not found. RV(statistics[].raw) is always all that Onfon sent.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
  - onfon.sms._period
options:
  campaign_id:
    description:
      - Ids of campaigns, one or a list. It goes without O(from_date), O(to_date) and O(limit).
      - If it is not set, the campaigns of the period are taken.
    type: list
    elements: str
  limit:
    description:
      - The most campaigns of the period to take, 1 or more. If it is not set, all of them are taken.
    type: int
seealso:
  - module: onfon.sms.onfon_campaign_info
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: Count what became of two campaigns
  onfon.sms.onfon_campaign_statistics_info:
    campaign_id: [17, 18]

- name: Count what became of today's campaigns
  onfon.sms.onfon_campaign_statistics_info:
  register: today

- name: Stop if many failed
  ansible.builtin.assert:
    that: failed | sum <= 10
    fail_msg: "{{ failed | sum }} messages failed today."
  vars:
    failed: "{{ today.statistics | map(attribute='counts.failed') | select('integer') }}"
"""

RETURN = r"""
statistics:
  description: One entry for each campaign, in the order of O(campaign_id) or in Onfon's.
  returned: success
  type: list
  elements: dict
  contains:
    campaign_id:
      description: Id of the campaign. V(null) for one in the period whose id was not found, which cannot be asked for.
      type: str
      sample: "17"
    total:
      description: How many messages it has. V(null) where that was not found.
      type: int
      sample: 20
    counts:
      description:
        - How many messages there are in each delivery state, as far as Onfon's counters have names of such states. A
          state is V(null) if no counter tells it.
        - If the counters are more than the total, Onfon counts a message in each state that it went through, and what
          is pending cannot be told.
      type: dict
      contains:
        delivered:
          description: Messages that were delivered.
          type: int
          sample: 17
        failed:
          description: Messages that failed for good.
          type: int
          sample: 2
        pending:
          description: Messages that are under way.
          type: int
          sample: 1
        unrecognized:
          description: What remains of the total, such as messages in states that the collection does not know.
          type: int
          sample: 0
    raw:
      description: The rows as Onfon sent them, mostly one. An empty list where Onfon knows no such campaign.
      type: list
      elements: dict
      sample: [{"CampaignId": 17, "TOTALCOUNT": 20, "DELIVRD": 17, "UNDELIV": 2, "SUBMITTED": 1}]
error:
  description: What went wrong, for the playbook to decide on.
  returned: on failure, unless an option was refused by the argument spec
  type: dict
  contains:
    code:
      description: Onfon's error code, V(null) where the failure is not Onfon's.
      type: str
      sample: "007"
    description:
      description: Onfon's own words, or what its answer was. V(null) where there are none.
      type: str
      sample: Invalid api credential
    class:
      description:
        - The class of the failure, one of C(request), C(auth), C(account), C(funds), C(state), C(transient), C(routing)
          and C(unknown) for Onfon's codes, and C(option), C(library), C(transport) and C(protocol) for others.
      type: str
      sample: auth
    hint:
      description: What to do about it. V(null) where only the message says it.
      type: str
      sample: "Check api_key, client_id and access_key against the Onfon portal."
    http_status:
      description: HTTP status of the answer, V(null) where none came.
      type: int
      sample: 200
"""

from ..module_utils._module import run_module
from ..module_utils._operations.onfon_campaign_statistics_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
