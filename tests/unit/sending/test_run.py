# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole runs: whatever fails, no message is sent twice or lost, and the next run resumes."""

from __future__ import annotations

import collections
import contextlib
import csv
import json
import operator
import os
import resource
import sqlite3
import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._sending.recorder import Recorder
from ansible_collections.onfon.sms.plugins.module_utils._sending.store import MessageStore
from tests.support.fake_transport import Killed
from tests.support.sms_runner import (
    A,
    B,
    C,
    D,
    Result,
    SmsRunner,
    assert_consistent,
    msisdns,
    msisdns_with_status,
    statuses,
)

# --- what happens to requests -----------------------------------------------------------------------------------------

LOSSES: dict[str, t.Callable[[SmsRunner], None]] = {
    "lost": lambda runner: runner.transport.lose_reply("SendBulkSMS", acts=False),
    "lost, acts": lambda runner: runner.transport.lose_reply("SendBulkSMS", acts=True),
    "lost, late": lambda runner: runner.transport.lose_reply("SendBulkSMS", acts=True, late=20),
    "lost, very late": lambda runner: runner.transport.lose_reply("SendBulkSMS", acts=True, late=100),
    "503": lambda runner: runner.transport.answer("SendBulkSMS", 503, b""),
    "503, acts": lambda runner: runner.transport.answer("SendBulkSMS", 503, b"", acts=True),
    "HTML, acts": lambda runner: runner.transport.answer("SendBulkSMS", 520, b"<html>", acts=True),
    "truncated, acts": lambda runner: runner.transport.answer("SendBulkSMS", 200, b'{"ErrorCode":0,"D', acts=True),
    "no rows, acts": lambda runner: runner.transport.answer(
        "SendBulkSMS", 200, b'{"ErrorCode":0,"Data":[]}', acts=True
    ),
    "006": lambda runner: runner.transport.fail("SendBulkSMS", "006"),
    "033, acts": lambda runner: runner.transport.fail("SendBulkSMS", "033", acts=True),
    "retried": lambda runner: runner.transport.fail("SendBulkSMS", "021", retried=True, acts=True),
}
REFUSALS: dict[str, t.Callable[[SmsRunner], None]] = {
    "works": lambda runner: runner.transport.pass_through("SendBulkSMS"),
    "015": lambda runner: runner.transport.fail("SendBulkSMS", "015"),
    "042": lambda runner: runner.transport.fail("SendBulkSMS", "042"),
    "021": lambda runner: runner.transport.fail("SendBulkSMS", "021"),
    "007": lambda runner: runner.transport.fail("SendBulkSMS", "007"),
    "429": lambda runner: runner.transport.answer("SendBulkSMS", 429, b""),
    "401": lambda runner: runner.transport.answer("SendBulkSMS", 401, b""),
    "not connected": lambda runner: runner.transport.refuse_connection("SendBulkSMS"),
}
DEATHS: dict[str, t.Callable[[SmsRunner], None]] = {
    "killed": lambda runner: runner.transport.kill("SendBulkSMS", acts=False),
    "killed, acts": lambda runner: runner.transport.kill("SendBulkSMS", acts=True),
}


def script(runner: SmsRunner, names: t.Sequence[str]) -> None:
    for name in names:
        {**LOSSES, **REFUSALS, **DEATHS}[name](runner)


class Case(t.NamedTuple):
    """The recipients, the options, and the faults of the requests in order."""

    numbers: list[str]
    opted_out: list[str]
    refused: dict[str, object]
    events: list[str]
    options: dict[str, t.Any]


@st.composite
def cases(draw: st.DrawFn, events: st.SearchStrategy[str]) -> Case:
    everybody = msisdns(draw(st.integers(1, 60)))
    picked = st.sampled_from(everybody)
    numbers = everybody + draw(st.lists(picked | st.just("x"), max_size=4))
    refused = draw(st.dictionaries(picked, st.sampled_from([400, 412, 803]), max_size=3))
    options = {
        "batch_size": draw(st.sampled_from([1, 3, 20])),
        "concurrency": draw(st.sampled_from([1, 4])),
        "settle": draw(st.booleans()),
        "fail_on": draw(st.sampled_from(["any", "all", "never"])),
        "on_invalid": "skip",
    }
    return Case(
        draw(st.permutations(numbers)),
        draw(st.lists(picked, max_size=2)),
        {**refused},
        draw(st.lists(events, max_size=25)),
        options,
    )


