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
  - Reads the sent log of a period, and counts what became of the messages.
  - A log of any length is read page by page and counted on the way. With O(export_file), all of it is written to a
    file on the way.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
  - onfon.sms._attributes.info
  - onfon.sms._period
attributes:
  check_mode:
    details:
      - This module changes nothing on the account. In check mode it reads the same, and does not write O(export_file).
  diff_mode:
    details:
      - This module changes nothing on the account.
options:
  msisdn:
    description:
      - Only messages to these numbers, a list or one number, or several with commas between them. Local spellings are
        numbers of Kenya.
      - Put numbers that begin with 0 in quotes, as YAML reads them as octal numbers without.
    type: raw
  sender_id:
    description: Only messages from this sender id. Capitals and inner blanks count.
    type: str
  status:
    description:
      - Only messages with one of these statuses. Each is V(delivered), V(failed), V(pending) or V(unrecognized), or a
        status in Onfon's spelling such as V(EXPIRED), of which only the letters count.
    type: list
    elements: str
  message_ids:
    description: Only the messages with these ids.
    type: list
    elements: str
  limit:
    description:
      - The most messages in RV(sms), 0 or more; the first ones in Onfon's order. RV(summary) counts all that fit, and
        O(export_file) gets all that fit. Memory grows with this number only.
    type: int
    default: 1000
  export_file:
    description:
      - File for all messages that fit, on the host where the task runs. V(.csv), or V(.jsonl) or V(.ndjson) for JSON
        lines; other names are refused. Its columns are the keys of RV(sms).
      - An older one is replaced once the log can be read. Only its owner can read a new one. If the task fails later,
        the file is not complete.
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

- name: Stop if many failed
  ansible.builtin.assert:
    that: today.summary.by_status.failed <= 10
    fail_msg: "{{ today.summary.by_status.failed }} of {{ today.summary.total }} messages failed today."

- name: See what one person got in the last seven days
  onfon.sms.onfon_sms_info:
    from_date: 7d
    msisdn: "0700 000 001"

- name: Keep what failed or expired yesterday in a file
  onfon.sms.onfon_sms_info:
    from_date: yesterday
    to_date: yesterday
    status: [failed]
    limit: 0
    export_file: failed.csv
"""

RETURN = r"""
sms:
  description: The messages in Onfon's order; the first O(limit) of them.
  returned: success
  type: list
  elements: dict
  contains:
    message_id:
      description: Id that Onfon gave the message. V(null) where the log does not tell.
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
        - V(unrecognized) if RV(sms[].raw_status) is a word that the collection does not know. It is no failure.
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
summary:
  description: All messages that fit, counted. It does not depend on O(limit).
  returned: success
  type: dict
  contains:
    total:
      description: How many they are.
      type: int
      sample: 20
    by_status:
      description: How many there are of each status.
      type: dict
      contains:
        delivered:
          description: Messages with this status.
          type: int
          sample: 17
        failed:
          description: Messages with this status.
          type: int
          sample: 2
        pending:
          description: Messages with this status.
          type: int
          sample: 1
        unrecognized:
          description: Messages with this status.
          type: int
          sample: 0
    by_day:
      description: The same for each day on which messages were submitted, in order.
      type: list
      elements: dict
      contains:
        day:
          description: The day in Nairobi. V(null), the last, for messages whose date is missing or cannot be read.
          type: str
          sample: "2026-11-22"
        total:
          description: How many they are.
          type: int
          sample: 20
        delivered:
          description: Messages with this status.
          type: int
          sample: 17
        failed:
          description: Messages with this status.
          type: int
          sample: 2
        pending:
          description: Messages with this status.
          type: int
          sample: 1
        unrecognized:
          description: Messages with this status.
          type: int
          sample: 0
    by_sender:
      description: The same for each sender id, the busiest one first.
      type: list
      elements: dict
      contains:
        sender_id:
          description: Sender id. V(null) where the log does not tell.
          type: str
          sample: ACME OPS
        total:
          description: How many they are.
          type: int
          sample: 20
        delivered:
          description: Messages with this status.
          type: int
          sample: 17
        failed:
          description: Messages with this status.
          type: int
          sample: 2
        pending:
          description: Messages with this status.
          type: int
          sample: 1
        unrecognized:
          description: Messages with this status.
          type: int
          sample: 0
    failures:
      description: What failed messages have in common, the most frequent first.
      type: list
      elements: dict
      contains:
        raw_status:
          description: The status in Onfon's spelling.
          type: str
          sample: EXPIRED
        error_code:
          description: The network's error code. V(null) where the log does not tell.
          type: str
          sample: "027"
        total:
          description: How many they are.
          type: int
          sample: 2
    slowest:
      description: The messages that took longest from being submitted to being delivered, at most ten.
      type: list
      elements: dict
      contains:
        message_id:
          description: Id that Onfon gave the message. V(null) where the log does not tell.
          type: str
          sample: 4f6c2d8e-5d0b-4a55-8f0e-0d9a1b2c3d4e
        msisdn:
          description: The number as in RV(sms[].msisdn).
          type: str
          sample: "254700000001"
        sender_id:
          description: Sender id. V(null) where the log does not tell.
          type: str
          sample: ACME OPS
        seconds:
          description: How long it took.
          type: float
          sample: 4.0
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
from ..module_utils._operations.onfon_sms_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
