# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command, run and measured; and what several runs come to."""

from __future__ import annotations

import dataclasses
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What ru_maxrss counts.
MIB = 1024 * 1024 if sys.platform == "darwin" else 1024


class RunFailedError(RuntimeError):
    """A run did not do what it was measured for; what it said is in the message."""


@dataclasses.dataclass(frozen=True)
class Run:
    """Of a whole process: seconds by the clock and of the processors, and MiB of the biggest one among its children."""

    seconds: float
    work: float
    memory: float
    output: str = ""


@dataclasses.dataclass(frozen=True)
class Median:
    """Of several runs: medians, the range of the seconds, and the most memory."""

    seconds: float
    least: float
    most: float
    work: float
    memory: float

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Median:
        seconds = [run.seconds for run in runs]
        return cls(
            statistics.median(seconds),
            min(seconds),
            max(seconds),
            statistics.median(run.work for run in runs),
            max(run.memory for run in runs),
        )


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end. Raises RunFailedError where that is a bad one."""
    settings = {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if process.returncode:
        raise RunFailedError(f"It exited with {process.returncode}:\n{said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB, said)
