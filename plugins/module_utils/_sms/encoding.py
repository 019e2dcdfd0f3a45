# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Which alphabet a text needs, and how many segments it takes (3GPP TS 23.038, formerly GSM 03.38).

One segment holds 160 septets of GSM-7 or 70 UTF-16 code units of UCS-2; a longer text is cut into parts of
153 or 67. A character of GSM-7's extension table takes two septets, one outside the Basic Multilingual Plane
two code units, and no part ends within such a pair. U+001B is no character of GSM-7: it only announces one of the
extension table.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
import unicodedata

from .._text import enumerated
from .errors import SmsError

AUTO, ALWAYS, NEVER = "auto", "always", "never"

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
GSM7 = GSM7_BASIC | GSM7_EXTENSION

# Nobody sees these, in whatever script.
INVISIBLE: t.Final = {
    "\N{SOFT HYPHEN}": "",
    "\N{ZERO WIDTH SPACE}": "",
    "\N{WORD JOINER}": "",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "",
}
# What looks much the same in GSM-7: as in the Latin-ASCII transform of Unicode's CLDR where that has an answer, but low
# and pointed quotation marks become plain ones. Joiners and directions mean something in other scripts only.
LOOKALIKES: t.Final = {
    "\N{GRAVE ACCENT}": "'",
    "\N{ACUTE ACCENT}": "'",
    "\N{MODIFIER LETTER PRIME}": "'",
    "\N{MODIFIER LETTER TURNED COMMA}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{SINGLE LOW-9 QUOTATION MARK}": "'",
    "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}": "'",
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": "'",
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}": "'",
    "\N{PRIME}": "'",
    "\N{REVERSED PRIME}": "'",
    "\N{MODIFIER LETTER DOUBLE PRIME}": '"',
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{DOUBLE LOW-9 QUOTATION MARK}": '"',
    "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}": '"',
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{DOUBLE PRIME}": '"',
    "\N{REVERSED DOUBLE PRIME}": '"',
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{FIGURE DASH}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL BAR}": "-",
    "\N{HYPHEN BULLET}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{BULLET}": "*",
    "\N{TRIANGULAR BULLET}": "*",
    "\N{WHITE BULLET}": "*",
    "\N{BULLET OPERATOR}": "*",
    "\N{BLACK CIRCLE}": "*",
    "\N{BLACK SMALL SQUARE}": "*",
    "\N{ASTERISK OPERATOR}": "*",
    "\N{MIDDLE DOT}": ".",
    "\N{ONE DOT LEADER}": ".",
    "\N{TWO DOT LEADER}": "..",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{FRACTION SLASH}": "/",
    "\N{DIVISION SLASH}": "/",
    "\t": " ",
    "\N{NO-BREAK SPACE}": " ",
    "\N{EN QUAD}": " ",
    "\N{EM QUAD}": " ",
    "\N{EN SPACE}": " ",
    "\N{EM SPACE}": " ",
    "\N{THREE-PER-EM SPACE}": " ",
    "\N{FOUR-PER-EM SPACE}": " ",
    "\N{SIX-PER-EM SPACE}": " ",
    "\N{FIGURE SPACE}": " ",
    "\N{PUNCTUATION SPACE}": " ",
    "\N{THIN SPACE}": " ",
    "\N{HAIR SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{MEDIUM MATHEMATICAL SPACE}": " ",
    "\N{IDEOGRAPHIC SPACE}": " ",
    "\N{LINE SEPARATOR}": "\n",
    "\N{PARAGRAPH SEPARATOR}": "\n",
    "\N{ZERO WIDTH NON-JOINER}": "",
    "\N{ZERO WIDTH JOINER}": "",
    "\N{LEFT-TO-RIGHT MARK}": "",
    "\N{RIGHT-TO-LEFT MARK}": "",
    # Address books put these around phone numbers. Those from right to left would change the order, and stay.
    "\N{LEFT-TO-RIGHT EMBEDDING}": "",
    "\N{LEFT-TO-RIGHT OVERRIDE}": "",
    "\N{POP DIRECTIONAL FORMATTING}": "",
    "\N{LEFT-TO-RIGHT ISOLATE}": "",
    "\N{FIRST STRONG ISOLATE}": "",
    "\N{POP DIRECTIONAL ISOLATE}": "",
}