def prepared(case: Case) -> SmsRunner:
    runner = SmsRunner(to=case.numbers, opt_out=case.opted_out, **case.options)
    runner.transport.row_codes = case.refused
    script(runner, case.events)
    return runner


def check_nobody_twice(runner: SmsRunner) -> None:
    assert [number for number, times in collections.Counter(runner.transport.numbers).items() if times > 1] == []


def check_truth(runner: SmsRunner, result: Result) -> None:
    """What the result says of each person is what the gateway did."""
    ids = {texted.number: texted.message_id for texted in runner.transport.messages}
    for recipient in result["recipients"]:
        number, status = recipient["msisdn"], recipient["status"]
        if status in ("accepted", "skipped_already_sent"):
            assert ids[number] == recipient["message_id"]
        if status in ("rejected", "not_sent", "skipped_opt_out", "skipped_invalid"):
            assert number not in ids


def asked_for(runner: SmsRunner, place: int) -> set[str]:
    """The numbers of a call of SendBulkSMS."""
    return {message["Number"] for message in runner.transport.send_requests[place]["MessageParameters"]}


EASY = settings(suppress_health_check=[HealthCheck.too_slow])
LONG = settings(EASY, max_examples=40)


@EASY
@given(cases(st.sampled_from([*LOSSES, *REFUSALS])))
def test_any_sequence_of_faults_gives_a_complete_and_true_result(case: Case) -> None:
    runner = prepared(case)
    result = runner.send()
    assert_consistent(result, len(case.numbers))
    check_nobody_twice(runner)
    check_truth(runner, result)
    lost: set[str] = set()
    for place, event in enumerate(case.events[: len(runner.transport.send_requests)]):
        if event in LOSSES:
            lost |= asked_for(runner, place)
    assert set(msisdns_with_status(result, "unknown")) <= lost
    assert result["summary"]["requests"] == len(runner.transport.send_requests)
    assert result["changed"] == bool(result["summary"]["accepted"] + result["summary"]["unknown"])


@EASY
@given(cases(st.sampled_from([*LOSSES, *REFUSALS])))
def test_any_fault_resends_only_lost_messages_and_only_once(case: Case) -> None:
    runner = prepared(case)
    result = runner.send(settle=True, resend_unknown=True)
    assert_consistent(result, len(case.numbers))
    assert result["summary"]["requests"] == len(runner.transport.send_requests)
    tries: dict[str, list[str]] = collections.defaultdict(list)
    for place, event in enumerate(
        [*case.events, *["works"] * len(runner.transport.send_requests)][: len(runner.transport.send_requests)]
    ):
        numbers = asked_for(runner, place)
        if event != "042" or len(numbers) == 1:
            for number in numbers:
                tries[number].append(event)
    for events in tries.values():
        assert len(events) == 1 or (len(events) == 2 and events[0] in LOSSES)


@EASY
@given(cases(st.sampled_from([*LOSSES, *REFUSALS])), st.sampled_from(["csv", "jsonl"]), st.booleans())
def test_the_report_file_equals_the_result(case: Case, form: str, again: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, f"report.{form}")
        case.options["settle"] |= again
        result = prepared(case).send(report_file=str(report), resend_unknown=again)
        assert read_report(report) == result["recipients"]


def read_report(report: Path) -> list[dict[str, t.Any]]:
    """Its recipients by line. A CSV file has texts only."""
    found: list[dict[str, t.Any]]
    if report.suffix == ".csv":
        with report.open(newline="") as file:
            found = [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]
        for row in found:
            row.update(line=int(row["line"]), segments=int(row["segments"]))
    else:
        found = [json.loads(line) for line in report.read_text().splitlines()]
    return sorted(found, key=operator.itemgetter("line"))


@LONG
@given(cases(st.sampled_from([*LOSSES, *REFUSALS, *DEATHS, *DEATHS])))
def test_killed_runs_with_a_journal_send_every_message_once(case: Case) -> None:
    """Runs until no fault is left: then no message is lost, and none was sent twice."""
    runner = prepared(case)
    runner.options["settle"] = True
    with tempfile.TemporaryDirectory() as folder:
        journal = str(Path(folder, "journal"))
        result: Result = {}
        for _run in range(len(case.events) + 2):
            with contextlib.suppress(Killed):
                check = runner.send(journal=journal, check=True)
                result = runner.send(journal=journal)
                assert check["plan"] == result["plan"]
                assert_consistent(result, len(case.numbers))
                check_truth(runner, result)
            check_nobody_twice(runner)
            runner.time.sleep(200)
        last = runner.send(journal=journal)
    check_truth(runner, last)
    texted = set(runner.transport.numbers)
    assert set(msisdns_with_status(last, "skipped_already_sent")) == texted
    assert not msisdns_with_status(last, "not_sent")
    assert not msisdns_with_status(last, "accepted")
    assert last["changed"] is False
    done = texted | set(case.refused) | set(msisdns_with_status(last, "unknown"))
    assert set(case.numbers) - set(case.opted_out) - {"x"} <= done


