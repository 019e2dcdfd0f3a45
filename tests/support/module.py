# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the main() of a module in this process, with the real AnsibleModule."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing as t
from unittest import mock

from ansible.module_utils import basic

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # ansible-core before 2.19

    def patch_module_args(args: dict[str, t.Any] | None = None) -> t.ContextManager[t.Any]:
        return mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": args or {}}).encode())


PACKAGE = "ansible_collections.onfon.sms.plugins"
KEYS = {"api_key": "api+key/1==", "client_id": "acme", "access_key": "access/key+2=="}


def run(module: str, options: t.Mapping[str, t.Any], *, check: bool = False, diff: bool = True) -> dict[str, t.Any]:
    """What a module returns for these options. failed is there only after a failure, as on the wire of Ansible."""
    written = io.StringIO()
    arguments = {
        **options,
        "_ansible_module_name": f"onfon.sms.{module}",
        "_ansible_check_mode": check,
        "_ansible_diff": diff,
    }
    with patch_module_args(arguments), contextlib.redirect_stdout(written), contextlib.suppress(SystemExit):
        importlib.import_module(f"{PACKAGE}.modules.{module}").main()
    return t.cast("dict[str, t.Any]", json.loads(written.getvalue()))
