# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run with a journal is killed (kill -9) at any moment and run again: every message is sent exactly once."""

from __future__ import annotations

import concurrent.futures
import contextlib
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import report_vs_gateway
from tests.support.ansible import Ansible, Played
from tests.support.processes import kill_tree, signal_tree
from tests.support.report_vs_gateway import BATCH, RECIPIENTS
from tests.support.sandbox_server import SandboxServer

CONCURRENCY = 4
# Requests a second of the runs that are killed: slow enough to be hit in the middle.
RATE = 50
SENDING_SECONDS = (RECIPIENTS / BATCH - 1) / RATE
# A message costs one shilling, so that the balance counts them.
BALANCE = 100_000
FLAGS = ("--balance", str(BALANCE), "--price", "1")
SECONDS = 30.0
INSTANTS, QUICK = 20, 2


class Job:
    """A job with a journal, a recipients file and a gateway. arrived: how many messages were accepted."""

    def __init__(self, folder: Path, sandbox: SandboxServer) -> None:
        self.recipients = report_vs_gateway.recipients()
        self.sandbox = sandbox
        self.folder = folder
        self.journal = folder / "journal.db"
        self._runs = 0
        report_vs_gateway.write_recipients(folder / "people.csv", self.recipients)

    @property
    def arrived(self) -> int:
        return BALANCE - round(float(self.sandbox.health()["credits"].removeprefix("KSh")))

    def run(self, *, shipped: bool = False, **options: Any) -> Run:
        """Begin a run, with a report of its own."""
        self._runs += 1
        return Run(self, f"{self._runs}", shipped, {"journal": str(self.journal), "settle_timeout": 3, **options})


class Run:
    """An ansible-playbook under way, whose workers are processes in sessions of their own."""

    def __init__(self, job: Job, name: str, shipped: bool, options: dict[str, Any]) -> None:
        self.report = job.folder / f"report-{name}.csv"
        self._job = job
        self._folder = job.folder / name
        self._folder.mkdir()
        ansible = Ansible(self._folder, job.sandbox.environment)
        task = report_vs_gateway.send_task(job.folder, self.report.name, concurrency=CONCURRENCY, **options)
        self._thread = concurrent.futures.ThreadPoolExecutor(1)
        self._played = self._thread.submit(ansible.tasks, task, shipped=shipped)

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for something that the run does."""
        end = time.monotonic() + SECONDS
        while not reached():
            assert not self._played.done(), self._played.result().output
            assert time.monotonic() < end
            time.sleep(0.005)

    def kill(self) -> None:
        """Kill it with all its processes; what its report says must be true."""
        kill_tree(str(self._folder / "play.yml"))
        assert self.end().returncode == -signal.SIGKILL
        if self.report.exists():
            report_vs_gateway.assert_report_is_true(
                self._job.recipients, report_vs_gateway.read_report(self.report), self._job.sandbox
            )

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold all its processes where they are."""
        signal_tree(str(self._folder / "play.yml"), signal.SIGSTOP)
        try:
            yield
        finally:
            signal_tree(str(self._folder / "play.yml"), signal.SIGCONT)

    def end(self) -> Played:
        """Wait for its end."""
        played = self._played.result()
        self._thread.shutdown()
        return played

    def finish(self) -> tuple[Played, dict[str, int]]:
        """Wait for its end, and compare person by person; how many have each status."""
        played = self.end()
        return played, report_vs_gateway.check_run(self._job.recipients, played, self.report, self._job.sandbox)


@pytest.fixture
def job(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Job]:
    """A job whose gateway has the flags that the test is marked with."""
    with SandboxServer(*FLAGS, *getattr(request, "param", ())) as sandbox:
        yield Job(tmp_path, sandbox)


