# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report file: every recipient, exactly, as soon as its result is known."""

from __future__ import annotations

import csv
import json
import os
import stat
import sys
import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._errors import OPTION, OnfonError, OptionError
from ansible_collections.onfon.sms.plugins.module_utils._rows import RowsFile, check_path
from ansible_collections.onfon.sms.plugins.module_utils._sending.records import RESULT_COLUMNS, SendResult
from ansible_collections.onfon.sms.plugins.module_utils._sms.statuses import ACCEPTED, REJECTED
from tests.support.privileges import without_privileges

ASHA = SendResult(2, "+254 700 000 001", "254700000001", 1, ACCEPTED, "id-1")
JUMA = SendResult(3, "0700 000 002", "254700000002", 2, REJECTED, None, "033", 'Blocked, "for now".', "Ask\nOnfon.")
COLUMNS = ["line", "to", "msisdn", "status", "message_id", "error_code", "error", "segments"]

TEXTS = st.text(max_size=8)
RESULTS = st.builds(
    SendResult, st.integers(1), TEXTS, st.none() | TEXTS, st.integers(0), TEXTS, st.none() | TEXTS, st.none()
)


def open_report(path: str) -> RowsFile:
    """The report of a run, as onfon_sms opens it."""
    return RowsFile.create("report_file", path, RESULT_COLUMNS)