_NAMED_AT_MOST = 5
_NAMELESS = {
    "Cc": "control character",
    "Cn": "unassigned",
    "Co": "private use",
    "Cs": "unpaired surrogate",
}
_WITHOUT_INVISIBLE = str.maketrans(INVISIBLE)
_WITH_LOOKALIKES = str.maketrans(LOOKALIKES)
# Three times as fast as a set, and every text comes by here.
_BASIC_ONLY = re.compile(f"[{re.escape(''.join(sorted(GSM7_BASIC)))}]*").fullmatch


@dataclasses.dataclass(frozen=True)
class Encoded:
    """How a text travels. text: as it is to be sent. unicode: as UCS-2, otherwise as GSM-7."""

    text: str
    unicode: bool
    segments: int


def encode(text: str, unicode: str = AUTO, *, transliterate: bool = False) -> Encoded:
    """The way for a text that takes the fewest segments, and of those the one that changes it least.

    transliterate: the text may be changed. Lookalikes are for texts that are GSM-7 afterwards; what nobody sees is
    taken out of others, too, and letters that come in pieces are put together.
    """
    if unicode != ALWAYS and _fits_gsm7(text):
        return _as_gsm7(text)
    compact, plain = (_compact(text), _plain(text)) if transliterate else (text, text)
    ways = []
    if unicode != NEVER:
        versions = dict.fromkeys((text, compact))
        ways += [_as_ucs2(version) for version in versions if unicode == ALWAYS or not _fits_gsm7(version)]
    if unicode != ALWAYS and _fits_gsm7(plain):
        ways.append(_as_gsm7(plain))
    if not ways:
        raise _outside_gsm7(plain, helpful=_fits_gsm7(_plain(text)))
    return min(ways, key=lambda way: way.segments)


def outside_gsm7(text: str) -> list[str]:
    """The characters that GSM-7 does not have, once each, in order of appearance."""
    return list(dict.fromkeys(character for character in text if character not in GSM7))


def describe_character(character: str) -> str:
    """A character for people: itself where it can be seen alone, its number and its name."""
    category = unicodedata.category(character)
    name = unicodedata.name(character, "") or _NAMELESS.get(category, "unnamed")
    label = f"U+{ord(character):04X} {name}"
    return f"{character} ({label})" if character.isprintable() and not category.startswith("M") else label


def _outside_gsm7(text: str, *, helpful: bool) -> SmsError:
    """Why a text cannot be sent without UCS-2. helpful: transliterate would change that."""
    characters = outside_gsm7(text)
    names = enumerated([describe_character(character) for character in characters], _NAMED_AT_MOST)
    transliterate = "transliterate: true or " if helpful else ""
    return SmsError(
        f'The text holds characters that GSM-7 does not have and phones would show as "?": {names};'
        f" set {transliterate}unicode: auto, or change the text."
    )


def _compact(text: str) -> str:
    """The same text without what nobody sees, and with "e" and an accent as one letter."""
    return unicodedata.normalize("NFC", text.translate(_WITHOUT_INVISIBLE))


def _plain(text: str) -> str:
    """The text with as much in GSM-7 as looks much the same."""
    return _compact(text).translate(_WITH_LOOKALIKES)


def _fits_gsm7(text: str) -> bool:
    return _BASIC_ONLY(text) is not None or GSM7.issuperset(text)


def _as_gsm7(text: str) -> Encoded:
    if _BASIC_ONLY(text):
        return Encoded(text, False, _even_segments(len(text), 160, 153))
    return Encoded(text, False, _segments((2 if character in GSM7_EXTENSION else 1 for character in text), 160, 153))


def _as_ucs2(text: str) -> Encoded:
    if max(text, default="") <= "\uffff":
        return Encoded(text, True, _even_segments(len(text), 70, 67))
    return Encoded(text, True, _segments((2 if character > "\uffff" else 1 for character in text), 70, 67))


def _even_segments(length: int, single: int, part: int) -> int:
    """The number of segments for so many characters, none of which is wide."""
    return 1 if length <= single else -(-length // part)


def _segments(widths: t.Iterable[int], single: int, part: int) -> int:
    """The number of segments for characters of these widths, none of which is split."""
    total, parts, filled = 0, 1, 0
    for width in widths:
        total += width
        if filled + width > part:
            parts, filled = parts + 1, 0
        filled += width
    return 1 if total <= single else parts
