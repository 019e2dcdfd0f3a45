# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the gateway does, without HTTP: one method a service, RefusalError where the platform has an error code."""

from __future__ import annotations

import math
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onfon_sandbox import assumptions, calendar_eat, money, msisdn, reports, segments
from onfon_sandbox.codes import Code, RefusalError
from onfon_sandbox.delivery import Networks
from onfon_sandbox.dialect import DIALECTS, RowRefusal
from onfon_sandbox.settings import Settings
from onfon_sandbox.store import Message, Store

Row = dict[str, Any]


@dataclass(frozen=True)
class Submission:
    """A SendBulkSMS as it was asked for: `recipients` are pairs of number and text.

    `late`: how many seconds it waits before it is queued; until then, no list of the account shows it.
    """

    sender_id: str
    recipients: list[tuple[str, str]]
    unicode: bool
    flash: bool
    schedule: str
    late: float = 0.0


class Gateway:
    """One account on the platform. Time is passed in as `clock` (seconds since the epoch), so that no test waits."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.dialect = DIALECTS[settings.dialect]
        self.networks = Networks(settings)
        self._price = money.units(settings.price)

    # --- who may call

    def check_access_key(self, given: str | None) -> None:
        """Refuse a call without the right AccessKey, unless the gateway is lax about it."""
        if self.settings.strict and given != self.settings.access_key:
            raise RefusalError(assumptions.ACCESS_KEY_CODE, assumptions.ACCESS_KEY_HTTP_STATUS)

    def check_credentials(self, arguments: Mapping[str, Any]) -> None:
        """Refuse a call without the account's ApiKey and ClientId."""
        expected = (self.settings.api_key, self.settings.client_id)
        if (arguments.get("ApiKey"), arguments.get("ClientId")) != expected:
            raise RefusalError(Code.BAD_CREDENTIAL)

    # --- balance

    def balance(self) -> list[Row]:
        """Return the wallet as the service lists it."""
        return [{"PluginType": "SMS", "Credits": self.credits()}]

    def credits(self) -> str:
        """Return what is left in the wallet, as text."""
        return money.credits_text(self.store.balance())

    # --- groups

    def groups(self) -> list[Row]:
        """List the groups."""
        return [
            {"GroupId": group.id, "GroupName": group.name, "ContactCount": group.contacts}
            for group in self.store.groups()
        ]

    def add_group(self, name: str) -> str:
        """Add a group; the platform does not tell its id."""
        _require(name)
        with self.store.transaction():
            _refuse_same_name(self.store.group_ids(name))
            self.store.add_group(name)
        return assumptions.GROUP_ADDED

    def rename_group(self, group_id: int, name: str) -> str:
        """Give a group another name."""
        _require(name)
        with self.store.transaction():
            _refuse_same_name(self.store.group_ids(name), group_id)
            _found(self.store.rename_group(group_id, name), assumptions.UNKNOWN_GROUP_CODE)
        return assumptions.GROUP_UPDATED

    def delete_group(self, group_id: int) -> str:
        """Delete a group, also one that has contacts."""
        with self.store.transaction():
            _found(self.store.delete_group(group_id), assumptions.UNKNOWN_GROUP_CODE)
        return assumptions.GROUP_DELETED

    # --- templates

    def templates(self) -> list[Row]:
        """List the templates."""
        pattern = assumptions.TEMPLATE_DATE_FORMAT
        return [
            {
                "TemplateId": template.id,
                "CompanyId": assumptions.COMPANY_ID,
                "TemplateName": template.name,
                "MessageTemplate": template.text,
                "IsApproved": template.approved is not None,
                "IsActive": True,
                "CreatededDate": calendar_eat.text(template.created, pattern),
                "ApprovedDate": None if template.approved is None else calendar_eat.text(template.approved, pattern),
            }
            for template in self.store.templates()
        ]

    def add_template(self, name: str, text: str) -> str:
        """Add a template; the platform does not tell its id."""
        _require(name, text)
        now = self.clock()
        with self.store.transaction():
            _refuse_same_name(self.store.template_ids(name))
            self.store.add_template(name, text, now, self._approval(now))
        return assumptions.TEMPLATE_ADDED

    def change_template(self, template_id: int, name: str, text: str) -> str:
        """Give a template another name and text; it has to be approved again."""
        _require(name, text)
        with self.store.transaction():
            _refuse_same_name(self.store.template_ids(name), template_id)
            changed = self.store.change_template(template_id, name, text, self._approval(self.clock()))
            _found(changed, assumptions.UNKNOWN_TEMPLATE_CODE)
        return assumptions.TEMPLATE_UPDATED

    def delete_template(self, template_id: int) -> str:
        """Delete a template."""
        with self.store.transaction():
            _found(self.store.delete_template(template_id), assumptions.UNKNOWN_TEMPLATE_CODE)
        return assumptions.TEMPLATE_DELETED

    def _approval(self, now: float) -> float | None:
        return now if assumptions.NEW_TEMPLATE_APPROVED else None

    # --- sending

    def send(self, submission: Submission) -> list[Row]:
        """Take what can be delivered, refuse the other rows, charge for what was taken; or refuse the whole call."""
        now = self.clock()
        numbers = self._check(submission)
        scheduled = self._schedule(submission.schedule, now)
        refusals = self._sender_refusals(submission, numbers)
        costs = [segments.count(text, submission.unicode) for _number, text in submission.recipients]
        accepted = [index for index, refusal in enumerate(refusals) if refusal is None]
        price = sum(costs[index] for index in accepted) * self._price
        submitted = now + submission.late

        with self.store.transaction():
            if price > self.store.balance():
                raise RefusalError(assumptions.SHORT_OF_MONEY_CODE)
            campaign_id = None
            if accepted:
                first_text = submission.recipients[accepted[0]][1]
                campaign_id = self.store.add_campaign(
                    submission.sender_id, first_text, len(accepted), submitted, scheduled
                )
                self.store.spend(price)
            first_row = self.store.next_row()
            messages = [
                Message(
                    row=row,
                    message_id=str(uuid.uuid4()) if refusal is None else "",
                    campaign_id=campaign_id if refusal is None else None,
                    number=number.given,
                    digits=number.digits,
                    msisdn=number.msisdn,
                    local=number.route is msisdn.Route.LOCAL,
                    sender_id=submission.sender_id,
                    text=text,
                    unicode=submission.unicode,
                    flash=submission.flash,
                    segments=cost,
                    code=0 if refusal is None else refusal.code,
                    error="" if refusal is None else refusal.text,
                    submitted=submitted,
                    scheduled=scheduled,
                )
                for row, (number, (_given, text), cost, refusal) in enumerate(
                    zip(numbers, submission.recipients, costs, refusals, strict=True), first_row
                )
            ]
            self.store.add_messages(messages)
            if self.settings.dlr_url:
                self._plan_reports(messages)

        return [
            self.dialect.row_accepted(message.digits, message.message_id)
            if refusal is None
            else self.dialect.row_refused(message.digits, refusal)
            for message, refusal in zip(messages, refusals, strict=True)
        ]

    def _plan_reports(self, messages: list[Message]) -> None:
        for message in messages:
            for moment, due in reports.plan(self.settings, self.networks, message):
                self.store.add_report(message.row, moment, due)

    def _check(self, submission: Submission) -> list[msisdn.Number]:
        """Refuse a call that nothing can be done with; return its numbers."""
        if not submission.sender_id.strip():
            raise RefusalError(Code.SENDER_BLANK)
        if not submission.recipients:
            raise RefusalError(Code.PROPERTIES_BLANK)
        if len(submission.recipients) > self.settings.max_batch:
            raise RefusalError(assumptions.TOO_MANY_CODE)
        numbers = []
        for given, text in submission.recipients:
            if not given.strip():
                raise RefusalError(assumptions.BLANK_NUMBER_CODE)
            if not text.strip():
                raise RefusalError(assumptions.BLANK_TEXT_CODE)
            number = msisdn.read(given)
            if number is None:
                raise RefusalError(assumptions.NOT_A_NUMBER_CODE)
            numbers.append(number)
        return numbers

    def _schedule(self, given: str, now: float) -> float | None:
        if not given.strip():
            return None
        scheduled = calendar_eat.schedule(given, now)
        if scheduled is None:
            raise RefusalError(Code.BAD_SCHEDULE)
        return scheduled

    def _sender_refusals(self, submission: Submission, numbers: list[msisdn.Number]) -> list[RowRefusal | None]:
        """Say for each row why it is refused, if it is: first the sender id (an exact match), then the route."""
        if submission.sender_id not in self.settings.sender_ids:
            refusal = self.dialect.sender_filter
            if refusal is None:
                raise RefusalError(Code.BAD_SENDER)
            text = refusal.text.format(client_id=self.settings.client_id)
            return [RowRefusal(refusal.code, text)] * len(numbers)
        return [self.dialect.no_route if number.route is msisdn.Route.NONE else None for number in numbers]

    # --- what was sent

    def campaigns(self, first: str, last: str, start: int, length: int) -> list[Row]:
        """List the campaigns of a period."""
        now = self.clock()
        rows = []
        for campaign in self.store.campaigns(*_period(first, last, now), *self._page(start, length)):
            due = campaign.created if campaign.scheduled is None else campaign.scheduled
            deliveries = [self.networks.of(message, now) for message in self.store.messages_of(campaign.id)]
            if now < due:
                status = assumptions.CAMPAIGN_SCHEDULED
            elif all(one.done is not None for one in deliveries):
                status = assumptions.CAMPAIGN_COMPLETED
            else:
                status = assumptions.CAMPAIGN_RUNNING
            rows.append(
                {
                    "CampaignId": campaign.id,
                    "CampaignName": assumptions.CAMPAIGN_NAME.format(campaign.id),
                    "SenderId": campaign.sender_id,
                    "Message": campaign.text,
                    "TotalCount": campaign.total,
                    "ScheduleDate": calendar_eat.text(due, assumptions.ROW_TIME_FORMAT),
                    "CreatedDate": calendar_eat.text(campaign.created, assumptions.ROW_TIME_FORMAT),
                    "Status": status,
                }
            )
        return rows

    def statistics(self, campaign_id: int) -> list[Row]:
        """Count a campaign's messages by their state."""
        if not self.store.has_campaign(campaign_id):
            return []
        now = self.clock()
        messages = self.store.messages_of(campaign_id)
        counted = Counter(self.networks.of(message, now).counter for message in messages)
        counters = {name: counted[name] for name in assumptions.STATISTICS_COUNTERS}
        return [{"CampaignId": campaign_id, "TOTALCOUNT": len(messages), **counters}]

    def sent(self, first: str, last: str, start: int, length: int) -> list[Row]:
        """List the messages that were taken in a period."""
        now = self.clock()
        pattern = assumptions.ROW_TIME_FORMAT
        rows = []
        for message in self.store.sent(*_period(first, last, now), *self._page(start, length)):
            state = self.networks.of(message, now)
            rows.append(
                {
                    "MobileNumber": message.digits,
                    "SenderId": message.sender_id,
                    "Message": message.text,
                    "SubmitDate": calendar_eat.text(message.submitted, pattern),
                    "DoneDate": "" if state.done is None else calendar_eat.text(state.done, pattern),
                    "MessageId": message.message_id,
                    "Status": state.status,
                    "ErrorCode": state.code,
                }
            )
        return rows

    def _page(self, start: int, length: int) -> tuple[int, int]:
        """Return how many rows to leave out, and how many to list then."""
        left_out = max(start - self.settings.start_base, 0)
        listed = length - left_out if self.settings.length_mode == "end" else length
        return left_out, max(listed, 0)


def _require(*values: str) -> None:
    if not all(value.strip() for value in values):
        raise RefusalError(assumptions.BLANK_CODE)


def _refuse_same_name(ids: list[int], own_id: int | None = None) -> None:
    if any(one != own_id for one in ids):
        raise RefusalError(assumptions.SAME_NAME_CODE)


def _found(found: bool, code: Code) -> None:
    if not found:
        raise RefusalError(code)


def _period(first: str, last: str, now: float) -> tuple[float, float]:
    """Return the part of the period up to and with `now`: what is queued late has a time to come."""
    period = calendar_eat.period(first, last)
    if period is None:
        raise RefusalError(assumptions.BAD_PERIOD_CODE)
    since, until = period
    return since, min(until, math.nextafter(now, math.inf))
