# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_sms in real plays, compared with the messages that the sandbox gateway took."""

from __future__ import annotations

import datetime
import json
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support import report_vs_gateway
from tests.support.ansible import Ansible, Task, returned, shipped
from tests.support.sandbox_server import SandboxServer

SMS, TEMPLATE = "onfon.sms.onfon_sms", "onfon.sms.onfon_template"
FIRST, SECOND, THIRD, ABROAD = "254700000001", "254700000002", "254700000003", "447911123456"
NAIROBI = datetime.timezone(datetime.timedelta(hours=3))
# For what ends before the gateway is asked to send, or does not depend on its answers.
in_one_dialect = pytest.mark.parametrize("sandbox", ["live"], indirect=True)


def phones(sandbox: SandboxServer) -> list[str]:
    """The numbers of the messages that the gateway accepted."""
    return [message["msisdn"] for message in sandbox.messages() if not message["code"]]


def texts(sandbox: SandboxServer) -> list[tuple[str, str]]:
    """The numbers and texts of the messages that the gateway accepted."""
    return [(message["msisdn"], message["text"]) for message in sandbox.messages() if not message["code"]]


def scheduled(message: dict[str, Any]) -> datetime.datetime:
    """When a message is due."""
    return datetime.datetime.fromisoformat(message["scheduled"])


def failed(result: dict[str, Any]) -> bool:
    """Whether the task failed; not every version of ansible-core records that."""
    return "error" in result


def statuses(result: dict[str, Any]) -> list[str]:
    return [row["status"] for row in result["recipients"]]


def test_each_number_is_sent_one_message_and_reported(ansible: Ansible, sandbox: SandboxServer) -> None:
    sent = ansible.tasks({SMS: {"to": ["0700 000 001", f"+{SECOND}", int(FIRST)], "text": "Disk full"}}).last
    assert sent["changed"]
    assert [row["status"] for row in sent["recipients"]] == ["accepted", "accepted", "skipped_duplicate"]
    assert [row["msisdn"] for row in sent["recipients"]] == [FIRST, SECOND, FIRST]
    assert phones(sandbox) == [FIRST, SECOND]
    ids = [message["message_id"] for message in sandbox.messages()]
    assert [row["message_id"] for row in sent["recipients"]] == [*ids, None]
    assert [row["line"] for row in sent["recipients"]] == [1, 2, 3]
    assert sent["summary"].pop("seconds") > 0
    assert sent["summary"] == {
        "requested": 3,
        "segments": 2,
        "requests": 1,
        "accepted": 2,
        "rejected": 0,
        "unknown": 0,
        "not_sent": 0,
        "skipped_duplicate": 1,
        "skipped_invalid": 0,
        "skipped_opt_out": 0,
        "skipped_already_sent": 0,
    }


def test_check_mode_reports_the_recipients_and_sends_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    task = {SMS: {"to": [FIRST, FIRST], "text": "Disk full"}}
    planned, planned_shipped = ansible.tasks(task, shipped(task), args=["--check"]).results
    assert planned["changed"]
    assert statuses(planned) == statuses(planned_shipped) == ["not_sent", "skipped_duplicate"]
    assert sandbox.messages() == []
    sent = ansible.tasks(task).last
    assert [row["msisdn"] for row in sent["recipients"]] == [row["msisdn"] for row in planned["recipients"]]
    assert planned["summary"]["not_sent"] == sent["summary"]["accepted"] == len(sandbox.messages())
    assert planned["summary"]["segments"] == sent["summary"]["segments"] == sandbox.messages()[0]["segments"]


