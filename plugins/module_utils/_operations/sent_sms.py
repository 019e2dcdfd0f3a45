# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_sms_info."""

from __future__ import annotations

import collections
import itertools
import typing as t

from .._gateway.errors import OptionError
from .._gateway.models import SentMessage
from .._gateway.transport import has_requests
from .._operation import Call, Operation, Params, Result
from .._reading import states
from .._reading.messages import Sms
from .._reading.moments import parse_moment
from .._reading.options import PAGE_BOUNDS, PERIOD_SPEC, Bounds, check_bounds, listed
from .._reading.periods import Period
from .._reading.sent_log import sent_between
from .._reading.tally import Tally
from .._rows import RowsFile
from .._rows import check as check_path
from .._sending.numbers import has_phonenumbers, msisdn
from .._sending.receipts import spellings

EXPORT_FILE = "export_file"
OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    **PERIOD_SPEC,
    # raw, so that an integer can be told from a string: see numbers.msisdn.
    "msisdn": {"type": "raw"},
    "sender_id": {"type": "str"},
    "status": {"type": "list", "elements": "str"},
    "message_ids": {"type": "list", "elements": "str"},
    "limit": {"type": "int", "default": 1000},
    EXPORT_FILE: {"type": "path"},
}
BOUNDS: t.Final[Bounds] = {**PAGE_BOUNDS, "limit": (0, None)}


class Wanted(t.NamedTuple):
    """Which messages are asked for; None: of any."""

    period: Period
    msisdns: frozenset[str] | None
    sender_id: str | None
    statuses: frozenset[str] | None
    message_ids: frozenset[str] | None

    @classmethod
    def read(cls, params: Params, now: float) -> Wanted:
        """What the options ask for. Raises OptionError where one is wrong."""
        sender_id = params["sender_id"]
        if sender_id is not None and not sender_id.strip():
            raise OptionError("sender_id is blank: name a sender id, or leave it out.")
        statuses = listed("status", params["status"], "status")
        message_ids = listed("message_ids", params["message_ids"], "message id")
        return cls(
            period=Period.read(params["from_date"], params["to_date"], now),
            msisdns=_msisdns(params["msisdn"]),
            sender_id=sender_id and sender_id.strip(),
            statuses=None if statuses is None else frozenset(map(states.letters, statuses)),
            message_ids=None if message_ids is None else frozenset(message_ids),
        )

    def fits(self, row: SentMessage) -> bool:
        """The row is asked for."""
        return (
            (self.message_ids is None or row.message_id in self.message_ids)
            and self.sender_id in (None, row.sender_id)
            and (self.statuses is None or not self.statuses.isdisjoint(_names(row.status)))
            and (self.msisdns is None or not self.msisdns.isdisjoint(spellings(row.number)))
            and self.period.holds(parse_moment(row.submitted))
        )


def _names(status: str) -> tuple[str, str]:
    """What a status may be called in the options: its class, or as Onfon spells it."""
    return states.classify(status), states.letters(status)


def _msisdns(given: object) -> frozenset[str] | None:
    """The numbers of the option: a list, one number, or several with commas between them."""
    if given is None:
        return None
    listed_numbers = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else [given]
    if not listed_numbers:
        raise OptionError("msisdn is empty: give at least one number, or leave it out.")
    return frozenset(map(msisdn, listed_numbers))


def _inform(call: Call) -> Result:
    params = call.params
    check_bounds(params, BOUNDS)
    wanted = Wanted.read(params, call.clock.now())
    path = params[EXPORT_FILE]
    if path is not None:
        check_path(EXPORT_FILE, path)
    rows = sent_between(call.client, *wanted.period.wide, params["page_size"])
    # An older file is replaced once the log can be read.
    rows = itertools.chain(list(itertools.islice(rows, 1)), rows)
    tally = Tally()
    shown: list[dict[str, t.Any]] = []

    def noted() -> t.Iterator[Sms]:
        for row in filter(wanted.fits, rows):
            sms = Sms.of(row, call.client.redact)
            tally.add(sms)
            if len(shown) < params["limit"]:
                shown.append(sms.as_result())
            yield sms

    if path is None or call.check_mode:
        collections.deque(noted(), maxlen=0)
    else:
        with RowsFile.create(EXPORT_FILE, path, Sms._fields) as file:
            file.write(noted())
    return {"changed": False, "sms": shown, "summary": tally.as_result()}


SMS_INFO_OPERATION = Operation(_inform, OPTIONS, can_run=lambda: has_requests() and has_phonenumbers())
