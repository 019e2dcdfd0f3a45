#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_sms_info
short_description: List the messages that an Onfon SMS account sent
version_added: 1.0.0
description:
  - Reads the sent log of a period, by default today's, and counts its messages by delivery state, day and sender id. It
    changes nothing on the account, and sends nothing.
  - The log may have any length. It is read page by page, RV(sms) holds the first O(limit) messages, and O(export_file)
    takes all of them.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
  - onfon.sms._period
attributes:
  check_mode:
    details:
      - This module changes nothing on the account. In check mode, it reads the same and does not write O(export_file).
  diff_mode:
    details:
      - This module changes nothing on the account.
options:
  msisdn:
    description:
      - Return only messages to these phone numbers, as a list, or as one text separated by commas. Local numbers are
        those of Kenya.
      - Quote numbers that begin with 0, because YAML reads them as octal numbers otherwise.
    type: raw
  sender_id:
    description:
      - Return only messages from this sender id. Case and inner whitespace are significant.
    type: str
  status:
    description:
      - Return only messages with one of these statuses. Each is V(delivered), V(failed), V(pending) or V(unrecognized),
        or a status in Onfon's spelling such as V(EXPIRED).
      - Case, digits and punctuation are ignored.
    type: list
    elements: str
  message_ids:
    description:
      - Return only messages with these ids.
    type: list
    elements: str
  limit:
    description:
      - Maximum number of messages in RV(sms), 0 or more, in Onfon's order. RV(summary) and O(export_file) always
        include all messages that match. The task needs memory for this number of messages only.
    type: int
    default: 1000
  export_file:
    description:
      - File for all messages that match, on the host where the task runs. C(.csv), or C(.jsonl) or C(.ndjson) for JSON
        lines; other names are rejected. Its columns are the keys of RV(sms).
      - An existing file is replaced when the first page has been read. If the task fails later, the file is incomplete.
    type: path
requirements:
  - phonenumbers >= 8.13 (Python library), where the task runs, for O(msisdn)
seealso:
  - module: onfon.sms.onfon_delivery_info
  - module: onfon.sms.onfon_sms
"""

EXAMPLES = r"""
- name: List today's messages
  onfon.sms.onfon_sms_info:
  register: today

- name: Fail if many messages failed
  ansible.builtin.assert:
    that: today.summary.by_status.failed <= 10
    fail_msg: "{{ today.summary.by_status.failed }} of {{ today.summary.total }} messages failed today."

- name: List what one recipient was sent in the last seven days
  onfon.sms.onfon_sms_info:
    from_date: 7d
    msisdn: "0700 000 001"

- name: Export yesterday's failed messages
  onfon.sms.onfon_sms_info:
    from_date: yesterday
    to_date: yesterday
    status: [failed]
    limit: 0
    export_file: failed.csv
"""

RETURN = r"""
sms:
  description: The messages in Onfon's order, up to O(limit) entries.
  returned: success
  type: list
  elements: dict
  contains:
    message_id:
      description: Onfon's id of the message. V(null) if the sent log does not show it.
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
        - V(unrecognized) if RV(sms[].raw_status) is a word that the collection does not know. It is not a failure.
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
summary:
  description: Counts of all messages that match, regardless of O(limit).
  returned: success
  type: dict
  contains:
    total:
      description: Number of messages.
      type: int
      sample: 20
    by_status:
      description: Number of messages in each delivery state.
      type: dict
      contains:
        delivered:
          description: Number of messages in this delivery state.
          type: int
          sample: 17
        failed:
          description: Number of messages in this delivery state.
          type: int
          sample: 2
        pending:
          description: Number of messages in this delivery state.
          type: int
          sample: 1
        unrecognized:
          description: Number of messages in this delivery state.
          type: int
          sample: 0
    by_day:
      description: Counts for each day on which messages were submitted, in order.
      type: list
      elements: dict
      contains:
        day:
          description: Day in Nairobi. V(null), in the last entry, for messages without a readable date.
          type: str
          sample: "2026-11-22"
        total:
          description: Number of messages.
          type: int
          sample: 20
        delivered:
          description: Number of messages in this delivery state.
          type: int
          sample: 17
        failed:
          description: Number of messages in this delivery state.
          type: int
          sample: 2
        pending:
          description: Number of messages in this delivery state.
          type: int
          sample: 1
        unrecognized:
          description: Number of messages in this delivery state.
          type: int
          sample: 0
    by_sender:
      description: Counts for each sender id, the one with most messages first.
      type: list
      elements: dict
      contains:
        sender_id:
          description: Sender id. V(null) if the sent log does not show it.
          type: str
          sample: ACME OPS
        total:
          description: Number of messages.
          type: int
          sample: 20
        delivered:
          description: Number of messages in this delivery state.
          type: int
          sample: 17
        failed:
          description: Number of messages in this delivery state.
          type: int
          sample: 2
        pending:
          description: Number of messages in this delivery state.
          type: int
          sample: 1
        unrecognized:
          description: Number of messages in this delivery state.
          type: int
          sample: 0
    failures:
      description: Causes of failed messages, the most frequent first.
      type: list
      elements: dict
      contains:
        raw_status:
          description: Status, as Onfon writes it.
          type: str
          sample: EXPIRED
        error_code:
          description: Error code of the network. V(null) if the sent log does not show it.
          type: str
          sample: "027"
        total:
          description: Number of messages.
          type: int
          sample: 2
    slowest:
      description: The messages with the longest time between submission and delivery, at most ten.
      type: list
      elements: dict
      contains:
        message_id:
          description: Onfon's id of the message. V(null) if the sent log does not show it.
          type: str
          sample: 4f6c2d8e-5d0b-4a55-8f0e-0d9a1b2c3d4e
        msisdn:
          description: Number as in RV(sms[].msisdn).
          type: str
          sample: "254700000001"
        sender_id:
          description: Sender id. V(null) if the sent log does not show it.
          type: str
          sample: ACME OPS
        seconds:
          description: Time between submission and delivery in seconds.
          type: float
          sample: 4.0
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
from ..module_utils._operations.onfon_sms_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
