# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Makes changes, several at a time, and proves them by listing again: a change is done when none is needed any more."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import PERMANENT, TRANSIENT, OnfonError, StateError, UnexpectedError
from .._gateway.client import Client
from .._workers import Workers
from .plan import CREATE, DELETE, NONE, UPDATE, Change, LiveResources, plan_change
from .resources import R, ResourceType

# What became of a change. UNCHANGED: none was needed. PLANNED: predicted in check mode. ALREADY_DONE: made by somebody
# else meanwhile. FAILED: the account does not show it. UNKNOWN: the account could not be listed after the write.
UNCHANGED, PLANNED, DONE, ALREADY_DONE = "unchanged", "planned", "done", "already_done"
FAILED, UNKNOWN, NOT_TRIED = "failed", "unknown", "not_tried"

_PAST_TENSE: t.Final = {CREATE: "created", UPDATE: "changed", DELETE: "deleted"}
# One, and one more where somebody else was faster and wrote something else than was declared.
_MAX_ATTEMPTS: t.Final = 2


@dataclasses.dataclass(frozen=True)
class Outcome(t.Generic[R]):
    """What became of one change.

    change: as it was planned. status: one of those above.
    changed: this run changed the resource, or may have.
    resource: as it is now, or as check mode predicts it; None where there is none.
    before, after: its attributes, empty where there is none; equal where nothing changed.
    failure: why the resource is not as it was declared, None where it is. Its result may hold the resource as the
        account lists it, under the type's name.
    """

    change: Change[R]
    status: str
    changed: bool
    resource: R | None
    before: dict[str, str]
    after: dict[str, str]
    failure: OnfonError | None = None


def unchanged(change: Change[R]) -> Outcome[R]:
    """The outcome where no change is needed."""
    return Outcome(change, UNCHANGED, False, change.current, change.before, change.after)


def predict(change: Change[R]) -> Outcome[R]:
    """The outcome in check mode."""
    if change.action == NONE:
        return unchanged(change)
    return Outcome(change, PLANNED, True, change.predicted, change.before, change.after)


def not_tried(change: Change[R], reason: OnfonError) -> Outcome[R]:
    """The outcome where nothing was written."""
    if change.action == NONE:
        return unchanged(change)
    return Outcome(change, NOT_TRIED, False, change.current, change.before, change.before, reason)


class PendingChange(t.Generic[R]):
    """One change until its outcome is known: it is written, verified, and written anew where somebody else was faster.

    outcome: None as long as there is something to do. attempts: how many writes were begun.
    write_error: why it is not certain that the last write was made, None where Onfon said so.
    """

    def __init__(self, change: Change[R]) -> None:
        self.planned = change
        self.outcome = unchanged(change) if change.action == NONE else None
        self.attempts = 0
        self.write_error: OnfonError | None = None
        self._change = change
        self._changed = False
        self._before = change.before

    def write(self, client: Client) -> None:
        """Make the request. Raises OnfonError."""
        change = self._change
        resource_type = change.type
        identity = t.cast(int, change.current.id if change.current else None)
        if change.action == CREATE:
            resource_type.create(client, change.written)
        elif change.action == UPDATE:
            resource_type.update(client, identity, change.written)
        else:
            resource_type.delete(client, identity)

    def verify(self, live: LiveResources[R]) -> None:
        """Compare with what the account lists after the write."""
        attempted, error = self._change, self.write_error
        remaining = plan_change(live, attempted.desired)
        if remaining.problem:
            # There was no problem before the write, so it has changed something, unless it is certain that it failed.
            self._changed = self._changed or error is None or error.may_have_acted
            self._fail(StateError(remaining.problem), FAILED)
            return
        if not self._changed:
            self._before = attempted.before
            self._changed = error is None or (error.may_have_acted and remaining.before != attempted.before)
        if remaining.action == NONE:
            self._succeed(remaining)
        elif error is None or remaining.action == attempted.action or self.attempts == _MAX_ATTEMPTS:
            self._fail(_not_as_declared(attempted, error, remaining.current), FAILED, listed=remaining)
        else:
            self._change = remaining

    def list_failed(self, failure: OnfonError) -> None:
        """Record that the account could not be listed after the write."""
        error = self.write_error
        self._changed = self._changed or error is None or error.may_have_acted
        self._fail(_not_proved(self._change, error, failure), UNKNOWN)

    def abandon(self, error: OnfonError) -> None:
        """Record a write that failed, and that nothing was written."""
        self._fail(error, FAILED)

    def skip(self, reason: OnfonError) -> None:
        """Record that there is no further attempt."""
        if self.write_error is None:
            self._fail(reason, NOT_TRIED)
        else:
            self._fail(self.write_error, FAILED)

    def _succeed(self, remaining: Change[R]) -> None:
        status = DONE if self._changed else ALREADY_DONE
        before = self._before if self._changed else remaining.before
        self.outcome = Outcome(self.planned, status, self._changed, remaining.current, before, remaining.after)

    def _fail(self, failure: OnfonError, status: str, listed: Change[R] | None = None) -> None:
        """listed: a plan against the list after the write, None where there is none that could tell."""
        resource, after = self.planned.current, self._before
        if listed is not None and self._changed:
            resource, after = listed.current, listed.before
        self.outcome = Outcome(self.planned, status, self._changed, resource, self._before, after, failure)


