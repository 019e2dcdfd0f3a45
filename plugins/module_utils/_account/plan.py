# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What has to change so that the account holds one declared object. Pure: nothing here asks the gateway."""

from __future__ import annotations

import dataclasses
import typing as t
import unicodedata

from .._errors import StateError
from .._text import cut, enumerated, storable
from .kind import Kind, T

NONE, CREATE, UPDATE, DELETE = "none", "create", "update", "delete"
# Control characters, and Unicode's own line and paragraph ends.
LINE_ENDS = frozenset({"Cc", "Zl", "Zp"})


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
        return f'"{cut(self.name or "")}"' if self.id is None else f"with id {self.id}"


@dataclasses.dataclass(frozen=True)
class Change(t.Generic[T]):
    """One step from what is to what was declared.

    action: NONE, CREATE, UPDATE or DELETE.
    current: the object as it is, None where there is none.
    before, after: its declarable part, empty where there is none.
    """

    kind: Kind[T]
    desired: Desired
    action: str
    current: T | None
    before: dict[str, str]
    after: dict[str, str]

    @property
    def name(self) -> str:
        """The object's present name, or that of which there is to be one."""
        return (self.before or self.after).get("name", self.desired.name or "")

    @property
    def title(self) -> str:
        """The object by its kind and name."""
        return f'{self.kind.name} "{cut(self.name)}"'

    @property
    def written(self) -> dict[str, str]:
        """What a write says: what changes as declared, and the rest as the account has it, to the last line end."""
        exact = self.kind.exact(self.current) if self.current else {}
        return {
            attribute: exact[attribute] if value == self.before.get(attribute) else value
            for attribute, value in self.after.items()
        }

    @property
    def expected(self) -> T | None:
        """The object as it should be after the change, as far as that can be known."""
        if self.action == NONE:
            return self.current
        return None if self.action == DELETE else self.kind.preview(self.current, self.after)


class Live(t.Generic[T]):
    """The objects of one kind as the account holds them, found by id and by name."""

    def __init__(self, kind: Kind[T], things: t.Iterable[T]) -> None:
        self._kind = kind
        self._by_id: dict[int | None, T] = {}
        self._by_name: dict[str, list[T]] = {}
        self._by_folded_name: dict[str, list[T]] = {}
        for thing in things:
            self._by_id[thing.id] = thing
            self._by_name.setdefault(thing.name, []).append(thing)
            self._by_folded_name.setdefault(fold(thing.name), []).append(thing)

    @property
    def things(self) -> list[T]:
        """All of them, in Onfon's order."""
        return list(self._by_id.values())

    def by_id(self, identity: int) -> T | None:
        return self._by_id.get(identity)

    def by_name(self, name: str) -> T | None:
        """The one object of a name. Two of one name cannot be told apart without an id."""
        things = self._by_name.get(name, [])
        if len(things) > 1:
            raise StateError(
                f'There are {len(things)} {self._kind.name}s named "{name}" ({ids(things)}):'
                f" say which one with id, an option of onfon.sms.onfon_{self._kind.name}."
            )
        return things[0] if things else None

    def like(self, name: str) -> list[T]:
        """The objects of a name in whatever capitals, and with whatever outer blanks."""
        return self._by_folded_name.get(fold(name), [])


def fold(name: str) -> str:
    """What is left of a name for a platform, or for people, that do not tell capitals or pieces of letters apart."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def is_usable(name: str) -> bool:
    """The name is stored as it is written: one line of whole characters that does not begin or end with a blank."""
    one_line = not any(unicodedata.category(character) in LINE_ENDS for character in name)
    return one_line and name == name.strip() == storable(name)


def ids(things: t.Iterable[T]) -> str:
    """«ids 3 and 7», for sentences."""
    numbers = [str(number) for number in sorted(thing.id or 0 for thing in things)]
    return f"id{'s' if len(numbers) > 1 else ''} {enumerated(numbers)}"


def plan(kind: Kind[T], live: Live[T], desired: Desired) -> Change[T]:
    """The step that is needed for one declared object. Raises StateError where there is no safe one."""
    current = find(kind, live, desired)
    before = kind.declared(current) if current else {}
    if not desired.present:
        return Change(kind, desired, DELETE if current else NONE, current, before, {})
    wanted = {**before, **desired.attributes, "name": desired.final_name or before.get("name", "")}
    after = {attribute: wanted[attribute] for attribute in kind.attributes if attribute in wanted}
    if after == before:
        return Change(kind, desired, NONE, current, before, before)
    if current is None:
        if desired.id is not None:
            raise StateError(f"There is no {kind.name} {desired}: Onfon gives ids itself, so name the new one instead.")
        missing = [attribute for attribute in kind.attributes if attribute not in after]
        if missing:
            raise StateError(f"There is no {kind.name} {desired} yet: set {enumerated(missing)} to create it.")
    if after["name"] != before.get("name"):
        refuse_taken_name(kind, live, after["name"], current)
        refuse_unusable_name(kind, after["name"])
    return Change(kind, desired, UPDATE if current else CREATE, current, before, after)


def refuse_unusable_name(kind: Kind[T], name: str) -> None:
    """Onfon would refuse it, or store it otherwise than written."""
    if not is_usable(name):
        raise StateError(
            f'A {kind.name} cannot be named "{cut(storable(name))}": give one line of whole characters that does not'
            " begin or end with a blank."
        )


def refuse_taken_name(kind: Kind[T], live: Live[T], name: str, current: T | None) -> None:
    """Two objects of one name could not be told apart. Whether Onfon tells capitals apart is not known: it may not."""
    for other in live.like(name):
        if current is not None and other.id == current.id:
            continue
        if other.name == name:
            named = f'"{current.name}" (id {current.id})' if current else "a new one"
            raise StateError(
                f'The name "{name}" is taken by another {kind.name} (id {other.id}), so {named} cannot have it:'
                " remove one of them, or leave out the rename."
            )
        raise StateError(
            f'Onfon may not tell "{name}" from the {kind.name} "{other.name}" (id {other.id}):'
            " name that one, or rename it."
        )


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
