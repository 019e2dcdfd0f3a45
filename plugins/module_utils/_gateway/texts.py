# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""How sentences for people are put together."""

from __future__ import annotations

import typing as t

MOST_CHARACTERS = 120
MOST_NAMED = 20


def brief(text: str) -> str:
    """A text of the gateway on one line, and cut to a length that people read."""
    return cut(" ".join(text.split()))


def cut(text: str) -> str:
    """A text of a length that people read."""
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def storable(text: str) -> str:
    """The text with half a character escaped, which nothing can store or pass on.

    A text of the gateway that was cut within an emoji ends with such a half.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def quoted(names: t.Iterable[str], most: int = MOST_NAMED) -> str:
    """«"a", "b" and "c"», or «"a", "b" and 7 more»."""
    return enumerated([f'"{cut(name)}"' for name in names], most)


def enumerated(words: t.Sequence[str], most: int = MOST_NAMED) -> str:
    """«a, b and c», or «a, b and 7 more»."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most:,} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
