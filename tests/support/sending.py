# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of onfon_sms on an account in memory, in a time that passes only where somebody waits."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._clock import Clock
from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._operation import Call
from ansible_collections.onfon.sms.plugins.module_utils._operations.sms import SMS_OPERATION
from ansible_collections.onfon.sms.plugins.module_utils._reading.moments import EAT
from tests.support.account import MORNING, Account

A, B, C, D = "254700000001", "254700000002", "254700000003", "254700000004"
ABROAD = "447911123456"
STATUSES: t.Final = (
    "accepted",
    "rejected",
    "unknown",
    "not_sent",
    "skipped_duplicate",
    "skipped_invalid",
    "skipped_opt_out",
    "skipped_already_sent",
)

Result = dict[str, t.Any]


class FakeTime:
    """It is ten in the morning in Nairobi, until somebody sleeps."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.clock = Clock(now=self.now, monotonic=self.monotonic, sleep=self.sleep)

    def now(self) -> float:
        return MORNING + self.passed

    def monotonic(self) -> float:
        return 5000.0 + self.passed

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.passed += seconds

    def passes(self, seconds: float) -> t.Callable[[], None]:
        """What lets so much time pass when it is called."""
        return lambda: self.sleep(seconds)

    def wire(self, seconds: float = 0.0) -> str:
        """The moment so many seconds from now, as the log shows it."""
        return f"{datetime.datetime.fromtimestamp(self.now() + seconds, EAT):%Y-%m-%d %H:%M:%S}"


@dataclasses.dataclass(frozen=True)
class _Call(Call):
    """A call whose further clients are of the same account in memory."""

    account: Account | None = None

    def connect(self) -> Client:
        assert self.account
        return self.account.client


class Desk:
    """An account, a time, and what is told to whoever watches.

    options: what each run is given, unless it says otherwise.
    """

    def __init__(self, **options: object) -> None:
        self.time = FakeTime()
        self.account = Account(now=self.time.now)
        self.told: list[str] = []
        self.options = options

    def send(self, *, check: bool = False, **options: object) -> Result:
        """What the task returns; failed is there where it fails.

        The options are the module's, with its defaults; but there is one thread unless more are asked for.
        """
        given: dict[str, object] = {"client_id": "acme", "sender_id": "ACME", "text": "Hello", "concurrency": 1}
        given.update(self.options)
        given.update(options)
        params: dict[str, t.Any] = {name: spec.get("default") for name, spec in SMS_OPERATION.argument_spec.items()}
        params.update(given)
        call = _Call(params, self.account.client, check, self.told.append, self.time.clock, self.account)
        try:
            with call.client:
                return SMS_OPERATION.run(call)
        except OnfonError as error:
            return {"failed": True, **error.as_result()}


def people(count: int, first: int = 100) -> list[str]:
    """So many msisdns."""
    return [f"254700000{number:03}" for number in range(first, first + count)]


def statuses(result: Result) -> list[str]:
    return [recipient["status"] for recipient in result["recipients"]]


def of_status(result: Result, status: str) -> list[str]:
    """The msisdns that have a status."""
    return [recipient["msisdn"] for recipient in result["recipients"] if recipient["status"] == status]


def check_sum(result: Result, lines: int) -> None:
    """Every line has one status, and the summary says the same as the recipients."""
    summary = result["summary"]
    assert summary["requested"] == lines == len(result["recipients"])
    counted = collections.Counter(statuses(result))
    assert {status: summary[status] for status in STATUSES} == {status: counted[status] for status in STATUSES}
