# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_sms_info."""

from __future__ import annotations

import collections
import itertools
import typing as t

from .._errors import OptionError
from .._gateway.models import LogRow
from .._operation import PHONENUMBERS, Call, Operation, Params, Result, require
from .._options import Bounds, check_bounds, read_list
from .._reading import states
from .._reading.periods import Period
from .._reading.sent_log import SentMessage, read_log
from .._reading.summary import LogSummary
from .._reading.timestamps import parse_timestamp
from .._rows import RowsFile, check_path
from .._sms import numbers
from .._sms.errors import SmsError
from ._period import PAGE_BOUNDS, PERIOD_OPTIONS

_EXPORT_FILE = "export_file"
_OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    **PERIOD_OPTIONS,
    # raw, so that an integer can be told from a string: see numbers.msisdn.
    "msisdn": {"type": "raw"},
    "sender_id": {"type": "str"},
    "status": {"type": "list", "elements": "str"},
    "message_ids": {"type": "list", "elements": "str"},
    "limit": {"type": "int", "default": 1000},
    _EXPORT_FILE: {"type": "path"},
}
_BOUNDS: t.Final[Bounds] = {**PAGE_BOUNDS, "limit": (0, None)}


class LogFilter(t.NamedTuple):
    """Which messages are asked for; None: of any."""

    period: Period
    msisdns: frozenset[str] | None
    sender_id: str | None
    statuses: frozenset[str] | None
    message_ids: frozenset[str] | None

    @classmethod
    def read(cls, params: Params, now: float) -> LogFilter:
        """What the options ask for. Raises OptionError where one is wrong."""
        sender_id = params["sender_id"]
        if sender_id is not None and not sender_id.strip():
            raise OptionError("sender_id is blank: name a sender id, or leave it out.")
        statuses = read_list("status", params["status"], "status")
        message_ids = read_list("message_ids", params["message_ids"], "message id")
        return cls(
            period=Period.read(params["from_date"], params["to_date"], now),
            msisdns=_read_msisdns(params["msisdn"]),
            sender_id=sender_id and sender_id.strip(),
            statuses=None if statuses is None else frozenset(map(states.normalize, statuses)),
            message_ids=None if message_ids is None else frozenset(message_ids),
        )

    def admits(self, row: LogRow) -> bool:
        """The row is asked for."""
        return (
            (self.message_ids is None or row.message_id in self.message_ids)
            and self.sender_id in (None, row.sender_id)
            and (self.statuses is None or not self.statuses.isdisjoint(_status_names(row.status)))
            and (self.msisdns is None or not self.msisdns.isdisjoint(numbers.possible_msisdns(row.number)))
            and self.period.includes(parse_timestamp(row.submitted))
        )


def _status_names(word: str) -> tuple[str, str]:
    """What a status may be called in the options: the delivery state, or the network's word."""
    return states.classify(word), states.normalize(word)


def _read_msisdns(given: object) -> frozenset[str] | None:
    """The numbers of the option. Raises OptionError for what is not a number."""
    if given is None:
        return None
    require(PHONENUMBERS)
    listed = numbers.split(given)
    if not listed:
        raise OptionError("msisdn is empty: give at least one number, or leave it out.")
    try:
        return frozenset(map(numbers.msisdn, listed))
    except SmsError as error:
        problem = str(error)
    raise OptionError(problem)


def _run(call: Call) -> Result:
    params = call.params
    check_bounds(params, _BOUNDS)
    wanted = LogFilter.read(params, call.clock.now())
    path = params[_EXPORT_FILE]
    if path is not None:
        check_path(_EXPORT_FILE, path)
    rows = read_log(call.client, *wanted.period.widened, params["page_size"])
    # An older file is replaced once the log can be read.
    rows = itertools.chain(list(itertools.islice(rows, 1)), rows)
    summary = LogSummary()
    shown: list[dict[str, t.Any]] = []

    def counted() -> t.Iterator[SentMessage]:
        for row in filter(wanted.admits, rows):
            message = SentMessage.from_row(row, call.client.redact)
            summary.add(message)
            if len(shown) < params["limit"]:
                shown.append(message.as_result())
            yield message

    if path is None or call.check_mode:
        collections.deque(counted(), maxlen=0)
    else:
        with RowsFile.create(_EXPORT_FILE, path, SentMessage._fields) as file:
            file.write(counted())
    return {"changed": False, "sms": shown, "summary": summary.as_result()}


OPERATION = Operation(_run, _OPTIONS, optional_libraries=(PHONENUMBERS,))
