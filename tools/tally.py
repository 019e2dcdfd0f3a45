# SPDX-License-Identifier: GPL-3.0-or-later
"""Add up the closing lines of several pytest runs.

usage: tally.py DIRECTORY [broken]    (of *.log files, each the output of one pytest run)

The word `broken` says that something failed, in a test or beside the tests.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

OUTCOMES = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")


def main() -> None:
    total: Counter[str] = Counter()
    for log in Path(sys.argv[1]).glob("*.log"):
        last = next((line for line in reversed(log.read_text(encoding="utf-8").splitlines()) if line.strip()), "")
        if not OUTCOMES.search(last):
            total["failed"] += 1  # a run that ended without its closing line
        for number, outcome in OUTCOMES.findall(last):
            total["failed" if outcome.startswith("error") else outcome] += int(number)
    if "broken" in sys.argv[2:]:
        total["failed"] = max(total["failed"], 1)
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")


if __name__ == "__main__":
    main()
