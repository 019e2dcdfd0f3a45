# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What a task asks for, row by row: numbers, messages, a file of recipients, a template; and who must not be texted.

Everything is read once and as it is needed. A row that is wrong is yielded as invalid in its place, so that all such
rows can be reported together; what is wrong with the whole raises OptionError. Other people's rows may be hidden
within an invalid one: while there is one, nobody may be texted.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import json
import typing as t
from pathlib import Path

from .._errors import OptionError, StateError
from .._gateway.models import Template
from .._sms import numbers
from .._sms.errors import SmsError
from .._text import brief, enumerated, escape_unstorable, find_unstorable, quoted
from .records import InputRow, InvalidRow

# Less than the csv module takes for one cell: a file without line ends is not a list of recipients.
MAX_LINE_LENGTH = 100_000

NO_TO = "to is missing: give the number, or remove the line."
QUOTATION_MARKS = "close each cell that begins with a quotation mark, and double those within it."


class _UnreadableError(Exception):
    """A row cannot be read; the sentence for the invalid row."""


# Reads the rows from the lines of a file, whose path is for messages.
_Reader = t.Callable[[str, t.Iterable[str]], "t.Iterator[InputRow | InvalidRow]"]


# --- from the task ----------------------------------------------------------------------------------------------------


def from_numbers(to: object) -> t.Iterator[InputRow]:
    """The numbers of an option: a list, one number, or several with commas between them."""
    given = numbers.split(to)
    if not given:
        raise OptionError("to is empty: give at least one number.")
    for place, number in enumerate(given, 1):
        yield InputRow(place, number, None, {})


