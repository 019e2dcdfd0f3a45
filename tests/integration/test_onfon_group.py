# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_group and onfon_template from creation to removal, each step in check mode first, then for real, then again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.ansible import Ansible, Task, returned
from tests.support.sandbox_server import SandboxServer

# Each step changes something; its dry run must say exactly what, and its repetition must change nothing.
GROUP_STEPS: list[Task] = [
    {"name": "Ops on call"},
    {"name": "Ops on call", "new_name": "Ops & näit"},
    {"id": 1, "new_name": "Ops {{ '{{' }} x }}"},
    {"id": 1, "name": "Ops"},
    {"name": "Ops", "state": "absent"},
]
TEMPLATE_STEPS: list[Task] = [
    {"name": "disk", "text": "Disk ##Disk## of ##Host## and ##Disk##\n"},
    {"name": "disk", "text": "\u201cDisk\u201d ##Disk##\nof 'Host' \"x\" \\ 😀"},
    {"name": "disk", "new_name": "disk full"},
    {"id": 1, "new_name": "disk", "text": "Disk"},
    {"id": 1, "name": "disk", "state": "absent"},
]


def thrice(module: str, steps: list[Task]) -> list[Task]:
    """Each step as a dry run, for real, and once more."""
    return [
        {module: step, "diff": True, "check_mode": check_mode} for step in steps for check_mode in (True, False, False)
    ]


@pytest.mark.parametrize(("kind", "steps"), [("group", GROUP_STEPS), ("template", TEMPLATE_STEPS)])
def test_check_mode_predicts_each_change_and_a_second_run_is_idempotent(
    ansible: Ansible, kind: str, steps: list[Task]
) -> None:
    tasks = thrice(f"onfon.sms.onfon_{kind}", steps)
    here = ansible.tasks(*tasks)
    assert here.returncode == 0, here.output
    results = here.results
    for number in range(len(steps)):
        dry, real, again = results[3 * number : 3 * number + 3]
        assert (dry["changed"], real["changed"], again["changed"]) == (True, True, False)
        assert dry["diff"] == real["diff"]
        assert dry["diff"]["before"] != dry["diff"]["after"]
        assert again["diff"]["before"] == again["diff"]["after"]
        assert {*again["diff"]["after"].splitlines()} <= {*real["diff"]["after"].splitlines()}
        assert again[kind] == real[kind]
        assert (
            known(dry[kind]) == {key: real[kind][key] for key in known(dry[kind])} if real[kind] else dry[kind] is None
        )


def known(thing: dict[str, Any] | None) -> dict[str, Any]:
    """What a dry run claims to know."""
    return {key: value for key, value in (thing or {}).items() if value is not None}


@pytest.mark.parametrize(("kind", "steps"), [("group", GROUP_STEPS), ("template", TEMPLATE_STEPS)])
def test_shipped_and_in_process_return_the_same(
    ansible: Ansible, sandbox: SandboxServer, kind: str, steps: list[Task]
) -> None:
    tasks = thrice(f"onfon.sms.onfon_{kind}", steps)
    here = ansible.tasks(*tasks)
    sandbox.reset()
    there = ansible.tasks(*tasks, shipped=True)
    assert there.returncode == 0, there.output
    assert [returned(result) for result in there.results] == [returned(result) for result in here.results]


def test_tasks_leave_the_account_as_declared(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.tasks(
        {"onfon.sms.onfon_group": {"name": "Ops"}},
        {"onfon.sms.onfon_group": {"name": "Gone"}},
        {"onfon.sms.onfon_group": {"name": "Gone", "state": "absent"}},
        {"onfon.sms.onfon_template": {"name": "disk", "text": "##A## then ##B##"}},
        {"onfon.sms.onfon_group": {"name": "Never"}, "check_mode": True},
        {"onfon.sms.onfon_template": {"name": "disk", "text": "other"}, "check_mode": True},
    )
    assert played.returncode == 0, played.output
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Ops"]
    assert [row["MessageTemplate"] for row in sandbox.get("Template")["Data"]] == ["##A## then ##B##"]


def test_no_diff_is_returned_without_diff_mode(ansible: Ansible) -> None:
    assert "diff" not in ansible.tasks({"onfon.sms.onfon_group": {"name": "Ops"}}).last


def test_info_modules_list_and_filter(ansible: Ansible, sandbox: SandboxServer) -> None:
    for name in ("Ops", "Warehouse"):
        sandbox.post("Group", GroupName=name)
        sandbox.post("Template", TemplateName=name, MessageTemplate=f"{name} ##X##")
    sandbox.set_contacts(2, 12)
    filters: list[dict[str, Any]] = [{}, {"name": "Ops"}, {"id": 2}, {"name": "Ops", "id": 2}, {"name": "ops"}]
    tasks = [{f"onfon.sms.onfon_{kind}_info": some} for kind in ("group", "template") for some in filters]
    here = ansible.tasks(*tasks, args=["--check"])
    there = ansible.tasks(*tasks, shipped=True)
    assert [returned(result) for result in here.results] == [returned(result) for result in there.results]
    lists = [result.get("groups", result.get("templates")) for result in here.results]
    assert [[thing["id"] for thing in things] for things in lists] == [[1, 2], [1], [2], [], []] * 2
    assert lists[0][1] == {"id": 2, "name": "Warehouse", "contact_count": 12}
    assert lists[5][0]["fields"] == ["X"]


def test_module_defaults_of_the_action_group_apply(ansible: Ansible) -> None:
    played = ansible.tasks(
        {"onfon.sms.onfon_group_info": {}, "ignore_errors": True},
        {"onfon.sms.onfon_balance_info": {}},
        module_defaults={"group/onfon.sms.all": {"client_id": "somebody else"}},
    )
    assert ["client_id" in result["msg"] for result in played.results] == [True, True]
