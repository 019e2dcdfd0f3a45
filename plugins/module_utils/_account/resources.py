# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The kinds of objects that can be declared, as data: how the gateway lists and writes them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway.client import Client
from .._gateway.models import Group, Template


class Thing(t.Protocol):
    """What every kind of object has."""

    @property
    def id(self) -> int | None:
        """The id that Onfon gave, None for an object that is only planned."""

    @property
    def name(self) -> str:
        """The name that Onfon lists."""

    def as_result(self) -> dict[str, t.Any]:
        """The object as results show it."""
        raise NotImplementedError


T = t.TypeVar("T", bound=Thing)
Attributes = t.Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Kind(t.Generic[T]):
    """One kind of object in the account.

    name: what people call it ("group").
    attributes: what can be declared of it, the name first.
    read: all objects of the kind in the account.
    create, update, delete: the writes; create and update take every attribute.
    blank: an object of which nothing is known, to show what a dry run would create.
    decided_by_onfon: what Onfon may decide anew when an object changes; a dry run does not guess it.
    blocks: attributes that are written as YAML blocks, whose last line ends do not count.
    contents: what an object holds that nothing declares, in words; empty for nothing.
    """

    name: str
    attributes: tuple[str, ...]
    read: t.Callable[[Client], list[T]]
    create: t.Callable[[Client, Attributes], None]
    update: t.Callable[[Client, int, Attributes], None]
    delete: t.Callable[[Client, int], None]
    blank: T
    decided_by_onfon: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    contents: t.Callable[[T], str] = lambda _thing: ""

    def exact(self, thing: T) -> dict[str, str]:
        """The part of an object that can be declared, as the account has it."""
        return {attribute: getattr(thing, attribute) for attribute in self.attributes}

    def declared(self, thing: T) -> dict[str, str]:
        """The part of an object that can be declared, as it is compared."""
        return {attribute: self.comparable(attribute, value) for attribute, value in self.exact(thing).items()}

    def wanted(self, given: t.Mapping[str, t.Any]) -> dict[str, str]:
        """What is declared of an object besides its name: of these values those that are set."""
        return {
            attribute: self.comparable(attribute, given[attribute])
            for attribute in self.attributes
            if attribute != "name" and given[attribute] is not None
        }

    def comparable(self, attribute: str, value: str) -> str:
        """The part of a value that counts."""
        return value.rstrip("\r\n") if attribute in self.blocks else value

    def listed(self, thing: T | None) -> str:
        """How the account lists an object, for sentences."""
        if thing is None:
            return "none"
        return ", ".join(f'{attribute} "{value}"' for attribute, value in self.declared(thing).items())

    def preview(self, current: T | None, after: Attributes) -> T:
        """What an object would be after a write, as far as that can be known."""
        undecided = dict.fromkeys(self.decided_by_onfon)
        return t.cast(T, dataclasses.replace(t.cast(t.Any, current or self.blank), **after, **undecided))


def _contacts(count: int | None) -> str:
    """So many contacts. A count that Onfon does not tell may be any."""
    if count is None:
        return "an unknown number of contacts"
    return "" if count == 0 else f"{count:,} contact{'s' if count > 1 else ''}"


GROUP = Kind(
    name="group",
    attributes=("name",),
    read=lambda client: client.groups(),
    create=lambda client, wanted: client.add_group(wanted["name"]),
    update=lambda client, identity, wanted: client.update_group(identity, wanted["name"]),
    delete=lambda client, identity: client.delete_group(identity),
    blank=Group(id=None, name=""),
    contents=lambda group: _contacts(group.contact_count),
)

TEMPLATE = Kind(
    name="template",
    attributes=("name", "text"),
    read=lambda client: client.templates(),
    create=lambda client, wanted: client.add_template(wanted["name"], wanted["text"]),
    update=lambda client, identity, wanted: client.update_template(identity, wanted["name"], wanted["text"]),
    delete=lambda client, identity: client.delete_template(identity),
    blank=Template(id=None, name="", text=""),
    decided_by_onfon=("approved", "approved_date"),
    blocks=("text",),
)
