# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_group in real plays, from creation to removal."""

from __future__ import annotations

from tests.support.ansible import Ansible, Task, assert_same_steps_everywhere
from tests.support.sandbox_server import SandboxServer

# Each step changes something; check mode must predict exactly that, and its repetition must change nothing.
STEPS: list[Task] = [
    {"name": "Ops on call"},
    {"name": "Ops on call", "new_name": "Ops & näit"},
    {"id": 1, "new_name": "Ops {{ '{{' }} x }}"},
    {"id": 1, "name": "Ops"},
    {"name": "Ops", "state": "absent"},
]


def test_each_change_is_predicted_and_idempotent_in_process_and_shipped(
    ansible: Ansible, sandbox: SandboxServer
) -> None:
    assert_same_steps_everywhere(ansible, sandbox, "onfon_group", STEPS)


def test_tasks_leave_the_account_as_declared(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.tasks(
        {"onfon.sms.onfon_group": {"name": "Ops"}},
        {"onfon.sms.onfon_group": {"name": "Gone"}},
        {"onfon.sms.onfon_group": {"name": "Gone", "state": "absent"}},
        {"onfon.sms.onfon_group": {"name": "Never"}, "check_mode": True},
    )
    assert played.returncode == 0, played.output
    assert not any("diff" in result for result in played.results)
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Ops"]
