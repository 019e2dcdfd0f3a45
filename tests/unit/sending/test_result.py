# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a run: what fails the task, and the advice in its message."""

from __future__ import annotations

import itertools
import json
import typing as t
from pathlib import Path

import pytest

from tests.support.sms_runner import A, B, C, Result, SmsRunner, assert_consistent, msisdns, statuses

ADVICE = "Check the sent messages in the Onfon portal before you send any of them again."


@pytest.fixture
def runner() -> SmsRunner:
    return SmsRunner(settle=False, batch_size=1)


def texts(result: Result) -> list[str]:
    """The message and the warnings."""
    found = [result["msg"], result["error"]["hint"] or ""]
    return found + [recipient["error"] or "" for recipient in result["recipients"]]


# --- fail_on ----------------------------------------------------------------------------------------------------------

ENDS: dict[str, t.Callable[[SmsRunner], None]] = {
    "accepted": lambda runner: runner.transport.pass_through("POST"),
    "rejected": lambda runner: runner.transport.fail("POST", "412"),
    "unknown": lambda runner: runner.transport.lose_reply("POST", acts=False),
}


@pytest.mark.parametrize("ends", list(itertools.product(ENDS, repeat=2)))
@pytest.mark.parametrize("fail_on", ["any", "all", "never"])
def test_fail_on_decides_what_fails_the_task(runner: SmsRunner, fail_on: str, ends: tuple[str, str]) -> None:
    for end in ends:
        ENDS[end](runner)
    result = runner.send(to=[A, B], fail_on=fail_on)
    assert statuses(result) == list(ends)
    good = ends.count("accepted")
    assert ("failed" in result) == {"any": good < 2, "all": good == 0, "never": False}[fail_on]
    assert_consistent(result, 2)


def test_a_shortfall_that_does_not_fail_the_task_is_a_warning(runner: SmsRunner) -> None:
    runner.transport.row_codes[B] = 412
    result = runner.send(to=[A, B], fail_on="never")
    (warning,) = result["warnings"]
    assert "1 of 2 recipients" in warning
    assert "no route to this number" in warning
    assert "msg" not in result


def test_skipped_recipients_do_not_fail_the_task(runner: SmsRunner) -> None:
    result = runner.send(to=[A, A, "x", B], opt_out=[B], on_invalid="skip")
    assert "failed" not in result
    assert "warnings" not in result


def test_a_stopped_run_fails_whatever_fail_on_says(runner: SmsRunner) -> None:
    runner.transport.refuse_connection("POST")
    assert runner.send(to=[A, B], fail_on="all")["failed"]


# --- the sentence -----------------------------------------------------------------------------------------------------


def test_the_message_names_rejected_numbers_and_reasons(runner: SmsRunner) -> None:
    runner.transport.row_codes.update({B: 412, C: 412})
    result = runner.send(to=[A, B, C])
    assert "2 of 3 recipients were not accepted." in result["msg"]
    assert f"{B}, {C} rejected" in result["msg"]
    assert "no route to this number" in result["msg"]
    assert (result["error"]["code"], result["error"]["class"]) == ("412", "routing")
    assert result["error"]["hint"]


def test_unknown_recipients_are_not_called_failed(runner: SmsRunner) -> None:
    runner.transport.pass_through("POST")
    runner.transport.lose_reply("POST", acts=False)
    result = runner.send(to=[A, B])
    assert "failed" not in result["msg"]
    assert B in result["msg"]
    assert ADVICE in result["error"]["hint"]


def test_many_rejections_are_counted_and_some_named(runner: SmsRunner) -> None:
    runner.transport.row_codes.update(dict.fromkeys(msisdns(800), 412))
    result = runner.send(to=msisdns(800))
    assert "800 of 800 recipients were not accepted." in result["msg"]
    assert "and 797 more rejected" in result["msg"]
    assert len(result["msg"]) < 400


