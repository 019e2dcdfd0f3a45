# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole runs: whatever fails, nobody is texted twice, nobody is lost, and the next run goes on where one stopped."""

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
from tests.support.account import Killed
from tests.support.sending import A, B, C, D, Desk, Result, check_sum, of_status, people, statuses

# --- what happens to requests -----------------------------------------------------------------------------------------

LOSSES: dict[str, t.Callable[[Desk], None]] = {
    "lost": lambda desk: desk.account.loses("SendBulkSMS", acts=False),
    "lost, acts": lambda desk: desk.account.loses("SendBulkSMS", acts=True),
    "lost, late": lambda desk: desk.account.loses("SendBulkSMS", acts=True, late=20),
    "lost, very late": lambda desk: desk.account.loses("SendBulkSMS", acts=True, late=100),
    "503": lambda desk: desk.account.answers("SendBulkSMS", 503, b""),
    "503, acts": lambda desk: desk.account.answers("SendBulkSMS", 503, b"", acts=True),
    "HTML, acts": lambda desk: desk.account.answers("SendBulkSMS", 520, b"<html>", acts=True),
    "truncated, acts": lambda desk: desk.account.answers("SendBulkSMS", 200, b'{"ErrorCode":0,"D', acts=True),
    "no rows, acts": lambda desk: desk.account.answers("SendBulkSMS", 200, b'{"ErrorCode":0,"Data":[]}', acts=True),
    "006": lambda desk: desk.account.fails("SendBulkSMS", "006"),
    "033, acts": lambda desk: desk.account.fails("SendBulkSMS", "033", acts=True),
    "retried": lambda desk: desk.account.fails("SendBulkSMS", "021", retried=True, acts=True),
}
REFUSALS: dict[str, t.Callable[[Desk], None]] = {
    "works": lambda desk: desk.account.works("SendBulkSMS"),
    "015": lambda desk: desk.account.fails("SendBulkSMS", "015"),
    "042": lambda desk: desk.account.fails("SendBulkSMS", "042"),
    "021": lambda desk: desk.account.fails("SendBulkSMS", "021"),
    "007": lambda desk: desk.account.fails("SendBulkSMS", "007"),
    "429": lambda desk: desk.account.answers("SendBulkSMS", 429, b""),
    "401": lambda desk: desk.account.answers("SendBulkSMS", 401, b""),
    "not connected": lambda desk: desk.account.refuses("SendBulkSMS"),
}
DEATHS: dict[str, t.Callable[[Desk], None]] = {
    "killed": lambda desk: desk.account.kills("SendBulkSMS", acts=False),
    "killed, acts": lambda desk: desk.account.kills("SendBulkSMS", acts=True),
}


def script(desk: Desk, names: t.Sequence[str]) -> None:
    for name in names:
        {**LOSSES, **REFUSALS, **DEATHS}[name](desk)


class Case(t.NamedTuple):
    """Who is to be texted, how, and what happens to the requests, one after the other."""

    numbers: list[str]
    opted_out: list[str]
    refused: dict[str, object]
    events: list[str]
    options: dict[str, t.Any]


@st.composite
def cases(draw: st.DrawFn, events: st.SearchStrategy[str]) -> Case:
    everybody = people(draw(st.integers(1, 60)))
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


def prepared(case: Case) -> Desk:
    desk = Desk(to=case.numbers, opt_out=case.opted_out, **case.options)
    desk.account.refused = case.refused
    script(desk, case.events)
    return desk


def check_nobody_twice(desk: Desk) -> None:
    assert [number for number, times in collections.Counter(desk.account.people).items() if times > 1] == []


def check_truth(desk: Desk, result: Result) -> None:
    """What the result says of each person is what the gateway did."""
    ids = {texted.number: texted.message_id for texted in desk.account.texted}
    for recipient in result["recipients"]:
        number, status = recipient["msisdn"], recipient["status"]
        if status in ("accepted", "skipped_already_sent"):
            assert ids[number] == recipient["message_id"]
        if status in ("rejected", "not_sent", "skipped_opt_out", "skipped_invalid"):
            assert number not in ids


