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
  - Texts one person or a file of 100,000, and tells of each line what became of it.
  - Lines, texts, limits and quiet hours are checked before the first message leaves. While a line cannot be sent,
    nobody is texted, and all such lines are named at once.
  - A request that may have reached Onfon is never repeated blindly. The task looks into the account's sent log instead.
  - With O(journal) or O(dedupe_window) a second run texts nobody again.
  - In check mode nothing is sent. The task then returns the RV(plan).
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
    support: partial
    details:
      - With O(journal) or O(dedupe_window) a second run texts nobody again, and changes nothing once everybody was
        accepted. Without them each run texts people anew.
options:
  to:
    description:
      - Numbers of the people to text, such as V(+254700000001), V(254700000001) or V(0700 000 001). A number without a
        plus is taken for one of O(default_region).
      - A list of numbers, or one number, or several with commas between them.
      - A number that appears again, in whatever spelling, is texted once.
      - Write local numbers in quotes, because YAML reads V(0700000001) without quotes as an octal number. What YAML
        reads as an integer is taken with its country code.
      - Exactly one of O(to), O(messages) and O(recipients_file) is required. O(to) needs O(text) or O(template).
    type: raw
  messages:
    description:
      - People with a text, or with fields, of their own.
      - A person may have several different texts. The same text for the same person is sent once.
    type: list
    elements: dict
    suboptions:
      to:
        description:
          - Number of the person, as an entry of O(to).
        type: raw
        required: true
      text:
        description:
          - Text for this person, in place of O(text) and O(template) for all. An entry cannot have it beside one of
            those, or beside O(messages[].fields).
        type: str
      fields:
        description:
          - Values for the C(##Field##) placeholders in O(text) or O(template). They go before O(fields).
          - A field that is V(null) counts as missing. A list or a dictionary is refused.
        type: dict
  recipients_file:
    description:
      - File of the people to text, on the host where the task runs, in UTF-8 with or without byte order mark.
      - "V(.csv): commas between the columns, and a header that names them. V(.jsonl) or V(.ndjson): a JSON object a
        line. Other names are refused."
      - The column C(to) holds the number, as a text or (in JSON) as an integer with its country code. The other columns
        are fields for the C(##Field##) placeholders. A blank cell counts as missing.
      - A column C(text) is the line's own text where neither O(text) nor O(template) is set.
      - What cannot be read is reported with the number of its line, and then nobody is texted.
    type: path
  text:
    description:
      - Text of the message. C(##Field##) in it stands for a field, as in a template.
      - Line ends after the last line are left out, because a YAML block adds one. A blank text is refused.
      - O(text) and O(template) exclude each other.
    type: str
  template:
    description:
      - Name of a template of the account, whose text is sent. Capitals count. A name that the account does not have, or
        has twice, is refused.
      - A template that is not approved is used all the same, with a warning.
    type: str
  fields:
    description:
      - Values for the C(##Field##) placeholders of O(text), O(template) and each line's own text, for all lines that
        have no field of that name. Capitals count.
      - A field that is V(null) counts as missing. A list or a dictionary is refused.
      - A field that is missing, and C(##...##) that is no field, is an error of its line, and nobody is texted.
    type: dict
  sender_id:
    description:
      - Sender that people see. Onfon must have approved it. Capitals and inner blanks count.
      - If it is not set, the environment variable E(ONFON_SENDER_ID) is used. One of the two is required.
    type: str
  default_region:
    description:
      - Country of the numbers without a plus, as the two letters of ISO 3166.
    type: str
    default: KE
  on_invalid:
    description:
      - What to do about a text or an integer that is no phone number. V(fail) names all of them, and texts nobody.
        V(skip) leaves them out as V(skipped_invalid), and texts the others.
      - Whatever else is wrong with a line, such as a missing field, fails the task in any case.
    type: str
    choices: [fail, skip]
    default: fail
  opt_out:
    description:
      - Numbers that are never texted, as entries of O(to). Their lines end as V(skipped_opt_out).
      - What is no phone number fails the task, whatever O(on_invalid) says, because with a typing error in it somebody
        would be texted who asked for quiet.
    type: list
    elements: raw
  opt_out_file:
    description:
      - File of such numbers on the host where the task runs, beside those of O(opt_out).
      - V(.csv), V(.jsonl) and V(.ndjson) are read as O(recipients_file). Under any other name it holds one number a
        line; blank lines, and lines that begin with C(#), are skipped.
    type: path
  unicode:
    description:
      - Whether messages are sent as UCS-2. V(auto) does it for texts with a character that GSM-7 does not have,
        V(always) for all, and V(never) for none. With V(never) such a text is an error of its line, and nobody is
        texted.
      - GSM-7 has room for 160 characters in a single segment and 153 in each of several, and C(^{}\[~]|) and the euro
        sign count twice. UCS-2 has room for 70 and 67, and emoji count twice.
      - RV(plan.unicode_characters) names the characters that make messages UCS-2.
    type: str
    choices: [auto, always, never]
    default: auto
  transliterate:
    description:
      - Whether typographic quotation marks, dashes, dots and blanks are replaced by those of GSM-7, and characters that
        nobody sees are left out, where that saves segments or O(unicode=never) needs it.
    type: bool
    default: false
  flash:
    description:
      - Whether the message opens on the screen at once. Most phones do not keep it.
    type: bool
    default: false
  schedule_at:
    description:
      - When Onfon shall deliver, such as V(2026-11-22 08:00) in O(timezone), or V(2026-11-22T08:00+03:00). Onfon takes
        whole minutes, so that seconds are rounded up. Write it in quotes.
      - A time that is past, more than a year ahead, or left out when clocks are put forward, is refused. If the time
        comes while the task still sends, the rest is delivered at once.
    type: str
  timezone:
    description:
      - Time zone of O(schedule_at) where that names no offset, and of O(quiet_hours) where they name none.
    type: str
    default: Africa/Nairobi
  quiet_hours:
    description:
      - Hours in which nobody is texted. The time of delivery counts, which is now or O(schedule_at), and every batch is
        looked at.
    type: dict
    suboptions:
      start:
        description:
          - Time of day at which they begin, such as V("21:00").
          - Write it in quotes. YAML reads C(21:00) without them as the number 1260, which is understood all the same;
            but it reads C(0700) as the octal number 448, which is another time.
        type: str
        required: true
      end:
        description:
          - Time of day at which people may be texted again, such as V("07:00"), or V("24:00"). It may lie after
            midnight, and differs from O(quiet_hours.start).
        type: str
        required: true
      timezone:
        description:
          - Time zone of the two. If it is not set, it is O(timezone).
        type: str
      action:
        description:
          - What to do in quiet hours. V(fail) fails and texts nobody. V(skip) texts nobody either, succeeds, and says
            why in C(msg). V(schedule) lets Onfon deliver at their end.
          - If they begin during a run, the rest is V(not_sent), or with V(schedule) is delivered at their end.
        type: str
        choices: [fail, skip, schedule]
        default: fail
  max_recipients:
    description:
      - The most messages that the task may send, 0 or more. Who is skipped does not count.
      - If this limit or one of the next three would be broken, the task fails with the RV(plan), and nobody is texted.
    type: int
  max_segments:
    description:
      - The most segments of a single message, 1 or more.
    type: int
  max_total_segments:
    description:
      - The most segments of all messages together, 0 or more.
    type: int
  min_balance_after:
    description:
      - The least that must be left of the balance, in the unit of the account. It needs O(price_per_segment).
    type: float
  price_per_segment:
    description:
      - What a segment costs, in the unit of the account, 0 or more. With it the RV(plan) has a cost.
    type: float
  batch_size:
    description:
      - Messages in one request, from 1 to 1000. If Onfon says that they are too many (042), the batch is halved.
    type: int
    default: 20
  concurrency:
    description:
      - Requests at the same time, from 1 to 32.
    type: int
    default: 4
  rate_limit:
    description:
      - The most requests to send in a second, from 0.01 to 1000. Without it there is no limit.
    type: float
  journal:
    description:
      - File in which the task notes each batch before it leaves, and what became of it after. If the task is killed,
        even with C(kill -9), run it again with the same journal, and it goes on where it stopped.
      - Who was accepted is V(skipped_already_sent). What was under way is looked for in the sent log first, and is not
        sent again unless O(resend_unknown=true). Who was rejected is tried again. Who is new in the list is texted.
      - It is made where there is none, in a folder that exists, on the host where the task runs. Only its owner can
        read it. It holds salted hashes in place of numbers and texts, and message ids.
      - Each job needs one of its own, and a job is an account, a sender and a text. The journal of another job is
        refused, and so is one that another run is using.
      - The texts must be the same in both runs. Do not put the time of the run into them.
      - Keep it as long as the job may be run again. Without it everybody is texted anew.
    type: path
  dedupe_window:
    description:
      - How far back the account's sent log is read before anybody is texted, such as V(24h), V(30m) or V(1d12h); from
        V(1s) to V(31d). Who got this text from this sender since then is V(skipped_already_sent).
      - It is the second run for machines that keep no O(journal). It knows what the log shows, and no more, and
        does not look at whether it was delivered. A message that is V(unknown) because Onfon queues it late may be sent
        again by the next run.
      - If the log cannot be read, nobody is texted, and the task fails.
    type: str
  settle:
    description:
      - Whether messages whose answer was lost are looked for in the account's sent log. If it shows number, sender and
        text, the message is V(accepted). Otherwise, and with V(false), it is V(unknown).
    type: bool
    default: true
  settle_timeout:
    description:
      - Seconds to go on looking, for all of them together, after the last batch, because Onfon may queue late. From 0,
        which is a single look, to 3600. If no answer was lost, it does not wait.
    type: float
    default: 60
  resend_unknown:
    description:
      - Whether those that stay V(unknown) are sent once more, also those of an earlier run in the O(journal).
      - Some of them may get the message twice. Nobody is texted again while the sent log cannot be read, so that it
        needs O(settle=true). The RV(plan) and the limits count those that an earlier run left.
    type: bool
    default: false
  wait_for_delivery:
    description:
      - Whether to wait until the network says of each accepted message whether it was delivered. The sent log of the
        account is read every five seconds until then. See RV(delivery).
      - It goes with messages that are delivered at once, and not with O(schedule_at).
    type: bool
    default: false
  delivery_timeout:
    description:
      - Seconds to wait for that, for all messages together, from 0 to 86400. The option C(timeout) is the connection's.
    type: float
    default: 300
  min_delivered_percent:
    description:
      - How many in a hundred accepted messages must be delivered by then, from 0 to 100. If fewer are, the task fails.
        Without it, whatever the network says is no failure.
      - It needs O(wait_for_delivery=true).
    type: float
  report_file:
    description:
      - File for the outcome of every line, on the host where the task runs. V(.csv), or V(.jsonl) or V(.ndjson) for
        JSON lines; other names are refused. Its columns are the keys of RV(recipients).
      - It is written as the run goes, so that its lines are in the order in which they were known. An older one is
        replaced once sending begins. Only its owner can read a new one.
    type: path
  result_limit:
    description:
      - The most entries in RV(recipients) and in RV(errors), 0 or more. RV(summary) is always whole.
      - A failure puts all of them on the screen, and so does C(-v).
    type: int
    default: 1000
  fail_on:
    description:
      - When lines that are V(rejected), V(unknown) or V(not_sent) fail the task. V(any) fails it if there is one,
        V(all) if nobody was reached, and V(never) not at all. Where they do not fail it, they are a warning.
      - A line or an option that is wrong, a broken limit, and a O(journal) or O(report_file) that cannot be written
        fail it in any case.
    type: str
    choices: [any, all, never]
    default: any
  progress:
    description:
      - Whether a line every five seconds tells how far it is. Only a task that runs inside the controller can tell.
    type: bool
    default: true
requirements:
  - requests >= 2.28 (Python library), where the task runs
  - phonenumbers >= 8.13 (Python library), where the task runs
  - time zone data of the system, or tzdata (Python library), where the task runs, for other time zones than
    Africa/Nairobi
notes:
  - Like every task, it runs once for each host of the play, and texts people once for each. Use C(run_once), which the
    strategy P(ansible.builtin.free#strategy) ignores, or a play with one host.
  - C(until), and a second run by hand, are safe with a O(journal). With O(dedupe_window) they are as good as the sent
    log. Without both, whoever was accepted is texted again.
  - Do not delete the O(journal) while its job may be run again. A container that is thrown away needs it on a volume,
    or O(dedupe_window) in its place.
  - Check mode sends nothing, and asks Onfon only for what it must read, which is the templates for O(template), the
    balance for O(min_balance_after), and the sent log for O(dedupe_window) and for what a O(journal) left open. It
    writes neither O(journal) nor O(report_file).
  - What the next batch would meet too ends the run at once, such as a wrong key or sender, a locked account, an empty
    wallet, no connection, or ten lost answers in a row. The rest is V(not_sent).
  - Dates in the sent log are taken for those of Nairobi, because Onfon does not say.
seealso:
  - module: onfon.sms.onfon_balance_info
  - module: onfon.sms.onfon_template
  - name: Sending, step by step
    description: What happens to a message, what each status means, and what is not promised.
    link: https://github.com/onfon-sms/ansible-collection-onfon.sms/blob/main/docs/sending.md
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

# customers.csv:  to,Name,Area
#                 0700000001,Asha,Kilimani
#                 +254 700 000 002,Brian,Karen
# water-off:      Dear ##Name##, there is no water in ##Area## on ##Day##.
- name: Tell everybody in a file, and go on where it stopped if it is run again
  onfon.sms.onfon_sms:
    recipients_file: /srv/sms/customers.csv
    template: water-off
    fields:
      Day: Monday
    opt_out_file: /srv/sms/stop.txt
    journal: /srv/sms/water-off-monday.journal
    report_file: /srv/sms/water-off-monday.csv
    max_recipients: 100000
    max_segments: 2
    price_per_segment: 0.8
    min_balance_after: 1000

- name: Give each person a text of their own
  onfon.sms.onfon_sms:
    messages:
      - to: "0700 000 001"
        text: You are on call this week.
      - to: "0700 000 002"
        text: You are on call next week.

- name: Tell people early in the morning, but not before quiet hours end
  onfon.sms.onfon_sms:
    to: "{{ staff_numbers }}"
    text: The office is closed today.
    schedule_at: "{{ closing_day }} 06:30"
    quiet_hours:
      start: "21:00"
      end: "07:00"
      action: schedule

- name: Ask what it would cost
  onfon.sms.onfon_sms:
    to: "{{ staff_numbers }}"
    text: The office is closed today.
    price_per_segment: 0.8
  check_mode: true
  register: dry_run

- name: Stop if that is too much
  ansible.builtin.assert:
    that: dry_run.plan.cost <= 500
    fail_msg: "{{ dry_run.plan.segments }} segments would cost {{ dry_run.plan.cost }}."

- name: Text people from an execution environment, which keeps no files
  onfon.sms.onfon_sms:
    to: "{{ staff_numbers }}"
    text: The office is closed today.
    dedupe_window: 24h

- name: Text the person on call, and call somebody else if the phone is off
  block:
    - name: Text the person on call
      onfon.sms.onfon_sms:
        to: "0700 000 001"
        text: The database does not answer.
        wait_for_delivery: true
        delivery_timeout: 120
        min_delivered_percent: 100
  rescue:
    - name: Text the next one
      onfon.sms.onfon_sms:
        to: "0700 000 002"
        text: The database does not answer, and the person on call was not reached.

# Whoever is still unknown was not found in the sent log. Look there yourself first: some may get the message twice.
- name: Text those again whose fate is not known
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
  description: What is to be sent, as it was known before the first message left. V(null) if a line is wrong.
  returned: on success, and on failure if a line is wrong, if a limit or quiet hours forbid it, or if sending began
  type: dict
  contains:
    recipients:
      description: Messages to be sent.
      type: int
      sample: 2
    skipped_duplicate:
      description: Lines with this status.
      type: int
      sample: 1
    skipped_invalid:
      description: Lines with this status.
      type: int
      sample: 0
    skipped_opt_out:
      description: Lines with this status.
      type: int
      sample: 0
    skipped_already_sent:
      description: Lines with this status.
      type: int
      sample: 0
    unknown:
      description: Lines that an earlier run with this O(journal) left open, and that the sent log does not show.
      type: int
      sample: 0
    encoding:
      description: Messages to be sent in each alphabet.
      type: dict
      contains:
        gsm7:
          description: Messages in GSM-7.
          type: int
          sample: 1
        ucs2:
          description: Messages in UCS-2.
          type: int
          sample: 1
    unicode_characters:
      description: Characters that make messages UCS-2, at most ten of them.
      type: list
      elements: str
      sample: ["ž (U+017E LATIN SMALL LETTER Z WITH CARON)"]
    segments:
      description: Segments of these messages in all.
      type: int
      sample: 3
    longest:
      description: Segments of the longest message.
      type: int
      sample: 2
    requests:
      description: Requests that it takes. A batch holds one alphabet, and nobody twice.
      type: int
      sample: 2
    cost:
      description: Cost of the segments. V(null) without O(price_per_segment).
      type: float
      sample: 2.4
    balance:
      description: Balance of the account. V(null) without O(min_balance_after).
      type: float
      sample: 1500.0
    balance_after:
      description: What would be left of it. V(null) without O(min_balance_after).
      type: float
      sample: 1497.6
    scheduled_for:
      description: When Onfon is to deliver. V(null) for at once.
      type: str
      sample: "2026-11-22T08:00:00+03:00"
recipients:
  description: What became of each line, in the order in which they were given; the first O(result_limit) of them.
  returned: on success, and on failure if a line is wrong, if a limit or quiet hours forbid it, or if sending began
  type: list
  elements: dict
  contains:
    line:
      description: Its place in O(to) or O(messages), from 1, or the line of O(recipients_file) where it begins.
      type: int
      sample: 1
    to:
      description: The number as it was given.
      type: str
      sample: 0700 000 001
    msisdn:
      description: The number as it was sent. V(null) where it is no phone number.
      type: str
      sample: "254700000001"
    status:
      description:
        - V(accepted) if Onfon queued the message, which does not yet mean that it was delivered.
        - V(rejected) if Onfon refused it.
        - V(unknown) if Onfon did not say, and the sent log does not show it. The message may still be delivered.
        - V(not_sent) if the message did not leave, as in check mode, or after the run stopped.
        - V(skipped_duplicate) if a line before has the same number and text.
        - V(skipped_invalid) if it is no phone number, or cannot be sent for another reason.
        - V(skipped_opt_out) if the number is in O(opt_out) or O(opt_out_file).
        - V(skipped_already_sent) if the O(journal), or the sent log in O(dedupe_window), shows that it was sent before.
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
    segments:
      description: Segments of the message. V(0) where there is none.
      type: int
      sample: 1
summary:
  description: The lines counted, all of them.
  returned: on success, and on failure if a line is wrong, if a limit or quiet hours forbid it, or if sending began
  type: dict
  contains:
    requested:
      description: Lines that were given. It is the sum of all statuses.
      type: int
      sample: 3
    accepted:
      description:
        - Lines with this status. There is such a count for every status of RV(recipients[].status).
      type: int
      sample: 2
    segments:
      description: Segments of all messages that are not skipped.
      type: int
      sample: 2
    requests:
      description: Batches that were sent. In check mode it is 0.
      type: int
      sample: 1
    seconds:
      description: How long it took.
      type: float
      sample: 0.214
errors:
  description: Lines that cannot be sent; the first O(result_limit) of them.
  returned: on failure, if there are such lines
  type: list
  elements: dict
  contains:
    line:
      description: Its place in O(to) or O(messages), from 1, or the line of O(recipients_file) where it begins.
      type: int
      sample: 17
    to:
      description: The number as it was given, blank where it is missing.
      type: str
      sample: "0712"
    error:
      description: What is wrong, and what to change.
      type: str
      sample: '"0712" is not a phone number: correct or remove it (that of another country needs its plus).'
delivery:
  description: What the network says of the accepted messages. V(null) without O(wait_for_delivery).
  returned: on success, and on failure if a line is wrong, if a limit or quiet hours forbid it, or if sending began
  type: dict
  contains:
    counts:
      description: How many messages there are of each status.
      type: dict
      contains:
        delivered:
          description: Messages with this status.
          type: int
          sample: 2
        failed:
          description: Messages with this status.
          type: int
          sample: 0
        pending:
          description: Messages with this status.
          type: int
          sample: 0
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
      type: float
      sample: 100.0
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
from ..module_utils._operations.onfon_sms import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
