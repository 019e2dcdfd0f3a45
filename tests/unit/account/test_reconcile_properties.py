# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Properties of any account and any declaration."""

from __future__ import annotations

import copy
import typing as t

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._account.plan import (
    NONE,
    DesiredResource,
    LiveResources,
    plan_change,
)
from ansible_collections.onfon.sms.plugins.module_utils._account.resources import TEMPLATE
from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError, StateError
from tests.support.account_runner import reconcile_one
from tests.support.fake_transport import FakeTransport

# Few names, ids and texts, so that they often meet.
NAMES = st.sampled_from(["a", "A", "b", "c"])
TEXTS = st.sampled_from(["one", "two", "##Three##"])
LIVE = st.lists(st.tuples(NAMES, TEXTS), max_size=5)
FAULTS = st.lists(st.sampled_from(["works", "lost", "lost, acts", "029", "028", "006", "006, acts"]), max_size=3)


@st.composite
def desires(draw: st.DrawFn) -> DesiredResource:
    name, identity = draw(st.none() | NAMES), draw(st.none() | st.integers(1, 6))
    assume(name is not None or identity is not None)
    present = draw(st.booleans())
    return DesiredResource(
        name,
        identity,
        draw(st.none() | NAMES) if present else None,
        present,
        draw(st.just({}) | st.fixed_dictionaries({"text": TEXTS})),
    )


def account_of(live: list[tuple[str, str]]) -> FakeTransport:
    transport = FakeTransport()
    for name, text in live:
        transport.add_template(name, text)
    return transport


def is_as_declared(transport: FakeTransport, desired: DesiredResource) -> bool:
    change = plan_change(LiveResources(TEMPLATE, transport.client.templates()), desired)
    return (change.action, change.problem) == (NONE, None)


def perform(transport: FakeTransport, desired: DesiredResource, *, check_mode: bool) -> tuple[t.Any, ...]:
    """(changed, before, after), or the sentence of a declaration that cannot be met."""
    try:
        outcome = reconcile_one(TEMPLATE, transport, desired, check_mode=check_mode)
    except StateError as error:
        return (error.msg,)
    return outcome.changed, outcome.before, outcome.after


@given(LIVE, desires())
def test_check_mode_predicts_the_run_and_changes_nothing(live: list[tuple[str, str]], desired: DesiredResource) -> None:
    transport = account_of(live)
    rows = copy.deepcopy(transport.rows)
    said = perform(transport, desired, check_mode=True)
    assert transport.rows == rows
    assert perform(transport, desired, check_mode=False) == said


@given(LIVE, desires())
def test_a_second_run_is_idempotent_and_other_resources_are_unchanged(
    live: list[tuple[str, str]], desired: DesiredResource
) -> None:
    transport = account_of(live)
    rows = copy.deepcopy(transport.rows["Template"])
    try:
        outcome = reconcile_one(TEMPLATE, transport, desired)
    except StateError:
        assert transport.rows["Template"] == rows
        return
    now = transport.rows["Template"]
    touched = {identity for identity in {*rows, *now} if rows.get(identity) != now.get(identity)}
    assert len(touched) == (1 if outcome.changed else 0)
    assert len(transport.writes) == len(touched)
    assert is_as_declared(transport, desired)
    assert not reconcile_one(TEMPLATE, transport, desired).changed
    if outcome.resource is not None:
        assert now[outcome.resource.id]["TemplateName"] == outcome.resource.name == outcome.after["name"]
        assert now[outcome.resource.id]["MessageTemplate"] == outcome.resource.text == outcome.after["text"]
    else:
        assert outcome.after == {}


@given(LIVE, desires(), FAULTS, st.sampled_from([str, str.upper]))
def test_changed_is_true_to_the_account_after_any_faults(
    live: list[tuple[str, str]], desired: DesiredResource, faults: list[str], store: t.Callable[[str], str]
) -> None:
    """A success is one; and what this run did is never called unchanged."""
    transport = account_of(live)
    transport.store = store
    rows = copy.deepcopy(transport.rows["Template"])
    transport.script(faults)
    try:
        changed = reconcile_one(TEMPLATE, transport, desired).changed
    except OnfonError as error:
        changed = error.as_result()["changed"]
    else:
        assert is_as_declared(transport, desired)
    assert changed or transport.rows["Template"] == rows
