# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""README and guides, word for word, on the sandbox.

The first line of each YAML block is a comment with a name. `# NAME.yml` is a playbook or a file of variables that a
test below runs. `# tasks` are tasks that are run in a play, with the variables in TASKS. All shell commands are run,
except those in NOT_RUN.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.ansible import BIN, Ansible, Played
from tests.support.documents import GUIDES, README, ROOT, Block, Command, blocks, commands
from tests.support.sandbox_server import SandboxServer

DOCUMENTS = [README, *GUIDES]
BLOCKS = [block for path in DOCUMENTS for block in blocks(path)]
YAML = [block for block in BLOCKS if block.language == "yaml"]

# The variables of blocks of tasks, by the name of the first task.
TASKS: dict[str, dict[str, Any]] = {
    "Plan the message": {"staff": ["+254700000001", "+254700000002"]},
    "Send from the host that Onfon accepts": {"on_call": ["+254700000001"], "sms_gateway_host": "localhost"},
}
NOT_RUN = {
    "ansible-galaxy collection install onfon.sms": "it is not published yet",
    "python3 -m pip install requests phonenumbers": "it would install into the test environment",
    "make demo": "tests/scenario/test_demo.py runs the tour",
    "make test": "it runs this test",
    "ansible-playbook onfon.sms.sandbox": "tests/integration/test_role_sandbox.py runs it, on a free port",
    "ansible-playbook onfon.sms.sandbox -e sandbox_state=stopped": "tests/integration/test_role_sandbox.py runs it",
}
# Where the documents keep their files.
FOLDER = "/srv/sms"
# grep finds nothing to do in the report file.
RETURN_CODES = {"grep": 1}


def rename(name: str) -> Callable[[SandboxServer], object]:
    """Rename the first group outside Ansible."""
    return lambda sandbox: sandbox.put("Group", id=1, GroupName=name)


PROVISION = "ansible-playbook onfon.sms.provision -e @/srv/sms/account.yml"
# What happens before a command.
BEFORE: dict[str, Callable[[SandboxServer], object]] = {
    f'{PROVISION} -e \'{{"account_renames": {{"Ops": "Ops on call"}}}}\'': rename("Ops"),
    "ansible-playbook onfon.sms.export -e export_file=/srv/sms/exported.yml --check --diff": rename("Operations"),
}


@pytest.fixture(scope="module", params=[pytest.param("docs", marks=pytest.mark.slow), "live"])
def gateway(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    with SandboxServer("--dialect", request.param, sender_id="ACME OPS") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(gateway: SandboxServer) -> SandboxServer:
    gateway.reset()
    return gateway


@pytest.fixture
def ansible(sandbox: SandboxServer, tmp_path: Path) -> Ansible:
    return Ansible(tmp_path, sandbox.environment)


def document(name: str) -> str:
    """The YAML block of that name."""
    (found,) = [block.text for block in YAML if block.name == name]
    return found


# --- the blocks as such -----------------------------------------------------------------------------------------------


def test_every_yaml_block_is_run() -> None:
    tested = re.findall(r'document\("([\w.-]+)"\)', Path(__file__).read_text(encoding="utf-8"))
    assert {block.name for block in YAML} == {*tested, "tasks"}
    assert {yaml.safe_load(block.text)[0]["name"] for block in YAML if block.name == "tasks"} == set(TASKS)


def test_commands_that_are_not_run_are_in_the_documents() -> None:
    found = {command.text for block in BLOCKS if block.language == "shell" for command in commands(block)}
    assert set(NOT_RUN) <= found
    assert set(BEFORE) <= found


def test_readme_exports_the_keys_of_the_sandbox() -> None:
    (export,) = [
        command.text
        for block in blocks(README)
        for command in commands(block)
        if command.text.startswith("export ONFON_API_URL=")
    ]
    defaults = yaml.safe_load((ROOT / "roles/sandbox/defaults/main.yml").read_text(encoding="utf-8"))
    assert dict(word.split("=", 1) for word in export.split()[1:]) == {
        "ONFON_API_URL": f"http://{defaults['sandbox_host']}:{defaults['sandbox_port']}/v1/sms",
        "ONFON_API_KEY": defaults["sandbox_api_key"],
        "ONFON_CLIENT_ID": defaults["sandbox_client_id"],
        "ONFON_ACCESS_KEY": defaults["sandbox_access_key"],
        "ONFON_SENDER_ID": defaults["sandbox_sender_ids"][0],
    }


def to_run(path: Path) -> list[Command]:
    """The commands of a document. What a block before has as well, of whichever document, is run once."""
    found: list[Command] = []
    earlier: set[str] = set()
    for other in DOCUMENTS[: DOCUMENTS.index(path) + 1]:
        for block in blocks(other):
            new = [command for command in commands(block) if block.language == "shell" and command.text not in earlier]
            earlier |= {command.text for command in new}
            if other == path:
                found += [one for one in new if one.text not in NOT_RUN and not one.text.startswith("export ")]
    return found


def write_files(folder: Path, sandbox: SandboxServer) -> None:
    """What the commands of the documents take for granted."""
    for block in YAML:
        if block.name.endswith(".yml"):
            (folder / block.name).write_text(block.text, encoding="utf-8")
    (customers,) = [block.text for block in BLOCKS if block.text.startswith("to,Name,Area\n")]
    (folder / "customers.csv").write_text(customers, encoding="utf-8")
    sandbox.post("Template", TemplateName="water-off", MessageTemplate="Dear ##Name##, no water in ##Area##.")


def run(command: Command, folder: Path, sandbox: SandboxServer) -> str:
    """Run a shell command in the folder of the documents; its output, which shows what the comment promises."""
    BEFORE.get(command.text, lambda _sandbox: None)(sandbox)
    done = subprocess.run(
        ["bash", "-euc", command.text.replace(FOLDER, str(folder))],
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "ANSIBLE_NOCOLOR": "1", **sandbox.environment},
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == RETURN_CODES.get(command.text.split()[0], 0), f"{command.text}\n{done.stdout}"
    assert not command.comment.startswith("changed=") or command.comment in done.stdout, done.stdout
    return done.stdout


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if to_run(path)], ids=lambda path: path.name)
def test_shell_commands_run(path: Path, sandbox: SandboxServer, tmp_path: Path) -> None:
    write_files(tmp_path, sandbox)
    outputs = [run(command, tmp_path, sandbox) for command in to_run(path)]
    texts = [message["text"] for message in sandbox.messages()]
    if path == README:
        assert texts == ["Disk /var of db1 is 91 % full."] * 2
        assert '"recipients": 2' in outputs[0]
    if path.name == "sending.rst":
        assert texts == [
            "Dear Asha, there is no water in Kilimani on Monday.",
            "Dear Brian, there is no water in Karen on Monday.",
        ]
        assert "changed=0" in outputs[2]
    if path.name == "account.rst":
        assert "+name: Ops on call\n" in outputs[0]
        assert "changed=1" in outputs[3]
        assert "+- Operations\n" in outputs[-1].replace("+  -", "+-")
        assert [row["GroupId"] for row in sandbox.get("Group")["Data"]] == [1]


