# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong on the way, on purpose: which requests are hit, and what happens to them.

`Faults` stands before everything else and touches only Onfon's services. What breaks a connection needs a server whose
connections are `Breakable` (server.py); without one, every fault that answers works as well.
"""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from onfon_sandbox import assumptions
from onfon_sandbox.codes import Code
from onfon_sandbox.settings import BASE_PATH, SERVICES, single_slashes

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from onfon_sandbox.gateway import Gateway

NAMES: dict[str, str] = {
    "refuse": "reset as soon as the head of the request is read (a server cannot refuse a connection that it has)",
    "reset-before": "request read, not acted on, connection reset",
    "reset-after": "acted on, connection reset without a reply",
    "503-before": "not acted on, HTTP 503",
    "503-after": "acted on, HTTP 503; what was sent is listed only after --late-queue seconds",
    "429": f"not acted on, HTTP 429 with Retry-After: {assumptions.RETRY_AFTER_SECONDS}",
    "html-520": "not acted on, HTTP 520 with a page like Cloudflare's",
    "truncated": "acted on, half of the JSON under the Content-Length of all of it, connection closed",
    "hang": "acted on, never answered",
    "missing-rows": "SendBulkSMS only: acted on, every other row is left out of the answer, the first to begin with",
    "042": "SendBulkSMS only: error 042, nothing sent",
}
"""Every fault, and what it does to a request."""

SEND = ("POST", "SendBulkSMS")
ONLY_SEND = ("missing-rows", "042")
WRITE = "WRITE"
"""Stands for every verb that changes something."""

SHAPE = "NAME[@WHERE]:EVERY:SEED"
EXAMPLE = "reset-after@POST/Group:10:1"

CONNECTION = "onfon.connection"
"""The key in the `state` of the ASGI scope with the request's connection, a `Breakable`."""

LATE = "onfon.late"
"""The key in the ASGI scope with the seconds after which the lists show what this request sent."""

HTML = b"text/html; charset=UTF-8"
PAGE = """<!DOCTYPE html>
<html lang="en-US">
<head><title>{title}</title></head>
<body><div id="cf-wrapper"><h1>{title}</h1><p>The sandbox gateway was told to fail here (--fault).</p></div></body>
</html>
"""

Event = MutableMapping[str, Any]


class Breakable(Protocol):
    """A connection that can end otherwise than with an answer."""

    def reset(self) -> None:
        """Drop it at once, with an RST."""

    def close(self) -> None:
        """Send what was written, and close it."""

    def hang(self) -> None:
        """Know that no answer comes: a server that shuts down need not wait for one."""


class Fault:
    """One `--fault`: which requests it hits, and how many it met and hit."""

    def __init__(self, text: str) -> None:
        """Read NAME[@WHERE]:EVERY:SEED; ValueError with what is wrong about it."""
        self.text = text
        what, every, seed = ([part.strip() for part in text.split(":")] + [""] * 3)[:3]
        if text.count(":") != 2 or not _whole(every, 1) or not _whole(seed, 0):
            raise ValueError(
                f"{text!r} is not {SHAPE}, like {EXAMPLE}, with whole numbers, EVERY from 1 and SEED from 0"
            )
        name, at, where = what.partition("@")
        self.name = name.strip().lower()
        if self.name not in NAMES:
            raise ValueError(f"{text!r} names no fault: choose from {', '.join(NAMES)}")
        self.targets = _targets(where, self.name)
        if not self.targets or (at and not where.strip()):
            services = "only POST/SendBulkSMS" if self.name in ONLY_SEND else "a verb, a service or both"
            raise ValueError(f"{text!r} hits no service: after @ comes {services}, like WRITE, Group or GET/sms")
        self.every = int(every)
        self.requests = self.hits = 0
        self._random = random.Random(int(seed))  # noqa: S311 - it is to be repeatable, and guards nothing

    def chosen(self) -> bool:
        """Count one more request, and tell if it is one to hit; the seed alone decides which ones are."""
        self.requests += 1
        return self._random.randrange(self.every) == 0


