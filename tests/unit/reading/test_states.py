# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delivery states for known and unknown status words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import (
    DELIVERED,
    FAILED,
    FINAL,
    PENDING,
    UNRECOGNIZED,
    classify,
)

SEEN = {
    DELIVERED: ["DELIVRD", "DELIVERED", "DeliveredToTerminal", "DelivredToTerminal"],
    PENDING: [
        *("ACCEPTD", "SUBMITTED", "Submitted", "DeliveredToNetwork", "MessageWaiting", "DeliveryUncertain"),
        "DeliveryNotificationNotSupported",
    ],
    FAILED: [
        *("UNDELIV", "EXPIRED", "REJECTD", "AbsentSubscriber", "DeliveryImpossible", "SenderName Blacklisted"),
        *("UserInBlacklist", "MsisdnBlacklisted", "InvalidMsisdn", "CallBarred", "ServiceNotProvisioned"),
        *("SystemFailure", "UnknownSubscriber", "UserAbnormalState", "UserIsSuspended", "UnknownError"),
    ],
}
STATES = [(state, name) for name, states in SEEN.items() for state in states]


@pytest.mark.parametrize(("state", "name"), STATES)
def test_every_known_status_is_classified(state: str, name: str) -> None:
    assert classify(state) == name


@given(st.sampled_from(STATES), st.text(" -_/.,:#'0123456789", max_size=4), st.booleans(), st.data())
def test_only_the_letters_of_a_status_count(
    state: tuple[str, str], other: str, upper: bool, data: st.DataObject
) -> None:
    word, name = state
    place = data.draw(st.integers(0, len(word)))
    spelled = word[:place] + other + word[place:]
    assert classify(spelled.upper() if upper else spelled.lower()) == name


@given(st.text(st.characters(exclude_categories=["L"])))
def test_a_status_without_letters_is_unrecognized(word: str) -> None:
    assert classify(word) == UNRECOGNIZED


@pytest.mark.parametrize("word", ["", "null", "UNKNOWN", "000", "NOTDELIVERED", "DELIVR", "Delivered to nobody"])
def test_an_unknown_status_is_unrecognized(word: str) -> None:
    assert classify(word) == UNRECOGNIZED


def test_only_delivered_and_failed_are_final() -> None:
    assert {DELIVERED, FAILED} == FINAL
