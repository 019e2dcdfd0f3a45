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
  - Creates, changes, renames and removes message templates.
  - Onfon's staff approve templates. A changed text may have to be approved anew.
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
      - Name of the template, as Onfon lists it. Capitals count.
      - A new name that differs from another one's in nothing but capitals is refused, because Onfon may not tell the
        two apart.
      - At least one of O(name) and O(id) is required. With both, O(id) says which template it is, and O(name) what it
        shall be named.
    type: str
  id:
    description:
      - Id that Onfon gave the template. It is needed where two have one name.
      - With O(state=absent) and O(name), a template of this id is removed only if it has that name.
    type: int
  new_name:
    description:
      - Name that the template shall have from now on. It keeps its id.
      - Where there is no template of the old name, and one of the new name, nothing is done.
      - Where there is neither, the template is created with the new name.
    type: str
  text:
    description:
      - Text of the template, with placeholders such as C(##Host##).
      - It is required for a template that does not exist yet. Without it the text is left as it is.
      - Line ends after the last line do not count, because a YAML block adds one.
    type: str
  state:
    description:
      - Whether there shall be such a template.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: onfon.sms.onfon_template_info
  - module: onfon.sms.onfon_account
  - module: onfon.sms.onfon_group
"""

EXAMPLES = r"""
- name: Have a template for full disks
  onfon.sms.onfon_template:
    name: disk-full
    text: "Disk ##Disk## of ##Host## is ##Percent## full."

- name: Show what a new text would change, and change nothing
  onfon.sms.onfon_template:
    name: disk-full
    text: "##Host##: ##Disk## is ##Percent## full. Runbook: https://wiki.example.com/disk"
  check_mode: true
  diff: true

- name: Remove a template
  onfon.sms.onfon_template:
    name: disk-full
    state: absent
"""

RETURN = r"""
template:
  description: The template as Onfon lists it, or as check mode expects it. V(null) where there is none.
  returned: on success, and on a failure after a change was tried
  type: dict
  contains:
    id:
      description: Id that Onfon gave. V(null) for one that check mode would create.
      type: int
      sample: 3
    name:
      description: Name.
      type: str
      sample: disk-full
    text:
      description: Text with its placeholders.
      type: str
      sample: "Disk ##Disk## of ##Host## is full."
    fields:
      description: Names of the placeholders C(##Field##) in the text, once each, in order of appearance.
      type: list
      elements: str
      sample: [Disk, Host]
    approved:
      description: Whether Onfon approved the text. V(null) where that is not known.
      type: bool
      sample: true
    active:
      description: Whether the template can be used. V(null) where Onfon does not tell.
      type: bool
      sample: true
    created:
      description: Day of creation, in Onfon's spelling.
      type: str
      sample: Mar 19, 2018
    approved_date:
      description: Day of approval, in Onfon's spelling. V(null) where there is none.
      type: str
      sample: Mar 20, 2018
    company_id:
      description: Id of the company that the template belongs to.
      type: int
      sample: 1
diff:
  description:
    - The declared part of the template, before and after.
    - Where the text changes, C(segments) says how many SMS a text takes, its placeholders not filled in.
  returned: in diff mode, on success
  type: dict
  contains:
    before:
      description: How it was, in lines for people, empty where there was none.
      type: str
      sample: |
        name: disk-full
        text: Disk full.
        segments: 1
    after:
      description: How it is, or in check mode would be; empty where there is none.
      type: str
      sample: |
        name: disk-full
        text: Disk of ##Host## is full.
        segments: 1
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
from ..module_utils._operations.onfon_template import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
