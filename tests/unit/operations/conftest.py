# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules share: a stub server, sandboxes with a history, and runs of a module."""

from __future__ import annotations

import datetime
import itertools
import sys
import typing as t

import pytest

from tests.support.api_rows import EAT
from tests.support.module import KEYS, run
from tests.support.sandbox_server import SandboxServer
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


class Refused(t.Protocol):
    def __call__(self, name: str, words: str, /, **options: t.Any) -> None:
        """Run the module `name` and compare its message with `words`."""


@pytest.fixture
def refused(module: t.Callable[..., dict[str, t.Any]], stub: StubServer) -> Refused:
    """Assert that a module refuses options with these words, before any request, in check mode too."""

    def check(name: str, words: str, /, **options: t.Any) -> None:
        for check_mode in (False, True):
            result = module(name, check=check_mode, **options)
            assert result["failed"]
            assert words in result["msg"]
            assert "Traceback" not in str(result)
        assert stub.requests == []

    return check


# --- info modules that read a period ----------------------------------------------------------------------------------

INVALID_PERIODS: list[tuple[dict[str, t.Any], str]] = [
    ({"from_date": "soon"}, 'from_date "soon" is not a day'),
    ({"to_date": "7d"}, 'to_date "7d" is not a day'),
    ({"to_date": "2020-01-01"}, "is after to_date 2020-01-01"),
    ({"from_date": "2099-01-01"}, "is in the future"),
    ({"page_size": 0}, "page_size is 0: give from 1 to 10000."),
    ({"page_size": 10_001}, "page_size is 10001"),
]
WAYS = list(itertools.product(("count", "end"), (0, 1), ("docs", "live")))


@pytest.fixture(
    scope="session",
    params=WAYS,
    ids=[f"{mode} from {base}, {dialect}" for mode, base, dialect in WAYS],
)
def sandbox(request: pytest.FixtureRequest) -> t.Iterator[SandboxServer]:
    """A gateway with messages of four days, for each way of paging and each dialect."""
    if sys.version_info < (3, 11):
        pytest.skip("the sandbox gateway needs Python 3.11")
    mode, base, dialect = request.param
    flags = ("--length-mode", mode, "--start-base", str(base), "--dialect", dialect, "--failure-rate", "0.3")
    with SandboxServer(*flags) as gateway:
        gateway.history(days=4, messages=80, seed=1, sender_ids=["SANDBOX", "OPS"])
        yield gateway


def read(sandbox: SandboxServer, module: str, *, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
    """Return the result of an info module on a sandbox."""
    keys = {"api_key": sandbox.api_key, "client_id": sandbox.client_id, "access_key": sandbox.access_key}
    result = run(module, {**keys, "api_url": sandbox.api_url, **options}, check=check)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    return result


def day_of(row: t.Mapping[str, t.Any]) -> str:
    """The day in Nairobi of a message as the sandbox lists it."""
    return str(datetime.datetime.fromisoformat(row["time"]).astimezone(EAT).date())
