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
  - Lists all contact groups, or those of a name or an id.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
options:
  name:
    description: Return only groups of this name. Capitals count.
    type: str
  id:
    description: Return only the group of this id.
    type: int
seealso:
  - module: onfon.sms.onfon_group
"""

EXAMPLES = r"""
- name: List all groups
  onfon.sms.onfon_group_info:
  register: account

- name: Fail if nobody would be reached
  ansible.builtin.assert:
    that: account.groups | selectattr('name', 'eq', 'Ops on call') | sum(attribute='contact_count') > 0
"""

RETURN = r"""
groups:
  description: The groups, an empty list where none fits.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id that Onfon gave.
      type: int
      sample: 7
    name:
      description: Name.
      type: str
      sample: Ops on call
    contact_count:
      description: How many contacts the group has. V(null) where Onfon does not tell.
      type: int
      sample: 12
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
from ..module_utils._operations.onfon_group_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
