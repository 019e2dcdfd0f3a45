# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input rows: each line once and in order, and unreadable lines are reported with their number."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._errors import OptionError
from ansible_collections.onfon.sms.plugins.module_utils._sending import inputs
from ansible_collections.onfon.sms.plugins.module_utils._sending.inputs import (
    from_file,
    from_messages,
    from_numbers,
    opted_out,
)
from ansible_collections.onfon.sms.plugins.module_utils._sending.records import InputRow, InvalidRow

A, B, C = "254700000001", "254700000002", "254700000003"
BOM = b"\xef\xbb\xbf"

Row = t.TypeVar("Row")


Write = t.Callable[[str, "str | bytes"], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file as it is, and returns its path."""

    def _write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return _write


def refusal(rows: t.Callable[[], t.Iterable[object]]) -> str:
    """The sentence of the error that ends the reading."""
    with pytest.raises(OptionError) as caught:
        list(rows())
    assert caught.value.msg.endswith(".")
    return caught.value.msg


def only(rows: t.Iterable[InputRow | InvalidRow]) -> InputRow | InvalidRow:
    (row,) = rows
    return row


def wrong(row: InputRow | InvalidRow) -> InvalidRow:
    assert isinstance(row, InvalidRow)
    assert row.error.endswith(".")
    assert f"line {row.line}" not in row.error.lower()
    return row


# --- a list of numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [[A, B], (A, B), f"{A},{B}", f" {A} ,, {B} , "])
def test_numbers_are_a_list_or_separated_by_commas(to: object) -> None:
    assert list(from_numbers(to)) == [InputRow(1, A, None, {}), InputRow(2, B, None, {})]


@pytest.mark.parametrize("to", [A, 254700000001])
def test_one_number_needs_no_list(to: object) -> None:
    assert only(from_numbers(to)) == InputRow(1, to, None, {})


def test_an_entry_of_a_list_is_passed_on_as_it_is() -> None:
    entries = [None, True, {"to": A}, [A], 254700000001, "", f"{A},{B}"]
    assert [asked.to for asked in from_numbers(entries)] == entries


@pytest.mark.parametrize("to", [[], (), "", " , ,"])
def test_an_empty_list_of_numbers_is_refused(to: object) -> None:
    assert refusal(lambda: from_numbers(to)) == "to is empty: give at least one number."


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_has_a_text_or_fields_or_neither() -> None:
    messages: list[dict[str, object]] = [
        {"to": A, "text": "hi", "fields": None},
        {"to": B, "text": None, "fields": {"Name": "Asha"}},
        {"to": None, "text": None, "fields": None},
    ]
    assert list(from_messages(messages)) == [
        InputRow(1, A, "hi", {}),
        InputRow(2, B, None, {"Name": "Asha"}),
        InputRow(3, None, None, {}),
    ]


def test_a_message_with_text_and_fields_is_invalid_and_the_next_is_read() -> None:
    first, second = from_messages([{"to": 254700000001, "text": "hi", "fields": {"a": "b"}}, {"to": B, "text": "hi"}])
    assert wrong(first).line == 1
    assert wrong(first).to == A
    assert "text and fields" in wrong(first).error
    assert second == InputRow(2, B, "hi", {})


def test_field_values_are_rendered_as_in_a_template() -> None:
    fields: dict[object, object] = {
        "text": "a",
        "Number": 7,
        "Price": 1.5,
        "Paid": True,
        "Blank": "",
        "Missing": None,
        5: "five",
    }
    asked = only(from_messages([{"to": A, "text": None, "fields": fields}]))
    assert asked == InputRow(
        1, A, None, {"text": "a", "Number": "7", "Price": "1.5", "Paid": "True", "Blank": "", "5": "five"}
    )


@pytest.mark.parametrize("value", [["a"], {"a": "b"}, []])
def test_a_field_that_is_not_a_scalar_is_named(value: object) -> None:
    row = wrong(only(from_messages([{"to": A, "text": None, "fields": {"Name": value}}])))
    assert row[:2] == (1, A)
    assert '"Name"' in row.error


@pytest.mark.parametrize(("to", "known"), [(None, ""), ([A], ""), ({}, ""), (A, A), (True, "True")])
def test_an_invalid_message_keeps_its_number_where_known(to: object, known: str) -> None:
    assert wrong(only(from_messages([{"to": to, "text": "hi", "fields": {}}]))).to == known


def test_an_empty_list_of_messages_is_refused() -> None:
    assert "messages is empty" in refusal(lambda: from_messages([]))


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["people.csv", "PEOPLE.CSV"])
@pytest.mark.parametrize("mark", [b"", BOM])
def test_a_csv_file_has_a_header(write: Write, name: str, mark: bytes) -> None:
    path = write(name, mark + f"to,Name\r\n{A},Asha\r\n 0700 000 002 ,Ündersön\r\n".encode())
    assert list(from_file(path)) == [
        InputRow(2, A, None, {"Name": "Asha"}),
        InputRow(3, "0700 000 002", None, {"Name": "Ündersön"}),
    ]


@pytest.mark.parametrize("name", ["people.jsonl", "people.ndjson", "PEOPLE.JSONL"])
@pytest.mark.parametrize("mark", [b"", BOM])
def test_json_lines_are_objects(write: Write, name: str, mark: bytes) -> None:
    path = write(name, mark + f'{{"to": "{A}", "Name": "Ündersön"}}\n\n \r\n{{"Age": 7, "to": {B}}}'.encode())
    assert list(from_file(path)) == [
        InputRow(1, A, None, {"Name": "Ündersön"}),
        InputRow(4, 254700000002, None, {"Age": "7"}),
    ]


@pytest.mark.parametrize("name", ["people.json", "PEOPLE.JSON"])
def test_a_json_document_is_refused_with_the_extension_it_needs(write: Write, name: str) -> None:
    assert "name it .jsonl" in refusal(lambda: from_file(write(name, f'{{"to": "{A}"}}')))


@pytest.mark.parametrize("name", ["people.txt", "people", "people.csv.gz", "people.xlsx"])
def test_an_unknown_file_extension_is_refused(write: Write, name: str) -> None:
    assert ".csv or .jsonl" in refusal(lambda: from_file(write(name, f"to\n{A}\n")))


@pytest.mark.parametrize("name", ["none.csv", "none.jsonl", "people.csv/none.csv"])
def test_a_missing_file_is_named(write: Write, tmp_path: Path, name: str) -> None:
    write("people.csv", "to\n")
    path = str(tmp_path / name)
    assert f"no file {path}" in refusal(lambda: from_file(path))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").mkdir()
    assert "is a folder" in refusal(lambda: from_file(str(tmp_path / "people.csv")))


def test_an_unreadable_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_args: object, **_keywords: object) -> t.NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "people.csv cannot be read" in refusal(lambda: from_file("people.csv"))


@pytest.mark.parametrize("path", ["a\0.csv", "a" * 5000 + ".csv", "\ud800.jsonl"])
def test_an_impossible_path_is_refused(path: str) -> None:
    assert "cannot be read" in refusal(lambda: from_file(path))


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("people.csv", f"to,Name\n{A},Asha\n{B},".encode() + b"\xc4sa\n", 3),
        ("people.csv", b"to,N\xff\n", 1),
        ("people.csv", f"to\n{A}\n".encode("utf-16"), 1),
        ("people.csv", f"to\n{A}\n".encode("utf-16-le"), 1),
        ("people.csv", f"to,Name\r{A},\0\r".encode(), 2),
        ("people.csv", f'to,Name\n{A},"a\n\n'.encode() + b'\xed\xa0\x80"\n', 4),
        ("people.jsonl", f'{{"to": "{A}"}}\n\n{{"to": "\0"}}\n'.encode(), 3),
        ("people.jsonl", f'{{"to": "{A}"}}\n'.encode() + b"\xf0\x9f\n", 2),
    ],
)
def test_invalid_utf8_is_refused_with_its_line(write: Write, name: str, content: bytes, line: int) -> None:
    path = write(name, content)
    assert refusal(lambda: from_file(path)).startswith(f"Line {line} of {path} is not in UTF-8")


def test_an_error_late_in_a_file_comes_after_the_rows_above_it(write: Write) -> None:
    """A buffer's worth of rows must not be lost to it, and the line is that of the fault, not of the buffer."""
    rows = from_file(write("people.csv", b"to\n" + f"{A}\n".encode() * 1000 + b"\xff\n"))
    assert [next(rows).line for _row in range(1000)] == list(range(2, 1002))
    assert "Line 1002 " in refusal(lambda: rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [("p.csv", "to,Name\n"), ("p.csv", "to\n\n \n,\n"), ("p.jsonl", ""), ("p.jsonl", "\n \n"), ("p.ndjson", BOM)],
)
def test_a_file_without_recipients_is_refused(write: Write, name: str, content: str | bytes) -> None:
    assert "has no recipients" in refusal(lambda: from_file(write(name, content)))


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl"])
def test_a_line_that_is_too_long_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = write(name, "a" * (inputs.MAX_LINE_LENGTH + 1))
    assert f"Line 1 of {path} is too long" in refusal(lambda: from_file(path))


def test_a_line_of_the_maximum_length_is_read(write: Write) -> None:
    text = "a" * (inputs.MAX_LINE_LENGTH - len(f"{A},\r\n"))
    assert only(from_file(write("people.csv", f"to,text\r\n{A},{text}\r\n"))) == InputRow(2, A, text, {"text": text})


@pytest.mark.parametrize("content", [f"to,text,Name\n{A},hi,Asha\n", f"Name,to,text\nAsha,{A},hi\n"])
def test_the_column_text_is_the_text_of_its_row_and_a_field(write: Write, content: str) -> None:
    assert only(from_file(write("people.csv", content))) == InputRow(2, A, "hi", {"text": "hi", "Name": "Asha"})


def test_the_key_text_is_the_text_of_its_line_and_a_field(write: Write) -> None:
    path = write("people.jsonl", f'{{"to": "{A}", "text": "hi"}}\n{{"to": "{A}", "text": null}}\n')
    assert list(from_file(path)) == [InputRow(1, A, "hi", {"text": "hi"}), InputRow(2, A, None, {})]


# --- the header of a CSV file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["to", "To", "TO", " tO ", '"to"'])
def test_the_column_to_is_found_in_any_case(write: Write, name: str) -> None:
    path = write("people.csv", f"Name , {name}\nAsha,{A}\n".replace(' "', '"'))
    assert only(from_file(path)) == InputRow(2, A, None, {"Name": "Asha"})


def test_other_names_of_columns_are_kept_as_they_are(write: Write) -> None:
    path = write("people.csv", f"to, First name ,name,NAME,Text\n{A},1,2,3,4\n")
    assert only(from_file(path)) == InputRow(2, A, None, {"First name": "1", "name": "2", "NAME": "3", "Text": "4"})


def test_blank_lines_above_the_header_are_skipped(write: Write) -> None:
    assert only(from_file(write("people.csv", f"\r\n , \r\nto,Name\r\n{A},Asha\r\n"))).line == 4


@pytest.mark.parametrize("content", ["", "\n\n", BOM])
def test_a_csv_file_without_a_header_is_refused(write: Write, content: str | bytes) -> None:
    assert "is empty" in refusal(lambda: from_file(write("people.csv", content)))


def test_a_header_without_to_is_refused_and_its_columns_are_named(write: Write) -> None:
    msg = refusal(lambda: from_file(write("people.csv", f"Phone, Name\n{A},Asha\n")))
    assert '"Phone" and "Name"' in msg
    assert "call the column of the numbers to" in msg


@pytest.mark.parametrize("header", ["to;Name", "to\tName", "Name; to", "sep=;\nto;Name"])
def test_another_separator_is_recognised(write: Write, header: str) -> None:
    assert "put commas between the columns" in refusal(lambda: from_file(write("people.csv", f"{header}\n")))


def test_a_long_header_is_shown_shortened(write: Write) -> None:
    assert len(refusal(lambda: from_file(write("p.csv", ",".join(f"column{number}" for number in range(900)))))) < 400


@pytest.mark.parametrize(
    ("header", "named"),
    [("to,Name,Name", '"Name"'), ("to,Name, Name ", '"Name"'), ("to,To", '"to"'), ("a,b,a,b,to", '"a" and "b"')],
)
def test_duplicate_columns_are_refused(write: Write, header: str, named: str) -> None:
    assert f"more than one column {named}:" in refusal(lambda: from_file(write("people.csv", f"{header}\n{A},1,2\n")))


def test_a_column_without_a_name_may_be_blank(write: Write) -> None:
    assert only(from_file(write("people.csv", f"to,Name,, \n{A},Asha,, \n"))) == InputRow(2, A, None, {"Name": "Asha"})


def test_a_cell_in_a_column_without_a_name_is_refused(write: Write) -> None:
    path = write("people.csv", f"to,Name,,\n{A},Asha,,\n{B},Juma,,x\n")
    assert f"Line 3 of {path} has a cell in a column without a name" in refusal(lambda: from_file(path))


def test_a_header_with_a_stray_quotation_mark_is_refused(write: Write) -> None:
    assert "header in line 1" in refusal(lambda: from_file(write("people.csv", f'to,"Na"me\n{A},Asha\n')))


# --- the rows of a CSV file -------------------------------------------------------------------------------------------


def test_rows_with_too_many_or_too_few_cells_are_invalid_and_the_rest_is_read(write: Write) -> None:
    path = write("people.csv", f"Name,to,text\nAsha,{A}\nJuma, {B} ,hi, you\nAsha\nJuma,{C},hi\n")
    few, many, fewer, right = from_file(path)
    assert wrong(few)[:2] == (2, A)
    assert "2 instead of 3 cells" in wrong(few).error
    assert wrong(many)[:2] == (3, B)
    assert "4 instead of 3 cells" in wrong(many).error
    assert wrong(fewer)[:2] == (4, "")
    assert right == InputRow(5, C, "hi", {"Name": "Juma", "text": "hi"})


def test_blank_rows_are_skipped_and_counted(write: Write) -> None:
    path = write("people.csv", f"to,Name\n\n,\n  \n{A},Asha\n,,,,\n{B},Juma")
    assert [(row.line, row.to) for row in from_file(path)] == [(5, A), (7, B)]


def test_a_blank_cell_is_a_missing_field(write: Write) -> None:
    path = write("people.csv", f'to,Name,Town,text\n{A},," ",""\n')
    assert only(from_file(path)) == InputRow(2, A, None, {})


def test_cells_are_not_trimmed(write: Write) -> None:
    assert only(from_file(write("people.csv", f"to,Name\n{A}, Asha \n"))) == InputRow(2, A, None, {"Name": " Asha "})


@pytest.mark.parametrize("to", ["", "  ", '""'])
def test_a_row_without_a_number_is_invalid(write: Write, to: str) -> None:
    row = wrong(only(from_file(write("people.csv", f"to,Name\n{to},Asha\n"))))
    assert row[:2] == (2, "")
    assert "to is missing" in row.error


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quoted_cells_may_contain_newlines_and_rows_are_numbered_by_their_first_line(write: Write, end: str) -> None:
    path = write("people.csv", end.join(["to,Name", f'{A},"a', "", 'b, ""c"""', f"{B},Juma", f'"{C}",d']))
    assert list(from_file(path)) == [
        InputRow(2, A, None, {"Name": f'a{end}{end}b, "c"'}),
        InputRow(5, B, None, {"Name": "Juma"}),
        InputRow(6, C, None, {"Name": "d"}),
    ]


@pytest.mark.parametrize("cell", ['"He said "hi""', '"a"b', '"a" '])
def test_a_row_with_a_stray_quotation_mark_is_invalid_and_the_rest_is_read(write: Write, cell: str) -> None:
    first, second = from_file(write("people.csv", f"to,Name\n{A},{cell}\n{B},Juma\n"))
    assert wrong(first)[:2] == (2, "")
    assert "quotation marks do not match" in wrong(first).error
    assert second == InputRow(3, B, None, {"Name": "Juma"})


@pytest.mark.parametrize("end", ["", "\n"])
def test_an_unclosed_quotation_mark_in_the_last_row_is_invalid(write: Write, end: str) -> None:
    first, last = from_file(write("people.csv", f'to,Name\n{A},Asha\n{B},"Juma{end}'))
    assert first.to == A
    assert wrong(last).line == 3
    assert "quotation marks do not match" in wrong(last).error


@pytest.mark.parametrize(
    ("rest", "last"), [(f"{B},Juma\n{C},Zawadi\n", 4), (f'{B},"Juma"\n', 3), (f'{B},"Juma"\n{C},Zawadi\n', 3)]
)
def test_an_unclosed_quotation_mark_that_spans_rows_is_invalid_with_its_range(
    write: Write, rest: str, last: int
) -> None:
    first, *others = from_file(write("people.csv", f'to,Name\n{A},"Asha\n{rest}'))
    assert wrong(first).line == 2
    assert f"do not match up to line {last}:" in wrong(first).error
    assert [(row.line, row.to) for row in others] == [(4, C)] * (rest.count("\n") + 2 - last)


def test_an_unclosed_quotation_mark_does_not_consume_a_long_file(write: Write) -> None:
    """The largest cell that the library takes ends it, and the errors below are found too."""
    first, *others, last = from_file(write("people.csv", f'to,Name\n{A},"Asha\n' + f"{B},Juma\n" * 20_000 + f"{C}\n"))
    assert wrong(first).line == 2
    assert {type(row) for row in others} == {InputRow}
    assert wrong(last)[:2] == (20_003, C)


def test_a_cell_above_the_csv_field_limit_is_invalid(write: Write) -> None:
    cell = "a" * 60_000 + "\n" + "a" * 60_000 + "\n" + "a" * (csv.field_size_limit() - 120_000)
    first, last = from_file(write("people.csv", f'to,text\n{A},"{cell}"\n{B},hi\n'))
    assert wrong(first).line == 2
    assert last == InputRow(5, B, "hi", {"text": "hi"})


# --- JSON lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "to", "named"),
    [
        ("{", "", "not a JSON object"),
        (f'{{"to": "{A}"', "", "not a JSON object"),
        (f'{{"to": "{A}"}} {{"to": "{B}"}}', "", "not a JSON object"),
        (f'["{A}"]', "", "not a JSON object"),
        (f'"{A}"', "", "not a JSON object"),
        ("null", "", "not a JSON object"),
        ("[" * 50_000, "", "not a JSON object"),
        ('{"to": NaN}', "", "not a JSON object"),
        ('{"to": -Infinity}', "", "not a JSON object"),
        (f'{{"to": "{A}", "Price": NaN}}', "", "not a JSON object"),
        (f'{{"to": {"9" * 90_000}, "a": 1e}}', "", "not a JSON object"),
        (f'{{"to": "{A}", "Name": "\\ud800"}}', A, '"Name" holds an unpaired surrogate (U+D800)'),
        (f'{{"to": "{A}", "Name": "a\\u0000b"}}', A, '"Name" holds a NUL'),
        (f'{{"to": "{A}", "\\udfff": "Name"}}', A, '"\\udfff" holds an unpaired surrogate (U+DFFF)'),
        ('{"to": "\\ud83d"}', "\\ud83d", '"to" holds an unpaired surrogate (U+D83D)'),
        ("{}", "", "to is missing"),
        ('{"Name": "Asha"}', "", "to is missing"),
        ('{"to": null}', "", "to is missing"),
        ('{"to": " "}', " ", "to is missing"),
        ('{"to": 254700000001.0}', "254700000001.0", "in quotation marks"),
        ('{"to": 1e999}', "inf", "in quotation marks"),
        ('{"to": true}', "True", "in quotation marks"),
        (f'{{"to": ["{A}"]}}', "", "in quotation marks"),
        ('{"to": {}}', "", "in quotation marks"),
        (f'{{"to": "{A}", "Name": ["Asha"]}}', A, '"Name"'),
        (f'{{"to": {A}, "Name": {{"First": "Asha"}}}}', A, '"Name"'),
        (f'{{"to": "{A}", "to": "{B}"}}', "", "is there twice"),
        (f'{{"to": "{A}", "Name": 1, "Name": 1}}', "", "is there twice"),
    ],
)
def test_an_unreadable_line_is_invalid_and_the_rest_is_read(write: Write, text: str, to: str, named: str) -> None:
    first, second = from_file(write("people.jsonl", f'{text}\n{{"to": "{B}"}}\n'))
    assert wrong(first)[:2] == (1, to)
    assert named in wrong(first).error
    assert second == InputRow(2, B, None, {})


