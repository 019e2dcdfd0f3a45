# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and the playbook onfon.sms.sandbox, run by ansible-playbook as a user runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._version import VERSION

PLAYBOOK = shutil.which("ansible-playbook", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@dataclass(frozen=True)
class Run:
    """How a playbook ended."""

    code: int
    output: str

    @property
    def changed(self) -> int:
        """The recap's count of changes."""
        match = re.search(r"changed=(\d+)", self.output)
        assert match, self.output
        return int(match[1])


class Role:
    """The role on this machine, with a folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.folder = folder
        self.home = folder / "sandbox"
        self.url = f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str, code: int = 0, **variables: Any) -> Run:
        """Run the playbook with `sandbox_...` variables, given without that prefix."""
        given = {"directory": str(self.home), "port": self.port, "python": sys.executable, **variables}
        values = json.dumps({f"sandbox_{name}": value for name, value in given.items()})
        environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(self.folder / "local")}
        assert PLAYBOOK
        ended = subprocess.run(
            [PLAYBOOK, "onfon.sms.sandbox", "-e", values, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=environment,
        )
        assert ended.returncode == code, ended.stdout + ended.stderr
        return Run(ended.returncode, ended.stdout)

    def health(self) -> dict[str, Any]:
        """Return what the gateway says about itself."""
        with urllib.request.urlopen(f"{self.url}/sandbox/health", timeout=10) as answer:
            return dict(json.load(answer))

    def groups(self, *added: str) -> list[str]:
        """Add groups and return the names of all."""
        query = "ApiKey=sandbox-api&ClientId=sandbox-client"
        for name in added:
            self._service("POST", f"Group?{query}&GroupName={name}")
        return [row["GroupName"] for row in self._service("GET", f"Group?{query}")]

    def campaigns(self, added: int, **page: int) -> list[int]:
        """Send some messages, each in a campaign of its own, and return the ids on a page of the campaigns."""
        keys = {"ApiKey": "sandbox-api", "ClientId": "sandbox-client"}
        row = {"SenderId": "SANDBOX", "MessageParameters": '[{"Number": "254700000001", "Text": "hi"}]'}
        for _turn in range(added):
            self._service("POST", f"SendBulkSMS?{urlencode({**keys, **row})}")
        period = {"fromdate": "2000-01-01", "enddate": "2999-12-31"}
        return [one["CampaignId"] for one in self._service("GET", f"Campaign?{urlencode({**keys, **period, **page})}")]

    def _service(self, verb: str, path: str) -> Any:
        headers = {"AccessKey": "sandbox-access"}
        request = urllib.request.Request(f"{self.url}/v1/sms/{path}", method=verb, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["Data"]

    def answers(self) -> bool:
        """Tell if anybody listens on the port."""
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def role(tmp_path: Path) -> Iterator[Role]:
    role = Role(tmp_path)
    yield role
    role.run(state="stopped")


@pytest.mark.slow
def test_start_change_and_stop(role):
    planned = role.run("--check")
    assert planned.changed > 0
    assert not role.home.exists()

    first = role.run()
    assert first.changed > 0
    assert role.health()["dialect"] == "live"
    assert f"export ONFON_API_URL={role.url}/v1/sms" in first.output
    assert role.groups("Customers") == ["Customers"]

    assert role.run().changed == 0
    assert role.run("--check").changed == 0
    assert role.groups() == ["Customers"]

    assert role.run("--check", dialect="docs").changed == 1
    assert role.health()["dialect"] == "live"
    assert role.run(dialect="docs", balance=7).changed == 1
    assert role.health() == {"status": "ok", "version": VERSION, "dialect": "docs", "credits": "KSh5000.0000"}
    assert role.groups() == ["Customers"]

    assert role.run("--check", state="stopped").changed == 1
    assert role.answers()
    assert role.run(state="stopped").changed == 1
    assert not role.answers()
    assert role.run(state="stopped").changed == 0
    assert role.run("--check", state="stopped").changed == 0

    assert role.run().changed == 1
    assert role.groups() == ["Customers"]


def test_stopping_without_a_start_changes_nothing(role):
    assert role.run(state="stopped").changed == 0
    assert not role.home.exists()


def test_given_keys_are_not_shown(role):
    keys = {"api_key": "k+a/p$HOME i=", "access_key": "-k'access"}
    run = role.run(**keys, sender_ids=["ONE", "TWO WORDS"])
    assert not [key for key in keys.values() if key in run.output]
    headers = {"AccessKey": keys["access_key"]}
    query = "ApiKey=k%2Ba%2Fp%24HOME%20i%3D&ClientId=sandbox-client"
    request = urllib.request.Request(f"{role.url}/v1/sms/Balance?{query}", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["ErrorCode"] == 0
    assert role.run(**keys, sender_ids=["ONE", "TWO WORDS"]).changed == 0


@pytest.mark.slow
def test_paging_variables_apply(role):
    paging = {"length_mode": "end", "start_base": 1}
    role.run(**paging)
    assert role.campaigns(4, start=2, length=3) == [2, 3]
    assert role.run(**paging).changed == 0
    assert role.run(length_mode="count", start_base=0).changed == 1
    assert role.campaigns(0, start=2, length=3) == [3, 4]


@pytest.mark.slow
def test_delivery_variables_apply(role):
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        url = f"http://127.0.0.1:{receiver.getsockname()[1]}/dlr?token=s3cret"
        living = {"delivery_delay": 1, "failure_rate": 1.0, "seed": 3, "dlr_url": url, "dlr_chaos": True}
        assert "s3cret" not in role.run(**living).output
        role.campaigns(1, start=0, length=1)
        receiver.settimeout(20)
        connection, _address = receiver.accept()
        with connection:
            assert connection.recv(1000).startswith(b"GET /dlr?token=s3cret&messageId=")
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        assert role.run(**living).changed == 0
        assert role.run(**{**living, "dlr_url": ""}).changed == 1
        with urllib.request.urlopen(f"{role.url}/sandbox/reports", timeout=10) as answer:
            assert json.load(answer)[0]["state"] == "pushed"
    assert "is not a share from 0 to 1" in role.run(code=2, failure_rate=5).output


def test_a_port_in_use_fails_with_a_clear_message(role):
    with socket.create_server(("127.0.0.1", role.port)):
        run = role.run(code=2)
    assert f"Cannot listen on 127.0.0.1 port {role.port}" in run.output
    assert "Traceback" not in run.output


def test_an_invalid_variable_is_refused(role):
    assert "value of sandbox_dialect must be one of" in role.run(code=2, dialect="french").output
    assert not role.home.exists()


@pytest.mark.slow
def test_a_remote_host_gets_a_copy_of_the_program(role):
    """On a host that is not this machine (here: is said not to be) the program is copied, and run from there."""
    assert role.run("--check", local=False).changed > 0
    assert not role.home.exists()
    assert role.run(local=False).changed > 0
    assert (role.home / "program/onfon_sandbox/cli.py").exists()
    assert role.health()["status"] == "ok"
    assert role.run(local=False).changed == 0
    assert role.run("--check", local=False).changed == 0
    assert role.run(local=False, state="stopped").changed == 1
    assert not role.answers()
