# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_account from its options to its result, on a fake transport."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.account_runner import AccountRunner, lines, statuses


@pytest.fixture
def runner() -> AccountRunner:
    return AccountRunner()


# --- what is declared is made, and nothing else -----------------------------------------------------------------------


def test_an_empty_account_is_filled(runner: AccountRunner) -> None:
    result = runner.declare(groups=["Ops", {"name": "Dev"}], templates=[{"name": "disk", "text": "##D##"}])
    assert result["changed"]
    assert lines(result) == ["create group Ops", "create group Dev", "create template disk"]
    assert statuses(result) == ["done"] * 3
    assert [entry["id"] for entry in result["plan"]] == [1, 2, 3]
    assert [group["name"] for group in result["groups"]] == ["Ops", "Dev"]
    assert [(each["id"], each["text"]) for each in result["templates"]] == [(3, "##D##")]
    assert (runner.groups, runner.templates) == (["Dev", "Ops"], {"disk": "##D##"})


def test_requests_are_one_list_per_type_the_writes_and_one_list_per_type(runner: AccountRunner) -> None:
    runner.declare(groups=["Ops", "Dev"], templates=[{"name": "disk", "text": "x"}])
    assert runner.transport.requests == [
        ("GET", "Group"),
        ("GET", "Template"),
        ("POST", "Group"),
        ("POST", "Group"),
        ("POST", "Template"),
        ("GET", "Group"),
        ("GET", "Template"),
    ]


def test_an_account_as_declared_takes_one_list_per_type(runner: AccountRunner) -> None:
    runner.seed("Ops", disk="x")
    result = runner.declare(groups=["Ops"], templates=[{"name": "disk", "text": "x"}])
    assert (result["changed"], result["plan"], result["diff"]) == (False, [], [])
    assert result["summary"]["unchanged"] == 2
    assert runner.transport.requests == [("GET", "Group"), ("GET", "Template")]


def test_a_type_without_a_write_is_not_listed_again(runner: AccountRunner) -> None:
    runner.seed(disk="x")
    runner.declare(groups=["Ops"], templates=[{"name": "disk"}])
    assert [each for each in runner.transport.requests if each[1] == "Template"] == [("GET", "Template")]


@pytest.mark.parametrize(("option", "other"), [("groups", "templates"), ("templates", "groups")])
def test_an_undeclared_type_is_not_read(runner: AccountRunner, option: str, other: str) -> None:
    runner.seed("Ops", disk="x")
    result = runner.declare(**{option: []})
    assert result[other] is None
    assert len(runner.transport.requests) == 1
    assert result["summary"]["undeclared"] == 1


def test_each_action(runner: AccountRunner) -> None:
    runner.seed("Ops", "Interns", "Others", disk="old", gone="x", kept="y")
    options = {
        "groups": ["On call", {"name": "Interns", "state": "absent"}, {"name": "Nobody", "state": "absent"}],
        "templates": [{"name": "disk", "text": "new"}, {"name": "gone", "state": "absent"}, {"name": "kept"}],
        "renames": {"Ops": "On call"},
    }
    predicted = runner.declare(check=True, **options)
    assert runner.transport.writes == []
    result = runner.declare(**options)
    assert (
        lines(result)
        == lines(predicted)
        == [
            "update group On call",
            "delete group Interns",
            "update template disk",
            "delete template gone",
        ]
    )
    assert statuses(predicted) == ["planned"] * 4
    assert result["diff"] == predicted["diff"]
    assert [group["name"] for group in result["groups"]] == ["On call", "Others"]
    assert (result["groups"][0]["id"], result["groups"][0]["contact_count"]) == (1, 3)
    assert runner.templates == {"disk": "new", "kept": "y"}
    assert result["summary"] == predicted["summary"]
    assert result["summary"] == {
        "created": 0,
        "updated": 2,
        "deleted": 2,
        "unchanged": 2,
        "undeclared": 1,
        "failed": 0,
        "unknown": 0,
        "not_tried": 0,
    }
    again = runner.declare(**options)
    assert (again["changed"], again["plan"]) == (False, [])


