# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pushed delivery reports: content, number, order, and what survives a restart."""

from __future__ import annotations

import http.server
import logging
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from onfon_sandbox.reports import Postman, get
from tests.support.sandbox_server import SandboxServer

URL = "http://127.0.0.1:9/dlr?token=s3cret&x="
PERIOD = {"fromdate": "2020-01-01", "enddate": "2099-12-31", "start": 0, "length": 1000}
ROWS = [{"Number": f"2547000000{number:02}", "Text": f"hi {number}"} for number in range(20)]


class Post:
    """An account, its postman, and what a receiver got; `trouble` is what the receiver does instead of taking it."""

    def __init__(self, account: Any) -> None:
        self.account = account
        self.got: list[dict[str, str]] = []
        self.trouble = ""
        self.tried: list[float] = []
        self.postman = Postman(account.settings, account.store, lambda: account.now, self._push)

    def _push(self, url: str) -> str:
        self.tried.append(self.account.now)
        if not self.trouble:
            self.got.append(dict(parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)))
        return self.trouble

    def wait(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, and push what is due on the way."""
        for _turn in range(round(seconds / step)):
            self.postman.push_due()
            self.account.now += step
        self.postman.push_due()

    def told(self) -> list[tuple[str, str]]:
        return [(report["messageId"], report["status"]) for report in self.got]


@pytest.fixture
def post(make_account) -> Callable[..., Post]:
    return lambda **settings: Post(make_account(**{"dlr_url": URL, **settings}))


def test_the_documented_query_behind_the_one_of_the_url(post):
    urls = []
    one = post()
    one.account.send(("+254700000001", "caf\u00e9 & \u4f60 100%"), IsUnicode=True)
    Postman(
        one.account.settings, one.account.store, lambda: one.account.now, lambda url: urls.append(url) or ""
    ).push_due()
    message_id = one.account.messages()[0]["message_id"]
    address = (
        "http://127.0.0.1:9/dlr?token=s3cret&x="
        f"&messageId={message_id}&mobile=254700000001&status=DELIVRD&errorCode=000"
        "&submitDate=2026-11-22%2014%3A30&doneDate=2026-11-22%2014%3A30"
        "&shortMessage=caf%C3%A9%20%26%20%E4%BD%A0%20100%25"
    )
    assert urls == [address]


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9/?messageId="),
        ("http://127.0.0.1:9?a=b#here", "http://127.0.0.1:9/?a=b&messageId="),
        ("https://[::1]:9/a%20b?", "https://[::1]:9/a%20b?messageId="),
    ],
)
def test_any_url_gets_a_query(make_account, url, start):
    account = make_account(dlr_url=url)
    account.send("254700000001")
    urls: list[str] = []
    Postman(account.settings, account.store, lambda: account.now, lambda url: urls.append(url) or "").push_due()
    assert urls[0].startswith(start)


@pytest.mark.parametrize("dialect", ["docs", "live"])
def test_each_state_is_reported_once_and_in_order(post, dialect):
    one = post(delivery_delay=100.0, failure_rate=0.3, dialect=dialect)
    one.account.send(*[row["Number"] for row in ROWS])
    one.postman.push_due()
    assert one.got == []
    one.wait(100)
    log = {row["MessageId"]: row for row in one.account.log()}
    assert len(one.got) == 40
    for message_id, row in log.items():
        network, final = (report for report in one.got if report["messageId"] == message_id)
        assert network["status"] in ("ACCEPTD", "DeliveredToNetwork")
        assert (network["errorCode"], network["doneDate"]) == ("000", "")
        assert (final["status"], final["errorCode"]) == (row["Status"], row["ErrorCode"])
        assert (final["mobile"], final["shortMessage"]) == (row["MobileNumber"], row["Message"])
        assert (final["submitDate"], final["doneDate"]) == (row["SubmitDate"][:16], row["DoneDate"][:16])
    one.wait(1000, 100)
    assert len(one.got) == 40
    assert Counter(row["state"] for row in one.account.request("GET", "/sandbox/reports").json()) == {"pushed": 40}


def test_a_scheduled_message_is_reported_when_it_is_delivered(post):
    one = post()
    one.account.send("254700000001", ScheduleDateTime="2026-11-22 15:00")
    one.wait(1770, 10)
    assert one.got == []
    one.wait(10)
    assert [report["doneDate"] for report in one.got] == ["2026-11-22 15:00"]


def test_refused_rows_and_local_numbers_are_not_reported(post):
    one = post(failure_rate=1.0, delivery_delay=1.0)
    one.account.send("255700000005", "0712000004")
    one.wait(100)
    assert one.tried == one.account.store.reports() == []


def test_without_a_url_no_report_is_stored(post):
    one = post(dlr_url="")
    one.account.send("254700000001")
    assert one.account.store.reports() == []


def test_pushes_to_a_down_receiver_are_retried_and_then_given_up(post, caplog):
    one = post()
    begun = one.account.now
    one.trouble = "HTTP 500"
    one.account.send("254700000001")
    with caplog.at_level(logging.WARNING):
        one.wait(200)
    assert [moment - begun for moment in one.tried] == [0, 1, 6, 36]
    message_id = one.account.messages()[0]["message_id"]
    assert caplog.messages == [
        f"The delivery report of message {message_id} was given up after 4 tries: HTTP 500 from http://127.0.0.1:9/dlr."
    ]
    (row,) = one.account.request("GET", "/sandbox/reports").json()
    assert (row["message_id"], row["status"], row["state"], row["tries"]) == (message_id, "DELIVRD", "given up", 3)


def test_a_recovered_receiver_gets_each_report_once(post):
    one = post(delivery_delay=4.0)
    one.trouble = "no answer"
    one.account.send(*[row["Number"] for row in ROWS])
    one.wait(5)
    one.trouble = ""
    assert one.got == []
    one.wait(60)
    assert len(one.told()) == len(set(one.told())) == 40


def test_a_restart_neither_loses_nor_repeats_reports(post):
    first = post(delivery_delay=50.0)
    first.account.send(*[row["Number"] for row in ROWS])
    first.wait(5)
    assert 0 < len(first.got) < 40
    first.account.store.close()
    second = post(delivery_delay=50.0)
    second.account.now = first.account.now
    second.wait(50)
    told = first.told() + second.told()
    assert len(told) == len(set(told)) == 40


def test_a_reset_drops_waiting_reports(post):
    one = post(delivery_delay=50.0)
    one.account.send(*[row["Number"] for row in ROWS])
    one.account.request("POST", "/sandbox/reset")
    one.wait(60)
    assert one.got == []
    one.account.send("254700000001")
    one.wait(60)
    assert len(one.got) == 2


def test_a_report_pushed_during_a_reset_is_not_taken_for_a_new_one(make_account):
    account = make_account(dlr_url=URL)
    account.send("254700000001")
    urls: list[str] = []

    def push(url: str) -> str:
        urls.append(url)
        if len(urls) == 1:
            account.request("POST", "/sandbox/reset")
            account.send("254700000002")
        return ""

    Postman(account.settings, account.store, lambda: account.now, push).push_due()
    assert ["mobile=254700000001" in urls[0], "mobile=254700000002" in urls[-1], len(urls)] == [True, True, 2]


@pytest.mark.parametrize("delay", [0.0, 100.0])
def test_chaos_repeats_reorders_and_quotes_but_loses_nothing(post, delay):
    one = post(delivery_delay=delay, failure_rate=0.2, dlr_chaos=True)
    for _turn in range(5):
        one.account.send(*[(row["Number"], row["Text"]) for row in ROWS])
    one.wait(2 * delay + 2, 0.1)
    log = {row["MessageId"]: row for row in one.account.log()}
    told = one.told()
    assert {(message_id, row["Status"]) for message_id, row in log.items()} <= set(told)
    repeated = sum(count == 2 for count in Counter(told).values())
    assert 0.2 < repeated / len(set(told)) < 0.4
    assert max(Counter(told).values()) == 2
    quoted = [report for report in one.got if report["shortMessage"] == f"'{log[report['messageId']]['Message']}'"]
    assert 0.2 < len(quoted) / len(one.got) < 0.4
    assert all(report["shortMessage"].strip("'") == log[report["messageId"]]["Message"] for report in one.got)
    first = list(dict.fromkeys(message_id for message_id, _status in told))
    assert first != list(log)  # without a delay, they would be told in the order in which they were sent
    if delay:
        late = [
            message_id
            for message_id, row in log.items()
            if [status == row["Status"] for one_id, status in told if one_id == message_id][-1] is False
        ]
        assert 10 < len(late) < 90  # of 100: a state before the final one is told last


def test_chaos_is_deterministic(post):
    def run() -> list[tuple[int, str, str]]:
        one.got.clear()
        one.account.send(*[(row["Number"], row["Text"]) for row in ROWS])
        one.wait(40, 0.1)
        rows = {message["message_id"]: index for index, message in enumerate(one.account.messages())}
        one.account.request("POST", "/sandbox/reset")
        return [(rows[report["messageId"]], report["status"], report["shortMessage"]) for report in one.got]

    one = post(delivery_delay=20.0, failure_rate=0.2, dlr_chaos=True)
    assert run() == run() != []


# --- over real connections


class Receiver(http.server.ThreadingHTTPServer):
    """A receiver of delivery reports: `got` are their queries; it answers `status`, once `open` is set."""

    daemon_threads = True

    def __init__(self) -> None:
        receiver = self
        self.got: list[dict[str, str]] = []
        self.status = 200
        self.begun = threading.Event()
        self.open = threading.Event()
        self.open.set()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                receiver.begun.set()
                receiver.open.wait(20)
                receiver.got.append(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/dlr?token=s3cret"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A gateway that is stopped does not wait for an answer."""

    def told(self) -> list[tuple[str, str]]:
        return [(report["messageId"], report["status"]) for report in self.got]

    def until(self, count: int, seconds: float = 20.0) -> None:
        """Wait for so many reports."""
        deadline = time.monotonic() + seconds
        while len(self.got) < count:
            assert time.monotonic() < deadline, f"{len(self.got)} reports of {count}"
            time.sleep(0.02)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver
        receiver.open.set()
        receiver.shutdown()


def send(sandbox: SandboxServer) -> None:
    assert sandbox.post("SendBulkSMS", SenderId="SANDBOX", MessageParameters=ROWS)["ErrorCode"] == 0


def states(sandbox: SandboxServer) -> Counter[str]:
    return Counter(report["state"] for report in sandbox.reports())


def settled(sandbox: SandboxServer) -> Counter[str]:
    """The reports once none of them is waiting."""
    deadline = time.monotonic() + 20
    while states(sandbox)["waiting"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return states(sandbox)


def test_reports_are_pushed_as_messages_are_delivered(receiver):
    with SandboxServer("--delivery-delay=1", "--failure-rate=0.3", "--dlr-url", receiver.url) as sandbox:
        send(sandbox)
        receiver.until(40)
        assert settled(sandbox) == {"pushed": 40}
        log = {row["MessageId"]: row["Status"] for row in sandbox.get("sms", **PERIOD)["Data"]}
        assert {report["token"] for report in receiver.got} == {"s3cret"}
        assert len(set(receiver.told())) == 40
        assert dict(receiver.told()) == log  # the last one told of each message is the final one
        log_text = sandbox.log.read_text()
    assert log_text == ""


@pytest.mark.parametrize("kill", [False, True], ids=["restart", "kill -9"])
def test_a_restart_neither_loses_nor_repeats_pushes(receiver, kill):
    with SandboxServer("--delivery-delay=3", "--dlr-url", receiver.url) as sandbox:
        send(sandbox)
        receiver.until(8)
        sandbox.restart(kill=kill)
        assert settled(sandbox) == {"pushed": 40}
    assert len(set(receiver.told())) == 40
    # Killed between a push and the note of it, a gateway cannot know of that one.
    assert 0 <= len(receiver.got) - 40 <= kill


def test_chaos_over_real_connections(receiver):
    with SandboxServer("--delivery-delay=1", "--dlr-chaos", "--dlr-url", receiver.url) as sandbox:
        send(sandbox)
        settled(sandbox)
        log = {row["MessageId"]: row["Status"] for row in sandbox.get("sms", **PERIOD)["Data"]}
    assert len(receiver.got) > len(set(receiver.told())) == 40
    assert set(log.items()) <= set(receiver.told())
    assert dict(receiver.told()) != log
    assert {report["shortMessage"][0] for report in receiver.got} == {"h", "'"}


def test_a_hanging_receiver_does_not_block_the_gateway(receiver):
    receiver.open.clear()
    with SandboxServer("--dlr-url", receiver.url) as sandbox:
        send(sandbox)
        assert receiver.begun.wait(10)
        begun = time.monotonic()
        for _turn in range(20):
            send(sandbox)
        assert time.monotonic() - begun < 3
        assert states(sandbox) == {"waiting": 21 * 20}
        begun = time.monotonic()
        sandbox._end(signal.SIGTERM)
        assert time.monotonic() - begun < 8
        assert sandbox.log.read_text() == ""


def test_a_receiver_that_was_down_gets_its_reports(receiver):
    with SandboxServer("--dlr-url", receiver.url) as sandbox:
        receiver.status = 503
        send(sandbox)
        receiver.until(20)
        receiver.status = 200
        receiver.until(40)
        assert settled(sandbox) == {"pushed": 20}
    assert Counter(Counter(receiver.told()).values()) == {2: 20}


def test_a_pushing_gateway_stops_at_once(receiver):
    with SandboxServer("--dlr-url", receiver.url) as sandbox:
        send(sandbox)
        receiver.until(20)
        begun = time.monotonic()
        sandbox._end(signal.SIGTERM)
        assert time.monotonic() - begun < 3
        assert sandbox.log.read_text() == ""


def test_push_outcomes(receiver):
    assert get(receiver.url) == ""
    receiver.status = 404
    assert get(receiver.url) == "HTTP 404"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"nonsense\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert get(f"http://127.0.0.1:{port}/") == "no answer"
        thread.join()
    assert get(f"http://127.0.0.1:{port}/") == "no answer"
