# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated past messages: size, days and senders as requested, stored like any other messages."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from onfon_sandbox import money
from onfon_sandbox.history import Past, fill
from onfon_sandbox.store import Store
from tests.support.sandbox_server import SandboxServer

PERIOD = {"fromdate": "2026-01-01", "enddate": "2026-12-31", "start": 0, "length": 10_000}


def filled(account, **wanted) -> dict[str, int]:
    answer = account.request("POST", "/sandbox/history", json=wanted)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_history_has_the_requested_size_and_days(account):
    campaigns = filled(account, days=10, messages=1000)
    log = account.log(**PERIOD)
    assert campaigns == {"campaigns": len(account.data("GET", "Campaign", **PERIOD)), "messages": 1000}
    assert len(log) == len({row["MessageId"] for row in log}) == 1000
    days = Counter(row["SubmitDate"][:10] for row in log)
    assert set(days) == {f"2026-11-{day}" for day in range(13, 23)}
    assert days["2026-11-18"] > 2 * days["2026-11-15"]  # a Wednesday and a Sunday
    hours = Counter(int(row["SubmitDate"][11:13]) for row in log)
    assert sum(hours[hour] for hour in range(7, 18)) > 700
    assert max(row["SubmitDate"] for row in log) <= "2026-11-22 14:30:20"
    assert [row["SubmitDate"] for row in log] == sorted(row["SubmitDate"] for row in log)
    assert {row["MobileNumber"][:9] for row in log} == {"254700000"}
    assert len({row["Message"] for row in log}) > 50


def test_history_is_free_and_delivered_as_the_flags_say(make_account):
    account = make_account(failure_rate=0.2, delivery_delay=30.0, dlr_url="http://127.0.0.1:9/")
    filled(account, messages=400)
    assert account.credits() == "KSh5000.0000"
    assert account.store.reports() == []
    states = Counter(row["Status"] for row in account.log(**PERIOD))
    assert 40 < 400 - states["DELIVRD"] - states["DelivredToTerminal"] - states["SUBMITTED"] < 120
    total = Counter()
    for campaign in account.data("GET", "Campaign", **PERIOD):
        total.update(account.data("GET", "Campaign/Statistics", campaignId=campaign["CampaignId"])[0])
    assert total["TOTALCOUNT"] == 400
    assert total["DELIVRD"] == states["DELIVRD"] + states["DelivredToTerminal"]


def test_senders(make_account):
    account = make_account(sender_ids=("ONE", "TWO"))
    filled(account, messages=200)
    assert {row["SenderId"] for row in account.log(**PERIOD)} == {"ONE", "TWO"}
    account.request("POST", "/sandbox/reset")
    filled(account, messages=200, sender_ids=["ACME OPS", "ACME CARE", "ACME"])
    assert {row["SenderId"] for row in account.log(**PERIOD)} == {"ACME OPS", "ACME CARE", "ACME"}


def test_history_depends_on_the_seed_and_adds_up(account):
    pasts = []
    for seed in (1, 1, 2):
        account.request("POST", "/sandbox/reset")
        filled(account, messages=60, seed=seed)
        pasts.append(account.log(**PERIOD))
    assert pasts[0] == pasts[1]
    assert not {row["MessageId"] for row in pasts[0]} & {row["MessageId"] for row in pasts[2]}
    filled(account, messages=60, seed=2)
    assert len({row["MessageId"] for row in account.log(**PERIOD)}) == 120


def test_later_messages_continue_the_history(account):
    filled(account, messages=30)
    account.send("254700000001")
    assert len(account.messages()) == 31
    campaigns = account.data("GET", "Campaign", **PERIOD)
    assert account.messages()[-1]["campaign_id"] == campaigns[-1]["CampaignId"] == len(campaigns)


def test_campaigns_are_no_larger_than_a_call(make_account):
    account = make_account(max_batch=3)
    filled(account, messages=50)
    sizes = [campaign["TotalCount"] for campaign in account.data("GET", "Campaign", **PERIOD)]
    assert (sum(sizes), max(sizes), min(sizes)) == (50, 3, 1)


def test_history_can_begin_at_midnight(account):
    account.now -= account.now % 86400 + 3 * 3600
    filled(account, days=1, messages=5)
    assert {row["SubmitDate"] for row in account.log(**PERIOD)} == {"2026-11-22 00:00:00"}


@pytest.mark.parametrize(
    "wanted", [{"days": 0}, {"days": 367}, {"messages": 0}, {"messages": 100_001}, {"seed": -1}, {"weeks": 2}]
)
def test_an_invalid_history_is_refused(account, wanted):
    answer = account.request("POST", "/sandbox/history", json=wanted)
    assert answer.status_code == 422
    assert next(iter(wanted)) in answer.text
    assert account.messages() == []


def test_ten_thousand_messages_take_about_a_second(account):
    begun = time.process_time()
    filled(account, days=30, messages=10_000)
    assert time.process_time() - begun < 3
    assert account.store.message_count() == 10_000


def test_a_failed_history_is_rolled_back(tmp_path):
    store = Store(tmp_path / "a.db", money.UNITS_A_SHILLING)
    with pytest.raises(IndexError):
        fill(store, Past(3, 100, 1, [], 20), time.time())
    assert store.message_count() == 0
    store.close()


def test_history_over_http():
    with SandboxServer("--failure-rate=0.1") as sandbox:
        assert sandbox.history(days=3, messages=100)["messages"] == 100
        assert sandbox.history()["messages"] == 500
        assert len(sandbox.messages()) == 600
