# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_balance_info in a real play."""

from __future__ import annotations

from tests.support.ansible import Ansible, same_everywhere


def test_the_balance_is_the_same_in_check_mode_in_process_and_shipped(ansible: Ansible) -> None:
    (result,) = same_everywhere(ansible, {"onfon.sms.onfon_balance_info": {}})
    assert result["credits"] == 5000
    assert result["balances"][0]["currency"] == "KSh"
