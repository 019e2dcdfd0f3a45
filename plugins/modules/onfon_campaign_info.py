#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_campaign_info
short_description: List the campaigns of an Onfon SMS account
version_added: 1.0.0
description:
  - Lists the campaigns of a period, by default today's. It changes nothing, and sends nothing.
  - Onfon does not publish the names of the fields of a campaign. A value whose field is not recognized is V(null), and
    RV(campaigns[].raw) always holds the whole row.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
  - onfon.sms._period
options:
  limit:
    description:
      - Maximum number of campaigns to return, 1 or more. No further pages are read once it is reached.
      - Without it, all campaigns of the period are returned.
    type: int
seealso:
  - module: onfon.sms.onfon_campaign_statistics_info
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: List the campaigns of the last seven days
  onfon.sms.onfon_campaign_info:
    from_date: 7d
  register: week

- name: Show the fields of a campaign as Onfon names them
  ansible.builtin.debug:
    var: week.campaigns[0].raw
  when: week.campaigns | length > 0
"""

RETURN = r"""
campaigns:
  description: The campaigns in Onfon's order. Empty if there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Onfon's id of the campaign, as a string. V(null) if the field is not recognized.
      type: str
      sample: "17"
    name:
      description: Name of the campaign. V(null) if the field is not recognized.
      type: str
      sample: API-17
    sender_id:
      description: Sender id. V(null) if the field is not recognized.
      type: str
      sample: ACME OPS
    text:
      description: Text of the message, or of the first one. V(null) if the field is not recognized.
      type: str
      sample: The office is closed today.
    total:
      description: Number of messages in the campaign. V(null) if the field is not recognized.
      type: int
      sample: 20
    scheduled:
      description: Time of delivery, as Onfon writes it. V(null) if the field is not recognized.
      type: str
      sample: "2026-11-22 08:00:00"
    scheduled_at:
      description: Time of delivery in ISO 8601, read as Nairobi time. V(null) if it cannot be read.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
    created:
      description: Time of creation, as Onfon writes it. V(null) if the field is not recognized.
      type: str
      sample: "2026-11-22 08:00:00"
    created_at:
      description: Time of creation in ISO 8601, read as Nairobi time. V(null) if it cannot be read.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
    status:
      description: Status, as Onfon writes it. V(null) if the field is not recognized.
      type: str
      sample: Completed
    raw:
      description: The whole row as Onfon sent it. Its keys may change without notice.
      type: dict
      sample: {"CampaignId": 17, "CampaignName": "API-17", "TotalCount": 20}
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
from ..module_utils._operations.onfon_campaign_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
