# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: to_account_yaml
author: onfon.sms contributors (@onfon-sms)
version_added: 1.0.0
short_description: Convert the groups and templates of an Onfon SMS account to YAML
description:
  - Creates the variables file for the role P(onfon.sms.account#role) from the groups and templates of an account.
  - Marks texts that Ansible would evaluate with C(!unsafe), so that they are read back unchanged.
  - Resources whose name is blank or not unique cannot be declared. A comment names them, and no purge deletes them.
positional: _input
options:
  _input:
    description:
      - The groups and templates of the account.
    type: dict
    required: true
    suboptions:
      groups:
        description:
          - Return value C(groups) of M(onfon.sms.onfon_group_info).
        type: list
        elements: dict
        required: true
      templates:
        description:
          - Return value C(templates) of M(onfon.sms.onfon_template_info).
        type: list
        elements: dict
        required: true
seealso:
  - module: onfon.sms.onfon_account
  - ref: ansible_collections.onfon.sms.docsite.account
    description: How to export an account to a file, and how to declare it with that file.
"""

EXAMPLES = r"""
- name: List the groups
  onfon.sms.onfon_group_info:
  register: listed_groups

- name: List the templates
  onfon.sms.onfon_template_info:
  register: listed_templates

- name: Write the variables file
  ansible.builtin.copy:
    content: "{{ listed_groups | combine(listed_templates) | onfon.sms.to_account_yaml }}"
    dest: /srv/sms/account.yml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: Content of the file, with the variables C(account_groups) and C(account_templates).
  type: str
  sample: |
    ---
    account_groups:
      - Ops on call
    account_templates:
      - name: disk-full
        text: "Disk ##Disk## of ##Host## is full."
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ..plugin_utils._account_file import account_file
from ..plugin_utils._plain import plain


def to_account_yaml(account: t.Any) -> str:
    known = plain(account)
    groups, templates = (_resources(known, *needed) for needed in (("groups", "name"), ("templates", "name", "text")))
    return account_file(groups, templates)


def _resources(account: t.Any, option: str, *attributes: str) -> list[dict[str, t.Any]]:
    """The resources that an option lists. Raises AnsibleFilterError where they are none."""
    resources = account.get(option) if isinstance(account, dict) else None
    if isinstance(resources, list) and all(_has_texts(resource, attributes) for resource in resources):
        return resources
    raise AnsibleFilterError(
        "to_account_yaml needs a dictionary with groups and templates, as the modules onfon_group_info and"
        " onfon_template_info return them."
    )


def _has_texts(resource: t.Any, attributes: t.Iterable[str]) -> bool:
    return isinstance(resource, dict) and all(isinstance(resource.get(attribute), str) for attribute in attributes)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"to_account_yaml": to_account_yaml}
