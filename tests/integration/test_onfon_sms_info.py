# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was sent and what became of it, read in real plays: in check mode and for real, in process and shipped."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

from tests.support.ansible import Ansible, Task, returned
from tests.support.sandbox_server import SandboxServer

SEND, SMS, CAMPAIGNS = "onfon.sms.onfon_sms", "onfon.sms.onfon_sms_info", "onfon.sms.onfon_campaign_info"
STATISTICS, DELIVERY = "onfon.sms.onfon_campaign_statistics_info", "onfon.sms.onfon_delivery_info"
FIRST, LOCAL = "254700000001", "0700000002"


def send(sandbox: SandboxServer, *numbers: str) -> list[str]:
    """Have texted these, in one campaign; returns the ids. A local number is never delivered."""
    rows = [{"Number": number, "Text": f"Hello, \u201c{number}\u201d"} for number in numbers]
    answer = sandbox.post("SendBulkSMS", SenderId=sandbox.sender_id, MessageParameters=rows, IsUnicode=True)
    return [row["MessageId"] for row in answer["Data"]]


def test_results_are_the_same_in_check_mode_in_process_and_shipped(ansible: Ansible, sandbox: SandboxServer) -> None:
    ids = send(sandbox, FIRST, LOCAL)
    send(sandbox, "254700000003")
    # YAML reads a date without quotes as a date, and not as a text.
    date = datetime.datetime.fromisoformat(sandbox.messages()[0]["time"]).date()
    tasks: list[Task] = [
        {CAMPAIGNS: {"from_date": date, "limit": 1}},
        {STATISTICS: {"from_date": "7d"}},
        {SMS: {"from_date": date, "page_size": 1}},
        {SMS: {"msisdn": "0700 000 001", "limit": 0}},
        {SMS: {"status": ["pending", "EXPIRED"]}},
        {DELIVERY: {"message_ids": ids, "wait": False}},
        {DELIVERY: {"message_ids": [*ids, "nobody's"], "wait": False, "min_delivered_percent": 50}},
        {SMS: {"export_file": "log.txt"}},
        {DELIVERY: {"message_ids": [None]}},
    ]
    alike = [{**task, "ignore_errors": True} for task in tasks]
    here = ansible.tasks(*alike, *({**task, "check_mode": True} for task in alike))
    there = ansible.tasks(*alike, shipped=True)
    results = [returned(result) for result in here.results[: len(tasks)]]
    assert [returned(result) for result in here.results[len(tasks) :]] == results
    assert [returned(result) for result in there.results] == results
    assert "Traceback" not in here.output + there.output
    assert ["error" in result for result in results] == [False] * 6 + [True] * 3
    assert not any(result["changed"] for result in results)

    campaigns, statistics, log, one, pending, deliveries, too_few = results[:7]
    assert [(campaign["id"], campaign["total"]) for campaign in campaigns["campaigns"]] == [("1", 2)]
    assert [entry["counts"]["pending"] for entry in statistics["statistics"]] == [1, 0]
    assert [entry["counts"]["delivered"] for entry in statistics["statistics"]] == [1, 1]
    assert [row["msisdn"] for row in log["sms"]] == [FIRST, LOCAL, "254700000003"]
    assert log["sms"][0]["text"] == f"Hello, \u201c{FIRST}\u201d"
    assert (one["sms"], one["summary"]["by_status"]["delivered"]) == ([], 1)
    assert [row["message_id"] for row in pending["sms"]] == ids[1:]
    assert [row["status"] for row in deliveries["messages"]] == ["delivered", "pending"]
    assert too_few["counts"] == {"delivered": 1, "failed": 0, "pending": 1, "unrecognized": 0, "not_found": 1}
    assert "33.33 % of 3 messages were delivered" in too_few["msg"]


def test_the_export_file_is_not_written_in_check_mode(ansible: Ansible, sandbox: SandboxServer) -> None:
    send(sandbox, FIRST, LOCAL)
    here, there = ansible.folder / "here.csv", ansible.folder / "there.csv"
    played = ansible.tasks(
        {SMS: {"export_file": str(ansible.folder / "dry.csv")}, "check_mode": True},
        {SMS: {"export_file": str(here)}},
        {SMS: {"export_file": str(there)}, "environment": {"A": "b"}},
    )
    assert [result["summary"]["total"] for result in played.results] == [2, 2, 2]
    assert not (ansible.folder / "dry.csv").exists()
    assert here.read_bytes() == there.read_bytes()
    with here.open(encoding="utf-8", newline="") as file:
        assert [row["msisdn"] for row in csv.DictReader(file)] == [FIRST, LOCAL]


def test_a_play_sends_and_waits_for_delivery(tmp_path: Path) -> None:
    ids: Any = "{{ sent.recipients | map(attribute='message_id') | select | list }}"
    with SandboxServer("--delivery-delay", "4", "--failure-rate", "0.3", "--seed", "1") as sandbox:
        played = Ansible(tmp_path, sandbox.environment).tasks(
            {SEND: {"to": [f"2547000000{number:02}" for number in range(20)], "text": "hi"}, "register": "sent"},
            {DELIVERY: {"message_ids": ids, "wait": False}},
            {DELIVERY: {"message_ids": ids, "interval": 1, "wait_timeout": 60, "min_delivered_percent": 25}},
            {SMS: {}},
        )
        assert played.returncode == 0, played.output
        messages = {message["message_id"]: message["status"] for message in sandbox.messages()}
    at_once, in_the_end, log = played.results[1:]
    assert at_once["counts"]["pending"] > 0
    assert (in_the_end["counts"]["pending"], in_the_end["counts"]["not_found"]) == (0, 0)
    assert in_the_end["counts"]["delivered"] + in_the_end["counts"]["failed"] == 20
    assert in_the_end["counts"]["failed"] > 0
    assert {row["message_id"]: row["raw_status"] for row in in_the_end["messages"]} == messages
    assert sum(failure["total"] for failure in log["summary"]["failures"]) == in_the_end["counts"]["failed"]
    assert log["summary"]["slowest"][0]["seconds"] > 1
    assert "onfon_delivery_info: " in played.output
