# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What has to change so that the account holds what was declared. Pure: no request is made here.

Why something cannot be changed safely is a sentence in the plan, not an exception.
"""

from __future__ import annotations

import collections
import dataclasses
import fnmatch
import typing as t
import unicodedata

from .._text import cut, enumerated, first_sentences, quoted
from .resources import R, ResourceType

NONE, CREATE, UPDATE, DELETE = "none", "create", "update", "delete"
# Why an undeclared resource stays.
NOT_PURGED, PROTECTED, NOT_EMPTY, NOT_DECLARABLE = "not_purged", "protected", "not_empty", "not_declarable"

# The Unicode categories of control characters, and of line and paragraph separators.
_LINE_ENDS: t.Final = frozenset({"Cc", "Zl", "Zp"})


# --- what is declared, and what the account holds ---------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class DesiredResource:
    """One declared resource.

    name, id: which resource; the id decides where both are given.
    new_name: the name it is to have from now on, None to leave it.
    present: False when there is to be none.
    attributes: what else was declared; what was not declared is left as it is.
    """

    name: str | None = None
    id: int | None = None
    new_name: str | None = None
    present: bool = True
    attributes: t.Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def final_name(self) -> str | None:
        """The name that the resource is to have in the end, None to leave the one it has."""
        return self.new_name or self.name

    def __str__(self) -> str:
        """How users name the resource: '"Ops"', or 'with id 7'."""
        return f'"{cut(self.name or "")}"' if self.id is None else f"with id {self.id}"


@dataclasses.dataclass(frozen=True)
class Purge:
    """The undeclared resources of a type are to be deleted.

    protect: names, and patterns such as "ops-*", of those that stay; case counts.
    with_contents: delete those too that hold something which cannot be declared, as groups hold contacts.
    """

    protect: tuple[str, ...] = ()
    with_contents: bool = False


@dataclasses.dataclass(frozen=True)
class Declaration(t.Generic[R]):
    """The declared resources of one type, each named once. purge: None to leave all others."""

    type: ResourceType[R]
    desired: t.Sequence[DesiredResource]
    purge: Purge | None = None


class LiveResources(t.Generic[R]):
    """The resources of one type as the account holds them, found by id and by name."""

    def __init__(self, resource_type: ResourceType[R], resources: t.Iterable[R]) -> None:
        self.type = resource_type
        self._by_id: dict[int | None, R] = {}
        self._by_name: dict[str, list[R]] = {}
        self._by_folded_name: dict[str, list[R]] = {}
        for resource in resources:
            self._by_id[resource.id] = resource
            self._by_name.setdefault(resource.name, []).append(resource)
            self._by_folded_name.setdefault(_fold(resource.name), []).append(resource)

    @property
    def all(self) -> list[R]:
        """All of them, in Onfon's order."""
        return list(self._by_id.values())

    def with_id(self, identity: int) -> R | None:
        """The resource of an id, None where there is none."""
        return self._by_id.get(identity)

    def named(self, name: str) -> list[R]:
        """The resources of exactly this name. Onfon's portal allows several."""
        return self._by_name.get(name, [])

    def named_alike(self, name: str) -> list[R]:
        """The resources of a name in whatever case, and with whatever outer whitespace."""
        return self._by_folded_name.get(_fold(name), [])


