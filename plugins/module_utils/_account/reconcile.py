# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Makes an account hold what was declared: list, plan, write what is needed, and list again.

One object or a whole account, of one kind or several: the way is the same. In check mode the writing is left out.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .._errors import OnfonError, StateError
from .._gateway.client import Client
from .._gateway.clients import Clients
from .._text import quoted
from .apply import ALREADY_DONE, DONE, FAILED, NOT_TRIED, UNKNOWN, Crew, Outcome, apply, foretell, not_made
from .declaration import Declaration, Plan, plan_all
from .kind import Kind, T
from .plan import NONE, Change, Desired, Live

MOST_TOLD = 5  # problems, and names of one problem, in one sentence


@dataclasses.dataclass(frozen=True)
class Settled(t.Generic[T]):
    """What became of one kind.

    outcomes: of all that had to change, what is purged last.
    things: what the account holds now, or should after a dry run; None where the account could not be asked.
    """

    plan: Plan[T]
    outcomes: list[Outcome[T]]
    things: list[T] | None


def ensure(kind: Kind[T], client: Client, desired: Desired, *, check_mode: bool) -> Outcome[T]:
    """Bring one object to its declared state."""
    plans = survey([Declaration(kind, [desired])], client)
    refuse_problems(plans)
    (change,) = plans[0].declared
    if check_mode or change.action == NONE:
        return foretell(change)
    with Clients(client, lambda: client) as clients:
        (outcome,), _listed = apply([change], client, Crew(clients, 1))
    if outcome.failure:
        outcome.failure.result["changed"] = outcome.changed
        raise outcome.failure
    return outcome


def survey(declarations: t.Iterable[Declaration[t.Any]], client: Client) -> list[Plan[t.Any]]:
    """List each kind and plan."""
    return [plan_all(each, Live(each.kind, each.kind.read(client))) for each in declarations]


def refuse_problems(plans: t.Iterable[Plan[t.Any]]) -> None:
    """Raise StateError that names all objects for which there is no safe change."""
    problems = [problem for plan in plans for problem in plan.problems]
    if len(problems) == 1:
        raise StateError(problems[0])
    if problems:
        raise StateError(
            f"{len(problems):,} objects cannot be made as they are declared, so nothing was changed. {_told(problems)}"
        )


def foretold(plans: t.Iterable[Plan[t.Any]]) -> list[Settled[t.Any]]:
    """What the plans should lead to."""
    return [Settled(plan, [foretell(change) for change in to_do(plan.changes)], plan.expected) for plan in plans]


def left_alone(plans: t.Iterable[Plan[t.Any]], reason: OnfonError) -> list[Settled[t.Any]]:
    """What becomes of plans of which nothing is made."""
    return [
        Settled(plan, [not_made(change, reason) for change in to_do(plan.changes)], plan.live.things) for plan in plans
    ]


def carry_out(plans: t.Sequence[Plan[t.Any]], client: Client, crew: Crew) -> list[Settled[t.Any]]:
    """Make what the plans say; of all kinds, what is purged goes last."""
    declared = [change for plan in plans for change in plan.declared]
    purged = [change for plan in plans for change in plan.purged]
    outcomes, listed = apply(to_do([*declared, *purged]), client, crew)
    return [
        Settled(
            plan,
            [outcome for outcome in outcomes if outcome.change.kind is plan.kind],
            listed.get(plan.kind.name, plan.live.things),
        )
        for plan in plans
    ]


def to_do(changes: t.Iterable[Change[T]]) -> list[Change[T]]:
    """Those that change something."""
    return [change for change in changes if change.action != NONE]


def shortfall(outcomes: t.Sequence[Outcome[t.Any]], result: t.Mapping[str, t.Any]) -> OnfonError | None:
    """The error that says, object by object, what was not made and why; None where all was made."""
    statuses = (DONE, ALREADY_DONE, FAILED, UNKNOWN, NOT_TRIED)
    numbers = {status: sum(each.status == status for each in outcomes) for status in statuses}
    short = [outcome for outcome in outcomes if outcome.failure is not None]
    if not short:
        return None
    counts = ", ".join(
        f"{number:,} {status.replace('_', ' ')}" for status, number in numbers.items() if number or status == DONE
    )
    tried = [outcome for outcome in short if outcome.status != NOT_TRIED]
    known = {_msg(outcome) for outcome in tried}
    stops = dict.fromkeys(_msg(outcome) for outcome in short if outcome.status == NOT_TRIED)
    told = [_told(_failures(tried)), *(f"Not tried: {stop}" for stop in stops if stop not in known)]
    first = t.cast(OnfonError, short[0].failure)
    return first.after(" ".join([f"Of {len(outcomes):,} changes: {counts}.", *filter(None, told)]), first.hint, result)


def _failures(outcomes: t.Iterable[Outcome[t.Any]]) -> list[str]:
    """«create group "Ops": Onfon error 039: ...», or «create groups "Ops", "Dev" and 7 more: ...»."""
    alike: dict[tuple[str, str, str], list[str]] = collections.defaultdict(list)
    for outcome in outcomes:
        change = outcome.change
        alike[change.action, change.kind.name, _msg(outcome)].append(change.name)
    return [
        f"{action} {kind}{'s' if len(names) > 1 else ''} {quoted(names, most=MOST_TOLD)}: {msg}"
        for (action, kind, msg), names in alike.items()
    ]


def _msg(outcome: Outcome[t.Any]) -> str:
    return outcome.failure.msg if outcome.failure else ""


def _told(problems: t.Sequence[str]) -> str:
    """The first problems, and how many more there are."""
    more = len(problems) - MOST_TOLD
    return " ".join(problems[:MOST_TOLD]) + (f" And {more:,} more." if more > 0 else "")
