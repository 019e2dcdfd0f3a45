# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_account: properties of any account and any declaration."""

from __future__ import annotations

import copy
import typing as t

from hypothesis import given
from hypothesis import strategies as st

from tests.support.account_runner import AccountRunner
from tests.support.operation_runner import Result

# Few names and texts, so that they often meet; some differ in nothing but capitals, blanks or line ends.
NAMES = st.sampled_from(["a", "a", "A", "b", "c", "d", "keep-1", " a", "old"])
TEXTS = st.sampled_from(["one", "one\n", "two", "##Three##", "{{ four }}"])
STATES = st.sampled_from(["present", "present", "absent"])
LIVE_GROUPS = st.lists(st.tuples(NAMES, st.sampled_from([0, 0, 3, None])), max_size=5)
LIVE_TEMPLATES = st.lists(st.tuples(NAMES, TEXTS), max_size=5)
GROUPS = st.lists(
    st.builds(lambda name, state: {"name": name, "state": state}, NAMES, STATES), unique_by=lambda each: each["name"]
)
TEMPLATES = st.lists(
    st.builds(lambda name, state, text: {"name": name, "state": state, "text": text}, NAMES, STATES, st.none() | TEXTS),
    unique_by=lambda each: each["name"],
)


@st.composite
def declarations(draw: st.DrawFn) -> dict[str, t.Any]:
    """Options that fit together; whether the account allows what they say is another question."""
    groups, templates = draw(st.sampled_from([(GROUPS, TEMPLATES), (GROUPS, st.none()), (st.none(), TEMPLATES)]))
    declared = {"groups": draw(groups), "templates": draw(templates)}
    names = sorted({each["name"] for entries in declared.values() for each in entries or []})
    others = sorted({"old", "b", "d"} - set(names))
    return {
        **declared,
        "renames": dict(zip(others, draw(st.lists(st.sampled_from(names), max_size=2, unique=True)))) if names else {},
        **{f"purge_{option}": draw(st.booleans()) for option, entries in declared.items() if entries is not None},
        "purge_groups_with_contacts": draw(st.booleans()),
        "purge_limit": draw(st.sampled_from([10, 10, 0])),
        "protect": draw(st.sampled_from([[], ["keep-*"], ["d"]])),
        "concurrency": draw(st.sampled_from([1, 3])),
    }


FAULTS = st.lists(st.sampled_from(["works", "lost", "lost, acts", "029", "028", "006", "006, acts", "021"]), max_size=4)
Groups = list[tuple[str, t.Optional[int]]]
Templates = list[tuple[str, str]]
SERVICES: t.Final = {"group": "Group", "template": "Template"}
METHODS: t.Final = {"create": "POST", "update": "PUT", "delete": "DELETE"}


def task_on(groups: Groups, templates: Templates) -> AccountRunner:
    runner = AccountRunner()
    for name, contacts in groups:
        runner.transport.rows["Group"][runner.transport.add_group(name)]["ContactCount"] = contacts
    for name, text in templates:
        runner.transport.add_template(name, text)
    return runner


def write(entry: Result) -> tuple[t.Any, ...]:
    """The request that an entry of the plan stands for, without the texts of a template that only its name changes."""
    names = {"name": f"{SERVICES[entry['kind']]}Name", "text": "MessageTemplate"}
    texts = {names[key]: value for key, value in entry["after"].items() if value != entry["before"].get(key)}
    return METHODS[entry["action"]], SERVICES[entry["kind"]], entry["id"], texts


def is_for(asked: tuple[t.Any, ...], planned: tuple[t.Any, ...]) -> bool:
    """A request is the planned one. A name or a text that does not change goes with it as it is."""
    return asked[:3] == planned[:3] and planned[3].items() <= asked[3].items()


