# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""From a line that was asked for to what is sent: the number, the text with its fields filled in, the segments."""

from __future__ import annotations

import functools
import re
import typing as t

from .._errors import OptionError
from .._gateway.models import FIELD
from .._text import enumerated
from . import encoding, numbers
from .keys import message_key
from .outbox import Row
from .recipients import NOT_SENT, SKIPPED_INVALID, SKIPPED_OPT_OUT
from .sources import Asked, Wrong

_LEFT_OVER = re.compile(r"##[^#]*##")
_Fields = t.Mapping[str, str]


class Rules(t.NamedTuple):
    """What holds for every line.

    fields: for all lines that have none of that name. region: whose numbers have no plus. opted_out: msisdns.
    """

    fields: _Fields
    region: str
    opted_out: t.AbstractSet[str]
    skip_invalid: bool
    unicode: str
    transliterate: bool


class Composer:
    """Composes the lines of a run, and keeps what is wrong with them: all of it is told at once.

    body: the text for all, None where each line brings its own. salt: for the keys of the messages.
    wrong: the lines that cannot be sent.
    """

    def __init__(self, rules: Rules, body: str | None, salt: bytes) -> None:
        self._rules = rules
        self._body = body
        self._salt = salt
        self._encode = functools.lru_cache(maxsize=64)(
            functools.partial(encoding.encode, unicode=rules.unicode, transliterate=rules.transliterate)
        )
        self.wrong: list[Wrong] = []

    def rows(self, lines: t.Iterable[Asked | Wrong]) -> t.Iterator[Row]:
        """A row for each line, also for those that are wrong."""
        return map(self._row, lines)

    def _row(self, line: Asked | Wrong) -> Row:
        if isinstance(line, Wrong):
            return self._refuse(line)
        try:
            msisdn = numbers.msisdn(line.to, self._rules.region)
        except OptionError as error:
            wrong = Wrong(line.line, _shown(line.to), error.msg)
            return _invalid(wrong) if self._rules.skip_invalid else self._refuse(wrong)
        try:
            encoded = self._encode(self._text(line))
        except OptionError as error:
            return self._refuse(Wrong(line.line, _shown(line.to), error.msg))
        return Row(
            line.line,
            _shown(line.to),
            msisdn,
            encoded.text,
            encoded.unicode,
            encoded.segments,
            message_key(self._salt, msisdn, encoded.text),
            SKIPPED_OPT_OUT if msisdn in self._rules.opted_out else NOT_SENT,
        )

    def _text(self, line: Asked) -> str:
        body = self._body
        if body is None:
            if line.text is None:
                raise OptionError("it has no text: give it one, or set text or template for all.")
            body = line.text
        elif line.text is not None and "text" not in line.fields:
            raise OptionError("it has a text of its own beside the one for all: leave one of them out.")
        text = _fill(body, self._rules.fields, line.fields)
        if not text.strip():
            raise OptionError("its text is blank: give it one.")
        return text

    def _refuse(self, wrong: Wrong) -> Row:
        self.wrong.append(wrong)
        return _invalid(wrong)


def _invalid(wrong: Wrong) -> Row:
    return Row(wrong.line, wrong.to, None, "", False, 0, None, SKIPPED_INVALID, _whole(wrong.error))


def _shown(to: object) -> str:
    """The number as it was given."""
    return "" if to is None else _whole(str(to))


def _whole(text: str) -> str:
    """The text without halves of characters, which cannot be stored."""
    return text.encode("utf-8", "replace").decode()


def _fill(body: str, common: _Fields, own: _Fields) -> str:
    """The body with its ##Field## placeholders filled in."""
    pieces, names = _parsed(body)
    if not names:
        return pieces[0]
    fields = {**common, **own}
    missing = [name for name in dict.fromkeys(names) if name not in fields]
    if missing:
        have = f"it has {enumerated(sorted(fields))}" if fields else "it has none"
        what = f"field {missing[0]} is" if len(missing) == 1 else f"fields {enumerated(missing)} are"
        raise OptionError(f"the {what} missing: {have}, and capitals count.")
    filled = [fields[name] for name in names]
    text = "".join(piece for pair in zip(pieces, [*filled, ""]) for piece in pair)
    if "##" in text:
        _refuse_left_over(text, "the value of a field brought it, so change that.")
    return text


@functools.lru_cache(maxsize=8)
def _parsed(body: str) -> tuple[list[str], list[str]]:
    """The literal pieces of a body, and the names of the fields between them."""
    parts = FIELD.split(body.rstrip("\r\n"))
    pieces, names = parts[::2], parts[1::2]
    for piece in pieces:
        _refuse_left_over(piece, "write it like ##Name##, without blanks around the name.")
    return pieces, names


def _refuse_left_over(text: str, advice: str) -> None:
    """Nobody is to read a placeholder."""
    found = _LEFT_OVER.search(text)
    if found:
        raise OptionError(f"{found.group()} is no field: {advice}")
