# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Texts for people: cut to a readable length, put together from names, and without what nothing can store."""

from __future__ import annotations

import re
import typing as t

MAX_CHARACTERS = 120
MAX_NAMES = 20
MAX_SENTENCES = 5

# Neither JSON in UTF-8 nor SQLite can hold an unpaired surrogate. A NUL ends a text early in file names and databases.
_UNSTORABLE: t.Final = re.compile("[\0\ud800-\udfff]")


def brief(text: str) -> str:
    """A text of the gateway on one line, cut to a readable length."""
    return cut(" ".join(text.split()))


def cut(text: str) -> str:
    """A text cut to a readable length."""
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


def escape_unstorable(text: str) -> str:
    """The text with unpaired surrogates and NUL as escapes, such as the six characters \\ud83d."""
    return _UNSTORABLE.sub(lambda found: found.group().encode("unicode-escape").decode(), text)


def find_unstorable(value: object) -> tuple[str, list[str | int]] | None:
    """The first such character in a value of dictionaries, lists and texts, described; and its place, None for none.

    The place is a list of keys and positions (from 1), from the outside in; a key that holds it is the last one.
    """
    if isinstance(value, str):
        match = _UNSTORABLE.search(value)
        return (_describe_unstorable(match.group()), []) if match else None
    if isinstance(value, dict):
        parts: t.Iterable[tuple[t.Any, object]] = value.items()
    elif isinstance(value, (list, tuple)):
        parts = enumerate(value, 1)
    else:
        return None
    for step, part in parts:
        found = find_unstorable(part) or (find_unstorable(step) if isinstance(step, str) else None)
        if found:
            return found[0], [step, *found[1]]
    return None


def _describe_unstorable(character: str) -> str:
    return "a NUL" if character == "\0" else f"an unpaired surrogate (U+{ord(character):04X})"


def quoted(names: t.Iterable[str], limit: int = MAX_NAMES) -> str:
    """Names in a sentence: '"a", "b" and "c"', or '"a", "b" and 7 more'."""
    return enumerated([f'"{cut(name)}"' for name in names], limit)


def enumerated(words: t.Sequence[str], limit: int = MAX_NAMES) -> str:
    """Words in a sentence: 'a, b and c', or 'a, b and 7 more'."""
    shown = list(words[:limit])
    if len(words) > limit:
        shown.append(f"{len(words) - limit:,} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def first_sentences(sentences: t.Sequence[str]) -> str:
    """The first sentences, and how many more there are."""
    more = len(sentences) - MAX_SENTENCES
    return " ".join(sentences[:MAX_SENTENCES]) + (f" And {more:,} more." if more > 0 else "")
