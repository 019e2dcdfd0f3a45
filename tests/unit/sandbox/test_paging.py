# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the sent log and of the campaigns in the four ways of counting, and the collection's reader on each."""

from __future__ import annotations

import datetime
import itertools
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Transport
from ansible_collections.onfon.sms.plugins.module_utils._reading.sent_log import read_log
from tests.support.sandbox_server import PROGRAM, SandboxServer

WAYS = list(itertools.product(("count", "end"), (0, 1)))
DAY = {"fromdate": "2026-11-22", "enddate": "2026-11-22"}


@pytest.mark.parametrize(
    ("way", "start", "length", "rows"),
    [
        (("count", 0), 0, 3, "123"),
        (("count", 0), 3, 3, "456"),
        (("count", 0), -1, 3, "123"),
        (("count", 0), 6, 3, "78"),
        (("count", 0), 8, 3, ""),
        (("end", 0), 0, 3, "123"),
        (("end", 0), 3, 6, "456"),
        (("end", 0), -1, 3, "123"),
        (("end", 0), 6, 9, "78"),
        (("end", 0), 3, 3, ""),
        (("end", 0), 3, 2, ""),
        (("count", 1), 1, 3, "123"),
        (("count", 1), 4, 3, "456"),
        (("count", 1), 0, 3, "123"),
        (("count", 1), -5, 3, "123"),
        (("count", 1), 8, 3, "8"),
        (("end", 1), 1, 3, "123"),
        (("end", 1), 4, 6, "456"),
        (("end", 1), 0, 3, "123"),
        (("end", 1), 3, 3, "3"),
        (("end", 1), 3, 2, ""),
    ],
)
def test_a_page_holds_the_rows_of_its_way_of_counting(make_account, way, start, length, rows):
    account = make_account(length_mode=way[0], start_base=way[1])
    for digit in "12345678":
        account.send(f"25470000000{digit}")
    page = {**DAY, "start": start, "length": length}
    assert [row["MobileNumber"][-1] for row in account.data("GET", "sms", **page)] == list(rows)
    assert [str(row["CampaignId"]) for row in account.data("GET", "Campaign", **page)] == list(rows)


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0]} from {way[1]}")
def sandbox(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    """A gateway for each way of counting."""
    mode, base = request.param
    with SandboxServer("--length-mode", mode, "--start-base", str(base), "--max-batch", "50") as gateway:
        yield gateway


def send(sandbox: SandboxServer, count: int) -> list[str]:
    """Forget what was sent, send so many messages, and return their ids."""
    sandbox.reset()
    for first in range(0, count, 50):
        numbers = [f"254700000{number:03}" for number in range(first, min(first + 50, count))]
        rows = [{"Number": number, "Text": "hi"} for number in numbers]
        assert sandbox.post("SendBulkSMS", SenderId="SANDBOX", MessageParameters=rows)["ErrorCode"] == 0
    return [message["message_id"] for message in sandbox.messages()]


def read(sandbox: SandboxServer, **options: Any) -> list[str]:
    """The ids of the log of these days, read over HTTP as the modules read it."""
    connection = Connection(sandbox.api_url, sandbox.api_key, sandbox.client_id, sandbox.access_key)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    day = datetime.timedelta(days=1)
    with Client(connection, Transport(connection)) as client:
        return [row.message_id for row in read_log(client, today - day, today + day, **options)]


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 13, 14, 15, 23])
def test_each_row_of_the_sent_log_is_read_exactly_once(sandbox, count):
    sent = send(sandbox, count)
    assert len(sent) == count
    assert read(sandbox, page_size=7) == sent


def test_each_row_of_a_default_page_is_read_exactly_once(sandbox):
    sent = send(sandbox, 501)
    assert read(sandbox) == sent


@pytest.mark.parametrize(("flag", "value"), [("--length-mode", "rows"), ("--start-base", "2"), ("--start-base", "x")])
def test_other_ways_of_counting_are_refused(tmp_path, flag, value):
    command = [sys.executable, str(PROGRAM), "--port=0", f"--database={tmp_path}/a.db", flag, value]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert flag in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
