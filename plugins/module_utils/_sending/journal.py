# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The journal of a job: what its runs have claimed and sent, so that one that was killed can be run again.

Each batch is claimed before it is sent, and closed after: whatever a killed run may have sent is found claimed.
Numbers and texts are in the file only as salted hashes. The salt lies beside them: whoever can read the file and
knows the text can try all numbers, so nobody but its owner can read it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import sqlite3
import tempfile
import typing as t
from pathlib import Path

from .._errors import OnfonError, OptionError, RecordError
from .keys import SALT_BYTES, digest

FORMAT: t.Final = 1
APPLICATION: t.Final = 0x4F4E464A  # "ONFJ": tells a journal from the SQLite files of other programs
SCHEMA: t.Final = (
    "CREATE TABLE journal (salt BLOB NOT NULL, job BLOB NOT NULL)",
    "CREATE TABLE entry (key BLOB PRIMARY KEY, accepted INTEGER, claimed_at REAL, message_id TEXT) WITHOUT ROWID",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORMAT}",
)
SETTINGS: t.Final = (
    "PRAGMA locking_mode = EXCLUSIVE",  # one run at a time; the system frees the lock of a killed one
    "PRAGMA synchronous = FULL",  # an update is on the disk when it returns, also after a power cut
    "PRAGMA fullfsync = ON",  # macOS needs this one for the same
)

# Of a message that leaves again, the first time is kept: it may have arrived then.
CLAIM: t.Final = "INSERT INTO entry (key, accepted, claimed_at) VALUES (?, 0, ?) ON CONFLICT (key) DO NOTHING"
CLOSE: t.Final = (
    "INSERT INTO entry (key, accepted, claimed_at, message_id) VALUES (?, 1, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET accepted = 1, message_id = coalesce(excluded.message_id, message_id)"
)
RELEASE: t.Final = "DELETE FROM entry WHERE key = ? AND NOT accepted"

# Where SQLite's locks lie in a file, by the description of its format: how many bytes, and the first of them.
SHARED_LOCK: t.Final = (510, 0x40000002)

IN_USE = "is in use by another run: wait for its end, and run the task again."
NO_JOURNAL = "is not a journal but another file: give the path of a new file."
DAMAGED = (
    "is damaged, so it does not say who was texted: restore it from a backup, or look at the sent messages in the "
    "Onfon portal before you go on with a new one."
)
FORBIDDEN = "cannot be read or written: change the permissions of it and of its folder, or choose another path."
FULL = "cannot be written as its disk is full: free space there, and run the task again with this journal."
BROKEN = "cannot be read or written: look after its disk, or choose another path if nothing was sent with this one."
# By SQLite's words, as Python has its error codes only since 3.11. All others mean that the content makes no sense.
REASONS: t.Final = {
    "database is locked": IN_USE,
    "file is not a database": NO_JOURNAL,
    "disk I/O error": BROKEN,
    "database or disk is full": FULL,
    "unable to open database file": FORBIDDEN,
    "attempt to write a readonly database": FORBIDDEN,
}


class JournalEntry(t.NamedTuple):
    """One message that was claimed. claimed_at: when it was first claimed, in seconds since the epoch."""

    key: bytes
    accepted: bool
    claimed_at: float
    message_id: str | None


