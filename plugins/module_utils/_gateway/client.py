# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The gateway's services, one method each. Raises OnfonError; its texts never hold a secret.

The requests are those of Onfon's REST page: the keys go into the query of GET and DELETE, and into the JSON
body of POST and PUT.
"""

from __future__ import annotations

import datetime
import typing as t

from .connection import Connection
from .envelope import Answer, Row
from .errors import ApiError
from .models import Balance, Campaign, Group, LogRow, ResponseRow, Sendable, Template
from .transport import Transport

_INVALID_CREDENTIALS = "007"
# The second one is a sibling's: "report not found".
_NOT_FOUND = frozenset({"028", "041"})


class Client:
    """One account at the gateway; use it as a context manager."""

    def __init__(self, connection: Connection, transport: Transport) -> None:
        self._connection = connection
        self._transport = transport
        self._credentials = {"ApiKey": connection.api_key, "ClientId": connection.client_id}
        self._hints = {_INVALID_CREDENTIALS: connection.exchanged_keys}

    def __enter__(self) -> Client:
        self._transport.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._transport.__exit__(*error)

    def balances(self) -> list[Balance]:
        """GET Balance."""
        return [Balance.from_row(row) for row in self._ask("GET", "Balance").rows()]

    def groups(self) -> list[Group]:
        """GET Group."""
        return [Group.from_row(row) for row in self._list("Group")]

    def add_group(self, name: str) -> None:
        """POST Group; the reply does not tell the new id."""
        self._write("POST", "Group", body={"GroupName": name})

    def update_group(self, identity: int, name: str) -> None:
        """PUT Group."""
        self._write("PUT", "Group", query={"id": identity}, body={"GroupName": name})

    def delete_group(self, identity: int) -> None:
        """DELETE Group."""
        self._write("DELETE", "Group", query={"id": identity})

    def templates(self) -> list[Template]:
        """GET Template."""
        return [Template.from_row(row) for row in self._list("Template")]

    def add_template(self, name: str, text: str) -> None:
        """POST Template; the reply does not tell the new id."""
        self._write("POST", "Template", body={"TemplateName": name, "MessageTemplate": text})

    def update_template(self, identity: int, name: str, text: str) -> None:
        """PUT Template."""
        self._write("PUT", "Template", query={"id": identity}, body={"TemplateName": name, "MessageTemplate": text})

    def delete_template(self, identity: int) -> None:
        """DELETE Template."""
        self._write("DELETE", "Template", query={"id": identity})

    def send(
        self,
        messages: t.Iterable[Sendable],
        *,
        sender_id: str,
        unicode: bool = False,
        flash: bool = False,
        schedule: str | None = None,
    ) -> list[ResponseRow]:
        """POST SendBulkSMS: the gateway's rows, which may be fewer than the messages, and in any order.

        schedule: "YYYY-MM-DD HH:MM" in Nairobi's time, None to deliver at once.
        """
        body: dict[str, t.Any] = {
            "SenderId": sender_id,
            "IsUnicode": unicode,
            "IsFlash": flash,
            "MessageParameters": [{"Number": message.msisdn, "Text": message.text} for message in messages],
        }
        if schedule is not None:
            body["ScheduleDateTime"] = schedule
        return [ResponseRow.from_row(row) for row in self._ask("POST", "SendBulkSMS", body=body).rows()]

    def sent(self, first: datetime.date, last: datetime.date, start: int, length: int) -> list[LogRow]:
        """GET sms: a page of the sent log, however the gateway counts start and length (see _reading/paging.py)."""
        return [LogRow.from_row(row) for row in self._list("sms", _page(first, last, start, length))]

    def campaigns(self, first: datetime.date, last: datetime.date, start: int, length: int) -> list[Campaign]:
        """GET Campaign: a page of the campaigns, counted as the sent log is."""
        return [Campaign.from_row(row) for row in self._list("Campaign", _page(first, last, start, length))]

    def statistics(self, campaign: str) -> list[dict[str, t.Any]]:
        """GET Campaign/Statistics: the rows about one campaign as they came, as nobody knows what is in them."""
        return [row.raw for row in self._list("Campaign/Statistics", {"campaignId": campaign})]

    def redact(self, text: str) -> str:
        """A text of the gateway as results may hold it: without the keys."""
        return self._connection.redact(text)

    def _list(self, service: str, query: t.Mapping[str, t.Any] | None = None) -> list[Row]:
        """All objects of a service. That there are none may be told with an error."""
        try:
            return self._ask("GET", service, query=query).rows()
        except ApiError as error:
            if error.code not in _NOT_FOUND:
                raise
            return []

    def _write(self, method: str, service: str, **request: t.Mapping[str, t.Any]) -> None:
        """One call whose answer only says if it was done."""
        self._ask(method, service, **request).data()

    def _ask(
        self,
        method: str,
        service: str,
        *,
        query: t.Mapping[str, t.Any] | None = None,
        body: t.Mapping[str, t.Any] | None = None,
    ) -> Answer:
        if body is None:
            query = {**(query or {}), **self._credentials}
        else:
            body = {**body, **self._credentials}
        reply = self._transport.request(method, service, query=query, body=body)
        return Answer(service, reply, self.redact, self._hints)


def _page(first: datetime.date, last: datetime.date, start: int, length: int) -> dict[str, t.Any]:
    """The query for a page of what was done on these days."""
    return {"fromdate": first.isoformat(), "enddate": last.isoformat(), "start": start, "length": length}
