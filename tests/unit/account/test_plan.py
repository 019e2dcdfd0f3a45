# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes that a declaration needs, planned without a request."""

from __future__ import annotations

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._account.plan import (
    CREATE,
    DELETE,
    NONE,
    NOT_DECLARABLE,
    NOT_EMPTY,
    NOT_PURGED,
    PROTECTED,
    UPDATE,
    Change,
    Declaration,
    DesiredResource,
    LiveResources,
    Purge,
    TypePlan,
    make_plan,
    plan_change,
    refusal_of,
    undeclarable_names,
)
from ansible_collections.onfon.sms.plugins.module_utils._account.resources import GROUP, TEMPLATE
from ansible_collections.onfon.sms.plugins.module_utils._gateway.models import Group, Template

ALPHA = Template(1, "alpha", "one", approved=True)
BETA = Template(2, "beta", "two")
ALPHA_AGAIN = Template(10, "alpha", "three")
ALPHA_THIRD = Template(9, "alpha", "four")


def planned(*live: Template, **desired: object) -> Change[Template]:
    """The change for a template, whether or not it has a problem."""
    text = desired.pop("text", None)
    attributes = {} if text is None else {"text": str(text)}
    wanted = DesiredResource(**desired, attributes=attributes)  # type: ignore[arg-type]
    return plan_change(LiveResources(TEMPLATE, live), wanted)


def step(*live: Template, **desired: object) -> Change[Template]:
    """A change that has no problem."""
    change = planned(*live, **desired)
    assert change.problem is None
    return change


def parts(change: Change[Template]) -> tuple[object, ...]:
    return change.action, change.current, change.before, change.after


def refusal(*live: Template, **desired: object) -> str:
    """Why there is no change."""
    change = planned(*live, **desired)
    assert change.problem is not None
    assert (change.action, change.before) == (NONE, change.after)
    return change.problem


@pytest.mark.parametrize(
    "desired",
    [
        {"name": "alpha"},
        {"name": "alpha", "text": "one"},
        {"name": "alpha", "new_name": "alpha"},
        {"id": 1},
        {"id": 1, "name": "alpha"},
        {"id": 1, "text": "one"},
        {"name": "old", "new_name": "alpha"},
        {"name": "old", "new_name": "alpha", "text": "one"},
        {"id": 1, "name": "old", "new_name": "alpha"},
        {"name": "gamma", "present": False},
        {"name": "Alpha", "present": False},
        {"id": 3, "present": False},
        {"id": 3, "name": "alpha", "present": False},
    ],
)
def test_a_resource_as_declared_needs_no_change(desired: dict[str, object]) -> None:
    change = step(ALPHA, BETA, **desired)
    assert change.action == NONE
    assert change.before == change.after


@pytest.mark.parametrize(
    ("desired", "after"),
    [
        ({"name": "alpha", "text": "new"}, {"name": "alpha", "text": "new"}),
        ({"name": "alpha", "new_name": "gamma"}, {"name": "gamma", "text": "one"}),
        ({"name": "alpha", "new_name": "gamma", "text": "new"}, {"name": "gamma", "text": "new"}),
        ({"name": "alpha", "new_name": "ALPHA"}, {"name": "ALPHA", "text": "one"}),
        ({"id": 1, "name": "gamma"}, {"name": "gamma", "text": "one"}),
        ({"id": 1, "new_name": "gamma"}, {"name": "gamma", "text": "one"}),
        ({"id": 1, "name": "whatever", "new_name": "gamma"}, {"name": "gamma", "text": "one"}),
        ({"id": 1, "text": "new"}, {"name": "alpha", "text": "new"}),
        ({"name": "old", "new_name": "alpha", "text": "new"}, {"name": "alpha", "text": "new"}),
    ],
)
def test_a_change(desired: dict[str, object], after: dict[str, str]) -> None:
    assert parts(step(ALPHA, BETA, **desired)) == (UPDATE, ALPHA, {"name": "alpha", "text": "one"}, after)


