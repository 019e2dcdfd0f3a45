# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account in memory, in the place of the client's transport: no socket, and every failure on demand."""

from __future__ import annotations

import collections
import json
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import TRANSPORT, OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Reply

CONNECTION = Connection("http://127.0.0.1:1/v1/sms", api_key="api+key/1==", client_id="acme", access_key="access-key-1")


class Fault(t.NamedTuple):
    """What becomes of one request. acts: what was asked is done all the same; first: this happens before it."""

    outcome: Reply | None  # None: the reply is lost
    acts: bool = False
    first: t.Callable[[], None] | None = None


class Account:
    """Groups and templates as rows of the wire, by id.

    store: turns the texts of a write into what the account keeps.
    requests: (method, service) of every request; writes: those of them that are no GET.
    """

    def __init__(self, *, store: t.Callable[[str], str] = str) -> None:
        self.rows: dict[str, dict[int, dict[str, t.Any]]] = {"Group": {}, "Template": {}}
        self.requests: list[tuple[str, str]] = []
        self.store = store
        self._faults: dict[str, collections.deque[Fault | None]] = collections.defaultdict(collections.deque)
        self._last_id = 0

    @property
    def client(self) -> Client:
        return Client(CONNECTION, t.cast(t.Any, self))

    @property
    def writes(self) -> list[str]:
        return [method for method, _service in self.requests if method != "GET"]

    def group(self, name: str) -> int:
        """Have a group; returns its id."""
        return self._add("Group", {"GroupName": name, "ContactCount": 3})

    def template(self, name: str, text: str) -> int:
        """Have an approved template; returns its id."""
        return self._add("Template", {"TemplateName": name, "MessageTemplate": text, "IsApproved": True})

    def names(self, service: str) -> list[str]:
        """The names of all groups or templates, in alphabetical order."""
        return sorted(row[f"{service}Name"] for row in self.rows[service].values())

    # --- failures -----------------------------------------------------------------------------------------------------

    def works(self, method: str) -> None:
        """Let the next request of this method pass before the failures that are scripted after this."""
        self._faults[method].append(None)

    def fails(
        self,
        method: str,
        code: str,
        *,
        status: int = 200,
        retried: bool = False,
        acts: bool = False,
        first: t.Callable[[], None] | None = None,
    ) -> None:
        """Answer the next request of this method with an error code."""
        self._faults[method].append(Fault(_reply(code, "No", None, status, retried), acts, first))

    def loses(self, method: str, *, acts: bool, first: t.Callable[[], None] | None = None) -> None:
        """Lose the reply to the next request of this method."""
        self._faults[method].append(Fault(None, acts, first))

    def answers(self, method: str, status: int, body: bytes, *, acts: bool = False) -> None:
        """Answer the next request of this method with these bytes."""
        self._faults[method].append(Fault(Reply(status, body), acts))

    # --- the transport's side -----------------------------------------------------------------------------------------

    def __enter__(self) -> Account:
        return self

    def __exit__(self, *dummy: object) -> None:
        pass

    def request(
        self,
        method: str,
        service: str,
        *,
        query: t.Mapping[str, t.Any] | None = None,
        body: t.Mapping[str, t.Any] | None = None,
    ) -> Reply:
        self.requests.append((method, service))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is None:
            return self._act(method, service, {**(query or {}), **(body or {})})
        if fault.first:
            fault.first()
        if fault.acts:
            self._act(method, service, {**(query or {}), **(body or {})})
        if fault.outcome is None:
            raise OnfonError("The reply is lost.", kind=TRANSPORT, hint="Run again.", may_have_acted=True)
        return fault.outcome

    def _act(self, method: str, service: str, asked: dict[str, t.Any]) -> Reply:
        rows = self.rows[service]
        if method == "GET":
            return _reply(0, "Success", [{f"{service}Id": identity, **row} for identity, row in rows.items()])
        identity = asked.pop("id", None)
        for name in ("ApiKey", "ClientId"):
            del asked[name]
        texts = {name: self.store(text) for name, text in asked.items()}
        if method == "POST":
            self._add(service, texts)
        elif identity not in rows:
            return _reply("028", "Group can not be found.", None)
        elif method == "PUT":
            rows[identity].update(texts)
        else:
            del rows[identity]
        return _reply(0, "null", f"success#{service} done.")

    def _add(self, service: str, row: dict[str, t.Any]) -> int:
        self._last_id += 1
        defaults: dict[str, t.Any] = {"ContactCount": 0} if service == "Group" else {"IsApproved": False}
        self.rows[service][self._last_id] = {**defaults, **row}
        return self._last_id


def _reply(code: object, description: str, data: object, status: int = 200, retried: bool = False) -> Reply:
    body = json.dumps({"ErrorCode": code, "ErrorDescription": description, "Data": data})
    return Reply(status, body.encode(), retried)
