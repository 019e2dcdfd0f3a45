# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconciling one resource, and the errors when something fails on the way."""

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
from tests.support.account_runner import reconcile_one
from tests.support.fake_transport import FakeTransport
from tests.support.operation_runner import make_context


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


def group(transport: FakeTransport, *, check_mode: bool = False, **desired: t.Any) -> Outcome[t.Any]:
    return reconcile_one(GROUP, transport, DesiredResource(**desired), check_mode=check_mode)


def template(transport: FakeTransport, text: str, *, check_mode: bool = False, **desired: t.Any) -> Outcome[t.Any]:
    wanted = DesiredResource(**desired, attributes={"text": text})
    return reconcile_one(TEMPLATE, transport, wanted, check_mode=check_mode)


def failure(transport: FakeTransport, **desired: t.Any) -> OnfonError:
    with pytest.raises(OnfonError) as caught:
        group(transport, **desired)
    return caught.value


# --- when all goes well -----------------------------------------------------------------------------------------------


def test_a_created_group_has_its_id(transport: FakeTransport) -> None:
    outcome = group(transport, name="Ops")
    assert outcome.changed
    assert outcome.resource.as_result() == {"id": 1, "name": "Ops", "contact_count": 0}
    assert (outcome.before, outcome.after) == ({}, {"name": "Ops"})
    assert [method for method, _service in transport.requests] == ["GET", "POST", "GET"]


