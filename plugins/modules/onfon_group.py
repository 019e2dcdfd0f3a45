#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_group
short_description: Manage a contact group of an Onfon SMS account
version_added: 1.0.0
description:
  - Creates, renames or deletes a contact group. It changes nothing if the group is as declared, and never sends a
    message.
  - Deleting a group deletes its contacts, which Onfon's API cannot restore. The API neither manages contacts nor sends
    messages to a group.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the group, as Onfon lists it. Names are case-sensitive. A new name that differs from another only in
        case is rejected.
      - At least one of O(name) and O(id) is required. With both, O(id) selects the group, and O(name) is its name
        after the task.
    type: str
  id:
    description:
      - Onfon's id of the group. It is needed if two groups share a name.
      - With O(state=absent) and O(name), the group is deleted only if it has that name.
    type: int
  new_name:
    description:
      - New name of the group, which keeps its id and its contacts.
      - If no group is called O(name), the group is created under the new name unless it exists.
    type: str
  state:
    description:
      - Whether the group exists.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: onfon.sms.onfon_group_info
  - module: onfon.sms.onfon_account
  - module: onfon.sms.onfon_template
  - ref: ansible_collections.onfon.sms.docsite.account
    description: How a change is planned, made and verified.
"""

EXAMPLES = r"""
- name: Ensure the on-call group exists
  onfon.sms.onfon_group:
    name: Ops on call

- name: Rename the on-call group, and keep its contacts
  onfon.sms.onfon_group:
    name: Ops on call
    new_name: On call

- name: Delete one of two groups of the same name
  onfon.sms.onfon_group:
    id: 7
    name: Interns
    state: absent
"""

RETURN = r"""
group:
  description: The group as Onfon lists it, or as check mode predicts it. V(null) if there is none.
  returned: on success, and on failure after a change was tried
  type: dict
  contains:
    id:
      description: Onfon's id of the group. V(null) if check mode would create it.
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
diff:
  description: The group before and after the change.
  returned: in diff mode, on success
  type: dict
  contains:
    before:
      description: The group before the change, as readable lines. Empty if it did not exist.
      type: str
      sample: |
        name: Ops on call
    after:
      description: The group after the change, or as check mode predicts it, as readable lines. Empty if deleted.
      type: str
      sample: |
        name: On call
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
from ..module_utils._operations.onfon_group import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
