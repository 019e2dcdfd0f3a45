# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From input rows to outgoing messages, or to all invalid rows at once."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.support.sms_runner import ABROAD, A, B, C, D, Result, SmsRunner, assert_consistent, statuses


@pytest.fixture
def runner() -> SmsRunner:
    return SmsRunner()


def texts(runner: SmsRunner) -> list[tuple[str, str]]:
    """The numbers and their texts."""
    return [(texted.number, texted.text) for texted in runner.transport.messages]


def errors(result: Result) -> dict[int, str]:
    """The error of each wrong line."""
    assert result["failed"]
    return {error["line"]: error["error"] for error in result["errors"]}


# --- texts ------------------------------------------------------------------------------------------------------------


def test_every_recipient_gets_the_text(runner: SmsRunner) -> None:
    runner.send(to=[A, B], text="Water is off.")
    assert texts(runner) == [(A, "Water is off."), (B, "Water is off.")]


def test_each_message_gets_its_own_text(runner: SmsRunner) -> None:
    runner.send(text=None, messages=[{"to": A, "text": "One"}, {"to": B, "text": "Two"}])
    assert texts(runner) == [(A, "One"), (B, "Two")]


def test_fields_are_filled_in(runner: SmsRunner) -> None:
    runner.send(text="Hi ##Name##, pay ##Sum##.", messages=[{"to": A, "fields": {"Name": "Asha", "Sum": 5}}])
    assert texts(runner) == [(A, "Hi Asha, pay 5.")]


def test_a_template_of_the_account_is_filled_in(runner: SmsRunner) -> None:
    runner.transport.add_template("due", "Hi ##Name##")
    result = runner.send(text=None, template="due", messages=[{"to": A, "fields": {"Name": "Asha"}}])
    assert texts(runner) == [(A, "Hi Asha")]
    assert "warnings" not in result


def test_an_unapproved_template_warns(runner: SmsRunner) -> None:
    runner.transport.add_template("due", "Hi")
    next(iter(runner.transport.rows["Template"].values()))["IsApproved"] = False
    (warning,) = runner.send(text=None, template="due", to=[A])["warnings"]
    assert "due" in warning
    assert "not approved" in warning


def test_a_missing_template_is_refused_before_sending(runner: SmsRunner) -> None:
    runner.transport.add_template("due", "Hi")
    result = runner.send(text=None, template="Due", to=[A])
    assert result["failed"]
    assert "the account has due." in result["msg"]
    assert not runner.transport.send_requests


def test_a_duplicate_template_name_is_refused(runner: SmsRunner) -> None:
    runner.transport.add_template("due", "Hi")
    runner.transport.add_template("due", "Ho")
    assert "2 templates" in runner.send(text=None, template="due", to=[A])["msg"]
    assert not runner.transport.send_requests


def test_a_field_of_the_row_takes_precedence(runner: SmsRunner) -> None:
    runner.send(
        text="##Name## of ##Town##",
        fields={"Name": "Somebody", "Town": "Kisumu"},
        messages=[{"to": A, "fields": {"Name": "Asha"}}, {"to": B}],
    )
    assert texts(runner) == [(A, "Asha of Kisumu"), (B, "Somebody of Kisumu")]


def test_a_text_of_the_row_is_filled_from_the_common_fields(runner: SmsRunner) -> None:
    runner.send(text=None, fields={"Town": "Kisumu"}, messages=[{"to": A, "text": "Rain in ##Town##"}])
    assert texts(runner) == [(A, "Rain in Kisumu")]


def test_columns_are_fields(runner: SmsRunner, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"to,Name\n{A},Asha\n{B},Ben\n")
    runner.send(text="Hi ##Name##", recipients_file=str(file))
    assert texts(runner) == [(A, "Hi Asha"), (B, "Hi Ben")]


