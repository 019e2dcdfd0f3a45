# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The states of messages over time, which are the same in every list of the account."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onfon_sandbox import assumptions
from onfon_sandbox.delivery import Networks
from onfon_sandbox.settings import Settings
from onfon_sandbox.store import Message

PERIOD = {"fromdate": "2026-11-22", "enddate": "2026-11-23", "start": 0, "length": 1000}
SMPP_FAILURES = {"UNDELIV", "EXPIRED", "REJECTD"}
PORTAL_FAILURES = {"AbsentSubscriber", "UnknownSubscriber", "CallBarred", "UserInBlacklist", "SystemFailure"}
COUNTERS = {
    "SUBMITTED": "SUBMITTED",
    "ACCEPTD": "ACCEPTD",
    "DeliveredToNetwork": "ACCEPTD",
    "DELIVRD": "DELIVRD",
    "DelivredToTerminal": "DELIVRD",
    "UNDELIV": "UNDELIV",
    "EXPIRED": "EXPIRED",
    "REJECTD": "REJECTD",
    "AbsentSubscriber": "UNDELIV",
    "UnknownSubscriber": "UNDELIV",
    "SystemFailure": "UNDELIV",
    "CallBarred": "REJECTD",
    "UserInBlacklist": "REJECTD",
}
STAGES = {"SUBMITTED": 0, "ACCEPTD": 1}
"""The rest is final."""


def message(row: int, scheduled: float | None = None) -> Message:
    return Message(
        row=row,
        message_id=f"id-{row}",
        campaign_id=1,
        number="254700000001",
        digits="254700000001",
        msisdn="254700000001",
        local=False,
        sender_id="SANDBOX",
        text="hi",
        unicode=False,
        flash=False,
        segments=1,
        code=0,
        error="",
        submitted=1000.0,
        scheduled=scheduled,
    )


def final_states(settings: Settings, count: int) -> list[str]:
    networks = Networks(settings)
    return [networks.of(message(row), 10**9).status for row in range(1, count + 1)]


def batches(account, count: int) -> None:
    """Send to so many numbers."""
    numbers = [f"254700000{number:03}" for number in range(count)]
    for first in range(0, count, 20):
        assert account.send(*numbers[first : first + 20])["ErrorCode"] == 0


def fates(account) -> list[tuple[str, str, str]]:
    return [(row["Status"], row["ErrorCode"], row["DoneDate"]) for row in account.log(**PERIOD)]


def test_messages_move_on_until_the_delay_is_over(make_account):
    account = make_account(delivery_delay=100.0, failure_rate=0.2)
    batches(account, 60)
    seen: list[list[tuple[str, str, str]]] = []
    for _turn in range(101):
        seen.append(fates(account))
        account.now += 1
    assert {status for status, _code, _done in seen[0]} == {"SUBMITTED"}
    assert all(done for _status, _code, done in seen[-1])
    for moments in zip(*seen, strict=True):
        stages = [STAGES.get(COUNTERS[status], 2) for status, _code, _done in moments]
        assert stages == sorted(stages)
        for (_status, code, done), stage in zip(moments, stages, strict=True):
            assert bool(done) == (stage == 2)
            assert code == "000" or stage == 2
    stages_seen = Counter(STAGES.get(COUNTERS[status], 2) for moment in seen for status, _code, _done in moment)
    assert min(stages_seen.values()) > 60


def test_some_are_a_lot_slower_than_others():
    networks = Networks(Settings(delivery_delay=80.0))
    took = sorted(networks.changes(message(row))[-1] - 1000.0 for row in range(1, 1001))
    assert 0 <= took[0] < 1
    assert 8 < took[500] < 12
    assert 70 < took[-1] <= 80
    assert len(set(took)) > 990


def test_delivery_states_are_deterministic(make_account):
    settings = {"delivery_delay": 60.0, "failure_rate": 0.3}
    first = make_account(**settings)
    batches(first, 100)
    first.now += 30
    told = fates(first)
    assert len(set(told)) > 20
    first.store.close()

    restarted = make_account(**settings)
    restarted.now = first.now
    assert fates(restarted) == told
    restarted.request("POST", "/sandbox/reset")
    restarted.now -= 30
    batches(restarted, 100)
    restarted.now += 30
    assert fates(restarted) == told

    other = make_account(**settings, seed=2)
    other.now = first.now
    assert fates(other) != told


@pytest.mark.parametrize(
    ("rate", "least", "most"), [(0.0, 0, 0), (0.05, 150, 250), (0.5, 1900, 2100), (1.0, 4000, 4000)]
)
@pytest.mark.parametrize("dialect", ["docs", "live"])
def test_the_failure_rate_applies(rate, least, most, dialect):
    states = final_states(Settings(failure_rate=rate, delivery_delay=9.0, dialect=dialect), 4000)
    assert least <= sum(COUNTERS[state] != "DELIVRD" for state in states) <= most


