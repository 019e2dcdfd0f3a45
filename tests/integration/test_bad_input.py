# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each invalid input fails in time with one sentence that says what to change, and changes nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.ansible import Ansible, Task, returned, shipped
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

GROUP, TEMPLATE, SMS = "onfon.sms.onfon_group", "onfon.sms.onfon_template", "onfon.sms.onfon_sms"
ACCOUNT = "onfon.sms.onfon_account"
NUMBER = "254700000001"
TEXTED = {"to": [NUMBER], "text": "x"}

# module, options, a part of the sentence
CASES: list[tuple[str, dict[str, Any], str]] = [
    (SMS, {"to": [], "text": "x"}, "to is empty: give at least one number."),
    (SMS, {"to": [NUMBER], "text": " \n"}, "text is blank: give the text of the message."),
    (SMS, {"to": [NUMBER]}, "text and template are missing: give one of them."),
    (SMS, {"to": [NUMBER], "text": "x", "sender_id": " "}, "sender_id is missing: set it, or ONFON_SENDER_ID"),
    (SMS, {"to": ["0700 000 00", "+254700000001"], "text": "x"}, '"0700 000 00" is not a phone number: correct or'),
    (SMS, {"to": [117440513], "text": "x"}, '"117440513" is not a phone number: put it in quotes'),
    (SMS, {"to": ["0700FLOWER"], "text": "x"}, '"0700FLOWER" is not a phone number'),
    (
        SMS,
        {"to": [{"number": NUMBER}], "text": "x"},
        "is not a phone number: correct or remove it (a number of another",
    ),
    (SMS, {"text": "x"}, "one of the following is required: to, messages, recipients_file"),
    (SMS, {**TEXTED, "messages": [{"to": NUMBER}]}, "parameters are mutually exclusive: to|messages|recipients_file"),
    (SMS, {**TEXTED, "template": "disk"}, "parameters are mutually exclusive: text|template"),
    (SMS, {"to": [NUMBER], "template": "disk"}, 'There is no template "disk". Names are case-sensitive; the account'),
    (SMS, {"to": [NUMBER], "text": "Dear ##Name##"}, "Entry 1: the field Name is missing: it has none"),
    (SMS, {"to": [NUMBER], "text": "Dear ## Name ##"}, "## Name ## is not a field: write it like ##Name##"),
    (SMS, {"to": [NUMBER], "text": "\U0001f525", "unicode": "never"}, "U+1F525 FIRE"),
    (SMS, {"messages": [{"to": NUMBER}]}, "Entry 1: it has no text: give it one, or set text or template for all."),
    (SMS, {"recipients_file": "people.csv", "text": "x"}, "There is no file people.csv where the task runs"),
    (SMS, {"recipients_file": "people.xlsx", "text": "x"}, "has no known file type: name it .csv or .jsonl"),
    (SMS, {**TEXTED, "opt_out": ["07"]}, 'correct (in quotation marks) or remove entry 1 of opt_out ("07").'),
    (SMS, {**TEXTED, "default_region": "Kenya"}, "give its two letters of ISO 3166, such as KE."),
    (SMS, {**TEXTED, "schedule_at": "2020-01-01 08:00"}, "is in the past: it is"),
    (SMS, {**TEXTED, "schedule_at": "tomorrow"}, "is not a date and time: write it like 2026-11-22 08:00."),
    (SMS, {**TEXTED, "timezone": "Nairobi"}, "is not a time zone: write it like Africa/Nairobi"),
    (SMS, {**TEXTED, "quiet_hours": {"start": "9 pm", "end": "07:00"}}, 'write it like "21:00", in quotes.'),
    (SMS, {**TEXTED, "max_recipients": 0}, "The number of recipients (1) is more than max_recipients (0)."),
    (SMS, {**TEXTED, "batch_size": 0}, "batch_size is 0: give from 1 to 1000."),
    (
        SMS,
        {**TEXTED, "min_balance_after": 5},
        "missing parameter(s) required by 'min_balance_after': price_per_segment",
    ),
    (SMS, {**TEXTED, "dedupe_window": "a day"}, "write it like 24h, 30m or 1d12h."),
    (SMS, {**TEXTED, "journal": "nowhere/journal"}, "is in a folder that does not exist: create the folder"),
    (SMS, {**TEXTED, "journal": ""}, "journal is empty: give a path, or leave it out."),
    (SMS, {**TEXTED, "report_file": "report.txt"}, "must end with .csv, .jsonl or .ndjson"),
    (SMS, {**TEXTED, "resend_unknown": True, "settle": False}, "resend_unknown requires settle"),
    (SMS, {**TEXTED, "min_delivered_percent": 90}, "min_delivered_percent requires wait_for_delivery"),
    (ACCOUNT, {}, "Nothing is declared: set groups, templates or both."),
    (ACCOUNT, {"groups": ["Ops", 7]}, "Entry 2 of groups has a name that is not a text: put it in quotation marks."),
    (ACCOUNT, {"groups": ["Ops", "Ops"]}, 'groups has "Ops" more than once: leave one entry of each name.'),
    (
        ACCOUNT,
        {"groups": ["Ops", "OPS"]},
        'Onfon may not tell the group "OPS" from "Ops", which is declared too: leave',
    ),
    (ACCOUNT, {"groups": ["a ", "b "]}, "2 resources cannot be made as declared, so nothing was changed."),
    (ACCOUNT, {"groups": [{"name": "Ops", "state": "gone"}]}, "has the state gone: give present or absent."),
    (ACCOUNT, {"templates": [{"text": "x"}]}, "missing required arguments: name found in templates"),
    (ACCOUNT, {"templates": [{"name": "new", "text": ""}]}, "The text of entry 1 of templates is blank: give the text"),
    (ACCOUNT, {"templates": [{"name": "new"}]}, 'There is no template "new" yet: set text to create it.'),
    (ACCOUNT, {"groups": [], "renames": {"a": "b"}}, 'renames gives "a" the name "b", which is not declared'),
    (ACCOUNT, {"templates": [], "purge_groups": True}, "purge_groups requires groups: list what stays."),
    (ACCOUNT, {"groups": [], "purge_limit": -1}, "purge_limit is -1: give 0 or more."),
    (ACCOUNT, {"groups": [], "concurrency": 99}, "concurrency is 99: give from 1 to 32."),
    (TEMPLATE, {"name": "new"}, 'There is no template "new" yet: set text to create it.'),
    (TEMPLATE, {"name": "new", "text": " "}, "text is blank: give the text of the template."),
    (GROUP, {}, "one of the following is required: name, id"),
    (GROUP, {"name": None, "state": "absent"}, "name and id are both empty: give one of them."),
    (GROUP, {"name": " "}, "name is blank: give a name."),
    (GROUP, {"name": "New "}, 'A group cannot be named "New ": give one line of text that does not'),
    (ACCOUNT, {"groups": [0]}, "Entry 1 of groups has a name that is not a text: put it in quotation marks."),
    (
        ACCOUNT,
        {"templates": [{"name": "a", "text": False}]},
        "Entry 1 of templates has a text that is not a text: put it",
    ),
    (ACCOUNT, {"groups": [], "protect": [{"a": "b"}]}, "Entry 1 of protect is not a text, or is blank: give names"),
    (GROUP, {"name": "Ops", "state": "gone"}, "value of state must be one of: present, absent, got: gone"),
    (GROUP, {"name": "Ops", "new_name": "x", "state": "absent"}, "new_name requires state present"),
    (GROUP, {"id": 999}, "There is no group with id 999: Onfon gives ids itself"),
    (GROUP, {"name": "Ops", "colour": "red"}, "Unsupported parameters for (onfon.sms.onfon_group) module: colour."),
    (GROUP, {"name": "Ops", "api_url": "api.example.com"}, "api_url is not an http or https address: give one like"),
    (GROUP, {"name": "Ops", "api_url": "http://api.example.com/v1/sms"}, "would carry the keys in clear: use https"),
    (GROUP, {"name": "Ops", "api_url": "https://u:p@api.example.com"}, "must not hold a user or a password"),
    (GROUP, {"name": "Ops", "api_url": "https://nowhere.invalid/v1", "retries": 0}, "No connection to https://nowhere"),
    (GROUP, {"name": "Ops", "api_key": "wrong+key/=="}, "Onfon error 007: the API credentials are not valid. Check"),
    (GROUP, {"name": "Ops", "access_key": "wrong+key/=="}, "Onfon error 010 (HTTP 401): access to the API is not"),
    (
        GROUP,
        {"name": "Ops", "api_key": "line\nbreak"},
        "api_key or ONFON_API_KEY holds whitespace",
    ),
    (
        GROUP,
        {"name": "Ops", "client_id": ""},
        "client_id is missing: set it, or ONFON_CLIENT_ID in the environment.",
    ),
    (GROUP, {"name": "Ops", "timeout": 0}, "timeout must be more than 0 and at most 3600 seconds."),
    (GROUP, {"name": "Ops", "retries": -1}, "retries must be 0 or more."),
    (
        GROUP,
        {"name": "Ops", "ca_path": "/nowhere.pem", "api_url": "https://127.0.0.1:1"},
        "The certificates to trust",
    ),
]


