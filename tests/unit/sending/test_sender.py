# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Batches are sent in order, within the rate limit, until a fatal error."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._workers import MAX_LOST_IN_A_ROW
from tests.support.sms_runner import A, B, C, SmsRunner, assert_consistent, msisdns, msisdns_with_status, statuses

# Of the account and its keys; and of the sender id and the schedule, which all batches share.
STOPPERS = ["007", "008", "009", "010", "011", "030", "021", "035", "031", "003", "015", "019", "401"]
SEVERAL = pytest.mark.parametrize("concurrency", [1, 4])


@pytest.fixture
def runner() -> SmsRunner:
    """Batches of two, and no looking into the log."""
    return SmsRunner(batch_size=2, settle=False)


# --- batches ----------------------------------------------------------------------------------------------------------


# --- the calls --------------------------------------------------------------------------------------------------------


def test_a_request_has_the_documented_fields(runner: SmsRunner) -> None:
    runner.send(to=[A, B], text="Hi \u4f60", flash=True, schedule_at="2026-11-22 18:30", sender_id=" ACME ")
    (asked,) = runner.transport.send_requests
    assert {name: asked[name] for name in ("SenderId", "IsUnicode", "IsFlash", "ScheduleDateTime")} == {
        "SenderId": "ACME",
        "IsUnicode": True,
        "IsFlash": True,
        "ScheduleDateTime": "2026-11-22 18:30",
    }
    assert asked["MessageParameters"] == [{"Number": number, "Text": "Hi \u4f60"} for number in (A, B)]


def test_an_immediate_request_has_no_schedule(runner: SmsRunner) -> None:
    runner.send(to=[A])
    (asked,) = runner.transport.send_requests
    assert "ScheduleDateTime" not in asked
    assert (asked["IsUnicode"], asked["IsFlash"]) == (False, False)


@SEVERAL
@pytest.mark.parametrize(("count", "size", "sizes"), [(5, 2, [2, 2, 1]), (4, 4, [4]), (3, 1, [1, 1, 1]), (1, 20, [1])])
def test_each_recipient_is_sent_one_message_in_batches(
    count: int, size: int, sizes: list[int], concurrency: int
) -> None:
    runner = SmsRunner(batch_size=size, concurrency=concurrency)
    result = runner.send(to=msisdns(count))
    assert sorted(runner.transport.batch_sizes, reverse=True) == sizes
    assert sorted(runner.transport.numbers) == msisdns(count)
    assert (result["summary"]["accepted"], result["summary"]["requests"]) == (count, len(sizes))
    assert result["changed"]


def test_one_worker_keeps_the_order(runner: SmsRunner) -> None:
    runner.send(to=msisdns(9))
    assert runner.transport.numbers == msisdns(9)


def test_a_long_list_is_sent_completely() -> None:
    runner = SmsRunner(batch_size=7, concurrency=4)
    everybody = msisdns(900, first=100)
    messages = [{"to": number, "text": "\u4f60" if number[-1] in "37" else "Hi"} for number in everybody]
    result = runner.send(text=None, messages=messages)
    assert sorted(runner.transport.numbers) == everybody
    assert result["summary"]["accepted"] == len(everybody)


def test_there_are_no_more_sessions_than_workers() -> None:
    runner = SmsRunner(batch_size=1, concurrency=4)
    runner.send(to=msisdns(50))
    assert runner.transport.sessions <= 4


def test_one_worker_uses_the_session_of_the_task(runner: SmsRunner) -> None:
    runner.send(to=msisdns(9))
    assert runner.transport.sessions == 1


def test_messages_to_one_number_are_never_in_one_batch(runner: SmsRunner) -> None:
    """Response rows contain only the number, so they could not be matched to one of the messages."""
    messages = [{"to": A, "text": "One"}, {"to": A, "text": "Two"}, {"to": B, "text": "One"}]
    assert statuses(runner.send(text=None, messages=messages)) == ["accepted"] * 3
    assert runner.transport.batch_sizes == [1, 2]


# --- 042 --------------------------------------------------------------------------------------------------------------


