# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_sms."""

from __future__ import annotations

import dataclasses
import datetime
import os
import typing as t

from ansible.module_utils.basic import env_fallback

from .._errors import OptionError
from .._operation import PHONENUMBERS, REQUESTS, Call, Operation, Params, Result
from .._options import Bounds, check_bounds
from .._rows import check_path
from .._sending import inputs, result, schedule
from .._sending.plan import Limits
from .._sending.records import InputRow, InvalidRow
from .._sending.run import REPORT_FILE, DeliveryWait, Job, send
from .._sending.sender import SendOptions
from .._sending.validate import Rules
from .._sms import encoding, numbers

_FIELDS: t.Final[dict[str, t.Any]] = {"type": "dict"}
_OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    # raw, so that an integer can be told from a string: see numbers.msisdn.
    "to": {"type": "raw"},
    "messages": {
        "type": "list",
        "elements": "dict",
        "options": {"to": {"type": "raw", "required": True}, "text": {"type": "str"}, "fields": _FIELDS},
    },
    "recipients_file": {"type": "path"},
    "text": {"type": "str"},
    "template": {"type": "str"},
    "fields": _FIELDS,
    "sender_id": {"type": "str", "fallback": (env_fallback, ["ONFON_SENDER_ID"])},
    "default_region": {"type": "str", "default": numbers.DEFAULT_REGION},
    "on_invalid": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    "opt_out": {"type": "list", "elements": "raw"},
    "opt_out_file": {"type": "path"},
    "unicode": {
        "type": "str",
        "choices": [encoding.AUTO, encoding.ALWAYS, encoding.NEVER],
        "default": encoding.AUTO,
    },
    "transliterate": {"type": "bool", "default": False},
    "flash": {"type": "bool", "default": False},
    "schedule_at": {"type": "str"},
    "timezone": {"type": "str", "default": schedule.DEFAULT_ZONE},
    "quiet_hours": {
        "type": "dict",
        "options": {
            "start": {"type": "str", "required": True},
            "end": {"type": "str", "required": True},
            "timezone": {"type": "str"},
            "action": {"type": "str", "choices": ["fail", "skip", "schedule"], "default": "fail"},
        },
    },
    "max_recipients": {"type": "int"},
    "max_segments": {"type": "int"},
    "max_total_segments": {"type": "int"},
    "min_balance_after": {"type": "float"},
    "price_per_segment": {"type": "float"},
    "batch_size": {"type": "int", "default": 20},
    "concurrency": {"type": "int", "default": 4},
    "rate_limit": {"type": "float"},
    "journal": {"type": "path"},
    "dedupe_window": {"type": "str"},
    "settle": {"type": "bool", "default": True},
    "settle_timeout": {"type": "float", "default": 60},
    "resend_unknown": {"type": "bool", "default": False},
    "wait_for_delivery": {"type": "bool", "default": False},
    "delivery_timeout": {"type": "float", "default": 300},
    "min_delivered_percent": {"type": "float"},
    REPORT_FILE: {"type": "path"},
    "result_limit": {"type": "int", "default": 1000},
    "fail_on": {"type": "str", "choices": [result.ANY, result.ALL, result.NEVER], "default": result.ANY},
    "progress": {"type": "bool", "default": True},
}
_CONSTRAINTS: t.Final[dict[str, t.Any]] = {
    "mutually_exclusive": [("to", "messages", "recipients_file"), ("text", "template")],
    "required_one_of": [("to", "messages", "recipients_file")],
    "required_by": {"min_balance_after": ("price_per_segment",)},
}
_BOUNDS: t.Final[Bounds] = {
    "min_balance_after": (0, None),
    "max_recipients": (0, None),
    "max_segments": (1, None),
    "max_total_segments": (0, None),
    "price_per_segment": (0, None),
    "batch_size": (1, 1000),
    "concurrency": (1, 32),
    "rate_limit": (0.01, 1000),
    "settle_timeout": (0, 3600),
    "delivery_timeout": (0, 86_400),
    "min_delivered_percent": (0, 100),
    "result_limit": (0, None),
}


def _run(call: Call) -> Result:
    params = call.params
    job = _job(params, call.clock.utc())
    return send(job, call if params["progress"] else dataclasses.replace(call, notify=None))


