# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: to_account_yaml
author: onfon.sms contributors (@onfon-sms)
version_added: 1.0.0
short_description: Write the groups and templates of an Onfon SMS account as YAML
description:
  - Makes the variables file that the role P(onfon.sms.account#role) takes, from what the account holds.
  - Texts that Ansible would take for templates of its own are marked with C(!unsafe), so that they come back unchanged.
  - Two objects of one name, and those with a blank one, cannot be declared. They are named in a comment, and no purge
    takes them.
positional: _input
options:
  _input:
    description: What the account holds.
    type: dict
    required: true
    suboptions:
      groups:
        description: The C(groups) of M(onfon.sms.onfon_group_info).
        type: list
        elements: dict
        required: true
      templates:
        description: The C(templates) of M(onfon.sms.onfon_template_info).
        type: list
        elements: dict
        required: true
seealso:
  - module: onfon.sms.onfon_account
"""

EXAMPLES = r"""
- name: List the groups
  onfon.sms.onfon_group_info:
  register: listed_groups

- name: List the templates
  onfon.sms.onfon_template_info:
  register: listed_templates

- name: Write the file
  ansible.builtin.copy:
    content: "{{ listed_groups | combine(listed_templates) | onfon.sms.to_account_yaml }}"
    dest: /srv/sms/account.yml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The file's content, with the variables C(account_groups) and C(account_templates).
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
