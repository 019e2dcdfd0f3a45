# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published face of the API: what each service takes and answers, as models that end up in /openapi.json.

The models are strict and spelled as documented; tolerance.py brings any request into this form first. Descriptions say
what is documented, what was captured, and what is an assumption of this sandbox (see assumptions.py).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from onfon_sandbox import assumptions

UUID = "5b0c2f0e-7a51-4a53-9f0e-2c6f4f0f8a11"


def _as_text(value: Any) -> Any:
    """Take null for blank, and numbers (often seen for mobile numbers) for their digits."""
    if value is None:
        return ""
    return str(value) if isinstance(value, (int, float)) else value


def _as_flag(value: Any) -> Any:
    """Take null, blank and what cannot be read for false."""
    return str(value).strip().lower() in ("true", "1", "yes", "on")


AnyText = Annotated[str, BeforeValidator(_as_text)]
AnyFlag = Annotated[bool, BeforeValidator(_as_flag)]
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class Arguments(BaseModel):
    """What every request model does: unknown arguments are ignored (an assumption)."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Credentials(Arguments):
    """The account. Documented in the query for GET and DELETE, in the body for POST and PUT; taken from either."""

    ApiKey: AnyText = Field(description="The account's API key, percent-encoded in a query.", examples=["sandbox-api"])
    ClientId: AnyText = Field(description="The account's client id.", examples=["sandbox-client"])


class GroupBody(Credentials):
    """A group's name."""

    GroupName: AnyText = Field(description="Unique, ignoring letter case (an assumption).", examples=["Customers"])


class TemplateBody(Credentials):
    """A template's name and text."""

    TemplateName: AnyText = Field(description="Unique, ignoring letter case (an assumption).", examples=["Welcome"])
    MessageTemplate: AnyText = Field(
        description="The text, with `##Field##` placeholders.", examples=["Hello ##Name##, welcome to Onfon."]
    )


class Target(Credentials):
    """Which object a DELETE means."""

    object_id: Whole = Field(alias="id", description="The id that the list shows.", examples=[1])


class Period(Credentials):
    """A period of days, and which of its rows. All four are required (an assumption)."""

    fromdate: AnyText = Field(description="First day, yyyy-mm-dd.", examples=["2026-11-01"])
    enddate: AnyText = Field(description="Last day, yyyy-mm-dd, included (an assumption).", examples=["2026-11-30"])
    start: Whole = Field(
        description="Index of the first row to answer, from 0 (an assumption; from 1 with --start-base 1).",
        examples=[0],
    )
    length: Whole = Field(
        description="How many rows to answer (an assumption; a vendor's text calls it the ending index, and so does "
        "--length-mode end).",
        examples=[100],
    )


class StatisticsQuery(Credentials):
    """Which campaign."""

    campaign_id: Whole = Field(alias="campaignId", description="A CampaignId of GET Campaign.", examples=[1])


class MessageParameter(Arguments):
    """One recipient and the text for it."""

    Number: AnyText = Field(
        default="",
        description=(
            "2547XXXXXXXX or 2541XXXXXXXX; a plus is allowed, and so is a JSON number. 07... and 01... are accepted, "
            "and are never delivered."
        ),
        examples=["254700000001"],
    )
    Text: AnyText = Field(default="", description="What this recipient gets.", examples=["Hello from the sandbox"])


class SendBody(Credentials):
    """A batch of messages from one sender."""

    SenderId: AnyText = Field(description="An approved sender id, exactly as approved.", examples=["SANDBOX"])
    IsUnicode: AnyFlag = Field(
        default=False, description="Send as UCS-2. Without it, characters outside GSM-7 reach the phone as `?`."
    )
    IsFlash: AnyFlag = Field(default=False, description="Show at once, do not keep.")
    ScheduleDateTime: AnyText = Field(
        default="",
        description=f"yyyy-MM-dd HH:mm in {assumptions.TIME_ZONE} (an assumption); absent, null or blank: now.",
        examples=[""],
    )
    MessageParameters: list[MessageParameter] = Field(description="At most 20 recipients in one call (an assumption).")


class Envelope(BaseModel):
    """What every answer has. The HTTP status is 200 also when the call is refused (an assumption)."""

    ErrorCode: int | str = Field(
        description='0 is success. `docs` dialect: 0, and "021" for errors; `live` dialect: plain numbers.'
    )
    ErrorDescription: str = Field(
        description='`docs` dialect: "Success". `live` dialect: the string "null" on success. Never decide on it.'
    )