@pytest.mark.parametrize("block", [block for block in YAML if block.name == "tasks"], ids=lambda block: block.document)
def test_tasks_run(block: Block, ansible: Ansible) -> None:
    tasks = yaml.safe_load(block.text)
    played = ansible.tasks(*tasks, vars=TASKS[tasks[0]["name"]])
    assert played.returncode == 0, played.output


# --- whole playbooks --------------------------------------------------------------------------------------------------


def test_play_with_the_role_runs(ansible: Ansible, sandbox: SandboxServer) -> None:
    path = ansible.folder / "provision.yml"
    path.write_text(document("provision.yml"), encoding="utf-8")
    played = ansible.playbook(str(path))
    assert played.returncode == 0, played.output
    assert sorted(row["GroupName"] for row in sandbox.get("Group")["Data"]) == ["Ops on call", "Warehouse"]


def test_files_of_shell_commands_are_documents() -> None:
    """These blocks are run by the shell commands that name them."""
    ran = " ".join(command.text for path in DOCUMENTS for command in to_run(path))
    for name, text in (
        ("on-call.yml", document("on-call.yml")),
        ("water-off.yml", document("water-off.yml")),
        ("account.yml", document("account.yml")),
    ):
        assert name in ran
        assert yaml.safe_load(text)


def decide(ansible: Ansible) -> Played:
    path = ansible.folder / "decide.yml"
    path.write_text(document("decide.yml"), encoding="utf-8")
    return ansible.playbook(str(path))


def test_a_rescue_decides_on_the_class(tmp_path: Path) -> None:
    (sample,) = [block.text for block in BLOCKS if block.language == "json"]
    with SandboxServer("--balance", "0", sender_id="ACME OPS") as poor:
        played = decide(Ansible(tmp_path, poor.environment))
        assert played.returncode == 0, played.output
        assert "The message was not sent. Top up the account in the Onfon portal." in played.output
        assert [result["error"] for result in played.results if "error" in result] == [yaml.safe_load(sample)["error"]]
    played = decide(Ansible(tmp_path, poor.environment))
    assert played.returncode == 2
    assert [result["error"]["class"] for result in played.results if "error" in result] == ["transport"]


# --- the alert --------------------------------------------------------------------------------------------------------

# What would break a text: quotation marks that GSM-7 lacks, a template of Ansible, placeholders, lines, and its length.
REASON = "tar: \u2018/srv/data\u2019: [Errno 13] {{ 7 * 7 }} ##No## ####\n" + "a b " * 100
# In place of the ten and thirty seconds of the guide.
QUICK = (("timeout: 10\n", "timeout: 1\n"), ("timeout: 30\n", "timeout: 3\n"))


