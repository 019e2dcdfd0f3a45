# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""From an input row to an outgoing message: the number, the text with its fields filled in, the segments."""

from __future__ import annotations

import functools
import typing as t

from .._sms import encoding, numbers, placeholders
from .._sms.errors import SmsError
from .._sms.statuses import NOT_SENT, SKIPPED_OPT_OUT
from .keys import message_key
from .records import InputRow, InvalidRow, OutgoingMessage


class Rules(t.NamedTuple):
    """What holds for every row.

    fields: for all rows that have none of that name. region: whose numbers have no plus. opted_out: MSISDNs.
    skip_invalid: a wrong number is skipped and does not refuse the run. unicode: one of encoding.py's choices.
    """

    fields: t.Mapping[str, str]
    region: str
    opted_out: t.AbstractSet[str]
    skip_invalid: bool
    unicode: str
    transliterate: bool


class Validator:
    """Validates the rows of a run, and keeps those that refuse it: all of them are reported together.

    text: for all rows, None where each brings its own. salt: for the keys of the messages.
    """

    def __init__(self, rules: Rules, text: str | None, salt: bytes) -> None:
        self._rules = rules
        self._text = text
        self._salt = salt
        self._encode = functools.lru_cache(maxsize=64)(
            functools.partial(encoding.encode, unicode=rules.unicode, transliterate=rules.transliterate)
        )
        self.refused: list[InvalidRow] = []

    def validate(self, rows: t.Iterable[InputRow | InvalidRow]) -> t.Iterator[OutgoingMessage | InvalidRow]:
        """A message for each row, or what is wrong with it."""
        return map(self._validate, rows)

    def _validate(self, row: InputRow | InvalidRow) -> OutgoingMessage | InvalidRow:
        if isinstance(row, InvalidRow):
            return self._refuse(row)
        to = "" if row.to is None else str(row.to)
        try:
            msisdn = numbers.msisdn(row.to, self._rules.region)
        except SmsError as error:
            invalid = InvalidRow(row.line, to, str(error))
            return invalid if self._rules.skip_invalid else self._refuse(invalid)
        try:
            encoded = self._encode(self._fill(row))
        except SmsError as error:
            return self._refuse(InvalidRow(row.line, to, str(error)))
        return OutgoingMessage(
            row.line,
            to,
            msisdn,
            encoded.text,
            encoded.unicode,
            encoded.segments,
            message_key(self._salt, msisdn, encoded.text),
            SKIPPED_OPT_OUT if msisdn in self._rules.opted_out else NOT_SENT,
        )

    def _fill(self, row: InputRow) -> str:
        """The text of a row with its fields filled in. Raises SmsError where there is none."""
        text = self._text
        if text is None:
            if row.text is None:
                raise SmsError("it has no text: give it one, or set text or template for all.")
            text = row.text
        elif row.text is not None and "text" not in row.fields:
            raise SmsError("it has its own text, and there is one for all: leave one of them out.")
        filled = placeholders.fill(text, {**self._rules.fields, **row.fields})
        if not filled.strip():
            raise SmsError("its text is blank: give it one.")
        return filled

    def _refuse(self, row: InvalidRow) -> InvalidRow:
        self.refused.append(row)
        return row
