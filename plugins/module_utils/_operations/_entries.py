# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What the lists of onfon_account declare: from their entries to declarations."""

from __future__ import annotations

import collections
import typing as t

from .._account.plan import Desired
from .._account.resources import Kind
from .._errors import OptionError
from .._text import enumerated, quoted
from ._declared import check_text

Entry = t.Mapping[str, t.Any]
STATES: t.Final = ("present", "absent")


def read_groups(given: t.Sequence[object] | None) -> list[Entry] | None:
    """The entries of the option groups, each a name or {name, state}; None where it is not set."""
    return None if given is None else [_group(number, entry) for number, entry in enumerate(given, 1)]


def _group(number: int, entry: object) -> Entry:
    where = f"Entry {number} of groups"
    fields: t.Mapping[t.Any, t.Any] = entry if isinstance(entry, dict) else {"name": entry}
    strange = [str(key) for key in fields if key not in ("name", "state")]
    if strange:
        raise OptionError(f"{where} has {enumerated(strange)}, which a group has not: give name and state.")
    state = fields.get("state", "present")
    if state not in STATES:
        given = "an empty state" if state is None else f"the state {state}"
        raise OptionError(f"{where} has {given}: give present or absent.")
    return {"name": fields.get("name"), "state": state}


def declare(kind: Kind[t.Any], entries: t.Sequence[Entry], renames: t.Mapping[str, str]) -> list[Desired]:
    """What the entries of one list declare. renames: former names by the present ones."""
    option = f"{kind.name}s"
    desired = [_desired(kind, f"Entry {number} of {option}", entry, renames) for number, entry in enumerate(entries, 1)]
    names = collections.Counter(entry["name"] for entry in entries)
    twice = [name for name, number in names.items() if number > 1]
    if twice:
        raise OptionError(f"{option} has {quoted(twice)} more than once: leave one entry of each name.")
    still_there = [old for new, old in renames.items() if new in names and old in names]
    if still_there:
        raise OptionError(
            f"{option} has {quoted(still_there)}, which renames gives another name: take the old name out of {option}."
        )
    return desired


def _desired(kind: Kind[t.Any], where: str, entry: Entry, former: t.Mapping[str, str]) -> Desired:
    name = entry["name"]
    if name is None:
        raise OptionError(f"{where} has no name: give one.")
    for field in kind.attributes:
        if not isinstance(entry.get(field), (str, type(None))):
            raise OptionError(f"{where} has a {field} that is no text: put it in quotation marks.")
    if not name.strip():
        raise OptionError(f"{where} has a blank name: give one.")
    check_text(f"The text of e{where[1:]}", entry.get("text"))
    present = entry["state"] == "present"
    if present and name in former:
        return Desired(former[name], None, name, present, kind.wanted(entry))
    return Desired(name, None, None, present, kind.wanted(entry))


def read_renames(given: t.Mapping[str, object] | None, declared: t.Sequence[Entry]) -> dict[str, str]:
    """Former names by the present ones, as the option renames says."""
    stay = {entry["name"] for entry in declared if entry["state"] == "present" and isinstance(entry["name"], str)}
    former: dict[str, str] = {}
    for old, new in (given or {}).items():
        if not (isinstance(new, str) and old.strip() and new.strip()):
            raise OptionError(f'renames has "{old}: {new}": give two names, in quotation marks.')
        if old == new:
            raise OptionError(f'renames gives "{old}" its own name: leave it out.')
        if new not in stay:
            raise OptionError(f'renames gives "{old}" the name "{new}", which none is declared to have: add it.')
        if new in former:
            raise OptionError(f'renames gives the name "{new}" to both "{former[new]}" and "{old}": leave one.')
        former[new] = old
    return former
