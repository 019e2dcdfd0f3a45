# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks run in process and which are shipped, and that module_defaults reach all of them."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer

TASK = {"onfon.sms.onfon_group": {"name": "Ops"}}
# -vvv names the file that is copied to the host when a module is shipped.
MARK = "AnsiballZ_onfon_group"


@pytest.fixture
def become(tmp_path: Path) -> dict[str, Any]:
    """Keywords that make a task become another user, with a sudo that changes nothing."""
    sudo = tmp_path / "sudo"
    sudo.write_text('#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do shift; done\nexec "$@"\n')
    sudo.chmod(0o755)
    return {"become": True, "become_exe": str(sudo), "become_flags": "-n"}


def test_a_plain_task_runs_in_process(ansible: Ansible) -> None:
    played = ansible.tasks(TASK, args=["-vvv"])
    assert played.last["changed"]
    assert MARK not in played.output


def test_a_task_with_an_environment_is_shipped(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.tasks({**TASK, "environment": {"A": "b"}}, args=["-vvv"])
    assert played.last["changed"], played.output
    assert MARK in played.output
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Ops"]


def test_an_async_task_is_shipped(ansible: Ansible, sandbox: SandboxServer) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Ansible's wrapper for background tasks takes no blank in its paths, and the checkout's may hold one.
        python = Path(folder, "python")
        python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
        python.chmod(0o755)
        paths = {"ANSIBLE_REMOTE_TMP": folder, "ANSIBLE_ASYNC_DIR": folder}
        background = Ansible(ansible.folder, {**ansible.variables, **paths})
        played = background.tasks(
            {**TASK, "async": 30, "poll": 1}, args=["-vvv"], vars={"ansible_python_interpreter": str(python)}
        )
    assert played.last["changed"], played.output
    assert played.last["group"] == {"id": 1, "name": "Ops", "contact_count": 0}
    assert MARK in played.output
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Ops"]


def test_a_task_with_become_is_shipped(ansible: Ansible, become: dict[str, Any]) -> None:
    played = ansible.tasks({**TASK, **become, "become_user": os.environ.get("USER", "root")}, args=["-vvv"])
    assert played.last["changed"], played.output
    assert MARK in played.output


def test_a_task_with_an_empty_environment_runs_in_process(ansible: Ansible) -> None:
    played = ansible.tasks({**TASK, "environment": {}}, args=["-vvv"])
    assert played.last["changed"], played.output
    assert MARK not in played.output


def test_a_task_on_a_remote_connection_is_shipped(ansible: Ansible) -> None:
    """A host whose commands pass through another connection plugin than local."""
    inventory = ansible.folder / "hosts.ini"
    inventory.write_text("gate ansible_connection=ssh ansible_host=192.0.2.1 ansible_ssh_executable=/bin/false\n")
    played = ansible.tasks(TASK, hosts="gate", args=["-i", str(inventory)])
    assert played.returncode == 4, played.output
    assert "unreachable=1" in played.output


def test_module_defaults_of_the_action_group_apply(ansible: Ansible) -> None:
    played = ansible.tasks(
        {"onfon.sms.onfon_group_info": {}, "ignore_errors": True},
        {"onfon.sms.onfon_balance_info": {}},
        module_defaults={"group/onfon.sms.all": {"client_id": "somebody else"}},
    )
    assert ["client_id" in result["msg"] for result in played.results] == [True, True]