@SEVERAL
@pytest.mark.parametrize("most", [1, 2, 3, 5, 20])
@pytest.mark.parametrize("count", [1, 2, 7, 45])
def test_a_batch_that_is_too_large_is_halved_until_accepted(most: int, count: int, concurrency: int) -> None:
    runner = SmsRunner(batch_size=20, concurrency=concurrency)
    runner.transport.max_batch = most
    result = runner.send(to=msisdns(count))
    assert statuses(result) == ["accepted"] * count
    assert sorted(runner.transport.numbers) == msisdns(count)
    assert result["summary"]["requests"] == len(runner.transport.send_requests)
    assert "failed" not in result


def test_later_batches_shrink_unless_their_size_was_accepted_before() -> None:
    runner = SmsRunner(batch_size=20)
    runner.transport.max_batch = 5
    runner.send(to=msisdns(60))
    assert runner.transport.batch_sizes == [20, 10] + [5] * 12
    assert runner.transport.numbers == msisdns(60)


def test_an_accepted_batch_size_is_kept() -> None:
    """Whatever the gateway meant then, it is not the number of numbers."""
    runner = SmsRunner(batch_size=4)
    runner.transport.pass_through("POST")
    runner.transport.fail("POST", "042")
    runner.send(to=msisdns(16))
    assert runner.transport.batch_sizes == [4, 4, 2, 2, 4, 4]
    assert runner.transport.numbers == msisdns(16)


def test_a_batch_of_one_that_is_too_large_is_rejected(runner: SmsRunner) -> None:
    runner.transport.max_batch = 0
    result = runner.send(to=msisdns(3))
    assert statuses(result) == ["rejected"] * 3
    assert {recipient["error_code"] for recipient in result["recipients"]} == {"042"}
    assert runner.transport.batch_sizes == [2, 1, 1, 1]


def test_a_042_after_an_attempt_that_may_have_acted_is_not_halved(runner: SmsRunner) -> None:
    runner.transport.fail("POST", "042", retried=True)
    assert statuses(runner.send(to=[A, B])) == ["unknown", "unknown"]
    assert len(runner.transport.send_requests) == 1


# --- fatal errors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", STOPPERS)
def test_a_fatal_error_stops_the_run(runner: SmsRunner, code: str) -> None:
    runner.transport.pass_through("POST")
    runner.transport.fail("POST", code)
    result = runner.send(to=msisdns(8))
    assert statuses(result) == ["accepted"] * 2 + ["rejected"] * 2 + ["not_sent"] * 4
    assert len(runner.transport.send_requests) == 2
    assert (result["error"]["code"], result["changed"], result["failed"]) == (code, True, True)


@pytest.mark.parametrize("code", STOPPERS)
def test_a_fatal_error_in_a_response_row_stops_the_run(runner: SmsRunner, code: str) -> None:
    first, second, *_others = msisdns(6)
    runner.transport.row_codes[second] = code
    result = runner.send(to=msisdns(6))
    assert statuses(result) == ["accepted", "rejected"] + ["not_sent"] * 4
    assert runner.transport.numbers == [first]
    assert len(runner.transport.send_requests) == 1
    assert result["error"]["code"] == code


@pytest.mark.parametrize("code", ["013", "024", "039", "400", "412", "803"])
def test_an_error_of_one_batch_does_not_stop_the_run(runner: SmsRunner, code: str) -> None:
    runner.transport.fail("POST", code)
    assert statuses(runner.send(to=msisdns(4))) == ["rejected"] * 2 + ["accepted"] * 2


def test_a_fatal_error_with_several_workers_leaves_the_rest_unsent() -> None:
    runner = SmsRunner(batch_size=1, concurrency=4, settle=False)
    runner.transport.fail("POST", "021")
    result = runner.send(to=msisdns(60))
    assert_consistent(result, 60)
    assert result["summary"]["rejected"] == 1
    assert result["summary"]["accepted"] < 59
    assert sorted(msisdns_with_status(result, "accepted")) == sorted(runner.transport.numbers)


# --- lost replies -----------------------------------------------------------------------------------------------------

