# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One resource brought to its declared state, and what is reported when something fails on the way."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._account.execute import (
    FAILED,
    NOT_TRIED,
    PLANNED,
    UNCHANGED,
    Outcome,
)
from ansible_collections.onfon.sms.plugins.module_utils._account.plan import Declaration, DesiredResource, Purge
from ansible_collections.onfon.sms.plugins.module_utils._account.reconcile import Reconciliation, reconcile
from ansible_collections.onfon.sms.plugins.module_utils._account.resources import GROUP, TEMPLATE
from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from tests.support.account import Account
from tests.support.account_task import reconcile_one


@pytest.fixture
def account() -> Account:
    return Account()


def group(account: Account, *, check_mode: bool = False, **desired: t.Any) -> Outcome[t.Any]:
    return reconcile_one(GROUP, account, DesiredResource(**desired), check_mode=check_mode)


def template(account: Account, text: str, *, check_mode: bool = False, **desired: t.Any) -> Outcome[t.Any]:
    wanted = DesiredResource(**desired, attributes={"text": text})
    return reconcile_one(TEMPLATE, account, wanted, check_mode=check_mode)


def failure(account: Account, **desired: t.Any) -> OnfonError:
    with pytest.raises(OnfonError) as caught:
        group(account, **desired)
    return caught.value


# --- when all goes well -----------------------------------------------------------------------------------------------


def test_a_group_is_created_and_its_id_learned(account: Account) -> None:
    outcome = group(account, name="Ops")
    assert outcome.changed
    assert outcome.resource.as_result() == {"id": 1, "name": "Ops", "contact_count": 0}
    assert (outcome.before, outcome.after) == ({}, {"name": "Ops"})
    assert [method for method, _service in account.requests] == ["GET", "POST", "GET"]


def test_what_is_there_costs_one_request(account: Account) -> None:
    account.group("Ops")
    assert not group(account, name="Ops").changed
    assert account.requests == [("GET", "Group")]


def test_a_group_is_renamed_and_keeps_its_id_and_contacts(account: Account) -> None:
    account.group("Ops")
    outcome = group(account, name="Ops", new_name="On call")
    assert outcome.changed
    assert outcome.resource.as_result() == {"id": 1, "name": "On call", "contact_count": 3}
    assert (outcome.before, outcome.after) == ({"name": "Ops"}, {"name": "On call"})


def test_a_group_is_deleted(account: Account) -> None:
    account.group("Ops")
    outcome = group(account, name="Ops", present=False)
    assert (outcome.changed, outcome.resource) == (True, None)
    assert (outcome.before, outcome.after) == ({"name": "Ops"}, {})
    assert account.rows["Group"] == {}


def test_a_template_is_changed(account: Account) -> None:
    account.template("disk", "old")
    outcome = template(account, "new", name="disk")
    assert (outcome.before["text"], outcome.after["text"], outcome.resource.text) == ("old", "new", "new")


@pytest.mark.parametrize("present", [True, False])
def test_check_mode_writes_nothing(account: Account, present: bool) -> None:
    account.group("Ops")
    outcome = group(account, name="Ops" if not present else "New", present=present, check_mode=True)
    assert outcome.changed
    assert account.writes == []


def test_check_mode_does_not_predict_what_onfon_decides(account: Account) -> None:
    account.template("disk", "old")
    resource = template(account, "new", name="disk", check_mode=True).resource
    assert (resource.id, resource.text, resource.approved, resource.approved_date) == (1, "new", None, None)


# --- races ------------------------------------------------------------------------------------------------------------


def test_somebody_else_created_it_first(account: Account) -> None:
    account.fails("POST", "029", first=lambda: account.group("Ops"))
    outcome = group(account, name="Ops")
    assert not outcome.changed
    assert outcome.resource.name == "Ops"
    assert outcome.before == outcome.after


def test_somebody_else_created_it_otherwise(account: Account) -> None:
    account.fails("POST", "029", first=lambda: account.template("disk", "theirs"))
    outcome = template(account, "ours", name="disk")
    assert outcome.changed
    assert outcome.resource.text == "ours"
    assert outcome.before == {"name": "disk", "text": "theirs"}
    assert account.writes == ["POST", "PUT"]


def test_somebody_else_deleted_it_first(account: Account) -> None:
    identity = account.group("Ops")
    account.fails("DELETE", "028", first=lambda: account.rows["Group"].pop(identity))
    assert not group(account, name="Ops", present=False).changed


def test_somebody_else_deleted_what_should_be_renamed(account: Account) -> None:
    identity = account.group("Ops")
    account.fails("PUT", "028", first=lambda: account.rows["Group"].pop(identity))
    outcome = group(account, name="Ops", new_name="On call")
    assert outcome.changed
    assert account.names("Group") == ["On call"]
    assert outcome.after == {"name": "On call"}


