# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that read what was sent: against sandbox gateways that count in all ways, and against a stub."""

from __future__ import annotations

import collections
import csv
import datetime
import itertools
import json
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import classify
from tests.support.module import run
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

Module = t.Callable[..., dict[str, t.Any]]
Result = dict[str, t.Any]

SMS, CAMPAIGNS = "onfon_sms_info", "onfon_campaign_info"
STATISTICS, DELIVERY = "onfon_campaign_statistics_info", "onfon_delivery_info"
WAYS = list(itertools.product(("count", "end"), (0, 1), ("docs", "live")))
EAT = datetime.timezone(datetime.timedelta(hours=3))

# --- sandbox gateways -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0]} from {way[1]}, {way[2]}")
def sandbox(request: pytest.FixtureRequest) -> t.Iterator[SandboxServer]:
    """A gateway that sent messages on four days, for each way of counting and dialect."""
    mode, base, dialect = request.param
    flags = ("--length-mode", mode, "--start-base", str(base), "--dialect", dialect, "--failure-rate", "0.3")
    with SandboxServer(*flags) as gateway:
        gateway.history(days=4, messages=80, seed=1, sender_ids=["SANDBOX", "OPS"])
        yield gateway


def read(sandbox: SandboxServer, module: str, *, check: bool = False, **options: t.Any) -> Result:
    """What a module returns."""
    keys = {"api_key": sandbox.api_key, "client_id": sandbox.client_id, "access_key": sandbox.access_key}
    result = run(module, {**keys, "api_url": sandbox.api_url, **options}, check=check)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    return result


def day_of(row: t.Mapping[str, t.Any]) -> str:
    """The day in Nairobi of what the sandbox's own side shows."""
    return str(datetime.datetime.fromisoformat(row["time"]).astimezone(EAT).date())


@pytest.mark.parametrize("page_size", [7, 500])
def test_the_log_is_what_the_gateway_has(sandbox: SandboxServer, page_size: int) -> None:
    sent = sandbox.messages()
    result = read(sandbox, SMS, from_date="7d", page_size=page_size)
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


def test_a_period_is_exact_although_more_is_asked_for(sandbox: SandboxServer) -> None:
    days = sorted(set(map(day_of, sandbox.messages())))
    for first, last in [(days[0], days[0]), (days[1], days[2]), (days[-1], days[-1])]:
        result = read(sandbox, SMS, from_date=first, to_date=last, page_size=9)
        expected = [each["message_id"] for each in sandbox.messages() if first <= day_of(each) <= last]
        assert [row["message_id"] for row in result["sms"]] == expected


def test_campaigns_and_statistics_are_what_the_gateway_has(sandbox: SandboxServer) -> None:
    sent = sandbox.messages()
    sizes = collections.Counter(str(message["campaign_id"]) for message in sent)
    campaigns = read(sandbox, CAMPAIGNS, from_date="7d", page_size=3)["campaigns"]
    assert {campaign["id"]: campaign["total"] for campaign in campaigns} == sizes
    assert len(campaigns) == len(sizes)
    statistics = read(sandbox, STATISTICS, from_date="7d", page_size=3)["statistics"]
    assert [each["campaign_id"] for each in statistics] == [campaign["id"] for campaign in campaigns]
    for each in statistics:
        states = collections.Counter(
            classify(message["status"]) for message in sent if str(message["campaign_id"]) == each["campaign_id"]
        )
        assert each["counts"] == {name: states[name] for name in each["counts"]}
        assert each["total"] == sizes[each["campaign_id"]]


def test_a_limit_cuts_what_is_returned(sandbox: SandboxServer) -> None:
    every = read(sandbox, CAMPAIGNS, from_date="7d")["campaigns"]
    assert len(every) > 4
    assert read(sandbox, CAMPAIGNS, from_date="7d", limit=4, page_size=3)["campaigns"] == every[:4]
    result = read(sandbox, SMS, from_date="7d", limit=10, page_size=3)
    assert (len(result["sms"]), result["summary"]["total"]) == (10, 80)


