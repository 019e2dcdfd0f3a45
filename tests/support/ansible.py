# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a real ansible-playbook, and hands back what every task returned."""

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

SUPPORT = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
# What makes a task leave the controller's process, although nothing about its work changes.
SHIPPED = {"ONFON_TEST_SHIPPED": "yes"}

Task = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Played:
    """What a run left behind. results: of each task that ended, in order."""

    returncode: int
    output: str
    results: list[dict[str, Any]]

    @property
    def last(self) -> dict[str, Any]:
        return self.results[-1]


@dataclasses.dataclass
class Ansible:
    """ansible-playbook in a folder of its own, pointed at a gateway. log: what a user's log file would hold."""

    folder: Path
    variables: Mapping[str, str]

    @property
    def log(self) -> Path:
        return self.folder / "ansible.log"

    def tasks(self, *tasks: Task, shipped: bool = False, args: Sequence[str] = (), **play: Any) -> Played:
        """Run tasks on localhost, in the controller's process or shipped."""
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
        lines = record.read_text().splitlines() if record.exists() else []
        return Played(done.returncode, done.stdout, [json.loads(line)["result"] for line in lines])


def returned(result: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a result that the module returned: without what Ansible adds, and what differs at every run."""
    kept = {key: value for key, value in result.items() if not key.startswith("_ansible") and key != "ansible_facts"}
    kept["recipients"] = [{**row, "message_id": bool(row["message_id"])} for row in kept.get("recipients", [])]
    kept["summary"] = {name: count for name, count in kept.get("summary", {}).items() if name != "seconds"}
    return kept
