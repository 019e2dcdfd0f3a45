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
  - Reads the remaining credits of an account, one entry for each kind. It changes nothing, and spends nothing.
  - Credits are money on some accounts, and a number of messages on others. RV(balances[].raw) shows what Onfon writes.
  - If Onfon reports no number for SMS, the task fails, so that RV(credits) can be compared safely.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
seealso:
  - module: onfon.sms.onfon_sms
"""

EXAMPLES = r"""
- name: Check the SMS balance
  onfon.sms.onfon_balance_info:
  register: balance

- name: Fail if the balance is low
  ansible.builtin.assert:
    that: balance.credits >= 500
    fail_msg: "Only {{ balance.credits }} SMS credits are left."
"""

RETURN = r"""
balances:
  description: One entry for each kind of credits.
  returned: on success, and on failure if Onfon reports no number for SMS
  type: list
  elements: dict
  contains:
    plugin_type:
      description: Service that the credits are for.
      type: str
      sample: SMS
    credits:
      description: Remaining credits. V(null) if Onfon's text has no number, or several.
      type: float
      sample: 5000.0
    currency:
      description: What Onfon writes beside the number. V(null) if there is nothing.
      type: str
      sample: KSh
    raw:
      description: Text of the balance, as Onfon writes it.
      type: str
      sample: KSh5000.0000
credits:
  description: Remaining credits for SMS. V(null) on failure if Onfon reports no number for SMS.
  returned: on success, and on failure if Onfon reports no number for SMS
  type: float
  sample: 5000.0
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
from ..module_utils._operations.onfon_balance_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
