# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_sms_info from its options to its result, on sandboxes and on a stub server."""

from __future__ import annotations

import collections
import csv
import datetime
import json
import stat
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import classify
from tests.support.api_rows import TODAY, log_row
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

from .conftest import INVALID_PERIODS, Refused, day_of, read

Module = t.Callable[..., dict[str, t.Any]]
Result = dict[str, t.Any]


@pytest.mark.parametrize("page_size", [7, 500])
def test_the_sent_log_matches_the_gateway(sandbox: SandboxServer, page_size: int) -> None:
    sent = sandbox.messages()
    result = read(sandbox, "onfon_sms_info", from_date="7d", page_size=page_size)
    assert [(row["message_id"], row["raw_status"], row["error_code"]) for row in result["sms"]] == [
        (message["message_id"], message["status"], message["network_code"]) for message in sent
    ]
    statuses = collections.Counter(classify(message["status"]) for message in sent)
    assert result["summary"]["by_status"] == {name: statuses[name] for name in result["summary"]["by_status"]}
    assert {"delivered", "failed"} == set(statuses)
    assert {day["day"]: day["total"] for day in result["summary"]["by_day"]} == collections.Counter(map(day_of, sent))
    assert {sender["sender_id"]: sender["total"] for sender in result["summary"]["by_sender"]} == collections.Counter(
        message["sender_id"] for message in sent
    )


def test_the_period_is_exact_although_more_is_requested(sandbox: SandboxServer) -> None:
    days = sorted(set(map(day_of, sandbox.messages())))
    for first, last in [(days[0], days[0]), (days[1], days[2]), (days[-1], days[-1])]:
        result = read(sandbox, "onfon_sms_info", from_date=first, to_date=last, page_size=9)
        expected = [each["message_id"] for each in sandbox.messages() if first <= day_of(each) <= last]
        assert [row["message_id"] for row in result["sms"]] == expected


def test_a_limit_cuts_the_messages_and_not_the_summary(sandbox: SandboxServer) -> None:
    result = read(sandbox, "onfon_sms_info", from_date="7d", limit=10, page_size=3)
    assert (len(result["sms"]), result["summary"]["total"]) == (10, 80)


def test_all_rows_are_exported_whatever_the_limit(sandbox: SandboxServer, tmp_path: Path) -> None:
    whole = read(sandbox, "onfon_sms_info", from_date="7d")["sms"]
    for name in ("log.jsonl", "log.csv"):
        result = read(sandbox, "onfon_sms_info", from_date="7d", limit=0, page_size=7, export_file=str(tmp_path / name))
        assert result["sms"] == []
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == whole
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["message_id"] for row in rows] == [row["message_id"] for row in whole]
    assert {row["final"] for row in rows} == {"true"}


LOG = [
    log_row(1),
    log_row(2, Status="EXPIRED", SenderId="ACME OPS"),
    log_row(3, Status="undeliv", MobileNumber="0700 000 003"),
    log_row(4, Status="Submitted", MobileNumber="+254700000004"),
    log_row(5, Status="Teleported", MobileNumber="447911123456"),
]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, "12345"),
        ({"msisdn": "0700 000 001"}, "1"),
        ({"msisdn": ["+254700000003", 254700000004]}, "34"),
        ({"msisdn": "0700000001, 254700000002"}, "12"),
        ({"msisdn": 254700000004}, "4"),
        ({"msisdn": "+44 7911 123456"}, "5"),
        ({"msisdn": "0700 000 009"}, ""),
        ({"sender_id": " ACME "}, "1345"),
        ({"sender_id": "acme"}, ""),
        ({"status": "failed"}, "23"),
        ({"status": ["delivered", "unrecognized"]}, "15"),
        ({"status": ["UNDELIV", "teleported!"]}, "35"),
        ({"status": "Pending"}, "4"),
        ({"message_ids": ["id-2", "id-9", "id-4"]}, "24"),
        ({"message_ids": "id-2,id-3", "status": "EXPIRED", "sender_id": "ACME OPS", "msisdn": "0700000002"}, "2"),
    ],
)
def test_messages_are_filtered(module: Module, stub: StubServer, options: Result, found: str) -> None:
    stub.envelope(LOG).envelope([])
    result = module("onfon_sms_info", **options)
    assert [row["message_id"] for row in result["sms"]] == [f"id-{index}" for index in found]
    assert result["summary"]["total"] == len(found)


def test_one_more_day_is_requested(module: Module, stub: StubServer) -> None:
    stub.envelope([])
    module("onfon_sms_info", from_date="2026-11-01", to_date="2026-11-03", page_size=7)
    asked = stub.requests[0].query
    assert {name: asked[name] for name in ("fromdate", "enddate", "start", "length")} == {
        "fromdate": "2026-10-31",
        "enddate": "2026-11-04",
        "start": "0",
        "length": "7",
    }


