# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a process: flags, errors, running in the background, and what survives a kill."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._version import VERSION
from onfon_sandbox.store import APPLICATION_ID, FIRST_SCHEMA
from tests.support.sandbox_server import PROGRAM, SandboxServer


def run(*flags: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *(str(flag) for flag in flags)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def test_answers_are_not_delayed_by_nagle():
    """On one connection: with Nagle's algorithm each answer would take 40 ms, 4 s in all."""
    with SandboxServer() as sandbox:
        connection = http.client.HTTPConnection(sandbox.base_url.removeprefix("http://"), timeout=20)
        begun = time.monotonic()
        for _turn in range(100):
            connection.request("GET", "/sandbox/health")
            assert connection.getresponse().read()
        connection.close()
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("kill", [False, True], ids=["restart", "kill -9"])
def test_state_survives_a_restart_and_a_kill(kill):
    with SandboxServer() as sandbox:
        assert sandbox.post("Group", GroupName="Customers")["ErrorCode"] == 0
        rows = [{"Number": "254700000001", "Text": "hi"}]
        sandbox.post("SendBulkSMS", SenderId="SANDBOX", MessageParameters=rows)
        before = (sandbox.get("Group"), sandbox.get("Balance"), sandbox.messages())
        sandbox.restart(kill=kill)
        assert (sandbox.get("Group"), sandbox.get("Balance"), sandbox.messages()) == before
        assert len(sandbox.messages()) == 1
        sandbox.reset()
        assert sandbox.get("Group")["Data"] == sandbox.messages() == []


def test_keys_with_special_characters_and_flags():
    with SandboxServer("--dialect", "docs", "--lax", api_key="a+b/c=", client_id="-c&d e", access_key="#") as sandbox:
        assert sandbox.environment["ONFON_API_KEY"] == "a+b/c="
        assert sandbox.get("Balance")["ErrorDescription"] == "Success"
        assert sandbox.put("Group", id=9, GroupName="x")["ErrorCode"] == "028"
        assert sandbox.delete("Template", id=9)["ErrorCode"] == "023"
        log = sandbox.log.read_text()
    assert log == ""


def test_the_printed_exports_work_in_a_shell(tmp_path):
    flags = ("--port=0", f"--database={tmp_path}/a.db", "--api-key=a'b $HOME", "--sender-id=ONE", "--sender-id=TWO")
    started = run("--background", *flags)
    try:
        assert started.returncode == 0
        exports = "\n".join(line for line in started.stdout.splitlines() if line.startswith("export "))
        shown = subprocess.run(["sh", "-c", f"{exports}\nenv"], capture_output=True, text=True, check=True).stdout
        assert "ONFON_API_KEY=a'b $HOME\n" in shown
        assert "ONFON_SENDER_ID=ONE\n" in shown
        assert "sender ids  ONE, TWO\n" in started.stdout
        assert re.search(r"^ONFON_API_URL=http://127\.0\.0\.1:\d+/v1/sms$", shown, re.MULTILINE)
    finally:
        run("--stop", *flags)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--port", "99999"], "is not a port"),
        (["--port", "x"], "is not a port"),
        (["--balance", "-1"], "amount of money"),
        (["--price", "nan"], "amount of money"),
        (["--max-batch", "0"], "whole number from 1"),
        (["--delivery-delay", "-1"], "is not a number of seconds from 0"),
        (["--delivery-delay", "soon"], "is not a number of seconds from 0"),
        (["--failure-rate", "5%"], "is not a share from 0 to 1, like 0.05 for 5 of 100"),
        (["--failure-rate", "1.1"], "is not a share from 0 to 1"),
        (["--failure-rate", "nan"], "is not a share from 0 to 1"),
        (["--latency", "-1"], "is not a number of seconds from 0"),
        (["--seed", "-1"], "is not a whole number from 0"),
        (["--seed", "9" * 19], "is not a whole number from 0"),
        (["--dlr-url", "receiver"], "'receiver' is not the address of a receiver, like http://127.0.0.1:8080/"),
        (["--dlr-url", "ftp://receiver/"], "is not the address of a receiver"),
        (["--dlr-url", "http:///dlr"], "is not the address of a receiver"),
        (["--dlr-url", "http://receiver:99999/"], "is not the address of a receiver"),
        (["--dlr-url", "http://receiver:port/"], "is not the address of a receiver"),
        (["--dlr-url", "http://user:word@receiver/"], "is not the address of a receiver"),
        (["--dlr-url", "http://receiver/a b"], "is not the address of a receiver"),
        (["--dlr-url", "http://receiver/\u00e9"], "is not the address of a receiver"),
        (["--dialect", "french"], "docs"),
        (["--api-key", " "], "must not be blank"),
        (["--strict", "--lax"], "not allowed with"),
        (["--bogus"], "--bogus"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--database", "/no/such/folder/a.db"], "/no/such/folder"),
        (["--database", "/"], "The database / cannot be used"),
        (["--database", str(PROGRAM / "cli.py")], "not a database"),
        (["--background", "--log-file", "/no/such/folder/a.log"], "/no/such/folder/a.log"),
        (["--background", "--pid-file", "/no/such/folder/a.pid"], "/no/such/folder/a.pid"),
        (["--background", "--pid-file", "/"], "--pid-file"),
    ],
)
def test_invalid_flags_are_refused_in_one_sentence(tmp_path, flags, words):
    defaults = ["--port", "0", "--database", str(tmp_path / "a.db")]
    ended = run(*defaults, *flags)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.endswith(".\n")
    assert ended.stdout == ""