def asked_for(desk: Desk, place: int) -> set[str]:
    """Whom a call of SendBulkSMS was for."""
    return {message["Number"] for message in desk.account.sends[place]["MessageParameters"]}


EASY = settings(suppress_health_check=[HealthCheck.too_slow])
LONG = settings(EASY, max_examples=40)


@EASY
@given(cases(st.sampled_from([*LOSSES, *REFUSALS])))
def test_whatever_fails_the_result_is_whole_and_true(case: Case) -> None:
    desk = prepared(case)
    result = desk.send()
    check_sum(result, len(case.numbers))
    check_nobody_twice(desk)
    check_truth(desk, result)
    lost: set[str] = set()
    for place, event in enumerate(case.events[: len(desk.account.sends)]):
        if event in LOSSES:
            lost |= asked_for(desk, place)
    assert set(of_status(result, "unknown")) <= lost
    assert result["summary"]["requests"] == len(desk.account.sends)
    assert result["changed"] == bool(result["summary"]["accepted"] + result["summary"]["unknown"])


@EASY
@given(cases(st.sampled_from([*LOSSES, *REFUSALS])))
def test_only_what_was_lost_is_sent_again_and_only_once(case: Case) -> None:
    desk = prepared(case)
    result = desk.send(settle=True, resend_unknown=True)
    check_sum(result, len(case.numbers))
    assert result["summary"]["requests"] == len(desk.account.sends)
    tries: dict[str, list[str]] = collections.defaultdict(list)
    for place, event in enumerate([*case.events, *["works"] * len(desk.account.sends)][: len(desk.account.sends)]):
        numbers = asked_for(desk, place)
        if event != "042" or len(numbers) == 1:
            for number in numbers:
                tries[number].append(event)
    for events in tries.values():
        assert len(events) == 1 or (len(events) == 2 and events[0] in LOSSES)


@EASY
@given(cases(st.sampled_from([*LOSSES, *REFUSALS])), st.sampled_from(["csv", "jsonl"]), st.booleans())
def test_the_report_says_what_the_result_says(case: Case, form: str, again: bool) -> None:
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
def test_runs_that_die_and_are_run_again_text_everybody_once(case: Case) -> None:
    """Until nothing goes wrong any more: then nobody is lost, and nobody was texted twice."""
    desk = prepared(case)
    desk.options["settle"] = True
    with tempfile.TemporaryDirectory() as folder:
        journal = str(Path(folder, "journal"))
        result: Result = {}
        for _run in range(len(case.events) + 2):
            with contextlib.suppress(Killed):
                check = desk.send(journal=journal, check=True)
                result = desk.send(journal=journal)
                assert check["plan"] == result["plan"]
                check_sum(result, len(case.numbers))
                check_truth(desk, result)
            check_nobody_twice(desk)
            desk.time.sleep(200)
        last = desk.send(journal=journal)
    check_truth(desk, last)
    texted = set(desk.account.people)
    assert set(of_status(last, "skipped_already_sent")) == texted
    assert not of_status(last, "not_sent")
    assert not of_status(last, "accepted")
    assert last["changed"] is False
    done = texted | set(case.refused) | set(of_status(last, "unknown"))
    assert set(case.numbers) - set(case.opted_out) - {"x"} <= done


# --- the journal ------------------------------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def desk(journal: Path) -> Desk:
    """Batches of one, with a journal."""
    return Desk(journal=str(journal), batch_size=1)


def ids(result: Result) -> list[str | None]:
    return [recipient["message_id"] for recipient in result["recipients"]]


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    assert desk.send(to=[A, B])["changed"]
    result = desk.send(to=[A, B])
    assert (statuses(result), ids(result)) == (["skipped_already_sent"] * 2, ["id-1", "id-2"])
    assert ("failed" in result, result["changed"], result["plan"]["recipients"]) == (False, False, 0)
    assert desk.account.people == [A, B]
    assert desk.account.count("sms") == 0


