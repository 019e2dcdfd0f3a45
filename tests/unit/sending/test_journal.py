# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal: claims are read back, however the run ended."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
import tracemalloc
import typing as t
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._errors import OPTION, OnfonError, OptionError
from ansible_collections.onfon.sms.plugins.module_utils._sending.journal import Journal, JournalEntry
from ansible_collections.onfon.sms.plugins.module_utils._sending.keys import digest
from tests.support.privileges import without_privileges

JOB = "account ONFON Hello"
ONE, TWO, THREE = (bytes([number]) * 16 for number in (1, 2, 3))
BATCH = 20

PREAMBLE = """
import os, resource, signal, sys
from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._sending.journal import Journal

path, job = sys.argv[1:3]
journal = Journal.open(path, job, check_mode=False)

def keys(turn):
    return [(turn * 20 + place).to_bytes(16, "big") for place in range(20)]

def do(turn):
    accepted = [(key, f"id-{turn}") for key in keys(turn - 1)] if turn else []
    journal.update(accepted=accepted, claimed=keys(turn), claimed_at=float(turn))
    print(turn, flush=True)
"""
KILLED_AFTER_THREE_TURNS = """
for turn in range(3):
    do(turn)
os.kill(os.getpid(), signal.SIGKILL)
"""
TURNS_FOR_EVER = """
turn = int(sys.argv[3])
while True:
    do(turn)
    turn += 1
"""
HOLDS_THE_JOURNAL = """
do(0)
sys.stdin.read()
"""
TURNS_UNTIL_THE_FILE_IS_FULL = """
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
turn = 0
try:
    while True:
        do(turn)
        turn += 1
except OnfonError as error:
    print(error.msg)
"""


def after_turns(count: int) -> dict[bytes, JournalEntry]:
    """What a journal holds after that many turns of the process above."""
    entries = {}
    for number in range(count * BATCH):
        turn = number // BATCH
        closed = turn < count - 1
        key = number.to_bytes(16, "big")
        entries[key] = JournalEntry(key, closed, float(turn), f"id-{turn + 1}" if closed else None)
    return entries