def test_a_text_column_is_used_where_the_task_has_no_text(runner: SmsRunner, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(f'{{"to": "{A}", "text": "One"}}\n{{"to": "{B}", "text": "Two"}}\n')
    runner.send(text=None, recipients_file=str(file))
    assert texts(runner) == [(A, "One"), (B, "Two")]


def test_adjacent_placeholders_are_filled(runner: SmsRunner) -> None:
    runner.send(text="##A####B##", fields={"A": "1", "B": "2"}, to=[A])
    assert texts(runner) == [(A, "12")]


def test_the_final_newline_of_a_block_is_not_part_of_the_text(runner: SmsRunner) -> None:
    runner.send(text="One\nTwo\n", to=[A])
    assert texts(runner) == [(A, "One\nTwo")]


def test_a_missing_field_is_named_with_the_available_ones(runner: SmsRunner) -> None:
    result = runner.send(text="Hi ##Name##", messages=[{"to": A, "fields": {"name": "Asha", "Town": "Kisumu"}}])
    assert "the field Name is missing" in errors(result)[1]
    assert "Town and name" in errors(result)[1]
    assert not runner.transport.requests


def test_two_missing_fields_are_worded_in_the_plural(runner: SmsRunner) -> None:
    told = errors(runner.send(text="##A## ##B##", to=[A]))[1]
    assert "fields A and B are missing" in told


@pytest.mark.parametrize("text", ["Hi ## Name ##", "Hi ####", "Hi ##Name ##"])
def test_malformed_placeholders_are_reported(runner: SmsRunner, text: str) -> None:
    assert "is not a field" in errors(runner.send(text=text, to=[A], fields={"Name": "Asha"}))[1]
    assert not runner.transport.requests


def test_a_placeholder_inside_a_field_is_refused(runner: SmsRunner) -> None:
    """The field itself contains a placeholder: no recipient may read ##FirstName##."""
    result = runner.send(text="Hi ##Name##", messages=[{"to": A, "fields": {"Name": "##FirstName##"}}])
    assert not runner.transport.send_requests
    assert "##FirstName##" in errors(result)[1]


@pytest.mark.parametrize("value", ["", " ", "\n\t"])
def test_a_text_that_is_blank_after_filling_is_refused(runner: SmsRunner, value: str) -> None:
    assert "blank" in errors(runner.send(text="##Name##", messages=[{"to": A, "fields": {"Name": value}}]))[1]


def test_a_row_without_a_text_is_refused(runner: SmsRunner) -> None:
    assert "it has no text" in errors(runner.send(text=None, messages=[{"to": A}]))[1]


def test_a_row_text_beside_a_common_text_is_refused(runner: SmsRunner) -> None:
    assert "leave one of them out" in errors(runner.send(text="All", messages=[{"to": A, "text": "One"}]))[1]


# --- encoding ---------------------------------------------------------------------------------------------------------


def test_each_text_is_sent_in_its_own_encoding(runner: SmsRunner) -> None:
    runner.send(text=None, messages=[{"to": A, "text": "Habari"}, {"to": B, "text": "\u4f60\u597d"}])
    assert [(asked["IsUnicode"], len(asked["MessageParameters"])) for asked in runner.transport.send_requests] == [
        (False, 1),
        (True, 1),
    ]


def test_transliteration_saves_segments(runner: SmsRunner) -> None:
    result = runner.send(text="\u201cHi\u201d \u2013 there" + "!" * 80, to=[A], transliterate=True)
    assert texts(runner) == [(A, '"Hi" - there' + "!" * 80)]
    assert (result["plan"]["encoding"], result["plan"]["segments"]) == ({"gsm7": 1, "ucs2": 0}, 1)


def test_unicode_never_refuses_other_characters(runner: SmsRunner) -> None:
    told = errors(runner.send(text="caf\u00e9 \u2013", to=[A], unicode="never"))[1]
    assert "EN DASH" in told
    assert not runner.transport.requests


def test_unicode_always_sends_ucs2(runner: SmsRunner) -> None:
    assert runner.send(text="Hi", to=[A], unicode="always")["plan"]["encoding"] == {"gsm7": 0, "ucs2": 1}


# --- recipients -------------------------------------------------------------------------------------------------------

SPELLINGS = ["0700 000 001", "700000001", A, "+254 700 000 001", int(A)]


def test_one_number_in_every_spelling_is_sent_one_message(runner: SmsRunner) -> None:
    result = runner.send(to=SPELLINGS)
    assert statuses(result) == ["accepted"] + ["skipped_duplicate"] * 4
    assert [recipient["to"] for recipient in result["recipients"]] == [str(spelling) for spelling in SPELLINGS]
    assert runner.transport.numbers == [A]


def test_different_texts_to_one_number_are_sent_once_each(runner: SmsRunner) -> None:
    messages = [{"to": A, "text": "One"}, {"to": A, "text": "Two"}, {"to": f"+{A}", "text": "One"}]
    result = runner.send(text=None, messages=messages)
    assert statuses(result) == ["accepted", "accepted", "skipped_duplicate"]
    assert texts(runner) == [(A, "One"), (A, "Two")]


def test_texts_that_are_equal_after_filling_are_sent_once(runner: SmsRunner) -> None:
    messages = [{"to": A, "fields": {"Name": "Asha", "Town": town}} for town in ("Kisumu", "Embu")]
    assert statuses(runner.send(text="Hi ##Name##", messages=messages)) == ["accepted", "skipped_duplicate"]


def test_a_number_without_a_plus_belongs_to_the_default_region(runner: SmsRunner) -> None:
    runner.send(to=["07911 123456", "+254 700 000 001"], default_region="GB")
    assert runner.transport.numbers == [ABROAD, A]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_opt_outs_apply_in_every_spelling(runner: SmsRunner, spelling: object) -> None:
    result = runner.send(to=[A, B, "0700 000 001"], opt_out=[spelling])
    assert statuses(result) == ["skipped_opt_out", "accepted", "skipped_opt_out"]
    assert runner.transport.numbers == [B]


def test_opt_outs_of_list_and_file_both_apply(runner: SmsRunner, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    file.write_text("0700 000 002\n")
    assert runner.send(to=[A, B, C], opt_out=[A], opt_out_file=str(file))["summary"]["accepted"] == 1
    assert runner.transport.numbers == [C]


@pytest.mark.parametrize("wrong", ["x", "", "0700", 117440513, None, ["0700 000 001"]])
def test_invalid_numbers_are_skipped_on_demand(runner: SmsRunner, wrong: object) -> None:
    result = runner.send(to=[wrong, A], on_invalid="skip")
    assert statuses(result) == ["skipped_invalid", "accepted"]
    assert result["recipients"][0]["error"].endswith(".")
    assert result["recipients"][0]["msisdn"] is None


@pytest.mark.parametrize("on_invalid", ["fail", "skip"])
@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"to": [A, "\ud83d"]}, "Entry 2 of to holds an unpaired surrogate (U+D83D)"),
        ({"to": [A], "text": "Hi \ud83d"}, "text holds an unpaired surrogate (U+D83D)"),
        ({"to": [A], "text": "Hi\0"}, "text holds a NUL"),
        (
            {"to": [A], "fields": {"Name": ["\udfff"]}},
            'Entry 1 of "Name" in fields holds an unpaired surrogate (U+DFFF)',
        ),
        ({"to": [A], "fields": {"\ud800": "x"}}, '"\\ud800" in fields holds an unpaired surrogate (U+D800)'),
        ({"to": [A], "journal": "a\0b"}, "journal holds a NUL"),
    ],
)
def test_unpaired_surrogates_are_refused_in_every_option(
    runner: SmsRunner, on_invalid: str, options: dict[str, object], where: str
) -> None:
    """YAML and JSON can spell it."""
    result = runner.send(on_invalid=on_invalid, **options)
    assert result["msg"] == f"{where}: write it again without that, and save it as UTF-8."
    assert not runner.transport.requests