def from_messages(messages: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[InputRow | InvalidRow]:
    """The entries {to, text} or {to, fields} of an option."""
    if not messages:
        raise OptionError("messages is empty: give at least one entry with to.")
    for place, message in enumerate(messages, 1):
        to, text, fields = message["to"], message.get("text"), message.get("fields")
        try:
            if text is not None and fields is not None:
                raise _UnreadableError("text and fields are both given: give one of them.")
            yield InputRow(place, to, text, _as_texts(fields or {}))
        except _UnreadableError as error:
            yield InvalidRow(place, _as_known(to), str(error))


def common_fields(fields: t.Mapping[t.Any, object] | None) -> dict[str, str]:
    """The fields that a task gives for all lines."""
    try:
        return _as_texts(fields or {})
    except _UnreadableError as error:
        problem = str(error)
    raise OptionError(f"In fields, {problem}")


def _as_texts(fields: t.Mapping[t.Any, object]) -> dict[str, str]:
    """The values as a template prints them. What is null counts as missing."""
    for name, value in fields.items():
        if isinstance(value, (dict, list)):
            raise _UnreadableError(f'field "{brief(str(name))}" is a list or a dictionary: give a text or a number.')
    return {str(name): str(value) for name, value in fields.items() if value is not None}


def _as_known(to: object) -> str:
    return "" if to is None or isinstance(to, (dict, list)) else str(to)


# --- from a file ------------------------------------------------------------------------------------------------------


def from_file(path: str) -> t.Iterator[InputRow | InvalidRow]:
    """The rows of a CSV file with a header, or of JSON lines. The columns beside to are fields, text among them."""
    read = _reader(path)
    if read is None and path.lower().endswith(".json"):
        raise OptionError(f"{path} is not read, as JSON is one document: write one object a line, and name it .jsonl.")
    if read is None:
        raise OptionError(f"{path} is neither CSV nor JSON lines by its name: let it end with .csv or .jsonl.")
    rows = _rows(path, read)
    first = next(rows, None)
    if first is None:
        raise OptionError(f"{path} names nobody: give at least one line with a number.")
    yield first
    yield from rows


def _reader(path: str) -> _Reader | None:
    """What reads a file with columns, None where the name tells of none."""
    name = path.lower()
    if name.endswith(".csv"):
        return _csv_rows
    return _json_rows if name.endswith((".jsonl", ".ndjson")) else None


def _rows(path: str, read: _Reader) -> t.Iterator[InputRow | InvalidRow]:
    with contextlib.closing(_lines(path)) as lines:
        yield from read(path, lines)


def _csv_rows(path: str, lines: t.Iterable[str]) -> t.Iterator[InputRow | InvalidRow]:
    rows = _csv_cells(lines)
    names, place = _header(path, next(rows, None))
    expected = len(names)
    del names[place]
    for line, cells in rows:
        if isinstance(cells, InvalidRow):
            yield cells
        elif len(cells) != expected:
            to = cells[place].strip() if place < len(cells) else ""
            advice = (
                "put what holds a comma in quotation marks"
                if len(cells) > expected
                else "write a comma for each blank one too"
            )
            yield InvalidRow(line, to, f"the row has {len(cells)} instead of {expected} cells: {advice}.")
        else:
            to = cells.pop(place).strip()
            fields = {name: cell for name, cell in zip(names, cells) if cell.strip()}
            if "" in fields:
                raise OptionError(f"Line {line} of {path} has a cell in a column without a name: give it one.")
            yield InputRow(line, to, fields.get("text"), fields) if to else InvalidRow(line, "", NO_TO)


def _csv_cells(lines: t.Iterable[str]) -> t.Iterator[tuple[int, list[str] | InvalidRow]]:
    """Each row that is not blank, with the line where it begins."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            extent = f" up to line {reader.line_num}" if reader.line_num > line else ""
            yield line, InvalidRow(line, "", f"its quotation marks do not match{extent}: {QUOTATION_MARKS}")
        else:
            if any(map(str.strip, cells)):
                yield line, cells


def _header(path: str, row: tuple[int, list[str] | InvalidRow] | None) -> tuple[list[str], int]:
    """The names of the columns, and the place of the one with the numbers."""
    if row is None:
        raise OptionError(f"{path} is empty: begin it with a header that has a column to.")
    line, cells = row
    if isinstance(cells, InvalidRow):
        raise OptionError(f"The header in line {line} of {path} cannot be read: {QUOTATION_MARKS}")
    names = ["to" if cell.strip().lower() == "to" else cell.strip() for cell in cells]
    repeated = {name: None for name in names if name and names.count(name) > 1}
    if repeated:
        raise OptionError(f"{path} has several columns {quoted(repeated)}: give each a name of its own.")
    if "to" not in names:
        separated = any(separator in name for name in cells for separator in ";\t")
        advice = "put commas between the columns" if separated else "name the one with the numbers to"
        raise OptionError(f"{path} has no column to, but {quoted(names)}: {advice}.")
    return names, names.index("to")


def _json_rows(_path: str, lines: t.Iterable[str]) -> t.Iterator[InputRow | InvalidRow]:
    for line, text in enumerate(lines, 1):
        if text.strip():
            yield _json_row(line, text)


def _json_row(line: int, text: str) -> InputRow | InvalidRow:
    to: object = None
    try:
        found = _json_object(text)
        # An escape can stand for what can be neither stored nor sent.
        unstorable = find_unstorable(found) if "\\u" in text else None
        to = found.pop("to", None)
        if unstorable:
            character, (name, *_inner) = unstorable
            to = escape_unstorable(_as_known(to))
            raise _UnreadableError(f'"{brief(escape_unstorable(str(name)))}" holds {character}: write it without that.')
        if to is None or (isinstance(to, str) and not to.strip()):
            raise _UnreadableError(NO_TO)
        if isinstance(to, bool) or not isinstance(to, (str, int)):
            raise _UnreadableError("to is neither a text nor an integer: write the number in quotation marks.")
        fields = _as_texts(found)
    except _UnreadableError as error:
        return InvalidRow(line, _as_known(to), str(error))
    return InputRow(line, to, fields.get("text"), fields)


def _json_object(text: str) -> dict[str, t.Any]:
    found = None
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _UnreadableError('it is no JSON object: write one such as {"to": "0700000001"} in each line.')
    return found


def _without_repetition(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _UnreadableError("a key stands there twice: give each key once.")
    return found


def _no_constant(name: str) -> t.NoReturn:
    raise ValueError(name)


# NaN and Infinity are no JSON, but the library takes them.
_DECODER = json.JSONDecoder(object_pairs_hook=_without_repetition, parse_constant=_no_constant)


def _lines(path: str) -> t.Generator[str, None, None]:
    """The lines of a file in UTF-8, with their ends and without a byte order mark."""
    try:
        with Path(path).open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for number, line in enumerate(iter(functools.partial(file.readline, MAX_LINE_LENGTH + 1), ""), 1):
                if len(line) > MAX_LINE_LENGTH:
                    raise OptionError(f"Line {number} of {path} is too long: give a file with one recipient a line.")
                if "\0" in line or not (line.isascii() or _is_utf8(line)):
                    raise OptionError(f"Line {number} of {path} is not in UTF-8: save the file in that encoding.")
                yield line
    except (FileNotFoundError, NotADirectoryError):
        raise OptionError(f"There is no file {path} where the task runs: correct the path.") from None
    except IsADirectoryError:
        raise OptionError(f"{path} is a folder: give the path of a file.") from None
    except (OSError, ValueError):
        raise OptionError(f"{path} cannot be read where the task runs: check its path and permissions.") from None


def _is_utf8(line: str) -> bool:
    """No byte of the line had to be escaped."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


# --- a template ------------------------------------------------------------------------------------------------------


def find_template(templates: t.Sequence[Template], name: str) -> Template:
    """The template of that name. Raises StateError where there is none, or more than one."""
    found = [template for template in templates if template.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise StateError(f'{len(found)} templates are called "{name}": rename all but one of them, by id.')
    names = enumerated(sorted(template.name for template in templates)) if templates else "none"
    raise StateError(f'There is no template "{name}", and capitals count. The account has {names}.')


# --- who must not be texted -------------------------------------------------------------------------------------------


def opted_out(numbers_given: t.Sequence[object] | None, path: str | None, region: str) -> set[str]:
    """The numbers that are never texted. One that cannot be read is an error: nobody is lost to a typing error."""
    found: set[str] = set()
    wrong: list[str] = []
    for where, row in _opt_outs(numbers_given, path):
        if isinstance(row, InvalidRow):
            wrong.append(f"{where} ({row.error.partition(':')[0]})")
            continue
        try:
            found.add(numbers.msisdn(row.to, region))
        except SmsError:
            wrong.append(f'{where} ("{brief(str(row.to))}")')
    if wrong:
        raise OptionError(f"What is no phone number: correct (in quotation marks) or remove {enumerated(wrong)}.")
    return found


def _opt_outs(listed: t.Sequence[object] | None, path: str | None) -> t.Iterator[tuple[str, InputRow | InvalidRow]]:
    """Where somebody asked not to be texted, and what stands there."""
    for place, number in enumerate(listed or [], 1):
        yield f"entry {place} of opt_out", InputRow(place, number, None, {})
    if path is not None:
        for row in _rows(path, _reader(path) or _bare_numbers):
            yield f"line {row.line} of opt_out_file", row


def _bare_numbers(_path: str, lines: t.Iterable[str]) -> t.Iterator[InputRow]:
    """One number a line. Blank lines and comments are skipped."""
    for line, text in enumerate(lines, 1):
        to = text.strip()
        if to and not to.startswith("#"):
            yield InputRow(line, to, None, {})
