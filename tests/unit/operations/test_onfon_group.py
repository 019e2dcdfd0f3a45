# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_group from its options to its result, on a stub server and a fake transport."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_group import OPERATION
from tests.support.api_rows import DEV, OPS
from tests.support.operation_runner import OperationRunner
from tests.support.stub_server import StubServer

from .conftest import Refused

Module = t.Callable[..., dict[str, t.Any]]


@pytest.fixture
def runner() -> OperationRunner:
    return OperationRunner()


def test_an_existing_group_is_unchanged(module: Module, stub: StubServer) -> None:
    stub.envelope([OPS])
    result = module("onfon_group", name="Ops")
    assert not result["changed"]
    assert result["group"] == {"id": 7, "name": "Ops", "contact_count": 12}


def test_a_missing_group_is_created(module: Module, stub: StubServer) -> None:
    stub.envelope([]).envelope("success#New Group added successfully.").envelope([OPS])
    result = module("onfon_group", name="Ops")
    assert result["changed"]
    assert result["group"]["id"] == 7
    assert result["diff"]["before"] == ""
    assert result["diff"]["after"] == "name: Ops\n"
    assert [request.method for request in stub.requests] == ["GET", "POST", "GET"]


def test_check_mode_predicts_the_creation_of_a_group(module: Module, stub: StubServer) -> None:
    stub.envelope([])
    result = module("onfon_group", name="Ops", check=True)
    assert result["changed"]
    assert result["group"] == {"id": None, "name": "Ops", "contact_count": 0}
    assert [request.method for request in stub.requests] == ["GET"]


def test_a_group_is_deleted(module: Module, stub: StubServer) -> None:
    stub.envelope([OPS, DEV]).envelope("success#").envelope([DEV])
    result = module("onfon_group", name="Ops", state="absent")
    assert (result["changed"], result["group"]) == (True, None)


def test_a_diff_is_returned_only_in_diff_mode(module: Module, stub: StubServer) -> None:
    stub.envelope([OPS])
    assert "diff" not in module("onfon_group", name="Ops", diff=False)


@pytest.mark.parametrize("name", ["Family 👨‍👩‍👧", "می‌خواهم", "Ops\u00a0Nairobi", "日本"])
def test_names_in_any_script_are_accepted(module: Module, stub: StubServer, name: str) -> None:
    """Joiners are part of emoji and of Persian, and no line ends."""
    stub.envelope([{**OPS, "GroupName": name}])
    assert module("onfon_group", name=name).get("failed") is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "name, id"),
        ({"name": ""}, "name is blank"),
        ({"name": None}, "name and id are both empty"),
        ({"name": "Ops", "new_name": " "}, "new_name is blank"),
        ({"name": "Ops", "new_name": "Dev", "state": "absent"}, "new_name"),
        ({"name": "Ops", "state": "gone"}, "state"),
        ({"id": "seven"}, "id"),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_group", words, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"name": "a\ud83d"},
            "name holds an unpaired surrogate (U+D83D): write it again without that, and save it as UTF-8.",
        ),
        ({"name": "a", "new_name": "\ud83d"}, "new_name holds an unpaired surrogate"),
    ],
)
def test_an_unpaired_surrogate_is_refused_before_any_request(
    runner: OperationRunner, options: dict[str, object], sentence: str
) -> None:
    """YAML cannot contain one, but values that a task takes from elsewhere can."""
    result = runner.perform(OPERATION, False, options)
    assert sentence in result["msg"]
    assert runner.transport.requests == []


def test_an_invalid_name_from_the_portal_can_be_renamed_and_deleted(runner: OperationRunner) -> None:
    for name in ("Ops ", "Dev "):
        runner.transport.add_group(name)
    assert "name that one, or rename it." in runner.perform(OPERATION, False, {"name": "Ops"})["msg"]
    assert runner.perform(OPERATION, False, {"name": "Ops ", "new_name": "Ops"})["changed"]
    assert runner.perform(OPERATION, False, {"name": "Dev ", "state": "absent"})["changed"]
    assert runner.transport.names("Group") == ["Ops"]
    refused = runner.perform(OPERATION, False, {"name": "New "})
    assert refused["msg"].startswith('A group cannot be named "New ": give one line')
