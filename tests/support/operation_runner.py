# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of an operation on an account in memory, in a time that passes only where somebody waits."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._clock import Clock
from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._operation import Call, Operation
from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT
from tests.support.account import MORNING, Account

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


class Stage:
    """An account, a time, and what is told to whoever watches."""

    def __init__(self) -> None:
        self.time = FakeTime()
        self.account = Account(now=self.time.now)
        self.told: list[str] = []

    def perform(self, operation: Operation, check: bool, options: t.Mapping[str, object]) -> Result:
        """What the task returns; failed is there where it fails. The options are the module's, with its defaults."""
        params: dict[str, t.Any] = {name: spec.get("default") for name, spec in operation.argument_spec.items()}
        params.update(options)
        call = _Call(params, self.account.client, check, self.told.append, self.time.clock, self.account)
        try:
            with call.client:
                return operation.execute(call)
        except OnfonError as error:
            return {"failed": True, **error.as_result()}
