# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What has to change so that the account holds what was declared. Pure: nothing here asks the gateway."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway.errors import StateError
from .kind import Kind, T

NONE, CREATE, UPDATE, DELETE = "none", "create", "update", "delete"


@dataclasses.dataclass(frozen=True)
class Desired:
    """One declared object.

    name, id: which object; the id decides where both are given.
    new_name: the name it shall have from now on, None to leave it.
    present: False when there shall be none.
    attributes: what else was declared; what was not declared is left as it is.
    """

    name: str | None = None
    id: int | None = None
    new_name: str | None = None
    present: bool = True
    attributes: t.Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def final_name(self) -> str | None:
        """The name that the object shall have in the end."""
        return self.new_name or self.name

    def __str__(self) -> str:
        """The object as people name it, for sentences."""
        return f'"{self.name}"' if self.id is None else f"with id {self.id}"


@dataclasses.dataclass(frozen=True)
class Change(t.Generic[T]):
    """One step from what is to what was declared.

    action: NONE, CREATE, UPDATE or DELETE.
    current: the object as it is, None where there is none.
    before, after: its declarable part, empty where there is none.
    """

    action: str
    current: T | None
    before: dict[str, str]
    after: dict[str, str]


class Live(t.Generic[T]):
    """The objects of one kind as the account holds them, found by id and by name."""

    def __init__(self, kind: Kind[T], things: t.Iterable[T]) -> None:
        self._kind = kind
        self._by_id: dict[int | None, T] = {}
        self._by_name: dict[str, list[T]] = {}
        for thing in things:
            self._by_id[thing.id] = thing
            self._by_name.setdefault(thing.name, []).append(thing)

    def by_id(self, identity: int) -> T | None:
        return self._by_id.get(identity)

    def by_name(self, name: str) -> T | None:
        """The one object of a name. Two of one name cannot be told apart without an id."""
        things = self._by_name.get(name, [])
        if len(things) > 1:
            raise StateError(
                f'There are {len(things)} {self._kind.name}s named "{name}" ({ids(things)}): say which one with id.'
            )
        return things[0] if things else None

    def others(self, name: str, thing: T | None) -> list[T]:
        """The objects of a name besides one."""
        return [other for other in self._by_name.get(name, []) if thing is None or other.id != thing.id]

    def spelled_otherwise(self, name: str) -> list[T]:
        """The objects whose name differs from this one only in capitals or outer blanks."""
        return [
            thing
            for other, things in self._by_name.items()
            if other != name and other.strip().casefold() == name.strip().casefold()
            for thing in things
        ]


def ids(things: t.Iterable[T]) -> str:
    """«ids 3 and 7», for sentences."""
    numbers = sorted(str(thing.id) for thing in things)
    return f"id{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"


def plan(kind: Kind[T], live: Live[T], desired: Desired) -> Change[T]:
    """The step that is needed for one declared object. Raises StateError where there is no safe one."""
    current = find(kind, live, desired)
    before = kind.declared(current) if current else {}
    if not desired.present:
        return Change(DELETE if current else NONE, current, before, {})
    after = {**before, **desired.attributes, "name": desired.final_name or before.get("name", "")}
    if after == before:
        return Change(NONE, current, before, before)
    if current is None:
        if desired.id is not None:
            raise StateError(f"There is no {kind.name} {desired}: Onfon gives ids itself, so name the new one instead.")
        missing = [attribute for attribute in kind.attributes if attribute not in after]
        if missing:
            raise StateError(f"There is no {kind.name} {desired} yet: set {' and '.join(missing)} to create it.")
    taken = live.others(after["name"], current)
    if taken:
        raise StateError(
            f'The name "{after["name"]}" is taken by another {kind.name} ({ids(taken)}): choose another one.'
        )
    return Change(UPDATE if current else CREATE, current, before, after)


def find(kind: Kind[T], live: Live[T], desired: Desired) -> T | None:
    """The object that is meant, None where the account has none."""
    if desired.id is not None:
        thing = live.by_id(desired.id)
        if thing and not desired.present and desired.name not in (None, thing.name):
            raise StateError(
                f'The {kind.name} {desired} is named "{thing.name}", not "{desired.name}": correct the name or the id.'
            )
        return thing
    thing = live.by_name(desired.name or "")
    if thing is None and desired.new_name:
        # Renamed by an earlier run.
        return live.by_name(desired.new_name)
    return thing