def test_each_invalid_option_fails_with_its_message_and_changes_nothing(
    ansible: Ansible, sandbox: SandboxServer
) -> None:
    tasks: list[Task] = [{module: options, "ignore_errors": True} for module, options, _sentence in CASES]
    here = ansible.tasks(*tasks)
    said = [(sentence, result["msg"]) for (_module, _options, sentence), result in zip(CASES, here.results)]
    assert [(sentence, msg) for sentence, msg in said if sentence not in msg] == []
    assert len(said) == len(CASES)
    assert all("\n" not in result["msg"] and not result.get("changed") for result in here.results)
    assert "Traceback" not in here.output
    assert (sandbox.get("Group")["Data"], sandbox.get("Template")["Data"]) in ([[], []], ([], []))
    assert sandbox.messages() == []


def test_shipped_and_in_process_fail_with_the_same_message(ansible: Ansible) -> None:
    # Of each kind of refusal one: the argument spec's, an operation's, the connection's, the gateway's, the state's.
    kinds = (
        "one of the following",
        "Unsupported",
        "must be one of",
        "to is empty",
        "in quotes",
        "in clear",
        "007",
        "id 999",
    )
    chosen = [next(case for case in CASES if kind in case[2]) for kind in kinds]
    tasks: list[Task] = [{module: options, "ignore_errors": True} for module, options, _sentence in chosen]
    results = [returned(result) for result in ansible.tasks(*tasks, *map(shipped, tasks)).results]
    assert len(results) == 2 * len(tasks)
    assert results[len(tasks) :] == results[: len(tasks)]