@pytest.mark.parametrize("acts", [False, True])
def test_the_run_after_one_that_died_goes_on(desk: Desk, acts: bool) -> None:
    desk.account.works("POST")
    desk.account.kills("POST", acts=acts)
    with pytest.raises(Killed):
        desk.send(to=[A, B, C])
    result = desk.send(to=[A, B, C])
    # The end of the second batch is not known: it is looked up in the log, and never sent again.
    second = "skipped_already_sent" if acts else "unknown"
    assert statuses(result) == ["skipped_already_sent", second, "accepted"]
    assert desk.account.people == ([A, B, C] if acts else [A, C])
    assert ids(result)[0] == "id-1"
    assert ids(result)[1] == ("id-2" if acts else None)
    assert ("failed" in result) != acts


def test_what_was_left_open_is_looked_up_before_anybody_is_texted(desk: Desk) -> None:
    desk.account.kills("POST", acts=True)
    with pytest.raises(Killed):
        desk.send(to=[A, B])
    del desk.account.requests[:]
    desk.send(to=[A, B])
    *before, last = [service for _method, service in desk.account.requests]
    assert (set(before), last) == ({"sms"}, "SendBulkSMS")


def test_what_was_left_open_and_queued_late_is_found_in_the_same_run(desk: Desk) -> None:
    desk.account.kills("POST", acts=False)
    with pytest.raises(Killed):
        desk.send(to=[A, B])
    desk.account.text(A, "Hello", late=20)
    result = desk.send(to=[A, B])
    assert statuses(result) == ["skipped_already_sent", "accepted"]
    assert "failed" not in result


def test_what_was_left_open_and_cannot_be_looked_up_is_not_sent(desk: Desk) -> None:
    desk.account.kills("POST", acts=False)
    with pytest.raises(Killed):
        desk.send(to=[A, B])
    for _time in range(100):
        desk.account.answers("sms", 520, b"<html>")
    result = desk.send(to=[A, B])
    assert statuses(result) == ["unknown", "accepted"]
    assert desk.account.people == [B]
    assert "could not be looked up" in result["warnings"][0]
    assert "The sent log could not be read" in result["msg"]


def test_what_was_left_open_is_not_looked_up_where_nobody_wants_that(desk: Desk) -> None:
    desk.account.kills("POST", acts=True)
    with pytest.raises(Killed):
        desk.send(to=[A])
    assert statuses(desk.send(to=[A], settle=False)) == ["unknown"]
    assert desk.account.people == [A]
    assert desk.account.count("sms") == 0


def test_the_log_is_not_waited_for_when_what_is_open_is_old(desk: Desk) -> None:
    desk.account.kills("POST", acts=False)
    with pytest.raises(Killed):
        desk.send(to=[A])
    desk.time.sleep(86400)
    before = desk.time.passed
    assert statuses(desk.send(to=[A])) == ["unknown"]
    assert desk.time.passed == before


def test_who_was_rejected_or_not_sent_is_tried_by_the_next_run(desk: Desk) -> None:
    desk.account.refused[A] = 412
    desk.account.works("POST")
    desk.account.fails("POST", "021")
    assert statuses(desk.send(to=[A, B, C])) == ["rejected", "rejected", "not_sent"]
    desk.account.refused.clear()
    assert statuses(desk.send(to=[A, B, C])) == ["accepted"] * 3
    assert desk.account.people == [A, B, C]


def test_who_came_back_untouched_is_tried_by_the_next_run(desk: Desk) -> None:
    desk.account.refuses("POST")
    assert statuses(desk.send(to=[A, B])) == ["not_sent"] * 2
    assert statuses(desk.send(to=[A, B])) == ["accepted"] * 2


def test_halves_of_a_batch_that_were_not_sent_are_tried_by_the_next_run(desk: Desk) -> None:
    desk.account.fails("POST", "042")
    desk.account.fails("POST", "021")
    assert statuses(desk.send(to=[A, B], batch_size=2)) == ["rejected", "not_sent"]
    assert statuses(desk.send(to=[A, B])) == ["accepted"] * 2


