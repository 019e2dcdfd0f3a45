# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Makes changes, several at a time, and proves them by planning again: where nothing is left to do, all is done."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import typing as t

from .._errors import OnfonError, StateError
from .._gateway import codes
from .._gateway.client import Client
from .._gateway.clients import Clients, side_by_side
from .kind import Kind, T
from .plan import CREATE, DELETE, NONE, UPDATE, Change, Live, plan

DONE_WORDS: t.Final = {CREATE: "created", UPDATE: "changed", DELETE: "deleted"}
# After these nothing was written and nothing can be: listing again would tell nothing.
FINAL = frozenset({codes.AUTH, codes.ACCOUNT, codes.FUNDS})
# Ours, and one more where somebody else was faster and made it otherwise than declared.
STEPS = 2
# So many answers lost or put off one after the other, and it is the gateway that fails, not a request.
MOST_LOST_IN_A_ROW = 10

# What became of a change. ALREADY_DONE: by somebody else, meanwhile. FAILED: the account does not show it. UNKNOWN: the
# account could not be asked.
PLANNED, DONE, ALREADY_DONE = "planned", "done", "already_done"
FAILED, UNKNOWN, NOT_TRIED = "failed", "unknown", "not_tried"


@dataclasses.dataclass(frozen=True)
class Outcome(t.Generic[T]):
    """What became of one declared object.

    change: what was planned. status: what became of it.
    changed: this run changed the object, or may have.
    thing: the object as it is now, or as a dry run expects it; None when there is none.
    before, after: its declarable part, empty when there is none; equal when nothing changed.
    failure: why the object is not as it was declared, None where it is.
    """

    change: Change[T]
    status: str
    changed: bool
    thing: T | None
    before: dict[str, str]
    after: dict[str, str]
    failure: OnfonError | None = None


def foretell(change: Change[T]) -> Outcome[T]:
    """What a change should lead to."""
    return Outcome(change, PLANNED, change.action != NONE, change.expected, change.before, change.after)


def not_made(change: Change[T], reason: OnfonError) -> Outcome[T]:
    """What a change leads to that is not even tried."""
    return Outcome(change, NOT_TRIED, False, change.current, change.before, change.before, reason)


class Pursuit(t.Generic[T]):
    """One change on its way: made, proved, and made once more where somebody else was faster.

    outcome: None as long as there is something to do. steps: how often it was made and proved.
    doubt: why it is not certain that the last step was made, None where Onfon said so.
    """

    def __init__(self, change: Change[T]) -> None:
        self.planned = change
        self.outcome: Outcome[T] | None = None
        self.doubt: OnfonError | None = None
        self._change = change
        self._changed = False
        self._before = change.before
        self.steps = 0

    def make(self, client: Client) -> None:
        """Write. Raises the failure after which nothing can be written."""
        self.doubt = None
        try:
            write(client, self._change)
        except OnfonError as failure:
            # Only the account's list can tell what became of it.
            self.doubt = failure
            if is_final(failure):
                raise

    def prove(self, live: Live[T] | OnfonError) -> None:
        """Compare with the account's new list, or with the failure to get it."""
        made, doubt = self._change, self.doubt
        self.steps += 1
        try:
            again = plan_again(made, doubt, live)
        except OnfonError as failure:
            self.fail(failure, UNKNOWN if isinstance(live, OnfonError) else FAILED)
            return
        if not self._changed:
            self._before = made.before
            self._changed = doubt is None or (doubt.may_have_acted and again.before != made.before)
        if again.action == NONE:
            before = self._before if self._changed else again.before
            status = DONE if self._changed else ALREADY_DONE
            self.outcome = Outcome(self.planned, status, self._changed, again.current, before, again.after)
        elif doubt is None or again.action == made.action or self.steps == STEPS:
            self.fail(unfinished(made, again.current, doubt), FAILED, again.current, again.before)
        else:
            self._change = again

    def skip(self, reason: OnfonError) -> None:
        """Make no further step."""
        self.fail(self.doubt or reason, FAILED if self.doubt else NOT_TRIED)

    def fail(
        self, failure: OnfonError, status: str, thing: T | None = None, after: dict[str, str] | None = None
    ) -> None:
        """The object is not as it was declared. thing, after: what the account shows, where that is known."""
        change = self.planned
        changed = self._changed or failure.result.get("changed", False)
        if after is None or not changed:
            thing, after = change.current, self._before
        self.outcome = Outcome(change, status, changed, thing, self._before, after, failure)


def is_final(failure: OnfonError) -> bool:
    """Nothing was written, and nothing can be."""
    return not failure.may_have_acted and (failure.kind in FINAL or failure.http_status is None)


