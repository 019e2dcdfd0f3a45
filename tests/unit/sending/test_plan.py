# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan, and the limits that are checked before anything is sent."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.sms_runner import A, B, C, SmsRunner, assert_consistent, msisdns, statuses

LONG = "x" * 161  # two segments
SNOW = "\N{SNOWMAN}"


@pytest.fixture
def runner() -> SmsRunner:
    return SmsRunner()


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_the_plan_says_what_would_be_sent(runner: SmsRunner) -> None:
    messages = [
        {"to": A, "text": "Hi"},
        {"to": A, "text": "Hi"},
        {"to": B, "text": LONG},
        {"to": C, "text": f"Hi {SNOW}"},
        {"to": "x", "text": "Hi"},
        {"to": "254700000009", "text": "Hi"},
    ]
    result = runner.send(
        text=None, messages=messages, opt_out=["0700000009"], on_invalid="skip", price_per_segment=0.8, check=True
    )
    assert result["plan"] == {
        "recipients": 3,
        "skipped_duplicate": 1,
        "skipped_invalid": 1,
        "skipped_opt_out": 1,
        "skipped_already_sent": 0,
        "unknown": 0,
        "encoding": {"gsm7": 2, "ucs2": 1},
        "unicode_characters": [f"{SNOW} (U+2603 SNOWMAN)"],
        "segments": 4,
        "longest": 2,
        "requests": 2,
        "cost": 3.2,
        "balance": None,
        "balance_after": None,
        "scheduled_for": None,
    }
    assert result["changed"]
    assert not runner.transport.requests


CASES: dict[str, dict[str, t.Any]] = {
    "plain": {"to": msisdns(45)},
    "small batches": {"to": msisdns(7), "batch_size": 2},
    "two encodings": {"text": None, "messages": [{"to": A, "text": "Hi"}, {"to": B, "text": SNOW}]},
    "one person": {"text": None, "messages": [{"to": A, "text": "One"}, {"to": A, "text": "Two"}]},
    "money": {"to": msisdns(3), "min_balance_after": 10, "price_per_segment": 1.5},
    "skipped": {"to": [A, "x", A, B], "on_invalid": "skip", "opt_out": [B]},
    "later": {"to": [A], "schedule_at": "2026-11-22 18:00"},
    "nobody": {"to": [A], "opt_out": [A]},
    "window": {"to": [A, B], "dedupe_window": "1h"},
}


@pytest.mark.parametrize("case", CASES)
def test_check_mode_plans_what_the_run_does(case: str) -> None:
    runner = SmsRunner(**CASES[case])
    check = runner.send(check=True)
    assert not runner.transport.send_requests
    assert_consistent(check, check["summary"]["requested"])
    result = runner.send()
    assert result["plan"] == check["plan"]
    assert result["changed"] == check["changed"]
    assert result["summary"]["accepted"] == check["plan"]["recipients"] == check["summary"]["not_sent"]
    assert result["summary"]["requests"] == check["plan"]["requests"] == len(runner.transport.send_requests)
    assert result["summary"]["segments"] == check["plan"]["segments"] == check["summary"]["segments"]


def test_the_first_characters_that_require_ucs2_are_named(runner: SmsRunner) -> None:
    text = "".join(chr(number) for number in range(0x4E00, 0x4E20))
    assert len(runner.send(text=text, to=[A], check=True)["plan"]["unicode_characters"]) == 10


def test_the_plan_has_the_scheduled_time(runner: SmsRunner) -> None:
    assert runner.send(to=[A], schedule_at="2026-11-22 18:00", check=True)["plan"]["scheduled_for"] == (
        "2026-11-22T18:00:00+03:00"
    )


def test_cost_is_counted_by_segment_without_float_errors(runner: SmsRunner) -> None:
    runner.transport.credits = "KSh10.30"
    plan = runner.send(to=msisdns(3), text=LONG, price_per_segment=0.1, min_balance_after=9.7)["plan"]
    assert (plan["cost"], plan["balance"], plan["balance_after"]) == (0.6, 10.3, 9.7)


# --- limits -----------------------------------------------------------------------------------------------------------

