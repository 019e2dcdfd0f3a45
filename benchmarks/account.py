# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an account holds before and after a run, and the files that are read by what is measured."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import yaml

from benchmarks.plain_account import Objects

PREFIX = "onfon.sms benchmark"
"""How the names of everything begin that is created here; nothing else is touched."""

NUMBERS = 1000
"""How many numbers there are that nobody has: +254700000000 and those behind it."""


def group(number: object) -> str:
    return f"{PREFIX} group {number}"


def msisdn(number: int) -> str:
    return f"254700000{number % NUMBERS:03d}"


@dataclasses.dataclass(frozen=True)
class Account:
    """So many groups and templates, and files that declare them in YAML, and in JSON, which Ansible reads faster."""

    groups: int = 0
    templates: int = 0

    def objects(self) -> Objects:
        texts = {f"{PREFIX} template {number}": f"##Name##, line {number} is down." for number in range(self.templates)}
        return {
            "Group": {group(number): {"GroupName": group(number)} for number in range(self.groups)},
            "Template": {name: {"TemplateName": name, "MessageTemplate": text} for name, text in texts.items()},
        }

    @property
    def yaml(self) -> str:
        return f"account-{self.groups}-{self.templates}.yml"

    @property
    def json(self) -> str:
        return f"account-{self.groups}-{self.templates}.json"

    def write(self, folder: Path) -> None:
        objects = self.objects()
        declared = {
            "account_groups": list(objects["Group"]),
            "account_templates": [
                {"name": name, "text": what["MessageTemplate"]} for name, what in objects["Template"].items()
            ],
        }
        with (folder / self.yaml).open("w", encoding="utf-8") as file:
            yaml.dump(declared, file, yaml.CSafeDumper)
        (folder / self.json).write_text(json.dumps(declared), encoding="utf-8")


NOTHING = Account()


@dataclasses.dataclass(frozen=True)
class People:
    """A file of so many people, whose names make each message one of its own."""

    count: int
    file = "people.csv"

    def write(self, folder: Path) -> None:
        with (folder / self.file).open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["to", "Name"])
            rows.writerows([f"+{msisdn(number)}", f"Person {number}"] for number in range(self.count))
