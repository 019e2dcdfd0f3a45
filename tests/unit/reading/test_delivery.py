# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting until messages are delivered or failed, within the timeout and with few reads."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import ApiError, NoReplyError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.models import LogRow
from ansible_collections.onfon.sms.plugins.module_utils._reading.delivery import (
    Deliveries,
    check_deliveries,
    not_found,
    wait_for_delivery,
)
from ansible_collections.onfon.sms.plugins.module_utils._reading.sent_log import PAGE_SIZE, SentMessage
from tests.support.operation_runner import FakeTime

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)
LOST = NoReplyError("No reply.", "Run again.", may_have_acted=False)
REFUSED = ApiError(7, "Invalid", http_status=200)


def fail(failure: OnfonError | None) -> None:
    """Raise it, if there is one."""
    if failure:
        raise failure


@dataclasses.dataclass
class Life:
    """A message's life: the log shows it after so many seconds, and each status from when on it has it."""

    message_id: str
    steps: list[tuple[float, str]]
    submitted: str = "2026-11-22 10:00:00"

    def row(self, passed: float) -> LogRow | None:
        status = [status for since, status in self.steps if since <= passed]
        if not status:
            return None
        return LogRow(self.message_id, "254700000001", "ACME", "hi", self.submitted, "", status[-1], "000")


class Gateway:
    """The methods of a client that messages are followed with. failures: for the looks in order, None for none."""

    def __init__(self, *lives: Life, failures: t.Sequence[OnfonError | None] = ()) -> None:
        self.time = FakeTime()
        self.lives = list(lives)
        self.failures = list(failures)
        self.looks: list[float] = []
        self.asked: list[tuple[datetime.date, datetime.date]] = []
        self.rows = 0
        self.told: list[str] = []

    def sent(self, first: datetime.date, last: datetime.date, start: int, length: int) -> list[LogRow]:
        if start == 0:
            self.looks.append(self.time.passed)
            fail(self.failures.pop(0) if self.failures else None)
        self.asked.append((first, last))
        rows = [row for row in (life.row(self.time.passed) for life in self.lives) if row]
        page = rows[start : start + length]
        self.rows += len(page)
        return page

    @staticmethod
    def redact(text: str) -> str:
        return text

    def wait(self, *ids: str, since: datetime.date = TODAY, timeout: float = 60, interval: float = 10) -> Deliveries:
        return wait_for_delivery(
            t.cast(Client, self),
            ids,
            since,
            clock=self.time.clock,
            timeout=timeout,
            interval=interval,
            notify=self.told.append,
        )


def statuses(deliveries: Deliveries) -> list[str]:
    return [message.status for message in deliveries.messages]


def test_final_states_take_one_read() -> None:
    gateway = Gateway(Life("a", [(0, "DELIVRD")]), Life("b", [(0, "EXPIRED")]))
    deliveries = gateway.wait("b", "a")
    assert statuses(deliveries) == ["failed", "delivered"]
    assert [message.message_id for message in deliveries.messages] == ["b", "a"]
    assert (gateway.looks, gateway.told) == ([0], [])


def test_it_waits_until_every_state_is_final() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED"), (25, "DELIVRD")]), Life("b", [(0, "ACCEPTD"), (5, "UNDELIV")]))
    assert statuses(gateway.wait("a", "b")) == ["delivered", "failed"]
    assert gateway.looks == [0, 10, 20, 30]


def test_not_found_and_unrecognized_messages_are_awaited() -> None:
    gateway = Gateway(Life("late", [(15, "DELIVRD")]), Life("odd", [(0, "Teleported"), (8, "DELIVRD")]))
    assert statuses(gateway.wait("late", "odd")) == ["delivered", "delivered"]
    assert gateway.looks == [0, 10, 20]


def test_the_timeout_ends_with_a_last_read() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED"), (25, "DELIVRD")]), Life("b", [(0, "odd")]))
    deliveries = gateway.wait("a", "b", "c", timeout=25)
    assert statuses(deliveries) == ["delivered", "unrecognized", "not_found"]
    assert gateway.looks == [0, 10, 20, 25]
    assert deliveries.problem is None


def test_a_timeout_of_zero_reads_once() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED")]))
    assert statuses(gateway.wait("a", timeout=0)) == ["pending"]
    assert gateway.looks == [0]


