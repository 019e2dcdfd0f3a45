# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that can be measured: a playbook, or one of the plain scripts. Each is made in the folder of its case."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from tests.support.ansible import BIN, Task

Command = Callable[[Path], list[str]]

KEYS = {name: f"{{{{ lookup('env', 'ONFON_{name}') }}}}" for name in ("API_URL", "API_KEY", "CLIENT_ID", "ACCESS_KEY")}
"""How a playbook takes them from the environment by itself."""


def play(*tasks: Task, extra: str = "", variables: Mapping[str, object] | None = None) -> Command:
    """A playbook of these tasks. extra: a file of variables, which is given to it with -e."""

    def command(folder: Path) -> list[str]:
        keywords = {
            "hosts": "localhost",
            "gather_facts": False,
            **({"vars": dict(variables)} if variables else {}),
        }
        path = folder / "play.yml"
        with path.open("w", encoding="utf-8") as file:
            yaml.dump([{**keywords, "tasks": list(tasks)}], file, yaml.CSafeDumper, sort_keys=False)
        return [str(BIN / "ansible-playbook"), str(path), *(["-e", f"@{folder / extra}"] if extra else [])]

    return command


def script(name: str, file: str, *words: str) -> Command:
    """One of the plain scripts, with the file that it reads."""
    return lambda folder: [sys.executable, "-m", f"benchmarks.{name}", str(folder / file), *words]


def uri_post(service: str, loop: object, **arguments: object) -> Task:
    """What people write today: a loop of POSTs, with the keys in the body."""
    return {
        "ansible.builtin.uri": {
            "url": f"{KEYS['API_URL']}/{service}",
            "method": "POST",
            "headers": {"AccessKey": KEYS["ACCESS_KEY"]},
            "body_format": "json",
            "body": {**arguments, "ApiKey": KEYS["API_KEY"], "ClientId": KEYS["CLIENT_ID"]},
        },
        "loop": loop,
    }
