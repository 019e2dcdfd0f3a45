# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gateway without a process: requests go straight into the application, and time stands still."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from onfon_sandbox import money
from onfon_sandbox.app import create_app
from onfon_sandbox.gateway import Gateway
from onfon_sandbox.settings import Settings
from onfon_sandbox.store import Store

NOW = datetime(2026, 11, 22, 14, 30, 20, tzinfo=ZoneInfo("Africa/Nairobi"))
NUMBER = "254700000001"


class GatewayClient:
    """A client of one gateway; `call` adds the account's keys unless others are given."""

    def __init__(self, settings: Settings, database: Path) -> None:
        self.settings = settings
        self.now = NOW.timestamp()
        self.store = Store(database, money.units(settings.balance))
        self.gateway = Gateway(settings, self.store, clock=lambda: self.now)
        self.app = create_app(self.gateway)

    def request(self, verb: str, url: str, **options: Any) -> httpx.Response:
        """Make one request as it is."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
                return await client.request(verb, url, **options)

        return asyncio.run(ask())

    @property
    def keys(self) -> dict[str, str]:
        """The account's credentials as arguments."""
        return {"ApiKey": self.settings.api_key, "ClientId": self.settings.client_id}

    @property
    def headers(self) -> dict[str, str]:
        """The account's access key."""
        return {"AccessKey": self.settings.access_key}

    def call(self, verb: str, path: str, **arguments: Any) -> dict[str, Any]:
        """Call a service with all arguments where they are documented, and return the envelope."""
        given = {**self.keys, **arguments}
        options: dict[str, Any] = {"params": given}
        if verb in ("POST", "PUT"):
            options = {"params": {"id": given.pop("id")} if "id" in given else {}, "json": given}
        answer = self.request(verb, f"/v1/sms/{path}", headers=self.headers, **options)
        assert answer.status_code == 200
        envelope = answer.json()
        assert list(envelope) == ["ErrorCode", "ErrorDescription", "Data"]
        return dict(envelope)

    def data(self, verb: str, path: str, **arguments: Any) -> Any:
        """Call a service that is to succeed, and return its Data."""
        envelope = self.call(verb, path, **arguments)
        assert envelope["ErrorCode"] == 0, envelope
        return envelope["Data"]

    def code(self, verb: str, path: str, **arguments: Any) -> int:
        """Call a service and return the number of its error code."""
        return int(self.call(verb, path, **arguments)["ErrorCode"])

    def send(self, *recipients: Any, **arguments: Any) -> dict[str, Any]:
        """Send to numbers, or to pairs of number and text, and return the envelope."""
        pairs = [one if isinstance(one, tuple) else (one, "hi") for one in recipients]
        rows = [{"Number": number, "Text": text} for number, text in pairs]
        return self.call("POST", "SendBulkSMS", **{"SenderId": "SANDBOX", "MessageParameters": rows, **arguments})

    def log(self, **arguments: Any) -> list[dict[str, Any]]:
        """Return the sent log of the day."""
        period = {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 100}
        return list(self.data("GET", "sms", **{**period, **arguments}))

    def credits(self) -> str:
        """Return the balance as the API shows it."""
        return str(self.data("GET", "Balance")[0]["Credits"])

    def messages(self) -> list[dict[str, Any]]:
        """Return the sandbox's own list."""
        return list(json.loads(self.request("GET", "/sandbox/messages").content))


@pytest.fixture
def make_account(tmp_path: Path) -> Iterator[Callable[..., GatewayClient]]:
    """Make gateways on one database, with settings by name."""
    accounts: list[GatewayClient] = []

    def make(**settings: Any) -> GatewayClient:
        accounts.append(GatewayClient(replace(Settings(), **settings), tmp_path / "gateway.db"))
        return accounts[-1]

    yield make
    for account in accounts:
        account.store.close()


@pytest.fixture
def account(make_account: Callable[..., GatewayClient]) -> GatewayClient:
    """A gateway as it is without flags: the live dialect."""
    return make_account()


@pytest.fixture(params=["docs", "live"])
def either(request: pytest.FixtureRequest, make_account: Callable[..., GatewayClient]) -> GatewayClient:
    """A gateway in each dialect."""
    return make_account(dialect=request.param)