def process(code: str, path: Path, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own that has the journal open."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PREAMBLE + code), str(path), JOB, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def run(code: str, path: Path) -> list[str]:
    """The lines of a process that ends by itself, or kills itself."""
    with process(code, path) as child:
        return child.communicate(timeout=60)[0].splitlines()


def contents(path: Path, *, job: str = JOB, check_mode: bool = False) -> dict[bytes, JournalEntry]:
    """What the journal holds, by key."""
    with Journal.open(str(path), job, check_mode=check_mode) as journal:
        entries = list(journal.entries())
    assert len({entry.key for entry in entries}) == len(entries)
    return {entry.key: entry for entry in entries}


def folder_state(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """All that a touch would change."""
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_mode) for file in folder.iterdir()
    } | {".": (b"", folder.stat().st_mtime_ns, folder.stat().st_mode)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def open_folder() -> t.Iterator[Path]:
    """A folder that is not below one of the superuser's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


# --- turns


def test_claims_and_results_are_read_back(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE, TWO], claimed_at=5.5)
        journal.update(accepted=[(ONE, "id-1")], released=[TWO], claimed=[THREE], claimed_at=6.5)
    assert contents(path) == {ONE: JournalEntry(ONE, True, 5.5, "id-1"), THREE: JournalEntry(THREE, False, 6.5, None)}


def test_each_journal_has_one_salt(path: Path, tmp_path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        salt = journal.salt
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        assert journal.salt == salt
    with Journal.open(str(tmp_path / "other.db"), JOB, check_mode=False) as journal:
        assert journal.salt != salt


def test_a_key_released_and_claimed_in_one_transaction_is_claimed(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
        journal.update(released=[ONE], claimed=[ONE], claimed_at=2.0)
    assert contents(path) == {ONE: JournalEntry(ONE, False, 2.0, None)}


def test_accepted_entries_stay_accepted(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
        journal.update(accepted=[(ONE, "id-1")])
        journal.update(released=[ONE], claimed=[ONE], claimed_at=2.0)
        journal.update(accepted=[(ONE, None)])
    assert contents(path) == {ONE: JournalEntry(ONE, True, 1.0, "id-1")}


KEYS = st.sampled_from([bytes([number]) * 16 for number in range(6)])
MESSAGE_IDS = st.none() | st.text(max_size=5)
TURNS = st.lists(
    st.tuples(
        st.dictionaries(KEYS, MESSAGE_IDS), st.sets(KEYS), st.sets(KEYS), st.floats(0, 2e9), st.sampled_from([0, 1])
    ),
    max_size=8,
)


def turned(
    model: dict[bytes, JournalEntry],
    accepted: dict[bytes, str | None],
    released: set[bytes],
    claimed: set[bytes],
    left: float,
) -> None:
    """The same turn in a dict."""
    for key, message_id in accepted.items():
        before = model.get(key, JournalEntry(key, False, left, None))
        known = before.message_id if message_id is None else message_id
        model[key] = before._replace(accepted=True, message_id=known)
    for key in released:
        if key in model and not model[key].accepted:
            del model[key]
    for key in claimed:
        model.setdefault(key, JournalEntry(key, False, left, None))


@settings(max_examples=40)
@given(TURNS)
def test_any_sequence_of_transactions_matches_a_dict(
    turns: list[tuple[dict[bytes, str | None], set[bytes], set[bytes], float, int]],
) -> None:
    model: dict[bytes, JournalEntry] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "journal.db"))
        journal = Journal.open(path, JOB, check_mode=False)
        for accepted, released, claimed, left, reopened in turns:
            journal.update(accepted=accepted.items(), released=released, claimed=claimed, claimed_at=left)
            turned(model, accepted, released, claimed, left)
            if reopened:
                journal.close()
                journal = Journal.open(path, JOB, check_mode=False)
            assert {entry.key: entry for entry in journal.entries()} == model
        journal.close()


def test_entries_stream(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=(number.to_bytes(16, "big") for number in range(50_000)), claimed_at=1.0)
        tracemalloc.start()
        count = sum(1 for _entry in journal.entries())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 50_000
    assert peak < 100_000


def test_numbers_and_texts_are_not_in_the_file(path: Path) -> None:
    msisdn, text = "254700000001", "Mambo, bill is due"
    with Journal.open(str(path), f"account ONFON {text}", check_mode=False) as journal:
        journal.update(claimed=[digest(journal.salt, msisdn, text)], claimed_at=1.0)
        journal.update(accepted=[(digest(journal.salt, msisdn, text), "visible-id")])
        running = b"".join(file.read_bytes() for file in path.parent.iterdir() if file != path)
    written = running + path.read_bytes()
    assert b"visible-id" in running
    assert b"visible-id" in path.read_bytes()
    assert not [word for word in (msisdn, text, "account", "ONFON") if word.encode() in written]


# --- runs that are killed, and runs at once


def test_a_transaction_is_synced_to_disk(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        pragmas = ("journal_mode", "synchronous", "locking_mode")
        assert [journal._database.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas] == [
            "wal",
            2,
            "exclusive",
        ]


def test_every_finished_transaction_survives_kill_9(path: Path) -> None:
    instants = secrets.SystemRandom()
    done = 0
    for _round in range(5):
        with process(TURNS_FOR_EVER, path, str(done)) as child:
            assert child.stdout
            first = child.stdout.readline()
            time.sleep(instants.uniform(0, 0.2))
            child.kill()
            returned = int(([first, *child.stdout.read().splitlines()])[-1]) + 1
        held = contents(path)
        # A turn that had not returned is there as a whole, or not at all.
        assert held in (after_turns(returned), after_turns(returned + 1))
        done = len(held) // BATCH
    assert done > 5


def test_claims_of_a_killed_run_are_read_from_its_wal(path: Path) -> None:
    assert run(KILLED_AFTER_THREE_TURNS, path) == ["0", "1", "2"]
    assert path.with_name("journal.db-wal").stat().st_size > 0
    assert contents(path) == after_turns(3)
    assert [file.name for file in path.parent.iterdir()] == ["journal.db"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_second_process_is_refused_until_the_first_ends(path: Path, check_mode: bool) -> None:
    with process(HOLDS_THE_JOURNAL, path) as child:
        assert child.stdout
        child.stdout.readline()
        began = time.monotonic()
        with pytest.raises(OptionError, match=r"is in use by another run: wait for its end, and run the task again\.$"):
            Journal.open(str(path), JOB, check_mode=check_mode)
        assert time.monotonic() - began < 1
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert contents(path, check_mode=check_mode) == after_turns(1)


def test_an_open_journal_is_refused_in_the_same_process(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False), pytest.raises(OptionError, match="in use by another run"):
        Journal.open(str(path), JOB, check_mode=False)
    assert contents(path) == {}


# --- check mode


def test_check_mode_leaves_journal_and_wal_unchanged(path: Path) -> None:
    run(KILLED_AFTER_THREE_TURNS, path)
    before = folder_state(path.parent)
    assert "journal.db-wal" in before
    with Journal.open(str(path), JOB, check_mode=True) as journal:
        assert {entry.key: entry for entry in journal.entries()} == after_turns(3)
        journal.update(claimed=[ONE], claimed_at=1.0)
    assert folder_state(path.parent) == before
    assert contents(path) == after_turns(3)


def test_check_mode_reads_the_same_salt(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        salt = journal.salt
    before = folder_state(path.parent)
    with Journal.open(str(path), JOB, check_mode=True) as journal:
        assert journal.salt == salt
    assert folder_state(path.parent) == before


def test_check_mode_treats_a_missing_file_as_empty_and_creates_none(path: Path) -> None:
    salts = set()
    for _time in range(2):
        with Journal.open(str(path), JOB, check_mode=True) as journal:
            salts.add(journal.salt)
            assert list(journal.entries()) == []
    assert len(salts) == 2
    assert list(path.parent.iterdir()) == []


def test_check_mode_needs_no_write_permission(open_folder: Path) -> None:
    path = open_folder / "journal.db"
    run(KILLED_AFTER_THREE_TURNS, path)
    for file in open_folder.iterdir():
        file.chmod(0o444)
    open_folder.chmod(0o555)
    before = folder_state(open_folder)
    with without_privileges():
        assert contents(path, check_mode=True) == after_turns(3)
    assert folder_state(open_folder) == before
    open_folder.chmod(0o755)


def test_check_mode_refuses_the_journal_of_another_job(path: Path) -> None:
    contents(path)
    with pytest.raises(OptionError, match="belongs to another job"):
        Journal.open(str(path), "another job", check_mode=True)


# --- files


def test_only_the_owner_can_read_the_file(path: Path) -> None:
    before = os.umask(0)
    try:
        with Journal.open(str(path), JOB, check_mode=False) as journal:
            journal.update(claimed=[ONE], claimed_at=1.0)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"journal.db": 0o600, "journal.db-wal": 0o600}


def test_an_empty_file_is_a_new_journal(path: Path) -> None:
    path.touch()
    assert contents(path, check_mode=True) == {}
    assert path.read_bytes() == b""
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
    assert contents(path) == {ONE: JournalEntry(ONE, False, 1.0, None)}


def test_a_symlink_leads_to_the_journal_and_its_wal(path: Path) -> None:
    link = path.parent / "folder" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    run(KILLED_AFTER_THREE_TURNS, link)
    assert contents(link, check_mode=True) == after_turns(3)
    assert contents(path) == after_turns(3)


def test_a_journal_of_another_job_is_refused_and_kept(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
    with pytest.raises(OptionError) as caught:
        Journal.open(str(path), "another job", check_mode=False)
    assert caught.value.msg == (
        f"journal {path} belongs to another job (account, sender or text), so nothing was sent: give each job a "
        "journal of its own, and do not delete this one if its job may be run again."
    )
    assert contents(path) == {ONE: JournalEntry(ONE, False, 1.0, None)}


def full_journal(path: Path) -> bytes:
    """The bytes of a journal with many entries."""
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=(number.to_bytes(16, "big") for number in range(3000)), claimed_at=1.0)
    return path.read_bytes()


def database(path: Path, *statements: str) -> None:
    """Run statements on a SQLite file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def make_text(path: Path) -> None:
    path.write_text("line,to\n1,+254700000001\n")


def make_two_bytes(path: Path) -> None:
    path.write_bytes(b"SQ")


def make_other_database(path: Path) -> None:
    database(path, "CREATE TABLE journal (salt, job)")


def make_other_application(path: Path) -> None:
    database(path, "PRAGMA application_id = 77")


def make_newer(path: Path) -> None:
    full_journal(path)
    database(path, "PRAGMA user_version = 2")


def make_truncated(path: Path) -> None:
    path.write_bytes(full_journal(path)[:-10_000])


def make_corrupt(path: Path) -> None:
    whole = full_journal(path)
    path.write_bytes(whole[:8192] + b"\xff" * 20_000 + whole[28_192:])


def make_headless(path: Path) -> None:
    path.write_bytes(b"\0" * 100 + full_journal(path)[100:])


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_lost(path: Path) -> None:
    run(KILLED_AFTER_THREE_TURNS, path)
    path.unlink()


def make_emptied(path: Path) -> None:
    run(KILLED_AFTER_THREE_TURNS, path)
    path.write_bytes(b"")


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Path.mkdir, "is a folder: give the path of a file in it."),
        (make_text, "is not a journal but another file: give the path of a new file."),
        (make_two_bytes, "is not a journal but another file: give the path of a new file."),
        (make_headless, "is not a journal but another file: give the path of a new file."),
        (make_fifo, "is not a journal but another file: give the path of a new file."),
        (make_other_database, "is a database of another program: give the path of a new file."),
        (make_other_application, "is a database of another program: give the path of a new file."),
        (make_newer, "was made by a newer version of onfon.sms: update the collection here."),
        (make_truncated, "is damaged, so it cannot tell what was sent: restore it from a backup"),
        (make_corrupt, "is damaged, so it cannot tell what was sent: restore it from a backup"),
        (make_lost, "is missing or empty, but"),
        (make_emptied, "is missing or empty, but"),
    ],
)
def test_a_file_that_is_not_a_journal_is_refused_and_unchanged(
    path: Path, make: t.Callable[[Path], None], words: str, check_mode: bool
) -> None:
    make(path)
    fixed = path.is_dir() or path.is_fifo()
    before = None if fixed else folder_state(path.parent)
    with pytest.raises(OptionError) as caught:
        Journal.open(str(path), JOB, check_mode=check_mode)
    assert caught.value.msg.startswith(f"journal {path} {words}")
    assert caught.value.msg.endswith(".")
    if before:
        after = folder_state(path.parent)
        assert {name: state[0] for name, state in after.items()} == {name: state[0] for name, state in before.items()}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("", "journal is not a path: give the path of a file."),
        ("a\0b", "journal is not a path: give the path of a file."),
        ("missing/journal.db", "is in a folder that does not exist: create the folder or correct the path."),
        ("n" * 300, "cannot be read or written: "),
    ],
)
def test_impossible_paths_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str, words: str, check_mode: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OptionError) as caught:
        Journal.open(bad, JOB, check_mode=check_mode)
    assert words in caught.value.msg
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o000, 0o777), (0o666, 0o555), (None, 0o555)])
def test_an_unwritable_path_is_refused(open_folder: Path, file_mode: int | None, folder_mode: int) -> None:
    path = open_folder / "journal.db"
    if file_mode is not None:
        contents(path)
        path.chmod(file_mode)
    open_folder.chmod(folder_mode)
    with without_privileges(), pytest.raises(OptionError) as caught:
        Journal.open(str(path), JOB, check_mode=False)
    open_folder.chmod(0o755)
    assert caught.value.msg == (
        f"journal {path} cannot be read or written: change the permissions of it and of its folder, "
        "or choose another path."
    )


