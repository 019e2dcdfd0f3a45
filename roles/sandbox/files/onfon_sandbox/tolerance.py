# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform lets pass: any letter case, and any argument in the query, a JSON body or a form body, on any verb.

`Tolerance` stands before the application and rewrites each request for a service into the documented form: the path
and the names in their own spelling, every plain argument in the query, and, where a body is documented, all of them in
a JSON body. The routes behind it can then be as strict as the documentation. It judges nothing: a body that cannot be
read is marked, and left to the routes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onfon_sandbox.settings import is_service, single_slashes

ARGUMENTS = "onfon.arguments"
"""The key in the ASGI scope with all arguments by their own names; None if the body could not be read."""

ROWS = "MessageParameters"
INDEXED = re.compile(rf"{ROWS}\[(\d{{1,6}})\]\.?\[?(\w+)\]?", re.IGNORECASE)


class Tolerance:
    """ASGI middleware for Onfon's services; `paths` and `names` are the documented spellings."""

    def __init__(self, app: ASGIApp, paths: Iterable[str], names: Iterable[str]) -> None:
        self.app = app
        self.paths = {path.lower(): path for path in paths}
        self.names = {name.lower(): name for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite a request for a service; let everything else through."""
        if scope["type"] != "http" or not is_service(scope["path"]):
            await self.app(scope, receive, send)
            return
        path = single_slashes(scope["path"])
        body = await _whole(receive)
        headers = dict(scope["headers"])
        content_type = headers.pop(b"content-type", b"").decode("latin-1")
        headers.pop(b"content-length", None)
        query = self._named(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        try:
            given = self._read(body, content_type)
            arguments = {**query, **{name: value for name, value in given.items() if not query.get(name)}}
            known: dict[str, Any] | None = arguments
        except (ValueError, RecursionError):
            arguments, known = query, None

        plain = {name: str(value) for name, value in arguments.items() if isinstance(value, (str, int, float))}
        rewritten = b""
        if scope["method"] in ("POST", "PUT"):
            rewritten = json.dumps(arguments).encode()
            headers[b"content-type"] = b"application/json"
            headers[b"content-length"] = str(len(rewritten)).encode()
        documented = {
            **scope,
            "path": self.paths.get(path.lower(), path),
            "query_string": urlencode(plain).encode(),
            "headers": list(headers.items()),
            ARGUMENTS: known,
        }
        await self.app(documented, _replay(rewritten, receive), send)

    def _read(self, body: bytes, content_type: str) -> dict[str, Any]:
        """Return a body's arguments; ValueError if it is neither a JSON object nor a form."""
        text = body.decode("utf-8-sig").strip()
        if not text:
            return {}
        if text[0] in "{[" or "json" in content_type.lower():
            document = json.loads(text)
            if not isinstance(document, dict):
                raise ValueError("not a JSON object")
            return self._named(document.items())
        if "=" not in text:
            raise ValueError("not a form")
        return self._named(parse_qsl(text, keep_blank_values=True, errors="strict"))

    def _named(self, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """Spell names as documented; of several values for one name, the first that is not blank stands."""
        named: dict[str, Any] = {}
        indexed: dict[int, dict[str, Any]] = {}
        for given, value in pairs:
            match = INDEXED.fullmatch(given.strip())
            if match:
                indexed.setdefault(int(match[1]), {})[match[2]] = value
                continue
            name = self.names.get(given.strip().lower(), given)
            if value is not None and not named.get(name):
                named[name] = self._rows(value) if name == ROWS else _clean(value)
        if indexed and not named.get(ROWS):
            named[ROWS] = self._rows([indexed[index] for index in sorted(indexed)])
        return named

    def _rows(self, value: Any) -> Any:
        """Return MessageParameters as a list of objects: also from a single object, or from JSON in a form's field."""
        if isinstance(value, str):
            try:
                value = json.loads(value) if value.strip() else []
            except (ValueError, RecursionError):
                return _clean(value)
        rows = [value] if isinstance(value, Mapping) else value
        if not isinstance(rows, list):
            return _clean(rows)
        return [
            {self.names.get(str(name).lower(), name): _clean(one) for name, one in row.items()}
            if isinstance(row, Mapping)
            else _clean(row)
            for row in rows
        ]


def _clean(value: Any) -> Any:
    """Replace halves of surrogate pairs, which JSON can spell and nothing can store."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


async def _whole(receive: Receive) -> bytes:
    """Read a request's body to its end."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives `body` first."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