class Faults:
    """ASGI middleware that lets the first fault that hits a request have it."""

    def __init__(self, app: ASGIApp, gateway: Gateway, faults: Sequence[Fault]) -> None:
        self.app = app
        self.gateway = gateway
        self.faults = faults
        self._effects: dict[str, Callable[[Scope, Receive, Send], Awaitable[None]]] = {
            "refuse": self._refuse,
            "reset-before": self._reset_before,
            "reset-after": self._reset_after,
            "503-before": self._unavailable_before,
            "503-after": self._unavailable_after,
            "429": self._too_many_requests,
            "html-520": self._web_server_error,
            "truncated": self._truncated,
            "hang": self._hang,
            "missing-rows": self._missing_rows,
            "042": self._too_many_numbers,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hit a request for a service, or let it through."""
        fault = self._choose(scope) if scope["type"] == "http" else None
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await self._effects[fault.name](scope, receive, send)

    def _choose(self, scope: Scope) -> Fault | None:
        """Return the fault that has this request. Each one draws, so that none depends on the others' luck."""
        target = (scope["method"], single_slashes(scope["path"]).lower().removeprefix(BASE_PATH + "/"))
        chosen = [fault for fault in self.faults if target in fault.targets and fault.chosen()]
        if not chosen:
            return None
        chosen[0].hits += 1
        return chosen[0]

    # --- without a reply

    async def _refuse(self, scope: Scope, receive: Receive, _send: Send) -> None:
        _connection(scope).reset()
        await _gone(receive)

    async def _reset_before(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _body_read(receive)
        await self._refuse(scope, receive, send)

    async def _reset_after(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer_of(scope, receive)
        await self._refuse(scope, receive, send)

    async def _hang(self, scope: Scope, receive: Receive, _send: Send) -> None:
        await self._answer_of(scope, receive)
        _connection(scope).hang()
        await _gone(receive)

    async def _truncated(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await self._answer_of(scope, receive)
        await send(start)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        _connection(scope).close()
        await _gone(receive)

    # --- with another reply

    async def _unavailable_before(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await _body_read(receive)
        await _page(send, 503, "503 Service Temporarily Unavailable")

    async def _unavailable_after(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer_of({**scope, LATE: self.gateway.settings.late_queue}, receive)
        await _page(send, 503, "503 Service Temporarily Unavailable")

    async def _too_many_requests(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await _body_read(receive)
        retry_after = str(assumptions.RETRY_AFTER_SECONDS).encode()
        await _page(send, 429, "429 Too Many Requests", (b"retry-after", retry_after))

    async def _web_server_error(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await _body_read(receive)
        await _page(send, 520, "520: Web server is returning an unknown error", (b"server", b"cloudflare"))

    async def _too_many_numbers(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await _body_read(receive)
        refusal = self.gateway.dialect.refusal(Code.TOO_MANY_NUMBERS)
        await _reply(send, assumptions.REFUSAL_HTTP_STATUS, b"application/json", json.dumps(refusal).encode())

    async def _missing_rows(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await self._answer_of(scope, receive)
        envelope = json.loads(body)
        if isinstance(envelope["Data"], list):
            envelope["Data"] = envelope["Data"][1::2]
        await _reply(send, start["status"], b"application/json", json.dumps(envelope).encode())

    # --- what all of them need

    async def _answer_of(self, scope: Scope, receive: Receive) -> tuple[Event, bytes]:
        """Let the gateway act; return the answer's start and body, which nobody has seen yet."""
        events: list[Event] = []

        async def keep(event: Event) -> None:
            events.append(event)

        await self.app(scope, receive, keep)
        return events[0], b"".join(event.get("body", b"") for event in events[1:])


def _targets(where: str, name: str) -> frozenset[tuple[str, str]]:
    """Return the verbs and services (in small letters) that VERB, SERVICE or VERB/SERVICE stands for; blank: all."""
    verb, _slash, service = where.strip().strip("/").upper().partition("/")
    if verb not in (WRITE, "GET", "POST", "PUT", "DELETE"):
        verb, service = "", where.strip().strip("/").upper()
    return frozenset(
        (one, path.lower())
        for path, verbs in SERVICES.items()
        for one in verbs
        if verb in ("", one) or (verb == WRITE and one != "GET")
        if service in ("", path.upper())
        if name not in ONLY_SEND or (one, path) == SEND
    )


def _whole(text: str, least: int) -> bool:
    return text.isdecimal() and len(text) < 19 and int(text) >= least


def _connection(scope: Mapping[str, Any]) -> Breakable:
    connection: Breakable = scope["state"][CONNECTION]
    return connection


async def _body_read(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _gone(receive: Receive) -> None:
    """Wait until the connection is no more."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _page(send: Send, status: int, title: str, *headers: tuple[bytes, bytes]) -> None:
    await _reply(send, status, HTML, PAGE.format(title=title).encode(), *headers)


async def _reply(send: Send, status: int, kind: bytes, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = str(len(body)).encode()
    named = [(b"content-type", kind), (b"content-length", length), *headers]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})
