# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The thirteen services of Onfon's REST page as routes: each one hands its arguments to the gateway."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response, Security
from fastapi.security import APIKeyHeader

from onfon_sandbox import assumptions, contract
from onfon_sandbox.answers import envelope, gateway_of, refused
from onfon_sandbox.codes import TEXTS, Code, RefusalError
from onfon_sandbox.dialect import DIALECTS
from onfon_sandbox.faults import LATE
from onfon_sandbox.gateway import Gateway, Submission
from onfon_sandbox.settings import BASE_PATH, SERVICES
from onfon_sandbox.tolerance import ARGUMENTS

ARGUMENT_NAMES = (
    *("ApiKey", "ClientId", "id", "GroupName", "TemplateName", "MessageTemplate"),
    *("fromdate", "enddate", "start", "length", "campaignId"),
    *("SenderId", "IsUnicode", "IsFlash", "ScheduleDateTime", "MessageParameters", "Number", "Text"),
)
"""Every argument's documented spelling."""

PATHS = tuple(f"{BASE_PATH}/{service}" for service in SERVICES)
"""Every service's documented path."""

AccessKey = APIKeyHeader(
    name="AccessKey",
    auto_error=False,
    description="The network layer's key that Onfon gives out. Some accounts are not asked for it (see --lax).",
)


async def authorised(
    gateway: Annotated[Gateway, Depends(gateway_of)],
    request: Request,
    access_key: Annotated[str | None, Security(AccessKey)],
) -> None:
    """Let nobody through without the account's keys, wherever they are in the request."""
    gateway.check_access_key(access_key)
    arguments = request.scope[ARGUMENTS]
    if arguments is None:
        raise RefusalError(assumptions.UNREADABLE_BODY_CODE)
    gateway.check_credentials(arguments)


async def credentials_in_query(credentials: Annotated[contract.Credentials, Query()]) -> contract.Credentials:
    """Show in the contract that ApiKey and ClientId are in the query."""
    return credentials


Served = Annotated[Gateway, Depends(gateway_of)]
ObjectId = Annotated[contract.Whole, Query(alias="id", description="The id that the list shows.", examples=[1])]

router = APIRouter(
    prefix=BASE_PATH,
    tags=["Onfon SMS API"],
    dependencies=[Depends(authorised)],
    responses={
        assumptions.ACCESS_KEY_HTTP_STATUS: {
            "model": contract.Failure,
            "description": "The AccessKey is missing or wrong (an assumption: its HTTP status and its body).",
        },
        "default": {
            "model": contract.Failure,
            "description": "No such service or verb, or a fault of the gateway (an assumption: an envelope there too).",
        },
    },
)


def answers(model: type[contract.Envelope], data: Any, *codes: Code) -> dict[str, Any]:
    """Describe a service's answer: its model, an example for each dialect, and the codes it refuses with."""
    examples = {f"{name} dialect": {"value": dialect.success(data)} for name, dialect in DIALECTS.items()}
    refusals = (Code.SOMETHING_WENT_WRONG, Code.BAD_CREDENTIAL, *codes)
    for code in refusals:
        examples[f"{code:03d} {TEXTS[code]}"] = {"value": DIALECTS["live"].refusal(code)}
    told = "; ".join(f"{code:03d} {TEXTS[code].rstrip('.')}" for code in refusals)
    return {
        "response_model": model | contract.Failure,
        "response_description": f"An envelope. Refused calls answer HTTP 200 as well, with one of: {told}.",
        "responses": {200: {"content": {"application/json": {"examples": examples}}}},
    }


@router.get(
    "/Balance",
    summary="Get user account balance",
    dependencies=[Depends(credentials_in_query)],
    **answers(contract.Balance, [{"PluginType": "SMS", "Credits": "KSh5000.0000"}]),
)
async def balance(gateway: Served) -> Response:
    """The wallets of the account. Whether the unit is money or messages differs between accounts."""
    return envelope(gateway, gateway.balance())


@router.get(
    "/Group",
    summary="List groups belonging to a client",
    dependencies=[Depends(credentials_in_query)],
    **answers(contract.Groups, [{"GroupId": 1, "GroupName": "Customers", "ContactCount": 0}]),
)
async def list_groups(gateway: Served) -> Response:
    """All groups. There is no paging, and contacts cannot be read or changed over this API."""
    return envelope(gateway, gateway.groups())


