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
    doubt = write(kind, client, change)
    left = plan_again(kind, client, desired, change, doubt)
    if doubt and left.action not in (NONE, change.action):
        # Somebody else was faster and made it otherwise than declared: one more step leads there.
        change = left
        doubt = write(kind, client, change)
        left = plan_again(kind, client, desired, change, doubt)
    if left.action != NONE:
        raise unfinished(kind, desired, change, left, doubt)
    changed = doubt is None or doubt.may_have_acted or doubt.retried
    return Outcome(changed, left.current, change.before if changed else left.before, left.after)


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
        if failure.kind in FINAL or (failure.http_status is None and not failure.may_have_acted):
            raise
        return failure
    return None


def plan_again(
    kind: Kind[T], client: Client, desired: Desired, change: Change[T], doubt: OnfonError | None
) -> Change[T]:
    """What is still to do after a write: nothing, where all went well."""
    try:
        live = Live(kind, kind.read(client))
        left = plan(kind, live, desired)
    except OnfonError as failure:
        if doubt:
            raise failure.after(f"{doubt.msg} Then: {failure.msg}", {"changed": doubt.may_have_acted}) from None
        thing = expected(kind, change)
        raise failure.after(
            f"The {kind.name} {desired} was {DONE[change.action]}, but proving it failed. {failure.msg}",
            {"changed": True, kind.name: thing.as_result() if thing else None},
        ) from None
    if doubt and not doubt.may_have_acted and left.action == change.action != DELETE:
        refuse_other_spelling(kind, live, change)
    return left


def refuse_other_spelling(kind: Kind[T], live: Live[T], change: Change[T]) -> None:
    """Onfon may hold two spellings for one name; what to do about that is for the user to say."""
    name = change.after["name"]
    for thing in live.spelled_otherwise(name):
        if change.current is None or thing.id != change.current.id:
            raise StateError(
                f'Onfon does not tell "{name}" from the {kind.name} "{thing.name}" (id {thing.id}):'
                " use that spelling, or rename it with id and new_name."
            )


def unfinished(
    kind: Kind[T], desired: Desired, change: Change[T], left: Change[T], doubt: OnfonError | None
) -> OnfonError:
    """The error of a write that the account's list does not show."""
    thing = left.current
    if doubt is None:
        return StateError(
            f"Onfon said that the {kind.name} {desired} was {DONE[change.action]}, but lists {kind.listed(thing)}:"
            " declare it as Onfon lists it, or ask Onfon support.",
            {"changed": True, kind.name: thing.as_result() if thing else None},
        )
    if not doubt.may_have_acted:
        return doubt
    return doubt.after(
        f"{doubt.msg} The account's list does not show that the {kind.name} {desired} was {DONE[change.action]}.",
        {"changed": False, kind.name: thing.as_result() if thing else None},
    )
