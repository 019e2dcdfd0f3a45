# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds and signals the processes of a run, whose workers are in sessions of their own."""

from __future__ import annotations

import os
import signal
import subprocess


def descendants(pid: int) -> list[int]:
    """A process and all that it has started, and those, and so on."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in table.splitlines()]
    found = [pid]
    for parent in found:
        found.extend(child for child, its_parent in parents if its_parent == parent)
    return found


def children_of_this_process(word: str) -> list[int]:
    """Those with a word in their command lines."""
    table = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in table.stdout.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == os.getpid() and word in row[2]]


def signal_tree(word: str, number: signal.Signals) -> None:
    """Signal the one child of this process with a word in its command line, and all that it has started."""
    (child,) = children_of_this_process(word)
    for pid in descendants(child):
        os.kill(pid, number)


def kill_tree(word: str) -> None:
    """Kill (kill -9) them."""
    signal_tree(word, signal.SIGKILL)
