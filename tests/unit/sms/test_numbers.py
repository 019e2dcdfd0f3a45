# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phone numbers: one number in every spelling, and never another one."""

from __future__ import annotations

import contextlib

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._sms.errors import SmsError
from ansible_collections.onfon.sms.plugins.module_utils._sms.numbers import (
    is_region,
    msisdn,
    parse,
    possible_msisdns,
    split,
)
from ansible_collections.onfon.sms.plugins.module_utils._text import brief


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
        "07\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661",  # Arabic digits
        254700000001,
    ],
)
def test_one_number_in_every_spelling(spelling: object) -> None:
    assert msisdn(spelling) == "254700000001"


@pytest.mark.parametrize(
    ("spelling", "digits"),
    [
        ("0110 000 001", "254110000001"),
        ("110000001", "254110000001"),
        ("+254110000001", "254110000001"),
        ("+256 772 123456", "256772123456"),
        ("+44 7400 123456", "447400123456"),
        ("000254700000001", "254700000001"),
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
        "00254700000001",  # Kenyans dial 000 for abroad
        "tel:+254700000001",
        "user@example.com",
        "{{ on_call }}",
        "+999 123456789",
        "a" * 64,
        "9" * 1000,
    ],
)
def test_an_invalid_number_is_refused_and_named(spelling: str) -> None:
    with pytest.raises(SmsError) as caught:
        msisdn(spelling)
    assert f'"{brief(spelling)}"' in str(caught.value)


@pytest.mark.parametrize("value", [None, True, False, 700000001.0, 70000000.1, ["0700000001"], {"0700000001": ""}])
def test_other_types_are_not_numbers(value: object) -> None:
    """A list in a list, a forgotten key, a fraction: their digits are no phone number."""
    with pytest.raises(SmsError):
        msisdn(value)


@pytest.mark.parametrize("value", [0, -254700000001, 700000001, 712345678, 0o700000001])
def test_an_integer_that_lost_its_zero_is_refused_with_the_reason(value: int) -> None:
    with pytest.raises(SmsError, match="in quotes"):
        msisdn(value)


@given(st.sampled_from(["07", "010", "011"]), st.text("01234567", min_size=8, max_size=8))
def test_a_local_number_read_as_octal_never_becomes_another_number(prefix: str, rest: str) -> None:
    written = f"{prefix}{rest}"[:10]
    with pytest.raises(SmsError):
        msisdn(int(written, 8))


@given(st.integers(0, 99_999_999), st.sampled_from(["+2547{}", "2547{}", "07{}", "7{}", "+254 07{}"]))
def test_every_kenyan_mobile_number_is_accepted_in_every_form(rest: int, form: str) -> None:
    assert msisdn(form.format(f"{rest:08d}")) == f"2547{rest:08d}"


@given(st.one_of(st.text(max_size=20), st.text("+0123456789 -()", max_size=16)))
def test_any_text_is_a_number_or_an_error_message(text: str) -> None:
    digits = ""
    with contextlib.suppress(SmsError):
        digits = msisdn(text)
    if digits:
        assert digits.isascii()
        assert digits.isdigit()
        assert msisdn(f"+{digits}") == digits


def example(region: str) -> phonenumbers.PhoneNumber:
    """The library's own example of a mobile number."""
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert number is not None
    return number


@pytest.mark.parametrize("region", ["KE", "GB", "US", "CA", "UG", "TZ", "IT", "NZ", "AR", "ES"])
def test_a_number_without_a_plus_belongs_to_the_region(region: str) -> None:
    written = phonenumbers.format_number(example(region), phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = f"{example(region).country_code}{example(region).national_number}"
    assert msisdn(written, region) == digits
    assert parse(written, region) == digits


@pytest.mark.parametrize(("number", "region"), [("447911123456", "KE"), ("0700000001", "GB"), (7911123456, "GB")])
def test_a_foreign_number_is_refused_without_mentioning_kenya(number: object, region: str) -> None:
    with pytest.raises(SmsError) as caught:
        msisdn(number, region)
    assert "Kenya" not in str(caught.value)
    assert f'"{number}" is not a phone number: ' in str(caught.value)


@pytest.mark.parametrize(("code", "known"), [("KE", True), ("GB", True), ("UK", False), ("XX", False), ("", False)])
def test_regions_are_those_of_iso_3166(code: str, known: bool) -> None:
    assert is_region(code) is known


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("0700000001, 0700000002,", ["0700000001", "0700000002"]),
        (" , ", []),
        (254700000001, [254700000001]),
        ([1, "a, b", None], [1, "a, b", None]),
    ],
)
def test_several_numbers_are_a_list_or_separated_by_commas(value: object, given: list[object]) -> None:
    assert split(value) == given


