# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A failing gateway: results match what it really did. test_never_twice.py has settling from the sent log."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.ansible import Ansible, Task
from tests.support.sandbox_server import SandboxServer

GROUP, TEMPLATE, SMS = "onfon.sms.onfon_group", "onfon.sms.onfon_template", "onfon.sms.onfon_sms"
BALANCE = "onfon.sms.onfon_balance_info"
NUMBERS = [f"2547000000{last:02}" for last in range(4)]
# Faults that let the request take effect, and faults that do not.
ACTED = ["reset-after", "503-after", "truncated", "hang"]
NOT_ACTED = ["reset-before", "503-before", "html-520"]
both_dialects = pytest.mark.parametrize("dialect", [pytest.param("docs", marks=pytest.mark.slow), "live"])


@contextmanager
def faulty(*faults: str, dialect: str = "live") -> Iterator[list[SandboxServer]]:
    """One sandbox for each fault."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        starting = [pool.submit(SandboxServer, "--dialect", dialect, "--fault", fault) for fault in faults]
        yield [stack.enter_context(start.result()) for start in starting]


def play(folder: Path, sandboxes: list[SandboxServer], *tasks: Task, **options: Any) -> list[list[dict[str, Any]]]:
    """Run the tasks on each sandbox, in one play; return the results by sandbox."""
    every = [
        {module: {**arguments, "api_url": sandbox.api_url, **options}, "ignore_errors": True}
        for sandbox in sandboxes
        for task in tasks
        for module, arguments in task.items()
    ]
    results = Ansible(folder, sandboxes[0].environment).tasks(*every).results
    assert len(results) == len(every)
    return [results[start : start + len(tasks)] for start in range(0, len(every), len(tasks))]


def test_writes_with_lost_replies_are_settled_by_listing(tmp_path: Path) -> None:
    with faulty(*(f"{fault}@WRITE:1:1" for fault in ACTED)) as sandboxes:
        runs = play(
            tmp_path,
            sandboxes,
            {GROUP: {"name": "Ops"}},
            {TEMPLATE: {"name": "disk", "text": "Disk ##Disk##"}},
            {GROUP: {"name": "Ops", "new_name": "On call"}},
            {TEMPLATE: {"name": "disk", "state": "absent"}},
            {GROUP: {"name": "On call"}},
            timeout=0.5,
            retries=1,
        )
        for results, sandbox in zip(runs, sandboxes, strict=True):
            assert [result["changed"] for result in results] == [True, True, True, True, False]
            assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["On call"]
            assert not sandbox.get("Template")["Data"]


def test_writes_that_failed_are_not_reported_as_changed(tmp_path: Path) -> None:
    with faulty(*(f"{fault}@WRITE:1:1" for fault in NOT_ACTED)) as sandboxes:
        for (result,), sandbox in zip(play(tmp_path, sandboxes, {GROUP: {"name": "Ops"}}), sandboxes, strict=True):
            assert "error" in result
            assert not result["changed"]
            assert 'does not show that the group "Ops" was created' in result["msg"]
            assert not sandbox.get("Group")["Data"]


@both_dialects
def test_unsettled_lost_replies_are_unknown_and_sent_at_most_once(tmp_path: Path, dialect: str) -> None:
    faults = [*ACTED, *NOT_ACTED]
    task = {SMS: {"to": NUMBERS, "text": "Disk full", "timeout": 0.5, "settle": False}}
    with faulty(*(f"{fault}@SendBulkSMS:1:1" for fault in faults), dialect=dialect) as sandboxes:
        for fault, (result,), sandbox in zip(faults, play(tmp_path, sandboxes, task), sandboxes, strict=True):
            assert {row["status"] for row in result["recipients"]} == {"unknown"}
            assert result["changed"]
            assert result["msg"].startswith("4 of 4 recipients were not accepted.")
            assert "Check the sent messages in the Onfon portal before you send" in result["msg"]
            sent = [message["msisdn"] for message in sandbox.messages()]
            assert sent == (NUMBERS if fault in ACTED else [])


@both_dialects
def test_unsettled_missing_rows_are_unknown_and_the_others_accepted(tmp_path: Path, dialect: str) -> None:
    with faulty("missing-rows:1:1", dialect=dialect) as sandboxes:
        (sandbox,) = sandboxes
        ((result,),) = play(tmp_path, sandboxes, {SMS: {"to": NUMBERS, "text": "Disk full", "settle": False}})
        assert "error" in result
        assert sorted(row["status"] for row in result["recipients"]) == ["accepted"] * 2 + ["unknown"] * 2
        ids = {message["msisdn"]: message["message_id"] for message in sandbox.messages()}
        accepted = [row for row in result["recipients"] if row["status"] == "accepted"]
        assert [row["message_id"] for row in accepted] == [ids[row["msisdn"]] for row in accepted]


def test_writes_refused_with_429_and_failed_reads_are_retried(tmp_path: Path) -> None:
    reads = [f"{fault}@GET:2:3" for fault in ("reset-before", "503-before", "html-520")]
    with faulty("429@POST:2:2", *reads) as (busy, *unreadable):
        (sent,) = play(tmp_path, [busy], *({SMS: {"to": [number], "text": "Disk full"}} for number in NUMBERS))
        assert [result["summary"]["accepted"] for result in sent] == [1] * len(NUMBERS)
        assert [message["msisdn"] for message in busy.messages()] == NUMBERS
        for balances in play(tmp_path, unreadable, *[{BALANCE: {}}] * 4):
            assert [result.get("credits") for result in balances] == [5000.0] * 4
        assert all(sandbox.faults()[0]["hits"] > 0 for sandbox in (busy, *unreadable))
