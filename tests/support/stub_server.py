# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""StubServer: a gateway on a loopback port with scripted answers.

with StubServer() as stub:
    stub.envelope([{"GroupId": 1, "GroupName": "Ops", "ContactCount": 0}])  # answers the first request
    stub.reset()                                                           # resets the connection of the second
    ...
    assert stub.requests[0].query == {"ApiKey": "k", "ClientId": "c"}

Answers are used in the order in which they were queued; without one left, a request gets HTTP 501.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import json
import select
import socket
import ssl
import struct
import threading
import typing as t
from urllib.parse import parse_qsl, urlsplit

TLS_HELLO = b"\x16"  # the first byte of a TLS client
IDLE_SECONDS = 10.0  # after which a thread of the stub gives up on a silent client


@dataclasses.dataclass(frozen=True)
class Request:
    """One request. query: the last value of each name; headers: names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> t.Any:
        """The body as JSON, None where there is no body."""
        return json.loads(self.body) if self.body else None


class Answer(t.NamedTuple):
    """What happens to one request. do: "send", "reset", "reset_unread" or "hang"."""

    do: str = "send"
    status: int = 200
    headers: t.Mapping[str, str] = {}
    body: bytes = b""
    promised: int | None = None  # Content-Length, where it is not the body's
    last: bool = False  # from now on connections are refused


class StubServer:
    """The gateway; use it as a context manager.

    tls: an ssl.SSLContext of a server, for https.
    listening: False to refuse connections until listen() is called.
    requests: the requests, in order.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, listening: bool = True) -> None:
        self.requests: list[Request] = []
        self._answers: collections.deque[Answer] = collections.deque()
        self._tls = tls
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        self._listener = socket.socket()
        # Bound and not listening, a port belongs to this stub and refuses connections.
        self._listener.bind(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        if listening:
            self.listen()

    @property
    def connections(self) -> int:
        """The number of connections."""
        return len(self._connections)

    @property
    def address(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The value for api_url."""
        return f"{self.address}/v1/sms"

    def __enter__(self) -> StubServer:
        return self

    def __exit__(self, *dummy: object) -> None:
        self.close()

    # --- answers ------------------------------------------------------------------------------------------------------

    def answer(
        self,
        status: int = 200,
        *,
        json_body: object = None,
        body: bytes | str = b"",
        headers: t.Mapping[str, str] | None = None,
    ) -> StubServer:
        """Queue a reply."""
        if json_body is not None:
            body = json.dumps(json_body)
        content = body.encode() if isinstance(body, str) else body
        self._answers.append(Answer(status=status, headers=dict(headers or {}), body=content))
        return self

    def envelope(
        self,
        data: object = None,
        *,
        code: object = 0,
        description: str | None = "Success",
        status: int = 200,
        headers: t.Mapping[str, str] | None = None,
    ) -> StubServer:
        """Queue a reply in Onfon's envelope."""
        return self.answer(
            status, json_body={"ErrorCode": code, "ErrorDescription": description, "Data": data}, headers=headers
        )

    def truncate(self, body: bytes = b'{"ErrorCode":0,"Da') -> StubServer:
        """Queue a reply that is cut off: more is promised than comes."""
        self._answers.append(Answer(body=body, promised=len(body) + 100))
        return self

    def reset(self, *, unread: bool = False, last: bool = False) -> StubServer:
        """Queue a broken connection, after the request was read or before (unread)."""
        self._answers.append(Answer("reset_unread" if unread else "reset", last=last))
        return self

    def hang(self) -> StubServer:
        """Queue a request that is read and never answered."""
        self._answers.append(Answer("hang"))
        return self

    # --- listening ----------------------------------------------------------------------------------------------------

    def listen(self) -> None:
        """Accept connections."""
        self._listener.listen(32)
        self._start(self._accept)

    def refuse(self) -> None:
        """Refuse every connection from now on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        self._over.set()
        self.refuse()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(IDLE_SECONDS)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _start(self, work: t.Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # A client that leaves in the middle is what some tests are about.
        with connection, contextlib.suppress(OSError):
            connection.settimeout(IDLE_SECONDS)
            if self._tls is None:
                if connection.recv(1, socket.MSG_PEEK) == TLS_HELLO:
                    connection.sendall(b"HTTP/1.1 400 This is plain HTTP\r\nContent-Length: 0\r\n\r\n")
                else:
                    self._talk(connection)
                return
            with self._tls.wrap_socket(connection, server_side=True) as safe:
                self._talk(safe)

    def _talk(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            while self._wait_for_request(connection):
                if self._answers and self._answers[0].do == "reset_unread":
                    self._reset(connection, self._answers.popleft())
                    return
                request = _read(stream)
                if request is None:
                    return
                self.requests.append(request)
                if not self._reply(connection, request):
                    return

    @staticmethod
    def _wait_for_request(connection: socket.socket) -> bool:
        pending = isinstance(connection, ssl.SSLSocket) and connection.pending()
        return bool(pending or select.select([connection], [], [], IDLE_SECONDS)[0])

    def _reply(self, connection: socket.socket, request: Request) -> bool:
        """Answer as scripted; False ends the connection."""
        nothing = Answer(status=501, body=f"no answer left for {request.method} {request.path}".encode())
        answer = self._answers.popleft() if self._answers else nothing
        if answer.do == "hang":
            self._over.wait(IDLE_SECONDS)
            return False
        if answer.do == "reset":
            self._reset(connection, answer)
            return False
        length = len(answer.body) if answer.promised is None else answer.promised
        lines = [f"HTTP/1.1 {answer.status} -", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + answer.body)
        return answer.promised is None

    def _reset(self, connection: socket.socket, answer: Answer) -> None:
        if answer.last:
            self.refuse()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _read(stream: t.BinaryIO) -> Request | None:
    """The next request of a connection, None where the client has left."""
    first = stream.readline().decode("latin-1").split()
    if not first:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _colon, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(first[0], first[1], headers, stream.read(int(headers.get("content-length", "0"))))
