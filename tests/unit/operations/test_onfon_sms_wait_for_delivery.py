# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_sms with wait_for_delivery: waiting for the delivery of accepted messages."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.sms_runner import ABROAD, A, B, SmsRunner

DELIVERED, EXPIRED = ("DELIVRD", 12.0), ("EXPIRED", 3.0)
NOBODY = {"delivered": 0, "failed": 0, "pending": 0, "unrecognized": 0, "not_found": 0}


@pytest.fixture
def runner() -> SmsRunner:
    return SmsRunner(wait_for_delivery=True)


def counts(result: dict[str, t.Any]) -> dict[str, int]:
    return {status: number for status, number in result["delivery"]["counts"].items() if number}


def test_delivery_is_not_awaited_by_default() -> None:
    runner = SmsRunner()
    assert runner.send(to=[A])["delivery"] is None
    assert runner.transport.count("sms") == 0


def test_the_task_ends_when_every_message_has_a_final_state(runner: SmsRunner) -> None:
    runner.transport.final_states.update({A: DELIVERED, B: EXPIRED})
    result = runner.send(to=[A, B])
    assert counts(result) == {"delivered": 1, "failed": 1}
    assert result["delivery"]["delivered_percent"] == 50
    assert 12 <= runner.time.passed < 20
    assert ("failed" in result, result["changed"]) == (False, True)


def test_the_delivery_timeout_ends_the_wait(runner: SmsRunner) -> None:
    result = runner.send(to=[A], delivery_timeout=30)
    assert counts(result) == {"pending": 1}
    assert runner.time.passed == 30
    assert "failed" not in result


@pytest.mark.parametrize(("least", "fails"), [(50, False), (50.1, True), (100, True)])
def test_too_few_deliveries_fail_the_task(runner: SmsRunner, least: float, fails: bool) -> None:
    runner.transport.final_states.update({A: DELIVERED, B: EXPIRED})
    result = runner.send(to=[A, B], min_delivered_percent=least)
    assert ("failed" in result) == fails
    assert counts(result) == {"delivered": 1, "failed": 1}
    assert result["summary"]["accepted"] == 2


def test_the_message_says_how_many_and_what_to_do(runner: SmsRunner) -> None:
    result = runner.send(to=[A], min_delivered_percent=90, delivery_timeout=10)
    assert "0 % of 1 messages were delivered, and min_delivered_percent is 90: 1 pending." in result["msg"]
    assert "Raise delivery_timeout" in result["msg"]
    assert result["changed"]


def test_only_accepted_messages_are_awaited(runner: SmsRunner) -> None:
    runner.transport.final_states[A] = DELIVERED
    runner.transport.row_codes[ABROAD] = 412
    result = runner.send(to=[A, f"+{ABROAD}"], fail_on="all", min_delivered_percent=100)
    assert counts(result) == {"delivered": 1}
    assert "failed" not in result


def test_an_unreadable_log_fails_the_task_and_keeps_the_result(runner: SmsRunner) -> None:
    for _time in range(9):
        runner.transport.answer("sms", 404, b"")
    result = runner.send(to=[A])
    assert result["failed"]
    assert counts(result) == {"not_found": 1}
    assert (result["summary"]["accepted"], result["changed"]) == (1, True)


def test_nothing_is_awaited_where_nothing_was_sent(runner: SmsRunner) -> None:
    result = runner.send(to=[A], opt_out=[A], min_delivered_percent=100)
    assert result["delivery"]["counts"] == NOBODY
    assert runner.transport.count("sms") == 0
    assert "failed" not in result


def test_check_mode_does_not_wait(runner: SmsRunner) -> None:
    assert runner.send(to=[A], check=True)["delivery"] is None
    assert runner.time.passed == 0


def test_scheduled_messages_are_not_awaited(runner: SmsRunner) -> None:
    quiet = {"start": "09:00", "end": "12:00", "timezone": None, "action": "schedule"}
    result = runner.send(to=[A], quiet_hours=quiet)
    assert result["delivery"] is None
    assert "does not wait for their delivery" in result["warnings"][0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"wait_for_delivery": False, "min_delivered_percent": 5}, "min_delivered_percent requires wait_for_delivery"),
        ({"schedule_at": "2026-12-01 08:00"}, "cannot be combined with schedule_at"),
        ({"delivery_timeout": -1}, "delivery_timeout is -1"),
        ({"min_delivered_percent": 101}, "min_delivered_percent is 101"),
    ],
)
def test_conflicting_options_are_refused(runner: SmsRunner, options: dict[str, t.Any], words: str) -> None:
    result = runner.send(to=[A], **options)
    assert words in result["msg"]
    assert runner.transport.numbers == []
