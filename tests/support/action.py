# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the action plugin of a module, as Ansible's worker does."""

from __future__ import annotations

import importlib
import types
import typing as t

from tests.support.module import PACKAGE


def action(name: str, options: dict[str, t.Any], *, check: bool = False, diff: bool = True, **how: t.Any) -> t.Any:
    """The action plugin of a task. how: transport, become, async_val, environment."""
    task = types.SimpleNamespace(
        action=f"onfon.sms.{name}",
        args=options,
        check_mode=check,
        diff=diff,
        async_val=how.get("async_val", 0),
        environment=how.get("environment", []),
    )
    connection = types.SimpleNamespace(
        transport=how.get("transport", "local"),
        become=how.get("become"),
        _shell=types.SimpleNamespace(tmpdir=None),
    )
    plugin = importlib.import_module(f"{PACKAGE}.action.{name}").ActionModule
    made = plugin(task, connection, None, None, None, None)
    made._execute_module = lambda **_arguments: {"shipped": True}
    return made
