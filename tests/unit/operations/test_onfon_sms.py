# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_sms from its options to its result, on a stub server. tests/unit/sending has the rest, on a fake transport."""

from __future__ import annotations

import sys
import typing as t

import pytest

from tests.support.api_rows import NUMBER, response_row
from tests.support.module import KEYS, run
from tests.support.stub_server import StubServer

from .conftest import Refused

Module = t.Callable[..., dict[str, t.Any]]
# A lost reply is not settled here: that would take a minute.
OPTIONS: dict[str, t.Any] = {"to": [NUMBER], "text": "hi", "sender_id": "ACME", "settle": False}


def test_messages_are_sent(module: Module, stub: StubServer) -> None:
    stub.envelope([response_row(NUMBER), response_row("254700000002")])
    result = module("onfon_sms", to=["0700 000 001", "254700000002", NUMBER], text="hi", sender_id=" ACME OPS ")
    assert result["changed"]
    assert result["recipients"][0] == {
        "line": 1,
        "to": "0700 000 001",
        "msisdn": NUMBER,
        "status": "accepted",
        "message_id": "id-1",
        "error_code": None,
        "error": None,
        "segments": 1,
    }
    assert result["summary"].pop("seconds") >= 0
    assert result["summary"] == {
        "requested": 3,
        "segments": 2,
        "requests": 1,
        "accepted": 2,
        "rejected": 0,
        "unknown": 0,
        "not_sent": 0,
        "skipped_duplicate": 1,
        "skipped_invalid": 0,
        "skipped_opt_out": 0,
        "skipped_already_sent": 0,
    }
    assert stub.requests[0].json["SenderId"] == "ACME OPS"


def test_check_mode_sends_nothing(module: Module, stub: StubServer) -> None:
    result = module("onfon_sms", check=True, **OPTIONS)
    assert result["changed"]
    assert [recipient["status"] for recipient in result["recipients"]] == ["not_sent"]
    assert result["summary"]["segments"] == 1
    assert stub.requests == []


@pytest.mark.parametrize(
    ("codes", "changed", "statuses"),
    [((0, 401), True, ["accepted", "rejected"]), ((401, 401), False, ["rejected", "rejected"])],
)
def test_a_rejected_row_fails_the_task(
    module: Module, stub: StubServer, codes: tuple[int, int], changed: bool, statuses: list[str]
) -> None:
    stub.envelope([response_row(NUMBER, codes[0]), response_row("254700000002", codes[1])])
    result = module("onfon_sms", to=[NUMBER, "254700000002"], text="hi", sender_id="ACME")
    assert result["failed"]
    assert result["changed"] is changed
    assert [recipient["status"] for recipient in result["recipients"]] == statuses
    assert result["error"]["code"] == "401"


def test_a_lost_reply_fails_the_task_and_is_unknown(module: Module, stub: StubServer) -> None:
    stub.hang()
    result = module("onfon_sms", **{**OPTIONS, "timeout": 0.15, "settle": False})
    assert result["failed"]
    assert result["changed"]
    assert result["recipients"][0]["status"] == "unknown"
    assert result["summary"]["unknown"] == 1


def test_the_final_newline_of_a_block_is_not_charged(module: Module, stub: StubServer) -> None:
    stub.envelope([response_row(NUMBER)])
    result = module("onfon_sms", to=[NUMBER], text="a" * 160 + "\n", sender_id="ACME")
    assert result["summary"]["segments"] == 1
    assert stub.requests[0].json["MessageParameters"][0]["Text"] == "a" * 160


def test_ucs2_is_detected(module: Module, stub: StubServer) -> None:
    stub.envelope([response_row(NUMBER)])
    result = module("onfon_sms", to=[NUMBER], text="ł" * 71, sender_id="ACME")
    assert stub.requests[0].json["IsUnicode"] is True
    assert result["summary"]["segments"] == 2


@pytest.mark.parametrize("to", [0o700000001, [0o700000001], 0o110000001])
def test_a_number_that_yaml_read_as_octal_is_refused(module: Module, stub: StubServer, to: object) -> None:
    """Also without a list: AnsibleModule makes ["117440513"] of 117440513, which is another phone number in Kenya."""
    result = module("onfon_sms", to=to, text="hi", sender_id="ACME", check=True)
    assert result.get("failed")
    assert "in quotes" in result["msg"]


@pytest.mark.parametrize("to", ["0700000001", "0700000001,254700000002", "254700000001"])
def test_numbers_may_be_one_string(module: Module, to: str) -> None:
    result = module("onfon_sms", to=to, text="hi", sender_id="ACME", check=True)
    assert result["recipients"][0]["msisdn"] == NUMBER


def test_environment_variables_are_fallbacks(stub: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(f"ONFON_{name.upper()}", value)
    monkeypatch.setenv("ONFON_API_URL", stub.url)
    monkeypatch.setenv("ONFON_SENDER_ID", "FROM ENV")
    stub.envelope([response_row(NUMBER)])
    assert "failed" not in run("onfon_sms", {"to": [NUMBER], "text": "hi"})
    request = stub.requests[0]
    assert request.json["SenderId"] == "FROM ENV"
    assert (request.json["ApiKey"], request.headers["accesskey"]) == (KEYS["api_key"], KEYS["access_key"])


def test_a_missing_phonenumbers_library_is_named(
    module: Module, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    result = module("onfon_sms", **OPTIONS)
    assert result["failed"]
    assert "(phonenumbers)" in result["msg"]
    assert stub.requests == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"text": "hi", "sender_id": "A"}, "to"),
        ({"to": [NUMBER], "sender_id": "A"}, "text"),
        ({"to": [NUMBER], "text": "hi"}, "sender_id"),
        ({"to": [], "text": "hi", "sender_id": "A"}, "to is empty"),
        ({"to": "", "text": "hi", "sender_id": "A"}, "to is empty"),
        ({"to": [NUMBER], "text": " \n", "sender_id": "A"}, "text is blank"),
        ({"to": [NUMBER], "text": "hi", "sender_id": " "}, "sender_id is missing"),
        ({"to": ["x"], "text": "hi", "sender_id": "A"}, '"x" is not a phone number'),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_sms", words, **options)
