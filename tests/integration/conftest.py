# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox gateway for each dialect, emptied before each test, and an ansible-playbook pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer


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
