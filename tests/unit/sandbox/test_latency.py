# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A slow network: which requests wait, for how long, and when they take effect."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from onfon_sandbox import latency
from tests.support.sandbox_server import SandboxServer

SECONDS = 0.3


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of every wait; no test really waits."""
    waits: list[float] = []

    class Asyncio:
        @staticmethod
        async def sleep(seconds: float) -> None:
            waits.append(seconds)

    monkeypatch.setattr(latency, "asyncio", Asyncio)
    return waits


def test_latency_applies_to_services_only(make_account, slept):
    account = make_account(latency=SECONDS)
    for path in ("/", "/docs", "/openapi.json", "/sandbox/health", "/sandbox/messages", "/v1/smsx"):
        account.request("GET", path)
    assert slept == []
    for path in ("/v1/sms/Balance", "/V1/SMS/group", "/v1//sms/Template/", "/v1/sms/Nothing"):
        account.request("GET", path)
    assert slept == [SECONDS] * 4


def test_there_is_no_latency_by_default(account, slept):
    assert account.data("GET", "Group") == []
    assert slept == []


def test_a_request_is_acted_on_when_it_arrives():
    done: list[Any] = []

    async def application(*_request: Any) -> None:
        done.append("acted on")

    async def ask() -> None:
        slow = latency.Latency(application, seconds=SECONDS)
        on_its_way = asyncio.ensure_future(slow({"type": "http", "path": "/v1/sms/Group"}, None, None))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        done.append("sent")
        await on_its_way

    asyncio.run(ask())
    assert done == ["sent", "acted on"]


def test_a_fault_hits_a_request_that_has_arrived(make_account, slept):
    account = make_account(latency=SECONDS, faults=("429@POST/Group:1:1",))
    assert account.request("POST", "/v1/sms/Group").status_code == 429
    assert slept == [SECONDS]


def test_latency_does_not_serialize_requests():
    with SandboxServer(f"--latency={SECONDS}") as sandbox:
        begun = time.monotonic()
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _turn: sandbox.get("Balance"), range(20)))
        assert SECONDS <= time.monotonic() - begun < 10 * SECONDS  # one after the other, it were twenty times
        assert all(answer["ErrorCode"] == 0 for answer in answers)