class _Writes:
    """One round of writes: see _workers.Work."""

    def __init__(
        self,
        changes: t.Iterable[PendingChange[t.Any]],
        workers: Workers,
        advance: t.Callable[[int, int], None],
    ) -> None:
        self._changes = iter(changes)
        self._workers = workers
        self._advance = advance

    def take(self) -> PendingChange[t.Any] | None:
        return next(self._changes, None)

    def begin(self, item: PendingChange[t.Any]) -> PendingChange[t.Any]:
        item.attempts += 1
        item.write_error = None
        return item

    def perform(self, client: Client, item: PendingChange[t.Any]) -> None:
        item.write(client)

    def collect(self, item: PendingChange[t.Any], _answer: None, error: OnfonError | None) -> OnfonError | None:
        item.write_error = error
        if error and _forbids_writes(error):
            item.abandon(error)
            self._workers.stop(error)
        if item.attempts == 1:
            self._advance(1, int(error is not None))
        return error if error and (error.may_have_acted or error.error_class == TRANSIENT) else None


def _forbids_writes(error: OnfonError) -> bool:
    """Nothing was written, and nothing can be."""
    return not error.may_have_acted and (error.error_class in PERMANENT or error.http_status is None)


class Execution(t.NamedTuple):
    """outcomes: one for each change, in the same order.

    listed: what the account holds afterwards, by resource type; only for types of which something may have been
    written, None where the list could not be read.
    """

    outcomes: list[Outcome[t.Any]]
    listed: dict[ResourceType[t.Any], list[t.Any] | None]


def execute(
    changes: t.Iterable[Change[t.Any]],
    client: Client,
    workers: Workers,
    advance: t.Callable[[int, int], None],
) -> Execution:
    """Make changes of any types, and prove them. Raises nothing for a change that fails: its outcome has the failure.

    client: lists the account. advance: is called with 1 after each change's first write, and with 1 or 0 for an error.
    """
    pending = [PendingChange(change) for change in changes]
    listed: dict[ResourceType[t.Any], list[t.Any] | None] = {}
    for attempt in range(1, _MAX_ATTEMPTS + 1):
        unresolved = [change for change in pending if change.outcome is None]
        workers.run(_Writes(unresolved, workers, advance))
        if workers.stop_reason:
            for change in unresolved:
                if change.attempts < attempt:
                    change.skip(workers.stop_reason)
        listed.update(_verify([change for change in unresolved if change.outcome is None], client))
    # Each has an outcome: the last attempt leaves none to do.
    return Execution([t.cast("Outcome[t.Any]", change.outcome) for change in pending], listed)


def _verify(written: t.Sequence[PendingChange[t.Any]], client: Client) -> dict[ResourceType[t.Any], list[t.Any] | None]:
    """List each type of which something was written, and compare. Returns the lists, None for one that failed."""
    by_type: dict[ResourceType[t.Any], list[PendingChange[t.Any]]] = {}
    for change in written:
        by_type.setdefault(change.planned.type, []).append(change)
    return {resource_type: _verify_type(resource_type, changes, client) for resource_type, changes in by_type.items()}


def _verify_type(
    resource_type: ResourceType[R], changes: t.Iterable[PendingChange[R]], client: Client
) -> list[R] | None:
    failure: OnfonError
    try:
        live = LiveResources(resource_type, resource_type.read(client))
    except OnfonError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - whatever it is: what was written must be told
        failure = UnexpectedError("A request", error)
    else:
        for change in changes:
            change.verify(live)
        return live.all
    for change in changes:
        change.list_failed(failure)
    return None


# --- the errors -------------------------------------------------------------------------------------------------------


def _not_proved(attempted: Change[R], write_error: OnfonError | None, list_error: OnfonError) -> OnfonError:
    """The error of a change after which the account could not be listed."""
    resource_type, desired, done = attempted.type, attempted.desired, _PAST_TENSE[attempted.action]
    if write_error is None:
        fact = f"The {resource_type.name} {desired} was {done}, but proving it failed. {list_error.fact}"
        return list_error.reworded(fact, list_error.hint, _as_result(resource_type, attempted.predicted))
    unknown = f"Whether the {resource_type.name} {desired} was {done} is not known. " * write_error.may_have_acted
    fact = f"{write_error.fact} {unknown}Listing the {resource_type.plural} then failed too: {list_error.fact}"
    return write_error.reworded(fact, list_error.hint, {})


def _not_as_declared(attempted: Change[R], write_error: OnfonError | None, resource: R | None) -> OnfonError:
    """The error of a change that the account does not show. resource: what it lists instead."""
    resource_type, desired, done = attempted.type, attempted.desired, _PAST_TENSE[attempted.action]
    result = _as_result(resource_type, resource)
    if write_error is None:
        advice = "declare it as Onfon lists it, or ask Onfon support" if resource else "ask Onfon support"
        said = f"Onfon said that the {resource_type.name} {desired} was {done}"
        return StateError(f"{said}, but lists {resource_type.describe(resource)}: {advice}.", result)
    if not write_error.may_have_acted:
        return write_error
    fact = f"{write_error.fact} The account's list does not show that the {resource_type.name} {desired} was {done}."
    return write_error.reworded(fact, write_error.hint, result)


def _as_result(resource_type: ResourceType[R], resource: R | None) -> dict[str, t.Any]:
    return {resource_type.name: resource.as_result() if resource else None}
