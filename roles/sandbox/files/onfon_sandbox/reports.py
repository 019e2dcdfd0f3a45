# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delivery reports: what is to be told to --dlr-url, and a thread that tells it beside the answers.

Reports are written down with the messages that they are about, so that a restart loses none and repeats none. Only a
gateway that is killed between a push and the note of it pushes that one again.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit

from onfon_sandbox import assumptions, calendar_eat
from onfon_sandbox.delivery import Networks, draws
from onfon_sandbox.settings import Settings, shown_url
from onfon_sandbox.store import GIVEN_UP, PUSHED, Message, Report, Store

POLL_SECONDS = 0.1

log = logging.getLogger("onfon_sandbox")
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def plan(settings: Settings, networks: Networks, message: Message) -> list[tuple[float, float]]:
    """Return the reports about a message: whose moment each one tells, and when it is due."""
    moments = networks.changes(message)
    if not settings.dlr_chaos:
        return [(moment, moment) for moment in moments]
    window = max(settings.delivery_delay, assumptions.CHAOS_LEAST_SECONDS)
    planned = []
    for number, moment in enumerate(moments):
        late, repeated, later, _spare = draws(settings.seed, message.row, f"report {number}")
        planned.append((moment, moment + late * window))
        if repeated < assumptions.CHAOS_REPEATED:
            planned.append((moment, moment + later * window))
    return planned


def address(settings: Settings, networks: Networks, report: Report, message: Message) -> str:
    """Return what is asked for to tell a report: --dlr-url with its own query, if it has one, and the platform's."""
    state = networks.of(message, report.moment)
    query = {
        "messageId": message.message_id,
        "mobile": message.digits,
        "status": state.status,
        "errorCode": state.code,
        "submitDate": calendar_eat.text(message.submitted, assumptions.REPORT_TIME_FORMAT),
        "doneDate": "" if state.done is None else calendar_eat.text(state.done, assumptions.REPORT_TIME_FORMAT),
        "shortMessage": message.text,
    }
    if settings.dlr_chaos and draws(settings.seed, message.row, "quotes")[0] < assumptions.CHAOS_QUOTED:
        query["shortMessage"] = f"'{message.text}'"
    parts = urlsplit(settings.dlr_url)
    whole = "&".join(part for part in (parts.query, urlencode(query, quote_via=quote)) if part)
    return parts._replace(path=parts.path or "/", query=whole, fragment="").geturl()


def get(url: str) -> str:
    """Ask for a URL; return what went wrong, or nothing."""
    try:
        with opener.open(url, timeout=assumptions.REPORT_TIMEOUT_SECONDS) as answer:
            answer.read(1)
    except urllib.error.HTTPError as error:
        error.close()
        return f"HTTP {error.code}"
    except (OSError, http.client.HTTPException):
        return "no answer"
    return ""


class Postman:
    """Pushes the reports that are due, one after the other.

    `with Postman(...):` lets it walk in a thread of its own, which needs a store of its own, and closes it at the end.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], float] = time.time,
        push: Callable[[str], str] = get,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._push = push
        self._networks = Networks(settings)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._walk, name="postman", daemon=True)

    def __enter__(self) -> Postman:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop, and wait for the note of the last push; a receiver that never ends its answer is not waited for."""
        self._stopped.set()
        self._thread.join(assumptions.REPORT_TIMEOUT_SECONDS)

    def push_due(self) -> None:
        """Push every report that is due now."""
        while not self._stopped.is_set():
            found = self._store.next_report(self._clock())
            if found is None:
                return
            self._deliver(*found)

    def _walk(self) -> None:
        with contextlib.closing(self._store):
            while not self._stopped.wait(POLL_SECONDS):
                self.push_due()

    def _deliver(self, report: Report, message: Message) -> None:
        trouble = self._push(address(self._settings, self._networks, report, message))
        if not trouble:
            self._store.settle_report(report.id, PUSHED)
        elif report.tries < len(assumptions.REPORT_PAUSES):
            self._store.postpone_report(report.id, self._clock() + assumptions.REPORT_PAUSES[report.tries])
        else:
            self._store.settle_report(report.id, GIVEN_UP)
            log.warning(
                "The delivery report of message %s was given up after %d tries: %s from %s.",
                message.message_id,
                report.tries + 1,
                trouble,
                shown_url(self._settings.dlr_url),
            )
