# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What failed, why, and what to do about it."""

from __future__ import annotations

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import _SPELLINGS, FAILED
from ansible_collections.onfon.sms.plugins.plugin_utils._report.advice import advice
from onfon_sandbox.assumptions import PORTAL_WORDS, SMPP_WORDS, Failure

UNCLEAR = advice(None, None)


@pytest.mark.parametrize("state", _SPELLINGS[FAILED])
def test_every_state_of_a_failure_has_advice_in_sentences(state: str) -> None:
    found = advice(state, None)
    assert all(text.endswith(".") and text[0].isupper() for text in found)


@pytest.mark.parametrize("failure", [*SMPP_WORDS.failures, *PORTAL_WORDS.failures], ids=lambda one: one.status)
def test_whatever_fails_in_the_sandbox_is_explained(failure: Failure) -> None:
    assert advice(failure.status, failure.code) != UNCLEAR


def test_the_state_counts_more_than_the_code_and_its_spelling_does_not_count() -> None:
    assert advice("unknown subscriber", "027") == advice("UnknownSubscriber", None)


def test_the_code_counts_where_the_state_says_nothing() -> None:
    assert advice("UNDELIV", "027") == advice("EXPIRED", None) != UNCLEAR
    assert advice("UNDELIV", "27") == advice("UNDELIV", "027")


@pytest.mark.parametrize("code", [None, "", "000", "255", "x1", "\u0661"])
def test_what_nobody_knows_is_called_unclear(code: str | None) -> None:
    assert advice("UNDELIV", code) == UNCLEAR
