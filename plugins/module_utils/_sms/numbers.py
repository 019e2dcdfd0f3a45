# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Phone numbers as people write them, and as Onfon wants them: the E.164 digits without a plus."""

from __future__ import annotations

import contextlib
import functools
import re
import typing as t

from .._text import brief
from .errors import SmsError

with contextlib.suppress(ImportError):
    import phonenumbers

DEFAULT_REGION = "KE"
_WRITTEN = re.compile(r"[+(]?\d[\d\s().-]*")


def is_region(code: str) -> bool:
    """The code is that of a country, in capitals (ISO 3166-1 alpha-2)."""
    return code in phonenumbers.SUPPORTED_REGIONS


def msisdn(number: object, region: str = DEFAULT_REGION) -> str:
    """The digits of "0700 000 001", "+254 700 000 001" or 254700000001: "254700000001".

    A number without a plus is one of the region (see is_region). An integer counts as international: YAML reads an
    unquoted 0700000001 as an octal number, and what that stands for may be the phone of a stranger. Raises SmsError for
    what is not a number.
    """
    if isinstance(number, int) and not isinstance(number, bool):
        digits = parse(f"+{number}", region)
        advice = "put it in quotes, because YAML reads an unquoted 0... as an octal number"
    else:
        digits = parse(number, region) if isinstance(number, str) else None
        advice = "correct or remove it (a number of another country needs its plus)"
    if digits is None:
        raise SmsError(f'"{brief(str(number))}" is not a phone number: {advice}.')
    return digits


def parse(text: str, region: str = DEFAULT_REGION) -> str | None:
    """The digits of a number that is written out, None where it is not one."""
    # 1 microsecond a number instead of the library's 45: of 100,000 recipients, that is 4.4 s of about 12.
    usual = _usual_spellings(region)
    found = usual.pattern.fullmatch(text) if usual else None
    if usual and found:
        return usual.country_code + found["mobile"]
    return _parse_with_library(text, region)


def split(value: object) -> list[object]:
    """The numbers of an option: those of a list, one number, or several with commas between them."""
    if isinstance(value, str):
        return [number.strip() for number in value.split(",") if number.strip()]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def possible_msisdns(number: str) -> t.Iterator[str]:
    """The MSISDNs that a number of the gateway may stand for: itself, its digits, and how a person would read it."""
    yield number
    yield "".join(filter(str.isdigit, number))
    yield parse(number) or ""


def _parse_with_library(text: str, region: str) -> str | None:
    """As parse. The library would also find a number within another text, which nobody meant as one."""
    if not _WRITTEN.fullmatch(text.strip()):
        return None
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)).lstrip("+")


class _UsualSpellings(t.NamedTuple):
    """How a region's mobile numbers are usually written."""

    country_code: str
    pattern: re.Pattern[str]


@functools.lru_cache(maxsize=8)
def _usual_spellings(region: str) -> _UsualSpellings | None:
    """The usual spellings, made of the library's own patterns; None where its rules are not as plain as this.

    Plain: the country code belongs to the region alone, and the national prefix is a 0 and nothing else. Left to the
    library is what begins like an international call or, behind the prefix, like another prefix, and digits without
    a plus that begin with the country code and may be a local number all the same.
    """
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if not (plan and plan.country_code and plan.general_desc and plan.mobile):
        return None
    shared = phonenumbers.region_codes_for_country_code(plan.country_code) != (region,)
    if shared or plan.national_prefix_for_parsing != "0":
        return None
    code, any_kind = str(plan.country_code), rf"(?:{plan.general_desc.national_number_pattern})\Z"
    spellings = (
        rf"(?!{plan.international_prefix})"
        rf"(?:\+{code}|(?!{any_kind}){code}|0)?"
        rf"(?!0|{code})(?={any_kind})(?P<mobile>{plan.mobile.national_number_pattern})"
    )
    return _UsualSpellings(code, re.compile(spellings, re.ASCII))
