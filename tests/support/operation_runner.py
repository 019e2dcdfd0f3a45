# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs an operation on a FakeTransport, with a clock that advances only when the code sleeps."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._clock import Clock
from ansible_collections.onfon.sms.plugins.module_utils._context import Context
from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._operation import Call, Operation
from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT
from tests.support.fake_transport import MORNING, FakeTransport

Result = dict[str, t.Any]


class FakeTime:
    """A clock that shows ten in the morning in Nairobi and advances only in sleep()."""

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
        """A function that advances the clock."""
        return lambda: self.sleep(seconds)

    def log_time(self, seconds: float = 0.0) -> str:
        """The time so many seconds from now, as the sent log writes it."""
        return f"{datetime.datetime.fromtimestamp(self.now() + seconds, EAT):%Y-%m-%d %H:%M:%S}"


def make_context(client: Client, *, check_mode: bool = False) -> Context:
    """A context with one client, whose clock advances only in sleep()."""
    return Context(client, lambda: client, check_mode, None, FakeTime().clock)


class OperationRunner:
    """Runs operations. transport: the account; time: the clock; progress: the progress lines that were shown."""

    def __init__(self) -> None:
        self.time = FakeTime()
        self.transport = FakeTransport(now=self.time.now)
        self.progress: list[str] = []

    def perform(self, operation: Operation, check: bool, options: t.Mapping[str, object]) -> Result:
        """Return the result of the task, with `failed` if it fails. Other options have their defaults."""
        params: dict[str, t.Any] = {name: spec.get("default") for name, spec in operation.argument_spec.items()}
        params.update(options)
        call = Call(
            client=self.transport.client,
            connect=lambda: self.transport.client,
            check_mode=check,
            notify=self.progress.append,
            clock=self.time.clock,
            params=params,
        )
        try:
            with call.client:
                return operation.execute(call)
        except OnfonError as error:
            return {"failed": True, **error.as_result()}
