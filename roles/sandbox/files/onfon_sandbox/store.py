# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ruff: noqa: S608 - only names of columns and tables of this file are put into statements

"""The gateway's memory: one SQLite file that survives a restart and a kill -9."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

APPLICATION_ID = 0x4F4E464E  # "ONFN"
FIRST_SCHEMA = """
CREATE TABLE wallet (one INTEGER PRIMARY KEY CHECK (one = 1), units INTEGER NOT NULL);
CREATE TABLE groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL, contacts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX groups_folded ON groups (folded);
CREATE TABLE templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL, text TEXT NOT NULL,
    created REAL NOT NULL, approved REAL
);
CREATE INDEX templates_folded ON templates (folded);
CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sender_id TEXT NOT NULL, text TEXT NOT NULL, total INTEGER NOT NULL,
    created REAL NOT NULL, scheduled REAL
);
CREATE INDEX campaigns_created ON campaigns (created);
CREATE TABLE messages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, campaign_id INTEGER, number TEXT NOT NULL,
    digits TEXT NOT NULL, msisdn TEXT NOT NULL, local INTEGER NOT NULL, sender_id TEXT NOT NULL, text TEXT NOT NULL,
    unicode INTEGER NOT NULL, flash INTEGER NOT NULL, segments INTEGER NOT NULL, code INTEGER NOT NULL,
    error TEXT NOT NULL, submitted REAL NOT NULL, scheduled REAL
);
CREATE INDEX messages_submitted ON messages (submitted) WHERE message_id <> '';
CREATE INDEX messages_campaign ON messages (campaign_id);
"""
REPORTS_SCHEMA = """
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL, moment REAL NOT NULL, due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting'
);
CREATE INDEX reports_due ON reports (due) WHERE state = 'waiting';
"""

SCHEMAS = (FIRST_SCHEMA, REPORTS_SCHEMA)
"""What each version of the database added; the version is their number."""

TABLES = ("wallet", "groups", "templates", "campaigns", "messages", "reports")

WAITING, PUSHED, GIVEN_UP = "waiting", "pushed", "given up"
"""What became of a delivery report."""


class StoreError(Exception):
    """The database cannot be used; the message is one sentence that says what to change."""


@dataclass(frozen=True)
class Group:
    """A group of contacts; nobody can add contacts through the API."""

    id: int
    name: str
    contacts: int


@dataclass(frozen=True)
class Template:
    """A text with ##Field## placeholders; times are seconds since the epoch."""

    id: int
    name: str
    text: str
    created: float
    approved: float | None


@dataclass(frozen=True)
class Campaign:
    """The accepted rows of one SendBulkSMS; `text` is the first one's; times are seconds since the epoch."""

    id: int
    sender_id: str
    text: str
    total: int
    created: float
    scheduled: float | None


class Message(NamedTuple):
    """One recipient of one SendBulkSMS, taken (with a message id) or refused (with the row's code and text)."""

    row: int
    message_id: str
    campaign_id: int | None
    number: str
    digits: str
    msisdn: str
    local: bool
    sender_id: str
    text: str
    unicode: bool
    flash: bool
    segments: int
    code: int
    error: str
    submitted: float
    scheduled: float | None

    @property
    def accepted(self) -> bool:
        """Whether the gateway took it; only then has it an id."""
        return bool(self.message_id)

    @property
    def due(self) -> float:
        """When it is handed to the networks."""
        return self.submitted if self.scheduled is None else self.scheduled


class Report(NamedTuple):
    """A delivery report: which message's state, at which moment, it tells; when it is to be pushed; failed tries."""

    id: int
    row: int
    moment: float
    due: float
    tries: int
    state: str


GROUP = "id, name, contacts"
TEMPLATE = "id, name, text, created, approved"
CAMPAIGN = "id, sender_id, text, total, created, scheduled"
MESSAGE = ", ".join(Message._fields)
MESSAGE_VALUES = ", ".join("?" for _field in Message._fields)
REPORT = ", ".join(Report._fields)