def kill_at_random(job: Job, chance: random.Random, *, shipped: bool = False, **options: Any) -> None:
    """Begin a run, and kill it at an instant of the time in which it sends, or after so many messages."""
    run = job.run(shipped=shipped, rate_limit=RATE, **options)
    before = job.arrived
    if chance.random() < 0.5:
        run.until(job.journal.exists)
        time.sleep(chance.uniform(0, SENDING_SECONDS * (RECIPIENTS - before) / RECIPIENTS))
    else:
        messages = chance.randrange(before + 1, before + (RECIPIENTS - before) * 9 // 10)
        run.until(lambda: job.arrived >= messages)
    run.kill()


def assert_nobody_is_lost(job: Job, counts: dict[str, int]) -> None:
    """Assert that every message was sent, except for those that stay unknown."""
    assert len(report_vs_gateway.accepted_messages(job.sandbox)) + counts.get("unknown", 0) == RECIPIENTS
    assert set(counts) <= {"accepted", "skipped_already_sent", "unknown"}


def assert_nothing_is_left_to_do(job: Job) -> None:
    """Assert that one more run sends nothing."""
    before = job.sandbox.messages()
    played, _counts = job.run().finish()
    assert not played.last["changed"]
    assert played.last["summary"]["requests"] == 0
    assert job.sandbox.messages() == before


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed >= QUICK else []) for seed in range(INSTANTS)]
)
def test_a_run_resumes_after_kill_9(tmp_path: Path, seed: int) -> None:
    with SandboxServer(*FLAGS, "--dialect", ("docs", "live")[seed % 2]) as sandbox:
        job = Job(tmp_path, sandbox)
        kill_at_random(job, random.Random(seed), shipped=seed % 3 == 2)  # noqa: S311 - it is to be repeatable
        texted = len(report_vs_gateway.accepted_messages(sandbox))
        played, counts = job.run().finish()
        assert_nobody_is_lost(job, counts)
        assert counts.get("skipped_already_sent", 0) == texted
        assert counts.get("unknown", 0) <= CONCURRENCY * BATCH
        assert played.last["changed"]
        assert_nothing_is_left_to_do(job)


@pytest.mark.slow
def test_a_run_resumes_after_two_kills(job: Job) -> None:
    chance = random.Random(INSTANTS)  # noqa: S311 - it is to be repeatable
    kill_at_random(job, chance)
    kill_at_random(job, chance)
    _played, counts = job.run().finish()
    assert_nobody_is_lost(job, counts)
    assert counts.get("unknown", 0) <= 2 * CONCURRENCY * BATCH
    assert_nothing_is_left_to_do(job)


@pytest.mark.parametrize("job", [("--fault", "503-after@SendBulkSMS:5:1", "--late-queue", "4")], indirect=True)
def test_a_run_killed_while_settling_settles_in_the_next_run(job: Job) -> None:
    run = job.run(settle_timeout=20)
    run.until(lambda: job.arrived == RECIPIENTS)
    time.sleep(0.5)
    run.kill()
    assert len(report_vs_gateway.read_report(run.report)) < RECIPIENTS
    played, counts = job.run(settle_timeout=20).finish()
    assert counts == {"skipped_already_sent": RECIPIENTS}
    assert not played.last["changed"]
    assert played.last["summary"]["requests"] == 0


@pytest.mark.slow
def test_resend_unknown_after_a_kill_sends_only_what_was_never_sent(tmp_path: Path) -> None:
    database = tmp_path / "gateway.db"
    with SandboxServer(*FLAGS, "--fault", "503-before@SendBulkSMS:4:1", database=database) as sandbox:
        job = Job(tmp_path, sandbox)
        run = job.run(rate_limit=RATE)
        run.until(lambda: job.arrived > RECIPIENTS / 2)
        run.kill()
        assert sandbox.faults()[0]["hits"] > 0
        port = int(sandbox.base_url.rpartition(":")[2])
    # The same gateway, healthy again.
    with SandboxServer(*FLAGS, database=database, port=port) as job.sandbox:
        _played, counts = job.run().finish()
        assert_nobody_is_lost(job, counts)
        lost = counts["unknown"]
        # Killed again while it texts those.
        run = job.run(resend_unknown=True, rate_limit=RATE / 5)
        run.until(lambda: job.arrived > RECIPIENTS - lost)
        run.kill()
        played, counts = job.run(resend_unknown=True).finish()
        assert set(counts) == {"accepted", "skipped_already_sent"}
        assert 0 < counts["accepted"] < lost
        assert played.last["changed"]
        assert len(report_vs_gateway.accepted_messages(job.sandbox)) == RECIPIENTS
        assert_nothing_is_left_to_do(job)


def test_a_concurrent_run_with_the_same_journal_is_refused(job: Job) -> None:
    first = job.run(rate_limit=RATE)
    first.until(lambda: job.arrived > 0)
    with first.held():
        refused = job.run(dedupe_window="24h").end()
        assert refused.returncode == 2
        assert "is in use by another run: wait for its end" in refused.last["msg"]
        assert not refused.last["changed"]
        assert job.arrived < RECIPIENTS
    played, counts = first.finish()
    assert counts == {"accepted": RECIPIENTS}
    assert played.last["summary"]["requests"] == RECIPIENTS / BATCH