def test_shipped_and_in_process_return_the_same(ansible: Ansible, sandbox: SandboxServer) -> None:
    tasks: list[Task] = [
        {SMS: {"to": [FIRST, SECOND], "text": "Disk \u201cfull\u201d 😀"}},
        {SMS: {"to": [FIRST, ABROAD], "text": "x"}, "ignore_errors": True},
        {SMS: {"to": [FIRST], "text": "x", "sender_id": "STRANGER"}, "ignore_errors": True},
        {SMS: {"to": [FIRST], "text": "x"}, "check_mode": True},
        {SMS: {"messages": [{"to": FIRST, "text": "a"}, {"to": SECOND, "text": "b"}], "opt_out": [SECOND]}},
        {SMS: {"to": [FIRST], "text": "d", "max_recipients": 0}, "ignore_errors": True},
        {SMS: {"to": [FIRST], "text": "d", "min_balance_after": 1, "price_per_segment": 0.8}},
        {SMS: {"to": ["0700 000 001", f"+{SECOND}", int(FIRST)], "text": "duplicate"}},
        {SMS: {"to": [FIRST, FIRST], "text": "duplicate"}, "check_mode": True},
        {SMS: {"to": [FIRST, f"+{ABROAD}"], "text": "x", "fail_on": "never"}},
        {"onfon.sms.onfon_balance_info": {}},
    ]
    in_process = ansible.tasks(*tasks)
    sandbox.reset()
    there = ansible.tasks(*tasks, shipped=True)
    assert [returned(result) for result in there.results] == [returned(result) for result in in_process.results]
    assert len(in_process.results) == len(tasks)
    assert in_process.results[-2]["warnings"][0].startswith("1 of 2 recipients was not accepted.")


def test_a_rejected_number_fails_the_task_and_the_others_are_sent(ansible: Ansible, sandbox: SandboxServer) -> None:
    played = ansible.tasks({SMS: {"to": [f"+{ABROAD}", FIRST], "text": "Disk full"}})
    refused, accepted = played.last["recipients"]
    assert played.returncode == 2
    assert played.last["changed"]
    assert (refused["status"], accepted["status"]) == ("rejected", "accepted")
    assert refused["error_code"] in ("412", "805")
    assert f"1 of 2 recipients was not accepted. {ABROAD} rejected: Onfon error" in played.last["msg"]
    assert phones(sandbox) == [FIRST]


def test_an_unapproved_sender_id_sends_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    failed = ansible.tasks({SMS: {"to": [FIRST], "text": "Disk full", "sender_id": "STRANGER"}}).last
    assert not failed["changed"]
    assert [row["status"] for row in failed["recipients"]] == ["rejected"]
    assert failed["error"]["code"] in ("015", "401")
    assert "portal lists as approved" in failed["msg"]
    assert phones(sandbox) == []


def test_encoding_and_segments_match_what_the_gateway_charges(ansible: Ansible, sandbox: SandboxServer) -> None:
    cases = [
        ("a" * 160, False, 1),
        ("a" * 159 + "€", False, 2),
        ("ж" * 70, True, 1),
        ("ж" * 71, True, 2),
        ("😀" * 35, True, 1),
    ]
    sends: list[Task] = [{SMS: {"to": [FIRST], "text": text}} for text, _unicode, _segments in cases]
    *sent, balance = ansible.tasks(*sends, {"onfon.sms.onfon_balance_info": {}}).results
    told = [(message["text"], message["unicode"], message["segments"]) for message in sandbox.messages()]
    assert told == cases
    assert [result["summary"]["segments"] for result in sent] == [segments for _text, _unicode, segments in cases]
    assert balance["credits"] == pytest.approx(5000 - 0.8 * 7)
    assert balance["balances"][0]["currency"] == "KSh"


def test_insufficient_credits_send_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    long = "a" * 153 * 400
    results = ansible.tasks(
        {SMS: {"to": [f"2547000000{n:02}" for n in range(15)], "text": long}, "ignore_errors": True},
        {SMS: {"to": [f"2547000000{n:02}" for n in range(15)], "text": long}, "ignore_errors": True},
    ).results
    assert [result["changed"] for result in results] == [True, False]
    assert results[1]["error"]["class"] == "funds"
    assert results[1]["msg"] == (
        "Onfon error 021: insufficient wallet credits. 15 of 15 recipients were not accepted. Nothing was sent."
        " Top up the account in the Onfon portal."
    )
    assert {row["status"] for row in results[1]["recipients"]} == {"rejected"}


# --- who is texted, and what ------------------------------------------------------------------------------------------