def test_all_rows_are_exported_whatever_the_limit(sandbox: SandboxServer, tmp_path: Path) -> None:
    whole = read(sandbox, SMS, from_date="7d")["sms"]
    for name in ("log.jsonl", "log.csv"):
        result = read(sandbox, SMS, from_date="7d", limit=0, page_size=7, export_file=str(tmp_path / name))
        assert result["sms"] == []
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == whole
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["message_id"] for row in rows] == [row["message_id"] for row in whole]
    assert {row["final"] for row in rows} == {"true"}


def test_deliveries_are_found_by_id(sandbox: SandboxServer) -> None:
    sent = {message["message_id"]: classify(message["status"]) for message in sandbox.messages()}
    ids = [*sent, "nobody's"]
    result = read(sandbox, DELIVERY, message_ids=ids, from_date="7d", wait=False)
    assert {row["message_id"]: row["status"] for row in result["messages"]} == {**sent, "nobody's": "not_found"}
    counts = collections.Counter(sent.values())
    assert result["counts"] == {name: counts[name] for name in result["counts"]} | {"not_found": 1}
    assert result["delivered_percent"] == round(100 * counts["delivered"] / 81, 2)


# --- onfon_sms_info on a stub -----------------------------------------------------------------------------------------

TODAY = datetime.datetime.now(EAT).date()


def message(index: int, **fields: object) -> Result:
    """A row of today's log."""
    return {
        "MobileNumber": f"25470000000{index}",
        "SenderId": "ACME",
        "Message": f"Hello {index}",
        "SubmitDate": f"{TODAY} 08:00:00",
        "DoneDate": f"{TODAY} 08:00:04",
        "MessageId": f"id-{index}",
        "Status": "DELIVRD",
        "ErrorCode": "000",
        **fields,
    }