def test_json_values_are_rendered_like_those_of_messages(write: Write) -> None:
    values = {"Name": "\U0001f600", "Number": 7, "Price": 1.5, "Paid": False, "Blank": "", "Missing": None}
    (from_json,) = from_file(write("people.jsonl", json.dumps({"to": A, **values})))
    (from_yaml,) = from_messages([{"to": A, "text": None, "fields": values}])
    assert from_json == from_yaml
    assert from_json == InputRow(
        1, A, None, {"Name": "\U0001f600", "Number": "7", "Price": "1.5", "Paid": "False", "Blank": ""}
    )


def test_an_integer_of_any_length_does_not_crash(write: Write) -> None:
    """Some Pythons read it, others refuse it; no number is made of it in either."""
    row, last = from_file(write("people.jsonl", f'{{"to": {"9" * 4000}}}\n{{"to": {"9" * 90_000}}}\n'))
    assert row == InputRow(1, int("9" * 4000), None, {})
    assert last.line == 2


# --- opt-outs ---------------------------------------------------------------------------------------------------------


def test_there_are_no_opt_outs_by_default() -> None:
    assert opted_out(None, None, "KE") == set()
    assert opted_out([], None, "KE") == set()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("stop.csv", "Since,To\n2026-11-22, 0700 000 002 \n\n,254700000003\n"),
        ("stop.jsonl", '{"to": "0700 000 002", "since": "2026-11-22"}\n{"to": 254700000003}\n'),
        ("stop.ndjson", '{"to": "0700 000 002"}\n{"to": "+254700000003"}\n'),
        ("stop.txt", "# They asked us to stop.\n0700 000 002\r\n\n \n  # twice:\n254700000003\n254700000003"),
        ("stop", BOM + b"0700 000 002\r+254 700 000 003\r"),
    ],
)
def test_opt_outs_come_from_a_list_and_a_file(write: Write, name: str, content: str | bytes) -> None:
    assert opted_out(["+254 700 000 001", 254700000001], write(name, content), "KE") == {A, B, C}