def test_the_most_frequent_reasons_come_first(runner: SmsRunner) -> None:
    codes = [400, 412, 412, 412, 803, 803, 805, 804]
    runner.transport.row_codes.update(dict(zip(msisdns(8), codes)))
    message = runner.send(to=msisdns(8))["msg"]
    assert message.index("error 412") < message.index("error 803") < message.index("error 400")
    assert "error 804" not in message
    assert "The other reasons are in recipients." in message


# What happens to the requests, one after the other.
EVENTS: dict[str, t.Callable[[SmsRunner], None]] = {
    "006": lambda runner: runner.transport.fail("POST", "006"),
    "021": lambda runner: runner.transport.fail("POST", "021"),
    "033": lambda runner: runner.transport.fail("POST", "033"),
    "lost": lambda runner: runner.transport.lose_reply("POST", acts=False),
    "503": lambda runner: runner.transport.answer("POST", 503, b""),
    "429": lambda runner: runner.transport.answer("POST", 429, b""),
    "HTML": lambda runner: runner.transport.answer("POST", 520, b"<html>"),
    "empty": lambda runner: runner.transport.answer("POST", 200, b""),
    "strange": lambda runner: runner.transport.answer("POST", 200, b'{"ErrorCode":0,"Data":"Queued"}'),
    "no rows": lambda runner: runner.transport.answer("POST", 200, b'{"ErrorCode":0,"Data":[]}'),
    "row 033": lambda runner: runner.transport.row_codes.update({A: 33}),
    "down": lambda runner: runner.transport.refuse_connection("POST"),
}
UNCLEAR = [
    *(["006"], ["033"], ["lost"], ["503"], ["HTML"], ["empty"], ["strange"], ["no rows"], ["row 033"]),
    *(["lost"] * 10, ["lost", "021"], ["lost", "down"], ["503", "429"]),
]


@pytest.mark.parametrize("unclear", UNCLEAR)
@pytest.mark.parametrize("settle", [True, False])
def test_the_message_does_not_advise_a_rerun_where_messages_may_have_been_sent(
    unclear: list[str], settle: bool
) -> None:
    runner = SmsRunner(batch_size=1, settle=settle)
    for event in unclear:
        EVENTS[event](runner)
    for _time in range(100):
        runner.transport.answer("sms", 520, b"<html>")
    result = runner.send(to=[A, *msisdns(15)])
    assert result["summary"]["unknown"]
    said = [text for text in texts(result) if "run the task again" in text.lower() or "run again" in text.lower()]
    assert said == []
    assert "Run it again" not in result["msg"]
    assert "Text only those again" not in result["msg"]
    assert ADVICE in result["msg"]


def test_with_a_journal_the_message_advises_a_rerun(runner: SmsRunner, tmp_path: Path) -> None:
    runner.transport.lose_reply("POST", acts=False)
    result = runner.send(to=[A], settle=True, journal=str(tmp_path / "journal"))
    assert ADVICE in result["msg"]
    assert "Run it again with the same journal" in result["msg"]


def test_without_settling_the_message_does_not_mention_the_log(runner: SmsRunner, tmp_path: Path) -> None:
    runner.transport.lose_reply("POST", acts=False)
    result = runner.send(to=[A], journal=str(tmp_path / "journal"))
    assert "looks into the sent log" not in result["msg"]


def test_the_message_warns_against_resending_accepted_messages(runner: SmsRunner) -> None:
    runner.transport.row_codes[B] = 412
    assert "Send only those again that were not accepted." in runner.send(to=[A, B])["msg"]


def test_the_message_says_where_nothing_was_sent(runner: SmsRunner) -> None:
    runner.transport.fail("POST", "021")
    assert "Nothing was sent." in runner.send(to=[A, B])["msg"]


