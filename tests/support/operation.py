# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of an operation on an account in memory, in a time that passes only where somebody waits."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._clock import Clock
from ansible_collections.onfon.sms.plugins.module_utils._context import Context
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


def context(client: Client, *, check_mode: bool = False) -> Context:
    """A context with one client, in which time passes only where somebody waits."""
    return Context(client, lambda: client, check_mode, None, FakeTime().clock)


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
        call = Call(
            self.account.client,
            connect=lambda: self.account.client,
            check_mode=check,
            notify=self.told.append,
            clock=self.time.clock,
            params=params,
        )
        try:
            with call.client:
                return operation.execute(call)
        except OnfonError as error:
            return {"failed": True, **error.as_result()}
