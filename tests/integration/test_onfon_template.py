# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_template in real plays, from creation to removal."""

from __future__ import annotations

from tests.support.ansible import Ansible, Task, assert_same_steps_everywhere
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
    assert_same_steps_everywhere(ansible, sandbox, "onfon_template", STEPS)


def test_tasks_leave_the_account_as_declared(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.tasks(
        {"onfon.sms.onfon_template": {"name": "disk", "text": "##A## then ##B##"}},
        {"onfon.sms.onfon_template": {"name": "disk", "text": "other"}, "check_mode": True},
    )
    assert played.returncode == 0, played.output
    assert not any("diff" in result for result in played.results)
    assert [row["MessageTemplate"] for row in sandbox.get("Template")["Data"]] == ["##A## then ##B##"]
