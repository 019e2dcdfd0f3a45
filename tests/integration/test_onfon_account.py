# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_account in real plays: check mode, changes and idempotence; and a gateway that fails."""

from __future__ import annotations

import concurrent.futures
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.ansible import Ansible, Task, returned, three_times
from tests.support.processes import kill_tree
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

ACCOUNT = "onfon.sms.onfon_account"
# Writes that take effect although their reply is lost, writes that do not, and a busy gateway.
FAULTS = ["reset-after", "503-after", "truncated", "hang", "reset-before", "503-before", "html-520", "429"]
# Run by `make test`; a property test of the operation has all kinds of faults.
QUICK = [("reset-after", "live")]

STEPS: list[Task] = [
    {"groups": ["Ops", {"name": "Dev"}, "Interns"], "templates": [{"name": "disk", "text": "##Disk## \U0001f525\n"}]},
    {
        "groups": ["On call", {"name": "Interns", "state": "absent"}],
        "templates": [{"name": "disk", "text": "Disk 'x' \"y\" \\"}, {"name": "n\u00e4it", "text": "x" * 161}],
        "renames": {"Ops": "On call"},
    },
    {"groups": ["On call"], "templates": [{"name": "disk"}], "purge_groups": True, "purge_templates": True},
]


def names(sandbox: SandboxServer, service: str) -> list[str]:
    return [row[f"{service}Name"] for row in sandbox.get(service)["Data"] or []]


def without(entries: list[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in entry.items() if key not in keys} for entry in entries]


def fill(sandbox: SandboxServer) -> None:
    """Empty the account, and add a group that has contacts."""
    sandbox.reset()
    sandbox.post("Group", GroupName="Full")
    sandbox.set_contacts(1, 5)


def test_each_change_is_predicted_and_idempotent_in_process_and_shipped(
    ansible: Ansible, sandbox: SandboxServer
) -> None:
    # One write after the other, so that ids follow the lists.
    tasks = three_times(*({ACCOUNT: {**step, "concurrency": 1}} for step in STEPS))
    failing: list[Task] = [
        {ACCOUNT: {"groups": ["ops", "OPS"], "templates": [{"name": "new"}]}, "ignore_errors": True},
        {ACCOUNT: {"groups": [], "purge_groups": True, "purge_groups_with_contacts": True}, "ignore_errors": True},
    ]
    fill(sandbox)
    in_process = ansible.tasks(*tasks, *failing)
    assert in_process.returncode == 0, in_process.output
    for number in range(0, len(tasks), 3):
        predicted, real, again = in_process.results[number : number + 3]
        assert (predicted["changed"], real["changed"], again["changed"]) == (True, True, False)
        assert without(predicted["plan"], "id", "status") == without(real["plan"], "id", "status")
        assert {entry["status"] for entry in real["plan"]} == {"done"}
        assert predicted["diff"] == real["diff"]
        assert (again["plan"], again["diff"]) == ([], [])
        for kind in ("groups", "templates"):
            assert again[kind] == real[kind]
            assert [each["name"] for each in predicted[kind]] == [each["name"] for each in real[kind]]
    assert (names(sandbox, "Group"), names(sandbox, "Template")) == (["Full", "On call"], ["disk"])
    (warning,) = in_process.results[7]["warnings"]
    assert warning.startswith('The purge kept groups that have contacts: "Full" (5 contacts).')
    # Older versions of ansible-core break the lines of a warning.
    assert "Set purge_groups_with_contacts" in " ".join(in_process.output.split())
    # The diff is printed readably.
    assert '+++ after: template "disk"' in in_process.output
    assert "+text: ##Disk## \U0001f525\n+segments: 1\n" in in_process.output

    fill(sandbox)
    shipped = ansible.tasks(*tasks, *failing, shipped=True)
    assert [returned(result) for result in shipped.results] == [returned(result) for result in in_process.results]
    assert (names(sandbox, "Group"), names(sandbox, "Template")) == (["Full", "On call"], ["disk"])


# --- a gateway that fails ---------------------------------------------------------------------------------------------

DECLARED = {
    "groups": [f"Group {number}" for number in range(40)],
    "templates": [{"name": f"Template {number}", "text": f"Text {number}"} for number in range(40)],
}


@pytest.mark.parametrize(
    ("fault", "dialect"),
    [
        pytest.param(fault, dialect, marks=[] if (fault, dialect) in QUICK else pytest.mark.slow)
        for fault in FAULTS
        for dialect in ("docs", "live")
    ],
)
def test_the_reported_changes_match_the_account_and_the_next_run_resumes(
    tmp_path: Path, fault: str, dialect: str
) -> None:
    with SandboxServer("--dialect", dialect, "--fault", f"{fault}@WRITE:6:3") as sandbox:
        ansible = Ansible(tmp_path, sandbox.environment)
        options = {**DECLARED, "timeout": 0.5, "retries": 1}
        for _run in range(20):
            played = ansible.tasks({ACCOUNT: options})
            result = played.last
            assert "Traceback" not in played.output
            held = {"group": names(sandbox, "Group"), "template": names(sandbox, "Template")}
            assert [len(each) for each in held.values()] == [len(set(each)) for each in held.values()]
            for entry in result["plan"]:
                assert (entry["status"] == "done") == (entry["name"] in held[entry["kind"]])
            assert result["changed"] == any(entry["status"] == "done" for entry in result["plan"])
            assert (played.returncode == 0) == all(entry["status"] == "done" for entry in result["plan"])
            if not result["plan"]:
                break
        assert (len(held["group"]), len(held["template"])) == (40, 40)
        assert not ansible.tasks({ACCOUNT: DECLARED}, args=["--check"]).last["changed"]


@pytest.mark.parametrize("shipped", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_killed_run_resumes(tmp_path: Path, shipped: bool) -> None:
    declared = {"groups": [f"Group {number}" for number in range(300)], "concurrency": 2}
    with SandboxServer("--latency", "0.02") as sandbox, concurrent.futures.ThreadPoolExecutor(1) as pool:
        ansible = Ansible(tmp_path, sandbox.environment)
        run = pool.submit(ansible.tasks, {ACCOUNT: declared}, shipped=shipped)
        while len(names(sandbox, "Group")) < 20:
            assert not run.done(), run.result().output
            time.sleep(0.01)
        kill_tree(str(tmp_path / "play.yml"))
        assert run.result().returncode != 0
        begun = len(names(sandbox, "Group"))
        assert 20 <= begun < 300
        result = ansible.tasks({ACCOUNT: declared}).last
        assert result["summary"]["created"] == 300 - begun
        assert sorted(names(sandbox, "Group")) == sorted(declared["groups"])


def test_a_closed_gateway_and_wrong_credentials_fail_the_task(ansible: Ansible) -> None:
    with StubServer(listening=False) as closed:
        no_connection, refused = ansible.tasks(
            {ACCOUNT: {**DECLARED, "retries": 1, "api_url": closed.url}, "ignore_errors": True},
            {ACCOUNT: {**DECLARED, "api_key": "wrong"}, "ignore_errors": True},
        ).results
    assert no_connection["error"]["class"] == "transport"
    assert "connection refused. Check api_url, and that the gateway is up." in no_connection["msg"]
    assert not no_connection["changed"]
    assert (refused["error"]["class"], refused["error"]["code"]) == ("auth", "007")
    assert refused["msg"].startswith("Onfon error 007: the API credentials are not valid.")
