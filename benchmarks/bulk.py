# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""100,000 recipients from a file: onfon_sms in a playbook beside a plain threaded requests script.

Both send the same 5,000 POSTs of 20 with four threads to a sandbox gateway. Printed are the time of the whole process,
Ansible's own start included, and the most memory that one of its processes held.

usage: bulk.py [--recipients N] [--rounds N] [--journal]
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.sandbox import Sandbox

SCRIPT = Path(__file__).with_name("plain_sender.py")
BIN = Path(sys.executable).parent
TEXT = "Dear ##Name##, the power is off from 22:00 to 23:00 tonight. Please save your work before."
KIB = 1024  # ru_maxrss counts them on Linux


class Run(NamedTuple):
    """Of the whole process: seconds by the clock and of the processors, and MiB of the biggest among its children."""

    seconds: float
    work: float
    memory: float


def write_file(path: Path, recipients: int) -> None:
    """A file of messages, each with a text of its own. The numbers are from the range that nobody has."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["to", "Name"])
        rows.writerows([f"+254700000{number % 1000:03d}", f"Person {number}"] for number in range(recipients))


def write_play(folder: Path, recipients: Path, journal: bool) -> Path:
    """A playbook with one task."""
    task = {"recipients_file": str(recipients), "text": TEXT, "result_limit": 0}
    if journal:
        task["journal"] = str(folder / "journal.db")
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"onfon.sms.onfon_sms": task}]}
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([play]), encoding="utf-8")
    return path


def measure(command: list[str], environment: dict[str, str], sandbox: Sandbox, expected: int) -> Run:
    """Run a command on an empty sandbox; all must have been accepted."""
    sandbox.reset()
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        output.seek(0)
        said = output.read().decode()
    taken = count(sandbox)
    if process.returncode or taken != expected:
        sys.exit(f"{taken} of {expected} messages arrived:\n{said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / KIB)


def count(sandbox: Sandbox) -> int:
    """How many messages the sandbox has accepted, by its own books."""
    with contextlib.closing(sqlite3.connect(sandbox.database)) as books:
        return int(books.execute("SELECT count(DISTINCT text) FROM messages WHERE message_id <> ''").fetchone()[0])


def shown(name: str, runs: list[Run]) -> str:
    seconds = [run.seconds for run in runs]
    memory = max(run.memory for run in runs)
    median = statistics.median(seconds)
    work = statistics.median(run.work for run in runs)
    times = f"{median:6.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), {work:.2f} s of processor"
    return f"{name:<32} {times}, {memory:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--journal", action="store_true", help="with a journal, which the script has not")
    flags = parser.parse_args()
    with Sandbox("--balance", "1000000000") as sandbox, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = folder / "people.csv"
        write_file(people, flags.recipients)
        environment = {**os.environ, **sandbox.environment, "ANSIBLE_LOCALHOST_WARNING": "false"}
        play = write_play(folder, people, flags.journal)
        ours: list[Run] = []
        theirs: list[Run] = []
        for turn in range(flags.rounds):
            print(f"{flags.recipients:,} recipients: round {turn + 1} of {flags.rounds}", file=sys.stderr)
            (folder / "journal.db").unlink(missing_ok=True)
            ours.append(measure([str(BIN / "ansible-playbook"), str(play)], environment, sandbox, flags.recipients))
            script = [sys.executable, str(SCRIPT), str(people), TEXT]
            theirs.append(measure(script, environment, sandbox, flags.recipients))
    print(shown(f"onfon_sms, {flags.recipients:,} recipients", ours))
    print(shown("  beside a plain threaded script", theirs))
    ratio = statistics.median(run.seconds for run in ours) / statistics.median(run.seconds for run in theirs)
    print(f"  {ratio:.2f} times the script's time\n", flush=True)


if __name__ == "__main__":
    main()