@router.post(
    "/Group",
    summary="Add a new group to the platform",
    **answers(contract.Done, assumptions.GROUP_ADDED, Code.PARAMETER_MISSING, Code.ALREADY_EXISTS),
)
async def add_group(gateway: Served, group: Annotated[contract.GroupBody, Body()]) -> Response:
    """The answer does not tell the new group's id: list the groups to learn it."""
    return envelope(gateway, gateway.add_group(group.GroupName))


@router.put(
    "/Group",
    summary="Update client group details",
    **answers(
        contract.Done,
        assumptions.GROUP_UPDATED,
        Code.PARAMETER_MISSING,
        Code.GROUP_NOT_FOUND,
        Code.ALREADY_EXISTS,
    ),
)
async def rename_group(gateway: Served, object_id: ObjectId, group: Annotated[contract.GroupBody, Body()]) -> Response:
    """Gives a group another name. The text of the answer is an assumption."""
    return envelope(gateway, gateway.rename_group(object_id, group.GroupName))


@router.delete(
    "/Group",
    summary="Delete group",
    **answers(contract.Done, assumptions.GROUP_DELETED, Code.PARAMETER_MISSING, Code.GROUP_NOT_FOUND),
)
async def delete_group(gateway: Served, target: Annotated[contract.Target, Query()]) -> Response:
    """Deletes a group, also one with contacts (an assumption). The text of the answer is an assumption."""
    return envelope(gateway, gateway.delete_group(target.object_id))


TEMPLATE_EXAMPLE = {
    "TemplateId": 1,
    "CompanyId": assumptions.COMPANY_ID,
    "TemplateName": "Welcome",
    "MessageTemplate": "Hello ##Name##, welcome to Onfon.",
    "IsApproved": True,
    "IsActive": True,
    "CreatededDate": "Mar 19, 2018",
    "ApprovedDate": "Mar 19, 2018",
}


@router.get(
    "/Template",
    summary="List templates belonging to a client",
    dependencies=[Depends(credentials_in_query)],
    **answers(contract.Templates, [TEMPLATE_EXAMPLE]),
)
async def list_templates(gateway: Served) -> Response:
    """All templates. There is no paging."""
    return envelope(gateway, gateway.templates())


@router.post(
    "/Template",
    summary="Add a new template for sending SMS",
    **answers(contract.Done, assumptions.TEMPLATE_ADDED, Code.PARAMETER_MISSING, Code.ALREADY_EXISTS),
)
async def add_template(gateway: Served, template: Annotated[contract.TemplateBody, Body()]) -> Response:
    """The answer does not tell the new template's id. A new template is not approved (an assumption)."""
    return envelope(gateway, gateway.add_template(template.TemplateName, template.MessageTemplate))


@router.put(
    "/Template",
    summary="Update template for sending SMS",
    **answers(contract.Done, assumptions.TEMPLATE_UPDATED, Code.PARAMETER_MISSING, Code.ALREADY_EXISTS),
)
async def change_template(
    gateway: Served, object_id: ObjectId, template: Annotated[contract.TemplateBody, Body()]
) -> Response:
    """Changes name and text, and drops the approval (an assumption). An unknown id is 023 (an assumption)."""
    return envelope(gateway, gateway.change_template(object_id, template.TemplateName, template.MessageTemplate))


@router.delete(
    "/Template",
    summary="Delete template from the system",
    **answers(contract.Done, assumptions.TEMPLATE_DELETED, Code.PARAMETER_MISSING),
)
async def delete_template(gateway: Served, target: Annotated[contract.Target, Query()]) -> Response:
    """Deletes a template. An unknown id is 023 (an assumption), and so is the text of the answer."""
    return envelope(gateway, gateway.delete_template(target.object_id))