def test_nothing_is_read_without_message_ids() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED")]))
    deliveries = gateway.wait()
    assert (deliveries.messages, deliveries.delivered_percent, gateway.asked) == ([], 100.0, [])


STEPS = st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["SUBMITTED", "odd", "DELIVRD", "EXPIRED"])), max_size=4)


@given(st.lists(STEPS, min_size=1, max_size=4), st.floats(0, 90), st.floats(1, 30))
def test_final_states_are_kept_and_the_timeout_holds(
    lives: list[list[tuple[float, str]]], timeout: float, interval: float
) -> None:
    ids = [f"id-{place}" for place in range(len(lives))]
    gateway = Gateway(*(Life(name, sorted(steps)) for name, steps in zip(ids, lives)))
    deliveries = gateway.wait(*ids, timeout=timeout, interval=interval)
    assert gateway.time.passed <= timeout + 1e-6
    assert deliveries.open == [] or gateway.time.passed >= timeout - 1e-6
    states = {"DELIVRD": "delivered", "EXPIRED": "failed", "SUBMITTED": "pending", "odd": "unrecognized"}
    assert [message.message_id for message in deliveries.messages] == ids
    for message, steps in zip(deliveries.messages, lives):
        expected = "not_found"
        for look in gateway.looks:
            if expected not in ("delivered", "failed"):
                shown = [status for since, status in sorted(steps) if since <= look]
                expected = states[shown[-1]] if shown else "not_found"
        assert message.status == expected


# --- little is read ---------------------------------------------------------------------------------------------------


def test_a_read_stops_where_all_were_found() -> None:
    others = [Life(f"other-{place}", [(0, "DELIVRD")]) for place in range(2 * PAGE_SIZE)]
    gateway = Gateway(Life("a", [(0, "DELIVRD")]), *others)
    gateway.wait("a")
    assert gateway.rows == PAGE_SIZE


def test_only_messages_that_may_change_are_read_again() -> None:
    others = [Life(f"other-{place}", [(0, "DELIVRD")]) for place in range(2 * PAGE_SIZE)]
    gateway = Gateway(Life("a", [(0, "SUBMITTED"), (5, "DELIVRD")]), *others, Life("z", [(0, "DELIVRD")]))
    gateway.wait("a", "z")
    assert gateway.rows == 2 * PAGE_SIZE + 2 + PAGE_SIZE


def test_one_more_day_is_read_and_fewer_once_all_were_found() -> None:
    since = TODAY - 30 * DAY
    old = Life("a", [(0, "SUBMITTED"), (15, "DELIVRD")], submitted="2026-11-20 08:00:00")
    gateway = Gateway(old, Life("b", [(5, "SUBMITTED"), (25, "DELIVRD")]))
    gateway.wait("a", "b", since=since)
    long, short, shortest = (since - DAY, TODAY + DAY), (TODAY - 3 * DAY, TODAY + DAY), (TODAY - DAY, TODAY + DAY)
    assert list(dict.fromkeys(gateway.asked)) == [long, short, shortest]


def test_messages_without_a_date_are_read_on_all_days() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED"), (5, "DELIVRD")], submitted="some day"))
    gateway.wait("a", since=TODAY - 30 * DAY)
    assert {first for first, _last in gateway.asked} == {TODAY - 31 * DAY}


def test_waiting_past_midnight_extends_the_period() -> None:
    gateway = Gateway(Life("a", [(86_400, "DELIVRD")]))
    assert statuses(gateway.wait("a", timeout=90_000, interval=3600)) == ["delivered"]
    assert gateway.asked[-1] == (TODAY - DAY, TODAY + 2 * DAY)


# --- one id for a whole batch -----------------------------------------------------------------------------------------


def test_a_repeated_id_is_counted_twice() -> None:
    gateway = Gateway(Life("a", [(0, "DELIVRD")]), Life("a", [(0, "SUBMITTED"), (15, "EXPIRED")]))
    # Rows of one id are told apart by their numbers.
    gateway.sent = _numbered(gateway)
    assert statuses(gateway.wait("a", "a")) == ["delivered", "failed"]
    assert statuses(gateway.wait("a", "a", "a", timeout=0)) == ["delivered", "failed", "not_found"]