def test_opt_outs_are_read_in_the_default_region() -> None:
    assert opted_out(["07911 123456"], None, "GB") == {"447911123456"}


@pytest.mark.parametrize(("name", "content"), [("s.csv", "to\n"), ("s.jsonl", ""), ("s.txt", ""), ("s.txt", "# none")])
def test_an_opt_out_file_may_be_empty(write: Write, name: str, content: str) -> None:
    assert opted_out(None, write(name, content), "KE") == set()


@pytest.mark.parametrize("name", ["stop.csv", "stop.txt"])
def test_an_unreadable_opt_out_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "no file" in refusal(lambda: opted_out(None, str(tmp_path / name), "KE"))


def test_every_invalid_opt_out_is_named(write: Write) -> None:
    path = write("stop.txt", f"{A}\n# twice\n07x\n\n0700\n")
    msg = refusal(lambda: opted_out([B, None, 117440513], path, "KE"))
    for named in (
        'entry 2 of opt_out ("None")',
        'entry 3 of opt_out ("117440513")',
        'line 3 of opt_out_file ("07x")',
        'line 5 of opt_out_file ("0700")',
    ):
        assert named in msg
    assert "more" not in msg


def test_an_invalid_opt_out_row_is_named(write: Write) -> None:
    path = write("stop.csv", f'to,Since\n{A}\n{B},2026\n{C},"a"b\n,2026\n')
    msg = refusal(lambda: opted_out(None, path, "KE"))
    assert "line 2 of opt_out_file (the row has 1 instead of 2 cells)" in msg
    assert "line 4 of opt_out_file (its quotation marks do not match)" in msg
    assert "line 5 of opt_out_file (to is missing)" in msg
    assert "line 3" not in msg