class Store:
    """Short statements on one connection. Writers go through `transaction`, which is one for the whole request."""

    def __init__(self, path: str | Path, units: int) -> None:
        """Open or make the database; `units` is the balance of a new account, in ten-thousandths of a shilling."""
        self._initial_units = units
        try:
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(_unusable(path, error)) from error
        try:
            self._prepare(path)
        except sqlite3.Error as error:
            self._db.close()
            raise StoreError(_unusable(path, error)) from error
        except StoreError:
            self._db.close()
            raise

    def _prepare(self, path: str | Path) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self.transaction():
            tables = self._value("SELECT count(*) FROM sqlite_master")
            version = self._value("PRAGMA user_version")
            if tables and self._value("PRAGMA application_id") != APPLICATION_ID:
                raise StoreError(f"The database {path} belongs to another program: name another file with --database.")
            if tables and version not in range(1, len(SCHEMAS) + 1):
                raise StoreError(
                    f"The database {path} was written by another version of the sandbox: "
                    "remove it, or name another file with --database."
                )
            for schema in SCHEMAS[version:] if tables else SCHEMAS:
                for statement in schema.split(";"):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {len(SCHEMAS)}")
            if not tables:
                self._fill_wallet()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock: everything inside happens, or nothing does."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def reset(self) -> None:
        """Forget everything and count from one again, with the balance that the flags say."""
        with self.transaction():
            for table in TABLES:
                self._db.execute(f"DELETE FROM {table}")
            # The ids of reports go on: one that is just being pushed must not be taken for a new one.
            self._db.execute("DELETE FROM sqlite_sequence WHERE name <> 'reports'")
            self._fill_wallet()

    # --- money, in ten-thousandths of a shilling

    def balance(self) -> int:
        """Return what is left."""
        return self._value("SELECT units FROM wallet")

    def spend(self, units: int) -> None:
        """Take `units`; the caller holds the transaction in which it looked at the balance."""
        self._db.execute("UPDATE wallet SET units = units - ?", (units,))

    def _fill_wallet(self) -> None:
        self._db.execute("INSERT INTO wallet VALUES (1, ?)", (self._initial_units,))

    # --- groups

    def groups(self) -> list[Group]:
        """Return all groups by id."""
        return [Group(*row) for row in self._db.execute(f"SELECT {GROUP} FROM groups ORDER BY id")]

    def group_ids(self, name: str) -> list[int]:
        """Return the ids of groups with that name, ignoring case."""
        return self._ids("SELECT id FROM groups WHERE folded = ?", name.casefold())

    def add_group(self, name: str) -> None:
        """Add a group without contacts."""
        self._db.execute("INSERT INTO groups (name, folded) VALUES (?, ?)", (name, name.casefold()))

    def rename_group(self, group_id: int, name: str) -> bool:
        """Rename a group; False if there is none of that id."""
        return self._hit("UPDATE groups SET name = ?, folded = ? WHERE id = ?", name, name.casefold(), group_id)

    def delete_group(self, group_id: int) -> bool:
        """Delete a group; False if there is none of that id."""
        return self._hit("DELETE FROM groups WHERE id = ?", group_id)

    def set_contacts(self, group_id: int, contacts: int) -> bool:
        """Set how many contacts a group has; False if there is none of that id."""
        return self._hit("UPDATE groups SET contacts = ? WHERE id = ?", contacts, group_id)

    # --- templates

    def templates(self) -> list[Template]:
        """Return all templates by id."""
        return [Template(*row) for row in self._db.execute(f"SELECT {TEMPLATE} FROM templates ORDER BY id")]

    def template_ids(self, name: str) -> list[int]:
        """Return the ids of templates with that name, ignoring case."""
        return self._ids("SELECT id FROM templates WHERE folded = ?", name.casefold())

    def add_template(self, name: str, text: str, created: float, approved: float | None) -> None:
        """Add a template."""
        self._db.execute(
            "INSERT INTO templates (name, folded, text, created, approved) VALUES (?, ?, ?, ?, ?)",
            (name, name.casefold(), text, created, approved),
        )

    def change_template(self, template_id: int, name: str, text: str, approved: float | None) -> bool:
        """Change a template; False if there is none of that id."""
        return self._hit(
            "UPDATE templates SET name = ?, folded = ?, text = ?, approved = ? WHERE id = ?",
            name,
            name.casefold(),
            text,
            approved,
            template_id,
        )

    def approve_template(self, template_id: int, approved: float) -> bool:
        """Approve a template; False if there is none of that id."""
        return self._hit("UPDATE templates SET approved = ? WHERE id = ?", approved, template_id)

    def delete_template(self, template_id: int) -> bool:
        """Delete a template; False if there is none of that id."""
        return self._hit("DELETE FROM templates WHERE id = ?", template_id)

    # --- campaigns and messages

    def add_campaign(self, sender_id: str, text: str, total: int, created: float, scheduled: float | None) -> int:
        """Add a campaign and return its id."""
        cursor = self._db.execute(
            "INSERT INTO campaigns (sender_id, text, total, created, scheduled) VALUES (?, ?, ?, ?, ?)",
            (sender_id, text, total, created, scheduled),
        )
        return int(cursor.lastrowid or 0)

    def campaigns(self, since: float, until: float, start: int, length: int) -> list[Campaign]:
        """Return the campaigns created from `since` up to before `until`, oldest first."""
        rows = self._db.execute(
            f"SELECT {CAMPAIGN} FROM campaigns "
            "WHERE created >= ? AND created < ? ORDER BY created, id LIMIT ? OFFSET ?",
            (since, until, length, start),
        )
        return [Campaign(*row) for row in rows]

    def has_campaign(self, campaign_id: int) -> bool:
        """Tell if there is a campaign of that id."""
        return bool(self._ids("SELECT id FROM campaigns WHERE id = ?", campaign_id))

    def next_row(self) -> int:
        """Return the number of the next row; the caller holds the transaction in which it adds it."""
        return self._value("SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'messages'")

    def add_messages(self, messages: Iterable[Message]) -> None:
        """Add rows, in order."""
        self._db.executemany(f"INSERT INTO messages ({MESSAGE}) VALUES ({MESSAGE_VALUES})", messages)

    def sent(self, since: float, until: float, start: int, length: int) -> list[Message]:
        """Return the accepted messages submitted from `since` up to before `until`, oldest first."""
        return self._messages(
            "WHERE message_id <> '' AND submitted >= ? AND submitted < ? ORDER BY submitted, row LIMIT ? OFFSET ?",
            since,
            until,
            length,
            start,
        )

    def messages_of(self, campaign_id: int) -> list[Message]:
        """Return a campaign's messages."""
        return self._messages("WHERE campaign_id = ? ORDER BY row", campaign_id)

    def messages(self) -> list[Message]:
        """Return every row, taken or refused, oldest first."""
        return self._messages("ORDER BY row")

    def newest_messages(self, length: int) -> list[Message]:
        """Return the last `length` rows, newest first."""
        return self._messages("ORDER BY row DESC LIMIT ?", length)

    def message_count(self) -> int:
        """Return how many rows there are, taken or refused."""
        return self._value("SELECT count(*) FROM messages")

    # --- delivery reports

    def add_report(self, row: int, moment: float, due: float) -> None:
        """Remember to tell at `due` which state a message had at `moment`."""
        self._db.execute("INSERT INTO reports (row, moment, due) VALUES (?, ?, ?)", (row, moment, due))

    def next_report(self, now: float) -> tuple[Report, Message] | None:
        """Return the waiting report that was due first, with its message; None if none is due yet."""
        found = self._reports("WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT 1", now)
        return found[0] if found else None

    def reports(self) -> list[tuple[Report, Message]]:
        """Return every report with its message, in the order in which they are due."""
        return self._reports("ORDER BY due, id")

    def settle_report(self, report_id: int, state: str) -> None:
        """Note that a report is pushed, or given up."""
        self._db.execute("UPDATE reports SET state = ? WHERE id = ?", (state, report_id))

    def postpone_report(self, report_id: int, due: float) -> None:
        """Note that a report could not be pushed, and when to try again."""
        self._db.execute("UPDATE reports SET tries = tries + 1, due = ? WHERE id = ?", (due, report_id))

    # --- short hands

    def _messages(self, tail: str, *values: object) -> list[Message]:
        return list(map(Message._make, self._db.execute(f"SELECT {MESSAGE} FROM messages {tail}", values)))

    def _reports(self, tail: str, *values: object) -> list[tuple[Report, Message]]:
        rows = self._db.execute(f"SELECT {REPORT}, {MESSAGE} FROM reports JOIN messages USING (row) {tail}", values)
        count = len(Report._fields)
        return [(Report._make(row[:count]), Message._make(row[count:])) for row in rows]

    def _ids(self, statement: str, value: object) -> list[int]:
        return [row[0] for row in self._db.execute(statement, (value,))]

    def _hit(self, statement: str, *values: object) -> bool:
        return self._db.execute(statement, values).rowcount > 0

    def _value(self, statement: str) -> int:
        return int(self._db.execute(statement).fetchone()[0])


def _unusable(path: str | Path, error: Exception) -> str:
    return f"The database {path} cannot be used ({error}): name a file that can be written with --database."
