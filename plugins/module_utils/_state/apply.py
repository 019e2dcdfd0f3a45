# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Makes the account hold what was declared, and proves it by planning again: an empty plan is the proof."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway import codes
from .._gateway.client import Client
from .._gateway.errors import OnfonError, StateError
from .kind import Kind, T
from .plan import CREATE, DELETE, NONE, UPDATE, Change, Desired, Live, plan

DONE: t.Final = {CREATE: "created", UPDATE: "changed", DELETE: "deleted"}
# After these nothing was written and nothing can be: listing again would tell nothing.
FINAL = frozenset({codes.AUTH, codes.ACCOUNT, codes.FUNDS})
# Ours, and one more where somebody else was faster and made it otherwise than declared.
STEPS = 2


@dataclasses.dataclass(frozen=True)
class Outcome(t.Generic[T]):
    """What became of one declared object.

    thing: the object as it is now, or as a dry run expects it; None when there is none.
    before, after: its declarable part, empty when there is none; equal when nothing changed.
    """

    changed: bool
    thing: T | None
    before: dict[str, str]
    after: dict[str, str]


def ensure(kind: Kind[T], client: Client, desired: Desired, *, check_mode: bool) -> Outcome[T]:
    """List, plan, write what is needed, and list again. In check mode the writing is left out."""
    change = plan(kind, Live(kind, kind.read(client)), desired)
    if change.action == NONE:
        return Outcome(False, change.current, change.before, change.after)
    if check_mode:
        return Outcome(True, expected(kind, change), change.before, change.after)
    changed, before = False, change.before
    try:
        for _step in range(STEPS):
            made, doubt = change, write(kind, client, change)
            change = plan_again(kind, client, desired, made, doubt)
            if not changed:
                before = made.before
                changed = doubt is None or (doubt.may_have_acted and change.before != made.before)
            if change.action == NONE:
                return Outcome(changed, change.current, before if changed else change.before, change.after)
            if doubt is None or change.action == made.action:
                break
        raise unfinished(kind, desired, made, change.current, doubt)
    except OnfonError as failure:
        failure.result.setdefault("changed", changed)
        raise


def expected(kind: Kind[T], change: Change[T]) -> T | None:
    """The object as it should be after a change."""
    return None if change.action == DELETE else kind.preview(change.current, change.after)


def write(kind: Kind[T], client: Client, change: Change[T]) -> OnfonError | None:
    """Make one change. Returns the failure where only the account's list can tell what became of it."""
    identity = t.cast(int, change.current.id if change.current else None)
    try:
        if change.action == CREATE:
            kind.create(client, change.after)
        elif change.action == UPDATE:
            kind.update(client, identity, change.after)
        else:
            kind.delete(client, identity)
    except OnfonError as failure:
        if not failure.may_have_acted and (failure.kind in FINAL or failure.http_status is None):
            raise
        return failure
    return None


def plan_again(kind: Kind[T], client: Client, desired: Desired, made: Change[T], doubt: OnfonError | None) -> Change[T]:
    """What is still to do after a change was made: nothing, where all went well."""
    try:
        live = Live(kind, kind.read(client))
    except OnfonError as failure:
        thing = expected(kind, made)
        if doubt is None:
            fact = f"The {kind.name} {desired} was {DONE[made.action]}, but proving it failed. {failure.fact}"
            result = {"changed": True, kind.name: thing.as_result() if thing else None}
        else:
            unknown = f"Whether the {kind.name} {desired} was {DONE[made.action]} is not known. " * doubt.may_have_acted
            fact = f"{doubt.fact} {unknown}Listing the {kind.name}s then failed too: {failure.fact}"
            result = {"changed": doubt.may_have_acted}
        raise (doubt or failure).after(fact, failure.hint, result) from None
    try:
        return plan(kind, live, desired)
    except StateError as failure:
        # Before the change there was a plan: it is the change that leaves none.
        failure.result.setdefault("changed", doubt is None or doubt.may_have_acted)
        raise


def unfinished(
    kind: Kind[T], desired: Desired, made: Change[T], thing: T | None, doubt: OnfonError | None
) -> OnfonError:
    """The error of a change that the account's list does not show. thing: what it shows."""
    result = {kind.name: thing.as_result() if thing else None}
    if doubt is None:
        advice = "declare it as Onfon lists it, or ask Onfon support" if thing else "ask Onfon support"
        said = f"Onfon said that the {kind.name} {desired} was {DONE[made.action]}"
        return StateError(f"{said}, but lists {kind.listed(thing)}: {advice}.", result)
    if not doubt.may_have_acted:
        return doubt
    fact = f"{doubt.fact} The account's list does not show that the {kind.name} {desired} was {DONE[made.action]}."
    return doubt.after(fact, doubt.hint, result)
