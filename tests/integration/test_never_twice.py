# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""2,000 recipients and a failing gateway: no message is sent twice or lost, and the report is true.

`make test` runs every other fault in one of the two dialects, and what is marked slow is the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from tests.support import report_vs_gateway
from tests.support.ansible import Ansible, Played
from tests.support.report_vs_gateway import BATCH, RECIPIENTS
from tests.support.sandbox_server import SandboxServer

EVERYBODY = {"accepted": RECIPIENTS}
# The delay of the gateway's queue in seconds, and the timeouts that allow for it.
LATE = "1"
PATIENCE = {"timeout": 1, "retries": 9, "settle_timeout": 2}


def dialects(*cases: str) -> list[ParameterSet]:
    """Each case in both dialects. Of every other case, one dialect is quick, in turns; the rest is slow."""
    return [
        pytest.param(case, dialect, marks=[pytest.mark.slow] if (place + turn) % 4 else [])
        for place, case in enumerate(cases)
        for turn, dialect in enumerate(("docs", "live"))
    ]


class Run:
    """A recipients file and a failing gateway."""

    def __init__(self, folder: Path, sandbox: SandboxServer) -> None:
        self.recipients = report_vs_gateway.recipients()
        self.sandbox = sandbox
        self._folder = folder
        self._ansible = Ansible(folder, sandbox.environment)
        report_vs_gateway.write_recipients(folder / "people.csv", self.recipients)

    @property
    def report(self) -> dict[int, dict[str, Any]]:
        return report_vs_gateway.read_report(self._folder / "report.csv")

    @property
    def hits(self) -> int:
        """How often the first fault has hit."""
        hits: int = self.sandbox.faults()[0]["hits"]
        return hits

    def send(self, **options: Any) -> Played:
        return self._ansible.tasks(report_vs_gateway.send_task(self._folder, **{**PATIENCE, **options}))

    def check(self, played: Played) -> dict[str, int]:
        """Compare person by person; how many have each status."""
        return report_vs_gateway.check_run(self.recipients, played, self._folder / "report.csv", self.sandbox)


@contextmanager
def faulty(folder: Path, dialect: str, *faults: str) -> Iterator[Run]:
    flags = [word for fault in faults for word in ("--fault", fault)]
    with SandboxServer("--dialect", dialect, "--late-queue", LATE, *flags) as sandbox:
        yield Run(folder, sandbox)


@pytest.mark.parametrize(
    ("fault", "dialect"),
    dialects(
        "reset-after@SendBulkSMS:10:1",
        "503-after@SendBulkSMS:10:2",
        "truncated@SendBulkSMS:10:3",
        "hang@SendBulkSMS:20:4",
        "missing-rows@SendBulkSMS:5:5",
    ),
)
def test_lost_replies_of_sent_messages_are_settled_from_the_sent_log(tmp_path: Path, fault: str, dialect: str) -> None:
    with faulty(tmp_path, dialect, fault) as run:
        played = run.send()
        assert run.check(played) == EVERYBODY
        assert played.last["changed"]
        assert played.last["summary"]["requests"] == RECIPIENTS / BATCH
        assert run.hits > 0


@pytest.mark.parametrize(
    ("fault", "dialect"),
    dialects(
        "refuse@SendBulkSMS:10:1",
        "reset-before@SendBulkSMS:10:2",
        "503-before@SendBulkSMS:10:3",
        "html-520@SendBulkSMS:10:4",
    ),
)
def test_lost_replies_of_unsent_messages_stay_unknown(tmp_path: Path, fault: str, dialect: str) -> None:
    with faulty(tmp_path, dialect, fault) as run:
        played = run.send(settle_timeout=1)
        counts = run.check(played)
        report, arrived = run.report, report_vs_gateway.accepted_messages(run.sandbox)
        lost = {person.batch for person in run.recipients if report[person.line]["status"] == "unknown"}
        assert len(lost) == run.hits > 0
        assert counts == {"accepted": RECIPIENTS - run.hits * BATCH, "unknown": run.hits * BATCH}
        assert played.last["changed"]
        assert f"{counts['unknown']} of 2,000 recipients were not accepted." in played.last["msg"]
        assert not [person for person in run.recipients if person.batch in lost and person.key in arrived]


@pytest.mark.parametrize(("fault", "dialect"), dialects("429@SendBulkSMS:20:1", "042@SendBulkSMS:20:2"))
def test_batches_refused_for_size_or_rate_are_sent_again(tmp_path: Path, fault: str, dialect: str) -> None:
    with faulty(tmp_path, dialect, fault) as run:
        played = run.send()
        assert run.check(played) == EVERYBODY
        assert run.hits > 0