def test_each_row_may_have_its_own_text(ansible: Ansible, sandbox: SandboxServer) -> None:
    folder = ansible.folder
    folder.joinpath("people.csv").write_text(f'to,Name\n0700 000 001,"Doe, ""J"" é"\n+{SECOND},Ж\n', "utf-8-sig")
    folder.joinpath("people.jsonl").write_text(
        json.dumps({"to": int(FIRST), "Balance": 5}) + "\n\n" + json.dumps({"to": f"+{SECOND}", "Balance": "7"}) + "\n"
    )
    folder.joinpath("texts.csv").write_text(f"text,to\nFrom a column,{FIRST}\n")
    results = ansible.tasks(
        {
            SMS: {
                "messages": [{"to": FIRST, "text": "one"}, {"to": FIRST, "text": "two"}, {"to": SECOND, "text": "one"}]
            }
        },
        {
            SMS: {
                "messages": [{"to": FIRST, "fields": {"Name": "A"}}, {"to": SECOND}],
                "text": "Hi ##Name##",
                "fields": {"Name": "all"},
            }
        },
        {SMS: {"recipients_file": str(folder / "people.csv"), "text": "Dear ##Name##"}},
        {SMS: {"recipients_file": str(folder / "people.jsonl"), "text": "You have ##Balance##"}},
        {SMS: {"recipients_file": str(folder / "texts.csv")}},
    ).results
    # Requests of one task overtake each other.
    assert sorted(texts(sandbox)) == sorted(
        [
            *((FIRST, "one"), (FIRST, "two"), (SECOND, "one")),
            *((FIRST, "Hi A"), (SECOND, "Hi all")),
            *((FIRST, 'Dear Doe, "J" é'), (SECOND, "Dear Ж")),
            *((FIRST, "You have 5"), (SECOND, "You have 7")),
            (FIRST, "From a column"),
        ]
    )
    assert [[row["line"] for row in result["recipients"]] for result in results] == [
        [1, 2, 3],
        [1, 2],
        [2, 3],
        [1, 3],
        [2],
    ]
    # A request contains no number twice and has one encoding.
    assert [result["summary"]["requests"] for result in results] == [2, 1, 2, 1, 1]


def test_a_template_is_filled_and_an_unapproved_one_warns(ansible: Ansible, sandbox: SandboxServer) -> None:
    send = {SMS: {"messages": [{"to": FIRST, "fields": {"Name": "Achieng"}}], "template": "Greeting"}}
    unapproved = ansible.tasks({TEMPLATE: {"name": "Greeting", "text": "Jambo ##Name##"}}, send).last
    assert unapproved["warnings"] == ['The template "Greeting" is not approved (yet): Onfon may refuse its messages.']
    sandbox.approve_template(1)
    short = {SMS: {"to": [SECOND], "template": "Greeting"}, "ignore_errors": True}
    missing, approved = ansible.tasks(short, send).results
    assert "warnings" not in approved
    assert missing["msg"].startswith("Entry 1: the field Name is missing:")
    assert texts(sandbox) == [(FIRST, "Jambo Achieng")] * 2


@in_one_dialect
def test_all_invalid_rows_of_a_file_are_reported_and_nothing_is_sent(ansible: Ansible, sandbox: SandboxServer) -> None:
    path = ansible.folder / "people.csv"
    path.write_text(f"to,Name\n{FIRST},A\n12,B\n{SECOND}\n,C\n{THIRD},\n")
    failed = ansible.tasks({SMS: {"recipients_file": str(path), "text": "Hi ##Name##"}}).last
    assert [error["line"] for error in failed["errors"]] == [3, 4, 5, 6]
    assert all(f"Line {line}: " in failed["msg"] for line in (3, 4, 5, 6))
    assert failed["summary"]["requested"] == len(failed["recipients"]) == 5
    assert not failed["changed"]
    assert sandbox.messages() == []


