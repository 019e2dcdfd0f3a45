# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SendBulkSMS: rows, routes, money, schedule; and the sent log, campaigns and statistics afterwards."""

from __future__ import annotations

import contextlib
import threading
from decimal import Decimal

import pytest

from onfon_sandbox import money
from onfon_sandbox.codes import RefusalError
from onfon_sandbox.gateway import Gateway, Submission
from onfon_sandbox.store import Store

PERIOD = {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 100}


def test_live_rows(account):
    envelope = account.send("254700000001", "+254110000002", 254700000003, "0712000004", "255700000005", "2542000006")
    ids = [row.pop("MessageId") for row in envelope["Data"]]
    good = {"MessageErrorCode": 0, "MessageErrorDescription": "Success", "Custom": ""}
    bad = {"MessageErrorCode": 412, "MessageErrorDescription": "No route found", "Custom": ""}
    assert envelope == {
        "ErrorCode": 0,
        "ErrorDescription": "null",
        "Data": [
            {**good, "MobileNumber": "254700000001"},
            {**good, "MobileNumber": "254110000002"},
            {**good, "MobileNumber": "254700000003"},
            {**good, "MobileNumber": "0712000004"},
            {**bad, "MobileNumber": "255700000005"},
            {**bad, "MobileNumber": "2542000006"},
        ],
    }
    assert [len(one) for one in ids] == [36, 36, 36, 36, 0, 0]
    assert len(set(ids)) == 5
    assert account.credits() == "KSh4996.8000"


def test_docs_rows(make_account):
    account = make_account(dialect="docs")
    envelope = account.send("+254700000001", "255700000005")
    message_id = envelope["Data"][0]["MessageId"]
    assert len(message_id) == 36
    assert envelope == {
        "ErrorCode": 0,
        "ErrorDescription": "Success",
        "Data": [
            {
                "MessageErrorCode": "000",
                "MessageErrorDescription": "Success",
                "MobileNumber": "254700000001",
                "MessageId": message_id,
            },
            {
                "MessageErrorCode": "805",
                "MessageErrorDescription": "Message failed due to undefined route.",
                "MobileNumber": "255700000005",
                "MessageId": "",
            },
        ],
    }


@pytest.mark.parametrize("sender", ["OTHER", "sandbox", "SANDBOX ", "SAND BOX"])
def test_an_unapproved_sender_id(make_account, sender):
    live = make_account(client_id="acme")
    rows = live.send("254700000001", "255700000005", SenderId=sender)["Data"]
    text = "Value filter failed for user [acme] (source_address filter mismatch)."
    assert [(row["MessageErrorCode"], row["MessageErrorDescription"], row["MessageId"]) for row in rows] == [
        (401, text, ""),
        (401, text, ""),
    ]
    assert live.credits() == "KSh5000.0000"
    assert [row["code"] for row in live.messages()] == [401, 401]
    assert live.data("GET", "Campaign", **PERIOD) == []

    docs = make_account(client_id="acme", dialect="docs")
    assert docs.send("254700000001", SenderId=sender)["ErrorCode"] == "015"


def test_several_sender_ids(make_account):
    account = make_account(sender_ids=("ONE", "MPAY TECH"))
    assert account.send("254700000001", SenderId="MPAY TECH")["Data"][0]["MessageErrorCode"] == 0
    assert account.send("254700000001", SenderId="SANDBOX")["Data"][0]["MessageErrorCode"] == 401


def test_the_sandbox_list_is_complete(account):
    account.send(("+254700000001", "one {}"), ("0712000004", "two"), ("255700000005", "three"), IsFlash=True)
    ids = [row["MessageId"] for row in account.log()]
    common = {"sender_id": "SANDBOX", "unicode": False, "flash": True, "scheduled": None, "segments": 1}
    time = "2026-11-22T14:30:20.000+03:00"
    good = {**common, "code": 0, "error": "", "campaign_id": 1, "time": time, "network_code": "000"}
    bad = {**common, "code": 412, "error": "No route found", "campaign_id": None, "time": time, "network_code": ""}
    assert account.messages() == [
        {
            **good,
            "message_id": ids[0],
            "number": "+254700000001",
            "msisdn": "254700000001",
            "text": "one {}",
            "shown": "one {}",
            "status": "DELIVRD",
            "done": time,
        },
        {
            **good,
            "message_id": ids[1],
            "number": "0712000004",
            "msisdn": "254712000004",
            "text": "two",
            "shown": "two",
            "status": "SUBMITTED",
            "done": None,
        },
        {
            **bad,
            "message_id": "",
            "number": "255700000005",
            "msisdn": "255700000005",
            "text": "three",
            "shown": "three",
            "status": "REFUSED",
            "done": None,
        },
    ]


