# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_delivery_info in real plays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.ansible import Ansible, same_everywhere
from tests.support.sandbox_server import SandboxServer

SEND, SMS, DELIVERY = "onfon.sms.onfon_sms", "onfon.sms.onfon_sms_info", "onfon.sms.onfon_delivery_info"


def test_deliveries_are_the_same_in_check_mode_in_process_and_shipped(ansible: Ansible, ids: list[str]) -> None:
    found, too_few, invalid = same_everywhere(
        ansible,
        {DELIVERY: {"message_ids": ids, "wait": False}},
        {DELIVERY: {"message_ids": [*ids, "nobody's"], "wait": False, "min_delivered_percent": 50}},
        {DELIVERY: {"message_ids": [None]}},
    )
    assert ["error" in result for result in (found, too_few, invalid)] == [False, True, True]
    assert [row["status"] for row in found["messages"]] == ["delivered", "pending"]
    assert too_few["counts"] == {"delivered": 1, "failed": 0, "pending": 1, "unrecognized": 0, "not_found": 1}
    assert "33.33 % of 3 messages were delivered" in too_few["msg"]


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