@pytest.mark.parametrize(("count", "more"), [(20, ""), (21, " and 1 more."), (500, " and 480 more.")])
def test_of_many_invalid_opt_outs_the_first_are_named_and_the_others_counted(
    write: Write, count: int, more: str
) -> None:
    msg = refusal(lambda: opted_out(None, write("stop.txt", "x\n" * count), "KE"))
    assert 'line 20 of opt_out_file ("x")' in msg
    assert 'line 21 of opt_out_file ("x")' not in msg
    assert ("more" in msg) == bool(more)
    assert msg.endswith(more or '("x").')


# --- properties -------------------------------------------------------------------------------------------------------

WHOLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(st.sampled_from('",;\r\n \u2028\ufeffäé\U0001f600#{}') | WHOLE, max_size=8)
NAMES = st.lists(
    st.text(WHOLE, min_size=1, max_size=6)
    .map(str.strip)
    .filter(lambda name: name and name[0] != "\ufeff" and name.lower() != "to"),
    unique=True,
    max_size=4,
)
FILES = st.binary(max_size=200) | st.text('to,"\r\n ;{}:[]07', max_size=60).map(str.encode)
ENDINGS = [".csv", ".jsonl", ".ndjson", ".txt"]


@contextlib.contextmanager
def stored(content: bytes, ending: str) -> t.Iterator[str]:
    """The path of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"people{ending}"
        path.write_bytes(content)
        yield str(path)


def drained(rows: t.Callable[[], t.Iterable[Row]]) -> tuple[list[Row], str]:
    """What was read, and the sentence that ended it."""
    read: list[Row] = []
    try:
        read.extend(rows())
    except OptionError as error:
        return read, error.msg
    return read, "The end."


def line_ends(text: str) -> int:
    """As an editor counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