def _fold(name: str) -> str:
    """A name without what a platform, or a reader, may not tell apart: case, and the encoding of accents."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


# --- the change for one resource --------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Change(t.Generic[R]):
    """What is needed for one declared resource.

    action: NONE, CREATE, UPDATE or DELETE.
    current: the resource as it is, None where there is none.
    before, after: its attributes, empty where there is none.
    problem: why no change is safe, a sentence; None where one is, or where none is needed. With it the action is NONE.
    """

    type: ResourceType[R]
    desired: DesiredResource
    action: str
    current: R | None
    before: dict[str, str]
    after: dict[str, str]
    problem: str | None = None

    @property
    def name(self) -> str:
        """The resource's present name, or that of the one to create."""
        return (self.before or self.after).get("name", self.desired.name or "")

    @property
    def title(self) -> str:
        """The resource by its type and name: 'group "Ops"'."""
        return f'{self.type.name} "{cut(self.name)}"'

    @property
    def written(self) -> dict[str, str]:
        """What a write sends: what changes as declared, and the rest as the account has it, to the last line end."""
        exact = self.type.exact_attributes(self.current) if self.current else {}
        return {
            attribute: exact[attribute] if value == self.before.get(attribute) else value
            for attribute, value in self.after.items()
        }

    @property
    def predicted(self) -> R | None:
        """The resource as it should be after the change, as far as that can be known; None where there is none."""
        if self.action == NONE:
            return self.current
        return None if self.action == DELETE else self.type.predict(self.current, self.after)


def plan_change(live: LiveResources[R], desired: DesiredResource) -> Change[R]:
    """The change that is needed for one declared resource."""
    resource_type = live.type
    current, problem = _find(live, desired)
    before = resource_type.attributes_of(current) if current else {}
    unchanged = Change(resource_type, desired, NONE, current, before, before, problem)
    if problem:
        return unchanged
    if not desired.present:
        return dataclasses.replace(unchanged, action=DELETE, after={}) if current else unchanged
    wanted = {**before, **desired.attributes, "name": desired.final_name or before.get("name", "")}
    after = {attribute: wanted[attribute] for attribute in resource_type.attributes if attribute in wanted}
    if after == before:
        return unchanged
    problem = _change_problem(live, desired, current, after)
    if problem:
        return dataclasses.replace(unchanged, problem=problem)
    return dataclasses.replace(unchanged, action=UPDATE if current else CREATE, after=after)


def _find(live: LiveResources[R], desired: DesiredResource) -> tuple[R | None, str | None]:
    """The resource that is meant, None where the account has none; and why that cannot be told, None where it can."""
    type_name = live.type.name
    if desired.id is not None:
        found = live.with_id(desired.id)
        if found and not desired.present and desired.name not in (None, found.name):
            return found, (
                f'The {type_name} {desired} is named "{found.name}", not "{desired.name}": correct the name or the id.'
            )
        return found, None
    # Under its new name too, as an earlier run may have renamed it.
    for name in filter(None, (desired.name, desired.new_name)):
        named = live.named(name)
        if len(named) > 1:
            return None, (
                f'There are {len(named)} {type_name}s named "{name}" ({_ids(named)}):'
                f" say which one with id, an option of onfon.sms.onfon_{type_name}."
            )
        if named:
            return named[0], None
    return None, None


def _ids(resources: t.Iterable[R]) -> str:
    """'ids 3 and 7', for sentences."""
    numbers = [str(number) for number in sorted(resource.id or 0 for resource in resources)]
    return f"id{'s' if len(numbers) > 1 else ''} {enumerated(numbers)}"


def _change_problem(
    live: LiveResources[R], desired: DesiredResource, current: R | None, after: t.Mapping[str, str]
) -> str | None:
    """Why a resource cannot get these attributes, None where it can."""
    type_name = live.type.name
    if current is None and desired.id is not None:
        return f"There is no {type_name} {desired}: Onfon gives ids itself, so name the new one instead."
    missing = [attribute for attribute in live.type.attributes if attribute not in after]
    if missing:
        return f"There is no {type_name} {desired} yet: set {enumerated(missing)} to create it."
    name = after["name"]
    # A name that only the portal accepts may stay, but is not given.
    if current is not None and name == current.name:
        return None
    return _taken_name_problem(live, name, current) or _unusable_name_problem(live.type, name)


