# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The types of resources that can be declared, as data: how the gateway lists and writes them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._gateway.client import Client
from .._gateway.models import Group, Template


class Resource(t.Protocol):
    """What a resource of any type has."""

    @property
    def id(self) -> int | None:
        """The id that Onfon gave, None for a resource that is only planned."""

    @property
    def name(self) -> str:
        """The name that Onfon lists."""

    def as_result(self) -> dict[str, t.Any]:
        """The resource as results show it."""
        raise NotImplementedError


R = t.TypeVar("R", bound=Resource)
Attributes = t.Mapping[str, str]


# eq: each type is one object, and a key of dictionaries.
@dataclasses.dataclass(frozen=True, eq=False)
class ResourceType(t.Generic[R]):
    """One type of resource in the account.

    name: what users call it ("group").
    attributes: what can be declared of it, the name first.
    read: all resources of the type in the account.
    create, update, delete: the writes; create and update take every attribute.
    blank: a resource of which nothing is known, from which check mode predicts a new one.
    decided_by_onfon: fields that Onfon may set anew when a resource changes; check mode does not predict them.
    blocks: attributes that are written as YAML blocks, whose last line ends do not count.
    contents: what a resource holds that cannot be declared, in words ("3 contacts"); empty for nothing.
    """

    name: str
    attributes: tuple[str, ...]
    read: t.Callable[[Client], list[R]]
    create: t.Callable[[Client, Attributes], None]
    update: t.Callable[[Client, int, Attributes], None]
    delete: t.Callable[[Client, int], None]
    blank: R
    decided_by_onfon: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    contents: t.Callable[[R], str] = lambda _resource: ""

    @property
    def plural(self) -> str:
        """What users call several of them ("groups")."""
        return f"{self.name}s"

    def noun(self, count: int) -> str:
        """What users call so many of them."""
        return self.name if count == 1 else self.plural

    def exact_attributes(self, resource: R) -> dict[str, str]:
        """The attributes of a resource, as the account has them."""
        return {attribute: getattr(resource, attribute) for attribute in self.attributes}

    def attributes_of(self, resource: R) -> dict[str, str]:
        """The attributes of a resource, as they are compared."""
        exact = self.exact_attributes(resource)
        return {attribute: self._comparable(attribute, value) for attribute, value in exact.items()}

    def declared_attributes(self, given: t.Mapping[str, t.Any]) -> dict[str, str]:
        """The attributes besides the name that are set among these values, as they are compared."""
        return {
            attribute: self._comparable(attribute, given[attribute])
            for attribute in self.attributes
            if attribute != "name" and given[attribute] is not None
        }

    def _comparable(self, attribute: str, value: str) -> str:
        """The part of a value that counts."""
        return value.rstrip("\r\n") if attribute in self.blocks else value

    def describe(self, resource: R | None) -> str:
        """The attributes of a resource, for sentences ('name "Ops"'); "none" where there is no resource."""
        if resource is None:
            return "none"
        return ", ".join(f'{attribute} "{value}"' for attribute, value in self.attributes_of(resource).items())

    def predict(self, current: R | None, after: Attributes) -> R:
        """What a resource will be after a write, as far as that can be known. current: None for a new one."""
        undecided = dict.fromkeys(self.decided_by_onfon)
        return t.cast(R, dataclasses.replace(t.cast(t.Any, current or self.blank), **after, **undecided))


def _contacts(count: int | None) -> str:
    """So many contacts. Where Onfon does not tell the count, there may be any number."""
    if count is None:
        return "an unknown number of contacts"
    return "" if count == 0 else f"{count:,} contact{'s' if count > 1 else ''}"


GROUP = ResourceType(
    name="group",
    attributes=("name",),
    read=lambda client: client.groups(),
    create=lambda client, attributes: client.add_group(attributes["name"]),
    update=lambda client, identity, attributes: client.update_group(identity, attributes["name"]),
    delete=lambda client, identity: client.delete_group(identity),
    blank=Group(id=None, name=""),
    contents=lambda group: _contacts(group.contact_count),
)

TEMPLATE = ResourceType(
    name="template",
    attributes=("name", "text"),
    read=lambda client: client.templates(),
    create=lambda client, attributes: client.add_template(attributes["name"], attributes["text"]),
    update=lambda client, identity, attributes: client.update_template(
        identity, attributes["name"], attributes["text"]
    ),
    delete=lambda client, identity: client.delete_template(identity),
    blank=Template(id=None, name="", text=""),
    decided_by_onfon=("approved", "approved_date"),
    blocks=("text",),
)