# --- the journal ------------------------------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def runner(journal: Path) -> SmsRunner:
    """Batches of one, with a journal."""
    return SmsRunner(journal=str(journal), batch_size=1)


def ids(result: Result) -> list[str | None]:
    return [recipient["message_id"] for recipient in result["recipients"]]


def test_a_second_run_is_idempotent(runner: SmsRunner) -> None:
    assert runner.send(to=[A, B])["changed"]
    result = runner.send(to=[A, B])
    assert (statuses(result), ids(result)) == (["skipped_already_sent"] * 2, ["id-1", "id-2"])
    assert ("failed" in result, result["changed"], result["plan"]["recipients"]) == (False, False, 0)
    assert runner.transport.numbers == [A, B]
    assert runner.transport.count("sms") == 0


@pytest.mark.parametrize("acts", [False, True])
def test_the_next_run_resumes_a_killed_one(runner: SmsRunner, acts: bool) -> None:
    runner.transport.pass_through("POST")
    runner.transport.kill("POST", acts=acts)
    with pytest.raises(Killed):
        runner.send(to=[A, B, C])
    result = runner.send(to=[A, B, C])
    # The end of the second batch is not known: it is looked up in the log, and never sent again.
    second = "skipped_already_sent" if acts else "unknown"
    assert statuses(result) == ["skipped_already_sent", second, "accepted"]
    assert runner.transport.numbers == ([A, B, C] if acts else [A, C])
    assert ids(result)[0] == "id-1"
    assert ids(result)[1] == ("id-2" if acts else None)
    assert ("failed" in result) != acts


def test_unresolved_claims_are_settled_before_sending(runner: SmsRunner) -> None:
    runner.transport.kill("POST", acts=True)
    with pytest.raises(Killed):
        runner.send(to=[A, B])
    del runner.transport.requests[:]
    runner.send(to=[A, B])
    *before, last = [service for _method, service in runner.transport.requests]
    assert (set(before), last) == ({"sms"}, "SendBulkSMS")


def test_unresolved_claims_queued_late_are_settled_in_the_same_run(runner: SmsRunner) -> None:
    runner.transport.kill("POST", acts=False)
    with pytest.raises(Killed):
        runner.send(to=[A, B])
    runner.transport.add_message(A, "Hello", late=20)
    result = runner.send(to=[A, B])
    assert statuses(result) == ["skipped_already_sent", "accepted"]
    assert "failed" not in result


def test_unresolved_claims_that_cannot_be_settled_are_not_sent(runner: SmsRunner) -> None:
    runner.transport.kill("POST", acts=False)
    with pytest.raises(Killed):
        runner.send(to=[A, B])
    for _time in range(100):
        runner.transport.answer("sms", 520, b"<html>")
    result = runner.send(to=[A, B])
    assert statuses(result) == ["unknown", "accepted"]
    assert runner.transport.numbers == [B]
    assert "could not be looked up" in result["warnings"][0]
    assert "The sent log could not be read" in result["msg"]


def test_unresolved_claims_stay_unknown_without_settling(runner: SmsRunner) -> None:
    runner.transport.kill("POST", acts=True)
    with pytest.raises(Killed):
        runner.send(to=[A])
    assert statuses(runner.send(to=[A], settle=False)) == ["unknown"]
    assert runner.transport.numbers == [A]
    assert runner.transport.count("sms") == 0


def test_old_unresolved_claims_are_settled_without_waiting(runner: SmsRunner) -> None:
    runner.transport.kill("POST", acts=False)
    with pytest.raises(Killed):
        runner.send(to=[A])
    runner.time.sleep(86400)
    before = runner.time.passed
    assert statuses(runner.send(to=[A])) == ["unknown"]
    assert runner.time.passed == before


