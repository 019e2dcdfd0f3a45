# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_campaign_statistics_info in a real play."""

from __future__ import annotations

from tests.support.ansible import Ansible, same_everywhere


def test_statistics_are_the_same_in_check_mode_in_process_and_shipped(ansible: Ansible, ids: list[str]) -> None:
    (result,) = same_everywhere(ansible, {"onfon.sms.onfon_campaign_statistics_info": {"from_date": "7d"}})
    assert [entry["counts"]["pending"] for entry in result["statistics"]] == [1, 0]
    assert [entry["counts"]["delivered"] for entry in result["statistics"]] == [1, 1]