@pytest.mark.parametrize("dialect", ["docs", pytest.param("live", marks=pytest.mark.slow)])
def test_batches_shrink_to_what_the_gateway_accepts(tmp_path: Path, dialect: str) -> None:
    with SandboxServer("--dialect", dialect, "--max-batch", "6") as sandbox:
        run = Run(tmp_path, sandbox)
        played = run.send()
        assert run.check(played) == EVERYBODY
        # Batches of 20 and 10 are refused. Those of 5 are taken, and so all later ones have 5.
        assert RECIPIENTS / 5 < played.last["summary"]["requests"] < RECIPIENTS / 5 + 20


# --- the sent log fails too -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "dialect"),
    [
        *dialects("503-before"),
        *(
            pytest.param(read, dialect, marks=pytest.mark.slow)
            for read in ("refuse", "reset-before", "reset-after", "503-after", "429", "html-520", "truncated", "hang")
            for dialect in ("docs", "live")
        ),
    ],
)
def test_settling_survives_intermittent_sent_log_errors(tmp_path: Path, read: str, dialect: str) -> None:
    # The first read is hit: how many there are depends on how fast the machine is.
    with faulty(tmp_path, dialect, "503-after@SendBulkSMS:10:1", f"{read}@GET/sms:4:14") as run:
        played = run.send(settle_timeout=20)
        assert run.check(played) == EVERYBODY
        assert all(fault["hits"] > 0 for fault in run.sandbox.faults())


@pytest.mark.parametrize("dialect", ["live", pytest.param("docs", marks=pytest.mark.slow)])
def test_all_faults_combined_in_one_run(tmp_path: Path, dialect: str) -> None:
    lost = [f"{name}@SendBulkSMS:40:{seed}" for seed, name in enumerate(("refuse", "reset-before", "503-before"), 2)]
    found = [f"{name}@SendBulkSMS:40:{seed}" for seed, name in enumerate(("reset-after", "503-after", "truncated"), 5)]
    again = ["429@SendBulkSMS:40:8", "042@SendBulkSMS:40:9", "missing-rows@SendBulkSMS:40:10"]
    with faulty(tmp_path, dialect, *lost, *found, *again, "html-520@GET/sms:4:11") as run:
        counts = run.check(run.send())
        hits = sum(fault["hits"] for fault in run.sandbox.faults()[: len(lost)])
        assert 0 < counts["unknown"] <= hits * BATCH
        assert counts["accepted"] + counts["unknown"] == RECIPIENTS


@pytest.mark.parametrize("dialect", ["docs", pytest.param("live", marks=pytest.mark.slow)])
def test_without_a_sent_log_lost_replies_stay_unknown_and_are_not_resent(tmp_path: Path, dialect: str) -> None:
    with faulty(tmp_path, dialect, "reset-after@SendBulkSMS:10:1", "html-520@GET/sms:1:1") as run:
        options = {"journal": str(tmp_path / "journal.db"), "settle_timeout": 1, "retries": 1}
        first = run.send(**options)
        lost = run.hits * BATCH
        assert run.check(first) == {"accepted": RECIPIENTS - lost, "unknown": lost}
        assert "The sent log could not be read" in first.last["msg"]
        again = run.send(**options)
        assert run.check(again) == {"skipped_already_sent": RECIPIENTS - lost, "unknown": lost}
        assert not again.last["changed"]
        assert again.last["summary"]["requests"] == 0


# --- sending once more ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["live", pytest.param("docs", marks=pytest.mark.slow)])
def test_resend_unknown_sends_only_what_was_never_sent(tmp_path: Path, dialect: str) -> None:
    with faulty(tmp_path, dialect, "503-before@SendBulkSMS:20:1", "503-after@SendBulkSMS:20:2") as run:
        counts = run.check(run.send(resend_unknown=True))
        hits = [fault["hits"] for fault in run.sandbox.faults()]
        assert all(hits)
        assert counts["accepted"] > RECIPIENTS - hits[0] * BATCH


@pytest.mark.parametrize("dialect", ["docs", pytest.param("live", marks=pytest.mark.slow)])
def test_with_a_dedupe_window_the_next_run_sends_only_what_was_never_sent(tmp_path: Path, dialect: str) -> None:
    with faulty(tmp_path, dialect, "html-520@SendBulkSMS:20:1") as run:
        options = {"settle_timeout": 1, "dedupe_window": "24h"}
        lost = run.check(run.send(**options)).get("unknown", 0)
        counts = run.check(run.send(**options))
        assert counts["skipped_already_sent"] == RECIPIENTS - lost
        assert counts.get("accepted", 0) + counts.get("unknown", 0) == lost > 0