@pytest.mark.parametrize(
    ("desired", "name"),
    [({"name": "gamma"}, "gamma"), ({"name": "gamma", "new_name": "delta"}, "delta"), ({"name": "alph"}, "alph")],
)
def test_a_creation(desired: dict[str, object], name: str) -> None:
    change = step(ALPHA, BETA, **desired, text="new")
    assert parts(change) == (CREATE, None, {}, {"name": name, "text": "new"})


@pytest.mark.parametrize("desired", [{"name": "alpha"}, {"id": 1}, {"id": 1, "name": "alpha"}])
def test_a_deletion(desired: dict[str, object]) -> None:
    change = step(ALPHA, BETA, **desired, present=False)
    assert parts(change) == (DELETE, ALPHA, {"name": "alpha", "text": "one"}, {})


def test_a_deletion_needs_no_text() -> None:
    assert step(ALPHA, name="alpha", present=False, text="other").action == DELETE


@pytest.mark.parametrize(
    "desired", [{"name": "Alpha"}, {"name": "gamma", "new_name": "ALPHA"}, {"id": 2, "name": "Alpha"}]
)
def test_a_name_that_differs_only_in_case_is_refused(desired: dict[str, object]) -> None:
    assert 'the template "alpha" (id 1)' in refusal(ALPHA, BETA, **desired, text="new")


def test_creating_a_template_without_text_is_refused() -> None:
    assert refusal(name="gamma") == 'There is no template "gamma" yet: set text to create it.'


@pytest.mark.parametrize("present", [True, False])
def test_duplicate_names_are_an_error_with_their_ids(present: bool) -> None:
    msg = refusal(ALPHA, BETA, ALPHA_AGAIN, name="alpha", present=present)
    assert "2 templates" in msg
    assert "ids 1 and 10" in msg


def test_ids_are_in_numerical_order() -> None:
    assert "1, 9 and 10" in refusal(ALPHA_AGAIN, ALPHA_THIRD, ALPHA, name="alpha")


def test_duplicates_of_the_new_name_are_an_error() -> None:
    assert "ids 1 and 10" in refusal(ALPHA, ALPHA_AGAIN, name="old", new_name="alpha")


def test_one_of_two_duplicates_can_be_removed_by_id() -> None:
    assert step(ALPHA, ALPHA_AGAIN, id=10, name="alpha", present=False).current == ALPHA_AGAIN


def test_one_of_two_duplicates_can_be_renamed_by_id() -> None:
    assert step(ALPHA, ALPHA_AGAIN, id=10, new_name="gamma").after == {"name": "gamma", "text": "three"}


@pytest.mark.parametrize("desired", [{"id": 10}, {"id": 10, "name": "alpha"}])
def test_the_text_of_one_of_two_duplicates_can_be_changed_by_id(desired: dict[str, object]) -> None:
    """Two of one name are an error unless id is given; it takes no name that it has not had before."""
    change = step(ALPHA, ALPHA_AGAIN, **desired, text="new")
    assert (change.action, change.current) == (UPDATE, ALPHA_AGAIN)


@pytest.mark.parametrize(
    "desired", [{"name": "alpha", "new_name": "beta"}, {"id": 1, "name": "beta"}, {"id": 1, "new_name": "beta"}]
)
def test_a_rename_to_an_existing_name_is_refused(desired: dict[str, object]) -> None:
    msg = refusal(ALPHA, BETA, **desired)
    assert '"beta" is taken' in msg
    assert "id 2" in msg


@pytest.mark.parametrize("desired", [{"id": 3}, {"id": 3, "name": "gamma"}, {"id": 0, "text": "x"}, {"id": -1}])
def test_an_unknown_id_cannot_be_created(desired: dict[str, object]) -> None:
    assert f"no template with id {desired['id']}" in refusal(ALPHA, **desired)


def test_an_id_with_another_name_is_not_deleted() -> None:
    msg = refusal(ALPHA, BETA, id=1, name="beta", present=False)
    assert '"alpha"' in msg
    assert '"beta"' in msg


ODD = Template(3, "odd ", "x")


