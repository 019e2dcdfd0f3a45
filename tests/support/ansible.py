# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a real ansible-playbook and returns the result of every task."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support.sandbox_server import SandboxServer

SUPPORT = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
# What makes a task leave the controller's process, although nothing about its work changes.
SHIPPED = {"ONFON_TEST_SHIPPED": "yes"}

Task = dict[str, Any]


def shipped(task: Task) -> Task:
    """The task as one that is shipped to the host: tasks with an environment are not run in process."""
    return {**task, "environment": SHIPPED}


@dataclasses.dataclass(frozen=True)
class Played:
    """The outcome of a run. results: of each task that ended, in order; hosts: the host of each."""

    returncode: int
    output: str
    results: list[dict[str, Any]]
    hosts: list[str]

    @property
    def last(self) -> dict[str, Any]:
        return self.results[-1]

    def of(self, host: str) -> list[dict[str, Any]]:
        """The results of a host."""
        return [result for result, its_host in zip(self.results, self.hosts) if its_host == host]


@dataclasses.dataclass
class Ansible:
    """ansible-playbook in its own folder, pointed at a gateway. log: Ansible's log file."""

    folder: Path
    variables: Mapping[str, str]

    @property
    def log(self) -> Path:
        return self.folder / "ansible.log"

    def tasks(self, *tasks: Task, shipped: bool = False, args: Sequence[str] = (), **play: Any) -> Played:
        """Run a play of tasks on localhost, in process or shipped."""
        keywords = {
            "hosts": "localhost",
            "gather_facts": False,
            **({"environment": SHIPPED} if shipped else {}),
            **play,
        }
        path = self.folder / "play.yml"
        path.write_text(yaml.safe_dump([{**keywords, "tasks": list(tasks)}], sort_keys=False, allow_unicode=True))
        return self.playbook(str(path), *args)

    def playbook(self, playbook: str, *args: str, **more: str) -> Played:
        """Run a playbook by its path or its name in a collection."""
        record = self.folder / "results.jsonl"
        record.unlink(missing_ok=True)
        settings = {
            "ANSIBLE_CALLBACK_PLUGINS": str(SUPPORT / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_LOG_PATH": str(self.log),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "RECORD_RESULTS": str(record),
        }
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), playbook, *args],
            cwd=self.folder,
            env={**os.environ, **settings, **self.variables, **more},
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        lines = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
        results, hosts = [line["result"] for line in lines], [line["host"] for line in lines]
        return Played(done.returncode, done.stdout, results, hosts)

    def cases(self, playbook: str, hosts: str, *cases: Mapping[str, Any], args: Sequence[str] = ()) -> Played:
        """Run a playbook once, on a host for each set of variables: case0, case1 and so on.

        A case that fails leaves the others alone. hosts: the variable of the playbook that names its hosts.
        """
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        named = {f"case{place}": {**local, **case} for place, case in enumerate(cases)}
        inventory = self.folder / "cases.yml"
        inventory.write_text(yaml.safe_dump({"all": {"hosts": named}}, allow_unicode=True))
        return self.playbook(playbook, "-i", str(inventory), "-e", f"{hosts}=all", *args)


def returned(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result without what Ansible adds and what differs in every run."""
    kept = {key: value for key, value in result.items() if not key.startswith("_ansible") and key != "ansible_facts"}
    kept["recipients"] = [{**row, "message_id": bool(row["message_id"])} for row in kept.get("recipients", [])]
    kept["summary"] = {name: count for name, count in kept.get("summary", {}).items() if name != "seconds"}
    return kept


def same_everywhere(ansible: Ansible, *tasks: Task) -> list[dict[str, Any]]:
    """Run tasks that only read in process, in check mode and shipped; assert equal results, and return them."""
    tasks = tuple({**task, "ignore_errors": True} for task in tasks)
    in_check_mode = [{**task, "check_mode": True} for task in tasks]
    played = ansible.tasks(*tasks, *in_check_mode, *map(shipped, tasks))
    assert "Traceback" not in played.output
    results = [returned(result) for result in played.results]
    size = len(tasks)
    assert len(results) == 3 * size, played.output
    assert results[size : 2 * size] == results[:size]
    assert results[2 * size :] == results[:size]
    assert not any(result["changed"] for result in results)
    return results[:size]


def three_times(*tasks: Task) -> list[Task]:
    """Each task in check mode, for real, and again; with a diff."""
    return [{**task, "diff": True, "check_mode": check_mode} for task in tasks for check_mode in (True, False, False)]


def assert_predicted_and_idempotent(results: list[dict[str, Any]], kind: str) -> None:
    """Assert of each step that check mode predicts it and that its repetition changes nothing."""
    for number in range(0, len(results), 3):
        predicted, real, again = results[number : number + 3]
        assert (predicted["changed"], real["changed"], again["changed"]) == (True, True, False)
        assert predicted["diff"] == real["diff"]
        assert predicted["diff"]["before"] != predicted["diff"]["after"]
        assert again["diff"]["before"] == again["diff"]["after"]
        assert {*again["diff"]["after"].splitlines()} <= {*real["diff"]["after"].splitlines()}
        assert again[kind] == real[kind]
        # Check mode does not know the values that Onfon sets.
        known = {key: value for key, value in (predicted[kind] or {}).items() if value is not None}
        assert known.items() <= (real[kind] or {}).items()
        assert (predicted[kind] is None) == (real[kind] is None)


def assert_same_steps_everywhere(ansible: Ansible, sandbox: SandboxServer, module: str, steps: list[Task]) -> None:
    """Assert that check mode predicts each step of a module for one resource, and that shipping changes no result."""
    tasks = three_times(*({f"onfon.sms.{module}": step} for step in steps))
    in_process = ansible.tasks(*tasks)
    assert in_process.returncode == 0, in_process.output
    assert_predicted_and_idempotent(in_process.results, module.removeprefix("onfon_"))
    sandbox.reset()
    there = ansible.tasks(*tasks, shipped=True)
    assert there.returncode == 0, there.output
    assert [returned(result) for result in there.results] == [returned(result) for result in in_process.results]
