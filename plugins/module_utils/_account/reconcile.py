# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Brings an account to its declared state: read, plan, execute, prove. For one resource and for many.

Check mode leaves out the writes and what follows them. What was refused, and what failed, is part of what is returned.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .._context import Context
from .._errors import StateError
from .._gateway.client import Client
from .._progress import Progress
from .._text import first_sentences, quoted
from .._workers import Workers
from .execute import ALREADY_DONE, DONE, FAILED, NOT_TRIED, UNCHANGED, UNKNOWN, Outcome, execute, not_tried, predict
from .plan import NONE, Declaration, LiveResources, TypePlan, make_plan, refusal_of
from .resources import R

_MAX_NAMES: t.Final = 5  # of the resources that failed alike


@dataclasses.dataclass(frozen=True)
class TypeResult(t.Generic[R]):
    """What became of one resource type.

    outcomes: one for each change of the plan, in its order, also where none was needed.
    resources: what the account holds now, or should after check mode; None where it could not be listed after a write.
    """

    plan: TypePlan[R]
    outcomes: list[Outcome[R]]
    resources: list[R] | None


@dataclasses.dataclass(frozen=True)
class Reconciliation:
    """What became of an account.

    sections: one for each declaration, in the same order.
    refusal: why nothing may be written, in a sentence or a few; None where the plans may be executed.
    """

    sections: list[TypeResult[t.Any]]
    refusal: str | None = None

    @property
    def outcomes(self) -> list[Outcome[t.Any]]:
        """Those of all types, also where no change was needed."""
        return [outcome for section in self.sections for outcome in section.outcomes]

    @property
    def needed(self) -> list[Outcome[t.Any]]:
        """The outcomes of all changes that were needed."""
        return [outcome for outcome in self.outcomes if outcome.status != UNCHANGED]

    def single_outcome(self) -> Outcome[t.Any]:
        """The outcome of the only declared resource. Raises OnfonError where it was refused or failed."""
        if self.refusal is not None:
            raise StateError(self.refusal)
        (outcome,) = self.outcomes
        if outcome.failure is not None:
            raise outcome.failure.with_result({**outcome.failure.result, "changed": outcome.changed})
        return outcome

    def raise_for_failures(self, result: t.Mapping[str, t.Any]) -> None:
        """Raise OnfonError with the task's result where the plan was refused, or where something is not as declared."""
        if self.refusal is not None:
            raise StateError(self.refusal, result)
        needed = self.needed
        failure = next((outcome.failure for outcome in needed if outcome.failure is not None), None)
        if failure is not None:
            raise failure.reworded(_summarize(needed), failure.hint, result)


def reconcile(
    declarations: t.Iterable[Declaration[t.Any]], context: Context, *, concurrency: int, purge_limit: int
) -> Reconciliation:
    """Bring the account to its declared state; in check mode nothing is written, and the outcomes are predicted.

    declarations: at most one of each resource type.
    concurrency: how many writes at the same time.
    purge_limit: how many resources the purge may delete.

    Raises OnfonError where the account cannot be read before anything was written.
    """
    plans = [make_plan(each, LiveResources(each.type, each.type.read(context.client))) for each in declarations]
    refusal = refusal_of(plans, purge_limit)
    if refusal is not None:
        reason = StateError(refusal)
        sections = [
            TypeResult(plan, [not_tried(change, reason) for change in plan.changes], plan.live.all) for plan in plans
        ]
        return Reconciliation(sections, refusal)
    if context.check_mode:
        return Reconciliation(
            [TypeResult(plan, [predict(change) for change in plan.changes], plan.predicted) for plan in plans]
        )
    with Workers(context.client, context.connect, concurrency) as workers:
        total = sum(change.action != NONE for plan in plans for change in plan.changes)
        progress = Progress(context.notify if total > 1 else None, total, context.clock, "failed")
        return Reconciliation(_execute(plans, context.client, workers, progress))


def _execute(
    plans: t.Sequence[TypePlan[t.Any]], client: Client, workers: Workers, progress: Progress
) -> list[TypeResult[t.Any]]:
    """Make and prove the changes of all types, and after them the purges of all types."""
    declared = [change for plan in plans for change in plan.declared]
    purged = [change for plan in plans for change in plan.purged]
    outcomes, listed = execute([*declared, *purged], client, workers, progress.advance)
    by_type = collections.defaultdict(list)
    for outcome in outcomes:
        by_type[outcome.change.type].append(outcome)
    return [TypeResult(plan, by_type[plan.type], listed.get(plan.type, plan.live.all)) for plan in plans]


# --- what is said of failures -----------------------------------------------------------------------------------------


def _summarize(outcomes: t.Sequence[Outcome[t.Any]]) -> str:
    """How many changes were made, and resource by resource what was not and why."""
    statuses = (DONE, ALREADY_DONE, FAILED, UNKNOWN, NOT_TRIED)
    numbers = {status: sum(outcome.status == status for outcome in outcomes) for status in statuses}
    counts = ", ".join(
        f"{number:,} {status.replace('_', ' ')}" for status, number in numbers.items() if number or status == DONE
    )
    failed = [outcome for outcome in outcomes if outcome.failure and outcome.status != NOT_TRIED]
    known = {_msg(outcome) for outcome in failed}
    reasons = dict.fromkeys(_msg(outcome) for outcome in outcomes if outcome.status == NOT_TRIED)
    sentences = [
        f"Of {len(outcomes):,} changes: {counts}.",
        first_sentences(_failures(failed)),
        *(f"Not tried: {reason}" for reason in reasons if reason not in known),
    ]
    return " ".join(filter(None, sentences))


def _failures(outcomes: t.Iterable[Outcome[t.Any]]) -> list[str]:
    """'create group "Ops": Onfon error 039: ...', or 'create groups "Ops", "Dev" and 7 more: ...'."""
    alike = collections.defaultdict(list)
    for outcome in outcomes:
        change = outcome.change
        alike[change.action, change.type, _msg(outcome)].append(change.name)
    return [
        f"{action} {resource_type.noun(len(names))} {quoted(names, _MAX_NAMES)}: {msg}"
        for (action, resource_type, msg), names in alike.items()
    ]


def _msg(outcome: Outcome[t.Any]) -> str:
    return outcome.failure.msg if outcome.failure else ""