def test_duplicate_names_are_resolved_by_id(ansible: Ansible, sandbox: SandboxServer) -> None:
    sandbox.post("Group", GroupName="Ops")
    sandbox.post("Group", GroupName="Interns")
    results = ansible.tasks(
        {GROUP: {"name": "Ops", "new_name": "Interns"}, "ignore_errors": True},
        {GROUP: {"id": 2, "name": "Ops"}, "ignore_errors": True},
        {GROUP: {"id": 2, "name": "Ops", "state": "absent"}, "ignore_errors": True},
        {GROUP: {"name": "OPS"}, "ignore_errors": True},
    ).results
    hint = "remove one of them, or leave out the rename."
    assert [result["msg"] for result in results] == [
        f'The name "Interns" is taken by another group (id 2), so "Ops" (id 1) cannot have it: {hint}',
        f'The name "Ops" is taken by another group (id 1), so "Interns" (id 2) cannot have it: {hint}',
        'The group with id 2 is named "Interns", not "Ops": correct the name or the id.',
        'Onfon may not tell "OPS" from the group "Ops" (id 1): name that one, or rename it.',
    ]
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Ops", "Interns"]


@pytest.fixture
def hanging() -> Iterator[str]:
    """The URL of a gateway that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1/sms"


@pytest.fixture
def closed() -> Iterator[str]:
    """The URL of a gateway that refuses connections; its port stays taken."""
    with StubServer(listening=False) as server:
        yield server.url


def test_a_hanging_or_closed_gateway_fails_within_the_timeout(ansible: Ansible, hanging: str, closed: str) -> None:
    tasks: list[Task] = [
        {GROUP: {"name": "Ops", "api_url": hanging, "timeout": 0.5}, "ignore_errors": True},
        {SMS: {**TEXTED, "api_url": hanging, "timeout": 0.5, "settle": False}, "ignore_errors": True},
        {SMS: {**TEXTED, "api_url": closed, "retries": 1}, "ignore_errors": True},
    ]
    begun = time.monotonic()
    results = ansible.tasks(*tasks, *map(shipped, tasks)).results
    # Without its timeout, a task would wait for 30 s and more, and there are six.
    assert time.monotonic() - begun < 120
    for group, unknown, unsent in (results[:3], results[3:]):
        assert {result["error"]["class"] for result in (group, unknown, unsent)} == {"transport"}
        assert "did not answer within 0.5 s. Raise timeout if it is only slow." in group["msg"]
        assert [row["status"] for row in unknown["recipients"]] == ["unknown"]
        assert "did not answer within 0.5 s. Check the sent messages in the Onfon portal" in unknown["msg"]
        assert unknown["changed"]
        assert [row["status"] for row in unsent["recipients"]] == ["not_sent"]
        assert "connection refused. 1 of 1 recipient was not accepted. Nothing was sent. Check" in unsent["msg"]
        assert not unsent["changed"]
