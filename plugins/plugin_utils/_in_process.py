# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Runs an operation inside Ansible's worker where that is honest to do, and ships the module otherwise.

A module of its own process costs half a second before it does anything; the same work in the worker costs
milliseconds. It is honest where the module would have run on this machine, as this user, in this environment, now.
"""

from __future__ import annotations

import json
import typing as t

from ansible.constants import config
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase

from ..module_utils._errors import OnfonError
from ..module_utils._operation import Operation
from ._plain import plain
from ._unsupported import explain_unsupported


class OperationAction(ActionBase):
    """An action plugin is a subclass that names its operation."""

    operation: t.ClassVar[Operation]
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        unsupported = explain_unsupported(self._task.action, self._task.args, self.operation.argument_spec)
        if unsupported:
            result.update(failed=True, msg=unsupported)
        elif self._may_run_here():
            result.update(self._run_here(task_vars))
        else:
            result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        return result

    def _may_run_here(self) -> bool:
        """The module would run on this machine, as this user, in this environment, and now. Its libraries are here."""
        return (
            self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and not any(self._task.environment or [])
            and not self.operation.missing_libraries()
        )

    def _run_here(self, task_vars: dict[str, t.Any] | None) -> dict[str, t.Any]:
        """What the module would return, with the same messages and the same secrets masked."""
        # Plain before they are validated: the validator copies them, which takes its time with what Ansible adds.
        validation = ArgumentSpecValidator(self.operation.argument_spec, **self.operation.constraints).validate(
            plain(self._task.args)
        )
        params = validation.validated_parameters
        if validation.error_messages:
            result = {"failed": True, "msg": str(validation.errors.msg)}
        else:
            try:
                result = self.operation.perform(
                    params, check_mode=self._task.check_mode, diff_mode=self._task.diff, notify=self._notify
                )
            except OnfonError as error:
                result = {"failed": True, **error.as_result()}
        if shows_invocation(task_vars):
            result["invocation"] = {"module_args": params}
        return t.cast("dict[str, t.Any]", masked(result, validation._no_log_values))

    def _notify(self, text: str) -> None:
        """Tell a line to whoever watches, and which module says it."""
        self._display.display(f"{self._task.action.rpartition('.')[2]}: {text}")


def masked(value: t.Any, secrets: t.Collection[str]) -> t.Any:
    """The value without secrets. It is searched part by part only where one is in it, as that takes its time."""
    text = json.dumps(value, default=str)
    if not any(json.dumps(secret)[1:-1] in text for secret in secrets):
        return value
    if isinstance(value, dict):
        return {key: masked(inner, secrets) for key, inner in value.items()}
    return remove_values(value, secrets)


def shows_invocation(task_vars: dict[str, t.Any] | None) -> bool:
    """Whether results hold the options of their task: always before ansible-core 2.20, and on demand since."""
    try:
        return bool(config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True
