# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_sms and onfon_balance_info against the sandbox gateway's own books."""

from __future__ import annotations

import pytest

from tests.support.ansible import Ansible, Task, returned
from tests.support.sandbox import Sandbox

SMS = "onfon.sms.onfon_sms"
FIRST, SECOND, ABROAD = "254700000001", "254700000002", "447911123456"


def phones(sandbox: Sandbox) -> list[str]:
    """Who is texted, by the gateway's own books."""
    return [message["msisdn"] for message in sandbox.messages() if not message["code"]]


@pytest.mark.parametrize("shipped", [False, True])
def test_each_person_is_texted_once_and_told_apart(ansible: Ansible, sandbox: Sandbox, shipped: bool) -> None:
    task = {SMS: {"to": ["0700 000 001", f"+{SECOND}", int(FIRST)], "text": "Disk full"}}
    sent = ansible.tasks(task, shipped=shipped).last
    assert sent["changed"]
    assert [row["status"] for row in sent["recipients"]] == ["accepted", "accepted", "skipped_duplicate"]
    assert [row["msisdn"] for row in sent["recipients"]] == [FIRST, SECOND, FIRST]
    assert phones(sandbox) == [FIRST, SECOND]
    ids = [message["message_id"] for message in sandbox.messages()]
    assert [row["message_id"] for row in sent["recipients"]] == [*ids, None]
    assert sent["summary"] == {
        "requested": 3,
        "segments": 2,
        "accepted": 2,
        "rejected": 0,
        "unknown": 0,
        "not_sent": 0,
        "skipped_duplicate": 1,
    }


@pytest.mark.parametrize("shipped", [False, True])
def test_a_dry_run_says_who_would_be_texted_and_texts_nobody(ansible: Ansible, sandbox: Sandbox, shipped: bool) -> None:
    task = {SMS: {"to": [FIRST, FIRST], "text": "Disk full"}}
    planned = ansible.tasks(task, shipped=shipped, args=["--check"]).last
    assert planned["changed"]
    assert [row["status"] for row in planned["recipients"]] == ["not_sent", "skipped_duplicate"]
    assert sandbox.messages() == []
    sent = ansible.tasks(task, shipped=shipped).last
    assert [row["msisdn"] for row in sent["recipients"]] == [row["msisdn"] for row in planned["recipients"]]
    assert planned["summary"]["not_sent"] == sent["summary"]["accepted"] == len(sandbox.messages())
    assert planned["summary"]["segments"] == sent["summary"]["segments"] == sandbox.messages()[0]["segments"]


def test_shipped_and_in_process_return_the_same(ansible: Ansible, sandbox: Sandbox) -> None:
    tasks: list[Task] = [
        {SMS: {"to": [FIRST, SECOND], "text": "Disk \u201cfull\u201d 😀"}},
        {SMS: {"to": [FIRST, ABROAD], "text": "x"}, "ignore_errors": True},
        {SMS: {"to": [FIRST], "text": "x", "sender_id": "STRANGER"}, "ignore_errors": True},
        {SMS: {"to": [FIRST], "text": "x"}, "check_mode": True},
        {"onfon.sms.onfon_balance_info": {}},
    ]
    here = ansible.tasks(*tasks)
    sandbox.reset()
    there = ansible.tasks(*tasks, shipped=True)
    assert [returned(result) for result in there.results] == [returned(result) for result in here.results]
    assert len(here.results) == len(tasks)


def test_a_number_without_a_route_fails_the_task_and_the_others_are_texted(ansible: Ansible, sandbox: Sandbox) -> None:
    played = ansible.tasks({SMS: {"to": [f"+{ABROAD}", FIRST], "text": "Disk full"}})
    refused, accepted = played.last["recipients"]
    assert played.returncode == 2
    assert played.last["changed"]
    assert (refused["status"], accepted["status"]) == ("rejected", "accepted")
    assert refused["error_code"] in ("412", "805")
    assert f"1 of 2 recipients not accepted. {ABROAD} rejected: Onfon error" in played.last["msg"]
    assert phones(sandbox) == [FIRST]


def test_a_sender_that_is_not_approved_texts_nobody(ansible: Ansible, sandbox: Sandbox) -> None:
    failed = ansible.tasks({SMS: {"to": [FIRST], "text": "Disk full", "sender_id": "STRANGER"}}).last
    assert not failed["changed"]
    assert [row["status"] for row in failed["recipients"]] == ["rejected"]
    assert failed["error"]["code"] in ("015", "401")
    assert "portal lists as approved" in failed["msg"]
    assert phones(sandbox) == []


@pytest.mark.parametrize(
    ("text", "unicode", "segments"),
    [
        ("a" * 160, False, 1),
        ("a" * 159 + "€", False, 2),
        ("ж" * 70, True, 1),
        ("ж" * 71, True, 2),
        ("😀" * 35, True, 1),
    ],
)
def test_the_gateway_is_told_the_alphabet_and_takes_money_for_the_same_segments(
    ansible: Ansible, sandbox: Sandbox, text: str, unicode: bool, segments: int
) -> None:
    sent = ansible.tasks({SMS: {"to": [FIRST], "text": text}}, {"onfon.sms.onfon_balance_info": {}}).results
    message = sandbox.messages()[0]
    assert (message["text"], message["unicode"], message["segments"]) == (text, unicode, segments)
    assert sent[0]["summary"]["segments"] == segments
    assert sent[1]["credits"] == pytest.approx(5000 - 0.8 * segments)
    assert sent[1]["balances"][0]["currency"] == "KSh"


def test_without_money_nobody_is_texted(ansible: Ansible, sandbox: Sandbox) -> None:
    long = "a" * 153 * 400
    results = ansible.tasks(
        {SMS: {"to": [f"2547000000{n:02}" for n in range(15)], "text": long}, "ignore_errors": True},
        {SMS: {"to": [f"2547000000{n:02}" for n in range(15)], "text": long}, "ignore_errors": True},
    ).results
    assert [result["changed"] for result in results] == [True, False]
    assert results[1]["error"]["class"] == "funds"
    assert results[1]["msg"] == (
        "Onfon error 021: insufficient wallet credits. Top up the account in the Onfon portal. Nobody was texted."
    )
    assert {row["status"] for row in results[1]["recipients"]} == {"rejected"}
