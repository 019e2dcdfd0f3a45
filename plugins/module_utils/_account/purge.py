# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What is not declared: what of it goes, and what stays and why. Pure: nothing here asks the gateway."""

from __future__ import annotations

import collections
import dataclasses
import fnmatch
import typing as t
import unicodedata

from .kind import Kind, T

# Why an undeclared object stays.
NOT_PURGED, PROTECTED, NOT_EMPTY, NOT_DECLARABLE = "not_purged", "protected", "not_empty", "not_declarable"


@dataclasses.dataclass(frozen=True)
class Purge:
    """Undeclared objects of a kind shall go.

    protect: names, and patterns such as "ops-*", of those that stay; capitals count.
    with_contents: those go too that hold something which nothing declares, as groups hold contacts.
    """

    protect: tuple[str, ...] = ()
    with_contents: bool = False


@dataclasses.dataclass(frozen=True)
class Undeclared(t.Generic[T]):
    """An object that is not declared and stays. reason: one of those above."""

    kind: Kind[T]
    thing: T
    reason: str


def sort(kind: Kind[T], others: t.Iterable[T], purge: Purge | None) -> tuple[list[T], list[Undeclared[T]]]:
    """Of undeclared objects, those that go and those that stay. purge: None where all stay."""
    gone: list[T] = []
    kept: list[Undeclared[T]] = []
    others = list(others)
    nameless = undeclarable(thing.name for thing in others)
    for thing in others:
        reason = _reason_to_stay(kind, thing, purge)
        if reason is None and thing.name in nameless:
            # Nobody could have declared that it stays.
            reason = NOT_DECLARABLE
        if reason is None:
            gone.append(thing)
        else:
            kept.append(Undeclared(kind, thing, reason))
    return gone, kept


def undeclarable(names: t.Iterable[str]) -> dict[str, int]:
    """The names of which an object cannot be declared, and how many have each: blank ones, and those of several."""
    counted = collections.Counter(names)
    return {name: number for name, number in counted.items() if number > 1 or not name.strip()}


def _reason_to_stay(kind: Kind[T], thing: T, purge: Purge | None) -> str | None:
    if purge is None:
        return NOT_PURGED
    if any(_is_meant(thing.name, pattern) for pattern in purge.protect):
        return PROTECTED
    return NOT_EMPTY if kind.contents(thing) and not purge.with_contents else None


def _is_meant(name: str, pattern: str) -> bool:
    """The pattern is the name, or fits it, however either of them spells the letters that have several spellings."""
    name, pattern = (unicodedata.normalize("NFC", text) for text in (name, pattern))
    # It is compared as it is, too: a name may hold what means something in a pattern.
    return name == pattern or fnmatch.fnmatchcase(name, pattern)
