# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook send, from the command line."""

from __future__ import annotations

from tests.support.ansible import Ansible
from tests.support.sandbox_server import SandboxServer


def test_send_shows_who_was_not_accepted(ansible: Ansible) -> None:
    sent = ansible.playbook("onfon.sms.send", "-e", "sms_to=+254700000001,+447911123456 sms_text=Hello")
    assert sent.returncode == 2
    assert "254700000001: accepted, " in sent.output
    assert "447911123456: rejected" in sent.output


def test_send_sends_to_numbers_of_the_command_line(ansible: Ansible, sandbox: SandboxServer) -> None:
    sent = ansible.playbook("onfon.sms.send", "-e", "sms_to=+254700000001,0700000002 sms_text='Two words'")
    assert sent.returncode == 0, sent.output
    assert [(message["msisdn"], message["text"]) for message in sandbox.messages()] == [
        ("254700000001", "Two words"),
        ("254700000002", "Two words"),
    ]
    assert f"254700000001: accepted, {sandbox.messages()[0]['message_id']}" in sent.output
