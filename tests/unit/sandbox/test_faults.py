# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults over real connections: what the client sees, what the gateway has stored, and which requests are hit."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import pytest

from onfon_sandbox.faults import NAMES, Fault
from onfon_sandbox.settings import SERVICES
from tests.support.sandbox_server import PROGRAM, SandboxServer

PERIOD = {"fromdate": "2020-01-01", "enddate": "2099-12-31", "start": 0, "length": 100}
ROWS = [{"Number": f"25470000000{digit}", "Text": "hi"} for digit in range(5)]
SENDING = {"SenderId": "SANDBOX", "MessageParameters": ROWS}
READS = (
    ("GET", "Balance", {}),
    ("GET", "Group", {}),
    ("GET", "Template", {}),
    ("GET", "Campaign", PERIOD),
    ("GET", "Campaign/Statistics", {"campaignId": 1}),
    ("GET", "sms", PERIOD),
)
WRITES = (
    ("POST", "Group", {"GroupName": "A"}),
    ("PUT", "Group", {"id": 1, "GroupName": "B"}),
    ("POST", "Template", {"TemplateName": "A", "MessageTemplate": "a"}),
    ("PUT", "Template", {"id": 1, "TemplateName": "B", "MessageTemplate": "b"}),
    ("POST", "SendBulkSMS", SENDING),
)
DELETES = (("DELETE", "Group", {"id": 1}), ("DELETE", "Template", {"id": 1}))

EMPTY: dict[str, Any] = {"groups": [], "templates": [], "messages": 0, "spent": 0}
WRITTEN: dict[str, Any] = {"groups": ["B"], "templates": ["B"], "messages": 5, "spent": 40_000}


class Seen:
    """What a client sees of one request: `how` is answered, reset, cut or silent."""

    def __init__(self, sandbox: SandboxServer, verb: str, path: str, arguments: dict[str, Any]) -> None:
        given = {"ApiKey": sandbox.api_key, "ClientId": sandbox.client_id, **arguments}
        query = given if verb in ("GET", "DELETE") else {"id": given.pop("id", "")}
        body = None if verb in ("GET", "DELETE") else json.dumps(given)
        headers = {"AccessKey": sandbox.access_key, "Content-Type": "application/json"}
        self.how, self.status, self.body, self.headers = "answered", 0, b"", {}
        with closing(http.client.HTTPConnection(sandbox.base_url.removeprefix("http://"), timeout=20)) as connection:
            try:
                connection.request(verb, f"/v1/sms/{path}?{urlencode(query)}", body, headers)
                if sandbox_hangs(sandbox):
                    assert connection.sock is not None
                    connection.sock.settimeout(0.2)
                answer = connection.getresponse()
                self.status, self.headers = answer.status, {key.lower(): value for key, value in answer.getheaders()}
                self.body = answer.read()
            except (ConnectionResetError, BrokenPipeError):  # the latter while it still sends
                self.how = "reset"
            except TimeoutError:
                self.how = "silent"
            except http.client.IncompleteRead as error:
                self.how, self.body = "cut", error.partial


def sandbox_hangs(sandbox: SandboxServer) -> bool:
    return any("hang" in flag for flag in sandbox._flags)


def books(sandbox: SandboxServer) -> dict[str, Any]:
    """What the gateway wrote down: read past its services, as these may be hit."""
    messages = len(sandbox.messages())
    with closing(sqlite3.connect(sandbox.database)) as database:

        def column(statement: str) -> list[Any]:
            return [row[0] for row in database.execute(statement)]

        return {
            "groups": column("SELECT name FROM groups"),
            "templates": column("SELECT name FROM templates"),
            "messages": messages,
            "spent": 50_000_000 - column("SELECT units FROM wallet")[0],
        }


def is_reset(seen: Seen) -> bool:
    return seen.how == "reset"


def is_page(status: int, word: str, **headers: str) -> Any:
    def check(seen: Seen) -> bool:
        kind = seen.headers.get("content-type", "")
        told = {name: seen.headers.get(name.replace("_", "-")) for name in headers}
        return (seen.status, kind.startswith("text/html"), word in seen.body.decode(), told) == (
            status,
            True,
            True,
            headers,
        )

    return check


