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
  - Reconciles the groups and templates of an account with a declaration, in one task. Only differences are written.
  - Never sends a message, and never deletes an undeclared resource unless O(purge_groups) or O(purge_templates) is set.
    Even then, it deletes at most O(purge_limit) of them, and no group with contacts unless
    O(purge_groups_with_contacts=true).
  - Plans all changes before the first write. If a resource cannot be made as declared, or the purge fails a safety
    check, nothing is written.
  - A write that fails does not stop the others. The task then fails in the end, and RV(plan) shows the status of each
    change. A second run makes the changes that are missing.
  - Errors that affect every write, such as invalid keys or a lost connection, stop the run. The remaining changes end
    as V(not_tried).
  - Check mode writes nothing. It reports drift as RV(plan), and undeclared resources as RV(undeclared).
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
      - Names are case-sensitive, and each is given once. A new name that differs from another only in case is rejected.
      - Without it, groups are neither read nor changed. At least one of O(groups) and O(templates) is required.
    type: list
    elements: raw
  templates:
    description:
      - The templates. Without it, templates are neither read nor changed. At least one of O(groups) and O(templates) is
        required.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the template, which must be a string. Names are case-sensitive, and each is given once. A new name
            that differs from another only in case is rejected.
        type: raw
        required: true
      text:
        description:
          - Text with placeholders such as C(##Host##). Trailing line breaks are ignored. A new template requires it;
            an existing one keeps its text without it.
          - It must be a string, so quote numbers. Mark a text that contains C({{) with C(!unsafe), so that Ansible does
            not evaluate it.
        type: raw
      state:
        description:
          - Whether the template exists.
        type: str
        choices: [present, absent]
        default: present
  renames:
    description:
      - Old names and the new names that they become, for resources that are declared under their new name. A resource
        keeps its id, and a group its contacts.
      - An entry applies to groups and to templates. Once nothing has the old name, it has no effect, and may stay.
    type: dict
  purge_groups:
    description:
      - Whether to delete groups that are not declared. Requires O(groups).
      - If O(groups) declares none as present, nothing is deleted and the task fails, because a lost variables file must
        not empty an account.
      - Groups that share a name, or have a blank one, are never deleted.
    type: bool
    default: false
  purge_templates:
    description:
      - Whether to delete templates that are not declared. Requires O(templates).
      - If O(templates) declares none as present, nothing is deleted and the task fails, because a lost variables file
        must not empty an account.
      - Templates that share a name, or have a blank one, are never deleted.
    type: bool
    default: false
  purge_groups_with_contacts:
    description:
      - Whether O(purge_groups) also deletes groups that have contacts, which Onfon's API cannot restore. By default,
        such groups stay, and a warning names them.
      - A group that is declared with C(state=absent) is deleted with its contacts, whatever this option says.
    type: bool
    default: false
  purge_limit:
    description:
      - Maximum number of groups and templates together that a run purges, 0 or more. If there are more, nothing is
        written, and the task fails.
    type: int
    default: 10
  protect:
    description:
      - Names of groups and templates that are never purged, or patterns such as V(ops-*), with C(*), C(?) and C([...])
        as in file names. They are case-sensitive, and each must be a string.
    type: list
    elements: raw
  concurrency:
    description:
      - Number of writes at the same time, from 1 to 32.
    type: int
    default: 4
seealso:
  - module: onfon.sms.onfon_group
  - module: onfon.sms.onfon_template
  - module: onfon.sms.onfon_group_info
  - module: onfon.sms.onfon_template_info
  - ref: ansible_collections.onfon.sms.docsite.account
    description: How an account is reconciled, what to do about each change status, and the safety checks of a purge.
"""

EXAMPLES = r"""
- name: Ensure the groups and templates of the operations team
  onfon.sms.onfon_account:
    groups:
      - Ops on call
      - Warehouse
      - name: Interns
        state: absent
    templates:
      - name: disk-full
        text: "Disk ##Disk## of ##Host## is ##Percent## full."

- name: Report drift without changing anything
  onfon.sms.onfon_account:
    groups: "{{ account_groups }}"
    templates: "{{ account_templates }}"
  check_mode: true
  diff: true

- name: Rename a group, and delete undeclared groups except those of the sales team
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
    - The changes, one entry for each write. Empty if the account is as declared.
    - Check mode returns the same entries as a real run. RV(plan[].status) is the outcome of each.
    - If a resource cannot be made as declared, no resource of its type is purged.
  returned: on success, and on failure after the account was read
  type: list
  elements: dict
  contains:
    kind:
      description: Resource type, C(group) or C(template).
      type: str
      sample: template
    name:
      description: Name of the resource. The new name if it is renamed.
      type: str
      sample: disk-full
    id:
      description: Onfon's id of the resource. V(null) if it does not exist (yet).
      type: int
      sample: 3
    action:
      description: C(create), C(update) or C(delete). A rename is an update.
      type: str
      sample: update
    before:
      description: Name and text of the resource before the change. Empty if it did not exist.
      type: dict
      sample: {name: disk-full, text: "Disk full."}
    after:
      description: Name and text of the resource as declared. Empty if it is to be deleted.
      type: dict
      sample: {name: disk-full, text: "Disk of ##Host## is full."}
    status:
      description:
        - V(planned) in check mode.
        - V(done) if the account's list shows the change.
        - V(failed) if Onfon refused the change, or the list does not show it.
        - V(already_done) if someone else made the change in the meantime.
        - V(unknown) if the change was tried, and the list could not be read afterwards.
        - V(not_tried) if the run stopped before the change, or was refused as a whole.
      type: str
      sample: done
    error:
      description: Why the change was not made, and what to do about it. V(null) if there is no problem.
      type: str
      sample: null
groups:
  description:
    - All groups of the account after the task, or as check mode predicts them.
    - V(null) if O(groups) is not set, or if the list could not be read after a write.
  returned: on success, and on failure after the account was read
  type: list
  elements: dict
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
templates:
  description:
    - All templates of the account after the task, or as check mode predicts them.
    - V(null) if O(templates) is not set, or if the list could not be read after a write.
  returned: on success, and on failure after the account was read
  type: list
  elements: dict
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
undeclared:
  description: Resources of the declared types that are in the account and not in the declaration, and that stay.
  returned: on success, and on failure after the account was read
  type: list
  elements: dict
  contains:
    kind:
      description: Resource type, C(group) or C(template).
      type: str
      sample: group
    name:
      description: Name of the resource.
      type: str
      sample: Customers
    id:
      description: Onfon's id of the resource.
      type: int
      sample: 12
    reason:
      description:
        - Why the resource stays.
        - V(not_purged) if its type is not purged.
        - V(protected) by O(protect).
        - V(not_empty) if it is a group that has contacts.
        - V(not_declarable) if its name is blank or not unique.
      type: str
      sample: not_purged
summary:
  description: Number of resources of the declared types, by outcome.
  returned: on success, and on failure after the account was read
  type: dict
  contains:
    created:
      description: Created, or planned to be in check mode.
      type: int
      sample: 2
    updated:
      description: Changed or renamed, or planned to be in check mode.
      type: int
      sample: 1
    deleted:
      description: Deleted, or planned to be in check mode. Purged resources are included.
      type: int
      sample: 0
    unchanged:
      description: As declared without a write, including those that someone else changed in the meantime.
      type: int
      sample: 14
    undeclared:
      description: Neither declared nor purged.
      type: int
      sample: 3
    failed:
      description: Not made as declared, or impossible to make as declared.
      type: int
      sample: 0
    unknown:
      description: Tried, with an outcome that could not be read.
      type: int
      sample: 0
    not_tried:
      description: Not tried, because the run stopped before.
      type: int
      sample: 0
diff:
  description:
    - Each resource that changes, before and after.
    - If the text of a template changes, C(segments) is the number of segments with unfilled placeholders.
  returned: in diff mode, on success, and on failure after the account was read
  type: list
  elements: dict
  contains:
    before:
      description: The resource before the change, as readable lines. Empty if it did not exist.
      type: str
      sample: |
        name: disk-full
        text: Disk full.
        segments: 1
    after:
      description: The resource after the change, or as check mode predicts it, as readable lines. Empty if deleted.
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
from ..module_utils._operations.onfon_account import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
