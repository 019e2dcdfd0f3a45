# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconciles the account of a FakeTransport: one resource, or with onfon_account."""

from __future__ import annotations

import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._account.execute import Outcome
from ansible_collections.onfon.sms.plugins.module_utils._account.plan import Declaration, DesiredResource
from ansible_collections.onfon.sms.plugins.module_utils._account.reconcile import reconcile
from ansible_collections.onfon.sms.plugins.module_utils._account.resources import R, ResourceType
from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_account import OPERATION
from tests.support.fake_transport import FakeTransport
from tests.support.operation_runner import OperationRunner, Result, make_context


def reconcile_one(
    resource_type: ResourceType[R], transport: FakeTransport, desired: DesiredResource, *, check_mode: bool = False
) -> Outcome[R]:
    """Bring one resource to its declared state. Raises OnfonError where it was refused or failed."""
    declarations = [Declaration(resource_type, [desired])]
    context = make_context(transport.client, check_mode=check_mode)
    return reconcile(declarations, context, concurrency=1, purge_limit=0).single_outcome()


class AccountRunner(OperationRunner):
    """Runs onfon_account."""

    def seed(self, *groups: str, **templates: str) -> None:
        """Add groups, and templates by name, to the account."""
        for name in groups:
            self.transport.add_group(name)
        for name, text in templates.items():
            self.transport.add_template(name, text)

    def declare(self, *, check: bool = False, **options: t.Any) -> Result:
        """Return the result of the task. Writes are sequential unless `concurrency` is given."""
        templates = options.get("templates")
        if templates is not None:
            # What the argument spec fills in.
            options["templates"] = [{"text": None, "state": "present", **template} for template in templates]
        return self.perform(OPERATION, check, {"concurrency": 1, **options})

    @property
    def groups(self) -> list[str]:
        return self.transport.names("Group")

    @property
    def templates(self) -> dict[str, str]:
        return {row["TemplateName"]: row["MessageTemplate"] for row in self.transport.rows["Template"].values()}


def lines(result: Result) -> list[str]:
    """The plan as short lines."""
    return [f"{entry['action']} {entry['kind']} {entry['name']}" for entry in result["plan"]]


def statuses(result: Result) -> list[str]:
    return [entry["status"] for entry in result["plan"]]