@pytest.mark.parametrize(("recipients", "code"), [(2, 0), (3, 42)])
def test_max_batch(make_account, recipients, code):
    account = make_account(max_batch=2)
    assert account.send(*["254700000001"] * recipients)["ErrorCode"] == code
    assert len(account.messages()) == (0 if code else recipients)


@pytest.mark.parametrize(
    ("text", "unicode", "segments"),
    [
        ("a" * 160, False, 1),
        ("a" * 161, False, 2),
        ("a" * 306, False, 2),
        ("a" * 307, False, 3),
        ("\u20ac" * 80, False, 1),
        ("\u20ac" * 81, False, 2),
        ("a" * 152 + "\u20ac" * 77, False, 3),
        ("a" * 70, True, 1),
        ("a" * 71, True, 2),
        ("\U0001f600" * 35, True, 1),
        ("\U0001f600" * 36, True, 2),
        ("a" * 66 + "\U0001f600" * 34, True, 3),
        ("\U0001f600" * 100, False, 1),
    ],
)
def test_each_segment_is_charged(make_account, text, unicode, segments):
    account = make_account(balance=Decimal(100), price=Decimal("1.25"))
    account.send(("254700000001", text), ("255700000005", text), IsUnicode=unicode)
    assert [row["segments"] for row in account.messages()] == [segments, segments]
    assert account.credits() == f"KSh{100 - 1.25 * segments:.4f}"


def test_without_unicode_the_phone_shows_question_marks(account):
    account.send(("254700000001", "caf\u00e9 \u4f60 \U0001f600 \u20ac"))
    account.send(("254700000001", "caf\u00e9 \u4f60 \U0001f600 \u20ac"), IsUnicode=True)
    assert [row["shown"] for row in account.messages()] == [
        "caf\u00e9 ? ? \u20ac",
        "caf\u00e9 \u4f60 \U0001f600 \u20ac",
    ]
    assert {row["Message"] for row in account.log()} == {"caf\u00e9 \u4f60 \U0001f600 \u20ac"}


def test_the_balance_cannot_go_below_zero(make_account):
    account = make_account(balance=Decimal("1.6"), dialect="docs")
    assert account.send("254700000001", "254700000002", "254700000003")["ErrorCode"] == "021"
    assert account.credits() == "KSh1.6000"
    assert account.messages() == []
    assert account.send("254700000001", "254700000002", "255700000003")["ErrorCode"] == 0
    assert account.credits() == "KSh0.0000"
    assert account.send("254700000001")["ErrorCode"] == "021"
    assert account.send("255700000001")["Data"][0]["MessageErrorCode"] == "805"


