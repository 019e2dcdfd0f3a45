# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What was asked for, line by line: numbers, messages, or a file of recipients; and who must not be texted.

Everything is read once and as it is needed. What is wrong with a single line is yielded in its place, so that all such
lines can be reported together; what is wrong with the whole raises OptionError.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import json
import typing as t
from pathlib import Path

from .._errors import OptionError
from .._text import brief, enumerated
from . import numbers

# Less than the csv module takes for one cell: a file without line ends is no list of recipients.
LONGEST_LINE = 100_000

NO_TO = "to is missing: give the number, or remove the line."
QUOTATION_MARKS = "close each cell that begins with a quotation mark, and double those within it."


class Asked(t.NamedTuple):
    """One line of what was asked for.

    line: from 1; of a list, the place; of a file, the line where the row begins. to: as the user wrote it.
    text: the line's own text, None where it has none.
    """

    line: int
    to: object
    text: str | None
    fields: t.Mapping[str, str]


class Wrong(t.NamedTuple):
    """A line that cannot be read. to: "" where it is not known. error: what to change, without the line number.

    Other people's rows may be hidden within: while there is one, nobody may be texted.
    """

    line: int
    to: str
    error: str


class _UnreadableError(Exception):
    """A line cannot be read; the sentence for Wrong."""


# Reads the rows from the lines of a file, whose path is for messages.
_Reader = t.Callable[[str, t.Iterable[str]], "t.Iterator[Asked | Wrong]"]


# --- from the task ----------------------------------------------------------------------------------------------------


def from_numbers(to: object) -> t.Iterator[Asked]:
    """The numbers of an option: a list, one number, or several with commas between them."""
    if isinstance(to, str):
        listed: t.Sequence[object] = [number.strip() for number in to.split(",") if number.strip()]
    else:
        listed = to if isinstance(to, (list, tuple)) else [to]
    if not listed:
        raise OptionError("to is empty: give at least one number.")
    for place, number in enumerate(listed, 1):
        yield Asked(place, number, None, {})