LOSSES: dict[str, t.Callable[[SmsRunner, bool], None]] = {
    "no reply": lambda runner, acts: runner.transport.lose_reply("POST", acts=acts),
    "033": lambda runner, acts: runner.transport.fail("POST", "033", acts=acts),
    "034": lambda runner, acts: runner.transport.fail("POST", "034", acts=acts),
    "006": lambda runner, acts: runner.transport.fail("POST", "006", acts=acts),
    "500": lambda runner, acts: runner.transport.answer("POST", 500, b"", acts=acts),
    "503": lambda runner, acts: runner.transport.answer("POST", 503, b"Busy", acts=acts),
    "HTML": lambda runner, acts: runner.transport.answer("POST", 520, b"<html><title>520</title>", acts=acts),
    "HTML 200": lambda runner, acts: runner.transport.answer("POST", 200, b"<html>", acts=acts),
    "truncated": lambda runner, acts: runner.transport.answer("POST", 200, b'{"ErrorCode":0,"Da', acts=acts),
    "empty": lambda runner, acts: runner.transport.answer("POST", 200, b"", acts=acts),
    "no rows": lambda runner, acts: runner.transport.answer("POST", 200, b'{"ErrorCode":0,"Data":[]}', acts=acts),
    "retried": lambda runner, acts: runner.transport.fail("POST", "021", retried=True, acts=acts),
}


@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_reply_is_unknown_and_the_other_batches_are_sent(runner: SmsRunner, loss: str, acts: bool) -> None:
    LOSSES[loss](runner, acts)
    result = runner.send(to=msisdns(6))
    assert statuses(result) == ["unknown"] * 2 + ["accepted"] * 4
    assert runner.transport.batch_sizes == [2, 2, 2]
    assert runner.transport.numbers == (msisdns(6) if acts else msisdns(6)[2:])
    assert result["changed"]


def test_missing_rows_are_unknown_and_the_other_batches_are_sent(runner: SmsRunner) -> None:
    row = {"MessageErrorCode": 0, "MobileNumber": msisdns(1)[0], "MessageId": "u-1"}
    runner.transport.answer("POST", 200, json.dumps({"ErrorCode": 0, "Data": [row]}).encode())
    assert statuses(runner.send(to=msisdns(4))) == ["accepted", "unknown", "accepted", "accepted"]


@pytest.mark.parametrize("status", [429, 401, 403, 404, 301])
def test_a_gateway_that_queues_nothing_stops_the_run(runner: SmsRunner, status: int) -> None:
    runner.transport.pass_through("POST")
    runner.transport.answer("POST", status, b"")
    result = runner.send(to=msisdns(6))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 4
    assert len(runner.transport.send_requests) == 2
    assert result["failed"]
    assert result["error"]["http_status"] == status


def test_a_refused_connection_stops_the_run(runner: SmsRunner) -> None:
    runner.transport.refuse_connection("POST")
    result = runner.send(to=msisdns(6))
    assert statuses(result) == ["not_sent"] * 6
    assert len(runner.transport.send_requests) == 1
    assert (result["changed"], result["failed"]) == (False, True)
    assert "No connection." in result["msg"]


def test_too_many_lost_replies_in_a_row_stop_the_run(runner: SmsRunner) -> None:
    for _time in range(MAX_LOST_IN_A_ROW):
        runner.transport.lose_reply("POST", acts=False)
    result = runner.send(to=msisdns(40))
    assert statuses(result) == ["unknown"] * 20 + ["not_sent"] * 20
    assert len(runner.transport.send_requests) == MAX_LOST_IN_A_ROW == 10


def test_lost_replies_between_others_do_not_stop_the_run(runner: SmsRunner) -> None:
    for _time in range(3):
        for _lost in range(MAX_LOST_IN_A_ROW - 1):
            runner.transport.lose_reply("POST", acts=False)
        runner.transport.pass_through("POST")
    result = runner.send(to=msisdns(62))
    assert result["summary"]["unknown"] == 54
    assert result["summary"]["not_sent"] == 0


# --- how fast ---------------------------------------------------------------------------------------------------------


RATES = pytest.mark.parametrize("rate", [0.5, 1, 3, 7, 10])


@RATES
def test_the_rate_limit_is_never_exceeded(rate: float) -> None:
    runner = SmsRunner(batch_size=1, rate_limit=rate)
    moments: list[float] = []
    for _time in range(25):
        runner.transport.call_before("POST", lambda: moments.append(runner.time.monotonic()))
    runner.send(to=msisdns(25))
    assert len(moments) == 25
    assert min(after - before for before, after in zip(moments, moments[1:])) >= 1 / rate - 1e-6


