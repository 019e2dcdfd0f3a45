# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people would write by hand: a file of numbers, batches of 20, four threads, a kept-alive session each.

It checks no number, settles nothing, remembers nothing, and reports nothing. It is what onfon_sms is measured beside.

usage: plain_sender.py FILE.csv TEXT   (##Name## in TEXT is filled in; the gateway comes from the ONFON_ variables)
"""

from __future__ import annotations

import csv
import itertools
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.plain import Onfon

BATCH, THREADS = 20, 4
local = threading.local()


def onfon() -> Onfon:
    """This thread's own."""
    if not hasattr(local, "onfon"):
        local.onfon = Onfon(os.environ)
    kept: Onfon = local.onfon
    return kept


def post(rows: list[dict[str, str]], text: str) -> int:
    """Send one batch; how many were accepted."""
    messages = [{"Number": row["to"].lstrip("+"), "Text": text.replace("##Name##", row["Name"])} for row in rows]
    answer = onfon().post(
        "SendBulkSMS", SenderId=os.environ["ONFON_SENDER_ID"], IsUnicode=False, MessageParameters=messages
    )
    return sum(row["MessageErrorCode"] in (0, "000") for row in answer)


def batches(path: str) -> Iterator[list[dict[str, str]]]:
    """The rows of the file, twenty at a time."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while batch := list(itertools.islice(rows, BATCH)):
            yield batch


def main() -> None:
    path, text = sys.argv[1:]
    with ThreadPoolExecutor(THREADS) as pool:
        print(sum(pool.map(lambda batch: post(batch, text), batches(path))), "accepted")


if __name__ == "__main__":
    main()
