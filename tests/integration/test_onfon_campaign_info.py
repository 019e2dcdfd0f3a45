# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_campaign_info in a real play."""

from __future__ import annotations

import datetime

from tests.support.ansible import Ansible, same_everywhere


def test_campaigns_are_the_same_in_check_mode_in_process_and_shipped(ansible: Ansible, date: datetime.date) -> None:
    (result,) = same_everywhere(ansible, {"onfon.sms.onfon_campaign_info": {"from_date": date, "limit": 1}})
    assert [(campaign["id"], campaign["total"]) for campaign in result["campaigns"]] == [("1", 2)]