@in_one_dialect
def test_opted_out_and_invalid_numbers_are_skipped(ansible: Ansible, sandbox: SandboxServer) -> None:
    out = ansible.folder / "out.txt"
    out.write_text(f"# said no\n+{SECOND}\n")
    to = [FIRST, SECOND, THIRD, "12"]
    sent = ansible.tasks(
        {SMS: {"to": to, "text": "x", "opt_out": ["0700 000 003"], "opt_out_file": str(out), "on_invalid": "skip"}},
    ).last
    assert statuses(sent) == ["accepted", "skipped_opt_out", "skipped_opt_out", "skipped_invalid"]
    assert sent["plan"]["recipients"] == sent["summary"]["accepted"] == 1
    assert sent["plan"]["skipped_opt_out"] == 2
    assert phones(sandbox) == [FIRST]


# --- how it is encoded, and when it arrives ---------------------------------------------------------------------------


def test_encoding_flash_and_schedule_reach_the_gateway(ansible: Ansible, sandbox: SandboxServer) -> None:
    day = datetime.datetime.now(NAIROBI).date() + datetime.timedelta(days=2)
    quoted = "\u201cFull\u201d \u2013 " + "a" * 70
    results = ansible.tasks(
        {SMS: {"to": [FIRST], "text": "plain"}},
        {SMS: {"to": [FIRST], "text": "always", "unicode": "always"}},
        {SMS: {"to": [FIRST], "text": "flash", "flash": True}},
        {SMS: {"to": [FIRST], "text": quoted, "transliterate": True}},
        {SMS: {"to": [FIRST], "text": "local", "schedule_at": f"{day} 08:00"}},
        {SMS: {"to": [FIRST], "text": "offset", "schedule_at": f"{day}T05:00:00Z"}},
        {SMS: {"to": [FIRST], "text": "zone", "schedule_at": f"{day}T05:00", "timezone": "UTC"}},
        {SMS: {"to": [FIRST], "text": "never \u201c", "unicode": "never"}},
    ).results
    sent = {message["text"]: message for message in sandbox.messages()}
    assert list(sent) == ["plain", "always", "flash", '"Full" - ' + "a" * 70, "local", "offset", "zone"]
    assert [message["unicode"] for message in sent.values()] == [False, True, *[False] * 5]
    assert [text for text, message in sent.items() if message["flash"]] == ["flash"]
    due = datetime.datetime(day.year, day.month, day.day, 8, tzinfo=NAIROBI)
    assert sent["plain"]["scheduled"] is None
    assert [scheduled(sent[text]) for text in ("local", "offset", "zone")] == [due] * 3
    assert [result["plan"]["scheduled_for"] for result in results[4:7]] == [due.isoformat()] * 3
    assert results[1]["plan"]["encoding"] == {"gsm7": 0, "ucs2": 1}
    assert results[3]["summary"]["segments"] == 1
    assert "LEFT DOUBLE QUOTATION MARK" in results[-1]["msg"]


@in_one_dialect
def test_quiet_hours_send_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    now = datetime.datetime.now(NAIROBI)
    start, end = (f"{now + datetime.timedelta(hours=hours):%H:%M}" for hours in (-2, 2))
    fail, skip, schedule = ansible.tasks(
        *(
            {
                SMS: {"to": [FIRST], "text": action, "quiet_hours": {"start": start, "end": end, "action": action}},
                "ignore_errors": True,
            }
            for action in ("fail", "skip", "schedule")
        )
    ).results
    assert f"{start} to {end} are quiet hours" in fail["msg"]
    assert (failed(fail), statuses(fail)) == (True, ["not_sent"])
    assert (failed(skip), skip["changed"], statuses(skip)) == (False, False, ["not_sent"])
    (message,) = sandbox.messages()
    assert message["text"] == "schedule"
    assert f"{scheduled(message):%H:%M}" == end
    assert scheduled(message).isoformat() == schedule["plan"]["scheduled_for"]


# --- what it may spend ------------------------------------------------------------------------------------------------


