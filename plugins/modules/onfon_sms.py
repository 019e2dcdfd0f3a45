#!/usr/bin/python
# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: onfon_sms
short_description: Send SMS through Onfon
version_added: 1.0.0
description:
  - Sends SMS to one recipient, or to a file of 100,000, and reports a send status for each recipient.
  - Validates all recipients, texts, limits and quiet hours before the first message leaves. If validation fails,
    nothing is sent, and all invalid rows are reported at once.
  - Never repeats a request that may have reached Onfon. When a reply is lost, the task searches the account's sent log
    for the messages, and does not send them again unless O(resend_unknown=true).
  - A second run sends every message again, unless O(journal) or O(dedupe_window) is set. With either, it sends only
    what is missing.
  - No limit is set by default. O(max_recipients), O(max_total_segments) and O(min_balance_after) bound what a run can
    cost. Check mode sends nothing, and returns the RV(plan) with its segments and cost.
author: onfon.sms contributors (@onfon-sms)
extends_documentation_fragment:
  - onfon.sms._connection
  - onfon.sms._attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is sent, and neither O(journal) nor O(report_file) is written. Onfon is asked only for what the plan
        needs, such as the balance for O(min_balance_after).
  diff_mode:
    support: none
    details:
      - A message has no state to diff.
  idempotent:
    support: partial
    details:
      - With O(journal) or O(dedupe_window), a second run sends no duplicates, and changes nothing once all messages are
        accepted. Without them, every run sends every message.