def test_check_mode_shows_the_account_as_declared(runner: AccountRunner) -> None:
    runner.seed("Ops", "Interns")
    result = runner.declare(
        check=True, groups=["Dev", "On call", {"name": "Interns", "state": "absent"}], renames={"Ops": "On call"}
    )
    assert [(group["id"], group["name"]) for group in result["groups"]] == [(1, "On call"), (None, "Dev")]
    assert [entry["id"] for entry in result["plan"]] == [None, 1, 2]


def test_the_diff_shows_texts_and_changed_segments(runner: AccountRunner) -> None:
    runner.seed(disk="short", old="same")
    result = runner.declare(
        templates=[{"name": "disk", "text": "\u0416" * 71}, {"name": "new", "text": "x" * 161}, {"name": "now"}],
        renames={"old": "now"},
    )
    sides = [(each["before"], each["after"]) for each in result["diff"]]
    assert sides == [
        ("name: disk\ntext: short\nsegments: 1\n", f"name: disk\ntext: {chr(0x416) * 71}\nsegments: 2\n"),
        ("", f"name: new\ntext: {'x' * 161}\nsegments: 2\n"),
        ("name: old\ntext: same\n", "name: now\ntext: same\n"),
    ]
    assert [each["before_header"] for each in result["diff"]] == [
        'template "disk"',
        'template "new"',
        'template "old"',
    ]


def test_the_diff_shows_invisible_characters(runner: AccountRunner) -> None:
    runner.seed("Ops ", disk="one\r\n\ntwo \u200b")
    result = runner.declare(
        groups=["Ops"], templates=[{"name": "disk", "text": "one\n\n\u0416\U0001f525"}], renames={"Ops ": "Ops"}
    )
    group, template = result["diff"]
    assert group["before"] == 'name: "Ops "\n'
    assert template["before"] == 'name: disk\ntext:\n  "one\\r"\n  \n  "two \\u200b"\nsegments: 1\n'
    assert template["after"] == "name: disk\ntext:\n  one\n  \n  \u0416\U0001f525\nsegments: 1\n"


def test_trailing_newlines_do_not_count(runner: AccountRunner) -> None:
    runner.seed(disk="text\r\n")
    assert not runner.declare(templates=[{"name": "disk", "text": "text\n"}])["changed"]


def test_a_rename_keeps_the_text_unchanged(runner: AccountRunner) -> None:
    runner.seed(old="text\n")
    runner.declare(templates=[{"name": "new", "text": "text"}], renames={"old": "new"})
    assert runner.templates == {"new": "text\n"}


def test_a_rename_that_was_made_may_stay_declared(runner: AccountRunner) -> None:
    runner.seed("On call")
    assert not runner.declare(groups=["On call"], renames={"Ops": "On call"})["changed"]


def test_a_rename_applies_to_both_types(runner: AccountRunner) -> None:
    runner.seed("old", old="x")
    runner.declare(groups=["new"], templates=[{"name": "new"}], renames={"old": "new"})
    assert (runner.groups, runner.templates) == (["new"], {"new": "x"})


def test_existing_invalid_names_are_found(runner: AccountRunner) -> None:
    """Whatever the portal let pass, an export can declare."""
    runner.seed("Ops ", "ops", "Ops", "two\nlines")
    result = runner.declare(groups=["Ops ", "ops", "Ops", "two\nlines"])
    assert (result.get("msg"), result["changed"]) == (None, False)


@pytest.mark.parametrize("concurrency", [1, 4, 32])
def test_writes_are_concurrent(runner: AccountRunner, concurrency: int) -> None:
    names = [f"Group {number}" for number in range(200)]
    result = runner.declare(groups=names, concurrency=concurrency)
    assert result["summary"]["created"] == 200
    assert runner.groups == sorted(names)
    assert runner.transport.sessions <= concurrency


# --- purge ------------------------------------------------------------------------------------------------------------


def empty(runner: AccountRunner, *names: str) -> None:
    """Add groups without contacts."""
    for name in names:
        runner.transport.rows["Group"][runner.transport.add_group(name)]["ContactCount"] = 0