def test_028_although_the_group_is_there_is_an_error(account: Account) -> None:
    account.group("Ops")
    account.fails("DELETE", "028")
    error = failure(account, name="Ops", present=False)
    assert (error.code, error.as_result()["changed"]) == ("028", False)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("name", ["Ops", "ops", "OPS "])
def test_onfon_may_not_tell_capitals(account: Account, name: str, check_mode: bool) -> None:
    """Check mode refuses it too: where Onfon stores other capitals, each try would make one more."""
    account.group("OPS")
    with pytest.raises(OnfonError, match=r'"OPS" \(id 1\)') as caught:
        group(account, name=name, check_mode=check_mode)
    assert not caught.value.as_result()["changed"]
    assert account.writes == []


def test_a_group_may_be_renamed_to_other_capitals(account: Account) -> None:
    account.group("OPS")
    assert group(account, name="OPS", new_name="Ops").after == {"name": "Ops"}


# --- lost replies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [None, 200, 500, 502, 524])
def test_a_reply_is_lost_and_the_group_is_there(account: Account, status: int | None) -> None:
    if status is None:
        account.loses("POST", acts=True)
    else:
        account.answers("POST", status, b"<html>", acts=True)
    outcome = group(account, name="Ops")
    assert outcome.changed
    assert (outcome.before, outcome.after) == ({}, {"name": "Ops"})
    assert account.writes == ["POST"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_reply_is_lost_and_nothing_was_done(account: Account, method: str) -> None:
    account.loses(method, acts=False)
    if method != "POST":
        account.group("Ops")
    desired: dict[str, t.Any] = {"POST": {}, "PUT": {"new_name": "On call"}, "DELETE": {"present": False}}[method]
    error = failure(account, name="Ops", **desired)
    assert "does not show" in error.msg
    assert not error.as_result()["changed"]
    assert account.writes == [method]


@pytest.mark.parametrize("desired", [{"new_name": "On call"}, {"present": False}])
def test_a_reply_is_lost_and_the_change_was_made(account: Account, desired: dict[str, t.Any]) -> None:
    account.group("Ops")
    account.loses("DELETE" if "present" in desired else "PUT", acts=True)
    assert group(account, name="Ops", **desired).changed


def test_a_retried_delete_that_finds_nothing_was_the_first_tries(account: Account) -> None:
    account.group("Ops")
    account.fails("DELETE", "028", retried=True, first=account.rows["Group"].clear)
    assert group(account, name="Ops", present=False).changed


def test_a_lost_reply_that_stored_another_text_is_a_change(account: Account) -> None:
    """The creation is seen in the list; a failure of the next attempt does not undo it."""
    account.store = str.upper
    account.loses("POST", acts=True)
    account.fails("PUT", "024")
    with pytest.raises(OnfonError) as caught:
        template(account, "new", name="DISK")
    assert caught.value.as_result()["changed"]


@pytest.mark.parametrize("acts", [True, False])
def test_a_lost_reply_to_a_change_that_is_stored_otherwise(account: Account, acts: bool) -> None:
    """The list shows another text than before, and not the declared one either."""
    account.template("disk", "old")
    account.store = str.upper
    account.loses("PUT", acts=acts)
    with pytest.raises(OnfonError) as caught:
        template(account, "new", name="disk")
    assert caught.value.as_result()["changed"] is acts


@pytest.mark.parametrize("code", ["OK", "0.0"])
def test_a_code_that_is_no_number_is_settled_by_the_list(account: Account, code: str) -> None:
    account.fails("POST", code, acts=True)
    assert group(account, name="Ops").changed


def test_a_lost_reply_then_locked_out_is_a_change(account: Account) -> None:
    account.store = str.upper
    account.loses("POST", acts=True)
    account.fails("PUT", "009")
    with pytest.raises(OnfonError) as caught:
        template(account, "new", name="DISK")
    assert caught.value.as_result()["changed"]


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["007", "011", "009", "030", "021"])
def test_a_refusal_of_the_account_is_final(account: Account, code: str) -> None:
    account.fails("POST", code)
    error = failure(account, name="Ops")
    assert (error.code, error.as_result()["changed"]) == (code, False)
    assert [method for method, _service in account.requests] == ["GET", "POST"]


@pytest.mark.parametrize("code", ["023", "039", "029", "017"])
def test_a_refusal_of_the_write_is_the_error(account: Account, code: str) -> None:
    account.fails("POST", code)
    error = failure(account, name="Ops")
    assert error.code == code
    assert error.as_result()["changed"] is False
    assert account.names("Group") == []


def test_the_first_list_fails(account: Account) -> None:
    account.fails("GET", "007")
    assert failure(account, name="Ops").code == "007"
    assert account.writes == []


