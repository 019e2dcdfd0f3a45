# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a run was asked to text, what it reports, and what the gateway's own table says: compared person by person."""

from __future__ import annotations

import collections
import csv
import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.ansible import Played, Task
from tests.support.sandbox import Sandbox

SMS = "onfon.sms.onfon_sms"
PEOPLE, BATCH = 2000, 20
TEXT = "Dear ##Name##, your balance is ##Balance##."
STATUSES = (
    *("accepted", "rejected", "unknown", "not_sent"),
    *("skipped_duplicate", "skipped_invalid", "skipped_opt_out", "skipped_already_sent"),
)
ARRIVED = {"accepted", "skipped_already_sent"}


@dataclasses.dataclass(frozen=True)
class Person:
    """One line of the file of recipients; no two have the same number and text."""

    line: int
    msisdn: str
    name: str
    balance: int

    @property
    def key(self) -> tuple[str, str]:
        """The number and the text, which the gateway's table has too."""
        return self.msisdn, f"Dear {self.name}, your balance is {self.balance}."

    @property
    def batch(self) -> int:
        """Which of the requests this person is in, in the order of the file."""
        return (self.line - 2) // BATCH


def people(count: int = PEOPLE) -> list[Person]:
    """So many different messages: the numbers for tests are fewer, so that each is texted several times."""
    return [
        Person(place + 2, f"254700{place % 1000:06}", f'Chebet "{place}", \u00e9lite', place * 7)
        for place in range(count)
    ]


def write(path: Path, persons: Iterable[Person]) -> None:
    """The file of recipients."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["to", "Name", "Balance"])
        rows.writerows([f"+{person.msisdn}", person.name, person.balance] for person in persons)


def task(folder: Path, report: str = "report.csv", **options: Any) -> Task:
    """The task that texts the people of a file in a folder."""
    return {
        SMS: {
            "recipients_file": str(folder / "people.csv"),
            "text": TEXT,
            "report_file": str(folder / report),
            "progress": False,
            **options,
        }
    }


# --- what was done, in both books -------------------------------------------------------------------------------------


def reported(path: Path) -> dict[int, dict[str, Any]]:
    """The report's rows by line, whatever its format. Each line is in it once."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file)) if path.suffix == ".csv" else [json.loads(line) for line in file]
    by_line = {int(row["line"]): row for row in rows}
    assert len(by_line) == len(rows), f"{path.name} has lines twice"
    return by_line


def texted(sandbox: Sandbox) -> dict[tuple[str, str], list[str]]:
    """The ids of what the gateway took, by number and text."""
    found = collections.defaultdict(list)
    for message in sandbox.messages():
        if not message["code"]:
            found[message["msisdn"], message["text"]].append(message["message_id"])
    return dict(found)


def compare(persons: Sequence[Person], report: Mapping[int, Mapping[str, Any]], sandbox: Sandbox) -> None:
    """Nobody was texted twice, and what the report says of each person is true. It may lack people."""
    table = texted(sandbox)
    assert set(table) <= {person.key for person in persons}
    assert set(report) <= {person.line for person in persons}
    wrong = [
        (person.line, row and row["status"], row and row["message_id"], ids)
        for person in persons
        if not is_true(row := report.get(person.line), ids := table.get(person.key, []))
    ]
    assert not wrong, f"{len(wrong)} are wrong: {wrong[:5]}"


def is_true(row: Mapping[str, Any] | None, ids: Sequence[str]) -> bool:
    """What a row of the report says agrees with the ids in the gateway's table."""
    if row is None or row["status"] == "unknown":
        return len(ids) <= 1
    return list(ids) == ([row["message_id"]] if row["status"] in ARRIVED else [])


def statuses(report: Mapping[int, Mapping[str, Any]]) -> dict[str, int]:
    """How many rows each status has."""
    return dict(collections.Counter(row["status"] for row in report.values()))


def check(persons: Sequence[Person], played: Played, report: Path, sandbox: Sandbox) -> dict[str, int]:
    """The report of a run that ended is whole and true, and its result says the same; how many have each status."""
    rows = reported(report)
    compare(persons, rows, sandbox)
    assert len(rows) == len(persons)
    counts = statuses(rows)
    result = played.last
    told = {status: result["summary"][status] for status in STATUSES}
    assert {status: count for status, count in told.items() if count} == counts
    assert result["summary"]["requested"] == len(persons) == sum(told.values())
    listed = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in result["recipients"]]
    assert listed == [rows[person.line] for person in persons[: len(listed)]]
    good = not {"rejected", "unknown", "not_sent"} & set(counts)
    assert played.returncode == (0 if good else 2), played.output
    return counts
