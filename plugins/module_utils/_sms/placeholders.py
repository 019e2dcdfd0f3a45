# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The ##Field## placeholders of a text, as Onfon's templates have them, and the values that take their place."""

from __future__ import annotations

import functools
import re
import typing as t

from .._text import enumerated
from .errors import SmsError

_FIELD = re.compile(r"##([^#\s](?:[^#]*[^#\s])?)##")
_LEFT_OVER = re.compile(r"##[^#]*##")


def names(text: str) -> list[str]:
    """The names of the fields, once each, in order of appearance."""
    return list(dict.fromkeys(_FIELD.findall(text)))


def fill(text: str, fields: t.Mapping[str, str]) -> str:
    """The text with its placeholders filled in, without line ends at its end.

    Raises SmsError for a field without a value, and for what would be texted as a placeholder.
    """
    literals, wanted = _parse(text)
    if not wanted:
        return literals[0]
    missing = [name for name in dict.fromkeys(wanted) if name not in fields]
    if missing:
        given = f"it has {enumerated(sorted(fields))}" if fields else "it has none"
        what = f"field {missing[0]} is" if len(missing) == 1 else f"fields {enumerated(missing)} are"
        raise SmsError(f"the {what} missing: {given}, and names are case-sensitive.")
    values = [fields[name] for name in wanted]
    filled = "".join(part for pair in zip(literals, [*values, ""]) for part in pair)
    if "##" in filled:
        _refuse_left_over(filled, "it comes from the value of a field, so change that.")
    return filled


@functools.lru_cache(maxsize=8)
def _parse(text: str) -> tuple[list[str], list[str]]:
    """The literal parts of a text, and the names of the fields between them. Cached: a run has few different texts."""
    parts = _FIELD.split(text.rstrip("\r\n"))
    literals, wanted = parts[::2], parts[1::2]
    for literal in literals:
        _refuse_left_over(literal, "write it like ##Name##, without whitespace around the name.")
    return literals, wanted


def _refuse_left_over(text: str, advice: str) -> None:
    found = _LEFT_OVER.search(text)
    if found:
        raise SmsError(f"{found.group()} is not a field: {advice}")