def test_two_processes_never_overspend(tmp_path, make_account):
    """Two connections to one wallet, from two threads: every shilling is spent once."""
    settings = make_account(balance=Decimal(40)).settings
    accepted: list[int] = []

    def spend() -> None:
        store = Store(tmp_path / "gateway.db", money.units(settings.balance))
        gateway = Gateway(settings, store)
        with contextlib.suppress(RefusalError):
            while True:
                accepted.append(len(gateway.send(Submission("SANDBOX", [("254700000001", "hi")], False, False, ""))))
        store.close()

    threads = [threading.Thread(target=spend) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store(tmp_path / "gateway.db", 0)
    assert (len(accepted), store.balance(), store.message_count()) == (50, 0, 50)
    store.close()


def test_the_sent_log(account):
    account.send(("254700000001", "one"), ("0712000004", "two"), ("255700000005", "three"))
    rows = account.log()
    assert rows[0] == {
        "MobileNumber": "254700000001",
        "SenderId": "SANDBOX",
        "Message": "one",
        "SubmitDate": "2026-11-22 14:30:20",
        "DoneDate": "2026-11-22 14:30:20",
        "MessageId": account.messages()[0]["message_id"],
        "Status": "DELIVRD",
        "ErrorCode": "000",
    }
    assert [(row["MobileNumber"], row["Status"], row["DoneDate"]) for row in rows[1:]] == [
        ("0712000004", "SUBMITTED", "")
    ]
    account.now += 30 * 86400
    assert account.log()[1]["Status"] == "SUBMITTED"


def test_the_sent_log_is_paged_by_count(account):
    account.send(*[f"25470000000{digit}" for digit in range(8)])
    pages = [account.log(start=start, length=3) for start in range(0, 12, 3)]
    assert [[row["MobileNumber"][-1] for row in page] for page in pages] == [list("012"), list("345"), list("67"), []]
    assert account.log(length=0) == account.log(length=-1) == []
    assert len(account.log(start=-5)) == 8


@pytest.mark.parametrize(
    ("first", "last", "rows"),
    [
        ("2026-11-22", "2026-11-22", 1),
        ("2026-11-01", "2026-11-22", 1),
        ("2026-11-21", "2026-11-21", 0),
        ("2026-11-23", "2026-11-30", 0),
        ("2026-11-23", "2026-11-21", 0),
    ],
)
@pytest.mark.parametrize("hour", ["00:00:00", "23:59:59"])
def test_days_are_those_of_nairobi(account, first, last, rows, hour):
    hours, minutes, seconds = (int(part) for part in hour.split(":"))
    account.now += (hours - 14) * 3600 + (minutes - 30) * 60 + seconds - 20
    account.send("254700000001")
    assert len(account.log(fromdate=first, enddate=last)) == rows
    assert len(account.data("GET", "Campaign", **{**PERIOD, "fromdate": first, "enddate": last})) == rows


def test_campaigns_and_statistics_add_up(account):
    account.send(("254700000001", "one"), ("0712000004", "two"), ("255700000005", "three"))
    account.send(("254700000001", "four"))
    common = {"SenderId": "SANDBOX", "ScheduleDate": "2026-11-22 14:30:20", "CreatedDate": "2026-11-22 14:30:20"}
    assert account.data("GET", "Campaign", **PERIOD) == [
        {
            **common,
            "CampaignId": 1,
            "CampaignName": "API-1",
            "Message": "one",
            "TotalCount": 2,
            "Status": "Running",
        },
        {
            **common,
            "CampaignId": 2,
            "CampaignName": "API-2",
            "Message": "four",
            "TotalCount": 1,
            "Status": "Completed",
        },
    ]
    zeros = {"SUBMITTED": 0, "ACCEPTD": 0, "DELIVRD": 0, "UNDELIV": 0, "EXPIRED": 0, "REJECTD": 0}
    assert account.data("GET", "Campaign/Statistics", campaignId=1) == [
        {"CampaignId": 1, "TOTALCOUNT": 2, **zeros, "SUBMITTED": 1, "DELIVRD": 1}
    ]
    assert account.data("GET", "Campaign/Statistics", campaignId=3) == []


@pytest.mark.parametrize("given", ["2026-11-22 15:00", "2026-11-22 15:00:00", " 2026-11-22 15:00 "])
def test_a_scheduled_message_waits(account, given):
    assert account.send("254700000001", ScheduleDateTime=given)["ErrorCode"] == 0
    assert (account.log()[0]["Status"], account.log()[0]["DoneDate"]) == ("SUBMITTED", "")
    assert account.data("GET", "Campaign", **PERIOD)[0]["Status"] == "Scheduled"
    account.now += 30 * 60
    assert (account.log()[0]["Status"], account.log()[0]["DoneDate"]) == ("DELIVRD", "2026-11-22 15:00:00")
    assert account.data("GET", "Campaign", **PERIOD)[0]["ScheduleDate"] == "2026-11-22 15:00:00"


@pytest.mark.parametrize("given", ["", None, "2026-11-22 14:30", "2026-11-23", "2026-12-1"])
def test_schedules_that_are_taken(account, given):
    assert account.send("254700000001", ScheduleDateTime=given)["ErrorCode"] == 0
