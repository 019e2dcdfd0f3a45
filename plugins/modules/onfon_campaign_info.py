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
  - Lists the campaigns of a period.
  - Onfon does not publish what the fields of a campaign are called. What could be named is V(null) where it was not
    found. RV(campaigns[].raw) is always the whole row.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
  - onfon.sms._period
options:
  limit:
    description:
      - The most campaigns to return, 1 or more. No more pages are asked for once there are so many.
      - If it is not set, all of the period are returned.
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

- name: Show how Onfon calls the fields
  ansible.builtin.debug:
    var: week.campaigns[0].raw
  when: week.campaigns | length > 0
"""

RETURN = r"""
campaigns:
  description: The campaigns in Onfon's order, an empty list where there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id that Onfon gave, as a text. V(null) where it was not found.
      type: str
      sample: "17"
    name:
      description: Name. V(null) where it was not found.
      type: str
      sample: API-17
    sender_id:
      description: Sender id. V(null) where it was not found.
      type: str
      sample: ACME OPS
    text:
      description: Text of the message, or of the first one. V(null) where it was not found.
      type: str
      sample: The office is closed today.
    total:
      description: How many messages it has. V(null) where it was not found.
      type: int
      sample: 20
    scheduled:
      description: When it is to be delivered, in Onfon's spelling. V(null) where it was not found.
      type: str
      sample: "2026-11-22 08:00:00"
    scheduled_at:
      description: The same in ISO 8601, taken for Nairobi's time. V(null) where the spelling is not known.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
    created:
      description: When it was created, in Onfon's spelling. V(null) where it was not found.
      type: str
      sample: "2026-11-22 08:00:00"
    created_at:
      description: The same in ISO 8601, taken for Nairobi's time. V(null) where the spelling is not known.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
    status:
      description: Status in Onfon's words. V(null) where it was not found.
      type: str
      sample: Completed
    raw:
      description: The whole row as Onfon sent it. Its keys may change without notice.
      type: dict
      sample: {"CampaignId": 17, "CampaignName": "API-17", "TotalCount": 20}
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
from ..module_utils._operations.onfon_campaign_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