def _taken_name_problem(live: LiveResources[R], name: str, current: R | None) -> str | None:
    """Why a name would be ambiguous, None where it would not. Whether Onfon tells case apart is not known: it may not.

    current: the resource that is to get the name, None for a new one.
    """
    others = [other for other in live.named_alike(name) if current is None or other.id != current.id]
    if not others:
        return None
    other = others[0]
    if other.name == name:
        named = f'"{current.name}" (id {current.id})' if current else "a new one"
        return (
            f'The name "{name}" is taken by another {live.type.name} (id {other.id}), so {named} cannot have it:'
            " remove one of them, or leave out the rename."
        )
    return (
        f'Onfon may not tell "{name}" from the {live.type.name} "{other.name}" (id {other.id}):'
        " name that one, or rename it."
    )


def _unusable_name_problem(resource_type: ResourceType[R], name: str) -> str | None:
    """Why Onfon would refuse a name or store another one, None where it would not."""
    one_line = not any(unicodedata.category(character) in _LINE_ENDS for character in name)
    if one_line and name == name.strip():
        return None
    return (
        f'A {resource_type.name} cannot be named "{cut(name)}": give one line of text that does not'
        " begin or end with whitespace."
    )


# --- the plan for one resource type -----------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Undeclared(t.Generic[R]):
    """A resource that is not declared and stays. reason: NOT_PURGED, PROTECTED, NOT_EMPTY or NOT_DECLARABLE."""

    type: ResourceType[R]
    resource: R
    reason: str


@dataclasses.dataclass(frozen=True)
class TypePlan(t.Generic[R]):
    """What has to change in one resource type.

    live: what the account holds.
    declared: a change for each declared resource, also where none is needed, but not where one has a problem.
    purged: the deletions of resources that are not declared.
    undeclared: the resources that are not declared and stay.
    problems: why some declared resources cannot be changed safely, a sentence each.
    """

    declaration: Declaration[R]
    live: LiveResources[R]
    declared: list[Change[R]]
    purged: list[Change[R]]
    undeclared: list[Undeclared[R]]
    problems: list[str]

    @property
    def type(self) -> ResourceType[R]:
        """The resource type."""
        return self.declaration.type

    @property
    def changes(self) -> list[Change[R]]:
        """All of them, the purge last."""
        return [*self.declared, *self.purged]

    @property
    def predicted(self) -> list[R]:
        """The resources that the account should hold after the changes, in Onfon's order, new ones last."""
        changed = {change.current.id: change.predicted for change in self.changes if change.current is not None}
        kept = [changed.get(resource.id, resource) for resource in self.live.all]
        created = [change.predicted for change in self.changes if change.action == CREATE]
        return [resource for resource in [*kept, *created] if resource is not None]

    @property
    def keeps_declared(self) -> bool:
        """Some declared resource is to be there in the end."""
        return any(desired.present for desired in self.declaration.desired)


def make_plan(declaration: Declaration[R], live: LiveResources[R]) -> TypePlan[R]:
    """The change for each declared resource, and the purge of those that are not declared."""
    declared: list[Change[R]] = []
    problems: list[str] = []
    new_names: dict[str, str] = {}
    for desired in declaration.desired:
        change = plan_change(live, desired)
        problem = change.problem or _similar_name_problem(change, new_names)
        if problem:
            problems.append(problem)
        else:
            declared.append(change)
    found = {change.current.id for change in declared if change.current is not None}
    others = [resource for resource in live.all if resource.id not in found]
    # A declaration with a problem may have meant any of the others.
    to_purge, undeclared = _select(live.type, others, None if problems else declaration.purge)
    purged = [plan_change(live, DesiredResource(each.name, each.id, present=False)) for each in to_purge]
    return TypePlan(declaration, live, declared, purged, undeclared, problems)


def _similar_name_problem(change: Change[t.Any], new_names: dict[str, str]) -> str | None:
    """Why a new name is ambiguous beside another new one, None where it is not (see _taken_name_problem).

    new_names: the names that earlier changes give, by their folded form; a new name is added to them.
    """
    name = change.after.get("name", "")
    if change.action not in (CREATE, UPDATE) or name == change.before.get("name"):
        return None
    other = new_names.setdefault(_fold(name), name)
    if other == name:
        return None
    return f'Onfon may not tell the {change.type.name} "{name}" from "{other}", which is declared too: leave one.'