@RATES
@SEVERAL
def test_the_rate_limit_is_shared_by_all_workers_and_used_up(rate: float, concurrency: int) -> None:
    runner = SmsRunner(batch_size=1, rate_limit=rate, concurrency=concurrency)
    runner.send(to=msisdns(25))
    assert runner.time.passed == pytest.approx(24 / rate)


def test_the_rate_limit_applies_to_resent_messages() -> None:
    """The second round does not begin in the second of the last request."""
    runner = SmsRunner(batch_size=1, rate_limit=1, settle_timeout=0, resend_unknown=True)
    moments: list[float] = []

    def note() -> None:
        moments.append(runner.time.monotonic())

    runner.transport.lose_reply("POST", acts=False, first=note)
    runner.transport.call_before("POST", note)
    runner.send(to=[A])
    assert moments[1] - moments[0] >= 1


def test_slow_requests_are_not_delayed_by_the_rate_limit() -> None:
    runner = SmsRunner(batch_size=1, rate_limit=1)
    for _time in range(5):
        runner.transport.call_before("POST", runner.time.passes(3))
    runner.send(to=msisdns(5))
    assert runner.time.passed == 15


def test_a_pause_is_not_followed_by_a_burst() -> None:
    runner = SmsRunner(batch_size=1, rate_limit=1)
    moments: list[float] = []
    runner.transport.call_before("POST", runner.time.passes(60))
    for _time in range(9):
        runner.transport.call_before("POST", lambda: moments.append(runner.time.monotonic()))
    runner.send(to=msisdns(10))
    assert min(after - before for before, after in zip(moments, moments[1:])) >= 1


# --- quiet hours that begin in mid-run --------------------------------------------------------------------------------


def quiet(action: str) -> dict[str, str]:
    """Hours that begin in ten minutes."""
    return {"start": "10:10", "end": "12:00", "action": action}


def test_quiet_hours_that_begin_during_a_run_fail_it(runner: SmsRunner) -> None:
    runner.transport.call_before("POST", runner.time.passes(700))
    result = runner.send(to=msisdns(6), quiet_hours=quiet("fail"))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 4
    assert result["failed"]
    assert "quiet hours" in result["msg"]


def test_quiet_hours_that_begin_during_a_run_end_it_with_action_skip(runner: SmsRunner) -> None:
    runner.transport.call_before("POST", runner.time.passes(700))
    result = runner.send(to=msisdns(6), quiet_hours=quiet("skip"))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 4
    assert "failed" not in result
    assert "quiet hours" in result["msg"]


def test_quiet_hours_that_begin_during_a_run_schedule_the_rest(runner: SmsRunner) -> None:
    runner.transport.call_before("POST", runner.time.passes(700))
    result = runner.send(to=msisdns(6), quiet_hours=quiet("schedule"))
    assert statuses(result) == ["accepted"] * 6
    assert [asked.get("ScheduleDateTime") for asked in runner.transport.send_requests] == [None] + [
        "2026-11-22 12:00"
    ] * 2


@pytest.mark.parametrize(("action", "failed"), [("fail", True), ("skip", False)])
def test_a_run_in_quiet_hours_sends_nothing(runner: SmsRunner, action: str, failed: bool) -> None:
    result = runner.send(to=[A, B, C], quiet_hours={"start": "09:00", "end": "12:00", "action": action})
    assert statuses(result) == ["not_sent"] * 3
    assert ("failed" in result, result["changed"]) == (failed, False)
    assert "quiet hours" in result["msg"]
    assert result["plan"]["recipients"] == 3
    assert not runner.transport.send_requests


def test_a_schedule_that_passes_during_a_run_becomes_immediate(runner: SmsRunner) -> None:
    """Onfon refuses a schedule in the past (019)."""
    runner.transport.call_before("POST", runner.time.passes(700))
    runner.send(to=msisdns(4), schedule_at="2026-11-22 10:05")
    assert [asked.get("ScheduleDateTime") for asked in runner.transport.send_requests] == ["2026-11-22 10:05", None]