@in_one_dialect
def test_an_exceeded_limit_sends_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    message = {"to": [FIRST, SECOND], "text": "a" * 161}
    limits: list[dict[str, Any]] = [
        {"max_recipients": 1},
        {"max_segments": 1},
        {"max_total_segments": 3},
        {"min_balance_after": 4997, "price_per_segment": 0.8},
    ] * 2
    results = ansible.tasks(
        *(
            {SMS: {**message, **limit}, "ignore_errors": True, "check_mode": place >= len(limits) / 2}
            for place, limit in enumerate(limits)
        )
    ).results
    assert [failed(result) for result in results] == [True] * len(limits)
    assert all(next(iter(limit)) in result["msg"] for limit, result in zip(limits, results, strict=True))
    assert [result["plan"]["segments"] for result in results] == [4] * len(limits)
    assert results[3]["plan"]["balance_after"] == results[7]["plan"]["balance_after"] == pytest.approx(5000 - 4 * 0.8)
    assert [statuses(result) for result in results] == [["not_sent"] * 2] * len(limits)
    assert sandbox.messages() == []


def test_check_mode_returns_the_plan_of_the_real_run(ansible: Ansible, sandbox: SandboxServer) -> None:
    options = {
        "messages": [
            {"to": FIRST, "text": "a"},
            {"to": FIRST, "text": "a"},
            {"to": SECOND, "text": "Ж"},
            {"to": "12", "text": "b"},
            {"to": THIRD, "text": "c" * 161},
        ],
        "on_invalid": "skip",
        "opt_out": [THIRD],
        "price_per_segment": 0.8,
        "min_balance_after": 10,
        "dedupe_window": "1h",
        "journal": str(ansible.folder / "journal.db"),
        "report_file": str(ansible.folder / "report.csv"),
        "max_recipients": 2,
    }
    check, real, again = ansible.tasks(
        {SMS: options, "check_mode": True},
        {SMS: options},
        {SMS: options, "check_mode": True},
    ).results
    assert check["plan"] == real["plan"]
    assert check["plan"]["recipients"] == len(sandbox.messages()) == 2
    assert check["plan"]["requests"] == real["summary"]["requests"] == 2
    assert check["plan"]["cost"] == pytest.approx(5000 - real["plan"]["balance_after"]) == pytest.approx(1.6)
    assert [result["changed"] for result in (check, real, again)] == [True, True, False]
    assert again["plan"]["skipped_already_sent"] == 2


@in_one_dialect
def test_check_mode_leaves_no_files(ansible: Ansible, sandbox: SandboxServer) -> None:
    journal, report = ansible.folder / "journal.db", ansible.folder / "report.csv"
    options = {"to": [FIRST], "text": "x", "journal": str(journal), "report_file": str(report)}
    assert ansible.tasks({SMS: options}, args=["--check"]).last["changed"]
    assert not journal.exists()
    assert not report.exists()
    assert sandbox.messages() == []


# --- once only --------------------------------------------------------------------------------------------------------


def test_a_second_run_with_a_journal_or_a_dedupe_window_sends_nothing(ansible: Ansible, sandbox: SandboxServer) -> None:
    to = [FIRST, SECOND]
    tasks = []
    for where, convert in (("in process", dict), ("shipped", shipped)):
        journal = convert({SMS: {"to": to, "text": f"one {where}", "journal": str(ansible.folder / f"{where}.db")}})
        window = convert({SMS: {"to": to, "text": f"two {where}", "dedupe_window": "24h"}})
        tasks += [journal, window, journal, window]
    results = ansible.tasks(*tasks).results
    assert [result["changed"] for result in results] == [True, True, False, False] * 2
    for first, second in ((results[:2], results[2:4]), (results[4:6], results[6:])):
        assert [statuses(result) for result in second] == [["skipped_already_sent"] * 2] * 2
        ids = [[[row["message_id"] for row in result["recipients"]] for result in run] for run in (first, second)]
        assert ids[0] == ids[1]
    expected = [f"{text} {where}" for where in ("in process", "shipped") for text in ("one", "two")]
    assert texts(sandbox) == [(number, text) for text in expected for number in to]


