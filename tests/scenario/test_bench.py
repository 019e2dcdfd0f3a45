# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark: it runs, reports failures as such, and does no harm to a foreign account."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.account import PREFIX, Account, group
from benchmarks.bench import RESULTS, perform
from benchmarks.cases import Effect, Work, cases
from benchmarks.cost import Cost
from benchmarks.gateway import COUNTING, Requests, Started
from benchmarks.results import Result, missed, page
from benchmarks.runs import ROOT, Median, RunFailedError
from tests.support.sandbox_server import SandboxServer


def bench(only: str, **gateway: str) -> subprocess.CompletedProcess[str]:
    """One round of a hundredth of some cases, on a gateway that is given or on none."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ONFON_")}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.bench", "--rounds", "1", "--scale", "0.01", "--only", only],
        cwd=ROOT,
        env={**own, **gateway},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(output: str) -> list[list[str]]:
    """The cells of all tables."""
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in output.splitlines() if line.startswith("|")]


def test_a_small_benchmark_run() -> None:
    before = RESULTS.read_bytes() if RESULTS.exists() else None
    done = bench("OF A FILE")
    assert done.returncode == 0, done.stderr
    case = "1,000 recipients of a file accepted"
    found = rows(done.stdout)
    assert [row[1] for row in found if row[0] == case and len(row) == 5] == ["onfon_sms", "a plain threaded script"]
    assert sum(row[0] == case and len(row) == 4 for row in found) == 3
    assert [row[2] for row in found if row[0].startswith("the gateway, ")] == ["at most 3"] * 2
    assert f"{case}, round 1 of 1: onfon_sms" in done.stderr
    assert ["gateway", "the sandbox of this collection"] in found
    assert str(ROOT) not in done.stdout
    assert socket.gethostname() not in done.stdout
    assert (RESULTS.read_bytes() if RESULTS.exists() else None) == before


def test_a_foreign_account_is_left_unchanged_and_nothing_is_sent() -> None:
    with SandboxServer() as sandbox:
        for name in ("Customers", PREFIX.upper(), f"My {group(1)}"):
            sandbox.post("Group", GroupName=name)
        sandbox.post("Group", GroupName=group(500))  # what a run that was killed has left
        sandbox.post("Template", TemplateName="Welcome", MessageTemplate="Hello")
        done = bench("ted", **sandbox.environment)  # created, and accepted
        assert done.returncode == 0, done.stderr
        groups = {row["GroupName"] for row in sandbox.get("Group")["Data"]}
        assert groups == {"Customers", PREFIX.upper(), f"My {group(1)}"}
        assert [row["TemplateName"] for row in sandbox.get("Template")["Data"]] == ["Welcome"]
        assert sandbox.messages() == []
    created = "an account of 10 groups and 10 templates, created"
    measured = [row[1] for row in rows(done.stdout) if row[0] == created and len(row) == 5]
    assert measured == ["onfon_account", "a plain script, call after call", "an empty play"]
    told = [row[1] for row in rows(done.stdout) if "accepted" in row[0]]
    assert told == ["not run: it sends messages, and the gateway is not a sandbox of this run"] * 2
    assert done.stderr.startswith("on the gateway of ONFON_API_URL, at 127.0.0.1: ")
    assert ["gateway", "the one of ONFON_API_URL"] in rows(done.stdout)


def test_credentials_of_a_foreign_gateway_are_required_and_not_shown() -> None:
    done = bench("created", ONFON_API_URL="http://127.0.0.1:1/v1/sms", ONFON_API_KEY="s3cret")
    assert done.returncode == 1
    assert "set ONFON_CLIENT_ID, ONFON_ACCESS_KEY" in done.stderr
    done = bench(
        "created",
        ONFON_API_URL="http://127.0.0.1:1/v1/sms",
        ONFON_API_KEY="s3cret",
        ONFON_CLIENT_ID="acme",
        ONFON_ACCESS_KEY="s3cret",
    )
    assert done.returncode == 1
    assert "GET Group: no answer that can be read" in done.stderr
    assert "s3cret" not in done.stderr
    assert done.stdout == ""


# --- a run that does not do what it should is no figure ---------------------------------------------------------------


@pytest.fixture(scope="module")
def gateway() -> Iterator[Started]:
    with SandboxServer(*COUNTING) as sandbox:
        yield Started(sandbox)


def work(code: str, effect: Effect) -> Work:
    """A work that is some lines of Python, with the services at hand."""
    head = "import os; from benchmarks.plain import Onfon; onfon = Onfon(os.environ);"
    return Work("a work", lambda _folder: [sys.executable, "-c", head + code], "done", effect)


ADD = f"onfon.post('Group', GroupName='{group(0)}');"
TEXT = """
onfon.post("SendBulkSMS", SenderId="SANDBOX", MessageParameters=[{"Number": "254700000001", "Text": "Hello"}])
"""


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        (f"{ADD} print('done')", Effect(after=Account(1), requests=Requests(0, 1))),
        ("print('done')", Effect(Account(1, 1), Account(1, 1), requests=Requests(0, 0))),
        (f"print('done'); {TEXT}", Effect(texts=1)),
    ],
    ids=["creates", "keeps", "texts"],
)
def test_a_successful_run_is_measured(gateway: Started, tmp_path: Path, code: str, effect: Effect) -> None:
    run = perform(work(code, effect), gateway, tmp_path)
    assert run.seconds > 0
    assert run.work > 0
    assert run.memory > 1


@pytest.mark.parametrize(
    ("code", "effect", "words"),
    [
        ("print('done'); raise SystemExit(3)", Effect(), "exited with 3"),
        ("print('something else')", Effect(), "lacks 'done'"),
        ("print('done')", Effect(after=Account(1)), "does not hold the expected objects"),
        (f"{ADD} print('done')", Effect(), "does not hold the expected objects"),
        ("onfon.get('Group'); print('done')", Effect(requests=Requests(2, 0)), "made 1 reads and 0 writes"),
        ("print('done')", Effect(texts=1), "0 of 1 messages"),
        (f"print('done'); {TEXT}", Effect(texts=2), "1 of 2 messages"),
    ],
)
def test_a_failed_run_is_an_error(gateway: Started, tmp_path: Path, code: str, effect: Effect, words: str) -> None:
    with pytest.raises(RunFailedError, match=words):
        perform(work(code, effect), gateway, tmp_path)


# --- targets ----------------------------------------------------------------------------------------------------------


def taking(seconds: float) -> Median:
    return Median(seconds, seconds, seconds, work=seconds, memory=50)


@pytest.mark.parametrize(
    ("name", "seconds", "words", "reached"),
    [
        ("a loop", [2, 41], "20.5 times faster", "yes"),
        ("a loop", [2, 39], "19.5 times faster", "**no**"),
        ("50 tasks", [3, 18, 1], "8.50 times faster a task, start-up excluded", "yes"),
        ("50 tasks", [3, 16, 1], "7.50 times faster a task, start-up excluded", "**no**"),
        ("50 tasks", [1, 16, 1], "nan times faster a task, start-up excluded", "**no**"),
        ("templates, created", [6, 4, 1], "1.25 times the script's time, start-up excluded", "yes"),
        ("templates, created", [7, 4, 1], "1.50 times the script's time, start-up excluded", "**no**"),
        ("templates, nothing", [1.5, 3, 0.25, 1, 2], "0.50 seconds more than an empty play, in JSON", "yes"),
        (
            "templates, nothing",
            [2.5, 3, 0.25, 1, 2],
            "1.50 seconds more than an empty play, in JSON",
            "**no**",
        ),
        ("100 ms late", [2, 1, 25, 1], "12.5 times faster", "yes"),
        ("100 ms late", [2, 1, 23, 1], "11.5 times faster", "**no**"),
        (
            "100 ms late",
            [1.5, 1, 23, 1],
            "10.0 times faster is the most, with 1.3 s for replies and Ansible's start",
            "",
        ),
        ("grows", [2, 3, 22, 1], "10.5 times the time of 1,000 groups for 10,000, start-up excluded", "yes"),
        ("grows", [2, 13, 14, 1], "12.0 times the time of 100 groups for 1,000, start-up excluded", "**no**"),
    ],
)
def test_targets_are_evaluated(name: str, seconds: Sequence[float], words: str, reached: str) -> None:
    case = next(case for case in cases(1) if name in case.name)
    result = Result(case, [taking(one) for one in seconds])
    costs = [Cost("POST Group", gateway=2, client=1)]
    found = rows(page([result], {}, costs, {}, rounds=5))
    assert [row[3] for row in found if row[:2] == [case.name, words]] == [reached]
    assert (missed([result], costs) > 0) == (reached == "**no**")
