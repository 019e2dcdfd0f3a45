# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter period, as a playbook calls it."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.onfon.sms.plugins.filter.period import FilterModule as Periods

period = Periods().filters()["period"]


def test_a_period_is_a_first_and_a_last_day() -> None:
    assert period("2026-11-16", "2026-11-22") == {"first": "2026-11-16", "last": "2026-11-22"}
    assert period("1d") == period("today")


def test_an_invalid_period_is_refused_in_a_sentence() -> None:
    with pytest.raises(AnsibleFilterError, match='from_date "soon" is not a day: write it like ') as caught:
        period("soon")
    assert caught.value.__cause__ is None