def test_who_stays_unknown_is_asked_for_again_and_not_texted_again(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    for _run in range(3):
        result = desk.send(to=[A])
        assert statuses(result) == ["unknown"]
        assert result["failed"]
    desk.account.text(A, "Hello")
    assert statuses(desk.send(to=[A])) == ["skipped_already_sent"]
    assert statuses(desk.send(to=[A])) == ["skipped_already_sent"]
    assert len(desk.account.sends) == 1


def test_a_reply_that_an_earlier_run_lost_is_not_called_its_end(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.send(to=[A])
    (recipient,) = desk.send(to=[A])["recipients"]
    assert "cut off" not in recipient["error"]


def test_what_was_left_open_is_sent_again_on_demand_and_then_never_more(desk: Desk) -> None:
    desk.account.kills("POST", acts=False)
    with pytest.raises(Killed):
        desk.send(to=[A, B])
    assert statuses(desk.send(to=[A, B], resend_unknown=True)) == ["accepted"] * 2
    assert statuses(desk.send(to=[A, B], resend_unknown=True)) == ["skipped_already_sent"] * 2
    assert sorted(desk.account.people) == [A, B]


def test_a_second_try_that_is_refused_leaves_the_journal_as_wary(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.fails("POST", "015")
    assert statuses(desk.send(to=[A], resend_unknown=True)) == ["unknown"]
    assert statuses(desk.send(to=[A])) == ["unknown"]
    assert len(desk.account.sends) == 2


def test_a_second_try_that_was_halved_and_not_sent_leaves_the_journal_as_wary(desk: Desk) -> None:
    desk.account.loses("POST", acts=False)
    desk.account.fails("POST", "042")
    desk.account.fails("POST", "021")
    assert statuses(desk.send(to=[A, B], batch_size=2, resend_unknown=True)) == ["unknown"] * 2
    assert statuses(desk.send(to=[A, B])) == ["unknown"] * 2
    assert desk.account.batch_sizes == [2, 2, 1]


@pytest.mark.parametrize(
    "other",
    [{"text": "Hello again"}, {"sender_id": "OTHER"}, {"client_id": "other"}, {"api_url": "http://127.0.0.1:1/v2"}],
)
def test_the_journal_of_another_job_is_refused(desk: Desk, other: dict[str, t.Any]) -> None:
    desk.send(to=[A])
    result = desk.send(to=[A, B], **other)
    assert result["failed"]
    assert "belongs to another job" in result["msg"]
    assert desk.account.people == [A]


def test_the_journal_of_the_same_text_for_other_people_is_refused(desk: Desk) -> None:
    desk.send(to=[A, B])
    result = desk.send(to=[C, D])
    assert result["failed"]
    assert "belongs to another job" in result["msg"]
    assert desk.account.people == [A, B]


def test_who_is_added_to_the_list_is_texted_and_nobody_else(desk: Desk) -> None:
    desk.send(to=[A, B])
    assert statuses(desk.send(to=[C, A, D])) == ["accepted", "skipped_already_sent", "accepted"]
    assert desk.account.people == [A, B, C, D]


def test_each_line_may_have_a_text_of_its_own(desk: Desk) -> None:
    messages = [{"to": A, "text": "One"}, {"to": A, "text": "Two"}, {"to": B, "text": "One"}]
    assert statuses(desk.send(text=None, messages=messages[:2])) == ["accepted"] * 2
    assert statuses(desk.send(text=None, messages=messages)) == ["skipped_already_sent"] * 2 + ["accepted"]


def test_a_template_that_was_changed_is_another_job(desk: Desk) -> None:
    identity = desk.account.template("due", "Hello")
    assert statuses(desk.send(text=None, template="due", to=[A])) == ["accepted"]
    desk.account.rows["Template"][identity]["MessageTemplate"] = "Hello again"
    assert "belongs to another job" in desk.send(text=None, template="due", to=[A])["msg"]


def test_duplicates_and_opt_outs_stay_what_they_are(desk: Desk) -> None:
    desk.send(to=[A, B])
    result = desk.send(to=[A, A, B, "x"], opt_out=[B], on_invalid="skip")
    assert statuses(result) == ["skipped_already_sent", "skipped_duplicate", "skipped_opt_out", "skipped_invalid"]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_dry_run_makes_no_journal(desk: Desk, tmp_path: Path) -> None:
    result = desk.send(to=[A, B], check=True)
    assert (statuses(result), result["changed"]) == (["not_sent"] * 2, True)
    assert contents(tmp_path) == {}
    assert not desk.account.sends


def test_a_dry_run_tells_the_truth_and_changes_no_byte_of_the_journal(desk: Desk, tmp_path: Path) -> None:
    desk.account.works("POST")
    desk.account.kills("POST", acts=True)
    with pytest.raises(Killed):
        desk.send(to=[A, B, C])
    before = contents(tmp_path)
    check = desk.send(to=[A, B, C], check=True)
    assert contents(tmp_path) == before
    assert statuses(check) == ["skipped_already_sent"] * 2 + ["not_sent"]
    assert check["changed"]
    assert len(desk.account.sends) == 2
    result = desk.send(to=[A, B, C])
    assert (result["plan"], result["changed"]) == (check["plan"], check["changed"])
    assert ids(result)[:2] == ids(check)[:2]
    again = desk.send(to=[A, B, C], check=True)
    assert (again["changed"], again["plan"]["recipients"]) == (False, 0)


# --- books that cannot be written -------------------------------------------------------------------------------------


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


def test_a_report_that_cannot_be_written_stops_the_run(pipe: Pipe) -> None:
    desk = Desk(batch_size=1, fail_on="never", report_file=str(pipe.path))
    desk.account.works("POST")
    desk.account.happens("POST", pipe.breaks)
    result = desk.send(to=people(5))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 3
    assert (result["failed"], result["changed"]) == (True, True)
    assert f"report_file {pipe.path} cannot be written" in result["msg"]
    check_sum(result, 5)


def test_a_report_that_cannot_even_be_begun_texts_nobody(tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.symlink_to("/dev/full")
    desk = Desk(report_file=str(report))
    assert desk.send(to=[A, B])["failed"]
    assert not desk.account.sends


def test_a_report_that_cannot_be_written_while_the_log_is_read_fails_the_task(pipe: Pipe) -> None:
    desk = Desk(fail_on="never", report_file=str(pipe.path))
    desk.account.loses("POST", acts=True)
    desk.account.happens("sms", pipe.breaks)
    result = desk.send(to=[A, B])
    assert statuses(result) == ["accepted"] * 2
    assert result["failed"]
    assert f"report_file {pipe.path} cannot be written" in result["msg"]
    assert "The sent log could not be read" not in result["msg"]


def test_a_report_that_cannot_be_ended_fails_the_task(pipe: Pipe) -> None:
    """What was not sent is written last."""
    desk = Desk(fail_on="never", report_file=str(pipe.path))
    desk.account.refuses("POST", first=pipe.breaks)
    result = desk.send(to=[A, B])
    assert result["failed"]
    assert f"report_file {pipe.path} cannot be written" in result["msg"]


def test_a_journal_that_is_removed_stops_the_run(desk: Desk, journal: Path) -> None:
    desk.account.works("POST")
    desk.account.happens("POST", journal.unlink)
    result = desk.send(to=people(5), fail_on="never")
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 3
    assert (result["failed"], result["changed"]) == (True, True)
    assert "was removed" in result["msg"]
    check_sum(result, 5)


def test_whoever_has_lost_the_journal_is_not_told_to_run_it_again_with_the_same(desk: Desk, journal: Path) -> None:
    """With a new one, everybody would be texted again."""
    desk.account.happens("POST", journal.unlink)
    desk.account.loses("POST", acts=False)
    result = desk.send(to=people(5), batch_size=2)
    assert "Run it again" not in result["msg"]
    assert "look at the sent messages in the Onfon portal" in result["msg"]


def test_a_journal_that_is_removed_while_the_log_is_read_fails_the_task(desk: Desk, journal: Path) -> None:
    desk.account.loses("POST", acts=True)
    desk.account.happens("sms", journal.unlink)
    result = desk.send(to=[A], fail_on="never")
    assert statuses(result) == ["accepted"]
    assert result["failed"]
    assert "was removed" in result["msg"]


def test_a_journal_on_a_full_disk_stops_the_run_and_the_next_one_goes_on(desk: Desk, journal: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    desk.account.works("POST")
    desk.account.happens("POST", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard)))
    try:
        result = desk.send(to=people(5), fail_on="never")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert statuses(result) == ["accepted"] * 2 + ["not_sent"] * 3
    assert result["failed"]
    assert f"journal {journal} cannot be" in result["msg"]
    check_sum(result, 5)
    assert statuses(desk.send(to=people(5))) == ["skipped_already_sent"] * 2 + ["accepted"] * 3
    assert desk.account.people == people(5)


def test_a_broken_journal_leaves_the_report_whole(desk: Desk, journal: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    desk.account.happens("POST", journal.unlink)
    result = desk.send(to=people(5), report_file=str(report))
    assert read_report(report) == result["recipients"]


def test_a_broken_report_leaves_the_journal_whole(desk: Desk, pipe: Pipe) -> None:
    desk.account.happens("POST", pipe.breaks)
    assert statuses(desk.send(to=people(5), report_file=str(pipe.path))) == ["accepted"] + ["not_sent"] * 4
    assert statuses(desk.send(to=people(5))) == ["skipped_already_sent"] + ["accepted"] * 4
    assert desk.account.people == people(5)


def fails_with(error: Exception) -> t.Callable[..., t.NoReturn]:
    """A method that meets an error."""

    def fails(*_args: object) -> t.NoReturn:
        raise error

    return fails


@pytest.mark.parametrize("words", ["database or disk is full", "disk I/O error", "unable to open database file"])
@pytest.mark.parametrize(
    ("method", "told", "changed"),
    [("fill", "Nobody was texted.", False), ("record", "Requests that were made: 1. Look at the sent messages", True)],
)
def test_what_a_disk_does_to_the_store_is_told_so(
    monkeypatch: pytest.MonkeyPatch, words: str, method: str, told: str, changed: bool
) -> None:
    monkeypatch.setattr(MessageStore, method, fails_with(sqlite3.OperationalError(words)))
    result = Desk().send(to=[A])
    assert (result["failed"], result["changed"], result["error"]["class"]) == (True, changed, "option")
    assert "TMPDIR" in result["msg"]
    assert told in result["msg"]
    assert words not in result["msg"]


@pytest.mark.parametrize(
    ("method", "told", "changed"),
    [("fill", "Nobody was texted.", False), ("record", "Requests that were made: 1. Look at the sent messages", True)],
)
def test_a_mistake_in_a_statement_is_a_fault_of_the_collection(
    monkeypatch: pytest.MonkeyPatch, method: str, told: str, changed: bool
) -> None:
    monkeypatch.setattr(MessageStore, method, fails_with(sqlite3.OperationalError("no such column: lef")))
    result = Desk().send(to=[A])
    assert (result["failed"], result["changed"], result["error"]["class"]) == (True, changed, "protocol")
    assert result["msg"].startswith("The run ended with OperationalError")
    assert "which is a fault of the collection: please report it." in result["msg"]
    assert told in result["msg"]
    assert "TMPDIR" not in result["msg"]


def test_a_fault_of_the_collection_in_the_middle_still_tells_who_was_texted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "finish", fails_with(ZeroDivisionError("at last")))
    result = Desk().send(to=[A, B])
    assert (result["failed"], result["changed"], result["error"]["class"]) == (True, True, "protocol")
    assert result["msg"].startswith("The run ended with ZeroDivisionError")
    assert statuses(result) == ["accepted", "accepted"]