class Crew:
    """Makes changes, several at a time.

    tell: is told of each how many are done (1), and how many of them are in trouble (0 or 1).
    stopped: why no more are made, None as long as that makes sense.
    """

    def __init__(
        self, clients: Clients, concurrency: int, tell: t.Callable[[int, int], None] = lambda _done, _troubled: None
    ) -> None:
        self._clients = clients
        self._concurrency = concurrency
        self._tell = tell
        self._lost_in_a_row = 0
        self.stopped: OnfonError | None = None

    def make(self, pursuits: t.Iterable[Pursuit[t.Any]]) -> None:
        """Write once for each."""
        flying: dict[concurrent.futures.Future[None], Pursuit[t.Any]] = {}
        with side_by_side(self._concurrency) as pool:
            for pursuit in pursuits:
                if len(flying) == self._concurrency:
                    self._land(flying, concurrent.futures.FIRST_COMPLETED)
                if self.stopped is None:
                    flying[self._clients.submit(pool, pursuit.make)] = pursuit
                else:
                    pursuit.skip(self.stopped)
            self._land(flying, concurrent.futures.ALL_COMPLETED)

    def _land(self, flying: dict[concurrent.futures.Future[None], Pursuit[t.Any]], when: str) -> None:
        landed, _others = concurrent.futures.wait(flying, return_when=when)
        for answer in landed:
            self._judge(flying.pop(answer), answer.exception())

    def _judge(self, pursuit: Pursuit[t.Any], failure: BaseException | None) -> None:
        """What an attempt says of its change, and of those to come."""
        if isinstance(failure, OnfonError):
            pursuit.fail(failure, FAILED)
            self.stopped = self.stopped or failure
        elif isinstance(failure, Exception):
            pursuit.doubt = crash(failure)
        elif failure is not None:
            raise failure
        doubt = pursuit.doubt
        lost = doubt is not None and (doubt.may_have_acted or doubt.kind == codes.TRANSIENT)
        self._lost_in_a_row = self._lost_in_a_row + 1 if lost else 0
        if self._lost_in_a_row >= MOST_LOST_IN_A_ROW:
            self.stopped = self.stopped or doubt
        if pursuit.steps == 0:
            self._tell(1, int(doubt is not None))


def apply(
    changes: t.Iterable[Change[t.Any]], client: Client, crew: Crew
) -> tuple[list[Outcome[t.Any]], dict[str, list[t.Any] | None]]:
    """Make changes of whatever kinds: an outcome for each, and by kind what the account holds then.

    A kind is listed only if something of it may have been written; None where that failed.
    """
    pursuits = [Pursuit(change) for change in changes]
    listed: dict[str, list[t.Any] | None] = {}
    for _step in range(STEPS):
        open_ones = [pursuit for pursuit in pursuits if pursuit.outcome is None]
        crew.make(open_ones)
        written = [pursuit for pursuit in open_ones if pursuit.outcome is None]
        for kind in {pursuit.planned.kind.name: pursuit.planned.kind for pursuit in written}.values():
            live = look(kind, client)
            listed[kind.name] = None if isinstance(live, OnfonError) else live.things
            for pursuit in written:
                if pursuit.planned.kind is kind:
                    pursuit.prove(live)
    # Each has an outcome: the last step gives one to whatever it finds.
    return [t.cast("Outcome[t.Any]", pursuit.outcome) for pursuit in pursuits], listed


def look(kind: Kind[T], client: Client) -> Live[T] | OnfonError:
    """What the account holds of a kind, or why that is not known."""
    try:
        return Live(kind, kind.read(client))
    except OnfonError as failure:
        return failure


def write(client: Client, change: Change[t.Any]) -> None:
    """Make one change."""
    kind = change.kind
    identity = t.cast(int, change.current.id if change.current else None)
    if change.action == CREATE:
        kind.create(client, change.written)
    elif change.action == UPDATE:
        kind.update(client, identity, change.written)
    else:
        kind.delete(client, identity)


def plan_again(made: Change[T], doubt: OnfonError | None, live: Live[T] | OnfonError) -> Change[T]:
    """What is still to do after a change was made: nothing, where all went well."""
    kind, desired, done = made.kind, made.desired, DONE_WORDS[made.action]
    if isinstance(live, OnfonError):
        if doubt is None:
            thing = made.expected
            fact = f"The {kind.name} {desired} was {done}, but proving it failed. {live.fact}"
            result = {"changed": True, kind.name: thing.as_result() if thing else None}
        else:
            unknown = f"Whether the {kind.name} {desired} was {done} is not known. " * doubt.may_have_acted
            fact = f"{doubt.fact} {unknown}Listing the {kind.name}s then failed too: {live.fact}"
            result = {"changed": doubt.may_have_acted}
        raise (doubt or live).after(fact, live.hint, result)
    try:
        return plan(kind, live, desired)
    except StateError as failure:
        # Before the change there was a plan: it is the change that leaves none.
        failure.result.setdefault("changed", doubt is None or doubt.may_have_acted)
        raise


def unfinished(made: Change[T], thing: T | None, doubt: OnfonError | None) -> OnfonError:
    """The error of a change that the account's list does not show. thing: what it shows."""
    kind, desired, done = made.kind, made.desired, DONE_WORDS[made.action]
    result = {kind.name: thing.as_result() if thing else None}
    if doubt is None:
        advice = "declare it as Onfon lists it, or ask Onfon support" if thing else "ask Onfon support"
        said = f"Onfon said that the {kind.name} {desired} was {done}"
        return StateError(f"{said}, but lists {kind.listed(thing)}: {advice}.", result)
    if not doubt.may_have_acted:
        return doubt
    fact = f"{doubt.fact} The account's list does not show that the {kind.name} {desired} was {done}."
    return doubt.after(fact, doubt.hint, result)