def test_nothing_is_purged_by_default(runner: AccountRunner) -> None:
    empty(runner, "Ops", "Other")
    result = runner.declare(groups=["Ops"])
    assert not result["changed"]
    assert result["undeclared"] == [{"kind": "group", "name": "Other", "id": 2, "reason": "not_purged"}]


@pytest.mark.parametrize("check", [True, False])
def test_undeclared_resources_are_purged_last(runner: AccountRunner, check: bool) -> None:
    empty(runner, "Old", "Older")
    runner.seed(disk="x", gone="y")
    result = runner.declare(
        check=check,
        groups=["Ops"],
        templates=[{"name": "disk"}, {"name": "new", "text": "z"}],
        purge_groups=True,
        purge_templates=True,
    )
    assert lines(result) == [
        "create group Ops",
        "delete group Old",
        "delete group Older",
        "create template new",
        "delete template gone",
    ]
    assert result["undeclared"] == []
    assert runner.transport.writes == ([] if check else ["POST", "POST", "DELETE", "DELETE", "DELETE"])


@pytest.mark.parametrize(
    ("protect", "left"),
    [
        (["keep-*"], ["Ops", "keep-1", "keep-2"]),
        (["keep-1", "x*"], ["Ops", "keep-1", "x[1]"]),
        (["x[1]"], ["Ops", "x[1]"]),
        (["KEEP-*"], ["Ops"]),
        (["*"], ["Ops", "keep-1", "keep-2", "x[1]"]),
    ],
)
def test_protected_resources_are_kept(runner: AccountRunner, protect: list[str], left: list[str]) -> None:
    empty(runner, "Ops", "keep-1", "keep-2", "x[1]")
    result = runner.declare(groups=["Ops"], purge_groups=True, protect=protect)
    assert runner.groups == left
    assert {entry["reason"] for entry in result["undeclared"]} <= {"protected"}


def test_a_group_with_contacts_is_not_purged(runner: AccountRunner) -> None:
    runner.seed("Ops", "Customers")
    runner.transport.rows["Group"][runner.transport.add_group("Unclear")]["ContactCount"] = None
    result = runner.declare(groups=["Ops"], purge_groups=True)
    assert (result["changed"], runner.groups) == (False, ["Customers", "Ops", "Unclear"])
    assert {entry["reason"] for entry in result["undeclared"]} == {"not_empty"}
    (warning,) = result["warnings"]
    assert warning == (
        'The purge kept groups that have contacts: "Customers" (3 contacts) and "Unclear" (an unknown number of'
        " contacts). Set purge_groups_with_contacts to true to delete such groups too."
    )


def test_a_group_with_contacts_is_purged_on_demand(runner: AccountRunner) -> None:
    runner.seed("Ops", "Customers")
    result = runner.declare(groups=["Ops"], purge_groups=True, purge_groups_with_contacts=True)
    assert (runner.groups, "warnings" in result) == (["Ops"], False)


def test_a_group_declared_absent_is_deleted_with_its_contacts(runner: AccountRunner) -> None:
    runner.seed("Customers")
    runner.declare(groups=[{"name": "Customers", "state": "absent"}])
    assert runner.groups == []


@pytest.mark.parametrize("check", [True, False])
def test_a_purge_beyond_the_limit_changes_nothing(runner: AccountRunner, check: bool) -> None:
    empty(runner, *(f"old {number}" for number in range(6)))
    runner.seed(**{f"t{number}": "x" for number in range(5)})
    result = runner.declare(
        check=check,
        groups=["Ops"],
        templates=[{"name": "disk", "text": "x"}],
        purge_groups=True,
        purge_templates=True,
    )
    assert result["msg"].startswith('The purge would delete 11 resources, more than purge_limit (10): groups "old 0",')
    assert result["msg"].endswith("Declare or protect what stays, or raise purge_limit.")
    assert (result["changed"], runner.transport.writes) == (False, [])
    assert set(statuses(result)) == {"not_tried"}
    assert {entry["error"] for entry in result["plan"]} == {result["msg"]}
    assert len(lines(result)) == 13
    # Nothing was done, and nothing else is said.
    assert [group["name"] for group in result["groups"]] == [f"old {number}" for number in range(6)]
    assert [template["name"] for template in result["templates"]] == [f"t{number}" for number in range(5)]
    assert (result["diff"], result["summary"]["deleted"], result["summary"]["not_tried"]) == ([], 0, 13)


