#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_sms
short_description: Send an SMS through Onfon
version_added: 1.0.0
description:
  - Texts up to 20 people in one call, and tells of each what became of it.
  - In check mode nothing is sent. The task then returns who would be texted.
  - The task fails if anybody was not accepted. It returns RV(recipients) and RV(summary) in that case too.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details:
      - A message is no state that could be compared.
  idempotent:
    support: none
    details:
      - Each run texts people anew.
options:
  to:
    description:
      - Numbers of the people to text, such as V(+254700000001), V(254700000001) or V(0700 000 001). A number without a
        plus is taken for a Kenyan one.
      - A list of numbers, or one number, or several with commas between them.
      - A number that appears again, in whatever spelling, is texted once.
      - Write local numbers in quotes, because YAML reads V(0700000001) without quotes as an octal number. What YAML
        reads as an integer is taken with its country code.
    type: raw
    required: true
  text:
    description:
      - Text of the message. It is sent as UCS-2 if it holds a character that GSM-7 does not have, which more than
        halves the length of a segment.
      - Line ends after the last line are left out, because a YAML block adds one.
    type: str
    required: true
  sender_id:
    description:
      - Sender that people see. Onfon must have approved it. Capitals and inner blanks count.
      - If it is not set, the environment variable E(ONFON_SENDER_ID) is used. One of the two is required.
    type: str
requirements:
  - requests >= 2.28 (Python library), where the task runs
  - phonenumbers >= 8.13 (Python library), where the task runs
notes:
  - Like every task, it runs once for each host of the play, and texts people once for each. Use C(run_once), which
    the strategy P(ansible.builtin.free#strategy) ignores, or a play with one host.
  - Do not repeat it with C(until) or by hand as it stands. Who was accepted would be texted again. Text those whose
    RV(recipients[].status) is V(rejected) or V(not_sent), once the reason is mended.
  - A request that may have reached Onfon is never repeated. If its answer is lost, the people of it are C(unknown).
seealso:
  - module: onfon.sms.onfon_balance_info
  - module: onfon.sms.onfon_template
"""

EXAMPLES = r"""
- name: Text the people on call
  onfon.sms.onfon_sms:
    to:
      - "+254700000001"
      - "0700 000 002"
    text: "Backup of {{ inventory_hostname }} failed."
    sender_id: ACME OPS
  run_once: true
  delegate_to: localhost

- name: Say so when a deployment fails
  block:
    - name: Deploy
      ansible.builtin.import_role:
        name: deploy
  rescue:
    - name: Text the people on call
      onfon.sms.onfon_sms:
        to: "{{ on_call_numbers }}"
        text: "Deployment failed in {{ ansible_failed_task.name }}."
"""

RETURN = r"""
recipients:
  description: One entry for each number in O(to), in the same order.
  returned: on success, on failure after the options were checked, and in check mode
  type: list
  elements: dict
  contains:
    to:
      description: The number as it was given.
      type: str
      sample: 0700 000 001
    msisdn:
      description: The number as it was sent.
      type: str
      sample: "254700000001"
    status:
      description:
        - V(accepted) if Onfon queued the message, which does not yet mean that it was delivered.
        - V(rejected) if Onfon refused it.
        - V(unknown) if Onfon did not say. The message may still be delivered.
        - V(skipped_duplicate) if the number stood in the list before.
        - V(not_sent) if the message did not leave, as in check mode.
      type: str
      sample: accepted
    message_id:
      description: Id that Onfon gave the message, V(null) where it gave none.
      type: str
      sample: 4f6c2d8e-5d0b-4a55-8f0e-0d9a1b2c3d4e
    error_code:
      description: Onfon's error code, V(null) where there is none.
      type: str
      sample: "039"
    error:
      description: What went wrong and what to do about it, V(null) where nothing did.
      type: str
      sample: "Onfon error 039: the message is taken for spam. Change the text, or ask Onfon to allow it."
summary:
  description: The recipients counted.
  returned: on success, on failure after the options were checked, and in check mode
  type: dict
  contains:
    requested:
      description: How many numbers were given. It is the sum of all statuses.
      type: int
      sample: 2
    segments:
      description: How many segments the messages take in all, duplicates left out.
      type: int
      sample: 2
    accepted:
      description: How many recipients have this status. There is such a count for every status.
      type: int
      sample: 2
error:
  description: What went wrong, for the playbook to decide on.
  returned: on failure, unless an option was refused by the argument spec
  type: dict
  contains:
    code:
      description: Onfon's error code, V(null) where the failure is not Onfon's.
      type: str
      sample: "021"
    description:
      description: Onfon's own words, or what its answer was. V(null) where there are none.
      type: str
      sample: Insufficient wallet credits
    class:
      description:
        - The class of the failure, one of C(request), C(auth), C(account), C(funds), C(state), C(transient), C(routing)
          and C(unknown) for Onfon's codes, and C(option), C(library), C(transport) and C(protocol) for others.
      type: str
      sample: funds
    hint:
      description: What to do about it. V(null) where only the message says it.
      type: str
      sample: Top up the account in the Onfon portal.
    http_status:
      description: HTTP status of the answer, V(null) where none came.
      type: int
      sample: 200
"""

from ..module_utils._module import run_module
from ..module_utils._operations.sms import SMS_OPERATION


def main() -> None:
    run_module(SMS_OPERATION)


if __name__ == "__main__":
    main()