class Failure(Envelope):
    """A refused call."""

    Data: str | None = Field(description="Null (`docs`) or an empty string (`live`); both are assumptions.")


class Done(Envelope):
    """A write that was made."""

    Data: str = Field(description='A sentence, in some services with a result word before it: "success#...".')


class BalanceRow(BaseModel):
    """One wallet."""

    PluginType: str = Field(examples=["SMS"])
    Credits: str = Field(description="Currency and amount in one text; its form differs between real accounts.")


class Balance(Envelope):
    """The wallets."""

    Data: list[BalanceRow]


class GroupRow(BaseModel):
    """A group."""

    GroupId: int
    GroupName: str
    ContactCount: int


class Groups(Envelope):
    """All groups of the account; there is no paging."""

    Data: list[GroupRow]


class TemplateRow(BaseModel):
    """A template."""

    TemplateId: int
    CompanyId: int
    TemplateName: str
    MessageTemplate: str
    IsApproved: bool = Field(description="False for a new or changed template (an assumption).")
    IsActive: bool
    CreatededDate: str = Field(description="Really spelled so, like `Mar 19, 2018`.")
    ApprovedDate: str | None = Field(description="Like CreatededDate; null before the approval (an assumption).")


class Templates(Envelope):
    """All templates of the account; there is no paging."""

    Data: list[TemplateRow]


class SentRow(BaseModel):
    """What became of one recipient. Accepted means queued, not delivered."""

    MessageErrorCode: int | str = Field(
        description='0 (`live`) or "000" (`docs`): queued. 401 sender id not approved, 412 no route '
        '(`live`, captured); "805" no route (`docs`).'
    )
    MessageErrorDescription: str
    MobileNumber: str = Field(description="The number without its plus.")
    MessageId: str = Field(description="A UUID; blank for a refused recipient.")
    Custom: str = Field(default="", description="Only in the `live` dialect.")


class Sent(Envelope):
    """One row a recipient, in the order of the request. ErrorCode 0 does not mean that every row was taken."""

    Data: list[SentRow]


class CampaignRow(BaseModel):
    """A campaign, which is one accepted SendBulkSMS. Every field name is an assumption."""

    CampaignId: int
    CampaignName: str
    SenderId: str
    Message: str = Field(description="The first recipient's text.")
    TotalCount: int
    ScheduleDate: str
    CreatedDate: str
    Status: str


class Campaigns(Envelope):
    """The campaigns of a period, oldest first (an assumption)."""

    Data: list[CampaignRow]


class StatisticsRow(BaseModel):
    """A campaign's messages by their state. Every field name is an assumption, after a sibling of the platform.

    Each message is in one of the counters, also one whose state is spelled otherwise in the sent log (an assumption).
    """

    CampaignId: int
    TOTALCOUNT: int = Field(description="All accepted messages: the sum of the others.")
    SUBMITTED: int
    ACCEPTD: int = Field(description="With a network; DeliveredToNetwork as well.")
    DELIVRD: int = Field(description="Delivered; DelivredToTerminal as well.")
    UNDELIV: int = Field(description="Not delivered; AbsentSubscriber, UnknownSubscriber and SystemFailure as well.")
    EXPIRED: int
    REJECTD: int = Field(description="Rejected; CallBarred and UserInBlacklist as well.")


class Statistics(Envelope):
    """One row, or none for an unknown campaign (an assumption)."""

    Data: list[StatisticsRow]


class LogRow(BaseModel):
    """A message in the sent log. The field names are those of a sibling of the platform (an assumption)."""

    MobileNumber: str
    SenderId: str
    Message: str
    SubmitDate: str
    DoneDate: str = Field(description="Blank before a final state.")
    MessageId: str
    Status: str = Field(
        description="SUBMITTED, then ACCEPTD, then DELIVRD, UNDELIV, EXPIRED or REJECTD; a quarter of the messages of "
        "the `live` dialect has the portal's words, such as DelivredToTerminal or AbsentSubscriber (an assumption). "
        "Without --delivery-delay and --failure-rate, every message is DELIVRD at once.",
        examples=[assumptions.STATUS_DELIVERED],
    )
    ErrorCode: str = Field(
        description='The network\'s own code, "000" when all is well (an assumption: what the others are); not the '
        "envelope's."
    )


class Log(Envelope):
    """The messages of a period, oldest first (an assumption)."""

    Data: list[LogRow]