def test_the_purge_limit_can_be_raised(runner: AccountRunner) -> None:
    empty(runner, *(f"old {number}" for number in range(11)))
    assert runner.declare(groups=["Ops"], purge_groups=True, purge_limit=11)["summary"]["deleted"] == 11


@pytest.mark.parametrize("check", [True, False])
def test_a_lost_file_does_not_empty_an_account(runner: AccountRunner, check: bool) -> None:
    empty(runner, "Ops", "Dev")
    result = runner.declare(check=check, groups=[], purge_groups=True)
    assert 'groups has none that stays, and the purge would delete groups "Ops" and "Dev": ' in result["msg"]
    assert (runner.groups, result["changed"]) == (["Dev", "Ops"], False)


def test_a_list_with_only_absent_entries_does_not_empty_an_account(runner: AccountRunner) -> None:
    empty(runner, "Ops", "Dev")
    result = runner.declare(groups=[{"name": "zz", "state": "absent"}], purge_groups=True)
    assert "groups has none that stays" in result["msg"]
    assert runner.groups == ["Dev", "Ops"]


def test_undeclarable_names_are_not_purged(runner: AccountRunner) -> None:
    empty(runner, "Ops", "Twin", "Twin", " ", "")
    result = runner.declare(groups=["Ops"], purge_groups=True)
    assert (result["changed"], len(runner.groups)) == (False, 5)
    assert {entry["reason"] for entry in result["undeclared"]} == {"not_declarable"}


@pytest.mark.parametrize("protect", ["Caf\u00e9", "Cafe\u0301", "Caf\u00e9*", "*e\u0301"])
@pytest.mark.parametrize("name", ["Caf\u00e9", "Cafe\u0301"])
def test_protected_names_match_in_every_unicode_form(runner: AccountRunner, protect: str, name: str) -> None:
    empty(runner, "Ops", name)
    runner.declare(groups=["Ops"], purge_groups=True, protect=[protect])
    assert runner.groups == sorted(["Ops", name])


def test_surrounding_whitespace_counts_in_protected_names(runner: AccountRunner) -> None:
    empty(runner, "A", "Ops ", "Old ")
    runner.declare(groups=["A"], purge_groups=True, protect=["Ops ", "Old"])
    assert runner.groups == ["A", "Ops "]


def test_an_empty_list_may_purge_nothing(runner: AccountRunner) -> None:
    empty(runner, "Ops")
    assert not runner.declare(groups=[], purge_groups=True, protect=["Ops"])["changed"]


def test_a_resource_renamed_before_its_purge_is_kept(runner: AccountRunner) -> None:
    """It is another object now, although its id is the same."""
    empty(runner, "Ops", "Old")

    def rename() -> None:
        runner.transport.rows["Group"][2]["GroupName"] = "Precious"

    runner.transport.fail("DELETE", "028", first=rename)
    result = runner.declare(groups=["Ops"], purge_groups=True)
    assert 'is named "Precious", not "Old"' in result["msg"]
    assert runner.groups == ["Ops", "Precious"]