@in_one_dialect
def test_the_journal_of_another_job_is_refused(ansible: Ansible, sandbox: SandboxServer) -> None:
    journal = str(ansible.folder / "journal.db")
    results = ansible.tasks(
        {SMS: {"to": [FIRST], "text": "one", "journal": journal}},
        {SMS: {"to": [FIRST], "text": "two", "journal": journal}, "ignore_errors": True},
        {SMS: {"to": [SECOND], "text": "one", "journal": journal}, "ignore_errors": True},
        {SMS: {"to": [FIRST, SECOND], "text": "one", "journal": journal}},
    ).results
    assert ["another job" in result.get("msg", "") for result in results] == [False, True, True, False]
    assert texts(sandbox) == [(FIRST, "one"), (SECOND, "one")]


# --- what it tells ----------------------------------------------------------------------------------------------------


def test_the_report_file_is_complete_and_the_result_is_limited(ansible: Ansible, sandbox: SandboxServer) -> None:
    names = ("report.csv", "report.jsonl", "shipped.csv", "shipped.jsonl")
    reports = [ansible.folder / name for name in names]
    options = {"to": [FIRST, f"+{ABROAD}", FIRST, SECOND], "result_limit": 2, "fail_on": "never"}
    tasks = [{SMS: {**options, "text": report.name, "report_file": str(report)}} for report in reports]
    results = ansible.tasks(*tasks[:2], *map(shipped, tasks[2:])).results
    for report, sent in zip(reports, results, strict=True):
        rows = report_vs_gateway.read_report(report)
        assert [rows[line]["status"] for line in range(1, 5)] == [
            *("accepted", "rejected", "skipped_duplicate", "accepted")
        ]
        assert [row["line"] for row in sent["recipients"]] == [1, 2]
        assert sent["summary"]["requested"] == len(rows) == 4
        taken = [row for row in sandbox.messages() if row["text"] == report.name and not row["code"]]
        assert [rows[line]["message_id"] for line in (1, 4)] == [row["message_id"] for row in taken]
        assert rows[2]["error_code"] == sent["recipients"][1]["error_code"] != ""
        assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_fail_on_decides_whether_a_rejection_fails_the_task(ansible: Ansible) -> None:
    refused, mixed = [f"+{ABROAD}"], [FIRST, f"+{ABROAD}"]
    tasks = [
        {SMS: {"to": to, "text": "x", "fail_on": fail_on}, "ignore_errors": True}
        for fail_on in ("any", "all", "never")
        for to in (refused, mixed)
    ]
    results = ansible.tasks(*tasks).results
    assert [failed(result) for result in results] == [True, True, True, False, False, False]
    assert [result["changed"] for result in results] == [False, True] * 3
    assert all("not accepted" in result["warnings"][0] for result in results[3:])


def test_progress_is_shown_in_process_unless_turned_off(tmp_path: Path) -> None:
    runs: dict[str, tuple[dict[str, Any], bool]] = {
        "watched": ({}, False),
        "quiet": ({"progress": False}, False),
        "shipped": ({}, True),
    }
    with SandboxServer() as sandbox, ThreadPoolExecutor(len(runs)) as pool:
        played = {}
        for name, (options, is_shipped) in runs.items():
            tmp_path.joinpath(name).mkdir()
            to = [f"2547000000{last:02}" for last in range(29)]
            task = {SMS: {"to": to, "text": name, "batch_size": 1, "rate_limit": 5, **options}}
            ansible = Ansible(tmp_path / name, sandbox.environment)
            played[name] = pool.submit(ansible.tasks, task, shipped=is_shipped)
        outputs = {name: run.result().output for name, run in played.items()}
        results = {name: run.result().last for name, run in played.items()}
    assert re.search(r"onfon_sms: \d+ of 29 done, \d a second, \d+ s left, 0 unknown so far", outputs["watched"])
    assert ["unknown so far" in outputs[name] for name in runs] == [True, False, False]
    assert [result["summary"]["accepted"] for result in results.values()] == [29] * 3
    assert all(result["summary"]["seconds"] > 5 for result in results.values())
    assert returned(results["shipped"])["recipients"] == returned(results["watched"])["recipients"]
