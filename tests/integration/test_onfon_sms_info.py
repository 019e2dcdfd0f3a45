# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_sms_info in real plays."""

from __future__ import annotations

import csv
import datetime

from tests.support.ansible import Ansible, same_everywhere, shipped
from tests.support.sandbox_server import SandboxServer

from .conftest import FIRST, LOCAL, send

SMS = "onfon.sms.onfon_sms_info"


def test_messages_are_the_same_in_check_mode_in_process_and_shipped(
    ansible: Ansible, ids: list[str], date: datetime.date
) -> None:
    log, one, pending, invalid = same_everywhere(
        ansible,
        {SMS: {"from_date": date, "page_size": 1}},
        {SMS: {"msisdn": "0700 000 001", "limit": 0}},
        {SMS: {"status": ["pending", "EXPIRED"]}},
        {SMS: {"export_file": "log.txt"}},
    )
    assert ["error" in result for result in (log, one, pending, invalid)] == [False] * 3 + [True]
    assert [row["msisdn"] for row in log["sms"]] == [FIRST, LOCAL, "254700000003"]
    assert log["sms"][0]["text"] == f"Hello, \u201c{FIRST}\u201d"
    assert (one["sms"], one["summary"]["by_status"]["delivered"]) == ([], 1)
    assert [row["message_id"] for row in pending["sms"]] == ids[1:]


def test_the_export_file_is_not_written_in_check_mode(ansible: Ansible, sandbox: SandboxServer) -> None:
    send(sandbox, FIRST, LOCAL)
    here, there = ansible.folder / "here.csv", ansible.folder / "there.csv"
    played = ansible.tasks(
        {SMS: {"export_file": str(ansible.folder / "dry.csv")}, "check_mode": True},
        {SMS: {"export_file": str(here)}},
        shipped({SMS: {"export_file": str(there)}}),
    )
    assert [result["summary"]["total"] for result in played.results] == [2, 2, 2]
    assert not (ansible.folder / "dry.csv").exists()
    assert here.read_bytes() == there.read_bytes()
    with here.open(encoding="utf-8", newline="") as file:
        assert [row["msisdn"] for row in csv.DictReader(file)] == [FIRST, LOCAL]
