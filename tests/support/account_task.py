# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of onfon_account on an account in memory."""

from __future__ import annotations

import typing as t

from tests.support.operation import Result, Stage


class Registry(Stage):
    """An account with some groups and templates."""

    def have(self, *groups: str, **templates: str) -> None:
        """Have these groups, and templates by name."""
        for name in groups:
            self.account.group(name)
        for name, text in templates.items():
            self.account.template(name, text)

    def declare(self, *, check: bool = False, **options: t.Any) -> Result:
        """What the task returns. There is one write at a time unless more are asked for."""
        templates = options.get("templates")
        if templates is not None:
            # What the argument spec fills in.
            options["templates"] = [{"text": None, "state": "present", **template} for template in templates]
        return self.perform(ACCOUNT_OPERATION, check, {"concurrency": 1, **options})

    @property
    def groups(self) -> list[str]:
        return self.account.names("Group")

    @property
    def templates(self) -> dict[str, str]:
        return {row["TemplateName"]: row["MessageTemplate"] for row in self.account.rows["Template"].values()}


def lines(result: Result) -> list[str]:
    """The plan, in short."""
    return [f"{entry['action']} {entry['kind']} {entry['name']}" for entry in result["plan"]]


def statuses(result: Result) -> list[str]:
    return [entry["status"] for entry in result["plan"]]
