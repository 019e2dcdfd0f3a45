# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What was declared of one kind of object, and all that has to change for it. Pure: nothing here asks the gateway."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import StateError
from .._text import quoted
from .kind import Kind, T
from .plan import CREATE, UPDATE, Change, Desired, Live, fold, plan
from .purge import Purge, Undeclared, sort


@dataclasses.dataclass(frozen=True)
class Declaration(t.Generic[T]):
    """The declared objects of one kind, each named once. purge: what becomes of all others, None to leave them."""

    kind: Kind[T]
    desired: t.Sequence[Desired]
    purge: Purge | None = None


@dataclasses.dataclass(frozen=True)
class Plan(t.Generic[T]):
    """What has to change in one kind.

    live: what the account holds. declared, purged: the changes for what is declared, and for what is not.
    undeclared: what is neither declared nor purged. problems: why some objects have no safe change.
    none_stays: no declared object is to be there in the end.
    """

    kind: Kind[T]
    live: Live[T]
    declared: list[Change[T]]
    purged: list[Change[T]]
    undeclared: list[Undeclared[T]]
    problems: list[str]
    none_stays: bool

    @property
    def changes(self) -> list[Change[T]]:
        """All of them, what is purged last."""
        return [*self.declared, *self.purged]

    @property
    def expected(self) -> list[T]:
        """The objects that the account should hold after the changes, in Onfon's order, new ones last."""
        after = {change.current.id: change.expected for change in self.changes if change.current is not None}
        kept = [after.get(thing.id, thing) for thing in self.live.things]
        made = [change.expected for change in self.changes if change.action == CREATE]
        return [thing for thing in [*kept, *made] if thing is not None]


def plan_all(declaration: Declaration[T], live: Live[T]) -> Plan[T]:
    """The change for each declared object, and the purge of what is not declared."""
    kind = declaration.kind
    names: dict[str, str] = {}
    steps = [_step(kind, live, desired, names) for desired in declaration.desired]
    declared = [step for step in steps if isinstance(step, Change)]
    problems = [step.msg for step in steps if isinstance(step, StateError)]
    found = {change.current.id for change in declared if change.current is not None}
    others = [thing for thing in live.things if thing.id not in found]
    # An object that a declaration may have meant is not one that nobody declared.
    gone, undeclared = sort(kind, others, None if problems else declaration.purge)
    purged = [plan(kind, live, Desired(thing.name, thing.id, present=False)) for thing in gone]
    none_stays = not any(desired.present for desired in declaration.desired)
    return Plan(kind, live, declared, purged, undeclared, problems, none_stays)


def _step(kind: Kind[T], live: Live[T], desired: Desired, names: dict[str, str]) -> Change[T] | StateError:
    """The change for one declared object, or why there is none. names: those declared so far, by their folded form."""
    try:
        change = plan(kind, live, desired)
        _refuse_similar_names(change, names)
    except StateError as problem:
        return problem
    return change


def refuse_purge(plans: t.Sequence[Plan[t.Any]], limit: int) -> None:
    """Raise StateError where the purge is not what somebody can have meant: a lost file must not empty an account."""
    for each in plans:
        if each.purged and each.none_stays:
            raise StateError(
                f"{each.kind.name}s has none that stays, and the purge would remove {_purged([each])}:"
                " declare those that stay, or turn the purge off."
            )
    total = sum(len(each.purged) for each in plans)
    if total > limit:
        raise StateError(
            f"The purge would remove {total:,} objects, more than purge_limit ({limit:,}): {_purged(plans)}."
            " Declare or protect what stays, or raise purge_limit."
        )


def _purged(plans: t.Iterable[Plan[t.Any]]) -> str:
    """«groups "Old" and "Older"; template "disk"»."""
    return "; ".join(
        f"{each.kind.name}{'s' if len(each.purged) > 1 else ''} "
        + quoted(str(change.desired.name) for change in each.purged)
        for each in plans
        if each.purged
    )


def _refuse_similar_names(change: Change[t.Any], names: dict[str, str]) -> None:
    """A new name that differs from another new one in nothing but capitals: see plan.refuse_taken_name."""
    name = change.after.get("name", "")
    if change.action not in (CREATE, UPDATE) or name == change.before.get("name"):
        return
    other = names.setdefault(fold(name), name)
    if other != name:
        raise StateError(
            f'Onfon may not tell the {change.kind.name} "{name}" from "{other}", which is declared too: leave one.'
        )