LOG = [
    message(1),
    message(2, Status="EXPIRED", SenderId="ACME OPS"),
    message(3, Status="undeliv", MobileNumber="0700 000 003"),
    message(4, Status="Submitted", MobileNumber="+254700000004"),
    message(5, Status="Teleported", MobileNumber="447911123456"),
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
def test_messages_are_chosen(module: Module, stub: StubServer, options: Result, found: str) -> None:
    stub.envelope(LOG).envelope([])
    result = module(SMS, **options)
    assert [row["message_id"] for row in result["sms"]] == [f"id-{index}" for index in found]
    assert result["summary"]["total"] == len(found)


def test_the_gateway_is_asked_for_a_day_more(module: Module, stub: StubServer) -> None:
    stub.envelope([])
    module(SMS, from_date="2026-11-01", to_date="2026-11-03", page_size=7)
    asked = stub.requests[0].query
    assert {name: asked[name] for name in ("fromdate", "enddate", "start", "length")} == {
        "fromdate": "2026-10-31",
        "enddate": "2026-11-04",
        "start": "0",
        "length": "7",
    }


def test_no_row_that_may_be_of_the_period_is_lost(module: Module, stub: StubServer) -> None:
    day = datetime.timedelta(days=1)
    dates = [f"{TODAY - day} 23:59:59", f"{TODAY} 00:00:00", f"{TODAY + day} 00:00:00", "some day", None]
    stub.envelope([message(index, SubmitDate=date) for index, date in enumerate(dates)]).envelope([])
    result = module(SMS)
    assert [row["submitted"] for row in result["sms"]] == [f"{TODAY} 00:00:00", "some day", None]
    assert [counted["day"] for counted in result["summary"]["by_day"]] == [str(TODAY), None]


def test_odd_rows_have_all_keys(module: Module, stub: StubServer) -> None:
    stub.envelope([{}, {"MobileNumber": 254700000001, "Status": None, "New": [1]}, {"Message": {"odd": 1}}]).envelope(
        []
    )
    rows = module(SMS)["sms"]
    assert len(rows) == 3
    assert len({tuple(row) for row in rows}) == 1
    assert [row["status"] for row in rows] == ["unrecognized"] * 3
    assert rows[1]["msisdn"] == "254700000001"


def test_a_text_that_was_cut_within_an_emoji_does_not_hide_the_log(module: Module, stub: StubServer) -> None:
    stub.envelope([message(1, Message="cut \ud83d"), message(2, MessageId="\ud83d")]).envelope([])
    rows = module(SMS)["sms"]
    assert (rows[0]["text"], rows[1]["message_id"]) == ("cut \\ud83d", "\\ud83d")


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_check_mode_reads_the_same_and_writes_no_file(
    module: Module, stub: StubServer, tmp_path: Path, name: str
) -> None:
    for _time in range(2):
        stub.envelope(LOG).envelope([])
    dry = module(SMS, check=True, export_file=str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []
    real = module(SMS, export_file=str(tmp_path / name))
    for result in (dry, real):
        result.pop("invocation", None)
    assert dry == real
    assert (tmp_path / name).exists()


def test_a_log_that_cannot_be_read_replaces_no_file(module: Module, stub: StubServer, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("kept")
    stub.envelope(code="007")
    assert module(SMS, export_file=str(tmp_path / "log.csv"))["failed"]
    assert (tmp_path / "log.csv").read_text() == "kept"


def test_no_result_and_no_file_quotes_a_key(module: Module, stub: StubServer, tmp_path: Path) -> None:
    quoted = "?ApiKey=api%2Bkey%2F1%3D%3D AccessKey: access/key+2== api+key/1=="
    fields = ("MobileNumber", "SenderId", "Message", "DoneDate", "MessageId", "Status", "ErrorCode")
    stub.envelope([message(index, **{field: quoted}) for index, field in enumerate(fields)]).envelope([])
    result = module(SMS, export_file=str(tmp_path / "log.csv"))
    result.pop("invocation", None)
    assert len(result["sms"]) == len(fields)
    for part in ("api+key", "api%2Bkey", "key%2F1", "access/key", "key+2"):
        assert part not in str(result)
        assert part not in (tmp_path / "log.csv").read_text()


# --- campaigns on a stub ----------------------------------------------------------------------------------------------


def test_a_limit_stops_asking(module: Module, stub: StubServer) -> None:
    stub.envelope([{"CampaignId": index} for index in range(5)])
    result = module(CAMPAIGNS, limit=3)
    assert [campaign["id"] for campaign in result["campaigns"]] == ["0", "1", "2"]
    assert len(stub.requests) == 1


@pytest.mark.parametrize("given", [7, "7", [7], ["7", 7]])
def test_the_statistics_of_a_campaign(module: Module, stub: StubServer, given: object) -> None:
    stub.envelope([{"TOTALCOUNT": 3, "DELIVRD": 2, "EXPIRED": 1}])
    (entry,) = module(STATISTICS, campaign_id=given)["statistics"]
    assert entry == {
        "campaign_id": "7",
        "total": 3,
        "counts": {"delivered": 2, "failed": 1, "pending": None, "unrecognized": 0},
        "raw": [{"TOTALCOUNT": 3, "DELIVRD": 2, "EXPIRED": 1}],
    }
    assert stub.requests[0].query["campaignId"] == "7"


@pytest.mark.parametrize("data", [None, [], {}, ""])
def test_a_campaign_that_onfon_does_not_know_has_an_entry(module: Module, stub: StubServer, data: object) -> None:
    stub.envelope(data)
    (entry,) = module(STATISTICS, campaign_id=7)["statistics"]
    assert (entry["campaign_id"], entry["total"], entry["raw"]) == ("7", None, [])
    assert set(entry["counts"].values()) == {None}


def test_a_campaign_without_an_id_is_not_lost(module: Module, stub: StubServer) -> None:
    stub.envelope([{"Unheard": 1}, {"CampaignId": 7}]).envelope([]).envelope([{"DELIVRD": 1}])
    statistics = module(STATISTICS)["statistics"]
    assert [entry["campaign_id"] for entry in statistics] == [None, "7"]


# --- onfon_delivery_info on a stub ------------------------------------------------------------------------------------


def test_it_waits_until_the_message_is_delivered(module: Module, stub: StubServer) -> None:
    stub.envelope([message(1, Status="SUBMITTED")]).envelope([message(1)])
    result = module(DELIVERY, message_ids=["id-1"], interval=1, min_delivered_percent=100)
    assert (result["messages"][0]["status"], result["delivered_percent"]) == ("delivered", 100.0)
    assert len(stub.requests) == 2


@pytest.mark.parametrize(("percent", "failed"), [(None, False), (0, False), (50, False), (50.1, True), (100, True)])
def test_too_few_deliveries_fail_the_task(
    module: Module, stub: StubServer, percent: float | None, failed: bool
) -> None:
    stub.envelope([message(1), message(2, Status="SUBMITTED")])
    result = module(DELIVERY, message_ids=["id-1", "id-2"], wait=False, min_delivered_percent=percent)
    assert result.get("failed", False) is failed
    assert [row["status"] for row in result["messages"]] == ["delivered", "pending"]
    assert result["counts"] == {"delivered": 1, "failed": 0, "pending": 1, "unrecognized": 0, "not_found": 0}
    if failed:
        assert result["msg"] == (
            f"50 % of 2 messages were delivered, and min_delivered_percent is {percent:g}: 1 delivered, 1 pending."
            " Raise wait_timeout to wait for them longer."
        )
        assert result["error"]["class"] == "state"


def test_a_failure_says_where_to_look_if_waiting_cannot_help(module: Module, stub: StubServer) -> None:
    stub.envelope([message(1, Status="EXPIRED")])
    result = module(DELIVERY, message_ids="id-1", min_delivered_percent=1)
    assert result["msg"].endswith("Look with onfon.sms.onfon_sms_info at raw_status and error_code of the others.")


def test_what_was_known_is_returned_when_the_log_cannot_be_read_any_more(module: Module, stub: StubServer) -> None:
    stub.envelope([message(1), message(2, Status="SUBMITTED")]).envelope(code="007")
    result = module(DELIVERY, message_ids=["id-1", "id-2"], interval=1)
    assert result["failed"]
    assert result["msg"].startswith(
        "Onfon error 007: the API credentials are not valid. What was known before: 1 deliv"
    )
    assert result["error"]["code"] == "007"
    assert result["counts"]["delivered"] == 1


# --- what is wrong ----------------------------------------------------------------------------------------------------

NO_NUMBER = "is not a phone number"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        *((name, {"from_date": "soon"}, 'from_date "soon" is no day') for name in (SMS, CAMPAIGNS, STATISTICS)),
        *((name, {"to_date": "7d"}, 'to_date "7d" is no day') for name in (SMS, CAMPAIGNS, STATISTICS)),
        *((name, {"to_date": "2020-01-01"}, "is after to_date 2020-01-01") for name in (SMS, CAMPAIGNS, STATISTICS)),
        *((name, {"from_date": "2099-01-01"}, "is in the future") for name in (SMS, CAMPAIGNS, STATISTICS)),
        *((name, {"page_size": 0}, "page_size is 0: give from 1 to 10000.") for name in (SMS, CAMPAIGNS, STATISTICS)),
        *((name, {"page_size": 10_001}, "page_size is 10001") for name in (SMS, CAMPAIGNS, STATISTICS)),
        (CAMPAIGNS, {"limit": 0}, "limit is 0: give 1 or more."),
        (SMS, {"limit": -1}, "limit is -1: give 0 or more."),
        (SMS, {"limit": "all"}, "limit"),
        (SMS, {"msisdn": "0712"}, NO_NUMBER),
        (SMS, {"msisdn": 0o700000001}, "put it in quotes"),
        (SMS, {"msisdn": [0o700000001]}, "put it in quotes"),
        (SMS, {"msisdn": ""}, "msisdn is empty: give at least one number, or leave it out."),
        (SMS, {"msisdn": {"number": "254700000001"}}, NO_NUMBER),
        (SMS, {"msisdn": []}, "msisdn is empty: give at least one number, or leave it out."),
        (SMS, {"sender_id": " "}, "sender_id is blank"),
        (SMS, {"status": []}, "status is empty: give at least one status."),
        (SMS, {"status": ["failed", ""]}, "status holds a blank entry"),
        (SMS, {"message_ids": []}, "message_ids is empty: give at least one message id."),
        (SMS, {"export_file": "log.txt"}, 'log.txt" has no name that ends with .csv, .jsonl or .ndjson: give it one.'),
        (SMS, {"export_file": ""}, "export_file"),
        (SMS, {"export_file": "/nowhere/log.csv"}, "export_file /nowhere/log.csv is in a folder that does not exist"),
        (STATISTICS, {"campaign_id": []}, "campaign_id is empty: give at least one campaign id."),
        (STATISTICS, {"campaign_id": [" "]}, "campaign_id holds a blank entry"),
        (STATISTICS, {"campaign_id": 7, "from_date": "7d"}, "campaign_id goes without from_date, to_date and limit"),
        (STATISTICS, {"campaign_id": 7, "limit": 7}, "campaign_id goes without from_date, to_date and limit"),
        (DELIVERY, {}, "message_ids"),
        (DELIVERY, {"message_ids": []}, "message_ids is empty: give at least one message id."),
        (DELIVERY, {"message_ids": None}, "message_ids"),
        (DELIVERY, {"message_ids": ["id-1", None]}, "message_ids holds a blank entry"),
        (DELIVERY, {"message_ids": [{"message_id": "id-1"}]}, "message_ids holds a list or a dictionary"),
        (DELIVERY, {"message_ids": "id-1", "interval": 0}, "interval is 0: give from 1 to 3600."),
        (DELIVERY, {"message_ids": "id-1", "wait_timeout": -1}, "wait_timeout is -1: give from 0 to 86400."),
        (DELIVERY, {"message_ids": "id-1", "wait_timeout": "nan"}, "wait_timeout is nan: give from 0 to 86400."),
        (DELIVERY, {"message_ids": "id-1", "min_delivered_percent": 101}, "min_delivered_percent is 101"),
        (DELIVERY, {"message_ids": "id-1", "from_date": "tomorrow"}, 'from_date "tomorrow" is no day'),
    ],
)
def test_an_option_that_is_wrong(module: Module, stub: StubServer, name: str, options: Result, words: str) -> None:
    for check in (False, True):
        result = module(name, check=check, **options)
        assert result["failed"]
        assert words in result["msg"]
        assert "Traceback" not in str(result)
    assert stub.requests == []


@pytest.mark.parametrize("name", [SMS, CAMPAIGNS])
def test_a_gateway_that_talks_nonsense_ends_in_a_sentence(module: Module, stub: StubServer, name: str) -> None:
    stub.envelope(["nonsense"])
    result = module(name)
    assert result["failed"]
    assert result["error"]["class"] == "protocol"


def test_no_phone_number_is_needed_to_read_the_log(
    module: Module, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ansible_collections.onfon.sms.plugins.module_utils._sms.numbers.PHONENUMBERS_IMPORT_ERROR",
        "Traceback: none",
    )
    stub.envelope(LOG).envelope([])
    assert len(module(SMS)["sms"]) == len(LOG)
    result = module(SMS, msisdn="0700 000 001")
    assert "(phonenumbers)" in result["msg"]