def test_the_message_does_not_say_nothing_was_sent_where_some_are_unknown(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    assert "Nobody" not in runner.send(to=[A])["msg"]


@pytest.mark.parametrize(("to", "wrong"), [([A], "1 recipients"), ([A, B], "2 recipient ")])
@pytest.mark.parametrize("body", [b'{"ErrorCode":"006"}', b'{"ErrorCode":0,"Data":[]}', b'{"ErrorCode":"021"}'])
def test_singular_and_plural(to: list[str], wrong: str, body: bytes) -> None:
    runner = SmsRunner(settle=False)
    runner.transport.answer("POST", 200, body)
    assert wrong not in runner.send(to=to)["msg"]


def test_the_reason_for_stopping_is_given_once(runner: SmsRunner) -> None:
    runner.transport.pass_through("POST")
    runner.transport.fail("POST", "021")
    result = runner.send(to=msisdns(5))
    assert result["msg"].count("insufficient wallet credits") == 1
    assert "Top up the account" in result["error"]["hint"]
    assert (result["error"]["code"], result["error"]["class"]) == ("021", "funds")


def test_error_code_and_error_class_belong_together(runner: SmsRunner) -> None:
    """412 is more frequent, but 021 is what stopped the run and what the hint is about."""
    runner.transport.row_codes.update(dict.fromkeys([A, B, C], 412))
    for _time in range(3):
        runner.transport.pass_through("POST")
    runner.transport.fail("POST", "021")
    error = runner.send(to=[A, B, C, *msisdns(5)])["error"]
    assert (error["code"], error["class"]) == ("021", "funds")
    assert "Top up the account" in error["hint"]


def test_a_missing_reply_has_no_http_status(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    error = runner.send(to=[A])["error"]
    assert (error["class"], error["http_status"]) == ("transport", None)


def test_a_reply_that_is_not_an_envelope_has_its_http_status(runner: SmsRunner) -> None:
    runner.transport.answer("POST", 503, b"")
    error = runner.send(to=[A])["error"]
    assert (error["class"], error["http_status"]) == ("transient", 503)


# --- the result -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 3, 1000])
def test_the_result_limit_cuts_the_recipients_and_nothing_else(runner: SmsRunner, limit: int, tmp_path: Path) -> None:
    runner.transport.row_codes[msisdns(5)[4]] = 412
    report = tmp_path / "report.jsonl"
    result = runner.send(to=msisdns(5), result_limit=limit, report_file=str(report))
    assert len(result["recipients"]) == min(limit, 5)
    assert {
        name: result["summary"][name] for name in ("requested", "accepted", "rejected", "segments", "requests")
    } == {
        "requested": 5,
        "accepted": 4,
        "rejected": 1,
        "segments": 5,
        "requests": 5,
    }
    assert "1 of 5 recipients" in result["msg"]
    assert len(report.read_text().splitlines()) == 5


def of_a_journal_for_others(runner: SmsRunner, tmp_path: Path) -> dict[str, t.Any]:
    journal = str(tmp_path / "journal")
    runner.send(to=[C], journal=journal)
    return {"journal": journal}


def without_a_report(runner: SmsRunner, tmp_path: Path) -> dict[str, t.Any]:
    (tmp_path / "report.csv").symlink_to("/dev/full")
    return {"report_file": str(tmp_path / "report.csv")}


def without_a_window(runner: SmsRunner, tmp_path: Path) -> dict[str, t.Any]:
    runner.transport.answer("sms", 520, b"<html>")
    return {"dedupe_window": "24h"}


def without_a_balance(runner: SmsRunner, tmp_path: Path) -> dict[str, t.Any]:
    runner.transport.fail("Balance", "007")
    return {"min_balance_after": 1, "price_per_segment": 1}


def with_a_strange_balance(runner: SmsRunner, tmp_path: Path) -> dict[str, t.Any]:
    runner.transport.credits = "a lot"
    return {"min_balance_after": 1, "price_per_segment": 1}


@pytest.mark.parametrize(
    "fails", [of_a_journal_for_others, without_a_report, without_a_window, without_a_balance, with_a_strange_balance]
)
def test_a_failure_before_sending_returns_the_same_structure(
    runner: SmsRunner, tmp_path: Path, fails: t.Callable[[SmsRunner, Path], dict[str, t.Any]]
) -> None:
    result = runner.send(to=[A, B], **fails(runner, tmp_path))
    assert (result["failed"], result["changed"]) == (True, False)
    assert_consistent(result, 2)
    assert statuses(result) == ["not_sent"] * 2


def test_recipients_are_in_the_order_of_the_input(runner: SmsRunner) -> None:
    messages = [{"to": A, "text": "\u4f60"}, {"to": B, "text": "Hi"}, {"to": A, "text": "\u4f60"}]
    result = runner.send(text=None, messages=messages)
    assert [recipient["line"] for recipient in result["recipients"]] == [1, 2, 3]


def test_a_recipient_of_the_result_has_all_keys(runner: SmsRunner) -> None:
    runner.transport.row_codes[B] = 412
    accepted, rejected = runner.send(to=["0700 000 001", B])["recipients"]
    assert accepted == {
        "line": 1,
        "to": "0700 000 001",
        "msisdn": A,
        "status": "accepted",
        "message_id": "id-1",
        "error_code": None,
        "error": None,
        "segments": 1,
    }
    assert (rejected["error_code"], rejected["message_id"]) == ("412", None)


def test_the_seconds_of_a_run_are_returned(runner: SmsRunner) -> None:
    runner.transport.call_before("POST", runner.time.passes(2.5))
    assert runner.send(to=[A])["summary"]["seconds"] == 2.5


def test_a_result_can_be_written_as_json(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    assert json.loads(json.dumps(runner.send(to=[A, B])))["failed"]


# --- the report -------------------------------------------------------------------------------------------------------


def lines_of(report: Path) -> list[tuple[int, str]]:
    rows = [json.loads(line) for line in report.read_text().splitlines()]
    return [(row["line"], row["status"]) for row in rows]


def test_the_report_is_written_during_the_run(runner: SmsRunner, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    seen: list[list[tuple[int, str]]] = []
    for _time in range(2):
        runner.transport.call_before("POST", lambda: seen.append(lines_of(report)))
    runner.send(to=[A, A, B], report_file=str(report))
    assert seen == [[(2, "skipped_duplicate")], [(2, "skipped_duplicate"), (1, "accepted")]]
    assert lines_of(report) == [*seen[1], (3, "accepted")]


def test_check_mode_writes_no_report(runner: SmsRunner, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    report.write_text("of an earlier run")
    runner.send(to=[A], report_file=str(report), check=True)
    assert report.read_text() == "of an earlier run"


def test_a_second_run_writes_its_report(runner: SmsRunner, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    options: dict[str, t.Any] = {"to": [A, B], "report_file": str(report), "journal": str(tmp_path / "journal")}
    runner.send(**options)
    runner.send(**options)
    assert lines_of(report) == [(1, "skipped_already_sent"), (2, "skipped_already_sent")]


def test_a_run_skipped_for_quiet_hours_replaces_an_earlier_report(runner: SmsRunner, tmp_path: Path) -> None:
    """A reader would take the recipients of the earlier run for those of this one."""
    report = tmp_path / "report.jsonl"
    runner.send(to=[A, B], report_file=str(report))
    quiet = {"start": "09:00", "end": "12:00", "action": "skip"}
    result = runner.send(to=[A, B], report_file=str(report), quiet_hours=quiet)
    assert "failed" not in result
    assert lines_of(report) == [(1, "not_sent"), (2, "not_sent")]


def test_quiet_hours_do_not_hide_unresolved_claims(runner: SmsRunner, tmp_path: Path) -> None:
    """fail_on any: an unknown row fails the task, whatever becomes of the others."""
    journal = str(tmp_path / "journal")
    runner.transport.lose_reply("POST", acts=False)
    assert statuses(runner.send(to=[A], journal=journal)) == ["unknown"]
    quiet = {"start": "09:00", "end": "12:00", "action": "skip"}
    result = runner.send(to=[A, B], journal=journal, quiet_hours=quiet)
    assert statuses(result) == ["unknown", "not_sent"]
    assert result["failed"]
