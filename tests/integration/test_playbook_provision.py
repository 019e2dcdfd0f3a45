# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook provision and its role account: variables, the drift report and corrections."""

from __future__ import annotations

import json
from typing import Any

from tests.support.ansible import Ansible, Played
from tests.support.sandbox_server import SandboxServer

PROVISION, EXPORT = "onfon.sms.provision", "onfon.sms.export"


def rows(sandbox: SandboxServer, service: str) -> list[dict[str, Any]]:
    return sandbox.get(service)["Data"] or []


def provision(ansible: Ansible, *args: str, **variables: Any) -> Played:
    named = {f"account_{name}": value for name, value in variables.items()}
    return ansible.playbook(PROVISION, "-e", json.dumps(named), *args)


def test_drift_is_reported_and_then_corrected(ansible: Ansible, sandbox: SandboxServer) -> None:
    for name in ("Ops", "Stray", "Full"):
        sandbox.post("Group", GroupName=name)
    sandbox.set_contacts(3, 7)
    declared: dict[str, Any] = {
        "groups": ["On call"],
        "templates": [{"name": "disk", "text": "Disk ##Disk##"}],
        "renames": {"Ops": "On call"},
        "purge_groups": True,
    }
    drift = provision(ansible, "--check", **declared)
    for line in (
        "would update group On call",
        "would create template disk",
        "would delete group Stray",
        "undeclared: group Full (has contacts)",
        "total after the changes: 1 created, 1 updated, 1 deleted, 1 undeclared",
    ):
        assert f'"{line}"' in drift.output
    assert len(rows(sandbox, "Group")) == 3
    corrected = provision(ansible, **declared)
    assert '"updated group On call"' in corrected.output
    assert "The purge kept groups that have contacts" in corrected.output
    assert [row["GroupName"] for row in rows(sandbox, "Group")] == ["On call", "Full"]
    again = provision(ansible, **declared)
    assert "changed=0" in again.output
    assert '"total: 2 unchanged, 1 undeclared"' in again.output


def test_a_long_list_of_changes_is_cut(ansible: Ansible) -> None:
    played = provision(ansible, "--check", groups=[f"Group {number}" for number in range(50)])
    assert '"would create group Group 19"' in played.output
    assert '"30 more changes: run with -v to see them"' in played.output
    assert "Group 20" not in played.output


def last_messages(played: Played, count: int) -> list[str]:
    """The message of the last task of each case."""
    return [str(played.of(f"case{place}")[-1].get("msg")) for place in range(count)]


def test_a_minimum_balance_can_be_asserted(ansible: Ansible, sandbox: SandboxServer) -> None:
    declared = {"account_groups": ["Ops"]}
    played = ansible.cases(
        PROVISION,
        "account_hosts",
        {**declared, "account_min_balance": 5000.5},
        {**declared, "account_min_balance": 5000, "account_groups": ["Dev"]},
    )
    too_low, _enough = last_messages(played, 2)
    assert played.returncode == 2
    assert too_low.startswith("Only 5000.0 is left, and account_min_balance is 5000.5: top up")
    assert [row["GroupName"] for row in rows(sandbox, "Group")] == ["Dev"]


def test_something_must_be_declared(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.cases(
        PROVISION,
        "account_hosts",
        {},
        {"account_groups": None},
        {"account_groups": None, "account_templates": [{"name": "disk", "text": "x"}]},
        {"account_groups": ["Ops"], "account_templates": None},
    )
    refused = "Set account_groups or account_templates, for example with -e @account.yml."
    assert last_messages(played, 4)[:2] == [refused, refused]
    assert ["changed=1" in line for line in played.output.splitlines() if line.startswith("case")] == [False] * 2 + [
        *([True] * 2)
    ]
    assert [len(rows(sandbox, service)) for service in ("Group", "Template")] == [1, 1]


def test_invalid_variables_change_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    sandbox.post("Group", GroupName="Ops")
    played = ansible.cases(
        PROVISION,
        "account_hosts",
        {"account_groups": [], "account_purge_groups": True},
        {"account_groups": ["A", "A"]},
        {"account_templates": [{"text": "x"}]},
        {"account_groups": "Ops", "account_purge_limit": "many"},
    )
    purge, twice, no_name, limit = last_messages(played, 4)
    assert played.returncode == 2
    assert 'groups has none that stays, and the purge would delete group "Ops"' in purge
    assert 'groups has "A" more than once' in twice
    assert "missing required arguments: name" in no_name
    assert "account_purge_limit" in limit
    assert [row["GroupName"] for row in rows(sandbox, "Group")] == ["Ops"]


def test_a_rename_to_a_name_that_is_declared_absent_is_refused(ansible: Ansible, sandbox: SandboxServer) -> None:
    sandbox.post("Group", GroupName="Trainees")
    variables = (
        '{"account_groups": [{"name": "Interns", "state": "absent"}], "account_renames": {"Trainees": "Interns"}}'
    )
    assert "which is not declared: declare it." in ansible.playbook("onfon.sms.provision", "-e", variables).output
    assert [row["GroupName"] for row in sandbox.get("Group")["Data"]] == ["Trainees"]