def test_a_resource_as_declared_takes_one_request(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    assert not group(transport, name="Ops").changed
    assert transport.requests == [("GET", "Group")]


def test_a_group_is_renamed_and_keeps_its_id_and_contacts(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    outcome = group(transport, name="Ops", new_name="On call")
    assert outcome.changed
    assert outcome.resource.as_result() == {"id": 1, "name": "On call", "contact_count": 3}
    assert (outcome.before, outcome.after) == ({"name": "Ops"}, {"name": "On call"})


def test_a_group_is_deleted(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    outcome = group(transport, name="Ops", present=False)
    assert (outcome.changed, outcome.resource) == (True, None)
    assert (outcome.before, outcome.after) == ({"name": "Ops"}, {})
    assert transport.rows["Group"] == {}


def test_a_template_is_changed(transport: FakeTransport) -> None:
    transport.add_template("disk", "old")
    outcome = template(transport, "new", name="disk")
    assert (outcome.before["text"], outcome.after["text"], outcome.resource.text) == ("old", "new", "new")


@pytest.mark.parametrize("present", [True, False])
def test_check_mode_writes_nothing(transport: FakeTransport, present: bool) -> None:
    transport.add_group("Ops")
    outcome = group(transport, name="Ops" if not present else "New", present=present, check_mode=True)
    assert outcome.changed
    assert transport.writes == []


def test_check_mode_does_not_predict_values_that_onfon_sets(transport: FakeTransport) -> None:
    transport.add_template("disk", "old")
    resource = template(transport, "new", name="disk", check_mode=True).resource
    assert (resource.id, resource.text, resource.approved, resource.approved_date) == (1, "new", None, None)


# --- races ------------------------------------------------------------------------------------------------------------


def test_a_concurrent_creation_is_no_change(transport: FakeTransport) -> None:
    transport.fail("POST", "029", first=lambda: transport.add_group("Ops"))
    outcome = group(transport, name="Ops")
    assert not outcome.changed
    assert outcome.resource.name == "Ops"
    assert outcome.before == outcome.after


def test_a_concurrent_creation_with_another_text_is_updated(transport: FakeTransport) -> None:
    transport.fail("POST", "029", first=lambda: transport.add_template("disk", "theirs"))
    outcome = template(transport, "ours", name="disk")
    assert outcome.changed
    assert outcome.resource.text == "ours"
    assert outcome.before == {"name": "disk", "text": "theirs"}
    assert transport.writes == ["POST", "PUT"]


def test_a_concurrent_deletion_is_no_change(transport: FakeTransport) -> None:
    identity = transport.add_group("Ops")
    transport.fail("DELETE", "028", first=lambda: transport.rows["Group"].pop(identity))
    assert not group(transport, name="Ops", present=False).changed


def test_a_resource_deleted_before_its_rename_is_created(transport: FakeTransport) -> None:
    identity = transport.add_group("Ops")
    transport.fail("PUT", "028", first=lambda: transport.rows["Group"].pop(identity))
    outcome = group(transport, name="Ops", new_name="On call")
    assert outcome.changed
    assert transport.names("Group") == ["On call"]
    assert outcome.after == {"name": "On call"}


def test_code_028_for_an_existing_group_is_an_error(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    transport.fail("DELETE", "028")
    error = failure(transport, name="Ops", present=False)
    assert (error.code, error.as_result()["changed"]) == ("028", False)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("name", ["Ops", "ops", "OPS "])
def test_names_that_differ_only_in_case_are_reported(transport: FakeTransport, name: str, check_mode: bool) -> None:
    """Check mode refuses it too: where Onfon stores other capitals, each try would make one more."""
    transport.add_group("OPS")
    with pytest.raises(OnfonError, match=r'"OPS" \(id 1\)') as caught:
        group(transport, name=name, check_mode=check_mode)
    assert not caught.value.as_result()["changed"]
    assert transport.writes == []


def test_a_rename_may_change_only_the_case(transport: FakeTransport) -> None:
    transport.add_group("OPS")
    assert group(transport, name="OPS", new_name="Ops").after == {"name": "Ops"}


# --- lost replies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [None, 200, 500, 502, 524])
def test_a_lost_reply_with_the_group_listed_is_a_change(transport: FakeTransport, status: int | None) -> None:
    if status is None:
        transport.lose_reply("POST", acts=True)
    else:
        transport.answer("POST", status, b"<html>", acts=True)
    outcome = group(transport, name="Ops")
    assert outcome.changed
    assert (outcome.before, outcome.after) == ({}, {"name": "Ops"})
    assert transport.writes == ["POST"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_lost_reply_without_effect_is_an_error(transport: FakeTransport, method: str) -> None:
    transport.lose_reply(method, acts=False)
    if method != "POST":
        transport.add_group("Ops")
    desired: dict[str, t.Any] = {"POST": {}, "PUT": {"new_name": "On call"}, "DELETE": {"present": False}}[method]
    error = failure(transport, name="Ops", **desired)
    assert "does not show" in error.msg
    assert not error.as_result()["changed"]
    assert transport.writes == [method]


@pytest.mark.parametrize("desired", [{"new_name": "On call"}, {"present": False}])
def test_a_lost_reply_with_the_change_listed_is_a_change(transport: FakeTransport, desired: dict[str, t.Any]) -> None:
    transport.add_group("Ops")
    transport.lose_reply("DELETE" if "present" in desired else "PUT", acts=True)
    assert group(transport, name="Ops", **desired).changed


def test_a_retried_delete_that_finds_nothing_is_a_change(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    transport.fail("DELETE", "028", retried=True, first=transport.rows["Group"].clear)
    assert group(transport, name="Ops", present=False).changed


def test_a_lost_reply_that_stored_another_text_is_a_change(transport: FakeTransport) -> None:
    """The creation is seen in the list; a failure of the next attempt does not undo it."""
    transport.store = str.upper
    transport.lose_reply("POST", acts=True)
    transport.fail("PUT", "024")
    with pytest.raises(OnfonError) as caught:
        template(transport, "new", name="DISK")
    assert caught.value.as_result()["changed"]


@pytest.mark.parametrize("acts", [True, False])
def test_changed_after_a_lost_reply_follows_the_listed_text(transport: FakeTransport, acts: bool) -> None:
    """The list shows another text than before, and not the declared one either."""
    transport.add_template("disk", "old")
    transport.store = str.upper
    transport.lose_reply("PUT", acts=acts)
    with pytest.raises(OnfonError) as caught:
        template(transport, "new", name="disk")
    assert caught.value.as_result()["changed"] is acts


@pytest.mark.parametrize("code", ["OK", "0.0"])
def test_a_non_numeric_code_is_settled_by_listing(transport: FakeTransport, code: str) -> None:
    transport.fail("POST", code, acts=True)
    assert group(transport, name="Ops").changed


def test_a_lost_reply_followed_by_a_lockout_is_a_change(transport: FakeTransport) -> None:
    transport.store = str.upper
    transport.lose_reply("POST", acts=True)
    transport.fail("PUT", "009")
    with pytest.raises(OnfonError) as caught:
        template(transport, "new", name="DISK")
    assert caught.value.as_result()["changed"]


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["007", "011", "009", "030", "021"])
def test_a_refusal_of_the_account_is_final(transport: FakeTransport, code: str) -> None:
    transport.fail("POST", code)
    error = failure(transport, name="Ops")
    assert (error.code, error.as_result()["changed"]) == (code, False)
    assert [method for method, _service in transport.requests] == ["GET", "POST"]


@pytest.mark.parametrize("code", ["023", "039", "029", "017"])
def test_a_refusal_of_the_write_is_the_error(transport: FakeTransport, code: str) -> None:
    transport.fail("POST", code)
    error = failure(transport, name="Ops")
    assert error.code == code
    assert error.as_result()["changed"] is False
    assert transport.names("Group") == []


def test_the_first_list_fails(transport: FakeTransport) -> None:
    transport.fail("GET", "007")
    assert failure(transport, name="Ops").code == "007"
    assert transport.writes == []


def test_the_list_after_a_write_fails(transport: FakeTransport) -> None:
    transport.pass_through("GET")
    transport.answer("GET", 502, b"")
    error = failure(transport, name="Ops")
    result = error.as_result()
    assert 'The group "Ops" was created' in error.msg
    assert "HTTP 502" in error.msg
    assert result["changed"]
    assert result["group"] == {"id": None, "name": "Ops", "contact_count": 0}


def test_the_list_after_a_lost_reply_fails(transport: FakeTransport) -> None:
    transport.pass_through("GET")
    transport.answer("GET", 502, b"")
    transport.lose_reply("POST", acts=True)
    error = failure(transport, name="Ops")
    assert "The reply is lost" in error.msg
    assert "HTTP 502" in error.msg
    assert error.as_result()["changed"]


def test_the_list_after_a_refusal_fails(transport: FakeTransport) -> None:
    transport.pass_through("GET")
    transport.answer("GET", 502, b"")
    transport.fail("POST", "023")
    error = failure(transport, name="Ops")
    assert "023" in error.msg
    assert not error.as_result()["changed"]


def test_duplicates_after_a_race(transport: FakeTransport) -> None:
    transport.answer("POST", 200, b'{"ErrorCode":0,"Data":"success#"}', acts=True)
    transport.rows["Group"][99] = {"GroupName": "other"}
    transport.store = lambda text: transport.rows["Group"][99].update(GroupName=text) or text  # type: ignore[func-returns-value]
    error = failure(transport, name="Ops")
    assert "ids 1 and 99" in error.msg
    assert error.as_result()["changed"]


def test_a_text_that_is_stored_differently(transport: FakeTransport) -> None:
    transport.store = str.strip
    with pytest.raises(OnfonError) as caught:
        template(transport, "new ", name="disk")
    result = caught.value.as_result()
    assert "as Onfon lists it" in result["msg"]
    assert (result["changed"], result["template"]["text"]) == (True, "new")


def test_a_name_that_is_stored_differently(transport: FakeTransport) -> None:
    transport.store = str.upper
    error = failure(transport, name="Ops")
    assert error.as_result()["changed"]
    assert '"OPS"' in error.msg


def test_a_write_without_effect_is_an_error(transport: FakeTransport) -> None:
    transport.answer("POST", 200, b'{"ErrorCode":0,"Data":"success#done"}')
    error = failure(transport, name="Ops")
    assert "lists none" in error.msg
    assert error.as_result()["changed"] is True


# --- many resources: decisions and failures are values ----------------------------------------------------------------


def groups(
    transport: FakeTransport, *names: str, purge: Purge | None = None, check_mode: bool = False
) -> Reconciliation:
    client = transport.client
    declarations = [Declaration(GROUP, [DesiredResource(name) for name in names], purge)]
    return reconcile(declarations, make_context(client, check_mode=check_mode), concurrency=1, purge_limit=1)


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_refused_plan_is_returned_and_raised_on_demand(transport: FakeTransport, check_mode: bool) -> None:
    transport.add_group("Ops")
    transport.add_group("Dev")
    reconciliation = groups(transport, "OPS", "Dev", "New", check_mode=check_mode)
    assert 'from the group "Ops" (id 1)' in str(reconciliation.refusal)
    assert [outcome.status for outcome in reconciliation.outcomes] == [UNCHANGED, NOT_TRIED]
    assert [outcome.change.name for outcome in reconciliation.needed] == ["New"]
    assert [each.name for each in reconciliation.sections[0].resources or []] == ["Ops", "Dev"]
    with pytest.raises(OnfonError) as caught:
        reconciliation.raise_for_failures({"changed": False, "plan": []})
    assert (caught.value.msg, caught.value.result) == (reconciliation.refusal, {"changed": False, "plan": []})
    assert transport.writes == []


def test_a_failed_change_is_returned_and_raised_on_demand(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    transport.fail("POST", "039")
    reconciliation = groups(transport, "Ops", "New")
    assert reconciliation.refusal is None
    assert [outcome.status for outcome in reconciliation.outcomes] == [UNCHANGED, FAILED]
    with pytest.raises(
        OnfonError, match=r'^Of 1 changes: 0 done, 1 failed\. create group "New": Onfon error 039'
    ) as caught:
        reconciliation.raise_for_failures({"changed": False})
    assert caught.value.code == "039"


def test_a_resource_as_declared_raises_nothing(transport: FakeTransport) -> None:
    transport.add_group("Ops")
    reconciliation = groups(transport, "Ops")
    reconciliation.raise_for_failures({})
    assert (reconciliation.needed, reconciliation.single_outcome().status) == ([], UNCHANGED)


def test_check_mode_predicts_the_purge(transport: FakeTransport) -> None:
    transport.rows["Group"][transport.add_group("Ops")]["ContactCount"] = 0
    transport.rows["Group"][transport.add_group("Old")]["ContactCount"] = 0
    reconciliation = groups(transport, "Ops", purge=Purge(), check_mode=True)
    assert [(outcome.change.name, outcome.status) for outcome in reconciliation.needed] == [("Old", PLANNED)]
    assert [each.name for each in reconciliation.sections[0].resources or []] == ["Ops"]
    assert transport.writes == []
