# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page at /: what the phones would show. It shows no key, and loads nothing from anywhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import Response
from jinja2 import Environment, FileSystemLoader

from onfon_sandbox import assumptions, calendar_eat, segments
from onfon_sandbox.delivery import REFUSED, Delivery, Networks
from onfon_sandbox.gateway import Gateway
from onfon_sandbox.store import Message

LENGTH = 100
"""How many messages the page shows; /sandbox/messages has them all."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
).get_template("inbox.html")


def page(gateway: Gateway) -> Response:
    """Return the page with the newest messages first."""
    now = gateway.clock()
    content = TEMPLATE.render(
        balance=gateway.credits().replace("KSh", "KSh "),
        dialect=gateway.dialect.name,
        total=gateway.store.message_count(),
        length=LENGTH,
        messages=[_card(gateway.networks, message, now) for message in gateway.store.newest_messages(LENGTH)],
    )
    return Response(content, media_type="text/html; charset=utf-8", headers=HEADERS)


def _card(networks: Networks, message: Message, now: float) -> dict[str, object]:
    kind, state = _state(networks.of(message, now), message, now)
    return {
        "sender_id": message.sender_id,
        "number": message.number,
        "text": segments.shown(message.text, message.unicode),
        "segments": message.segments,
        "time": calendar_eat.text(message.submitted, "%d %b %H:%M:%S"),
        "kind": kind,
        "state": state,
    }


def _state(state: Delivery, message: Message, now: float) -> tuple[str, str]:
    """Return a style, and what to tell about the message in words that need no code list."""
    if state.failure is not None:
        return "bad", f"failed: {state.failure.meaning} ({state.status}, {state.code})"
    if state.done is not None:
        return "good", f"delivered{_after(state.done - message.due)}"
    if state.status == REFUSED:
        reason = "sender id not approved" if message.code == 401 else "no route to this number"
        return "bad", f"refused: {reason} ({message.code})"
    if message.scheduled is not None and now < message.scheduled:
        return "wait", f"scheduled for {calendar_eat.text(message.scheduled, '%d %b %H:%M')}"
    if message.local:
        return "bad", "accepted, never delivered: local number, use 254..."
    submitted = state.status == assumptions.STATUS_SUBMITTED
    return "wait", "on its way" if submitted else f"on its way, with the network ({state.status})"


def _after(seconds: float) -> str:
    """Return how long a delivery took, if it took any time."""
    if not seconds:
        return ""
    if seconds < 59.95:
        return f" after {seconds:.1f} s"
    hours, minutes = divmod(int(seconds / 60), 60)
    return f" after {hours} h {minutes} min" if hours else f" after {minutes} min"
