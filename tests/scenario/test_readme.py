# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README, word for word, against the sandbox gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


@pytest.fixture(params=[pytest.param("docs", marks=pytest.mark.slow), "live"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    with SandboxServer("--dialect", request.param, sender_id="ACME OPS") as gateway:
        yield gateway


@pytest.fixture
def ansible(sandbox: SandboxServer, tmp_path: Path) -> Ansible:
    return Ansible(tmp_path, sandbox.environment)


def block(first_line: str) -> str:
    return next(text for text in BLOCKS if text.startswith(first_line))


def test_the_playbook_provisions_and_texts_the_on_call_people(ansible: Ansible, sandbox: SandboxServer) -> None:
    playbook = ansible.folder / "backup.yml"
    playbook.write_text(block("---\n- name: Back up"), encoding="utf-8")

    planned = ansible.playbook(str(playbook), "--check", "--diff")
    assert planned.returncode == 0, planned.output
    assert "rescued=1" not in planned.output
    assert (sandbox.get("Group")["Data"], sandbox.messages()) in (([], []), (None, []))

    played = ansible.playbook(str(playbook))
    assert played.returncode == 0, played.output
    assert "changed=3" in played.output
    assert "rescued=1" in played.output
    texts = {message["msisdn"]: message["text"] for message in sandbox.messages()}
    assert set(texts) == {"254700000001", "254700000002"}
    assert all(text.startswith("Backup of localhost failed: ") for text in texts.values())
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Ops on call"]


def test_the_account_file_is_provisioned_once_and_its_drift_is_shown(ansible: Ansible, sandbox: SandboxServer) -> None:
    account = ansible.folder / "account.yml"
    account.write_text(block("# account.yml"), encoding="utf-8")
    provision = ("onfon.sms.provision", "-e", "@account.yml")

    assert "changed=1" in ansible.playbook(*provision).output
    assert "changed=0" in ansible.playbook(*provision).output
    sandbox.put("Group", id=1, GroupName="Renamed")
    drift = ansible.playbook(*provision, "--check", "--diff")
    assert "+name: Ops on call\n" in drift.output
    assert "changed=1" in drift.output
    repair = ansible.playbook(*provision, "-e", '{"account_renames": {"Renamed": "Ops on call"}}')
    assert "changed=1" in repair.output
    assert [(row["GroupId"], row["GroupName"]) for row in sandbox.get("Group")["Data"]] == [(1, "Ops on call")]


def test_what_is_declared_absent_is_not_renamed(ansible: Ansible, sandbox: SandboxServer) -> None:
    sandbox.post("Group", GroupName="Trainees")
    variables = (
        '{"account_groups": [{"name": "Interns", "state": "absent"}], "account_renames": {"Trainees": "Interns"}}'
    )
    assert "which none is declared to have: add it." in ansible.playbook("onfon.sms.provision", "-e", variables).output
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Trainees"]


def test_recipients_that_were_not_accepted_are_listed(ansible: Ansible) -> None:
    sent = ansible.playbook("onfon.sms.send", "-e", "sms_to=+254700000001,+447911123456 sms_text=Hello")
    assert sent.returncode == 2
    assert "254700000001: accepted, " in sent.output
    assert "447911123456: rejected" in sent.output


def test_messages_can_be_sent_from_the_command_line(ansible: Ansible, sandbox: SandboxServer) -> None:
    sent = ansible.playbook("onfon.sms.send", "-e", "sms_to=+254700000001,0700000002 sms_text='Two words'")
    assert sent.returncode == 0, sent.output
    assert [(message["msisdn"], message["text"]) for message in sandbox.messages()] == [
        ("254700000001", "Two words"),
        ("254700000002", "Two words"),
    ]
    assert f"254700000001: accepted, {sandbox.messages()[0]['message_id']}" in sent.output
