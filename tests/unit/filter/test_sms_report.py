# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter sms_report, as a playbook calls it."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.onfon.sms.plugins.filter.sms_report import FilterModule as Reports
from ansible_collections.onfon.sms.plugins.module_utils._reading.summary import LogSummary

sms_report = Reports().filters()["sms_report"]
FIGURES: dict[str, t.Any] = {
    "period": {"first": "2026-11-16", "last": "2026-11-22"},
    "summary": LogSummary().as_result(),
}


def test_a_report_needs_only_a_period_and_a_summary() -> None:
    assert "SMS report, 16 to 22 Nov 2026" in sms_report(FIGURES)


def test_numbers_and_booleans_may_be_strings() -> None:
    figures = {**FIGURES, "campaigns_total": "7", "more_campaigns": "False"}
    assert "The period has 7 campaigns." in sms_report(figures, "no")


@pytest.mark.parametrize("lacking", ["period", "summary"])
def test_missing_figures_are_named(lacking: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"needs {lacking}: give"):
        sms_report({key: value for key, value in FIGURES.items() if key != lacking})


def test_a_value_that_is_not_a_dictionary_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="needs period"):
        sms_report("all of it")