@given(LIVE_GROUPS, LIVE_TEMPLATES, declarations())
def test_check_mode_predicts_the_writes(groups: Groups, templates: Templates, declared: dict[str, t.Any]) -> None:
    runner = task_on(groups, templates)
    rows = copy.deepcopy(runner.transport.rows)
    predicted = runner.declare(check=True, **copy.deepcopy(declared))
    assert (runner.transport.rows, runner.transport.written) == (rows, [])
    result = runner.declare(**copy.deepcopy(declared))
    assert result.get("msg") == predicted.get("msg")
    if "msg" in predicted:
        assert (runner.transport.rows, result["changed"], predicted["changed"]) == (rows, False, False)
        return
    assert [{**entry, "status": "planned", "id": None} for entry in result["plan"]] == [
        {**entry, "id": None} for entry in predicted["plan"]
    ]
    left = list(runner.transport.written)
    for entry in predicted["plan"]:
        left.remove(next(asked for asked in left if is_for(asked, write(entry))))
    assert left == []
    same = ("changed", "summary", "undeclared", "diff")
    # What is created at the same time may arrive in any order.
    order: t.Callable[[t.Iterable[str]], list[str]] = list if declared["concurrency"] == 1 else sorted
    assert [result[key] for key in same] == [predicted[key] for key in same]
    for option, text in (("groups", "name"), ("templates", "text")):
        assert (result[option] is None) == (predicted[option] is None)
        assert order(each[text].rstrip("\n") for each in result[option] or []) == order(
            each[text].rstrip("\n") for each in predicted[option] or []
        )


@given(LIVE_GROUPS, LIVE_TEMPLATES, declarations())
def test_a_second_run_is_idempotent_and_other_resources_are_unchanged(
    groups: Groups, templates: Templates, declared: dict[str, t.Any]
) -> None:
    runner = task_on(groups, templates)
    rows = copy.deepcopy(runner.transport.rows)
    result = runner.declare(**copy.deepcopy(declared))
    if "msg" in result:
        assert runner.transport.rows == rows
        return
    again = runner.declare(**copy.deepcopy(declared))
    assert (again.get("msg"), again["changed"], again["plan"]) == (None, False, [])
    for option, service in (("groups", "Group"), ("templates", "Template")):
        named = {each["name"] for each in declared[option] or []}
        meant = named | {old for old, new in declared["renames"].items() if new in named}
        before, now = rows[service], runner.transport.rows[service]
        touched = [identity for identity in {*before, *now} if before.get(identity) != now.get(identity)]
        assert len(touched) == sum(entry["kind"] == option[:-1] for entry in result["plan"])
        for identity in touched:
            row = before.get(identity, now.get(identity))
            purged = identity not in now and may_be_purged(row, f"{service}Name", declared, option)
            assert row[f"{service}Name"] in meant or purged


def may_be_purged(row: dict[str, t.Any], name: str, declared: dict[str, t.Any], option: str) -> bool:
    """The options let an undeclared object go."""
    protected = {"keep-*": "keep-1", "d": "d"}
    full = row.get("ContactCount", 0) != 0 and not declared["purge_groups_with_contacts"]
    return (
        bool(declared.get(f"purge_{option}"))
        and not full
        and row[name] not in [protected[each] for each in declared["protect"]]
    )


@given(LIVE_GROUPS, LIVE_TEMPLATES, declarations(), FAULTS, st.sampled_from([str, str.upper]))
def test_the_result_is_true_to_the_account_after_any_faults(
    groups: Groups,
    templates: Templates,
    declared: dict[str, t.Any],
    faults: list[str],
    store: t.Callable[[str], str],
) -> None:
    """What the plan calls done is done; and what this run did is never called unchanged."""
    runner = task_on(groups, templates)
    account = runner.transport
    account.store = store
    rows = copy.deepcopy(account.rows)
    account.script(faults)
    result = runner.declare(**copy.deepcopy(declared))
    assert result["changed"] or account.rows == rows
    if "msg" not in result:
        again = runner.declare(**copy.deepcopy(declared))
        assert (again.get("msg"), again["plan"]) == (None, [])
    for entry in result.get("plan", []):
        if entry["status"] == "done":
            listed = result[f"{entry['kind']}s"]
            shown = [each for each in listed if each["id"] == entry["id"]]
            assert bool(shown) == (entry["action"] != "delete")
            assert all(each["name"] == entry["after"]["name"] for each in shown)
        else:
            assert (entry["status"] == "planned") == (entry["error"] is None)