# --- plans that cannot be made ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"groups": ["OPS"]}, 'Onfon may not tell "OPS" from the group "Ops" (id 1): name that one, or rename it.'),
        (
            {"groups": ["New", "NEW"]},
            'Onfon may not tell the group "NEW" from "New", which is declared too: leave one.',
        ),
        ({"groups": ["Ops", "new "]}, 'A group cannot be named "new ": give one line'),
        ({"groups": ["two\nlines"]}, "give one line of text that does not begin or end with whitespace."),
        ({"templates": [{"name": "disk"}]}, 'There is no template "disk" yet: set text to create it.'),
        (
            {"groups": ["Dev"], "renames": {"Ops": "Dev"}},
            'The name "Dev" is taken by another group (id 2), so "Ops"',
        ),
        ({"groups": ["Twin"]}, 'There are 2 groups named "Twin" (ids 3 and 4): say which one with id, an option of'),
    ],
)
def test_one_invalid_declaration_changes_nothing(
    runner: AccountRunner, check: bool, options: dict[str, t.Any], sentence: str
) -> None:
    runner.seed("Ops", "Dev", "Twin", "Twin")
    options = {**options, "groups": [*options.get("groups", []), "Fine"]}
    result = runner.declare(check=check, **options)
    assert sentence in result["msg"]
    assert (result["changed"], runner.transport.writes) == (False, [])
    assert result["summary"]["failed"] == 1
    # The rest of the drift is reported all the same.
    assert ("create group Fine", "not_tried") in zip(lines(result), statuses(result))
    assert [group["name"] for group in result["groups"]] == ["Ops", "Dev", "Twin", "Twin"]


def test_new_names_that_differ_only_in_case_are_one_problem(runner: AccountRunner) -> None:
    result = runner.declare(groups=["New", "NEW", "Other"])
    assert result["msg"] == 'Onfon may not tell the group "NEW" from "New", which is declared too: leave one.'
    assert lines(result) == ["create group New", "create group Other"]


def test_a_declaration_with_a_problem_purges_nothing_of_its_type(runner: AccountRunner) -> None:
    """What the wrong name may mean is not to be seen among what would go."""
    empty(runner, "Ops", "Old")
    runner.seed(stale="x")
    result = runner.declare(groups=["OPS"], templates=[{"name": "new", "text": "x"}], purge_groups=True)
    assert lines(result) == ["create template new"]
    assert [entry["name"] for entry in result["undeclared"]] == ["Ops", "Old", "stale"]


def test_all_problems_are_named_at_once(runner: AccountRunner) -> None:
    runner.seed("Ops")
    result = runner.declare(groups=["OPS"], templates=[{"name": f"t{number}"} for number in range(9)])
    assert result["msg"].startswith("10 resources cannot be made as declared, so nothing was changed. Onfon may")
    assert result["msg"].endswith('There is no template "t3" yet: set text to create it. And 5 more.')
    assert result["error"]["class"] == "state"


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_write_that_fails_does_not_stop_the_others(runner: AccountRunner) -> None:
    runner.seed(disk="old")
    runner.transport.pass_through("POST")
    runner.transport.fail("POST", "039")
    options = {"groups": ["A", "B", "C"], "templates": [{"name": "disk", "text": "new"}]}
    result = runner.declare(**options)
    assert statuses(result) == ["done", "failed", "done", "done"]
    assert result["plan"][1]["error"].startswith("Onfon error 039: the message is taken for spam.")
    assert result["msg"].startswith('Of 4 changes: 3 done, 1 failed. create group "B": Onfon error 039: the message is')
    assert (result["error"]["code"], result["changed"]) == ("039", True)
    assert [group["name"] for group in result["groups"]] == ["A", "C"]
    assert (runner.groups, runner.templates) == (["A", "C"], {"disk": "new"})
    assert [each["after"].partition("\n")[0] for each in result["diff"]] == ["name: A", "name: C", "name: disk"]
    again = runner.declare(**options)
    assert (lines(again), runner.groups) == (["create group B"], ["A", "B", "C"])


def test_many_failures_are_counted(runner: AccountRunner) -> None:
    for _each in range(8):
        runner.transport.fail("POST", "023")
    result = runner.declare(groups=[f"G{number}" for number in range(9)])
    assert result["msg"].startswith(
        'Of 9 changes: 1 done, 8 failed. create groups "G0", "G1", "G2", "G3", "G4" and 3 more: Onfon error 023: '
    )
    assert result["msg"].count("Onfon error 023") == 1
    assert "\n" not in result["msg"]