def test_messages_that_fail_at_a_low_rate_fail_at_a_higher_one():
    few, many = (
        {
            row
            for row, state in enumerate(final_states(Settings(failure_rate=rate), 500))
            if COUNTERS[state] != "DELIVRD"
        }
        for rate in (0.1, 0.4)
    )
    assert few < many


def test_each_dialect_has_its_status_words():
    docs = Counter(final_states(Settings(failure_rate=0.5, dialect="docs"), 2000))
    live = Counter(final_states(Settings(failure_rate=0.5, dialect="live"), 2000))
    assert set(docs) == {"DELIVRD", *SMPP_FAILURES}
    assert set(live) == {"DELIVRD", "DelivredToTerminal", *SMPP_FAILURES, *PORTAL_FAILURES}
    assert live["DELIVRD"] > 2 * live["DelivredToTerminal"] > 0


def test_failures_have_a_network_code(make_account):
    account = make_account(failure_rate=1.0)
    batches(account, 100)
    codes = {status: code for status, code, done in fates(account) if done}
    assert codes["UNDELIV"] == "032"
    assert codes["AbsentSubscriber"] == codes["EXPIRED"] == "027"
    assert "000" not in codes.values()
    assert {len(code) for code in codes.values()} == {3}


def test_every_state_can_be_counted():
    for words in (assumptions.SMPP_WORDS, assumptions.PORTAL_WORDS):
        for failure in words.failures:
            assert failure.counter == COUNTERS[failure.status]
            assert failure.counter in assumptions.STATISTICS_COUNTERS


@pytest.mark.parametrize("dialect", ["docs", "live"])
def test_campaigns_and_statistics_add_up_at_any_moment(make_account, dialect):
    account = make_account(delivery_delay=1200.0, failure_rate=0.25, dialect=dialect)
    account.send(*["254700000001"] * 15, "255700000005", "0712000004")
    batches(account, 40)
    account.send(*["254700000002"] * 20, ScheduleDateTime="2026-11-22 14:40")
    seen = Counter()
    for _turn in range(40):
        log = {row["MessageId"]: row["Status"] for row in account.log(**PERIOD)}
        rows = account.messages()
        assert {row["message_id"]: row["status"] for row in rows if row["message_id"]} == log
        campaigns = account.data("GET", "Campaign", **PERIOD)
        assert sum(campaign["TotalCount"] for campaign in campaigns) == len(log) == 76
        for campaign in campaigns:
            (counters,) = account.data("GET", "Campaign/Statistics", campaignId=campaign["CampaignId"])
            assert counters.pop("CampaignId") == campaign["CampaignId"]
            assert counters.pop("TOTALCOUNT") == sum(counters.values()) == campaign["TotalCount"]
            states = [log[row["message_id"]] for row in rows if row["campaign_id"] == campaign["CampaignId"]]
            assert {name: count for name, count in counters.items() if count} == Counter(
                COUNTERS[state] for state in states
            )
            pending = counters["SUBMITTED"] + counters["ACCEPTD"]
            assert (campaign["Status"] == "Completed") == (not pending)
            seen[campaign["CampaignId"], campaign["Status"]] += 1
        account.now += 60
    assert {status for number, status in seen if number == 4} == {"Scheduled", "Running", "Completed"}
    assert {status for number, status in seen if number == 1} == {"Running"}  # its local number stays submitted
    assert {status for number, status in seen if number == 2} == {"Running", "Completed"}


def test_a_scheduled_message_begins_when_it_is_due(make_account):
    account = make_account(delivery_delay=60.0)
    account.send(*["254700000001"] * 20, ScheduleDateTime="2026-11-22 15:00")
    account.now += 1779
    assert {status for status, _code, _done in fates(account)} == {"SUBMITTED"}
    account.now += 1 + 60
    assert all("2026-11-22 15:00:00" <= done <= "2026-11-22 15:01:00" for _status, _code, done in fates(account))


def test_a_local_number_is_never_delivered_and_never_fails(make_account):
    account = make_account(delivery_delay=5.0, failure_rate=1.0)
    account.send("0712000004")
    account.now += 10**6
    assert fates(account) == [("SUBMITTED", "000", "")]


@given(
    settings=st.builds(
        Settings,
        seed=st.integers(0, 10**18 - 1),
        delivery_delay=st.floats(0, 10**6),
        failure_rate=st.floats(0, 1),
    ),
    row=st.integers(1, 10**6),
    wait=st.floats(0, 10**6),
    share=st.floats(0, 1),
)
def test_a_final_state_comes_in_time_and_stays(settings, row, wait, share):
    networks = Networks(settings)
    one = message(row, scheduled=1000.0 + wait)
    done = networks.changes(one)[-1]
    assert one.due <= done <= one.due + settings.delivery_delay
    final = networks.of(one, done)
    assert final.done == done
    assert networks.of(one, done + wait) == final
    before = networks.of(one, 1000.0 + share * (done - 1000.0))
    assert before == final or before.done is None
