# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account in memory, in the place of the client's transport: no socket, and every failure on demand."""

from __future__ import annotations

import collections
import datetime
import json
import threading
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._errors import TRANSPORT, OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import NoReplyError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Reply
from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT

CONNECTION = Connection("http://127.0.0.1:1/v1/sms", api_key="api+key/1==", client_id="acme", access_key="access-key-1")


MORNING = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=EAT).timestamp()
LOST = "The reply is lost."


class Killed(BaseException):
    """The process ends here, as with kill -9: nobody is to handle this."""


class Fault(t.NamedTuple):
    """What becomes of one request.

    acts: what was asked is done all the same; first: this happens before it; late: seconds until the log shows it.
    """

    outcome: Reply | BaseException
    acts: bool = False
    first: t.Callable[[], None] | None = None
    late: float = 0.0


class Texted(t.NamedTuple):
    """A message that the gateway took. submitted: as in the log; shown: from when on the log has it."""

    number: str
    text: str
    sender_id: str
    message_id: str
    submitted: str
    shown: float


class Account:
    """Groups and templates as rows of the wire, by id, and everybody who was texted.

    store: turns the texts of a write into what the account keeps. now: the gateway's clock.
    requests: (method, service) of every request; writes: those of them that are no GET. sessions: how many were begun.
    written: (method, service, id, texts) of every write of a group or template that was carried out.
    texted: every message that was taken; sends: what each call of SendBulkSMS asked for; days: for which the log was.
    refused: the code for the row of a number; most: how many numbers one call may have; credits: the balance.
    fates: for a number, the network's final word, and after how many seconds it comes.
    """

    def __init__(self, *, store: t.Callable[[str], str] = str, now: t.Callable[[], float] = lambda: MORNING) -> None:
        self.rows: dict[str, dict[int, dict[str, t.Any]]] = {"Group": {}, "Template": {}}
        self.requests: list[tuple[str, str]] = []
        self.written: list[tuple[str, str, int | None, dict[str, str]]] = []
        self.store = store
        self.sessions = 0
        self.texted: list[Texted] = []
        self.sends: list[dict[str, t.Any]] = []
        self.days: list[tuple[str, str]] = []
        self.refused: dict[str, object] = {}
        self.most: int | None = None
        self.credits = "KSh1000"
        self.fates: dict[str, tuple[str, float]] = {}
        self._now = now
        self._faults: dict[str, collections.deque[Fault | None]] = collections.defaultdict(collections.deque)
        self._last_id = 0
        self._lock = threading.RLock()

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

    # Each is for the next request of a method ("POST") or of a service ("sms").

    def works(self, method: str) -> None:
        """Let the request pass, before the failures that are scripted after this."""
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
        """Answer with an error code."""
        self._faults[method].append(Fault(_reply(code, "No", None, status, retried), acts, first))

    def loses(self, method: str, *, acts: bool, first: t.Callable[[], None] | None = None, late: float = 0.0) -> None:
        """Lose the reply."""
        error = OnfonError(LOST, error_class=TRANSPORT, hint="Run again.", may_have_acted=True)
        self._faults[method].append(Fault(error, acts, first, late))

    def refuses(self, method: str, *, first: t.Callable[[], None] | None = None) -> None:
        """Let no connection be made."""
        error = NoReplyError("No connection.", "Check api_url.", may_have_acted=False)
        self._faults[method].append(Fault(error, first=first))

    def kills(self, method: str, *, acts: bool) -> None:
        """Let the run die within the request."""
        self._faults[method].append(Fault(Killed(), acts))

    def answers(
        self, method: str, status: int, body: bytes, *, acts: bool = False, first: t.Callable[[], None] | None = None
    ) -> None:
        """Answer with these bytes."""
        self._faults[method].append(Fault(Reply(status, body), acts, first))

    def happens(self, method: str, first: t.Callable[[], None]) -> None:
        """Let this happen before the request, and the request pass."""
        self._faults[method].append(Fault(_PASSES, acts=True, first=first))

    def meets(self, faults: t.Iterable[str]) -> None:
        """Let these meet the next writes of each method: "works", "lost" or a code, and ", acts" if it is done."""
        for fault in faults:
            kind, _comma, acts = fault.partition(", ")
            for method in ("POST", "PUT", "DELETE"):
                if kind == "works":
                    self.works(method)
                elif kind == "lost":
                    self.loses(method, acts=bool(acts))
                else:
                    self.fails(method, kind, acts=bool(acts))

    # --- who was texted -----------------------------------------------------------------------------------------------

    def text(
        self,
        number: str,
        text: str,
        *,
        sender_id: str = "ACME",
        submitted: str | None = None,
        message_id: str | None = None,
        late: float = 0.0,
    ) -> str:
        """Take one message; returns its id. submitted: as the log shows it, the present where it is None."""
        now = self._now()
        if submitted is None:
            submitted = f"{datetime.datetime.fromtimestamp(now, EAT):%Y-%m-%d %H:%M:%S}"
        if message_id is None:
            message_id = f"id-{len(self.texted) + 1}"
        self.texted.append(Texted(number, text, sender_id, message_id, submitted, now + late))
        return message_id

    @property
    def people(self) -> list[str]:
        """The numbers that were texted, in this order."""
        return [texted.number for texted in self.texted]

    @property
    def batch_sizes(self) -> list[int]:
        """How many numbers each call of SendBulkSMS had."""
        return [len(asked["MessageParameters"]) for asked in self.sends]

    def count(self, service: str) -> int:
        """How many requests there were to a service."""
        return sum(asked == service for _method, asked in self.requests)

    # --- the transport's side -----------------------------------------------------------------------------------------

    def __enter__(self) -> Account:
        self.sessions += 1
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
        with self._lock:
            return self._request(method, service, {**(query or {}), **(body or {})})

    def _request(self, method: str, service: str, asked: dict[str, t.Any]) -> Reply:
        self.requests.append((method, service))
        if service == "SendBulkSMS":
            self.sends.append(dict(asked))
        scripted = self._faults[service] or self._faults[method]
        fault = scripted.popleft() if scripted else None
        if fault is None:
            return self._act(method, service, asked)
        if fault.first:
            fault.first()
        done = self._act(method, service, asked, fault.late) if fault.acts else None
        if isinstance(fault.outcome, BaseException):
            raise fault.outcome
        return done if done and fault.outcome is _PASSES else fault.outcome

    def _act(self, method: str, service: str, asked: dict[str, t.Any], late: float = 0.0) -> Reply:
        if service == "SendBulkSMS":
            return self._send(asked, late)
        if service == "sms":
            return self._log(asked)
        if service == "Balance":
            return _reply(0, "Success", [{"PluginType": "SMS", "Credits": self.credits}])
        rows = self.rows[service]
        if method == "GET":
            return _reply(0, "Success", [{f"{service}Id": identity, **row} for identity, row in rows.items()])
        identity = asked.pop("id", None)
        for name in ("ApiKey", "ClientId"):
            del asked[name]
        self.written.append((method, service, identity, asked))
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

    def _send(self, asked: dict[str, t.Any], late: float) -> Reply:
        messages = asked["MessageParameters"]
        if self.most is not None and len(messages) > self.most:
            return _reply("042", "Too many", None)
        return _reply(0, "null", [self._take(asked["SenderId"], message, late) for message in messages])

    def _take(self, sender_id: str, message: dict[str, str], late: float) -> dict[str, object]:
        """A row of the answer."""
        number = message["Number"]
        code = self.refused.get(number, 0)
        taken = "" if code else self.text(number, message["Text"], sender_id=sender_id, late=late)
        return {"MessageErrorCode": code, "MessageErrorDescription": "", "MobileNumber": number, "MessageId": taken}

    def _log(self, asked: dict[str, t.Any]) -> Reply:
        """What was submitted, on whatever day."""
        self.days.append((asked["fromdate"], asked["enddate"]))
        rows = [texted for texted in self.texted if texted.shown <= self._now()]
        page = rows[asked["start"] : asked["start"] + asked["length"]]
        return _reply(0, "null", [_log_row(texted, self._state(texted)) for texted in page])

    def _state(self, texted: Texted) -> str:
        """What the network says of a message by now."""
        state, seconds = self.fates.get(texted.number, ("SUBMITTED", 0.0))
        return state if self._now() >= texted.shown + seconds else "SUBMITTED"

    def _add(self, service: str, row: dict[str, t.Any]) -> int:
        self._last_id += 1
        defaults: dict[str, t.Any] = {"ContactCount": 0} if service == "Group" else {"IsApproved": False}
        self.rows[service][self._last_id] = {**defaults, **row}
        return self._last_id


def _log_row(texted: Texted, status: str) -> dict[str, str]:
    return {
        "MobileNumber": texted.number,
        "SenderId": texted.sender_id,
        "Message": texted.text,
        "SubmitDate": texted.submitted,
        "DoneDate": "",
        "MessageId": texted.message_id,
        "Status": status,
        "ErrorCode": "000",
    }


def _reply(code: object, description: str, data: object, status: int = 200, retried: bool = False) -> Reply:
    body = json.dumps({"ErrorCode": code, "ErrorDescription": description, "Data": data})
    return Reply(status, body.encode(), retried)


_PASSES: t.Final = Reply(200, b"")