def test_the_first_of_many_different_failures_are_named(runner: AccountRunner) -> None:
    for _each in range(8):
        runner.transport.lose_reply("POST", acts=False)
    result = runner.declare(groups=[f"G{number}" for number in range(9)])
    assert result["msg"].startswith('Of 9 changes: 1 done, 8 failed. create group "G0": The reply is lost. ')
    assert result["msg"].endswith("And 3 more.")


@pytest.mark.parametrize("code", ["007", "009", "021"])
def test_a_fatal_error_stops_the_run(runner: AccountRunner, code: str) -> None:
    runner.transport.pass_through("POST")
    runner.transport.fail("POST", code)
    result = runner.declare(groups=["A", "B", "C", "D"])
    assert statuses(result) == ["done", "failed", "not_tried", "not_tried"]
    assert result["msg"].startswith(
        f'Of 4 changes: 1 done, 1 failed, 2 not tried. create group "B": Onfon error {code}'
    )
    assert runner.transport.writes == ["POST", "POST"]
    assert all(f"Onfon error {code}" in entry["error"] for entry in result["plan"][1:])
    assert (result["summary"]["not_tried"], result["changed"]) == (2, True)


def test_a_refused_connection_stops_the_run(runner: AccountRunner) -> None:
    runner.transport.refuse_connection("POST")
    result = runner.declare(groups=["A", "B"])
    assert (statuses(result), result["changed"]) == (["failed", "not_tried"], False)
    assert runner.transport.count("Group") == 2


@pytest.mark.parametrize("acts", [True, False])
def test_a_lost_reply_is_settled_by_listing(runner: AccountRunner, acts: bool) -> None:
    runner.transport.lose_reply("POST", acts=acts)
    result = runner.declare(groups=["A", "B"])
    assert statuses(result) == ["done" if acts else "failed", "done"]
    assert runner.transport.writes == ["POST", "POST"]
    assert ("msg" in result) is not acts


@pytest.mark.parametrize("acts", [True, False])
def test_ten_lost_replies_in_a_row_stop_the_run(runner: AccountRunner, acts: bool) -> None:
    for _each in range(20):
        runner.transport.lose_reply("POST", acts=acts)
    result = runner.declare(groups=[f"G{number}" for number in range(20)])
    assert statuses(result) == ["done" if acts else "failed"] * 10 + ["not_tried"] * 10
    assert len(runner.transport.writes) == 10
    assert "10 not tried. " in result["msg"]
    assert "The reply is lost. " in result["msg"]
    assert result["msg"].endswith(" Not tried: The reply is lost. Run again.")


def test_the_reason_for_stopping_is_named_beside_other_failures(runner: AccountRunner) -> None:
    runner.transport.fail("POST", "039")
    for _each in range(10):
        runner.transport.lose_reply("POST", acts=True)
    result = runner.declare(groups=[f"G{number}" for number in range(30)])
    assert result["msg"].startswith("Of 30 changes: 10 done, 1 failed, 19 not tried. create group ")
    assert result["msg"].endswith(" Not tried: The reply is lost. Run again.")


def test_a_gateway_that_postpones_every_write_is_given_up(runner: AccountRunner) -> None:
    for _each in range(20):
        runner.transport.fail("POST", "999", status=429)
    result = runner.declare(groups=[f"G{number}" for number in range(20)])
    assert len(runner.transport.writes) == 10
    assert result["summary"]["not_tried"] == 10


def test_concurrent_changes_are_not_reported_as_own(runner: AccountRunner) -> None:
    runner.seed("Ops", "Bad")
    runner.transport.fail("DELETE", "028", first=lambda: runner.transport.rows["Group"].pop(2))
    result = runner.declare(groups=["Ops", {"name": "Bad", "state": "absent"}])
    assert (result["changed"], statuses(result), result["diff"]) == (False, ["already_done"], [])
    assert (result["summary"]["deleted"], result["summary"]["unchanged"]) == (0, 2)


def test_a_text_stored_differently_is_shown(runner: AccountRunner) -> None:
    runner.transport.store = lambda text: text[:5]
    result = runner.declare(templates=[{"name": "disk", "text": "too long"}])
    assert (statuses(result), result["changed"], result["plan"][0]["id"]) == (["failed"], True, 1)
    assert [each["after"] for each in result["diff"]] == ["name: disk\ntext: too l\nsegments: 1\n"]