def test_the_list_after_a_write_fails(account: Account) -> None:
    account.works("GET")
    account.answers("GET", 502, b"")
    error = failure(account, name="Ops")
    result = error.as_result()
    assert 'The group "Ops" was created' in error.msg
    assert "HTTP 502" in error.msg
    assert result["changed"]
    assert result["group"] == {"id": None, "name": "Ops", "contact_count": 0}


def test_the_list_after_a_lost_reply_fails(account: Account) -> None:
    account.works("GET")
    account.answers("GET", 502, b"")
    account.loses("POST", acts=True)
    error = failure(account, name="Ops")
    assert "The reply is lost" in error.msg
    assert "HTTP 502" in error.msg
    assert error.as_result()["changed"]


def test_the_list_after_a_refusal_fails(account: Account) -> None:
    account.works("GET")
    account.answers("GET", 502, b"")
    account.fails("POST", "023")
    error = failure(account, name="Ops")
    assert "023" in error.msg
    assert not error.as_result()["changed"]


def test_two_of_one_name_after_a_race(account: Account) -> None:
    account.answers("POST", 200, b'{"ErrorCode":0,"Data":"success#"}', acts=True)
    account.rows["Group"][99] = {"GroupName": "other"}
    account.store = lambda text: account.rows["Group"][99].update(GroupName=text) or text  # type: ignore[func-returns-value]
    error = failure(account, name="Ops")
    assert "ids 1 and 99" in error.msg
    assert error.as_result()["changed"]


def test_a_text_that_onfon_stores_otherwise(account: Account) -> None:
    account.store = str.strip
    with pytest.raises(OnfonError) as caught:
        template(account, "new ", name="disk")
    result = caught.value.as_result()
    assert "as Onfon lists it" in result["msg"]
    assert (result["changed"], result["template"]["text"]) == (True, "new")


def test_a_name_that_onfon_stores_otherwise(account: Account) -> None:
    account.store = str.upper
    error = failure(account, name="Ops")
    assert error.as_result()["changed"]
    assert '"OPS"' in error.msg


def test_a_write_that_only_says_that_it_was_done(account: Account) -> None:
    account.answers("POST", 200, b'{"ErrorCode":0,"Data":"success#done"}')
    error = failure(account, name="Ops")
    assert "lists none" in error.msg
    assert error.as_result()["changed"] is True


# --- many resources: decisions and failures are values ----------------------------------------------------------------


def groups(account: Account, *names: str, purge: Purge | None = None, check_mode: bool = False) -> Reconciliation:
    client = account.client
    declarations = [Declaration(GROUP, [DesiredResource(name) for name in names], purge)]
    return reconcile(declarations, client, connect=lambda: client, check_mode=check_mode, purge_limit=1)


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_refused_plan_is_returned_and_raised_on_demand(account: Account, check_mode: bool) -> None:
    account.group("Ops")
    account.group("Dev")
    reconciliation = groups(account, "OPS", "Dev", "New", check_mode=check_mode)
    assert 'from the group "Ops" (id 1)' in str(reconciliation.refusal)
    assert [outcome.status for outcome in reconciliation.outcomes] == [UNCHANGED, NOT_TRIED]
    assert [outcome.change.name for outcome in reconciliation.needed] == ["New"]
    assert [each.name for each in reconciliation.sections[0].resources or []] == ["Ops", "Dev"]
    with pytest.raises(OnfonError) as caught:
        reconciliation.raise_for_failures({"changed": False, "plan": []})
    assert (caught.value.msg, caught.value.result) == (reconciliation.refusal, {"changed": False, "plan": []})
    assert account.writes == []


def test_a_failed_change_is_returned_and_raised_on_demand(account: Account) -> None:
    account.group("Ops")
    account.fails("POST", "039")
    reconciliation = groups(account, "Ops", "New")
    assert reconciliation.refusal is None
    assert [outcome.status for outcome in reconciliation.outcomes] == [UNCHANGED, FAILED]
    with pytest.raises(
        OnfonError, match=r'^Of 1 changes: 0 done, 1 failed\. create group "New": Onfon error 039'
    ) as caught:
        reconciliation.raise_for_failures({"changed": False})
    assert caught.value.code == "039"


def test_what_is_as_declared_raises_nothing(account: Account) -> None:
    account.group("Ops")
    reconciliation = groups(account, "Ops")
    reconciliation.raise_for_failures({})
    assert (reconciliation.needed, reconciliation.single_outcome().status) == ([], UNCHANGED)


def test_check_mode_predicts_the_purge_too(account: Account) -> None:
    account.rows["Group"][account.group("Ops")]["ContactCount"] = 0
    account.rows["Group"][account.group("Old")]["ContactCount"] = 0
    reconciliation = groups(account, "Ops", purge=Purge(), check_mode=True)
    assert [(outcome.change.name, outcome.status) for outcome in reconciliation.needed] == [("Old", PLANNED)]
    assert [each.name for each in reconciliation.sections[0].resources or []] == ["Ops"]
    assert account.writes == []
