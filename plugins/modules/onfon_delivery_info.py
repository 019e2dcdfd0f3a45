#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_delivery_info
short_description: Tell whether messages were delivered, and wait for it
version_added: 1.0.0
description:
  - Looks for messages in the sent log of an Onfon SMS account by their ids, and waits until each is delivered or
    failed.
  - The log is read again only while something may still change.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
options:
  message_ids:
    description:
      - Ids of the messages, such as RV(onfon.sms.onfon_sms#module:recipients[].message_id) has them. Leave out those
        who got none, as with P(ansible.builtin.select#filter) below.
      - An id that is named twice stands for two messages, as one id may be that of a whole batch.
    type: list
    elements: raw
    required: true
  from_date:
    description:
      - Day since which the messages may have been submitted, as C(YYYY-MM-DD), V(today), V(yesterday), or a number of
        days such as V(7d), which is the last seven days with today. Days are those of Nairobi. A day more is looked at,
        as it is not known if Onfon's days are the same.
    type: str
    default: yesterday
  wait:
    description:
      - Whether to wait for messages that are V(pending), V(unrecognized) or V(not_found). With V(false) there is a
        single look.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for all of them together, from 0, which is a single look, to 86400. A look that has begun is
        ended. Messages that are not delivered then do not fail the task, unless O(min_delivered_percent) is set.
      - O(timeout) is another thing. It is that of each request.
    type: float
    default: 300
  interval:
    description: Seconds between two looks, from 1 to 3600.
    type: float
    default: 10
  min_delivered_percent:
    description:
      - How many in a hundred of O(message_ids) must be delivered in the end, from 0 to 100. If they are fewer, the task
        fails.
    type: float
seealso:
  - module: onfon.sms.onfon_sms
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: Text the people on call
  onfon.sms.onfon_sms:
    to: ["+254700000001", "+254700000002"]
    text: The backup failed.
    sender_id: ACME OPS
  register: alert

- name: Fail unless the phone of at least one of them has it within two minutes
  onfon.sms.onfon_delivery_info:
    message_ids: "{{ alert.recipients | map(attribute='message_id') | select | list }}"
    wait_timeout: 120
    min_delivered_percent: 50

- name: Look once, without waiting
  onfon.sms.onfon_delivery_info:
    message_ids: "{{ alert.recipients | map(attribute='message_id') | select | list }}"
    wait: false
  register: deliveries

- name: Name those who have not got it
  ansible.builtin.debug:
    msg: "{{ deliveries.messages | rejectattr('status', 'eq', 'delivered') | map(attribute='msisdn') | list }}"
"""

RETURN = r"""
messages:
  description: The messages in the order of O(message_ids).
  returned: on success, and on failure once the log was read
  type: list
  elements: dict
  contains:
    message_id:
      description: The id as in O(message_ids).
      type: str
      sample: 4f6c2d8e-5d0b-4a55-8f0e-0d9a1b2c3d4e
    msisdn:
      description: The number as Onfon lists it, without a plus and blanks. V(null) where the log does not tell.
      type: str
      sample: "254700000001"
    sender_id:
      description: Sender id. V(null) where the log does not tell.
      type: str
      sample: ACME OPS
    text:
      description: Text of the message. V(null) where the log does not tell.
      type: str
      sample: The office is closed today.
    submitted:
      description: When Onfon took the message, in its spelling. V(null) where the log does not tell.
      type: str
      sample: "2026-11-22 08:00:00"
    submitted_at:
      description: The same in ISO 8601, taken for Nairobi's time. V(null) where the spelling is not known.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
    done:
      description: When it reached its status, in Onfon's spelling. V(null) where the log does not tell.
      type: str
      sample: "2026-11-22 08:00:04"
    done_at:
      description: The same in ISO 8601, taken for Nairobi's time. V(null) where the spelling is not known.
      type: str
      sample: "2026-11-22T08:00:04+03:00"
    status:
      description:
        - V(delivered) if the phone has the message.
        - V(failed) if it was given up.
        - V(pending) if it is under way.
        - V(unrecognized) if RV(messages[].raw_status) is a word that the collection does not know. It is no failure.
        - V(not_found) if the log does not show the message. Everything else about it is V(null) then.
      type: str
      sample: delivered
    final:
      description: Whether the status is V(delivered) or V(failed), which do not change any more.
      type: bool
      sample: true
    error_code:
      description:
        - The network's error code, which is none of Onfon's. Mostly, C(000) stands for no error. V(null) where the log
          does not tell.
      type: str
      sample: "000"
    raw_status:
      description: The status in Onfon's spelling. V(null) where the log does not tell.
      type: str
      sample: DELIVRD
counts:
  description: How many messages there are of each status.
  returned: on success, and on failure once the log was read
  type: dict
  contains:
    delivered:
      description: Messages with this status.
      type: int
      sample: 1
    failed:
      description: Messages with this status.
      type: int
      sample: 0
    pending:
      description: Messages with this status.
      type: int
      sample: 1
    unrecognized:
      description: Messages with this status.
      type: int
      sample: 0
    not_found:
      description: Messages with this status.
      type: int
      sample: 0
delivered_percent:
  description: How many in a hundred were delivered.
  returned: on success, and on failure once the log was read
  type: float
  sample: 50.0
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
from ..module_utils._operations.onfon_delivery_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
