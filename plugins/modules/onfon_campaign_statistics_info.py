#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_campaign_statistics_info
short_description: Count the messages of Onfon SMS campaigns by delivery state
version_added: 1.0.0
description:
  - Reads the statistics of the given campaigns, or of all campaigns of a period, by default today's. It changes
    nothing, and sends nothing. Each campaign takes one request.
  - Onfon does not publish the names of the fields of its statistics. A count whose field is not recognized is V(null),
    and RV(statistics[].raw) always holds everything that Onfon sent.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
  - onfon.sms._period
options:
  campaign_id:
    description:
      - Ids of the campaigns, as a list or a single id. Cannot be combined with O(from_date), O(to_date) or O(limit).
      - Without it, the campaigns of the period are read.
    type: list
    elements: str
  limit:
    description:
      - Maximum number of campaigns of the period to read, 1 or more. Without it, all of them are read.
    type: int
seealso:
  - module: onfon.sms.onfon_campaign_info
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: Read the statistics of two campaigns
  onfon.sms.onfon_campaign_statistics_info:
    campaign_id: [17, 18]

- name: Read the statistics of today's campaigns
  onfon.sms.onfon_campaign_statistics_info:
  register: today

- name: Fail if many messages failed
  ansible.builtin.assert:
    that: failed | sum <= 10
    fail_msg: "{{ failed | sum }} messages failed today."
  vars:
    failed: "{{ today.statistics | map(attribute='counts.failed') | select('integer') }}"
"""

RETURN = r"""
statistics:
  description: One entry for each campaign, in the order of O(campaign_id) or in Onfon's order.
  returned: success
  type: list
  elements: dict
  contains:
    campaign_id:
      description: Id of the campaign. V(null) if the id of a campaign of the period is not recognized; its statistics
        cannot be read then.
      type: str
      sample: "17"
    total:
      description: Number of messages in the campaign. V(null) if the field is not recognized.
      type: int
      sample: 20
    counts:
      description:
        - Number of messages in each delivery state. V(null) if no counter of Onfon has the name of such a state.
        - If the counters add up to more than the total, Onfon counts a message in each state that it passed through,
          and C(pending) is V(null).
      type: dict
      contains:
        delivered:
          description: Number of messages that were delivered.
          type: int
          sample: 17
        failed:
          description: Number of messages that the network gave up.
          type: int
          sample: 2
        pending:
          description: Number of messages that are still in transit.
          type: int
          sample: 1
        unrecognized:
          description: Rest of the total, such as messages in states that the collection does not know.
          type: int
          sample: 0
    raw:
      description: The rows as Onfon sent them, usually one. Empty if Onfon does not know the campaign.
      type: list
      elements: dict
      sample: [{"CampaignId": 17, "TOTALCOUNT": 20, "DELIVRD": 17, "UNDELIV": 2, "SUBMITTED": 1}]
error:
  description:
    - What failed, for conditions in a playbook. A key without a value is V(null).
    - C(class) is the error class, and C(code) the error code if Onfon rejected the request. See
      R(Errors,ansible_collections.onfon.sms.docsite.errors) for all of them.
  returned: on failure, unless Ansible rejected an option
  type: dict
  sample:
    code: "021"
    description: Insufficient wallet credits
    class: funds
    hint: Top up the account in the Onfon portal.
    http_status: 200
"""

from ..module_utils._module import run_module
from ..module_utils._operations.onfon_campaign_statistics_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
