# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_sms."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import env_fallback

from .._gateway.errors import OptionError
from .._gateway.transport import has_requests
from .._operation import Call, Operation, Result
from .._sending.encoding import encode
from .._sending.numbers import has_phonenumbers
from .._sending.recipients import ACCEPTED, STATUSES, UNKNOWN, compose
from .._sending.send import Sent, send

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    # raw, so that an integer can be told from a string: see numbers.msisdn.
    "to": {"type": "raw", "required": True},
    "text": {"type": "str", "required": True},
    "sender_id": {"type": "str", "fallback": (env_fallback, ["ONFON_SENDER_ID"])},
}


def _send(call: Call) -> Result:
    params = call.params
    # The last line end of a YAML block is no part of the text, and would be paid for.
    text, sender_id = params["text"].rstrip("\r\n"), (params["sender_id"] or "").strip()
    to = _listed(params["to"])
    if not to:
        raise OptionError("to is empty: give at least one number.")
    if not text.strip():
        raise OptionError("text is blank: give the text of the message.")
    if not sender_id:
        raise OptionError("sender_id is missing: set it, or ONFON_SENDER_ID in the environment.")
    recipients = compose(to)
    encoded = encode(text)
    if call.check_mode:
        return _report(Sent(recipients), encoded.segments, changed=True)
    sent = send(call.client, sender_id, recipients, text, unicode=encoded.unicode)
    result = _report(sent, encoded.segments, changed=sent.count(ACCEPTED, UNKNOWN) > 0)
    problem = sent.problem(result)
    if problem:
        raise problem
    return result


def _listed(to: object) -> list[object]:
    """The numbers of the option: a list, one number, or several with commas between them."""
    if isinstance(to, str):
        return [number.strip() for number in to.split(",") if number.strip()]
    return list(to) if isinstance(to, (list, tuple)) else [to]


def _report(sent: Sent, segments: int, *, changed: bool) -> Result:
    """{changed, recipients, summary}: the same whether it was sent, failed, or was only planned."""
    return {
        "changed": changed,
        "recipients": [recipient.as_result() for recipient in sent.recipients],
        "summary": {
            "requested": len(sent.recipients),
            "segments": segments * sum(recipient.distinct for recipient in sent.recipients),
            **{status: sent.count(status) for status in STATUSES},
        },
    }


SMS_OPERATION = Operation(_send, OPTIONS, can_run=lambda: has_requests() and has_phonenumbers())
