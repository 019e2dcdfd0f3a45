# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""FakeTransport: an account in memory in place of the client's HTTP transport. No socket, and failures on demand."""

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
    """The process ends here, as with kill -9: no code may handle this."""


class Fault(t.NamedTuple):
    """The outcome of one request.

    acts: the request takes effect all the same; first: is called before it; late: seconds until the log shows it.
    """

    outcome: Reply | BaseException
    acts: bool = False
    first: t.Callable[[], None] | None = None
    late: float = 0.0


class LoggedMessage(t.NamedTuple):
    """An accepted message. submitted: as in the log; shown: the time from which the log has it."""

    number: str
    text: str
    sender_id: str
    message_id: str
    submitted: str
    shown: float


class FakeTransport:
    """Groups and templates as rows of the API, by id, and the messages that were accepted.

    store: turns the texts of a write into what the account keeps. now: the gateway's clock.
    requests: (method, service) of every request; writes: the methods of those that are not GET.
    sessions: how many were opened.
    written: (method, service, id, texts) of every write of a group or template that took effect.
    messages: every accepted message; send_requests: the arguments of each call of SendBulkSMS;
    log_periods: first and last day of each request for the sent log.
    row_codes: the error code of the response row of a number; max_batch: the most numbers of one call;
    credits: the balance. final_states: for a number, its final state, and the seconds after which it has it.
    """

    def __init__(self, *, store: t.Callable[[str], str] = str, now: t.Callable[[], float] = lambda: MORNING) -> None:
        self.rows: dict[str, dict[int, dict[str, t.Any]]] = {"Group": {}, "Template": {}}
        self.requests: list[tuple[str, str]] = []
        self.written: list[tuple[str, str, int | None, dict[str, str]]] = []
        self.store = store
        self.sessions = 0
        self.messages: list[LoggedMessage] = []
        self.send_requests: list[dict[str, t.Any]] = []
        self.log_periods: list[tuple[str, str]] = []
        self.row_codes: dict[str, object] = {}
        self.max_batch: int | None = None
        self.credits = "KSh1000"
        self.final_states: dict[str, tuple[str, float]] = {}
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

    def add_group(self, name: str) -> int:
        """Add a group to the account and return its id."""
        return self._add("Group", {"GroupName": name, "ContactCount": 3})

    def add_template(self, name: str, text: str) -> int:
        """Add an approved template to the account and return its id."""
        return self._add("Template", {"TemplateName": name, "MessageTemplate": text, "IsApproved": True})

    def names(self, service: str) -> list[str]:
        """The names of all groups or templates, in alphabetical order."""
        return sorted(row[f"{service}Name"] for row in self.rows[service].values())

    # --- failures -----------------------------------------------------------------------------------------------------

    # Each applies to the next request of a method ("POST") or of a service ("sms").

    def pass_through(self, method: str) -> None:
        """Let the request pass, ahead of the failures that are scripted after this."""
        self._faults[method].append(None)

    def fail(
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

    def lose_reply(
        self, method: str, *, acts: bool, first: t.Callable[[], None] | None = None, late: float = 0.0
    ) -> None:
        """Lose the reply."""
        error = OnfonError(LOST, error_class=TRANSPORT, hint="Run again.", may_have_acted=True)
        self._faults[method].append(Fault(error, acts, first, late))

    def refuse_connection(self, method: str, *, first: t.Callable[[], None] | None = None) -> None:
        """Refuse the connection."""
        error = NoReplyError("No connection.", "Check api_url.", may_have_acted=False)
        self._faults[method].append(Fault(error, first=first))

    def kill(self, method: str, *, acts: bool) -> None:
        """Kill the run within the request."""
        self._faults[method].append(Fault(Killed(), acts))

    def answer(
        self, method: str, status: int, body: bytes, *, acts: bool = False, first: t.Callable[[], None] | None = None
    ) -> None:
        """Answer with these bytes."""
        self._faults[method].append(Fault(Reply(status, body), acts, first))

    def call_before(self, method: str, first: t.Callable[[], None]) -> None:
        """Call a function before the request, and let the request pass."""
        self._faults[method].append(Fault(_PASSES, acts=True, first=first))

    def script(self, faults: t.Iterable[str]) -> None:
        """Script the next writes of each method: "works", "lost" or a code, and ", acts" if it takes effect."""
        for fault in faults:
            kind, _comma, acts = fault.partition(", ")
            for method in ("POST", "PUT", "DELETE"):
                if kind == "works":
                    self.pass_through(method)
                elif kind == "lost":
                    self.lose_reply(method, acts=bool(acts))
                else:
                    self.fail(method, kind, acts=bool(acts))

    # --- messages -----------------------------------------------------------------------------------------------------

    def add_message(
        self,
        number: str,
        text: str,
        *,
        sender_id: str = "ACME",
        submitted: str | None = None,
        message_id: str | None = None,
        late: float = 0.0,
    ) -> str:
        """Accept a message and return its id. submitted: as the log shows it; None is the present."""
        now = self._now()
        if submitted is None:
            submitted = f"{datetime.datetime.fromtimestamp(now, EAT):%Y-%m-%d %H:%M:%S}"
        if message_id is None:
            message_id = f"id-{len(self.messages) + 1}"
        self.messages.append(LoggedMessage(number, text, sender_id, message_id, submitted, now + late))
        return message_id

    @property
    def numbers(self) -> list[str]:
        """The numbers of the accepted messages, in order."""
        return [texted.number for texted in self.messages]

    @property
    def batch_sizes(self) -> list[int]:
        """The number of messages in each call of SendBulkSMS."""
        return [len(asked["MessageParameters"]) for asked in self.send_requests]

    def count(self, service: str) -> int:
        """The number of requests to a service."""
        return sum(asked == service for _method, asked in self.requests)

    # --- the interface of Transport -----------------------------------------------------------------------------------

    def __enter__(self) -> FakeTransport:
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
            self.send_requests.append(dict(asked))
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
        if self.max_batch is not None and len(messages) > self.max_batch:
            return _reply("042", "Too many", None)
        return _reply(0, "null", [self._take(asked["SenderId"], message, late) for message in messages])

    def _take(self, sender_id: str, message: dict[str, str], late: float) -> dict[str, object]:
        """A row of the response."""
        number = message["Number"]
        code = self.row_codes.get(number, 0)
        taken = "" if code else self.add_message(number, message["Text"], sender_id=sender_id, late=late)
        return {"MessageErrorCode": code, "MessageErrorDescription": "", "MobileNumber": number, "MessageId": taken}

    def _log(self, asked: dict[str, t.Any]) -> Reply:
        """The messages, on whatever day they were submitted."""
        self.log_periods.append((asked["fromdate"], asked["enddate"]))
        rows = [texted for texted in self.messages if texted.shown <= self._now()]
        page = rows[asked["start"] : asked["start"] + asked["length"]]
        return _reply(0, "null", [_log_row(texted, self._state(texted)) for texted in page])

    def _state(self, texted: LoggedMessage) -> str:
        """The present state of a message."""
        state, seconds = self.final_states.get(texted.number, ("SUBMITTED", 0.0))
        return state if self._now() >= texted.shown + seconds else "SUBMITTED"

    def _add(self, service: str, row: dict[str, t.Any]) -> int:
        self._last_id += 1
        defaults: dict[str, t.Any] = {"ContactCount": 0} if service == "Group" else {"IsApproved": False}
        self.rows[service][self._last_id] = {**defaults, **row}
        return self._last_id


def _log_row(texted: LoggedMessage, status: str) -> dict[str, str]:
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