def back_up(
    folder: Path,
    environment: dict[str, str],
    script: str,
    replaced: tuple[tuple[str, str], ...] = (),
) -> tuple[Played, float]:
    """Run the playbook with a backup of our own; what it did, and its seconds."""
    backup, reason, path = folder / "nightly-backup", folder / "reason", folder / "backup.yml"
    reason.write_text(REASON, encoding="utf-8")
    backup.write_text(f"#!/bin/sh\n{script.replace('REASON', str(reason))}\n", encoding="utf-8")
    backup.chmod(0o755)
    text = document("backup.yml")
    for old, new in (("/usr/local/bin/nightly-backup", str(backup)), *replaced):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    begun = time.monotonic()
    return Ansible(folder, environment).playbook(str(path)), time.monotonic() - begun


def assert_reason_is_told(played: Played) -> None:
    """The run failed, for the reason of the backup and no other."""
    assert played.returncode == 2, played.output
    assert played.last["msg"] == f"The backup failed: {REASON.strip()}"
    assert "failed=1" in played.output
    assert "rescued=1" in played.output


def test_a_backup_that_succeeds_sends_nothing(sandbox: SandboxServer, tmp_path: Path) -> None:
    played, _seconds = back_up(tmp_path, sandbox.environment, "exit 0")
    assert played.returncode == 0, played.output
    assert sandbox.messages() == []


def test_a_backup_that_fails_sends_one_segment_to_each(sandbox: SandboxServer, tmp_path: Path) -> None:
    played, _seconds = back_up(tmp_path, sandbox.environment, "cat REASON >&2; exit 3")
    assert_reason_is_told(played)
    text = "Backup of localhost failed: tar: '/srv/data': [Errno 13] {{ 7 * 7 }} #No# # " + "a b " * 100
    sent = [(message["msisdn"], message["text"], message["segments"]) for message in sandbox.messages()]
    assert sent == [(number, f"{text[:147]}...", 1) for number in ("254700000001", "254700000002")]


def test_a_backup_without_stderr_sends_msg(sandbox: SandboxServer, tmp_path: Path) -> None:
    typo = (('"0700 000 002"', '"0700 000"'),)
    played, _seconds = back_up(tmp_path, sandbox.environment, "exit 3", typo)
    assert played.returncode == 2
    sent = [(message["msisdn"], message["text"]) for message in sandbox.messages()]
    assert sent == [("254700000001", "Backup of localhost failed: non-zero return code")]


def test_no_credits_do_not_hide_the_failure(tmp_path: Path) -> None:
    with SandboxServer("--balance", "0", sender_id="ACME OPS") as poor:
        played, _seconds = back_up(tmp_path, poor.environment, "cat REASON >&2; exit 3")
        assert_reason_is_told(played)
        assert "ignored=1" in played.output
        assert not any(message["message_id"] for message in poor.messages())


@contextlib.contextmanager
def silent_gateway(*, trickle: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a gateway that takes connections and never answers, or never comes to an end of its answer."""
    keys = {f"ONFON_{name}": "x" for name in ("API_KEY", "CLIENT_ID", "ACCESS_KEY", "SENDER_ID")}
    over = threading.Event()

    def answer() -> None:
        connection, _address = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not over.wait(0.2):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads = [threading.Thread(target=answer)] if trickle else []
        for thread in threads:
            thread.start()
        yield {**keys, "ONFON_API_URL": f"http://127.0.0.1:{listener.getsockname()[1]}/v1/sms"}
        over.set()
        for thread in threads:
            thread.join()


def test_a_gateway_that_is_down_does_not_hide_or_delay_the_failure(tmp_path: Path) -> None:
    with silent_gateway() as environment:
        pass
    played, _seconds = back_up(tmp_path, environment, "cat REASON >&2; exit 3")
    assert_reason_is_told(played)
    (alert,) = [result for result in played.results if "summary" in result]
    assert alert["error"]["class"] == "transport"
    assert alert["summary"]["seconds"] < 2


def test_a_gateway_that_hangs_does_not_hide_the_failure_or_delay_it_beyond_timeout(tmp_path: Path) -> None:
    with silent_gateway() as environment:
        played, _seconds = back_up(tmp_path, environment, "cat REASON >&2; exit 3", QUICK)
    assert_reason_is_told(played)
    (alert,) = [result for result in played.results if "summary" in result]
    assert alert["summary"]["unknown"] == 2
    assert 1 <= alert["summary"]["seconds"] < 2


def test_the_keyword_timeout_ends_a_reply_that_never_ends(tmp_path: Path) -> None:
    with silent_gateway(trickle=True) as environment:
        played, seconds = back_up(tmp_path, environment, "cat REASON >&2; exit 3", QUICK)
    assert_reason_is_told(played)
    assert "ignored=1" in played.output
    assert 3 <= seconds < 20


@pytest.mark.slow
@pytest.mark.parametrize(("trickle", "bound"), [(False, 10), (True, 30)])
def test_the_stated_bounds_hold(trickle: bool, bound: int, tmp_path: Path) -> None:
    with silent_gateway(trickle=trickle) as environment:
        played, seconds = back_up(tmp_path, environment, "cat REASON >&2; exit 3")
    assert_reason_is_told(played)
    assert bound <= seconds < bound + 15