def test_rows_that_may_belong_to_the_period_are_kept(module: Module, stub: StubServer) -> None:
    day = datetime.timedelta(days=1)
    dates = [f"{TODAY - day} 23:59:59", f"{TODAY} 00:00:00", f"{TODAY + day} 00:00:00", "some day", None]
    stub.envelope([log_row(index, SubmitDate=date) for index, date in enumerate(dates)]).envelope([])
    result = module("onfon_sms_info")
    assert [row["submitted"] for row in result["sms"]] == [f"{TODAY} 00:00:00", "some day", None]
    assert [counted["day"] for counted in result["summary"]["by_day"]] == [str(TODAY), None]


def test_malformed_rows_have_all_keys(module: Module, stub: StubServer) -> None:
    stub.envelope([{}, {"MobileNumber": 254700000001, "Status": None, "New": [1]}, {"Message": {"odd": 1}}]).envelope(
        []
    )
    rows = module("onfon_sms_info")["sms"]
    assert len(rows) == 3
    assert len({tuple(row) for row in rows}) == 1
    assert [row["status"] for row in rows] == ["unrecognized"] * 3
    assert rows[1]["msisdn"] == "254700000001"


def test_an_unpaired_surrogate_in_a_row_is_escaped(module: Module, stub: StubServer) -> None:
    stub.envelope([log_row(1, Message="cut \ud83d"), log_row(2, MessageId="\ud83d")]).envelope([])
    rows = module("onfon_sms_info")["sms"]
    assert (rows[0]["text"], rows[1]["message_id"]) == ("cut \\ud83d", "\\ud83d")


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_check_mode_returns_the_same_and_writes_no_file(
    module: Module, stub: StubServer, tmp_path: Path, name: str
) -> None:
    for _time in range(2):
        stub.envelope(LOG).envelope([])
    dry = module("onfon_sms_info", check=True, export_file=str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []
    real = module("onfon_sms_info", export_file=str(tmp_path / name))
    for result in (dry, real):
        result.pop("invocation", None)
    assert dry == real
    assert (tmp_path / name).exists()


def test_an_unreadable_log_replaces_no_file(module: Module, stub: StubServer, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("kept")
    stub.envelope(code="007")
    assert module("onfon_sms_info", export_file=str(tmp_path / "log.csv"))["failed"]
    assert (tmp_path / "log.csv").read_text() == "kept"


def test_no_result_and_no_file_contains_a_secret(module: Module, stub: StubServer, tmp_path: Path) -> None:
    quoted = "?ApiKey=api%2Bkey%2F1%3D%3D AccessKey: access/key+2== api+key/1=="
    fields = ("MobileNumber", "SenderId", "Message", "DoneDate", "MessageId", "Status", "ErrorCode")
    stub.envelope([log_row(index, **{field: quoted}) for index, field in enumerate(fields)]).envelope([])
    result = module("onfon_sms_info", export_file=str(tmp_path / "log.csv"))
    result.pop("invocation", None)
    assert len(result["sms"]) == len(fields)
    for part in ("api+key", "api%2Bkey", "key%2F1", "access/key", "key+2"):
        assert part not in str(result)
        assert part not in (tmp_path / "log.csv").read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        *INVALID_PERIODS,
        ({"limit": -1}, "limit is -1: give 0 or more."),
        ({"limit": "all"}, "limit"),
        ({"msisdn": "0712"}, "is not a phone number"),
        ({"msisdn": 0o700000001}, "put it in quotes"),
        ({"msisdn": [0o700000001]}, "put it in quotes"),
        ({"msisdn": ""}, "msisdn is empty: give at least one number, or leave it out."),
        ({"msisdn": {"number": "254700000001"}}, "is not a phone number"),
        ({"msisdn": []}, "msisdn is empty: give at least one number, or leave it out."),
        ({"sender_id": " "}, "sender_id is blank"),
        ({"status": []}, "status is empty: give at least one status."),
        ({"status": ["failed", ""]}, "status holds an empty entry"),
        ({"message_ids": []}, "message_ids is empty: give at least one message id."),
        ({"export_file": "log.txt"}, 'log.txt" must end with .csv, .jsonl or .ndjson: rename it.'),
        ({"export_file": ""}, "export_file"),
        ({"export_file": "/nowhere/log.csv"}, "export_file /nowhere/log.csv is in a folder that does not exist"),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_sms_info", words, **options)


def test_malformed_data_is_a_protocol_error(module: Module, stub: StubServer) -> None:
    stub.envelope(["nonsense"])
    result = module("onfon_sms_info")
    assert result["failed"]
    assert result["error"]["class"] == "protocol"


def test_reading_needs_phonenumbers_only_for_msisdn(
    module: Module, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    stub.envelope(LOG).envelope([])
    assert len(module("onfon_sms_info")["sms"]) == len(LOG)
    result = module("onfon_sms_info", msisdn="0700 000 001")
    assert "(phonenumbers)" in result["msg"]
