# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reasons of failures, and the advice."""

from __future__ import annotations

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import _SPELLINGS, FAILED
from ansible_collections.onfon.sms.plugins.plugin_utils._report.advice import advice
from onfon_sandbox.assumptions import PORTAL_WORDS, SMPP_WORDS, Failure

UNCLEAR = advice(None, None)


@pytest.mark.parametrize("state", _SPELLINGS[FAILED])
def test_every_failure_status_has_advice_in_sentences(state: str) -> None:
    found = advice(state, None)
    assert all(text.endswith(".") and text[0].isupper() for text in found)


@pytest.mark.parametrize("failure", [*SMPP_WORDS.failures, *PORTAL_WORDS.failures], ids=lambda one: one.status)
def test_every_failure_of_the_sandbox_has_advice(failure: Failure) -> None:
    assert advice(failure.status, failure.code) != UNCLEAR


def test_the_status_takes_precedence_over_the_code_in_every_spelling() -> None:
    assert advice("unknown subscriber", "027") == advice("UnknownSubscriber", None)


def test_the_code_counts_where_the_status_is_generic() -> None:
    assert advice("UNDELIV", "027") == advice("EXPIRED", None) != UNCLEAR
    assert advice("UNDELIV", "27") == advice("UNDELIV", "027")


@pytest.mark.parametrize("code", [None, "", "000", "255", "x1", "\u0661"])
def test_an_unknown_failure_is_called_unclear(code: str | None) -> None:
    assert advice("UNDELIV", code) == UNCLEAR
