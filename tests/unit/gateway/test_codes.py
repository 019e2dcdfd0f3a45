# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Onfon's error codes: all published ones are known, and unknown ones are shown unchanged."""

from __future__ import annotations

import pytest

from ansible_collections.onfon.sms.plugins.module_utils import _errors
from ansible_collections.onfon.sms.plugins.module_utils._gateway import codes

# The error list of Onfon's REST page, without 000.
# fmt: off
PUBLISHED = [
    "003", "004", "005", "006", "007", "008", "009", "010",
    "011", "013", "015", "019", "020", "021", "023", "024",
    "028", "029", "030", "031", "033", "034", "035", "039",
    "042", "801", "803", "804", "805", "807", "808", "809",
]
# fmt: on
KINDS = {
    _errors.REQUEST,
    _errors.AUTH,
    _errors.ACCOUNT,
    _errors.FUNDS,
    _errors.STATE,
    _errors.TRANSIENT,
    _errors.ROUTING,
    _errors.UNPUBLISHED,
}


@pytest.mark.parametrize("number", PUBLISHED)
def test_every_published_code_has_a_hint(number: str) -> None:
    row = codes.look_up(number, "Onfon's words")
    assert row.number == number
    assert row.error_class in KINDS - {_errors.UNPUBLISHED}
    assert row.meaning
    assert not row.meaning.endswith(".")
    assert row.hint.endswith(".")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        *[(number, _errors.AUTH) for number in ("007", "010", "011")],
        *[(number, _errors.ACCOUNT) for number in ("008", "009", "030", "031")],
        *[(number, _errors.FUNDS) for number in ("021", "035")],
        *[(number, _errors.STATE) for number in ("028", "029")],
        *[(number, _errors.TRANSIENT) for number in ("006", "033", "034")],
        *[(number, _errors.ROUTING) for number in ("801", "809", "412")],
        *[(number, _errors.REQUEST) for number in ("003", "013", "024", "039", "042", "401")],
    ],
)
def test_the_class_of_a_code(number: str, kind: str) -> None:
    assert codes.look_up(number, "").error_class == kind


@pytest.mark.parametrize("spelling", [0, "0", "000", " 0 ", "0000"])
def test_success_in_every_spelling(spelling: object) -> None:
    assert codes.parse(spelling) == codes.SUCCESS


@pytest.mark.parametrize(
    "spelling", [None, True, False, "", "null", "-0", "0.0", 0.5, [], {}, "\u0660", "Success", "0x0", "+0"]
)
def test_a_non_numeric_code_is_not_success(spelling: object) -> None:
    assert codes.parse(spelling) != codes.SUCCESS


@pytest.mark.parametrize("spelling", [21, "21", "021", " 21 ", "0021"])
def test_a_code_in_every_spelling(spelling: object) -> None:
    assert codes.look_up(spelling, "").number == "021"


@pytest.mark.parametrize(
    ("spelling", "shown"), [(17, "017"), ("0017", "017"), (1025, "1025"), ("E-12", "E-12"), (-1, "-1"), (True, "True")]
)
def test_an_unknown_code_is_shown_unchanged(spelling: object, shown: str) -> None:
    row = codes.look_up(spelling, "Invalid group id")
    assert (row.number, row.meaning, row.error_class) == (shown, "Invalid group id", _errors.UNPUBLISHED)


def test_a_huge_number_is_an_unknown_code() -> None:
    digits = "9" * 5000  # more than int() takes
    assert codes.look_up(digits, "").error_class == _errors.UNPUBLISHED
