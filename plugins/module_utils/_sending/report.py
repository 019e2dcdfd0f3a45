# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""report_file: what became of every recipient, as it is known, in CSV or JSON lines.

Cells are written as they are, also those that begin with = + - or @, which spreadsheets take for formulas: every
number with its plus is one, and a report with changed numbers would be of no use to programs.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import typing as t
from pathlib import Path

from .._gateway.errors import BooksError, OptionError
from .recipients import Recipient

AT_ONCE: t.Final = 1000  # recipients in one write, so that memory stays flat


FORBIDDEN = "cannot be written: change its name or permissions, or choose another path."


def check(path: str) -> None:
    """Refuse a path that no report can be written to; touches nothing."""
    _format(path)
    try:
        obstacle = _obstacle(Path(path))
    except OSError:
        obstacle = FORBIDDEN
    if obstacle:
        raise OptionError(f"report_file {path} {obstacle}")


def _obstacle(file: Path) -> str | None:
    """Why no report can be written there, None where one can."""
    if file.is_dir():
        return "is a folder: give the path of a file in it."
    if not file.parent.is_dir():
        return "is in a folder that does not exist: create the folder or correct the path."
    return None if os.access(file if file.exists() else file.parent, os.W_OK) else FORBIDDEN


class Report:
    """The report of one run. What was written is with the system when write returns, so that no kill takes it back."""

    def __init__(self, file: io.FileIO, path: str) -> None:
        self._file = file
        self._path = path
        self._line = _format(path)

    @classmethod
    def open(cls, path: str) -> Report:
        """An empty report, in place of an older one. Raises OptionError for a path that cannot be used.

        It holds people's numbers, so that only its owner can read a new file; an older one keeps its permissions.
        """
        check(path)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        except OSError:
            raise OptionError(f"report_file {path} {FORBIDDEN}") from None
        report = cls(io.FileIO(descriptor, "w"), path)
        try:
            report._begin()
        except BooksError:
            report.close()
            raise
        return report

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """No more is known."""
        try:
            self._file.close()
        except OSError:
            raise self._cut() from None

    def write(self, recipients: t.Iterable[Recipient]) -> None:
        """A line for each of them. Raises OnfonError where the disk does not take it."""
        lines = map(self._line, recipients)
        while text := "".join(itertools.islice(lines, AT_ONCE)):
            self._append(text)

    def _begin(self) -> None:
        """The header, where the format has one."""
        if self._line is _csv_line:
            self._append(_csv_line(Recipient._fields))

    def _append(self, text: str) -> None:
        """Without a buffer that could be lost. What is no valid Unicode is escaped, as JSON does it too."""
        rest = text.encode("utf-8", "backslashreplace")
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            raise self._cut() from None

    def _cut(self) -> BooksError:
        """The report ends early."""
        return BooksError(
            f"report_file {self._path} cannot be written any further: look after its disk and the space there."
        )


def _csv_line(cells: t.Iterable[object]) -> str:
    """As RFC 4180 has it; None is an empty cell."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _json_line(recipient: Recipient) -> str:
    """An object a line."""
    return json.dumps(recipient.as_result(), ensure_ascii=False) + "\n"


FORMATS: t.Final[dict[str, t.Callable[[Recipient], str]]] = {
    ".csv": _csv_line,
    ".jsonl": _json_line,
    ".ndjson": _json_line,
}


def _format(path: str) -> t.Callable[[Recipient], str]:
    """How a recipient is written, by the file's name."""
    line = FORMATS.get(Path(path).suffix.lower())
    if line is None or "\0" in path:
        raise OptionError(f'report_file "{path}" has no name that ends with .csv, .jsonl or .ndjson: give it one.')
    return line
