# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lost replies are settled from the sent log, and no message is settled by the row of another."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.support.fake_transport import Killed
from tests.support.sms_runner import ABROAD, A, B, C, Result, SmsRunner, msisdns, statuses

ADVICE = "Check the sent messages in the Onfon portal"


@pytest.fixture
def runner() -> SmsRunner:
    return SmsRunner()


def one(result: Result) -> tuple[str, str | None]:
    """Status and message id of the first line."""
    return result["recipients"][0]["status"], result["recipients"][0]["message_id"]


def earlier(runner: SmsRunner, number: str = A, text: str = "Hello", **row: t.Any) -> None:
    """Add a row to the sent log."""
    runner.transport.add_message(number, text, **row)


# --- found, sooner or later -------------------------------------------------------------------------------------------


def test_sent_messages_with_lost_replies_are_found_at_once(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    result = runner.send(to=[A, B])
    assert [(recipient["status"], recipient["message_id"]) for recipient in result["recipients"]] == [
        ("accepted", "id-1"),
        ("accepted", "id-2"),
    ]
    assert "failed" not in result
    assert result["changed"]
    assert runner.time.passed == 0
    assert runner.transport.numbers == [A, B]


def test_the_sent_log_is_not_read_unless_a_reply_was_lost(runner: SmsRunner) -> None:
    runner.send(to=[A, B])
    assert runner.transport.count("sms") == 0


@pytest.mark.parametrize("late", [1, 17, 59])
def test_messages_queued_late_are_found_later(runner: SmsRunner, late: float) -> None:
    runner.transport.lose_reply("POST", acts=True, late=late)
    assert one(runner.send(to=[A])) == ("accepted", "id-1")
    assert late <= runner.time.passed <= 60


def test_some_are_found_at_once_and_some_later() -> None:
    runner = SmsRunner(batch_size=1)
    runner.transport.lose_reply("POST", acts=True, late=30)
    runner.transport.lose_reply("POST", acts=True)
    runner.transport.lose_reply("POST", acts=False)
    assert statuses(runner.send(to=[A, B, C])) == ["accepted", "accepted", "unknown"]


def test_messages_not_found_in_time_are_unknown_and_fail_the_task(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True, late=61)
    result = runner.send(to=[A])
    assert one(result) == ("unknown", None)
    assert result["failed"]
    assert result["changed"]
    assert A in result["msg"]
    assert ADVICE in result["msg"]
    assert runner.time.passed == pytest.approx(60)


@pytest.mark.parametrize("timeout", [0, 1, 5, 600])
def test_the_settle_timeout_is_shared_by_all_messages(timeout: float) -> None:
    runner = SmsRunner(batch_size=1, settle_timeout=timeout)
    for _time in range(9):
        runner.transport.lose_reply("POST", acts=False)
    runner.send(to=msisdns(9))
    assert runner.time.passed == pytest.approx(timeout)


def test_a_settle_timeout_of_zero_reads_the_log_once(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    assert one(runner.send(to=[A], settle_timeout=0)) == ("accepted", "id-1")


def test_the_sent_log_is_polled_with_backoff(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.send(to=[A])
    assert 5 <= runner.transport.count("sms") <= 20


def test_settling_can_be_turned_off(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    assert one(runner.send(to=[A], settle=False)) == ("unknown", None)
    assert runner.transport.count("sms") == 0


def test_a_log_of_many_pages_is_read_completely(runner: SmsRunner) -> None:
    for _time in range(1200):
        runner.transport.add_message(B, "Another")
    runner.transport.lose_reply("POST", acts=True)
    assert one(runner.send(to=[A])) == ("accepted", "id-1201")


@pytest.mark.parametrize("number", [f"+{A}", "0700000001", A])
def test_numbers_of_the_log_are_matched_in_every_spelling(runner: SmsRunner, number: str) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.add_message(number, "Hello", message_id="u-1")
    assert one(runner.send(to=[A])) == ("accepted", "u-1")


def test_foreign_numbers_of_the_log_are_matched(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    assert one(runner.send(to=[f"+{ABROAD}"])) == ("accepted", "id-1")


def test_different_texts_to_one_number_are_matched_separately() -> None:
    runner = SmsRunner(text=None, batch_size=1)
    runner.transport.lose_reply("POST", acts=True)
    runner.transport.lose_reply("POST", acts=False)
    messages = [{"to": A, "text": "One"}, {"to": A, "text": "Two"}]
    assert statuses(runner.send(messages=messages)) == ["accepted", "unknown"]


def test_log_rows_without_an_id_are_matched(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.add_message(A, "Hello", message_id="")
    assert one(runner.send(to=[A])) == ("accepted", None)


@pytest.mark.parametrize("odd", ["\ud83d", "a\0b"])
def test_log_ids_may_be_any_text(runner: SmsRunner, odd: str) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.add_message(A, "Hello", message_id=odd)
    assert one(runner.send(to=[A]))[0] == "accepted"


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [(0, "2026-11-22", "2026-11-22"), (13.995, "2026-11-22", "2026-11-23"), (15, "2026-11-22", "2026-11-23")],
)
def test_the_log_is_read_for_every_possible_day(runner: SmsRunner, hours: float, first: str, last: str) -> None:
    """At ten in the morning, around midnight, and at one when the day of UTC is still the one before."""
    runner.time.sleep(hours * 3600)
    runner.transport.lose_reply("POST", acts=True, late=55)
    assert one(runner.send(to=[A])) == ("accepted", "id-1")
    assert max(day for day, _end in runner.transport.log_periods) <= first
    assert runner.transport.log_periods[-1][1] >= last


# --- rows that are not meant ------------------------------------------------------------------------------------------


def test_an_earlier_message_with_the_same_text_does_not_count(runner: SmsRunner) -> None:
    runner.transport.add_message(A, "Hello", submitted=runner.time.log_time(-300))
    runner.transport.lose_reply("POST", acts=False)
    assert one(runner.send(to=[A])) == ("unknown", None)


def test_a_small_clock_difference_is_tolerated(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.add_message(A, "Hello", submitted=runner.time.log_time(-60), message_id="u-1")
    assert one(runner.send(to=[A])) == ("accepted", "u-1")


def test_a_row_counts_from_when_its_own_batch_left() -> None:
    """A message submitted when the run began does not belong to a batch that was sent later."""
    runner = SmsRunner(batch_size=1)
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.call_before("POST", runner.time.passes(1000))
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.add_message(C, "Hello", submitted=runner.time.log_time(10))
    assert statuses(runner.send(to=[A, B, C])) == ["unknown", "accepted", "unknown"]


@pytest.mark.parametrize(
    "row",
    [
        {"number": B},
        {"text": "Hello."},
        {"text": "hello"},
        {"sender_id": "OTHER"},
        {"sender_id": "acme"},
        {"submitted": ""},
        {"submitted": "yesterday"},
        {"submitted": "0001-01-01 00:00:00"},
    ],
)
def test_rows_with_other_number_text_or_sender_do_not_count(runner: SmsRunner, row: dict[str, str]) -> None:
    """Another number, text or sender, or an unreadable time."""
    runner.transport.lose_reply("POST", acts=False)
    earlier(runner, **row)
    assert one(runner.send(to=[A])) == ("unknown", None)


def alike(runner: SmsRunner) -> Result:
    """The number 687751234 is one of New Caledonia, and the end of a Kenyan one. Only the first is in the log."""
    return runner.send(to=["+687751234", "+254687751234"], batch_size=1)


def test_a_log_row_with_a_known_id_counts_for_no_other_message(runner: SmsRunner) -> None:
    runner.transport.pass_through("POST")
    runner.transport.lose_reply("POST", acts=False)
    assert statuses(alike(runner)) == ["accepted", "unknown"]


def test_a_log_row_counts_for_one_message_only(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    runner.transport.lose_reply("POST", acts=False)
    assert statuses(alike(runner)) == ["accepted", "unknown"]


# --- a log that cannot be read ----------------------------------------------------------------------------------------


def test_a_failed_log_read_is_retried(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    runner.transport.answer("sms", 520, b"<html>")
    runner.transport.fail("sms", "006")
    runner.transport.lose_reply("sms", acts=False)
    assert one(runner.send(to=[A])) == ("accepted", "id-1")


def test_an_unreadable_log_is_reported(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=True)
    for _time in range(50):
        runner.transport.answer("sms", 520, b"<html><title>Gone</title>")
    result = runner.send(to=[A])
    assert one(result) == ("unknown", None)
    assert "The sent log could not be read: " in result["msg"]
    assert "Gone" in result["msg"]
    assert "run again" not in result["msg"]
    assert runner.time.passed == pytest.approx(60)


def test_an_empty_log_is_not_an_error(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.fail("sms", "041")
    result = runner.send(to=[A])
    assert one(result) == ("unknown", None)
    assert "could not be read" not in result["msg"]


# --- dedupe_window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def window() -> SmsRunner:
    return SmsRunner(dedupe_window="24h")


def test_a_second_run_within_the_dedupe_window_sends_nothing(window: SmsRunner) -> None:
    assert window.send(to=[A, B])["changed"]
    window.time.sleep(3600)
    result = window.send(to=[A, B])
    assert statuses(result) == ["skipped_already_sent"] * 2
    assert [recipient["message_id"] for recipient in result["recipients"]] == ["id-1", "id-2"]
    assert ("failed" in result, result["changed"]) == (False, False)
    assert window.transport.numbers == [A, B]


@pytest.mark.parametrize(
    ("ago", "status"),
    [(60, "skipped_already_sent"), (86400 - 1, "skipped_already_sent"), (86400 + 1, "accepted")],
)
def test_the_dedupe_window_has_an_exact_edge(window: SmsRunner, ago: float, status: str) -> None:
    window.transport.add_message(A, "Hello", submitted=window.time.log_time(-ago))
    assert statuses(window.send(to=[A])) == [status]


@pytest.mark.parametrize("row", [{"number": B}, {"text": "Hello."}, {"sender_id": "OTHER"}])
def test_other_texts_do_not_count_as_duplicates(window: SmsRunner, row: dict[str, str]) -> None:
    earlier(window, **row)
    assert statuses(window.send(to=[A])) == ["accepted"]


def test_log_rows_without_a_readable_time_count_as_duplicates(window: SmsRunner) -> None:
    window.transport.add_message(A, "Hello", submitted="?")
    assert statuses(window.send(to=[A])) == ["skipped_already_sent"]


def test_only_recipients_outside_the_window_are_sent(window: SmsRunner) -> None:
    window.transport.add_message(A, "Hello")
    result = window.send(to=[A, B, A])
    assert statuses(result) == ["skipped_already_sent", "accepted", "skipped_duplicate"]
    assert result["plan"]["recipients"] == 1
    assert result["plan"]["skipped_already_sent"] == 1


def test_without_a_window_the_log_does_not_count(runner: SmsRunner) -> None:
    runner.transport.add_message(A, "Hello")
    assert statuses(runner.send(to=[A])) == ["accepted"]


def test_log_rows_of_the_window_do_not_settle_lost_replies(window: SmsRunner) -> None:
    window.transport.add_message(A, "Hello", submitted=window.time.log_time(-90000))
    window.transport.lose_reply("POST", acts=False)
    assert statuses(window.send(to=[A])) == ["unknown"]


def test_check_mode_reads_the_dedupe_window(window: SmsRunner) -> None:
    window.transport.add_message(A, "Hello")
    result = window.send(to=[A], check=True)
    assert (statuses(result), result["changed"]) == (["skipped_already_sent"], False)


def test_an_unreadable_dedupe_window_sends_nothing(window: SmsRunner) -> None:
    window.transport.answer("sms", 520, b"<html>")
    assert window.send(to=[A, B])["failed"]
    assert not window.transport.send_requests


# --- resend_unknown ---------------------------------------------------------------------------------------------------


@pytest.fixture
def resend() -> SmsRunner:
    return SmsRunner(resend_unknown=True, batch_size=1)


def test_resend_unknown_sends_messages_that_are_not_in_the_log(resend: SmsRunner) -> None:
    resend.transport.lose_reply("POST", acts=False)
    result = resend.send(to=[A])
    assert one(result) == ("accepted", "id-1")
    assert result["summary"]["requests"] == len(resend.transport.send_requests) == 2
    assert resend.time.passed == pytest.approx(60), "the log is searched first"


def test_resend_unknown_sends_only_unknown_messages(resend: SmsRunner) -> None:
    resend.transport.lose_reply("POST", acts=True)
    resend.transport.lose_reply("POST", acts=False)
    resend.transport.row_codes[C] = 412
    assert statuses(resend.send(to=[A, B, C])) == ["accepted", "accepted", "rejected"]
    assert resend.transport.numbers == [A, B]


def test_nothing_is_resent_by_default(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    assert one(runner.send(to=[A])) == ("unknown", None)
    assert len(runner.transport.send_requests) == 1


def test_a_message_is_resent_only_once(resend: SmsRunner) -> None:
    for _time in range(5):
        resend.transport.lose_reply("POST", acts=False)
    result = resend.send(to=[A])
    assert one(result) == ("unknown", None)
    assert len(resend.transport.send_requests) == 2
    assert ADVICE in result["msg"]


def test_a_resent_message_is_settled_from_the_log(resend: SmsRunner) -> None:
    resend.transport.lose_reply("POST", acts=False)
    resend.transport.lose_reply("POST", acts=True)
    assert one(resend.send(to=[A])) == ("accepted", "id-1")


SECOND_TIME: dict[str, t.Callable[[SmsRunner], None]] = {
    "rejected": lambda runner: runner.transport.row_codes.update({A: 412}),
    "refused": lambda runner: runner.transport.fail("POST", "015"),
    "stopped": lambda runner: runner.transport.fail("POST", "021"),
    "not connected": lambda runner: runner.transport.refuse_connection("POST"),
    "too fast": lambda runner: runner.transport.answer("POST", 429, b""),
}


@pytest.mark.parametrize("second", SECOND_TIME)
def test_a_message_rejected_when_resent_stays_unknown(resend: SmsRunner, second: str) -> None:
    """It may have arrived the first time."""
    resend.transport.lose_reply("POST", acts=False)
    SECOND_TIME[second](resend)
    result = resend.send(to=[A])
    assert one(result) == ("unknown", None)
    assert ADVICE in result["msg"]
    assert "Text only those again" not in result["msg"]


def test_a_message_not_sent_when_resent_stays_unknown(resend: SmsRunner) -> None:
    resend.transport.lose_reply("POST", acts=False)
    resend.transport.lose_reply("POST", acts=False)
    resend.transport.fail("POST", "021")
    result = resend.send(to=[A, B])
    assert statuses(result) == ["unknown"] * 2
    assert "Nothing was sent" not in result["msg"]


def test_a_stopped_run_resends_nothing(resend: SmsRunner) -> None:
    resend.transport.lose_reply("POST", acts=False)
    resend.transport.fail("POST", "021")
    assert statuses(resend.send(to=[A, B, C])) == ["unknown", "rejected", "not_sent"]
    assert len(resend.transport.send_requests) == 2


def test_nothing_is_resent_without_the_log(resend: SmsRunner) -> None:
    """Sent messages would be in the log, which has not been read."""
    resend.transport.lose_reply("POST", acts=True)
    for _time in range(200):
        resend.transport.answer("sms", 520, b"<html>")
    result = resend.send(to=[A])
    assert resend.transport.numbers == [A]
    assert one(result) == ("unknown", None)


def test_the_first_attempt_is_still_settled_after_a_rejected_resend() -> None:
    """It was queued very late, and the log shows it as of when it came in."""
    runner = SmsRunner(resend_unknown=True, settle_timeout=300)
    runner.transport.lose_reply("POST", acts=True, late=400)
    runner.transport.fail("POST", "015")
    assert one(runner.send(to=[A])) == ("accepted", "id-1")


def test_a_resent_batch_that_is_too_large_is_halved() -> None:
    runner = SmsRunner(resend_unknown=True)
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.fail("POST", "042")
    assert statuses(runner.send(to=[A, B])) == ["accepted"] * 2
    assert runner.transport.batch_sizes == [2, 2, 1, 1]


def test_check_mode_resends_nothing(resend: SmsRunner, tmp_path: Path) -> None:
    journal = str(tmp_path / "journal")
    resend.transport.kill("POST", acts=False)
    with pytest.raises(Killed):
        resend.send(to=[A], journal=journal)
    result = resend.send(to=[A], journal=journal, check=True)
    assert (one(result)[0], result["changed"]) == ("unknown", True)
    assert len(resend.transport.send_requests) == 1


def test_resent_messages_are_planned_and_count_for_limits(resend: SmsRunner, tmp_path: Path) -> None:
    """An earlier run was cut off: with resend_unknown the next one texts A, and spends for it."""
    journal = str(tmp_path / "journal")
    resend.transport.kill("POST", acts=False)
    with pytest.raises(Killed):
        resend.send(to=[A], journal=journal)
    result = resend.send(to=[A], journal=journal, max_recipients=0)
    assert result["failed"]
    assert len(resend.transport.send_requests) == 1