def check_report(path: str) -> None:
    check_path("report_file", path)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def objects_of(path: Path) -> list[dict[str, t.Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


# --- what is written


def test_csv_has_a_header_and_a_row_per_recipient(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with open_report(str(path)) as report:
        report.write([ASHA.as_row(), JUMA.as_row()])
    assert path.read_bytes() == (
        b"line,to,msisdn,status,message_id,error_code,error,segments\r\n"
        b"2,+254 700 000 001,254700000001,accepted,id-1,,,1\r\n"
        b'3,0700 000 002,254700000002,rejected,,033,"Blocked, ""for now"". Ask\nOnfon.",2\r\n'
    )


@pytest.mark.parametrize("name", ["report.jsonl", "report.ndjson", "REPORT.JSONL"])
def test_json_lines_have_an_object_per_recipient(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with open_report(str(path)) as report:
        report.write([ASHA.as_row(), JUMA._replace(fact="Zu\u00df", hint=None).as_row()])
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == ASHA.as_result()
    assert list(json.loads(first)) == COLUMNS
    assert '"Zu\u00df"' in second


def test_a_report_without_recipients_has_only_a_header(tmp_path: Path) -> None:
    for name, content in (("report.csv", [COLUMNS]), ("report.jsonl", [])):
        with open_report(str(tmp_path / name)) as report:
            report.write([])
        assert rows_of(tmp_path / name) == content


def test_every_write_is_flushed(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with open_report(str(path)) as report:
        assert rows_of(path) == [COLUMNS]
        report.write([ASHA.as_row()])
        assert len(rows_of(path)) == 2
        report.write(iter([JUMA.as_row()]))
        assert [row[0] for row in rows_of(path)] == ["line", "2", "3"]


def test_recipients_of_an_iterator_are_written_once_each(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with open_report(str(path)) as report:
        report.write(ASHA._replace(line=line).as_row() for line in range(1, 2502))
    assert [row[0] for row in rows_of(path)[1:]] == [str(line) for line in range(1, 2502)]


def test_each_run_replaces_the_report(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    for recipient in (ASHA, JUMA):
        with open_report(str(path)) as report:
            report.write([recipient.as_row()])
    assert [row[0] for row in rows_of(path)] == ["line", "3"]


@pytest.mark.parametrize("to", ["=1+1", "+254700000001", "-1", "@sum"])
def test_values_that_look_like_formulas_are_unchanged(tmp_path: Path, to: str) -> None:
    path = tmp_path / "report.csv"
    with open_report(str(path)) as report:
        report.write([ASHA._replace(to=to).as_row()])
    assert rows_of(path)[1][1] == to


@given(st.lists(RESULTS, max_size=4))
def test_any_text_round_trips_through_json_lines(results: list[SendResult]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.jsonl")
        with open_report(str(path)) as report:
            report.write(result.as_row() for result in results)
        assert objects_of(path) == [result.as_result() for result in results]


@given(st.lists(RESULTS, max_size=4))
def test_any_text_round_trips_through_csv(results: list[SendResult]) -> None:
    # Before Python 3.11 the library writes NUL and does not read it.
    assume(sys.version_info >= (3, 11) or not any("\0" in str(cell) for result in results for cell in result.as_row()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.csv")
        with open_report(str(path)) as report:
            report.write(result.as_row() for result in results)
        cells = [["" if cell is None else str(cell) for cell in result.as_row()] for result in results]
        assert rows_of(path)[1:] == cells


# --- files


def test_only_the_owner_can_read_a_new_report(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        open_report(str(tmp_path / "report.csv")).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.csv").stat().st_mode) == 0o600


def test_an_existing_report_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("old")
    path.chmod(0o640)
    open_report(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert rows_of(path) == [COLUMNS]


NAME = "must end with .csv, .jsonl or .ndjson: rename it."
BAD_PATHS = [
    ("", NAME),
    ("report", NAME),
    ("report.txt", NAME),
    (".csv", NAME),
    ("a\0.csv", NAME),
    ("folder.csv", "is a folder: give the path of a file in it."),
    ("missing/report.csv", "is in a folder that does not exist: create the folder or correct the path."),
    ("file.csv/report.csv", "is in a folder that does not exist: create the folder or correct the path."),
    ("n" * 300 + ".csv", "cannot be written: change its name or permissions, or choose another path."),
]


@pytest.mark.parametrize("use", [check_report, open_report])
@pytest.mark.parametrize(("path", "words"), BAD_PATHS)
def test_impossible_report_paths_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: t.Callable[[str], object], path: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    Path("file.csv").write_text("kept")
    with pytest.raises(OptionError) as caught:
        use(path)
    assert caught.value.msg.startswith("report_file ")
    assert caught.value.msg.endswith(words)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file.csv", "folder.csv"]
    assert Path("file.csv").read_text() == "kept"


@pytest.mark.parametrize("use", [check_report, open_report])
@pytest.mark.parametrize(
    ("file_mode", "folder_mode"), [(0o444, 0o777), (None, 0o555), (0o666, 0o000)], ids=["file", "folder", "neither"]
)
def test_an_unwritable_report_path_is_refused(
    use: t.Callable[[str], object], file_mode: int | None, folder_mode: int
) -> None:
    # Not below a folder of the superuser's, as those of pytest are.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.csv")
        if file_mode is not None:
            path.write_text("kept")
            path.chmod(file_mode)
        Path(folder).chmod(folder_mode)
        with without_privileges(), pytest.raises(OptionError) as caught:
            use(str(path))
        Path(folder).chmod(0o755)
        assert [file.read_text() for file in Path(folder).iterdir()] == ([] if file_mode is None else ["kept"])
    assert caught.value.msg == (
        f"report_file {path} cannot be written: change its name or permissions, or choose another path."
    )


def test_checking_a_path_creates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    check_report(str(path))
    assert list(tmp_path.iterdir()) == []
    path.write_text("kept")
    check_report(str(path))
    assert path.read_text() == "kept"


def test_a_full_disk_stops_the_run_with_a_message(tmp_path: Path) -> None:
    path = tmp_path / "report.jsonl"
    path.symlink_to("/dev/full")
    words = f"report_file {path} cannot be written any further: check its disk and the free space there."
    with open_report(str(path)) as report:
        for _time in range(2):
            with pytest.raises(OnfonError) as caught:
                report.write([ASHA.as_row()])
            assert (caught.value.msg, caught.value.error_class) == (words, OPTION)


def test_a_disk_that_is_full_from_the_start_stops_the_run_with_a_message(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.symlink_to("/dev/full")
    with pytest.raises(OnfonError, match="cannot be written any further"):
        open_report(str(path))
