# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_delivery_info from its options to its result, on sandboxes and on a stub server."""

from __future__ import annotations

import collections
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import classify
from tests.support.api_rows import log_row
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

from .conftest import Refused, read

Module = t.Callable[..., dict[str, t.Any]]


def test_deliveries_are_found_by_id(sandbox: SandboxServer) -> None:
    sent = {message["message_id"]: classify(message["status"]) for message in sandbox.messages()}
    ids = [*sent, "nobody's"]
    result = read(sandbox, "onfon_delivery_info", message_ids=ids, from_date="7d", wait=False)
    assert {row["message_id"]: row["status"] for row in result["messages"]} == {**sent, "nobody's": "not_found"}
    counts = collections.Counter(sent.values())
    assert result["counts"] == {name: counts[name] for name in result["counts"]} | {"not_found": 1}
    assert result["delivered_percent"] == round(100 * counts["delivered"] / 81, 2)


def test_it_waits_until_the_message_is_delivered(module: Module, stub: StubServer) -> None:
    stub.envelope([log_row(1, Status="SUBMITTED")]).envelope([log_row(1)])
    result = module("onfon_delivery_info", message_ids=["id-1"], interval=1, min_delivered_percent=100)
    assert (result["messages"][0]["status"], result["delivered_percent"]) == ("delivered", 100.0)
    assert len(stub.requests) == 2


@pytest.mark.parametrize(("percent", "failed"), [(None, False), (0, False), (50, False), (50.1, True), (100, True)])
def test_too_few_deliveries_fail_the_task(
    module: Module, stub: StubServer, percent: float | None, failed: bool
) -> None:
    stub.envelope([log_row(1), log_row(2, Status="SUBMITTED")])
    result = module("onfon_delivery_info", message_ids=["id-1", "id-2"], wait=False, min_delivered_percent=percent)
    assert result.get("failed", False) is failed
    assert [row["status"] for row in result["messages"]] == ["delivered", "pending"]
    assert result["counts"] == {"delivered": 1, "failed": 0, "pending": 1, "unrecognized": 0, "not_found": 0}
    if failed:
        assert result["msg"] == (
            f"50 % of 2 messages were delivered, and min_delivered_percent is {percent:g}: 1 delivered, 1 pending."
            " Raise wait_timeout to wait for them longer."
        )
        assert result["error"]["class"] == "state"


def test_a_final_failure_refers_to_onfon_sms_info(module: Module, stub: StubServer) -> None:
    stub.envelope([log_row(1, Status="EXPIRED")])
    result = module("onfon_delivery_info", message_ids="id-1", min_delivered_percent=1)
    assert result["msg"].endswith("Look with onfon.sms.onfon_sms_info at raw_status and error_code of the others.")


def test_known_states_are_returned_when_the_log_becomes_unreadable(module: Module, stub: StubServer) -> None:
    stub.envelope([log_row(1), log_row(2, Status="SUBMITTED")]).envelope(code="007")
    result = module("onfon_delivery_info", message_ids=["id-1", "id-2"], interval=1)
    assert result["failed"]
    assert result["msg"].startswith(
        "Onfon error 007: the API credentials are not valid. What was known before: 1 deliv"
    )
    assert result["error"]["code"] == "007"
    assert result["counts"]["delivered"] == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "message_ids"),
        ({"message_ids": []}, "message_ids is empty: give at least one message id."),
        ({"message_ids": None}, "message_ids"),
        ({"message_ids": ["id-1", None]}, "message_ids holds an empty entry"),
        ({"message_ids": [{"message_id": "id-1"}]}, "message_ids holds a list or a dictionary"),
        ({"message_ids": "id-1", "interval": 0}, "interval is 0: give from 1 to 3600."),
        ({"message_ids": "id-1", "wait_timeout": -1}, "wait_timeout is -1: give from 0 to 86400."),
        ({"message_ids": "id-1", "wait_timeout": "nan"}, "wait_timeout is nan: give from 0 to 86400."),
        ({"message_ids": "id-1", "min_delivered_percent": 101}, "min_delivered_percent is 101"),
        ({"message_ids": "id-1", "from_date": "tomorrow"}, 'from_date "tomorrow" is not a day'),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_delivery_info", words, **options)
