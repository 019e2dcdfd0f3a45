# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_group and onfon_template: from their options to their results, on an account in memory."""

from __future__ import annotations

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._operation import Operation
from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_group import OPERATION as GROUP_OPERATION
from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_template import (
    OPERATION as TEMPLATE_OPERATION,
)
from tests.support.operation_runner import OperationRunner


@pytest.fixture
def runner() -> OperationRunner:
    return OperationRunner()


@pytest.mark.parametrize(
    ("operation", "options", "sentence"),
    [
        (
            GROUP_OPERATION,
            {"name": "a\ud83d"},
            "name holds an unpaired surrogate (U+D83D): write it again without that, and save it as UTF-8.",
        ),
        (GROUP_OPERATION, {"name": "a", "new_name": "\ud83d"}, "new_name holds an unpaired surrogate"),
        (TEMPLATE_OPERATION, {"name": "a", "text": "\ud83d"}, "text holds an unpaired surrogate"),
    ],
)
def test_an_unpaired_surrogate_is_refused_before_anything_is_asked(
    runner: OperationRunner, operation: Operation, options: dict[str, object], sentence: str
) -> None:
    """YAML cannot hold one, but what a task takes from elsewhere can."""
    result = runner.perform(operation, False, options)
    assert sentence in result["msg"]
    assert runner.transport.requests == []


def test_a_name_that_only_the_portal_lets_pass_can_be_mended_and_removed(runner: OperationRunner) -> None:
    for name in ("Ops ", "Dev "):
        runner.transport.add_group(name)
    assert "name that one, or rename it." in runner.perform(GROUP_OPERATION, False, {"name": "Ops"})["msg"]
    assert runner.perform(GROUP_OPERATION, False, {"name": "Ops ", "new_name": "Ops"})["changed"]
    assert runner.perform(GROUP_OPERATION, False, {"name": "Dev ", "state": "absent"})["changed"]
    assert runner.transport.names("Group") == ["Ops"]
    refused = runner.perform(GROUP_OPERATION, False, {"name": "New "})
    assert refused["msg"].startswith('A group cannot be named "New ": give one line')