def test_a_skipped_second_step_keeps_the_reason_of_the_first(runner: AccountRunner) -> None:
    runner.transport.fail("POST", "029", first=lambda: runner.seed(t0="theirs"))
    for _each in range(10):
        runner.transport.lose_reply("POST", acts=True)
    result = runner.declare(templates=[{"name": f"t{number}", "text": "ours"} for number in range(11)])
    assert statuses(result) == ["failed"] + ["done"] * 10
    assert "Onfon error 029" in result["plan"][0]["error"]


def test_decomposed_and_composed_names_are_equal(runner: AccountRunner) -> None:
    runner.seed("caf\u00e9")
    assert "Onfon may not tell" in runner.declare(groups=["cafe\u0301"])["msg"]


def test_a_long_name_is_cut_in_messages(runner: AccountRunner) -> None:
    result = runner.declare(groups=["x" * 100_000 + " ", "y" * 100_000 + " "])
    assert len(result["msg"]) < 800
    runner.transport.fail("POST", "039")
    assert len(runner.declare(groups=["x" * 100_000])["msg"]) < 800


def test_a_failed_final_list_leaves_outcomes_unknown(runner: AccountRunner) -> None:
    runner.transport.pass_through("GET")
    runner.transport.pass_through("GET")
    runner.transport.answer("GET", 502, b"")
    result = runner.declare(groups=["A", "B"], templates=[{"name": "disk", "text": "x"}])
    assert statuses(result) == ["unknown", "unknown", "done"]
    assert 'create group "A": The group "A" was created, but proving it failed.' in result["msg"]
    assert (result["groups"], result["changed"]) == (None, True)
    assert [template["name"] for template in result["templates"]] == ["disk"]


def test_a_template_created_concurrently_is_updated(runner: AccountRunner) -> None:
    runner.transport.fail("POST", "029", first=lambda: runner.seed(disk="theirs"))
    result = runner.declare(templates=[{"name": "disk", "text": "ours"}, {"name": "other", "text": "x"}])
    assert (result["changed"], statuses(result)) == (True, ["done", "done"])
    assert runner.templates == {"disk": "ours", "other": "x"}
    assert runner.transport.writes == ["POST", "POST", "PUT"]


def test_an_unexpected_error_is_reported_and_loses_nothing(
    runner: AccountRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str) -> str:
        if text == "B":
            raise ZeroDivisionError
        return text

    runner.transport.store = broken
    result = runner.declare(groups=["A", "B", "C"])
    assert statuses(result) == ["done", "failed", "done"]
    assert "A request ended with ZeroDivisionError" in result["msg"]


def test_a_long_run_shows_progress(runner: AccountRunner) -> None:
    for _each in range(12):
        runner.transport.call_before("POST", runner.time.passes(1))
    runner.declare(groups=[f"G{number}" for number in range(12)])
    assert runner.progress == [
        "5 of 12 done, 1 a second, 7 s left, 0 failed so far",
        "10 of 12 done, 1 a second, 2 s left, 0 failed so far",
    ]


