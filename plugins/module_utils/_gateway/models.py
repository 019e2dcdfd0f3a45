# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The rows of the gateway's answers as dataclasses; resources and balances also know how results show them."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._errors import PROTOCOL, OnfonError
from .._sms import placeholders
from . import codes
from .envelope import Row

_SMS_PLUGIN = "sms"
# A currency may stand on either side, with a dot or without. Commas count only between thousands: 12,50 is unclear.
_CREDITS = re.compile(
    r"(?P<before>[^\d.,-]*)\.?\s*(?P<amount>-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?)(?P<after>[^\d.,-]*)"
)
# What the number of messages of a campaign may be called.
TOTALS: t.Final = ("TotalCount", "Total_Count", "Total", "TotalMessages", "TotalSms", "TotalContacts")
_COUNT = re.compile(r"\d{1,15}", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Group:
    """A contact group. id is None for one that is only planned."""

    id: int | None
    name: str
    contact_count: int | None = 0

    @classmethod
    def from_row(cls, row: Row) -> Group:
        return cls(row.identity("GroupId"), row.raw_text("GroupName"), row.number("ContactCount"))

    def as_result(self) -> dict[str, t.Any]:
        """{id: int, name: str, contact_count: int}."""
        return {**vars(self)}


@dataclasses.dataclass(frozen=True)
class Template:
    """A message template. id, approved and the dates are None where Onfon has not told them (yet).

    created, approved_date: text in Onfon's spelling, such as "Mar 19, 2018".
    """

    id: int | None
    name: str
    text: str
    approved: bool | None = None
    active: bool | None = None
    created: str | None = None
    approved_date: str | None = None
    company_id: int | None = None

    @classmethod
    def from_row(cls, row: Row) -> Template:
        return cls(
            id=row.identity("TemplateId"),
            name=row.raw_text("TemplateName"),
            text=row.raw_text("MessageTemplate"),
            approved=row.flag("IsApproved"),
            active=row.flag("IsActive"),
            # The platform really spells it so; the right spelling may come one day.
            created=row.raw_text("CreatededDate") or row.raw_text("CreatedDate") or None,
            approved_date=row.raw_text("ApprovedDate") or None,
            company_id=row.number("CompanyId"),
        )

    @property
    def fields(self) -> list[str]:
        """The names of the ##Field## placeholders, once each, in order of appearance."""
        return placeholders.names(self.text)

    def as_result(self) -> dict[str, t.Any]:
        """All attributes, and fields: list of str."""
        return {**vars(self), "fields": self.fields}


@dataclasses.dataclass(frozen=True)
class Balance:
    """What is left of one kind of credit.

    credits: the number in raw, None where raw holds none, or several.
    currency: what stands around the number ("KSh"), None where nothing does.
    """

    plugin_type: str
    credits: float | None
    currency: str | None
    raw: str

    @classmethod
    def from_row(cls, row: Row) -> Balance:
        raw = row.text("Credits")
        plugin_type = row.text("PluginType")
        parts = _CREDITS.fullmatch(raw)
        # .50 would be read as 50.
        if parts is None or (raw.startswith(".") and not parts["before"]):
            return cls(plugin_type, None, None, raw)
        currency = (parts["before"] + parts["after"]).strip()
        return cls(plugin_type, float(parts["amount"].replace(",", "")), currency or None, raw)

    def as_result(self) -> dict[str, t.Any]:
        """{plugin_type: str, credits: float, currency: str, raw: str}."""
        return dataclasses.asdict(self)


def sms_credits(balances: t.Iterable[Balance]) -> float:
    """What is left for SMS. Raises OnfonError where Onfon does not tell it as one number."""
    sms = next((balance for balance in balances if balance.plugin_type.strip().lower() == _SMS_PLUGIN), None)
    if sms is None:
        raise OnfonError(
            "Onfon lists no balance for SMS: ask Onfon support if the account may send SMS.", error_class=PROTOCOL
        )
    if sms.credits is None:
        raise OnfonError(
            f'Onfon gives the SMS balance as "{sms.raw}", which is not one number: look at it in the portal.',
            error_class=PROTOCOL,
        )
    return sms.credits


class Sendable(t.Protocol):
    """One text to one number."""

    @property
    def msisdn(self) -> str:
        """The number: digits with the country code and without a plus, as Onfon wants them."""

    @property
    def text(self) -> str:
        """The text."""


@dataclasses.dataclass(frozen=True)
class LogRow:
    """One row of the sent log. submitted, done: in Onfon's spelling; status: the network's word, in its spelling.

    error_code: the network's, not one of codes.py. What the row does not hold is "".
    """

    message_id: str
    number: str
    sender_id: str
    text: str
    submitted: str
    done: str
    status: str
    error_code: str

    @classmethod
    def from_row(cls, row: Row) -> LogRow:
        return cls(
            message_id=row.raw_text("MessageId").strip(),
            number=row.raw_text("MobileNumber").strip(),
            sender_id=row.raw_text("SenderId").strip(),
            text=row.raw_text("Message"),
            submitted=row.raw_text("SubmitDate").strip(),
            done=row.raw_text("DoneDate").strip(),
            status=row.raw_text("Status").strip(),
            error_code=row.raw_text("ErrorCode").strip(),
        )


@dataclasses.dataclass(frozen=True)
class Campaign:
    """One campaign. Onfon does not publish what its fields are called: those that were not found are None.

    scheduled, created: in Onfon's spelling. raw: the row as it came.
    """

    id: str | None
    name: str | None
    sender_id: str | None
    text: str | None
    total: int | None
    scheduled: str | None
    created: str | None
    status: str | None
    raw: dict[str, t.Any]

    @classmethod
    def from_row(cls, row: Row) -> Campaign:
        return cls(
            id=row.first("CampaignId", "Campaign_Id", "Id"),
            name=row.first("CampaignName", "Campaign_Name", "Campaign", "Name", "Title"),
            sender_id=row.first("SenderId", "Sender_Id", "SenderName", "Sender"),
            text=row.first("Message", "MessageText", "Text", "Sms", "Content"),
            total=as_count(row.first(*TOTALS)),
            scheduled=row.first("ScheduleDate", "ScheduledDate", "ScheduleDateTime", "ScheduleTime", "ScheduledOn"),
            # Templates spell it wrong, and so may campaigns.
            created=row.first("CreatedDate", "CreatededDate", "CreateDate", "CreatedOn", "CreatedAt", "SubmitDate"),
            status=row.first("Status", "CampaignStatus", "State"),
            raw=row.raw,
        )


def as_count(value: object) -> int | None:
    """The number of messages that a value stands for, None where it is no such number."""
    if isinstance(value, bool):
        return None
    text = str(value).strip()
    return int(text) if _COUNT.fullmatch(text) else None


@dataclasses.dataclass(frozen=True)
class ResponseRow:
    """What the gateway answers about one message of a call. code is None where the row has none."""

    number: str
    message_id: str | None
    code: int | str | None
    description: str

    @classmethod
    def from_row(cls, row: Row) -> ResponseRow:
        code = row.text("MessageErrorCode")
        return cls(
            number=row.raw_text("MobileNumber").strip(),
            message_id=row.raw_text("MessageId").strip() or None,
            code=codes.parse(code) if code else None,
            description=row.text("MessageErrorDescription"),
        )
