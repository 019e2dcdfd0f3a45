# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gateway that fails: what is claimed is what its own books say. test_never_twice.py has what the sent log is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer

GROUP, TEMPLATE, SMS = "onfon.sms.onfon_group", "onfon.sms.onfon_template", "onfon.sms.onfon_sms"
NUMBERS = [f"2547000000{last:02}" for last in range(4)]

# What the gateway does although its reply is lost, and what it does not.
ACTED = ["reset-after", "503-after", "truncated", "hang"]
NOT_ACTED = ["reset-before", "503-before", "html-520"]


@contextmanager
def faulty(folder: Path, *faults: str, dialect: str = "live") -> Iterator[tuple[Ansible, SandboxServer]]:
    flags = [word for fault in faults for word in ("--fault", fault)]
    with SandboxServer("--dialect", dialect, *flags) as sandbox:
        yield Ansible(folder, sandbox.environment), sandbox


@pytest.mark.parametrize("fault", ACTED)
def test_a_write_with_a_lost_reply_is_settled_by_listing(tmp_path: Path, fault: str) -> None:
    with faulty(tmp_path, f"{fault}@WRITE:1:1") as (ansible, sandbox):
        results = ansible.tasks(
            {GROUP: {"name": "Ops"}},
            {TEMPLATE: {"name": "disk", "text": "Disk ##Disk##"}},
            {GROUP: {"name": "Ops", "new_name": "On call"}},
            {TEMPLATE: {"name": "disk", "state": "absent"}},
            {GROUP: {"name": "On call"}},
            module_defaults={"group/onfon.sms.all": {"timeout": 0.5, "retries": 1}},
        ).results
        assert [result["changed"] for result in results] == [True, True, True, True, False]
        assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["On call"]
        assert not sandbox.get("Template")["Data"]


@pytest.mark.parametrize("fault", NOT_ACTED)
def test_a_write_that_failed_is_not_reported_as_changed(tmp_path: Path, fault: str) -> None:
    with faulty(tmp_path, f"{fault}@WRITE:1:1") as (ansible, sandbox):
        played = ansible.tasks({GROUP: {"name": "Ops"}})
        result = played.last
        assert played.returncode == 2
        assert not result["changed"]
        assert 'does not show that the group "Ops" was created' in result["msg"]
        assert not sandbox.get("Group")["Data"]


@pytest.mark.parametrize("dialect", ["docs", "live"])
@pytest.mark.parametrize("fault", [*ACTED, *NOT_ACTED])
def test_unsettled_lost_replies_are_unknown_and_sent_at_most_once(tmp_path: Path, fault: str, dialect: str) -> None:
    with faulty(tmp_path, f"{fault}@SendBulkSMS:1:1", dialect=dialect) as (ansible, sandbox):
        result = ansible.tasks({SMS: {"to": NUMBERS, "text": "Disk full", "timeout": 0.5, "settle": False}}).last
        assert {row["status"] for row in result["recipients"]} == {"unknown"}
        assert result["changed"]
        assert result["msg"].startswith("4 of 4 recipients were not accepted.")
        assert "Check the sent messages in the Onfon portal before you send" in result["msg"]
        texted = [message["msisdn"] for message in sandbox.messages()]
        assert texted == (NUMBERS if fault in ACTED else [])


@pytest.mark.parametrize("dialect", ["docs", "live"])
def test_unsettled_missing_rows_are_unknown_and_the_others_accepted(tmp_path: Path, dialect: str) -> None:
    with faulty(tmp_path, "missing-rows:1:1", dialect=dialect) as (ansible, sandbox):
        played = ansible.tasks({SMS: {"to": NUMBERS, "text": "Disk full", "settle": False}})
        result = played.last
        assert played.returncode == 2
        assert sorted(row["status"] for row in result["recipients"]) == ["accepted"] * 2 + ["unknown"] * 2
        ids = {message["msisdn"]: message["message_id"] for message in sandbox.messages()}
        accepted = [row for row in result["recipients"] if row["status"] == "accepted"]
        assert [row["message_id"] for row in accepted] == [ids[row["msisdn"]] for row in accepted]


def test_a_write_refused_with_429_is_retried(tmp_path: Path) -> None:
    with faulty(tmp_path, "429@POST:2:2") as (ansible, sandbox):
        sends = [{SMS: {"to": [number], "text": "Disk full"}} for number in NUMBERS]
        results = ansible.tasks(*sends).results
        assert [result["summary"]["accepted"] for result in results] == [1] * len(NUMBERS)
        assert [message["msisdn"] for message in sandbox.messages()] == NUMBERS
        assert sandbox.faults()[0]["hits"] > 0


@pytest.mark.parametrize("fault", ["reset-before", "503-before", "html-520"])
def test_reads_are_retried(tmp_path: Path, fault: str) -> None:
    with faulty(tmp_path, f"{fault}@GET:2:3") as (ansible, sandbox):
        results = ansible.tasks(*[{"onfon.sms.onfon_balance_info": {}}] * 4).results
        assert [result.get("credits") for result in results] == [5000.0] * 4
        assert sandbox.faults()[0]["hits"] > 0
