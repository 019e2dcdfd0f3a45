#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_group_info
short_description: List the contact groups of an Onfon SMS account
version_added: 1.0.0
description:
  - Lists all contact groups of an account, or those that match a name or an id. It changes nothing.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
options:
  name:
    description:
      - Return only groups with this name. Names are case-sensitive.
    type: str
  id:
    description:
      - Return only the group with this id.
    type: int
seealso:
  - module: onfon.sms.onfon_group
  - module: onfon.sms.onfon_account
"""

EXAMPLES = r"""
- name: List all groups
  onfon.sms.onfon_group_info:
  register: account

- name: Fail if the on-call group has no contacts
  ansible.builtin.assert:
    that: account.groups | selectattr('name', 'eq', 'Ops on call') | sum(attribute='contact_count') > 0
"""

RETURN = r"""
groups:
  description: The groups. Empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Onfon's id of the group.
      type: int
      sample: 7
    name:
      description: Name of the group.
      type: str
      sample: Ops on call
    contact_count:
      description: Number of contacts in the group. V(null) if Onfon does not report it.
      type: int
      sample: 12
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
from ..module_utils._operations.onfon_group_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
