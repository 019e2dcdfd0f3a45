# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""A file of rows that is written as they come: CSV or JSON lines, by its name.

Cells are written as they are, also those that begin with = + - or @, which spreadsheets take for formulas: every
number with its plus is one, and a file with changed numbers would be of no use to programs.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import typing as t
from pathlib import Path

from ._errors import OptionError, RecordError

_ROWS_A_WRITE: t.Final = 1000  # rows in one write, so that memory stays flat
FORBIDDEN = "cannot be written: change its name or permissions, or choose another path."

Row = t.Sequence[object]  # a cell for each column; None: there is nothing


def check_path(option: str, path: str) -> None:
    """Refuse a path that no rows can be written to; touches nothing."""
    _format(option, path)
    try:
        obstacle = _obstacle(Path(path))
    except OSError:
        obstacle = FORBIDDEN
    if obstacle:
        raise OptionError(f"{option} {path} {obstacle}")


def _obstacle(file: Path) -> str | None:
    """Why no file can be written there, None where one can."""
    if file.is_dir():
        return "is a folder: give the path of a file in it."
    if not file.parent.is_dir():
        return "is in a folder that does not exist: create the folder or correct the path."
    return None if os.access(file if file.exists() else file.parent, os.W_OK) else FORBIDDEN


class RowsFile:
    """A file of rows. They are with the operating system when write returns, so that no kill takes them back."""

    def __init__(self, file: io.FileIO, option: str, path: str, columns: t.Sequence[str]) -> None:
        self._file = file
        self._name = f"{option} {path}"
        self._columns = columns
        self._line = _format(option, path)

    @classmethod
    def create(cls, option: str, path: str, columns: t.Sequence[str]) -> RowsFile:
        """An empty file, in place of an older one. Raises OptionError for a path that cannot be used.

        It holds people's numbers, so that only its owner can read a new file; an older one keeps its permissions.
        """
        check_path(option, path)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        except OSError:
            raise OptionError(f"{option} {path} {FORBIDDEN}") from None
        created = cls(io.FileIO(descriptor, "w"), option, path, columns)
        try:
            created._write_header()
        except RecordError:
            created.close()
            raise
        return created

    def __enter__(self) -> RowsFile:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """No more rows come."""
        try:
            self._file.close()
        except OSError:
            raise self._write_error() from None

    def write(self, rows: t.Iterable[Row]) -> None:
        """A line for each of them. Raises RecordError where the disk does not take it."""
        lines = (self._line(self._columns, row) for row in rows)
        while text := "".join(itertools.islice(lines, _ROWS_A_WRITE)):
            self._append(text)

    def _write_header(self) -> None:
        """The header, where the format has one."""
        if self._line is _csv_line:
            self._append(_csv_line(self._columns, self._columns))

    def _append(self, text: str) -> None:
        """Without a buffer that could be lost."""
        rest = text.encode()
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            raise self._write_error() from None

    def _write_error(self) -> RecordError:
        """Why the file ends early."""
        return RecordError(f"{self._name} cannot be written any further: check its disk and the free space there.")


def _csv_line(_columns: t.Sequence[str], row: Row) -> str:
    """As RFC 4180 has it; None is an empty cell, and a boolean is written as in JSON."""
    line = io.StringIO()
    csv.writer(line).writerow([str(cell).lower() if isinstance(cell, bool) else cell for cell in row])
    return line.getvalue()


def _json_line(columns: t.Sequence[str], row: Row) -> str:
    """An object a line."""
    return json.dumps(dict(zip(columns, row)), ensure_ascii=False) + "\n"


_Line = t.Callable[[t.Sequence[str], Row], str]
FORMATS: t.Final[dict[str, _Line]] = {
    ".csv": _csv_line,
    ".jsonl": _json_line,
    ".ndjson": _json_line,
}


def _format(option: str, path: str) -> _Line:
    """How a row is written, by the file's name."""
    line = FORMATS.get(Path(path).suffix.lower())
    if line is None or "\0" in path:
        raise OptionError(f'{option} "{path}" must end with .csv, .jsonl or .ndjson: rename it.')
    return line
