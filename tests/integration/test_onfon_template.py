# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_template in real plays, from creation to removal."""

from __future__ import annotations

from tests.support.ansible import Ansible, Task, assert_predicted_and_idempotent, returned, three_times
from tests.support.sandbox_server import SandboxServer

# Each step changes something; check mode must predict exactly that, and its repetition must change nothing.
STEPS: list[Task] = [
    {"name": "disk", "text": "Disk ##Disk## of ##Host## and ##Disk##\n"},
    {"name": "disk", "text": "\u201cDisk\u201d ##Disk##\nof 'Host' \"x\" \\ 😀"},
    {"name": "disk", "new_name": "disk full"},
    {"id": 1, "new_name": "disk", "text": "Disk"},
    {"id": 1, "name": "disk", "state": "absent"},
]


def test_each_change_is_predicted_and_idempotent_in_process_and_shipped(
    ansible: Ansible, sandbox: SandboxServer
) -> None:
    tasks = three_times(*({"onfon.sms.onfon_template": step} for step in STEPS))
    in_process = ansible.tasks(*tasks)
    assert in_process.returncode == 0, in_process.output
    assert_predicted_and_idempotent(in_process.results, "template")
    sandbox.reset()
    shipped = ansible.tasks(*tasks, shipped=True)
    assert shipped.returncode == 0, shipped.output
    assert [returned(result) for result in shipped.results] == [returned(result) for result in in_process.results]


def test_tasks_leave_the_account_as_declared(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.tasks(
        {"onfon.sms.onfon_template": {"name": "disk", "text": "##A## then ##B##"}},
        {"onfon.sms.onfon_template": {"name": "disk", "text": "other"}, "check_mode": True},
    )
    assert played.returncode == 0, played.output
    assert not any("diff" in result for result in played.results)
    assert [row["MessageTemplate"] for row in sandbox.get("Template")["Data"]] == ["##A## then ##B##"]