def _job(params: Params, now: datetime.datetime) -> Job:
    """What the options ask for. Raises OptionError where one is wrong."""
    check_bounds(params, _BOUNDS)
    if params["resend_unknown"] and not params["settle"]:
        raise OptionError("resend_unknown needs settle: what the sent log shows must not be sent again.")
    _check_files(params)
    region = _region(params)
    rows, row_name = _rows(params)
    window = params["dedupe_window"]
    return Job(
        account=f"{params['api_url'].rstrip('/')} {params['client_id']}",
        options=SendOptions(
            sender_id=_sender_id(params),
            flash=params["flash"],
            batch_size=params["batch_size"],
            concurrency=params["concurrency"],
            rate_limit=params["rate_limit"],
        ),
        rows=rows,
        row_name=row_name,
        text=_text(params),
        template=params["template"],
        rules=Rules(
            fields=inputs.common_fields(params["fields"]),
            region=region,
            opted_out=inputs.opted_out(params["opt_out"], params["opt_out_file"], region),
            skip_invalid=params["on_invalid"] == "skip",
            unicode=params["unicode"],
            transliterate=params["transliterate"],
        ),
        schedule=schedule.Schedule.read(params["schedule_at"], params["timezone"], params["quiet_hours"], now),
        limits=Limits(**{limit: params[limit] for limit in Limits._fields}),
        journal=params["journal"],
        report_file=params[REPORT_FILE],
        settle_timeout=params["settle_timeout"] if params["settle"] else None,
        resend_unknown=params["resend_unknown"],
        delivery_wait=_delivery_wait(params),
        dedupe_window=None if window is None else schedule.duration("dedupe_window", window),
        result_limit=params["result_limit"],
        fail_on=params["fail_on"],
    )


def _region(params: Params) -> str:
    """The country whose numbers have no plus, in capitals."""
    region: str = params["default_region"]
    if not numbers.is_region(region.upper()):
        raise OptionError(f'default_region "{region}" is not a country: give its two letters of ISO 3166, such as KE.')
    return region.upper()


def _check_files(params: Params) -> None:
    """Each file has one purpose, for a report in the place of the recipients would be the end of them."""
    used: dict[str, str] = {}
    for option in ("recipients_file", "opt_out_file", "journal", REPORT_FILE):
        path = params[option]
        if path is None:
            continue
        if not path.strip():
            raise OptionError(f"{option} is empty: give a path, or leave it out.")
        other = used.setdefault(os.path.realpath(path), option)
        if other != option:
            raise OptionError(f"{other} and {option} are the same file {path}: give each its own.")
    if params[REPORT_FILE] is not None:
        check_path(REPORT_FILE, params[REPORT_FILE])


def _rows(params: Params) -> tuple[t.Iterator[InputRow | InvalidRow], str]:
    """The recipients, row by row, and what a row is called."""
    if params["to"] is not None:
        return inputs.from_numbers(params["to"]), "entry"
    if params["messages"] is not None:
        return inputs.from_messages(params["messages"]), "entry"
    if params["recipients_file"] is not None:
        return inputs.from_file(params["recipients_file"]), "line"
    # An option that is null counts as given for the argument spec.
    raise OptionError("to, messages and recipients_file are empty: give one of them.")


def _text(params: Params) -> str | None:
    """The text for all rows, None where a template or each row brings it."""
    text: str | None = params["text"]
    if text is not None and not text.strip():
        raise OptionError("text is blank: give the text of the message.")
    if params["to"] is not None and text is None and params["template"] is None:
        raise OptionError("text and template are missing: give one of them.")
    return text


def _delivery_wait(params: Params) -> DeliveryWait | None:
    """How to wait for delivery, None not to wait."""
    if not params["wait_for_delivery"]:
        if params["min_delivered_percent"] is not None:
            raise OptionError("min_delivered_percent needs wait_for_delivery: set that to true, or leave both out.")
        return None
    if params["schedule_at"] is not None:
        raise OptionError("wait_for_delivery goes with messages that are delivered at once: leave out schedule_at.")
    return DeliveryWait(params["delivery_timeout"], params["min_delivered_percent"])


def _sender_id(params: Params) -> str:
    sender_id = (params["sender_id"] or "").strip()
    if not sender_id:
        raise OptionError("sender_id is missing: set it, or ONFON_SENDER_ID in the environment.")
    return sender_id


OPERATION = Operation(_run, _OPTIONS, _CONSTRAINTS, libraries=(REQUESTS, PHONENUMBERS))
