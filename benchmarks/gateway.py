# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway that the runs meet: a sandbox of this run, or a foreign one, which is left as it was found."""

from __future__ import annotations

import abc
import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks.account import PREFIX
from benchmarks.plain import Onfon
from benchmarks.plain_account import Objects, create, missing
from tests.support.sandbox_server import SandboxServer

SERVICES = {"Group": ("GroupName",), "Template": ("TemplateName", "MessageTemplate")}
"""The kinds of objects, and what a POST of one takes, its name first."""

VARIABLES = ("ONFON_API_URL", "ONFON_API_KEY", "ONFON_CLIENT_ID", "ONFON_ACCESS_KEY")

COUNTING = ("--fault=503-before@GET:1000000000:1", "--fault=503-before@WRITE:1000000000:1")
"""Flags of a sandbox that counts its requests: the faults meet every one of them, and practically never hit."""


class Requests(NamedTuple):
    """How many requests a gateway had."""

    reads: int
    writes: int


class Gateway(abc.ABC):
    """What the benchmark created is told by its name. ours: it is a sandbox that this run has started."""

    ours: bool

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self._onfon = Onfon(environment)

    def held(self) -> Objects:
        """The benchmark's objects in the account."""
        return {
            service: {
                row[fields[0]]: {field: row[field] for field in fields}
                for row in self._onfon.get(service)
                if row[fields[0]].startswith(PREFIX)
            }
            for service, fields in SERVICES.items()
        }

    def hold(self, objects: Objects) -> None:
        """Make the account hold these of the benchmark's objects, and make it forget whom it has texted."""
        held = self.held()
        if self.texts() or any(held[service].keys() - named.keys() for service, named in objects.items()):
            self.empty()
        create(self._onfon, missing(self._onfon, objects))

    @abc.abstractmethod
    def empty(self) -> None:
        """Remove the benchmark's objects."""

    @abc.abstractmethod
    def texts(self) -> int:
        """How many different messages were sent."""

    @abc.abstractmethod
    def requests(self) -> Requests | None:
        """How many requests there were so far, where they are counted."""


class Started(Gateway):
    """A sandbox of this run: its own side may be used."""

    ours = True

    def __init__(self, sandbox: SandboxServer) -> None:
        super().__init__(sandbox.environment)
        self._sandbox = sandbox

    def empty(self) -> None:
        self._sandbox.reset()

    def texts(self) -> int:
        taken = "SELECT count(*) FROM (SELECT DISTINCT msisdn, text FROM messages WHERE message_id <> '')"
        with contextlib.closing(sqlite3.connect(self._sandbox.database)) as books:
            return int(books.execute(taken).fetchone()[0])

    def requests(self) -> Requests | None:
        counts = [fault["requests"] for fault in self._sandbox.faults()]
        return Requests(*counts) if counts else None


class Foreign(Gateway):
    """A gateway that somebody else runs: it may be a real account, so nobody is texted."""

    ours = False

    def empty(self) -> None:
        for service, (name, *_fields) in SERVICES.items():
            for row in self._onfon.get(service):
                if row[name].startswith(PREFIX):
                    self._onfon.delete(service, row[f"{service}Id"])

    def texts(self) -> int:
        return 0

    def requests(self) -> Requests | None:
        return None


def is_foreign() -> bool:
    """A gateway is given."""
    return bool(os.environ.get("ONFON_API_URL"))


@contextlib.contextmanager
def opened(*flags: str) -> Iterator[Gateway]:
    """The gateway that is given, or a new sandbox with these flags."""
    if is_foreign():
        foreign = Foreign({name: os.environ[name] for name in VARIABLES})
        try:
            yield foreign
        finally:
            foreign.empty()
    else:
        with SandboxServer("--balance=1000000000", *flags) as sandbox:
            yield Started(sandbox)