class Journal:
    """What was claimed and what was accepted, for one job, by one run at a time; for the thread that opened it.

    salt: random, made once for each journal and kept in it.
    """

    def __init__(self, database: sqlite3.Connection, path: str, salt: bytes, file: Path | None) -> None:
        self.salt = salt
        self._database = database
        self._path = path
        self._file = file
        self._inode = _inode(file)

    @classmethod
    def open(cls, path: str, job: str, *, check_mode: bool) -> Journal:
        """The journal of the job, a text that stands for account, sender and message; made where there is none.

        Check mode writes to a copy, which is gone at the end. Raises OptionError for what cannot be used.
        """
        with _explained(path, OptionError):
            file = _locate(path)
            if not check_mode:
                _create(file)
            # A database without a name is a temporary one.
            database = sqlite3.connect("" if check_mode else file, timeout=0, isolation_level=None)
            try:
                if check_mode and file.exists():
                    _copy(file, database)
                salt = _open_checked(database, path, job)
                return cls(database, path, salt, None if check_mode else file)
            except BaseException:
                database.close()
                raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the journal to the next run."""
        self._database.close()

    def entries(self) -> t.Iterator[JournalEntry]:
        """What was claimed so far, in any order; to be read before the first update."""
        with _explained(self._path, RecordError):
            for key, accepted, claimed_at, message_id in self._database.execute(
                "SELECT key, accepted, claimed_at, CAST(message_id AS TEXT) FROM entry"
            ):
                yield JournalEntry(key, bool(accepted), claimed_at, message_id)

    def update(
        self,
        *,
        accepted: t.Iterable[tuple[bytes, str | None]] = (),
        released: t.Iterable[bytes] = (),
        claimed: t.Iterable[bytes] = (),
        claimed_at: float = 0.0,
    ) -> None:
        """Close what was accepted, forget what is known not to have been sent, claim what leaves now: all or nothing.

        It is on the disk when this returns. What was accepted once stays accepted.
        """
        with _explained(self._path, RecordError):
            with self._database:
                self._database.execute("BEGIN")
                self._database.executemany(CLOSE, ((key, claimed_at, message_id) for key, message_id in accepted))
                self._database.executemany(RELEASE, ((key,) for key in released))
                self._database.executemany(CLAIM, ((key, claimed_at) for key in claimed))
            self._check_presence()

    def _check_presence(self) -> None:
        """SQLite goes on writing to a file that was removed, and then nobody would find the claims."""
        if _inode(self._file) != self._inode:
            raise RecordError(
                f"journal {self._path} was removed or replaced during the run: "
                "look at the sent messages in the Onfon portal before you run the task again."
            )


@contextlib.contextmanager
def _explained(path: str, failure: t.Callable[[str], OnfonError]) -> t.Iterator[None]:
    """One sentence in place of the errors of SQLite and of the system."""
    try:
        yield
    except sqlite3.Error as error:
        reason = REASONS.get(str(error), DAMAGED)
    except UnicodeDecodeError:
        # SQLite's own message quotes bytes of the damaged schema.
        reason = DAMAGED
    except PermissionError:
        reason = FORBIDDEN
    except OSError:
        reason = BROKEN
    else:
        return
    raise failure(f"journal {path} {reason}")


def _locate(path: str) -> Path:
    """The file itself, with links followed. Refuses what cannot be a journal before SQLite touches it."""
    if not path or "\0" in path:
        raise OptionError("journal is no path: give that of a file.")
    file = Path(os.path.realpath(path))
    if file.is_dir():
        raise OptionError(f"journal {path} is a folder: give the path of a file in it.")
    if not file.parent.is_dir():
        raise OptionError(f"journal {path} is in a folder that does not exist: create the folder or correct the path.")
    if file.exists() and not file.is_file():
        raise OptionError(f"journal {path} {NO_JOURNAL}")
    # SQLite would delete the claims of a killed run together with it.
    if _size(file) == 0 and _size(_beside(file, "-wal")) > 0:
        raise OptionError(
            f"journal {path} is missing or empty, but {path}-wal holds claims of a run that was killed: "
            "restore the journal, or move that file away."
        )
    return file


def _inode(file: Path | None) -> tuple[int, int] | None:
    """Which file it is, whatever its name; None where there is none."""
    if file is None or not file.exists():
        return None
    stat = file.stat()
    return stat.st_dev, stat.st_ino


def _size(file: Path) -> int:
    """In bytes, 0 where there is no file."""
    return file.stat().st_size if file.exists() else 0


def _beside(file: Path, suffix: str) -> Path:
    """The file that SQLite writes beside another one."""
    return file.with_name(file.name + suffix)


def _create(file: Path) -> None:
    """An empty file for its owner alone, where there is none. SQLite gives the files beside it its permissions."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    # SQLite opens a file that may only be read, and calls the disk broken when it comes to write.
    if not os.access(file, os.R_OK | os.W_OK):
        raise PermissionError


def _copy(file: Path, database: sqlite3.Connection) -> None:
    """Copy a journal, with what a killed run left beside it, and leave it as it is.

    SQLite makes files beside a journal that it only reads, or does not see the claims in those that are there.
    """
    with tempfile.TemporaryDirectory() as folder, file.open("rb") as original:
        try:
            fcntl.lockf(original, fcntl.LOCK_SH | fcntl.LOCK_NB, *SHARED_LOCK)
        except BlockingIOError:
            raise sqlite3.OperationalError("database is locked") from None
        copy = Path(folder, "journal")
        # By its handle and not by its name: the lock ends when any other handle of the file is closed.
        with copy.open("wb") as target:
            shutil.copyfileobj(original, target)
        for suffix in ("-wal", "-journal"):
            if _beside(file, suffix).exists():
                shutil.copyfile(_beside(file, suffix), _beside(copy, suffix))
        with contextlib.closing(sqlite3.connect(copy)) as source:
            source.backup(database)


def _open_checked(database: sqlite3.Connection, path: str, job: str) -> bytes:
    """The salt of a journal that is new, or that is whole and belongs to the job."""
    for setting in (*SETTINGS, "BEGIN EXCLUSIVE"):
        database.execute(setting)
    if _is_new(database):
        _initialize(database, job)
    _check_format(database, path)
    salt, owner = database.execute("SELECT salt, job FROM journal").fetchone()
    if owner != digest(salt, job):
        raise OptionError(
            f"journal {path} belongs to another job (account, sender or text), so nothing was sent: give each job a "
            "journal of its own, and do not delete this one if its job may be run again."
        )
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = WAL")
    return t.cast(bytes, salt)


def _number(database: sqlite3.Connection, query: str) -> int:
    """The answer to a query for one number."""
    return int(database.execute(query).fetchone()[0])


def _is_new(database: sqlite3.Connection) -> bool:
    """Nobody wrote anything into it."""
    return not _number(database, "PRAGMA application_id") and not _number(
        database, "SELECT count(*) FROM sqlite_master"
    )


def _initialize(database: sqlite3.Connection, job: str) -> None:
    """Make it an empty journal, with a salt of its own."""
    salt = secrets.token_bytes(SALT_BYTES)
    for statement in SCHEMA:
        database.execute(statement)
    database.execute("INSERT INTO journal VALUES (?, ?)", (salt, digest(salt, job)))


def _check_format(database: sqlite3.Connection, path: str) -> None:
    """Refuse what this version cannot read."""
    if _number(database, "PRAGMA application_id") != APPLICATION:
        raise OptionError(f"journal {path} is a database of another program: give the path of a new file.")
    if _number(database, "PRAGMA user_version") > FORMAT:
        raise OptionError(f"journal {path} was made by a newer version of onfon.sms: update the collection here.")
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise OptionError(f"journal {path} {DAMAGED}")
