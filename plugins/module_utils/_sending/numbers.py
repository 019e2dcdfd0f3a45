# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Phone numbers as people write them, and as Onfon wants them: the E.164 digits without a plus."""

from __future__ import annotations

import re

from ansible.module_utils.basic import missing_required_lib

from .._gateway.errors import MissingLibraryError, OptionError

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


def msisdn(number: object) -> str:
    """The digits of "0700 000 001", "+254 700 000 001" or 254700000001: "254700000001".

    A number without a plus is Kenyan. An integer counts as international: YAML reads an unquoted 0700000001 as an
    octal number, and what that stands for may be the phone of a stranger. Raises OptionError for what is no number.
    """
    if not has_phonenumbers():
        raise MissingLibraryError(missing_required_lib("phonenumbers"))
    if isinstance(number, int) and not isinstance(number, bool):
        digits = read(f"+{number}")
        advice = "put it in quotes, as YAML reads 07... without them as an octal number"
    else:
        digits = read(number) if isinstance(number, str) else None
        advice = "correct or remove it (that of another country needs its plus)"
    if digits is None:
        raise OptionError(f'"{number}" is not a phone number: {advice}.')
    return digits


def read(text: str) -> str | None:
    """The digits of a number that is written out, None where it is none.

    The library also finds numbers within other texts: those are nobody's choice.
    """
    if not WRITTEN.fullmatch(text.strip()):
        return None
    try:
        parsed = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)).lstrip("+")