# --- the purge --------------------------------------------------------------------------------------------------------


def undeclarable_names(names: t.Iterable[str]) -> t.Collection[str]:
    """The names by which a resource cannot be declared, each once, in order: blank ones, and those of several."""
    counts = collections.Counter(names)
    return {name: count for name, count in counts.items() if count > 1 or not name.strip()}.keys()


def _select(
    resource_type: ResourceType[R], others: t.Sequence[R], purge: Purge | None
) -> tuple[list[R], list[Undeclared[R]]]:
    """Of the resources that are not declared: those to purge, and those that stay. purge: None where all stay."""
    to_purge: list[R] = []
    undeclared: list[Undeclared[R]] = []
    undeclarable = undeclarable_names(resource.name for resource in others)
    for resource in others:
        reason = _reason_to_stay(resource_type, resource, purge)
        if reason is None and resource.name in undeclarable:
            # Nobody could have declared that it stays.
            reason = NOT_DECLARABLE
        if reason is None:
            to_purge.append(resource)
        else:
            undeclared.append(Undeclared(resource_type, resource, reason))
    return to_purge, undeclared


def _reason_to_stay(resource_type: ResourceType[R], resource: R, purge: Purge | None) -> str | None:
    """Why a purge leaves a resource, None where it does not."""
    if purge is None:
        return NOT_PURGED
    if any(_matches(resource.name, pattern) for pattern in purge.protect):
        return PROTECTED
    return NOT_EMPTY if resource_type.contents(resource) and not purge.with_contents else None


def _matches(name: str, pattern: str) -> bool:
    """The pattern is the name, or matches it, however accents are encoded in either of them."""
    name, pattern = (unicodedata.normalize("NFC", text) for text in (name, pattern))
    # A name may hold characters that are special in a pattern.
    return name == pattern or fnmatch.fnmatchcase(name, pattern)


# --- what forbids a plan ----------------------------------------------------------------------------------------------


def refusal_of(plans: t.Sequence[TypePlan[t.Any]], purge_limit: int) -> str | None:
    """Why nothing of the plans may be executed, in a sentence or a few; None where all of it may.

    purge_limit: how many resources of all types the purge may delete.
    """
    return _problems_of(plans) or _purge_problem(plans, purge_limit)


def _problems_of(plans: t.Iterable[TypePlan[t.Any]]) -> str | None:
    """The problems of all plans, None where there are none."""
    problems = [problem for plan in plans for problem in plan.problems]
    if len(problems) > 1:
        fact = f"{len(problems):,} resources cannot be made as declared, so nothing was changed."
        return f"{fact} {first_sentences(problems)}"
    return problems[0] if problems else None


def _purge_problem(plans: t.Sequence[TypePlan[t.Any]], limit: int) -> str | None:
    """Why the purge is unlikely to be meant, None where it is not: a file that got lost must not empty an account."""
    for plan in plans:
        if plan.purged and not plan.keeps_declared:
            return (
                f"{plan.type.plural} has none that stays, and the purge would delete {_purged_names([plan])}:"
                " declare what stays, or turn the purge off."
            )
    total = sum(len(plan.purged) for plan in plans)
    if total > limit:
        return (
            f"The purge would delete {total:,} resources, more than purge_limit ({limit:,}): {_purged_names(plans)}."
            " Declare or protect what stays, or raise purge_limit."
        )
    return None


def _purged_names(plans: t.Iterable[TypePlan[t.Any]]) -> str:
    """'groups "Old" and "Older"; template "disk"'."""
    return "; ".join(
        f"{plan.type.noun(len(plan.purged))} {quoted(str(change.desired.name) for change in plan.purged)}"
        for plan in plans
        if plan.purged
    )
