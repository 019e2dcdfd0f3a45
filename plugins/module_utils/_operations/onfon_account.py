# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_account."""

from __future__ import annotations

import collections
import typing as t

from .._account.execute import ALREADY_DONE, DONE, FAILED, NOT_TRIED, PLANNED, UNCHANGED, UNKNOWN, Outcome
from .._account.plan import CREATE, DELETE, NOT_EMPTY, UPDATE, Undeclared
from .._account.reconcile import Reconciliation, reconcile
from .._account.resources import GROUP, TEMPLATE
from .._operation import Call, Operation, Result
from .._options import Bounds, check_bounds
from .._text import enumerated
from ._declarations import OPTIONS, read_declarations
from ._diff import diff

_BOUNDS: t.Final[Bounds] = {"purge_limit": (0, None), "concurrency": (1, 32)}
# The keys of the summary that count the changes of an action which were made, or are planned.
_SUMMARY_KEYS: t.Final = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


def _run(call: Call) -> Result:
    params = call.params
    check_bounds(params, _BOUNDS)
    reconciliation = reconcile(
        read_declarations(params), call, concurrency=params["concurrency"], purge_limit=params["purge_limit"]
    )
    result = _result(reconciliation)
    reconciliation.raise_for_failures(result)
    return result


def _result(reconciliation: Reconciliation) -> Result:
    """{changed, plan, groups, templates, undeclared, summary, diff, warnings}."""
    needed = reconciliation.needed
    undeclared = [each for section in reconciliation.sections for each in section.plan.undeclared]
    resources = {section.plan.type: section.resources for section in reconciliation.sections}
    return {
        "changed": any(outcome.changed for outcome in needed),
        "plan": [_planned(outcome) for outcome in needed],
        "groups": _listed(resources.get(GROUP)),
        "templates": _listed(resources.get(TEMPLATE)),
        "undeclared": [_undeclared(each) for each in undeclared],
        "summary": _summary(reconciliation, len(undeclared)),
        "diff": [
            diff(outcome.change.title, outcome.before, outcome.after)
            for outcome in needed
            if outcome.before != outcome.after
        ],
        **_warnings(undeclared),
    }


def _listed(resources: t.Sequence[t.Any] | None) -> list[Result] | None:
    return None if resources is None else [resource.as_result() for resource in resources]


def _planned(outcome: Outcome[t.Any]) -> Result:
    """One entry of the plan, and what became of it."""
    change = outcome.change
    resource = outcome.resource or change.current
    return {
        "kind": change.type.name,
        "name": change.after.get("name") or change.before["name"],
        "id": resource.id if resource else None,
        "action": change.action,
        "before": change.before,
        "after": change.after,
        "status": outcome.status,
        "error": outcome.failure.msg if outcome.failure else None,
    }


def _undeclared(each: Undeclared[t.Any]) -> Result:
    return {"kind": each.type.name, "name": each.resource.name, "id": each.resource.id, "reason": each.reason}


def _summary(reconciliation: Reconciliation, undeclared: int) -> dict[str, int]:
    """How many resources were created and so on, or would be; how many are as declared, and how many undeclared."""
    outcomes = reconciliation.outcomes
    made = collections.Counter(each.change.action for each in outcomes if each.status in (PLANNED, DONE))
    statuses = collections.Counter(each.status for each in outcomes)
    problems = sum(len(section.plan.problems) for section in reconciliation.sections)
    return {
        **{key: made[action] for action, key in _SUMMARY_KEYS.items()},
        "unchanged": statuses[UNCHANGED] + statuses[ALREADY_DONE],
        "undeclared": undeclared,
        "failed": statuses[FAILED] + problems,
        **{status: statuses[status] for status in (UNKNOWN, NOT_TRIED)},
    }


def _warnings(undeclared: t.Iterable[Undeclared[t.Any]]) -> dict[str, list[str]]:
    """{warnings} about the groups that the purge left because of their contacts, {} where there are none."""
    full = [
        f'"{each.resource.name}" ({each.type.contents(each.resource)})'
        for each in undeclared
        if each.reason == NOT_EMPTY
    ]
    if not full:
        return {}
    warning = f"The purge left groups that have contacts: {enumerated(full)}."
    return {"warnings": [f"{warning} Set purge_groups_with_contacts to true to remove such groups too."]}


OPERATION = Operation(
    _run,
    {
        **OPTIONS,
        "purge_limit": {"type": "int", "default": 10},
        "concurrency": {"type": "int", "default": 4},
    },
)
