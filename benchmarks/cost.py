# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""That the gateway is not what is measured: its processor time for a request, beside that of a plain client."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.account import group
from benchmarks.plain import Onfon
from tests.support.sandbox_server import SandboxServer

AT_MOST = 3
"""Times the client's own time."""


class Cost(NamedTuple):
    """Milliseconds of processor time for one request."""

    request: str
    gateway: float
    client: float


def costs(rounds: int, count: int, tell: Callable[[str], object]) -> list[Cost]:
    """The medians, of so many requests for writing one group, and for reading all of them."""
    measured = []
    for turn in range(rounds):
        tell(f"the gateway's processor time, round {turn + 1} of {rounds}")
        measured.append(once(count))
    return [
        Cost(
            same[0].request,
            statistics.median(cost.gateway for cost in same),
            statistics.median(cost.client for cost in same),
        )
        for same in zip(*measured)
    ]


def once(count: int) -> list[Cost]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "gateway.db"
        start, _client = spent(database, lambda _onfon, _number: None, 0)
        works: dict[str, Callable[[Onfon, int], object]] = {
            "POST Group": lambda onfon, number: onfon.post("Group", GroupName=group(number)),
            f"GET Group, {count:,} rows": lambda onfon, _number: onfon.get("Group"),
        }
        found = []
        for request, ask in works.items():
            gateway, client = spent(database, ask, count)
            found.append(Cost(request, (gateway - start) / count * 1000, client / count * 1000))
        return found


def spent(database: Path, ask: Callable[[Onfon, int], object], count: int) -> tuple[float, float]:
    """Seconds of a sandbox's whole life in which it is asked so many times, and of asking."""
    begun = of_children()
    with SandboxServer(database=database) as sandbox:
        onfon = Onfon(sandbox.environment)
        client_begun = time.process_time()
        for number in range(count):
            ask(onfon, number)
        client = time.process_time() - client_begun
    return of_children() - begun, client


def of_children() -> float:
    """Processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
