# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys appear nowhere: not in -vvvv, logs, errors or results; neither raw nor in any encoded form."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote

import pytest

from tests.support.ansible import Ansible, Task
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

GROUP, SMS = "onfon.sms.onfon_group", "onfon.sms.onfon_sms"
API_KEY, ACCESS_KEY = "s3cr3t+api/key&<x>==", "s3cr3t+access/key&<x>=="
# A part that survives every encoding, so that no half of a key is left either.
PARTS = ("s3cr3t",)


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Ansible]:
    """ansible-playbook, pointed at a sandbox whose keys hold everything that must be encoded."""
    with SandboxServer(api_key=API_KEY, access_key=ACCESS_KEY) as sandbox:
        yield Ansible(tmp_path, sandbox.environment)


def spellings(secret: str) -> set[str]:
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        escape(secret),
        secret.replace("/", "\\/"),
    }


def assert_clean(ansible: Ansible, output: str) -> None:
    text = output + ansible.log.read_text()
    assert "onfon" in text
    for secret in (API_KEY, ACCESS_KEY):
        assert not [spelling for spelling in spellings(secret) if spelling in text or spelling in unquote(text)]
    assert not [part for part in PARTS if part in text]


@pytest.mark.parametrize("shipped", [False, True])
def test_no_output_of_successful_and_failed_tasks_contains_a_secret(keyed: Ansible, shipped: bool) -> None:
    # Not written into the playbook: from ansible-core 2.19 on, errors show the lines of the playbook around them.
    wrong = "{{ lookup('ansible.builtin.env', 'WRONG_KEY') }}"
    tasks: list[Task] = [
        {GROUP: {"name": "Ops"}, "diff": True},
        {SMS: {"to": ["254700000001"], "text": "x"}},
        {"onfon.sms.onfon_account": {"groups": ["Dev", API_KEY], "purge_groups": True}, "diff": True},
        {"onfon.sms.onfon_account": {"groups": ["Dev"], "api_key": wrong}, "ignore_errors": True},
        {"onfon.sms.onfon_sms_info": {}},
        {GROUP: {"name": "Ops", "api_key": wrong + " "}, "ignore_errors": True},
        {GROUP: {"name": "Ops", "access_key": wrong}, "ignore_errors": True},
        {GROUP: {"name": "Ops", "colour": "red", "api_key": wrong}, "ignore_errors": True},
        {GROUP: {"name": "Ops", "api_url": "http://127.0.0.1:1/v1/sms", "retries": 2}, "ignore_errors": True},
        {GROUP: {"name": "Ops", "api_url": "https://127.0.0.1:1/v1/sms", "retries": 2}, "ignore_errors": True},
        {
            SMS: {"to": ["254700000001"], "text": "x", "api_url": "http://127.0.0.1:1", "retries": 1},
            "ignore_errors": True,
        },
    ]
    variables = {"ONFON_API_KEY": API_KEY, "ONFON_ACCESS_KEY": ACCESS_KEY, "WRONG_KEY": "s3cr3t+wrong=="}
    played = Ansible(keyed.folder, {**keyed.variables, **variables}).tasks(*tasks, shipped=shipped, args=["-vvvv"])
    assert len(played.results) == len(tasks), played.output
    assert_clean(keyed, played.output)


@pytest.mark.parametrize("shipped", [False, True])
def test_secrets_echoed_by_the_gateway_are_masked(tmp_path: Path, shipped: bool) -> None:
    forms = sorted(spellings(API_KEY) | spellings(ACCESS_KEY))
    page = f"<html><title>Bad request {' '.join(forms)}</title></html>"
    variables = {
        "ONFON_API_KEY": API_KEY,
        "ONFON_ACCESS_KEY": ACCESS_KEY,
        "ONFON_CLIENT_ID": "client",
        "ONFON_SENDER_ID": "SANDBOX",
    }
    with StubServer() as stub:
        stub.answer(500, body=page)
        stub.envelope(code=999, description=" ".join(forms))
        stub.envelope(" ".join(forms))
        stub.envelope(code=f"x {forms[0]}", description=forms[1])
        ansible = Ansible(tmp_path, {**variables, "ONFON_API_URL": stub.url})
        tasks: list[Task] = [{"onfon.sms.onfon_group_info": {}, "ignore_errors": True}] * 4
        played = ansible.tasks(*tasks, shipped=shipped, args=["-vvvv"])
    assert ["********" in result["msg"] for result in played.results] == [True] * 4
    assert_clean(ansible, played.output)
