# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox gateway for each dialect, reset before each test, and an ansible-playbook pointed at it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer

# A local number is never delivered.
FIRST, LOCAL = "254700000001", "0700000002"


@pytest.fixture(scope="session")
def gateways() -> Iterator[dict[str, SandboxServer]]:
    """The gateways of this session by dialect, each started at its first use."""
    started: dict[str, SandboxServer] = {}
    yield started
    for gateway in started.values():
        gateway.stop()


# The older dialect is for `make test-all`.
@pytest.fixture(params=[pytest.param("docs", marks=pytest.mark.slow), "live"])
def sandbox(request: pytest.FixtureRequest, gateways: dict[str, SandboxServer]) -> SandboxServer:
    """An empty sandbox gateway, in both dialects. Its keys hold what URLs must encode."""
    dialect = request.param
    if dialect not in gateways:
        gateways[dialect] = SandboxServer(
            "--dialect", dialect, api_key="api+key/with==", access_key="access+key/with=="
        )
    gateways[dialect].reset()
    return gateways[dialect]


@pytest.fixture
def ansible(sandbox: SandboxServer, tmp_path: Path) -> Ansible:
    """ansible-playbook, pointed at the sandbox."""
    return Ansible(tmp_path, sandbox.environment)


# --- messages that were sent ------------------------------------------------------------------------------------------


def send(sandbox: SandboxServer, *numbers: str) -> list[str]:
    """Send to these numbers in one campaign, and return the message ids."""
    rows = [{"Number": number, "Text": f"Hello, \u201c{number}\u201d"} for number in numbers]
    answer = sandbox.post("SendBulkSMS", SenderId=sandbox.sender_id, MessageParameters=rows, IsUnicode=True)
    return [row["MessageId"] for row in answer["Data"]]


@pytest.fixture
def ids(sandbox: SandboxServer) -> list[str]:
    """The ids of two messages in one campaign, the second of which is never delivered; a third follows in another."""
    ids = send(sandbox, FIRST, LOCAL)
    send(sandbox, "254700000003")
    return ids


@pytest.fixture
def date(sandbox: SandboxServer, ids: list[str]) -> datetime.date:
    """The day of the messages; YAML reads a date without quotes as a date, and not as a text."""
    return datetime.datetime.fromisoformat(sandbox.messages()[0]["time"]).date()