@functools.cache
def small_journal() -> bytes:
    """The bytes of a journal with three entries."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "journal.db")
        with Journal.open(str(path), JOB, check_mode=False) as journal:
            journal.update(accepted=[(ONE, "id-1"), (TWO, None)], claimed=[THREE], claimed_at=1.0)
        return path.read_bytes()


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_corrupt_journal_is_read_or_refused_with_a_message(place: int, flip: int) -> None:
    damaged = bytearray(small_journal())
    used = [index for index, byte in enumerate(damaged) if byte]
    damaged[used[place % len(used)]] ^= flip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "journal.db")
        path.write_bytes(damaged)
        with contextlib.suppress(OnfonError):
            assert len(contents(path, check_mode=True)) <= 3


# --- failures in the middle


def test_a_full_disk_stops_the_run_and_the_journal_stays_consistent(path: Path) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
        journal._database.execute("PRAGMA max_page_count = 6")
        with pytest.raises(OnfonError) as caught:
            journal.update(accepted=[(ONE, "id-1")], claimed=(number.to_bytes(16, "big") for number in range(3000)))
        assert list(journal.entries()) == [JournalEntry(ONE, False, 1.0, None)]
        journal.update(claimed=[TWO], claimed_at=2.0)
    assert caught.value.msg == (
        f"journal {path} cannot be written as its disk is full: free space there, and run the task again with this "
        "journal."
    )
    assert caught.value.error_class == OPTION
    assert set(contents(path)) == {ONE, TWO}


def test_a_refused_write_stops_the_run_with_a_message(path: Path) -> None:
    *turns, words = run(TURNS_UNTIL_THE_FILE_IS_FULL, path)
    assert words.startswith(f"journal {path} cannot be ")
    assert contents(path) == after_turns(len(turns))
    assert len(turns) > 1


@pytest.mark.parametrize("replaced", [False, True])
def test_a_journal_removed_during_the_run_stops_it(path: Path, replaced: bool) -> None:
    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
        path.rename(path.with_name("old.db"))
        if replaced:
            path.touch()
        with pytest.raises(OnfonError, match=r"was removed or replaced during the run: check the sent messages"):
            journal.update(claimed=[TWO], claimed_at=2.0)


def test_an_interrupted_transaction_is_rolled_back(path: Path) -> None:
    def keys() -> t.Iterator[bytes]:
        yield TWO
        raise KeyboardInterrupt

    with Journal.open(str(path), JOB, check_mode=False) as journal:
        journal.update(claimed=[ONE], claimed_at=1.0)
        with pytest.raises(KeyboardInterrupt):
            journal.update(accepted=[(ONE, "id-1")], claimed=keys(), claimed_at=2.0)
        journal.update(claimed=[THREE], claimed_at=3.0)
    assert contents(path) == {ONE: JournalEntry(ONE, False, 1.0, None), THREE: JournalEntry(THREE, False, 3.0, None)}
