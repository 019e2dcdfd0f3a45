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
    before: dict[str, str] | None = None  # None as long as nothing was changed by this task
    try:
        for _step in range(STEPS):
            doubt = write(kind, client, change)
            left = plan_again(kind, client, desired, change, doubt)
            if before is None and (doubt is None or (doubt.may_have_acted and left.action != change.action)):
                before = change.before
            if left.action == NONE:
                return Outcome(before is not None, left.current, left.before if before is None else before, left.after)
            if doubt is None or left.action == change.action:
                break
            change = left
        raise unfinished(kind, desired, change, left, doubt)
    except OnfonError as failure:
        failure.result.setdefault("changed", before is not None)
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


def plan_again(
    kind: Kind[T], client: Client, desired: Desired, change: Change[T], doubt: OnfonError | None
) -> Change[T]:
    """What is still to do after a write: nothing, where all went well."""
    try:
        return plan(kind, Live(kind, kind.read(client)), desired)
    except OnfonError as failure:
        if doubt:
            raise doubt.after(
                f"{doubt.msg} Listing the {kind.name}s then failed too: {failure.msg}",
                {"changed": doubt.may_have_acted},
            ) from None
        thing = expected(kind, change)
        raise failure.after(
            f"The {kind.name} {desired} was {DONE[change.action]}, but proving it failed. {failure.msg}",
            {"changed": True, kind.name: thing.as_result() if thing else None},
        ) from None


def unfinished(
    kind: Kind[T], desired: Desired, change: Change[T], left: Change[T], doubt: OnfonError | None
) -> OnfonError:
    """The error of a write that the account's list does not show."""
    thing = left.current
    if doubt is None:
        return StateError(
            f"Onfon said that the {kind.name} {desired} was {DONE[change.action]}, but lists {kind.listed(thing)}:"
            " declare it as Onfon lists it, or ask Onfon support.",
            {kind.name: thing.as_result() if thing else None},
        )
    if not doubt.may_have_acted:
        return doubt
    return doubt.after(
        f"{doubt.msg} The account's list does not show that the {kind.name} {desired} was {DONE[change.action]}.",
        {kind.name: thing.as_result() if thing else None},
    )
