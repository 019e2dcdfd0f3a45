# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the report file of a run, recipient by recipient, with the messages that the gateway really took."""

from __future__ import annotations

import collections
import csv
import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.ansible import Played, Task
from tests.support.sandbox_server import SandboxServer

SMS = "onfon.sms.onfon_sms"
RECIPIENTS, BATCH = 2000, 20
TEXT = "Dear ##Name##, your balance is ##Balance##."
STATUSES = (
    *("accepted", "rejected", "unknown", "not_sent"),
    *("skipped_duplicate", "skipped_invalid", "skipped_opt_out", "skipped_already_sent"),
)
ARRIVED = {"accepted", "skipped_already_sent"}


@dataclasses.dataclass(frozen=True)
class Recipient:
    """One row of the recipients file; no two have the same number and text."""

    line: int
    msisdn: str
    name: str
    balance: int

    @property
    def key(self) -> tuple[str, str]:
        """The number and the text, as in the gateway's table."""
        return self.msisdn, f"Dear {self.name}, your balance is {self.balance}."

    @property
    def batch(self) -> int:
        """The index of the batch that this recipient is in."""
        return (self.line - 2) // BATCH


def recipients(count: int = RECIPIENTS) -> list[Recipient]:
    """Recipients with different messages. There are fewer test numbers, so each number gets several."""
    return [
        Recipient(place + 2, f"254700{place % 1000:06}", f'Chebet "{place}", \u00e9lite', place * 7)
        for place in range(count)
    ]


def write_recipients(path: Path, recipients: Iterable[Recipient]) -> None:
    """Write the recipients file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["to", "Name", "Balance"])
        rows.writerows([f"+{recipient.msisdn}", recipient.name, recipient.balance] for recipient in recipients)


def send_task(folder: Path, report: str = "report.csv", **options: Any) -> Task:
    """The task that sends to the recipients file of a folder."""
    return {
        SMS: {
            "recipients_file": str(folder / "people.csv"),
            "text": TEXT,
            "report_file": str(folder / report),
            "progress": False,
            **options,
        }
    }


# --- the report file and the table of the gateway ---------------------------------------------------------------------


def read_report(path: Path) -> dict[int, dict[str, Any]]:
    """The rows of a report file, CSV or JSON lines, by line. Each line is in it once."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file)) if path.suffix == ".csv" else [json.loads(line) for line in file]
    by_line = {int(row["line"]): row for row in rows}
    assert len(by_line) == len(rows), f"{path.name} has lines twice"
    return by_line


def accepted_messages(sandbox: SandboxServer) -> dict[tuple[str, str], list[str]]:
    """The ids of the messages that the gateway accepted, by number and text."""
    found = collections.defaultdict(list)
    for message in sandbox.messages():
        if not message["code"]:
            found[message["msisdn"], message["text"]].append(message["message_id"])
    return dict(found)


def assert_report_is_true(
    recipients: Sequence[Recipient], report: Mapping[int, Mapping[str, Any]], sandbox: SandboxServer
) -> None:
    """Assert that nothing was sent twice and that each row of the report is true. Rows may be missing."""
    table = accepted_messages(sandbox)
    assert set(table) <= {recipient.key for recipient in recipients}
    assert set(report) <= {recipient.line for recipient in recipients}
    wrong = [
        (recipient.line, row and row["status"], row and row["message_id"], ids)
        for recipient in recipients
        if not is_true(row := report.get(recipient.line), ids := table.get(recipient.key, []))
    ]
    assert not wrong, f"{len(wrong)} are wrong: {wrong[:5]}"


def is_true(row: Mapping[str, Any] | None, ids: Sequence[str]) -> bool:
    """Whether a row of the report agrees with the ids in the gateway's table."""
    if row is None or row["status"] == "unknown":
        return len(ids) <= 1
    return list(ids) == ([row["message_id"]] if row["status"] in ARRIVED else [])


def statuses(report: Mapping[int, Mapping[str, Any]]) -> dict[str, int]:
    """The number of rows with each status."""
    return dict(collections.Counter(row["status"] for row in report.values()))


def check_run(recipients: Sequence[Recipient], played: Played, report: Path, sandbox: SandboxServer) -> dict[str, int]:
    """Assert that the report of a finished run is complete, true and equal to its result; return the status counts."""
    rows = read_report(report)
    assert_report_is_true(recipients, rows, sandbox)
    assert len(rows) == len(recipients)
    counts = statuses(rows)
    result = played.last
    told = {status: result["summary"][status] for status in STATUSES}
    assert {status: count for status, count in told.items() if count} == counts
    assert result["summary"]["requested"] == len(recipients) == sum(told.values())
    listed = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in result["recipients"]]
    assert listed == [rows[recipient.line] for recipient in recipients[: len(listed)]]
    good = not {"rejected", "unknown", "not_sent"} & set(counts)
    assert played.returncode == (0 if good else 2), played.output
    return counts
