# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is fast, beside what people use today, in the same run: `make bench`.

Each case and its alternative are run in turn (A B A B ...) on a sandbox gateway that is emptied before each run.
The time is that of the whole ansible-playbook, its start included. Ratios travel between machines, seconds do not.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.ansible import Ansible, Task
from tests.support.sandbox import Sandbox

GROUP = "onfon.sms.onfon_group"


@dataclasses.dataclass(frozen=True)
class Case:
    """Two lists of tasks that do the same work. before: what the account must hold for both."""

    name: str
    ours: list[Task]
    theirs_name: str
    theirs: list[Task]
    before: Callable[[Sandbox], object] = lambda _sandbox: None


def create_by_uri(sandbox: Sandbox) -> Task:
    """What people write today: one POST each, with the keys in the body."""
    keys = {"ApiKey": sandbox.api_key, "ClientId": sandbox.client_id}
    return {
        "ansible.builtin.uri": {
            "url": f"{sandbox.api_url}/Group",
            "method": "POST",
            "headers": {"AccessKey": sandbox.access_key},
            "body_format": "json",
            "body": {"GroupName": "Group {{ item }}", **keys},
        },
        "loop": "{{ range(100) | list }}",
    }


def cases(sandbox: Sandbox) -> list[Case]:
    """The cases; each play differs in nothing but the tasks."""
    return [
        Case(
            "create 100 groups in a loop",
            [{GROUP: {"name": "Group {{ item }}"}, "loop": "{{ range(100) | list }}"}],
            "ansible.builtin.uri, 100 POSTs",
            [create_by_uri(sandbox)],
        ),
        Case(
            "50 tasks with nothing to do",
            [{GROUP: {"name": "Ops"}}] * 50,
            "ansible.builtin.ping, 50 tasks",
            [{"ansible.builtin.ping": {}}] * 50,
            before=lambda gateway: gateway.post("Group", GroupName="Ops"),
        ),
    ]


def measure(ansible: Ansible, sandbox: Sandbox, case: Case, tasks: list[Task]) -> float:
    """Seconds of one run."""
    sandbox.reset()
    case.before(sandbox)
    begun = time.perf_counter()
    played = ansible.tasks(*tasks)
    seconds = time.perf_counter() - begun
    if played.returncode:
        sys.exit(f"The run failed:\n{played.output}")
    return seconds


def shown(seconds: list[float]) -> str:
    """Median and range."""
    return f"{statistics.median(seconds):6.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each case and its alternative are run")
    rounds = parser.parse_args().rounds
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        ansible = Ansible(Path(folder), sandbox.environment)
        for case in cases(sandbox):
            ours: list[float] = []
            theirs: list[float] = []
            for turn in range(rounds):
                print(f"{case.name}: round {turn + 1} of {rounds}", file=sys.stderr)
                ours.append(measure(ansible, sandbox, case, case.ours))
                theirs.append(measure(ansible, sandbox, case, case.theirs))
            print(f"{case.name:<34} {shown(ours)}")
            print(f"{'  beside ' + case.theirs_name:<34} {shown(theirs)}")
            print(f"  {statistics.median(theirs) / statistics.median(ours):.1f} times faster\n", flush=True)


if __name__ == "__main__":
    main()