@pytest.mark.parametrize("number", ["254700000001", "+254 700 000 001", "0700000001", "700000001"])
def test_numbers_of_the_gateway_are_read_in_every_spelling(number: str) -> None:
    assert "254700000001" in possible_msisdns(number)


def by_the_library(text: str, region: str) -> str | None:
    """What the library alone says of digits."""
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def spellings(region: str) -> st.SearchStrategy[str]:
    """Digits that are about a number of the region: with many beginnings, and often one digit less, more or other."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
    assert plan is not None
    kinds = [plan.mobile, plan.mobile, plan.mobile, plan.fixed_line, plan.toll_free, plan.general_desc]
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    numbers = st.one_of([st.from_regex(rf"\A(?:{pattern})\Z", alphabet="0123456789") for pattern in patterns])
    code = str(plan.country_code)
    usual = ["", "0", code, f"+{code}"]
    odd = ["00", "1", "8", f"0{code}", f"{code}0", f"+{code}0", f"{code}{code}", f"+{code}{code}", f"00{code}"]
    odd += [f"000{code}", f"009{code}", f"011{code}", f"119{code}", f"0161{code}", "+1", "+254", "+44", "254", "44"]
    beginnings = st.sampled_from(usual) | st.sampled_from(odd) | st.text("0123456789", max_size=3)

    def bent(number: str) -> st.SearchStrategy[str]:
        digit, place = st.sampled_from("0123456789"), st.integers(0, len(number) - 1)
        other = st.builds(lambda digit, place: number[:place] + digit + number[place + 1 :], digit, place)
        return st.one_of(st.just(number), st.just(number), st.just(number[:-1]), digit.map(number.__add__), other)

    return st.builds(str.__add__, beginnings, numbers.flatmap(bent)).filter(lambda text: len(text) > 1)


@pytest.mark.parametrize("region", ["KE", "UG", "TZ", "NG", "ZA", "NZ", "GB", "US", "CA", "IT", "AR", "ES", "DE", "CU"])
@given(st.data())
def test_the_fast_path_agrees_with_the_library(region: str, data: st.DataObject) -> None:
    text = data.draw(spellings(region))
    assert parse(text, region) == by_the_library(text, region)


EVERY_REGION = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS))


@given(EVERY_REGION.flatmap(lambda region: st.tuples(spellings(region), st.just(region))))
def test_the_fast_path_agrees_with_the_library_in_every_region(case: tuple[str, str]) -> None:
    assert parse(*case) == by_the_library(*case)


def test_ambiguous_digits_keep_their_country_code() -> None:
    """In Germany, 0491 is a town, and 49 the country code."""
    local = f"49{example('DE').national_number}"
    assert parse(local, "DE") == by_the_library(local, "DE") == f"49{local}"


@pytest.mark.parametrize("region", ["KE", "UG", "TZ", "NZ"])
def test_common_spellings_take_the_fast_path(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, local = str(example(region).country_code), str(example(region).national_number)
    monkeypatch.delattr(phonenumbers, "parse")
    for beginning in ("", "0", code, f"+{code}"):
        assert msisdn(f"{beginning}{local}", region) == f"{code}{local}"


# They share a country code, keep leading zeros, rewrite the national prefix or have none.
@pytest.mark.parametrize("region", ["GB", "FI", "US", "CA", "IT", "AR", "ES"])
def test_other_regions_always_use_the_library(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = str(example(region).national_number)
    monkeypatch.delattr(phonenumbers, "parse")
    with pytest.raises(AttributeError, match="parse"):
        parse(written, region)
