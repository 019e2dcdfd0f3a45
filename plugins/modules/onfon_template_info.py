#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_template_info
short_description: List the message templates of an Onfon SMS account
version_added: 1.0.0
description:
  - Lists all message templates of an account, or those that match a name or an id. It changes nothing.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
options:
  name:
    description:
      - Return only templates with this name. Names are case-sensitive.
    type: str
  id:
    description:
      - Return only the template with this id.
    type: int
seealso:
  - module: onfon.sms.onfon_template
  - module: onfon.sms.onfon_account
"""

EXAMPLES = r"""
- name: List all templates
  onfon.sms.onfon_template_info:
  register: account

- name: Show the templates that are not approved
  ansible.builtin.debug:
    msg: "{{ account.templates | rejectattr('approved') | map(attribute='name') }}"
"""

RETURN = r"""
templates:
  description: The templates. Empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Onfon's id of the template.
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
from ..module_utils._operations.onfon_template_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
