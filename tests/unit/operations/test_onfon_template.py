# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_template from its options to its result, on a stub server and a fake transport."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_template import OPERATION
from tests.support.api_rows import DISK, DISK_RESULT
from tests.support.operation_runner import OperationRunner
from tests.support.stub_server import StubServer

from .conftest import Refused

Module = t.Callable[..., dict[str, t.Any]]


@pytest.fixture
def runner() -> OperationRunner:
    return OperationRunner()


@pytest.mark.parametrize("text", ["##Disk## full", "##Disk## full\n", None])
def test_an_existing_template_is_unchanged(module: Module, stub: StubServer, text: str | None) -> None:
    stub.envelope([DISK])
    result = module("onfon_template", name="disk", text=text)
    assert not result["changed"]
    assert result["template"] == DISK_RESULT


def test_a_template_is_updated(module: Module, stub: StubServer) -> None:
    stub.envelope([DISK]).envelope("Template updated.").envelope([{**DISK, "MessageTemplate": "line\nline"}])
    result = module("onfon_template", name="disk", text="line\nline\n")
    assert result["changed"]
    assert result["diff"]["after"] == "name: disk\ntext:\n  line\n  line\nsegments: 1\n"
    assert stub.requests[1].json["MessageTemplate"] == "line\nline"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": None, "id": None, "state": "absent"}, "name and id are both empty"),
        ({"text": "hi"}, "name, id"),
        ({"name": "disk", "text": " \n"}, "text is blank"),
        ({"name": "disk", "new_name": "x", "state": "absent"}, "new_name"),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_template", words, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "a", "text": "\ud83d"}, "text holds an unpaired surrogate"),
    ],
)
def test_an_unpaired_surrogate_is_refused_before_any_request(
    runner: OperationRunner, options: dict[str, object], sentence: str
) -> None:
    """YAML cannot contain one, but values that a task takes from elsewhere can."""
    result = runner.perform(OPERATION, False, options)
    assert sentence in result["msg"]
    assert runner.transport.requests == []
