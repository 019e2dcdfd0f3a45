#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_template
short_description: Manage a message template of an Onfon SMS account
version_added: 1.0.0
description:
  - Creates, changes, renames or deletes a message template. It changes nothing if the template is as declared, and
    never sends a message.
  - Onfon's staff approve templates. A changed text may need a new approval.
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
      - Name of the template, as Onfon lists it. Names are case-sensitive. A new name that differs from another only in
        case is rejected.
      - At least one of O(name) and O(id) is required. With both, O(id) selects the template, and O(name) is its name
        after the task.
    type: str
  id:
    description:
      - Onfon's id of the template. It is needed if two templates share a name.
      - With O(state=absent) and O(name), the template is deleted only if it has that name.
    type: int
  new_name:
    description:
      - New name of the template, which keeps its id.
      - If no template is called O(name), the template is created under the new name unless it exists.
    type: str
  text:
    description:
      - Text of the template, with placeholders such as C(##Host##). Trailing line breaks are ignored.
      - A new template requires it. An existing template keeps its text without it.
    type: str
  state:
    description:
      - Whether the template exists.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: onfon.sms.onfon_template_info
  - module: onfon.sms.onfon_account
  - module: onfon.sms.onfon_group
  - ref: ansible_collections.onfon.sms.docsite.account
    description: How a change is planned, made and verified.
"""

EXAMPLES = r"""
- name: Ensure the template for full disks
  onfon.sms.onfon_template:
    name: disk-full
    text: "Disk ##Disk## of ##Host## is ##Percent## full."

- name: Show what a new text would change
  onfon.sms.onfon_template:
    name: disk-full
    text: "##Host##: ##Disk## is ##Percent## full. Runbook: https://wiki.example.com/disk"
  check_mode: true
  diff: true

- name: Delete the template for full disks
  onfon.sms.onfon_template:
    name: disk-full
    state: absent
"""

RETURN = r"""
template:
  description: The template as Onfon lists it, or as check mode predicts it. V(null) if there is none.
  returned: on success, and on failure after a change was tried
  type: dict
  contains:
    id:
      description: Onfon's id of the template. V(null) if check mode would create it.
      type: int
      sample: 3
    name:
      description: Name of the template.
      type: str
      sample: disk-full
    text:
      description: Text with its placeholders.
      type: str
      sample: "Disk ##Disk## of ##Host## is full."
    fields:
      description: Names of the placeholders C(##Field##) in the text, each once, in order of appearance.
      type: list
      elements: str
      sample: [Disk, Host]
    approved:
      description: Whether Onfon approved the text. V(null) if this is not known.
      type: bool
      sample: true
    active:
      description: Whether the template can be used. V(null) if Onfon does not report it.
      type: bool
      sample: true
    created:
      description: Date of creation, as Onfon writes it.
      type: str
      sample: Mar 19, 2018
    approved_date:
      description: Date of approval, as Onfon writes it. V(null) if there is none.
      type: str
      sample: Mar 20, 2018
    company_id:
      description: Id of the company that owns the template.
      type: int
      sample: 1
diff:
  description:
    - The template before and after the change.
    - If the text changes, C(segments) is the number of segments with unfilled placeholders.
  returned: in diff mode, on success
  type: dict
  contains:
    before:
      description: The template before the change, as readable lines. Empty if it did not exist.
      type: str
      sample: |
        name: disk-full
        text: Disk full.
        segments: 1
    after:
      description: The template after the change, or as check mode predicts it, as readable lines. Empty if deleted.
      type: str
      sample: |
        name: disk-full
        text: Disk of ##Host## is full.
        segments: 1
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
from ..module_utils._operations.onfon_template import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
