# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter to_account_yaml, as a playbook calls it. test_account_file.py has what it writes."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.onfon.sms.plugins.filter.to_account_yaml import FilterModule

to_account_yaml = FilterModule().filters()["to_account_yaml"]


@pytest.mark.parametrize(
    "given_value",
    [
        {},
        {"groups": []},
        {"groups": None, "templates": []},
        {"groups": ["A"], "templates": []},
        {"groups": [{"name": 1}], "templates": []},
        {"groups": [], "templates": [{"name": "disk", "text": None}]},
        {"groups": [], "templates": [{"name": "disk"}]},
        [],
        "all",
        None,
    ],
)
def test_a_value_that_is_not_an_account_is_refused(given_value: object) -> None:
    with pytest.raises(AnsibleFilterError, match="needs a dictionary with groups and templates"):
        to_account_yaml(given_value)
