# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phone numbers: one person in every spelling, and never a stranger."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import MissingLibraryError, OptionError
from ansible_collections.onfon.sms.plugins.module_utils._sending import numbers
from ansible_collections.onfon.sms.plugins.module_utils._sending.numbers import msisdn


@pytest.mark.parametrize(
    "spelling",
    [
        "254700000001",
        "+254700000001",
        "+254 700 000 001",
        "+254 (700) 000-001",
        "254 700 000 001",
        "254-700-000-001",
        "0700000001",
        "0700 000 001",
        "0700-000-001",
        "700000001",
        "(0700) 000 001",
        " 0700000001 ",
        "+254 0700000001",
        "0700\u00a0000\u00a0001",
        254700000001,
    ],
)
def test_one_person_in_every_spelling(spelling: object) -> None:
    assert msisdn(spelling) == "254700000001"


@pytest.mark.parametrize(
    ("spelling", "digits"),
    [
        ("0110 000 001", "254110000001"),
        ("110000001", "254110000001"),
        ("+254110000001", "254110000001"),
        ("+256 772 123456", "256772123456"),
        ("+44 7400 123456", "447400123456"),
        ("+1 202-555-0123", "12025550123"),
        (256772123456, "256772123456"),
    ],
)
def test_other_numbers(spelling: object, digits: str) -> None:
    assert msisdn(spelling) == digits


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        " ",
        "+",
        "abc",
        "ACME OPS",
        "0800 FLOWERS",
        "0700 000 00x",
        "070000000",
        "07000000011",
        "+254700",
        "+254 700 000 001 ext. 5",
        "0700000001#5",
        "0700000001;ext=5",
        "0700000001x5",
        "0700000001, 0700000002",
        "0700000001 0700000002",
        "0700000001/0700000002",
        "447400123456",  # foreign without a plus
        "tel:+254700000001",
        "user@example.com",
        "{{ on_call }}",
        "+999 123456789",
        "a" * 64,
        "9" * 1000,
    ],
)
def test_what_is_no_number_is_refused_and_named(spelling: str) -> None:
    with pytest.raises(OptionError) as caught:
        msisdn(spelling)
    assert f'"{spelling}"' in caught.value.msg


@pytest.mark.parametrize("value", [None, True, False, 700000001.0, 70000000.1, ["0700000001"], {"0700000001": ""}])
def test_what_is_neither_text_nor_integer_is_no_number(value: object) -> None:
    """A list in a list, a forgotten key, a fraction: the digits in them are nobody's choice."""
    with pytest.raises(OptionError):
        msisdn(value)


@pytest.mark.parametrize("value", [0, -254700000001, 700000001, 712345678, 0o700000001])
def test_an_integer_that_lost_its_zero_is_refused_with_the_reason(value: int) -> None:
    with pytest.raises(OptionError, match="in quotes"):
        msisdn(value)


@given(st.sampled_from(["07", "010", "011"]), st.text("01234567", min_size=8, max_size=8))
def test_a_local_number_that_yaml_read_as_octal_never_becomes_a_stranger(prefix: str, rest: str) -> None:
    written = f"{prefix}{rest}"[:10]
    with pytest.raises(OptionError):
        msisdn(int(written, 8))


@given(st.integers(0, 99_999_999), st.sampled_from(["+2547{}", "2547{}", "07{}", "7{}", "+254 07{}"]))
def test_every_kenyan_mobile_is_taken_in_every_form(rest: int, form: str) -> None:
    assert msisdn(form.format(f"{rest:08d}")) == f"2547{rest:08d}"


@given(st.one_of(st.text(max_size=20), st.text("+0123456789 -()", max_size=16)))
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    digits = ""
    with contextlib.suppress(OptionError):
        digits = msisdn(text)
    if digits:
        assert digits.isascii()
        assert digits.isdigit()
        assert msisdn(f"+{digits}") == digits


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "PHONENUMBERS_IMPORT_ERROR", "Traceback: no phonenumbers")
    with pytest.raises(MissingLibraryError) as caught:
        msisdn("0700000001")
    assert "phonenumbers" in caught.value.msg
    assert caught.value.as_result()["error"]["class"] == "library"
