# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules share."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.module import KEYS, run
from tests.support.stub_server import StubServer

VARIABLES = ("ONFON_API_KEY", "ONFON_CLIENT_ID", "ONFON_ACCESS_KEY", "ONFON_API_URL", "ONFON_SENDER_ID")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def stub() -> t.Iterator[StubServer]:
    with StubServer() as gateway:
        yield gateway


@pytest.fixture
def module(stub: StubServer) -> t.Callable[..., dict[str, t.Any]]:
    """Run a module against the stub: module("onfon_group", name="Ops", check=True)."""

    def call(name: str, /, *, check: bool = False, diff: bool = True, **options: t.Any) -> dict[str, t.Any]:
        return run(name, {**KEYS, "api_url": stub.url, "timeout": 5, "retries": 0, **options}, check=check, diff=diff)

    return call