def _numbered(gateway: Gateway) -> t.Callable[[datetime.date, datetime.date, int, int], list[LogRow]]:
    original = gateway.sent

    def sent(first: datetime.date, last: datetime.date, start: int, length: int) -> list[LogRow]:
        rows = original(first, last, start, length)
        return [dataclasses.replace(row, number=f"25470000000{place}") for place, row in enumerate(rows)]

    return sent


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [LOST, REFUSED])
def test_a_failed_first_read_is_an_error(failure: OnfonError) -> None:
    gateway = Gateway(Life("a", [(0, "DELIVRD")]), failures=[failure])
    with pytest.raises(OnfonError) as caught:
        gateway.wait("a")
    assert caught.value is failure
    assert gateway.time.passed == 0


def test_a_failed_later_read_is_retried() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED"), (5, "DELIVRD")]), failures=[None, LOST, LOST])
    deliveries = gateway.wait("a")
    assert (statuses(deliveries), deliveries.problem) == (["delivered"], None)
    assert gateway.looks == [0, 10, 20, 30]


def test_known_states_are_kept_if_the_last_read_fails() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED")]), failures=[None, LOST, LOST])
    deliveries = gateway.wait("a", timeout=20)
    assert (statuses(deliveries), deliveries.problem) == (["pending"], LOST)


def test_a_permanent_error_ends_the_wait() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED")]), failures=[None, REFUSED])
    deliveries = gateway.wait("a")
    assert (statuses(deliveries), deliveries.problem) == (["pending"], REFUSED)
    assert gateway.looks == [0, 10]


# --- progress and results ---------------------------------------------------------------------------------------------


def test_progress_shows_the_counts_that_changed() -> None:
    gateway = Gateway(Life("a", [(0, "SUBMITTED"), (15, "DELIVRD")]), Life("b", [(0, "SUBMITTED")]))
    gateway.wait("a", "b", "c")
    assert gateway.told == [
        "2 pending, 1 not found, waiting for 60 s at most",
        "1 delivered, 1 pending, 1 not found, waiting for 40 s at most",
    ]


def test_all_statuses_are_counted() -> None:
    known = ["delivered", "failed", "pending", "unrecognized", "not_found"]
    deliveries = Deliveries([SentMessage(None, status=status) for status in [*known, "delivered"]])
    assert deliveries.counts() == {**dict.fromkeys(known, 1), "delivered": 2}
    assert deliveries.delivered_percent == pytest.approx(100 / 3)


# --- too few deliveries fail the task ---------------------------------------------------------------------------------


def delivered_of(*statuses: str, problem: OnfonError | None = None) -> Deliveries:
    messages = [SentMessage(None, status=status, final=status in ("delivered", "failed")) for status in statuses]
    return Deliveries(messages, problem)


@pytest.mark.parametrize("least", [None, 0, 50])
def test_enough_deliveries_do_not_fail(least: float | None) -> None:
    check_deliveries(delivered_of("delivered", "failed"), least, "wait_timeout", {})


@pytest.mark.parametrize(
    ("other", "hint"),
    [
        ("pending", "Raise wait_timeout to wait for them longer."),
        ("failed", "Look with onfon.sms.onfon_sms_info at raw_status and error_code of the others."),
    ],
)
def test_too_few_deliveries_fail_with_a_hint_and_the_result(other: str, hint: str) -> None:
    with pytest.raises(OnfonError) as caught:
        check_deliveries(delivered_of("delivered", other), 50.5, "wait_timeout", {"counts": 1})
    assert (
        caught.value.msg
        == f"50 % of 2 messages were delivered, and min_delivered_percent is 50.5: 1 delivered, 1 {other}. {hint}"
    )
    assert caught.value.error_class == "state"
    assert caught.value.result == {"counts": 1}


def test_an_unreadable_log_fails_without_a_minimum_too() -> None:
    with pytest.raises(OnfonError) as caught:
        check_deliveries(not_found(["a", "b"], LOST), None, "wait_timeout", {"counts": 1})
    assert caught.value.msg == "No reply. What was known before: 2 not found. Run again."
    assert caught.value.error_class == LOST.error_class
    assert caught.value.result == {"counts": 1}