@router.get(
    "/Campaign",
    summary="Get campaigns information using dates",
    **answers(
        contract.Campaigns,
        [
            {
                "CampaignId": 1,
                "CampaignName": "API-1",
                "SenderId": "SANDBOX",
                "Message": "Hello from the sandbox",
                "TotalCount": 2,
                "ScheduleDate": "2026-11-22 08:00:00",
                "CreatedDate": "2026-11-22 08:00:00",
                "Status": assumptions.CAMPAIGN_COMPLETED,
            }
        ],
        Code.PARAMETER_MISSING,
    ),
)
async def campaigns(gateway: Served, period: Annotated[contract.Period, Query()]) -> Response:
    """Each SendBulkSMS with an accepted row is a campaign (an assumption), and so is every name in its row."""
    return envelope(gateway, gateway.campaigns(period.fromdate, period.enddate, period.start, period.length))


@router.get(
    "/Campaign/Statistics",
    summary="Get campaign statistics using a campaign ID",
    **answers(
        contract.Statistics,
        [{"CampaignId": 1, "TOTALCOUNT": 2, **dict.fromkeys(assumptions.STATISTICS_COUNTERS, 0), "DELIVRD": 2}],
        Code.PARAMETER_MISSING,
    ),
)
async def statistics(gateway: Served, query: Annotated[contract.StatisticsQuery, Query()]) -> Response:
    """A campaign's messages by their state now. Every name in the row is an assumption."""
    return envelope(gateway, gateway.statistics(query.campaign_id))


@router.post(
    "/SendBulkSMS",
    summary="Send Bulk SMS",
    **answers(
        contract.Sent,
        [DIALECTS["live"].row_accepted("254700000001", contract.UUID)],
        Code.SENDER_BLANK,
        Code.PROPERTIES_BLANK,
        Code.TOO_MANY_NUMBERS,
        Code.MESSAGE_OR_NUMBER_BLANK,
        Code.MESSAGE_BLANK,
        Code.BAD_NUMBERS,
        Code.BAD_SCHEDULE,
        Code.BAD_SENDER,
        Code.WALLET_SHORT,
    ),
)
async def send(gateway: Served, request: Request, batch: Annotated[contract.SendBody, Body()]) -> Response:
    """Queues messages, and charges for the accepted rows by segments (an assumption).

    Read every row: ErrorCode 0 and HTTP 200 do not mean that all recipients were accepted, and accepted does not mean
    delivered. An unapproved sender id refuses each row with 401 (`live`) or the whole call with 015 (`docs`). A refused
    call sends nothing.
    """
    submission = Submission(
        sender_id=batch.SenderId,
        recipients=[(one.Number, one.Text) for one in batch.MessageParameters],
        unicode=batch.IsUnicode,
        flash=batch.IsFlash,
        schedule=batch.ScheduleDateTime,
        late=request.scope.get(LATE, 0.0),
    )
    return envelope(gateway, gateway.send(submission))


@router.get(
    "/sms",
    summary="Fetch SMS sent for a particular period",
    **answers(
        contract.Log,
        [
            {
                "MobileNumber": "254700000001",
                "SenderId": "SANDBOX",
                "Message": "Hello from the sandbox",
                "SubmitDate": "2026-11-22 08:00:00",
                "DoneDate": "2026-11-22 08:00:04",
                "MessageId": contract.UUID,
                "Status": assumptions.STATUS_DELIVERED,
                "ErrorCode": assumptions.NETWORK_SUCCESS,
            }
        ],
        Code.PARAMETER_MISSING,
    ),
)
async def sent(gateway: Served, period: Annotated[contract.Period, Query()]) -> Response:
    """The sent log. The row is that of a sibling of the platform (an assumption).

    A message's Status changes until it is a final one, which is when it has a DoneDate.
    """
    return envelope(gateway, gateway.sent(period.fromdate, period.enddate, period.start, period.length))


FIELD_CODES = {
    "ApiKey": Code.BAD_CREDENTIAL,
    "ClientId": Code.BAD_CREDENTIAL,
    "SenderId": Code.SENDER_BLANK,
    "MessageParameters": Code.PROPERTIES_BLANK,
}
"""The code for an argument that is missing or cannot be read, in order of precedence; 023 for any other."""


def refuse_arguments(gateway: Gateway, names: set[str]) -> Response:
    """Answer a request whose arguments `names` are missing or cannot be read."""
    code = next((code for name, code in FIELD_CODES.items() if name in names), Code.PARAMETER_MISSING)
    return refused(gateway, RefusalError(code))
