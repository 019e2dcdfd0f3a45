# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Which alphabet a text needs, and how many segments it takes (3GPP TS 23.038, formerly GSM 03.38).

One segment holds 160 septets of GSM-7 or 70 UTF-16 code units of UCS-2; a longer text is cut into parts of
153 or 67. A character of GSM-7's extension table takes two septets, one outside the Basic Multilingual Plane
two code units, and no part ends within such a pair.
"""

from __future__ import annotations

import dataclasses
import typing as t

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
GSM7 = GSM7_BASIC | GSM7_EXTENSION


@dataclasses.dataclass(frozen=True)
class Encoded:
    """How a text travels. unicode: as UCS-2, otherwise as GSM-7."""

    unicode: bool
    segments: int


def encode(text: str) -> Encoded:
    """The cheapest way for a text."""
    if GSM7.issuperset(text):
        return Encoded(False, _segments((2 if character in GSM7_EXTENSION else 1 for character in text), 160, 153))
    return Encoded(True, _segments((2 if ord(character) > 0xFFFF else 1 for character in text), 70, 67))


def _segments(widths: t.Iterable[int], single: int, part: int) -> int:
    """The number of segments for characters of these widths, none of which is split."""
    total, parts, filled = 0, 1, 0
    for width in widths:
        total += width
        if filled + width > part:
            parts, filled = parts + 1, 0
        filled += width
    return 1 if total <= single else parts
