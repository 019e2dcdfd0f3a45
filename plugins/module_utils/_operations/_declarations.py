# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The options of onfon_account that say what the account is to hold: from their entries to declarations."""

from __future__ import annotations

import collections
import typing as t

from .._account.plan import Declaration, DesiredResource, Purge
from .._account.resources import GROUP, TEMPLATE, ResourceType
from .._errors import OptionError
from .._operation import Params
from .._text import enumerated, quoted
from ._resource import check_template_text

_STATES: t.Final = ("present", "absent")

OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = {
    # raw, because a name alone is enough.
    "groups": {"type": "list", "elements": "raw"},
    "templates": {
        "type": "list",
        "elements": "dict",
        "options": {
            # raw, because what YAML reads as a number or a boolean is not what somebody wrote.
            "name": {"type": "raw", "required": True},
            "text": {"type": "raw"},
            "state": {"type": "str", "choices": list(_STATES), "default": "present"},
        },
    },
    "renames": {"type": "dict"},
    "purge_groups": {"type": "bool", "default": False},
    "purge_templates": {"type": "bool", "default": False},
    "purge_groups_with_contacts": {"type": "bool", "default": False},
    # raw, because a slip such as "- ops: x" would become a text that protects nothing.
    "protect": {"type": "list", "elements": "raw"},
}

# {name, state}, and for a template {text}.
_Entry = t.Mapping[str, t.Any]


def read_declarations(params: Params) -> list[Declaration[t.Any]]:
    """What the options declare, one declaration for each resource type that is set. Raises OptionError."""
    entries: dict[ResourceType[t.Any], t.Sequence[_Entry] | None] = {
        GROUP: _read_groups(params["groups"]),
        TEMPLATE: params["templates"],
    }
    if all(each is None for each in entries.values()):
        raise OptionError("Nothing is declared: set groups, templates or both.")
    former_names = _read_renames(params["renames"], [entry for each in entries.values() for entry in each or []])
    purges = _read_purges(params)
    declarations: list[Declaration[t.Any]] = []
    for resource_type, each in entries.items():
        option, purge = resource_type.plural, purges[resource_type]
        if each is not None:
            declarations.append(Declaration(resource_type, _desired(resource_type, each, former_names), purge))
        elif purge:
            raise OptionError(f"purge_{option} requires {option}: list what stays.")
    return declarations


def _read_groups(given: t.Sequence[object] | None) -> list[_Entry] | None:
    """The entries of the option groups, None where it is not set."""
    return None if given is None else [_group(number, entry) for number, entry in enumerate(given, 1)]


def _group(number: int, entry: object) -> _Entry:
    where = f"Entry {number} of groups"
    fields: t.Mapping[t.Any, t.Any] = entry if isinstance(entry, dict) else {"name": entry}
    strange = [str(key) for key in fields if key not in ("name", "state")]
    if strange:
        raise OptionError(f"{where} has {enumerated(strange)}, which a group does not have: give name and state.")
    state = fields.get("state", "present")
    if state not in _STATES:
        given = "an empty state" if state is None else f"the state {state}"
        raise OptionError(f"{where} has {given}: give present or absent.")
    return {"name": fields.get("name"), "state": state}


def _read_renames(given: t.Mapping[str, object] | None, declared: t.Iterable[_Entry]) -> dict[str, str]:
    """The former names, by the present ones."""
    present = {entry["name"] for entry in declared if entry["state"] == "present" and isinstance(entry["name"], str)}
    former_names: dict[str, str] = {}
    for old, new in (given or {}).items():
        if not (isinstance(new, str) and old.strip() and new.strip()):
            raise OptionError(f'renames has "{old}: {new}": give two names, in quotation marks.')
        if old == new:
            raise OptionError(f'renames gives "{old}" its own name: leave it out.')
        if new not in present:
            raise OptionError(f'renames gives "{old}" the name "{new}", which is not declared: declare it.')
        if new in former_names:
            raise OptionError(f'renames gives the name "{new}" to both "{former_names[new]}" and "{old}": leave one.')
        former_names[new] = old
    return former_names


def _read_purges(params: Params) -> dict[ResourceType[t.Any], Purge | None]:
    """The purge of each resource type, None where it is off."""
    protect = tuple(params["protect"] or [])
    for number, pattern in enumerate(protect, 1):
        if not isinstance(pattern, str) or not pattern.strip():
            raise OptionError(f"Entry {number} of protect is not a text, or is blank: give names or patterns.")
    with_contents = params["purge_groups_with_contacts"]
    return {
        GROUP: Purge(protect, with_contents=with_contents) if params["purge_groups"] else None,
        TEMPLATE: Purge(protect) if params["purge_templates"] else None,
    }


def _desired(
    resource_type: ResourceType[t.Any], entries: t.Sequence[_Entry], former_names: t.Mapping[str, str]
) -> list[DesiredResource]:
    """What the entries of one option declare. former_names: by the present ones."""
    option = resource_type.plural
    desired = [
        _desired_resource(resource_type, f"Entry {number} of {option}", entry, former_names)
        for number, entry in enumerate(entries, 1)
    ]
    names = collections.Counter(entry["name"] for entry in entries)
    twice = [name for name, number in names.items() if number > 1]
    if twice:
        raise OptionError(f"{option} has {quoted(twice)} more than once: leave one entry of each name.")
    still_there = [old for new, old in former_names.items() if new in names and old in names]
    if still_there:
        raise OptionError(
            f"{option} has {quoted(still_there)}, which renames gives another name: take the old name out of {option}."
        )
    return desired


def _desired_resource(
    resource_type: ResourceType[t.Any], where: str, entry: _Entry, former_names: t.Mapping[str, str]
) -> DesiredResource:
    name = entry["name"]
    if name is None:
        raise OptionError(f"{where} has no name: give one.")
    for attribute in resource_type.attributes:
        if not isinstance(entry.get(attribute), (str, type(None))):
            raise OptionError(f"{where} has a {attribute} that is not a text: put it in quotation marks.")
    if not name.strip():
        raise OptionError(f"{where} has a blank name: give one.")
    check_template_text(f"The text of e{where[1:]}", entry.get("text"))
    present = entry["state"] == "present"
    former_name = former_names.get(name) if present else None
    attributes = resource_type.declared_attributes(entry)
    if former_name is not None:
        return DesiredResource(former_name, None, name, present, attributes)
    return DesiredResource(name, None, None, present, attributes)
