# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Phone numbers as people write them, and as Onfon wants them: the E.164 digits without a plus."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible.module_utils.basic import missing_required_lib

from .._gateway.errors import MissingLibraryError, OptionError
from .._gateway.texts import brief

try:
    import phonenumbers
except ImportError as error:
    PHONENUMBERS_IMPORT_ERROR: str | None = str(error)
else:
    PHONENUMBERS_IMPORT_ERROR = None

DEFAULT_REGION = "KE"
WRITTEN = re.compile(r"[+(]?\d[\d\s().-]*")


def has_phonenumbers() -> bool:
    """The library is installed."""
    return PHONENUMBERS_IMPORT_ERROR is None


def check_region(region: str) -> str:
    """The code of a country in capitals. Raises OptionError for what is none."""
    _need_phonenumbers()
    code = region.upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise OptionError(f'default_region "{region}" is not a country: give its two letters of ISO 3166, such as KE.')
    return code


def msisdn(number: object, region: str = DEFAULT_REGION) -> str:
    """The digits of "0700 000 001", "+254 700 000 001" or 254700000001: "254700000001".

    A number without a plus is one of the region (as check_region gives it). An integer counts as international: YAML
    reads an unquoted 0700000001 as an octal number, and what that stands for may be the phone of a stranger. Raises
    OptionError for what is no number.
    """
    _need_phonenumbers()
    if isinstance(number, int) and not isinstance(number, bool):
        digits = read(f"+{number}", region)
        advice = "put it in quotes, as YAML reads 0... without them as an octal number"
    else:
        digits = read(number, region) if isinstance(number, str) else None
        advice = "correct or remove it (that of another country needs its plus)"
    if digits is None:
        raise OptionError(f'"{brief(str(number))}" is not a phone number: {advice}.')
    return digits


def read(text: str, region: str = DEFAULT_REGION) -> str | None:
    """The digits of a number that is written out, None where it is none."""
    usual = _usual(region)
    found = usual.spellings.fullmatch(text) if usual else None
    if usual and found:
        return usual.country_code + found["mobile"]
    return _parse(text, region)


def _need_phonenumbers() -> None:
    if not has_phonenumbers():
        raise MissingLibraryError(missing_required_lib("phonenumbers"))


def _parse(text: str, region: str) -> str | None:
    """What the library makes of a text.

    It also finds numbers within other texts: those are nobody's choice.
    """
    if not WRITTEN.fullmatch(text.strip()):
        return None
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)).lstrip("+")


class _Usual(t.NamedTuple):
    """The usual spellings of a region's mobile numbers, which need no parsing."""

    country_code: str
    spellings: re.Pattern[str]


@functools.lru_cache(maxsize=8)
def _usual(region: str) -> _Usual | None:
    """Ten times as fast as the library, and made of its own patterns; None where its rules are not as plain as this.

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
    return _Usual(code, re.compile(spellings, re.ASCII))
