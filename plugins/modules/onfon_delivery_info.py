#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_delivery_info
short_description: Read the delivery state of messages, and wait for delivery
version_added: 1.0.0
description:
  - Looks up messages by id in the sent log of an Onfon SMS account, and waits until each is delivered or failed, or
    O(wait_timeout) is over. It changes nothing, and sends nothing.
  - By default, undelivered messages do not fail the task. Set O(min_delivered_percent) to make them do so.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
options:
  message_ids:
    description:
      - Ids of the messages, such as those in RV(onfon.sms.onfon_sms#module:recipients[].message_id). Leave out empty
        ones with P(ansible.builtin.select#filter).
      - An id that is given twice stands for two messages, because a whole batch may share one id.
    type: list
    elements: raw
    required: true
  from_date:
    description:
      - First day on which the messages may have been submitted, as C(YYYY-MM-DD), V(today), V(yesterday), or a number
        of days such as V(7d), which is the last seven days including today. Days are those of Nairobi.
    type: str
    default: yesterday
  wait:
    description:
      - Whether to wait for messages that are V(pending), V(unrecognized) or V(not_found). With V(false), the sent log
        is read once.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum time in seconds to wait for all messages together, from 0 (read the sent log once) to 86400. The time
        for a single request is O(timeout).
    type: float
    default: 300
  interval:
    description:
      - Time in seconds between two readings of the sent log, from 1 to 3600.
    type: float
    default: 10
  min_delivered_percent:
    description:
      - Minimum percentage of O(message_ids) that must be delivered in the end, from 0 to 100. If fewer are, the task
        fails.
    type: float
seealso:
  - module: onfon.sms.onfon_sms
  - module: onfon.sms.onfon_sms_info
"""

EXAMPLES = r"""
- name: Alert the people on call
  onfon.sms.onfon_sms:
    to: ["+254700000001", "+254700000002"]
    text: The backup failed.
    sender_id: ACME OPS
  register: alert

- name: Fail unless one of two messages is delivered within two minutes
  onfon.sms.onfon_delivery_info:
    message_ids: "{{ alert.recipients | map(attribute='message_id') | select | list }}"
    wait_timeout: 120
    min_delivered_percent: 50

- name: Read the delivery states without waiting
  onfon.sms.onfon_delivery_info:
    message_ids: "{{ alert.recipients | map(attribute='message_id') | select | list }}"
    wait: false
  register: deliveries

- name: Show the numbers that were not reached
  ansible.builtin.debug:
    msg: "{{ deliveries.messages | rejectattr('status', 'eq', 'delivered') | map(attribute='msisdn') | list }}"
"""

RETURN = r"""
messages:
  description: The messages in the order of O(message_ids).
  returned: on success, and on failure after the sent log was read
  type: list
  elements: dict
  contains:
    message_id:
      description: Id as given in O(message_ids).
      type: str
      sample: 4f6c2d8e-5d0b-4a55-8f0e-0d9a1b2c3d4e
    msisdn:
      description: Number as Onfon lists it, without plus and spaces. V(null) if the sent log does not show it.
      type: str
      sample: "254700000001"
    sender_id:
      description: Sender id. V(null) if the sent log does not show it.
      type: str
      sample: ACME OPS
    text:
      description: Text of the message. V(null) if the sent log does not show it.
      type: str
      sample: The office is closed today.
    submitted:
      description: Time at which Onfon took the message, as Onfon writes it. V(null) if the sent log does not show it.
      type: str
      sample: "2026-11-22 08:00:00"
    submitted_at:
      description: Time at which Onfon took the message in ISO 8601, read as Nairobi time. V(null) if it cannot be read.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
    done:
      description: Time at which the message reached its status, as Onfon writes it. V(null) if the sent log does not
        show it.
      type: str
      sample: "2026-11-22 08:00:04"
    done_at:
      description: Time at which the message reached its status in ISO 8601, read as Nairobi time. V(null) if it cannot
        be read.
      type: str
      sample: "2026-11-22T08:00:04+03:00"
    status:
      description:
        - V(delivered) if the phone has the message.
        - V(failed) if the network gave the message up.
        - V(pending) if the message is in transit.
        - V(unrecognized) if RV(messages[].raw_status) is a word that the collection does not know. It is not a failure.
        - V(not_found) if the sent log does not show the message. All other values are V(null) then.
      type: str
      sample: delivered
    final:
      description: Whether the status can no longer change, which holds for V(delivered) and V(failed).
      type: bool
      sample: true
    error_code:
      description: Error code of the network, which is not one of Onfon's. C(000) usually means no error. V(null) if the
        sent log does not show it.
      type: str
      sample: "000"
    raw_status:
      description: Status, as Onfon writes it. V(null) if the sent log does not show it.
      type: str
      sample: DELIVRD
counts:
  description: Number of messages with each status.
  returned: on success, and on failure after the sent log was read
  type: dict
  contains:
    delivered:
      description: Number of messages with this status.
      type: int
      sample: 1
    failed:
      description: Number of messages with this status.
      type: int
      sample: 0
    pending:
      description: Number of messages with this status.
      type: int
      sample: 1
    unrecognized:
      description: Number of messages with this status.
      type: int
      sample: 0
    not_found:
      description: Number of messages with this status.
      type: int
      sample: 0
delivered_percent:
  description: Percentage of messages that were delivered.
  returned: on success, and on failure after the sent log was read
  type: float
  sample: 50.0
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
from ..module_utils._operations.onfon_delivery_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