def is_cut(seen: Seen) -> bool:
    whole = int(seen.headers["content-length"])
    return (seen.how, seen.status, len(seen.body)) == ("cut", 200, whole // 2) and seen.body.startswith(b'{"Err')


def is_silent(seen: Seen) -> bool:
    return seen.how == "silent"


EVERYWHERE: dict[str, tuple[bool, Any]] = {
    "refuse": (False, is_reset),
    "reset-before": (False, is_reset),
    "reset-after": (True, is_reset),
    "503-before": (False, is_page(503, "503 Service")),
    "503-after": (True, is_page(503, "503 Service")),
    "429": (False, is_page(429, "429 Too Many", retry_after="1")),
    "html-520": (False, is_page(520, "520: Web server", server="cloudflare")),
    "truncated": (True, is_cut),
    "hang": (True, is_silent),
}


def test_every_fault_is_tested_here():
    assert set(NAMES) == {*EVERYWHERE, "missing-rows", "042"}
    assert {(verb, path) for verb, path, _arguments in READS + WRITES + DELETES} == {
        (verb, path) for path, verbs in SERVICES.items() for verb in verbs
    }


@pytest.mark.parametrize("name", EVERYWHERE)
def test_every_verb_and_service(name):
    acted, expected = EVERYWHERE[name]
    with SandboxServer("--fault", f"{name}:1:1") as sandbox:
        for verb, path, arguments in WRITES + READS:
            seen = Seen(sandbox, verb, path, arguments)
            assert expected(seen), (verb, path, vars(seen))
        assert books(sandbox) == (WRITTEN if acted else EMPTY)
        for verb, path, arguments in DELETES:
            assert expected(Seen(sandbox, verb, path, arguments)), (verb, path)
        assert books(sandbox) == ({**WRITTEN, "groups": [], "templates": []} if acted else EMPTY)
        assert sandbox.faults() == [{"fault": f"{name}:1:1", "requests": 13, "hits": 13}]
        log = sandbox.log.read_text()
    assert log == ""


@pytest.mark.parametrize("dialect", ["docs", "live"])
def test_missing_rows_leave_out_some_rows(dialect):
    with SandboxServer("--fault=missing-rows:1:1", "--dialect", dialect) as sandbox:
        rows = sandbox.post("SendBulkSMS", **SENDING)["Data"]
        assert [row["MobileNumber"] for row in rows] == ["254700000001", "254700000003"]
        ids = {row["msisdn"]: row["message_id"] for row in sandbox.messages()}
        assert len(ids) == 5
        assert {row["MobileNumber"]: row["MessageId"] for row in rows}.items() < ids.items()
        assert sandbox.post("SendBulkSMS", SenderId="SANDBOX", MessageParameters=ROWS[:1])["Data"] == []
        # A refusal has no rows, and other services have none that could be missed.
        assert int(sandbox.post("SendBulkSMS", SenderId="", MessageParameters=ROWS)["ErrorCode"]) == 3
        assert sandbox.post("Group", GroupName="A")["ErrorCode"] == 0
        assert len(sandbox.get("Group")["Data"]) == 1
        assert sandbox.faults()[0]["requests"] == 3


@pytest.mark.parametrize(("dialect", "code", "data"), [("docs", "042", None), ("live", 42, "")])
def test_fault_042_refuses_batches(dialect, code, data):
    with SandboxServer("--fault=042:1:1", "--dialect", dialect) as sandbox:
        envelope = {"ErrorCode": code, "ErrorDescription": "Max Mobile Number limit exceeded.", "Data": data}
        assert sandbox.post("SendBulkSMS", **SENDING) == envelope
        assert sandbox.post("Group", GroupName="B")["ErrorCode"] == 0
        assert books(sandbox) == {**EMPTY, "groups": ["B"]}


def test_the_late_queue_delays_the_lists():
    with SandboxServer("--fault=503-after@SendBulkSMS:1:1", "--late-queue=0.4") as sandbox:
        begun = time.time()
        assert Seen(sandbox, "POST", "SendBulkSMS", SENDING).status == 503
        assert len(sandbox.messages()) == 5
        while not sandbox.get("sms", **PERIOD)["Data"]:
            time.sleep(0.02)
        assert time.time() - begun >= 0.4
        assert len(sandbox.get("sms", **PERIOD)["Data"]) == 5
        assert sandbox.get("Campaign", **PERIOD)["Data"][0]["TotalCount"] == 5


def test_late_messages_come_last_in_the_lists(make_account):
    account = make_account(faults=("503-after@POST/SendBulkSMS:2:1",), late_queue=5.0)
    period = {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 100}

    def lists() -> tuple[list[str], list[str]]:
        rows = [row["Message"] for row in account.log()]
        assert rows == [row["Message"] for start in range(9) for row in account.log(start=start, length=1)]
        return rows, [row["Message"] for row in account.data("GET", "Campaign", **period)]

    late, prompt = [], []
    for number in range(8):
        rows = [{"Number": "254700000001", "Text": str(number)}]
        body = {**account.keys, "SenderId": "SANDBOX", "MessageParameters": rows}
        status = account.request("POST", "/v1/sms/SendBulkSMS", json=body, headers=account.headers).status_code
        (prompt if status == 200 else late).append(str(number))
    assert late
    assert late[0] < prompt[-1]
    assert lists() == (prompt, prompt)
    assert [row["status"] for row in account.messages() if row["text"] in late] == ["SUBMITTED"] * len(late)
    account.now += 4.9
    assert lists() == (prompt, prompt)
    account.now += 0.1
    assert lists() == (prompt + late, prompt + late)
    assert account.log()[-1]["SubmitDate"] == "2026-11-22 14:30:25"


def test_the_seed_decides_which_requests_are_hit():
    def hits(sandbox: SandboxServer, turns: int = 60) -> list[bool]:
        return [Seen(sandbox, "GET", "Group", {}).how == "reset" for _turn in range(turns)]

    with SandboxServer("--fault=reset-before:3:7") as sandbox:
        first = hits(sandbox)
        assert sandbox.faults() == [{"fault": "reset-before:3:7", "requests": 60, "hits": sum(first)}]
        sandbox.restart()
        assert hits(sandbox) == first
    # Requests to which a fault does not apply do not count, and another fault does not change which requests it hits.
    with SandboxServer("--fault=hang@DELETE:1:1", "--fault=reset-before@GET:3:7", "--fault=429@GET:2:1") as sandbox:
        for _turn in range(5):
            sandbox.post("Group", GroupName="A")
            sandbox.health()
        assert hits(sandbox) == first
        counts = [(row["requests"], row["hits"]) for row in sandbox.faults()]
        assert counts[:2] == [(0, 0), (60, sum(first))]
        assert counts[2][0] == 60
        assert 0 < counts[2][1] < 45


@pytest.mark.parametrize("every", [1, 2, 10, 50])
def test_the_rate_of_a_fault_applies(every):
    choices = {}
    for seed in range(5):
        fault, again = (Fault(f"429:{every}:{seed}") for _turn in range(2))
        choices[seed] = tuple(fault.chosen() for _turn in range(10_000))
        assert choices[seed] == tuple(again.chosen() for _turn in range(10_000))
        assert 0.7 * 10_000 / every < sum(choices[seed]) < 1.3 * 10_000 / every or every == 1
    assert len(set(choices.values())) == (1 if every == 1 else 5)


@pytest.mark.parametrize(
    ("where", "hit"),
    [
        ("POST", {("POST", "group"), ("POST", "template"), ("POST", "sendbulksms")}),
        ("group", {("GET", "group"), ("POST", "group"), ("PUT", "group"), ("DELETE", "group")}),
        ("put/TEMPLATE", {("PUT", "template")}),
        ("write/Group", {("POST", "group"), ("PUT", "group"), ("DELETE", "group")}),
        ("Campaign", {("GET", "campaign")}),
        ("GET/Campaign/Statistics", {("GET", "campaign/statistics")}),
        ("sms", {("GET", "sms")}),
    ],
)
def test_faults_apply_to_verbs_and_services(where, hit):
    assert Fault(f"429@{where}:1:1").targets == hit
    assert Fault(f" 429 @ {where} : 1 : 1 ").targets == hit


def test_writes_are_seven_and_all_are_thirteen():
    assert len(Fault("429@WRITE:1:1").targets) == 7
    assert len(Fault("429:1:1").targets) == 13
    assert Fault("042:1:1").targets == Fault("missing-rows@WRITE:1:1").targets == {("POST", "sendbulksms")}


def test_only_services_are_hit():
    with SandboxServer("--fault=reset-before:1:1") as sandbox:
        connection = http.client.HTTPConnection(sandbox.base_url.removeprefix("http://"), timeout=20)
        for verb, path, status in (
            ("GET", "/", 200),
            ("GET", "/docs", 200),
            ("GET", "/openapi.json", 200),
            ("GET", "/sandbox/health", 200),
            ("POST", "/sandbox/reset", 200),
            ("GET", "/v1/sms/Nothing", 404),
            ("PATCH", "/v1/sms/Group", 405),
        ):
            connection.request(verb, path)
            answer = connection.getresponse()
            assert (answer.status, answer.read() != b"") == (status, True), path
        for path in ("/V1/SMS/group", "//v1/sms/GROUP/"):
            connection.request("GET", path)
            with pytest.raises(ConnectionResetError):
                connection.getresponse()
            connection.close()
        assert sandbox.faults()[0]["requests"] == 2


def test_the_connection_is_kept_after_a_fault_that_answers():
    with SandboxServer("--fault=429@POST:1:1") as sandbox:
        with closing(http.client.HTTPConnection(sandbox.base_url.removeprefix("http://"), timeout=20)) as connection:
            sockets = set()
            for path in ("/v1/sms/Group", "/sandbox/health", "/v1/sms/Group"):
                connection.request("GET" if "health" in path else "POST", path, body=b"x" * 200_000)
                assert connection.getresponse().read()
                sockets.add(connection.sock)
        assert len(sockets) == 1


def test_a_hanging_client_does_not_keep_the_gateway_from_stopping():
    with SandboxServer("--fault=hang:1:1") as sandbox:
        address = sandbox.base_url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1])), timeout=20) as client:
            client.sendall(b"GET /v1/sms/Group HTTP/1.1\r\nHost: sandbox\r\n\r\n")
            while not sandbox.faults()[0]["hits"]:
                time.sleep(0.01)
            begun = time.monotonic()
            sandbox._end(15)
            assert time.monotonic() - begun < 1.9  # uvicorn would wait for 2 s
            assert client.recv(1) == b""
        assert sandbox.log.read_text() == ""


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("--fault=reset-after", "is not NAME[@WHERE]:EVERY:SEED, like reset-after@POST/Group:10:1"),
        ("--fault=reset-after:1", "is not NAME"),
        ("--fault=reset-after:1:1:1", "is not NAME"),
        ("--fault=reset-after:0:1", "EVERY from 1"),
        ("--fault=reset-after:1:-1", "SEED from 0"),
        ("--fault=reset-after:x:1", "whole numbers"),
        (f"--fault=reset-after:{'9' * 5000}:1", "whole numbers"),
        ("--fault=", "is not NAME"),
        ("--fault=earthquake:1:1", "names no fault: choose from refuse, reset-before"),
        ("--fault=429@:1:1", "hits no service"),
        ("--fault=429@PATCH:1:1", "a verb, a service or both"),
        ("--fault=429@POST/Balance:1:1", "hits no service"),
        ("--fault=042@GET:1:1", "only POST/SendBulkSMS"),
        ("--late-queue=soon", "is not a number of seconds from 0"),
        ("--late-queue=-1", "is not a number of seconds from 0"),
        ("--late-queue=nan", "is not a number of seconds from 0"),
    ],
)
def test_invalid_faults_are_refused_in_one_sentence(tmp_path, flag, words):
    command = [sys.executable, str(PROGRAM), "--port=0", f"--database={tmp_path}/a.db", flag]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.endswith(".\n")
    assert ended.stdout == ""


def test_help_lists_every_fault():
    command = [sys.executable, str(PROGRAM), "--help"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    readme = (PROGRAM.parents[1] / "README.md").read_text(encoding="utf-8")
    for name, text in NAMES.items():
        assert f"    {name} " in told
        assert text in told
        assert f"| `{name}` |" in readme