@given(st.data(), NAMES, st.sampled_from(["\r\n", "\n", "\r"]), st.booleans())
def test_any_table_round_trips_through_csv_with_its_lines(
    data: st.DataObject, names: list[str], end: str, mark: bool
) -> None:
    table = data.draw(st.lists(st.tuples(*[TEXTS] * len(names)), min_size=1, max_size=6))
    place = data.draw(st.integers(0, len(names)))
    output, expected = io.StringIO(newline=""), []
    # The library's writer leaves the line ends that are not its own bare.
    writer = csv.writer(output, lineterminator=end, quoting=csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL)
    writer.writerow([*names[:place], "to", *names[place:]])
    for texts in table:
        line = line_ends(output.getvalue()) + 1
        writer.writerow([*texts[:place], A, *texts[place:]])
        fields = {name: text for name, text in zip(names, texts) if text.strip()}
        expected.append(InputRow(line, A, fields.get("text"), fields))
    with stored(output.getvalue().encode("utf-8-sig" if mark else "utf-8"), ".csv") as path:
        assert list(from_file(path)) == expected


@given(
    st.lists(
        st.dictionaries(
            TEXTS, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
        ),
        min_size=1,
    ),
    st.sampled_from(["\r\n", "\n", "\n\n"]),
    st.booleans(),
    st.booleans(),
)
def test_any_objects_round_trip_through_json_lines(
    objects: list[dict[str, object]], end: str, ascii_only: bool, mark: bool
) -> None:
    content, expected = "", []
    for values in objects:
        fields = {name: str(value) for name, value in values.items() if value is not None and name != "to"}
        expected.append(InputRow(line_ends(content) + 1, A, fields.get("text"), fields))
        content += json.dumps({**values, "to": A}, ensure_ascii=ascii_only) + end
    with stored(content.encode("utf-8-sig" if mark else "utf-8"), ".jsonl") as path:
        assert list(from_file(path)) == expected


@given(FILES, st.sampled_from(ENDINGS), st.sampled_from([b"", BOM, b"to,Name\n", b'"to"\n', b'{"to": 1, "a": ']))
def test_any_bytes_are_rows_or_an_error_message(content: bytes, ending: str, start: bytes) -> None:
    with stored(start + content, ending) as path:
        rows, msg = drained(lambda: from_file(path))
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert msg.endswith(".")
    # What is stored and sent must be text.
    texts = "".join(text for row in rows if isinstance(row, InputRow) for text in row.fields.values())
    assert texts.encode().decode() == texts


@given(FILES, st.sampled_from(ENDINGS))
def test_any_bytes_are_opt_outs_or_an_error_message(content: bytes, ending: str) -> None:
    with stored(content, ending) as path:
        found, msg = drained(lambda: opted_out(None, path, "KE"))
    assert all(number.isdigit() for number in found)
    assert msg.endswith(".")
