# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""An operation: what a task may ask, and what is done for it. Modules and actions run the same one."""

from __future__ import annotations

import dataclasses
import typing as t

from ._gateway.client import Client
from ._gateway.transport import has_requests
from ._options import CONNECTION_SPEC, connect

Params = t.Mapping[str, t.Any]
Result = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Call:
    """What an operation works with: the options by name, a client of the account, and whether this is a dry run."""

    params: Params = dataclasses.field(repr=False)  # the keys are in it
    client: Client
    check_mode: bool


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

    def perform(self, params: Params, *, check_mode: bool, diff_mode: bool) -> Result:
        """Run on a connection of its own. The diff is returned where the task asked for one."""
        with connect(params.__getitem__) as client:
            result = self.run(Call(params, client, check_mode))
        if not diff_mode:
            result.pop("diff", None)
        return result
