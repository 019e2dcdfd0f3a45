# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role account, as its README shows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer

README = Path(__file__).resolve().parents[2] / "roles" / "account" / "README.md"


def rows(sandbox: SandboxServer, service: str) -> list[dict[str, Any]]:
    return sandbox.get(service)["Data"] or []


def texts(sandbox: SandboxServer) -> dict[str, str]:
    return {row["TemplateName"]: row["MessageTemplate"] for row in rows(sandbox, "Template")}


def test_the_playbook_of_the_readme_runs(ansible: Ansible, sandbox: SandboxServer) -> None:
    (playbook,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    path = ansible.folder / "account.yml"
    path.write_text(playbook, encoding="utf-8")
    played = ansible.playbook(str(path))
    assert played.returncode == 0, played.output
    assert sorted(row["GroupName"] for row in rows(sandbox, "Group")) == ["Ops on call", "Warehouse"]
    assert list(texts(sandbox)) == ["disk-full"]