@pytest.mark.parametrize("mode", [[], ["--background"]])
def test_a_port_in_use_is_reported(tmp_path, mode):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ended = run("--port", port, "--database", tmp_path / "a.db", *mode)
    assert ended.returncode == 2
    assert f"port {port}" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_foreign_or_newer_database_is_refused(tmp_path):
    for name, statement, words in (
        ("other.db", "CREATE TABLE t (a)", "another program"),
        ("newer.db", "PRAGMA application_id = 0x4F4E464E; CREATE TABLE t (a)", "another version"),
    ):
        with sqlite3.connect(tmp_path / name) as database:
            database.executescript(statement)
        database.close()
        ended = run("--port", 0, "--database", tmp_path / name)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
        assert words in ended.stderr


def test_the_token_in_dlr_url_is_not_shown(tmp_path):
    flags = ("--port=0", f"--database={tmp_path}/a.db", "--dlr-url=http://127.0.0.1:9/dlr?token=s3cret")
    try:
        started = run("--background", *flags)
        assert "reports to  http://127.0.0.1:9/dlr\n" in started.stdout
        assert "s3cret" not in started.stdout
    finally:
        run("--stop", *flags)
    ended = run("--port=0", "--dlr-url=receiver?token=s3cret")
    assert (ended.returncode, "s3cret" in ended.stderr) == (2, False)


def test_a_database_of_the_first_version_is_migrated(tmp_path):
    with sqlite3.connect(tmp_path / "gateway.db") as database:
        database.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1; {FIRST_SCHEMA}")
        database.execute("INSERT INTO wallet VALUES (1, 70000)")
    database.close()
    with SandboxServer("--dlr-url=http://127.0.0.1:9/", database=tmp_path / "gateway.db") as sandbox:
        for _turn in range(2):
            assert sandbox.health()["credits"] == "KSh7.0000"
            assert sandbox.reports() == []
            sandbox.restart()


def test_missing_libraries_are_named(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-S", str(PROGRAM), "--port=0", f"--database={tmp_path}/a.db"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "is missing: install the sandbox's libraries with" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def pid_of(folder: Path) -> int:
    match = re.search(r'"pid": (\d+)', (folder / "a.pid").read_text())
    assert match
    return int(match[1])


def test_background_start_status_and_stop(tmp_path):
    flags = ("--port=0", f"--database={tmp_path}/a.db")
    try:
        assert run("--background", "--check", *flags).stdout == "would be started\n"
        assert list(tmp_path.iterdir()) == []
        first = run("--background", *flags)
        assert first.stdout.startswith("started\n")
        pid = pid_of(tmp_path)
        address = re.search(r"^inbox +(\S+)$", first.stdout, re.MULTILINE)
        assert address
        with urllib.request.urlopen(address[1]) as answer:
            assert answer.status == 200
        assert oct((tmp_path / "a.pid").stat().st_mode)[-3:] == "600"

        assert run("--background", *flags).stdout == first.stdout.replace("started", "unchanged", 1)
        assert pid_of(tmp_path) == pid

        assert run("--background", "--check", "--dialect=docs", *flags).stdout == "would be restarted\n"
        assert pid_of(tmp_path) == pid
        restarted = run("--background", "--dialect=docs", *flags).stdout
        assert restarted.startswith("restarted\n")
        assert pid_of(tmp_path) != pid
        second = re.search(r"^inbox +(\S+)$", restarted, re.MULTILINE)
        assert second

        assert run("--stop", "--check", *flags).stdout == "would be stopped\n"
        assert run("--stop", *flags).stdout == "stopped\n"
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(second[1])
        assert run("--stop", *flags).stdout == "unchanged: it does not run\n"
        assert not (tmp_path / "a.pid").exists()
        assert (tmp_path / "a.log").read_text() == ""
    finally:
        run("--stop", *flags)


def test_a_stale_pid_file_is_ignored(tmp_path):
    flags = ("--port=0", f"--database={tmp_path}/a.db")
    try:
        run("--background", *flags)
        os.kill(pid_of(tmp_path), signal.SIGKILL)
        stale = (tmp_path / "a.pid").read_text()
        assert run("--background", *flags).stdout.startswith("started\n")
        # A pid that now belongs to another process is never signalled: this test's own process survives.
        run("--stop", *flags)
        (tmp_path / "a.pid").write_text(re.sub(r'"pid": \d+', f'"pid": {os.getpid()}', stale))
        assert run("--stop", *flags).stdout == "unchanged: it does not run\n"
    finally:
        run("--stop", *flags)


def test_it_runs_as_a_package(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "onfon_sandbox", "--version"],
        capture_output=True,
        text=True,
        cwd=PROGRAM.parent,
        check=True,
    )
    assert ended.stdout == f"{VERSION}\n"
