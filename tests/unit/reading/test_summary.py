# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of a log: totals by state, day and sender, failures by reason, and the slowest deliveries."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._gateway.models import LogRow
from ansible_collections.onfon.sms.plugins.module_utils._reading.sent_log import SentMessage
from ansible_collections.onfon.sms.plugins.module_utils._reading.summary import MAX_SLOWEST, LogSummary

DAY = "2026-11-22"


def sms(index: int = 1, **fields: str) -> SentMessage:
    """The message of an index, delivered in four seconds."""
    given = {
        "message_id": f"id-{index}",
        "number": "254700000001",
        "sender_id": "ACME",
        "text": "hi",
        "submitted": f"{DAY} 08:00:00",
        "done": f"{DAY} 08:00:04",
        "status": "DELIVRD",
        "error_code": "000",
    }
    return SentMessage.from_row(LogRow(**{**given, **fields}), lambda text: text.replace("secret", "***"))


def tally(*messages: SentMessage) -> dict[str, t.Any]:
    counted = LogSummary()
    for message in messages:
        counted.add(message)
    return counted.as_result()


NOTHING = {"delivered": 0, "failed": 0, "pending": 0, "unrecognized": 0}


def test_an_empty_summary_has_all_keys() -> None:
    assert tally() == {
        "total": 0,
        "by_status": NOTHING,
        "by_day": [],
        "by_sender": [],
        "failures": [],
        "slowest": [],
    }


def test_messages_are_counted_by_status_day_and_sender() -> None:
    counted = tally(
        sms(sender_id="OPS", submitted="2026-11-21 23:59:59"),
        sms(status="EXPIRED"),
        sms(status="ACCEPTD"),
        sms(status="?", submitted="some day"),
    )
    assert counted["total"] == 4
    assert counted["by_status"] == {"delivered": 1, "failed": 1, "pending": 1, "unrecognized": 1}
    assert counted["by_day"] == [
        {"day": "2026-11-21", "total": 1, **NOTHING, "delivered": 1},
        {"day": "2026-11-22", "total": 2, **NOTHING, "failed": 1, "pending": 1},
        {"day": None, "total": 1, **NOTHING, "unrecognized": 1},
    ]
    assert counted["by_sender"] == [
        {"sender_id": "ACME", "total": 3, **NOTHING, "failed": 1, "pending": 1, "unrecognized": 1},
        {"sender_id": "OPS", "total": 1, **NOTHING, "delivered": 1},
    ]


def test_failures_are_grouped_by_status_and_code() -> None:
    rows = [("EXPIRED", "027"), ("AbsentSubscriber", ""), ("EXPIRED", "027"), ("DELIVRD", "000"), ("?", "000")]
    counted = tally(*(sms(status=status, error_code=code) for status, code in rows))
    assert counted["failures"] == [
        {"raw_status": "EXPIRED", "error_code": "027", "total": 2},
        {"raw_status": "AbsentSubscriber", "error_code": None, "total": 1},
    ]


@given(st.lists(st.integers(0, 59), max_size=30))
def test_the_slowest_are_those_that_took_longest(seconds: list[int]) -> None:
    counted = tally(*(sms(place, done=f"{DAY} 08:00:{each:02}") for place, each in enumerate(seconds)))
    expected = sorted(enumerate(seconds), key=lambda entry: (-entry[1], entry[0]))[:MAX_SLOWEST]
    assert [(slow["message_id"], slow["seconds"]) for slow in counted["slowest"]] == [
        (f"id-{place}", each) for place, each in expected
    ]


@pytest.mark.parametrize(
    "fields", [{"done": ""}, {"submitted": "some day"}, {"done": "2026-11-22 07:59:59"}, {"status": "EXPIRED"}]
)
def test_delivery_time_needs_delivery_and_dates(fields: dict[str, str]) -> None:
    assert tally(sms(**fields))["slowest"] == []
