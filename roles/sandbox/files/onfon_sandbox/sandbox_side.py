# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's own side, below /sandbox and at /: to look into the gateway and to play the portal. Not Onfon's API."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from onfon_sandbox import __version__, calendar_eat, history, inbox, segments
from onfon_sandbox.answers import as_json, gateway_of
from onfon_sandbox.delivery import Networks
from onfon_sandbox.gateway import Gateway
from onfon_sandbox.store import Message

Served = Annotated[Gateway, Depends(gateway_of)]

router = APIRouter(tags=["Sandbox (not Onfon's API)"])


class Health(BaseModel):
    """That the gateway answers, and how it speaks."""

    status: str = Field(examples=["ok"])
    version: str
    dialect: str
    credits: str = Field(examples=["KSh5000.0000"])


class MessageRow(BaseModel):
    """One recipient of a call that was not refused as a whole."""

    message_id: str = Field(description="Blank if the gateway refused the recipient.")
    number: str = Field(description="The number as it was given.")
    msisdn: str = Field(description="The same in international form, without a plus.")
    sender_id: str
    text: str = Field(description="The text as it was given.")
    shown: str = Field(description="The text as the phone shows it.")
    unicode: bool
    flash: bool
    segments: int
    status: str = Field(description="As in the sent log now; REFUSED for a row that the gateway did not take.")
    network_code: str = Field(description='The ErrorCode of the sent log: "000" when all is well. Blank if refused.')
    done: str | None = Field(description="When it reached its final state: ISO 8601.")
    code: int = Field(description="The row's error code, 0 if it was accepted.")
    error: str
    campaign_id: int | None
    time: str = Field(description="When it was submitted: ISO 8601.")
    scheduled: str | None = Field(description="When it is due, if it was scheduled: ISO 8601.")


class FaultRow(BaseModel):
    """What one --fault did since the gateway was started."""

    fault: str = Field(description="As it was given.", examples=["reset-after@POST:10:1"])
    requests: int = Field(description="How many requests it could have hit.")
    hits: int = Field(description="How many it hit.")


class ReportRow(BaseModel):
    """One delivery report for --dlr-url."""

    message_id: str
    status: str = Field(description="The state that it tells.")
    state: str = Field(description="waiting, pushed or given up.")
    tries: int = Field(description="How many times it was tried in vain.")
    due: str = Field(description="When it was to be pushed, or is to be tried again: ISO 8601.")


class Past(BaseModel):
    """A past to make up."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=7, ge=1, le=366, description="Over so many days, up to now and with today.")
    messages: int = Field(default=500, ge=1, le=100_000, description="So many messages in all.")
    seed: int = Field(default=1, ge=0, description="The same seed makes the same past of an empty account.")
    sender_ids: list[str] = Field(default=[], description="Whom they are from; empty: the account's sender ids.")


class Filled(BaseModel):
    """What was made up."""

    campaigns: int
    messages: int


@router.get("/sandbox/health", response_model=Health)
async def health(gateway: Served) -> Response:
    """Tell that the gateway answers."""
    return as_json(
        {
            "status": "ok",
            "version": __version__,
            "dialect": gateway.dialect.name,
            "credits": gateway.credits(),
        }
    )


@router.get("/sandbox/messages", response_model=list[MessageRow])
async def messages(gateway: Served) -> Response:
    """List every row that the gateway took or refused, oldest first."""
    now = gateway.clock()
    return as_json([message_row(gateway.networks, message, now) for message in gateway.store.messages()])


@router.get("/sandbox/faults", response_model=list[FaultRow])
async def faults(request: Request) -> Response:
    """Count what each --fault did, in the order of the flags; POST /sandbox/reset does not touch it."""
    return as_json(
        [{"fault": one.text, "requests": one.requests, "hits": one.hits} for one in request.app.state.faults]
    )


@router.get("/sandbox/reports", response_model=list[ReportRow])
async def delivery_reports(gateway: Served) -> Response:
    """List the delivery reports, pushed or not, in the order in which they are due; none without --dlr-url."""
    return as_json(
        [
            {
                "message_id": message.message_id,
                "status": gateway.networks.of(message, report.moment).status,
                "state": report.state,
                "tries": report.tries,
                "due": calendar_eat.iso(report.due),
            }
            for report, message in gateway.store.reports()
        ]
    )


@router.post("/sandbox/history", response_model=Filled)
async def fill_history(gateway: Served, past: Past) -> Response:
    """Make up a past: campaigns like those of an operations team, to numbers that nobody has.

    What became of the messages is as --failure-rate, --delivery-delay and --seed have it. They cost nothing now, and no
    delivery report tells of them.
    """
    campaigns = history.fill(
        gateway.store,
        history.Past(
            days=past.days,
            messages=past.messages,
            seed=past.seed,
            sender_ids=past.sender_ids or gateway.settings.sender_ids,
            largest=gateway.settings.max_batch,
        ),
        gateway.clock(),
    )
    return as_json({"campaigns": campaigns, "messages": past.messages})


@router.post("/sandbox/reset", response_model=Health)
async def reset(gateway: Served) -> Response:
    """Forget all groups, templates, campaigns and messages, and restore the balance of the flags."""
    gateway.store.reset()
    return await health(gateway)


@router.post("/sandbox/templates/{template_id}/approve", status_code=204)
async def approve_template(gateway: Served, template_id: Annotated[int, Path()]) -> Response:
    """Approve a template, as Onfon's staff does."""
    return _changed(gateway.store.approve_template(template_id, gateway.clock()))


@router.post("/sandbox/groups/{group_id}/contacts", status_code=204)
async def set_contacts(
    gateway: Served, group_id: Annotated[int, Path()], count: Annotated[int, Query(ge=0)]
) -> Response:
    """Set how many contacts a group has, as the portal does."""
    return _changed(gateway.store.set_contacts(group_id, count))


@router.get("/", include_in_schema=False)
async def page(gateway: Served) -> Response:
    """Show the inbox."""
    return inbox.page(gateway)


def message_row(networks: Networks, message: Message, now: float) -> dict[str, Any]:
    """Return a message as MessageRow."""
    state = networks.of(message, now)
    return {
        "message_id": message.message_id,
        "number": message.number,
        "msisdn": message.msisdn,
        "sender_id": message.sender_id,
        "text": message.text,
        "shown": segments.shown(message.text, message.unicode),
        "unicode": bool(message.unicode),
        "flash": bool(message.flash),
        "segments": message.segments,
        "status": state.status,
        "network_code": state.code,
        "done": None if state.done is None else calendar_eat.iso(state.done),
        "code": message.code,
        "error": message.error,
        "campaign_id": message.campaign_id,
        "time": calendar_eat.iso(message.submitted),
        "scheduled": None if message.scheduled is None else calendar_eat.iso(message.scheduled),
    }


def _changed(found: bool) -> Response:
    if not found:
        raise HTTPException(404, "There is nothing of that id.")
    return Response(status_code=204)