def test_rejected_and_unsent_messages_are_sent_by_the_next_run(runner: SmsRunner) -> None:
    runner.transport.row_codes[A] = 412
    runner.transport.pass_through("POST")
    runner.transport.fail("POST", "021")
    assert statuses(runner.send(to=[A, B, C])) == ["rejected", "rejected", "not_sent"]
    runner.transport.row_codes.clear()
    assert statuses(runner.send(to=[A, B, C])) == ["accepted"] * 3
    assert runner.transport.numbers == [A, B, C]


def test_returned_messages_are_sent_by_the_next_run(runner: SmsRunner) -> None:
    runner.transport.refuse_connection("POST")
    assert statuses(runner.send(to=[A, B])) == ["not_sent"] * 2
    assert statuses(runner.send(to=[A, B])) == ["accepted"] * 2


def test_unsent_halves_of_a_batch_are_sent_by_the_next_run(runner: SmsRunner) -> None:
    runner.transport.fail("POST", "042")
    runner.transport.fail("POST", "021")
    assert statuses(runner.send(to=[A, B], batch_size=2)) == ["rejected", "not_sent"]
    assert statuses(runner.send(to=[A, B])) == ["accepted"] * 2


def test_unknown_messages_are_settled_again_and_not_resent(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    for _run in range(3):
        result = runner.send(to=[A])
        assert statuses(result) == ["unknown"]
        assert result["failed"]
    runner.transport.add_message(A, "Hello")
    assert statuses(runner.send(to=[A])) == ["skipped_already_sent"]
    assert statuses(runner.send(to=[A])) == ["skipped_already_sent"]
    assert len(runner.transport.send_requests) == 1


def test_a_lost_reply_of_an_earlier_run_is_not_the_error_of_this_one(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.send(to=[A])
    (recipient,) = runner.send(to=[A])["recipients"]
    assert "cut off" not in recipient["error"]


def test_unresolved_claims_are_resent_on_demand_once(runner: SmsRunner) -> None:
    runner.transport.kill("POST", acts=False)
    with pytest.raises(Killed):
        runner.send(to=[A, B])
    assert statuses(runner.send(to=[A, B], resend_unknown=True)) == ["accepted"] * 2
    assert statuses(runner.send(to=[A, B], resend_unknown=True)) == ["skipped_already_sent"] * 2
    assert sorted(runner.transport.numbers) == [A, B]


def test_a_rejected_resend_keeps_journal_claim(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.fail("POST", "015")
    assert statuses(runner.send(to=[A], resend_unknown=True)) == ["unknown"]
    assert statuses(runner.send(to=[A])) == ["unknown"]
    assert len(runner.transport.send_requests) == 2


def test_halved_resend_keeps_journal_claim(runner: SmsRunner) -> None:
    runner.transport.lose_reply("POST", acts=False)
    runner.transport.fail("POST", "042")
    runner.transport.fail("POST", "021")
    assert statuses(runner.send(to=[A, B], batch_size=2, resend_unknown=True)) == ["unknown"] * 2
    assert statuses(runner.send(to=[A, B])) == ["unknown"] * 2
    assert runner.transport.batch_sizes == [2, 2, 1]


@pytest.mark.parametrize(
    "other",
    [{"text": "Hello again"}, {"sender_id": "OTHER"}, {"client_id": "other"}, {"api_url": "http://127.0.0.1:1/v2"}],
)
def test_the_journal_of_another_job_is_refused(runner: SmsRunner, other: dict[str, t.Any]) -> None:
    runner.send(to=[A])
    result = runner.send(to=[A, B], **other)
    assert result["failed"]
    assert "belongs to another job" in result["msg"]
    assert runner.transport.numbers == [A]


def test_the_journal_of_the_same_text_to_other_numbers_is_refused(runner: SmsRunner) -> None:
    runner.send(to=[A, B])
    result = runner.send(to=[C, D])
    assert result["failed"]
    assert "belongs to another job" in result["msg"]
    assert runner.transport.numbers == [A, B]


def test_only_added_recipients_are_sent(runner: SmsRunner) -> None:
    runner.send(to=[A, B])
    assert statuses(runner.send(to=[C, A, D])) == ["accepted", "skipped_already_sent", "accepted"]
    assert runner.transport.numbers == [A, B, C, D]


def test_each_row_may_have_its_own_text(runner: SmsRunner) -> None:
    messages = [{"to": A, "text": "One"}, {"to": A, "text": "Two"}, {"to": B, "text": "One"}]
    assert statuses(runner.send(text=None, messages=messages[:2])) == ["accepted"] * 2
    assert statuses(runner.send(text=None, messages=messages)) == ["skipped_already_sent"] * 2 + ["accepted"]


def test_a_changed_template_is_another_job(runner: SmsRunner) -> None:
    identity = runner.transport.add_template("due", "Hello")
    assert statuses(runner.send(text=None, template="due", to=[A])) == ["accepted"]
    runner.transport.rows["Template"][identity]["MessageTemplate"] = "Hello again"
    assert "belongs to another job" in runner.send(text=None, template="due", to=[A])["msg"]


def test_duplicates_and_opt_outs_keep_their_status(runner: SmsRunner) -> None:
    runner.send(to=[A, B])
    result = runner.send(to=[A, A, B, "x"], opt_out=[B], on_invalid="skip")
    assert statuses(result) == ["skipped_already_sent", "skipped_duplicate", "skipped_opt_out", "skipped_invalid"]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_check_mode_creates_no_journal(runner: SmsRunner, tmp_path: Path) -> None:
    result = runner.send(to=[A, B], check=True)
    assert (statuses(result), result["changed"]) == (["not_sent"] * 2, True)
    assert contents(tmp_path) == {}
    assert not runner.transport.send_requests


def test_check_mode_predicts_the_run_and_leaves_the_journal_unchanged(runner: SmsRunner, tmp_path: Path) -> None:
    runner.transport.pass_through("POST")
    runner.transport.kill("POST", acts=True)
    with pytest.raises(Killed):
        runner.send(to=[A, B, C])
    before = contents(tmp_path)
    check = runner.send(to=[A, B, C], check=True)
    assert contents(tmp_path) == before
    assert statuses(check) == ["skipped_already_sent"] * 2 + ["not_sent"]
    assert check["changed"]
    assert len(runner.transport.send_requests) == 2
    result = runner.send(to=[A, B, C])
    assert (result["plan"], result["changed"]) == (check["plan"], check["changed"])
    assert ids(result)[:2] == ids(check)[:2]
    again = runner.send(to=[A, B, C], check=True)
    assert (again["changed"], again["plan"]["recipients"]) == (False, 0)


# --- unwritable journal or report file --------------------------------------------------------------------------------


class Pipe(t.NamedTuple):
    """A report that can be written until its reader goes away."""

    path: Path
    reader: int

    def breaks(self) -> None:
        os.close(self.reader)


@pytest.fixture
def pipe(tmp_path: Path) -> Pipe:
    path = tmp_path / "report.csv"
    os.mkfifo(path)
    return Pipe(path, os.open(path, os.O_RDONLY | os.O_NONBLOCK))


def test_an_unwritable_report_stops_the_run(pipe: Pipe) -> None:
    runner = SmsRunner(batch_size=1, fail_on="never", report_file=str(pipe.path))
    runner.transport.pass_through("POST")
    runner.transport.call_before("POST", pipe.breaks)
    result = runner.send(to=msisdns(5))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 3
    assert (result["failed"], result["changed"]) == (True, True)
    assert f"report_file {pipe.path} cannot be written" in result["msg"]
    assert_consistent(result, 5)


def test_a_report_that_cannot_be_started_sends_nothing(tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.symlink_to("/dev/full")
    runner = SmsRunner(report_file=str(report))
    assert runner.send(to=[A, B])["failed"]
    assert not runner.transport.send_requests


def test_an_unwritable_report_while_settling_fails_the_task(pipe: Pipe) -> None:
    runner = SmsRunner(fail_on="never", report_file=str(pipe.path))
    runner.transport.lose_reply("POST", acts=True)
    runner.transport.call_before("sms", pipe.breaks)
    result = runner.send(to=[A, B])
    assert statuses(result) == ["accepted"] * 2
    assert result["failed"]
    assert f"report_file {pipe.path} cannot be written" in result["msg"]
    assert "The sent log could not be read" not in result["msg"]


def test_a_report_that_cannot_be_finished_fails_the_task(pipe: Pipe) -> None:
    """What was not sent is written last."""
    runner = SmsRunner(fail_on="never", report_file=str(pipe.path))
    runner.transport.refuse_connection("POST", first=pipe.breaks)
    result = runner.send(to=[A, B])
    assert result["failed"]
    assert f"report_file {pipe.path} cannot be written" in result["msg"]


def test_a_removed_journal_stops_the_run(runner: SmsRunner, journal: Path) -> None:
    runner.transport.pass_through("POST")
    runner.transport.call_before("POST", journal.unlink)
    result = runner.send(to=msisdns(5), fail_on="never")
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 3
    assert (result["failed"], result["changed"]) == (True, True)
    assert "was removed" in result["msg"]
    assert_consistent(result, 5)


def test_after_a_lost_journal_the_message_does_not_advise_a_rerun(runner: SmsRunner, journal: Path) -> None:
    """With a new journal, every message would be sent again."""
    runner.transport.call_before("POST", journal.unlink)
    runner.transport.lose_reply("POST", acts=False)
    result = runner.send(to=msisdns(5), batch_size=2)
    assert "Run it again" not in result["msg"]
    assert "check the sent messages in the Onfon portal" in result["msg"]


def test_a_journal_removed_while_settling_fails_the_task(runner: SmsRunner, journal: Path) -> None:
    runner.transport.lose_reply("POST", acts=True)
    runner.transport.call_before("sms", journal.unlink)
    result = runner.send(to=[A], fail_on="never")
    assert statuses(result) == ["accepted"]
    assert result["failed"]
    assert "was removed" in result["msg"]


def test_a_journal_on_a_full_disk_stops_the_run_and_the_next_one_resumes(runner: SmsRunner, journal: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    runner.transport.pass_through("POST")
    runner.transport.call_before("POST", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard)))
    try:
        result = runner.send(to=msisdns(5), fail_on="never")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 3
    assert result["failed"]
    assert f"journal {journal} cannot be" in result["msg"]
    assert_consistent(result, 5)
    assert statuses(runner.send(to=msisdns(5))) == ["skipped_already_sent"] * 2 + ["accepted"] * 3
    assert runner.transport.numbers == msisdns(5)


def test_a_broken_journal_leaves_the_report_complete(runner: SmsRunner, journal: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    runner.transport.call_before("POST", journal.unlink)
    result = runner.send(to=msisdns(5), report_file=str(report))
    assert read_report(report) == result["recipients"]


def test_a_broken_report_leaves_the_journal_complete(runner: SmsRunner, pipe: Pipe) -> None:
    runner.transport.call_before("POST", pipe.breaks)
    assert statuses(runner.send(to=msisdns(5), report_file=str(pipe.path))) == ["accepted"] + ["not_sent"] * 4
    assert statuses(runner.send(to=msisdns(5))) == ["skipped_already_sent"] + ["accepted"] * 4
    assert runner.transport.numbers == msisdns(5)


def fails_with(error: Exception) -> t.Callable[..., t.NoReturn]:
    """A method that meets an error."""

    def fails(*_args: object) -> t.NoReturn:
        raise error

    return fails


@pytest.mark.parametrize("words", ["database or disk is full", "disk I/O error", "unable to open database file"])
@pytest.mark.parametrize(
    ("method", "told", "changed"),
    [("fill", "Nothing was sent.", False), ("record", "Requests that were made: 1. Check the sent messages", True)],
)
def test_disk_errors_of_the_message_store_are_reported(
    monkeypatch: pytest.MonkeyPatch, words: str, method: str, told: str, changed: bool
) -> None:
    monkeypatch.setattr(MessageStore, method, fails_with(sqlite3.OperationalError(words)))
    result = SmsRunner().send(to=[A])
    assert (result["failed"], result["changed"], result["error"]["class"]) == (True, changed, "option")
    assert "TMPDIR" in result["msg"]
    assert told in result["msg"]
    assert words not in result["msg"]


@pytest.mark.parametrize(
    ("method", "told", "changed"),
    [("fill", "Nothing was sent.", False), ("record", "Requests that were made: 1. Check the sent messages", True)],
)
def test_a_sql_error_is_an_unexpected_error(
    monkeypatch: pytest.MonkeyPatch, method: str, told: str, changed: bool
) -> None:
    monkeypatch.setattr(MessageStore, method, fails_with(sqlite3.OperationalError("no such column: lef")))
    result = SmsRunner().send(to=[A])
    assert (result["failed"], result["changed"], result["error"]["class"]) == (True, changed, "protocol")
    assert result["msg"].startswith("The run ended with OperationalError")
    assert "which is a fault of the collection: please report it." in result["msg"]
    assert told in result["msg"]
    assert "TMPDIR" not in result["msg"]


def test_an_unexpected_error_still_reports_the_sent_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "finish", fails_with(ZeroDivisionError("at last")))
    result = SmsRunner().send(to=[A, B])
    assert (result["failed"], result["changed"], result["error"]["class"]) == (True, True, "protocol")
    assert result["msg"].startswith("The run ended with ZeroDivisionError")
    assert statuses(result) == ["accepted", "accepted"]
