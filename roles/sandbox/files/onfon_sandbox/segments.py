# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How networks count a text: GSM 03.38 and UCS-2, one part or several (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from collections.abc import Iterable

from onfon_sandbox.assumptions import REPLACEMENT

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")

GSM7_SINGLE, GSM7_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67


def is_gsm7(text: str) -> bool:
    """Tell if every character of `text` is in the GSM-7 alphabet or its extension table."""
    return all(character in GSM7_BASIC or character in GSM7_EXTENSION for character in text)


def shown(text: str, unicode: bool) -> str:
    """Return what the phone shows: without `unicode`, characters outside GSM-7 are replaced."""
    if unicode or is_gsm7(text):
        return text
    return "".join(character if is_gsm7(character) else REPLACEMENT for character in text)


def count(text: str, unicode: bool) -> int:
    """Return the number of segments that `text` is charged for; a pair is never split over two of them."""
    if unicode:
        return _parts((2 if ord(character) > 0xFFFF else 1 for character in text), UCS2_SINGLE, UCS2_PART)
    widths = (2 if character in GSM7_EXTENSION else 1 for character in shown(text, unicode))
    return _parts(widths, GSM7_SINGLE, GSM7_PART)


def _parts(widths: Iterable[int], single: int, part: int) -> int:
    total, parts, used = 0, 1, 0
    for width in widths:
        total += width
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return 1 if total <= single else parts