def test_skipping_invalid_numbers_skips_no_other_errors(runner: SmsRunner) -> None:
    result = runner.send(text="##Name##", messages=[{"to": "x"}, {"to": A}], on_invalid="skip")
    assert list(errors(result)) == [2]
    assert not runner.transport.send_requests


def test_precedence_of_statuses(runner: SmsRunner) -> None:
    """Invalid, then opted out, then duplicate; of equal messages the first row counts."""
    result = runner.send(to=["x", "x", A, A, B, B], opt_out=[A], on_invalid="skip")
    assert statuses(result) == [
        "skipped_invalid",
        "skipped_invalid",
        "skipped_opt_out",
        "skipped_opt_out",
        "accepted",
        "skipped_duplicate",
    ]


# --- all errors at once -----------------------------------------------------------------------------------------------


def test_all_invalid_rows_are_reported_at_once_with_their_lines(runner: SmsRunner, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"to,Name\n{A},Asha\nx,Ben\n{C},\n\n{D},Dan,more\n,Eve\n")
    result = runner.send(text="Hi ##Name##", recipients_file=str(file))
    assert list(errors(result)) == [3, 4, 6, 7]
    for line in (3, 4, 6, 7):
        assert f"Line {line}: " in result["msg"]
    assert result["msg"].endswith("Nothing was sent.")
    assert not runner.transport.requests
    assert_consistent(result, 5)


def test_list_entries_are_called_entries(runner: SmsRunner) -> None:
    assert "Entry 2: " in runner.send(to=[A, "x"])["msg"]


@pytest.mark.parametrize("wrong", ["x1", "07", 117440513, True, {}, 1.5])
def test_each_error_is_a_sentence_that_names_the_cause(runner: SmsRunner, wrong: object) -> None:
    told = errors(runner.send(to=[A, wrong]))[2]
    assert str(wrong) in told
    assert told.endswith(".")


def test_the_message_refers_to_errors_for_the_rest(runner: SmsRunner) -> None:
    result = runner.send(to=[f"x{number}" for number in range(25)])
    assert "5 more" in result["msg"]
    assert len(result["errors"]) == 25


def test_one_more_error_is_worded_in_the_singular(runner: SmsRunner) -> None:
    assert "And 1 more, see errors." in runner.send(to=[f"x{number}" for number in range(21)])["msg"]


def test_the_result_limit_cuts_errors_and_reports_their_number(runner: SmsRunner) -> None:
    result = runner.send(to=[f"x{number}" for number in range(25)], result_limit=1)
    assert len(result["errors"]) == 1
    assert "And 5 more" in result["msg"]


def test_check_mode_refuses_the_same_rows(runner: SmsRunner) -> None:
    wrong: dict[str, t.Any] = {"to": [A, "x", "y"], "text": "##Name##"}
    assert runner.send(check=True, **wrong) == runner.send(**wrong)


@pytest.mark.parametrize("region", ["", "UK", "XX", "KEN", "254", "001", "Kenya"])
def test_an_unknown_region_is_refused(runner: SmsRunner, region: str) -> None:
    assert runner.send(to=[A], default_region=region)["msg"] == (
        f'default_region "{region}" is not a country: give its two letters of ISO 3166, such as KE.'
    )


@pytest.mark.parametrize("region", ["KE", "ke", "Ke"])
def test_a_region_may_be_lower_case(runner: SmsRunner, region: str) -> None:
    assert statuses(runner.send(to=["0700000001"], default_region=region)) == ["accepted"]
