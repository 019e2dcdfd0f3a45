#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_balance_info
short_description: Read the balance of an Onfon SMS account
version_added: 1.0.0
description:
  - Reads what is left of each kind of credit.
  - The unit is money on some accounts, and messages on others. RV(balances[].raw) shows what Onfon writes.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
seealso:
  - module: onfon.sms.onfon_sms
"""

EXAMPLES = r"""
- name: Read the balance
  onfon.sms.onfon_balance_info:
  register: balance

- name: Stop before the money is gone
  ansible.builtin.assert:
    that: balance.credits >= 500
    fail_msg: "Only {{ balance.credits }} left"
"""

RETURN = r"""
balances:
  description: One entry for each kind of credit.
  returned: success, and where Onfon gives no number for SMS
  type: list
  elements: dict
  contains:
    plugin_type:
      description: What the credit is for.
      type: str
      sample: SMS
    credits:
      description: What is left, V(null) where Onfon's text holds no number, or several.
      type: float
      sample: 5000.0
    currency:
      description: What Onfon writes beside the number, V(null) where that is nothing.
      type: str
      sample: KSh
    raw:
      description: Onfon's text.
      type: str
      sample: KSh5000.0000
credits:
  description: What is left for SMS, V(null) on a failure because Onfon gives no number for it.
  returned: success, and where Onfon gives no number for SMS
  type: float
  sample: 5000.0
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
from ..module_utils._operations.onfon_balance_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