def from_messages(messages: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[Asked | Wrong]:
    """The entries {to, text} or {to, fields} of an option."""
    if not messages:
        raise OptionError("messages is empty: give at least one entry with to.")
    for place, message in enumerate(messages, 1):
        to, text, fields = message["to"], message.get("text"), message.get("fields")
        try:
            if text is not None and fields is not None:
                raise _UnreadableError("text and fields are both given: give one of them.")
            yield Asked(place, to, text, _as_texts(fields or {}))
        except _UnreadableError as wrong:
            yield Wrong(place, _as_known(to), str(wrong))


def common_fields(fields: t.Mapping[t.Any, object] | None) -> dict[str, str]:
    """The fields that a task gives for all lines."""
    try:
        return _as_texts(fields or {})
    except _UnreadableError as wrong:
        problem = str(wrong)
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


def from_file(path: str) -> t.Iterator[Asked | Wrong]:
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


def _rows(path: str, read: _Reader) -> t.Iterator[Asked | Wrong]:
    with contextlib.closing(_lines(path)) as lines:
        yield from read(path, lines)


def _csv_rows(path: str, lines: t.Iterable[str]) -> t.Iterator[Asked | Wrong]:
    rows = _csv_cells(lines)
    names, place = _header(path, next(rows, None))
    expected = len(names)
    del names[place]
    for line, cells in rows:
        if isinstance(cells, Wrong):
            yield cells
        elif len(cells) != expected:
            to = cells[place].strip() if place < len(cells) else ""
            advice = (
                "put what holds a comma in quotation marks"
                if len(cells) > expected
                else "write a comma for each blank one too"
            )
            yield Wrong(line, to, f"the row has {len(cells)} instead of {expected} cells: {advice}.")
        else:
            to = cells.pop(place).strip()
            fields = {name: cell for name, cell in zip(names, cells) if cell.strip()}
            if "" in fields:
                raise OptionError(f"Line {line} of {path} has a cell in a column without a name: give it one.")
            yield Asked(line, to, fields.get("text"), fields) if to else Wrong(line, "", NO_TO)


def _csv_cells(lines: t.Iterable[str]) -> t.Iterator[tuple[int, list[str] | Wrong]]:
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
            yield line, Wrong(line, "", f"its quotation marks do not match{extent}: {QUOTATION_MARKS}")
        else:
            if any(map(str.strip, cells)):
                yield line, cells


def _header(path: str, row: tuple[int, list[str] | Wrong] | None) -> tuple[list[str], int]:
    """The names of the columns, and the place of the one with the numbers."""
    if row is None:
        raise OptionError(f"{path} is empty: begin it with a header that has a column to.")
    line, cells = row
    if isinstance(cells, Wrong):
        raise OptionError(f"The header in line {line} of {path} cannot be read: {QUOTATION_MARKS}")
    names = ["to" if cell.strip().lower() == "to" else cell.strip() for cell in cells]
    repeated = {name: None for name in names if name and names.count(name) > 1}
    if repeated:
        raise OptionError(f"{path} has several columns {_quoted(repeated)}: give each a name of its own.")
    if "to" not in names:
        separated = any(separator in name for name in cells for separator in ";\t")
        advice = "put commas between the columns" if separated else "name the one with the numbers to"
        raise OptionError(f"{path} has no column to, but {_quoted(names)}: {advice}.")
    return names, names.index("to")


def _quoted(names: t.Iterable[str]) -> str:
    return brief(enumerated([f'"{name}"' for name in names]))


def _json_rows(_path: str, lines: t.Iterable[str]) -> t.Iterator[Asked | Wrong]:
    for line, text in enumerate(lines, 1):
        if text.strip():
            yield _json_row(line, text)


def _json_row(line: int, text: str) -> Asked | Wrong:
    to: object = None
    try:
        found = _json_object(text)
        to = found.pop("to", None)
        if to is None or (isinstance(to, str) and not to.strip()):
            raise _UnreadableError(NO_TO)
        if isinstance(to, bool) or not isinstance(to, (str, int)):
            raise _UnreadableError("to is neither a text nor an integer: write the number in quotation marks.")
        fields = _as_texts(found)
    except _UnreadableError as wrong:
        return Wrong(line, _as_known(to), str(wrong))
    return Asked(line, to, fields.get("text"), fields)


def _json_object(text: str) -> dict[str, t.Any]:
    found = None
    try:
        found = _DECODER.decode(text)
        if "\\u" in text:
            # An escape can stand for half a character, which can be neither stored nor sent.
            json.dumps(found, ensure_ascii=False).encode()
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
            for number, line in enumerate(iter(functools.partial(file.readline, LONGEST_LINE + 1), ""), 1):
                if len(line) > LONGEST_LINE:
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


# --- who must not be texted -------------------------------------------------------------------------------------------


def opted_out(numbers_given: t.Sequence[object] | None, path: str | None, region: str) -> set[str]:
    """The numbers that are never texted. One that cannot be read is an error: nobody is lost to a typing error."""
    found: set[str] = set()
    wrong: list[str] = []
    for where, row in _refusals(numbers_given, path):
        if isinstance(row, Wrong):
            wrong.append(f"{where} ({row.error.partition(':')[0]})")
            continue
        try:
            found.add(numbers.msisdn(row.to, region))
        except OptionError:
            wrong.append(f'{where} ("{brief(str(row.to))}")')
    if wrong:
        raise OptionError(f"What is no phone number: correct (in quotation marks) or remove {enumerated(wrong)}.")
    return found


def _refusals(listed: t.Sequence[object] | None, path: str | None) -> t.Iterator[tuple[str, Asked | Wrong]]:
    """Where somebody asked not to be texted, and what stands there."""
    for place, number in enumerate(listed or [], 1):
        yield f"entry {place} of opt_out", Asked(place, number, None, {})
    if path is not None:
        for row in _rows(path, _reader(path) or _bare_numbers):
            yield f"line {row.line} of opt_out_file", row


def _bare_numbers(_path: str, lines: t.Iterable[str]) -> t.Iterator[Asked]:
    """One number a line. Blank lines and comments are skipped."""
    for line, text in enumerate(lines, 1):
        to = text.strip()
        if to and not to.startswith("#"):
            yield Asked(line, to, None, {})
