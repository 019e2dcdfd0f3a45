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
  - Creates, renames and removes contact groups.
  - The contacts of a group cannot be managed, as Onfon's API does not offer that.
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
      - Name of the group, as Onfon lists it. Capitals count.
      - A new name that differs from another one's in nothing but capitals is refused, because Onfon may not tell the
        two apart.
      - At least one of O(name) and O(id) is required. With both, O(id) says which group it is, and O(name) what it
        shall be named.
    type: str
  id:
    description:
      - Id that Onfon gave the group. It is needed where two have one name.
      - With O(state=absent) and O(name), a group of this id is removed only if it has that name.
    type: int
  new_name:
    description:
      - Name that the group shall have from now on. It keeps its id.
      - Where there is no group of the old name, and one of the new name, nothing is done.
      - Where there is neither, the group is created with the new name.
    type: str
  state:
    description:
      - Whether there shall be such a group.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: onfon.sms.onfon_group_info
  - module: onfon.sms.onfon_account
  - module: onfon.sms.onfon_template
"""

EXAMPLES = r"""
- name: Have a group for the people on call
  onfon.sms.onfon_group:
    name: Ops on call

- name: Rename it, contacts and id stay
  onfon.sms.onfon_group:
    name: Ops on call
    new_name: On call

- name: Remove one of two groups of the same name
  onfon.sms.onfon_group:
    id: 7
    name: Interns
    state: absent
"""

RETURN = r"""
group:
  description: The group as Onfon lists it, or as check mode expects it. V(null) where there is none.
  returned: on success, and on a failure after a change was tried
  type: dict
  contains:
    id:
      description: Id that Onfon gave. V(null) for one that check mode would create.
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
diff:
  description: The declared part of the group, before and after.
  returned: in diff mode, on success
  type: dict
  contains:
    before:
      description: How it was, in lines for people, empty where there was none.
      type: str
      sample: |
        name: Ops on call
    after:
      description: How it is, or in check mode would be; empty where there is none.
      type: str
      sample: |
        name: On call
error:
  description: What went wrong, for the playbook to decide on.
  returned: on failure, unless an option was refused by the argument spec
  type: dict
  contains:
    code:
      description: Onfon's error code, V(null) where the failure is not Onfon's.
      type: str
      sample: "029"
    description:
      description: Onfon's own words, or what its answer was. V(null) where there are none.
      type: str
      sample: Record already exist
    class:
      description:
        - The class of the failure, one of C(request), C(auth), C(account), C(funds), C(state), C(transient), C(routing)
          and C(unknown) for Onfon's codes, and C(option), C(library), C(transport) and C(protocol) for others.
      type: str
      sample: state
    hint:
      description: What to do about it. V(null) where only the message says it.
      type: str
      sample: "Choose another name: Onfon may not tell capitals from small letters."
    http_status:
      description: HTTP status of the answer, V(null) where none came.
      type: int
      sample: 200
"""

from ..module_utils._module import run_module
from ..module_utils._operations.onfon_group import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
