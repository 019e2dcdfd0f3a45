# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Runs an operation as a module, in a process of its own on the host of the task."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ._errors import OnfonError
from ._operation import Operation, Result


def run_module(operation: Operation) -> None:
    """Read the task's options, perform the operation, and leave the process with its result."""
    module = AnsibleModule(
        argument_spec=operation.argument_spec,
        supports_check_mode=True,
        **operation.constraints,
    )
    result: Result = {}
    failure: Result | None = None
    try:
        result = operation.perform(module.params, check_mode=module.check_mode, diff_mode=module._diff)
    except OnfonError as error:
        failure = error.as_result()
    for warning in (result if failure is None else failure).pop("warnings", []):
        module.warn(warning)
    # Outside the handler: fail_json would add the active exception, and with it texts that nobody has masked.
    if failure is not None:
        module.fail_json(**failure)
    module.exit_json(**result)