def test_an_invalid_existing_name_can_be_found_deleted_and_renamed() -> None:
    assert step(ODD, name="odd ").action == NONE
    assert step(ODD, name="odd ", present=False).action == DELETE
    assert step(ODD, name="odd ", new_name="odd").after["name"] == "odd"


@pytest.mark.parametrize("name", ["odd ", " odd", "two\nlines", "two\u2028lines", "bell\x07"])
def test_an_invalid_name_is_not_created(name: str) -> None:
    assert refusal(name=name, text="x").startswith("A template cannot be named")
    assert refusal(ALPHA, name="alpha", new_name=name).startswith("A template cannot be named")


# --- a whole resource type --------------------------------------------------------------------------------------------

OPS, OLD, FULL = Group(1, "Ops"), Group(2, "Old"), Group(3, "Full", 12)


def plan_of(live: list[Group], *desired: DesiredResource, purge: Purge | None = None) -> TypePlan[Group]:
    return make_plan(Declaration(GROUP, desired, purge), LiveResources(GROUP, live))


def test_a_plan_has_a_change_for_each_declared_resource() -> None:
    plan = plan_of([OPS, OLD], DesiredResource("Ops"), DesiredResource("New"), DesiredResource("Old", present=False))
    assert [(change.action, change.name) for change in plan.changes] == [
        (NONE, "Ops"),
        (CREATE, "New"),
        (DELETE, "Old"),
    ]
    assert plan.predicted == [OPS, Group(None, "New")]
    assert refusal_of([plan], 0) is None


@pytest.mark.parametrize(
    ("purge", "purged", "undeclared"),
    [
        (None, [], [("Old", NOT_PURGED), ("Full", NOT_PURGED)]),
        (Purge(), ["Old"], [("Full", NOT_EMPTY)]),
        (Purge(with_contents=True), ["Old", "Full"], []),
        (Purge(("O*",), with_contents=True), ["Full"], [("Old", PROTECTED)]),
    ],
)
def test_undeclared_resources_are_purged_or_kept_for_a_reason(
    purge: Purge | None, purged: list[str], undeclared: list[tuple[str, str]]
) -> None:
    plan = plan_of([OPS, OLD, FULL], DesiredResource("Ops"), purge=purge)
    assert [change.name for change in plan.purged] == purged
    assert [(each.resource.name, each.reason) for each in plan.undeclared] == undeclared


def test_a_problem_is_returned_and_turns_the_purge_off() -> None:
    plan = plan_of([OPS, OLD], DesiredResource("OPS"), DesiredResource("New"), purge=Purge())
    assert plan.problems == ['Onfon may not tell "OPS" from the group "Ops" (id 1): name that one, or rename it.']
    assert [change.name for change in plan.changes] == ["New"]
    assert [each.reason for each in plan.undeclared] == [NOT_PURGED, NOT_PURGED]
    assert refusal_of([plan], 10) == plan.problems[0]


def test_a_purge_beyond_the_limit_is_refused() -> None:
    plan = plan_of([OPS, OLD], DesiredResource("Ops"), purge=Purge())
    assert refusal_of([plan], 1) is None
    assert str(refusal_of([plan], 0)).startswith(
        'The purge would delete 1 resources, more than purge_limit (0): group "Old"'
    )


@pytest.mark.parametrize("desired", [[], [DesiredResource("Gone", present=False)]])
def test_a_purge_without_declared_resources_is_refused(desired: list[DesiredResource]) -> None:
    plan = plan_of([OPS, OLD], *desired, purge=Purge())
    assert 'groups has none that stays, and the purge would delete groups "Ops" and "Old"' in str(refusal_of([plan], 9))


def test_undeclarable_names_are_listed_once_in_order() -> None:
    assert list(undeclarable_names(["b", " ", "a", "b", "", " ", "c", "a"])) == ["b", " ", "a", ""]
    twins = plan_of([OPS, OLD, Group(7, "Old")], DesiredResource("Ops"), purge=Purge())
    assert ([each.reason for each in twins.undeclared], twins.purged) == ([NOT_DECLARABLE, NOT_DECLARABLE], [])