# --- wrong options ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Nothing is declared: set groups, templates or both."),
        ({"groups": ["Ops", 7]}, "Entry 2 of groups has a name that is not a text: put it in quotation marks."),
        *(
            ({"groups": [nothing]}, "Entry 1 of groups has a name that is not a text: put it in quotation marks.")
            for nothing in (0, 0.0, False, [])
        ),
        *(
            ({"templates": [{"name": "disk", "text": nothing}]}, "Entry 1 of templates has a text that is not a text")
            for nothing in (0, False, [], {})
        ),
        ({"groups": [None]}, "Entry 1 of groups has no name: give one."),
        ({"templates": [{"name": True, "text": "x"}]}, "Entry 1 of templates has a name that is not a text: put it in"),
        ({"templates": [{"name": "disk", "text": 7}]}, "Entry 1 of templates has a text that is not a text: put it in"),
        ({"templates": [{"name": "disk", "text": {"a": 1}}]}, "Entry 1 of templates has a text that is not a text"),
        ({"groups": [" "]}, "Entry 1 of groups has a blank name: give one."),
        ({"groups": [["Ops"]]}, "Entry 1 of groups has a name that is not a text"),
        (
            {"groups": [{"name": "Ops", "text": "x", "x": 1}]},
            "Entry 1 of groups has text and x, which a group does not have",
        ),
        (
            {"groups": [{"name": "Ops", "state": "gone"}]},
            "Entry 1 of groups has the state gone: give present or",
        ),
        ({"groups": ["Ops", "Dev", "Ops"]}, 'groups has "Ops" more than once: leave one entry of each name.'),
        ({"groups": ["Ops", {"name": "Ops", "state": "absent"}]}, 'groups has "Ops" more than once'),
        ({"templates": [{"name": "disk", "text": " "}]}, "The text of entry 1 of templates is blank: give the text"),
        *(
            (
                options,
                f"{where} holds an unpaired surrogate (U+D83D): write it again without that, and save it as UTF-8",
            )
            for options, where in [
                ({"groups": ["Ops", "a\ud83d"]}, "Entry 2 of groups"),
                ({"templates": [{"name": "disk", "text": "\ud83d"}]}, '"text" in entry 1 of templates'),
                ({"groups": ["Ops"], "renames": {"\ud83d": "Ops"}}, '"\\ud83d" in renames'),
                ({"groups": ["Ops"], "renames": {"Old": "\ud83d"}}, '"Old" in renames'),
                ({"groups": ["Ops"], "protect": ["\ud83d*"]}, "Entry 1 of protect"),
            ]
        ),
        ({"groups": ["a\0"]}, "Entry 1 of groups holds a NUL: write it again without that, and save it as UTF-8."),
        ({"templates": [{"name": "", "text": "x"}]}, "Entry 1 of templates has a blank name: give one."),
        (
            {"groups": [], "renames": {"Ops": "Dev"}},
            'renames gives "Ops" the name "Dev", which is not declared',
        ),
        ({"groups": ["Dev"], "renames": {"a": "Dev", "b": "Dev"}}, 'the name "Dev" to both "a" and "b": leave one.'),
        ({"groups": ["Dev"], "renames": {"Dev": "Dev"}}, 'renames gives "Dev" its own name: leave it out.'),
        (
            {"groups": [{"name": "Dev", "state": "absent"}], "renames": {"Ops": "Dev"}},
            'renames gives "Ops" the name "Dev", which is not declared: declare it.',
        ),
        ({"groups": ["Dev"], "renames": {"a": None}}, 'renames has "a: None": give two names'),
        ({"groups": ["Dev", "Ops"], "renames": {"Ops": "Dev"}}, 'groups has "Ops", which renames gives another name'),
        ({"groups": [], "purge_templates": True}, "purge_templates requires templates: list what stays."),
        ({"templates": [], "purge_groups": True}, "purge_groups requires groups: list what stays."),
        ({"groups": [], "purge_limit": -1}, "purge_limit is -1: give 0 or more."),
        ({"groups": [], "concurrency": 0}, "concurrency is 0: give from 1 to 32."),
        ({"groups": [], "concurrency": 33}, "concurrency is 33: give from 1 to 32."),
        (
            {"groups": [], "protect": ["a", " "]},
            "Entry 2 of protect is not a text, or is blank: give names or patterns.",
        ),
        (
            {"groups": [], "protect": [{"ops": "x"}]},
            "Entry 1 of protect is not a text, or is blank: give names or patterns.",
        ),
        ({"groups": [{"name": "Ops", "state": None}]}, "Entry 1 of groups has an empty state: give present or absent."),
    ],
)
def test_an_invalid_option_is_refused_before_any_request(
    runner: AccountRunner, options: dict[str, t.Any], sentence: str
) -> None:
    result = runner.declare(**options)
    assert sentence in result["msg"]
    assert "\n" not in result["msg"]
    assert (runner.transport.requests, result["error"]["class"]) == ([], "option")
