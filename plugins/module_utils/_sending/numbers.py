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


def msisdn(number: object) -> str:
    """The digits of "0700 000 001", "+254 700 000 001" or 254700000001: "254700000001".

    A number without a plus is Kenyan. An integer counts as international: YAML reads an unquoted 0700000001 as an
    octal number, and what that stands for may be the phone of a stranger. Raises OptionError for what is no number.
    """
    if PHONENUMBERS_IMPORT_ERROR:
        raise MissingLibraryError(missing_required_lib("phonenumbers"))
    if isinstance(number, int):
        parsed = _parse(f"+{number}")
        advice = "put it in quotes, as YAML reads 07... without them as an octal number"
    else:
        parsed = _parse(number) if isinstance(number, str) else None
        advice = "correct or remove it"
    if parsed is None:
        raise OptionError(f'"{number}" is not a phone number: {advice}.')
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)).lstrip("+")


def _parse(text: str) -> phonenumbers.PhoneNumber | None:
    """The number, None where it is none. The library finds numbers in longer texts: those are nobody's choice."""
    if not WRITTEN.fullmatch(text.strip()):
        return None
    try:
        parsed = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None
