# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the host and the result of every task to the file in RECORD_RESULTS, one JSON line each."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Record results for the tests
description: Writes the result of every task to a file.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _record(self, task_result: object) -> None:
        # The attributes lost their underscores in ansible-core 2.19.
        result = getattr(task_result, "result", None) or task_result._result
        task = getattr(task_result, "task", None) or task_result._task
        host = getattr(task_result, "host", None) or task_result._host
        line = json.dumps({"host": host.get_name(), "task": task.get_name(), "result": result}, default=str)
        with Path(os.environ["RECORD_RESULTS"]).open("a") as record:
            record.write(line + "\n")

    def v2_runner_on_ok(self, result: object) -> None:
        self._record(result)

    def v2_runner_on_failed(self, result: object, ignore_errors: bool = False) -> None:
        self._record(result)
