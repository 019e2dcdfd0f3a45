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
  - Lists all message templates, or those of a name or an id.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
options:
  name:
    description: Return only templates of this name. Capitals count.
    type: str
  id:
    description: Return only the template of this id.
    type: int
seealso:
  - module: onfon.sms.onfon_template
"""

EXAMPLES = r"""
- name: List all templates
  onfon.sms.onfon_template_info:
  register: account

- name: Show those that wait for approval
  ansible.builtin.debug:
    msg: "{{ account.templates | rejectattr('approved') | map(attribute='name') }}"
"""

RETURN = r"""
templates:
  description: The templates, an empty list where none fits.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id that Onfon gave.
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
from ..module_utils._operations.onfon_template_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
