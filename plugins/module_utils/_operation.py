# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""An operation: what a task may ask, and what is done for it. Modules and actions run the same one."""

from __future__ import annotations

import dataclasses
import typing as t

from ._clock import SYSTEM_CLOCK, Clock
from ._gateway.client import Client
from ._gateway.errors import OnfonError
from ._gateway.transport import has_requests
from ._options import CONNECTION_SPEC, connect

Params = t.Mapping[str, t.Any]
Result = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Call:
    """What an operation works with: the options by name, a client of the account, and whether this is a dry run.

    notify: tells a line to whoever watches the task, None where nobody can. clock: time and patience.
    """

    params: Params = dataclasses.field(repr=False)  # the keys are in it
    client: Client
    check_mode: bool
    notify: t.Callable[[str], None] | None = None
    clock: Clock = SYSTEM_CLOCK

    def connect(self) -> Client:
        """One more client of the account, not connected yet."""
        return connect(self.params.__getitem__)


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation of the collection.

    run: call -> result. It asks the gateway for nothing before it has checked the options, leaves the writes out in
        check mode, and raises OnfonError where it fails.
    options: argument spec of the options besides the connection's.
    constraints: mutually_exclusive, required_one_of and their like, as AnsibleModule takes them.
    can_run: whether the libraries that it needs are installed where this is asked.
    """

    run: t.Callable[[Call], Result]
    options: t.Mapping[str, t.Mapping[str, t.Any]] = dataclasses.field(default_factory=dict)
    constraints: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    can_run: t.Callable[[], bool] = has_requests

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        """The argument spec, connection included."""
        return {**CONNECTION_SPEC, **self.options}

    def perform(
        self,
        params: Params,
        *,
        check_mode: bool,
        diff_mode: bool,
        notify: t.Callable[[str], None] | None = None,
    ) -> Result:
        """Run on a connection of its own. The diff is returned where the task asked for one."""
        result: Result = {}
        try:
            with connect(params.__getitem__) as client:
                result = self.run(Call(params, client, check_mode, notify))
                return result
        except OnfonError as error:
            result = error.result
            raise
        finally:
            if not diff_mode:
                result.pop("diff", None)