options:
  to:
    description:
      - Phone numbers such as V(+254700000001), V(254700000001) or V(0700 000 001), as a list, or as one text separated
        by commas. O(to) requires O(text) or O(template).
      - Quote local numbers, because YAML reads an unquoted V(0700000001) as an octal number.
      - Exactly one of O(to), O(messages) and O(recipients_file) is required.
    type: raw
  messages:
    description:
      - Recipients with a text, or with fields, of their own.
      - A number may appear with several texts. The same text to the same number is sent once.
      - Exactly one of O(to), O(messages) and O(recipients_file) is required.
    type: list
    elements: dict
    suboptions:
      to:
        description:
          - Phone number of the recipient, in any form that the option O(to) accepts.
        type: raw
        required: true
      text:
        description:
          - Text for this recipient. It cannot be combined with O(text), O(template) or O(messages[].fields).
        type: str
      fields:
        description:
          - Values for the placeholders C(##Field##) in O(text) or O(template). They take precedence over O(fields).
          - V(null) counts as missing. A list or a dictionary is rejected.
        type: dict
  recipients_file:
    description:
      - UTF-8 file of recipients, on the host where the task runs. C(.csv) with a header row, or C(.jsonl) or
        C(.ndjson) with one JSON object per line.
      - The column C(to) is the number, and C(text) the text of the row if neither O(text) nor O(template) is set. All
        other columns are fields.
      - Exactly one of O(to), O(messages) and O(recipients_file) is required.
    type: path
  text:
    description:
      - Text of the messages, which may contain placeholders C(##Field##). Mutually exclusive with O(template).
      - Trailing line breaks are removed. A text of nothing but whitespace is rejected.
    type: str
  template:
    description:
      - Name of the account's template whose text is sent. Names are case-sensitive. Mutually exclusive with O(text).
      - A name that the account does not have, or has twice, fails the task. A template that is not approved is used
        with a warning.
    type: str
  fields:
    description:
      - Values for placeholders C(##Field##), for all recipients without a value of their own. Names are case-sensitive.
      - V(null) counts as missing. A list or a dictionary is rejected.
      - A placeholder without a value makes its input row invalid, and nothing is sent.
    type: dict
  sender_id:
    description:
      - Sender id, which Onfon must have approved for the account. Case and inner whitespace are significant.
      - Required, here or in the environment variable E(ONFON_SENDER_ID).
    type: str
  default_region:
    description:
      - Country that is assumed for numbers without a plus, as a two-letter ISO 3166 code.
    type: str
    default: KE
  on_invalid:
    description:
      - What to do if an entry is not a valid phone number. V(fail) reports all such entries and sends nothing. V(skip)
        marks them V(skipped_invalid) and sends to the others.
      - Any other invalid row, such as one without a value for a placeholder, fails the task in both cases.
    type: str
    choices: [fail, skip]
    default: fail
  opt_out:
    description:
      - Numbers that must never be texted, in any form that O(to) accepts. Their recipients end as V(skipped_opt_out).
      - An invalid number fails the task regardless of O(on_invalid), so that a typing error cannot cause a message to
        someone who opted out.
    type: list
    elements: raw
  opt_out_file:
    description:
      - File with further opt-outs, on the host where the task runs.
      - A C(.csv), C(.jsonl) or C(.ndjson) file has the format of O(recipients_file). Any other file has one number per
        line; empty lines and lines that begin with C(#) are ignored.
    type: path
  unicode:
    description:
      - When to send in UCS-2, where one segment holds 70 characters instead of the 160 of GSM-7. V(auto) does so for
        texts with characters outside of GSM-7, which RV(plan.unicode_characters) names; V(always) for all.
      - V(never) makes an input row with such a text invalid, and nothing is sent.
    type: str
    choices: [auto, always, never]
    default: auto
  transliterate:
    description:
      - Replaces typographic quotation marks, dashes, ellipses and spaces by GSM-7 characters, and removes invisible
        characters, where this saves segments or O(unicode=never) requires it.
    type: bool
    default: false
  flash:
    description:
      - Sends the messages as flash SMS (class 0). Most phones show them without storing them.
    type: bool
    default: false
  schedule_at:
    description:
      - Time of delivery, such as V(2026-11-22 08:00) in O(timezone), or V(2026-11-22T08:00+03:00). Write it in quotes.
        Without it, messages are delivered at once.
      - A time that is past, or more than a year ahead, is rejected. Seconds are rounded up to a whole minute.
    type: str
  timezone:
    description:
      - Time zone of O(schedule_at) if it has no offset, and of O(quiet_hours) unless O(quiet_hours.timezone) is set.
    type: str
    default: Africa/Nairobi
  quiet_hours:
    description:
      - Hours of the day in which no message may be delivered. The time of delivery, which is now or O(schedule_at), is
        checked for each batch.
    type: dict
    suboptions:
      start:
        description:
          - Time of day at which quiet hours begin, such as V("21:00").
          - Write it in quotes. YAML reads an unquoted C(21:00) as the number 1260, which is understood, but C(0700) as
            the octal number 448, which is a different time.
        type: str
        required: true
      end:
        description:
          - Time of day at which quiet hours end, such as V("07:00") or V("24:00"). Write it in quotes. It may be on the
            following day, and must differ from O(quiet_hours.start).
        type: str
        required: true
      timezone:
        description:
          - Time zone of O(quiet_hours.start) and O(quiet_hours.end). Defaults to O(timezone).
        type: str
      action:
        description:
          - What to do in quiet hours. V(fail) fails and V(skip) succeeds, both without sending. V(schedule) lets Onfon
            deliver the messages when quiet hours end.
          - If quiet hours begin during a run, the remaining messages end as V(not_sent), or are scheduled.
        type: str
        choices: [fail, skip, schedule]
        default: fail
  max_recipients:
    description:
      - Maximum number of messages, 0 or more. Skipped recipients are not counted.
      - If the plan breaks this limit, the task fails with the RV(plan), and nothing is sent.
    type: int
  max_segments:
    description:
      - Maximum number of segments in a single message, 1 or more.
      - If the plan breaks this limit, the task fails with the RV(plan), and nothing is sent.
    type: int
  max_total_segments:
    description:
      - Maximum number of segments in all messages together, 0 or more.
      - If the plan breaks this limit, the task fails with the RV(plan), and nothing is sent.
    type: int
  min_balance_after:
    description:
      - Minimum balance after sending, in the unit of the account, 0 or more. Requires O(price_per_segment).
      - If the plan breaks this limit, the task fails with the RV(plan), and nothing is sent.
    type: float
  price_per_segment:
    description:
      - Price of one segment in the unit of the account, 0 or more. It is used for RV(plan.cost) and
        O(min_balance_after).
    type: float
  batch_size:
    description:
      - Number of messages in one request, from 1 to 1000. A batch that Onfon rejects as too large (error 042) is sent
        in halves.
    type: int
    default: 20
  concurrency:
    description:
      - Number of requests at the same time, from 1 to 32.
    type: int
    default: 4
  rate_limit:
    description:
      - Maximum number of batches that are sent per second, from 0.01 to 1000. Without it, the rate is not limited.
    type: float
  journal:
    description:
      - File in which the run records each message before it leaves, and its send status afterwards, on the host where
        the task runs. After an interruption, run the job again with the same journal to send only what is missing.
      - Use one file per job, which is an account, a sender id and a text. Do not delete it while the job may run again.
    type: path
  dedupe_window:
    description:
      - How far back the sent log is searched before sending, from V(1s) to V(31d), such as V(24h) or V(1d12h). A
        recipient who was sent the same text from the same sender id is V(skipped_already_sent).
      - For hosts that keep no O(journal). It misses what the log does not show yet. If the log cannot be read, nothing
        is sent, and the task fails.
    type: str
  settle:
    description:
      - Whether to search the sent log for messages whose reply was lost. A message is V(accepted) if the log shows its
        number, sender id and text, and V(unknown) otherwise.
    type: bool
    default: true
  settle_timeout:
    description:
      - Maximum time in seconds to settle all unknown messages, after the last batch, from 0 (search once) to 3600.
        Without a lost reply, the task does not wait.
    type: float
    default: 60
  resend_unknown:
    description:
      - Sends messages that are still V(unknown) once more, including those that an earlier run left in the O(journal).
        Some recipients may receive the message twice.
      - Requires O(settle=true). Nothing is sent again while the sent log cannot be read.
    type: bool
    default: false
  wait_for_delivery:
    description:
      - Waits until the network reports each accepted message as delivered or failed, and returns RV(delivery). The sent
        log is read every five seconds.
      - It cannot be combined with O(schedule_at).
    type: bool
    default: false
  delivery_timeout:
    description:
      - Maximum time in seconds for O(wait_for_delivery), for all messages together, from 0 to 86400. The time for a
        single request is O(timeout).
    type: float
    default: 300
  min_delivered_percent:
    description:
      - Minimum percentage of accepted messages that must be delivered within O(delivery_timeout), from 0 to 100. If
        fewer are, the task fails. Without it, undelivered messages do not fail the task.
      - Requires O(wait_for_delivery=true).
    type: float
  report_file:
    description:
      - File for the send result of each recipient, on the host where the task runs. C(.csv), or C(.jsonl) or C(.ndjson)
        for JSON lines; other names are rejected. Its columns are the keys of RV(recipients).
      - It is written during the run. An existing file is replaced when sending begins.
    type: path
  result_limit:
    description:
      - Maximum number of entries in RV(recipients) and in RV(errors), 0 or more. RV(summary) counts all recipients.
      - Ansible prints these entries when the task fails, and with C(-v).
    type: int
    default: 1000
  fail_on:
    description:
      - When recipients that end as V(rejected), V(unknown) or V(not_sent) fail the task. V(any) fails it for a single
        one, V(all) if no message was accepted in this or an earlier run. Otherwise they cause a warning.
      - Invalid rows and options, broken limits and a O(journal) or O(report_file) that cannot be written always fail.
    type: str
    choices: [any, all, never]
    default: any
  progress:
    description:
      - Whether to show the progress every five seconds. Only a task that runs in process can show it.
    type: bool
    default: true
requirements:
  - requests >= 2.28 (Python library), where the task runs
  - phonenumbers >= 8.13 (Python library), where the task runs
  - time zone data of the system, or tzdata (Python library), where the task runs, for time zones other than
    Africa/Nairobi
notes:
  - Like any task, this module runs once for each host of the play, and sends all messages each time. Use C(run_once),
    which the strategy P(ansible.builtin.free#strategy) ignores, or a play with one host.
  - C(until) and runs by hand are safe to repeat with a O(journal). With O(dedupe_window), they are as safe as the sent
    log is complete. Without both, they send duplicates.
  - Errors that affect every batch, such as invalid keys, an empty balance or a lost connection, stop the run. The
    remaining messages end as V(not_sent).
seealso:
  - module: onfon.sms.onfon_balance_info
  - module: onfon.sms.onfon_delivery_info
  - module: onfon.sms.onfon_template
  - ref: ansible_collections.onfon.sms.docsite.sending
    description: What happens to a message, what to do about each send status, and what is not guaranteed.
"""

EXAMPLES = r"""
- name: Alert the people on call
  onfon.sms.onfon_sms:
    to:
      - "+254700000001"
      - "0700 000 002"
    text: "The backup failed on {{ ansible_play_hosts_all | difference(ansible_play_hosts) | join(', ') }}."
    sender_id: ACME OPS
  run_once: true
  delegate_to: localhost

- name: Deploy and report a failure
  block:
    - name: Deploy the application
      ansible.builtin.import_role:
        name: deploy
  rescue:
    - name: Alert the people on call
      onfon.sms.onfon_sms:
        to: "{{ on_call_numbers }}"
        on_invalid: skip
        text: "Deployment failed in {{ ansible_failed_task.name }}."
        timeout: 10
        settle: false
      register: alert
      ignore_errors: true
      delegate_to: localhost

    - name: Fail the play
      ansible.builtin.fail:
        msg: "The deployment failed. Accepted alerts: {{ (alert.summary | default({})).accepted | default(0) }}."

# customers.csv:       to,Name,Area
#                      0700000001,Asha,Kilimani
#                      +254 700 000 002,Brian,Karen
# template water-off:  Dear ##Name##, there is no water in ##Area## on ##Day##.
#
# Run it again after an interruption: the journal prevents duplicates.
- name: Notify all customers in a file
  onfon.sms.onfon_sms:
    recipients_file: /srv/sms/customers.csv
    template: water-off
    fields:
      Day: Monday
    opt_out_file: /srv/sms/opt-out.txt
    journal: /srv/sms/water-off-monday.journal
    report_file: /srv/sms/water-off-monday.csv
    max_recipients: 100000
    max_segments: 2
    price_per_segment: 0.8
    min_balance_after: 1000

- name: Send each recipient an individual text
  onfon.sms.onfon_sms:
    messages:
      - to: "0700 000 001"
        text: You are on call this week.
      - to: "0700 000 002"
        text: You are on call next week.

- name: Schedule a notice outside of quiet hours
  onfon.sms.onfon_sms:
    to: "{{ staff_numbers }}"
    text: The office is closed today.
    schedule_at: "{{ closing_day }} 06:30"
    quiet_hours:
      start: "21:00"
      end: "07:00"
      action: schedule

- name: Calculate the cost without sending
  onfon.sms.onfon_sms:
    to: "{{ staff_numbers }}"
    text: The office is closed today.
    price_per_segment: 0.8
  check_mode: true
  register: dry_run

- name: Stop if the cost is too high
  ansible.builtin.assert:
    that: dry_run.plan.cost <= 500
    fail_msg: "{{ dry_run.plan.segments }} segments would cost {{ dry_run.plan.cost }}."

- name: Send without duplicates from an execution environment
  onfon.sms.onfon_sms:
    to: "{{ staff_numbers }}"
    text: The office is closed today.
    dedupe_window: 24h

- name: Alert the first person on call, and escalate if the phone is off
  block:
    - name: Alert the first person on call
      onfon.sms.onfon_sms:
        to: "0700 000 001"
        text: The database does not answer.
        wait_for_delivery: true
        delivery_timeout: 120
        min_delivered_percent: 100
  rescue:
    - name: Alert the second person on call
      onfon.sms.onfon_sms:
        to: "0700 000 002"
        text: The database does not answer, and the first person on call was not reached.

# Look at the sent messages in the portal first: some recipients may receive the message twice.
- name: Resend the messages that are still unknown
  onfon.sms.onfon_sms:
    recipients_file: /srv/sms/customers.csv
    template: water-off
    fields:
      Day: Monday
    journal: /srv/sms/water-off-monday.journal
    resend_unknown: true
"""

RETURN = r"""
plan:
  description: What the run was to send, as known before the first message left. V(null) if an input row is invalid.
  returned: on success, and on failure because of an invalid row, a limit or quiet hours, or after sending began
  type: dict
  contains:
    recipients:
      description: Number of messages to send.
      type: int
      sample: 2
    skipped_duplicate:
      description: Number of recipients with this send status.
      type: int
      sample: 1
    skipped_invalid:
      description: Number of recipients with this send status.
      type: int
      sample: 0
    skipped_opt_out:
      description: Number of recipients with this send status.
      type: int
      sample: 0
    skipped_already_sent:
      description: Number of recipients with this send status.
      type: int
      sample: 0
    unknown:
      description: Recipients that an earlier run left V(unknown) in the O(journal), and that the sent log does not
        show. They are messages to send only if O(resend_unknown=true).
      type: int
      sample: 0
    encoding:
      description: Number of messages to send in each encoding.
      type: dict
      contains:
        gsm7:
          description: Number of messages in GSM-7.
          type: int
          sample: 1
        ucs2:
          description: Number of messages in UCS-2.
          type: int
          sample: 1
    unicode_characters:
      description: Characters that require UCS-2, at most ten of them.
      type: list
      elements: str
      sample: ["ž (U+017E LATIN SMALL LETTER Z WITH CARON)"]
    segments:
      description: Number of segments in all messages to send.
      type: int
      sample: 3
    longest:
      description: Number of segments in the longest message.
      type: int
      sample: 2
    requests:
      description: Number of requests to make. A batch holds messages of one encoding, and each number once.
      type: int
      sample: 2
    cost:
      description: Cost of all segments. V(null) without O(price_per_segment).
      type: float
      sample: 2.4
    balance:
      description: Balance of the account. V(null) without O(min_balance_after).
      type: float
      sample: 1500.0
    balance_after:
      description: Balance of the account minus the cost. V(null) without O(min_balance_after).
      type: float
      sample: 1497.6
    scheduled_for:
      description: Time at which Onfon is to deliver the messages. V(null) if they are delivered at once.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
recipients:
  description: Send result of each recipient, in the given order, up to O(result_limit) entries.
  returned: on success, and on failure because of an invalid row, a limit or quiet hours, or after sending began
  type: list
  elements: dict
  contains:
    line:
      description: Position in O(to) or O(messages), from 1, or the line of O(recipients_file) where the row begins.
      type: int
      sample: 1
    to:
      description: Number as given.
      type: str
      sample: 0700 000 001
    msisdn:
      description: Number as sent to the gateway. V(null) if it is not a valid phone number.
      type: str
      sample: "254700000001"
    status:
      description:
        - V(accepted) if Onfon took the message. It is not yet delivered.
        - V(rejected) if Onfon refused the message.
        - V(unknown) if the reply was lost, and the sent log does not show the message. It may still be delivered.
        - V(not_sent) if the message did not leave, as in check mode, or because the run stopped before it.
        - V(skipped_duplicate) if an earlier row has the same number and text.
        - V(skipped_invalid) if the number is not valid, or the row cannot be sent for another reason.
        - V(skipped_opt_out) if the number is in O(opt_out) or O(opt_out_file).
        - V(skipped_already_sent) if the O(journal), or the sent log within O(dedupe_window), shows the message.
      type: str
      sample: accepted
    message_id:
      description: Onfon's id of the message. V(null) if there is none.
      type: str
      sample: 4f6c2d8e-5d0b-4a55-8f0e-0d9a1b2c3d4e
    error_code:
      description: Onfon's error code. V(null) if there is none.
      type: str
      sample: "039"
    error:
      description: What failed and what to do about it. V(null) if nothing failed.
      type: str
      sample: "Onfon error 039: the message is taken for spam. Change the text, or ask Onfon to allow it."
    segments:
      description: Number of segments in the message. V(0) if there is no message.
      type: int
      sample: 1
summary:
  description: Counts of all recipients, regardless of O(result_limit).
  returned: on success, and on failure because of an invalid row, a limit or quiet hours, or after sending began
  type: dict
  contains:
    requested:
      description: Number of input rows. It is the sum of the counts of all send statuses.
      type: int
      sample: 3
    accepted:
      description:
        - Number of recipients with this send status. Each status of RV(recipients[].status) has such a key.
      type: int
      sample: 2
    segments:
      description: Number of segments in all messages that were not skipped.
      type: int
      sample: 2
    requests:
      description: Number of batches that were sent. V(0) in check mode.
      type: int
      sample: 1
    seconds:
      description: Duration of the run in seconds.
      type: float
      sample: 0.214
errors:
  description: Invalid rows, up to O(result_limit) entries.
  returned: on failure, if an input row is invalid
  type: list
  elements: dict
  contains:
    line:
      description: Position in O(to) or O(messages), from 1, or the line of O(recipients_file) where the row begins.
      type: int
      sample: 17
    to:
      description: Number as given. Empty if it is missing.
      type: str
      sample: "0712"
    error:
      description: What is wrong, and what to change.
      type: str
      sample: '"0712" is not a phone number: correct or remove it (a number of another country needs its plus).'
delivery:
  description: What the network reports of the accepted messages. V(null) without O(wait_for_delivery).
  returned: on success, and on failure because of an invalid row, a limit or quiet hours, or after sending began
  type: dict
  contains:
    counts:
      description: Number of accepted messages in each delivery state.
      type: dict
      contains:
        delivered:
          description: Number of messages that the phone has.
          type: int
          sample: 2
        failed:
          description: Number of messages that the network gave up.
          type: int
          sample: 0
        pending:
          description: Number of messages that are still in transit.
          type: int
          sample: 0
        unrecognized:
          description: Number of messages with a network status that the collection does not know. It is not a failure.
          type: int
          sample: 0
        not_found:
          description: Number of messages that the sent log does not show.
          type: int
          sample: 0
    delivered_percent:
      description: Percentage of accepted messages that were delivered.
      type: float
      sample: 100.0
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
from ..module_utils._operations.onfon_sms import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
