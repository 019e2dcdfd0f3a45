# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_template_info in a real play."""

from __future__ import annotations

from typing import Any

from tests.support.ansible import Ansible, same_everywhere
from tests.support.sandbox_server import SandboxServer

FILTERS: list[dict[str, Any]] = [{}, {"name": "Ops"}, {"id": 2}, {"name": "Ops", "id": 2}, {"name": "ops"}]


def test_templates_are_listed_and_filtered(ansible: Ansible, sandbox: SandboxServer) -> None:
    for name in ("Ops", "Warehouse"):
        sandbox.post("Template", TemplateName=name, MessageTemplate=f"{name} ##X##")
    results = same_everywhere(ansible, *({"onfon.sms.onfon_template_info": some} for some in FILTERS))
    lists = [result["templates"] for result in results]
    assert [[each["id"] for each in found] for found in lists] == [[1, 2], [1], [2], [], []]
    assert lists[0][0]["fields"] == ["X"]
