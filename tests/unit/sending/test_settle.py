# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lost replies are looked for in the account's sent log, and nobody is called texted for another's row of it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.support.account import Killed
from tests.support.sending import ABROAD, A, B, C, Desk, Result, people, statuses

ADVICE = "Look at the sent messages in the Onfon portal"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def one(result: Result) -> tuple[str, str | None]:
    """Status and message id of the first line."""
    return result["recipients"][0]["status"], result["recipients"][0]["message_id"]


def earlier(desk: Desk, number: str = A, text: str = "Hello", **row: t.Any) -> None:
    """Have a row in the log."""
    desk.account.text(number, text, **row)


# --- found, sooner or later -------------------------------------------------------------------------------------------


def test_what_was_texted_after_all_is_found_at_once(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    result = desk.send(to=[A, B])
    assert [(recipient["status"], recipient["message_id"]) for recipient in result["recipients"]] == [
        ("accepted", "id-1"),
        ("accepted", "id-2"),
    ]
    assert "failed" not in result
    assert result["changed"]
    assert desk.time.passed == 0
    assert desk.account.people == [A, B]


def test_the_log_is_not_asked_where_nothing_was_lost(desk: Desk) -> None:
    desk.send(to=[A, B])
    assert desk.account.count("sms") == 0


@pytest.mark.parametrize("late", [1, 17, 59])
def test_what_is_queued_late_is_found_later(desk: Desk, late: float) -> None:
    desk.account.loses("POST", acts=True, late=late)
    assert one(desk.send(to=[A])) == ("accepted", "id-1")
    assert late <= desk.time.passed <= 60


def test_some_are_found_at_once_and_some_later() -> None:
    desk = Desk(batch_size=1)
    desk.account.loses("POST", acts=True, late=30)
    desk.account.loses("POST", acts=True)
    desk.account.loses("POST", acts=False)
    assert statuses(desk.send(to=[A, B, C])) == ["accepted", "accepted", "unknown"]


def test_what_is_not_found_in_time_is_unknown_and_the_task_says_so(desk: Desk) -> None:
    desk.account.loses("POST", acts=True, late=61)
    result = desk.send(to=[A])
    assert one(result) == ("unknown", None)
    assert result["failed"]
    assert result["changed"]
    assert A in result["msg"]
    assert ADVICE in result["msg"]
    assert desk.time.passed == pytest.approx(60)


@pytest.mark.parametrize("timeout", [0, 1, 5, 600])
def test_the_patience_is_for_all_together(timeout: float) -> None:
    desk = Desk(batch_size=1, settle_timeout=timeout)
    for _time in range(9):
        desk.account.loses("POST", acts=False)
    desk.send(to=people(9))
    assert desk.time.passed == pytest.approx(timeout)


def test_without_patience_the_log_is_looked_at_once(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    assert one(desk.send(to=[A], settle_timeout=0)) == ("accepted", "id-1")


def test_the_log_is_not_hammered(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.send(to=[A])
    assert 5 <= desk.account.count("sms") <= 20


def test_whoever_wants_no_settling_gets_none(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    assert one(desk.send(to=[A], settle=False)) == ("unknown", None)
    assert desk.account.count("sms") == 0


def test_a_log_of_many_pages_is_read_to_its_end(desk: Desk) -> None:
    for _time in range(1200):
        desk.account.text(B, "Another")
    desk.account.loses("POST", acts=True)
    assert one(desk.send(to=[A])) == ("accepted", "id-1201")


@pytest.mark.parametrize("number", [f"+{A}", "0700000001", A])
def test_a_number_of_the_log_is_read_in_every_spelling(desk: Desk, number: str) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.text(number, "Hello", message_id="u-1")
    assert one(desk.send(to=[A])) == ("accepted", "u-1")


def test_a_foreign_number_of_the_log_is_found(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    assert one(desk.send(to=[f"+{ABROAD}"])) == ("accepted", "id-1")


def test_each_text_of_one_person_is_found_for_itself() -> None:
    desk = Desk(text=None, batch_size=1)
    desk.account.loses("POST", acts=True)
    desk.account.loses("POST", acts=False)
    messages = [{"to": A, "text": "One"}, {"to": A, "text": "Two"}]
    assert statuses(desk.send(messages=messages)) == ["accepted", "unknown"]


def test_a_row_without_an_id_is_found_too(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.text(A, "Hello", message_id="")
    assert one(desk.send(to=[A])) == ("accepted", None)


@pytest.mark.parametrize("odd", ["\ud83d", "a\0b"])
def test_an_id_of_the_log_may_be_any_text(desk: Desk, odd: str) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.text(A, "Hello", message_id=odd)
    assert one(desk.send(to=[A]))[0] == "accepted"


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [(0, "2026-11-22", "2026-11-22"), (13.995, "2026-11-22", "2026-11-23"), (15, "2026-11-22", "2026-11-23")],
)
def test_the_log_is_asked_for_every_day_it_may_be(desk: Desk, hours: float, first: str, last: str) -> None:
    """At ten in the morning, around midnight, and at one when the day of UTC is still the one before."""
    desk.time.sleep(hours * 3600)
    desk.account.loses("POST", acts=True, late=55)
    assert one(desk.send(to=[A])) == ("accepted", "id-1")
    assert max(day for day, _end in desk.account.days) <= first
    assert desk.account.days[-1][1] >= last


# --- rows that are not meant ------------------------------------------------------------------------------------------


def test_an_earlier_message_with_the_same_text_does_not_count(desk: Desk) -> None:
    desk.account.text(A, "Hello", submitted=desk.time.wire(-300))
    desk.account.loses("POST", acts=False)
    assert one(desk.send(to=[A])) == ("unknown", None)


def test_clocks_may_differ_a_little(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.text(A, "Hello", submitted=desk.time.wire(-60), message_id="u-1")
    assert one(desk.send(to=[A])) == ("accepted", "u-1")


def test_a_row_counts_from_when_its_own_batch_left() -> None:
    """The message of a batch that left late is none that was submitted when the run began."""
    desk = Desk(batch_size=1)
    desk.account.loses("POST", acts=False)
    desk.account.happens("POST", desk.time.passes(1000))
    desk.account.loses("POST", acts=False)
    desk.account.text(C, "Hello", submitted=desk.time.wire(10))
    assert statuses(desk.send(to=[A, B, C])) == ["unknown", "accepted", "unknown"]


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
def test_another_row_does_not_count(desk: Desk, row: dict[str, str]) -> None:
    """Another person, text or sender; or nobody knows when."""
    desk.account.loses("POST", acts=False)
    earlier(desk, **row)
    assert one(desk.send(to=[A])) == ("unknown", None)


def alike(desk: Desk) -> Result:
    """«687751234» is a number of New Caledonia, and the end of a Kenyan one. Only the first is in the log."""
    return desk.send(to=["+687751234", "+254687751234"], batch_size=1)


def test_a_row_that_an_answer_spoke_of_counts_for_nobody_else(desk: Desk) -> None:
    desk.account.works("POST")
    desk.account.loses("POST", acts=False)
    assert statuses(alike(desk)) == ["accepted", "unknown"]


def test_a_row_counts_for_one_person_only(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    desk.account.loses("POST", acts=False)
    assert statuses(alike(desk)) == ["accepted", "unknown"]


# --- a log that cannot be read ----------------------------------------------------------------------------------------


def test_a_log_that_cannot_be_read_at_first_is_read_again(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    desk.account.answers("sms", 520, b"<html>")
    desk.account.fails("sms", "006")
    desk.account.loses("sms", acts=False)
    assert one(desk.send(to=[A])) == ("accepted", "id-1")


def test_a_log_that_can_never_be_read_is_told(desk: Desk) -> None:
    desk.account.loses("POST", acts=True)
    for _time in range(50):
        desk.account.answers("sms", 520, b"<html><title>Gone</title>")
    result = desk.send(to=[A])
    assert one(result) == ("unknown", None)
    assert "The sent log could not be read: " in result["msg"]
    assert "Gone" in result["msg"]
    assert "run again" not in result["msg"]
    assert desk.time.passed == pytest.approx(60)


def test_an_empty_log_is_no_error(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.fails("sms", "041")
    result = desk.send(to=[A])
    assert one(result) == ("unknown", None)
    assert "could not be read" not in result["msg"]


# --- dedupe_window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def window() -> Desk:
    return Desk(dedupe_window="24h")


def test_the_second_run_texts_nobody(window: Desk) -> None:
    assert window.send(to=[A, B])["changed"]
    window.time.sleep(3600)
    result = window.send(to=[A, B])
    assert statuses(result) == ["skipped_already_sent"] * 2
    assert [recipient["message_id"] for recipient in result["recipients"]] == ["id-1", "id-2"]
    assert ("failed" in result, result["changed"]) == (False, False)
    assert window.account.people == [A, B]


@pytest.mark.parametrize(
    ("ago", "status"),
    [(60, "skipped_already_sent"), (86400 - 1, "skipped_already_sent"), (86400 + 1, "accepted")],
)
def test_the_window_has_an_edge(window: Desk, ago: float, status: str) -> None:
    window.account.text(A, "Hello", submitted=window.time.wire(-ago))
    assert statuses(window.send(to=[A])) == [status]


@pytest.mark.parametrize("row", [{"number": B}, {"text": "Hello."}, {"sender_id": "OTHER"}])
def test_whoever_got_something_else_is_texted(window: Desk, row: dict[str, str]) -> None:
    earlier(window, **row)
    assert statuses(window.send(to=[A])) == ["accepted"]


def test_whoever_got_it_at_an_unreadable_time_is_skipped(window: Desk) -> None:
    window.account.text(A, "Hello", submitted="?")
    assert statuses(window.send(to=[A])) == ["skipped_already_sent"]


def test_only_the_others_are_texted(window: Desk) -> None:
    window.account.text(A, "Hello")
    result = window.send(to=[A, B, A])
    assert statuses(result) == ["skipped_already_sent", "accepted", "skipped_duplicate"]
    assert result["plan"]["recipients"] == 1
    assert result["plan"]["skipped_already_sent"] == 1


def test_without_a_window_the_log_does_not_count(desk: Desk) -> None:
    desk.account.text(A, "Hello")
    assert statuses(desk.send(to=[A])) == ["accepted"]


def test_a_lost_reply_is_not_taken_for_what_the_window_left_out(window: Desk) -> None:
    window.account.text(A, "Hello", submitted=window.time.wire(-90000))
    window.account.loses("POST", acts=False)
    assert statuses(window.send(to=[A])) == ["unknown"]


def test_a_dry_run_looks_into_the_window_too(window: Desk) -> None:
    window.account.text(A, "Hello")
    result = window.send(to=[A], check=True)
    assert (statuses(result), result["changed"]) == (["skipped_already_sent"], False)


def test_a_window_that_cannot_be_read_texts_nobody(window: Desk) -> None:
    window.account.answers("sms", 520, b"<html>")
    assert window.send(to=[A, B])["failed"]
    assert not window.account.sends


# --- resend_unknown ---------------------------------------------------------------------------------------------------


@pytest.fixture
def resend() -> Desk:
    return Desk(resend_unknown=True, batch_size=1)


def test_what_is_not_in_the_log_is_sent_once_more(resend: Desk) -> None:
    resend.account.loses("POST", acts=False)
    result = resend.send(to=[A])
    assert one(result) == ("accepted", "id-1")
    assert result["summary"]["requests"] == len(resend.account.sends) == 2
    assert resend.time.passed == pytest.approx(60), "the log is searched first"


def test_only_what_is_unknown_is_sent_once_more(resend: Desk) -> None:
    resend.account.loses("POST", acts=True)
    resend.account.loses("POST", acts=False)
    resend.account.refused[C] = 412
    assert statuses(resend.send(to=[A, B, C])) == ["accepted", "accepted", "rejected"]
    assert resend.account.people == [A, B]


def test_nothing_is_sent_once_more_that_nobody_asked_for(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    assert one(desk.send(to=[A])) == ("unknown", None)
    assert len(desk.account.sends) == 1


def test_nothing_is_sent_a_third_time(resend: Desk) -> None:
    for _time in range(5):
        resend.account.loses("POST", acts=False)
    result = resend.send(to=[A])
    assert one(result) == ("unknown", None)
    assert len(resend.account.sends) == 2
    assert ADVICE in result["msg"]


def test_the_second_message_is_found_in_the_log_too(resend: Desk) -> None:
    resend.account.loses("POST", acts=False)
    resend.account.loses("POST", acts=True)
    assert one(resend.send(to=[A])) == ("accepted", "id-1")


SECOND_TIME: dict[str, t.Callable[[Desk], None]] = {
    "rejected": lambda desk: desk.account.refused.update({A: 412}),
    "refused": lambda desk: desk.account.fails("POST", "015"),
    "stopped": lambda desk: desk.account.fails("POST", "021"),
    "not connected": lambda desk: desk.account.refuses("POST"),
    "too fast": lambda desk: desk.account.answers("POST", 429, b""),
}


@pytest.mark.parametrize("second", SECOND_TIME)
def test_what_is_refused_the_second_time_stays_unknown(resend: Desk, second: str) -> None:
    """It may have arrived the first time."""
    resend.account.loses("POST", acts=False)
    SECOND_TIME[second](resend)
    result = resend.send(to=[A])
    assert one(result) == ("unknown", None)
    assert ADVICE in result["msg"]
    assert "Text only those again" not in result["msg"]


def test_what_is_not_sent_the_second_time_stays_unknown(resend: Desk) -> None:
    resend.account.loses("POST", acts=False)
    resend.account.loses("POST", acts=False)
    resend.account.fails("POST", "021")
    result = resend.send(to=[A, B])
    assert statuses(result) == ["unknown"] * 2
    assert "Nobody was texted" not in result["msg"]


def test_a_run_that_was_stopped_sends_nothing_again(resend: Desk) -> None:
    resend.account.loses("POST", acts=False)
    resend.account.fails("POST", "021")
    assert statuses(resend.send(to=[A, B, C])) == ["unknown", "rejected", "not_sent"]
    assert len(resend.account.sends) == 2


def test_without_the_log_nothing_is_sent_again(resend: Desk) -> None:
    """Whoever was texted would be in there, and nobody has looked."""
    resend.account.loses("POST", acts=True)
    for _time in range(200):
        resend.account.answers("sms", 520, b"<html>")
    result = resend.send(to=[A])
    assert resend.account.people == [A]
    assert one(result) == ("unknown", None)


def test_the_first_message_is_still_looked_for_after_the_second_was_refused() -> None:
    """It was queued very late, and the log shows it as of when it came in."""
    desk = Desk(resend_unknown=True, settle_timeout=300)
    desk.account.loses("POST", acts=True, late=400)
    desk.account.fails("POST", "015")
    assert one(desk.send(to=[A])) == ("accepted", "id-1")


def test_too_many_numbers_the_second_time_are_halved() -> None:
    desk = Desk(resend_unknown=True)
    desk.account.loses("POST", acts=False)
    desk.account.fails("POST", "042")
    assert statuses(desk.send(to=[A, B])) == ["accepted"] * 2
    assert desk.account.batch_sizes == [2, 2, 1, 1]


def test_a_dry_run_sends_nothing_again(resend: Desk, tmp_path: Path) -> None:
    journal = str(tmp_path / "journal")
    resend.account.kills("POST", acts=False)
    with pytest.raises(Killed):
        resend.send(to=[A], journal=journal)
    result = resend.send(to=[A], journal=journal, check=True)
    assert (one(result)[0], result["changed"]) == ("unknown", True)
    assert len(resend.account.sends) == 1


def test_who_would_be_texted_again_is_in_the_plan_and_counts_for_the_limits(resend: Desk, tmp_path: Path) -> None:
    """An earlier run was cut off: with resend_unknown the next one texts A, and spends for it."""
    journal = str(tmp_path / "journal")
    resend.account.kills("POST", acts=False)
    with pytest.raises(Killed):
        resend.send(to=[A], journal=journal)
    result = resend.send(to=[A], journal=journal, max_recipients=0)
    assert result["failed"]
    assert len(resend.account.sends) == 1
