#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_account
short_description: Manage all groups and templates of an Onfon SMS account
version_added: 1.0.0
description:
  - Makes the groups and templates of an account what was declared, in one task.
  - Each declared kind is listed once. Only what differs is written, several writes at a time, and a kind of which
    something was written is listed once more. An account that is as declared costs one request a kind.
  - All is planned before the first write. While an object cannot be made as it is declared, or the purge is not what
    somebody can have meant, nothing is written.
  - A write that fails does not stop the others. The task fails at the end, and says in RV(plan) object by object what
    was done and what was not. Run again, it goes on.
  - What every other write would meet stops the run, such as refused keys, no connection, or ten answers in a
    row that are lost or put the write off. What was not tried by then is V(not_tried).
  - In check mode nothing is written. RV(plan) is then the list of writes that a real run would make, and RV(undeclared)
    what nobody declared.
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
  groups:
    description:
      - The groups, each a name, or a dictionary with C(name) and C(state), which is V(present) or V(absent).
      - Capitals count. Each name is given once. A text instead of a list is split at its commas.
      - A new name that differs from another group's in nothing but capitals is refused, because Onfon may not tell the
        two apart.
      - If it is not set, groups are neither read nor changed. At least one of O(groups) and O(templates) is required.
    type: list
    elements: raw
  templates:
    description:
      - The templates.
      - If it is not set, templates are neither read nor changed.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the template, for which the same holds as for that of a group. It must be a text.
        type: raw
        required: true
      text:
        description:
          - Text of the template, with placeholders such as C(##Host##).
          - It is required for a template that does not exist yet. Without it the text is left as it is.
          - Line ends after the last line do not count, because a YAML block adds one.
          - A text that holds C({{) is written with C(!unsafe) in YAML, which keeps Ansible from reading it as a
            template of its own.
          - What YAML does not read as a text is refused, such as a number without quotes. A date without quotes is
            taken as Ansible spells it.
        type: raw
      state:
        description:
          - Whether there shall be such a template.
        type: str
        choices: [present, absent]
        default: present
  renames:
    description:
      - New names by the old ones, for objects that are declared by their new names. They keep their ids, and groups
        their contacts.
      - An entry is for groups and for templates. Where both kinds declare the new name, both are renamed.
      - Where there is none of the old name, nothing is renamed, so that an entry may stay.
    type: dict
  purge_groups:
    description:
      - Whether groups that are not declared are removed. It needs O(groups).
      - If O(groups) declares none to stay and something would be removed, nothing is, and the task fails, because a
        lost variable file must not empty an account.
      - Two of one name, and one with a blank name, are never removed, because nobody can declare that they stay.
    type: bool
    default: false
  purge_templates:
    description:
      - Whether templates that are not declared are removed. It needs O(templates), and the same holds as for groups.
    type: bool
    default: false
  purge_groups_with_contacts:
    description:
      - Whether O(purge_groups) also removes groups that have contacts. Onfon's API cannot bring contacts back.
      - If not, such groups stay, and a warning names them.
      - A group that is declared with C(state=absent) is removed with its contacts.
    type: bool
    default: false
  purge_limit:
    description:
      - The most objects that are purged at a time. If there are more, nothing is written and the task fails.
    type: int
    default: 10
  protect:
    description:
      - Names of objects that are never purged, or patterns such as V(ops-*), in which C(*), C(?) and C([...]) mean
        what they mean in file names. Capitals count. Each must be a text.
    type: list
    elements: raw
  concurrency:
    description:
      - How many writes are under way at the same time, from V(1) to V(32).
    type: int
    default: 4
seealso:
  - module: onfon.sms.onfon_group
  - module: onfon.sms.onfon_template
  - module: onfon.sms.onfon_group_info
  - module: onfon.sms.onfon_template_info
"""

EXAMPLES = r"""
- name: Have these groups and templates
  onfon.sms.onfon_account:
    groups:
      - Ops on call
      - Warehouse
      - name: Interns
        state: absent
    templates:
      - name: disk-full
        text: "Disk ##Disk## of ##Host## is ##Percent## full."

- name: Report the drift, and change nothing
  onfon.sms.onfon_account:
    groups: "{{ account_groups }}"
    templates: "{{ account_templates }}"
  check_mode: true
  diff: true

- name: Have these groups and no others, but those of the sales people
  onfon.sms.onfon_account:
    groups:
      - On call
    renames:
      Ops on call: On call
    purge_groups: true
    protect:
      - sales-*
"""

RETURN = r"""
plan:
  description:
    - What had to change, one entry for each write. Empty where all is as declared.
    - A real run returns the same entries as check mode, and in RV(plan[].status) what became of each.
    - While an object cannot be made as it is declared, nothing of its kind is purged.
  returned: on success, and on a failure after the account was read
  type: list
  elements: dict
  contains:
    kind:
      description: C(group) or C(template).
      type: str
      sample: template
    name:
      description: Name of the object, the new one of an object that is renamed.
      type: str
      sample: disk-full
    id:
      description: Id that Onfon gave. V(null) for one that does not exist (yet).
      type: int
      sample: 3
    action:
      description: C(create), C(update) or C(delete). A new name is an update.
      type: str
      sample: update
    before:
      description: The declarable part of the object as it was, empty where there was none.
      type: dict
      sample: {name: disk-full, text: "Disk full."}
    after:
      description: The same as declared, empty where there shall be none.
      type: dict
      sample: {name: disk-full, text: "Disk of ##Host## is full."}
    status:
      description:
        - V(planned) in check mode.
        - V(done), and the account's list shows it; V(failed), or the list does not show it.
        - V(already_done) if somebody else did it meanwhile.
        - V(unknown) if it was tried and the list could not be read afterwards.
        - V(not_tried) if the run stopped before it, or was refused as a whole.
      type: str
      sample: done
    error:
      description: Why it is not done, and what to do about it. V(null) where there is no problem.
      type: str
      sample: null
groups:
  description:
    - All groups of the account, as Onfon lists them after the task, or as check mode expects them.
    - V(null) if O(groups) is not set, or if the list could not be read after a write.
  returned: on success, and on a failure after the account was read
  type: list
  elements: dict
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
templates:
  description:
    - All templates of the account, as Onfon lists them after the task, or as check mode expects them.
    - V(null) if O(templates) is not set, or if the list could not be read after a write.
  returned: on success, and on a failure after the account was read
  type: list
  elements: dict
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
undeclared:
  description: Objects of the declared kinds that the account has, nobody declared, and the purge leaves.
  returned: on success, and on a failure after the account was read
  type: list
  elements: dict
  contains:
    kind:
      description: C(group) or C(template).
      type: str
      sample: group
    name:
      description: Name.
      type: str
      sample: Customers
    id:
      description: Id that Onfon gave.
      type: int
      sample: 12
    reason:
      description:
        - Why it stays. V(not_purged) if there is no purge of its kind, V(protected) by O(protect), V(not_empty) for a
          group that has contacts, V(not_declarable) for one of two of a name, or of a blank one.
      type: str
      sample: not_purged
summary:
  description: How many objects of the declared kinds there are of each sort.
  returned: on success, and on a failure after the account was read
  type: dict
  contains:
    created:
      description: Created, or in check mode to be created.
      type: int
      sample: 2
    updated:
      description: Changed or renamed, or in check mode to be so.
      type: int
      sample: 1
    deleted:
      description: Removed, or in check mode to be removed, the purged ones too.
      type: int
      sample: 0
    unchanged:
      description: Declared, and as declared before this run, or by somebody else's doing.
      type: int
      sample: 14
    undeclared:
      description: Neither declared nor purged.
      type: int
      sample: 3
    failed:
      description: Not made as declared, or not to be made so.
      type: int
      sample: 0
    unknown:
      description: Tried, and what became of it could not be read.
      type: int
      sample: 0
    not_tried:
      description: Not tried, because the run stopped before.
      type: int
      sample: 0
diff:
  description:
    - Each object that changes, before and after.
    - Where the text of a template changes, C(segments) says how many SMS a text takes, its placeholders not filled in.
  returned: in diff mode, on success, and on a failure after the account was read
  type: list
  elements: dict
  contains:
    before:
      description: The declarable part as it was, in lines for people, empty where there was none.
      type: str
      sample: |
        name: disk-full
        text: Disk full.
        segments: 1
    after:
      description: The same as it is, or in check mode would be; empty where there is none.
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
from ..module_utils._operations.onfon_account import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
