# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The operation of onfon_account."""

from __future__ import annotations

import collections
import typing as t

from .._account.declaration import Declaration, refuse_purge
from .._account.execute import ALREADY_DONE, DONE, FAILED, NOT_TRIED, PLANNED, UNKNOWN, Crew, Outcome
from .._account.plan import CREATE, DELETE, UPDATE
from .._account.purge import NOT_EMPTY, Purge, Undeclared
from .._account.reconcile import Settled, carry_out, foretold, left_alone, refuse_problems, shortfall, survey
from .._account.resources import GROUP, TEMPLATE, Kind
from .._errors import OptionError, StateError
from .._gateway.clients import Clients
from .._operation import Call, Operation, Params, Result
from .._progress import Progress
from .._reading.options import Bounds, check_bounds
from .._text import enumerated
from ._declared import diff
from ._entries import STATES, Entry, declare, read_groups, read_renames

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    # raw, because a name alone is enough.
    "groups": {"type": "list", "elements": "raw"},
    "templates": {
        "type": "list",
        "elements": "dict",
        "options": {
            # raw, because what YAML reads as a number or a truth is not what somebody wrote.
            "name": {"type": "raw", "required": True},
            "text": {"type": "raw"},
            "state": {"type": "str", "choices": list(STATES), "default": "present"},
        },
    },
    "renames": {"type": "dict"},
    "purge_groups": {"type": "bool", "default": False},
    "purge_templates": {"type": "bool", "default": False},
    "purge_groups_with_contacts": {"type": "bool", "default": False},
    "purge_limit": {"type": "int", "default": 10},
    # raw, because a slip such as «- ops: x» would become a text that protects nothing.
    "protect": {"type": "list", "elements": "raw"},
    "concurrency": {"type": "int", "default": 4},
}
BOUNDS: t.Final[Bounds] = {"purge_limit": (0, None), "concurrency": (1, 32)}
# What a sum is called that counts the changes of an action which were made, or would be.
SUMS: t.Final = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


def _declare(call: Call) -> Result:
    params = call.params
    check_bounds(params, BOUNDS)
    declarations = _declarations(params)
    plans = survey(declarations, call.client)
    try:
        refuse_problems(plans)
        refuse_purge(plans, params["purge_limit"])
    except StateError as refusal:
        raise refusal.after(refusal.fact, refusal.hint, _result(left_alone(plans, refusal))) from None
    expected = foretold(plans)
    if call.check_mode:
        return _result(expected)
    with Clients(call.client, call.connect) as clients:
        total = sum(len(each.outcomes) for each in expected)
        progress = Progress(call.notify, total, call.clock, "in trouble")
        settled = carry_out(plans, call.client, Crew(clients, params["concurrency"], progress.tell))
    result = _result(settled)
    problem = shortfall(_outcomes(settled), result)
    if problem:
        raise problem
    return result


# --- from the options -------------------------------------------------------------------------------------------------


def _declarations(params: Params) -> list[Declaration[t.Any]]:
    """What the options declare. Raises OptionError where one is wrong."""
    entries: dict[Kind[t.Any], t.Sequence[Entry] | None] = {
        GROUP: read_groups(params["groups"]),
        TEMPLATE: params["templates"],
    }
    if all(each is None for each in entries.values()):
        raise OptionError("Nothing is declared: set groups, templates or both.")
    declared = [entry for each in entries.values() for entry in each or []]
    renames = read_renames(params["renames"], declared)
    protect = tuple(params["protect"] or [])
    for number, pattern in enumerate(protect, 1):
        if not isinstance(pattern, str) or not pattern.strip():
            raise OptionError(f"Entry {number} of protect is no text, or blank: give names or patterns.")
    purges: dict[Kind[t.Any], Purge] = {
        GROUP: Purge(protect, with_contents=params["purge_groups_with_contacts"]),
        TEMPLATE: Purge(protect),
    }
    declarations: list[Declaration[t.Any]] = []
    for kind, each in entries.items():
        purge = purges[kind] if params[f"purge_{kind.name}s"] else None
        if each is not None:
            declarations.append(Declaration(kind, declare(kind, each, renames), purge))
        elif purge:
            raise OptionError(f"purge_{kind.name}s needs {kind.name}s: list those that stay.")
    return declarations


# --- to the result ----------------------------------------------------------------------------------------------------


def _result(settled: t.Sequence[Settled[t.Any]]) -> Result:
    """{changed, plan, groups, templates, undeclared, summary, diff, warnings}."""
    outcomes = _outcomes(settled)
    undeclared = [entry for each in settled for entry in each.plan.undeclared]
    things = {each.plan.kind: each.things for each in settled}
    return {
        "changed": any(outcome.changed for outcome in outcomes),
        "plan": [_planned(outcome) for outcome in outcomes],
        "groups": _listed(things.get(GROUP)),
        "templates": _listed(things.get(TEMPLATE)),
        "undeclared": [_undeclared(entry) for entry in undeclared],
        "summary": _summary(settled, outcomes, undeclared),
        "diff": [
            diff(outcome.change.title, outcome.before, outcome.after)
            for outcome in outcomes
            if outcome.before != outcome.after
        ],
        **_warnings(undeclared),
    }


def _outcomes(settled: t.Iterable[Settled[t.Any]]) -> list[Outcome[t.Any]]:
    return [outcome for each in settled for outcome in each.outcomes]


def _listed(things: t.Sequence[t.Any] | None) -> list[Result] | None:
    return None if things is None else [thing.as_result() for thing in things]


def _planned(outcome: Outcome[t.Any]) -> Result:
    """One entry of the plan, and what became of it."""
    change = outcome.change
    thing = outcome.thing or change.current
    return {
        "kind": change.kind.name,
        "name": change.after.get("name") or change.before["name"],
        "id": thing.id if thing else None,
        "action": change.action,
        "before": change.before,
        "after": change.after,
        "status": outcome.status,
        "error": outcome.failure.msg if outcome.failure else None,
    }


def _undeclared(entry: Undeclared[t.Any]) -> Result:
    return {"kind": entry.kind.name, "name": entry.thing.name, "id": entry.thing.id, "reason": entry.reason}


def _summary(
    settled: t.Iterable[Settled[t.Any]], outcomes: t.Iterable[Outcome[t.Any]], undeclared: t.Sized
) -> dict[str, int]:
    """How many objects were created and so on, or would be; how many are as declared, and how many not declared."""
    outcomes = list(outcomes)
    good = collections.Counter(each.change.action for each in outcomes if each.status in (PLANNED, DONE))
    statuses = collections.Counter(each.status for each in outcomes)
    declared = sum(len(each.plan.changes) for each in settled)
    return {
        **{name: good[action] for action, name in SUMS.items()},
        "unchanged": declared - len(outcomes) + statuses[ALREADY_DONE],
        "undeclared": len(undeclared),
        "failed": statuses[FAILED] + sum(len(each.plan.problems) for each in settled),
        **{status: statuses[status] for status in (UNKNOWN, NOT_TRIED)},
    }


def _warnings(undeclared: t.Iterable[Undeclared[t.Any]]) -> dict[str, list[str]]:
    """Of what the purge left, what somebody may not expect."""
    full = [
        f'"{each.thing.name}" ({each.kind.contents(each.thing)})' for each in undeclared if each.reason == NOT_EMPTY
    ]
    if not full:
        return {}
    warning = f"The purge left groups that have contacts: {enumerated(full)}."
    return {"warnings": [f"{warning} Set purge_groups_with_contacts to true to remove such groups too."]}


ACCOUNT_OPERATION = Operation(_declare, OPTIONS)