EDGES: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "max_recipients": ({"max_recipients": 3}, {"max_recipients": 2}),
    "max_segments": ({"max_segments": 2}, {"max_segments": 1}),
    "max_total_segments": ({"max_total_segments": 6}, {"max_total_segments": 5}),
    "min_balance_after": (
        {"min_balance_after": 94, "price_per_segment": 1},
        {"min_balance_after": 94.01, "price_per_segment": 1},
    ),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("limit", EDGES)
def test_a_limit_that_is_just_kept_sends_everything(runner: SmsRunner, limit: str, check: bool) -> None:
    runner.transport.credits = "100"
    result = runner.send(to=msisdns(3), text=LONG, check=check, **EDGES[limit][0])
    assert "failed" not in result
    assert len(runner.transport.numbers) == (0 if check else 3)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("limit", EDGES)
def test_an_exceeded_limit_fails_with_the_plan_and_sends_nothing(runner: SmsRunner, limit: str, check: bool) -> None:
    runner.transport.credits = "100"
    options = EDGES[limit][1]
    result = runner.send(to=msisdns(3), text=LONG, fail_on="never", check=check, **options)
    assert (result["failed"], result["changed"]) == (True, False)
    assert f"{limit} ({options[limit]})" in result["msg"]
    assert "Nothing was sent" in result["msg"]
    assert (result["plan"]["recipients"], result["plan"]["segments"]) == (3, 6)
    assert statuses(result) == ["not_sent"] * 3
    assert_consistent(result, 3)
    assert not runner.transport.send_requests


def test_all_exceeded_limits_are_reported_at_once(runner: SmsRunner) -> None:
    runner.transport.credits = "100"
    limits = {name: value for _kept, broken in EDGES.values() for name, value in broken.items()}
    result = runner.send(to=msisdns(3), text=LONG, **limits)
    for limit in EDGES:
        assert limit in result["msg"]


def test_skipped_recipients_do_not_count_for_limits(runner: SmsRunner) -> None:
    result = runner.send(
        to=[A, A, B, "x"], opt_out=[B], on_invalid="skip", max_recipients=1, max_total_segments=1, text="Hi"
    )
    assert "failed" not in result


def test_messages_that_exceed_max_segments_are_named(runner: SmsRunner) -> None:
    messages = [{"to": number, "text": LONG if int(number) % 2 else "Hi"} for number in msisdns(20)]
    told = runner.send(text=None, messages=messages, max_segments=1)["msg"]
    assert "The longest message takes 2 segments, which is more than max_segments (1): see entry" in told
    assert "2, 4, 6, 8" in told
    assert "5 more" in told


def test_a_limit_of_zero_is_worded_in_the_singular(runner: SmsRunner) -> None:
    told = runner.send(to=[A], max_recipients=0, max_total_segments=0)["msg"]
    assert "1 recipients" not in told
    assert "1 segments" not in told


# --- the balance ------------------------------------------------------------------------------------------------------


def test_the_balance_is_read_only_for_its_limit(runner: SmsRunner) -> None:
    runner.send(to=[A], min_balance_after=1, price_per_segment=1)
    assert runner.transport.count("Balance") == 1


def test_the_balance_is_not_read_otherwise(runner: SmsRunner) -> None:
    plan = runner.send(to=[A], price_per_segment=1, max_recipients=5)["plan"]
    assert (plan["cost"], plan["balance"], plan["balance_after"]) == (1, None, None)
    assert runner.transport.count("Balance") == 0


def test_a_negative_balance_does_not_fail_a_run_without_messages(runner: SmsRunner) -> None:
    runner.transport.credits = "KSh-5"
    result = runner.send(to=[A], opt_out=[A], min_balance_after=0, price_per_segment=1)
    assert ("failed" in result, result["changed"]) == (False, False)


@pytest.mark.parametrize("credits_text", ["", "a lot", "1/2"])
def test_an_unreadable_balance_sends_nothing(runner: SmsRunner, credits_text: str) -> None:
    runner.transport.credits = credits_text
    assert runner.send(to=[A, B], min_balance_after=1, price_per_segment=1)["failed"]
    assert not runner.transport.send_requests


def test_a_refused_balance_request_sends_nothing(runner: SmsRunner) -> None:
    runner.transport.fail("Balance", "007")
    result = runner.send(to=[A, B], min_balance_after=1, price_per_segment=1)
    assert (result["failed"], result["error"]["code"]) == (True, "007")
    assert not runner.transport.send_requests
